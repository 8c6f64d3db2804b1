/* By whose clock? People's work goes by the agency's, messages by the client's; where the two differ, whoever calls should
 * see what hour it is over there. Serves today, report, timeline, done and the commands that steer what waits. */
#include <stdlib.h>

#include <pps/str.h>
#include <pps/views.h>
#include <pps/zone.h>

#include "when.h"

char *when_due(struct app *app, const struct action *a, const char *client_tz)
{
    char due[CIVIL_TEXT_BYTES], theirs[CIVIL_TEXT_BYTES];
    struct civil there = service_hour_at_client(&app->desk, a, client_tz);
    civil_format(a->local_due, due);
    const char *usual = str_or(client_tz, zone_name(app->zone));
    if (there.day == CIVIL_NONE && !channel_is_human(a->channel) && !str_eq(a->tz, usual))
        return xasprintf("%s in %s", due, a->tz); /* where their trip starts */
    if (there.day == CIVIL_NONE)
        return xstrdup(due);
    civil_format(there, theirs);
    bool same_day = there.day == a->local_due.day;
    return xasprintf("%s, %s at theirs", due, same_day ? theirs + sizeof "YYYY-MM-DD" : theirs);
}

char *when_line(struct app *app, const struct action *a)
{
    static const char *const weekdays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    struct occasion_file f;
    struct err ignored;
    if (store_occasion_file(app->store, a->occasion_id, &f, &ignored) != RC_OK)
        return when_due(app, a, NULL);
    char *due = when_due(app, a, f.client.tz);
    bool far = !channel_is_human(a->channel) && !str_eq(a->tz, zone_name(app->zone)) &&
               str_eq(a->tz, f.client.tz); /* any other is named in `due` */
    char *line = xasprintf("%s %s%s%s", weekdays[civil_weekday(a->local_due.day)], due,
                           far ? " by the clock of " : "", far ? a->tz : "");
    free(due);
    occasion_file_fini(&f);
    return line;
}

static char *closed_then(struct app *app, struct civil visit)
{
    const struct config *config = app->desk.config;
    struct decent_hours hours = config->calls.hours;
    bool working = workcal_is_working(&config->calendar, visit.day);
    bool open = visit.minute == MINUTE_NONE || hours.to == 0 ||
                (visit.minute >= hours.from && visit.minute < hours.to);
    if (working && open)
        return NULL;
    return working ? xasprintf("at %02d:%02d you do not work: from %02d:%02d to %02d:%02d",
                               visit.minute / 60, visit.minute % 60, hours.from / 60,
                               hours.from % 60, hours.to / 60, hours.to % 60)
                   : xstrdup("that is not a working day");
}

/* Between take-off and landing, as far as their hours are known. */
static bool is_away(const struct occasion *trip, struct civil at)
{
    struct civil from = trip->when[ANCHOR_DEPARTURE], to = trip->when[ANCHOR_RETURN];
    bool left = at.day > from.day ||
                (at.day == from.day && (at.minute == MINUTE_NONE || at.minute >= from.minute));
    bool back = at.day > to.day || (at.day == to.day && (to.minute == MINUTE_NONE ||
                                                         at.minute == MINUTE_NONE ||
                                                         at.minute > to.minute));
    return trip->kind == KIND_TRIP && !trip->ended && left && !back;
}

static char *away_then(struct app *app, int64_t trip_id, struct civil visit)
{
    struct occasion trip;
    struct occasion_list all;
    struct err ignored;
    char *words = NULL, from[CIVIL_TEXT_BYTES], to[CIVIL_TEXT_BYTES];
    if (store_occasion_get(app->store, trip_id, &trip, &ignored) != RC_OK)
        return NULL;
    enum rc rc = store_occasions_of_client(app->store, trip.client_id, &all, &ignored);
    occasion_fini(&trip);
    if (rc != RC_OK)
        return NULL;
    for (size_t i = 0; i < all.n && words == NULL; i++) {
        if (!is_away(&all.v[i], visit))
            continue;
        civil_format_people(all.v[i].when[ANCHOR_DEPARTURE].day, from);
        civil_format_people(all.v[i].when[ANCHOR_RETURN].day, to);
        words = xasprintf("they travel %s - %s", from, to);
    }
    occasion_list_fini(&all);
    return words;
}

static char *passed_then(struct app *app, struct civil visit)
{
    if (visit.minute == MINUTE_NONE || zone_to_utc(app->zone, visit) >= desk_now(&app->desk))
        return NULL;
    return xasprintf("%02d:%02d has passed", visit.minute / 60, visit.minute % 60);
}

char *when_unusual(struct app *app, int64_t trip_id, struct civil visit)
{
    if (visit.day == CIVIL_NONE)
        return NULL;
    char *words = passed_then(app, visit);
    if (words == NULL)
        words = away_then(app, trip_id, visit);
    return words != NULL ? words : closed_then(app, visit);
}

void when_json(struct app *app, struct json *o, const struct action *a, const char *client_tz)
{
    char text[CIVIL_TEXT_BYTES];
    struct civil there = service_hour_at_client(&app->desk, a, client_tz);
    if (there.day == CIVIL_NONE) {
        json_add_null(o, "due_at_client");
        return;
    }
    civil_format(there, text);
    text[10] = 'T';
    json_add_string(o, "due_at_client", text);
}

void when_show(struct app *app, const char *command, const struct action *a, const char *words)
{
    if (app->json) {
        struct json *root = view_document(command, 1);
        (void)show_action(app, root, "action", a);
        show_json(app, root);
        return;
    }
    char *line = action_line(app, a);
    say(app, "%s: %s (pps undo A%lld takes it back)\n", line, words, (long long)a->id);
    free(line);
}
