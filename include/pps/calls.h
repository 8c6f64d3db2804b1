/* When people call people: in the agency's calling hours, and at a decent hour where the client lives; and which of several
 * calls to one number is made. Pure. */
#ifndef PPS_CALLS_H
#define PPS_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pps/decent.h>
#include <pps/workcal.h>
#include <pps/zone.h>

struct calling {
    const struct zone *agency, *client;
    const struct workcal *calendar; /* the agency's */
    struct decent_hours hours;      /* by the agency's clock; to 0: any hour is good */
    struct decent_hours decent;     /* by the client's clock */
};

/* `at` when the hour is good, else the good hour of the same day that is nearest to it; `at` when that day has none. The day
 * is the agency's. */
int64_t calls_good_hour(const struct calling *calling, int64_t at);
/* Nobody picked up at `now`: the next try at another time of the day. In the first half of the day's good hours: late the
 * same day; else early on the next working day. It comes before `end` (INT64_MAX: no end), then in the middle of what is
 * left. 0: no time is left for another try. */
int64_t calls_next_try(const struct calling *calling, int64_t now, int64_t end);

/* One person gets one call: of several of one step that ring at one number on one day, one is made for all. */
struct call_row {
    int64_t id;       /* of its action */
    const char *step; /* its key */
    const char *trip; /* the same words for the same flight there and back */
    civil_day day;    /* by the agency's clock, on which it is due; 0: made on any day, it will do for the others */
    civil_day anchor; /* the date from which it was planned */
    int64_t cut_off;  /* when its message goes instead; 0: none does */
    int64_t joined;   /* the call that was made for it so far; 0: none */
    int64_t into;     /* ret: the call that is made for it; 0: it is made itself */
    bool over;        /* ticked off, or skipped */
    bool tried;       /* somebody has said something about it: it stays itself */
    bool refused;     /* they do not want to be called, or not now: nobody else joins it, and it joins none */
    bool put_off;     /* until a day that a person, or a try in vain, has chosen */
    bool wrong;       /* the number is marked as somebody else's */
};
/* All rows of one number, the oldest call first; sets `into` of each that is not over. */
void calls_join(struct call_row *rows, size_t n, civil_day today);

#endif
