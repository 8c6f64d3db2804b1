/* A changed playbook and what is under way: every open occasion is given the playbook of today and planned anew, or only
 * looked at as if it were; what changed is counted, and noted so that undo can take it back. Serves pps plan. */
#include <stdlib.h>

#include <pps/replan.h>
#include <pps/store_time.h>
#include <pps/str.h>

#include "time.h"

enum {
    BATCH = 50,            /* occasions in one transaction */
    LONGEST_DAYS = 2 * 366 /* after its last date nothing is planned for an occasion any more */
};

/* ---- what changed ---- */

int64_t replan_total(const struct replan *r)
{
    int64_t n = 0;
    for (int i = 0; i < KIND_COUNT; i++)
        n += r->occasions[i];
    return n;
}

const char *replan_word(enum replan_kind kind)
{
    static const char *const words[] = {"new", "moved", "dropped"};
    return words[kind];
}

static bool is_open(const struct action *a)
{
    return a != NULL && (a->state == STATE_PENDING || a->state == STATE_CLAIMED ||
                         a->state == STATE_AT_RISK || a->state == STATE_HELD);
}

/* What is due stays due, whatever hour its row says. */
static bool is_moved(const struct action *a, const struct action *b, int64_t now)
{
    if (a->due_at <= now && b->due_at <= now)
        return a->channel != b->channel;
    return a->local_due.day != b->local_due.day || a->local_due.minute != b->local_due.minute ||
           a->channel != b->channel || a->fallback_at != b->fallback_at;
}

static struct replan_step *step_named(struct replan *r, const char *key, const char *title)
{
    for (size_t i = 0; i < r->n_steps; i++) {
        if (str_eq(r->steps[i].key, key))
            return &r->steps[i];
    }
    vec_reserve(&r->steps, r->n_steps, &r->cap_steps, sizeof *r->steps);
    struct replan_step *step = &r->steps[r->n_steps++];
    *step = (struct replan_step){.key = xstrdup(key), .title = xstrdup(title)};
    return step;
}

static const struct action *with_id(const struct actions *all, int64_t id)
{
    for (size_t i = 0; i < all->n; i++) {
        if (all->v[i].id == id)
            return &all->v[i];
    }
    return NULL;
}

static void add_change(struct replan *r, const struct occasion_file *file, enum replan_kind kind,
                       const struct replan_step *step, const struct action *before,
                       const struct action *after)
{
    static const struct civil never = {CIVIL_NONE, MINUTE_NONE};
    vec_reserve(&r->changes, r->n_changes, &r->cap_changes, sizeof *r->changes);
    r->changes[r->n_changes++] = (struct replan_change){
        .kind = kind,
        .occasion_id = file->occasion.id,
        .occasion_kind = file->occasion.kind,
        .client_name = xstrdup(file->client.name),
        .step = xstrdup(step->key),
        .title = xstrdup(step->title),
        .was_by = before != NULL ? before->channel : after->channel,
        .by = after->channel,
        .was = kind != REPLAN_MADE ? before->local_due : never,
        .is = kind != REPLAN_DROPPED ? after->local_due : never,
        .reason = xstrdup(after->reason),
    };
}

/* Where the counting writes to, for one occasion. */
struct counting {
    const struct desk *desk;
    const struct replan_order *order;
    struct replan *result;
    int64_t counts[3];
    struct json *detail;  /* of its line in the log */
    struct json *dropped; /* in it: what was dropped with its step, as it was */
};

static void compare_one(struct counting *c, const struct occasion_file *file,
                        const struct action *before, const struct action *after)
{
    const struct step *known = playbook_step(file->playbook, after->step);
    struct replan_step *step =
        step_named(c->result, after->step, known != NULL ? known->title : after->step);
    bool was = is_open(before), is = is_open(after), moved;
    moved = was && is && is_moved(before, after, desk_now(c->desk));
    bool today = after->local_due.day <= desk_today(c->desk);
    if (!was && !is)
        return;
    if (was && is && !moved) {
        step->same++;
        return;
    }
    enum replan_kind kind = !was ? REPLAN_MADE : moved ? REPLAN_MOVED : REPLAN_DROPPED;
    c->counts[kind]++;
    step->made += kind == REPLAN_MADE;
    step->made_today += kind == REPLAN_MADE && today;
    step->moved += kind == REPLAN_MOVED;
    step->moved_today += kind == REPLAN_MOVED && today;
    step->dropped += kind == REPLAN_DROPPED;
    if (c->order->each)
        add_change(c->result, file, kind, step, before, after);
}

/* So that undo can give it back. */
static void keep_dropped(struct counting *c, const struct action *before,
                         const struct action *after)
{
    bool dropped = after->state == STATE_CANCELLED && after->cause == CAUSE_NO_STEP;
    if (before == NULL || !dropped || before->state == STATE_CANCELLED)
        return;
    struct json *row = json_add_object(c->dropped, NULL);
    json_add_int(row, "id", before->id);
    json_add_string(row, "state", state_name(before->state));
    json_add_string(row, "cause", cause_name(before->cause));
    if (before->reason != NULL)
        json_add_string(row, "reason", before->reason);
}

static enum rc compare(struct counting *c, const struct occasion_file *file, struct err *err)
{
    struct actions after;
    enum rc rc = store_actions_of_occasion(c->desk->store, file->occasion.id, &after, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < after.n; i++) {
        const struct action *before = with_id(&file->actions, after.v[i].id);
        compare_one(c, file, before, &after.v[i]);
        keep_dropped(c, before, &after.v[i]);
    }
    actions_fini(&after);
    return RC_OK;
}

/* ---- the configuration ---- */

/* The value of consent.marketing by which everything open was planned. */
#define PLANNED_CONSENT "planned_consent"

static const char *consent_word(const struct desk *desk)
{
    return desk->config->marketing_needs_consent ? "opt_in" : "opt_out";
}

enum rc replan_note_consent(const struct desk *desk, bool only_first, struct err *err)
{
    char *was = NULL;
    enum rc rc = store_setting_get(desk->store, PLANNED_CONSENT, &was, err);
    bool stays = was != NULL && (only_first || str_eq(was, consent_word(desk)));
    free(was);
    return rc != RC_OK || stays
               ? rc
               : store_setting_set(desk->store, PLANNED_CONSENT, consent_word(desk), err);
}

enum rc service_plan_is_older(const struct desk *desk, bool *ret, struct err *err)
{
    char *was = NULL;
    enum rc rc = store_setting_get(desk->store, PLANNED_CONSENT, &was, err);
    *ret = was != NULL && !str_eq(was, consent_word(desk));
    free(was);
    return rc;
}

/* ---- one occasion ---- */

/* What would be left half planned is not begun. */
static enum rc may_be_planned(const struct desk *desk, const struct occasion_file *file,
                              struct err *err)
{
    const struct zone *zone;
    enum rc rc = client_zone(desk, &file->client, &zone, err);
    if (rc == RC_OK && file->occasion.departure_tz != NULL)
        rc = zone_find(file->occasion.departure_tz, &zone, err);
    return rc;
}

static void leave_out(struct replan *r, const struct occasion *o, const char *why)
{
    vec_reserve(&r->left, r->n_left, &r->cap_left, sizeof *r->left);
    r->left[r->n_left++] = (struct replan_left){o->id, o->kind, xstrdup(why)};
}

static enum rc note(struct counting *c, const struct occasion_file *file, int64_t was,
                    struct err *err)
{
    if (was == file->occasion.playbook_version &&
        c->counts[REPLAN_MADE] + c->counts[REPLAN_MOVED] + c->counts[REPLAN_DROPPED] == 0)
        return RC_OK; /* only looked at, because the configuration has changed */
    int64_t is = file->occasion.playbook_version;
    char *words =
        xasprintf("playbook %lld -> %lld: %lld new, %lld moved, %lld dropped", (long long)was,
                  (long long)is, (long long)c->counts[REPLAN_MADE],
                  (long long)c->counts[REPLAN_MOVED], (long long)c->counts[REPLAN_DROPPED]);
    json_add_int(c->detail, PLAN_WAS, was);
    json_add_int(c->detail, PLAN_IS, is);
    json_add_string(c->detail, "words", words);
    free(words);
    char *detail = json_print(c->detail, false);
    enum rc rc = audit(c->desk, "plan", file->client.id, file->occasion.id, 0, detail, err);
    free(detail);
    return rc;
}

static enum rc replan_file(struct counting *c, struct occasion_file *file, int64_t version,
                           struct err *err)
{
    int64_t was = file->occasion.playbook_version;
    struct err why = {0};
    enum rc rc = may_be_planned(c->desk, file, &why);
    if (rc_is_its_own(rc)) {
        leave_out(c->result, &file->occasion, why.message);
        return RC_OK;
    }
    if (rc != RC_OK)
        return err_set(err, rc, "%s", why.message);
    rc = replan_with(c->desk, file, version, err);
    if (rc == RC_OK)
        rc = compare(c, file, err);
    if (rc == RC_OK)
        rc = note(c, file, was, err);
    c->result->occasions[file->occasion.kind]++;
    return rc;
}

static enum rc replan_one(const struct desk *desk, const struct replan_order *order,
                          struct replan *result, int64_t occasion_id, int64_t version,
                          struct err *err)
{
    struct counting c = {.desk = desk, .order = order, .result = result};
    struct occasion_file file;
    enum rc rc = store_occasion_file(desk->store, occasion_id, &file, err);
    if (rc != RC_OK)
        return rc;
    c.detail = json_new_object();
    c.dropped = json_add_array(c.detail, PLAN_DROPPED_ROWS);
    rc = replan_file(&c, &file, version, err);
    json_free(c.detail);
    occasion_file_fini(&file);
    return rc;
}

/* ---- one client ---- */

enum rc replan_others(const struct desk *desk, int64_t client_id, size_t n_done, struct err *err)
{
    struct occasion_list all;
    size_t n = 0;
    enum rc rc = store_occasions_of_client(desk->store, client_id, &all, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < all.n; i++)
        n += !all.v[i].ended;
    occasion_list_fini(&all);
    return n > n_done ? planning_of_client(desk, client_id, NULL, NULL, err) : RC_OK;
}

/* Those of one client, from `from` on; *ret_next is the first of the next one. */
static enum rc replan_client(const struct desk *desk, const struct replan_order *order,
                             struct replan *result, const struct outdated_list *list, size_t from,
                             int64_t version, size_t *ret_next, struct err *err)
{
    size_t i = from, n_left = result->n_left;
    int64_t client_id = list->v[from].client_id;
    enum rc rc = RC_OK;
    for (; i < list->n && list->v[i].client_id == client_id && rc == RC_OK; i++)
        rc = replan_one(desk, order, result, list->v[i].occasion_id, version, err);
    *ret_next = i;
    if (rc == RC_OK && result->n_left == n_left)
        rc = replan_others(desk, client_id, i - from, err);
    return rc;
}

/* ---- all of them ---- */

/* A client is not divided: what they have had from one of their occasions counts for the others. */
static enum rc list_batch(const struct desk *desk, struct outdated_query *query,
                          struct outdated_list *ret, bool *ret_more, struct err *err)
{
    for (query->limit = BATCH;; query->limit *= 2) {
        enum rc rc = store_list_outdated(desk->store, query, ret, err);
        *ret_more = rc == RC_OK && ret->n == query->limit;
        if (!*ret_more)
            return rc;
        int64_t last = ret->v[ret->n - 1].client_id;
        while (ret->n > 0 && ret->v[ret->n - 1].client_id == last)
            ret->n--;
        if (ret->n > 0)
            return RC_OK;
        outdated_list_fini(ret);
    }
}

/* All that one command does is of one batch, in however many transactions: its number is kept once something is noted, so
 * that nobody else can have it. */
static enum rc keep_batch(struct desk *together, struct err *err)
{
    const struct audit_query of_it = {.after = together->batch - 1, .limit = 1};
    struct audit_list list;
    enum rc rc = store_audit_list(together->store, &of_it, &list, err);
    if (rc != RC_OK)
        return rc;
    if (list.n == 0)
        together->batch = 0;
    audit_list_fini(&list);
    return RC_OK;
}

/* One transaction; without `apply` it is taken back. */
static enum rc replan_batch(struct desk *desk, const struct replan_order *order,
                            struct replan *result, const char *playbook,
                            struct outdated_query *query, bool all, bool *ret_more, struct err *err)
{
    enum { NO_VERSION = -1 }; /* every occasion has another one */
    struct outdated_list list = {0};
    int64_t version;
    enum rc rc = store_begin(desk->store, err);
    if (rc != RC_OK)
        return rc;
    bool first = desk->batch == 0;
    if (first)
        rc = desk_for_several(desk, 2, desk, err);
    if (rc == RC_OK)
        rc = store_playbook_put(desk->store, playbook, desk_now(desk), &version, err);
    query->version = all ? NO_VERSION : version;
    if (rc == RC_OK)
        rc = list_batch(desk, query, &list, ret_more, err);
    for (size_t i = 0; i < list.n && rc == RC_OK;) {
        query->after_client = list.v[i].client_id;
        rc = replan_client(desk, order, result, &list, i, version, &i, err);
    }
    outdated_list_fini(&list);
    /* Only when nothing was left out is the plan as new as the configuration. */
    if (rc == RC_OK && !*ret_more && result->n_left == 0 && order->from == CIVIL_NONE)
        rc = replan_note_consent(desk, false, err);
    if (rc == RC_OK && first)
        rc = keep_batch(desk, err);
    if (rc == RC_OK && order->apply)
        return store_finish(desk->store, rc, err);
    store_rollback(desk->store);
    return rc;
}

/* The steps of the playbook stand in its order, whichever occasion comes first. */
static void list_steps(struct replan *r, const struct playbook *playbook)
{
    for (size_t i = 0; i < playbook->n_steps; i++)
        (void)step_named(r, playbook->steps[i].key, playbook->steps[i].title);
}

enum rc service_replan(const struct desk *desk, const struct replan_order *order,
                       struct replan *ret, struct err *err)
{
    struct replan r = {0};
    struct desk together = *desk;
    const struct playbook *playbook;
    char *text;
    bool more = false, all = false;
    civil_day today = desk_today(desk);
    struct outdated_query query = {.since = today > LONGEST_DAYS ? today - LONGEST_DAYS : CIVIL_MIN,
                                   .from = order->from};
    enum rc rc = service_plan_is_older(desk, &all, err);
    if (rc == RC_OK)
        rc = planning_read_current(desk, &playbook, &text, err);
    if (rc != RC_OK)
        return rc;
    list_steps(&r, playbook);
    do {
        rc = replan_batch(&together, order, &r, text, &query, all, &more, err);
        if (rc == RC_OK && order->progress != NULL)
            order->progress(order->ctx, replan_total(&r));
    } while (rc == RC_OK && more);
    free(text);
    if (rc == RC_OK)
        *ret = r;
    else
        replan_fini(&r);
    return rc;
}

void replan_fini(struct replan *r)
{
    for (size_t i = 0; i < r->n_steps; i++) {
        free(r->steps[i].key);
        free(r->steps[i].title);
    }
    for (size_t i = 0; i < r->n_changes; i++) {
        free(r->changes[i].client_name);
        free(r->changes[i].step);
        free(r->changes[i].title);
        free(r->changes[i].reason);
    }
    for (size_t i = 0; i < r->n_left; i++)
        free(r->left[i].why);
    free(r->steps);
    free(r->changes);
    free(r->left);
    *r = (struct replan){0};
}
