/* pps fact: what is worth remembering about a client: the dog's name, the favourite hotel. */
#include <stdlib.h>

#include <pps/str.h>
#include <pps/view_things.h>

#include "card.h"

static const struct option options[] = {
    {"remove", NULL, "forget it"},
};

static enum rc list(struct app *app, int64_t client_id, const char *key, struct err *err)
{
    struct client_facts facts;
    char *wanted = NULL;
    enum rc rc = key ? fact_key(key, &wanted, err) : RC_OK;
    if (rc == RC_OK)
        rc = store_client_facts(app->store, client_id, &facts, err);
    if (rc != RC_OK) {
        free(wanted);
        return rc;
    }
    const char *value = wanted ? client_facts_get(&facts, wanted) : NULL;
    if (wanted != NULL && value == NULL) {
        rc = err_set(err, RC_NOTFOUND, "C%lld has no fact %s: pps fact C%lld lists them",
                     (long long)client_id, wanted, (long long)client_id);
    } else if (app->json) {
        struct json *root = view_document("fact", 1);
        view_id(root, "client", 'C', client_id);
        view_facts(root, &facts);
        show_json(app, root);
    } else if (facts.n == 0) {
        say(app, "nothing yet: pps fact C%lld dog Рекс\n", (long long)client_id);
    }
    for (size_t i = 0; rc == RC_OK && i < facts.n; i++) {
        if (wanted == NULL || str_eq(facts.v[i].key, wanted))
            say(app, "%s: %s\n", facts.v[i].key, facts.v[i].value);
    }
    client_facts_fini(&facts);
    free(wanted);
    return rc;
}

static void say_change(struct app *app, int64_t client_id, const struct fact_change *c)
{
    say(app, "C%lld %s: %s", (long long)client_id, c->key, str_or(c->value, "forgotten"));
    if (!c->changed)
        say(app, ", as before");
    else if (c->was != NULL)
        say(app, " (it was: %s)", c->was);
    say(app, "\n");
}

static enum rc change(struct app *app, int64_t client_id, const char *key, const char *value,
                      struct err *err)
{
    struct fact_change c;
    enum rc rc = service_fact_set(&app->desk, client_id, key, value, &c, err);
    if (rc != RC_OK)
        return rc;
    if (app->json) {
        struct json *root = view_document("fact", 1);
        view_id(root, "client", 'C', client_id);
        json_add_string(root, "key", c.key);
        json_add_string(root, "value", c.value);
        json_add_string(root, "was", c.was);
        show_json(app, root);
    } else {
        say_change(app, client_id, &c);
    }
    fact_change_fini(&c);
    return RC_OK;
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    bool remove = arg_given(args, "remove");
    const char *key = args->n_words > 1 ? args->words[1] : NULL;
    const char *value = args->n_words > 2 ? args->words[2] : NULL;
    int64_t client_id;
    if (remove && (key == NULL || value != NULL))
        return err_set(err, RC_USAGE, "usage: pps fact CLIENT KEY --remove");
    bool writes = remove || value != NULL;
    enum rc rc = app_open_store(app, writes ? STORE_WRITE : STORE_READ, err);
    if (rc == RC_OK)
        rc = lookup_client(&app->desk, args->words[0], &client_id, err);
    if (rc != RC_OK)
        return rc;
    return writes ? change(app, client_id, key, value, err) : list(app, client_id, key, err);
}

const struct command cmd_fact = {
    .name = "fact",
    .group = "Clients",
    .summary = "what is worth remembering about a client",
    .usage = "CLIENT [KEY [VALUE]] [--remove]",
    .details = "KEY is one word of letters, digits, _ and -; capital or small makes no "
               "difference. Letters, SMS and\n"
               "scripts can use it: {{fact.dog}} (see docs/templates.md).",
    .examples = "  pps fact C12\n"
                "  pps fact C12 dog Рекс\n"
                "  pps fact Иванова любимый-отель \"Риксос, номер с видом на море\"\n"
                "  pps fact C12 dog --remove",
    OPTIONS(options),
    .min_words = 1,
    .max_words = 3,
    .needs = NEEDS_CONFIG,
    .run = run,
};
