/* Facts worth remembering and marks: what people enter on a client's card beside the fixed lines, for colleagues, for
 * letters and for scripts. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>
#include <pps/things.h>
#include <pps/utf8.h>

#include "internal.h"

/* ---- facts ---- */

enum rc fact_key(const char *text, char **ret, struct err *err)
{
    char *raw = NULL;
    enum rc rc = field_text("key", text, CLIENT_FACT_KEY_MAX, &raw, err);
    if (rc != RC_OK)
        return rc;
    char *key = utf8_fold(str_or(raw, ""));
    if (!client_fact_key_is_good(key)) {
        char *quoted = utf8_quote(text);
        rc = err_set(err, RC_INVALID,
                     "key %s: letters, digits, _ and - only, in one word, such as dog or собака",
                     quoted);
        free(quoted);
    }
    free(raw);
    if (rc == RC_OK)
        *ret = key;
    else
        free(key);
    return rc;
}

void fact_change_fini(struct fact_change *change)
{
    free(change->key);
    free(change->value);
    free(change->was);
    *change = (struct fact_change){0};
}

static enum rc read_value(const char *text, char **ret, struct err *err)
{
    enum rc rc = field_text("value", text, WORDS_MAX_CHARS, ret, err);
    if (rc == RC_OK && *ret == NULL)
        rc = err_set(err, RC_INVALID, "value: it is empty; --remove takes the fact away");
    return rc;
}

/* What is known now. */
static enum rc read_before(const struct desk *desk, int64_t client_id, struct fact_change *c,
                           struct err *err)
{
    struct client_facts facts;
    enum rc rc = store_client_facts(desk->store, client_id, &facts, err);
    if (rc != RC_OK)
        return rc;
    c->was = xstrdup(client_facts_get(&facts, c->key));
    client_facts_fini(&facts);
    c->changed = !str_eq(c->was, c->value);
    if (c->was == NULL && c->value == NULL)
        return err_set(err, RC_NOTFOUND, "C%lld has no fact %s: pps fact C%lld lists them",
                       (long long)client_id, c->key, (long long)client_id);
    return RC_OK;
}

/* The log keeps the key, and not what people told us. */
static enum rc set_fact(const struct desk *desk, int64_t client_id, const char *key,
                        const char *value, struct fact_change *c, struct err *err)
{
    enum rc rc = fact_key(key, &c->key, err);
    if (rc == RC_OK && value != NULL)
        rc = read_value(value, &c->value, err);
    if (rc == RC_OK)
        rc = read_before(desk, client_id, c, err);
    if (rc != RC_OK)
        return rc;
    if (!c->changed)
        return audit_unchanged(desk, "fact", client_id, 0, err);
    rc = c->value ? store_client_fact_set(desk->store, client_id, c->key, c->value, err)
                  : store_client_fact_remove(desk->store, client_id, c->key, err);
    char *detail = xasprintf("%s%s", c->key, c->value ? "" : " removed");
    if (rc == RC_OK)
        rc = audit(desk, "fact", client_id, 0, 0, detail, err);
    free(detail);
    return rc == RC_OK ? planning_of_client(desk, client_id, NULL, NULL, err) : rc;
}

enum rc service_fact_set(const struct desk *desk, int64_t client_id, const char *key,
                         const char *value, struct fact_change *ret, struct err *err)
{
    struct fact_change c = {0};
    enum rc rc = store_begin(desk->store, err);
    if (rc == RC_OK)
        rc = store_finish(desk->store, set_fact(desk, client_id, key, value, &c, err), err);
    if (rc == RC_OK)
        *ret = c;
    else
        fact_change_fini(&c);
    return rc;
}

/* ---- marks ---- */

const char *mark_list(void)
{
    return "promising, profitable or loyal";
}

static enum rc set_mark(const struct desk *desk, int64_t client_id, const char *name, bool on,
                        unsigned *ret_marks, bool *ret_changed, struct err *err)
{
    enum client_mark mark;
    unsigned marks = 0;
    if (!client_mark_from_name(name, &mark)) {
        char *quoted = utf8_quote(name);
        (void)err_set(err, RC_USAGE, "mark %s: it is %s", quoted, mark_list());
        free(quoted);
        return RC_USAGE;
    }
    enum rc rc = store_client_marks(desk->store, client_id, &marks, err);
    if (rc != RC_OK)
        return rc;
    *ret_changed = ((marks & MARK_BIT(mark)) != 0) != on;
    *ret_marks = on ? marks | MARK_BIT(mark) : marks & ~MARK_BIT(mark);
    if (!*ret_changed)
        return audit_unchanged(desk, "mark", client_id, 0, err);
    rc = store_client_mark(desk->store, client_id, mark, on, err);
    char *detail = xasprintf("%s%s", name, on ? "" : " removed");
    if (rc == RC_OK)
        rc = audit(desk, "mark", client_id, 0, 0, detail, err);
    free(detail);
    return rc == RC_OK ? planning_of_client(desk, client_id, NULL, NULL, err) : rc;
}

enum rc service_mark(const struct desk *desk, int64_t client_id, const char *mark, bool on,
                     unsigned *ret_marks, bool *ret_changed, struct err *err)
{
    enum rc rc = store_begin(desk->store, err);
    if (rc != RC_OK)
        return rc;
    return store_finish(desk->store,
                        set_mark(desk, client_id, mark, on, ret_marks, ret_changed, err), err);
}
