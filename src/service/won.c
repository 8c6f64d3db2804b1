/* How the series after a lost sale ends: they came back, they answered, or a person stops it. A sale ends it by itself.
 * Silence at once, in the same transaction; undo lets it go on. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>
#include <pps/utf8.h>

#include "lost.h"

struct ending {
    const char *outcome, *verb;
    const char *words; /* the occasion's end */
    const char *why;   /* said of each waiting action */
};
static const struct ending endings[] = {
    {"won", "lost-won", "they came back", "they came back"},
    {"answered", "lost-answered", "they answered", "they answered"},
    {"stopped", "lost-stopped", "stopped", "the series was stopped"},
};
static const struct ending lost_again = {NULL, "lost-again", "lost once more",
                                         "they were lost once more"};
enum { ENDINGS = sizeof endings / sizeof *endings };

bool is_lost_verb(const char *verb)
{
    return str_starts(verb, "lost-");
}

/* outcome NULL: it had run out. */
static enum rc find_ending(const char *outcome, const struct ending **ret, struct err *err)
{
    const char *names[ENDINGS];
    *ret = &lost_again;
    if (outcome == NULL)
        return RC_OK;
    for (size_t i = 0; i < ENDINGS; i++) {
        names[i] = endings[i].outcome;
        *ret = &endings[i];
        if (str_eq(outcome, names[i]))
            return RC_OK;
    }
    const char *near = str_nearest(outcome, names, ENDINGS);
    char *quoted = utf8_quote(outcome);
    enum rc rc =
        near
            ? err_set(err, RC_USAGE, "outcome: %s is none: did you mean %s?", quoted, near)
            : err_set(err, RC_USAGE, "outcome: %s is none: it is won, answered or stopped", quoted);
    free(quoted);
    return rc;
}

static enum rc write_outcome(const struct desk *desk, int64_t occasion_id, const char *outcome,
                             int64_t trip_id, struct err *err)
{
    struct lost lost;
    enum rc rc = store_lost_get(desk->store, occasion_id, &lost, err);
    if (rc != RC_OK)
        return rc;
    free(lost.outcome);
    lost.outcome = xstrdup(outcome);
    lost.trip_id = trip_id;
    rc = store_lost_update(desk->store, &lost, err);
    lost_fini(&lost);
    return rc;
}

enum rc lost_end(const struct desk *desk, int64_t occasion_id, const char *outcome, int64_t trip_id,
                 const char *note, int *ret_stopped, struct err *err)
{
    const struct ending *ending;
    struct occasion o;
    enum rc rc = find_ending(outcome, &ending, err);
    if (rc == RC_OK)
        rc = store_occasion_get(desk->store, occasion_id, &o, err);
    if (rc != RC_OK)
        return rc;
    char *reason = note ? xasprintf("%s: %s", ending->words, note) : xstrdup(ending->words);
    if (o.ended)
        rc = say_ended(&o, err);
    if (rc == RC_OK)
        rc = occasion_end(desk, &o, reason, ending->why, ret_stopped, err);
    if (rc == RC_OK)
        rc = write_outcome(desk, occasion_id, outcome, trip_id, err);
    if (rc == RC_OK)
        rc = audit(desk, ending->verb, o.client_id, occasion_id, 0, note, err);
    free(reason);
    occasion_fini(&o);
    return rc;
}

/* ---- they come back after the series has ended ---- */

/* What undo needs: how it had ended. */
static char *back_detail(const struct occasion *o, const struct lost *was, const char *note)
{
    struct json *detail = json_new_object();
    char *words = note ? xasprintf("they came back: %s", note) : xstrdup("they came back");
    json_add_string(detail, "outcome", words); /* what pps log shows */
    json_add_string(detail, "was", was->outcome);
    json_add_string(detail, "end_reason", o->end_reason);
    free(words);
    return undo_detail_text(detail);
}

/* They had answered, said they will buy, or were left in peace, and nothing more goes out; but they have come back, and that
 * is to be counted. bought: not only said once more. */
static enum rc came_back_late(const struct desk *desk, struct occasion *o, bool bought,
                              int64_t trip_id, const char *note, struct err *err)
{
    struct lost lost;
    enum rc rc = store_lost_get(desk->store, o->id, &lost, err);
    if (rc != RC_OK)
        return rc;
    bool said = str_eq(lost.outcome, "won") && lost.trip_id == 0 && bought;
    if (!said && !str_eq(lost.outcome, "answered") && !str_eq(lost.outcome, "stopped")) {
        lost_fini(&lost);
        return say_ended(o, err);
    }
    char *detail = back_detail(o, &lost, note);
    lost_fini(&lost);
    free(o->end_reason);
    o->end_reason = note ? xasprintf("they came back: %s", note) : xstrdup("they came back");
    rc = store_occasion_update(desk->store, o, err);
    if (rc == RC_OK)
        rc = write_outcome(desk, o->id, "won", trip_id, err);
    if (rc == RC_OK)
        rc = audit(desk, LOST_BACK_VERB, o->client_id, o->id, 0, detail, err);
    free(detail);
    return rc;
}

/* ---- pps won ---- */

/* Their own trip, or one of somebody with the same number or address: a family buys by one of its members. */
static enum rc check_owner(const struct desk *desk, int64_t client_id, const struct occasion *trip,
                           struct err *err)
{
    struct client lost = {0}, buyer = {0};
    enum rc rc = store_client_get(desk->store, client_id, &lost, err);
    if (rc == RC_OK)
        rc = store_client_get(desk->store, trip->client_id, &buyer, err);
    bool same = lost.id == buyer.id || (lost.phone != NULL && str_eq(lost.phone, buyer.phone)) ||
                (lost.email != NULL && str_eq(lost.email, buyer.email));
    if (rc == RC_OK && !same)
        rc = err_set(err, RC_INVALID, "trip: T%lld is of C%lld %s, and this is about C%lld %s",
                     (long long)trip->id, (long long)buyer.id, buyer.name, (long long)lost.id,
                     lost.name);
    client_fini(&lost);
    client_fini(&buyer);
    return rc;
}

static enum rc find_trip(const struct desk *desk, int64_t client_id, const struct won_entry *e,
                         int64_t *ret, struct err *err)
{
    struct occasion trip;
    if (e->trip == NULL)
        return RC_OK;
    if (e->outcome != NULL && !str_eq(e->outcome, "won"))
        return err_set(err, RC_USAGE, "--trip belongs to --outcome won");
    enum rc rc = lookup_trip(desk, e->trip, ret, err);
    if (rc == RC_OK)
        rc = store_occasion_get(desk->store, *ret, &trip, err);
    if (rc != RC_OK)
        return rc;
    if (trip.ended)
        rc = say_ended(&trip, err);
    if (rc == RC_OK)
        rc = check_owner(desk, client_id, &trip, err);
    occasion_fini(&trip);
    return rc;
}

static enum rc won(const struct desk *desk, int64_t occasion_id, const struct won_entry *e,
                   int *ret_stopped, struct err *err)
{
    struct occasion o;
    char *note = NULL;
    int64_t trip_id = 0;
    enum rc rc = store_occasion_get(desk->store, occasion_id, &o, err);
    if (rc != RC_OK)
        return rc;
    rc = field_text("note", e->note, NOTE_MAX_CHARS, &note, err);
    if (rc == RC_OK)
        rc = find_trip(desk, o.client_id, e, &trip_id, err);
    const char *outcome = str_or(e->outcome, "won");
    bool late = o.ended && str_eq(outcome, "won");
    if (rc == RC_OK && late)
        rc = came_back_late(desk, &o, trip_id != 0, trip_id, note, err);
    else if (rc == RC_OK)
        rc = lost_end(desk, occasion_id, outcome, trip_id, note, ret_stopped, err);
    if (rc == RC_OK)
        rc = planning_of_client(desk, o.client_id, NULL, NULL, err);
    free(note);
    occasion_fini(&o);
    return rc;
}

enum rc service_won(const struct desk *desk, int64_t occasion_id, const struct won_entry *e,
                    int *ret_stopped, struct err *err)
{
    enum rc rc = store_begin(desk->store, err);
    return rc == RC_OK ? store_finish(desk->store, won(desk, occasion_id, e, ret_stopped, err), err)
                       : rc;
}

/* ---- a sale wins them back by itself ---- */

/* What had ended. */
static enum rc win_back_late(const struct desk *desk, const struct id_list *ended,
                             struct id_list *io, size_t *ret_late, struct err *err)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; i < ended->n && rc == RC_OK; i++) {
        struct occasion o;
        rc = store_occasion_get(desk->store, ended->v[i], &o, err);
        if (rc != RC_OK)
            break;
        rc = came_back_late(desk, &o, true, 0, NULL, err);
        occasion_fini(&o);
        vec_reserve(&io->v, io->n, &io->cap, sizeof *io->v);
        io->v[io->n++] = ended->v[i];
        ++*ret_late;
    }
    return rc;
}

/* Those that are not over, and the last one that is, if it was not too long ago: found before anything is written, which
 * would end the first, too. */
static enum rc find_lost_of(const struct desk *desk, int64_t client_id, struct id_list *ret_open,
                            struct id_list *ret_ended, struct err *err)
{
    struct client c;
    enum rc rc = store_client_get(desk->store, client_id, &c, err);
    if (rc != RC_OK)
        return rc;
    const char *phone = c.phone_wrong ? NULL : c.phone;
    rc = store_lost_open(desk->store, client_id, phone, c.email, ret_open, err);
    if (rc == RC_OK)
        rc = store_lost_ended(desk->store, client_id, phone, c.email,
                              desk_today(desk) - LOST_RETURN_DAYS, ret_ended, err);
    client_fini(&c);
    return rc;
}

enum rc lost_win_back(const struct desk *desk, int64_t client_id, struct id_list *ret,
                      size_t *ret_late, struct err *err)
{
    struct id_list open = {0}, ended = {0};
    *ret_late = 0;
    enum rc rc = find_lost_of(desk, client_id, &open, &ended, err);
    for (size_t i = 0; i < open.n && rc == RC_OK; i++) {
        int stopped;
        rc = lost_end(desk, open.v[i], "won", 0, NULL, &stopped, err);
    }
    if (rc == RC_OK)
        rc = win_back_late(desk, &ended, &open, ret_late, err);
    id_list_fini(&ended);
    if (rc == RC_OK)
        *ret = open;
    else
        id_list_fini(&open);
    return rc;
}

static enum rc replan_owner(const struct desk *desk, int64_t occasion_id, struct err *err)
{
    struct occasion o;
    enum rc rc = store_occasion_get(desk->store, occasion_id, &o, err);
    if (rc != RC_OK)
        return rc;
    rc = planning_of_client(desk, o.client_id, NULL, NULL, err);
    occasion_fini(&o);
    return rc;
}

enum rc lost_note_trip(const struct desk *desk, const struct id_list *ids, int64_t trip_id,
                       struct err *err)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; i < ids->n && rc == RC_OK; i++) {
        rc = write_outcome(desk, ids->v[i], "won", trip_id, err);
        if (rc == RC_OK)
            rc = replan_owner(desk, ids->v[i], err);
    }
    return rc;
}

/* ---- undo ---- */

enum rc lost_reopen(const struct desk *desk, const struct occasion *o, struct err *err)
{
    struct id_list open;
    enum rc rc = lost_refuse_bought(desk, o->client_id, err);
    if (rc == RC_OK)
        rc = store_lost_open(desk->store, o->client_id, NULL, NULL, &open, err);
    if (rc != RC_OK)
        return rc;
    if (open.n > 0)
        rc = err_set(err, RC_REJECTED,
                     "C%lld was lost once more since then, and L%lld is open: it cannot be taken "
                     "back",
                     (long long)o->client_id, (long long)open.v[0]);
    id_list_fini(&open);
    return rc == RC_OK ? write_outcome(desk, o->id, NULL, 0, err) : rc;
}

enum rc lost_withdraw(const struct desk *desk, struct occasion *o, int *ret_stopped,
                      struct err *err)
{
    enum rc rc =
        occasion_end(desk, o, LOST_BY_MISTAKE, "it was entered by mistake", ret_stopped, err);
    return rc == RC_OK ? write_outcome(desk, o->id, NULL, 0, err) : rc;
}

static enum rc restore_end(const struct desk *desk, const struct audit_entry *entry,
                           const struct json *detail, char **ret_what, struct err *err)
{
    struct occasion o;
    const char *was = json_string(json_get(detail, "was"));
    enum rc rc = store_occasion_get(desk->store, entry->occasion_id, &o, err);
    if (rc != RC_OK)
        return rc;
    if (!o.ended)
        rc = err_set(err, RC_REJECTED, "L%lld is not over", (long long)o.id);
    free(o.end_reason);
    o.end_reason = xstrdup(json_string(json_get(detail, "end_reason")));
    if (rc == RC_OK)
        rc = store_occasion_update(desk->store, &o, err);
    if (rc == RC_OK)
        rc = write_outcome(desk, o.id, was, 0, err);
    if (rc == RC_OK)
        rc = planning_of_client(desk, o.client_id, NULL, NULL, err);
    if (rc == RC_OK)
        *ret_what = xasprintf("L%lld is not won back any more; how it had ended counts again: %s",
                              (long long)o.id, str_or(o.end_reason, str_or(was, "")));
    occasion_fini(&o);
    return rc;
}

enum rc lost_unback(const struct desk *desk, const struct audit_entry *entry, char **ret_what,
                    struct err *err)
{
    struct json_doc *doc;
    enum rc rc = json_parse(str_or(entry->detail, ""), strlen(str_or(entry->detail, "")), "audit",
                            false, &doc, err);
    if (rc != RC_OK)
        return rc;
    rc = restore_end(desk, entry, json_root(doc), ret_what, err);
    json_doc_free(doc);
    return rc;
}
