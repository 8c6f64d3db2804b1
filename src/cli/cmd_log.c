/* pps log: the audit trail, the newest first. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>
#include <pps/things.h>
#include <pps/views.h>

#include "app.h"

static const struct option options[] = {
    {"by", "LOGIN", "only what this person (or \"tick\") did"},
    {"limit", "N", "how many lines (default 30)"},
};

/* "T34/preflight" */
static enum rc lookup_step(struct app *app, const char *words, struct audit_query *query,
                           struct err *err)
{
    struct action action;
    enum rc rc = lookup_action(&app->desk, words, &action, err);
    if (rc != RC_OK)
        return rc;
    query->action_id = action.id;
    action_fini(&action);
    return RC_OK;
}

/* *ret_thing: of which thing, which the query cannot say; 0: of none. */
static enum rc restrict_to(struct app *app, const char *words, struct audit_query *query,
                           int64_t *ret_thing, struct err *err)
{
    int64_t id;
    enum kind kind;
    if (id_parse_exact(words, 'G', ret_thing))
        return RC_OK;
    if (id_parse_exact(words, 'A', &id))
        query->action_id = id;
    else if (occasion_id_parse(words, &kind, &id))
        query->occasion_id = id;
    else if (strchr(words, '/') != NULL)
        return lookup_step(app, words, query, err);
    else
        return lookup_client(&app->desk, words, &query->client_id, err);
    return RC_OK;
}

/* The detail of a tick-off is JSON for undo; people read "reached" or "was missed: the client had it" instead. */
static char *detail_for_people(const char *detail)
{
    struct json_doc *doc;
    bool json = !str_empty(detail) && *detail == '{';
    const char *number =
        detail && !json ? strstr(detail, " #") : NULL; /* which entry an undo took back */
    if (number != NULL)
        return xstrndup(detail, (size_t)(number - detail));
    if (!json || json_parse(detail, strlen(detail), "audit", false, &doc, NULL) != RC_OK)
        return xstrdup(str_or(detail, ""));
    const char *words = json_string(json_get(json_root(doc), "words"));
    if (words != NULL) {
        char *copy = xstrdup(words);
        json_doc_free(doc);
        return copy;
    }
    const char *outcome = json_string(json_get(json_root(doc), "outcome"));
    const char *was = json_string(json_get(json_root(doc), "was"));
    const char *why = json_string(json_get(json_root(doc), "why"));
    struct sb text = {0};
    sb_addf(&text, "%s%s", outcome ? "" : "was ", outcome ? outcome : str_or(was, "pending"));
    if (!str_empty(why))
        sb_addf(&text, ": %s", why);
    json_doc_free(doc);
    return sb_take(&text);
}

static void show_list(struct app *app, const struct audit_list *list)
{
    static const char *const titles[] = {"when",  "who",    "did",   "client",
                                         "about", "action", "detail"};
    static const size_t widths[] = {0, 20, 0, 0, 0, 0, 80};
    struct table *table = table_new(titles, widths, 7);
    for (size_t i = 0; i < list->n; i++) {
        const struct audit_entry *e = &list->v[i];
        char at[CIVIL_TEXT_BYTES], id[ID_TEXT_BYTES];
        civil_format(zone_to_local(app->zone, e->at), at);
        table_row(table, STYLE_PLAIN);
        table_cell(table, at);
        table_cell(table, e->actor);
        table_cell(table, e->verb);
        const struct {
            char letter;
            int64_t id;
        } ids[] = {
            {'C', e->client_id}, {kind_letter(e->kind), e->occasion_id}, {'A', e->action_id}};
        for (size_t j = 0; j < 3; j++) {
            id_format(ids[j].letter, ids[j].id, id);
            table_cell(table, ids[j].id ? id : NULL);
        }
        char *detail = detail_for_people(e->detail);
        table_cell(table, detail);
        free(detail);
    }
    if (!app->quiet)
        table_print(table, app->out, app->colour);
    table_free(table);
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    struct audit_query query = {.actor = arg_value(args, "by"), .limit = 30};
    const char *limit = arg_value(args, "limit");
    if (limit != NULL) {
        char *end;
        long n = strtol(limit, &end, 10);
        if (*limit == '\0' || *end != '\0' || n < 1 || n > 100000)
            return err_set(err, RC_USAGE, "--limit: a number from 1 to 100000");
        query.limit = (size_t)n;
    }
    int64_t thing = 0;
    enum rc rc = args->n_words ? restrict_to(app, args->words[0], &query, &thing, err) : RC_OK;
    struct audit_list list;
    if (rc == RC_OK && thing != 0)
        rc = service_thing_log(&app->desk, thing, query.actor, query.limit, &list, err);
    else if (rc == RC_OK)
        rc = store_audit_list(app->store, &query, &list, err);
    if (rc != RC_OK)
        return rc;
    if (app->json) {
        struct json *root = view_document("log", 1);
        struct json *rows = json_add_array(root, "entries");
        for (size_t i = 0; i < list.n; i++) {
            struct json *o = json_add_object(rows, NULL);
            view_instant(o, "at", list.v[i].at, app->zone);
            json_add_string(o, "actor", list.v[i].actor);
            json_add_string(o, "verb", list.v[i].verb);
            view_id(o, "client", 'C', list.v[i].client_id);
            view_occasion_id(o, "occasion", list.v[i].kind, list.v[i].occasion_id);
            view_id(o, "trip", 'T', list.v[i].kind == KIND_TRIP ? list.v[i].occasion_id : 0);
            view_id(o, "action", 'A', list.v[i].action_id);
            json_add_string(o, "detail", list.v[i].detail);
        }
        show_json(app, root);
    } else {
        show_list(app, &list);
        if (list.n == 0)
            say(app, "there is no such entry%s%s\n", query.actor ? " by " : "",
                str_or(query.actor, ""));
    }
    audit_list_fini(&list);
    return RC_OK;
}

const struct command cmd_log = {
    .name = "log",
    .group = "Looking",
    .summary = "who did what and when, the newest first",
    .usage = "[CLIENT|TRIP|ACTION|GIFT] [--by LOGIN] [--limit N]",
    .examples = "  pps log\n"
                "  pps log T34\n"
                "  pps log G7\n"
                "  pps log --by anna --limit 100",
    OPTIONS(options),
    .max_words = 1,
    .needs = NEEDS_A_LOOK,
    .run = run,
};
