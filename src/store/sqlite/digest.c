/* The lists of the morning: what became of each. The database itself refuses to change what is settled (digest_is_once), so
 * that no list goes twice whatever asks for it. Serves dispatch/, and doctor and pps digest. */
#include <stdlib.h>

#include <pps/store_digest.h>
#include <pps/str.h>

#include "db.h"

static const char *const state_names[] = {
    [DIGEST_WAITING] = "waiting", [DIGEST_AT_RISK] = "at_risk", [DIGEST_SENT] = "sent",
    [DIGEST_NOTHING] = "nothing", [DIGEST_FAILED] = "failed",   [DIGEST_IN_DOUBT] = "in_doubt",
};
enum { STATES = sizeof state_names / sizeof *state_names };

const char *digest_state_name(enum digest_state state)
{
    return state_names[state];
}

void digest_fate_fini(struct digest_fate *fate)
{
    free(fate->reply);
    *fate = (struct digest_fate){0};
}

void digest_fates_fini(struct digest_fates *fates)
{
    for (size_t i = 0; i < fates->n; i++)
        digest_fate_fini(&fates->v[i]);
    free(fates->v);
    *fates = (struct digest_fates){0};
}

/* Held to its CHECK: another word is damage, which store_check finds, and is taken for what is never repeated. */
static enum digest_state col_digest_state(const struct query *q, int i)
{
    for (int s = 0; s < STATES; s++) {
        if (str_eq(col_word(q, i), state_names[s]))
            return (enum digest_state)s;
    }
    return DIGEST_IN_DOUBT;
}

static void row_digest(const struct query *q, struct digest_fate *ret)
{
    *ret = (struct digest_fate){.staff_id = col_int(q, 0),
                                .day = col_day(q, 1),
                                .state = col_digest_state(q, 2),
                                .tries = (int)col_int(q, 3),
                                .next_at = col_int(q, 4),
                                .risk_at = col_int(q, 5),
                                .done_at = col_int(q, 6),
                                .seq = col_int(q, 7),
                                .reply = col_text(q, 8)};
}

enum rc store_digest_get(struct store *store, int64_t staff_id, civil_day day,
                         struct digest_fate *ret, struct err *err)
{
    enum rc rc = RC_NOTFOUND;
    struct query q = db_query(store, SQL_DIGEST_GET);
    bind_int(&q, staff_id);
    bind_day(&q, day);
    if (db_step(&q, &rc, err) != STEP_ROW)
        return rc;
    row_digest(&q, ret);
    db_end(&q);
    return RC_OK;
}

enum rc store_digest_at_risk(struct store *store, int64_t staff_id, civil_day day, int64_t now,
                             int64_t *ret_seq, struct err *err)
{
    int64_t last;
    int changes = 0;
    *ret_seq = 0;
    enum rc rc = store_seq(store, &last, err);
    if (rc != RC_OK)
        return rc;
    struct query q = db_query(store, SQL_DIGEST_AT_RISK);
    bind_int(&q, staff_id);
    bind_day(&q, day);
    bind_int(&q, now);
    bind_int(&q, last + 1);
    rc = db_run(&q, &changes, err);
    if (rc == RC_OK && changes == 1)
        *ret_seq = last + 1;
    return rc;
}

enum rc store_digest_put(struct store *store, const struct digest_fate *fate, struct err *err)
{
    struct query q = db_query(store, SQL_DIGEST_PUT);
    bind_int(&q, fate->staff_id);
    bind_day(&q, fate->day);
    bind_text(&q, digest_state_name(fate->state));
    bind_int(&q, fate->tries);
    bind_id(&q, fate->next_at); /* 0: it does not wait, which is NULL */
    bind_id(&q, fate->done_at);
    bind_text(&q, fate->reply);
    return db_run(&q, NULL, err);
}

static enum rc list(struct store *store, enum sql sql, struct digest_fates *ret, struct err *err)
{
    struct digest_fates fates = {0};
    enum rc rc = RC_OK;
    struct query q = db_query(store, sql);
    while (db_step(&q, &rc, err) == STEP_ROW) {
        vec_reserve(&fates.v, fates.n, &fates.cap, sizeof *fates.v);
        row_digest(&q, &fates.v[fates.n++]);
    }
    if (rc == RC_OK)
        *ret = fates;
    else
        digest_fates_fini(&fates);
    return rc;
}

enum rc store_digests_at_risk(struct store *store, struct digest_fates *ret, struct err *err)
{
    return list(store, SQL_DIGESTS_AT_RISK, ret, err);
}

enum rc store_digests_last(struct store *store, struct digest_fates *ret, struct err *err)
{
    return list(store, SQL_DIGESTS_LAST, ret, err);
}
