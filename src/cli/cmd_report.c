/* pps report: what the director looks at. --overdue is one list of everything red; --today everything due today;
 * --checklist the sheet; --summary the figures of a period. */
#include <stdlib.h>

#include <pps/str.h>
#include <pps/views.h>

#include "agenda.h"
#include "checklist.h"
#include "documents_show.h"
#include "overdue_things.h"
#include "summary.h"

static const struct option options[] = {
    {"overdue", NULL, "everything red in one list (the default)"},
    {"today", NULL, "everything due today, and what is red"},
    {"checklist", NULL, "a row per trip, a column per step"},
    {"summary", NULL, "the figures of a period, beside those of as many days before"},
    {"manager", "LOGIN", "only this manager's trips"},
    {"from", "DATE", "checklist: trips that depart on this day or later; summary: from this day"},
    {"to", "DATE", "checklist: trips that depart on this day or before; summary: to this day"},
    {"exit-code", NULL, "exit with 1 when something is red"},
};

/* What can be red beside actions: empty in the other reports. */
struct red_things {
    struct thing_rows things;
    struct document_rows documents;
};

static void red_things_fini(struct red_things *red)
{
    thing_rows_fini(&red->things);
    document_rows_fini(&red->documents);
}

static enum rc find_red_things(struct app *app, int64_t manager_id, struct red_things *ret,
                               struct err *err)
{
    enum rc rc = service_things_late(&app->desk, manager_id, &ret->things, err);
    return rc == RC_OK ? service_documents_left(&app->desk, manager_id, &ret->documents, err) : rc;
}

static void rows_json(struct app *app, struct json *root, const struct agenda *agenda,
                      const struct red_things *red)
{
    agenda_json(app, root, agenda);
    if (red != NULL) {
        overdue_things_json(app, root, &red->things);
        documents_json(app, root, &red->documents);
    }
}

static void rows_table(struct app *app, const struct agenda *agenda, const struct red_things *red)
{
    bool first = true;
    if (agenda->n > 0) {
        agenda_table(app, agenda);
        first = false;
    }
    if (red->things.n > 0) {
        say(app, "%s", first ? "" : "\n");
        overdue_things_table(app, &red->things);
        first = false;
    }
    if (red->documents.n > 0) {
        say(app, "%s", first ? "" : "\n");
        documents_table(app, &red->documents, true);
    }
}

static enum rc show_agenda(struct app *app, int64_t manager_id, bool overdue, struct json *root,
                           bool *ret_red, struct err *err)
{
    struct agenda_query query = {
        .today = desk_today(&app->desk), .manager_id = manager_id, .saved = !overdue};
    struct agenda agenda;
    struct red_things red = {0};
    enum rc rc = service_agenda(&app->desk, &query, &agenda, err);
    if (rc != RC_OK)
        return rc;
    if (overdue) {
        agenda_keep_red(&app->desk, &agenda);
        rc = find_red_things(app, manager_id, &red, err);
    }
    bool any = red.things.n + red.documents.n > 0;
    *ret_red = *ret_red || any;
    for (size_t i = 0; i < agenda.n; i++)
        *ret_red = *ret_red || agenda_colour(&app->desk, &agenda.v[i]) == COLOUR_RED;
    if (rc == RC_OK && app->json)
        rows_json(app, root, &agenda, overdue ? &red : NULL);
    else if (rc == RC_OK && agenda.n == 0 && !any)
        say(app, overdue ? "nothing is overdue\n" : "nothing is due today\n");
    else if (rc == RC_OK && !app->quiet)
        rows_table(app, &agenda, &red);
    agenda_fini(&agenda);
    red_things_fini(&red);
    return rc;
}

static enum rc show(struct app *app, const struct args *args, struct json *root, bool *ret_red,
                    struct err *err)
{
    int64_t manager_id;
    enum rc rc = agenda_manager(app, arg_value(args, "manager"), &manager_id, err);
    if (rc != RC_OK)
        return rc;
    civil_day from, to;
    rc = arg_day(app, args, "from", &from, err);
    if (rc == RC_OK)
        rc = arg_day(app, args, "to", &to, err);
    if (rc != RC_OK)
        return rc;
    if (arg_given(args, "summary")) {
        const struct summary_query query = {.from = from, .to = to, .manager_id = manager_id};
        return summary_show(app, &query, arg_value(args, "manager"), root, err);
    }
    if (arg_given(args, "checklist")) {
        struct checklist_query query = {.from = from, .to = to, .manager_id = manager_id};
        return checklist_show(app, &query, root, ret_red, err);
    }
    return show_agenda(app, manager_id, !arg_given(args, "today"), root, ret_red, err);
}

/* What stands below every report: whether anything goes out at all. */
struct footing {
    struct last_tick last;
    struct alarms alarms;
};

static enum rc look_below(struct app *app, const char *manager, struct json *root,
                          struct footing *ret, struct err *err)
{
    enum rc rc = agenda_last_tick(app, root, &ret->last, err);
    return rc == RC_OK ? agenda_alarms(app, manager, root, &ret->alarms, err) : rc;
}

static void print_below(struct app *app, const struct footing *footing)
{
    last_tick_print(app, &footing->last);
    alarms_print(app, &footing->alarms);
}

static bool is_ill(const struct footing *footing)
{
    const struct last_tick *last = &footing->last;
    return last->stale || last->down[0] != NULL || last->down[1] != NULL ||
           alarms_any(&footing->alarms);
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    bool of_days = arg_given(args, "checklist") || arg_given(args, "summary");
    int kinds = arg_given(args, "overdue") + arg_given(args, "today") +
                arg_given(args, "checklist") + arg_given(args, "summary");
    if (kinds > 1)
        return err_set(err, RC_USAGE,
                       "--overdue, --today, --checklist and --summary are four reports: choose one");
    if (!of_days && (arg_given(args, "from") || arg_given(args, "to")))
        return err_set(err, RC_USAGE, "--from and --to belong to --checklist and --summary");
    struct json *root = app->json ? view_document("report", 1) : NULL;
    bool red = false;
    struct footing footing = {0};
    enum rc rc = look_below(app, arg_value(args, "manager"), root, &footing, err);
    if (rc == RC_OK) {
        alarms_print_first(app, &footing.alarms);
        rc = show(app, args, root, &red, err);
    }
    if (rc == RC_OK && app->json)
        show_json(app, root);
    else
        json_free(root);
    if (rc == RC_OK) {
        print_below(app, &footing);
        if (arg_given(args, "exit-code") && (red || is_ill(&footing)))
            app->exit_status = 1;
    }
    last_tick_fini(&footing.last);
    alarms_fini(&footing.alarms);
    return rc;
}

const struct command cmd_report = {
    .name = "report",
    .group = "Control",
    .summary = "what is red, what is yellow, the checklist, and the figures",
    .usage = "[--overdue | --today | --checklist | --summary] [--manager LOGIN] …",
    .details =
        "Red: calls not made, messages refused, missed, in doubt or held, work that is "
        "nobody's, and presents, cards\n"
        "and albums that are not ready on the day of the visit, or not handed over two days after "
        "it; documents whose\n"
        "letter goes without them. Yellow: due today. Every report ends with the time of the last tick, with the number of messages in "
        "doubt,\n"
        "with open trips that are nobody's, and with what holds the tick, when it is held; what is wrong "
        "with the playbook\n"
        "stands first. --exit-code counts these as red.\n"
        "--summary is of the last 30 days when no day is named; what each figure counts, and by which day, stands in\n"
        "docs/figures.md.",
    .examples = "  pps report --overdue\n"
                "  pps report --checklist --manager anna\n"
                "  pps report --summary --from 01.05.2027 --to 31.05.2027\n"
                "  pps report --overdue --exit-code --quiet || echo \"something is red\"",
    OPTIONS(options),
    .needs = NEEDS_A_LOOK,
    .run = run,
};
