/* What a step says before there is anything that it could be about: a birthday months ahead, a complaint that nobody has
 * made, a step that came into the playbook after the trip was planned. On a copy of the database, which is thrown away,
 * there is such an occasion, with data that are made up; whoever makes plans and words finds it there like a real one. The
 * database stays as it is. Serves preview.c. */
#include <stdlib.h>
#include <string.h>

#include <pps/greeting.h>
#include <pps/store_complaint.h>
#include <pps/store_feedback.h>
#include <pps/store_lost.h>
#include <pps/str.h>

#include "heard.h"
#include "lost.h"
#include "made_up.h"
#include "time.h"

enum { PROMISED_DAYS = 3, LONGEST_DAYS = 2 * 366 };

/* ---- words ---- */

static const struct words {
    const char *lang, *title, *complaint, *actions, *place, *lost, *pleased, *unhappy, *plus;
} all_words[] = {
    {"en", "noise in the room", "Music all night", "the hotel paid back two nights", "Tenerife",
     "A little dear", "Thank you for everything", "The room was not clean", "Meet us with flowers"},
    {"ru", "шум в номере", "Всю ночь играла музыка", "отель вернул деньги за две ночи", "Тенерифе",
     "Дороговато", "Спасибо за всё", "В номере было грязно", "Встречать с цветами"},
    {"bg", "шум в стаята", "Цяла нощ свиреше музика", "хотелът върна парите за две нощувки",
     "Тенерифе", "Скъпичко", "Благодарим за всичко", "Стаята беше мръсна",
     "Да ни посрещате с цветя"},
};

static const struct words *words_in(const char *lang)
{
    for (size_t i = 0; i < sizeof all_words / sizeof *all_words; i++) {
        if (str_eq(all_words[i].lang, lang))
            return &all_words[i];
    }
    return &all_words[0];
}

/* ---- the day of a greeting ---- */

/* Everything that one is made from. */
struct draft {
    const struct desk *desk; /* over the copy */
    const struct step *step;
    const struct playbook *playbook;
    const struct client *client;
    const struct words *words;
    struct occasion o;
};

static bool falls_on(const struct draft *d, civil_day day)
{
    const char *key = d->step->greeting;
    civil_day birthday;
    if (str_eq(key, GREETING_BIRTHDAY))
        return d->client->birthday != NULL &&
               birthday_in_year(d->client->birthday, civil_to_ymd(day).year,
                                d->desk->config->birthday_feb29, &birthday) &&
               birthday == day;
    for (size_t i = 0; i < d->playbook->n_holidays; i++) {
        const struct holiday *h = &d->playbook->holidays[i];
        if (str_eq(h->key, key) && holiday_falls_on(h, day))
            return true;
    }
    return false;
}

/* Nobody is greeted twice in a year. */
static bool is_greeted(const struct occasion_list *all, const char *key, int year)
{
    for (size_t i = 0; i < all->n; i++) {
        const struct occasion *o = &all->v[i];
        if (o->kind == KIND_GREETING && str_eq(o->title, key) &&
            civil_to_ymd(o->when[ANCHOR_DAY].day).year == year)
            return true;
    }
    return false;
}

/* The next one; *ret_known false: nobody knows when that is, and the day is made up. */
static civil_day greeting_day(const struct draft *d, const struct occasion_list *all,
                              bool *ret_known)
{
    civil_day today = desk_today(d->desk);
    for (int known = 1; known >= 0; known--) {
        *ret_known = known;
        for (civil_day day = today; day < today + LONGEST_DAYS; day++) {
            if ((!known || falls_on(d, day)) &&
                !is_greeted(all, d->step->greeting, civil_to_ymd(day).year))
                return day;
        }
    }
    return today;
}

/* Such a greeting keeps away from trips, and this one would fall into one. */
static bool falls_into_trip(const struct draft *d, const struct occasion_list *all, civil_day day)
{
    for (size_t i = 0; i < all->n; i++) {
        const struct occasion *o = &all->v[i];
        if (o->kind == KIND_TRIP && !o->ended && o->when[ANCHOR_DEPARTURE].day <= day &&
            day <= o->when[ANCHOR_RETURN].day)
            return (d->step->unless & FACT_BIT(FACT_TRAVELLING)) != 0;
    }
    return false;
}

/* ---- one that is made up ---- */

static bool is_at(const struct step *step, enum anchor anchor)
{
    return step->at.anchor == anchor;
}

static enum rc put_greeting(struct draft *d, struct made_up *made, struct err *err)
{
    struct occasion_list all;
    bool known;
    enum rc rc = store_occasions_of_client(d->desk->store, d->client->id, &all, err);
    if (rc != RC_OK)
        return rc;
    d->o.title = xstrdup(d->step->greeting);
    d->o.when[ANCHOR_DAY].day = greeting_day(d, &all, &known);
    made->invented = !known;
    made->why = !known ? "nobody knows its day: this one is made up"
                : falls_into_trip(d, &all, d->o.when[ANCHOR_DAY].day)
                    ? "the client is travelling that day, so none will go"
                    : "a tick plans it when its day is near";
    occasion_list_fini(&all);
    return store_occasion_add(d->desk->store, &d->o, &d->o.id, err);
}

static enum rc put_lost(struct draft *d, struct made_up *made, struct err *err)
{
    const struct staff nobody = {0};
    struct lost lost = {.reason = d->desk->config->lost_reasons.v[0],
                        .words = (char *)(uintptr_t)d->words->lost};
    d->o.title = xstrdup(d->words->place);
    d->o.when[ANCHOR_LEARNED] = desk_minute(d->desk);
    made->why = "this lost sale is made up";
    enum rc rc = lost_pick_caller(d->desk, &nobody, &d->o.manager_id, err);
    if (rc == RC_OK)
        rc = store_occasion_add(d->desk->store, &d->o, &d->o.id, err);
    lost.occasion_id = d->o.id;
    return rc == RC_OK ? store_lost_put(d->desk->store, &lost, err) : rc;
}

/* Pleased, unless the step is for those who are not. */
static enum rc put_feedback(struct draft *d, struct made_up *made, struct err *err)
{
    bool unhappy = (d->step->only_if & FACT_BIT(FACT_UNHAPPY)) != 0;
    const char *words = unhappy ? d->words->unhappy : d->words->pleased;
    struct feedback f = {.csat = unhappy ? 2 : 5,
                         .nps = unhappy ? 3 : 10,
                         .plus = (char *)(uintptr_t)d->words->plus,
                         .words = (char *)(uintptr_t)words,
                         .source = (char *)(uintptr_t) "survey"};
    d->o.when[ANCHOR_ANSWERED] = desk_minute(d->desk);
    made->why = "this answer is made up";
    enum rc rc = store_occasion_add(d->desk->store, &d->o, &d->o.id, err);
    f.occasion_id = d->o.id;
    return rc == RC_OK ? store_feedback_put(d->desk->store, &f, err) : rc;
}

/* Open, with a day by which it is to be solved, unless the step comes after the end. */
static enum rc put_complaint(struct draft *d, struct made_up *made, struct err *err)
{
    bool solved = is_at(d->step, ANCHOR_RESOLVED);
    struct civil now = desk_minute(d->desk);
    struct complaint c = {.source = (char *)(uintptr_t) "phone",
                          .words = (char *)(uintptr_t)d->words->complaint};
    d->o.title = xstrdup(d->words->title);
    d->o.when[ANCHOR_OPENED] = now;
    d->o.when[ANCHOR_PROMISED].day = now.day + PROMISED_DAYS;
    if (is_at(d->step, ANCHOR_MOVED))
        d->o.when[ANCHOR_MOVED] = now;
    if (solved) {
        d->o.when[ANCHOR_RESOLVED] = now;
        c.cause = d->desk->config->complaint_causes.v[0];
        c.actions = (char *)(uintptr_t)d->words->actions;
        c.outcome = (char *)(uintptr_t) "solved";
    }
    made->why = "this complaint is made up";
    enum rc rc = store_occasion_add(d->desk->store, &d->o, &d->o.id, err);
    c.occasion_id = d->o.id;
    return rc == RC_OK ? store_complaint_put(d->desk->store, &c, err) : rc;
}

static enum rc put(struct draft *d, struct made_up *made, struct err *err)
{
    typedef enum rc putter(struct draft *, struct made_up *, struct err *);
    static putter *const putters[KIND_COUNT] = {[KIND_LOST] = put_lost,
                                                [KIND_FEEDBACK] = put_feedback,
                                                [KIND_COMPLAINT] = put_complaint,
                                                [KIND_GREETING] = put_greeting};
    made->only_here = made->invented = true;
    enum rc rc = putters[d->step->series](d, made, err);
    made->occasion_id = d->o.id;
    occasion_fini(&d->o);
    return rc;
}

/* ---- on a copy ---- */

/* The trip that it could be about; 0: none. */
static int64_t trip_of(const struct occasion *near)
{
    return near == NULL ? 0 : near->kind == KIND_TRIP ? near->id : near->about_id;
}

static enum rc make_up(const struct made_up_wish *wish, const struct playbook *playbook,
                       int64_t version, struct made_up *made, struct err *err)
{
    const struct desk *desk = &made->desk;
    const struct step *step = playbook_step(playbook, wish->step);
    bool about = step->series == KIND_FEEDBACK || step->series == KIND_COMPLAINT;
    struct client client;
    enum rc rc = store_client_get(desk->store, wish->client_id, &client, err);
    if (rc != RC_OK)
        return rc;
    struct draft d = {
        .desk = desk,
        .step = step,
        .playbook = playbook,
        .client = &client,
        .words = words_in(str_or(wish->lang, str_or(client.lang, desk->config->agency.lang))),
        .o = {.client_id = client.id,
              .kind = step->series,
              .about_id = about ? trip_of(wish->near) : 0,
              .manager_id = wish->near != NULL ? wish->near->manager_id : 0,
              .playbook_version = version,
              .created_at = desk_now(desk)},
    };
    occasion_clear_dates(&d.o);
    rc = put(&d, made, err);
    client_fini(&client);
    return rc;
}

/* The step is new to what is there. */
static enum rc take_playbook(struct made_up *made, int64_t version, struct err *err)
{
    struct occasion o;
    enum rc rc = store_occasion_get(made->desk.store, made->occasion_id, &o, err);
    if (rc != RC_OK)
        return rc;
    o.playbook_version = version;
    made->why = "the playbook got this step later (pps plan)";
    rc = store_occasion_update(made->desk.store, &o, err);
    occasion_fini(&o);
    return rc;
}

static enum rc work_on_copy(const struct made_up_wish *wish, const struct playbook *playbook,
                            const char *text, struct made_up *made, struct err *err)
{
    int64_t version;
    enum rc rc = store_open(wish->db_path, STORE_COPY, &made->desk.store, err);
    if (rc == RC_OK)
        rc = store_begin(made->desk.store, err);
    if (rc != RC_OK)
        return rc;
    rc = store_playbook_put(made->desk.store, text, desk_now(&made->desk), &version, err);
    if (rc == RC_OK)
        rc = made->occasion_id != 0 ? take_playbook(made, version, err)
                                    : make_up(wish, playbook, version, made, err);
    return store_finish(made->desk.store, rc, err);
}

/* ---- what there is ---- */

static bool is_of(const struct step *step, const struct occasion *o)
{
    return step->series == o->kind &&
           (o->kind != KIND_GREETING || str_eq(step->greeting, o->title));
}

bool occasion_has_step(const struct occasion_file *file, const char *key)
{
    const struct step *step = playbook_step(file->playbook, key);
    for (size_t i = 0; i < file->actions.n; i++) {
        if (str_eq(file->actions.v[i].step, key))
            return true;
    }
    return step != NULL && is_of(step, &file->occasion);
}

/* Whether it could be about this, which nobody has named: what is not over, and a greeting that is not of the past. */
static bool fits(const struct desk *desk, const struct step *step, const struct occasion *o,
                 int64_t trip_id)
{
    if (!is_of(step, o))
        return false;
    if (o->kind == KIND_GREETING)
        return o->when[ANCHOR_DAY].day >= desk_today(desk);
    return !o->ended && (trip_id == 0 || o->about_id == 0 || o->about_id == trip_id);
}

/* What was named, or the newest one of the client; 0: there is none. */
static enum rc find_real(const struct desk *desk, const struct made_up_wish *wish,
                         const struct step *step, int64_t *ret_id, struct err *err)
{
    int64_t trip_id = trip_of(wish->near);
    struct occasion_list all;
    bool named = wish->near != NULL && is_of(step, wish->near);
    *ret_id = named ? wish->near->id : 0;
    if (named || step->series == KIND_TRIP)
        return RC_OK;
    enum rc rc = store_occasions_of_client(desk->store, wish->client_id, &all, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < all.n; i++) {
        if (fits(desk, step, &all.v[i], trip_id) && all.v[i].id > *ret_id)
            *ret_id = all.v[i].id;
    }
    occasion_list_fini(&all);
    return RC_OK;
}

static enum rc needs_copy(const struct desk *desk, const struct made_up_wish *wish,
                          int64_t occasion_id, bool *ret, struct err *err)
{
    struct occasion_file file;
    *ret = true;
    if (occasion_id == 0)
        return RC_OK;
    enum rc rc = store_occasion_file(desk->store, occasion_id, &file, err);
    if (rc != RC_OK)
        return rc;
    *ret = !occasion_has_step(&file, wish->step);
    occasion_file_fini(&file);
    return RC_OK;
}

static enum rc begin(const struct desk *desk, const struct made_up_wish *wish,
                     const struct playbook *playbook, const char *text, struct made_up *made,
                     struct err *err)
{
    const struct step *step = playbook_step(playbook, wish->step);
    bool copy;
    if (step == NULL)
        return RC_OK;
    enum rc rc = find_real(desk, wish, step, &made->occasion_id, err);
    if (rc != RC_OK || (made->occasion_id == 0 && step->series == KIND_TRIP))
        return rc;
    rc = needs_copy(desk, wish, made->occasion_id, &copy, err);
    return rc == RC_OK && copy ? work_on_copy(wish, playbook, text, made, err) : rc;
}

enum rc made_up_begin(const struct desk *desk, const struct made_up_wish *wish, struct made_up *ret,
                      struct err *err)
{
    struct made_up made = {.desk = *desk};
    const struct playbook *playbook;
    char *text;
    enum rc rc = planning_read_current(desk, &playbook, &text, err);
    if (rc != RC_OK)
        return rc;
    made.desk.store = NULL;
    rc = begin(desk, wish, playbook, text, &made, err);
    free(text);
    if (rc == RC_OK)
        *ret = made;
    else
        made_up_fini(&made);
    return rc;
}

void made_up_fini(struct made_up *made)
{
    store_close(made->desk.store);
    made->desk.store = NULL;
}
