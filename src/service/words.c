/* Words for people: the script of a call, and why an action is in its state. */
#include <stdlib.h>
#include <string.h>

#include <pps/message.h>
#include <pps/steer.h>
#include <pps/store_things.h>
#include <pps/str.h>

#include "internal.h"

enum rc service_script(const struct desk *desk, const struct case_file *f, char **ret_text,
                       struct err *err)
{
    enum channel channel = f->action.channel;
    if (!channel_is_human(channel))
        return err_set(err, RC_REJECTED, "A%lld is %s and needs no script: it goes by itself",
                       (long long)f->action.id, channel == CHANNEL_EMAIL ? "an e-mail" : "an SMS");
    const struct zone *zone;
    struct details details = {0};
    struct known known = {0};
    enum rc rc = client_zone(desk, &f->client, &zone, err);
    if (rc == RC_OK)
        rc = store_details(desk->store, &f->occasion, &details, err);
    if (rc == RC_OK)
        rc = store_known(desk->store, f->client.id, &f->occasion, &known, err);
    if (rc != RC_OK)
        details_fini(&details);
    if (rc != RC_OK)
        return rc;
    struct message_input in = {
        .config = desk->config,
        .client = &f->client,
        .occasion = &f->occasion,
        .details = &details,
        .manager = f->manager.id ? &f->manager : NULL,
        .signer = f->manager.id ? &f->manager : NULL,
        .known = &known,
        .step = f->action.step,
        .channel = channel,
        .today = zone_to_local(zone, desk_now(desk)).day,
        .templates_dir = desk->templates_dir,
    };
    rc = message_render_script(&in, ret_text, err);
    details_fini(&details);
    known_fini(&known);
    return rc;
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
    char *state =
        action_explain(a, zone_to_local(zone, desk_now(desk)).day, f->occasion.manager_id != 0);
    civil_format(a->local_due, due);
    occasion_id_format(a->kind, a->occasion_id, id);
    sb_addf(&sb, "A%lld %s, %s: %s\n", (long long)a->id, f->step ? f->step->title : a->step, id,
            state);
    bool never = a->state == STATE_CANCELLED && a->cause != CAUSE_BY_PERSON;
    sb_addf(&sb, "%s %s (%s), by %s\n", never ? "was for:" : "due:    ", due, a->tz,
            channel_word(a->channel));
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
    if (a->state == STATE_PENDING && a->fallback_at != 0) {
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
    if (a->done_at != 0) {
        civil_format(zone_to_local(zone, a->done_at), at);
        sb_addf(&sb, "%s %s%s%s\n", a->state == STATE_SENT ? "sent:   " : "ticked: ", at,
                a->done_by ? " by " : "", str_or(a->done_by, ""));
    }
    free(state);
    *ret_text = sb_take(&sb);
    return RC_OK;
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
    const struct step *step = playbook_step(&file.playbook, slash + 1);
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
