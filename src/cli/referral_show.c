/* How referrals are shown: on the cards of both, and in lists. Serves referral and show_client. */
#include <stdlib.h>

#include <pps/str.h>
#include <pps/views.h>

#include "lost_show.h"

/* "скидка 5 %, still to be given", "album, given 12.01.2027", "the reward is not agreed yet". New string. */
static char *reward_words(struct app *app, const struct referral *r)
{
    char at[CIVIL_TEXT_BYTES];
    if (r->rewarded_at == 0)
        return r->reward ? xasprintf("%s, still to be given", r->reward)
                         : xstrdup("the reward is not agreed yet");
    civil_format_people(zone_to_local(app->zone, r->rewarded_at).day, at);
    return xasprintf("%s, given %s", str_or(r->reward, "a reward"), at);
}

char *referral_line(struct app *app, const struct referral_row *row)
{
    const struct referral *r = &row->referral;
    char *reward = reward_words(app, r);
    char *line = xasprintf("R%lld C%lld %s brought C%lld %s: %s", (long long)r->id,
                           (long long)r->by_client_id, row->by_name, (long long)r->new_client_id,
                           row->new_name, reward);
    free(reward);
    return line;
}

struct json *view_referral(struct app *app, struct json *parent, const char *key,
                           const struct referral_row *row)
{
    const struct referral *r = &row->referral;
    struct json *v = json_add_object(parent, key);
    view_id(v, "id", 'R', r->id);
    view_id(v, "by", 'C', r->by_client_id);
    json_add_string(v, "by_name", row->by_name);
    view_id(v, "client", 'C', r->new_client_id);
    json_add_string(v, "client_name", row->new_name);
    view_instant(v, "at", r->at, app->zone);
    json_add_string(v, "reward", r->reward);
    view_instant(v, "rewarded", r->rewarded_at, app->zone);
    json_add_string(v, "rewarded_by", r->rewarded_by);
    return v;
}

void show_referrals(struct app *app, int64_t client_id)
{
    struct referral_list list;
    struct err ignored;
    if (app->json || app->quiet ||
        store_referrals_of_client(app->store, client_id, &list, &ignored) != RC_OK)
        return;
    for (size_t i = 0; i < list.n; i++) {
        const struct referral *r = &list.v[i].referral;
        if (r->new_client_id == client_id)
            say(app, "  brought by C%lld %s (R%lld)\n", (long long)r->by_client_id,
                list.v[i].by_name, (long long)r->id);
    }
    for (size_t i = 0; i < list.n; i++) {
        const struct referral *r = &list.v[i].referral;
        if (r->by_client_id != client_id)
            continue;
        char *reward = reward_words(app, r);
        say(app, "  brought C%lld %s (R%lld): %s\n", (long long)r->new_client_id,
            list.v[i].new_name, (long long)r->id, reward);
        free(reward);
    }
    referral_list_fini(&list);
}

void referrals_document(struct app *app, struct json *root, int64_t client_id)
{
    struct referral_list list = {0};
    struct err ignored;
    if (store_referrals_of_client(app->store, client_id, &list, &ignored) != RC_OK)
        list = (struct referral_list){0};
    const struct referral_row *by = NULL;
    for (size_t i = 0; i < list.n; i++) {
        if (list.v[i].referral.new_client_id == client_id)
            by = &list.v[i];
    }
    if (by != NULL)
        (void)view_referral(app, root, "brought_by", by);
    else
        json_add_null(root, "brought_by");
    struct json *brought = json_add_array(root, "brought");
    for (size_t i = 0; i < list.n; i++) {
        if (list.v[i].referral.by_client_id == client_id)
            (void)view_referral(app, brought, NULL, &list.v[i]);
    }
    referral_list_fini(&list);
}
