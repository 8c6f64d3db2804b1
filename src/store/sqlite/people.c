/* Settings, staff and clients. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>
#include <pps/utf8.h>

#include "db.h"

enum rc store_setting_get(struct store *store, const char *key, char **ret_value, struct err *err)
{
    struct query q = db_query(store, SQL_SETTING_GET);
    bind_text(&q, key);
    enum rc rc = RC_OK;
    char *value = NULL;
    if (db_step(&q, &rc, err) == STEP_ROW) {
        value = col_text(&q, 0);
        db_end(&q);
    }
    if (rc == RC_OK)
        *ret_value = value;
    return rc;
}

enum rc store_setting_set(struct store *store, const char *key, const char *value, struct err *err)
{
    struct query q = db_query(store, SQL_SETTING_SET);
    bind_text(&q, key);
    bind_word(&q, value);
    return db_run(&q, NULL, err);
}

/* Says in people's words which unique thing is there already. */
static enum rc taken_or(enum rc rc, const char *what, struct err *err)
{
    return rc == RC_EXISTS ? err_set(err, rc, "the %s is taken: nothing was changed", what) : rc;
}

/* ---- staff ---- */

enum rc store_staff_add(struct store *store, const struct staff *staff, int64_t *ret_id,
                        struct err *err)
{
    struct query q = db_query(store, SQL_STAFF_ADD);
    bind_text(&q, staff->login);
    bind_text(&q, staff->name);
    bind_text(&q, role_name(staff->role));
    bind_text(&q, staff->position);
    bind_text(&q, staff->email);
    bind_text(&q, staff->phone);
    return taken_or(db_one_int(&q, ret_id, err), "login", err);
}

enum rc store_staff_update(struct store *store, const struct staff *staff, struct err *err)
{
    struct query q = db_query(store, SQL_STAFF_UPDATE);
    bind_text(&q, staff->name);
    bind_text(&q, role_name(staff->role));
    bind_text(&q, staff->position);
    bind_text(&q, staff->email);
    bind_text(&q, staff->phone);
    bind_int(&q, staff->active);
    bind_int(&q, staff->id);
    return db_run(&q, NULL, err);
}

static enum rc one_staff(struct query *q, struct staff *ret, struct err *err)
{
    enum rc rc = RC_NOTFOUND;
    if (db_step(q, &rc, err) != STEP_ROW)
        return rc;
    row_staff(q, 0, ret);
    db_end(q);
    return RC_OK;
}

enum rc store_staff_get(struct store *store, int64_t id, struct staff *ret, struct err *err)
{
    struct query q = db_query(store, SQL_STAFF_GET);
    bind_int(&q, id);
    enum rc rc = one_staff(&q, ret, err);
    return rc == RC_NOTFOUND ? err_set(err, rc, "there is no such person") : rc;
}

enum rc store_staff_by_role(struct store *store, enum role role, struct staff *ret, struct err *err)
{
    struct query q = db_query(store, SQL_STAFF_BY_ROLE);
    bind_text(&q, role_name(role));
    enum rc rc = one_staff(&q, ret, err);
    return rc == RC_NOTFOUND ? err_set(err, rc, "there is no active %s", role_name(role)) : rc;
}

/* "there is no \"ana\": did you mean anna?" or the whole short list. */
static enum rc unknown_login(struct store *store, const char *login, struct err *err)
{
    struct staff_list all;
    enum rc rc = store_staff_list(store, &all, err);
    if (rc != RC_OK)
        return rc;
    char *safe = utf8_printable(login, true);
    const char **logins = xcalloc(all.n, sizeof *logins);
    struct sb list = {0};
    for (size_t i = 0; i < all.n; i++) {
        logins[i] = all.v[i].login;
        if (all.v[i].active)
            sb_addf(&list, "%s%s", list.len ? ", " : "", all.v[i].login);
    }
    const char *near = str_nearest(login, logins, all.n);
    if (near != NULL)
        rc = err_set(err, RC_NOTFOUND, "nobody has the login \"%.60s\": did you mean %s?", safe,
                     near);
    else if (list.len == 0)
        rc = err_set(
            err, RC_NOTFOUND,
            "nobody has the login \"%.60s\": add people with pps staff add LOGIN --name NAME",
            safe);
    else
        rc = err_set(err, RC_NOTFOUND, "nobody has the login \"%.60s\": there are %.300s", safe,
                     sb_str(&list));
    free(safe);
    free(logins);
    sb_fini(&list);
    staff_list_fini(&all);
    return rc;
}

enum rc store_staff_by_login(struct store *store, const char *login, struct staff *ret,
                             struct err *err)
{
    struct query q = db_query(store, SQL_STAFF_BY_LOGIN);
    bind_text(&q, login);
    enum rc rc = one_staff(&q, ret, err);
    return rc == RC_NOTFOUND ? unknown_login(store, login, err) : rc;
}

enum rc store_staff_list(struct store *store, struct staff_list *ret, struct err *err)
{
    struct staff_list list = {0};
    struct query q = db_query(store, SQL_STAFF_LIST);
    enum rc rc = RC_OK;
    while (db_step(&q, &rc, err) == STEP_ROW) {
        vec_reserve(&list.v, list.n, &list.cap, sizeof *list.v);
        row_staff(&q, 0, &list.v[list.n++]);
    }
    if (rc != RC_OK)
        staff_list_fini(&list);
    else
        *ret = list;
    return rc;
}

void staff_list_fini(struct staff_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        staff_fini(&list->v[i]);
    free(list->v);
    *list = (struct staff_list){0};
}

/* ---- clients ---- */

/* What `find` looks in: everything a person would type, folded, the phone also without its plus. */
static char *search_text(const struct client *client)
{
    char *all = xasprintf("%s %s %s %s", client->name, str_or(client->salutation, ""),
                          str_or(client->email, ""), str_or(client->phone, ""));
    char *folded = utf8_fold(all);
    free(all);
    return folded;
}

static void bind_client(struct query *q, const struct client *client, const char *search)
{
    bind_text(q, client->name);
    bind_text(q, client->salutation);
    bind_text(q, client->phone);
    bind_int(q, client->phone_wrong);
    bind_text(q, client->email);
    bind_text(q, client->lang);
    bind_text(q, client->tz);
    bind_text(q, client->birthday);
    bind_text(q, client->note);
    bind_text(q, client->external_id);
    bind_day(q, client->paused_until);
    bind_text(q, client->pause_reason);
    bind_text(q, gender_name(client->gender));
    bind_text(q, search);
}

enum rc store_client_add(struct store *store, const struct client *client, int64_t *ret_id,
                         struct err *err)
{
    char *search = search_text(client);
    struct query q = db_query(store, SQL_CLIENT_ADD);
    bind_client(&q, client, search);
    bind_int(&q, client->created_at);
    enum rc rc = taken_or(db_one_int(&q, ret_id, err), "external id", err);
    free(search);
    return rc;
}

enum rc store_client_update(struct store *store, const struct client *client, struct err *err)
{
    char *search = search_text(client);
    struct query q = db_query(store, SQL_CLIENT_UPDATE);
    bind_client(&q, client, search);
    bind_int(&q, client->id);
    enum rc rc = taken_or(db_run(&q, NULL, err), "external id", err);
    free(search);
    return rc;
}

enum rc store_client_get(struct store *store, int64_t id, struct client *ret, struct err *err)
{
    struct query q = db_query(store, SQL_CLIENT_GET);
    bind_int(&q, id);
    enum rc rc = RC_NOTFOUND;
    if (db_step(&q, &rc, err) != STEP_ROW)
        return rc != RC_NOTFOUND
                   ? rc
                   : err_set(err, rc, "there is no client C%lld: look for them with pps find",
                             (long long)id);
    row_client(&q, 0, ret);
    db_end(&q);
    return RC_OK;
}

static enum rc client_rows(struct query *q, struct client_list *ret, struct err *err)
{
    struct client_list list = {0};
    enum rc rc = RC_OK;
    while (db_step(q, &rc, err) == STEP_ROW) {
        vec_reserve(&list.v, list.n, &list.cap, sizeof *list.v);
        row_client(q, 0, &list.v[list.n++]);
    }
    if (rc != RC_OK)
        client_list_fini(&list);
    else
        *ret = list;
    return rc;
}

void client_list_fini(struct client_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        client_fini(&list->v[i]);
    free(list->v);
    *list = (struct client_list){0};
}

/* %word% with LIKE's own signs escaped, folded. A word of digits and phone signs is reduced to
 * digits, and a leading 8 or 7 of a Russian number is left open, so that "8 903 123" finds
 * +7903123… */
static char *like_pattern(const char *word)
{
    char *folded = utf8_fold(word);
    struct sb sb = {0};
    sb_addc(&sb, '%');
    bool phone = strspn(folded, "0123456789+-() ") == strlen(folded) && strlen(folded) >= 5;
    const char *p = folded;
    if (phone && (*p == '8' || *p == '0'))
        p++;
    for (; *p != '\0'; p++) {
        if (phone && strchr("-() +", *p) != NULL)
            continue;
        if (*p == '%' || *p == '_' || *p == '\\')
            sb_addc(&sb, '\\');
        sb_addc(&sb, *p);
    }
    sb_addc(&sb, '%');
    free(folded);
    return sb_take(&sb);
}

enum rc store_client_find(struct store *store, const char *const *words, size_t n_words,
                          size_t limit, struct client_list *ret, struct err *err)
{
    enum { PATTERNS = 4 };
    char *patterns[PATTERNS];
    for (size_t i = 0; i < PATTERNS; i++)
        patterns[i] = i < n_words ? like_pattern(words[i]) : xstrdup("%");
    struct query q = db_query(store, SQL_CLIENT_FIND);
    for (size_t i = 0; i < PATTERNS; i++)
        bind_text(&q, patterns[i]);
    bind_int(&q, (int64_t)limit);
    enum rc rc = client_rows(&q, ret, err);
    for (size_t i = 0; i < PATTERNS; i++)
        free(patterns[i]);
    return rc;
}

enum rc store_client_by_contact(struct store *store, const char *phone, const char *email,
                                struct client_list *ret, struct err *err)
{
    struct query q = db_query(store, SQL_CLIENT_BY_CONTACT);
    bind_text(&q, phone);
    bind_text(&q, email);
    return client_rows(&q, ret, err);
}

enum rc store_client_by_external_id(struct store *store, const char *external_id,
                                    struct client_list *ret, struct err *err)
{
    struct query q = db_query(store, SQL_CLIENT_BY_EXTERNAL_ID);
    bind_text(&q, external_id);
    return client_rows(&q, ret, err);
}

static enum rc read_words(struct query *q, struct word_list *ret, struct err *err)
{
    struct word_list list = {0};
    size_t cap = 0;
    enum rc rc = RC_OK;
    while (db_step(q, &rc, err) == STEP_ROW) {
        vec_reserve(&list.v, list.n, &cap, sizeof *list.v);
        list.v[list.n++] = col_text(q, 0);
    }
    if (rc != RC_OK)
        word_list_fini(&list);
    else
        *ret = list;
    return rc;
}

enum rc store_langs(struct store *store, struct word_list *ret, struct err *err)
{
    struct query q = db_query(store, SQL_LANGS);
    return read_words(&q, ret, err);
}

enum rc store_fact_keys(struct store *store, struct word_list *ret, struct err *err)
{
    struct query q = db_query(store, SQL_FACT_KEYS);
    return read_words(&q, ret, err);
}
