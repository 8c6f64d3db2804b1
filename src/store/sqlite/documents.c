/* Documents: the files themselves, and which message carries which. */
#include <stdlib.h>
#include <string.h>

#include <pps/store_documents.h>
#include <pps/str.h>

#include "db.h"

/* The unique index is the judge, so that two who add at once cannot both succeed. */
static enum rc say_same_name(enum rc rc, const struct document *d, struct err *err)
{
    if (rc != RC_EXISTS)
        return rc;
    return err_set(err, rc,
                   "there is a document \"%s\" with %s already: give this one another --name",
                   d->name, d->step);
}

enum rc store_document_add(struct store *store, const struct document *d, const char *bytes,
                           int64_t *ret_id, struct err *err)
{
    struct query q = db_query(store, SQL_DOCUMENT_ADD);
    bind_int(&q, d->occasion_id);
    bind_text(&q, d->step);
    bind_text(&q, d->name);
    bind_text(&q, d->type);
    bind_int(&q, d->added_at);
    bind_blob(&q, bytes, (size_t)d->size);
    return say_same_name(db_one_int(&q, ret_id, err), d, err);
}

enum rc store_document_update(struct store *store, const struct document *d, struct err *err)
{
    struct query q = db_query(store, SQL_DOCUMENT_UPDATE);
    bind_text(&q, d->step);
    bind_id(&q, d->dropped_at); /* 0: it was not, which is NULL */
    bind_int(&q, d->id);
    return say_same_name(db_run(&q, NULL, err), d, err);
}

static enum action_state col_state(const struct query *q, int i)
{
    enum action_state state =
        STATE_CANCELLED; /* held to its CHECK: anything else is damage, which store_check finds */
    const char *name = col_word(q, i);
    if (name != NULL)
        (void)state_from_name(name, &state);
    return state;
}

static void row_document(const struct query *q, struct document_row *ret)
{
    const char *channel = col_word(q, 20);
    *ret = (struct document_row){
        .document = {.id = col_int(q, 0),
                     .occasion_id = col_int(q, 1),
                     .step = col_text(q, 2),
                     .name = col_text(q, 3),
                     .type = col_text(q, 4),
                     .size = col_int(q, 5),
                     .added_at = col_int(q, 6),
                     .dropped_at = col_int(q, 7)},
        .occasion = {.id = col_int(q, 1),
                     .kind = row_kind(q, 8),
                     .client_id = col_int(q, 9),
                     .title = col_text(q, 10),
                     .ended = col_int(q, 11) != 0},
        .client_name = col_text(q, 12),
        .manager = col_text(q, 13),
        .carrier_step = col_text(q, 14),
        .carrier = col_state(q, 15),
        .perhaps = col_int(q, 16) != 0,
        .bearer_id = col_int(q, 17),
        .bearer_step = col_text(q, 18),
        .bearer = col_state(q, 19),
        .bearer_reason = col_text(q, 21),
        .words_lost = col_int(q, 22) != 0,
    };
    occasion_clear_dates(&ret->occasion);
    if (channel != NULL)
        (void)channel_from_name(channel, &ret->bearer_channel);
}

enum rc store_document_get(struct store *store, int64_t id, struct document_row *ret,
                           struct err *err)
{
    struct query q = db_query(store, SQL_DOCUMENT_GET);
    bind_int(&q, id);
    enum rc rc = RC_NOTFOUND;
    if (db_step(&q, &rc, err) != STEP_ROW)
        return rc != RC_NOTFOUND
                   ? rc
                   : err_set(err, rc, "there is no D%lld: pps attach TRIP lists those of a trip",
                             (long long)id);
    row_document(&q, ret);
    db_end(&q);
    return RC_OK;
}

enum rc store_document_bytes(struct store *store, int64_t id, char **ret_bytes, size_t *ret_len,
                             struct err *err)
{
    struct query q = db_query(store, SQL_DOCUMENT_BYTES);
    bind_int(&q, id);
    enum rc rc = RC_NOTFOUND;
    if (db_step(&q, &rc, err) != STEP_ROW)
        return rc != RC_NOTFOUND ? rc : err_set(err, rc, "there is no D%lld", (long long)id);
    size_t len;
    const char *bytes = col_blob(&q, 0, &len);
    char *copy = xcalloc(len + 1, 1);
    memcpy(copy, bytes, len);
    db_end(&q);
    *ret_bytes = copy;
    *ret_len = len;
    return RC_OK;
}

enum rc store_documents(struct store *store, int64_t occasion_id, int64_t manager_id,
                        struct document_rows *ret, struct err *err)
{
    struct document_rows list = {0};
    struct query q =
        db_query(store, occasion_id != 0 ? SQL_DOCUMENTS_OF_OCCASION : SQL_DOCUMENTS_OPEN);
    bind_id(&q, occasion_id != 0 ? occasion_id : manager_id);
    enum rc rc = RC_OK;
    while (db_step(&q, &rc, err) == STEP_ROW) {
        vec_reserve(&list.v, list.n, &list.cap, sizeof *list.v);
        row_document(&q, &list.v[list.n++]);
    }
    if (rc != RC_OK)
        document_rows_fini(&list);
    else
        *ret = list;
    return rc;
}

enum rc store_message_carries(struct store *store, int64_t action_id, int64_t document_id,
                              struct err *err)
{
    struct query q = db_query(store, SQL_MESSAGE_CARRIES);
    bind_int(&q, action_id);
    bind_int(&q, document_id);
    return db_run(&q, NULL, err);
}
