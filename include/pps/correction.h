/* What a message has told of a trip's dates, in one line, as the note of its action keeps it. Of a correction: "departure
 * 2026-12-12 09:15, return 2026-12-22; new: departure; by 2026-12-09 20:40". Of a letter that states days: "departure
 * 2026-12-12, return 2026-12-22". Pure. */
#ifndef PPS_CORRECTION_H
#define PPS_CORRECTION_H

#include <stdbool.h>

#include <pps/model.h>
#include <pps/zone.h>

#define ANCHOR_BIT(anchor) (1u << (anchor))

/* The dates of which a trip's messages speak. */
enum { TOLD_ANCHORS = 3 };
extern const enum anchor told_anchors[TOLD_ANCHORS];

/* moved: ANCHOR_BITs of those that are not what the client was told last. by: when they must know it at the latest, by
 * their clock; day CIVIL_NONE: any time will do. New string. */
char *correction_text(const struct occasion *trip, unsigned moved, struct civil by);
/* The days of these anchors (ANCHOR_BITs), as a letter states them. New string. */
char *correction_days(const struct occasion *trip, unsigned anchors);
/* The date that it tells of this anchor; false: none. text may be NULL. */
bool correction_date(const char *text, enum anchor anchor, struct civil *ret);
/* ANCHOR_BITs of what it says is new; 0: it does not say. text may be NULL. */
unsigned correction_moved(const char *text);
/* Until when a message may wait for a decent hour: until it expires, and a correction until they must know what it tells.
 * zone: the message's. */
int64_t correction_deadline(const struct action *a, const struct zone *zone);

#endif
