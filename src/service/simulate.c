/* The simulation: a copy of the database is taken through the coming weeks by its own engine, half an hour at a time, and
 * what went out is counted. Nothing here decides what is sent; that is the point of it. Serves `pps simulate`. */
#include <stdlib.h>
#include <string.h>

#include <pps/digests.h>
#include <pps/dispatch.h>
#include <pps/file.h>
#include <pps/gateway.h>
#include <pps/sms.h>
#include <pps/str.h>

#include "heard.h"

#include <pps/simulate.h>

enum { MAX_DAYS = 400, STEP_MINUTES = 30 };

struct play {
    const struct simulation *s;
    struct config
        config; /* the agency's, but everything goes into files and nothing has to be paced */
    struct clock clock;
    struct desk desk; /* over the copy */
    struct dispatcher d;
    char *db, *lock, *sent;
    char *before; /* the messages of the days that are not asked for */
    struct simulated_day *today;
    int undecided; /* tasks due by now that no tick of a person closes */
};

/* ---- counting ---- */

static int parts_of(struct play *p, const struct action *a)
{
    struct frozen_message m;
    struct err ignored;
    if (store_message_get(p->desk.store, a->id, &m, &ignored) != RC_OK)
        return 0;
    int parts = (int)sms_measure(m.bytes).parts;
    frozen_message_fini(&m);
    return parts;
}

static void on_event(void *ctx, const struct tick_event *event)
{
    struct play *p = ctx;
    const struct action *a = event->action;
    switch (event->outcome) {
    case TICK_SENT:
        p->today->sent[a->channel]++;
        if (a->channel == CHANNEL_SMS)
            p->today->sms_parts += parts_of(p, a);
        break;
    case TICK_FELL_BACK:
        p->today->fell_back++;
        break;
    case TICK_MISSED:
        p->today->missed++;
        break;
    case TICK_HELD:
        p->today->held++;
        break;
    case TICK_FAILED:
        p->today->failed++;
        break;
    default:
        break;
    }
}

static void on_digest(void *ctx, enum tick_outcome outcome, const struct staff *colleague,
                      const char *reason)
{
    struct play *p = ctx;
    (void)colleague;
    (void)reason;
    p->today->digests += outcome == TICK_SENT;
}

static enum rc write_digest(void *ctx, const struct staff *colleague, struct rendered *ret,
                            bool *ret_nothing, struct err *err)
{
    return service_digest(&((struct play *)ctx)->desk, colleague, ret, ret_nothing, err);
}

static bool is_empty(const struct simulated_day *d)
{
    const struct simulated_day nothing = {.day = d->day};
    return memcmp(d, &nothing, sizeof nothing) == 0;
}

/* ---- the copy ---- */

static enum rc open_outbox(void *ctx, enum channel channel, struct gateway **ret, struct err *err)
{
    const struct play *p = ctx;
    bool counts = p->today->day >= p->s->from;
    return gateway_outbox_new(counts ? p->s->outbox : p->before, channel, ret, err);
}

static enum rc replan(void *ctx, struct err *err)
{
    return service_before_tick(&((struct play *)ctx)->desk, err);
}

/* Of what is in doubt nobody knows whether it goes again; it is left out. */
static enum rc drop_doubts(struct play *p, struct err *err)
{
    struct doubt_list doubts;
    const struct resolution drop = {.answer = ANSWER_DROP};
    enum rc rc = service_doubts(&p->desk, 0, &doubts, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < doubts.n && rc == RC_OK; i++) {
        char name[ID_TEXT_BYTES];
        const char *names[] = {name};
        struct actions done;
        id_format('A', doubts.v[i].file.action.id, name);
        rc = service_resolve(&p->desk, names, 1, &drop, &done, err);
        if (rc == RC_OK)
            actions_fini(&done);
    }
    doubt_list_fini(&doubts);
    return rc;
}

static enum rc open_copy(struct play *p, const struct desk *desk, struct err *err)
{
    int64_t bytes;
    p->db = file_join(p->s->work, "pps.db");
    p->lock = file_join(p->s->work, "pps.db.lock");
    p->sent = file_join(p->s->work, "pps.db.sent");
    p->before = file_join(p->s->work, "before");
    enum rc rc = store_backup(desk->store, p->db, &bytes, err);
    if (rc == RC_OK)
        rc = store_open(p->db, STORE_WRITE, &p->desk.store, err);
    if (rc != RC_OK)
        return rc;
    p->d = (struct dispatcher){
        .store = p->desk.store,
        .config = &p->config,
        .clock = &p->clock,
        .zone = desk->zone,
        .templates_dir = desk->templates_dir,
        .actor = desk->actor,
        .db_path = p->db,
        .lock_path = p->lock,
        .sent_path = p->sent,
        .accept_clock = true,
        .replan = replan,
        .replan_ctx = p,
        .open_gateway = open_outbox,
        .gateway_ctx = p,
        .write_digest = write_digest,
        .digest_ctx = p,
        .on_event = on_event,
        .on_digest = on_digest,
        .event_ctx = p,
    };
    /* The copy is the one in use, here. */
    rc = dispatch_adopt(&p->d, err);
    p->d.actor = NULL;
    return rc == RC_OK ? drop_doubts(p, err) : rc;
}

/* ---- people ---- */

/* As people hope for: reached, came. Who takes care of a complaint, by when, and what came of it nobody can guess: that is left,
 * and what waits for it goes on waiting. A tick before may have closed it. */
static enum rc do_one(struct play *p, const struct action *a, struct err *err)
{
    const struct tick_off as_hoped = {0};
    struct case_file f;
    struct action done;
    struct err decision;
    enum ticked ticked;
    char name[ID_TEXT_BYTES];
    id_format('A', a->id, name);
    enum rc rc = case_open(&p->desk, name, &f, err);
    if (rc != RC_OK)
        return rc;
    bool open = f.action.state == STATE_PENDING && f.action.due_at <= clock_now(&p->clock);
    bool decides = open && complaint_refuse_tick(&f, &decision) != RC_OK;
    case_fini(&f);
    p->undecided += decides;
    if (!open || decides)
        return RC_OK;
    p->today->sent[a->channel]++;
    rc = service_done(&p->desk, name, &as_hoped, &done, &ticked, err);
    if (rc == RC_OK)
        action_fini(&done);
    return rc;
}

static enum rc do_peoples_work(struct play *p, struct err *err)
{
    const struct agenda_query query = {.today = desk_today(&p->desk), .human_only = true};
    struct agenda agenda;
    enum rc rc = store_agenda(p->desk.store, &query, &agenda, err);
    if (rc != RC_OK)
        return rc;
    p->undecided = 0;
    for (size_t i = 0; i < agenda.n && rc == RC_OK; i++) {
        const struct action *a = &agenda.v[i].action;
        if (channel_is_human(a->channel) && a->state == STATE_PENDING &&
            a->due_at <= clock_now(&p->clock))
            rc = do_one(p, a, err);
    }
    agenda_fini(&agenda);
    return rc;
}

/* ---- time ---- */

/* Whether a tick would find anything at all: most half hours are empty. */
static enum rc is_anything_due(const struct play *p, bool *ret, struct err *err)
{
    typedef enum rc lister(struct store *, int64_t, size_t, struct id_list *, struct err *);
    static lister *const lists[] = {store_list_to_send, store_list_expired,
                                    store_list_to_fall_back};
    struct civil now = zone_to_local(p->desk.zone, clock_now(&p->clock));
    int16_t at = p->config.digest.at;
    *ret = at != MINUTE_NONE && now.minute >= at && now.minute < at + STEP_MINUTES;
    for (size_t i = 0; i < sizeof lists / sizeof *lists && !*ret; i++) {
        struct id_list ids;
        enum rc rc = lists[i](p->desk.store, clock_now(&p->clock), 1, &ids, err);
        if (rc != RC_OK)
            return rc;
        *ret = ids.n > 0;
        id_list_fini(&ids);
    }
    return RC_OK;
}

static enum rc play_moment(struct play *p, bool first, struct err *err)
{
    struct tick_summary summary;
    bool due = first;
    enum rc rc = p->s->nobody_calls ? RC_OK : do_peoples_work(p, err);
    if (rc == RC_OK && !due)
        rc = is_anything_due(p, &due, err);
    if (rc != RC_OK || !due)
        return rc;
    rc = dispatch_tick(&p->d, &summary, err);
    if (rc == RC_OK && summary.hold != HOLD_NONE)
        rc =
            err_set(err, RC_REJECTED, "the simulation cannot go on: %s", hold_reason(summary.hold));
    return rc;
}

static enum rc play_day(struct play *p, civil_day day, int64_t start, struct err *err)
{
    enum rc rc = RC_OK;
    bool first = true;
    for (int16_t minute = 0; minute < 24 * 60 && rc == RC_OK; minute += STEP_MINUTES) {
        int64_t at = zone_to_utc(p->desk.zone, (struct civil){day, minute});
        if (at < start)
            continue;
        if (p->s->stopping != NULL && p->s->stopping(p->s->ctx))
            return err_set(err, RC_BUSY, "the simulation was broken off");
        p->clock = clock_fixed(at);
        rc = play_moment(p, first, err);
        first = false;
    }
    return rc;
}

/* From today on, for what happens until `from` decides what is left for later. */
static enum rc play_all(struct play *p, int64_t start, struct simulated *ret, struct err *err)
{
    civil_day today = zone_to_local(p->desk.zone, start).day;
    enum rc rc = RC_OK;
    for (civil_day day = today; day <= p->s->to && rc == RC_OK; day++) {
        if (p->s->on_day != NULL)
            p->s->on_day(p->s->ctx, day);
        vec_reserve(&ret->v, ret->n, &ret->cap, sizeof *ret->v);
        p->today = &ret->v[ret->n];
        memset(p->today, 0, sizeof *p->today);
        p->today->day = day;
        rc = play_day(p, day, start, err);
        ret->n += day >= p->s->from && !is_empty(p->today);
    }
    ret->undecided = p->undecided;
    return rc;
}

/* The days before `from` are played, too, because they decide what is left for it: they count. */
enum rc service_simulate_check(const struct desk *desk, const struct simulation *s, struct err *err)
{
    int32_t days = s->to - desk_today(desk) + 1;
    if (s->to < s->from)
        return err_set(err, RC_INVALID, "the simulation would end before it begins");
    if (days > MAX_DAYS)
        return err_set(err, RC_INVALID, "%d days from today on are too many: %d at most", (int)days,
                       MAX_DAYS);
    return RC_OK;
}

enum rc service_simulate(const struct desk *desk, const struct simulation *s, struct simulated *ret,
                         struct err *err)
{
    struct simulated days = {0};
    enum rc rc = service_simulate_check(desk, s, err);
    if (rc != RC_OK)
        return rc;
    struct play p = {.s = s, .config = *desk->config, .clock = *desk->clock, .desk = *desk};
    p.config.email.gateway = MAIL_OUTBOX;
    p.config.sms.gateway = SMS_OUTBOX;
    p.config.email.limits.per_minute = 0;
    p.config.sms.limits.per_minute = 0;
    p.desk.config = &p.config;
    p.desk.clock = &p.clock;
    p.desk.store = NULL;
    p.desk.actor = "simulate"; /* all do their own work, whoever looks */
    rc = open_copy(&p, desk, err);
    if (rc == RC_OK)
        rc = play_all(&p, desk_now(desk), &days, err);
    store_close(p.desk.store);
    free(p.db);
    free(p.lock);
    free(p.sent);
    free(p.before);
    if (rc == RC_OK)
        *ret = days;
    else
        simulated_fini(&days);
    return rc;
}

void simulated_fini(struct simulated *simulated)
{
    free(simulated->v);
    *simulated = (struct simulated){0};
}
