/* pps script: the words for a call or a visit, filled in. */
#include <stdlib.h>

#include <pps/complaint.h>
#include <pps/str.h>
#include <pps/views.h>

#include "agenda.h"
#include "heard.h"

/* What else may come of a call that invites to the office: an agreed day, or the talk at once, by phone. Not said under
 * words that invite to nothing, because the client has complained or was not happy. */
static void say_of_visit(struct app *app, const struct case_file *file)
{
    long long id = (long long)file->action.id;
    bool invites = file->step != NULL && file->step->invites_to != NULL &&
                   playbook_step(file->playbook, file->step->invites_to) != NULL;
    bool agreed = file->occasion.when[ANCHOR_VISIT].day != CIVIL_NONE, sad = false;
    struct err ignored;
    if (!invites || agreed || service_is_sad(&app->desk, file, &sad, &ignored) != RC_OK || sad)
        return;
    say(app, "a visit was agreed: pps done A%lld --visit \"DATE HOUR\"\n", id);
    say(app, "all was talked over by phone instead: pps done A%lld --by-phone\n", id);
}

/* What ends this work; of some tasks of a complaint a command of its own. */
static void say_how(struct app *app, const struct action *a)
{
    char *command = NULL;
    struct err ignored;
    if (service_complaint_command(&app->desk, a->id, &command, &ignored) != RC_OK)
        command = NULL;
    if (command != NULL)
        say(app, "\nthis does it: %s\n", command);
    else
        say(app, "\ntick it off: pps done A%lld%s\n", (long long)a->id,
            a->channel == CHANNEL_CALL ? "   (nobody there: pps done … --outcome no-answer)" : "");
    free(command);
}

/* Before the words: what must be known before the client picks up. */
static enum rc say_heed(struct app *app, const struct case_file *file, struct json *root,
                        struct err *err)
{
    struct heed heed;
    enum rc rc = service_heed(&app->desk, &file->client, file->occasion.id, &heed, err);
    if (rc != RC_OK)
        return rc;
    char *words = heed_words(&heed);
    if (root != NULL)
        heed_json(root, &heed);
    else if (words != NULL)
        say(app, "to know first: %s\n\n", words);
    free(words);
    return RC_OK;
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
        rc = say_heed(app, &file, root, err);
        if (rc == RC_OK)
            show_json(app, root);
        else
            json_free(root);
    } else if (rc == RC_OK) {
        rc = say_heed(app, &file, NULL, err);
        say(app, "%s", text);
        if (file.action.state == STATE_PENDING)
            say_how(app, &file.action);
        if (file.action.state == STATE_PENDING && file.action.channel == CHANNEL_CALL)
            say_of_visit(app, &file);
        if (file.action.state == STATE_PENDING)
            say_reopen(app, &file);
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
    .needs = NEEDS_A_LOOK,
    .run = run,
};
