/* pps done: tick off a call or a visit. */
#include <stdlib.h>

#include <pps/str.h>
#include <pps/views.h>

#include "card.h"
#include "when.h"

static const struct option options[] = {
    {"outcome", "WORD",
     "reached (default), no-answer, later, refused, wrong-number; came, did-not-come"},
    {"note", "WORDS", "what was said"},
    {"visit", "DATE", "the visit to the office that was agreed"},
    {"at", "WHEN", "later: when they want to be called, as \"+1d 15:00\" or 15:00"},
};

/* A number that is wrong is wrong on every card. */
static void tell_of_others(struct app *app, int64_t client_id)
{
    struct client client;
    struct client_list list;
    struct err ignored;
    if (store_client_get(app->store, client_id, &client, &ignored) != RC_OK)
        return;
    if (client.phone != NULL &&
        store_client_by_contact(app->store, client.phone, NULL, &list, &ignored) == RC_OK) {
        for (size_t i = 0; i < list.n; i++) {
            if (list.v[i].id != client_id)
                say(app, "C%lld %s has the same number: nobody is reached by it there, either\n",
                    (long long)list.v[i].id, list.v[i].name);
        }
        client_list_fini(&list);
    }
    client_fini(&client);
}

/* "no answer at 12:00, try 1 of 3; next try Wed 2026-12-09 14:00" */
static void show_open(struct app *app, const struct action *a, const char *line)
{
    bool ahead = a->due_at > desk_now(&app->desk) &&
                 (str_eq(a->outcome, "no-answer") || a->cause == CAUSE_CALL_BACK);
    char *when = when_line(app, a);
    if (ahead)
        say(app, "%s: %s; %s %s\n", line, str_or(a->reason, a->outcome),
            a->cause == CAUSE_CALL_BACK ? "call" : "next try", when);
    else
        say(app, "%s: %s; it stays on the list\n", line, str_or(a->reason, a->outcome));
    free(when);
}

static void show_done(struct app *app, const struct action *a, bool closed)
{
    static const char *const weekdays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    char *line = action_line(app, a);
    struct occasion occasion;
    struct err ignored;
    if (closed)
        say(app, "%s: done%s%s (pps undo A%lld takes it back)\n", line,
            a->channel == CHANNEL_TASK ? "" : ", ", a->channel == CHANNEL_TASK ? "" : a->outcome,
            (long long)a->id);
    else
        show_open(app, a, line);
    if (!closed && a->channel == CHANNEL_VISIT)
        say(app, "another day was agreed: pps edit-trip T%lld --visit \"DATE HOUR\"\n",
            (long long)a->occasion_id);
    if (store_occasion_get(app->store, a->occasion_id, &occasion, &ignored) == RC_OK) {
        if (occasion.when[ANCHOR_VISIT].day != CIVIL_NONE && channel_is_human(a->channel)) {
            char when[CIVIL_TEXT_BYTES];
            civil_format(occasion.when[ANCHOR_VISIT], when);
            say(app, "the visit: %s %s\n", weekdays[civil_weekday(occasion.when[ANCHOR_VISIT].day)], when);
        }
        if (a->cause == CAUSE_WRONG_NUMBER)
            tell_of_others(app, occasion.client_id);
        occasion_fini(&occasion);
    }
    say_to_hand_over(app, a);
    if (closed && a->due_at > desk_now(&app->desk) + 86400)
        remark(app, "note: it was planned for a later day; was it the right one?");
    free(line);
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    struct tick_off tick_off = {
        .outcome = arg_value(args, "outcome"),
        .note = arg_value(args, "note"),
        .visit = arg_value(args, "visit"),
        .at = arg_value(args, "at"),
    };
    struct action action;
    bool closed = false;
    enum rc rc = service_done(&app->desk, args->words[0], &tick_off, &action, &closed, err);
    if (rc != RC_OK)
        return rc;
    if (app->json) {
        struct json *root = view_document("done", 1);
        (void)show_action(app, root, "action", &action);
        json_add_bool(root, "closed", closed);
        to_hand_over_json(app, root, &action);
        show_json(app, root);
    } else {
        show_done(app, &action, closed);
    }
    action_fini(&action);
    return RC_OK;
}

const struct command cmd_done = {
    .name = "done",
    .group = "Every day",
    .summary = "tick off a call or a visit",
    .usage = "ACTION [--outcome WORD] [--at WHEN] [--note WORDS] [--visit DATE]",
    .details =
        "no-answer and did-not-come leave the work on the list, and the SMS after the cut-off "
        "still goes. The\n"
        "next try comes at another hour by itself; after the last one the call is red.\n"
        "later, with --at: they want to be called then. refused: nobody asks them again.\n"
        "wrong-number stops every SMS to that number until pps edit-client gives the right one.",
    .examples =
        "  pps done A156\n"
        "  pps done T34/office-call --visit \"23.12.2026 15:00\" --note \"очень довольна\"\n"
        "  pps done A156 --outcome no-answer\n"
        "  pps done A156 --outcome later --at \"+1d 15:00\"",
    OPTIONS(options),
    .min_words = 1,
    .max_words = 1,
    .needs = NEEDS_WRITING,
    .run = run,
};
