/* The playbooks that trips were planned with. A version never changes, and a tick or a list needs the same one for every trip:
 * each is read once, and kept with the open database. Must not judge what stands in one. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "db.h"

struct kept_playbook {
    struct kept_playbook *next;
    int64_t version;
    char *body;
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

/* The text is compared, too: a number is given once more when what had it first was rolled back. */
static const struct kept_playbook *find_kept(const struct store *store, int64_t version,
                                             const char *body)
{
    const struct kept_playbook *k = store->playbooks;
    while (k != NULL && (k->version != version || strcmp(k->body, body) != 0))
        k = k->next;
    return k;
}

static enum rc keep(struct store *store, int64_t version, char *body,
                    const struct kept_playbook **ret, struct err *err)
{
    struct kept_playbook *k = xcalloc(1, sizeof *k);
    char *name = xasprintf("playbook version %lld", (long long)version);
    enum rc rc = playbook_parse(body, strlen(body), name, &k->playbook, err);
    free(name);
    if (rc != RC_OK) {
        free(k);
        free(body);
        return rc;
    }
    k->version = version;
    k->body = body;
    k->next = store->playbooks;
    store->playbooks = k;
    *ret = k;
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
    const struct kept_playbook *kept = find_kept(store, version, col_word(&q, 0));
    char *body = kept == NULL ? col_text(&q, 0) : NULL;
    db_end(&q);
    rc = kept == NULL ? keep(store, version, body, &kept, err) : RC_OK;
    if (rc == RC_OK)
        *ret = &kept->playbook;
    return rc;
}

void playbooks_free(struct store *store)
{
    while (store->playbooks != NULL) {
        struct kept_playbook *k = store->playbooks;
        store->playbooks = k->next;
        playbook_fini(&k->playbook);
        free(k->body);
        free(k);
    }
}
