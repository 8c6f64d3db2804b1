/* pps show: the card of a client with all trips, or one trip. */
#include <stdlib.h>

#include <pps/str.h>
#include <pps/views.h>

#include "app.h"

static enum rc show_one_trip(struct app *app, int64_t trip_id, struct err *err)
{
    struct trip_file file;
    enum rc rc = store_trip_file(app->store, trip_id, &file, err);
    if (rc != RC_OK)
        return rc;
    if (app->json) {
        show_json(app, trip_document(app, "show", &file));
    } else {
        show_client(app, &file.client);
        show_trip(app, &file);
    }
    trip_file_fini(&file);
    return RC_OK;
}

static enum rc show_card(struct app *app, int64_t client_id, struct err *err)
{
    struct client client = {0};
    struct trip_list trips = {0};
    enum rc rc = store_client_get(app->store, client_id, &client, err);
    if (rc == RC_OK)
        rc = store_trips_of_client(app->store, client_id, &trips, err);
    if (rc == RC_OK && app->json) {
        struct json *root = view_document("show", 1);
        view_client(root, "client", &client, app->zone);
        struct json *list = json_add_array(root, "trips");
        for (size_t i = 0; i < trips.n; i++) {
            struct staff manager = {0};
            if (trips.v[i].manager_id != 0)
                rc = store_staff_get(app->store, trips.v[i].manager_id, &manager, err);
            view_trip(list, NULL, &trips.v[i], manager.login, app->zone);
            staff_fini(&manager);
        }
        show_json(app, root);
    } else if (rc == RC_OK) {
        show_client(app, &client);
        for (size_t i = 0; i < trips.n; i++) {
            char *line = trip_line(&trips.v[i]);
            say(app, "%s\n", line);
            free(line);
        }
        say(app, "pps timeline TRIP shows what is planned and what was done\n");
    }
    client_fini(&client);
    trip_list_fini(&trips);
    return rc;
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    const char *words = args->words[0];
    int64_t id;
    if (id_parse_exact(words, 'T', &id))
        return show_one_trip(app, id, err);
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
    .summary = "the card of a client, or one trip",
    .usage = "CLIENT|TRIP",
    .examples = "  pps show C12\n"
                "  pps show T34\n"
                "  pps show Иванова",
    .min_words = 1,
    .max_words = 1,
    .needs = NEEDS_READING,
    .run = run,
};
