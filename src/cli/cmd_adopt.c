/* pps adopt: this copy of the database, in this place, is the one that works from now on. */
#include <pps/views.h>

#include "app.h"

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    (void)args;
    struct dispatcher d = app_dispatcher(app);
    enum hold was = HOLD_NONE;
    enum rc rc = dispatch_look(&d, &was, err);
    if (rc == RC_OK)
        rc = dispatch_adopt(&d, err);
    if (rc == RC_OK)
        rc = service_end_hold(&app->desk, err);
    if (rc != RC_OK)
        return rc;
    if (app->json) {
        struct json *root = view_document("adopt", 1);
        json_add_string(root, "db", app->db_path);
        json_add_string(root, "was", was == HOLD_NONE ? NULL : hold_reason(was));
        show_json(app, root);
    } else {
        say(app, "%s is the database that works from now on%s\n", app->db_path,
            was == HOLD_NONE ? ", as it was before" : "");
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
