/* Previews: what a client of this trip would get for this step, made by the same hands as the real thing (dispatch_words,
 * service_script) and written nowhere. A step that is not planned is shown as if it were, with the reason why it is not; one
 * that is about nothing in the database yet, with what made_up.c makes up. Serves pps preview and pps send-test. */
#include <stdlib.h>
#include <string.h>

#include <pps/agenda.h>
#include <pps/dispatch.h>
#include <pps/message.h>
#include <pps/preview.h>
#include <pps/steer.h>
#include <pps/str.h>
#include <pps/token.h>
#include <pps/utf8.h>

#include "around.h"
#include "follow.h"
#include "internal.h"
#include "made_up.h"

enum { NOON = 12 * 60 };

static void piece_fini(struct preview_piece *p)
{
    free(p->tz);
    free(p->recipient);
    free(p->bytes);
    free(p->preheader);
    free(p->text);
    mail_view_fini(&p->mail);
}

static void preview_fini(struct preview *p)
{
    for (size_t i = 0; i < p->n_pieces; i++)
        piece_fini(&p->pieces[i]);
    action_fini(&p->action);
    free(p->title);
    free(p->state);
}

void previews_fini(struct previews *previews)
{
    for (size_t i = 0; i < previews->n; i++)
        preview_fini(&previews->v[i]);
    free(previews->v);
    occasion_fini(&previews->occasion);
    client_fini(&previews->client);
    *previews = (struct previews){0};
}

/* What one preview is made from. */
struct viewing {
    const struct desk *desk; /* of the database, or of made.desk, a copy */
    const struct preview_wish *wish;
    char *step;        /* that is asked for; NULL: all */
    int64_t action_id; /* of it, when this one was named; 0: the last one of the step */
    struct made_up made;
    struct occasion_file file;
};

static void viewing_fini(struct viewing *v)
{
    occasion_file_fini(&v->file);
    made_up_fini(&v->made);
    free(v->step);
}

/* ---- the hour ---- */

/* The hour at which it is looked at: its own, because "tomorrow" must mean the day after that; when that has passed, now. */
static int64_t moment_of(const struct viewing *v, const struct action *a, int64_t due)
{
    const struct zone *zone;
    int64_t now = desk_now(v->desk);
    if (v->wish->day != CIVIL_NONE) {
        if (client_zone(v->desk, &v->file.client, &zone, NULL) != RC_OK)
            zone = v->desk->zone;
        int16_t minute = a->local_due.minute == MINUTE_NONE ? NOON : a->local_due.minute;
        return zone_to_utc(zone, (struct civil){v->wish->day, minute});
    }
    if ((a->state == STATE_SENT || a->state == STATE_DONE) && a->done_at != 0)
        return a->done_at;
    return due > now ? due : now;
}

static void set_hour(const struct viewing *v, struct preview_piece *p, const struct action *a)
{
    const struct zone *zone = v->desk->zone;
    p->at = a->local_due;
    p->tz = xstrdup(a->tz);
    if (p->instead && p->at.day != CIVIL_NONE) {
        (void)!client_zone(v->desk, &v->file.client, &zone, NULL);
        p->at = zone_to_local(zone, a->fallback_at);
        free(p->tz);
        p->tz = xstrdup(zone_name(zone));
    }
}

/* ---- the words ---- */

static enum rc check_lang(const struct viewing *v, const char *step, enum channel channel,
                          struct err *err)
{
    struct err why;
    if (v->wish->lang == NULL)
        return RC_OK;
    enum rc rc = message_check_template(v->desk->templates_dir, step, channel, v->wish->lang, &why);
    return rc == RC_NOTFOUND ? err_set(err, RC_NOTFOUND, "%s", why.message) : RC_OK;
}

static enum rc script(const struct viewing *v, const struct action *a, int64_t at,
                      struct preview_piece *p, struct err *err)
{
    const struct clock clock = clock_fixed(at);
    struct desk desk = *v->desk;
    struct case_file file = {
        .action = *a,
        .occasion = v->file.occasion,
        .client = v->file.client,
        .manager = v->file.manager,
        .playbook = v->file.playbook,
    };
    desk.clock = &clock;
    desk.actor = NULL; /* who looks at it is not who will say it */
    if (v->wish->lang != NULL)
        file.client.lang = (char *)(uintptr_t)v->wish->lang;
    return service_script(&desk, &file, &p->text, err);
}

/* Takes the message. */
static enum rc take_message(struct preview_piece *p, struct frozen_message *m, struct err *err)
{
    p->recipient = m->recipient;
    p->bytes = m->bytes;
    p->len = m->len;
    m->recipient = m->bytes = NULL;
    frozen_message_fini(m);
    if (p->channel != CHANNEL_EMAIL) {
        p->text = xstrndup(p->bytes, p->len);
        p->size = sms_measure(p->text);
        return RC_OK;
    }
    enum rc rc = mail_view_read(p->bytes, p->len, &p->mail, err);
    if (p->recipient == NULL) { /* it is to an address that leads nowhere */
        free(p->mail.to);
        p->mail.to = NULL;
    }
    return rc;
}

static enum rc message(const struct viewing *v, const struct action *a, int64_t at, bool goes,
                       struct preview_piece *p, struct err *err)
{
    const struct clock clock = clock_fixed(at);
    const struct dispatcher d = {
        .store = v->desk->store,
        .config = v->desk->config,
        .clock = &clock,
        .zone = v->desk->zone,
        .templates_dir = v->desk->templates_dir,
    };
    const struct words_wish wish = {.lang = v->wish->lang, .to_nobody = !goes};
    struct message_words words;
    enum rc rc = dispatch_words(&d, a, &wish, &words, err);
    if (rc != RC_OK)
        return rc;
    p->preheader = words.preheader;
    return take_message(p, &words.message, err);
}

/* Takes a text; new string. */
static char *without(char *text, const char *token)
{
    struct sb sb = {0};
    const char *from = text, *at;
    if (text == NULL)
        return NULL;
    for (; (at = strstr(from, token)) != NULL; from = at + strlen(token)) {
        sb_addn(&sb, from, (size_t)(at - from));
        sb_add(&sb, "...");
    }
    sb_add(&sb, from);
    free(text);
    return sb_take(&sb);
}

/* What has gone holds the link by which its reader stops such letters: it must not act for them when somebody else looks at
 * it. */
static enum rc blunt(const struct viewing *v, struct mail_view *mail, struct err *err)
{
    char *key = NULL, token[TOKEN_BYTES];
    enum rc rc = store_setting_get(v->desk->store, TOKEN_KEY_SETTING, &key, err);
    if (rc != RC_OK || key == NULL)
        return rc;
    token_make(key, TOKEN_UNSUBSCRIBE, v->file.client.id, token);
    mail->html = without(mail->html, token);
    mail->text = without(mail->text, token);
    free(key);
    return RC_OK;
}

static enum rc sent_message(const struct viewing *v, const struct action *a,
                            struct preview_piece *p, struct err *err)
{
    struct frozen_message m;
    struct err why;
    enum rc rc = a->id != 0 ? store_message_get(v->desk->store, a->id, &m, &why) : RC_NOTFOUND;
    if (rc == RC_NOTFOUND && channel_is_human(a->channel))
        return err_set(err, rc, "%s is a %s: nothing was sent", a->step, channel_word(a->channel));
    if (rc == RC_NOTFOUND)
        return err_set(err, rc, "%s has not been sent: without --sent you see what would go",
                       a->step);
    if (rc != RC_OK)
        return err_set(err, rc, "%s", why.message);
    p->channel = m.channel;
    rc = take_message(p, &m, err);
    return rc == RC_OK ? blunt(v, &p->mail, err) : rc;
}

static enum rc make_piece(const struct viewing *v, const struct preview *of,
                          struct preview_piece *p, struct err *err)
{
    struct action as_it_goes = of->action; /* borrowed: only its channel is another */
    as_it_goes.channel = p->channel;
    int64_t at = moment_of(v, &of->action, p->instead ? of->action.fallback_at : of->action.due_at);
    if (v->wish->sent)
        return sent_message(v, &of->action, p, err);
    enum rc rc = check_lang(v, of->action.step, p->channel, err);
    if (rc != RC_OK)
        return rc;
    return channel_is_human(p->channel) ? script(v, &as_it_goes, at, p, err)
                                        : message(v, &as_it_goes, at, of->goes, p, err);
}

/* Adds one; what is wrong with it stays in it. */
static void add_piece(const struct viewing *v, struct preview *ret, enum channel channel,
                      bool instead)
{
    struct preview_piece *p = &ret->pieces[ret->n_pieces++];
    *p = (struct preview_piece){.channel = channel, .instead = instead};
    p->rc = make_piece(v, ret, p, &p->why);
    set_hour(v, p, &ret->action);
}

/* ---- a step ---- */

/* A call that may still become its message. */
static bool has_message_instead(const struct action *a)
{
    return channel_is_human(a->channel) && a->state == STATE_PENDING && a->fallback_at != 0;
}

static bool is_left_out(const struct action *a)
{
    return a->state == STATE_CANCELLED || a->state == STATE_SUPPRESSED || a->state == STATE_SKIPPED;
}

/* Makes the pieces of an action or of what stands for one; takes it, and state. */
static void view(const struct viewing *v, struct action *action, char *state, struct preview *ret)
{
    const struct step *step = playbook_step(v->file.playbook, action->step);
    *ret = (struct preview){
        .action = *action,
        .title = xstrdup(step != NULL ? step->title : action->step),
        .state = state,
        .goes = action->id != 0 && !is_left_out(action),
    };
    add_piece(v, ret, ret->action.channel, false);
    if (!v->wish->sent && has_message_instead(&ret->action))
        add_piece(v, ret, ret->action.fallback_channel, true);
}

/* As the planner has it. For what waits for a date, that is tomorrow: only to learn by which way it goes. */
static enum rc plan_step(const struct viewing *v, const struct step *step, struct action *a,
                         struct err *err)
{
    struct around around;
    struct circumstances circumstances;
    struct plan plan;
    enum rc rc = around_read(v->desk, v->file.client.id, &around, err);
    if (rc != RC_OK)
        return rc;
    rc = circumstances_of(v->desk, &v->file, &around, &circumstances, err);
    if (rc != RC_OK) {
        around_fini(&around);
        return rc;
    }
    struct civil *anchor = &circumstances.in.when[step->at.anchor];
    if (anchor->day == CIVIL_NONE)
        anchor->day = desk_today(v->desk) + 1;
    plan_make(&circumstances.in, &plan);
    for (size_t i = 0; i < plan.n; i++) {
        if (plan.items[i].step == step)
            row_take_plan(&plan.items[i], a);
    }
    plan_fini(&plan);
    circumstances_fini(&circumstances);
    around_fini(&around);
    return RC_OK;
}

/* A step that has no action: as it would be. */
static struct action unplanned(const struct viewing *v, const struct step *step)
{
    struct action a = {
        .occasion_id = v->file.occasion.id,
        .kind = v->file.occasion.kind,
        .step = xstrdup(step->key),
        .channel = step->channel,
        .local_due = {CIVIL_NONE, MINUTE_NONE},
    };
    struct err ignored; /* the same is said when its words are made */
    (void)!plan_step(v, step, &a, &ignored);
    if (v->file.occasion.when[step->at.anchor].day == CIVIL_NONE) {
        a.local_due = (struct civil){CIVIL_NONE, MINUTE_NONE};
        a.due_at = 0;
        if (a.fallback_at != 0) /* there is a message instead; nobody knows when */
            a.fallback_at = desk_now(v->desk);
    }
    return a;
}

static char *why_unplanned(const struct viewing *v, const struct step *step)
{
    const char *why = v->file.occasion.ended ? "it has ended"
                      : v->made.why != NULL  ? v->made.why
                      : service_was_refused(&v->file, step)
                          ? "not asked again, the client has refused it"
                          : anchor_waits(step->at.anchor);
    return xasprintf("not planned: %s", why);
}

static char *state_of(const struct viewing *v, const struct action *a)
{
    const struct zone *zone;
    if (zone_find(a->tz, &zone, NULL) != RC_OK)
        zone = v->desk->zone;
    const struct work_day day = work_day_of(v->desk, zone);
    return action_explain(a, &day, v->file.occasion.manager_id != 0);
}

/* ---- which ---- */

static struct preview *next_of(struct previews *all)
{
    vec_reserve(&all->v, all->n, &all->cap, sizeof *all->v);
    return &all->v[all->n++];
}

/* Takes it: the file keeps none of it. */
static void view_planned(const struct viewing *v, struct action *a, struct previews *ret)
{
    char *state = state_of(v, a);
    view(v, a, state, next_of(ret));
    *a = (struct action){0};
}

static void view_unplanned(const struct viewing *v, const struct step *step, struct previews *ret)
{
    struct action a = unplanned(v, step);
    view(v, &a, why_unplanned(v, step), next_of(ret));
}

/* The last occurrence of a step, or this one; all->n: there is none. */
static size_t action_of(const struct actions *all, const char *key, int64_t id)
{
    size_t found = all->n;
    for (size_t i = 0; i < all->n; i++) {
        if (str_eq(all->v[i].step, key) && (id == 0 || all->v[i].id == id) &&
            (found == all->n || all->v[i].occurrence > all->v[found].occurrence))
            found = i;
    }
    return found;
}

static void view_step(struct viewing *v, struct previews *ret)
{
    size_t at = action_of(&v->file.actions, v->step, v->action_id);
    if (at < v->file.actions.n)
        view_planned(v, &v->file.actions.v[at], ret);
    else
        view_unplanned(v, playbook_step(v->file.playbook, v->step), ret);
}

/* What waits for a date. Nobody hopes for a correction, and a greeting waits for nothing. */
static void view_waiting(const struct viewing *v, struct previews *ret)
{
    const struct playbook *playbook = v->file.playbook;
    for (size_t i = 0; i < playbook->n_steps && !v->file.occasion.ended; i++) {
        const struct step *step = &playbook->steps[i];
        if (action_of(&v->file.actions, step->key, 0) == v->file.actions.n &&
            step->series == v->file.occasion.kind && step->series != KIND_GREETING &&
            step->at.anchor != ANCHOR_MOVED)
            view_unplanned(v, step, ret);
    }
}

/* Everything in order of time, then what waits for a date, then what is left out. */
static void view_all(struct viewing *v, struct previews *ret)
{
    struct actions *all = &v->file.actions;
    struct previews waiting = {0};
    view_waiting(v, &waiting); /* first, while the file still has its actions */
    for (int off = 0; off <= 1; off++) {
        for (size_t i = 0; i < all->n; i++) {
            if (all->v[i].id != 0 && is_left_out(&all->v[i]) == (off == 1))
                view_planned(v, &all->v[i], ret);
        }
        for (size_t i = 0; i < waiting.n && off == 0; i++)
            *next_of(ret) = waiting.v[i];
    }
    free(waiting.v);
}

/* ---- what is asked for ---- */

static enum rc no_such_step(const struct viewing *v, struct err *err)
{
    const struct playbook *playbook = v->file.playbook;
    const char **keys = xcalloc(playbook->n_steps, sizeof *keys);
    char id[ID_TEXT_BYTES];
    occasion_id_format(v->file.occasion.kind, v->file.occasion.id, id);
    for (size_t i = 0; i < playbook->n_steps; i++)
        keys[i] = playbook->steps[i].key;
    const char *near = str_nearest(v->step, keys, playbook->n_steps);
    char *safe = utf8_printable(v->step, true);
    enum rc rc = near != NULL && !str_eq(near, v->step)
                     ? err_set(err, RC_NOTFOUND, "%s has no step \"%.60s\": did you mean %s?", id,
                               safe, near)
                     : err_set(err, RC_NOTFOUND,
                               "%s has no step \"%.60s\": pps preview --all --trip %s shows them",
                               id, safe, id);
    free(safe);
    free(keys);
    return rc;
}

/* "T34", a client, or, when nothing but a step is given, "A156" or "T34/packing". *ret_client: when this is a client, but no
 * trip of theirs. */
static enum rc find_named(struct viewing *v, int64_t *ret_id, int64_t *ret_client, struct err *err)
{
    const struct preview_wish *wish = v->wish;
    const char *slash = wish->about == NULL ? strchr(wish->step, '/') : NULL;
    struct action a;
    struct err ignored;
    if (wish->about == NULL && slash == NULL) {
        enum rc rc = lookup_action(v->desk, wish->step, &a, err);
        if (rc != RC_OK)
            return rc;
        *ret_id = a.occasion_id;
        v->step = xstrdup(a.step);
        v->action_id = a.id;
        action_fini(&a);
        return RC_OK;
    }
    char *about =
        slash == NULL ? xstrdup(wish->about) : xstrndup(wish->step, (size_t)(slash - wish->step));
    v->step = xstrdup(slash == NULL ? wish->step : slash + 1);
    enum rc rc = lookup_occasion(v->desk, about, ret_id, err);
    if (rc != RC_OK &&
        (v->step == NULL || lookup_client(v->desk, about, ret_client, &ignored) != RC_OK))
        *ret_client = 0;
    free(about);
    return rc;
}

/* From what was named to what has the step. */
static enum rc find_step(struct viewing *v, const struct desk *desk, int64_t client_id,
                         struct err *err)
{
    const struct occasion *near = v->file.occasion.id != 0 ? &v->file.occasion : NULL;
    const struct made_up_wish wish = {.near = near,
                                      .client_id = client_id,
                                      .step = v->step,
                                      .lang = v->wish->lang,
                                      .db_path = v->wish->db_path};
    enum rc rc = made_up_begin(desk, &wish, &v->made, err);
    if (rc != RC_OK || v->made.occasion_id == 0)
        return rc;
    if (v->made.desk.store != NULL)
        v->desk = &v->made.desk;
    occasion_file_fini(&v->file);
    v->file = (struct occasion_file){0};
    return store_occasion_file(v->desk->store, v->made.occasion_id, &v->file, err);
}

static enum rc find(struct viewing *v, struct err *err)
{
    int64_t id, client_id = 0;
    struct err why = {0};
    enum rc named = find_named(v, &id, &client_id, &why), rc = named;
    if (named == RC_OK)
        rc = store_occasion_file(v->desk->store, id, &v->file, err);
    else if (client_id == 0)
        return err_set(err, named, "%s", why.message);
    if (named == RC_OK) {
        if (rc != RC_OK || v->step == NULL || occasion_has_step(&v->file, v->step))
            return rc;
        client_id = v->file.client.id;
    }
    rc = find_step(v, v->desk, client_id, err);
    if (rc != RC_OK || v->made.occasion_id != 0)
        return rc;
    return named == RC_OK ? no_such_step(v, err) : err_set(err, named, "%s", why.message);
}

/* ---- the use case ---- */

/* Of one step that was asked for, what is wrong with it is the answer. */
static enum rc judge(const struct previews *all, struct err *err)
{
    const struct preview *p = &all->v[0];
    for (size_t i = 0; i < p->n_pieces; i++) {
        if (p->pieces[i].rc != RC_OK)
            return err_set(err, p->pieces[i].rc, "%s", p->pieces[i].why.message);
    }
    return RC_OK;
}

static enum rc view_wanted(struct viewing *v, struct previews *all, struct err *err)
{
    enum rc rc = find(v, err);
    if (rc != RC_OK)
        return rc;
    if (v->step != NULL)
        view_step(v, all);
    else
        view_all(v, all);
    if (v->step != NULL)
        rc = judge(all, err);
    all->occasion = v->file.occasion;
    all->client = v->file.client;
    v->file.occasion = (struct occasion){0};
    v->file.client = (struct client){0};
    all->made_up = v->made.invented;
    if (v->made.only_here)
        all->occasion.id = 0; /* in the database another one gets this number */
    return rc;
}

enum rc service_preview(const struct desk *desk, const struct preview_wish *wish,
                        struct previews *ret, struct err *err)
{
    struct viewing v = {.desk = desk, .wish = wish};
    struct previews all = {0};
    char *lang = NULL;
    enum rc rc = field_lang(wish->lang, &lang, err);
    free(lang);
    if (rc == RC_OK)
        rc = view_wanted(&v, &all, err);
    viewing_fini(&v);
    if (rc == RC_OK)
        *ret = all;
    else
        previews_fini(&all);
    return rc;
}
