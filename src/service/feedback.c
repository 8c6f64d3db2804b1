/* What a client told us about a trip: checked, kept with the trip that it is about, and everything of that client planned
 * anew, because it decides what they get next. No answer is taken for another one: what nobody has read would be lost.
 * Serves `pps feedback add` and, a line at a time, the import. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <pps/store_feedback.h>
#include <pps/str.h>
#include <pps/utf8.h>

#include "follows.h"
#include "heard.h"

struct civil desk_minute(const struct desk *desk)
{
    return zone_to_local(desk->zone, desk_now(desk));
}

void answer_draft_fini(struct answer_draft *draft)
{
    occasion_fini(&draft->trip);
    feedback_fini(&draft->feedback);
}

/* ---- what was typed ---- */

/* "5", "5.0", "9 из 10", "4 - хорошо": a whole number, and perhaps words after it. */
static enum rc read_grade(const char *field, const char *text, int min, int max, int *ret,
                          struct err *err)
{
    *ret = NO_GRADE;
    if (str_empty(text))
        return RC_OK;
    char *end = NULL;
    long n = isdigit((unsigned char)*text) ? strtol(text, &end, 10) : -1;
    if (end != NULL && (*end == '.' || *end == ',')) {
        size_t zeros = strspn(end + 1, "0");
        end = zeros > 0 ? end + 1 + zeros : end;
    }
    if (end == NULL || (*end != '\0' && *end != ' ') || n < min || n > max) {
        char *quoted = utf8_quote(text);
        enum rc rc =
            err_set(err, RC_INVALID, "%s: %s is no grade: it is a whole number from %d to %d",
                    field, quoted, min, max);
        free(quoted);
        return rc;
    }
    *ret = (int)n;
    return RC_OK;
}

static int64_t minutes_of(struct civil c)
{
    return (int64_t)c.day * 1440 + c.minute;
}

/* A date alone means noon, and today's noon that is still to come means now. */
static enum rc read_moment(const struct desk *desk, const char *text, struct answer_draft *draft,
                           struct err *err)
{
    enum { NOON = 12 * 60 };
    struct civil now = desk_minute(desk), at;
    draft->answered = now;
    draft->is_dated = !str_empty(text);
    if (!draft->is_dated)
        return RC_OK;
    enum rc rc = field_date(desk, "at", text, true, &at, err);
    if (rc != RC_OK)
        return rc;
    if (at.minute == MINUTE_NONE)
        at.minute = at.day == now.day && now.minute < NOON ? now.minute : NOON;
    if (minutes_of(at) > minutes_of(now)) {
        char shown[CIVIL_TEXT_BYTES];
        civil_format(at, shown);
        return err_set(err, RC_INVALID, "at: %s is still to come: when did they answer?", shown);
    }
    draft->answered = at;
    return RC_OK;
}

enum rc answer_read(const struct desk *desk, const struct feedback_entry *e,
                    struct answer_draft *ret, struct err *err)
{
    struct answer_draft d = {.feedback = {.csat = NO_GRADE, .nps = NO_GRADE}};
    struct feedback *f = &d.feedback;
    enum rc rc = read_grade("csat", e->csat, 1, 5, &f->csat, err);
    if (rc == RC_OK)
        rc = read_grade("nps", e->nps, 0, 10, &f->nps, err);
    if (rc == RC_OK)
        rc = field_text("plus", e->plus, NOTE_MAX_CHARS, &f->plus, err);
    if (rc == RC_OK)
        rc = field_text("words", e->words, NOTE_MAX_CHARS, &f->words, err);
    if (rc == RC_OK)
        rc = field_text("source", e->source, SOURCE_MAX_CHARS, &f->source, err);
    if (rc == RC_OK)
        rc = field_text("id", e->external_id, NAME_MAX_CHARS, &f->external_id, err);
    if (rc == RC_OK)
        rc = read_moment(desk, e->at, &d, err);
    if (rc == RC_OK && f->csat == NO_GRADE && f->nps == NO_GRADE && f->plus == NULL &&
        f->words == NULL)
        rc = err_set(err, RC_INVALID,
                     "the answer is empty: it needs a grade (csat, nps) or words (plus, words)");
    if (rc == RC_OK && f->source == NULL)
        f->source = xstrdup("phone");
    if (rc != RC_OK)
        answer_draft_fini(&d);
    else
        *ret = d;
    return rc;
}

/* ---- which trip ---- */

static bool is_nearer(const struct occasion *o, const struct occasion *best, civil_day day)
{
    civil_day its = o->when[ANCHOR_DEPARTURE].day, bests = best->when[ANCHOR_DEPARTURE].day;
    if (best->id == 0)
        return true;
    if ((its <= day) != (bests <= day))
        return its <= day;
    return its <= day ? its >= bests : its < bests;
}

enum rc trip_talked_of(const struct desk *desk, int64_t client_id, civil_day day, bool ahead,
                       struct occasion *ret, struct err *err)
{
    struct occasion_list all;
    enum rc rc = store_trips_of_client(desk->store, client_id, &all, err);
    if (rc != RC_OK)
        return rc;
    struct occasion none = {0}, *best = &none;
    for (size_t i = 0; i < all.n; i++) {
        struct occasion *o = &all.v[i];
        bool counts = !o->ended && (ahead || o->when[ANCHOR_DEPARTURE].day <= day);
        if (counts && is_nearer(o, best, day))
            best = o;
    }
    *ret = *best;
    *best = (struct occasion){0};
    occasion_list_fini(&all);
    return RC_OK;
}

enum rc answer_find_trip(const struct desk *desk, struct answer_draft *d, struct err *err)
{
    enum rc rc = trip_talked_of(desk, d->client_id, d->answered.day, d->about_sale, &d->trip, err);
    if (rc == RC_OK && d->trip.id == 0)
        rc = err_set(err, RC_NOTFOUND,
                     "C%lld has no trip that had begun by then: pps show C%lld lists all",
                     (long long)d->client_id, (long long)d->client_id);
    return rc;
}

/* An answer cannot be older than the sale it is about: a slip of the keyboard would count in some other year. Nor can it
 * be about a journey that has not begun: mostly the number of the trip is mistyped. */
enum rc answer_check_time(const struct answer_draft *d, struct err *err)
{
    char at[CIVIL_TEXT_BYTES], then[CIVIL_TEXT_BYTES];
    civil_day purchase = d->trip.when[ANCHOR_PURCHASE].day;
    civil_day departure = d->trip.when[ANCHOR_DEPARTURE].day;
    long long trip = (long long)d->trip.id;
    civil_format_day(d->answered.day, at);
    if (d->answered.day < purchase) {
        civil_format_day(purchase, then);
        return err_set(err, RC_INVALID,
                       "at: %s is before T%lld was bought (%s): when did they answer?", at, trip,
                       then);
    }
    if (d->answered.day >= departure || d->about_sale)
        return RC_OK;
    civil_format_day(departure, then);
    return err_set(err, RC_INVALID,
                   "T%lld begins on %s, after this answer (%s): is it about another trip? pps show C%lld lists "
                   "all; about the sale: pps feedback add T%lld --about-sale …",
                   trip, then, at, (long long)d->client_id, trip);
}

/* ---- there already? ---- */

static bool same_grades(const struct feedback *a, const struct feedback *b)
{
    return a->csat == b->csat && a->nps == b->nps;
}

/* Its letters and figures alone: signs and blanks change from one export to the next. New string. */
static char *bare(const char *text)
{
    char *folded = utf8_fold(str_or(text, "")), *out = folded;
    for (const char *p = folded; *p != '\0'; p++) {
        unsigned char c = (unsigned char)*p;
        if (c >= 0x80 || isalnum(c))
            *out++ = *p;
    }
    *out = '\0';
    return folded;
}

static bool same_words(const char *a, const char *b)
{
    char *x = bare(a), *y = bare(b);
    bool same = str_eq(x, y);
    free(x);
    free(y);
    return same;
}

/* Whether `there` holds all the words of `mine`: what nobody has read yet is never taken for known. */
static bool has_words(const struct feedback *there, const struct feedback *mine)
{
    return (mine->plus == NULL || same_words(there->plus, mine->plus)) &&
           (mine->words == NULL || same_words(there->words, mine->words));
}

/* Of two that have the same grades. */
static bool is_same(const struct answer_draft *d, const struct occasion *o,
                    const struct feedback *f)
{
    const struct feedback *mine = &d->feedback;
    bool graded = f->csat != NO_GRADE || f->nps != NO_GRADE;
    bool alike = same_words(f->plus, mine->plus) && same_words(f->words, mine->words);
    bool same_day = o->when[ANCHOR_ANSWERED].day == d->answered.day;
    return d->is_dated ? same_day && (graded ? has_words(f, mine) : alike) : alike;
}

/* A service that counts its rows from 1 in every export gives one number to many answers. A day's difference may be that of
 * two clocks. */
static bool is_the_numbered(const struct answer_draft *d, const struct occasion *o,
                            const struct feedback *f)
{
    int32_t apart = d->answered.day - o->when[ANCHOR_ANSWERED].day;
    return o->client_id == d->client_id && same_grades(f, &d->feedback) &&
           has_words(f, &d->feedback) && (!d->is_named || o->about_id == d->trip.id) &&
           (!d->is_dated || (apart >= -1 && apart <= 1));
}

static enum rc check_numbered(const struct desk *desk, const struct answer_draft *d, int64_t id,
                              struct err *err)
{
    struct occasion o;
    struct feedback f;
    enum rc rc = store_occasion_get(desk->store, id, &o, err);
    if (rc != RC_OK)
        return rc;
    rc = store_feedback_get(desk->store, id, &f, err);
    if (rc == RC_OK && !is_the_numbered(d, &o, &f))
        rc = err_set(
            err, RC_INVALID,
            "id: %s is the number of another answer, F%lld of C%lld: leave it out if it only "
            "counts rows (import: --map id=)",
            d->feedback.external_id, (long long)id, (long long)o.client_id);
    if (rc == RC_OK || rc == RC_INVALID)
        feedback_fini(&f);
    occasion_fini(&o);
    return rc;
}

/* By what it says, for it has no number, or a new one. */
static enum rc find_alike(const struct desk *desk, const struct answer_draft *d, int64_t *ret_id,
                          struct err *err)
{
    struct feedback_list list;
    enum rc rc = store_feedback_alike(desk->store, d->trip.id, &d->feedback, &list, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < list.n && *ret_id == 0; i++) {
        if (is_same(d, &list.v[i].occasion, &list.v[i].feedback))
            *ret_id = list.v[i].occasion.id;
    }
    feedback_list_fini(&list);
    return RC_OK;
}

enum rc answer_find_same(const struct desk *desk, const struct answer_draft *d, int64_t *ret_id,
                         struct err *err)
{
    struct err none = {0};
    *ret_id = 0;
    enum rc rc = RC_NOTFOUND;
    if (d->feedback.external_id != NULL)
        rc = store_feedback_by_number(desk->store, d->feedback.external_id, ret_id, &none);
    if (rc == RC_NOTFOUND)
        return find_alike(desk, d, ret_id, err);
    return rc == RC_OK ? check_numbered(desk, d, *ret_id, err)
                       : err_set(err, rc, "%s", none.message);
}

/* ---- written ---- */

char *answer_title(const struct feedback *f)
{
    struct sb sb = {0};
    if (f->csat != NO_GRADE)
        sb_addf(&sb, "CSAT %d", f->csat);
    if (f->nps != NO_GRADE)
        sb_addf(&sb, "%sNPS %d", sb.len ? ", " : "", f->nps);
    char *text = sb.len ? sb_take(&sb) : NULL;
    sb_fini(&sb);
    return text;
}

enum rc answer_write(const struct desk *desk, struct answer_draft *d, int64_t *ret_id,
                     struct err *err)
{
    struct occasion o = {.client_id = d->client_id,
                         .kind = KIND_FEEDBACK,
                         .title = answer_title(&d->feedback),
                         .about_id = d->trip.id,
                         .product = xstrdup(d->trip.product),
                         .manager_id = d->trip.manager_id,
                         .created_at = desk_now(desk)};
    occasion_clear_dates(&o);
    o.when[ANCHOR_ANSWERED] = d->answered;
    char *detail = xasprintf("about T%lld%s%s", (long long)d->trip.id, o.title ? ": " : "",
                             str_or(o.title, ""));
    enum rc rc = occasion_begin(desk, &o, "feedback-add", detail, err);
    d->feedback.occasion_id = o.id;
    if (rc == RC_OK)
        rc = store_feedback_put(desk->store, &d->feedback, err);
    *ret_id = o.id;
    free(detail);
    occasion_fini(&o);
    return rc;
}

/* ---- several answers ---- */

void to_plan(struct id_list *clients, int64_t client_id)
{
    for (size_t i = 0; i < clients->n; i++) {
        if (clients->v[i] == client_id)
            return;
    }
    vec_reserve(&clients->v, clients->n, &clients->cap, sizeof *clients->v);
    clients->v[clients->n++] = client_id;
}

enum rc plan_them(const struct desk *desk, const struct id_list *clients, planning_step *step,
                  struct err *err)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; i < clients->n && rc == RC_OK; i++)
        rc = planning_of_client(desk, clients->v[i], step, NULL, err);
    return rc;
}

/* ---- one answer ---- */

/* A trip by its number, or a client and the trip of theirs that is meant. */
static enum rc find_who(const struct desk *desk, const char *who, struct answer_draft *d,
                        struct err *err)
{
    enum kind kind;
    int64_t id;
    if (!occasion_id_parse(who, &kind, &id)) {
        enum rc rc = lookup_client(desk, who, &d->client_id, err);
        return rc == RC_OK ? answer_find_trip(desk, d, err) : rc;
    }
    enum rc rc = lookup_trip(desk, who, &id, err);
    if (rc == RC_OK)
        rc = store_occasion_get(desk->store, id, &d->trip, err);
    if (rc == RC_OK && d->trip.ended)
        rc = say_ended(&d->trip, err);
    d->client_id = d->trip.client_id;
    d->is_named = true;
    return rc;
}

static enum rc refuse_same(const struct desk *desk, const struct answer_draft *d, struct err *err)
{
    int64_t id;
    enum rc rc = answer_find_same(desk, d, &id, err);
    if (rc != RC_OK || id == 0)
        return rc;
    return err_set(err, RC_EXISTS,
                   "this answer is there already: F%lld; nothing was added (pps show F%lld)",
                   (long long)id, (long long)id);
}

static enum rc add(const struct desk *desk, const char *who, struct answer_draft *d,
                   struct feedback_result *ret, struct err *err)
{
    struct before before = {0};
    int64_t id = 0;
    enum rc rc = find_who(desk, who, d, err);
    if (rc == RC_OK)
        rc = answer_check_time(d, err);
    if (rc == RC_OK)
        rc = refuse_same(desk, d, err);
    if (rc == RC_OK)
        rc = before_of_client(desk, d->client_id, &before, err);
    if (rc == RC_OK)
        rc = answer_write(desk, d, &id, err);
    if (rc == RC_OK)
        rc = planning_of_client(desk, d->client_id, NULL, NULL, err);
    if (rc == RC_OK)
        rc = follows_of_client(desk, d->client_id, &before, &ret->follows, err);
    if (rc == RC_OK)
        rc = store_occasion_file(desk->store, id, &ret->file, err);
    if (rc == RC_OK)
        rc = store_feedback_get(desk->store, id, &ret->feedback, err);
    before_fini(&before);
    return rc;
}

enum rc service_feedback_add(const struct desk *desk, const char *who,
                             const struct feedback_entry *entry, struct feedback_result *ret,
                             struct err *err)
{
    struct answer_draft draft;
    struct feedback_result result = {0};
    enum rc rc = answer_read(desk, entry, &draft, err);
    if (rc != RC_OK)
        return rc;
    draft.about_sale = entry->about_sale;
    draft.is_dated = true; /* who says nothing means today */
    rc = store_begin(desk->store, err);
    if (rc == RC_OK)
        rc = store_finish(desk->store, add(desk, who, &draft, &result, err), err);
    answer_draft_fini(&draft);
    if (rc != RC_OK)
        feedback_result_fini(&result);
    else
        *ret = result;
    return rc;
}

void feedback_result_fini(struct feedback_result *r)
{
    occasion_file_fini(&r->file);
    feedback_fini(&r->feedback);
    follows_fini(&r->follows);
}
