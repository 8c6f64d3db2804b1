/* An action -> its frozen message: gathers what the database says now, renders it once, and gives
 * it the identity that it keeps on every try. It writes nothing. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "internal.h"

struct material {
    struct trip trip;
    struct client client;
    struct staff manager, signer;
    struct playbook playbook;
    struct actions actions;
    const char **merged;
    size_t n_merged;
};

static void material_fini(struct material *m)
{
    trip_fini(&m->trip);
    client_fini(&m->client);
    staff_fini(&m->manager);
    staff_fini(&m->signer);
    playbook_fini(&m->playbook);
    actions_fini(&m->actions);
    free(m->merged);
}

static enum rc load_playbook(const struct dispatcher *d, int64_t version, struct playbook *ret,
                             struct err *err)
{
    char *body;
    enum rc rc = store_playbook_get(d->store, version, &body, err);
    if (rc != RC_OK)
        return rc;
    rc = playbook_parse(body, strlen(body), "the trip's playbook", ret, err);
    free(body);
    return rc;
}

/* Who signs: by role, the trip's manager; nobody found means that the agency signs by its name. */
static enum rc load_signer(const struct dispatcher *d, const struct action *action,
                           struct material *m, struct err *err)
{
    const struct step *step = playbook_step(&m->playbook, action->step);
    enum role role = step ? step->signed_by : ROLE_MANAGER;
    struct err ignored = {0};
    enum rc rc = role == ROLE_MANAGER
                     ? (m->trip.manager_id
                            ? store_staff_get(d->store, m->trip.manager_id, &m->signer, &ignored)
                            : RC_OK)
                     : store_staff_by_role(d->store, role, &m->signer, &ignored);
    return rc == RC_OK || rc == RC_NOTFOUND ? RC_OK : err_set(err, rc, "%s", ignored.message);
}

static enum rc load(const struct dispatcher *d, const struct action *action, struct material *m,
                    struct err *err)
{
    enum rc rc = store_trip_get(d->store, action->trip_id, &m->trip, err);
    if (rc == RC_OK)
        rc = store_client_get(d->store, m->trip.client_id, &m->client, err);
    if (rc == RC_OK && m->trip.manager_id != 0)
        rc = store_staff_get(d->store, m->trip.manager_id, &m->manager, err);
    if (rc == RC_OK)
        rc = load_playbook(d, m->trip.playbook_version, &m->playbook, err);
    if (rc == RC_OK)
        rc = load_signer(d, action, m, err);
    if (rc == RC_OK)
        rc = store_actions_of_trip(d->store, action->trip_id, &m->actions, err);
    if (rc != RC_OK)
        return rc;
    m->merged = xcalloc(m->actions.n, sizeof *m->merged);
    for (size_t i = 0; i < m->actions.n; i++) {
        const struct action *a = &m->actions.v[i];
        if (a->cause == CAUSE_MERGED && str_eq(a->merged_into, action->step))
            m->merged[m->n_merged++] = a->step;
    }
    return RC_OK;
}

static enum rc render(const struct dispatcher *d, const struct action *action,
                      const struct material *m, struct frozen_message *msg, struct err *err)
{
    const struct zone *zone = d->zone;
    if (m->client.tz != NULL) {
        enum rc rc = zone_find(m->client.tz, &zone, err);
        if (rc != RC_OK)
            return rc;
    }
    struct message_input in = {
        .config = d->config,
        .client = &m->client,
        .trip = &m->trip,
        .manager = m->manager.id ? &m->manager : NULL,
        .signer = m->signer.id ? &m->signer : NULL,
        .step = action->step,
        .channel = action->channel,
        .merged = m->merged,
        .n_merged = m->n_merged,
        .today = zone_to_local(zone, msg->frozen_at).day,
        .templates_dir = d->templates_dir,
    };
    char boundary[40] = "=_pps_";
    random_hex(boundary + strlen(boundary), 24);
    struct mail_identity identity = {
        .message_id = msg->message_id,
        .boundary = boundary,
        .date = msg->frozen_at,
        .utc_offset = zone_offset(d->zone, msg->frozen_at),
    };
    struct rendered out = {0};
    enum rc rc = action->channel == CHANNEL_EMAIL ? message_render_email(&in, &identity, &out, err)
                                                  : message_render_sms(&in, &out, err);
    if (rc != RC_OK)
        return rc;
    msg->recipient = out.recipient;
    msg->subject = out.subject;
    msg->bytes = out.bytes;
    msg->len = out.len;
    return RC_OK;
}

enum rc prepare_message(const struct dispatcher *d, const struct action *action,
                        struct frozen_message *ret, struct err *err)
{
    struct material m = {0};
    char token[33];
    random_hex(token, 32);
    const char *at = strrchr(d->config->email.from, '@');
    struct frozen_message msg = {
        .action_id = action->id,
        .channel = action->channel,
        .message_id =
            xasprintf("a%lld.%s@%s", (long long)action->id, token, at ? at + 1 : "pps.invalid"),
        .frozen_at = clock_now(d->clock),
    };
    random_hex(token, 32);
    msg.idem_key = xstrdup(token);
    enum rc rc = load(d, action, &m, err);
    if (rc == RC_OK)
        rc = render(d, action, &m, &msg, err);
    material_fini(&m);
    if (rc != RC_OK)
        frozen_message_fini(&msg);
    else
        *ret = msg;
    return rc;
}
