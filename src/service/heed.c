/* What whoever makes a call must know of the client first. Only looks. Serves the agenda, and with it the lists of the
 * day, the reports and the lists of the morning; and the scripts. */
#include <pps/agenda.h>

static enum rc complaint_of(const struct desk *desk, int64_t client_id, int64_t but, struct heed *io,
                            struct err *err)
{
    struct occasion_list all;
    enum rc rc = store_occasions_of_client(desk->store, client_id, &all, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < all.n; i++) {
        const struct occasion *o = &all.v[i];
        bool open = o->kind == KIND_COMPLAINT && !o->ended && o->id != but &&
                    o->when[ANCHOR_RESOLVED].day == CIVIL_NONE;
        if (open && (io->complaint_id == 0 || o->id < io->complaint_id))
            io->complaint_id = o->id;
    }
    occasion_list_fini(&all);
    return RC_OK;
}

/* By none of the ways that there are to them, not even about their trip. */
static enum rc wants_none(const struct desk *desk, const struct client *c, bool *ret,
                          struct err *err)
{
    const char *const addresses[] = {c->email, c->phone_wrong ? NULL : c->phone};
    static const enum channel channels[] = {CHANNEL_EMAIL, CHANNEL_SMS};
    bool any = false, none = true;
    for (size_t i = 0; i < 2; i++) {
        enum given given;
        if (addresses[i] == NULL)
            continue;
        enum rc rc =
            store_consent_last(desk->store, channels[i], addresses[i], false, &given, err);
        if (rc != RC_OK)
            return rc;
        any = true;
        none = none && given == GIVEN_NO;
    }
    *ret = any && none;
    return RC_OK;
}

enum rc service_heed(const struct desk *desk, const struct client *client, int64_t occasion_id,
                     struct heed *ret, struct err *err)
{
    bool paused = client->paused_until != CIVIL_NONE && client->paused_until > desk_today(desk);
    struct heed heed = {.paused_until = paused ? client->paused_until : CIVIL_NONE};
    enum rc rc = complaint_of(desk, client->id, occasion_id, &heed, err);
    if (rc == RC_OK)
        rc = wants_none(desk, client, &heed.no_messages, err);
    if (rc == RC_OK)
        *ret = heed;
    return rc;
}

static enum rc heed_row(const struct desk *desk, struct agenda_row *row, struct err *err)
{
    struct client client;
    enum rc rc = store_client_get(desk->store, row->client_id, &client, err);
    if (rc != RC_OK)
        return rc;
    rc = service_heed(desk, &client, row->action.occasion_id, &row->heed, err);
    client_fini(&client);
    return rc;
}

enum rc service_agenda(const struct desk *desk, const struct agenda_query *query,
                       struct agenda *ret, struct err *err)
{
    struct agenda agenda;
    enum rc rc = store_agenda(desk->store, query, &agenda, err);
    for (size_t i = 0; rc == RC_OK && i < agenda.n; i++) {
        if (channel_is_human(agenda.v[i].action.channel))
            rc = heed_row(desk, &agenda.v[i], err);
        if (rc != RC_OK)
            agenda_fini(&agenda);
    }
    if (rc == RC_OK)
        *ret = agenda;
    return rc;
}
