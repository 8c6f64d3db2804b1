/* Taking back that somebody brought somebody, or that the reward was given, by what the audit log remembers of it. Only the
 * last change can be: whoever means an older one hears so. Serves undo.c. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "referral.h"
#include "undo.h"

static bool takes(const char *verb)
{
    return str_starts(verb, "referral-");
}

static int64_t referral_of_entry(const struct audit_entry *entry)
{
    const char *text = str_or(entry->detail, "");
    return takes(entry->verb) && *text == 'R' ? strtoll(text + 1, NULL, 10) : 0;
}

/* Whether the reward was agreed only when it was given. */
static bool set_reward(const struct audit_entry *entry)
{
    char id[ID_TEXT_BYTES];
    id_format('R', referral_of_entry(entry), id);
    return str_starts(str_or(entry->detail, ""), id) &&
           str_starts(entry->detail + strlen(id), " reward: ");
}

/* It was added under the one who came, and rewarded under the one who brought them. */
static enum rc last_change(const struct desk *desk, int64_t id, struct audit_entry *ret,
                           struct err *err)
{
    struct referral_row row;
    enum rc rc = store_referral_get(desk->store, id, &row, err);
    if (rc != RC_OK)
        return rc;
    const struct referral *r = &row.referral;
    const struct audit_query query = {
        .client_id = r->rewarded_at ? r->by_client_id : r->new_client_id, .limit = UNDO_LOOK_BACK};
    rc = undo_find_about(desk, &query, referral_of_entry, id, ret, err);
    referral_row_fini(&row);
    return rc;
}

static enum rc take_back(const struct desk *desk, const struct audit_entry *entry,
                         struct referral *r, struct err *err)
{
    if (str_eq(entry->verb, "referral-add"))
        return store_referral_drop(desk->store, r->id, desk_now(desk), err);
    r->rewarded_at = 0;
    free(r->rewarded_by);
    r->rewarded_by = NULL;
    if (set_reward(entry)) {
        free(r->reward);
        r->reward = NULL;
    }
    return store_referral_update(desk->store, r, err);
}

static enum rc undo_entry(const struct desk *desk, const struct audit_entry *entry, char **ret_what,
                          struct err *err)
{
    struct referral_row row;
    bool added = str_eq(entry->verb, "referral-add");
    enum rc rc = store_referral_get(desk->store, referral_of_entry(entry), &row, err);
    if (rc != RC_OK)
        return rc;
    struct referral *r = &row.referral;
    if (added && r->rewarded_at != 0)
        rc = err_set(err, RC_REJECTED,
                     "R%lld was rewarded since then: pps undo R%lld takes that back first",
                     (long long)r->id, (long long)r->id);
    else if (!added && r->rewarded_at == 0)
        rc = err_set(err, RC_REJECTED, "the reward of R%lld is not given", (long long)r->id);
    if (rc == RC_OK)
        rc = take_back(desk, entry, r, err);
    if (rc == RC_OK)
        *ret_what = added ? xasprintf("R%lld is taken back: C%lld %s was not brought by C%lld %s",
                                      (long long)r->id, (long long)r->new_client_id, row.new_name,
                                      (long long)r->by_client_id, row.by_name)
                          : xasprintf("R%lld: C%lld %s is still to get the reward",
                                      (long long)r->id, (long long)r->by_client_id, row.by_name);
    referral_row_fini(&row);
    return rc;
}

static bool same(const struct audit_entry *entry, const struct audit_entry *later)
{
    return takes(later->verb) && referral_of_entry(later) == referral_of_entry(entry);
}

static char *name(const struct audit_entry *entry)
{
    return xasprintf("R%lld", (long long)referral_of_entry(entry));
}

static enum rc find(const struct desk *desk, const char *word, bool *ret_mine,
                    struct audit_entry *ret, struct err *err)
{
    int64_t id;
    *ret_mine = id_parse_exact(word, 'R', &id);
    return *ret_mine ? last_change(desk, id, ret, err) : RC_OK;
}

const struct undoer undo_of_referrals = {
    .takes = takes, .undo = undo_entry, .name = name, .find = find, .same = same};
