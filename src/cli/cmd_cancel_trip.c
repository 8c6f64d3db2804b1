/* pps cancel-trip: silence at once; and what is left for people to see to. */
#include <stdlib.h>

#include <pps/str.h>
#include <pps/views.h>

#include "app.h"
#include "card.h"

static const struct option options[] = {
    {"reason", "WORDS", "why, for the card"},
};

/* What a tick has just handed over cannot be called back. */
static enum rc tell_of_flight(struct app *app, int64_t id, struct err *err)
{
    struct actions actions;
    enum rc rc = store_actions_of_occasion(app->store, id, &actions, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < actions.n; i++) {
        if (actions.v[i].state == STATE_AT_RISK)
            remark(app, "A%lld %s is on its way just now and may still arrive",
                   (long long)actions.v[i].id, channel_word(actions.v[i].channel));
    }
    actions_fini(&actions);
    return RC_OK;
}

/* What is left for people to see to. The trip is cancelled: what cannot be read here is no reason to call it failed. */
struct left {
    struct occasion_file file; /* occasion.id 0: it could not be read */
    const struct action *told; /* by which they know when they would leave; NULL: they do not */
    struct things things;      /* all of the client */
    size_t n_open;             /* the first so many of them are of this trip, neither given nor dropped */
};

static void left_fini(struct left *left)
{
    things_fini(&left->things);
    occasion_file_fini(&left->file);
}

static void look_what_is_left(struct app *app, int64_t id, struct left *ret)
{
    struct err ignored;
    *ret = (struct left){0};
    if (store_occasion_file(app->store, id, &ret->file, &ignored) != RC_OK) {
        ret->file = (struct occasion_file){0};
        return;
    }
    ret->told = service_told_departure(&app->desk, &ret->file);
    struct things all;
    if (store_things_of_client(app->store, ret->file.client.id, &all, &ignored) != RC_OK)
        return;
    size_t kept = 0;
    for (size_t i = 0; i < all.n; i++) {
        struct thing one = all.v[i];
        if (one.occasion_id != id || one.kind == THING_PHOTO || !thing_is_open(&one))
            continue;
        all.v[i] = all.v[kept];
        all.v[kept++] = one;
    }
    ret->things = all;
    ret->n_open = kept;
}

static void say_left(struct app *app, const struct left *left)
{
    struct sb things = {0}, ids = {0};
    if (left->told != NULL) {
        const struct action *a = left->told;
        const struct step *step = playbook_step(left->file.playbook, a->step);
        char day[CIVIL_TEXT_BYTES];
        int64_t at = a->done_at != 0 ? a->done_at : a->due_at;
        civil_format_people(zone_to_local(app->zone, at).day, day);
        say(app, "the client was told of it (%s, %s): if the cancellation is not theirs, tell them\n",
            step != NULL ? step->title : a->step, day);
    }
    for (size_t i = 0; i < left->n_open; i++) {
        char *line = thing_line(&left->things.v[i]);
        sb_addf(&things, "%s%s", i ? ", " : "", line);
        sb_addf(&ids, " G%lld", (long long)left->things.v[i].id);
        free(line);
    }
    if (left->n_open > 0)
        say(app, "still to be seen to: %s (not needed any more: pps gift drop%s)\n", sb_str(&things),
            sb_str(&ids));
    sb_fini(&things);
    sb_fini(&ids);
}

/* A playbook that cannot be read must not make it look otherwise than it is. */
static enum rc answer(struct app *app, int64_t id, int stopped, struct err *err)
{
    struct occasion occasion;
    enum rc rc = store_occasion_get(app->store, id, &occasion, err);
    if (rc != RC_OK)
        return rc;
    char *line = occasion_line(&occasion);
    say(app, "%s\n%d waiting steps are stopped; pps undo T%lld takes it back\n", line, stopped,
        (long long)id);
    free(line);
    occasion_fini(&occasion);
    struct left left;
    look_what_is_left(app, id, &left);
    say_left(app, &left);
    left_fini(&left);
    return tell_of_flight(app, id, err);
}

static enum rc answer_json(struct app *app, int64_t id, int stopped, struct err *err)
{
    struct occasion_file file;
    enum rc rc = store_occasion_file(app->store, id, &file, err);
    if (rc != RC_OK)
        return rc;
    struct json *root = occasion_document(app, "cancel-trip", &file);
    json_add_int(root, "stopped", stopped);
    struct left left;
    look_what_is_left(app, id, &left);
    view_id(root, "told", 'A', left.told != NULL ? left.told->id : 0);
    struct json *things = json_add_array(root, "things");
    for (size_t i = 0; i < left.n_open; i++)
        (void)show_thing(app, things, NULL, &left.things.v[i]);
    left_fini(&left);
    show_json(app, root);
    occasion_file_fini(&file);
    return RC_OK;
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    int64_t id;
    int stopped = 0;
    enum rc rc = lookup_trip(&app->desk, args->words[0], &id, err);
    if (rc == RC_OK)
        rc = service_cancel_trip(&app->desk, id, arg_value(args, "reason"), &stopped, err);
    if (rc != RC_OK)
        return rc;
    return (app->json ? answer_json : answer)(app, id, stopped, err);
}

const struct command cmd_cancel_trip = {
    .name = "cancel-trip",
    .group = "Selling",
    .summary = "cancel a trip: nothing more is sent, from this instant",
    .usage = "TRIP [--reason WORDS]",
    .examples = "  pps cancel-trip T34 --reason \"заболел ребёнок\"\n"
                "  pps undo T34",
    OPTIONS(options),
    .min_words = 1,
    .max_words = 1,
    .needs = NEEDS_WRITING,
    .run = run,
};
