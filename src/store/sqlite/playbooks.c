/* The playbooks that trips were planned with. A tick or a list needs the same one for every trip, and mostly it is that of
 * today: each text is read once, and kept with the open database. Must not judge what stands in one. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "db.h"

struct kept_playbook {
    struct kept_playbook *next;
    char *text;
    size_t len;
    struct playbook playbook;
};

enum rc store_playbook_put(struct store *store, const char *body, int64_t now, int64_t *ret_version,
                           struct err *err)
{
    struct query find = db_query(store, SQL_PLAYBOOK_FIND);
    bind_text(&find, body);
    enum rc rc = db_one_int(&find, ret_version, err);
    if (rc != RC_NOTFOUND)
        return rc;
    struct query add = db_query(store, SQL_PLAYBOOK_ADD);
    bind_text(&add, body);
    bind_int(&add, now);
    return db_one_int(&add, ret_version, err);
}

enum rc store_playbook_read(struct store *store, const char *text, size_t len, const char *name,
                            const struct playbook **ret, struct err *err)
{
    struct kept_playbook *k = store->playbooks;
    while (k != NULL && (k->len != len || memcmp(k->text, text, len) != 0))
        k = k->next;
    if (k == NULL) {
        struct playbook playbook;
        enum rc rc = playbook_parse(text, len, name, &playbook, err);
        if (rc != RC_OK)
            return rc;
        k = xcalloc(1, sizeof *k);
        *k = (struct kept_playbook){store->playbooks, xstrndup(text, len), len, playbook};
        store->playbooks = k;
    }
    *ret = &k->playbook;
    return RC_OK;
}

enum rc store_playbook_get(struct store *store, int64_t version, const struct playbook **ret,
                           struct err *err)
{
    struct query q = db_query(store, SQL_PLAYBOOK_GET);
    bind_int(&q, version);
    enum rc rc = RC_NOTFOUND;
    if (db_step(&q, &rc, err) != STEP_ROW)
        return rc != RC_NOTFOUND
                   ? rc
                   : err_set(err, rc, "there is no playbook version %lld", (long long)version);
    const char *body = col_word(&q, 0);
    char *name = xasprintf("playbook version %lld", (long long)version);
    rc = store_playbook_read(store, body, strlen(body), name, ret, err);
    free(name);
    db_end(&q);
    return rc;
}

void playbooks_free(struct store *store)
{
    while (store->playbooks != NULL) {
        struct kept_playbook *k = store->playbooks;
        store->playbooks = k->next;
        playbook_fini(&k->playbook);
        free(k->text);
        free(k);
    }
}
