/* pps staff: people of the agency. */
#include <pps/contact.h>
#include <pps/str.h>
#include <pps/views.h>

#include "app.h"

static const struct option options[] = {
    {"name", "NAME", "as it stands under letters"},
    {"role", "WORD", "manager (default), director or service"},
    {"position", "WORDS", "under the name in a signature: \"директор\""},
    {"email", "ADDRESS", "answers to their letters go there"},
    {"phone", "NUMBER", "for letters and scripts"},
};

static enum rc enter(struct app *app, const struct args *args, bool new, struct err *err)
{
    struct staff staff;
    struct staff_entry entry = {
        .name = arg_value(args, "name"),
        .role = arg_value(args, "role"),
        .position = arg_value(args, "position"),
        .email = arg_value(args, "email"),
        .phone = arg_value(args, "phone"),
    };
    if (args->n_words != 2)
        return err_set(err, RC_USAGE, "usage: pps staff %s LOGIN --name NAME …", args->words[0]);
    bool any = new;
    for (size_t i = 0; i < args->n_options; i++)
        any = any || args->values[i] != NULL;
    if (!any)
        return err_set(err, RC_USAGE, "say what to change: pps staff --help lists the options");
    enum rc rc = new ? service_staff_add(&app->desk, args->words[1], &entry, &staff, err)
                     : service_staff_edit(&app->desk, args->words[1], &entry, &staff, err);
    if (rc != RC_OK)
        return rc;
    if (app->json) {
        struct json *root = view_document("staff", 1);
        view_staff(root, "staff", &staff);
        show_json(app, root);
    } else {
        say(app, "%s %s, %s\n", staff.login, staff.name, role_name(staff.role));
    }
    staff_fini(&staff);
    return RC_OK;
}

static void show_list(struct app *app, const struct staff_list *list)
{
    static const char *const titles[] = {"login",  "name",  "role", "position",
                                         "e-mail", "phone", ""};
    struct table *table = table_new(titles, NULL, 7);
    for (size_t i = 0; i < list->n; i++) {
        const struct staff *s = &list->v[i];
        char phone[32] = "";
        if (s->phone != NULL)
            phone_format(s->phone, phone);
        table_row(table, s->active ? STYLE_PLAIN : STYLE_DIM);
        table_cell(table, s->login);
        table_cell(table, s->name);
        table_cell(table, role_name(s->role));
        table_cell(table, s->position);
        table_cell(table, s->email);
        table_cell(table, phone);
        table_cell(table, s->active ? NULL : "has left");
    }
    if (!app->quiet)
        table_print(table, app->out, app->colour);
    table_free(table);
}

static enum rc list(struct app *app, struct err *err)
{
    struct staff_list all;
    enum rc rc = store_staff_list(app->store, &all, err);
    if (rc != RC_OK)
        return rc;
    if (app->json) {
        struct json *root = view_document("staff", 1);
        struct json *rows = json_add_array(root, "staff");
        for (size_t i = 0; i < all.n; i++)
            view_staff(rows, NULL, &all.v[i]);
        show_json(app, root);
    } else if (all.n == 0) {
        say(app, "nobody yet: pps staff add LOGIN --name NAME --role director\n");
    } else {
        show_list(app, &all);
    }
    staff_list_fini(&all);
    return RC_OK;
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    bool new = str_eq(args->words[0], "add");
    if (new || str_eq(args->words[0], "edit"))
        return enter(app, args, new, err);
    if (!str_eq(args->words[0], "list") || args->n_words != 1)
        return err_set(err, RC_USAGE,
                       "usage: pps staff add|edit LOGIN --name NAME …, or pps staff list");
    for (size_t i = 0; i < args->n_options; i++) {
        if (args->values[i] != NULL)
            return err_set(err, RC_USAGE, "--%s belongs to pps staff add and edit",
                           args->options[i].name);
    }
    return list(app, err);
}

const struct command cmd_staff = {
    .name = "staff",
    .group = "Setting up",
    .summary = "people of the agency: who sells, who signs",
    .usage = "add|edit LOGIN --name NAME [--role WORD] … | list",
    .details = "The director signs the thank-you letter; managers sign the rest; the login is what "
               "--manager takes.",
    .examples =
        "  pps staff add olga --name \"Ольга Смирнова\" --role director --position \"директор\"\n"
        "  pps staff add anna --name \"Анна Петрова\" --email anna@example.com\n"
        "  pps staff edit anna --phone \"8 903 111-22-33\"\n"
        "  pps staff list",
    OPTIONS(options),
    .min_words = 1,
    .max_words = 2,
    .needs = NEEDS_WRITING,
    .run = run,
};
