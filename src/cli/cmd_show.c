/* pps show: the card of a client with everything about them, or one trip, complaint, gift … */
#include <stdlib.h>

#include <pps/str.h>
#include <pps/views.h>

#include "card.h"
#include "documents_show.h"
#include "heard.h"
#include "lost_show.h"
#include "wishes.h"

static enum rc show_one(struct app *app, int64_t occasion_id, struct err *err)
{
    struct occasion_file file;
    enum rc rc = store_occasion_file(app->store, occasion_id, &file, err);
    if (rc != RC_OK)
        return rc;
    if (app->json) {
        struct json *root = occasion_document(app, "show", &file);
        rc = documents_of_card(app, occasion_id, root, err);
        if (rc == RC_OK)
            show_json(app, root);
        else
            json_free(root);
    } else {
        show_client(app, &file.client);
        show_occasion(app, &file);
        rc = documents_of_card(app, occasion_id, NULL, err);
    }
    occasion_file_fini(&file);
    return rc;
}

/* Trips for themselves, everything else in one list. */
static void add_occasions(struct app *app, struct json *root, const struct occasion_list *list)
{
    struct json *trips = json_add_array(root, "trips"), *others = json_add_array(root, "others");
    for (size_t i = 0; i < list->n; i++) {
        const struct occasion *o = &list->v[i];
        struct staff manager = {0};
        struct err ignored;
        if (o->manager_id != 0 &&
            store_staff_get(app->store, o->manager_id, &manager, &ignored) != RC_OK)
            manager = (struct staff){0};
        if (o->kind == KIND_TRIP) {
            show_trip(app, trips, NULL, o, manager.login);
        } else {
            struct json *v = view_occasion(others, NULL, o, manager.login, app->zone);
            json_add_string(v, "kind", kind_name(o->kind));
            heard_json(app, v, o);
        }
        staff_fini(&manager);
    }
}

static enum rc show_card(struct app *app, int64_t client_id, struct err *err)
{
    struct client client = {0};
    struct occasion_list occasions = {0};
    struct known known = {0};
    const struct card card = {&client, &known};
    enum rc rc = store_client_get(app->store, client_id, &client, err);
    if (rc == RC_OK)
        rc = store_occasions_of_client(app->store, client_id, &occasions, err);
    if (rc == RC_OK)
        rc = store_known(app->store, client_id, NULL, &known, err);
    if (rc == RC_OK && app->json) {
        struct json *root = view_document("show", 1);
        view_client(root, "client", &client, app->zone);
        add_occasions(app, root, &occasions);
        card_json(app, root, &card);
        referrals_document(app, root, client_id);
        show_json(app, root);
    } else if (rc == RC_OK) {
        show_client(app, &client);
        card_head(app, &card);
        rc = show_wishes(app, &client, err);
        for (size_t i = 0; i < occasions.n; i++) {
            char *line = occasion_line(&occasions.v[i]);
            say(app, "%s\n", line);
            free(line);
        }
        card_tail(app, &card);
        say(app, "pps timeline TRIP shows what is planned and what was done\n");
    }
    client_fini(&client);
    occasion_list_fini(&occasions);
    known_fini(&known);
    return rc;
}

static enum rc show_gift(struct app *app, int64_t thing_id, struct err *err)
{
    struct thing_row row;
    enum rc rc = service_thing_row(&app->desk, thing_id, &row, err);
    if (rc != RC_OK)
        return rc;
    if (app->json) {
        struct json *root = view_document("show", 1);
        gift_json(app, root, &row);
        show_json(app, root);
    } else {
        say_gift(app, &row);
    }
    thing_row_fini(&row);
    return RC_OK;
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    const char *words = args->words[0];
    int64_t id;
    enum kind kind;
    if (occasion_id_parse(words, &kind, &id)) {
        enum rc rc = lookup_kind(&app->desk, kind, words, &id, err);
        return rc == RC_OK ? show_one(app, id, err) : rc;
    }
    if (id_parse_exact(words, 'G', &id))
        return show_gift(app, id, err);
    if (id_parse_exact(words, 'A', &id))
        return err_set(err, RC_USAGE,
                       "A%lld is an action: pps why A%lld tells of it, and "
                       "pps script A%lld what to say",
                       (long long)id, (long long)id, (long long)id);
    enum rc rc = lookup_client(&app->desk, words, &id, err);
    return rc == RC_OK ? show_card(app, id, err) : rc;
}

const struct command cmd_show = {
    .name = "show",
    .group = "Looking",
    .summary = "the card of a client, or one trip, complaint, gift …",
    .usage = "CLIENT|TRIP|OCCASION|GIFT",
    .examples = "  pps show C12\n"
                "  pps show T34\n"
                "  pps show G7\n"
                "  pps show Иванова",
    .min_words = 1,
    .max_words = 1,
    .needs = NEEDS_A_LOOK,
    .run = run,
};
