/* Words for people: the script of a call, and why an action is in its state. */
#include <stdlib.h>
#include <string.h>

#include <pps/agenda.h>
#include <pps/lost.h>
#include <pps/message.h>
#include <pps/steer.h>
#include <pps/store_lost.h>
#include <pps/store_things.h>
#include <pps/store_wishes.h>
#include <pps/str.h>

#include "heard.h"
#include "internal.h"
#include "undo.h"

/* Who will say the words: whoever asks for them, when they are on the staff; else whoever has it in hand, id 0 for nobody.
 * Whoever failed to sell does not make the call after that. */
static enum rc speaker_of(const struct desk *desk, const struct case_file *f, struct staff *ret,
                          struct err *err)
{
    struct staff loser = {0};
    struct err none;
    *ret = (struct staff){0};
    if (desk->actor == NULL)
        return RC_OK;
    enum rc rc = store_staff_by_login(desk->store, desk->actor, ret, &none);
    if (rc == RC_NOTFOUND)
        return RC_OK;
    if (rc != RC_OK)
        return err_set(err, rc, "%s", none.message);
    if (f->occasion.kind == KIND_LOST)
        rc = store_lost_by(desk->store, f->occasion.id, &loser, err);
    if (rc != RC_OK || (loser.id != 0 && lost_same_person(ret, &loser))) {
        staff_fini(ret);
        *ret = (struct staff){0};
    }
    staff_fini(&loser);
    return rc;
}

enum rc service_script(const struct desk *desk, const struct case_file *f, char **ret_text,
                       struct err *err)
{
    enum channel channel = f->action.channel;
    if (!channel_is_human(channel))
        return err_set(err, RC_REJECTED, "A%lld is %s and needs no script: it goes by itself",
                       (long long)f->action.id, channel == CHANNEL_EMAIL ? "an e-mail" : "an SMS");
    const struct zone *zone;
    struct known known = {0};
    struct staff speaker = {0};
    char *also = NULL;
    enum rc rc = client_zone(desk, &f->client, &zone, err);
    if (rc == RC_OK)
        rc = store_known(desk->store, f->client.id, &f->occasion, &known, err);
    if (rc == RC_OK)
        rc = store_also_called(desk->store, f->action.id, &also, err);
    if (rc == RC_OK)
        rc = speaker_of(desk, f, &speaker, err);
    if (rc != RC_OK) {
        known_fini(&known);
        free(also);
        return rc;
    }
    struct message_input in = {
        .config = desk->config,
        .client = &f->client,
        .occasion = &f->occasion,
        .manager = f->manager.id ? &f->manager : NULL,
        .signer = speaker.id ? &speaker : f->manager.id ? &f->manager : NULL,
        .known = &known,
        .also = also,
        .step = f->action.step,
        .channel = channel,
        .today = zone_to_local(zone, desk_now(desk)).day,
        .minute = zone_to_local(zone, desk_now(desk)).minute,
        .templates_dir = desk->templates_dir,
    };
    rc = message_render_script(&in, ret_text, err);
    known_fini(&known);
    staff_fini(&speaker);
    free(also);
    return rc;
}

/* By what the scripts go. */
enum rc service_is_sad(const struct desk *desk, const struct case_file *f, bool *ret,
                       struct err *err)
{
    struct known known;
    enum rc rc = store_known(desk->store, f->client.id, &f->occasion, &known, err);
    if (rc != RC_OK)
        return rc;
    *ret = known.complaint_open || known.unhappy;
    known_fini(&known);
    return RC_OK;
}

static void add_moment(struct sb *sb, const struct moment *m)
{
    sb_addf(sb, "%s", anchor_name(m->anchor));
    if (m->days != 0)
        sb_addf(sb, " %+d d", m->days);
    if (m->minute != MINUTE_NONE)
        sb_addf(sb, " at %02d:%02d", m->minute / 60, m->minute % 60);
    else if (m->anchor == ANCHOR_PURCHASE && m->days == 0)
        sb_add(sb, ", at once");
    if (m->has_offset)
        sb_addf(sb, " (%+d min when its hour is known)", m->offset);
}

/* On what it depends: "; not if the client was not happy; once in 730 d". */
static void add_conditions(struct sb *sb, const struct step *step)
{
    for (int i = 0; i < FACT_COUNT; i++) {
        if ((step->only_if & FACT_BIT(i)) != 0)
            sb_addf(sb, "; only if %s", fact_words((enum fact)i));
        if ((step->unless & FACT_BIT(i)) != 0)
            sb_addf(sb, "; not if %s", fact_words((enum fact)i));
    }
    if (step->once_days > 0)
        sb_addf(sb, "; once in %d d", step->once_days);
    for (size_t i = 0; i < step->n_by_product; i++)
        sb_addf(sb, "; %s: %+d d", step->by_product[i].product, step->by_product[i].days);
    for (size_t i = 0; i < step->n_approve_products; i++)
        sb_addf(sb, "; %s: only when approved", step->approve_products[i]);
    if (step->approve)
        sb_add(sb, "; only when approved");
    if (step->again_if_moved)
        sb_add(sb, "; again when its date moves");
    if (step->departure_zone)
        sb_add(sb, "; by the clock of the place of departure");
}

/* The rule of the step in one line: "departure -1 d at 10:00, on a working day before it". */
static void add_rule(struct sb *sb, const struct step *step)
{
    sb_add(sb, "rule:    ");
    add_moment(sb, &step->at);
    if (step->not_before.set) {
        sb_add(sb, "; not before ");
        add_moment(sb, &step->not_before);
    }
    if (step->not_after.set) {
        sb_add(sb, "; not after ");
        add_moment(sb, &step->not_after);
    }
    if (step->working_day != SHIFT_NONE)
        sb_addf(sb, "; moved to a working day, %s",
                step->working_day == SHIFT_LATER ? "later" : "earlier");
    if (step->has_fallback) {
        sb_addf(sb, "; becomes an %s when not ticked by ",
                step->fallback_channel == CHANNEL_SMS ? "SMS" : "e-mail");
        add_moment(sb, &step->fallback_at);
    }
    add_conditions(sb, step);
    sb_addc(sb, '\n');
}

/* One call for several: "asked:   in A12 for Мария, T1"; or "also:    for Пётр, Павел". */
static enum rc add_one_call(const struct desk *desk, const struct action *a, struct sb *sb,
                            struct err *err)
{
    struct case_file call;
    char *also = NULL, about[ID_TEXT_BYTES];
    if (a->cause == CAUSE_ONE_CALL && a->merged_into != NULL) {
        enum rc rc = case_open(desk, a->merged_into, &call, err);
        if (rc != RC_OK)
            return rc;
        occasion_id_format(call.occasion.kind, call.occasion.id, about);
        sb_addf(sb, "asked:   %s, %s, %s: same number\n", a->merged_into, call.client.name, about);
        case_fini(&call);
    }
    enum rc rc = store_also_called(desk->store, a->id, &also, err);
    if (rc == RC_OK && also != NULL)
        sb_addf(sb, "also for: %s\n", also);
    free(also);
    return rc;
}

/* ---- who stepped in ---- */

/* What people do to an action that waits; whoever skips it stands in the row itself. */
static const struct {
    const char *verb, *label, *before_why;
} steps_in[] = {
    {"snooze", "snoozed:", ", to "}, {"hold", "held:   ", ": "},     {"release", "released:", ": "},
    {"send-now", "hurried:", ": "},  {"approve", "approved:", ": "},
};
enum { STEPS_IN = sizeof steps_in / sizeof *steps_in, LOOK_BACK = 200 };

static char *why_of(const struct audit_entry *e)
{
    struct json_doc *doc;
    const char *text = str_or(e->detail, "{}");
    if (json_parse(text, strlen(text), "audit", false, &doc, NULL) != RC_OK)
        return NULL;
    char *why = xstrdup(json_string(json_get(json_root(doc), "why")));
    json_doc_free(doc);
    return why;
}

static void add_step_in(const struct desk *desk, struct sb *sb, const struct audit_entry *e, int k)
{
    char at[CIVIL_TEXT_BYTES], *why = why_of(e);
    civil_format(zone_to_local(desk->zone, e->at), at);
    sb_addf(sb, "%s %s by %s%s%s\n", steps_in[k].label, at, e->actor,
            why != NULL ? steps_in[k].before_why : "", str_or(why, ""));
    free(why);
}

/* Who has put it off, held it, let it go, and when: of each the last that was not taken back, in the order of time. */
static enum rc add_people(const struct desk *desk, struct sb *sb, int64_t action_id,
                          struct err *err)
{
    struct audit_list list;
    struct audit_query query = {.action_id = action_id, .limit = LOOK_BACK};
    size_t newest[STEPS_IN];
    enum rc rc = store_audit_list(desk->store, &query, &list, err);
    if (rc != RC_OK)
        return rc;
    for (int k = 0; k < STEPS_IN; k++) {
        newest[k] = 0;
        while (newest[k] < list.n && !(str_eq(list.v[newest[k]].verb, steps_in[k].verb) &&
                                       !was_undone(&list, newest[k], list.v[newest[k]].id)))
            newest[k]++;
    }
    for (size_t i = list.n; i-- > 0;) {
        for (int k = 0; k < STEPS_IN; k++) {
            if (newest[k] == i)
                add_step_in(desk, sb, &list.v[i], k);
        }
    }
    audit_list_fini(&list);
    return RC_OK;
}

/* When it went or was ticked off, and who did that. */
static void add_end(struct sb *sb, const struct action *a, const struct zone *zone)
{
    char at[CIVIL_TEXT_BYTES];
    bool ticked = a->state == STATE_DONE || a->cause == CAUSE_ONE_CALL;
    const char *label = a->state == STATE_SENT ? "sent:   " : ticked ? "ticked: " : "skipped:";
    if (a->done_at == 0)
        return;
    civil_format(zone_to_local(zone, a->done_at), at);
    sb_addf(sb, "%s %s%s%s\n", label, at, a->done_by ? " by " : "", str_or(a->done_by, ""));
}

static enum rc why_action(const struct desk *desk, const struct case_file *f, char **ret_text,
                          struct err *err)
{
    const struct action *a = &f->action;
    const struct zone *zone; /* of what is done: ours for people's work */
    enum rc rc = zone_find(a->tz, &zone, NULL) == RC_OK ? RC_OK
                                                        : client_zone(desk, &f->client, &zone, err);
    if (rc != RC_OK)
        return rc;
    struct civil theirs = service_hour_at_client(desk, a, f->client.tz);
    struct sb sb = {0};
    char due[CIVIL_TEXT_BYTES], at[CIVIL_TEXT_BYTES], id[ID_TEXT_BYTES];
    const struct work_day day = work_day_of(desk, zone);
    char *state = complaint_overdue_words(f, zone_to_local(zone, desk_now(desk)).day);
    if (state == NULL)
        state = action_explain(a, &day, f->occasion.manager_id != 0);
    civil_format(a->local_due, due);
    occasion_id_format(a->kind, a->occasion_id, id);
    sb_addf(&sb, "A%lld %s, %s: %s\n", (long long)a->id, f->step ? f->step->title : a->step, id,
            state);
    bool never = a->state == STATE_CANCELLED && a->cause != CAUSE_BY_PERSON;
    sb_addf(&sb, "%s %s (%s), by %s\n", never ? "was for:" : "due:    ", due, a->tz,
            channel_word(a->channel));
    if (a->was_due_at != 0) {
        civil_format(zone_to_local(zone, a->was_due_at), at);
        sb_addf(&sb, "was due: %s, and was kept back then\n", at);
    }
    if (theirs.day != CIVIL_NONE) {
        civil_format(theirs, at);
        sb_addf(&sb, "there:   %s (%s)\n", at, str_or(f->client.tz, zone_name(desk->zone)));
    }
    if (f->step != NULL)
        add_rule(&sb, f->step);
    if (a->moved_to.day != CIVIL_NONE && a->state == STATE_PENDING) {
        civil_format(a->moved_to, at);
        sb_addf(&sb, "put off: %s\n", at);
    }
    if (a->state == STATE_PENDING && channel_is_human(a->channel) &&
        a->fallback_at > desk_now(desk)) {
        civil_format(zone_to_local(zone, a->fallback_at), at);
        sb_addf(&sb, "cut-off: %s, then by %s\n", at, channel_word(a->fallback_channel));
    }
    bool off = a->state == STATE_CANCELLED || a->state == STATE_SUPPRESSED;
    if (a->expires_at != 0 && !channel_is_human(a->channel) && !off) {
        civil_format(zone_to_local(zone, a->expires_at), at);
        sb_addf(&sb, "expires: %s\n", at);
    }
    if (a->state == STATE_PENDING && a->next_attempt_at > desk_now(desk) &&
        a->next_attempt_at > a->due_at) {
        civil_format(zone_to_local(zone, a->next_attempt_at), at);
        sb_addf(&sb, "next try: %s\n", at);
    }
    add_end(&sb, a, zone);
    free(state);
    rc = add_one_call(desk, a, &sb, err);
    if (rc == RC_OK)
        rc = add_people(desk, &sb, a->id, err);
    if (rc == RC_OK)
        *ret_text = sb_take(&sb);
    sb_fini(&sb);
    return rc;
}

/* A step of the trip's playbook that has no action: it waits for a date. */
static enum rc why_waiting(const struct desk *desk, const char *words, char **ret_text,
                           struct err *err)
{
    const char *slash = strchr(words, '/');
    char *trip_words = xstrndup(words, (size_t)(slash - words));
    int64_t occasion_id;
    struct occasion_file file;
    enum rc rc = lookup_occasion(desk, trip_words, &occasion_id, err);
    free(trip_words);
    if (rc == RC_OK)
        rc = store_occasion_file(desk->store, occasion_id, &file, err);
    if (rc != RC_OK)
        return rc;
    const struct step *step = playbook_step(file.playbook, slash + 1);
    char id[ID_TEXT_BYTES];
    occasion_id_format(file.occasion.kind, occasion_id, id);
    if (step == NULL || step->series != file.occasion.kind) {
        rc = err_set(err, RC_NOTFOUND, "%s has no step \"%.60s\": pps timeline %s lists them", id,
                     slash + 1, id);
    } else {
        struct sb sb = {0};
        sb_addf(&sb, "%s, %s: %s\n", step->title, id,
                service_was_refused(&file, step) ? "not asked again, the client has refused it"
                                                 : anchor_waits(step->at.anchor));
        add_rule(&sb, step);
        *ret_text = sb_take(&sb);
    }
    occasion_file_fini(&file);
    return rc;
}

enum rc service_why(const struct desk *desk, const char *words, char **ret_text, struct err *err)
{
    struct case_file f;
    struct err first = {0};
    enum rc rc = case_open(desk, words, &f, &first);
    if (rc == RC_NOTFOUND && strchr(words, '/') != NULL &&
        why_waiting(desk, words, ret_text, NULL) == RC_OK)
        return RC_OK;
    if (rc != RC_OK)
        return err_set(err, rc, "%s", first.message);
    rc = why_action(desk, &f, ret_text, err);
    case_fini(&f);
    return rc;
}
