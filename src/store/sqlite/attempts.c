/* The tries of a message: what they came to, what was found out later about those in doubt, and how many there were in a
 * day. Writes no state of an action; engine.c does that. Serves dispatch/ and the people who settle doubts. */
#include <stdlib.h>

#include <pps/str.h>

#include "db.h"

/* ---- the number of the last handing over ---- */

/* The attempts are asked, not a counter beside them: an older copy of the database into which a journal has brought the
 * newest pages would have the newest counter, and know nothing of what it counts. */
enum rc store_seq(struct store *store, int64_t *ret, struct err *err)
{
    struct query q = db_query(store, SQL_SEQ);
    return db_one_int(&q, ret, err);
}

enum rc store_seq_at_least(struct store *store, int64_t seq, struct err *err)
{
    char *text = xasprintf("%lld", (long long)seq);
    enum rc rc = store_setting_set(store, "seq_before", text, err);
    free(text);
    return rc;
}

/* ---- attempts ---- */

void attempt_list_fini(struct attempt_list *list)
{
    for (size_t i = 0; i < list->n; i++) {
        free(list->v[i].outcome);
        free(list->v[i].provider_id);
        free(list->v[i].reply);
        free(list->v[i].settled);
    }
    free(list->v);
    *list = (struct attempt_list){0};
}

enum rc store_attempts(struct store *store, int64_t action_id, struct attempt_list *ret,
                       struct err *err)
{
    struct attempt_list list = {0};
    struct query q = db_query(store, SQL_ATTEMPTS_OF_ACTION);
    bind_int(&q, action_id);
    enum rc rc = RC_OK;
    while (db_step(&q, &rc, err) == STEP_ROW) {
        vec_reserve(&list.v, list.n, &list.cap, sizeof *list.v);
        list.v[list.n++] = (struct attempt){
            .id = col_int(&q, 0),
            .n = (int)col_int(&q, 1),
            .claimed_at = col_int(&q, 2),
            .risk_at = col_int(&q, 3),
            .done_at = col_int(&q, 4),
            .outcome = col_text(&q, 5),
            .code = (int)col_int(&q, 6),
            .provider_id = col_text(&q, 7),
            .reply = col_text(&q, 8),
            .seq = col_int(&q, 9),
            .unknown_at = col_int(&q, 10),
            .settled = col_text(&q, 11),
        };
    }
    if (rc != RC_OK)
        attempt_list_fini(&list);
    else
        *ret = list;
    return rc;
}

enum rc store_settle(struct store *store, int64_t action_id, const char *settled,
                     const char *provider_id, struct err *err)
{
    struct query q = db_query(store, SQL_ATTEMPT_SETTLE);
    bind_text(&q, settled);
    bind_text(&q, provider_id);
    bind_int(&q, action_id);
    return db_run(&q, NULL, err);
}

enum rc store_unsettle(struct store *store, int64_t action_id, int64_t from, int64_t to,
                       struct err *err)
{
    struct query q = db_query(store, SQL_ATTEMPT_UNSETTLE);
    bind_int(&q, action_id);
    bind_id(&q, from);
    bind_id(&q, to);
    return db_run(&q, NULL, err);
}

enum rc store_unknown(struct store *store, int64_t action_id, int64_t now, struct err *err)
{
    struct query q = db_query(store, SQL_ATTEMPT_UNKNOWN);
    bind_int(&q, now);
    bind_int(&q, action_id);
    return db_run(&q, NULL, err);
}

enum rc store_import_attempt(struct store *store, int64_t action_id, int64_t at, int64_t seq,
                             const char *reply, struct err *err)
{
    struct query q = db_query(store, SQL_ATTEMPT_IMPORT);
    bind_int(&q, action_id);
    bind_int(&q, at);
    bind_text(&q, reply);
    bind_id(&q, seq);
    return db_run(&q, NULL, err);
}

/* ---- how many in a day ---- */

enum rc store_handed_over_to(struct store *store, const char *phone, const char *email,
                             int64_t since, int64_t *ret, struct err *err)
{
    struct query q = db_query(store, SQL_HANDED_OVER_TO);
    bind_text(&q, phone);
    bind_text(&q, email);
    bind_int(&q, since);
    return db_one_int(&q, ret, err);
}

enum rc store_handed_over_on(struct store *store, enum channel channel, int64_t since, int64_t *ret,
                             struct err *err)
{
    struct query q = db_query(store, SQL_HANDED_OVER_ON);
    bind_int(&q, since);
    bind_text(&q, channel_name(channel));
    return db_one_int(&q, ret, err);
}
