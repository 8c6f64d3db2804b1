/* pps doubt: messages of which nobody knows whether they were sent: what is known about each, and what a person found
 * out or decides. */
#include <stdlib.h>

#include <pps/contact.h>
#include <pps/str.h>
#include <pps/views.h>

#include "agenda.h"

static const struct option options[] = {
    {"manager", "LOGIN", "only this manager's trips"},
    {"exit-code", NULL, "exit with 1 when something is in doubt"},
    {"sent", NULL, "resolve: it was accepted"},
    {"resend", NULL, "resolve: it was not; the next tick sends it"},
    {"drop", NULL, "resolve: it is not to be sent, whatever became of it"},
    {"note", "WORDS", "resolve: how it was found out"},
};

static const char usage_resolve[] =
    "usage: pps doubt resolve ACTION … --sent|--resend|--drop [--note WORDS]";

enum {
    YEAR_SEC = 366 * 86400, /* the tick puts what is left to a person farther away than this */
    MOMENT_BYTES = CIVIL_TEXT_BYTES + 8
};

/* With seconds, as logs have it. */
static void moment(struct app *app, int64_t at, char buf[MOMENT_BYTES])
{
    char minute[CIVIL_TEXT_BYTES];
    civil_format(zone_to_local(app->zone, at), minute);
    (void)snprintf(buf, MOMENT_BYTES, "%s:%02d", minute, (int)(at % 60));
}

static bool left_to_person(struct app *app, const struct action *a)
{
    return a->next_attempt_at > desk_now(&app->desk) + YEAR_SEC;
}

static enum doubt_policy policy_of(const struct doubt_file *d)
{
    return d->file.step ? d->file.step->if_in_doubt : DOUBT_ASK;
}

static const char *const policies[] = {
    [DOUBT_ASK] = "ask",
    [DOUBT_RESEND] = "resend",
    [DOUBT_ASSUME_SENT] = "assume_sent",
};

/* ---- for people ---- */

static void say_way(struct app *app, const struct doubt_file *d)
{
    char number[32];
    const struct frozen_message *m = &d->message;
    const char *by = channel_word(d->file.action.channel), *to = m->recipient;
    if (m->message_id == NULL) {
        say(app, "  by %s; its words and its recipient are not in this copy of the database\n", by);
        return;
    }
    if (m->channel == CHANNEL_SMS) {
        phone_format(m->recipient, number);
        to = number;
    }
    say(app, "  by %s to %s\n", by, to);
    if (m->channel == CHANNEL_EMAIL)
        say(app, "  Message-ID: <%s> (look for it in the log of the mail server)\n", m->message_id);
}

/* Without the sent log nobody knows when it was handed over, if at all: not before it was due. */
static bool is_guess(const struct action *a, const struct attempt *t)
{
    return a->cause == CAUSE_RESTORED && t->seq == 0 && str_eq(t->outcome, "in_doubt");
}

static void add_outcome(struct app *app, struct sb *sb, const struct action *a,
                        const struct attempt *t)
{
    char at[MOMENT_BYTES];
    bool doubt = str_eq(t->outcome, "in_doubt");
    moment(app, t->risk_at != 0 ? t->risk_at : t->claimed_at, at);
    if (is_guess(a, t))
        sb_addf(sb, "perhaps handed over, at %s or later", at);
    else if (t->risk_at != 0)
        sb_addf(sb, "handed over at %s", at);
    else
        sb_addf(sb, "at %s, not handed over", at);
    if (t->outcome == NULL)
        sb_add(sb, ", and it runs now");
    else if (doubt && t->done_at > t->risk_at)
        sb_addf(sb, ", in doubt after %lld s", (long long)(t->done_at - t->risk_at));
    else if (!doubt && t->risk_at != 0)
        sb_add(sb, str_eq(t->outcome, "sent") ? ", accepted" : ", refused");
    if (t->code != 0)
        sb_addf(sb, ", code %d", t->code);
    if (!str_empty(t->reply))
        sb_addf(sb, ": %s", t->reply);
}

static void say_try(struct app *app, const struct action *a, const struct attempt *t)
{
    struct sb sb = {0};
    char at[MOMENT_BYTES];
    add_outcome(app, &sb, a, t);
    if (t->settled != NULL)
        sb_addf(&sb, " (settled: %s)", t->settled);
    say(app, "  try %d: %s\n", t->n, sb_str(&sb));
    sb_fini(&sb);
    if (t->provider_id != NULL)
        say(app, "    the provider's number: %s\n", t->provider_id);
    if (t->unknown_at != 0) {
        moment(app, t->unknown_at, at);
        say(app, "    at %s the gateway said that it does not know it\n", at);
    }
}

/* Why the playbook's "resend" does not work by itself any more; NULL when it does. */
static const char *why_no_repeat(struct app *app, const struct doubt_file *d)
{
    int tries = 0;
    for (size_t i = 0; i < d->tries.n; i++)
        tries += str_eq(d->tries.v[i].outcome, "in_doubt");
    if (d->file.occasion.ended || d->file.action.stale)
        return "it was changed since";
    if (d->file.action.expires_at <= desk_now(&app->desk))
        return "its time has passed";
    return tries > 1 ? "it went once more already" : NULL;
}

/* What may happen by itself, as far as the playbook says it: what the gateway can find out is known only to a tick. */
static void say_policy(struct app *app, const struct doubt_file *d)
{
    static const char *const then[] = {
        [DOUBT_ASK] = "waits for a person",
        [DOUBT_RESEND] = "goes once more by itself",
        [DOUBT_ASSUME_SENT] = "is taken for sent by a tick",
    };
    char at[MOMENT_BYTES];
    const struct action *a = &d->file.action;
    enum doubt_policy policy = policy_of(d);
    const char *why = policy == DOUBT_RESEND ? why_no_repeat(app, d) : NULL;
    say(app, "  the playbook says if_in_doubt: %s. What the gateway cannot clear up %s%s%s\n",
        policies[policy], then[why ? DOUBT_ASK : policy], why ? ", because " : "", str_or(why, ""));
    if (left_to_person(app, a)) {
        say(app, "  a tick has looked at it; none does so any more\n");
    } else if (a->next_attempt_at > desk_now(&app->desk)) {
        moment(app, a->next_attempt_at, at);
        say(app, "  a tick looks at it again after %s\n", at);
    } else {
        say(app, "  the next tick looks at it\n");
    }
}

static void say_end(struct app *app, const struct doubt_file *d)
{
    const struct case_file *f = &d->file;
    char until[CIVIL_TEXT_BYTES];
    civil_format(zone_to_local(app->zone, f->action.expires_at), until);
    say(app, "  %s %s\n",
        f->action.expires_at > desk_now(&app->desk) ? "of use until" : "of no use since", until);
    if (f->occasion.ended)
        say(app, "  %s\n", f->occasion.kind == KIND_TRIP ? "the trip is cancelled" : "it is over");
    if (f->action.stale)
        say(app, "  its trip or client was changed since it was handed over: --resend makes it "
                 "anew\n");
}

static void say_commands(struct app *app, const struct doubt_file *d)
{
    long long id = (long long)d->file.action.id;
    struct err why;
    say(app, "    pps doubt resolve A%lld --sent     it has arrived, or was accepted\n", id);
    if (doubt_may_resend(&app->desk, &d->file, &why) == RC_OK)
        say(app, "    pps doubt resolve A%lld --resend   it has not: send it\n", id);
    else
        say(app, "    (%s)\n", why.message);
    say(app, "    pps doubt resolve A%lld --drop     leave it: it is not sent\n", id);
}

static void say_doubt(struct app *app, const struct doubt_file *d)
{
    const struct case_file *f = &d->file;
    char *occasion = occasion_line(&f->occasion);
    say(app, "A%lld %s, %s, %s, manager %s\n", (long long)f->action.id,
        f->step ? f->step->title : f->action.step, f->client.name, occasion,
        str_or(f->manager.login, "nobody"));
    free(occasion);
    say_way(app, d);
    for (size_t i = 0; i < d->tries.n; i++)
        say_try(app, &f->action, &d->tries.v[i]);
    say_end(app, d);
    say_policy(app, d);
    say_commands(app, d);
}

/* ---- for programs ---- */

static void add_try(struct app *app, struct json *list, const struct attempt *t)
{
    struct json *o = json_add_object(list, NULL);
    json_add_int(o, "n", t->n);
    view_instant(o, "claimed", t->claimed_at, app->zone);
    view_instant(o, "handed_over", t->risk_at, app->zone);
    view_instant(o, "ended", t->done_at, app->zone);
    json_add_string(o, "outcome", t->outcome);
    if (t->code != 0)
        json_add_int(o, "code", t->code);
    else
        json_add_null(o, "code");
    json_add_string(o, "reply", t->reply);
    json_add_string(o, "provider_id", t->provider_id);
    view_instant(o, "unknown_since", t->unknown_at, app->zone);
    json_add_string(o, "settled", t->settled);
}

static void add_doubt(struct app *app, struct json *list, const struct doubt_file *d)
{
    const struct case_file *f = &d->file;
    struct json *o = view_action(list, NULL, &f->action, f->client.id, f->manager.login, app->zone);
    json_add_string(o, "title", f->step ? f->step->title : NULL);
    json_add_string(o, "client_name", f->client.name);
    json_add_string(o, "destination", f->occasion.title);
    json_add_string(o, "recipient", d->message.recipient);
    json_add_string(o, "message_id", d->message.message_id);
    view_instant(o, "since", d->since, app->zone);
    struct json *tries = json_add_array(o, "tries");
    for (size_t i = 0; i < d->tries.n; i++)
        add_try(app, tries, &d->tries.v[i]);
    json_add_string(o, "if_in_doubt", policies[policy_of(d)]);
    view_instant(o, "next_look", left_to_person(app, &f->action) ? 0 : f->action.next_attempt_at,
                 app->zone);
    json_add_bool(o, "changed", f->action.stale);
    json_add_bool(o, "ended", f->occasion.ended);
    json_add_bool(o, "may_resend", doubt_may_resend(&app->desk, f, NULL) == RC_OK);
}

/* ---- the list ---- */

static enum rc check_list_options(const struct args *args, struct err *err)
{
    static const char *const of_resolve[] = {"sent", "resend", "drop", "note"};
    for (size_t i = 0; i < sizeof of_resolve / sizeof *of_resolve; i++) {
        if (arg_given(args, of_resolve[i]))
            return err_set(err, RC_USAGE, "--%s belongs to pps doubt resolve", of_resolve[i]);
    }
    if (args->n_words > 0 && arg_given(args, "manager"))
        return err_set(err, RC_USAGE, "--manager chooses from all: name no action with it");
    return RC_OK;
}

static void show_list(struct app *app, const struct doubt_list *list)
{
    if (app->json) {
        struct json *root = view_document("doubt", 1);
        struct json *rows = json_add_array(root, "doubts");
        for (size_t i = 0; i < list->n; i++)
            add_doubt(app, rows, &list->v[i]);
        show_json(app, root);
    } else if (list->n == 0) {
        say(app, "nothing is in doubt\n");
    } else {
        say(app, "times are those of %s\n", zone_name(app->zone));
        for (size_t i = 0; i < list->n; i++) {
            say(app, "\n");
            say_doubt(app, &list->v[i]);
        }
    }
}

static enum rc list(struct app *app, const struct args *args, struct err *err)
{
    struct doubt_list list;
    int64_t manager_id = 0;
    enum rc rc = check_list_options(args, err);
    if (rc == RC_OK)
        rc = app_open_store(app, STORE_READ, err);
    if (rc == RC_OK)
        rc = agenda_manager(app, arg_value(args, "manager"), &manager_id, err);
    if (rc == RC_OK)
        rc = args->n_words > 0
                 ? service_doubts_named(&app->desk, args->words, args->n_words, &list, err)
                 : service_doubts(&app->desk, manager_id, &list, err);
    if (rc != RC_OK)
        return rc;
    show_list(app, &list);
    if (arg_given(args, "exit-code") && list.n > 0)
        app->exit_status = 1;
    doubt_list_fini(&list);
    return RC_OK;
}

/* ---- resolve ---- */

static enum rc read_answer(const struct args *args, enum answer *ret, struct err *err)
{
    bool sent = arg_given(args, "sent"), resend = arg_given(args, "resend");
    bool drop = arg_given(args, "drop");
    if (arg_given(args, "manager") || arg_given(args, "exit-code"))
        return err_set(err, RC_USAGE, "--%s belongs to the list, pps doubt",
                       arg_given(args, "manager") ? "manager" : "exit-code");
    if (args->n_words < 2)
        return err_set(err, RC_USAGE, "%s", usage_resolve);
    if (sent + resend + drop != 1)
        return err_set(err, RC_USAGE, "say one of --sent, --resend and --drop");
    *ret = sent ? ANSWER_SENT : resend ? ANSWER_RESEND : ANSWER_DROP;
    return RC_OK;
}

static void show_resolved(struct app *app, enum answer answer, const struct actions *actions)
{
    static const char *const words[] = {
        [ANSWER_SENT] = "counts as sent",
        [ANSWER_RESEND] = "goes with the next tick",
        [ANSWER_DROP] = "will not be sent",
    };
    struct json *root = app->json ? view_document("doubt", 1) : NULL;
    struct json *rows = root ? json_add_array(root, "actions") : NULL;
    for (size_t i = 0; i < actions->n; i++) {
        const struct action *a = &actions->v[i];
        char *line = action_line(app, a);
        bool anew = answer == ANSWER_RESEND && a->stale;
        if (rows != NULL)
            (void)show_action(app, rows, NULL, a);
        say(app, "%s: %s (pps undo A%lld takes it back)\n", line,
            anew ? "is planned anew by the next tick, and goes if there is still time"
                 : words[answer],
            (long long)a->id);
        free(line);
    }
    if (root != NULL)
        show_json(app, root);
}

static enum rc resolve(struct app *app, const struct args *args, struct err *err)
{
    struct resolution resolution = {.note = arg_value(args, "note")};
    struct actions actions;
    enum rc rc = read_answer(args, &resolution.answer, err);
    if (rc == RC_OK)
        rc = app_open_store(app, STORE_WRITE, err);
    if (rc == RC_OK)
        rc = service_resolve(&app->desk, args->words + 1, args->n_words - 1, &resolution, &actions,
                             err);
    if (rc != RC_OK)
        return rc;
    show_resolved(app, resolution.answer, &actions);
    actions_fini(&actions);
    return RC_OK;
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    if (args->n_words > 0 && str_eq(args->words[0], "resolve"))
        return resolve(app, args, err);
    return list(app, args, err);
}

const struct command cmd_doubt = {
    .name = "doubt",
    .group = "Control",
    .summary = "what may or may not have been sent: the evidence, and your decision",
    .usage = "[ACTION …] | resolve ACTION … --sent|--resend|--drop [--note WORDS]",
    .details =
        "A message is in doubt when it was handed over and no answer came. No second copy is "
        "risked until it is known,\n"
        "or decided by you or the playbook, what became of it. Look into the log of the mail "
        "server or the list of the\n"
        "SMS provider, or ask the client; then resolve it. Several can be resolved at once, all or "
        "none; pps undo takes\n"
        "each back. --resend sends the same words again, or new ones when the trip or the client "
        "was changed since.",
    .examples = "  pps doubt\n"
                "  pps doubt A156\n"
                "  pps doubt resolve A156 --sent --note \"в журнале почты есть\"\n"
                "  pps doubt resolve A157 T34/preflight --resend\n"
                "  pps doubt --exit-code --quiet || echo \"something is in doubt\"",
    OPTIONS(options),
    .max_words = RESOLVE_MAX + 1,
    .needs = NEEDS_CONFIG,
    .run = run,
};
