/* Corrections: the dates of a trip were changed after a reminder of the old ones had gone out. What the client was told
 * last, by a reminder or by an earlier correction, is compared with what is true now; "moved", the date from which the
 * correction is planned, is set and taken back accordingly. Serves edit-trip, and tells the planner what is known. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "time.h"

/* The anchors of which a reminder can speak. */
static const enum anchor told_of[] = {ANCHOR_DEPARTURE, ANCHOR_RETURN, ANCHOR_VISIT};

static bool same(struct civil a, struct civil b)
{
    return a.day == b.day && a.minute == b.minute;
}

static bool has_reached(const struct action *a)
{
    bool by_other_call = a->cause == CAUSE_ONE_CALL && a->done_at != 0;
    return a->state == STATE_SENT || a->state == STATE_IN_DOUBT || a->state == STATE_DONE ||
           by_other_call;
}

/* ---- what a correction tells: "departure 2026-12-12 09:15, return 2026-12-22" in its note ---- */

static char *dates_text(const struct occasion *o)
{
    struct sb sb = {0};
    for (size_t i = 0; i < sizeof told_of / sizeof *told_of; i++) {
        char at[CIVIL_TEXT_BYTES];
        if (o->when[told_of[i]].day == CIVIL_NONE)
            continue;
        civil_format(o->when[told_of[i]], at);
        sb_addf(&sb, "%s%s %s", sb.len ? ", " : "", anchor_name(told_of[i]), at);
    }
    return sb_take(&sb);
}

static bool date_in_text(const char *text, enum anchor anchor, struct civil *ret)
{
    const char *name = anchor_name(anchor);
    const char *found = text != NULL ? strstr(text, name) : NULL;
    if (found == NULL)
        return false;
    found += strlen(name);
    char *date = xstrndup(found, strcspn(found, ","));
    bool fine = civil_parse(date, CIVIL_NONE, ret, NULL) == RC_OK;
    free(date);
    return fine;
}

/* ---- what the client was told last ---- */

struct told {
    struct civil date; /* day CIVIL_NONE: nothing */
    const struct action *by;
    bool reminded; /* by a reminder, at first */
};

/* What one row told of an anchor. */
static bool tells(const struct occasion_file *file, const struct action *a, enum anchor anchor,
                  struct civil *ret, bool *ret_reminder)
{
    const struct step *step = playbook_step(&file->playbook, a->step);
    if (step == NULL || !has_reached(a))
        return false;
    *ret_reminder = step->at.anchor != ANCHOR_MOVED;
    if (!*ret_reminder)
        return date_in_text(a->note, anchor, ret);
    *ret = a->anchor_at;
    return step->again_if_moved && step->at.anchor == anchor && a->anchor_at.day != CIVIL_NONE;
}

static struct told told_last(const struct occasion_file *file, enum anchor anchor)
{
    struct told told = {{CIVIL_NONE, MINUTE_NONE}, NULL, false};
    int64_t latest = INT64_MIN;
    for (size_t i = 0; i < file->actions.n; i++) {
        const struct action *a = &file->actions.v[i];
        struct civil date;
        bool reminder;
        int64_t at = a->done_at != 0 ? a->done_at : a->due_at;
        if (!tells(file, a, anchor, &date, &reminder))
            continue;
        told.reminded = told.reminded || reminder;
        if (at > latest || (at == latest && a->id > told.by->id)) {
            latest = at;
            told.date = date;
            told.by = a;
        }
    }
    return told;
}

static bool is_ahead(const struct desk *desk, const struct zone *zone, struct civil when)
{
    struct civil now = zone_to_local(zone, desk_now(desk));
    return when.day > now.day ||
           (when.day == now.day && (when.minute == MINUTE_NONE || when.minute > now.minute));
}

/* An hour that is known now, or not any more, makes nobody miss a flight. */
static bool contradicts(struct civil told, struct civil now)
{
    return told.day != now.day ||
           (told.minute != MINUTE_NONE && now.minute != MINUTE_NONE && told.minute != now.minute);
}

static const struct zone *zone_of(const struct desk *desk, const struct client *client)
{
    const struct zone *zone = desk->zone;
    struct err ignored;
    if (client_zone(desk, client, &zone, &ignored) != RC_OK)
        zone = desk->zone; /* nothing can be planned for them anyway */
    return zone;
}

bool correction_is_owed(const struct desk *desk, const struct occasion_file *file)
{
    if (file->occasion.kind != KIND_TRIP)
        return false;
    const struct zone *zone = zone_of(desk, &file->client);
    for (size_t i = 0; i < sizeof told_of / sizeof *told_of; i++) {
        struct told told = told_last(file, told_of[i]);
        struct civil now = file->occasion.when[told_of[i]];
        if (told.reminded && now.day != CIVIL_NONE && contradicts(told.date, now) &&
            is_ahead(desk, zone, now))
            return true;
    }
    return false;
}

bool correction_is_known(const struct occasion_file *file, const struct step *step)
{
    if (!step->again_if_moved || step->at.anchor == ANCHOR_MOVED)
        return false;
    struct told told = told_last(file, step->at.anchor);
    return told.by != NULL && str_eq(told.by->step, step->key) &&
           same(told.date, file->occasion.when[step->at.anchor]);
}

/* ---- marking ---- */

/* Two changes within a minute, with the correction of the first one gone between them, are two. */
static bool is_taken(const struct occasion_file *file, struct civil moved)
{
    for (size_t i = 0; i < file->actions.n; i++) {
        const struct action *a = &file->actions.v[i];
        const struct step *step = playbook_step(&file->playbook, a->step);
        if (step != NULL && step->at.anchor == ANCHOR_MOVED && same(a->anchor_at, moved) &&
            a->state != STATE_PENDING)
            return true;
    }
    return false;
}

void correction_mark(const struct desk *desk, struct occasion_file *file)
{
    struct civil *moved = &file->occasion.when[ANCHOR_MOVED];
    *moved = (struct civil){CIVIL_NONE, MINUTE_NONE};
    if (!correction_is_owed(desk, file))
        return;
    *moved = zone_to_local(zone_of(desk, &file->client), desk_now(desk));
    while (is_taken(file, *moved)) {
        moved->minute = (int16_t)((moved->minute + 1) % (24 * 60));
        moved->day += moved->minute == 0;
    }
}

/* What is to be written into one correction; false: nothing. */
static bool note_one(const struct occasion *o, struct action *a)
{
    struct civil moved = o->when[ANCHOR_MOVED];
    bool waits = a->state == STATE_PENDING || a->state == STATE_HELD ||
                 a->state == STATE_SUPPRESSED || a->state == STATE_CANCELLED;
    if (moved.day == CIVIL_NONE && a->state == STATE_CANCELLED && a->cause == CAUSE_LATE) {
        set_reason(a, CAUSE_CONDITION, xstrdup("what the client was told is right again, or over"));
        return true;
    }
    if (!waits || !same(a->anchor_at, moved))
        return false;
    free(a->note);
    a->note = dates_text(o);
    return true;
}

enum rc correction_note(const struct desk *desk, int64_t occasion_id, struct err *err)
{
    struct occasion_file file;
    enum rc rc = store_occasion_file(desk->store, occasion_id, &file, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < file.actions.n && rc == RC_OK; i++) {
        struct action *a = &file.actions.v[i];
        const struct step *step = playbook_step(&file.playbook, a->step);
        if (step != NULL && step->at.anchor == ANCHOR_MOVED && note_one(&file.occasion, a))
            rc = store_action_update(desk->store, a, a->state, desk_now(desk), err);
    }
    occasion_file_fini(&file);
    return rc;
}
