/* What the planner has to know of a client and an occasion, gathered from the database: what was done already, what they
 * have had, what they told us and what they want. Decides nothing. Serves planning.c. */
#include <stdlib.h>
#include <string.h>

#include <pps/known.h>
#include <pps/lost.h>
#include <pps/store_lost.h>
#include <pps/contact.h>
#include <pps/str.h>

#include "around.h"
#include "heard.h"
#include "time.h"

static bool is_over(const struct actions *all, const struct action *a);

/* The last row of a step: what is done again has several. */
static const struct action *last_of(const struct actions *all, const char *step)
{
    const struct action *last = NULL;
    for (size_t i = 0; i < all->n; i++) {
        const struct action *a = &all->v[i];
        if (str_eq(a->step, step) && (last == NULL || a->occurrence > last->occurrence))
            last = a;
    }
    return last;
}

static bool is_over(const struct actions *all, const struct action *a)
{
    switch (a->state) {
    case STATE_CLAIMED: /* a repeat: the first is with the client, perhaps */
        return a->cause == CAUSE_NO_VERDICT || a->cause == CAUSE_RESTORED;
    case STATE_PENDING:
    case STATE_HELD:
    case STATE_MISSED:
    case STATE_SUPPRESSED:
        return false;
    case STATE_CANCELLED:
        if (a->cause == CAUSE_BY_PERSON || a->cause == CAUSE_SHARED)
            return true;
        if (a->cause == CAUSE_ONE_CALL) /* the call that stood for it was made */
            return a->done_at != 0;
        if (a->cause == CAUSE_MERGED && a->merged_into != NULL) {
            /* Its words have gone out with the other message. */
            const struct action *into = last_of(all, a->merged_into);
            return into != NULL && is_over(all, into) && into->state != STATE_CANCELLED;
        }
        return false;
    default:
        return true;
    }
}

/* When it was due, if its time has passed unsent: also when no tick has said so yet. 0: it was not missed. */
static int64_t missed_due(const struct desk *desk, const struct action *a)
{
    bool expired = a->state == STATE_PENDING && !channel_is_human(a->channel) &&
                   a->expires_at != 0 && a->expires_at <= desk_now(desk);
    return a->state == STATE_MISSED || expired ? a->due_at : 0;
}

/* A day that somebody chose holds as long as the dates from which it was chosen do; an hour agreed with the client holds
 * anyway, as long as it comes before the cut-off. */
static struct civil moved_to(const struct occasion_file *file, const struct action *a)
{
    const struct step *step = playbook_step(file->playbook, a->step);
    struct civil then = a->anchor_at;
    bool agreed = a->state == STATE_PENDING && a->cause == CAUSE_CALL_BACK;
    if (step == NULL || then.day == CIVIL_NONE || agreed)
        return a->moved_to;
    struct civil now = file->occasion.when[step->at.anchor];
    bool same = now.day == then.day && now.minute == then.minute;
    return same ? a->moved_to : (struct civil){CIVIL_NONE, MINUTE_NONE};
}

/* The change was taken back: what they were told before it is right again. */
static bool is_told_before(const struct occasion_file *file, const struct step *step)
{
    struct civil now = file->occasion.when[ANCHOR_MOVED];
    if (file->occasion.kind != KIND_COMPLAINT || step->at.anchor != ANCHOR_MOVED)
        return false;
    for (size_t i = 0; i < file->actions.n; i++) {
        const struct action *a = &file->actions.v[i];
        if (str_eq(a->step, step->key) && is_over(&file->actions, a) &&
            a->anchor_at.day == now.day && a->anchor_at.minute == now.minute)
            return true;
    }
    return false;
}

/* They said no to a call: it is over, or its message goes instead. */
static bool has_refused(const struct action *a)
{
    bool said = a->state == STATE_DONE || a->state == STATE_SENT || a->cause == CAUSE_DECLINED;
    return said && str_eq(a->outcome, "refused");
}

static unsigned facts_of_calls(const struct actions *all)
{
    for (size_t i = 0; i < all->n; i++) {
        if (has_refused(&all->v[i]))
            return FACT_BIT(FACT_REFUSED);
    }
    return 0;
}

/* They were called early about a date that is not the one of now: that call is over, and its message is not to go. */
static bool was_called_for_another(const struct occasion_file *file, const struct action *a)
{
    const struct step *step = playbook_step(file->playbook, a->step);
    if (a->state != STATE_PENDING || a->cause != CAUSE_CALLED_EARLY || step == NULL)
        return false;
    struct civil now = file->occasion.when[step->at.anchor], then = a->anchor_at;
    return now.day != then.day || now.minute != then.minute;
}

/* One entry for each step that has a row. */
static void gather_past(const struct desk *desk, const struct occasion_file *file,
                        struct circumstances *c)
{
    const struct actions *all = &file->actions;
    c->past = xcalloc(all->n, sizeof *c->past);
    for (size_t i = 0; i < all->n; i++) {
        const struct action *a = &all->v[i];
        const struct step *step = playbook_step(file->playbook, a->step);
        if (last_of(all, a->step) != a)
            continue;
        c->past[c->n_past++] = (struct plan_past){.step = a->step,
                                                  .occurrence = a->occurrence,
                                                  .over = is_over(all, a) || was_called_for_another(file, a),
                                                  .anchor_at = a->anchor_at,
                                                  .moved_to = moved_to(file, a),
                                                  .approved = a->approved_at != 0,
                                                  .held = a->held_at != 0,
                                                  .missed_due = missed_due(desk, a),
                                                  .refused = has_refused(a),
                                                  .known = step != NULL && a->occurrence > 0 &&
                                                           (correction_is_known(file, step) ||
                                                            is_told_before(file, step))};
    }
}

/* ---- facts ---- */

static unsigned facts_of_trips(const struct occasion *here, const struct occasion_list *all)
{
    int before = trips_before(all->v, all->n, here), others = 0;
    unsigned facts = before == 0 ? FACT_BIT(FACT_FIRST_TRIP) : 0;
    for (size_t i = 0; i < all->n; i++) {
        const struct occasion *o = &all->v[i];
        if (o->ended || o->id == here->id)
            continue;
        if (o->kind == KIND_COMPLAINT && o->when[ANCHOR_RESOLVED].day == CIVIL_NONE)
            facts |= FACT_BIT(FACT_COMPLAINT);
        others += o->kind == KIND_TRIP;
    }
    return others > before ? facts | FACT_BIT(FACT_BOUGHT_AGAIN) : facts;
}

/* When they are on another trip. */
static void gather_away(const struct occasion *here, const struct occasion_list *all,
                        struct circumstances *c)
{
    c->away = xcalloc(all->n + 1, sizeof *c->away);
    c->in.n_away = plan_away(here, all->v, all->n, c->away);
}

/* A trip has the last answer about it; what is planned because of an answer goes by that one. */
static enum rc facts_of_feedback(const struct desk *desk, const struct occasion *o, unsigned *io,
                                 struct err *err)
{
    struct feedback f;
    enum rc rc = store_feedback_about(desk->store, o, &f, err);
    if (rc != RC_OK)
        return rc == RC_NOTFOUND ? RC_OK : rc;
    *io |= FACT_BIT(FACT_RATED);
    if (feedback_is_unhappy(&f))
        *io |= FACT_BIT(FACT_UNHAPPY);
    if (feedback_is_promoter(&f))
        *io |= FACT_BIT(FACT_PROMOTER);
    feedback_fini(&f);
    return RC_OK;
}

static enum rc gather_facts(const struct desk *desk, const struct occasion_file *file,
                            struct around *around, struct circumstances *c, struct err *err)
{
    struct plan_input *in = &c->in;
    in->facts = facts_of_trips(&file->occasion, &around->all);
    gather_away(&file->occasion, &around->all, c);
    enum rc rc = complaints_settled(desk, &file->occasion, around, in, err);
    if (rc != RC_OK)
        return rc;
    if (file->occasion.when[ANCHOR_RESOLVED].day != CIVIL_NONE)
        in->facts |= FACT_BIT(FACT_SOLVED);
    if (correction_is_owed(desk, file))
        in->facts |= FACT_BIT(FACT_REMINDED);
    in->facts |= facts_of_work(file) | facts_of_calls(&file->actions);
    rc = facts_of_feedback(desk, &file->occasion, &in->facts, err);
    if (rc == RC_OK)
        facts_of_later_feedback(&file->occasion, around, &in->facts);
    facts_of_asking(file, in->has_phone, &in->facts);
    return rc;
}

/* What they have had about other occasions, or will have about older ones. */
static void gather_had(const struct occasion *here, const struct around *around,
                       struct circumstances *c)
{
    c->had = xcalloc(around->had.n, sizeof *c->had);
    for (size_t i = 0; i < around->had.n; i++) {
        const struct plan_had *had = &around->had.v[i];
        if (had->ahead ? had->occasion_id < here->id : had->occasion_id != here->id)
            c->had[c->n_had++] = *had;
    }
}

/* ---- what they want ---- */

static enum rc gather_consent(const struct desk *desk, const struct client *client,
                              struct plan_input *in, struct err *err)
{
    const struct {
        enum channel channel;
        const char *address;
    } ways[] = {{CHANNEL_EMAIL, client->email}, {CHANNEL_SMS, client->phone}};
    for (size_t i = 0; i < 2; i++) {
        for (int marketing = 0; marketing < 2 && ways[i].address != NULL; marketing++) {
            enum given given;
            enum rc rc = store_consent_last(desk->store, ways[i].channel, ways[i].address,
                                            marketing, &given, err);
            if (rc != RC_OK)
                return rc;
            bool ask_first = marketing && desk->config->marketing_needs_consent;
            if (given == GIVEN_NO || (given == GIVEN_NOT_SAID && ask_first))
                in->denied[marketing ? CLASS_MARKETING : CLASS_SERVICE] |= 1u << ways[i].channel;
            if (given == GIVEN_NOT_SAID && ask_first)
                in->unasked |= 1u << ways[i].channel;
        }
    }
    return RC_OK;
}

/* ---- who may sign ---- */

static enum rc loser_is_in(const struct desk *desk, int64_t lost_id, const struct staff *signer,
                           bool *ret, struct err *err)
{
    struct staff loser;
    enum rc rc = store_lost_by(desk->store, lost_id, &loser, err);
    if (rc != RC_OK)
        return rc;
    *ret = loser.id != 0 &&
           lost_fault_of(&loser, signer, desk->config, CHANNEL_EMAIL) != LOST_FINE;
    staff_fini(&loser);
    return RC_OK;
}

/* About a lost sale, its own; about anything else, the first of the client's that is not over. *ret_id 0: they may. */
static enum rc lost_against(const struct desk *desk, const struct occasion *o,
                            const struct id_list *lasting, const struct staff *signer,
                            int64_t *ret_id, struct err *err)
{
    bool refused = false;
    *ret_id = 0;
    enum rc rc = RC_OK;
    if (o->kind == KIND_LOST) {
        rc = loser_is_in(desk, o->id, signer, &refused, err);
        *ret_id = refused ? o->id : 0;
        return rc;
    }
    for (size_t i = 0; i < lasting->n && rc == RC_OK && *ret_id == 0; i++) {
        rc = loser_is_in(desk, lasting->v[i], signer, &refused, err);
        *ret_id = refused ? lasting->v[i] : 0;
    }
    return rc;
}

enum rc may_not_sign(const struct desk *desk, const struct occasion *o, const struct staff *signer,
                     bool *ret, struct err *err)
{
    struct id_list lasting;
    int64_t id;
    enum rc rc = around_lasting(desk, o->client_id, &lasting, err);
    if (rc != RC_OK)
        return rc;
    rc = lost_against(desk, o, &lasting, signer, &id, err);
    id_list_fini(&lasting);
    *ret = rc == RC_OK && id != 0;
    return rc;
}

enum rc signer_of(const struct desk *desk, const struct occasion *o, enum role role,
                  struct staff *ret, struct err *err)
{
    struct err none;
    enum rc rc = RC_NOTFOUND;
    *ret = (struct staff){0};
    if (role != ROLE_MANAGER)
        rc = store_staff_by_role(desk->store, role, ret, &none);
    else if (o->manager_id != 0)
        rc = store_staff_get(desk->store, o->manager_id, ret, &none);
    return rc == RC_OK || rc == RC_NOTFOUND ? RC_OK : err_set(err, rc, "%s", none.message);
}

/* A role that nobody has is the agency's: it signs by its name, and answers go to its address. What is about a lost sale is
 * not sent by who lost it, whenever; other marketing waits until that is over. */
static enum rc gather_signers(const struct desk *desk, const struct occasion *o,
                              const struct id_list *lasting, struct plan_input *in, struct err *err)
{
    bool lost = o->kind == KIND_LOST;
    for (int role = lost ? ROLE_DIRECTOR : ROLE_MANAGER; role < ROLE_COUNT; role++) {
        struct staff staff;
        int64_t id = 0;
        enum rc rc = signer_of(desk, o, (enum role)role, &staff, err);
        if (rc == RC_OK)
            rc = lost_against(desk, o, lasting, staff.id ? &staff : NULL, &id, err);
        staff_fini(&staff);
        if (rc != RC_OK)
            return rc;
        if (id == 0)
            continue;
        *(lost ? &in->refused_signers : &in->waiting_signers) |= 1u << role;
        in->lost_id = id;
    }
    return RC_OK;
}

/* ---- all of it ---- */

enum rc circumstances_of(const struct desk *desk, const struct occasion_file *file,
                         struct around *around, struct circumstances *ret, struct err *err)
{
    struct circumstances c = {0};
    const struct client *client = &file->client;
    const struct occasion *o = &file->occasion;
    struct plan_input *in = &c.in;
    *in = (struct plan_input){
        .playbook = file->playbook,
        .kind = o->kind,
        .agency_zone = desk->zone,
        .calling = desk->config->calls.hours,
        .ringing = desk->config->sms.hours,
        .calendar = &desk->config->calendar,
        .agency_today = desk_today(desk),
        .has_phone = client->phone != NULL && !client->phone_wrong,
        .no_sms = client->phone != NULL && !phone_takes_sms(client->phone),
        .phone_wrong = client->phone_wrong,
        .has_email = client->email != NULL,
        .paused_until = client->paused_until,
        .product = o->product,
        .greeting = o->kind == KIND_GREETING ? o->title : NULL,
        .now = desk_now(desk),
    };
    memcpy(in->when, o->when, sizeof in->when);
    enum rc rc = client_zone(desk, client, &in->zone, err);
    if (rc == RC_OK && o->departure_tz != NULL)
        rc = zone_find(o->departure_tz, &in->departure_zone, err);
    if (rc == RC_OK)
        rc = gather_facts(desk, file, around, &c, err);
    if (rc == RC_OK)
        rc = gather_consent(desk, client, in, err);
    if (rc == RC_OK)
        rc = gather_signers(desk, o, &around->lasting, in, err);
    if (rc != RC_OK) {
        circumstances_fini(&c);
        return rc;
    }
    gather_past(desk, file, &c);
    gather_had(o, around, &c);
    *ret = c;
    ret->in.away = ret->away;
    ret->in.past = ret->past;
    ret->in.n_past = ret->n_past;
    ret->in.had = ret->had;
    ret->in.n_had = ret->n_had;
    return RC_OK;
}

void circumstances_fini(struct circumstances *c)
{
    free(c->past);
    free(c->away);
    free(c->had);
    *c = (struct circumstances){0};
}
