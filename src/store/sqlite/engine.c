/* What the delivery engine needs of the database: recovery, finding work by index, the claim (T1),
 * the point of no return (T2) and the verdict (T3-T5). Each is one or two atomic statements whose
 * WHERE is the guard; transactions are opened by dispatch/. */
#include <stdlib.h>

#include <pps/str.h>

#include "db.h"

enum rc store_recover_claimed(struct store *store, int64_t now, int *ret_count, struct err *err)
{
    struct query attempts = db_query(store, SQL_RECOVER_ATTEMPTS_CLAIMED);
    bind_int(&attempts, now);
    enum rc rc = db_run(&attempts, NULL, err);
    if (rc != RC_OK)
        return rc;
    struct query actions = db_query(store, SQL_RECOVER_CLAIMED);
    bind_int(&actions, now);
    return db_run(&actions, ret_count, err);
}

enum rc store_list_at_risk(struct store *store, struct at_risk_list *ret, struct err *err)
{
    struct at_risk_list list = {0};
    struct query q = db_query(store, SQL_LIST_AT_RISK);
    enum rc rc = RC_OK;
    while (db_step(&q, &rc, err) == STEP_ROW) {
        vec_reserve(&list.v, list.n, &list.cap, sizeof *list.v);
        list.v[list.n++] = (struct at_risk){col_int(&q, 0), col_int(&q, 1), col_int(&q, 2)};
    }
    if (rc != RC_OK)
        at_risk_list_fini(&list);
    else
        *ret = list;
    return rc;
}

void at_risk_list_fini(struct at_risk_list *list)
{
    free(list->v);
    *list = (struct at_risk_list){0};
}

static enum rc list_ids(struct store *store, enum sql sql, int64_t now, size_t limit,
                        struct id_list *ret, struct err *err)
{
    struct query q = db_query(store, sql);
    bind_int(&q, now);
    bind_int(&q, (int64_t)limit);
    return db_ids(&q, ret, err);
}

enum rc store_zone_stale(struct store *store, const char *tz, struct err *err)
{
    struct query q = db_query(store, SQL_ZONE_STALE);
    bind_text(&q, tz);
    return db_run(&q, NULL, err);
}

enum rc store_list_stale(struct store *store, struct id_list *ret, struct err *err)
{
    struct query q = db_query(store, SQL_LIST_STALE);
    return db_ids(&q, ret, err);
}

enum rc store_list_undelivered(struct store *store, int64_t now, struct id_list *ret,
                               struct err *err)
{
    struct query q = db_query(store, SQL_LIST_UNDELIVERED);
    bind_int(&q, now);
    return db_ids(&q, ret, err);
}

enum rc store_list_standing_in(struct store *store, int64_t now, struct id_list *ret,
                               struct err *err)
{
    struct query q = db_query(store, SQL_LIST_STANDING_IN);
    bind_int(&q, now + 86400);
    return db_ids(&q, ret, err);
}

enum rc store_list_senseless(struct store *store, int64_t now, civil_day today, struct id_list *ret,
                             struct err *err)
{
    struct query q = db_query(store, SQL_LIST_SENSELESS);
    bind_day(&q, today + 1);
    bind_int(&q, now);
    return db_ids(&q, ret, err);
}

void id_list_fini(struct id_list *list)
{
    free(list->v);
    *list = (struct id_list){0};
}

enum rc store_list_expired(struct store *store, int64_t now, size_t limit, struct id_list *ret,
                           struct err *err)
{
    return list_ids(store, SQL_LIST_EXPIRED, now, limit, ret, err);
}

enum rc store_list_to_fall_back(struct store *store, int64_t now, size_t limit, struct id_list *ret,
                                struct err *err)
{
    return list_ids(store, SQL_LIST_TO_FALL_BACK, now, limit, ret, err);
}

enum rc store_list_missed_ahead(struct store *store, int64_t now, size_t limit, struct id_list *ret,
                                struct err *err)
{
    return list_ids(store, SQL_LIST_MISSED_AHEAD, now, limit, ret, err);
}

enum rc store_list_held(struct store *store, int64_t now, size_t limit, struct id_list *ret,
                        struct err *err)
{
    return list_ids(store, SQL_LIST_HELD, now, limit, ret, err);
}

enum rc store_list_to_send(struct store *store, int64_t now, size_t limit, struct id_list *ret,
                           struct err *err)
{
    return list_ids(store, SQL_LIST_TO_SEND, now, limit, ret, err);
}

enum rc store_list_doubts(struct store *store, int64_t now, size_t limit, struct id_list *ret,
                          struct err *err)
{
    return list_ids(store, SQL_LIST_DOUBTS, now, limit, ret, err);
}

enum rc store_message_put(struct store *store, const struct frozen_message *m, struct err *err)
{
    struct query q = db_query(store, SQL_MESSAGE_PUT);
    bind_int(&q, m->action_id);
    bind_text(&q, channel_name(m->channel));
    bind_text(&q, m->recipient);
    bind_text(&q, m->subject);
    bind_blob(&q, m->bytes, m->len);
    bind_text(&q, m->message_id);
    bind_text(&q, m->idem_key);
    bind_int(&q, m->frozen_at);
    return db_run(&q, NULL, err);
}

enum rc store_message_tells(struct store *store, int64_t action_id, const char *told,
                            struct err *err)
{
    struct query q = db_query(store, SQL_MESSAGE_TELLS);
    bind_text(&q, told);
    bind_int(&q, action_id);
    return db_run(&q, NULL, err);
}

enum rc store_message_get(struct store *store, int64_t action_id, struct frozen_message *ret,
                          struct err *err)
{
    struct query q = db_query(store, SQL_MESSAGE_GET);
    bind_int(&q, action_id);
    enum rc rc = RC_NOTFOUND;
    if (db_step(&q, &rc, err) != STEP_ROW)
        return rc != RC_NOTFOUND
                   ? rc
                   : err_set(err, rc, "the message of A%lld is not made yet", (long long)action_id);
    size_t len;
    const char *bytes = col_blob(&q, 3, &len);
    char *channel = col_text(&q, 0);
    *ret = (struct frozen_message){
        .action_id = action_id,
        .recipient = col_text(&q, 1),
        .subject = col_text(&q, 2),
        .bytes = xstrndup(bytes, len),
        .len = len,
        .message_id = col_text(&q, 4),
        .idem_key = col_text(&q, 5),
        .frozen_at = col_int(&q, 6),
    };
    (void)channel_from_name(channel, &ret->channel);
    free(channel);
    db_end(&q);
    return RC_OK;
}

void frozen_message_fini(struct frozen_message *m)
{
    free(m->recipient);
    free(m->subject);
    free(m->bytes);
    free(m->message_id);
    free(m->idem_key);
    free(m->told);
    id_list_fini(&m->documents);
    *m = (struct frozen_message){0};
}

static enum rc claim_by(struct store *store, enum sql sql, int64_t action_id, const char *tick_id,
                        int64_t now, int64_t *ret_attempt, struct err *err)
{
    struct query claim = db_query(store, sql);
    bind_int(&claim, now);
    bind_int(&claim, action_id);
    int changes = 0;
    enum rc rc = db_run(&claim, &changes, err);
    if (rc != RC_OK || changes == 0) {
        *ret_attempt = 0;
        return rc;
    }
    struct query open = db_query(store, SQL_ATTEMPT_OPEN);
    bind_int(&open, action_id);
    bind_text(&open, tick_id);
    bind_int(&open, now);
    return db_one_int(&open, ret_attempt, err);
}

enum rc store_claim(struct store *store, int64_t action_id, const char *tick_id, int64_t now,
                    int64_t *ret_attempt, struct err *err)
{
    return claim_by(store, SQL_CLAIM, action_id, tick_id, now, ret_attempt, err);
}

enum rc store_claim_again(struct store *store, int64_t action_id, const char *tick_id, int64_t now,
                          int64_t *ret_attempt, struct err *err)
{
    return claim_by(store, SQL_CLAIM_AGAIN, action_id, tick_id, now, ret_attempt, err);
}

enum rc store_at_risk(struct store *store, int64_t action_id, int64_t attempt_id, int64_t now,
                      int64_t *ret_seq, struct err *err)
{
    struct query risk = db_query(store, SQL_AT_RISK);
    bind_int(&risk, now);
    bind_int(&risk, action_id);
    bind_int(&risk, attempt_id);
    int changes = 0;
    enum rc rc = db_run(&risk, &changes, err);
    *ret_seq = 0;
    if (rc != RC_OK || changes != 1)
        return rc;
    int64_t last;
    rc = store_seq(store, &last, err);
    if (rc != RC_OK)
        return rc;
    *ret_seq = last + 1;
    struct query mark = db_query(store, SQL_ATTEMPT_AT_RISK);
    bind_int(&mark, now);
    bind_int(&mark, *ret_seq);
    bind_int(&mark, attempt_id);
    return db_run(&mark, NULL, err);
}

enum rc store_verdict(struct store *store, int64_t action_id, int64_t attempt_id,
                      const struct verdict *v, int64_t now, struct err *err)
{
    /* When somebody cancelled or moved the action after the claim, it is no longer in flight: their
     * word stands, and only the attempt is closed. */
    struct query action = db_query(store, SQL_VERDICT_ACTION);
    bind_text(&action, state_name(v->state));
    bind_word(&action, cause_name(v->cause));
    bind_text(&action, v->reason);
    bind_id(&action, v->next_attempt_at);
    bind_int(&action, v->counts);
    bind_id(&action, v->state == STATE_SENT ? now : 0);
    bind_int(&action, now);
    bind_int(&action, action_id);
    bind_int(&action, attempt_id); /* which is still open: a verdict speaks of its own try alone */
    enum rc rc = db_run(&action, NULL, err);
    if (rc != RC_OK)
        return rc;
    struct query attempt = db_query(store, SQL_VERDICT_ATTEMPT);
    bind_text(&attempt, v->outcome);
    bind_id(&attempt, v->code);
    bind_text(&attempt, v->provider_id);
    bind_text(&attempt, v->reply);
    bind_int(&attempt, now);
    bind_int(&attempt, attempt_id);
    return db_run(&attempt, NULL, err);
}

enum rc store_zones_of_open_work(struct store *store, struct zone_use_list *ret, struct err *err)
{
    struct zone_use_list list = {0};
    struct query q = db_query(store, SQL_ZONES_OF_OPEN_WORK);
    enum rc rc = RC_OK;
    while (db_step(&q, &rc, err) == STEP_ROW) {
        vec_reserve(&list.v, list.n, &list.cap, sizeof *list.v);
        list.v[list.n++] = (struct zone_use){
            .tz = col_text(&q, 0),
            .of_client = col_int(&q, 1) != 0,
            .client_id = col_int(&q, 2),
            .clients = col_int(&q, 3),
        };
    }
    if (rc != RC_OK)
        zone_use_list_fini(&list);
    else
        *ret = list;
    return rc;
}

void zone_use_list_fini(struct zone_use_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        free(list->v[i].tz);
    free(list->v);
    *list = (struct zone_use_list){0};
}

enum rc store_counts(struct store *store, struct store_counts *ret, struct err *err)
{
    struct query q = db_query(store, SQL_COUNTS);
    enum rc rc = RC_INTERNAL;
    if (db_step(&q, &rc, err) != STEP_ROW)
        return rc;
    *ret = (struct store_counts){
        .clients = col_int(&q, 0),
        .occasions = col_int(&q, 1),
        .open_actions = col_int(&q, 2),
        .in_doubt = col_int(&q, 3),
        .failed = col_int(&q, 4),
        .missed = col_int(&q, 5),
        .held = col_int(&q, 6),
    };
    db_end(&q);
    return RC_OK;
}

enum rc store_count_held(struct store *store, int64_t *ret, struct err *err)
{
    struct query q = db_query(store, SQL_COUNT_HELD);
    return db_one_int(&q, ret, err);
}
