/* pps done: tick off a call or a visit. */
#include <stdlib.h>

#include <pps/complaint.h>
#include <pps/str.h>
#include <pps/views.h>

#include "card.h"
#include "heard.h"
#include "when.h"

static const struct option options[] = {
    {"outcome", "WORD",
     "reached (default), no-answer, later, refused, wrong-number; came, by-phone, did-not-come"},
    {"note", "WORDS", "what was said"},
    {"visit", "DATE", "the visit to the office that was agreed"},
    {"at", "WHEN", "later: when they want to be called, as \"+1d 15:00\" or 15:00"},
    {"by-phone", NULL, "they cannot come: what the visit is for was talked over in the call"},
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

/* "; not ticked off by 2026-12-09 19:00, it goes by SMS" */
static char *message_then(struct app *app, const struct action *a)
{
    char at[CIVIL_TEXT_BYTES];
    if (a->cause != CAUSE_CALL_BACK || a->fallback_at <= desk_now(&app->desk))
        return xstrdup("");
    civil_format(zone_to_local(app->zone, a->fallback_at), at);
    return xasprintf("; not ticked off by %s, it goes by %s", at,
                     channel_word(a->fallback_channel));
}

/* They do not want to be called, and are told by the message. */
static void show_left_to_message(struct app *app, const struct action *a, const char *line)
{
    char at[CIVIL_TEXT_BYTES];
    civil_format(zone_to_local(app->zone, a->fallback_at), at);
    if (a->cause == CAUSE_CALLED_EARLY)
        say(app,
            "%s: reached, days before the departure: the %s goes as well, at %s (pps undo A%lld "
            "takes it back)\n",
            line, channel_word(a->fallback_channel), at, (long long)a->id);
    else if (a->fallback_at > desk_now(&app->desk))
        say(app, "%s: refused; the %s goes at %s (pps undo A%lld takes it back)\n", line,
            channel_word(a->fallback_channel), at, (long long)a->id);
    else
        say(app, "%s: refused; %s (pps undo A%lld takes it back)\n", line,
            a->fallback_at ? "the next tick tries the message again" : str_or(a->reason, "call"),
            (long long)a->id);
}

/* "no answer at 12:00, try 1 of 3; next try Wed 2026-12-09 14:00" */
static void show_open(struct app *app, const struct action *a, enum ticked ticked, const char *line)
{
    bool ahead = a->due_at > desk_now(&app->desk) && a->cause != CAUSE_UNREACHABLE &&
                 (str_eq(a->outcome, "no-answer") || a->cause == CAUSE_CALL_BACK);
    const char *again = ticked == TICKED_AGAIN ? "counted as the same try: " : "";
    if (a->cause == CAUSE_DECLINED || a->cause == CAUSE_CALLED_EARLY) {
        show_left_to_message(app, a, line);
        return;
    }
    char *when = when_line(app, a), *then = message_then(app, a);
    if (ahead)
        say(app, "%s: %s%s; %s %s%s\n", line, again, str_or(a->reason, a->outcome),
            a->cause == CAUSE_CALL_BACK ? "call" : "next try", when, then);
    else
        say(app, "%s: %s%s; it stays on the list\n", line, again, str_or(a->reason, a->outcome));
    free(when);
    free(then);
}

/* Of the trip, to which a call because of an answer belongs as well. */
static struct civil agreed_visit(struct app *app, int64_t occasion_id, int64_t *ret_trip)
{
    struct occasion o, trip;
    struct err ignored;
    struct civil visit = {CIVIL_NONE, MINUTE_NONE};
    if (store_occasion_get(app->store, occasion_id, &o, &ignored) != RC_OK)
        return visit;
    *ret_trip = o.kind == KIND_TRIP ? o.id : o.about_id;
    if (*ret_trip != 0 && store_occasion_get(app->store, *ret_trip, &trip, &ignored) == RC_OK) {
        visit = trip.when[ANCHOR_VISIT];
        occasion_fini(&trip);
    }
    occasion_fini(&o);
    return visit;
}

static void show_closed(struct app *app, const struct action *a, const char *line, bool by_phone)
{
    long long id = (long long)a->id;
    if (a->state == STATE_SENT) {
        say(app, "%s: called as well, beside the %s that went (pps undo A%lld takes it back)\n",
            line, channel_word(a->channel), id);
        return;
    }
    say(app, "%s: done%s%s (pps undo A%lld takes it back)\n", line,
        a->channel == CHANNEL_TASK ? "" : ", ", a->channel == CHANNEL_TASK ? "" : a->outcome, id);
    if (by_phone)
        say(app, "the visit: talked over by phone, nobody waits for it\n");
}

static const char *weekday(struct civil c)
{
    static const char *const weekdays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    return weekdays[civil_weekday(c.day)];
}

/* They did not come, and another day is agreed already. */
static void show_moved_visit(struct app *app, const struct action *a, struct civil was)
{
    int64_t trip_id = 0;
    char on[CIVIL_TEXT_BYTES] = "", when[CIVIL_TEXT_BYTES];
    struct civil now = agreed_visit(app, a->occasion_id, &trip_id);
    char *line = action_line(app, a);
    if (was.day != CIVIL_NONE)
        civil_format_day(was.day, on);
    civil_format(now, when);
    say(app, "%s: did not come%s%s; the visit is now %s %s (pps undo A%lld takes it back)\n", line,
        *on ? " on " : "", on, weekday(now), when, (long long)a->id);
    free(line);
}

static void show_done(struct app *app, const struct action *a, enum ticked ticked, bool by_phone)
{
    bool closed = ticked == TICKED_OFF;
    char *line = action_line(app, a);
    struct occasion occasion;
    struct err ignored;
    if (closed)
        show_closed(app, a, line, by_phone);
    else
        show_open(app, a, ticked, line);
    if (!closed && a->channel == CHANNEL_VISIT)
        say(app, "another day was agreed: pps edit-trip T%lld --visit \"DATE HOUR\"\n",
            (long long)a->occasion_id);
    if (store_occasion_get(app->store, a->occasion_id, &occasion, &ignored) == RC_OK) {
        int64_t trip_id = 0;
        struct civil visit = agreed_visit(app, occasion.id, &trip_id);
        if (visit.day != CIVIL_NONE && channel_is_human(a->channel) && !by_phone) {
            char when[CIVIL_TEXT_BYTES];
            civil_format(visit, when);
            say(app, "the visit: %s %s\n", weekday(visit), when);
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

/* The day on which they were expected, of a visit that is put off; day CIVIL_NONE: none. */
static struct civil visit_before(struct app *app, const char *words, const struct tick_off *t)
{
    struct civil visit = {CIVIL_NONE, MINUTE_NONE};
    struct action a;
    struct err ignored;
    int64_t trip_id = 0;
    if (t->visit == NULL || lookup_action(&app->desk, words, &a, &ignored) != RC_OK)
        return visit;
    visit = agreed_visit(app, a.occasion_id, &trip_id);
    action_fini(&a);
    return visit;
}

/* What went on because of it, of a call about a complaint, and what to do when all is not well. */
static void show_what_follows(struct app *app, const struct done_result *r)
{
    struct case_file file;
    struct err ignored;
    char id[ID_TEXT_BYTES];
    id_format('A', r->action.id, id);
    show_follows(app, &r->follows);
    if (r->ticked != TICKED_OFF || case_open(&app->desk, id, &file, &ignored) != RC_OK)
        return;
    say_reopen(app, &file);
    case_fini(&file);
}

static void show_json_of(struct app *app, const struct done_result *r, const char *odd)
{
    struct json *root = view_document("done", 1);
    (void)show_action(app, root, "action", &r->action);
    json_add_bool(root, "closed", r->ticked == TICKED_OFF);
    json_add_bool(root, "same_try", r->ticked == TICKED_AGAIN);
    json_add_string(root, "remark", odd);
    to_hand_over_json(app, root, &r->action);
    follows_json(root, &r->follows);
    show_json(app, root);
}

static void show(struct app *app, const struct done_result *r, const struct tick_off *t,
                 struct civil visit_was)
{
    int64_t trip_id = 0;
    char *odd = NULL;
    if (t->visit != NULL) {
        struct civil visit = agreed_visit(app, r->action.occasion_id, &trip_id);
        odd = when_unusual(app, trip_id, visit);
    }
    if (app->json) {
        show_json_of(app, r, odd);
    } else {
        if (t->visit != NULL && r->ticked != TICKED_OFF)
            show_moved_visit(app, &r->action, visit_was);
        else
            show_done(app, &r->action, r->ticked, t->by_phone);
        show_what_follows(app, r);
        if (odd != NULL)
            remark(app, "note: the visit: %s; was it agreed so?", odd);
    }
    free(odd);
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    struct tick_off tick_off = {
        .outcome = arg_value(args, "outcome"),
        .note = arg_value(args, "note"),
        .visit = arg_value(args, "visit"),
        .at = arg_value(args, "at"),
        .by_phone = arg_given(args, "by-phone"),
    };
    struct done_result result;
    struct civil was = visit_before(app, args->words[0], &tick_off);
    enum rc rc = service_done_telling(&app->desk, args->words[0], &tick_off, &result, err);
    if (rc != RC_OK)
        return rc;
    show(app, &result, &tick_off, was);
    done_result_fini(&result);
    return RC_OK;
}

const struct command cmd_done = {
    .name = "done",
    .group = "Every day",
    .summary = "tick off a call or a visit",
    .usage = "ACTION [--outcome WORD] [--at WHEN] [--note WORDS] [--visit DATE | "
             "--by-phone]",
    .details =
        "no-answer and did-not-come leave the work on the list, and the SMS after the cut-off "
        "still goes. The\n"
        "next try comes at another hour by itself; after the last one the call is red. Within an hour, and before "
        "the next\n"
        "try, the same outcome counts as the same try.\n"
        "later, with --at: they want to be called then. refused: nobody asks them again; the SMS "
        "of the call\n"
        "still goes at its hour. --by-phone ends the visit with the call: they cannot come, and all "
        "was said.\n"
        "A call that was made before its SMS went, and not ticked off, can be ticked off "
        "afterwards.\n"
        "wrong-number stops every SMS to that number until pps edit-client gives the right one.\n"
        "After the call that asks whether a complaint is really solved, what waited for it goes, and the "
        "answer says\n"
        "what. When it is not solved: pps complaint reopen P37, instead of the tick or after it.",
    .examples =
        "  pps done A156\n"
        "  pps done T34/office-call --visit \"23.12.2026 15:00\" --note \"очень довольна\"\n"
        "  pps done T34/office-call --by-phone --note \"рассказала обо всём, приведёт сестру\"\n"
        "  pps done A156 --outcome no-answer\n"
        "  pps done A156 --outcome later --at \"+1d 15:00\"",
    OPTIONS(options),
    .min_words = 1,
    .max_words = 1,
    .needs = NEEDS_WRITING,
    .run = run,
};
