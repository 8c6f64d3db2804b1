/* pps mark: how the agency sees a client. */
#include <stdlib.h>

#include <pps/str.h>
#include <pps/view_things.h>

#include "card.h"

static const struct option options[] = {
    {"remove", NULL, "take the mark away"},
};

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    bool remove = arg_given(args, "remove"), writes = args->n_words > 1, changed = true;
    int64_t client_id;
    unsigned marks = 0;
    if (remove && !writes)
        return err_set(err, RC_USAGE, "usage: pps mark CLIENT promising|profitable|loyal --remove");
    enum rc rc = app_open_store(app, writes ? STORE_WRITE : STORE_READ, err);
    if (rc == RC_OK)
        rc = lookup_client(&app->desk, args->words[0], &client_id, err);
    if (rc == RC_OK)
        rc = writes ? service_mark(&app->desk, client_id, args->words[1], !remove, &marks, &changed,
                                   err)
                    : store_client_marks(app->store, client_id, &marks, err);
    if (rc != RC_OK)
        return rc;
    if (app->json) {
        struct json *root = view_document("mark", 1);
        view_id(root, "client", 'C', client_id);
        view_marks(root, marks);
        show_json(app, root);
    } else {
        char *line = marks_line(marks);
        say(app, "C%lld marks: %s%s\n", (long long)client_id, line, changed ? "" : ", as before");
        free(line);
    }
    return RC_OK;
}

const struct command cmd_mark = {
    .name = "mark",
    .group = "Clients",
    .summary = "how the agency sees a client: promising, profitable, loyal",
    .usage = "CLIENT [promising|profitable|loyal] [--remove]",
    .details = "A client may have any of the three. Letters, SMS and scripts can ask for them: "
               "{{#mark.loyal}}.",
    .examples = "  pps mark C12\n"
                "  pps mark C12 loyal\n"
                "  pps mark Иванова promising --remove",
    OPTIONS(options),
    .min_words = 1,
    .max_words = 2,
    .needs = NEEDS_CONFIG,
    .run = run,
};
