/* Forgetting a client: one statement after another, as data, so that a new column needs a line here and nothing else. The
 * card comes last: what stands in other rows is found by it. Serves service/forget.c. */
#include <stdlib.h>

#include <pps/store_forget.h>
#include <pps/str.h>
#include <pps/token.h>

#include "db.h"
#include "sql_forget.h"

static const struct part {
    enum sql sql;
    bool at;  /* takes the instant first */
    int kind; /* enum forgotten_kind whose rows it counts; -1: of none */
} parts[] = {
    {SQL_FORGET_LOG, false, FORGOT_LOG},
    {SQL_FORGET_REMARKS, false, FORGOT_REMARKS},
    {SQL_FORGET_OPEN, true, FORGOT_STOPPED},
    {SQL_FORGET_MESSAGES, false, FORGOT_MESSAGES},
    {SQL_FORGET_DOCUMENTS, false, FORGOT_DOCUMENTS},
    {SQL_FORGET_REPLIES, false, -1},
    {SQL_FORGET_LOST, false, FORGOT_LOST},
    {SQL_FORGET_FEEDBACK, false, FORGOT_FEEDBACK},
    {SQL_FORGET_COMPLAINTS, false, FORGOT_COMPLAINTS},
    {SQL_FORGET_OCCASIONS, false, -1},
    {SQL_FORGET_THINGS, true, FORGOT_THINGS},
    {SQL_FORGET_REFERRALS, true, FORGOT_REFERRALS},
    {SQL_FORGET_BROUGHT, false, -1},
    {SQL_FORGET_WORDS, false, FORGOT_CONSENTS},
    {SQL_FORGET_FACTS, false, FORGOT_FACTS},
    {SQL_FORGET_MARKS, false, FORGOT_MARKS},
};
static const struct part last_parts[] = {
    {SQL_FORGET_WHO_SAID, false, -1},
    {SQL_FORGET_CARD, false, -1},
};
#define COUNT(array) (sizeof(array) / sizeof *(array))

const char *forgotten_kind_name(enum forgotten_kind kind)
{
    static const char *const names[FORGOT_KINDS] = {
        "stopped", "messages",  "documents", "remarks", "feedback", "complaints", "lost",
        "things",  "referrals", "consents",  "facts",   "marks",    "log"};
    return names[kind];
}

bool client_is_forgotten(const struct client *client)
{
    return str_eq(client->email, FORGOTTEN_EMAIL);
}

enum rc store_forget_obstacle(struct store *store, int64_t client_id, civil_day today,
                              struct forget_obstacle *ret, struct err *err)
{
    *ret = (struct forget_obstacle){0};
    enum rc rc = RC_OK;
    struct query flight = db_query(store, SQL_FORGET_IN_FLIGHT);
    bind_int(&flight, client_id);
    while (db_step(&flight, &rc, err) == STEP_ROW) {
        ret->action_id = col_int(&flight, 0);
        ret->in_doubt = col_int(&flight, 1) != 0;
    }
    if (rc != RC_OK)
        return rc;
    struct query trip = db_query(store, SQL_FORGET_AHEAD);
    bind_day(&trip, today);
    bind_int(&trip, client_id);
    while (db_step(&trip, &rc, err) == STEP_ROW) {
        ret->trip_id = col_int(&trip, 0);
        ret->ahead = col_int(&trip, 1) != 0;
    }
    return rc;
}

enum rc store_forget_since(struct store *store, int64_t client_id, int64_t entry, int64_t *ret,
                           struct err *err)
{
    struct query q = db_query(store, SQL_FORGET_SINCE);
    bind_int(&q, entry);
    bind_int(&q, client_id);
    return db_one_int(&q, ret, err);
}

enum rc store_forget_evidence(struct store *store, int64_t client_id, struct word_list *ret,
                              struct err *err)
{
    struct word_list list = {0};
    size_t cap = 0;
    struct query q = db_query(store, SQL_FORGET_EVIDENCE);
    bind_int(&q, client_id);
    enum rc rc = RC_OK;
    while (db_step(&q, &rc, err) == STEP_ROW) {
        vec_reserve(&list.v, list.n, &cap, sizeof *list.v);
        list.v[list.n++] = col_text(&q, 0);
    }
    if (rc != RC_OK)
        word_list_fini(&list);
    else
        *ret = list;
    return rc;
}

enum rc store_forget_frozen(struct store *store, int64_t client_id, frozen_visit *fn, void *ctx,
                            struct err *err)
{
    struct query q = db_query(store, SQL_FORGET_FROZEN);
    bind_int(&q, client_id);
    enum rc rc = RC_OK;
    while (db_step(&q, &rc, err) == STEP_ROW) {
        struct frozen_name m = {.action_id = col_int(&q, 0),
                                .step = col_word(&q, 1),
                                .frozen_at = col_int(&q, 3)};
        if (channel_from_name(col_word(&q, 2), &m.channel))
            fn(ctx, &m);
    }
    return rc;
}

/* The end of the transaction is then that the journal is deleted: no death can leave the pages of before in it. */
enum rc store_forget_begin(struct store *store, struct err *err)
{
    struct query secure = db_query(store, SQL_SECURE_DELETE), away = db_query(store, SQL_JOURNAL_AWAY);
    enum rc rc = db_run(&secure, NULL, err);
    return rc == RC_OK ? db_run(&away, NULL, err) : rc;
}

/* The database's own words of the rule by which its log only grows. New string. */
static enum rc read_rule(struct store *store, char **ret, struct err *err)
{
    struct query q = db_query(store, SQL_AUDIT_RULE);
    enum rc rc = RC_NOTFOUND;
    if (db_step(&q, &rc, err) != STEP_ROW)
        return rc != RC_NOTFOUND ? rc
                                 : err_set(err, RC_CORRUPT, "the database %s is damaged (its log has no rule): "
                                           "restore a backup", store->path);
    *ret = col_text(&q, 0);
    db_end(&q);
    return RC_OK;
}

static enum rc run_parts(struct store *store, const struct part *list, size_t n, int64_t client_id,
                         int64_t now, int64_t *counts, struct err *err)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; i < n && rc == RC_OK; i++) {
        int changes = 0;
        struct query q = db_query(store, list[i].sql);
        if (list[i].at)
            bind_int(&q, now);
        bind_int(&q, client_id);
        rc = db_run(&q, &changes, err);
        if (list[i].kind >= 0)
            counts[list[i].kind] = changes;
    }
    return rc;
}

/* The next address that is left in a "no" of theirs; NULL: none is. New string. */
static enum rc next_address(struct store *store, int64_t client_id, int64_t *ret_id, char **ret,
                            struct err *err)
{
    struct query q = db_query(store, SQL_FORGET_LEFT);
    bind_int(&q, client_id);
    enum rc rc = RC_OK;
    *ret = NULL;
    if (db_step(&q, &rc, err) != STEP_ROW)
        return rc;
    *ret_id = col_int(&q, 0);
    *ret = col_text(&q, 1);
    db_end(&q);
    return RC_OK;
}

/* The "no" is found by the address when somebody comes with it, and cannot be read by anybody else. */
static enum rc seal_addresses(struct store *store, int64_t client_id, struct err *err)
{
    for (;;) {
        int64_t id;
        char *address, seal[SEAL_BYTES];
        enum rc rc = next_address(store, client_id, &id, &address, err);
        if (rc != RC_OK || address == NULL)
            return rc;
        address_seal(address, seal);
        free(address);
        struct query q = db_query(store, SQL_FORGET_ADDRESS);
        bind_text(&q, seal);
        bind_int(&q, id);
        rc = db_run(&q, NULL, err);
        if (rc != RC_OK)
            return rc;
    }
}

/* The log is only added to, by the database's own rule: this is the one exception, and the rule is back before anybody can
 * see that it was gone. */
enum rc store_forget(struct store *store, int64_t client_id, int64_t now, int64_t *ret_counts,
                     struct err *err)
{
    char *rule = NULL;
    enum rc rc = read_rule(store, &rule, err);
    if (rc == RC_OK) {
        struct query away = db_query(store, SQL_AUDIT_RULE_AWAY);
        rc = db_run(&away, NULL, err);
    }
    if (rc == RC_OK)
        rc = run_parts(store, parts, COUNT(parts), client_id, now, ret_counts, err);
    if (rc == RC_OK)
        rc = seal_addresses(store, client_id, err);
    if (rc == RC_OK)
        rc = run_parts(store, last_parts, COUNT(last_parts), client_id, now, ret_counts, err);
    if (rc == RC_OK) {
        int status = sqlite3_exec(store->db, rule, NULL, NULL, NULL);
        rc = status == SQLITE_OK ? RC_OK : db_error(store, status, "the rule of the log", err);
    }
    free(rule);
    return rc;
}
