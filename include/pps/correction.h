/* What a correction of a trip's dates tells, in one line, as the note of its action keeps it: "departure 2026-12-12 09:15,
 * return 2026-12-22; new: departure". Pure. */
#ifndef PPS_CORRECTION_H
#define PPS_CORRECTION_H

#include <stdbool.h>

#include <pps/model.h>

#define ANCHOR_BIT(anchor) (1u << (anchor))

/* The dates of which a trip's messages speak. */
enum { TOLD_ANCHORS = 3 };
extern const enum anchor told_anchors[TOLD_ANCHORS];

/* moved: ANCHOR_BITs of those that are not what the client was told last. New string. */
char *correction_text(const struct occasion *trip, unsigned moved);
/* The date that it tells of this anchor; false: none. text may be NULL. */
bool correction_date(const char *text, enum anchor anchor, struct civil *ret);
/* ANCHOR_BITs of what it says is new; 0: it does not say. text may be NULL. */
unsigned correction_moved(const char *text);

#endif
