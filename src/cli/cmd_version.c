/* pps version: the version, also as --version. */
#include <pps/version.h>
#include <pps/views.h>

#include "app.h"

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    (void)args;
    (void)err;
    if (app->json) {
        struct json *root = view_document("version", 1);
        json_add_string(root, "version", PPS_VERSION);
        json_add_int(root, "database", store_schema_version());
        show_json(app, root);
    } else {
        fprintf(app->out, "pps %s\n", PPS_VERSION);
    }
    return RC_OK;
}

const struct command cmd_version = {
    .name = "version",
    .group = "Setting up",
    .summary = "print the version",
    .usage = "",
    .examples = "  pps version\n"
                "  pps --version",
    .needs = NEEDS_NOTHING,
    .run = run,
};
