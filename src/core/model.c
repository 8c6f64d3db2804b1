/* The nouns of the domain: their names in words, their ids, and how they are freed. Pure. Serves
 * every room. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pps/model.h>
#include <pps/str.h>

static const char *const channel_names[CHANNEL_COUNT] = {
    [CHANNEL_EMAIL] = "email", [CHANNEL_SMS] = "sms",   [CHANNEL_CALL] = "call",
    [CHANNEL_VISIT] = "visit", [CHANNEL_TASK] = "task",
};

static const char *const state_names[STATE_COUNT] = {
    [STATE_PENDING] = "pending",     [STATE_CLAIMED] = "claimed",
    [STATE_AT_RISK] = "at_risk",     [STATE_SENT] = "sent",
    [STATE_IN_DOUBT] = "in_doubt",   [STATE_FAILED] = "failed",
    [STATE_MISSED] = "missed",       [STATE_HELD] = "held",
    [STATE_CANCELLED] = "cancelled", [STATE_SUPPRESSED] = "suppressed",
    [STATE_DONE] = "done",           [STATE_SKIPPED] = "skipped",
};

static const char *const cause_names[CAUSE_COUNT] = {
    [CAUSE_NONE] = "",
    [CAUSE_MERGED] = "merged",
    [CAUSE_LATE] = "late",
    [CAUSE_NO_CONTACT] = "no_contact",
    [CAUSE_ENDED] = "ended",
    [CAUSE_BY_PERSON] = "by_person",
    [CAUSE_NOT_TICKED] = "not_ticked",
    [CAUSE_EXPIRED] = "expired",
    [CAUSE_REFUSED] = "refused",
    [CAUSE_RETRY] = "retry",
    [CAUSE_TEMPLATE] = "template",
    [CAUSE_NO_VERDICT] = "no_verdict",
    [CAUSE_NO_ANSWER] = "no_answer",
    [CAUSE_WRONG_NUMBER] = "wrong_number",
    [CAUSE_CROWDED] = "crowded",
    [CAUSE_ASSUMED] = "assumed",
    [CAUSE_CONDITION] = "condition",
    [CAUSE_HAD_IT] = "had_it",
    [CAUSE_SIGNER] = "signer",
    [CAUSE_NO_CONSENT] = "no_consent",
    [CAUSE_COMPLAINT] = "complaint",
    [CAUSE_PAUSED] = "paused",
    [CAUSE_APPROVAL] = "approval",
    [CAUSE_SHARED] = "shared",
    [CAUSE_ONE_CALL] = "one_call",
    [CAUSE_RESTORED] = "restored",
    [CAUSE_SOLD_BEFORE] = "sold_before",
    [CAUSE_NO_STEP] = "no_step",
    [CAUSE_HELD_BY_PERSON] = "held_by_person",
    [CAUSE_CALL_BACK] = "call_back",
    [CAUSE_UNREACHABLE] = "unreachable",
    [CAUSE_NOT_DELIVERED] = "not_delivered",
    [CAUSE_DECLINED] = "declined",
    [CAUSE_LOST_SALE] = "lost_sale",
    [CAUSE_CALLED_EARLY] = "called_early",
};

static const struct {
    const char *name, *words;
    char letter;
} kinds[KIND_COUNT] = {
    [KIND_TRIP] = {"trip", "trip", 'T'},
    [KIND_LOST] = {"lost", "lost sale", 'L'},
    [KIND_FEEDBACK] = {"feedback", "feedback", 'F'},
    [KIND_COMPLAINT] = {"complaint", "complaint", 'P'},
    [KIND_GREETING] = {"greeting", "greeting", 'Y'},
};

static const char *const anchor_names[ANCHOR_COUNT] = {
    [ANCHOR_PURCHASE] = "purchase", [ANCHOR_DEPARTURE] = "departure",
    [ANCHOR_RETURN] = "return",     [ANCHOR_VISIT] = "visit",
    [ANCHOR_MOVED] = "moved",       [ANCHOR_LEARNED] = "learned",
    [ANCHOR_ANSWERED] = "answered", [ANCHOR_OPENED] = "opened",
    [ANCHOR_PROMISED] = "promised", [ANCHOR_RESOLVED] = "resolved",
    [ANCHOR_DAY] = "day",
};

static const char *const role_names[ROLE_COUNT] = {
    [ROLE_MANAGER] = "manager",
    [ROLE_DIRECTOR] = "director",
    [ROLE_SERVICE] = "service",
};

static bool from_name(const char *const *names, int count, const char *name, int *ret)
{
    for (int i = 0; i < count; i++) {
        if (strcmp(names[i], name) == 0) {
            *ret = i;
            return true;
        }
    }
    return false;
}

const char *channel_name(enum channel channel)
{
    return channel_names[channel];
}

const char *channel_word(enum channel channel)
{
    static const char *const words[CHANNEL_COUNT] = {"e-mail", "SMS", "call", "visit", "task"};
    return words[channel];
}

bool channel_from_name(const char *name, enum channel *ret)
{
    int i;
    if (!from_name(channel_names, CHANNEL_COUNT, name, &i))
        return false;
    *ret = (enum channel)i;
    return true;
}

bool channel_is_human(enum channel channel)
{
    return channel != CHANNEL_EMAIL && channel != CHANNEL_SMS;
}

const char *state_name(enum action_state state)
{
    return state_names[state];
}

const char *state_words(enum action_state state)
{
    switch (state) {
    case STATE_CLAIMED:
    case STATE_AT_RISK:
        return "being sent";
    case STATE_IN_DOUBT:
        return "in doubt";
    default:
        return state_names[state];
    }
}

bool state_from_name(const char *name, enum action_state *ret)
{
    int i;
    if (!from_name(state_names, STATE_COUNT, name, &i))
        return false;
    *ret = (enum action_state)i;
    return true;
}

const char *cause_name(enum cause cause)
{
    return cause_names[cause];
}

bool cause_from_name(const char *name, enum cause *ret)
{
    int i;
    if (!from_name(cause_names, CAUSE_COUNT, name, &i))
        return false;
    *ret = (enum cause)i;
    return true;
}

const char *role_name(enum role role)
{
    return role_names[role];
}

bool role_from_name(const char *name, enum role *ret)
{
    int i;
    if (!from_name(role_names, ROLE_COUNT, name, &i))
        return false;
    *ret = (enum role)i;
    return true;
}

const char *anchor_waits(enum anchor anchor)
{
    static const char *const waits[ANCHOR_COUNT] = {
        [ANCHOR_PURCHASE] = "waits until it is sold",
        [ANCHOR_DEPARTURE] = "waits until it is known when they leave",
        [ANCHOR_RETURN] = "waits until it is known when they are back",
        [ANCHOR_VISIT] = "waits until the visit is agreed",
        [ANCHOR_MOVED] = "waits: only when the dates are changed",
        [ANCHOR_LEARNED] = "waits until the day is known",
        [ANCHOR_ANSWERED] = "waits until they have answered",
        [ANCHOR_OPENED] = "waits until the complaint has come",
        [ANCHOR_PROMISED] = "waits until a day is promised",
        [ANCHOR_RESOLVED] = "waits until the complaint is solved",
        [ANCHOR_DAY] = "waits until the day is known",
    };
    return waits[anchor];
}

const char *kind_name(enum kind kind)
{
    return kinds[kind].name;
}

const char *kind_words(enum kind kind)
{
    return kinds[kind].words;
}

char kind_letter(enum kind kind)
{
    return kinds[kind].letter;
}

bool kind_from_name(const char *name, enum kind *ret)
{
    for (int i = 0; i < KIND_COUNT; i++) {
        if (strcmp(kinds[i].name, name) == 0) {
            *ret = (enum kind)i;
            return true;
        }
    }
    return false;
}

const char *anchor_name(enum anchor anchor)
{
    return anchor_names[anchor];
}

bool anchor_from_name(const char *name, enum anchor *ret)
{
    int i;
    if (!from_name(anchor_names, ANCHOR_COUNT, name, &i))
        return false;
    *ret = (enum anchor)i;
    return true;
}

void staff_fini(struct staff *staff)
{
    free(staff->login);
    free(staff->name);
    free(staff->position);
    free(staff->email);
    free(staff->phone);
    *staff = (struct staff){0};
}

static const char *const gender_names[GENDER_COUNT] = {NULL, "female", "male", "unknown"};

const char *gender_name(enum gender gender)
{
    return gender_names[gender];
}

bool gender_from_name(const char *name, enum gender *ret)
{
    for (int i = 0; i < GENDER_COUNT; i++) {
        if (gender_names[i] != NULL && str_eq(gender_names[i], name)) {
            *ret = (enum gender)i;
            return true;
        }
    }
    return false;
}

void client_fini(struct client *client)
{
    free(client->name);
    free(client->salutation);
    free(client->phone);
    free(client->email);
    free(client->lang);
    free(client->tz);
    free(client->birthday);
    free(client->note);
    free(client->external_id);
    free(client->pause_reason);
    *client = (struct client){0};
}

bool client_equal(const struct client *a, const struct client *b)
{
    return str_eq(a->name, b->name) && str_eq(a->salutation, b->salutation) &&
           str_eq(a->phone, b->phone) && a->phone_wrong == b->phone_wrong &&
           str_eq(a->email, b->email) && str_eq(a->lang, b->lang) && str_eq(a->tz, b->tz) &&
           str_eq(a->birthday, b->birthday) && str_eq(a->note, b->note) &&
           str_eq(a->external_id, b->external_id) && a->paused_until == b->paused_until &&
           str_eq(a->pause_reason, b->pause_reason) && a->gender == b->gender;
}

void occasion_clear_dates(struct occasion *occasion)
{
    for (int i = 0; i < ANCHOR_COUNT; i++)
        occasion->when[i] = (struct civil){CIVIL_NONE, MINUTE_NONE};
}

civil_day occasion_day(const struct occasion *o)
{
    static const enum anchor days[KIND_COUNT] = {
        [KIND_TRIP] = ANCHOR_DEPARTURE,    [KIND_LOST] = ANCHOR_LEARNED,
        [KIND_FEEDBACK] = ANCHOR_ANSWERED, [KIND_COMPLAINT] = ANCHOR_OPENED,
        [KIND_GREETING] = ANCHOR_DAY,
    };
    return o->when[days[o->kind]].day;
}

void occasion_fini(struct occasion *occasion)
{
    free(occasion->title);
    free(occasion->departure_tz);
    free(occasion->product);
    free(occasion->note);
    free(occasion->end_reason);
    *occasion = (struct occasion){0};
}

static bool same_date(struct civil a, struct civil b)
{
    return a.day == b.day && a.minute == b.minute;
}

bool occasion_equal(const struct occasion *a, const struct occasion *b)
{
    for (int i = 0; i < ANCHOR_COUNT; i++) {
        if (!same_date(a->when[i], b->when[i]))
            return false;
    }
    return str_eq(a->title, b->title) && str_eq(a->departure_tz, b->departure_tz) &&
           str_eq(a->product, b->product) && a->adults == b->adults &&
           a->children == b->children && a->manager_id == b->manager_id &&
           a->sold_by == b->sold_by &&
           str_eq(a->note, b->note) && a->ended == b->ended && str_eq(a->end_reason, b->end_reason);
}

void feedback_fini(struct feedback *f)
{
    free(f->plus);
    free(f->words);
    free(f->source);
    free(f->external_id);
    *f = (struct feedback){0};
}

bool feedback_is_unhappy(const struct feedback *f)
{
    return (f->nps != NO_GRADE && f->nps <= 6) || (f->csat != NO_GRADE && f->csat <= 3);
}

bool feedback_is_promoter(const struct feedback *f)
{
    return f->nps >= 9 && !feedback_is_unhappy(f);
}

void lost_fini(struct lost *lost)
{
    free(lost->reason);
    free(lost->words);
    free(lost->outcome);
    *lost = (struct lost){0};
}

void complaint_fini(struct complaint *c)
{
    free(c->source);
    free(c->words);
    free(c->cause);
    free(c->actions);
    free(c->outcome);
    *c = (struct complaint){0};
}

void consent_fini(struct consent *c)
{
    free(c->address);
    free(c->source);
    free(c->actor);
    *c = (struct consent){0};
}

static const char *const thing_names[THING_KINDS] = {"gift", "card", "album", "photo"};

const char *thing_kind_name(enum thing_kind kind)
{
    return thing_names[kind];
}

bool thing_kind_from_name(const char *name, enum thing_kind *ret)
{
    int i;
    if (!from_name(thing_names, THING_KINDS, name, &i))
        return false;
    *ret = (enum thing_kind)i;
    return true;
}

void document_fini(struct document *document)
{
    free(document->step);
    free(document->name);
    free(document->type);
    *document = (struct document){0};
}

void thing_fini(struct thing *thing)
{
    free(thing->title);
    free(thing->note);
    *thing = (struct thing){0};
}

void referral_fini(struct referral *r)
{
    free(r->reward);
    free(r->rewarded_by);
    *r = (struct referral){0};
}

void action_fini(struct action *action)
{
    free(action->step);
    free(action->reason);
    free(action->tz);
    free(action->merged_into);
    free(action->outcome);
    free(action->note);
    free(action->done_by);
    *action = (struct action){0};
}

void actions_fini(struct actions *actions)
{
    for (size_t i = 0; i < actions->n; i++)
        action_fini(&actions->v[i]);
    free(actions->v);
    *actions = (struct actions){0};
}

void id_format(char letter, int64_t id, char buf[ID_TEXT_BYTES])
{
    (void)snprintf(buf, ID_TEXT_BYTES, "%c%lld", letter, (long long)id);
}

/* The letter, also in small and also typed on a Russian keyboard, where it looks the same. */
static size_t letter_length(const char *text, char letter)
{
    static const struct {
        char letter;
        const char *looks[2];
    } twins[] = {{'C', {"С", "с"}},
                 {'T', {"Т", "т"}},
                 {'A', {"А", "а"}},
                 {'P', {"Р", "р"}},
                 {'Y', {"У", "у"}}};
    if (*text == letter || *text == letter + ('a' - 'A'))
        return 1;
    for (size_t i = 0; i < sizeof twins / sizeof *twins; i++) {
        for (size_t j = 0; twins[i].letter == letter && j < 2; j++) {
            if (strncmp(text, twins[i].looks[j], strlen(twins[i].looks[j])) == 0)
                return strlen(twins[i].looks[j]);
        }
    }
    return 0;
}

bool id_parse_exact(const char *text, char letter, int64_t *ret_id)
{
    return letter_length(text, letter) > 0 && id_parse(text, letter, ret_id);
}

bool id_parse(const char *text, char letter, int64_t *ret_id)
{
    text += letter_length(text, letter);
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 18 || text[digits] != '\0' || text[0] == '0')
        return false;
    *ret_id = strtoll(text, NULL, 10);
    return true;
}

void occasion_id_format(enum kind kind, int64_t id, char buf[ID_TEXT_BYTES])
{
    id_format(kind_letter(kind), id, buf);
}

bool occasion_id_parse(const char *text, enum kind *ret_kind, int64_t *ret_id)
{
    for (int i = 0; i < KIND_COUNT; i++) {
        if (id_parse_exact(text, kind_letter((enum kind)i), ret_id)) {
            *ret_kind = (enum kind)i;
            return true;
        }
    }
    return false;
}
