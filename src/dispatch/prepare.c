/* An action -> its frozen message: gathers what the database says now, renders it once, and gives
 * it the identity that it keeps on every try. It writes nothing. */
#include <stdlib.h>
#include <string.h>

#include <pps/correction.h>
#include <pps/lost.h>
#include <pps/store_documents.h>
#include <pps/store_lost.h>
#include <pps/store_things.h>
#include <pps/str.h>

#include "internal.h"

struct material {
    struct occasion_file file;
    struct staff signer;
    struct known known;
    const char **merged;
    size_t n_merged;
    struct document_rows documents;
    struct message_file *files; /* theirs */
    bool marketing;
    unsigned states; /* ANCHOR_BITs of the dates whose days it states */
    char *token_key;
};

static void material_fini(struct material *m)
{
    occasion_file_fini(&m->file);
    staff_fini(&m->signer);
    known_fini(&m->known);
    free(m->merged);
    for (size_t i = 0; i < m->documents.n && m->files != NULL; i++)
        free((char *)(uintptr_t)m->files[i].bytes);
    free(m->files);
    document_rows_fini(&m->documents);
    free(m->token_key);
}

/* Who signs: by role, the trip's manager; nobody found means that the agency signs by its name. */
static enum rc load_signer(const struct dispatcher *d, const struct action *action,
                           struct material *m, struct err *err)
{
    const struct step *step = playbook_step(m->file.playbook, action->step);
    enum role role = step ? step->signed_by : ROLE_MANAGER;
    int64_t manager_id = m->file.occasion.manager_id;
    struct err why = {0};
    enum rc rc = RC_OK;
    if (role != ROLE_MANAGER)
        rc = store_staff_by_role(d->store, role, &m->signer, &why);
    else if (manager_id != 0)
        rc = store_staff_get(d->store, manager_id, &m->signer, &why);
    return rc == RC_OK || rc == RC_NOTFOUND ? RC_OK : err_set(err, rc, "%s", why.message);
}

/* Whether who lost this sale stands in the message; the line says so. */
static enum rc check_one(const struct dispatcher *d, const struct action *action,
                         struct material *m, int64_t lost_id, struct err *err)
{
    struct staff loser;
    enum rc rc = store_lost_by(d->store, lost_id, &loser, err);
    if (rc != RC_OK || loser.id == 0)
        return rc;
    const struct staff *signer = m->signer.id ? &m->signer : NULL;
    enum lost_fault fault = lost_fault_of(&loser, signer, d->config, action->channel);
    bool own = m->file.occasion.kind == KIND_LOST;
    if (fault != LOST_FINE && own) {
        char *why = lost_fault_words(fault, &loser, signer);
        rc = err_set(err, RC_INVALID, "%s", why);
        free(why);
    } else if (fault != LOST_FINE) {
        rc = err_set(err, RC_INVALID, "waits until L%lld is over: %s failed to sell to them",
                     (long long)lost_id, loser.name);
    }
    if (own && lost_same_person(&m->file.manager, &loser))
        staff_fini(&m->file.manager);
    staff_fini(&loser);
    return rc;
}

/* Other marketing waits for the end of a series that the same client gets. */
static enum rc check_others(const struct dispatcher *d, const struct action *action,
                            struct material *m, struct err *err)
{
    const struct step *step = playbook_step(m->file.playbook, action->step);
    struct id_list ids;
    if (step == NULL || step->class != CLASS_MARKETING)
        return RC_OK;
    int64_t since = clock_now(d->clock) - (int64_t)LOST_ANSWER_DAYS * 86400;
    enum rc rc = store_lost_lasting(d->store, m->file.client.id, since, &ids, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < ids.n && rc == RC_OK; i++)
        rc = check_one(d, action, m, ids.v[i], err);
    id_list_fini(&ids);
    return rc;
}

/* After a lost sale whoever failed to sell neither signs nor sends nor is answered to. The plan has seen to it; but people
 * change roles, and addresses change hands, so it is looked at once more when the bytes are made. They are not named in it
 * as the client's manager either. */
static enum rc check_loser(const struct dispatcher *d, const struct action *action,
                           struct material *m, enum cause *ret_cause, struct err *err)
{
    bool own = m->file.occasion.kind == KIND_LOST;
    enum rc rc = own ? check_one(d, action, m, action->occasion_id, err)
                     : check_others(d, action, m, err);
    if (rc == RC_INVALID)
        *ret_cause = own ? CAUSE_SIGNER : CAUSE_LOST_SALE;
    return rc;
}

/* What people attached for this letter, or for one that was merged into it. */
static enum rc load_documents(const struct dispatcher *d, const struct action *action,
                              struct material *m, struct err *err)
{
    struct document_rows all;
    if (action->channel != CHANNEL_EMAIL || action->id == 0)
        return RC_OK; /* to what is not planned nothing can be attached */
    enum rc rc = store_documents(d->store, action->occasion_id, 0, &all, err);
    if (rc != RC_OK)
        return rc;
    m->files = xcalloc(all.n, sizeof *m->files);
    for (size_t i = 0; i < all.n && rc == RC_OK; i++) {
        struct document_row *row = &all.v[i];
        char *bytes = NULL;
        size_t len = 0;
        if (row->bearer_id != action->id || row->document.dropped_at != 0 ||
            document_fate(row) == DOCUMENT_SENT)
            continue;
        rc = store_document_bytes(d->store, row->document.id, &bytes, &len, err);
        if (rc != RC_OK)
            break;
        vec_reserve(&m->documents.v, m->documents.n, &m->documents.cap, sizeof *m->documents.v);
        struct document_row *kept = &m->documents.v[m->documents.n];
        *kept = *row;
        *row = (struct document_row){0};
        m->files[m->documents.n++] = (struct message_file){
            .name = kept->document.name, .type = kept->document.type, .bytes = bytes, .len = len};
    }
    document_rows_fini(&all);
    return rc;
}

static enum rc load(const struct dispatcher *d, const struct action *action, struct material *m,
                    struct err *err)
{
    enum rc rc = store_occasion_file(d->store, action->occasion_id, &m->file, err);
    if (rc == RC_OK)
        rc = load_signer(d, action, m, err);
    if (rc == RC_OK)
        rc = store_known(d->store, m->file.client.id, &m->file.occasion, &m->known, err);
    if (rc == RC_OK)
        rc = load_documents(d, action, m, err);
    if (rc == RC_OK)
        rc = envelope_key(d, &m->token_key, err);
    if (rc != RC_OK)
        return rc;
    const struct step *step = playbook_step(m->file.playbook, action->step);
    m->marketing = step != NULL && step->class == CLASS_MARKETING;
    m->states = step != NULL && action->channel == CHANNEL_EMAIL ? step->letter_tells : 0;
    const struct actions *all = &m->file.actions;
    m->merged = xcalloc(all->n, sizeof *m->merged);
    for (size_t i = 0; i < all->n; i++) {
        const struct action *a = &all->v[i];
        if (a->cause == CAUSE_MERGED && str_eq(a->merged_into, action->step))
            m->merged[m->n_merged++] = a->step;
    }
    return RC_OK;
}

static enum rc render(const struct dispatcher *d, const struct action *action,
                      const struct material *m, struct frozen_message *msg, char **ret_preheader,
                      struct err *err)
{
    const struct zone *zone;
    enum rc rc = zone_of_client(d, &m->file.client, &zone, err);
    if (rc != RC_OK)
        return rc;
    struct message_input in = {
        .config = d->config,
        .client = &m->file.client,
        .occasion = &m->file.occasion,
        .manager = m->file.manager.id ? &m->file.manager : NULL,
        .signer = m->signer.id ? &m->signer : NULL,
        .known = &m->known,
        .moved = correction_moved(action->note),
        .step = action->step,
        .channel = action->channel,
        .merged = m->merged,
        .n_merged = m->n_merged,
        .marketing = m->marketing,
        .token_key = m->token_key,
        .today = zone_to_local(zone, msg->frozen_at).day,
        .minute = zone_to_local(zone, msg->frozen_at).minute,
        .templates_dir = d->templates_dir,
        .files = m->files,
        .n_files = m->documents.n,
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
    rc = action->channel == CHANNEL_EMAIL ? message_render_email(&in, &identity, &out, err)
                                          : message_render_sms(&in, &out, err);
    if (rc != RC_OK)
        return rc == RC_IO ? RC_INVALID
                           : rc; /* an unreadable template holds its own letters only */
    msg->recipient = out.recipient;
    msg->subject = out.subject;
    msg->bytes = out.bytes;
    msg->len = out.len;
    msg->told = m->states != 0 ? correction_days(&m->file.occasion, m->states) : NULL;
    *ret_preheader = out.preheader;
    for (size_t i = 0; i < m->documents.n; i++) {
        struct id_list *ids = &msg->documents;
        vec_reserve(&ids->v, ids->n, &ids->cap, sizeof *ids->v);
        ids->v[ids->n++] = m->documents.v[i].document.id;
    }
    return RC_OK;
}

/* For eyes that are not the client's. *ret_nobody: it has an address that leads nowhere, for there is none. */
static void fit_wish(const struct words_wish *wish, enum channel channel, struct material *m,
                     bool *ret_nobody)
{
    struct client *client = &m->file.client;
    bool email = channel == CHANNEL_EMAIL;
    char **address = email ? &client->email : &client->phone;
    free(m->token_key); /* what it says of itself leads back to no client */
    m->token_key = NULL;
    if (wish->lang != NULL) {
        free(client->lang);
        client->lang = xstrdup(wish->lang);
    }
    *ret_nobody = wish->to_nobody && (*address == NULL || (!email && client->phone_wrong));
    if (!*ret_nobody)
        return;
    free(*address);
    *address = xstrdup(email ? "nobody@pps.invalid" : "+0");
    client->phone_wrong = false;
}

/* wish NULL: for the client. */
static enum rc make(const struct dispatcher *d, const struct action *action,
                    const struct words_wish *wish, struct message_words *ret, enum cause *ret_cause,
                    struct err *err)
{
    struct material m = {0};
    bool nobody = false;
    char *preheader = NULL;
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
    *ret_cause = CAUSE_TEMPLATE;
    enum rc rc = load(d, action, &m, err);
    if (rc == RC_OK)
        rc = check_loser(d, action, &m, ret_cause, err);
    if (rc == RC_OK && wish != NULL)
        fit_wish(wish, action->channel, &m, &nobody);
    if (rc == RC_OK)
        rc = render(d, action, &m, &msg, &preheader, err);
    material_fini(&m);
    if (rc == RC_OK && nobody) {
        free(msg.recipient);
        msg.recipient = NULL;
    }
    if (rc != RC_OK)
        frozen_message_fini(&msg);
    else
        *ret = (struct message_words){.message = msg, .preheader = preheader};
    return rc;
}

enum rc prepare_message(const struct dispatcher *d, const struct action *action,
                        struct frozen_message *ret, enum cause *ret_cause, struct err *err)
{
    struct message_words words;
    enum rc rc = make(d, action, NULL, &words, ret_cause, err);
    if (rc == RC_OK) {
        free(words.preheader);
        *ret = words.message;
    }
    return rc;
}

enum rc dispatch_words(const struct dispatcher *d, const struct action *action,
                       const struct words_wish *wish, struct message_words *ret, struct err *err)
{
    enum cause ignored;
    return make(d, action, wish, ret, &ignored, err);
}

void message_words_fini(struct message_words *words)
{
    frozen_message_fini(&words->message);
    free(words->preheader);
    *words = (struct message_words){0};
}
