/* pps adopt: this copy of the database, in this place, is the one that works from now on. */
#include <pps/views.h>

#include "app.h"

/* So that nobody is surprised by what goes out next. */
static void say_next(struct app *app, const struct tick_summary *next)
{
    int n = next->counts[TICK_SENT];
    if (next->hold != HOLD_NONE)
        say(app, "nothing goes out yet: %s\n", hold_reason(next->hold));
    else if (n > 0)
        say(app, "%d %s with the next tick: pps tick --dry-run lists %s\n", n,
            n == 1 ? "message goes" : "messages go", n == 1 ? "it" : "them");
    else
        say(app, "no message goes with the next tick\n");
}

static enum rc foresee(const struct app *app, struct tick_summary *ret, struct err *err)
{
    struct desk desk = app->desk;
    struct dispatcher d = app_dispatcher((struct app *)(uintptr_t)app);
    d.actor = NULL;
    enum rc rc = store_open(app->db_path, STORE_COPY, &desk.store, err);
    if (rc != RC_OK)
        return rc;
    rc = app_foresee(app, d, &desk, ret, err);
    store_close(desk.store);
    return rc;
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    (void)args;
    struct dispatcher d = app_dispatcher(app);
    enum hold was = HOLD_NONE;
    struct tick_summary next = {0};
    enum rc rc = store_check(app->store, err); /* a damaged one is not to be worked with */
    if (rc == RC_OK)
        rc = dispatch_look(&d, &was, err);
    if (rc == RC_OK)
        rc = dispatch_adopt(&d, err);
    if (rc != RC_OK)
        return rc;
    struct err why;
    bool foreseen = foresee(app, &next, &why) == RC_OK;
    if (!foreseen) /* it is adopted all the same, and the tick will say so, too */
        remark(app, "note: what the next tick does cannot be foreseen: %s", why.message);
    if (app->json) {
        struct json *root = view_document("adopt", 1);
        json_add_string(root, "db", app->db_path);
        json_add_string(root, "was", was == HOLD_NONE ? NULL : hold_reason(was));
        if (foreseen)
            json_add_int(root, "next_tick_sends", next.counts[TICK_SENT]);
        else
            json_add_null(root, "next_tick_sends");
        json_add_string(root, "hold", next.hold == HOLD_NONE ? NULL : hold_reason(next.hold));
        show_json(app, root);
    } else {
        say(app, "%s is the database that works from now on%s\n", app->db_path,
            was == HOLD_NONE ? ", as it was before" : "");
        if (foreseen)
            say_next(app, &next);
    }
    return RC_OK;
}

const struct command cmd_adopt = {
    .name = "adopt",
    .group = "Control",
    .summary = "after a move: this database, here, is the one that works from now on",
    .usage = "",
    .details = "A tick sends nothing when the database was copied or moved, so that two copies "
               "never send the same. Say\n"
               "this where the one copy stands that is to work, and let no other one run. For an "
               "older copy, a backup that\n"
               "was put back, it is pps recover.",
    .examples = "  pps adopt\n"
                "  pps adopt --db /srv/pps/pps.db",
    .needs = NEEDS_WRITING,
    .run = run,
};
