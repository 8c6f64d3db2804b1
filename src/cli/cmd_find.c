/* pps find: clients by words of the name, e-mail or phone. */
#include <stdlib.h>
#include <string.h>

#include <pps/contact.h>
#include <pps/str.h>
#include <pps/token.h>
#include <pps/utf8.h>
#include <pps/views.h>

#include "app.h"

enum { LIMIT = 50, MAX_WORDS = 4, WORD_MAX_BYTES = 1000 };

static void show_list(struct app *app, const struct client_list *list)
{
    static const char *const titles[] = {"id", "name", "phone", "e-mail", "note"};
    static const size_t widths[] = {0, 40, 0, 40, 40};
    struct table *table = table_new(titles, widths, 5);
    for (size_t i = 0; i < list->n; i++) {
        const struct client *c = &list->v[i];
        char phone[32] = "";
        if (c->phone != NULL)
            phone_format(c->phone, phone);
        table_row(table, STYLE_PLAIN);
        table_cellf(table, "C%lld", (long long)c->id);
        table_cell(table, c->name);
        table_cell(table, phone);
        table_cell(table, c->email);
        table_cell(table, c->note);
    }
    if (!app->quiet)
        table_print(table, app->out, app->colour);
    if (list->n == LIMIT)
        hint(app, "only the first %d are shown: say more words", LIMIT);
    table_free(table);
}

static enum rc check_words(const struct args *args, struct err *err)
{
    for (size_t i = 0; i < args->n_words; i++) {
        if (strlen(args->words[i]) > WORD_MAX_BYTES)
            return err_set(err, RC_INVALID, "word %zu is too long", i + 1);
    }
    for (size_t i = 0; i < args->n_words; i++) {
        if (utf8_valid_until(args->words[i], strlen(args->words[i])) != strlen(args->words[i]))
            return err_set(err, RC_INVALID,
                           "word %zu is not valid UTF-8: is the terminal set to UTF-8?", i + 1);
    }
    return RC_OK;
}

/* As they were typed: a token that was copied with a line break in it may be two of them. New string. */
static char *all_words(const struct args *args)
{
    struct sb sb = {0};
    for (size_t i = 0; i < args->n_words; i++)
        sb_addf(&sb, "%s%s", i > 0 ? " " : "", args->words[i]);
    return sb_take(&sb);
}

static enum rc nobody_fits(const struct args *args, struct err *err)
{
    char token[TOKEN_BYTES], *all = all_words(args);
    bool whole;
    enum rc rc = token_spot(all, token, &whole)
                     ? err_set(err, RC_NOTFOUND,
                               "nobody fits these words: %s is not whole, copy all of it", token)
                     : err_set(err, RC_NOTFOUND, "nobody fits these words");
    free(all);
    return rc;
}

/* Whom they fit; a token of a letter fits exactly one. *said is empty. */
static enum rc find(struct app *app, const struct args *args, struct token_said *said,
                    struct client_list *ret, struct err *err)
{
    char *all = all_words(args);
    enum rc rc = lookup_token(&app->desk, all, said, err);
    free(all);
    if (rc != RC_OK)
        return rc;
    if (!said->there)
        return store_client_find(app->store, args->words, args->n_words, LIMIT, ret, err);
    struct client_list list = {0};
    vec_reserve(&list.v, list.n, &list.cap, sizeof *list.v);
    rc = store_client_get(app->store, said->client_id, &list.v[0], err);
    list.n = rc == RC_OK;
    if (rc == RC_OK)
        *ret = list;
    else
        client_list_fini(&list);
    return rc;
}

static void say_returned(struct app *app, const struct token_said *said)
{
    long long id = (long long)said->action.id;
    if (said->returned)
        say(app, "what came back is A%lld, %s: pps why A%lld\n", id, said->action.step, id);
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    struct client_list list;
    struct token_said said = {0};
    enum rc rc = check_words(args, err);
    if (rc == RC_OK)
        rc = find(app, args, &said, &list, err);
    if (rc != RC_OK) {
        token_said_fini(&said);
        return rc;
    }
    if (app->json) {
        struct json *root = view_document("find", 1);
        struct json *rows = json_add_array(root, "clients");
        for (size_t i = 0; i < list.n; i++)
            view_client(rows, NULL, &list.v[i], app->zone);
        view_id(root, "returned", 'A', said.action.id);
        show_json(app, root);
    } else if (list.n > 0) {
        show_list(app, &list);
        say_returned(app, &said);
    }
    token_said_fini(&said);
    bool none = list.n == 0;
    client_list_fini(&list);
    return none ? nobody_fits(args, err) : RC_OK;
}

const struct command cmd_find = {
    .name = "find",
    .group = "Looking",
    .summary = "find clients by words of the name, e-mail or phone",
    .usage = "WORD …",
    .details =
        "Up to four words, all of which must occur; letter case and ё/е make no difference.\n"
        "A token says whose it is: u12-… of the link or the answer that stops letters, b156-… of\n"
        "the address to which a letter came back. The whole link or address will do.",
    .examples = "  pps find иванова\n"
                "  pps find \"903 123\"\n"
                "  pps find bounce+b156-5f0c3a1e9b7d24680c1f3e5a@warm.example",
    .min_words = 1,
    .max_words = MAX_WORDS,
    .needs = NEEDS_A_LOOK,
    .run = run,
};
