/* What has to be planned anew because time has passed, and not because somebody did something: run by every tick before it
 * looks at what is due. Each part has transactions of its own, so that one that cannot be planned, because its client's time
 * zone is not known here, waits as it is and does not stop the others. */
#include <pps/store_time.h>

#include "heard.h"
#include "instead.h"
#include "lost.h"
#include "time.h"
#include "wishes.h"

/* What was changed while its message was on the wire, and was refused for now; and what goes by a zone whose law has changed. */
static enum rc replan_stale(const struct desk *desk, struct err *err)
{
    struct id_list occasions;
    enum rc rc = store_list_stale(desk->store, &occasions, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < occasions.n && rc == RC_OK; i++) {
        rc = store_begin(desk->store, err);
        if (rc == RC_OK)
            rc = store_finish(desk->store,
                              planning_of_occasion(desk, occasions.v[i], NULL, NULL, err), err);
        rc = occasion_goes_on(desk, rc, occasions.v[i], err);
    }
    id_list_fini(&occasions);
    return rc;
}

enum rc service_before_tick(const struct desk *desk, struct err *err)
{
    typedef enum rc part(const struct desk *, struct err *);
    static part *const parts[] = {zones_follow,       replan_stale,     service_end_pauses,
                                  complaints_release, calls_lose_sense, lost_sign_again,
                                  greet_all};
    enum rc rc = RC_OK;
    for (size_t i = 0; i < sizeof parts / sizeof *parts && rc == RC_OK; i++)
        rc = parts[i](desk, err);
    return rc;
}
