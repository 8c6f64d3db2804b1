/* pps referral: who brought whom, and what they get for it. */
#include <stdlib.h>

#include <pps/str.h>
#include <pps/utf8.h>
#include <pps/views.h>

#include "lost_show.h"

static const struct option options[] = {
    {"reward", "WORDS", "add: what the one who brought gets"},
    {"note", "WORDS", "reward: what it was"},
    {"open", NULL, "list: only what is still to be given"},
};

static void show_one(struct app *app, const struct referral_row *row)
{
    if (app->json) {
        struct json *root = view_document("referral", 1);
        (void)view_referral(app, root, "referral", row);
        show_json(app, root);
        return;
    }
    char *line = referral_line(app, row);
    say(app, "%s\n", line);
    free(line);
}

static enum rc add(struct app *app, const struct args *args, struct err *err)
{
    struct referral_row row;
    if (args->n_words != 3)
        return err_set(err, RC_USAGE,
                       "usage: pps referral add BY NEW [--reward WORDS]: who "
                       "brought, then who came");
    enum rc rc = service_refer(&app->desk, args->words[1], args->words[2],
                               arg_value(args, "reward"), &row, err);
    if (rc != RC_OK)
        return rc;
    show_one(app, &row);
    referral_row_fini(&row);
    return RC_OK;
}

static enum rc reward(struct app *app, const struct args *args, struct err *err)
{
    struct referral_row row;
    int64_t id;
    if (args->n_words != 2)
        return err_set(err, RC_USAGE, "usage: pps referral reward R5 [--note WORDS]");
    enum rc rc = lookup_referral(&app->desk, args->words[1], &id, err);
    if (rc == RC_OK)
        rc = service_reward(&app->desk, id, arg_value(args, "note"), &row, err);
    if (rc != RC_OK)
        return rc;
    show_one(app, &row);
    referral_row_fini(&row);
    return RC_OK;
}

static void show_table(struct app *app, const struct referral_list *list)
{
    static const char *const titles[] = {"id",     "since",    "client", "who brought",
                                         "client", "who came", "reward", "given"};
    static const size_t widths[] = {0, 0, 0, 30, 0, 30, 40, 0};
    struct table *table = table_new(titles, widths, 8);
    for (size_t i = 0; i < list->n; i++) {
        const struct referral *r = &list->v[i].referral;
        char since[CIVIL_TEXT_BYTES], given[CIVIL_TEXT_BYTES] = "";
        civil_format_people(zone_to_local(app->zone, r->at).day, since);
        if (r->rewarded_at != 0)
            civil_format_people(zone_to_local(app->zone, r->rewarded_at).day, given);
        table_row(table, r->rewarded_at ? STYLE_DIM : STYLE_PLAIN);
        table_cellf(table, "R%lld", (long long)r->id);
        table_cell(table, since);
        table_cellf(table, "C%lld", (long long)r->by_client_id);
        table_cell(table, list->v[i].by_name);
        table_cellf(table, "C%lld", (long long)r->new_client_id);
        table_cell(table, list->v[i].new_name);
        /* Which one it was is not known any more when they were forgotten. */
        table_cell(table, str_empty(r->reward) && r->rewarded_at == 0 ? "not agreed yet" : r->reward);
        table_cell(table, given);
    }
    if (!app->quiet)
        table_print(table, app->out, app->colour);
    table_free(table);
}

static enum rc list(struct app *app, const struct args *args, struct err *err)
{
    struct referral_list all;
    bool open = arg_given(args, "open");
    if (args->n_words != 1)
        return err_set(err, RC_USAGE, "usage: pps referral list [--open]");
    enum rc rc = store_referral_list(app->store, open, &all, err);
    if (rc != RC_OK)
        return rc;
    if (app->json) {
        struct json *root = view_document("referral", 1);
        struct json *rows = json_add_array(root, "referrals");
        for (size_t i = 0; i < all.n; i++)
            (void)view_referral(app, rows, NULL, &all.v[i]);
        show_json(app, root);
    } else if (all.n == 0) {
        say(app, open ? "no reward is owed\n"
                      : "nobody yet: pps referral add BY NEW, or pps add-client --referred-by\n");
    } else {
        show_table(app, &all);
    }
    referral_list_fini(&all);
    return RC_OK;
}

static enum rc wrong_verb(const char *verb, const char *const *names, size_t n, struct err *err)
{
    const char *near = str_nearest(verb, names, n);
    char *quoted = utf8_quote(verb);
    enum rc rc = near
                     ? err_set(err, RC_USAGE, "pps referral %s: did you mean %s?", quoted, near)
                     : err_set(err, RC_USAGE, "pps referral %s: it is add, reward or list", quoted);
    free(quoted);
    return rc;
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    static enum rc (*const verbs[])(struct app *, const struct args *, struct err *) = {add, reward,
                                                                                        list};
    static const char *const names[] = {"add", "reward", "list"};
    static const char *const own[] = {"reward", "note", "open"}; /* the option of each */
    for (size_t i = 0; i < 3; i++) {
        if (!str_eq(args->words[0], names[i]))
            continue;
        for (size_t k = 0; k < 3; k++) {
            if (k != i && arg_given(args, own[k]))
                return err_set(err, RC_USAGE, "--%s belongs to pps referral %s", own[k], names[k]);
        }
        return verbs[i](app, args, err);
    }
    return wrong_verb(args->words[0], names, 3, err);
}

const struct command cmd_referral = {
    .name = "referral",
    .group = "Selling",
    .summary = "who brought whom, and the reward for it",
    .usage = "add BY NEW [--reward WORDS] | reward R5 [--note WORDS] | list [--open]",
    .details = "BY brought NEW; both are clients. Both cards show it, and what is still owed.\n"
               "pps add-client --referred-by BY records it with the sale.",
    .examples = "  pps referral add C3 C9 --reward \"скидка 5 %\"\n"
                "  pps referral reward R5\n"
                "  pps referral list --open\n"
                "  pps undo R5",
    OPTIONS(options),
    .min_words = 1,
    .max_words = 3,
    .needs = NEEDS_WRITING,
    .run = run,
};
