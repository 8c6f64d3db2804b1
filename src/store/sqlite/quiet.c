/* Of whom nothing was heard for long: the last trace of each client, and what is still open with them. One statement each,
 * however many clients there are. Serves service/quiet.c. */
#include <stdlib.h>

#include <pps/store_quiet.h>
#include <pps/str.h>

#include "db.h"

static void add_row(const struct query *q, struct trace *io)
{
    enum trace_kind kind = (enum trace_kind)col_int(q, 1);
    civil_day day = col_day(q, 2);
    int64_t at = col_int(q, 3);
    if (day != CIVIL_NONE && (io->day == CIVIL_NONE || day >= io->day)) {
        io->day = day;
        io->day_kind = kind;
    }
    if (at != 0 && at >= io->at) { /* of the same second: the sale, not that the card was made */
        io->at = at;
        io->at_kind = kind;
    }
}

enum rc store_traces(struct store *store, trace_visit *fn, void *ctx, struct err *err)
{
    struct query q = db_query(store, SQL_QUIET_TRACES);
    struct trace trace = {.client_id = 0};
    bool known = false; /* has a card that was not forgotten */
    enum rc rc = RC_OK;
    while (db_step(&q, &rc, err) == STEP_ROW) {
        int64_t id = col_int(&q, 0);
        if (id != trace.client_id) {
            if (known)
                fn(ctx, &trace);
            trace = (struct trace){.client_id = id, .day = CIVIL_NONE};
            known = false;
        }
        known = known || col_int(&q, 1) == TRACE_ENTERED;
        add_row(&q, &trace);
    }
    if (rc == RC_OK && known)
        fn(ctx, &trace);
    return rc;
}

enum rc store_loose_ends(struct store *store, civil_day before, civil_day today, struct loose_ends *ret,
                         struct err *err)
{
    struct loose_ends ends = {0};
    size_t cap = 0;
    struct query q = db_query(store, SQL_QUIET_LOOSE);
    bind_day(&q, before);
    bind_day(&q, today);
    enum rc rc = RC_OK;
    while (db_step(&q, &rc, err) == STEP_ROW) {
        vec_reserve(&ends.v, ends.n, &cap, sizeof *ends.v);
        ends.v[ends.n++] = (struct loose_end){.client_id = col_int(&q, 0),
                                              .kind = (enum loose_kind)col_int(&q, 1),
                                              .id = col_int(&q, 2)};
    }
    if (rc != RC_OK)
        loose_ends_fini(&ends);
    else
        *ret = ends;
    return rc;
}

void loose_ends_fini(struct loose_ends *ends)
{
    free(ends->v);
    *ends = (struct loose_ends){0};
}
