/* pps tick: does everything that is due. Safe to run at any time, any number of times. */
#include <stdlib.h>

#include <pps/dispatch.h>
#include <pps/sms.h>
#include <pps/steer.h>
#include <pps/str.h>
#include <pps/views.h>
#include <pps/wishes.h>

#include "app.h"

enum { EX_TICK_UNAVAILABLE = 69, EX_TICK_STOPPED = 75, EX_TICK_HELD = 77 };

static const struct option options[] = {
    {"dry-run", NULL, "show all that a tick would do now; send and change nothing"},
    {"accept-clock", NULL, "the clock is right, though it jumped since the last tick"},
    {"max-runtime", "SEC", "begin no new message after so many seconds (default 240)"},
    {"exit-code", NULL, "exit with 1 when this tick had something refused, missed or held"},
};

struct listener {
    struct app *app;
    struct json *rows, *digests; /* with --json */
    bool lines;        /* one line an action */
    bool dry;
    int sms, sms_parts; /* that went, or would go */
};

static void count_sms(struct listener *l, const struct tick_event *event)
{
    struct frozen_message m;
    struct err ignored;
    if (event->outcome != TICK_SENT || event->action->channel != CHANNEL_SMS ||
        store_message_get(l->app->store, event->action->id, &m, &ignored) != RC_OK)
        return;
    l->sms++;
    l->sms_parts += (int)sms_measure(m.bytes).parts;
    frozen_message_fini(&m);
}

/* The list of the morning is for colleagues: told of by their logins. */
static void on_digest(void *ctx, enum tick_outcome outcome, const struct staff *colleague,
                      const char *reason)
{
    struct listener *l = ctx;
    const char *name = tick_outcome_name(outcome), *to = colleague->login;
    if (l->digests != NULL) {
        struct json *o = json_add_object(l->digests, NULL);
        json_add_string(o, "to", to);
        json_add_string(o, "result", name);
        json_add_string(o, "why", str_or(reason, NULL));
    }
    if (l->lines && outcome == TICK_SENT)
        say(l->app, "%s the list of the morning to %s\n", l->dry ? "would send" : name, to);
    else if (l->lines)
        say(l->app, "%s the list of the morning for %s: %s\n", name, to, reason);
}

static void on_event(void *ctx, const struct tick_event *event)
{
    struct listener *l = ctx;
    const struct action *a = event->action;
    count_sms(l, event);
    if (l->rows != NULL) {
        struct json *o = show_action(l->app, l->rows, NULL, a);
        json_add_string(o, "result", tick_outcome_name(event->outcome));
        json_add_string(o, "why", str_or(event->reason, NULL));
    }
    if (!l->lines)
        return;
    static const char *const would[TICK_OUTCOMES] = {
        [TICK_SENT] = "would send",
        [TICK_MISSED] = "would miss",
        [TICK_IN_DOUBT] = "would be in doubt about",
        [TICK_FELL_BACK] = "would no longer wait for the call",
        [TICK_HELD] = "would hold",
        [TICK_WITHDRAWN] = "would withdraw",
        [TICK_SETTLED] = "would settle",
        [TICK_SHARED] = "would leave out",
        [TICK_DROPPED] = "would drop",
    };
    const char *name = tick_outcome_name(event->outcome);
    const char *what = l->dry ? str_or(would[event->outcome], name) : name;
    char id[ID_TEXT_BYTES];
    occasion_id_format(a->kind, a->occasion_id, id);
    say(l->app, "%s A%lld %s %s %s%s%s\n", what, (long long)a->id, a->step,
        channel_word(a->channel), id, *event->reason ? ": " : "", event->reason);
}

static void add_count(struct sb *sb, int n, const char *word)
{
    if (n > 0)
        sb_addf(sb, "%s%d %s", sb->len ? ", " : "", n, word);
}

/* ", 2 lists to colleagues": never among what goes to clients. */
static void add_digests(struct sb *sb, const struct tick_summary *s)
{
    static const struct {
        enum tick_outcome outcome;
        const char *words;
    } ends[] = {{TICK_SENT, "to colleagues"},
                {TICK_RETRY, "to colleagues to be tried again"},
                {TICK_FAILED, "to colleagues refused for good"},
                {TICK_IN_DOUBT, "to colleagues in doubt"},
                {TICK_HELD, "to colleagues that cannot be written"}};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        int n = s->digests[ends[i].outcome];
        if (n > 0)
            sb_addf(sb, "%s%d list%s %s", sb->len ? ", " : "", n, n == 1 ? "" : "s", ends[i].words);
    }
    if (s->digests_waiting > 0)
        sb_addf(sb, "%s%d list%s to colleagues waiting until the gateway works", sb->len ? ", " : "",
                s->digests_waiting, s->digests_waiting == 1 ? "" : "s");
}

/* "3 sent, 1 to be tried again, 2 missed" */
static char *summary_line(const struct tick_summary *s, bool dry)
{
    static const char *const words[TICK_OUTCOMES] = {
        [TICK_SENT] = "sent",
        [TICK_RETRY] = "to be tried again",
        [TICK_FAILED] = "refused for good",
        [TICK_MISSED] = "missed",
        [TICK_IN_DOUBT] = "in doubt",
        [TICK_HELD] = "held",
        [TICK_FELL_BACK] = "no longer to be called: a message instead",
        [TICK_WITHDRAWN] = "withdrawn",
        [TICK_SETTLED] = "no longer in doubt",
        [TICK_SHARED] = "left out: the same went to the same address",
        [TICK_DROPPED] = "dropped: kept back until it was too late",
    };
    struct sb sb = {0};
    for (int i = 0; i < TICK_OUTCOMES; i++)
        add_count(&sb, s->counts[i], words[i]);
    add_count(&sb, s->waiting, "waiting until the gateway works");
    add_count(&sb, s->recovered, "recovered from a tick that died");
    add_count(&sb, s->stuck.n, "stuck");
    add_digests(&sb, s);
    if (sb.len == 0)
        sb_add(&sb, dry                            ? "nothing to do"
                    : s->stopped || s->out_of_time ? "nothing was sent yet"
                                                   : "nothing was due");
    return sb_take(&sb);
}

static void add_summary(struct app *app, struct json *root, const struct tick_summary *s)
{
    struct json *counts = json_add_object(root, "counts");
    for (int i = 0; i < TICK_OUTCOMES; i++)
        json_add_int(counts, tick_outcome_name((enum tick_outcome)i), s->counts[i]);
    json_add_int(root, "waiting", s->waiting);
    json_add_int(root, "digests_waiting", s->digests_waiting);
    json_add_int(root, "recovered", s->recovered);
    json_add_bool(root, "another_tick_runs", s->another_runs);
    json_add_string(root, "hold", str_or(hold_reason(s->hold), NULL));
    json_add_bool(root, "stopped", s->stopped);
    struct json *stuck = json_add_array(root, "stuck");
    for (int i = 0; i < s->stuck.n && i < TROUBLES_KEPT; i++)
        json_add_string(stuck, NULL, s->stuck.lines[i].message);
    struct json *down = json_add_object(root, "down");
    for (int i = 0; i < CHANNEL_COUNT; i++) {
        if (s->channel_down[i])
            json_add_string(down, channel_name((enum channel)i), s->why_down[i].message);
    }
    (void)app;
}

/* Troubles go to standard error even with --quiet, so that cron writes about them. */
static void print_troubles(const struct tick_summary *s)
{
    for (int i = 0; i < CHANNEL_COUNT; i++) {
        if (s->channel_down[i])
            say_to(stderr, "pps: %s does not go out: %s\n", channel_word((enum channel)i),
                   s->why_down[i].message);
    }
    if (s->hold != HOLD_NONE)
        fprintf(stderr, "pps: nothing goes out: %s\n", hold_reason(s->hold));
    if (s->counts[TICK_IN_DOUBT] > 0)
        fprintf(stderr, "pps: %d in doubt: it may have arrived, nobody knows: pps doubt\n",
                s->counts[TICK_IN_DOUBT]);
    if (s->digests[TICK_IN_DOUBT] > 0)
        fprintf(stderr, "pps: %d list%s of the morning in doubt: not sent again; pps digest shows them\n",
                s->digests[TICK_IN_DOUBT], s->digests[TICK_IN_DOUBT] == 1 ? "" : "s");
    if (s->digests[TICK_HELD] > 0)
        fprintf(stderr, "pps: %d list%s of the morning cannot be written: pps digest shows why\n",
                s->digests[TICK_HELD], s->digests[TICK_HELD] == 1 ? "" : "s");
    for (int i = 0; i < s->stuck.n && i < TROUBLES_KEPT; i++)
        say_to(stderr, "pps: stuck, and the others went on: %s\n", s->stuck.lines[i].message);
    if (s->stopped)
        fprintf(stderr, "pps: the tick was asked to end; the rest goes with the next one\n");
}

static bool needs_attention(const struct tick_summary *s)
{
    return s->counts[TICK_FAILED] || s->counts[TICK_MISSED] || s->counts[TICK_HELD];
}

static void set_exit_status(struct app *app, const struct args *args, const struct tick_summary *s)
{
    /* What is in doubt a person should know of at once, also who runs the tick by cron alone; and a list that cannot be
     * written would be missed by nobody. */
    if (s->counts[TICK_IN_DOUBT] > 0 || s->stuck.n > 0 || s->digests[TICK_HELD] > 0 ||
        (arg_given(args, "exit-code") && needs_attention(s)))
        app->exit_status = 1;
    for (int i = 0; i < CHANNEL_COUNT; i++) {
        if (s->channel_down[i])
            app->exit_status = EX_TICK_UNAVAILABLE;
    }
    if (s->hold != HOLD_NONE)
        app->exit_status = EX_TICK_HELD;
    else if (s->stopped)
        app->exit_status = EX_TICK_STOPPED;
}

static enum rc read_runtime(const struct args *args, int *ret, struct err *err)
{
    const char *text = arg_value(args, "max-runtime");
    *ret = 240;
    if (text == NULL)
        return RC_OK;
    char *end;
    long n = strtol(text, &end, 10);
    if (*text == '\0' || *end != '\0' || n < 1 || n > 86400)
        return err_set(err, RC_USAGE, "--max-runtime: seconds, from 1 to 86400");
    *ret = (int)n;
    return RC_OK;
}

/* What did not get through is somebody's call from now on; whoever watches is told at once. Nothing about a person is
 * printed by a tick: cron sends it by mail. */
static enum rc call_instead(struct app *app, struct json *rows, struct err *err)
{
    struct actions calls;
    enum rc rc = service_call_instead(&app->desk, &calls, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < calls.n; i++) {
        const struct action *a = &calls.v[i];
        char id[ID_TEXT_BYTES];
        occasion_id_format(a->kind, a->occasion_id, id);
        say(app, "to call A%lld %s %s: %s\n", (long long)a->id, a->step, id,
            str_or(a->reason, "call"));
        if (rows != NULL)
            (void)show_action(app, rows, NULL, a);
    }
    actions_fini(&calls);
    return RC_OK;
}

static enum rc tick(struct app *app, struct dispatcher *d, struct tick_summary *summary,
                    struct err *err)
{
    ending_watch();
    d->stopping = ending_is_asked;
    d->replan = app_before_tick;
    d->replan_ctx = &app->desk;
    d->write_digest = app_write_digest;
    d->digest_ctx = &app->desk;
    return dispatch_tick(d, summary, err);
}

/* The templates are asked for first, as of every command that goes by them. A dry run needs the database for reading only. */
static enum rc open_all(struct app *app, bool dry, struct err *err)
{
    enum rc rc = app_check_templates(app, err);
    return rc == RC_OK ? app_open_store(app, dry ? STORE_COPY : STORE_WRITE, err) : rc;
}

/* "12 SMS, 14 parts, about 51.80 RUB": for who asks beforehand. Afterwards the provider's bill tells. */
static void tell_sms(struct app *app, const struct listener *l)
{
    char cost[SMS_COST_BYTES];
    sms_cost_format(&app->config.sms.price, l->sms_parts, cost);
    if (l->dry && l->sms > 0)
        say(app, "%d SMS, %d part%s%s%s\n", l->sms, l->sms_parts, l->sms_parts == 1 ? "" : "s",
            *cost ? ", about " : "", cost);
}

static void add_sms(struct app *app, struct json *root, const struct listener *l)
{
    struct json *o = json_add_object(root, "sms");
    json_add_int(o, "messages", l->sms);
    json_add_int(o, "parts", l->sms_parts);
    view_sms_cost(o, &app->config.sms.price, l->sms_parts);
}

static void tell(struct app *app, const struct tick_summary *summary, bool dry)
{
    if (summary->another_runs) {
        hint(app, "another tick is running: nothing to do here");
    } else if (summary->hold == HOLD_NONE) {
        char *line = summary_line(summary, dry);
        say(app, "%s%s\n", dry ? "dry run: " : "", line);
        if (summary->out_of_time)
            say(app, "the time was up; the rest goes with the next tick\n");
        free(line);
    }
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    bool dry = arg_given(args, "dry-run");
    struct listener listener = {.app = app, .lines = dry || app->verbose, .dry = dry};
    struct tick_summary summary = {0};
    int max_runtime_sec;
    enum rc rc = read_runtime(args, &max_runtime_sec, err);
    if (rc == RC_OK)
        rc = open_all(app, dry, err);
    if (rc != RC_OK)
        return rc;
    struct json *root = app->json ? view_document("tick", 1) : NULL;
    listener.rows = root ? json_add_array(root, "actions") : NULL;
    listener.digests = root ? json_add_array(root, "digests") : NULL;
    struct dispatcher d = app_dispatcher(app);
    app->desk.troubles = &summary.stuck;
    d.actor = NULL; /* what it does it does by itself, whoever starts it */
    d.on_event = on_event;
    d.on_digest = on_digest;
    d.event_ctx = &listener;
    d.accept_clock = arg_given(args, "accept-clock");
    d.max_runtime_sec = max_runtime_sec;
    rc = dry ? app_foresee(app, d, &app->desk, &summary, err) : tick(app, &d, &summary, err);
    bool worked = rc == RC_OK && !summary.another_runs && summary.hold == HOLD_NONE;
    struct json *calls = root ? json_add_array(root, "to_call") : NULL;
    if (worked)
        rc = call_instead(app, calls, err);
    if (root != NULL && rc == RC_OK) {
        add_summary(app, root, &summary);
        add_sms(app, root, &listener);
        show_json(app, root);
    } else {
        json_free(root);
    }
    if (rc == RC_OK)
        tell(app, &summary, dry);
    if (rc == RC_OK && worked)
        tell_sms(app, &listener);
    print_troubles(&summary);
    set_exit_status(app, args, &summary);
    app->desk.troubles = NULL;
    return rc;
}

const struct command cmd_tick = {
    .name = "tick",
    .group = "Control",
    .summary = "send everything that is due (for cron); safe at any time",
    .usage = "[--dry-run] [--accept-clock] [--max-runtime SEC] [--exit-code]",
    .details =
        "Sends what is due, marks what came too late as missed, and turns calls that were not "
        "ticked by their\n"
        "cut-off into their message. Two ticks at once do no harm: the second one leaves at once.\n"
        "Exit status 1: something fell in doubt or is stuck, or a list of the morning cannot be "
        "written; 69: a gateway\n"
        "refuses or does not answer; 75: asked to end by a signal; 77: nothing was done, because "
        "the database or the\n"
        "clock is not what it was. What waits is taken up by the next tick.",
    .examples = "  pps tick --dry-run\n"
                "  pps tick --verbose\n"
                "  */10 * * * *  pps tick --quiet          (in crontab)",
    OPTIONS(options),
    .needs = NEEDS_CONFIG, /* how it opens the database depends on --dry-run */
    .unattended = true,
    .run = run,
};
