/* The room's private header. tick.c puts in order what the other files do:
 *
 *   lock.c     one tick at a time              judge.c    a delivery -> the verdict (pure)
 *   guard.c    is everything where it was?     ledger.c   the transactions T1 to T5
 *   sentlog.c  the file beside the database    changes.c  the smaller transactions
 *   recover.c  what a dead tick left           settle.c   what is in doubt
 *   prepare.c  an action -> its message        turn.c     when is it a message's turn?
 *   send.c     one message on its way          restore.c  adopt and recover, for people
 *   since.c    what a copy has not seen        dry_run.c  what a tick would do
 *   run.c      what the parts of a run share  seen.c   the mark of what was entered
 *   share.c    one person, one message (share.h)
 *   digest.c   the lists of the morning, for colleagues
 *   forgotten.c  who was forgotten since a copy was made */
#ifndef PPS_DISPATCH_INTERNAL_H
#define PPS_DISPATCH_INTERNAL_H

#include <pps/dispatch.h>
#include <pps/message.h>
#include <pps/playbook.h>
#include <pps/token.h>

#include "sentlog.h"

/* ---- lock.c: one tick at a time ---- */
/* *ret_fd is the lock (close it to release), or -1 with *ret_pid when another process holds it. The
 * kernel releases it at any death of the process, so whoever holds it knows that every open attempt
 * is dead. */
enum rc lock_take(const char *path, int *ret_fd, int64_t *ret_pid, struct err *err) MUST_CHECK;
void lock_release(int fd);
/* Locks an open file for as long as it is open, unless another process has it; does not wait. */
bool lock_try(int fd);
/* Whether a process holds the lock at path. Looks, and leaves nothing behind. */
bool lock_is_held(const char *path);
/* Whether the lock file still has its name. Without it another tick may run, and take our claim for a dead one's. */
bool lock_is_there(int fd);

/* ---- guard.c: is everything where it was? ---- */
/* log NULL: there is none. here->seq is the database's. Pure. */
enum hold guard_place(const struct place *log, const struct place *here);
/* kept: something keeps the clock right. last->wall 0: never marked. Pure. */
enum hold guard_clock(const struct clock_mark *last, const struct clock_mark *now, bool kept);
/* Where the database is. Its instance is "" until the first tick names it. */
enum rc guard_here(const struct dispatcher *d, struct place *ret, struct err *err) MUST_CHECK;
enum rc guard_name_instance(const struct dispatcher *d, struct place *here,
                            struct err *err) MUST_CHECK;
/* In a transaction: from here on the database is another one, because what was sent before is not all known. Its numbers
 * are given a second time, so that a copy from before must not be compared with a log from after. */
enum rc guard_fork(const struct dispatcher *d, struct place *here, struct err *err) MUST_CHECK;
/* The setting that stands from recover to adopt: until when this copy knows what people did. */
#define GUARD_RECOVERED "recovered"
/* The settings of the instance: its name, and those that it had before. */
#define GUARD_INSTANCE "instance_id"
#define GUARD_WAS "instance_was"
/* What the log says of the place, and what follows. *ret_exists: whether there is a log. */
enum rc guard_look(const struct dispatcher *d, struct place *ret_here, struct log_line *ret_last,
                   bool *ret_exists, enum hold *ret, struct err *err) MUST_CHECK;
/* The same, and then the clock and the space on the disk. */
enum rc guard_look_around(const struct dispatcher *d, struct place *ret_here,
                          struct log_line *ret_last, bool *ret_exists, enum hold *ret,
                          struct err *err) MUST_CHECK;
/* Opens the sent log and, when `here` is to be written down, adds a line for it, or one for each of its ancestors. */
enum rc guard_open_log(const struct dispatcher *d, const struct place *here, bool write_here,
                       struct sentlog *ret, struct err *err) MUST_CHECK;
/* Whether the name still leads to the file that was opened. */
bool guard_same_file(const struct dispatcher *d, const struct place *here);
bool guard_has_space(const struct dispatcher *d);
enum rc guard_check_clock(const struct dispatcher *d, enum hold *ret, struct err *err) MUST_CHECK;
enum rc guard_mark_clock(const struct dispatcher *d,
                         struct err *err) MUST_CHECK; /* in a transaction */

/* In a transaction. Remembers which channels have a gateway that sends; with `anew` only those of now. */
enum rc guard_mark_gateways(const struct dispatcher *d, bool anew, struct err *err) MUST_CHECK;

/* ---- seen.c: the mark of what was entered ---- */
/* Whether the database lacks what a command has left in it. */
enum rc seen_is_behind(const struct dispatcher *d, const char *instance, bool *ret,
                       struct err *err) MUST_CHECK;
/* A person has put a copy back: what was seen of the one before does not count. */
void seen_start_anew(const struct dispatcher *d);

/* ---- prepare.c: an action -> its frozen message ---- */
/* Renders the message of an action from what the database says now. RC_INVALID, RC_NOTFOUND: the
 * template or its data are at fault, and a person must look; *ret_cause is then CAUSE_TEMPLATE, or CAUSE_SIGNER when who
 * failed to sell to the client would stand in it. */
enum rc prepare_message(const struct dispatcher *d, const struct action *action,
                        struct frozen_message *ret, enum cause *ret_cause,
                        struct err *err) MUST_CHECK;

/* ---- envelope.c: the key of the tokens, and the envelope sender ---- */
/* *ret NULL: it has none yet. */
enum rc envelope_key(const struct dispatcher *d, char **ret, struct err *err) MUST_CHECK;
/* Makes it when there is none, in a transaction of its own. */
enum rc envelope_ensure_key(const struct dispatcher *d, char **ret, struct err *err) MUST_CHECK;
/* New string; NULL: the gateway's own. key may be NULL. */
char *envelope_sender(const struct dispatcher *d, const char *key, int64_t action_id);

/* ---- judge.c: a delivery -> the verdict that is recorded (pure) ---- */
struct judgement {
    struct verdict verdict;
    enum tick_outcome outcome;
    bool stop_channel; /* the fault is the channel's, not the message's */
    char reason[320];
};
/* doubtful: an earlier try is in doubt, so that nothing but "accepted" can settle it. */
void judge(const struct delivery *delivery, const struct action *action, bool doubtful, int64_t now,
           uint32_t noise, struct judgement *ret);

/* What can be done about a message in doubt. */
enum doubt_way {
    WAY_WAIT,   /* nothing yet */
    WAY_ASK,    /* ask the gateway */
    WAY_REPEAT, /* the same once more */
    WAY_TAKE_AS_SENT,
    WAY_PERSON /* a person decides */
};
struct doubt {
    struct gateway_powers powers;
    bool cannot_tell; /* the gateway was asked, and said that it never will */
    enum doubt_policy policy;
    int tries;     /* attempts in doubt */
    int64_t since; /* when the first of them was handed over */
    int64_t expires_at;
    bool changed; /* the trip, the client or the message's words are not what they were */
};
enum doubt_way doubt_way(const struct doubt *doubt, int64_t now);

/* ---- ledger.c: the transactions T1 to T5; the only part of the engine that writes ---- */
struct ledger {
    const struct dispatcher *d;
    int lock; /* the tick's; see lock_is_there */
    char tick_id[33];
    struct place here;
    struct sentlog log;
    /* The attempt under way. */
    struct action action;
    int64_t attempt_id;
    char key[LOG_KEY_BYTES]; /* of its message */
    int64_t seq;             /* of its T2; 0: there was none */
    bool handed_over;        /* it may be on the wire */
    bool doubtful;           /* an earlier attempt is in doubt */
    bool recorded;           /* T3 was committed inside the gateway's callback */
    enum rc trouble;         /* a commit failed: stop the tick */
    struct err trouble_err;
    bool shared;             /* it was left out: the same went to the same address */
    /* The last of the small changes below. */
    bool unchanged; /* it found that there was nothing left to change */
    struct troubles *stuck; /* the run's */
    struct actions joined; /* of ledger_fall_back: those for which the call was to be made besides */
};
/* T1. *ret_claimed false: no longer to be sent, or held (then *ret_held and the reason in err), or left out (then
 * l->shared). An action in doubt is claimed for a repeat. */
enum rc ledger_claim(struct ledger *l, int64_t action_id, struct frozen_message *ret,
                     bool *ret_claimed, bool *ret_held, struct err *err) MUST_CHECK;
/* pending -> cancelled when the same went to the same address today; then l->shared. */
enum rc ledger_share(struct ledger *l, int64_t action_id, struct err *err) MUST_CHECK;
bool ledger_before_risk(void *ledger);                               /* T2 */
void ledger_accepted(void *ledger, const struct delivery *delivery); /* T3 */
/* T3 to T5 for what the gateway gave back, unless ledger_accepted has done it. *ret is what was recorded. */
enum rc ledger_record(struct ledger *l, const struct delivery *delivery, struct judgement *ret,
                      struct err *err) MUST_CHECK;
/* The line of the sent log with the answer to the handing over l->seq; whether it is there now. */
bool ledger_note_said(struct ledger *l, const struct delivery *delivery);
/* What became of a handing over, as far as the sent log knows. */
enum rc ledger_ask_log(const struct ledger *l, int64_t seq, struct delivery *ret,
                       struct err *err) MUST_CHECK;
/* The verdict of an attempt that a dead tick left at risk. */
enum rc ledger_recover(struct ledger *l, const struct at_risk *left, struct err *err) MUST_CHECK;

/* ---- changes.c: the ledger's small changes ---- */
/* The line in the audit log, by the dispatcher's actor; a may be NULL. */
enum rc ledger_audit(const struct dispatcher *d, const char *verb, const struct action *a,
                     const char *detail, struct err *err) MUST_CHECK;
void action_reason(struct action *a, enum cause cause, const char *reason);
/* Whether this ended only what concerns one message or client, so that the others go on: its data are wrong, or gone. A
 * fault of the database, of the log or of the disk never is, nor is a transaction of the attempt under way that failed. */
bool ledger_others_go_on(const struct ledger *l, enum rc rc);
/* pending -> missed, and a call -> its message: the changes that time itself makes. */
enum rc ledger_expire(struct ledger *l, int64_t action_id, struct err *err) MUST_CHECK;
/* missed -> pending: its time is still ahead. */
enum rc ledger_revive(struct ledger *l, int64_t action_id, struct err *err) MUST_CHECK;
/* pending -> held, of the action in hand and inside a transaction: its message cannot be made, and a person must look. */
enum rc ledger_hold_this(struct ledger *l, enum cause cause, const char *why,
                         struct err *err) MUST_CHECK;
/* The same by number, in a transaction of its own. People's work stays as it is. */
enum rc ledger_hold(struct ledger *l, int64_t action_id, const char *why,
                    struct err *err) MUST_CHECK;
/* held -> pending: its words can be made again. */
enum rc ledger_release(struct ledger *l, int64_t action_id, struct err *err) MUST_CHECK;
/* pending stays pending, but is not looked at before `until`. reason NULL: nothing to say. */
enum rc ledger_postpone(struct ledger *l, int64_t action_id, int64_t until, const char *reason,
                        struct err *err) MUST_CHECK;
/* A call and those for which it was to be made besides (l->joined) become messages. */
enum rc ledger_fall_back(struct ledger *l, int64_t action_id, struct err *err) MUST_CHECK;
/* in_doubt -> sent (settled "sent", "assumed") or pending ("not_sent"; cancelled, when its trip is), for this reason. */
enum rc ledger_settle(struct ledger *l, int64_t action_id, const char *settled, enum cause cause,
                      const char *provider_id, const char *reason, struct err *err) MUST_CHECK;
/* in_doubt stays so; looked at again at `at`. unknown: the gateway says that it does not know it. */
enum rc ledger_still_in_doubt(struct ledger *l, int64_t action_id, int64_t at, bool unknown,
                              struct err *err) MUST_CHECK;

/* ---- home.c ---- */
/* The first day from `day` on on which an action may go that is not sent while the client travels; any other: `day`. */
enum rc home_from(const struct dispatcher *d, const struct action *action, civil_day day,
                  civil_day *ret, struct err *err) MUST_CHECK;

/* ---- since.c: what the log says that a copy of the database has not seen ---- */
struct sent_since {
    struct log_line risk;      /* the last handing over */
    enum delivery_class class; /* of its answer; DELIVERY_IN_DOUBT when there is none */
    char provider_id[sizeof((struct log_line *)0)->provider_id]; /* what the gateway called it; "" */
    bool doubtful;             /* an earlier one has no answer */
};
struct since {
    const struct place *here;
    struct at_risk_list left; /* what the copy itself had at risk */
    struct sent_since **v;    /* in the order of the log */
    size_t n, cap;
    void *tree; /* the same, by action */
    struct sent_since *latest;
    int64_t highest; /* the highest number in the log */
    bool any;        /* the log has a line */
    bool ours;       /* one of this database, or of what became of it */
    bool reaches;    /* it begins before the copy was made */
    bool forked; /* it goes on with another database, which this one, or one before it, became */
    char (*family)[33]; /* instances that are this one, or forks of it, or what it is a fork of */
    size_t n_family, cap_family;
};
/* ret must be given to since_fini in any case; here must outlive it. */
enum rc since_read(const struct dispatcher *d, const struct place *here, struct since *ret,
                   struct err *err) MUST_CHECK;
/* What became of it, all tries together: sent, in doubt, or certainly not accepted. */
enum delivery_class since_outcome(const struct sent_since *one);
/* Whether an instance is this database, a fork of it, or what it is a fork of. */
bool since_is_family(const struct since *since, const char *instance);
void since_fini(struct since *since);

/* ---- forgotten.c: who was forgotten since a copy was made ---- */
struct forgotten_lines {
    struct log_line *v; /* LOG_FORGOT; or LOG_FORGET, when nobody knows whether it came to its end */
    size_t n, cap;
};
/* Those whom the copy still has, each once; known_until: the last that the copy knows of. since must have been read. */
enum rc forgotten_read(const struct dispatcher *d, const struct since *since, int64_t known_until,
                       struct forgotten_lines *ret, struct err *err) MUST_CHECK;
void forgotten_lines_fini(struct forgotten_lines *lines);

/* ---- one run ---- */
enum { TICK_BATCH = 1000 }; /* actions taken up by one tick; the rest goes with the next */

struct run {
    const struct dispatcher *d;
    struct tick_summary *summary;
    struct ledger ledger;
    struct gateway *gateways[CHANNEL_COUNT];
    int failures[CHANNEL_COUNT]; /* in a row */
    int sent[CHANNEL_COUNT];
    int64_t handed_over
        [CHANNEL_COUNT]; /* today, those of earlier ticks included; -1: not counted yet */
    int64_t last_ms[CHANNEL_COUNT]; /* when the last one went */
    char last_failure[CHANNEL_COUNT][sizeof((struct delivery *)0)->reason];
    int64_t started_ms;
    char *token_key; /* of <pps/token.h>; NULL in a dry run */
    bool dry; /* over a copy that is thrown away: nothing goes out, and nothing beside the database is touched */
};
/* Of a trouble that is only this action's: it is told of, the others go on, and RC_OK is given back. Else rc. */
enum rc run_goes_on(struct run *r, enum rc rc, int64_t action_id, const struct err *err);
void run_report(struct run *r, enum tick_outcome outcome, const struct action *action,
                const char *reason);
bool run_stopping(struct run *r);    /* asked to end */
bool run_out_of_time(struct run *r); /* max_runtime_sec has passed */

/* recover.c */
enum rc recover(struct run *r, struct err *err) MUST_CHECK;
/* settle.c */
enum rc settle_all(struct run *r, struct err *err) MUST_CHECK;
/* turn.c: the zone in which a client lives; RC_INVALID names both. */
enum rc zone_of_client(const struct dispatcher *d, const struct client *client,
                       const struct zone **ret, struct err *err) MUST_CHECK;
/* The zone of an action; when the system does not have it (any more), the one that its client has today. */
enum rc action_zone(const struct dispatcher *d, const struct action *action,
                    const struct zone **ret, struct err *err) MUST_CHECK;
/* A call becomes its message: people work by the agency's clock, a message rings by the client's. */
enum rc becomes_message(const struct dispatcher *d, struct action *action,
                        struct err *err) MUST_CHECK;
/* *ret_at is now, or when it is this message's turn; *ret_reason (may be NULL; new string) why it waits. */
enum rc turn_of(struct run *r, const struct action *action, int64_t *ret_at, char **ret_reason,
                struct err *err) MUST_CHECK;
/* The same for a repeat of what is in doubt, which the client may have already. */
enum rc turn_of_repeat(struct run *r, const struct action *action, int64_t *ret_at,
                       char **ret_reason, struct err *err) MUST_CHECK;
/* Waits when the channel may only take so many a minute; false when the tick must end first. */
bool turn_of_channel(struct run *r, enum channel channel);
/* send.c */
bool send_ready(struct run *r, enum channel channel);
void send_close_channel(struct run *r, enum channel channel, const char *why);
enum rc send_claimed(struct run *r, const struct frozen_message *msg, struct err *err) MUST_CHECK;
enum rc send_one(struct run *r, int64_t action_id, struct err *err) MUST_CHECK;
bool send_stopping(void *run);
struct parcel send_parcel(const struct frozen_message *msg, const struct action *action,
                          int64_t now);

/* digest.c: the lists of the morning, the last part of a run; and what a dead tick left of them */
enum rc digest_all(struct run *r, struct err *err) MUST_CHECK;
enum rc digest_recover(struct run *r, struct err *err) MUST_CHECK;

/* dry_run.c: instead of a gateway; everything is accepted that may go. */
struct delivery dry_deliver(struct run *r);

/* random.c: numbers that nobody can guess. */
void random_hex(char *buf, size_t digits); /* digits + 1 bytes */

#endif
