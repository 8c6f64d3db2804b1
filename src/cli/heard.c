/* How feedback and complaints are shown, and what followed from entering them: whoever notes that a client was not happy
 * sees at once what is to be done and what will not go. Serves cmd_feedback, cmd_complaint and everything that shows an
 * occasion. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pps/complaint.h>
#include <pps/store_complaint.h>
#include <pps/str.h>

#include "heard.h"

void people_moment(struct civil c, char buf[PEOPLE_DATE_BYTES])
{
    buf[0] = '\0';
    if (c.day == CIVIL_NONE)
        return;
    civil_format_people(c.day, buf);
    if (c.minute != MINUTE_NONE)
        (void)snprintf(buf + strlen(buf), CIVIL_TEXT_BYTES, " %02d:%02d", c.minute / 60,
                       c.minute % 60);
}

/* ---- the details ---- */

static void say_pair(struct app *app, const char *label, const char *value)
{
    if (!str_empty(value))
        say(app, "  %s: %s\n", label, value);
}

static void say_about(struct app *app, const struct occasion *o)
{
    struct occasion trip;
    struct err ignored;
    if (o->about_id == 0 || store_occasion_get(app->store, o->about_id, &trip, &ignored) != RC_OK)
        return;
    char *line = occasion_line(&trip);
    say_pair(app, "about", line);
    free(line);
    occasion_fini(&trip);
}

static void say_feedback(struct app *app, const struct occasion *o)
{
    struct feedback f;
    struct err ignored;
    if (store_feedback_get(app->store, o->id, &f, &ignored) != RC_OK)
        return;
    if (feedback_is_unhappy(&f) || feedback_is_promoter(&f))
        say(app, "  %s\n",
            feedback_is_unhappy(&f) ? "they are not happy" : "they would recommend us");
    say_about(app, o);
    say_pair(app, "for five plus", f.plus);
    say_pair(app, "words", f.words);
    say_pair(app, "source", f.source);
    say_pair(app, "number of the answer", f.external_id);
    feedback_fini(&f);
}

static void say_complaint(struct app *app, const struct occasion *o)
{
    struct complaint c;
    struct err ignored;
    if (store_complaint_get(app->store, o->id, &c, &ignored) != RC_OK)
        return;
    say_about(app, o);
    say_pair(app, "words", c.words);
    say_pair(app, "source", c.source);
    say_pair(app, "cause", c.cause);
    say_pair(app, "done about it", c.actions);
    say_pair(app, "outcome", c.outcome);
    complaint_fini(&c);
}

void show_heard(struct app *app, const struct occasion_file *f)
{
    if (f->occasion.kind == KIND_FEEDBACK)
        say_feedback(app, &f->occasion);
    else if (f->occasion.kind == KIND_COMPLAINT)
        say_complaint(app, &f->occasion);
}

static void add_grade(struct json *object, const char *key, int grade)
{
    if (grade == NO_GRADE)
        json_add_null(object, key);
    else
        json_add_int(object, key, grade);
}

void feedback_json(struct json *o, const struct feedback *f)
{
    add_grade(o, "csat", f->csat);
    add_grade(o, "nps", f->nps);
    json_add_bool(o, "unhappy", feedback_is_unhappy(f));
    json_add_bool(o, "promoter", feedback_is_promoter(f));
    json_add_string(o, "plus", f->plus);
    json_add_string(o, "words", f->words);
    json_add_string(o, "source", f->source);
    json_add_string(o, "external_id", f->external_id);
}

void complaint_json(struct json *o, const struct complaint *c)
{
    json_add_string(o, "words", c->words);
    json_add_string(o, "source", c->source);
    json_add_string(o, "cause", c->cause);
    json_add_string(o, "actions", c->actions);
    json_add_string(o, "outcome", c->outcome);
}

void heard_json(struct app *app, struct json *object, const struct occasion *o)
{
    struct err ignored;
    struct feedback f;
    struct complaint c;
    if (o->kind == KIND_FEEDBACK && store_feedback_get(app->store, o->id, &f, &ignored) == RC_OK) {
        feedback_json(object, &f);
        feedback_fini(&f);
    }
    if (o->kind == KIND_COMPLAINT &&
        store_complaint_get(app->store, o->id, &c, &ignored) == RC_OK) {
        complaint_json(object, &c);
        complaint_fini(&c);
    }
}

/* ---- what follows ---- */

enum consequence { TO_DO, GOES, WAITS, STAYS_AWAY, NOTHING };

static enum consequence consequence_of(const struct follow *f)
{
    const struct action *a = &f->action;
    switch (a->state) {
    case STATE_PENDING:
        if (work_is_kept(a))
            return WAITS;
        return channel_is_human(a->channel) ? TO_DO : GOES;
    case STATE_HELD:
        return WAITS;
    case STATE_CANCELLED:
    case STATE_SUPPRESSED:
        if (f->was == NULL && a->cause == CAUSE_ONE_CALL)
            return TO_DO; /* in another call, as its reason says */
        return f->was == NULL ? NOTHING : STAYS_AWAY;
    default:
        return NOTHING;
    }
}

/* Why it waits or stays away, in words that can follow its name. */
static const char *reason_of(const struct follow *f)
{
    const char *reason = f->action.reason;
    if ((f->action.state == STATE_PENDING && !work_is_kept(&f->action)) || reason == NULL)
        return NULL;
    return str_starts(reason, "dropped: ") ? reason + strlen("dropped: ") : reason;
}

/* Whether the next one that waits, or stays away, does so for the same reason: then it is said once, behind the last. */
static bool goes_on(const struct follows *follows, size_t i)
{
    const struct follow *f = &follows->v[i];
    for (size_t k = i + 1; k < follows->n; k++) {
        if (consequence_of(&follows->v[k]) == consequence_of(f))
            return str_eq(reason_of(&follows->v[k]), reason_of(f));
    }
    return false;
}

/* "A9 Loyalty programme, e-mail 2026-12-23 10:00"; "A9 Loyalty programme (the client was not happy)" */
static void add_follow(struct sb *sb, const struct follows *follows, size_t i)
{
    const struct action *a = &follows->v[i].action;
    const char *reason = goes_on(follows, i) ? NULL : reason_of(&follows->v[i]);
    char due[CIVIL_TEXT_BYTES];
    civil_format(a->local_due, due);
    sb_addf(sb, "%sA%lld %s", sb->len ? "; " : "", (long long)a->id, follows->v[i].title);
    if (a->state == STATE_PENDING && !work_is_kept(a))
        sb_addf(sb, ", %s %s", channel_word(a->channel), due);
    if (reason != NULL)
        sb_addf(sb, " (%s)", reason);
}

void show_follows(struct app *app, const struct follows *follows)
{
    static const char *const labels[] = {"to do", "goes", "waits", "stays away"};
    for (int what = TO_DO; what < NOTHING; what++) {
        struct sb sb = {0};
        for (size_t i = 0; i < follows->n; i++) {
            if (consequence_of(&follows->v[i]) == (enum consequence)what)
                add_follow(&sb, follows, i);
        }
        if (sb.len > 0)
            say(app, "%s: %s\n", labels[what], sb_str(&sb));
        sb_fini(&sb);
    }
}

void say_reopen(struct app *app, const struct case_file *file)
{
    long long id = (long long)file->occasion.id;
    struct complaint c;
    struct err ignored;
    if (!service_asks_if_solved(file) ||
        store_complaint_get(app->store, file->occasion.id, &c, &ignored) != RC_OK)
        return;
    say(app, "if %s: pps complaint reopen P%lld\n",
        str_eq(c.outcome, "rejected") ? "something was overlooked" : "it is not solved", id);
    complaint_fini(&c);
}

void follows_json(struct json *root, const struct follows *follows)
{
    struct json *list = json_add_array(root, "changed");
    for (size_t i = 0; i < follows->n; i++) {
        const struct follow *f = &follows->v[i];
        struct json *o = json_add_object(list, NULL);
        char id[ID_TEXT_BYTES];
        id_format('A', f->action.id, id);
        json_add_string(o, "id", id);
        json_add_string(o, "step", f->action.step);
        json_add_string(o, "state", action_state_shown(&f->action));
        json_add_string(o, "was", f->was);
        json_add_string(o, "reason", f->action.reason);
    }
}

/* ---- the command line ---- */

static bool is_among(const char *name, const char *allowed)
{
    size_t len = strlen(name);
    for (const char *p = strstr(allowed, name); p != NULL; p = strstr(p + 1, name)) {
        if ((p == allowed || p[-1] == ' ') && (p[len] == ' ' || p[len] == '\0'))
            return true;
    }
    return false;
}

enum rc check_options(const struct args *args, const char *command, const char *allowed,
                      struct err *err)
{
    for (size_t i = 0; i < args->n_options; i++) {
        if (args->values[i] != NULL && !is_among(args->options[i].name, allowed))
            return err_set(err, RC_USAGE, "--%s does not belong to %s", args->options[i].name,
                           command);
    }
    return RC_OK;
}

