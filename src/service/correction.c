/* Corrections: the dates of a trip were changed after the client had been told the old ones. What they were told last, by
 * a reminder, by a letter that states the days, or by an earlier correction, is compared with what is true now; "moved", the
 * date from which the correction is planned, is set and taken back accordingly. Serves edit-trip, and tells the planner what
 * is known. */
#include <stdlib.h>
#include <string.h>

#include <pps/correction.h>
#include <pps/str.h>

#include "time.h"
#include "undo.h"

static bool same(struct civil a, struct civil b)
{
    return a.day == b.day && a.minute == b.minute;
}

static bool has_reached(const struct action *a)
{
    bool by_other_call = a->cause == CAUSE_ONE_CALL && a->done_at != 0;
    bool early = a->state == STATE_PENDING && a->cause == CAUSE_CALLED_EARLY;
    return a->state == STATE_SENT || a->state == STATE_IN_DOUBT || a->state == STATE_DONE ||
           by_other_call || early;
}

/* ---- what the client was told last ---- */

struct told {
    struct civil date; /* day CIVIL_NONE: nothing */
    const struct action *by;
    int64_t at;
    bool counts;  /* by something of this date's own, or by a correction beside another one */
    bool day_only; /* by a letter that states no hours */
};

static bool is_correction(const struct occasion_file *file, const struct action *a)
{
    const struct step *step = playbook_step(file->playbook, a->step);
    return step != NULL && step->at.anchor == ANCHOR_MOVED;
}

/* What one row told of an anchor. */
static bool tells(const struct occasion_file *file, const struct action *a, enum anchor anchor,
                  struct told *ret)
{
    const struct step *step = playbook_step(file->playbook, a->step);
    if (step == NULL || !has_reached(a))
        return false;
    bool correction = is_correction(file, a);
    bool reminder = step->again_if_moved && step->at.anchor == anchor && !correction;
    bool letter = !reminder && (step->letter_tells & ANCHOR_BIT(anchor)) != 0;
    *ret = (struct told){.date = a->anchor_at,
                         .by = a,
                         .at = a->done_at != 0 ? a->done_at : a->due_at,
                         .counts = !correction || anchor != ANCHOR_VISIT, /* it has both dates of the journey */
                         .day_only = letter};
    if (reminder)
        return a->anchor_at.day != CIVIL_NONE;
    return (correction || letter) && correction_date(a->note, anchor, &ret->date);
}

static bool is_later(const struct told *a, const struct told *b)
{
    return b->by == NULL || a->at > b->at || (a->at == b->at && a->by->id > b->by->id);
}

/* A letter that states the day that they knew leaves them the hour that they knew. */
static struct told told_last(const struct occasion_file *file, enum anchor anchor)
{
    static const struct told nothing = {.date = {CIVIL_NONE, MINUTE_NONE}};
    struct told exact = nothing, letter = nothing, told;
    bool counts = false;
    for (size_t i = 0; i < file->actions.n; i++) {
        if (!tells(file, &file->actions.v[i], anchor, &told))
            continue;
        struct told *last = told.day_only ? &letter : &exact;
        counts = counts || told.counts;
        if (is_later(&told, last))
            *last = told;
    }
    bool by_letter = letter.by != NULL && is_later(&letter, &exact) &&
                     letter.date.day != exact.date.day;
    told = by_letter ? letter : exact;
    told.counts = counts;
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
    for (size_t i = 0; i < TOLD_ANCHORS; i++) {
        struct told told = told_last(file, told_anchors[i]);
        struct civil now = file->occasion.when[told_anchors[i]];
        if (told.counts && now.day != CIVIL_NONE && contradicts(told.date, now) &&
            is_ahead(desk, zone, now))
            return true;
    }
    return false;
}

const struct action *service_told_departure(const struct desk *desk,
                                            const struct occasion_file *file)
{
    struct told told = told_last(file, ANCHOR_DEPARTURE);
    bool ahead = told.by != NULL && is_ahead(desk, zone_of(desk, &file->client), told.date);
    return ahead ? told.by : NULL;
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
        if (is_correction(file, a) && same(a->anchor_at, moved) && a->state != STATE_PENDING)
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

/* A change of the trip, or the undo of one, seen backwards: *io is this date as it was before it. */
static enum rc before_change(const struct desk *desk, const struct audit_entry *e,
                             enum anchor anchor, struct civil *io, struct err *err)
{
    struct audit_entry undone = {0};
    struct json_doc *doc;
    int64_t id = taken_back(e);
    enum rc rc = id != 0 ? store_audit_get(desk->store, id, &undone, err) : RC_OK;
    const struct audit_entry *edit = id != 0 ? &undone : e;
    if (rc == RC_OK && str_eq(edit->verb, "edit-trip") &&
        (rc = undo_parse(edit, &doc, err)) == RC_OK) {
        const struct json *side = json_get(json_root(doc), id != 0 ? "is" : "was");
        const struct json *date = json_get(side, anchor_name(anchor));
        const char *text = json_string(date);
        if (date != NULL)
            *io = (struct civil){CIVIL_NONE, MINUTE_NONE};
        if (text != NULL)
            rc = civil_parse(text, CIVIL_NONE, io, err);
        json_doc_free(doc);
    }
    audit_entry_fini(&undone);
    return rc;
}

/* A date of which no message has spoken, as it was at that moment: by the log of what was changed since. */
static enum rc date_then(const struct desk *desk, const struct occasion *trip, enum anchor anchor,
                         int64_t at, struct civil *ret, struct err *err)
{
    enum { LOOK_BACK = 1000 };
    struct audit_list list;
    const struct audit_query query = {.occasion_id = trip->id, .limit = LOOK_BACK};
    *ret = trip->when[anchor];
    enum rc rc = store_audit_list(desk->store, &query, &list, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < list.n && list.v[i].at >= at && rc == RC_OK; i++)
        rc = before_change(desk, &list.v[i], anchor, ret, err);
    audit_list_fini(&list);
    return rc;
}

struct news {
    unsigned moved;  /* ANCHOR_BITs of the dates that are new to the client */
    struct civil by; /* when they must know it, by their clock; day CIVIL_NONE: any time will do */
};

static const struct zone *zone_of_date(const struct desk *desk, const struct occasion_file *file,
                                       enum anchor anchor)
{
    const struct zone *zone;
    struct err ignored;
    if (anchor == ANCHOR_DEPARTURE && file->occasion.departure_tz != NULL &&
        zone_find(file->occasion.departure_tz, &zone, &ignored) == RC_OK)
        return zone;
    return anchor == ANCHOR_VISIT ? desk->zone : zone_of(desk, &file->client);
}

/* Three hours before it; while its hour is not known, when its day begins. What is over makes no haste. */
static void hurry(const struct zone *zone, struct civil date, int64_t now, int64_t *io)
{
    enum { BEFORE_SEC = 3 * 3600, DAY_SEC = 86400 };
    bool whole_day = date.minute == MINUTE_NONE;
    int64_t at = zone_to_utc(zone, date);
    if (at + (whole_day ? DAY_SEC : 0) <= now)
        return;
    if (!whole_day)
        at -= BEFORE_SEC;
    if (at < *io)
        *io = at;
}

/* What is not what a message told them last, or not what it was when it did. They must know it before they set out for what
 * they were told, and for what is true. */
static enum rc what_moved(const struct desk *desk, const struct occasion_file *file,
                          struct news *ret, struct err *err)
{
    struct told first = told_last(file, ANCHOR_DEPARTURE);
    int64_t at = first.by == NULL ? INT64_MAX : first.at;
    int64_t by = INT64_MAX, now = desk_now(desk);
    enum rc rc = RC_OK;
    *ret = (struct news){0, {CIVIL_NONE, MINUTE_NONE}};
    for (size_t i = 0; i < TOLD_ANCHORS && rc == RC_OK; i++) {
        enum anchor anchor = told_anchors[i];
        struct told told = told_last(file, anchor);
        struct civil is = file->occasion.when[anchor];
        bool by_message = told.by != NULL;
        if (!by_message)
            rc = date_then(desk, &file->occasion, anchor, at, &told.date, err);
        if (rc != RC_OK || (told.day_only ? !contradicts(told.date, is) : same(told.date, is)))
            continue;
        ret->moved |= ANCHOR_BIT(anchor);
        if (!by_message || is.day == CIVIL_NONE || !contradicts(told.date, is))
            continue;
        hurry(zone_of_date(desk, file, anchor), told.date, now, &by);
        hurry(zone_of_date(desk, file, anchor), is, now, &by);
    }
    if (by != INT64_MAX)
        ret->by = zone_to_local(zone_of(desk, &file->client), by);
    return rc;
}

/* What is to be written into one correction; false: nothing. */
static bool note_one(const struct occasion *o, struct news news, struct action *a)
{
    struct civil moved = o->when[ANCHOR_MOVED];
    bool waits = a->state == STATE_PENDING || a->state == STATE_HELD ||
                 a->state == STATE_SUPPRESSED || a->state == STATE_CANCELLED;
    if (moved.day == CIVIL_NONE && a->state == STATE_CANCELLED && a->cause == CAUSE_LATE) {
        set_reason(a, CAUSE_CONDITION, xstrdup("what the client was told is right again, or over"));
        return true;
    }
    bool restored = a->cause == CAUSE_RESTORED && a->note == NULL; /* nobody knows what it told */
    if (moved.day == CIVIL_NONE || !(waits || restored) || !same(a->anchor_at, moved))
        return false;
    free(a->note);
    a->note = correction_text(o, news.moved, news.by);
    return true;
}

enum rc correction_note(const struct desk *desk, int64_t occasion_id, struct err *err)
{
    struct occasion_file file;
    struct news news;
    enum rc rc = store_occasion_file(desk->store, occasion_id, &file, err);
    if (rc != RC_OK)
        return rc;
    rc = what_moved(desk, &file, &news, err);
    for (size_t i = 0; i < file.actions.n && rc == RC_OK; i++) {
        struct action *a = &file.actions.v[i];
        if (is_correction(&file, a) && note_one(&file.occasion, news, a))
            rc = store_action_update(desk->store, a, a->state, desk_now(desk), err);
    }
    occasion_file_fini(&file);
    return rc;
}
