/* What a use case changed in what is planned for a client: the rows before, the rows after, and the difference. Decides
 * nothing. Serves feedback and complaints, which say at once what follows from them. */
#include <stdlib.h>

#include <pps/colour.h>
#include <pps/str.h>

#include "follows.h"

void before_fini(struct before *before)
{
    actions_fini(&before->actions);
}

/* Moves them behind what is there. */
static void take_all(struct actions *all, struct actions *more)
{
    for (size_t i = 0; i < more->n; i++) {
        vec_reserve(&all->v, all->n, &all->cap, sizeof *all->v);
        all->v[all->n++] = more->v[i];
    }
    more->n = 0;
    actions_fini(more);
}

enum rc before_of_client(const struct desk *desk, int64_t client_id, struct before *ret,
                         struct err *err)
{
    struct occasion_list list;
    struct before before = {0};
    enum rc rc = store_occasions_of_client(desk->store, client_id, &list, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < list.n && rc == RC_OK; i++) {
        struct actions more;
        rc = store_actions_of_occasion(desk->store, list.v[i].id, &more, err);
        if (rc == RC_OK)
            take_all(&before.actions, &more);
    }
    occasion_list_fini(&list);
    if (rc != RC_OK)
        before_fini(&before);
    else
        *ret = before;
    return rc;
}

static const struct action *find(const struct before *before, int64_t id)
{
    for (size_t i = 0; i < before->actions.n; i++) {
        if (before->actions.v[i].id == id)
            return &before->actions.v[i];
    }
    return NULL;
}

/* Takes the action when something about it is new, and leaves an empty one. */
static void compare(const struct before *before, const struct playbook *playbook, struct action *a,
                    struct follows *list)
{
    const struct action *was = find(before, a->id);
    const struct step *step = playbook_step(playbook, a->step);
    const char *was_shown = was != NULL ? action_state_shown(was) : NULL;
    if (str_eq(was_shown, action_state_shown(a)))
        return;
    vec_reserve(&list->v, list->n, &list->cap, sizeof *list->v);
    list->v[list->n++] = (struct follow){.action = *a,
                                         .title = xstrdup(step ? step->title : a->step),
                                         .was = was_shown};
    *a = (struct action){0};
}

static enum rc compare_occasion(const struct desk *desk, int64_t occasion_id,
                                const struct before *before, struct follows *list, struct err *err)
{
    struct occasion_file file;
    enum rc rc = store_occasion_file(desk->store, occasion_id, &file, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < file.actions.n; i++)
        compare(before, file.playbook, &file.actions.v[i], list);
    occasion_file_fini(&file);
    return RC_OK;
}

static int by_time(const void *x, const void *y)
{
    const struct action *a = &((const struct follow *)x)->action;
    const struct action *b = &((const struct follow *)y)->action;
    if (a->due_at != b->due_at)
        return a->due_at < b->due_at ? -1 : 1;
    return (a->id > b->id) - (a->id < b->id);
}

enum rc follows_of_client(const struct desk *desk, int64_t client_id, const struct before *before,
                          struct follows *ret, struct err *err)
{
    struct occasion_list all;
    struct follows list = {0};
    enum rc rc = store_occasions_of_client(desk->store, client_id, &all, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < all.n && rc == RC_OK; i++)
        rc = compare_occasion(desk, all.v[i].id, before, &list, err);
    occasion_list_fini(&all);
    if (rc != RC_OK) {
        follows_fini(&list);
        return rc;
    }
    if (list.n > 0)
        qsort(list.v, list.n, sizeof *list.v, by_time);
    *ret = list;
    return RC_OK;
}

void follows_fini(struct follows *follows)
{
    for (size_t i = 0; i < follows->n; i++) {
        action_fini(&follows->v[i].action);
        free(follows->v[i].title);
    }
    free(follows->v);
    *follows = (struct follows){0};
}
