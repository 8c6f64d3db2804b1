/* From what people type to rows: C12, T34, A156, T34/preflight, a phone number, or the words of a
 * name. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>
#include <pps/token.h>
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

static enum rc client_by_token(const struct desk *desk, const char *words, bool *ret_found,
                               int64_t *ret_id, struct err *err)
{
    struct token_said said;
    enum rc rc = lookup_token(desk, words, &said, err);
    if (rc != RC_OK)
        return rc;
    *ret_found = said.there;
    if (said.there)
        *ret_id = said.client_id;
    token_said_fini(&said);
    return RC_OK;
}

static enum rc no_such_client(const char *words, struct err *err)
{
    char token[TOKEN_BYTES], *safe = utf8_printable(words, true);
    bool whole;
    enum rc rc =
        token_spot(words, token, &whole)
            ? err_set(err, RC_NOTFOUND, "no client fits \"%.80s\": %s is not whole, copy all of it",
                      safe, token)
            : err_set(err, RC_NOTFOUND, "no client fits \"%.80s\": look for them with pps find",
                      safe);
    free(safe);
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
        bool found;
        rc = client_by_token(desk, words, &found, ret_id, err);
        if (rc != RC_OK || found)
            return rc;
        rc = client_by_words(desk, words, &list, err);
    }
    if (rc != RC_OK)
        return rc;
    char *safe = utf8_printable(words, true);
    if (list.n == 1) {
        *ret_id = list.v[0].id;
    } else if (list.n == 0) {
        rc = no_such_client(words, err);
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

/* Not long over: what people mean when they name only the client. */
static bool is_current(const struct desk *desk, const struct occasion *o)
{
    enum { OVER_AFTER_DAYS = 60 };
    return !o->ended && (o->kind != KIND_TRIP ||
                         o->when[ANCHOR_RETURN].day + OVER_AFTER_DAYS >= desk_today(desk));
}

/* The client's only occasion of this kind that is neither ended nor long over. */
static enum rc current_of_client(const struct desk *desk, int64_t client_id, enum kind kind,
                                 int64_t *ret_id, struct err *err)
{
    struct occasion_list occasions;
    enum rc rc = store_occasions_of_client(desk->store, client_id, &occasions, err);
    if (rc != RC_OK)
        return rc;
    struct sb sb = {0};
    size_t n = 0;
    for (size_t i = 0; i < occasions.n; i++) {
        const struct occasion *o = &occasions.v[i];
        if (o->kind != kind || !is_current(desk, o))
            continue;
        char day[CIVIL_TEXT_BYTES], id[ID_TEXT_BYTES];
        civil_format_people(occasion_day(o), day);
        occasion_id_format(o->kind, o->id, id);
        *ret_id = o->id;
        sb_addf(&sb, "%s%s %s", n++ ? ", " : "", id, day);
    }
    if (n == 0)
        rc = err_set(err, RC_NOTFOUND, "C%lld has no current %s: pps show C%lld lists all",
                     (long long)client_id, kind_words(kind), (long long)client_id);
    else if (n > 1)
        rc = err_set(err, RC_INVALID, "C%lld has more than one %s, say which: %s",
                     (long long)client_id, kind_words(kind), sb_str(&sb));
    sb_fini(&sb);
    occasion_list_fini(&occasions);
    return rc;
}

/* Is there one with this number, and is it of this kind? */
static enum rc check_kind(const struct desk *desk, enum kind kind, int64_t id, struct err *err)
{
    struct occasion o;
    char typed[ID_TEXT_BYTES], real[ID_TEXT_BYTES];
    struct err why;
    occasion_id_format(kind, id, typed);
    enum rc rc = store_occasion_get(desk->store, id, &o, &why);
    if (rc == RC_NOTFOUND)
        return err_set(err, rc, "there is no %s %s: look for it with pps find", kind_words(kind),
                       typed);
    if (rc != RC_OK)
        return err_set(err, rc, "%s", why.message);
    occasion_id_format(o.kind, id, real);
    if (o.kind != kind)
        rc = err_set(err, RC_NOTFOUND, "there is no %s %s: number %lld is a %s, %s",
                     kind_words(kind), typed, (long long)id, kind_words(o.kind), real);
    occasion_fini(&o);
    return rc;
}

enum rc lookup_kind(const struct desk *desk, enum kind kind, const char *words, int64_t *ret_id,
                    struct err *err)
{
    enum kind typed;
    if (occasion_id_parse(words, &typed, ret_id)) {
        enum rc rc = check_kind(desk, typed, *ret_id, err);
        return rc != RC_OK || typed == kind
                   ? rc
                   : err_set(err, RC_INVALID, "%s is a %s, and a %s is needed here", words,
                             kind_words(typed), kind_words(kind));
    }
    int64_t client_id;
    enum rc rc = lookup_client(desk, words, &client_id, err);
    return rc == RC_OK ? current_of_client(desk, client_id, kind, ret_id, err) : rc;
}

enum rc lookup_trip(const struct desk *desk, const char *words, int64_t *ret_id, struct err *err)
{
    return lookup_kind(desk, KIND_TRIP, words, ret_id, err);
}

enum rc lookup_occasion(const struct desk *desk, const char *words, int64_t *ret_id,
                        struct err *err)
{
    enum kind typed;
    if (occasion_id_parse(words, &typed, ret_id))
        return check_kind(desk, typed, *ret_id, err);
    return lookup_trip(desk, words, ret_id, err);
}

static enum rc no_such_step(const struct actions *all, const char *occasion, const char *step,
                            struct err *err)
{
    const char **steps = xcalloc(all->n, sizeof *steps);
    for (size_t i = 0; i < all->n; i++)
        steps[i] = all->v[i].step;
    const char *near = str_nearest(step, steps, all->n);
    char *safe = utf8_printable(step, true);
    enum rc rc =
        near ? err_set(err, RC_NOTFOUND, "%s has no step \"%.60s\": did you mean %s?", occasion,
                       safe, near)
             : err_set(err, RC_NOTFOUND, "%s has no step \"%.60s\": pps timeline %s lists them",
                       occasion, safe, occasion);
    free(safe);
    free(steps);
    return rc;
}

/* "T34/preflight": the last occurrence of the step. */
static enum rc action_of_step(const struct desk *desk, const char *words, const char *slash,
                              struct action *ret, struct err *err)
{
    char *before = xstrndup(words, (size_t)(slash - words)), id[ID_TEXT_BYTES];
    int64_t occasion_id;
    struct occasion occasion;
    struct actions all;
    enum rc rc = lookup_occasion(desk, before, &occasion_id, err);
    free(before);
    if (rc == RC_OK)
        rc = store_occasion_get(desk->store, occasion_id, &occasion, err);
    if (rc != RC_OK)
        return rc;
    occasion_id_format(occasion.kind, occasion_id, id);
    occasion_fini(&occasion);
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
        rc = no_such_step(&all, id, slash + 1, err);
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
    struct token_said said;
    enum rc rc = lookup_token(desk, words, &said, err);
    if (rc != RC_OK)
        return rc;
    if (said.returned) {
        *ret = said.action;
        return RC_OK;
    }
    token_said_fini(&said);
    enum kind kind;
    if (occasion_id_parse(words, &kind, &id))
        return err_set(err, RC_INVALID,
                       "\"%.60s\" does not name an action: pps timeline %.60s lists them", words,
                       words);
    char *safe = utf8_printable(words, true);
    rc = err_set(err, RC_INVALID, "\"%.60s\" does not name an action: write A156, or T34/preflight",
                 safe);
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
    ret->step = playbook_step(ret->playbook, ret->action.step);
    return RC_OK;
}

void case_fini(struct case_file *f)
{
    action_fini(&f->action);
    occasion_fini(&f->occasion);
    client_fini(&f->client);
    staff_fini(&f->manager);
}

char *lookup_login(const struct desk *desk, int64_t staff_id)
{
    struct staff staff;
    struct err ignored;
    if (staff_id == 0 || store_staff_get(desk->store, staff_id, &staff, &ignored) != RC_OK)
        return NULL;
    char *login = xstrdup(staff.login);
    staff_fini(&staff);
    return login;
}
