/* The room's private header. lock.c, prepare.c, ledger.c and judge.c each do one thing; tick.c puts
 * them in order. */
#ifndef PPS_DISPATCH_INTERNAL_H
#define PPS_DISPATCH_INTERNAL_H

#include <pps/dispatch.h>
#include <pps/message.h>
#include <pps/playbook.h>

/* ---- lock.c: one tick at a time ---- */
/* *ret_fd is the lock (close it to release), or -1 with *ret_pid when another process holds it. The
 * kernel releases it at any death of the process, so whoever holds it knows that every open attempt
 * is dead. */
enum rc lock_take(const char *path, int *ret_fd, int64_t *ret_pid, struct err *err) MUST_CHECK;
void lock_release(int fd);

/* ---- prepare.c: an action -> its frozen message ---- */
/* Renders the message of an action from what the database says now. RC_INVALID, RC_NOTFOUND: the
 * template or its data are at fault, and a person must look. */
enum rc prepare_message(const struct dispatcher *d, const struct action *action,
                        struct frozen_message *ret, struct err *err) MUST_CHECK;

/* ---- judge.c: a delivery -> the verdict that is recorded (pure) ---- */
struct judgement {
    struct verdict verdict;
    enum tick_outcome outcome;
    bool stop_channel; /* the fault is the channel's, not the message's */
    char reason[320];
};
void judge(const struct delivery *delivery, const struct action *action, int64_t now,
           uint32_t noise, struct judgement *ret);

/* ---- ledger.c: the transactions T1 to T5; the only part of the engine that writes ---- */
struct ledger {
    const struct dispatcher *d;
    char tick_id[33];
    /* The attempt under way. */
    struct action action;
    int64_t attempt_id;
    int64_t postponed_until;
    bool unchanged;  /* the last change found that there was nothing left to change */
    bool recorded;   /* T3 was committed inside the gateway's callback */
    enum rc trouble; /* a commit failed: stop the tick */
    struct err trouble_err;
};
/* T1. *ret_claimed false: no longer to be sent, or held (then *ret_held and the reason in err). */
enum rc ledger_claim(struct ledger *l, int64_t action_id, struct frozen_message *ret,
                     bool *ret_claimed, bool *ret_held, struct err *err) MUST_CHECK;
bool ledger_before_risk(void *ledger);                               /* T2 */
void ledger_accepted(void *ledger, const struct delivery *delivery); /* T3 */
enum rc ledger_record(struct ledger *l, const struct judgement *j,
                      struct err *err) MUST_CHECK; /* T3-T5 */
/* pending -> missed, and a call -> its message: the changes that time itself makes. */
enum rc ledger_expire(struct ledger *l, int64_t action_id, struct err *err) MUST_CHECK;
/* held -> pending: its words can be made again. */
enum rc ledger_release(struct ledger *l, int64_t action_id, struct err *err) MUST_CHECK;
/* pending stays pending, but is not looked at before `until`. */
enum rc ledger_postpone(struct ledger *l, int64_t action_id, int64_t until,
                        struct err *err) MUST_CHECK;
enum rc ledger_fall_back(struct ledger *l, int64_t action_id, struct err *err) MUST_CHECK;

/* random.c: numbers that nobody can guess. */
void random_hex(char *buf, size_t digits); /* digits + 1 bytes */

#endif
