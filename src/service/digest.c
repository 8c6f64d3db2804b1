/* What stands in the list of the morning, gathered by the same rules as pps today and pps report --overdue, and made into a
 * letter. Managers, and whoever else has work, get what is theirs, or nothing; directors get everything red, and a word when
 * there is nothing, because their letter says that the program runs. Serves the tick through the dispatcher's callback, and
 * pps digest. */
#include <stdlib.h>
#include <string.h>

#include <pps/agenda.h>
#include <pps/colour.h>
#include <pps/digests.h>
#include <pps/dispatch.h>
#include <pps/str.h>

#include "internal.h"

struct gathering {
    const struct desk *desk;
    const struct staff *colleague;
    struct digest *digest;
    struct id_list named; /* the occasions of the work in it */
};

static struct digest_line *add_line(struct gathering *g, enum digest_section section)
{
    struct digest_lines *lines = &g->digest->sections[section];
    vec_reserve(&lines->v, lines->n, &lines->cap, sizeof *lines->v);
    lines->v[lines->n] =
        (struct digest_line){.when = {CIVIL_NONE, MINUTE_NONE},
                             .heed = {.paused_until = CIVIL_NONE},
                             .state = STATE_PENDING};
    return &lines->v[lines->n++];
}

/* A copy; empty is none. */
static char *copy(const char *text)
{
    return str_empty(text) ? NULL : xstrdup(text);
}

/* Whose it is stands only in the list of who looks after all. */
static char *whose(const struct gathering *g, const char *login)
{
    return g->digest->director ? copy(login) : NULL;
}

/* ---- actions ---- */

/* What everybody knows of work that is due is not said of each; what a late complaint waits for is. */
static bool says_more(const struct action *a, int days_late)
{
    bool broken = a->kind == KIND_COMPLAINT && a->channel == CHANNEL_TASK && days_late > 0;
    return a->state != STATE_PENDING || !str_empty(a->reason) || broken;
}

static void add_action(struct gathering *g, enum digest_section section,
                       const struct agenda_row *row)
{
    const struct action *a = &row->action;
    struct digest_line *l = add_line(g, section);
    char *why = agenda_explain(g->desk, row);
    id_format('A', a->id, l->id);
    l->what = xstrdup(step_title(g->desk, row, g->desk->config->agency.lang));
    l->client = copy(row->client_name);
    l->phone = channel_is_human(a->channel) ? copy(row->client_phone) : NULL;
    vec_reserve(&g->named.v, g->named.n, &g->named.cap, sizeof *g->named.v);
    g->named.v[g->named.n++] = a->occasion_id;
    l->about = copy(row->title);
    l->manager = whose(g, row->manager);
    l->when = a->local_due;
    l->days_late = agenda_days_late(g->desk, row);
    l->why = says_more(a, l->days_late) ? copy(why) : NULL;
    l->cause = a->cause;
    l->reason = copy(a->reason);
    l->also = copy(row->also);
    l->heed = row->heed;
    l->channel = a->channel;
    l->state = a->state;
    l->red = agenda_colour(g->desk, row) == COLOUR_RED;
    l->unanswered = agenda_is_unanswered(row);
    l->waits_for_word = a->cause == CAUSE_APPROVAL || a->cause == CAUSE_HELD_BY_PERSON;
    free(why);
}

static enum digest_section section_of(const struct agenda_row *row)
{
    if (row->action.state == STATE_IN_DOUBT)
        return DIGEST_DOUBTS;
    if (row->manager == NULL && channel_is_human(row->action.channel))
        return DIGEST_NOBODYS;
    return row->action.state == STATE_HELD ? DIGEST_HELD : DIGEST_LATE;
}

/* Whether it stands in the list of today already. */
static bool is_listed(const struct gathering *g, const struct action *a)
{
    const struct digest_lines *today = &g->digest->sections[DIGEST_TODAY];
    char id[ID_TEXT_BYTES];
    id_format('A', a->id, id);
    for (size_t i = 0; i < today->n; i++) {
        if (str_eq(today->v[i].id, id))
            return true;
    }
    return false;
}

/* As pps today --manager. A director finds what is red of it among all that is. */
static enum rc add_today(struct gathering *g, struct err *err)
{
    const struct agenda_query query = {
        .today = desk_today(g->desk), .human_only = true, .manager_id = g->colleague->id};
    struct agenda agenda;
    enum rc rc = service_agenda(g->desk, &query, &agenda, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < agenda.n; i++) {
        bool red = agenda_colour(g->desk, &agenda.v[i]) == COLOUR_RED;
        if (!g->digest->director || !red)
            add_action(g, DIGEST_TODAY, &agenda.v[i]);
    }
    agenda_fini(&agenda);
    return RC_OK;
}

/* As pps report --overdue, of everybody or of one. */
static enum rc add_red(struct gathering *g, struct err *err)
{
    const struct agenda_query query = {.today = desk_today(g->desk),
                                       .manager_id = g->digest->director ? 0 : g->colleague->id};
    struct agenda agenda;
    enum rc rc = service_agenda(g->desk, &query, &agenda, err);
    if (rc != RC_OK)
        return rc;
    agenda_keep_red(g->desk, &agenda);
    for (size_t i = 0; i < agenda.n; i++) {
        if (!is_listed(g, &agenda.v[i].action))
            add_action(g, section_of(&agenda.v[i]), &agenda.v[i]);
    }
    agenda_fini(&agenda);
    return RC_OK;
}

/* ---- things and documents ---- */

static void add_thing(struct gathering *g, enum digest_section section, const struct thing_row *row)
{
    civil_day late = thing_late_since(g->desk, row);
    struct digest_line *l = add_line(g, section);
    id_format('G', row->thing.id, l->id);
    l->what = xstrdup(row->thing.title);
    l->client = copy(row->client_name);
    l->manager = whose(g, row->owner);
    l->when = row->visit;
    l->ready = row->thing.ready_at != 0;
    l->red = section == DIGEST_THINGS;
    l->days_late = l->red ? (int)(desk_today(g->desk) - late) : 0;
}

/* What is late already stands among the red things, and not among those that are to be prepared. */
static enum rc add_things(struct gathering *g, struct err *err)
{
    struct thing_rows rows;
    int64_t id = g->colleague->id;
    enum rc rc = service_things_to_prepare(g->desk, id, &rows, err);
    for (size_t i = 0; rc == RC_OK && i < rows.n; i++) {
        if (thing_late_since(g->desk, &rows.v[i]) == CIVIL_NONE || !g->digest->director)
            add_thing(g, DIGEST_TO_PREPARE, &rows.v[i]);
    }
    if (rc == RC_OK) {
        thing_rows_fini(&rows);
        rc = service_things_late(g->desk, g->digest->director ? 0 : id, &rows, err);
    }
    for (size_t i = 0; rc == RC_OK && i < rows.n; i++) {
        bool told = !g->digest->director && rows.v[i].thing.ready_at == 0 &&
                    rows.v[i].visit.day == desk_today(g->desk);
        if (!told)
            add_thing(g, DIGEST_THINGS, &rows.v[i]);
    }
    if (rc == RC_OK)
        thing_rows_fini(&rows);
    return rc;
}

static enum rc add_documents(struct gathering *g, struct err *err)
{
    struct document_rows rows;
    int64_t id = g->digest->director ? 0 : g->colleague->id;
    enum rc rc = service_documents_left(g->desk, id, &rows, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < rows.n; i++) {
        struct digest_line *l = add_line(g, DIGEST_DOCUMENTS);
        id_format('D', rows.v[i].document.id, l->id);
        l->what = xstrdup(rows.v[i].document.name);
        l->client = copy(rows.v[i].client_name);
        l->manager = whose(g, rows.v[i].manager);
        l->red = true;
    }
    document_rows_fini(&rows);
    return RC_OK;
}

/* ---- the agency itself ---- */

static enum rc add_trip_of_nobody(struct gathering *g, int64_t id, struct err *err)
{
    struct occasion trip;
    struct client client;
    enum rc rc = store_occasion_get(g->desk->store, id, &trip, err);
    if (rc != RC_OK)
        return rc;
    rc = store_client_get(g->desk->store, trip.client_id, &client, err);
    if (rc == RC_OK) {
        struct digest_line *l = add_line(g, DIGEST_NOBODYS);
        id_format('T', id, l->id);
        l->what = xstrdup(str_or(trip.title, kind_words(KIND_TRIP)));
        l->client = copy(client.name);
        l->when = trip.when[ANCHOR_DEPARTURE];
        l->red = true;
        client_fini(&client);
    }
    occasion_fini(&trip);
    return rc;
}

/* Work about it stands in the list already. */
static bool is_named(const struct id_list *named, int64_t trip_id)
{
    for (size_t i = 0; i < named->n; i++) {
        if (named->v[i] == trip_id)
            return true;
    }
    return false;
}

/* What a director has to see to before anybody's call is late. */
static enum rc add_agency(struct gathering *g, struct err *err)
{
    struct nobodys nobodys;
    if (!g->digest->director)
        return RC_OK;
    g->digest->playbook = service_playbook_fault(g->desk);
    enum rc rc = service_nobodys(g->desk, &nobodys, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < nobodys.trips.n && rc == RC_OK; i++) {
        if (!is_named(&g->named, nobodys.trips.v[i]))
            rc = add_trip_of_nobody(g, nobodys.trips.v[i], err);
    }
    nobodys_fini(&nobodys);
    return rc;
}

/* ---- the whole ---- */

static enum rc add_tick(struct gathering *g, struct err *err)
{
    struct tick_mark mark;
    enum rc rc = service_tick_mark(g->desk, &mark, err);
    if (rc != RC_OK)
        return rc;
    if (mark.at != 0)
        g->digest->last_tick = zone_to_local(g->desk->zone, mark.at);
    g->digest->stale = mark.stale;
    for (size_t i = 0; i < 2; i++) {
        g->digest->down[i] = mark.down[i];
        mark.down[i] = NULL;
    }
    tick_mark_fini(&mark);
    return RC_OK;
}

enum rc service_digest_gather(const struct desk *desk, const struct staff *colleague,
                              struct digest *ret, struct err *err)
{
    struct digest digest = {.director = colleague->role == ROLE_DIRECTOR,
                            .now = zone_to_local(desk->zone, desk_now(desk)),
                            .last_tick = {CIVIL_NONE, MINUTE_NONE}};
    struct gathering g = {.desk = desk, .colleague = colleague, .digest = &digest};
    typedef enum rc part(struct gathering *, struct err *);
    static part *const parts[] = {add_today, add_red, add_things, add_documents, add_agency, add_tick};
    enum rc rc = RC_OK;
    for (size_t i = 0; i < sizeof parts / sizeof *parts && rc == RC_OK; i++)
        rc = parts[i](&g, err);
    id_list_fini(&g.named);
    if (rc == RC_OK)
        *ret = digest;
    else
        digest_fini(&digest);
    return rc;
}

static enum rc write_letter(const struct desk *desk, const struct digest_input *in,
                            struct rendered *ret, struct err *err)
{
    char token[33], boundary[48];
    const char *at = strrchr(desk->config->email.from, '@');
    dispatch_token(token);
    char *id = xasprintf("digest.%s@%s", token, at != NULL ? at + 1 : "pps.invalid");
    (void)snprintf(boundary, sizeof boundary, "=_pps_%.24s", token);
    const struct mail_identity identity = {
        .message_id = id,
        .boundary = boundary,
        .date = desk_now(desk),
        .utc_offset = zone_offset(desk->zone, desk_now(desk)),
    };
    enum rc rc = message_render_digest(in, &identity, ret, err);
    free(id);
    return rc == RC_IO ? RC_INVALID
                       : rc; /* a template that cannot be read is no fault of the disk's */
}

enum rc service_digest(const struct desk *desk, const struct staff *colleague, struct rendered *ret,
                       bool *ret_nothing, struct err *err)
{
    struct digest digest;
    enum rc rc = service_digest_gather(desk, colleague, &digest, err);
    if (rc != RC_OK)
        return rc;
    *ret_nothing = !digest.director && digest_is_empty(&digest);
    const struct digest_input in = {.config = desk->config,
                                    .colleague = colleague,
                                    .digest = &digest,
                                    .templates_dir = desk->templates_dir};
    if (!*ret_nothing)
        rc = write_letter(desk, &in, ret, err);
    digest_fini(&digest);
    return rc;
}

/* ---- who gets one, and what became of the last ---- */

void digest_readers_fini(struct digest_readers *readers)
{
    for (size_t i = 0; i < readers->n; i++) {
        staff_fini(&readers->v[i].staff);
        digest_fate_fini(&readers->v[i].last);
    }
    free(readers->v);
    *readers = (struct digest_readers){0};
}

static void take_fate(struct digest_reader *reader, struct digest_fates *fates)
{
    for (size_t i = 0; i < fates->n; i++) {
        if (fates->v[i].staff_id != reader->staff.id)
            continue;
        reader->any = true;
        reader->last = fates->v[i];
        fates->v[i].reply = NULL; /* theirs now */
    }
}

enum rc service_digest_readers(const struct desk *desk, struct digest_readers *ret, struct err *err)
{
    struct staff_list all;
    struct digest_fates fates;
    struct digest_readers readers = {0};
    enum rc rc = store_staff_list(desk->store, &all, err);
    if (rc != RC_OK)
        return rc;
    rc = store_digests_last(desk->store, &fates, err);
    for (size_t i = 0; rc == RC_OK && i < all.n; i++) {
        if (!all.v[i].active)
            continue;
        vec_reserve(&readers.v, readers.n, &readers.cap, sizeof *readers.v);
        struct digest_reader *reader = &readers.v[readers.n++];
        *reader = (struct digest_reader){.staff = all.v[i]};
        all.v[i] = (struct staff){0};
        reader->gets = !str_empty(reader->staff.email);
        take_fate(reader, &fates);
    }
    staff_list_fini(&all);
    if (rc == RC_OK) {
        digest_fates_fini(&fates);
        *ret = readers;
    }
    return rc;
}

civil_day digest_last_due(const struct desk *desk)
{
    const struct config *c = desk->config;
    struct civil now = zone_to_local(desk->zone, desk_now(desk));
    if (c->digest.at == MINUTE_NONE)
        return CIVIL_NONE;
    bool over = now.minute >= DIGEST_END_MINUTE;
    civil_day day = workcal_earlier(&c->calendar, over ? now.day : now.day - 1);
    return workcal_is_working(&c->calendar, day) ? day : CIVIL_NONE;
}
