/* Who brought whom: recorded by hand or with the sale, and the reward that is owed until it was given. */
#include <stdlib.h>

#include <pps/str.h>

#include "referral.h"

/* "C9 was brought by C5 already (R3)", when they were. */
static enum rc refuse_double(const struct desk *desk, int64_t by_id, int64_t new_id,
                             struct err *err)
{
    struct referral_list list;
    enum rc rc = store_referrals_of_client(desk->store, new_id, &list, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < list.n && rc == RC_OK; i++) {
        const struct referral *r = &list.v[i].referral;
        if (r->new_client_id == new_id)
            rc = err_set(err, RC_REJECTED,
                         "C%lld was brought by C%lld %s already: pps undo R%lld takes that back",
                         (long long)new_id, (long long)r->by_client_id, list.v[i].by_name,
                         (long long)r->id);
        else if (r->new_client_id == by_id)
            rc = err_set(err, RC_REJECTED,
                         "C%lld brought C%lld (R%lld): they cannot have brought each other",
                         (long long)new_id, (long long)by_id, (long long)r->id);
    }
    referral_list_fini(&list);
    return rc;
}

/* "R5"; "R5: a note"; "R5 reward: a discount" when it had not been agreed before. Undo reads it. */
static char *entry_detail(const struct referral *r, const char *note)
{
    return xasprintf("R%lld%s%s%s", (long long)r->id, note && r->reward == NULL ? " reward" : "",
                     note ? ": " : "", str_or(note, ""));
}

enum rc referral_record(const struct desk *desk, int64_t by_id, int64_t new_id, const char *reward,
                        int64_t *ret_id, struct err *err)
{
    struct referral r = {.by_client_id = by_id, .new_client_id = new_id, .at = desk_now(desk)};
    if (by_id == new_id)
        return err_set(err, RC_REJECTED, "nobody brings themselves: C%lld is both",
                       (long long)by_id);
    enum rc rc = require_known(desk, by_id, err); /* the log has it with the other */
    if (rc == RC_OK)
        rc = refuse_double(desk, by_id, new_id, err);
    if (rc == RC_OK)
        rc = field_text("reward", reward, WORDS_MAX_CHARS, &r.reward, err);
    if (rc == RC_OK)
        rc = store_referral_add(desk->store, &r, ret_id, err);
    if (rc == RC_OK) {
        r.id = *ret_id;
        char *detail = entry_detail(&r, NULL);
        rc = audit(desk, "referral-add", new_id, 0, 0, detail, err);
        free(detail);
    }
    referral_fini(&r);
    return rc;
}

static enum rc refer(const struct desk *desk, const char *by, const char *new_client,
                     const char *reward, struct referral_row *ret, struct err *err)
{
    int64_t by_id, new_id, id;
    enum rc rc = lookup_client(desk, by, &by_id, err);
    if (rc == RC_OK)
        rc = lookup_client(desk, new_client, &new_id, err);
    if (rc == RC_OK)
        rc = referral_record(desk, by_id, new_id, reward, &id, err);
    return rc == RC_OK ? store_referral_get(desk->store, id, ret, err) : rc;
}

enum rc service_refer(const struct desk *desk, const char *by, const char *new_client,
                      const char *reward, struct referral_row *ret, struct err *err)
{
    struct referral_row row = {0};
    enum rc rc = store_begin(desk->store, err);
    if (rc == RC_OK)
        rc = store_finish(desk->store, refer(desk, by, new_client, reward, &row, err), err);
    if (rc == RC_OK)
        *ret = row;
    else
        referral_row_fini(&row);
    return rc;
}

/* ---- the reward ---- */

enum rc lookup_referral(const struct desk *desk, const char *words, int64_t *ret_id,
                        struct err *err)
{
    struct referral_row row;
    struct referral_list list;
    int64_t client_id;
    if (id_parse_exact(words, 'R', ret_id)) {
        enum rc rc = store_referral_get(desk->store, *ret_id, &row, err);
        if (rc == RC_OK)
            referral_row_fini(&row);
        return rc;
    }
    enum rc rc = lookup_client(desk, words, &client_id, err);
    if (rc == RC_OK)
        rc = store_referrals_of_client(desk->store, client_id, &list, err);
    if (rc != RC_OK)
        return rc;
    *ret_id = 0;
    for (size_t i = 0; i < list.n; i++) {
        if (list.v[i].referral.new_client_id == client_id)
            *ret_id = list.v[i].referral.id;
    }
    referral_list_fini(&list);
    return *ret_id != 0
               ? RC_OK
               : err_set(err, RC_NOTFOUND,
                         "nobody is known to have brought C%lld: pps referral add BY C%lld",
                         (long long)client_id, (long long)client_id);
}

static enum rc refuse_given(const struct desk *desk, const struct referral *r, struct err *err)
{
    char at[CIVIL_TEXT_BYTES];
    if (r->rewarded_at == 0)
        return RC_OK;
    civil_format_people(zone_to_local(desk->zone, r->rewarded_at).day, at);
    return err_set(err, RC_REJECTED, "the reward of R%lld was given on %s by %s (pps undo R%lld)",
                   (long long)r->id, at, str_or(r->rewarded_by, "somebody"), (long long)r->id);
}

static enum rc reward(const struct desk *desk, int64_t id, const char *words,
                      struct referral_row *ret, struct err *err)
{
    char *note = NULL;
    enum rc rc = store_referral_get(desk->store, id, ret, err);
    if (rc != RC_OK)
        return rc;
    struct referral *r = &ret->referral;
    rc = refuse_given(desk, r, err);
    if (rc == RC_OK)
        rc = field_text("note", words, WORDS_MAX_CHARS, &note, err);
    char *detail = entry_detail(r, note);
    r->rewarded_at = desk_now(desk);
    free(r->rewarded_by);
    r->rewarded_by = xstrdup(desk->actor);
    if (r->reward == NULL)
        r->reward = xstrdup(note);
    if (rc == RC_OK)
        rc = store_referral_update(desk->store, r, err);
    if (rc == RC_OK)
        rc = audit(desk, "referral-reward", r->by_client_id, 0, 0, detail, err);
    free(detail);
    free(note);
    return rc;
}

enum rc service_reward(const struct desk *desk, int64_t id, const char *note,
                       struct referral_row *ret, struct err *err)
{
    struct referral_row row = {0};
    enum rc rc = store_begin(desk->store, err);
    if (rc == RC_OK)
        rc = store_finish(desk->store, reward(desk, id, note, &row, err), err);
    if (rc == RC_OK)
        *ret = row;
    else
        referral_row_fini(&row);
    return rc;
}
