/* pps script: the words for a call or a visit, filled in. */
#include <stdlib.h>

#include <pps/str.h>
#include <pps/views.h>

#include "app.h"

/* After the return an agreed visit is what a call is for. */
static bool leads_to_visit(const struct case_file *file)
{
    bool after = file->step != NULL && file->step->at.anchor == ANCHOR_RETURN;
    for (size_t i = 0; i < file->playbook.n_steps && after; i++) {
        if (file->playbook.steps[i].at.anchor == ANCHOR_VISIT)
            return file->trip.visit.day == CIVIL_NONE;
    }
    return false;
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    struct case_file file;
    char *text = NULL;
    enum rc rc = app_check_templates(app, err);
    if (rc == RC_OK)
        rc = case_open(&app->desk, args->words[0], &file, err);
    if (rc != RC_OK)
        return rc;
    rc = service_script(&app->desk, &file, &text, err);
    if (rc == RC_OK && app->json) {
        struct json *root = view_document("script", 1);
        (void)view_action(root, "action", &file.action, file.client.id, file.manager.login,
                          app->zone);
        json_add_string(root, "script", text);
        show_json(app, root);
    } else if (rc == RC_OK) {
        say(app, "%s", text);
        if (file.action.state == STATE_PENDING)
            say(app, "\ntick it off: pps done A%lld%s\n", (long long)file.action.id,
                file.action.channel == CHANNEL_CALL
                    ? "   (nobody there: pps done … --outcome no-answer)"
                    : "");
        if (file.action.state == STATE_PENDING && file.action.channel == CHANNEL_CALL &&
            leads_to_visit(&file))
            say(app, "a visit was agreed: pps done A%lld --visit \"DATE HOUR\"\n",
                (long long)file.action.id);
    }
    free(text);
    case_fini(&file);
    return rc;
}

const struct command cmd_script = {
    .name = "script",
    .group = "Every day",
    .summary = "the words for a call or a visit, filled in",
    .usage = "ACTION",
    .details = "ACTION is A156, or T34/preflight.",
    .examples = "  pps script A156\n"
                "  pps script T34/office-call",
    .min_words = 1,
    .max_words = 1,
    .needs = NEEDS_READING,
    .run = run,
};
