/* What people allow and forbid: a word belongs to an address or a number, whoever has it, and the last one counts. It is
 * recorded here, and the planner draws the consequence for everybody who has the address. Serves consent and unsubscribe. */
#include <stdlib.h>
#include <string.h>

#include <pps/contact.h>
#include <pps/str.h>
#include <pps/utf8.h>

#include "wishes.h"

/* ---- whose address is it? ---- */

static bool is_number(const struct desk *desk, const char *words, char ret[PHONE_BYTES])
{
    struct err ignored;
    const char *signs = "+0123456789 ()-.";
    return strspn(words, signs) == strlen(words) &&
           phone_parse(words, desk->config->agency.country, ret, &ignored) == RC_OK;
}

bool consent_is_address(const struct desk *desk, const char *word)
{
    char phone[PHONE_BYTES];
    return strchr(word, '@') != NULL || (strlen(word) >= 7 && is_number(desk, word, phone));
}

/* An id of another system may look like a phone number. */
static enum rc is_external_id(const struct desk *desk, const char *words, bool *ret,
                              struct err *err)
{
    struct client_list list;
    enum rc rc = store_client_by_external_id(desk->store, words, &list, err);
    if (rc != RC_OK)
        return rc;
    *ret = list.n > 0;
    client_list_fini(&list);
    return RC_OK;
}

static enum rc read_email(const char *words, char **ret, struct err *err)
{
    char *copy = str_trim(xstrdup(words));
    enum rc rc = field_email(copy, ret, err);
    free(copy);
    return rc;
}

/* A letter that came back is no word of the client's. */
static enum rc is_token(const struct desk *desk, const char *words, bool *ret, struct err *err)
{
    struct token_said said;
    enum rc rc = lookup_token(desk, words, &said, err);
    if (rc != RC_OK)
        return rc;
    *ret = said.there;
    if (said.returned)
        rc =
            err_set(err, RC_INVALID,
                    "this is of a letter that came back, A%lld to C%lld: its address may be wrong, "
                    "but that is no wish of theirs; name the client",
                    (long long)said.action.id, (long long)said.client_id);
    token_said_fini(&said);
    return rc;
}

static enum rc read_addressee(const struct desk *desk, const char *words, struct addressee *a,
                              struct err *err)
{
    char phone[PHONE_BYTES];
    bool external = false, token = false;
    int64_t id;
    enum rc rc = is_external_id(desk, words, &external, err);
    if (rc == RC_OK && !external)
        rc = is_token(desk, words, &token, err);
    if (rc != RC_OK)
        return rc;
    bool address = !external && !token;
    if (address && strchr(words, '@') != NULL)
        return read_email(words, &a->email, err);
    if (address && is_number(desk, words, phone)) {
        a->phone = xstrdup(phone);
        return RC_OK;
    }
    rc = lookup_client(desk, words, &id, err);
    if (rc == RC_OK)
        rc = store_client_get(desk->store, id, &a->client, err);
    a->email = xstrdup(a->client.email);
    a->phone = xstrdup(a->client.phone);
    return rc;
}

static enum rc find_holders(const struct desk *desk, struct addressee *a, struct err *err)
{
    struct client_list all;
    enum rc rc = store_client_by_contact(desk->store, a->phone, a->email, &all, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < all.n; i++) {
        if (all.v[i].id == a->client.id)
            continue;
        vec_reserve(&a->holders.v, a->holders.n, &a->holders.cap, sizeof *a->holders.v);
        a->holders.v[a->holders.n++] = all.v[i];
        all.v[i] = (struct client){0};
    }
    client_list_fini(&all);
    return RC_OK;
}

enum rc service_addressee(const struct desk *desk, const char *words, struct addressee *ret,
                          struct err *err)
{
    struct addressee a = {0};
    enum rc rc = read_addressee(desk, words, &a, err);
    if (rc == RC_OK && a.email == NULL && a.phone == NULL)
        rc = err_set(err, RC_INVALID, "say whose: a client, an e-mail address or a phone number");
    if (rc == RC_OK)
        rc = find_holders(desk, &a, err);
    if (rc == RC_OK)
        *ret = a;
    else
        addressee_fini(&a);
    return rc;
}

void addressee_fini(struct addressee *a)
{
    client_fini(&a->client);
    free(a->email);
    free(a->phone);
    client_list_fini(&a->holders);
    *a = (struct addressee){0};
}

/* ---- what a word changes ---- */

typedef enum rc each_client(const struct desk *desk, int64_t client_id, void *ctx, struct err *err);

/* What is done to each occasion before it is planned anew; NULL: nothing. */
struct anew {
    planning_step *step;
};

static enum rc for_holders(const struct desk *desk, const char *email, const char *phone,
                           each_client *fn, void *ctx, struct err *err)
{
    struct client_list list;
    enum rc rc = store_client_by_contact(desk->store, phone, email, &list, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < list.n && rc == RC_OK; i++)
        rc = fn(desk, list.v[i].id, ctx, err);
    client_list_fini(&list);
    return rc;
}

static enum rc plan_anew(const struct desk *desk, int64_t client_id, void *ctx, struct err *err)
{
    const struct anew *anew = ctx;
    return planning_of_client(desk, client_id, anew->step, NULL, err);
}

enum rc planning_of_holders(const struct desk *desk, const char *email, const char *phone,
                            planning_step *step, struct err *err)
{
    struct anew anew = {step};
    return for_holders(desk, email, phone, plan_anew, &anew, err);
}

struct gathering {
    struct id_list *all;
    enum action_state state;
    enum cause cause;
};

/* Adds the ids of a client's actions that are in this state for this cause. */
static enum rc gather(const struct desk *desk, int64_t client_id, void *ctx, struct err *err)
{
    const struct gathering *g = ctx;
    struct id_list ids;
    enum rc rc = store_list_kept_back(desk->store, client_id, g->state, g->cause, &ids, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < ids.n; i++) {
        vec_reserve(&g->all->v, g->all->n, &g->all->cap, sizeof *g->all->v);
        g->all->v[g->all->n++] = ids.v[i];
    }
    id_list_fini(&ids);
    return RC_OK;
}

static enum rc list_unwanted(const struct desk *desk, const struct addressee *a,
                             struct id_list *ret, struct err *err)
{
    struct gathering unwanted = {ret, STATE_SUPPRESSED, CAUSE_NO_CONSENT};
    return for_holders(desk, a->email, a->phone, gather, &unwanted, err);
}

/* What a tick has just handed over cannot be called back. */
static enum rc list_on_their_way(const struct desk *desk, const struct addressee *a,
                                 struct id_list *ret, struct err *err)
{
    struct gathering flying = {ret, STATE_AT_RISK, CAUSE_NONE};
    return for_holders(desk, a->email, a->phone, gather, &flying, err);
}

static bool has_id(const struct id_list *list, int64_t id)
{
    for (size_t i = 0; i < list->n; i++) {
        if (list->v[i] == id)
            return true;
    }
    return false;
}

static int count_new(const struct id_list *list, const struct id_list *than)
{
    int n = 0;
    for (size_t i = 0; i < list->n; i++)
        n += !has_id(than, list->v[i]);
    return n;
}

/* Of what was kept back, how much goes now: what came too late meanwhile does not. */
static enum rc count_back(const struct desk *desk, const struct id_list *before,
                          const struct id_list *after, int *ret, struct err *err)
{
    for (size_t i = 0; i < before->n; i++) {
        struct action a;
        if (has_id(after, before->v[i]))
            continue;
        enum rc rc = store_action_get(desk->store, before->v[i], &a, err);
        if (rc != RC_OK)
            return rc;
        *ret += a.state == STATE_PENDING || a.state == STATE_HELD;
        action_fini(&a);
    }
    return RC_OK;
}

/* ---- recording it ---- */

static enum rc pick_channels(const struct word *word, struct addressee *a, struct err *err)
{
    bool all = word->channel == NULL || str_eq(word->channel, "all");
    bool email = all || str_eq(word->channel, "email"), sms = all || str_eq(word->channel, "sms");
    if (!email && !sms)
        return err_set(err, RC_USAGE, "--channel: it is email, sms or all");
    if (!email) {
        free(a->email);
        a->email = NULL;
    }
    if (!sms) {
        free(a->phone);
        a->phone = NULL;
    }
    if (a->email != NULL || a->phone != NULL)
        return RC_OK;
    if (a->client.id == 0)
        return err_set(err, RC_INVALID, "--channel %s does not fit: that is %s", word->channel,
                       email ? "a phone number" : "an e-mail address");
    return err_set(err, RC_INVALID, "C%lld has no %s", (long long)a->client.id,
                   email ? "e-mail address" : "phone number");
}

/* Who said it: the client who was named, or the only one who has the address. */
static int64_t said_by(const struct addressee *a)
{
    return a->client.id != 0 ? a->client.id : a->holders.n == 1 ? a->holders.v[0].id : 0;
}

static enum rc add_word(const struct desk *desk, const struct word *word, const char *source,
                        enum channel channel, bool marketing, struct word_outcome *o,
                        struct err *err)
{
    const char *address = channel == CHANNEL_EMAIL ? o->addressee.email : o->addressee.phone;
    struct consent c = {
        .at = desk_now(desk),
        .channel = channel,
        .address = xstrdup(address),
        .marketing = marketing,
        .given = word->given ? GIVEN_YES : GIVEN_NO,
        .source = xstrdup(source),
        .actor = xstrdup(desk->actor),
        .client_id = said_by(&o->addressee),
    };
    enum rc rc = store_consent_add(desk->store, &c, &c.id, err);
    if (rc == RC_OK) {
        vec_reserve(&o->recorded.v, o->recorded.n, &o->recorded.cap, sizeof *o->recorded.v);
        o->recorded.v[o->recorded.n++] = c;
        c = (struct consent){0};
    }
    consent_fini(&c);
    return rc;
}

static enum rc add_words(const struct desk *desk, const struct word *word, const char *source,
                         struct word_outcome *o, struct err *err)
{
    static const enum channel channels[] = {CHANNEL_EMAIL, CHANNEL_SMS};
    enum rc rc = RC_OK;
    for (size_t i = 0; i < 2; i++) {
        bool there = i == 0 ? o->addressee.email != NULL : o->addressee.phone != NULL;
        if (rc == RC_OK && there && word->marketing)
            rc = add_word(desk, word, source, channels[i], true, o, err);
        if (rc == RC_OK && there && word->service)
            rc = add_word(desk, word, source, channels[i], false, o, err);
    }
    return rc;
}

/* No address stands in the log; the rows say which it was. */
static enum rc audit_word(const struct desk *desk, const struct word *word,
                          const struct word_outcome *o, struct err *err)
{
    bool email = o->addressee.email != NULL, sms = o->addressee.phone != NULL;
    char *words = xasprintf("%s to %s by %s", word->given ? "yes" : "no",
                            word->service && word->marketing ? "everything"
                            : word->service                  ? "service"
                                                             : "marketing",
                            email && sms ? "e-mail and SMS"
                            : email      ? "e-mail"
                                         : "SMS");
    struct json *detail = wish_detail(words);
    struct json *rows = json_add_array(detail, "rows");
    for (size_t i = 0; i < o->recorded.n; i++)
        json_add_int(rows, NULL, o->recorded.v[i].id);
    char *text = undo_detail_text(detail);
    enum rc rc = audit(desk, word->verb, said_by(&o->addressee), 0, 0, text, err);
    free(text);
    free(words);
    return rc;
}

static enum rc record(const struct desk *desk, const struct word *word, const char *source,
                      struct word_outcome *o, struct err *err)
{
    struct id_list before = {0}, after = {0};
    const struct addressee *a = &o->addressee;
    enum rc rc = list_unwanted(desk, a, &before, err);
    if (rc == RC_OK)
        rc = add_words(desk, word, source, o, err);
    if (rc == RC_OK)
        rc = audit_word(desk, word, o, err);
    if (rc == RC_OK)
        rc = planning_of_holders(desk, a->email, a->phone, NULL, err);
    if (rc == RC_OK)
        rc = list_unwanted(desk, a, &after, err);
    if (rc == RC_OK && !word->given)
        rc = list_on_their_way(desk, a, &o->on_their_way, err);
    if (rc == RC_OK)
        rc = count_back(desk, &before, &after, &o->back, err);
    o->stopped = count_new(&after, &before);
    id_list_fini(&before);
    id_list_fini(&after);
    return rc;
}

static enum rc word_of(const struct desk *desk, const char *who, const struct word *word,
                       const char *source, struct word_outcome *o, struct err *err)
{
    enum rc rc = service_addressee(desk, who, &o->addressee, err);
    if (rc == RC_OK)
        rc = pick_channels(word, &o->addressee, err);
    if (rc == RC_OK) { /* only those count who have what was picked */
        client_list_fini(&o->addressee.holders);
        rc = find_holders(desk, &o->addressee, err);
    }
    return rc == RC_OK ? record(desk, word, source, o, err) : rc;
}

enum rc service_word(const struct desk *desk, const char *who, const struct word *word,
                     struct word_outcome *ret, struct err *err)
{
    struct word_outcome o = {0};
    char *source = NULL;
    enum rc rc = field_text("source", word->source, WORDS_MAX_CHARS, &source, err);
    if (rc == RC_OK && (source == NULL || str_eq(source, TAKEN_BACK)))
        rc = err_set(
            err, RC_USAGE,
            "say where the word comes from: --source \"by phone\", or the form they signed");
    if (rc == RC_OK)
        rc = store_begin(desk->store, err);
    if (rc == RC_OK)
        rc = store_finish(desk->store, word_of(desk, who, word, source, &o, err), err);
    free(source);
    if (rc == RC_OK)
        *ret = o;
    else
        word_outcome_fini(&o);
    return rc;
}

void word_outcome_fini(struct word_outcome *o)
{
    addressee_fini(&o->addressee);
    consent_list_fini(&o->recorded);
    id_list_fini(&o->on_their_way);
    *o = (struct word_outcome){0};
}
