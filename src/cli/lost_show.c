/* How a lost sale is shown beside its dates and steps: why, by whom, how it ended. Serves lost, won, show, timeline and the
 * commands that sell. */
#include <stdlib.h>

#include <pps/str.h>
#include <pps/views.h>

#include "lost_show.h"

/* false: it is none, or cannot be read; the rest is shown all the same. */
static bool load(struct app *app, const struct occasion *o, struct lost *lost, struct staff *by)
{
    struct err ignored;
    if (o->kind != KIND_LOST || store_lost_get(app->store, o->id, lost, &ignored) != RC_OK)
        return false;
    if (store_lost_by(app->store, o->id, by, &ignored) != RC_OK)
        *by = (struct staff){0};
    return true;
}

static bool is_cancelled(struct app *app, int64_t trip_id)
{
    struct occasion trip;
    struct err ignored;
    if (store_occasion_get(app->store, trip_id, &trip, &ignored) != RC_OK)
        return false;
    bool cancelled = trip.ended;
    occasion_fini(&trip);
    return cancelled;
}

void show_loss(struct app *app, const struct occasion *o)
{
    struct lost lost;
    struct staff by;
    if (!load(app, o, &lost, &by))
        return;
    say(app, "  reason: %s%s%s\n", lost.reason, lost.words ? "; " : "", str_or(lost.words, ""));
    say(app, "  lost by %s\n", str_or(by.login, "nobody in particular"));
    if (lost.trip_id != 0)
        say(app, is_cancelled(app, lost.trip_id) ? "  came back, and cancelled T%lld\n"
                                                 : "  came back with T%lld\n",
            (long long)lost.trip_id);
    lost_fini(&lost);
    staff_fini(&by);
}

void loss_document(struct app *app, struct json *root, const struct occasion *o)
{
    struct lost lost;
    struct staff by;
    if (!load(app, o, &lost, &by))
        return;
    struct json *v = json_add_object(root, "loss");
    json_add_string(v, "reason", lost.reason);
    json_add_string(v, "words", lost.words);
    json_add_string(v, "lost_by", by.login);
    json_add_string(v, "outcome", lost.outcome);
    view_id(v, "trip", 'T', lost.trip_id);
    json_add_bool(v, "trip_cancelled", lost.trip_id != 0 && is_cancelled(app, lost.trip_id));
    lost_fini(&lost);
    staff_fini(&by);
}

void show_won_back(struct app *app, const struct id_list *ids, size_t late)
{
    for (size_t i = 0; i < ids->n; i++) {
        bool had_ended = i + late >= ids->n;
        say(app,
            had_ended ? "won back: L%lld, whose series was over (pps undo L%lld takes that back)\n"
                      : "won back: L%lld; nothing more of its series goes out (pps undo L%lld lets "
                        "it go on)\n",
            (long long)ids->v[i], (long long)ids->v[i]);
    }
}

void won_back_document(struct json *root, const struct id_list *ids)
{
    struct json *list = json_add_array(root, "won_back");
    for (size_t i = 0; i < ids->n; i++)
        view_occasion_id(list, NULL, KIND_LOST, ids->v[i]);
}
