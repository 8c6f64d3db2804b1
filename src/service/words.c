/* Words for people: the script of a call, and why an action is in its state. */
#include <stdlib.h>
#include <string.h>

#include <pps/message.h>
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
    enum rc rc = client_zone(desk, &f->client, &zone, err);
    if (rc != RC_OK)
        return rc;
    struct message_input in = {
        .config = desk->config,
        .client = &f->client,
        .trip = &f->trip,
        .manager = f->manager.id ? &f->manager : NULL,
        .signer = f->manager.id ? &f->manager : NULL,
        .step = f->action.step,
        .channel = channel,
        .today = zone_to_local(zone, desk_now(desk)).day,
        .templates_dir = desk->templates_dir,
    };
    return message_render_script(&in, ret_text, err);
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
    sb_addc(sb, '\n');
}

static enum rc why_action(const struct desk *desk, const struct case_file *f, char **ret_text,
                          struct err *err)
{
    const struct action *a = &f->action;
    const struct zone *zone;
    enum rc rc = client_zone(desk, &f->client, &zone, err);
    if (rc != RC_OK)
        return rc;
    struct sb sb = {0};
    char due[CIVIL_TEXT_BYTES], at[CIVIL_TEXT_BYTES];
    char *state =
        action_explain(a, zone_to_local(zone, desk_now(desk)).day, f->trip.manager_id != 0);
    civil_format(a->local_due, due);
    sb_addf(&sb, "A%lld %s, T%lld: %s\n", (long long)a->id, f->step ? f->step->title : a->step,
            (long long)a->trip_id, state);
    bool never = a->state == STATE_CANCELLED && a->cause != CAUSE_BY_PERSON;
    sb_addf(&sb, "%s %s (%s), by %s\n", never ? "was for:" : "due:    ", due, a->tz,
            channel_word(a->channel));
    if (f->step != NULL)
        add_rule(&sb, f->step);
    if (a->state == STATE_PENDING && a->fallback_at != 0) {
        civil_format(zone_to_local(zone, a->fallback_at), at);
        sb_addf(&sb, "cut-off: %s, then by %s\n", at, channel_word(a->fallback_channel));
    }
    if (a->expires_at != 0 && !channel_is_human(a->channel)) {
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
    int64_t trip_id;
    struct trip_file file;
    enum rc rc = lookup_trip(desk, trip_words, &trip_id, err);
    free(trip_words);
    if (rc == RC_OK)
        rc = store_trip_file(desk->store, trip_id, &file, err);
    if (rc != RC_OK)
        return rc;
    const struct step *step = playbook_step(&file.playbook, slash + 1);
    if (step == NULL) {
        rc = err_set(err, RC_NOTFOUND,
                     "trip T%lld has no step \"%.60s\": pps timeline T%lld lists them",
                     (long long)trip_id, slash + 1, (long long)trip_id);
    } else {
        struct sb sb = {0};
        sb_addf(&sb, "%s, T%lld: waits until the date of the %s is agreed\n", step->title,
                (long long)trip_id, anchor_name(step->at.anchor));
        add_rule(&sb, step);
        *ret_text = sb_take(&sb);
    }
    trip_file_fini(&file);
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
