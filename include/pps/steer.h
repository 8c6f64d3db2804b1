/* Steering what waits: another day, not yet, now, yes. Each is one transaction, with its line in the audit log, and can be
 * taken back by service_undo. RC_REJECTED says why an action cannot be steered so. */
#ifndef PPS_STEER_H
#define PPS_STEER_H

#include <pps/service.h>

/* Another day or hour: by the agency's clock for people's work, by the client's for a message. An hour that is not given
 * stays. RC_INVALID: it has passed, is too late, or is no hour for a message. ret: as it is then. */
enum rc service_snooze(const struct desk *desk, const char *action, const char *to,
                       struct action *ret, struct err *err) MUST_CHECK;
/* A message waits until it is released. note may be NULL. */
enum rc service_hold(const struct desk *desk, const char *action, const char *note,
                     struct action *ret, struct err *err) MUST_CHECK;
enum rc service_release(const struct desk *desk, const char *action, struct action *ret,
                        struct err *err) MUST_CHECK;
/* A message goes with the next tick, or, when it would ring at a bad hour, with the first one after that. */
enum rc service_send_now(const struct desk *desk, const char *action, struct action *ret,
                         struct err *err) MUST_CHECK;
/* What waits for approval may go, all that are named or none. ret: in the order of their names. */
enum rc service_approve(const struct desk *desk, const char *const *names, size_t n,
                        struct actions *ret, struct err *err) MUST_CHECK;

/* What had to reach a client and did not get through becomes a call, while there is time for one. After every tick.
 * ret: what is to be called now; actions_fini it. */
enum rc service_call_instead(const struct desk *desk, struct actions *ret,
                             struct err *err) MUST_CHECK;

/* Whether the client has said no to a call that invites to this step: then nobody asks for it again. */
bool service_was_refused(const struct occasion_file *file, const struct step *step);

/* What the client's clock shows when a call is due, if it is another hour than the agency's; else day CIVIL_NONE. tz: the
 * client's, NULL: the agency's. */
struct civil service_hour_at_client(const struct desk *desk, const struct action *action,
                                    const char *tz);

#endif
