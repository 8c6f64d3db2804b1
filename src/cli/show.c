/* How things are shown: the card, the timeline, JSON documents. Serves several commands. */
#include <stdlib.h>
#include <string.h>

#include <pps/agenda.h>
#include <pps/contact.h>
#include <pps/store_wishes.h>
#include <pps/str.h>
#include <pps/utf8.h>
#include <pps/views.h>

#include "heard.h"
#include "lost_show.h"
#include "when.h"

void show_json(struct app *app, struct json *document)
{
    char *text = json_print(document, true);
    fprintf(app->out, "%s\n", text);
    free(text);
    json_free(document);
}

__attribute__((format(printf, 2, 0))) static void print_safe(FILE *to, const char *fmt, va_list ap)
{
    struct sb sb = {0};
    sb_vaddf(&sb, fmt, ap);
    char *safe = utf8_printable(sb_str(&sb), false);
    fputs(safe, to);
    free(safe);
    sb_fini(&sb);
}

void say(struct app *app, const char *fmt, ...)
{
    if (app->quiet || app->json)
        return;
    va_list ap;
    va_start(ap, fmt);
    print_safe(app->out, fmt, ap);
    va_end(ap);
}

void say_to(FILE *to, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    print_safe(to, fmt, ap);
    va_end(ap);
}

static void print_aside(struct app *app, const char *fmt, va_list ap)
{
    fflush(app->out);
    fputs("pps: ", app->aside);
    print_safe(app->aside, fmt, ap);
    fputc('\n', app->aside);
}

void remark(struct app *app, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    print_aside(app, fmt, ap);
    va_end(ap);
}

void hint(struct app *app, const char *fmt, ...)
{
    if (app->quiet)
        return;
    va_list ap;
    va_start(ap, fmt);
    print_aside(app, fmt, ap);
    va_end(ap);
}

enum style colour_style(enum colour colour)
{
    return colour == COLOUR_RED ? STYLE_RED : colour == COLOUR_YELLOW ? STYLE_YELLOW : STYLE_PLAIN;
}

static void people_date(struct civil c, char buf[2 * CIVIL_TEXT_BYTES])
{
    civil_format_people(c.day, buf);
    if (c.minute != MINUTE_NONE)
        (void)snprintf(buf + strlen(buf), CIVIL_TEXT_BYTES, " %02d:%02d", c.minute / 60,
                       c.minute % 60);
}

char *occasion_line(const struct occasion *o)
{
    struct sb sb = {0};
    char id[ID_TEXT_BYTES], at[2 * CIVIL_TEXT_BYTES];
    occasion_id_format(o->kind, o->id, id);
    if (o->kind == KIND_TRIP) {
        sb_addf(&sb, "%s %s", id, str_or(o->title, ""));
        people_date(o->when[ANCHOR_DEPARTURE], at);
        sb_addf(&sb, "%s%s", str_empty(o->title) ? "" : ", ", at);
        people_date(o->when[ANCHOR_RETURN], at);
        sb_addf(&sb, " - %s", at);
        if (o->adults > 0)
            sb_addf(&sb, ", party %d+%d", o->adults, o->children);
        sb_add(&sb, o->ended ? " (cancelled)" : "");
        return sb_take(&sb);
    }
    sb_addf(&sb, "%s %s%s%s", id, kind_words(o->kind), str_empty(o->title) ? "" : ": ",
            str_or(o->title, ""));
    for (int i = 0; i < ANCHOR_COUNT; i++) {
        if (o->when[i].day == CIVIL_NONE || i == ANCHOR_MOVED) /* which is for the planner */
            continue;
        people_date(o->when[i], at);
        sb_addf(&sb, ", %s%s%s", i == ANCHOR_DAY ? "" : anchor_name((enum anchor)i),
                i == ANCHOR_DAY ? "" : " ", at);
    }
    if (o->ended)
        sb_addf(&sb, " (over%s%s)", o->end_reason ? ": " : "", str_or(o->end_reason, ""));
    return sb_take(&sb);
}

void show_client(struct app *app, const struct client *c)
{
    char phone[32] = "";
    if (c->phone != NULL)
        phone_format(c->phone, phone);
    say(app, "C%lld %s%s%s%s%s%s\n", (long long)c->id, c->name, *phone ? ", " : "", phone,
        c->phone_wrong ? " (wrong number)" : "", c->email ? ", " : "", str_or(c->email, ""));
    const struct {
        const char *label, *value;
    } lines[] = {
        {"salutation", c->salutation}, {"gender", gender_name(c->gender)},
        {"language", c->lang},         {"zone", c->tz},
        {"birthday", c->birthday},     {"note", c->note},
        {"external id", c->external_id},
    };
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        if (!str_empty(lines[i].value))
            say(app, "  %s: %s\n", lines[i].label, lines[i].value);
    }
    if (c->paused_until != CIVIL_NONE) {
        char until[CIVIL_TEXT_BYTES];
        civil_format_people(c->paused_until, until);
        say(app, "  paused until %s%s%s\n", until, str_empty(c->pause_reason) ? "" : ": ",
            str_or(c->pause_reason, ""));
    }
    show_referrals(app, c->id);
}

/* What stands in the state column: words for people rather than the machine's. */
static char *state_cell(const struct zone *zone, const struct action *a)
{
    char at[CIVIL_TEXT_BYTES];
    if (!channel_is_human(a->channel)) /* the clock of its due, which may be that of the departure */
        (void)!zone_find(a->tz, &zone, NULL);
    if ((a->state == STATE_SENT || a->state == STATE_DONE) && a->done_at != 0) {
        civil_format(zone_to_local(zone, a->done_at), at);
        return xasprintf("%s %.16s%s%s", state_name(a->state), at, a->done_by ? " by " : "",
                         str_or(a->done_by, ""));
    }
    return xstrdup(a->state == STATE_SUPPRESSED ? "not wanted" : action_state_shown(a));
}

static bool is_off(const struct action *a)
{
    return a->state == STATE_CANCELLED || a->state == STATE_SKIPPED || a->state == STATE_SUPPRESSED;
}

/* What a person has to say, and what the machine has saved, in the words of the reports. */
static void add_reason(struct table *table, const struct action *a)
{
    bool said = a->state == STATE_HELD || a->state == STATE_SENT;
    if (!said || !(a->cause == CAUSE_APPROVAL || a->cause == CAUSE_HELD_BY_PERSON ||
                   channel_is_human(a->planned_channel))) {
        table_cell(table, a->reason);
        return;
    }
    const struct work_day day = {.now = a->local_due};
    char *words = action_explain(a, &day, true);
    table_cell(table, words);
    free(words);
}

/* "SMS after 2026-12-09 16:00"; or that nobody has the time to call, because the machine takes it at once. New string. */
static char *message_of_call(struct app *app, const struct occasion_file *f, const struct action *a)
{
    int64_t now = desk_now(&app->desk), at = a->fallback_at;
    const struct zone *theirs;
    struct err ignored;
    char text[CIVIL_TEXT_BYTES];
    const char *way = channel_word(a->fallback_channel);
    bool rings = a->fallback_channel == CHANNEL_SMS &&
                 client_zone(&app->desk, &f->client, &theirs, &ignored) == RC_OK;
    if (at <= now && rings)
        at = decent_instant(theirs, app->config.sms.hours, now);
    if (at <= now || (at > a->fallback_at && at >= a->expires_at)) /* in the morning it would be too late */
        return xasprintf("%s%s with the next tick",
                         a->fallback_at <= a->due_at ? "no time is left to call: " : "", way);
    civil_format(zone_to_local(app->zone, at), text);
    return xasprintf("%s after %s", way, text);
}

static void add_timeline_row(struct app *app, struct table *table, const struct occasion_file *f,
                             const struct action *a, const struct zone *zone)
{
    const struct step *step = playbook_step(f->playbook, a->step);
    char *due = when_due(app, a, f->client.tz);
    enum colour colour = colour_now(&app->desk, a, f->occasion.manager_id != 0);
    bool off = is_off(a);
    table_row(table, off ? STYLE_DIM : colour_style(colour));
    table_cellf(table, "A%lld", (long long)a->id);
    table_cell(table, off ? "-" : due);
    free(due);
    table_cell(table, off ? "-" : channel_word(a->channel));
    table_cell(table, step ? step->title : a->step);
    char *state = state_cell(zone, a);
    table_cell(table, state);
    free(state);
    if (a->state == STATE_PENDING && channel_is_human(a->channel) && a->fallback_at != 0) {
        char *then = message_of_call(app, f, a);
        table_cellf(table, "%s%s%s", str_or(a->reason, ""), a->reason ? "; " : "", then);
        free(then);
    } else if (a->state == STATE_DONE && str_eq(a->outcome, "by-phone")) {
        table_cellf(table, "talked over by phone%s%s", a->note ? ": " : "", str_or(a->note, ""));
    } else if (a->state == STATE_DONE) {
        table_cellf(table, "%s%s%s", str_or(a->outcome, ""), a->note ? ": " : "",
                    str_or(a->note, ""));
    } else {
        add_reason(table, a);
    }
}

/* Said only when somebody else has the trip now. */
static void show_seller(struct app *app, const struct occasion *o)
{
    char *login = o->sold_by != o->manager_id ? lookup_login(&app->desk, o->sold_by) : NULL;
    if (login != NULL)
        say(app, ", sold by %s", login);
    free(login);
}

/* The first line: what it is about, and whose it is. */
static void show_head(struct app *app, const struct occasion_file *f)
{
    const struct occasion *o = &f->occasion;
    char *line = occasion_line(o);
    char bought[CIVIL_TEXT_BYTES + 16] = "";
    if (o->kind == KIND_TRIP) {
        strcpy(bought, ", bought ");
        civil_format_people(o->when[ANCHOR_PURCHASE].day, bought + strlen(bought));
    }
    say(app, "%s%s, manager %s", line, bought, str_or(f->manager.login, "nobody"));
    show_seller(app, o);
    say(app, "\n");
    free(line);
    if (o->note != NULL)
        say(app, "  note: %s\n", o->note);
    show_loss(app, o);
    show_heard(app, f);
}

static bool has_action(const struct occasion_file *f, const struct step *step)
{
    for (size_t i = 0; i < f->actions.n; i++) {
        if (str_eq(f->actions.v[i].step, step->key))
            return true;
    }
    return false;
}

/* It has no day yet. A correction waits for nothing that anybody hopes for, and a greeting for no other one. */
static bool is_waiting_step(const struct occasion_file *f, const struct step *step)
{
    return step->series == f->occasion.kind && step->series != KIND_GREETING &&
           step->at.anchor != ANCHOR_MOVED && !has_action(f, step);
}

/* The steps that have no day yet. */
static void show_waiting(struct app *app, const struct occasion_file *f)
{
    for (size_t i = 0; i < f->playbook->n_steps && !f->occasion.ended; i++) {
        const struct step *step = &f->playbook->steps[i];
        if (is_waiting_step(f, step))
            say(app, "%s: %s\n", step->title,
                service_was_refused(f, step) ? "not asked again, the client has refused it"
                                             : anchor_waits(step->at.anchor));
    }
}

void show_occasion(struct app *app, const struct occasion_file *f)
{
    static const char *const titles[] = {"id", "due", "by", "step", "state", ""};
    show_head(app, f);
    if (app->quiet || app->json)
        return;
    /* Messages go by the client's clock, as they are planned; people's work by ours. */
    const struct zone *zone = app->zone;
    struct err ignored;
    if (client_zone(&app->desk, &f->client, &zone, &ignored) == RC_OK && zone != app->zone)
        say(app, "times of messages are those of %s, times of calls and visits ours\n",
            zone_name(zone));
    struct table *table = table_new(titles, NULL, 6);
    /* What is to be done in order of time, then what was left out and why. */
    for (int off = 0; off <= 1; off++) {
        for (size_t i = 0; i < f->actions.n; i++) {
            if (is_off(&f->actions.v[i]) == (off == 1))
                add_timeline_row(app, table, f, &f->actions.v[i], zone);
        }
    }
    table_print(table, app->out, app->colour);
    table_free(table);
    show_waiting(app, f);
}

void show_trip(struct app *app, struct json *parent, const char *key, const struct occasion *trip,
               const char *manager)
{
    char *sold_by = lookup_login(&app->desk, trip->sold_by);
    view_trip(parent, key, trip, manager, sold_by, app->zone);
    free(sold_by);
}

struct json *occasion_document(struct app *app, const char *command, const struct occasion_file *f)
{
    struct json *root = view_document(command, 1);
    view_client(root, "client", &f->client, app->zone);
    if (f->occasion.kind == KIND_TRIP)
        show_trip(app, root, "trip", &f->occasion, f->manager.login);
    else
        heard_json(app,
                   view_occasion(root, kind_name(f->occasion.kind), &f->occasion, f->manager.login,
                                 app->zone),
                   &f->occasion);
    loss_document(app, root, &f->occasion);
    struct json *list = json_add_array(root, "actions");
    for (size_t i = 0; i < f->actions.n; i++)
        (void)view_action(list, NULL, &f->actions.v[i], f->client.id, f->manager.login, app->zone);
    return root;
}

struct json *show_action(struct app *app, struct json *parent, const char *key,
                         const struct action *a)
{
    struct occasion occasion = {0};
    struct staff manager = {0};
    struct err ignored;
    if (store_occasion_get(app->store, a->occasion_id, &occasion, &ignored) == RC_OK &&
        occasion.manager_id != 0 &&
        store_staff_get(app->store, occasion.manager_id, &manager, &ignored) != RC_OK)
        manager = (struct staff){0};
    struct json *o = view_action(parent, key, a, occasion.client_id, manager.login, app->zone);
    staff_fini(&manager);
    occasion_fini(&occasion);
    return o;
}

char *action_line(struct app *app, const struct action *a)
{
    struct occasion_file f;
    struct err ignored;
    if (store_occasion_file(app->store, a->occasion_id, &f, &ignored) != RC_OK)
        return xasprintf("A%lld %s", (long long)a->id, a->step);
    const struct step *step = playbook_step(f.playbook, a->step);
    char id[ID_TEXT_BYTES], *also = NULL; /* who else is asked in the same call */
    occasion_id_format(a->kind, a->occasion_id, id);
    if (store_also_called(app->store, a->id, &also, &ignored) != RC_OK)
        also = NULL;
    char *line = xasprintf("A%lld %s, %s, %s%s%s%s%s%s", (long long)a->id,
                           step ? step->title : a->step, f.client.name, id,
                           f.occasion.title ? " " : "", str_or(f.occasion.title, ""),
                           also ? " (also for " : "", str_or(also, ""), also ? ")" : "");
    occasion_file_fini(&f);
    free(also);
    return line;
}
