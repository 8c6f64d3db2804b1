/* pps attach: files that go with letters. A manager has the voucher on the screen and the client on the phone: one line, and
 * the answer says with which letter it goes, and when. */
#include <stdlib.h>

#include <pps/str.h>
#include <pps/views.h>

#include "documents_show.h"
#include "heard.h"

static const struct option options[] = {
    {"step", "STEP", "the letter it goes with (default: the next one); of D3: another letter"},
    {"name", "NAME", "what the client sees (default: the file's own name)"},
    {"drop", NULL, "D3 does not go after all"},
    {"save", "FILE", "write D3 to a new file, to look at it"},
};

/* "D3 voucher.pdf goes with packing, 14.12.2026 10:00" */
static enum rc say_document(struct app *app, const struct document_row *row, struct err *err)
{
    struct action letter = {0};
    char moment[PEOPLE_DATE_BYTES] = "", *state = document_state(row);
    enum rc rc = RC_OK;
    if (document_fate(row) == DOCUMENT_WAITS)
        rc = store_action_get(app->store, row->bearer_id, &letter, err);
    if (rc == RC_OK && letter.id != 0)
        people_moment(letter.local_due, moment);
    if (rc == RC_OK)
        say(app, "D%lld %s %s%s%s (pps undo D%lld takes it back)\n", (long long)row->document.id,
            row->document.name, state, *moment ? ", " : "", moment, (long long)row->document.id);
    action_fini(&letter);
    free(state);
    return rc;
}

static enum rc answer(struct app *app, struct document_row *row, struct err *err)
{
    enum rc rc = RC_OK;
    if (app->json) {
        struct json *root = view_document("attach", 1);
        (void)document_json(app, root, "document", row);
        show_json(app, root);
    } else {
        rc = say_document(app, row, err);
    }
    document_row_fini(row);
    return rc;
}

static enum rc change(struct app *app, const struct args *args, struct err *err)
{
    const char *id = args->words[0], *step = arg_value(args, "step"), *to = arg_value(args, "save");
    bool drop = arg_given(args, "drop");
    struct document_row row;
    if (args->n_words > 1 || arg_given(args, "name") || (step != NULL) + drop + (to != NULL) != 1)
        return err_set(err, RC_USAGE, "usage: pps attach %s --step STEP | --drop | --save FILE",
                       id);
    enum rc rc = app_open_store(app, to ? STORE_READ : STORE_WRITE, err);
    if (rc == RC_OK && to != NULL)
        rc = service_document_save(&app->desk, id, to, &row, err);
    else if (rc == RC_OK)
        rc = drop ? service_document_drop(&app->desk, id, &row, err)
                  : service_document_move(&app->desk, id, step, &row, err);
    if (rc == RC_OK && to != NULL && !app->json) {
        say(app, "D%lld %s: written to %s\n", (long long)row.document.id, row.document.name, to);
        document_row_fini(&row);
        return RC_OK;
    }
    return rc == RC_OK ? answer(app, &row, err) : rc;
}

static enum rc add(struct app *app, const struct args *args, struct err *err)
{
    struct document_entry entry = {
        .whom = args->words[0],
        .path = args->words[1],
        .step = arg_value(args, "step"),
        .name = arg_value(args, "name"),
    };
    struct document_row row;
    enum rc rc = app_open_store(app, STORE_WRITE, err);
    if (rc == RC_OK)
        rc = service_document_add(&app->desk, &entry, &row, err);
    return rc == RC_OK ? answer(app, &row, err) : rc;
}

static enum rc list(struct app *app, const struct args *args, struct err *err)
{
    struct document_rows rows;
    int64_t occasion_id;
    enum rc rc = app_open_store(app, STORE_READ, err);
    if (rc == RC_OK)
        rc = lookup_occasion(&app->desk, args->words[0], &occasion_id, err);
    if (rc == RC_OK)
        rc = store_documents(app->store, occasion_id, 0, &rows, err);
    if (rc != RC_OK)
        return rc;
    if (app->json) {
        struct json *root = view_document("attach", 1);
        documents_json(app, root, &rows);
        show_json(app, root);
    } else if (rows.n == 0) {
        say(app, "no documents: pps attach %s FILE adds one\n", args->words[0]);
    } else {
        documents_table(app, &rows, false);
    }
    document_rows_fini(&rows);
    return RC_OK;
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    int64_t id;
    if (id_parse_exact(args->words[0], 'D', &id))
        return change(app, args, err);
    if (arg_given(args, "drop") || arg_given(args, "save"))
        return err_set(err, RC_USAGE, "--drop and --save are for a document: pps attach D3 --drop");
    if (args->n_words == 2)
        return add(app, args, err);
    if (arg_given(args, "step") || arg_given(args, "name"))
        return err_set(err, RC_USAGE, "say which file: pps attach %s FILE", args->words[0]);
    return list(app, args, err);
}

const struct command cmd_attach = {
    .name = "attach",
    .group = "Clients",
    .summary = "a voucher, a ticket, a memo: files that go with a letter",
    .usage = "TRIP [FILE [--step STEP] [--name NAME]] | D3 --step STEP | --drop | --save FILE",
    .details = "The file is kept in the database; it goes with one letter, by e-mail. When that "
               "letter does not go, the\n"
               "document is red in pps report --overdue until it goes with another. At most 5 MB a "
               "file, 10 MB a\n"
               "letter; nothing that mail servers refuse, such as programs, macros and archives with "
               "a password. What goes\nwith a letter of every client stands in its template: Attachments.",
    .examples = "  pps attach T34 voucher.pdf\n"
                "  pps attach T34 scan0017.pdf --step packing --name \"Ваучер Анталья.pdf\"\n"
                "  pps attach T34\n"
                "  pps attach D3 --step bon-voyage\n"
                "  pps attach D3 --save /tmp/look.pdf",
    OPTIONS(options),
    .min_words = 1,
    .max_words = 2,
    .needs = NEEDS_CONFIG,
    .run = run,
};
