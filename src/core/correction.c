/* What a correction tells, written into one line and read from it again: the dates, and which of them are new to the
 * client. Serves the service that notes it when the dates of a trip change, and the tick, which makes the words of it. */
#include <stdlib.h>
#include <string.h>

#include <pps/correction.h>
#include <pps/str.h>

#define NEW "; new: "

const enum anchor told_anchors[TOLD_ANCHORS] = {ANCHOR_DEPARTURE, ANCHOR_RETURN, ANCHOR_VISIT};

char *correction_text(const struct occasion *trip, unsigned moved)
{
    struct sb sb = {0};
    const char *before = NEW;
    for (size_t i = 0; i < TOLD_ANCHORS; i++) {
        char at[CIVIL_TEXT_BYTES];
        if (trip->when[told_anchors[i]].day == CIVIL_NONE)
            continue;
        civil_format(trip->when[told_anchors[i]], at);
        sb_addf(&sb, "%s%s %s", sb.len ? ", " : "", anchor_name(told_anchors[i]), at);
    }
    for (size_t i = 0; i < TOLD_ANCHORS; i++) {
        if ((moved & ANCHOR_BIT(told_anchors[i])) == 0)
            continue;
        sb_addf(&sb, "%s%s", before, anchor_name(told_anchors[i]));
        before = ", ";
    }
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
    for (size_t i = 0; new != NULL &&i < TOLD_ANCHORS; i++) {
        if (strstr(new, anchor_name(told_anchors[i])) != NULL)
            moved |= ANCHOR_BIT(told_anchors[i]);
    }
    return moved;
}
