/* pps done: tick off a call or a visit. */
#include <stdlib.h>

#include <pps/str.h>
#include <pps/views.h>

#include "app.h"

static const struct option options[] = {
    {"outcome", "WORD", "reached (default), no-answer, refused, wrong-number; came, did-not-come"},
    {"note", "WORDS", "what was said"},
    {"visit", "DATE", "the visit to the office that was agreed"},
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

static void show_done(struct app *app, const struct action *a, bool closed)
{
    static const char *const weekdays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    char *line = action_line(app, a);
    struct trip trip;
    struct err ignored;
    if (closed)
        say(app, "%s: done, %s (pps undo A%lld takes it back)\n", line, a->outcome,
            (long long)a->id);
    else
        say(app, "%s: %s; it stays on the list\n", line, str_or(a->reason, a->outcome));
    if (!closed && a->channel == CHANNEL_VISIT)
        say(app, "another day was agreed: pps edit-trip T%lld --visit \"DATE HOUR\"\n",
            (long long)a->trip_id);
    if (store_trip_get(app->store, a->trip_id, &trip, &ignored) == RC_OK) {
        if (trip.visit.day != CIVIL_NONE && channel_is_human(a->channel)) {
            char when[CIVIL_TEXT_BYTES];
            civil_format(trip.visit, when);
            say(app, "the visit: %s %s\n", weekdays[civil_weekday(trip.visit.day)], when);
        }
        if (a->cause == CAUSE_WRONG_NUMBER)
            tell_of_others(app, trip.client_id);
        trip_fini(&trip);
    }
    if (a->due_at > desk_now(&app->desk) + 86400)
        remark(app, "note: it was planned for a later day; was it the right one?");
    free(line);
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    struct tick_off tick_off = {
        .outcome = arg_value(args, "outcome"),
        .note = arg_value(args, "note"),
        .visit = arg_value(args, "visit"),
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
    .usage = "ACTION [--outcome WORD] [--note WORDS] [--visit DATE]",
    .details =
        "no-answer and did-not-come leave the work on the list, and the SMS after the cut-off "
        "still goes.\n"
        "wrong-number stops every SMS to that number until pps edit-client gives the right one.",
    .examples =
        "  pps done A156\n"
        "  pps done T34/office-call --visit \"23.12.2026 15:00\" --note \"очень довольна\"\n"
        "  pps done A156 --outcome no-answer",
    OPTIONS(options),
    .min_words = 1,
    .max_words = 1,
    .needs = NEEDS_WRITING,
    .run = run,
};
