/* From what people type to rows: C12, T34, A156, T34/preflight, a phone number, or the words of a
 * name. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>
#include <pps/utf8.h>

#include "internal.h"

enum { MAX_WORDS = 4, CANDIDATES = 6, NAME_COLUMNS = 40 };

/* "C3 Мария Иванова, C8 Мария Петрова" */
static char *name_candidates(const struct client_list *list)
{
    struct sb sb = {0};
    for (size_t i = 0; i < list->n && i + 1 < CANDIDATES; i++) {
        char *safe = utf8_printable(list->v[i].name, true);
        sb_addf(&sb, "%sC%lld %.*s", i ? ", " : "", (long long)list->v[i].id,
                (int)utf8_prefix_bytes(safe, NAME_COLUMNS), safe);
        free(safe);
    }
    if (list->n >= CANDIDATES)
        sb_add(&sb, " …");
    return sb_take(&sb);
}

static enum rc client_by_words(const struct desk *desk, const char *words, struct client_list *ret,
                               struct err *err)
{
    char *copy = xstrdup(words), *save = NULL;
    const char *list[MAX_WORDS];
    size_t n = 0;
    /* A phone number is one word, however it is spaced. */
    if (strspn(words, "+0123456789 ()-.") == strlen(words)) {
        list[n++] = copy;
    } else {
        for (char *w = strtok_r(copy, " \t", &save); w && n < MAX_WORDS;
             w = strtok_r(NULL, " \t", &save))
            list[n++] = w;
    }
    enum rc rc = RC_OK;
    if (n == 0)
        *ret = (struct client_list){0};
    else
        rc = store_client_find(desk->store, list, n, CANDIDATES, ret, err);
    free(copy);
    return rc;
}

enum rc lookup_client(const struct desk *desk, const char *words, int64_t *ret_id, struct err *err)
{
    if (id_parse_exact(words, 'C', ret_id)) {
        struct client client;
        enum rc rc = store_client_get(desk->store, *ret_id, &client, err);
        if (rc == RC_OK)
            client_fini(&client);
        return rc;
    }
    struct client_list list = {0};
    bool blank = strspn(words, " \t") == strlen(words); /* would fit everybody */
    enum rc rc = blank ? RC_OK : store_client_by_external_id(desk->store, words, &list, err);
    if (rc == RC_OK && list.n == 0 && !blank) {
        client_list_fini(&list);
        rc = client_by_words(desk, words, &list, err);
    }
    if (rc != RC_OK)
        return rc;
    char *safe = utf8_printable(words, true);
    if (list.n == 1) {
        *ret_id = list.v[0].id;
    } else if (list.n == 0) {
        rc = err_set(err, RC_NOTFOUND, "no client fits \"%.80s\": look for them with pps find",
                     safe);
    } else {
        char *candidates = name_candidates(&list);
        rc = err_set(err, RC_INVALID, "\"%.80s\" fits several clients, say which: %s", safe,
                     candidates);
        free(candidates);
    }
    free(safe);
    client_list_fini(&list);
    return rc;
}

/* The client's only trip that is neither cancelled nor long over. */
static enum rc trip_of_client(const struct desk *desk, int64_t client_id, int64_t *ret_id,
                              struct err *err)
{
    enum { OVER_AFTER_DAYS = 60 };
    struct occasion_list occasions;
    enum rc rc = store_occasions_of_client(desk->store, client_id, &occasions, err);
    if (rc != RC_OK)
        return rc;
    struct sb sb = {0};
    size_t n = 0;
    for (size_t i = 0; i < occasions.n; i++) {
        const struct occasion *t = &occasions.v[i];
        if (t->ended || t->when[ANCHOR_RETURN].day + OVER_AFTER_DAYS < desk_today(desk))
            continue;
        char day[CIVIL_TEXT_BYTES];
        civil_format_people(t->when[ANCHOR_DEPARTURE].day, day);
        *ret_id = t->id;
        sb_addf(&sb, "%sT%lld %s", n++ ? ", " : "", (long long)t->id, day);
    }
    if (n == 0)
        rc = err_set(err, RC_NOTFOUND, "C%lld has no current trip: pps show C%lld lists all",
                     (long long)client_id, (long long)client_id);
    else if (n > 1)
        rc = err_set(err, RC_INVALID, "C%lld has several trips, say which: %s",
                     (long long)client_id, sb_str(&sb));
    sb_fini(&sb);
    occasion_list_fini(&occasions);
    return rc;
}

enum rc lookup_trip(const struct desk *desk, const char *words, int64_t *ret_id, struct err *err)
{
    if (id_parse_exact(words, 'T', ret_id)) {
        struct occasion occasion;
        enum rc rc = store_occasion_get(desk->store, *ret_id, &occasion, err);
        if (rc == RC_OK)
            occasion_fini(&occasion);
        return rc;
    }
    int64_t client_id;
    enum rc rc = lookup_client(desk, words, &client_id, err);
    return rc == RC_OK ? trip_of_client(desk, client_id, ret_id, err) : rc;
}

/* "T34/preflight": the last occurrence of the step. */
static enum rc action_of_step(const struct desk *desk, const char *words, const char *slash,
                              struct action *ret, struct err *err)
{
    char *trip_words = xstrndup(words, (size_t)(slash - words));
    int64_t occasion_id;
    enum rc rc = lookup_trip(desk, trip_words, &occasion_id, err);
    free(trip_words);
    if (rc != RC_OK)
        return rc;
    struct actions all;
    rc = store_actions_of_occasion(desk->store, occasion_id, &all, err);
    if (rc != RC_OK)
        return rc;
    size_t found = all.n;
    for (size_t i = 0; i < all.n; i++) {
        if (str_eq(all.v[i].step, slash + 1) &&
            (found == all.n || all.v[i].occurrence > all.v[found].occurrence))
            found = i;
    }
    if (found == all.n) {
        const char **steps = xcalloc(all.n, sizeof *steps);
        for (size_t i = 0; i < all.n; i++)
            steps[i] = all.v[i].step;
        const char *near = str_nearest(slash + 1, steps, all.n);
        char *safe = utf8_printable(slash + 1, true);
        rc = near ? err_set(err, RC_NOTFOUND, "trip T%lld has no step \"%.60s\": did you mean %s?",
                            (long long)occasion_id, safe, near)
                  : err_set(err, RC_NOTFOUND,
                            "trip T%lld has no step \"%.60s\": pps timeline T%lld lists them",
                            (long long)occasion_id, safe, (long long)occasion_id);
        free(safe);
        free(steps);
    } else {
        *ret = all.v[found];
        all.v[found] = (struct action){0};
    }
    actions_fini(&all);
    return rc;
}

enum rc lookup_action(const struct desk *desk, const char *words, struct action *ret,
                      struct err *err)
{
    int64_t id;
    const char *slash = strchr(words, '/');
    if (slash != NULL)
        return action_of_step(desk, words, slash, ret, err);
    if (id_parse(words, 'A', &id))
        return store_action_get(desk->store, id, ret, err);
    char *safe = utf8_printable(words, true);
    enum rc rc = err_set(err, RC_INVALID,
                         "\"%.60s\" does not name an action: write A156, or T34/preflight", safe);
    free(safe);
    return rc;
}

/* ---- a case: an action with everything around it ---- */

enum rc case_open(const struct desk *desk, const char *words, struct case_file *ret,
                  struct err *err)
{
    struct action action;
    struct occasion_file occasion;
    enum rc rc = lookup_action(desk, words, &action, err);
    if (rc != RC_OK)
        return rc;
    rc = store_occasion_file(desk->store, action.occasion_id, &occasion, err);
    if (rc != RC_OK) {
        action_fini(&action);
        return rc;
    }
    actions_fini(&occasion.actions);
    *ret = (struct case_file){
        .action = action,
        .occasion = occasion.occasion,
        .client = occasion.client,
        .manager = occasion.manager,
        .playbook = occasion.playbook,
    };
    ret->step = playbook_step(&ret->playbook, ret->action.step);
    return RC_OK;
}

void case_fini(struct case_file *f)
{
    action_fini(&f->action);
    occasion_fini(&f->occasion);
    client_fini(&f->client);
    staff_fini(&f->manager);
    playbook_fini(&f->playbook);
}
