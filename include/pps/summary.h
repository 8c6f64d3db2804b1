/* The figures of a period, gathered: for everybody or one person, beside those of as many days before. */
#ifndef PPS_SUMMARY_H
#define PPS_SUMMARY_H

#include <pps/figures.h>
#include <pps/service.h>

struct summary_query {
    civil_day from, to; /* both included; CIVIL_NONE: SUMMARY_DAYS up to `to`; until today */
    int64_t manager_id; /* 0: everybody's */
};
enum { SUMMARY_DAYS = 30 };

struct summary_period {
    civil_day from, to;
    struct tally tally;
};
struct summary_person {
    char *login; /* NULL: nobody's */
    struct tally tally;
};
struct summary {
    struct summary_period now; /* not beyond today */
    struct summary_period before; /* as many days */
    bool has_before; /* false: the first entry is younger than those days, and nothing can be compared */
    struct summary_person *people; /* of whom there is anything to count, by login, nobody's last */
    size_t n, cap;
};
/* RC_INVALID: the period ends before it begins, or has not begun. */
enum rc service_summary(const struct desk *desk, const struct summary_query *query,
                        struct summary *ret, struct err *err) MUST_CHECK;
void summary_fini(struct summary *summary);

#endif
