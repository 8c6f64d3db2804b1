/* pps today: whom do I call, with which words. Calls and visits that are due or overdue, with phone
 * numbers; messages that wait for a word; and what is not ready for the visits of these days. */
#include <stdlib.h>

#include <pps/complaint.h>
#include <pps/str.h>
#include <pps/views.h>

#include "agenda.h"
#include "prepare.h"

static const struct option options[] = {
    {"manager", "LOGIN", "only this manager's work"},
};

/* What ticks off the work; of some tasks of a complaint another command. */
static void say_how(struct app *app, const struct action *a)
{
    struct err ignored;
    char *command = NULL;
    long long id = (long long)a->id;
    if (a->kind == KIND_COMPLAINT && a->channel == CHANNEL_TASK &&
        service_complaint_command(&app->desk, a->id, &command, &ignored) != RC_OK)
        command = NULL;
    if (command != NULL)
        say(app, "pps script A%lld shows the words, %s does it\n", id, command);
    else
        say(app, "pps script A%lld shows the words, pps done A%lld ticks it off\n", id, id);
    free(command);
}

/* The commands for the first that is to be done, and for the first that needs a word. */
static void say_what_next(struct app *app, const struct agenda *agenda)
{
    const struct action *work = NULL, *word = NULL, *held = NULL, *lost = NULL;
    for (size_t i = 0; i < agenda->n; i++) {
        const struct action *a = &agenda->v[i].action;
        if (channel_is_human(a->channel))
            work = work ? work : a;
        else if (a->cause == CAUSE_APPROVAL)
            word = word ? word : a;
        else if (a->cause == CAUSE_HELD_BY_PERSON)
            held = held ? held : a;
        else if (a->state == STATE_FAILED || a->state == STATE_MISSED)
            lost = lost ? lost : a;
    }
    if (work != NULL || word != NULL || held != NULL || lost != NULL)
        say(app, "\n");
    if (work != NULL)
        say_how(app, work);
    if (word != NULL)
        say(app,
            "pps approve A%lld lets it go, pps snooze A%lld --to … moves it, pps skip A%lld leaves "
            "it out\n",
            (long long)word->id, (long long)word->id, (long long)word->id);
    if (held != NULL)
        say(app, "pps release A%lld lets it go, pps skip A%lld leaves it out\n",
            (long long)held->id, (long long)held->id);
    if (lost != NULL)
        say(app, "A%lld did not reach them: tell them, pps skip A%lld takes it off the list\n",
            (long long)lost->id, (long long)lost->id);
}

/* Nobody is to be called for them, but somebody has to look: what keeps them back stands in the other report. */
static enum rc say_held(struct app *app, struct json *root, struct err *err)
{
    int64_t held;
    enum rc rc = store_count_held(app->store, &held, err);
    if (rc != RC_OK)
        return rc;
    if (root != NULL)
        json_add_int(root, "held", held);
    else if (held > 0)
        say(app, "%lld message%s held: pps report --overdue\n", (long long)held,
            held == 1 ? " is" : "s are");
    return RC_OK;
}

/* Whoever reads the list of the day learns, too, that nothing goes out, unless what holds it is said anyway. */
static enum rc say_unseen(struct app *app, struct json *root, const struct alarms *alarms,
                          struct err *err)
{
    struct last_tick last;
    enum rc rc = agenda_last_tick(app, root, &last, err);
    if (rc != RC_OK)
        return rc;
    if (last.unseen && alarms->hold == NULL)
        last_tick_print(app, &last);
    last_tick_fini(&last);
    return RC_OK;
}

static enum rc show(struct app *app, const struct agenda *agenda, const char *manager,
                    int64_t manager_id, struct err *err)
{
    struct json *root = app->json ? view_document("today", 1) : NULL;
    struct alarms alarms = {0};
    enum rc rc = agenda_alarms(app, manager, root, &alarms, err);
    if (rc != RC_OK) {
        json_free(root);
        return rc;
    }
    alarms_print_first(app, &alarms);
    if (app->json) {
        agenda_json(app, root, agenda);
    } else if (agenda->n == 0) {
        say(app, "nobody is to be called today\n");
    } else if (!app->quiet) {
        agenda_table(app, agenda);
        say_what_next(app, agenda);
    }
    rc = show_to_prepare(app, manager_id, root, err);
    if (rc == RC_OK)
        rc = say_held(app, root, err);
    if (rc == RC_OK)
        rc = say_unseen(app, root, &alarms, err);
    if (rc == RC_OK && app->json)
        show_json(app, root);
    else
        json_free(root);
    if (rc == RC_OK)
        alarms_print(app, &alarms);
    alarms_fini(&alarms);
    return rc;
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    struct agenda_query query = {.today = desk_today(&app->desk), .human_only = true};
    struct agenda agenda;
    enum rc rc = agenda_manager(app, arg_value(args, "manager"), &query.manager_id, err);
    if (rc == RC_OK)
        rc = service_agenda(&app->desk, &query, &agenda, err);
    if (rc != RC_OK)
        return rc;
    rc = show(app, &agenda, arg_value(args, "manager"), query.manager_id, err);
    agenda_fini(&agenda);
    return rc;
}

const struct command cmd_today = {
    .name = "today",
    .group = "Every day",
    .summary = "whom to call and to meet today, and what is overdue",
    .usage = "[--manager LOGIN]",
    .details = "Below stands what is not ready for the visits of today and the next two days.",
    .examples = "  pps today\n"
                "  pps today --manager anna",
    OPTIONS(options),
    .needs = NEEDS_A_LOOK,
    .run = run,
};
