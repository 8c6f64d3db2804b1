/* What a message has told of the dates, written into one line and read from it again: the dates, which of them are new to
 * the client, and how urgent that is. Serves the service that notes it when the dates of a trip change, and the tick, which
 * makes the words of it. */
#include <stdlib.h>
#include <string.h>

#include <pps/correction.h>
#include <pps/str.h>

#define NEW "; new: "
#define BY "; by "

const enum anchor told_anchors[TOLD_ANCHORS] = {ANCHOR_DEPARTURE, ANCHOR_RETURN, ANCHOR_VISIT};

static void add_dates(struct sb *sb, const struct occasion *trip, unsigned anchors, bool hours)
{
    for (size_t i = 0; i < TOLD_ANCHORS; i++) {
        struct civil when = trip->when[told_anchors[i]];
        char at[CIVIL_TEXT_BYTES];
        if (when.day == CIVIL_NONE || (anchors & ANCHOR_BIT(told_anchors[i])) == 0)
            continue;
        if (!hours)
            when.minute = MINUTE_NONE;
        civil_format(when, at);
        sb_addf(sb, "%s%s %s", sb->len ? ", " : "", anchor_name(told_anchors[i]), at);
    }
}

char *correction_text(const struct occasion *trip, unsigned moved, struct civil by)
{
    struct sb sb = {0};
    const char *before = NEW;
    char at[CIVIL_TEXT_BYTES];
    add_dates(&sb, trip, ~0u, true);
    for (size_t i = 0; i < TOLD_ANCHORS; i++) {
        if ((moved & ANCHOR_BIT(told_anchors[i])) == 0)
            continue;
        sb_addf(&sb, "%s%s", before, anchor_name(told_anchors[i]));
        before = ", ";
    }
    if (by.day != CIVIL_NONE) {
        civil_format(by, at);
        sb_addf(&sb, "%s%s", BY, at);
    }
    return sb_take(&sb);
}

char *correction_days(const struct occasion *trip, unsigned anchors)
{
    struct sb sb = {0};
    add_dates(&sb, trip, anchors, false);
    return sb_take(&sb);
}

bool correction_date(const char *text, enum anchor anchor, struct civil *ret)
{
    const char *name = anchor_name(anchor);
    const char *found = text != NULL ? strstr(text, name) : NULL;
    const char *end = text != NULL ? strstr(text, NEW) : NULL;
    if (found == NULL || (end != NULL && found > end))
        return false;
    found += strlen(name);
    char *date = xstrndup(found, strcspn(found, ",;"));
    bool fine = civil_parse(date, CIVIL_NONE, ret, NULL) == RC_OK;
    free(date);
    return fine;
}

unsigned correction_moved(const char *text)
{
    const char *new = text != NULL ? strstr(text, NEW) : NULL;
    unsigned moved = 0;
    for (size_t i = 0; new != NULL && i < TOLD_ANCHORS; i++) {
        if (strstr(new, anchor_name(told_anchors[i])) != NULL)
            moved |= ANCHOR_BIT(told_anchors[i]);
    }
    return moved;
}

int64_t correction_deadline(const struct action *a, const struct zone *zone)
{
    struct civil by;
    const char *text = a->note != NULL ? strstr(a->note, BY) : NULL;
    if (text == NULL || civil_parse(text + strlen(BY), CIVIL_NONE, &by, NULL) != RC_OK)
        return a->expires_at;
    int64_t at = zone_to_utc(zone, by);
    return at < a->expires_at ? at : a->expires_at;
}
