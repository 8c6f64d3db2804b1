/* What follows when the dates of a trip change after the client was told the old ones: a correction, and calls that are
 * open again. Serves edit-trip. */
#include <stdlib.h>

#include <pps/correction.h>
#include <pps/str.h>
#include <pps/views.h>

#include "moved.h"

static bool same(struct civil a, struct civil b)
{
    return a.day == b.day && a.minute == b.minute;
}

static bool was_marked(const struct occasion *before, const struct occasion_file *file)
{
    struct civil was = before->when[ANCHOR_MOVED], is = file->occasion.when[ANCHOR_MOVED];
    return is.day != CIVIL_NONE && !same(was, is);
}

/* The correction of the change that was made then; NULL: the playbook has none. */
static const struct action *correction_of(const struct occasion_file *file, struct civil moved)
{
    for (size_t i = 0; i < file->actions.n; i++) {
        const struct action *a = &file->actions.v[i];
        const struct step *step = playbook_step(file->playbook, a->step);
        if (step != NULL && step->at.anchor == ANCHOR_MOVED && same(a->anchor_at, moved))
            return a;
    }
    return NULL;
}

/* The one that waited and does not go any more; NULL: there was none. */
static const struct action *withdrawn(const struct occasion *before,
                                      const struct occasion_file *file)
{
    struct civil was = before->when[ANCHOR_MOVED];
    if (was.day == CIVIL_NONE || file->occasion.when[ANCHOR_MOVED].day != CIVIL_NONE)
        return NULL;
    const struct action *a = correction_of(file, was);
    return a != NULL && a->state == STATE_CANCELLED ? a : NULL;
}

/* Was it done for other dates, and is to be done again for those of now? */
static bool is_open_again(const struct occasion *before, const struct occasion_file *file,
                          const struct action *a)
{
    const struct step *step = playbook_step(file->playbook, a->step);
    if (step == NULL || step->at.anchor == ANCHOR_MOVED || a->occurrence == 0 ||
        a->state != STATE_PENDING)
        return false;
    return !same(before->when[step->at.anchor], file->occasion.when[step->at.anchor]);
}

/* "now", or "at 2026-12-10 08:00, when it may ring". ret_hurry: a call is better. New string. */
static char *when_it_goes(struct app *app, const struct action *a, bool *ret_hurry)
{
    enum { SOON_SEC = 18 * 3600 };
    const struct zone *zone;
    struct err ignored;
    char at[CIVIL_TEXT_BYTES];
    int64_t now = desk_now(&app->desk);
    *ret_hurry = false;
    if (zone_find(a->tz, &zone, &ignored) != RC_OK)
        return xstrdup("now");
    int64_t by = correction_deadline(a, zone);
    *ret_hurry = by < a->expires_at && by < now + SOON_SEC;
    if (a->channel != CHANNEL_SMS)
        return xstrdup("now");
    int64_t turn = decent_turn(zone, app->config.sms.hours, now, by);
    if (turn <= now)
        return xstrdup("now");
    civil_format(zone_to_local(app->zone, turn), at);
    return xasprintf("at %s, when it may ring", at);
}

static void say_correction(struct app *app, const struct action *a)
{
    bool hurry;
    if (a == NULL) {
        say(app, "the client was told the old dates, and no correction goes now: tell them\n");
        return;
    }
    if (a->state != STATE_PENDING) {
        say(app,
            "the client was told the old dates, and the correction does not go (A%lld %s%s%s): tell "
            "the client\n",
            (long long)a->id, state_words(a->state), a->reason != NULL ? ", " : "",
            str_or(a->reason, ""));
        return;
    }
    char *when = when_it_goes(app, a, &hurry);
    say(app, "the client was told the old dates: a correction goes by %s %s (A%lld)%s\n",
        channel_word(a->channel), when, (long long)a->id,
        hurry ? "; there is little time: call them, too" : "");
    free(when);
}

void show_moved(struct app *app, const struct occasion *before, const struct occasion_file *file)
{
    const struct action *off = withdrawn(before, file);
    if (was_marked(before, file))
        say_correction(app, correction_of(file, file->occasion.when[ANCHOR_MOVED]));
    else if (off != NULL)
        say(app,
            "the correction (A%lld) does not go: what the client was told is right again, or "
            "over\n",
            (long long)off->id);
    for (size_t i = 0; i < file->actions.n; i++) {
        const struct action *a = &file->actions.v[i];
        const struct step *step = playbook_step(file->playbook, a->step);
        if (is_open_again(before, file, a))
            say(app, "%s %s for the new date (A%lld)\n", step->title,
                a->cause == CAUSE_DECLINED ? "goes again as a message" : "is open again",
                (long long)a->id);
    }
}

void moved_json(struct json *root, const struct occasion *before, const struct occasion_file *file)
{
    const struct action *a =
        was_marked(before, file) ? correction_of(file, file->occasion.when[ANCHOR_MOVED]) : NULL;
    const struct action *off = withdrawn(before, file);
    view_id(root, "correction", 'A', a != NULL ? a->id : 0);
    json_add_bool(root, "tell_client",
                  was_marked(before, file) && (a == NULL || a->state != STATE_PENDING));
    view_id(root, "withdrawn", 'A', off != NULL ? off->id : 0);
    struct json *list = json_add_array(root, "opened_again");
    for (size_t i = 0; i < file->actions.n; i++) {
        char id[ID_TEXT_BYTES];
        if (!is_open_again(before, file, &file->actions.v[i]))
            continue;
        id_format('A', file->actions.v[i].id, id);
        json_add_string(list, NULL, id);
    }
}
