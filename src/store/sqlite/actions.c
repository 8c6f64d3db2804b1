/* Actions: planned, changed by people, listed for people. What the tick does to them is in
 * engine.c. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "db.h"

static void bind_schedule(struct query *q, const struct action *a)
{
    bind_civil(q, a->local_due);
    bind_text(q, a->tz);
    bind_int(q, a->due_at);
    bind_id(q, a->expires_at);
    bind_int(q, a->next_attempt_at);
    bind_text(q, a->fallback_at ? channel_name(a->fallback_channel) : NULL);
    bind_id(q, a->fallback_at);
    bind_text(q, a->merged_into);
    bind_civil(q, a->anchor_at);
    bind_civil(q, a->moved_to);
    bind_id(q, a->approved_at);
    bind_id(q, a->held_at);
}

enum rc store_action_add(struct store *store, const struct action *a, int64_t now, int64_t *ret_id,
                         struct err *err)
{
    struct query q = db_query(store, SQL_ACTION_ADD);
    bind_int(&q, a->occasion_id);
    bind_text(&q, a->step);
    bind_int(&q, a->occurrence);
    bind_text(&q, channel_name(a->channel));
    bind_text(&q, channel_name(a->planned_channel));
    bind_text(&q, state_name(a->state));
    bind_word(&q, cause_name(a->cause));
    bind_text(&q, a->reason);
    bind_schedule(&q, a);
    bind_int(&q, a->priority);
    bind_int(&q, now);
    return db_one_int(&q, ret_id, err);
}

static enum rc one_action(struct query *q, struct action *ret, struct err *err)
{
    enum rc rc = RC_NOTFOUND;
    if (db_step(q, &rc, err) != STEP_ROW)
        return rc;
    row_action(q, 0, ret);
    db_end(q);
    return RC_OK;
}

enum rc store_action_get(struct store *store, int64_t id, struct action *ret, struct err *err)
{
    struct query q = db_query(store, SQL_ACTION_GET);
    bind_int(&q, id);
    enum rc rc = one_action(&q, ret, err);
    return rc != RC_NOTFOUND
               ? rc
               : err_set(err, rc, "there is no action A%lld: pps timeline TRIP lists them",
                         (long long)id);
}

enum rc store_action_by_step(struct store *store, int64_t occasion_id, const char *step, int occurrence,
                             struct action *ret, struct err *err)
{
    struct query q = db_query(store, SQL_ACTION_BY_STEP);
    bind_int(&q, occasion_id);
    bind_text(&q, step);
    bind_int(&q, occurrence);
    enum rc rc = one_action(&q, ret, err);
    return rc != RC_NOTFOUND
               ? rc
               : err_set(err, rc, "number %lld has no step \"%.60s\"", (long long)occasion_id, step);
}

enum rc store_actions_of_occasion(struct store *store, int64_t occasion_id, struct actions *ret,
                              struct err *err)
{
    struct actions list = {0};
    struct query q = db_query(store, SQL_ACTIONS_OF_OCCASION);
    bind_int(&q, occasion_id);
    enum rc rc = RC_OK;
    while (db_step(&q, &rc, err) == STEP_ROW) {
        vec_reserve(&list.v, list.n, &list.cap, sizeof *list.v);
        row_action(&q, 0, &list.v[list.n++]);
    }
    if (rc != RC_OK)
        actions_fini(&list);
    else
        *ret = list;
    return rc;
}

enum rc store_action_update(struct store *store, const struct action *a, enum action_state was,
                            int64_t now, struct err *err)
{
    struct query q = db_query(store, SQL_ACTION_UPDATE);
    bind_text(&q, channel_name(a->channel));
    bind_text(&q, channel_name(a->planned_channel));
    bind_text(&q, state_name(a->state));
    bind_word(&q, cause_name(a->cause));
    bind_text(&q, a->reason);
    bind_schedule(&q, a);
    bind_int(&q, a->attempts);
    bind_text(&q, a->outcome);
    bind_text(&q, a->note);
    bind_id(&q, a->done_at);
    bind_text(&q, a->done_by);
    bind_int(&q, a->priority);
    bind_int(&q, a->stale);
    bind_int(&q, now);
    bind_id(&q, a->was_due_at);
    bind_int(&q, a->id);
    bind_text(&q, state_name(was));
    int changes = 0;
    enum rc rc = db_run(&q, &changes, err);
    if (rc == RC_OK && changes != 1)
        rc = err_set(err, RC_BUSY, "action A%lld was changed by somebody else just now: look again",
                     (long long)a->id);
    return rc;
}

enum rc store_message_forget(struct store *store, int64_t action_id, struct err *err)
{
    struct query q = db_query(store, SQL_MESSAGE_FORGET);
    bind_int(&q, action_id);
    return db_run(&q, NULL, err);
}

enum rc store_actions_mark_stale(struct store *store, int64_t occasion_id, struct err *err)
{
    struct query q = db_query(store, SQL_ACTIONS_MARK_STALE);
    bind_int(&q, occasion_id);
    return db_run(&q, NULL, err);
}

enum rc store_actions_end(struct store *store, int64_t occasion_id, const char *reason,
                                  int64_t now, int *ret_count, struct err *err)
{
    struct query q = db_query(store, SQL_ACTIONS_END);
    bind_text(&q, reason);
    bind_int(&q, now);
    bind_int(&q, occasion_id);
    return db_run(&q, ret_count, err);
}

/* ---- the agenda ---- */

static enum rc agenda_rows(struct query *q, struct agenda *list, struct err *err)
{
    enum rc rc = RC_OK;
    while (db_step(q, &rc, err) == STEP_ROW) {
        vec_reserve(&list->v, list->n, &list->cap, sizeof *list->v);
        struct agenda_row *row = &list->v[list->n++];
        row_action(q, 0, &row->action);
        row->client_id = col_int(q, ACTION_WIDTH);
        row->client_name = col_text(q, ACTION_WIDTH + 1);
        row->client_phone = col_text(q, ACTION_WIDTH + 2);
        row->client_email = col_text(q, ACTION_WIDTH + 3);
        row->kind = row_kind(q, ACTION_WIDTH + 4);
        row->title = col_text(q, ACTION_WIDTH + 5);
        row->departure = col_civil(q, ACTION_WIDTH + 6);
        row->return_ = col_civil(q, ACTION_WIDTH + 7);
        row->playbook_version = col_int(q, ACTION_WIDTH + 8);
        row->manager = col_text(q, ACTION_WIDTH + 9);
        row->client_tz = col_text(q, ACTION_WIDTH + 10);
        row->also = col_text(q, ACTION_WIDTH + 11);
        row->heed = (struct heed){.paused_until = CIVIL_NONE};
    }
    return rc;
}

static int compare_rows(const void *a, const void *b)
{
    const struct agenda_row *x = a, *y = b;
    if (!str_eq(x->manager, y->manager)) {
        if (x->manager == NULL || y->manager == NULL)
            return x->manager == NULL ? -1 : 1;
        return strcmp(x->manager, y->manager);
    }
    if (x->action.local_due.day != y->action.local_due.day)
        return x->action.local_due.day < y->action.local_due.day ? -1 : 1;
    if (x->action.local_due.minute != y->action.local_due.minute)
        return x->action.local_due.minute < y->action.local_due.minute ? -1 : 1;
    return x->action.id < y->action.id ? -1 : 1;
}

enum rc store_agenda(struct store *store, const struct agenda_query *query, struct agenda *ret,
                     struct err *err)
{
    struct agenda list = {0};
    /* Times follow dates in the text, so "before tomorrow" is everything due today. */
    civil_day before = query->red_only ? query->today : query->today + 1;
    struct query due = db_query(store, SQL_AGENDA_DUE);
    bind_day(&due, before);
    bind_int(&due, query->human_only);
    bind_id(&due, query->manager_id);
    enum rc rc = agenda_rows(&due, &list, err);
    if (rc == RC_OK) {
        struct query red = db_query(store, SQL_AGENDA_RED);
        bind_day(&red, before);
        bind_int(&red, query->human_only);
        bind_id(&red, query->manager_id);
        rc = agenda_rows(&red, &list, err);
    }
    if (rc == RC_OK && query->saved) {
        struct query saved = db_query(store, SQL_AGENDA_SAVED);
        bind_day(&saved, query->today);
        bind_id(&saved, query->manager_id);
        rc = agenda_rows(&saved, &list, err);
    }
    if (rc == RC_OK && !query->human_only) {
        struct query promised = db_query(store, SQL_AGENDA_PROMISED);
        bind_day(&promised, query->today);
        bind_id(&promised, query->manager_id);
        rc = agenda_rows(&promised, &list, err);
    }
    if (rc != RC_OK) {
        agenda_fini(&list);
        return rc;
    }
    if (list.n > 0)
        qsort(list.v, list.n, sizeof *list.v, compare_rows);
    *ret = list;
    return RC_OK;
}

void agenda_fini(struct agenda *agenda)
{
    for (size_t i = 0; i < agenda->n; i++) {
        struct agenda_row *row = &agenda->v[i];
        action_fini(&row->action);
        free(row->client_name);
        free(row->client_phone);
        free(row->client_email);
        free(row->title);
        free(row->manager);
        free(row->client_tz);
        free(row->also);
    }
    free(agenda->v);
    *agenda = (struct agenda){0};
}
