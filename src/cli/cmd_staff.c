/* pps staff: people of the agency. */
#include <stdlib.h>

#include <pps/contact.h>
#include <pps/str.h>
#include <pps/views.h>
#include <pps/wishes.h>

#include "app.h"

static const struct option options[] = {
    {"name", "NAME", "as it stands under letters"},
    {"role", "WORD", "manager (default), director or service"},
    {"position", "WORDS", "under the name in a signature: \"директор\""},
    {"email", "ADDRESS", "answers to their letters go there"},
    {"phone", "NUMBER", "for letters and scripts"},
    {"to", "LOGIN", "of leave: who takes over the work"},
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
    if (arg_given(args, "to"))
        return err_set(err, RC_USAGE, "--to belongs to pps staff leave");
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

/* ---- leaving and coming back ---- */

/* Lost sales that do not go to whoever takes over. */
static int count_others(const struct handover *h)
{
    int n = 0;
    for (size_t i = 0; i < h->n_others; i++)
        n += h->others[i].n;
    return n;
}

/* "3 trips, 1 complaint, 2 things": what whoever takes over has now. */
static char *moved_words(const struct handover *h)
{
    struct sb sb = {0};
    for (int i = 0; i < KIND_COUNT; i++) {
        const char *word = kind_words((enum kind)i);
        int n = h->moved[i] - (i == KIND_LOST ? count_others(h) : 0);
        bool many = n != 1 && i != KIND_FEEDBACK;
        if (n > 0)
            sb_addf(&sb, "%s%d %s%s", sb.len ? ", " : "", n, word, many ? "s" : "");
    }
    if (h->things > 0)
        sb_addf(&sb, "%s%d thing%s", sb.len ? ", " : "", h->things, h->things == 1 ? "" : "s");
    return sb_take(&sb);
}

static void say_others(struct app *app, const struct handover *h)
{
    for (size_t i = 0; i < h->n_others; i++) {
        int n = h->others[i].n;
        const char *login = str_or(h->others[i].login, "nobody");
        say(app, "%d lost sale%s go%s to %s: %s failed to sell\n", n, n == 1 ? "" : "s",
            n == 1 ? "es" : "", login, h->to.login);
    }
}

static void say_left(struct app *app, const struct handover *h)
{
    char *moved = moved_words(h);
    if (*moved == '\0')
        say(app, "%s %s has left%s\n", h->who.login, h->who.name,
            h->n_others == 0 ? "; no work was open" : "");
    else if (h->to.id != 0)
        say(app, "%s %s has left; %s %s takes over: %s\n", h->who.login, h->who.name, h->to.login,
            h->to.name, moved);
    else
        say(app,
            "%s %s has left; nobody's work now, and red when it is due: %s\n"
            "pps staff leave %s --to LOGIN gives it to somebody, pps undo %s takes it back\n",
            h->who.login, h->who.name, moved, h->who.login, h->who.login);
    say_others(app, h);
    if (*moved == '\0' || h->to.id != 0)
        say(app, "pps undo %s takes it back\n", h->who.login);
    free(moved);
}

static void left_json(struct app *app, const struct handover *h)
{
    struct json *root = view_document("staff", 1);
    view_staff(root, "staff", &h->who);
    json_add_string(root, "to", h->to.login);
    struct json *moved = json_add_array(root, "moved");
    for (int i = 0; i <= KIND_COUNT; i++) {
        struct json *o = json_add_object(moved, NULL);
        json_add_string(o, "what", i < KIND_COUNT ? kind_name((enum kind)i) : "thing");
        json_add_int(o, "count", i < KIND_COUNT ? h->moved[i] : h->things);
    }
    struct json *others = json_add_array(root, "others");
    for (size_t i = 0; i < h->n_others; i++) {
        struct json *o = json_add_object(others, NULL);
        json_add_string(o, "to", h->others[i].login);
        json_add_int(o, "count", h->others[i].n);
    }
    show_json(app, root);
}

static enum rc leave(struct app *app, const struct args *args, struct err *err)
{
    struct handover h;
    enum rc rc =
        service_staff_leave(&app->desk, args->words[1], arg_value(args, "to"), &h, err);
    if (rc != RC_OK)
        return rc;
    if (app->json)
        left_json(app, &h);
    else
        say_left(app, &h);
    if (h.last_of_role)
        remark(app,
               "note: nobody is %s now: what the %s signs is signed by the agency; "
               "pps staff add or edit --role %s",
               role_name(h.who.role), role_name(h.who.role), role_name(h.who.role));
    handover_fini(&h);
    return RC_OK;
}

static enum rc come_back(struct app *app, const struct args *args, struct err *err)
{
    struct staff staff;
    enum rc rc = service_staff_return(&app->desk, args->words[1], &staff, err);
    if (rc != RC_OK)
        return rc;
    if (app->json) {
        struct json *root = view_document("staff", 1);
        view_staff(root, "staff", &staff);
        show_json(app, root);
    } else {
        say(app,
            "%s %s is back; the work stays with whoever has it now: "
            "pps edit-trip TRIP --manager %s\n",
            staff.login, staff.name, staff.login);
    }
    staff_fini(&staff);
    return RC_OK;
}

/* ---- which ---- */

/* Options of add and edit, and those of leave, do not mix. */
static enum rc check_options(const struct args *args, bool leaves, struct err *err)
{
    for (size_t i = 0; i < args->n_options; i++) {
        bool to = str_eq(args->options[i].name, "to");
        if (args->values[i] != NULL && !(leaves && to))
            return err_set(err, RC_USAGE, "--%s belongs to pps staff %s", args->options[i].name,
                           to ? "leave" : "add and edit");
    }
    return RC_OK;
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    bool new = str_eq(args->words[0], "add");
    if (new || str_eq(args->words[0], "edit"))
        return enter(app, args, new, err);
    bool leaves = str_eq(args->words[0], "leave"), returns = str_eq(args->words[0], "return");
    if ((leaves || returns) && args->n_words != 2)
        return err_set(err, RC_USAGE, "usage: pps staff %s LOGIN%s", args->words[0],
                       leaves ? " [--to LOGIN]" : "");
    if (!leaves && !returns && (!str_eq(args->words[0], "list") || args->n_words != 1))
        return err_set(err, RC_USAGE,
                       "usage: pps staff add|edit|leave|return LOGIN …, or pps staff list");
    enum rc rc = check_options(args, leaves, err);
    if (rc != RC_OK)
        return rc;
    return leaves ? leave(app, args, err) : returns ? come_back(app, args, err) : list(app, err);
}

const struct command cmd_staff = {
    .name = "staff",
    .group = "Setting up",
    .summary = "people of the agency: who sells, who signs",
    .usage = "add|edit LOGIN --name NAME [--role WORD] … | leave LOGIN [--to LOGIN] | return LOGIN | list",
    .details = "The director signs the thank-you letter; managers sign the rest; the login is what "
               "--manager takes.\n"
               "Who leaves gets no more work, and what is open goes to whom --to names, or to nobody; said again with --to,\n"
               "what has been nobody's since goes to that person.",
    .examples =
        "  pps staff add olga --name \"Ольга Смирнова\" --role director --position \"директор\"\n"
        "  pps staff add anna --name \"Анна Петрова\" --email anna@example.com\n"
        "  pps staff edit anna --phone \"8 903 111-22-33\"\n"
        "  pps staff leave anna --to boris\n"
        "  pps staff return anna\n"
        "  pps staff list",
    OPTIONS(options),
    .min_words = 1,
    .max_words = 2,
    .needs = NEEDS_WRITING,
    .run = run,
};
