/* How people's words about being written to are shown: what was recorded and what it stops; all that was ever said about an
 * address; and what counts now. Serves consent, unsubscribe, and the card of a client. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pps/contact.h>
#include <pps/str.h>
#include <pps/views.h>

#include "wishes.h"

/* ---- an address ---- */

/* "e-mail maria@example.com", "SMS +7 903 123-45-67". New string. */
static char *address_words(enum channel channel, const char *address)
{
    char phone[32];
    if (channel == CHANNEL_EMAIL)
        return xasprintf("e-mail %s", address);
    phone_format(address, phone);
    return xasprintf("SMS %s", phone);
}

/* The one or two addresses in a row, with a word between. New string. */
static char *addresses(const struct addressee *a, const char *between)
{
    char *mail = a->email ? address_words(CHANNEL_EMAIL, a->email) : xstrdup("");
    char *sms = a->phone ? address_words(CHANNEL_SMS, a->phone) : xstrdup("");
    char *both = xasprintf("%s%s%s", mail, a->email && a->phone ? between : "", sms);
    free(mail);
    free(sms);
    return both;
}

static const char *given_word(enum given given)
{
    return given == GIVEN_YES ? "yes" : given == GIVEN_NO ? "no" : "taken back";
}

static void add_given(struct json *o, enum given given)
{
    if (given == GIVEN_NOT_SAID)
        json_add_null(o, "given");
    else
        json_add_bool(o, "given", given == GIVEN_YES);
}

static void view_words(struct app *app, struct json *root, const char *key,
                       const struct consent_list *list)
{
    struct json *rows = json_add_array(root, key);
    for (size_t i = 0; i < list->n; i++) {
        const struct consent *c = &list->v[i];
        struct json *o = json_add_object(rows, NULL);
        view_instant(o, "at", c->at, app->zone);
        json_add_string(o, "channel", channel_name(c->channel));
        json_add_string(o, "address", c->address);
        json_add_string(o, "purpose", c->marketing ? "marketing" : "service");
        add_given(o, c->given);
        json_add_string(o, "source", c->source);
        json_add_string(o, "actor", c->actor);
        view_id(o, "client", 'C', c->client_id);
    }
}

static void view_addressee(struct app *app, struct json *root, const struct addressee *a)
{
    if (a->client.id != 0)
        view_client(root, "client", &a->client, app->zone);
    else
        json_add_null(root, "client");
    struct json *others = json_add_array(root, "others");
    for (size_t i = 0; i < a->holders.n; i++) {
        char id[ID_TEXT_BYTES];
        id_format('C', a->holders.v[i].id, id);
        json_add_string(others, NULL, id);
    }
}

/* ---- what a word has changed ---- */

static void say_who(struct app *app, const struct addressee *a)
{
    if (a->client.id != 0)
        say(app, "C%lld %s\n", (long long)a->client.id, a->client.name);
}

static void say_recorded(struct app *app, const struct word *word, const struct word_outcome *o)
{
    char *where = addresses(&o->addressee, " and ");
    const char *source = o->recorded.n > 0 ? o->recorded.v[0].source : "";
    const char *what = word->service && word->marketing ? "everything"
                       : word->service                  ? "what is about their trips"
                                                        : "marketing";
    say(app, "recorded: %s to %s by %s (%s)\n", word->given ? "yes" : "no", what, where, source);
    free(where);
}

const char *message_count(int n, char buf[COUNT_WORDS_BYTES])
{
    if (n == 0)
        (void)snprintf(buf, COUNT_WORDS_BYTES, "no messages");
    else
        (void)snprintf(buf, COUNT_WORDS_BYTES, "%d message%s", n, n == 1 ? "" : "s");
    return buf;
}

const char *kept_words(const struct kept *kept, char buf[COUNT_WORDS_BYTES])
{
    if (kept->calls == 0)
        return message_count(kept->messages, buf);
    const char *calls = kept->calls == 1 ? "call" : "calls";
    if (kept->messages == 0)
        (void)snprintf(buf, COUNT_WORDS_BYTES, "%d %s", kept->calls, calls);
    else
        (void)snprintf(buf, COUNT_WORDS_BYTES, "%d message%s, %d %s", kept->messages,
                       kept->messages == 1 ? "" : "s", kept->calls, calls);
    return buf;
}

void kept_json(struct json *root, const char *key, const struct kept *kept)
{
    char *calls = xasprintf("%s_calls", key);
    json_add_int(root, key, kept->messages);
    json_add_int(root, calls, kept->calls);
    free(calls);
}

static void say_effect(struct app *app, const struct word *word, const struct word_outcome *o)
{
    char n[COUNT_WORDS_BYTES];
    if (word->given)
        say(app, "what had been stopped goes after all, each in its time: %s\n",
            message_count(o->back, n));
    else
        say(app, "stopped: %s\n", message_count(o->stopped, n));
    if (!word->given && !word->service)
        say(app, "what is about their trips still goes\n");
    if (!word->given && word->service)
        say(app, "calls about their trips stay on the list: tell them by phone what the messages would have said\n");
}

static void say_others(struct app *app, const struct addressee *a)
{
    const char *what = a->phone != NULL ? "number" : "address"; /* when one of them was typed */
    for (size_t i = 0; i < a->holders.n; i++) {
        const struct client *c = &a->holders.v[i];
        if (a->client.id == 0)
            say(app, "it is the %s of C%lld %s\n", what, (long long)c->id, c->name);
        else
            say(app, "C%lld %s has the same %s: it counts there as well\n", (long long)c->id,
                c->name, a->phone && str_eq(a->phone, c->phone) ? "number" : "address");
    }
    if (a->client.id == 0 && a->holders.n == 0)
        say(app, "nobody has this %s yet: it is remembered for whoever will\n", what);
}

/* What a tick has just handed over cannot be called back. */
static void tell_of_flight(struct app *app, const struct word *word, const struct id_list *ids)
{
    struct action a;
    struct err ignored;
    for (size_t i = 0; i < ids->n; i++) {
        if (store_action_get(app->store, ids->v[i], &a, &ignored) != RC_OK)
            continue;
        if (word->service || a.priority > PRIORITY_SERVICE)
            remark(app, "A%lld %s is on its way just now and may still arrive", (long long)a.id,
                   channel_word(a.channel));
        action_fini(&a);
    }
}

enum rc show_word(struct app *app, const char *command, const struct word *word,
                  struct word_outcome *o, struct err *err)
{
    const struct addressee *a = &o->addressee;
    (void)err;
    if (app->json) {
        struct json *root = view_document(command, 1);
        view_addressee(app, root, a);
        view_words(app, root, "recorded", &o->recorded);
        json_add_int(root, "stopped", o->stopped);
        json_add_int(root, "back", o->back);
        show_json(app, root);
    } else {
        say_who(app, a);
        say_recorded(app, word, o);
        say_effect(app, word, o);
        say_others(app, a);
        const struct consent *first = &o->recorded.v[0];
        if (first->client_id != 0)
            say(app, "pps undo C%lld takes it back\n", (long long)first->client_id);
        else
            say(app, "pps undo %s takes it back\n", first->address);
    }
    tell_of_flight(app, word, &o->on_their_way);
    word_outcome_fini(o);
    return RC_OK;
}

/* ---- what counts now ---- */

/* "no marketing", "marketing goes", "not asked about marketing, so none goes" */
static enum rc say_state(struct app *app, enum channel channel, const char *address, char **ret,
                         struct err *err)
{
    enum given marketing, service;
    enum rc rc = store_consent_last(app->store, channel, address, true, &marketing, err);
    if (rc == RC_OK)
        rc = store_consent_last(app->store, channel, address, false, &service, err);
    if (rc != RC_OK)
        return rc;
    bool asks = app->config.marketing_needs_consent;
    const char *m = marketing == GIVEN_NO    ? "no marketing"
                    : marketing == GIVEN_YES ? "marketing goes, they said yes"
                    : asks                   ? "no marketing until they say yes"
                                             : "marketing goes";
    *ret = xasprintf("%s; what is about their trips %s", m,
                     service == GIVEN_NO ? "does not go, either" : "goes");
    return RC_OK;
}

static enum rc say_one(struct app *app, enum channel channel, const char *address, struct err *err)
{
    char *state;
    if (address == NULL)
        return RC_OK;
    enum rc rc = say_state(app, channel, address, &state, err);
    if (rc != RC_OK)
        return rc;
    char *name = address_words(channel, address);
    say(app, "%s: %s\n", name, state);
    free(name);
    free(state);
    return RC_OK;
}

static void table_of_words(struct app *app, const struct consent_list *list)
{
    static const char *const titles[] = {"when", "address", "about",
                                         "said", "source",  "entered by"};
    struct table *table = table_new(titles, NULL, 6);
    for (size_t i = 0; i < list->n; i++) {
        const struct consent *c = &list->v[i];
        char at[CIVIL_TEXT_BYTES];
        civil_format(zone_to_local(app->zone, c->at), at);
        char *address = address_words(c->channel, c->address);
        table_row(table, STYLE_PLAIN);
        table_cell(table, at);
        table_cell(table, address);
        table_cell(table, c->marketing ? "marketing" : "service");
        table_cell(table, given_word(c->given));
        table_cell(table, c->source);
        table_cell(table, c->actor);
        free(address);
    }
    if (!app->quiet)
        table_print(table, app->out, app->colour);
    table_free(table);
}

static enum rc words_for_people(struct app *app, const struct addressee *a,
                                const struct consent_list *list, struct err *err)
{
    say_who(app, a);
    enum rc rc = say_one(app, CHANNEL_EMAIL, a->email, err);
    if (rc == RC_OK)
        rc = say_one(app, CHANNEL_SMS, a->phone, err);
    if (rc != RC_OK)
        return rc;
    say_others(app, a);
    if (list->n == 0)
        say(app, "they have said nothing about it yet\n");
    else
        table_of_words(app, list);
    return RC_OK;
}

enum rc show_words(struct app *app, const struct addressee *a, struct err *err)
{
    struct consent_list list;
    enum rc rc = store_consent_list(app->store, a->email, a->phone, &list, err);
    if (rc != RC_OK)
        return rc;
    if (app->json) {
        struct json *root = view_document("consent", 1);
        view_addressee(app, root, a);
        view_words(app, root, "words", &list);
        show_json(app, root);
    } else {
        rc = words_for_people(app, a, &list, err);
    }
    consent_list_fini(&list);
    return rc;
}

/* ---- on the card ---- */

static enum rc add_refusal(struct app *app, enum channel channel, const char *address,
                           struct sb *sb, struct err *err)
{
    enum given marketing = GIVEN_NOT_SAID, service = GIVEN_NOT_SAID;
    if (address == NULL)
        return RC_OK;
    enum rc rc = store_consent_last(app->store, channel, address, true, &marketing, err);
    if (rc == RC_OK)
        rc = store_consent_last(app->store, channel, address, false, &service, err);
    if (rc == RC_OK && (marketing == GIVEN_NO || service == GIVEN_NO))
        sb_addf(sb, "%s%s by %s", sb->len ? ", " : "",
                service != GIVEN_NO     ? "no marketing"
                : marketing == GIVEN_NO ? "nothing"
                                        : "nothing about their trips",
                channel_word(channel));
    return rc;
}

enum rc show_wishes(struct app *app, const struct client *c, struct err *err)
{
    struct sb sb = {0};
    enum rc rc = add_refusal(app, CHANNEL_EMAIL, c->email, &sb, err);
    if (rc == RC_OK)
        rc = add_refusal(app, CHANNEL_SMS, c->phone, &sb, err);
    if (rc == RC_OK && sb.len > 0)
        say(app, "  wants %s\n", sb_str(&sb));
    sb_fini(&sb);
    return rc;
}
