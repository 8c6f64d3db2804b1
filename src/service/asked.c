/* Ticking off, and what that lets go. The call a week after a complaint was settled is the last thing that keeps selling
 * letters and greetings back: whoever ticks it off has to see at once what goes now, and that "not solved" is another
 * command. Serves done. */
#include <stdlib.h>

#include <pps/complaint.h>

#include "follows.h"
#include "heard.h"

enum rc service_done(const struct desk *desk, const char *words, const struct tick_off *t,
                     struct action *ret, enum ticked *ret_ticked, struct err *err)
{
    enum rc rc = store_begin(desk->store, err);
    return rc == RC_OK
               ? store_finish(desk->store, done_one(desk, words, t, ret, ret_ticked, err), err)
               : rc;
}

/* The client, when it is about a complaint of theirs; 0: it is not, or is nothing at all, which ticking it off will say. */
static int64_t who_complained(const struct desk *desk, const char *words)
{
    struct case_file f;
    struct err ignored;
    if (case_open(desk, words, &f, &ignored) != RC_OK)
        return 0;
    int64_t client_id = f.occasion.kind == KIND_COMPLAINT ? f.client.id : 0;
    case_fini(&f);
    return client_id;
}

static enum rc done_and_look(const struct desk *desk, const char *words, const struct tick_off *t,
                             struct done_result *ret, struct err *err)
{
    struct before before = {0};
    int64_t client_id = who_complained(desk, words);
    enum rc rc = client_id != 0 ? before_of_client(desk, client_id, &before, err) : RC_OK;
    if (rc == RC_OK)
        rc = done_one(desk, words, t, &ret->action, &ret->ticked, err);
    if (rc == RC_OK && client_id != 0)
        rc = follows_of_client(desk, client_id, &before, &ret->follows, err);
    before_fini(&before);
    return rc;
}

enum rc service_done_telling(const struct desk *desk, const char *words, const struct tick_off *t,
                             struct done_result *ret, struct err *err)
{
    struct done_result result = {0};
    enum rc rc = store_begin(desk->store, err);
    if (rc == RC_OK)
        rc = store_finish(desk->store, done_and_look(desk, words, t, &result, err), err);
    if (rc != RC_OK)
        done_result_fini(&result);
    else
        *ret = result;
    return rc;
}

void done_result_fini(struct done_result *r)
{
    action_fini(&r->action);
    follows_fini(&r->follows);
}
