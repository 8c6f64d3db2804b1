/* Lost sales: which reasons an agency counts, and who may not stand in a message about one. The client has said no to a
 * person; a letter from the same person, or one whose answer goes to them, is read as more of the same. Pure. Serves the
 * service that enters lost sales, the planner's circumstances, and the tick, which looks once more before it sends. */
#include <stdlib.h>
#include <string.h>

#include <pps/lost.h>
#include <pps/str.h>
#include <pps/utf8.h>

#include "lost_reasons.h"

/* ---- reasons ---- */

/* Letter case, and ё or е, make no other word. */
static bool same_words(const char *a, const char *b)
{
    if (str_empty(a) || str_empty(b))
        return false;
    char *x = utf8_fold(a), *y = utf8_fold(b);
    bool same = str_eq(x, y);
    free(x);
    free(y);
    return same;
}

const char *lost_reason_find(const struct config *config, const char *text)
{
    for (size_t i = 0; i < config->n_lost_reasons; i++) {
        if (same_words(config->lost_reasons[i], text))
            return config->lost_reasons[i];
    }
    return NULL;
}

const char *lost_reason_near(const struct config *config, const char *text)
{
    return str_nearest(text, (const char *const *)config->lost_reasons, config->n_lost_reasons);
}

char *lost_reason_list(const struct config *config)
{
    struct sb sb = {0};
    for (size_t i = 0; i < config->n_lost_reasons; i++)
        sb_addf(&sb, "%s%s", i ? ", " : "", config->lost_reasons[i]);
    return sb_take(&sb);
}

static void add_reason(struct config *c, size_t *cap, const char *text)
{
    vec_reserve(&c->lost_reasons, c->n_lost_reasons, cap, sizeof *c->lost_reasons);
    c->lost_reasons[c->n_lost_reasons++] = xstrdup(text);
}

/* One line that people can read in a table. */
static bool is_plain(const char *text)
{
    enum { REASON_MAX_CHARS = 60 };
    if (*text == ' ' || str_ends(text, " ") || utf8_length(text) > REASON_MAX_CHARS)
        return false;
    for (const char *p = text; *p != '\0';) {
        uint32_t cp = 0;
        p += utf8_decode(p, strlen(p), &cp);
        if (utf8_is_unsafe(cp) || cp == '\t' || cp == '\n')
            return false;
    }
    return *text != '\0';
}

enum rc lost_reasons_read(const struct json_doc *doc, const struct json *root, struct config *c,
                          struct err *err)
{
    enum { REASONS_MAX = 40 };
    const struct json *list = json_get(root, "lost_reasons");
    size_t cap = 0;
    if (list == NULL)
        return RC_OK;
    TRY(json_expect(doc, list, JSON_ARRAY, "lost_reasons", err));
    for (const struct json *v = json_first(list); v != NULL; v = json_next(v)) {
        TRY(json_expect(doc, v, JSON_STRING, "lost_reasons", err));
        const char *text = json_string(v);
        if (!is_plain(text))
            return json_fail(doc, v, RC_INVALID, err,
                             "a reason is one line of at most 60 characters, such as \"price\"");
        if (lost_reason_find(c, text) != NULL)
            return json_fail(doc, v, RC_INVALID, err, "this reason stands twice in the list");
        if (c->n_lost_reasons == REASONS_MAX)
            return json_fail(doc, v, RC_INVALID, err, "at most %d reasons", REASONS_MAX);
        add_reason(c, &cap, text);
    }
    if (c->n_lost_reasons == 0)
        return json_fail(
            doc, list, RC_INVALID, err,
            "\"lost_reasons\" needs a reason; without the key there is a list already");
    return RC_OK;
}

void lost_reasons_default(struct config *c)
{
    static const char *const ru[] = {
        "цена",        "отель",    "даты",  "направление", "другое агентство",
        "купили сами", "отложили", "молчат"};
    static const char *const bg[] = {"цена",       "хотел",         "дати",
                                     "дестинация", "друга агенция", "резервираха сами",
                                     "отложиха",   "мълчат"};
    static const char *const en[] = {"price",       "hotel",        "dates",
                                     "destination", "other agency", "booked elsewhere",
                                     "postponed",   "silent"};
    const char *const *list = str_eq(c->agency.lang, "ru")   ? ru
                              : str_eq(c->agency.lang, "bg") ? bg
                                                             : en;
    size_t cap = 0;
    if (c->n_lost_reasons > 0)
        return;
    for (size_t i = 0; i < COUNT(en); i++)
        add_reason(c, &cap, list[i]);
}

void lost_reasons_fini(struct config *c)
{
    for (size_t i = 0; i < c->n_lost_reasons; i++)
        free(c->lost_reasons[i]);
    free(c->lost_reasons);
}

/* ---- who may not stand in it ---- */

bool lost_same_person(const struct staff *a, const struct staff *b)
{
    return (a->id == b->id && a->id != 0) || same_words(a->email, b->email) ||
           same_words(a->name, b->name);
}

enum lost_fault lost_fault_of(const struct staff *loser, const struct staff *signer,
                              const struct config *config, enum channel channel)
{
    const char *answers = signer != NULL && !str_empty(signer->email) ? signer->email
                          : !str_empty(config->agency.email)          ? config->agency.email
                                                                      : config->email.from;
    bool email = channel == CHANNEL_EMAIL;
    bool same = signer != NULL && lost_same_person(signer, loser);
    bool by_address = same && signer->id != loser->id && !same_words(signer->name, loser->name);
    if (same && !(by_address && email))
        return LOST_SIGNED;
    if (email && same_words(config->email.from, loser->email))
        return LOST_FROM;
    return email && same_words(answers, loser->email) ? LOST_ANSWERED : LOST_FINE;
}

char *lost_fault_words(enum lost_fault fault, const struct staff *loser, const struct staff *signer)
{
    switch (fault) {
    case LOST_SIGNED:
        return xasprintf("%s, who failed to sell, would sign it: let somebody else have the role "
                         "(pps staff edit %s --role manager)",
                         loser->name, signer->login);
    case LOST_FROM:
        return xasprintf("it would be sent from the address of %s, who failed to sell: put another "
                         "one into email.from in pps.json",
                         loser->login);
    case LOST_ANSWERED:
        return xasprintf("answers would go to the address of %s, who failed to sell: give whoever "
                         "signs one of their own (pps staff edit LOGIN --email …)",
                         loser->login);
    default:
        return NULL;
    }
}
