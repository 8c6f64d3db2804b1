/* What people want, as rows: their words about being written to, pauses that are over, what is kept back from them, and
 * what another of their address was given. And whose work is whose, for a hand-over. Serves the services of the same
 * subjects and, for the last but one, the tick. */
#include <stdlib.h>

#include <pps/store_wishes.h>
#include <pps/str.h>
#include <pps/token.h>

#include "db.h"

/* ---- consent ---- */

enum rc store_consent_add(struct store *store, const struct consent *c, int64_t *ret_id,
                          struct err *err)
{
    struct query q = db_query(store, SQL_CONSENT_ADD);
    bind_int(&q, c->at);
    bind_text(&q, channel_name(c->channel));
    bind_text(&q, c->address);
    bind_text(&q, c->marketing ? "marketing" : "service");
    if (c->given == GIVEN_NOT_SAID)
        bind_text(&q, NULL);
    else
        bind_int(&q, c->given == GIVEN_YES);
    bind_text(&q, c->source);
    bind_text(&q, c->actor);
    bind_id(&q, c->client_id);
    return db_one_int(&q, ret_id, err);
}

static void row_consent(const struct query *q, struct consent *ret)
{
    char *channel = col_text(q, 2), *purpose = col_text(q, 4);
    bool said = sqlite3_column_type(q->statement, 5) != SQLITE_NULL;
    *ret = (struct consent){
        .id = col_int(q, 0),
        .at = col_int(q, 1),
        .address = col_text(q, 3),
        .marketing = str_eq(purpose, "marketing"),
        .given = !said                ? GIVEN_NOT_SAID
                 : col_int(q, 5) != 0 ? GIVEN_YES
                                      : GIVEN_NO,
        .source = col_text(q, 6),
        .actor = col_text(q, 7),
        .client_id = col_int(q, 8),
    };
    if (channel != NULL)
        (void)channel_from_name(channel, &ret->channel);
    free(channel);
    free(purpose);
}

enum rc store_consent_get(struct store *store, int64_t id, struct consent *ret, struct err *err)
{
    struct query q = db_query(store, SQL_CONSENT_GET);
    bind_int(&q, id);
    enum rc rc = RC_NOTFOUND;
    if (db_step(&q, &rc, err) != STEP_ROW)
        return rc != RC_NOTFOUND ? rc : err_set(err, rc, "that word is not in the database");
    row_consent(&q, ret);
    db_end(&q);
    return RC_OK;
}

/* An address, and by what it is known when it was forgotten; NULL: none. The seal stays the caller's until the query is over,
 * like everything that is bound. */
static void bind_address(struct query *q, const char *address, char seal[SEAL_BYTES])
{
    if (address != NULL)
        address_seal(address, seal);
    bind_text(q, address);
    bind_text(q, address != NULL ? seal : NULL);
}

/* A word that was said by somebody who was forgotten is one about the address that was asked for. */
static void unseal(struct consent *c, const char *email, const char *phone)
{
    const char *asked = c->channel == CHANNEL_EMAIL ? email : phone;
    if (c->address[0] != '#' || asked == NULL)
        return;
    free(c->address);
    c->address = xstrdup(asked);
}

static enum rc read_consents(struct query *q, const char *email, const char *phone,
                             struct consent_list *ret, struct err *err)
{
    struct consent_list list = {0};
    enum rc rc = RC_OK;
    while (db_step(q, &rc, err) == STEP_ROW) {
        vec_reserve(&list.v, list.n, &list.cap, sizeof *list.v);
        row_consent(q, &list.v[list.n]);
        unseal(&list.v[list.n++], email, phone);
    }
    if (rc != RC_OK)
        consent_list_fini(&list);
    else
        *ret = list;
    return rc;
}

enum rc store_consent_list(struct store *store, const char *email, const char *phone,
                           struct consent_list *ret, struct err *err)
{
    char seals[2][SEAL_BYTES];
    struct query q = db_query(store, SQL_CONSENT_LIST);
    bind_address(&q, email, seals[0]);
    bind_address(&q, phone, seals[1]);
    return read_consents(&q, email, phone, ret, err);
}

enum rc store_consents_of_client(struct store *store, const struct client *client,
                                 struct consent_list *ret, struct err *err)
{
    char seals[2][SEAL_BYTES];
    struct query q = db_query(store, SQL_CONSENTS_OF_CLIENT);
    bind_address(&q, client->email, seals[0]);
    bind_address(&q, client->phone, seals[1]);
    bind_int(&q, client->id);
    return read_consents(&q, client->email, client->phone, ret, err);
}

void consent_list_fini(struct consent_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        consent_fini(&list->v[i]);
    free(list->v);
    *list = (struct consent_list){0};
}

enum rc store_consent_last(struct store *store, enum channel channel, const char *address,
                           bool marketing, enum given *ret, struct err *err)
{
    int64_t given = 0;
    char seal[SEAL_BYTES];
    struct query q = db_query(store, SQL_CONSENT_LAST);
    bind_text(&q, channel_name(channel));
    bind_address(&q, address, seal);
    bind_text(&q, marketing ? "marketing" : "service");
    enum rc rc = db_one_int(&q, &given, err);
    *ret = rc != RC_OK || given < 0 ? GIVEN_NOT_SAID : given > 0 ? GIVEN_YES : GIVEN_NO;
    return rc == RC_NOTFOUND ? RC_OK : rc;
}

/* ---- lists of ids ---- */

enum rc store_list_kept_back(struct store *store, int64_t client_id, enum action_state state,
                             enum cause cause, struct id_list *ret, struct err *err)
{
    struct query q = db_query(store, SQL_LIST_KEPT_BACK);
    bind_int(&q, client_id);
    bind_text(&q, state_name(state));
    bind_word(&q, cause_name(cause));
    return db_ids(&q, ret, err);
}

enum rc store_list_pauses_over(struct store *store, civil_day today, struct id_list *ret,
                               struct err *err)
{
    struct query q = db_query(store, SQL_LIST_PAUSES_OVER);
    bind_day(&q, today);
    return db_ids(&q, ret, err);
}

enum rc store_list_things_of(struct store *store, int64_t staff_id, struct id_list *ret,
                             struct err *err)
{
    struct query q = db_query(store, SQL_LIST_THINGS_OF);
    bind_int(&q, staff_id);
    return db_ids(&q, ret, err);
}

enum rc store_list_signed(struct store *store, struct id_list *ret, struct err *err)
{
    struct query q = db_query(store, SQL_LIST_SIGNED);
    return db_ids(&q, ret, err);
}

/* ---- handing over ---- */

enum rc store_list_work_of(struct store *store, int64_t staff_id, civil_day today,
                           struct work_list *ret, struct err *err)
{
    struct work_list list = {0};
    struct query q = db_query(store, SQL_LIST_WORK_OF);
    bind_int(&q, staff_id);
    bind_day(&q, today);
    enum rc rc = RC_OK;
    while (db_step(&q, &rc, err) == STEP_ROW) {
        vec_reserve(&list.v, list.n, &list.cap, sizeof *list.v);
        list.v[list.n++] = (struct work){.id = col_int(&q, 0), .kind = row_kind(&q, 1)};
    }
    if (rc != RC_OK)
        work_list_fini(&list);
    else
        *ret = list;
    return rc;
}

enum rc store_list_trips_of_nobody(struct store *store, civil_day today, struct id_list *ret,
                                   struct err *err)
{
    enum { AFTER_DAYS = 60 }; /* what is left of older ones is long due, and red by itself: the years need not be read */
    struct query q = db_query(store, SQL_LIST_TRIPS_OF_NOBODY);
    bind_day(&q, today - AFTER_DAYS);
    bind_day(&q, today);
    return db_ids(&q, ret, err);
}

void work_list_fini(struct work_list *list)
{
    free(list->v);
    *list = (struct work_list){0};
}

enum rc store_thing_owner(struct store *store, int64_t thing_id, int64_t from, int64_t to,
                          bool *ret_done, struct err *err)
{
    struct query q = db_query(store, SQL_THING_OWNER);
    bind_id(&q, to);
    bind_int(&q, thing_id);
    bind_id(&q, from);
    int changes = 0;
    enum rc rc = db_run(&q, &changes, err);
    *ret_done = rc == RC_OK && changes == 1;
    return rc;
}

/* ---- one person, one message ---- */

enum rc store_shared_with(struct store *store, const struct action *a, const char *recipient,
                          int64_t since, struct twin_list *ret, struct err *err)
{
    struct twin_list list = {0};
    struct query q = db_query(store, SQL_SHARED_WITH);
    bind_text(&q, recipient);
    bind_text(&q, channel_name(a->channel));
    bind_text(&q, a->step);
    bind_int(&q, a->occasion_id);
    bind_int(&q, since);
    enum rc rc = RC_OK;
    while (db_step(&q, &rc, err) == STEP_ROW) {
        vec_reserve(&list.v, list.n, &list.cap, sizeof *list.v);
        list.v[list.n++] =
            (struct twin){.action_id = col_int(&q, 0), .under_way = col_int(&q, 1) != 0};
    }
    if (rc != RC_OK)
        twin_list_fini(&list);
    else
        *ret = list;
    return rc;
}

void twin_list_fini(struct twin_list *list)
{
    free(list->v);
    *list = (struct twin_list){0};
}

/* ---- one person, one call ---- */

enum rc store_calls_of_number(struct store *store, const char *phone, struct number_calls *ret,
                              struct err *err)
{
    struct number_calls list = {0};
    struct query q = db_query(store, SQL_CALLS_OF_NUMBER);
    bind_text(&q, phone);
    enum rc rc = RC_OK;
    while (db_step(&q, &rc, err) == STEP_ROW) {
        vec_reserve(&list.v, list.n, &list.cap, sizeof *list.v);
        struct number_call *call = &list.v[list.n++];
        row_action(&q, 0, &call->action);
        call->departure = col_civil(&q, ACTION_WIDTH);
        call->return_ = col_civil(&q, ACTION_WIDTH + 1);
        call->title = col_text(&q, ACTION_WIDTH + 2);
        call->wrong = col_int(&q, ACTION_WIDTH + 3) != 0;
    }
    if (rc != RC_OK)
        number_calls_fini(&list);
    else
        *ret = list;
    return rc;
}

void number_calls_fini(struct number_calls *list)
{
    for (size_t i = 0; i < list->n; i++) {
        action_fini(&list->v[i].action);
        free(list->v[i].title);
    }
    free(list->v);
    *list = (struct number_calls){0};
}

enum rc store_calls_joined(struct store *store, int64_t action_id, struct id_list *ret,
                           struct err *err)
{
    struct query q = db_query(store, SQL_CALLS_JOINED);
    bind_int(&q, action_id);
    return db_ids(&q, ret, err);
}

enum rc store_also_called(struct store *store, int64_t action_id, char **ret, struct err *err)
{
    struct query q = db_query(store, SQL_ALSO_CALLED);
    bind_int(&q, action_id);
    enum rc rc = RC_OK;
    *ret = NULL;
    if (db_step(&q, &rc, err) != STEP_ROW)
        return rc;
    *ret = col_text(&q, 0);
    db_end(&q);
    return RC_OK;
}
