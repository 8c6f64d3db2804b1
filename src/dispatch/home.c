/* On which day a message may go that is put off: what is not sent while the client travels does not slip into their next
 * journey. By the same rule as the plan (core/away.c). Serves turn.c. */
#include <stdlib.h>

#include <pps/str.h>
#include <pps/timeline.h>

#include "internal.h"

enum rc home_from(const struct dispatcher *d, const struct action *a, civil_day day, civil_day *ret,
                  struct err *err)
{
    struct occasion_file file;
    struct occasion_list all;
    *ret = day;
    enum rc rc = store_occasion_file(d->store, a->occasion_id, &file, err);
    if (rc != RC_OK)
        return rc;
    const struct step *step = playbook_step(file.playbook, a->step);
    if (step != NULL && step->waits_travelling &&
        (rc = store_occasions_of_client(d->store, file.client.id, &all, err)) == RC_OK) {
        struct plan_span *spans = xcalloc(all.n + 1, sizeof *spans);
        *ret = plan_home_from(spans, plan_away(&file.occasion, all.v, all.n, spans), day);
        free(spans);
        occasion_list_fini(&all);
    }
    occasion_file_fini(&file);
    return rc;
}
