/* The store: domain verbs over a database. All SQL lives in store/sqlite/.
 *
 * Reading verbs may be called at any time; writing verbs only between store_begin and store_commit,
 * which the services and the dispatch ledger open. Errors of all verbs: RC_BUSY (another process
 * holds the database), RC_IO, RC_CORRUPT, RC_REJECTED (the database's own rules forbid it),
 * RC_NOTFOUND where said. */
#ifndef PPS_STORE_H
#define PPS_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pps/heed.h>
#include <pps/err.h>
#include <pps/model.h>
#include <pps/playbook.h>
#include <pps/timeline.h>
#include <pps/wordlist.h>

struct store;

enum store_mode {
    STORE_READ, /* for commands that only look; works on a read-only medium too */
    STORE_WRITE,
    STORE_CREATE, /* a new database, 0600; RC_EXISTS when there is one */
    STORE_COPY    /* a copy of it as it is now, of this process alone, gone when it is closed; the database stays as it is, and
                     only reading it must be allowed. What is done to the copy is not kept. */
};

/* Refuses, untouched: a file that is not a database (RC_CORRUPT), a database of another program
 * (RC_CORRUPT), one newer than this program (RC_CONFIG). An older one is migrated when opened for
 * writing. RC_NOTFOUND when there is none. now is for created_at of a new database. */
enum rc store_open(const char *path, enum store_mode mode, struct store **ret,
                   struct err *err) MUST_CHECK;
void store_close(struct store *store); /* NULL is fine; an open transaction is rolled back */

enum rc store_begin(struct store *store, struct err *err) MUST_CHECK;  /* BEGIN IMMEDIATE */
/* From now until store_rollback every read sees the database of one instant, that of the first; for reading only. Writers
 * can commit nothing meanwhile, and give up after ten seconds: nothing slow may stand between. */
enum rc store_begin_reading(struct store *store, struct err *err) MUST_CHECK;
enum rc store_commit(struct store *store, struct err *err) MUST_CHECK; /* durable on return */
/* The end of a piece of work: commits when rc is RC_OK, else takes everything back; returns what happened. */
enum rc store_finish(struct store *store, enum rc rc, struct err *err) MUST_CHECK;
void store_rollback(struct store *store); /* fine outside a transaction */

/* ---- settings ---- */
enum rc store_setting_get(struct store *store, const char *key, char **ret_value,
                          struct err *err) MUST_CHECK; /* *ret_value NULL when absent */
enum rc store_setting_set(struct store *store, const char *key, const char *value,
                          struct err *err) MUST_CHECK;

/* ---- playbooks ---- */
/* The version of this text; a new one is added when no trip was planned with it yet. */
enum rc store_playbook_put(struct store *store, const char *body, int64_t now, int64_t *ret_version,
                           struct err *err) MUST_CHECK;
/* The playbook that a text is, whether a trip was planned with it or not; the store's own, good until it is closed: each text
 * is read once. name is for errors, as in playbook_parse(). */
enum rc store_playbook_read(struct store *store, const char *text, size_t len, const char *name,
                            const struct playbook **ret, struct err *err) MUST_CHECK;
/* The same of a version. RC_NOTFOUND. */
enum rc store_playbook_get(struct store *store, int64_t version, const struct playbook **ret,
                           struct err *err) MUST_CHECK;

/* ---- staff ---- */
enum rc store_staff_add(struct store *store, const struct staff *staff, int64_t *ret_id,
                        struct err *err) MUST_CHECK; /* RC_EXISTS: the login is taken */
enum rc store_staff_update(struct store *store, const struct staff *staff,
                           struct err *err) MUST_CHECK; /* everything but the login */
enum rc store_staff_get(struct store *store, int64_t id, struct staff *ret,
                        struct err *err) MUST_CHECK;
enum rc
store_staff_by_login(struct store *store, const char *login, struct staff *ret,
                     struct err *err) MUST_CHECK; /* RC_NOTFOUND names the logins there are */
/* The active person of a role who was added first; RC_NOTFOUND when there is none. */
enum rc store_staff_by_role(struct store *store, enum role role, struct staff *ret,
                            struct err *err) MUST_CHECK;
struct staff_list {
    struct staff *v;
    size_t n, cap;
};
void staff_list_fini(struct staff_list *list);
enum rc store_staff_list(struct store *store, struct staff_list *ret, struct err *err) MUST_CHECK;

/* ---- clients ---- */
enum rc store_client_add(struct store *store, const struct client *client, int64_t *ret_id,
                         struct err *err) MUST_CHECK; /* RC_EXISTS: the external id is taken */
enum rc store_client_get(struct store *store, int64_t id, struct client *ret,
                         struct err *err) MUST_CHECK;
enum rc store_client_update(struct store *store, const struct client *client,
                            struct err *err) MUST_CHECK;
struct client_list {
    struct client *v;
    size_t n, cap;
};
void client_list_fini(struct client_list *list);
/* Clients in whose name, salutation, e-mail or phone every word occurs (letter case and ё/е
 * ignored). */
enum rc store_client_find(struct store *store, const char *const *words, size_t n_words,
                          size_t limit, struct client_list *ret, struct err *err) MUST_CHECK;
/* Clients with this phone or this e-mail (either may be NULL). */
enum rc store_client_by_contact(struct store *store, const char *phone, const char *email,
                                struct client_list *ret, struct err *err) MUST_CHECK;
enum rc store_client_by_external_id(struct store *store, const char *external_id,
                                    struct client_list *ret, struct err *err) MUST_CHECK;

/* ---- trips ---- */
enum rc store_occasion_add(struct store *store, const struct occasion *occasion, int64_t *ret_id,
                       struct err *err) MUST_CHECK;
enum rc store_occasion_get(struct store *store, int64_t id, struct occasion *ret,
                       struct err *err) MUST_CHECK;
enum rc store_occasion_update(struct store *store, const struct occasion *occasion, struct err *err) MUST_CHECK;
struct occasion_list {
    struct occasion *v;
    size_t n, cap;
};
void occasion_list_fini(struct occasion_list *list);
enum rc store_occasions_of_client(struct store *store, int64_t client_id, struct occasion_list *ret,
                              struct err *err) MUST_CHECK;
/* The first to depart first; also those that were cancelled. */
enum rc store_trips_of_client(struct store *store, int64_t client_id, struct occasion_list *ret,
                              struct err *err) MUST_CHECK;

/* ---- actions ---- */
enum rc store_action_add(struct store *store, const struct action *action, int64_t now,
                         int64_t *ret_id, struct err *err) MUST_CHECK;
enum rc store_action_get(struct store *store, int64_t id, struct action *ret,
                         struct err *err) MUST_CHECK;
enum rc store_action_by_step(struct store *store, int64_t occasion_id, const char *step, int occurrence,
                             struct action *ret, struct err *err) MUST_CHECK;
/* In order of due_at. */
enum rc store_actions_of_occasion(struct store *store, int64_t occasion_id, struct actions *ret,
                              struct err *err) MUST_CHECK;
/* Writes the whole row back, provided its state is still `was` (else RC_BUSY: somebody was faster).
 * A change of expiry, channel or state takes effect even while a tick is about to send: T2 looks
 * again. */
enum rc store_action_update(struct store *store, const struct action *action, enum action_state was,
                            int64_t now, struct err *err) MUST_CHECK;
/* Removes the frozen message of an action that is waiting, so that it is made anew from new data.
 * Only when every attempt ended in a certain "not accepted". */
enum rc store_message_forget(struct store *store, int64_t action_id, struct err *err) MUST_CHECK;
/* Remembers that what a trip has at risk was planned from old data; and the trips whose such messages wait again. */
enum rc store_actions_mark_stale(struct store *store, int64_t occasion_id, struct err *err) MUST_CHECK;
struct id_list {
    int64_t *v;
    size_t n, cap;
};
void id_list_fini(struct id_list *list);
/* What waits by the clock of this zone, or for a client who lives in it, is to be planned anew. */
enum rc store_zone_stale(struct store *store, const char *tz, struct err *err) MUST_CHECK;
enum rc store_list_stale(struct store *store, struct id_list *ret,
                               struct err *err) MUST_CHECK;
/* Cancels everything of a trip that is open (pending, held, claimed); the count of them. */
enum rc store_actions_end(struct store *store, int64_t occasion_id, const char *reason,
                                  int64_t now, int *ret_count, struct err *err) MUST_CHECK;

/* A trip with everything around it; each member as its own verb gives it. */
struct occasion_file {
    struct occasion occasion;
    struct client client;
    struct staff manager;            /* id 0: nobody */
    const struct playbook *playbook; /* the version with which the trip was planned; the store's own */
    struct actions actions;
};
enum rc store_occasion_file(struct store *store, int64_t occasion_id, struct occasion_file *ret,
                        struct err *err) MUST_CHECK;
void occasion_file_fini(struct occasion_file *file);

/* ---- lists for people: an action with its trip, client and manager ---- */
struct agenda_row {
    struct action action;
    int64_t client_id;
    char *client_name, *client_phone, *client_email;
    enum kind kind;
    char *title;                     /* the occasion's */
    struct civil departure, return_; /* of a trip */
    int64_t playbook_version;
    char *manager; /* login; NULL: nobody */
    char *client_tz; /* NULL: the agency's */
    char *also;      /* of a call: whom it is made for besides; NULL: nobody */
    struct heed heed; /* of people's work, as service_agenda finds it; the store leaves it empty */
};
struct agenda {
    struct agenda_row *v;
    size_t n, cap;
};
void agenda_fini(struct agenda *agenda);
struct agenda_query {
    civil_day today;    /* rows due today or before */
    bool red_only;      /* only what is overdue, failed, in doubt, missed or held */
    bool human_only;    /* only calls and visits */
    int64_t manager_id; /* 0: everybody's */
    bool saved;         /* also the calls of today that nobody made, and whose message went by itself */
};
/* Ordered by manager (nobody's first), then by local due time. Not only of people's work: also what was ticked off or
 * skipped although the complaint is open and its promised day is past. */
enum rc store_agenda(struct store *store, const struct agenda_query *query, struct agenda *ret,
                     struct err *err) MUST_CHECK;
/* Trips for the checklist: not cancelled, with anything open that is due before `soon`, or red, or returning on or
 * after `since`; manager_id 0: all. Ordered by departure. */
struct checklist_query {
    civil_day since, soon;
    int64_t manager_id;
    civil_day from, to; /* by departure; CIVIL_NONE: no bound */
};
enum rc store_checklist(struct store *store, const struct checklist_query *query,
                              struct occasion_list *ret, struct err *err) MUST_CHECK;

/* ---- what is known of a client ---- */
struct had_list {
    struct plan_had *v;
    size_t n, cap;
};
void had_list_fini(struct had_list *list);
/* The steps that the client has had, or will have, about all occasions, or about one (0: all), in their order. */
enum rc store_steps_had(struct store *store, int64_t client_id, int64_t occasion_id,
                        struct had_list *ret, struct err *err) MUST_CHECK;
/* The last word about this address. */
enum rc store_consent_last(struct store *store, enum channel channel, const char *address,
                           bool marketing, enum given *ret, struct err *err) MUST_CHECK;
/* The last answer about a trip; RC_NOTFOUND, without words: there is none. */
enum rc store_feedback_last(struct store *store, int64_t trip_id, struct feedback *ret,
                            struct err *err) MUST_CHECK;
/* RC_NOTFOUND, without words: there is none of that number. */
enum rc store_feedback_get(struct store *store, int64_t occasion_id, struct feedback *ret,
                           struct err *err) MUST_CHECK;
/* The answer by which an occasion goes: of feedback itself, else the last about the trip; RC_NOTFOUND as above. */
enum rc store_feedback_about(struct store *store, const struct occasion *occasion,
                             struct feedback *ret, struct err *err) MUST_CHECK;
enum rc store_complaint_get(struct store *store, int64_t occasion_id, struct complaint *ret,
                            struct err *err) MUST_CHECK;

/* ---- audit ---- */
struct audit_entry {
    int64_t id, at;
    char *actor, *verb, *detail;
    int64_t client_id, occasion_id, action_id;
    enum kind kind; /* of the occasion */
};
struct audit_list {
    struct audit_entry *v;
    size_t n, cap;
};
void audit_list_fini(struct audit_list *list);
enum rc store_audit_add(struct store *store, const struct audit_entry *entry,
                        struct err *err) MUST_CHECK;
void audit_entry_fini(struct audit_entry *entry);
enum rc store_audit_get(struct store *store, int64_t id, struct audit_entry *ret,
                        struct err *err) MUST_CHECK; /* RC_NOTFOUND */
/* The newest first. Ids of 0 do not restrict; verb and actor NULL do not restrict. */
struct audit_query {
    int64_t client_id, occasion_id, action_id;
    int64_t after; /* only entries with a higher number */
    const char *actor, *verb;
    size_t limit;
};
enum rc store_audit_list(struct store *store, const struct audit_query *query,
                         struct audit_list *ret, struct err *err) MUST_CHECK;

/* ---- the delivery engine (see dispatch/) ---- */

/* Recovery, run by whoever holds the lock: what a dead tick had claimed goes back to where it came from; the count. What
 * it had at risk is listed by store_list_at_risk: the caller looks into the sent log and gives the verdict. */
enum rc store_recover_claimed(struct store *store, int64_t now, int *ret_count,
                              struct err *err) MUST_CHECK;
struct at_risk {
    int64_t action_id, attempt_id;
    int64_t seq; /* see store_at_risk; 0: unknown */
};
struct at_risk_list {
    struct at_risk *v;
    size_t n, cap;
};
void at_risk_list_fini(struct at_risk_list *list);
enum rc store_list_at_risk(struct store *store, struct at_risk_list *ret,
                           struct err *err) MUST_CHECK;
/* The ids of up to `limit` actions … */
/* … whose message is too late now; */
enum rc store_list_expired(struct store *store, int64_t now, size_t limit, struct id_list *ret,
                           struct err *err) MUST_CHECK;
/* … that are calls past their cut-off; */
enum rc store_list_to_fall_back(struct store *store, int64_t now, size_t limit, struct id_list *ret,
                                struct err *err) MUST_CHECK;
/* … that were missed, though they are due only later; */
enum rc store_list_missed_ahead(struct store *store, int64_t now, size_t limit, struct id_list *ret,
                                struct err *err) MUST_CHECK;
/* … that are held because their words could not be made; */
enum rc store_list_held(struct store *store, int64_t now, size_t limit, struct id_list *ret,
                        struct err *err) MUST_CHECK;
/* … that are in doubt and should be looked at now; */
enum rc store_list_doubts(struct store *store, int64_t now, size_t limit, struct id_list *ret,
                          struct err *err) MUST_CHECK;
/* … that are SMS which did not get through, though there is time left; */
enum rc store_list_undelivered(struct store *store, int64_t now, struct id_list *ret,
                               struct err *err) MUST_CHECK;
/* … that are messages which stand for a call and wait to be sent, within a day from now; */
enum rc store_list_standing_in(struct store *store, int64_t now, struct id_list *ret,
                               struct err *err) MUST_CHECK;
/* … that are calls which nobody made while they made sense; today is the agency's; */
enum rc store_list_senseless(struct store *store, int64_t now, civil_day today, struct id_list *ret,
                             struct err *err) MUST_CHECK;
/* … that are messages to be tried now, by priority, then the earliest end first. */
enum rc store_list_to_send(struct store *store, int64_t now, size_t limit, struct id_list *ret,
                           struct err *err) MUST_CHECK;

struct frozen_message {
    int64_t action_id;
    enum channel channel;
    char *recipient, *subject, *bytes, *message_id, *idem_key;
    size_t len;
    int64_t frozen_at;
    struct id_list documents; /* that it carries; store_message_get leaves them out */
    char *told;               /* the days that it states (<pps/correction.h>); so does it this */
};
void frozen_message_fini(struct frozen_message *message);
enum rc store_message_put(struct store *store, const struct frozen_message *message,
                          struct err *err) MUST_CHECK;
/* Its action notes what a message that was just made tells of the dates. */
enum rc store_message_tells(struct store *store, int64_t action_id, const char *told,
                            struct err *err) MUST_CHECK;
enum rc store_message_get(struct store *store, int64_t action_id, struct frozen_message *ret,
                          struct err *err) MUST_CHECK; /* RC_NOTFOUND: not frozen yet */

/* T1, inside a transaction: pending -> claimed, provided it is due, not expired and its trip not
 * cancelled. *ret_attempt is the id of the open attempt; 0 when the action is no longer to be sent.
 */
enum rc store_claim(struct store *store, int64_t action_id, const char *tick_id, int64_t now,
                    int64_t *ret_attempt, struct err *err) MUST_CHECK;
/* T1 of a repeat: in_doubt -> claimed, provided nothing about it was changed since, it is not expired and its trip not
 * cancelled. */
enum rc store_claim_again(struct store *store, int64_t action_id, const char *tick_id, int64_t now,
                          int64_t *ret_attempt, struct err *err) MUST_CHECK;
/* T2, inside a transaction: claimed -> at_risk only if the claim is still ours, the trip is not
 * cancelled and now is before the expiry. *ret_seq is the number of this handing over, which grows by one each time in the
 * life of a database; 0 when it must not go. */
enum rc store_at_risk(struct store *store, int64_t action_id, int64_t attempt_id, int64_t now,
                      int64_t *ret_seq, struct err *err) MUST_CHECK;
/* The highest such number; 0: nothing was ever handed over. */
enum rc store_seq(struct store *store, int64_t *ret, struct err *err) MUST_CHECK;
/* Numbers up to this were given before, by a newer copy of the database. */
enum rc store_seq_at_least(struct store *store, int64_t seq, struct err *err) MUST_CHECK;
/* T3, T4, T5, inside a transaction: the verdict of one attempt and the state that follows from it.
 */
struct verdict {
    enum action_state state; /* sent, pending, failed, missed, in_doubt, held, cancelled */
    enum cause cause;
    const char *reason;
    const char *outcome; /* sent, refused_temp, refused_perm, not_sent, in_doubt */
    int code;
    const char *provider_id, *reply;
    int64_t next_attempt_at; /* when state is pending */
    bool counts;             /* whether the attempt counts towards back-off */
};
enum rc store_verdict(struct store *store, int64_t action_id, int64_t attempt_id,
                      const struct verdict *verdict, int64_t now, struct err *err) MUST_CHECK;

/* The tries of an action, the first one first. */
struct attempt {
    int64_t id;
    int n;
    int64_t claimed_at, risk_at, done_at; /* risk_at 0: nothing was handed over */
    char *outcome;                        /* NULL: it runs now; see struct verdict */
    int code;
    char *provider_id, *reply;
    int64_t seq;
    int64_t unknown_at; /* when the gateway first said that it does not know it */
    char *
        settled; /* of one in doubt: "sent", "not_sent", "assumed" (sent), "dropped"; NULL: still open */
};
struct attempt_list {
    struct attempt *v;
    size_t n, cap;
};
void attempt_list_fini(struct attempt_list *list);
enum rc store_attempts(struct store *store, int64_t action_id, struct attempt_list *ret,
                       struct err *err) MUST_CHECK;
/* What was found out or decided about the attempts of an action that are in doubt (see struct attempt).
 * provider_id may be NULL. */
enum rc store_settle(struct store *store, int64_t action_id, const char *settled,
                     const char *provider_id, struct err *err) MUST_CHECK;
/* Takes that back for the attempts with the ids from … to; from 0: for the last one that is settled; to 0: no bound. */
enum rc store_unsettle(struct store *store, int64_t action_id, int64_t from, int64_t to,
                       struct err *err) MUST_CHECK;
/* The gateway says that it does not know it; only the first time is remembered. */
enum rc store_unknown(struct store *store, int64_t action_id, int64_t now,
                      struct err *err) MUST_CHECK;
/* An attempt in doubt that this copy of the database has not seen. reply says where it is known from. */
enum rc store_import_attempt(struct store *store, int64_t action_id, int64_t at, int64_t seq,
                             const char *reply, struct err *err) MUST_CHECK;
/* How many messages have, or may have, been accepted since `since`: for these recipients (either may be NULL), but for
 * urgent ones; and on this channel. */
enum rc store_handed_over_to(struct store *store, const char *phone, const char *email,
                             int64_t since, int64_t *ret, struct err *err) MUST_CHECK;
enum rc store_handed_over_on(struct store *store, enum channel channel, int64_t since, int64_t *ret,
                             struct err *err) MUST_CHECK;

/* Counts for doctor and the end of a tick. */
struct store_counts {
    int64_t clients, occasions, open_actions, in_doubt, failed, missed, held;
};
enum rc store_counts(struct store *store, struct store_counts *ret, struct err *err) MUST_CHECK;
/* The last of them alone, by index: for what people look at all day. */
enum rc store_count_held(struct store *store, int64_t *ret, struct err *err) MUST_CHECK;
/* The time zones by which open work goes, for doctor: those of the clients, and those of their actions where they differ.
 * Ordered by name. */
struct zone_use {
    char *tz;
    bool of_client;    /* else of actions alone, whose client has another one or the agency's */
    int64_t client_id; /* the first of them */
    int64_t clients;
};
struct zone_use_list {
    struct zone_use *v;
    size_t n, cap;
};
void zone_use_list_fini(struct zone_use_list *list);
enum rc store_zones_of_open_work(struct store *store, struct zone_use_list *ret,
                                 struct err *err) MUST_CHECK;
/* For the checks of templates, in order: the languages that clients read, beside the agency's; the keys of the facts that are
 * on anybody's card. */
enum rc store_langs(struct store *store, struct word_list *ret, struct err *err) MUST_CHECK;
enum rc store_fact_keys(struct store *store, struct word_list *ret, struct err *err) MUST_CHECK;
/* PRAGMA quick_check, and whether all of schema.sql is there; RC_CORRUPT with what is wrong first. */
enum rc store_check(struct store *store, struct err *err) MUST_CHECK;

/* ---- backup ---- */
/* A checked copy of the database as it is at one instant, complete in one file, 0600; writers wait until it is made.
 * RC_EXISTS: something is at path, and stays as it is. RC_CORRUPT: the database is damaged. After any failure there is
 * nothing of ours at path. */
enum rc store_backup(struct store *store, const char *path, int64_t *ret_bytes,
                     struct err *err) MUST_CHECK;

/* ---- putting a backup back ---- */
/* Copies a backup, with the journal that lies beside it, to a file of ours, and looks whether it is a whole database of pps
 * that this program knows; an older one is. The backup is left alone. RC_NOTFOUND, RC_CORRUPT, RC_CONFIG (newer), RC_BUSY;
 * after any failure there is no copy. */
enum rc store_copy_backup(const char *backup, const char *copy, struct err *err) MUST_CHECK;
void store_remove_copy(const char *copy);
/* The same, and puts the copy into the place of the database at path, which must not be open here. What stood there, its
 * journal included, keeps the name `aside` (RC_EXISTS: that is taken); *ret_aside: there was something. RC_BUSY: somebody
 * is working with it. */
enum rc store_restore(const char *backup, const char *path, const char *aside, bool *ret_aside,
                      struct err *err) MUST_CHECK;

int store_schema_version(void);

#endif
