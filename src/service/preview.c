/* Previews: what a client of this trip would get for this step, made by the same hands as the real thing (dispatch_words,
 * service_script) and written nowhere. A step that is not planned is shown as if it were, with the reason why it is not.
 * Serves pps preview and pps send-test. */
#include <stdlib.h>
#include <string.h>

#include <pps/dispatch.h>
#include <pps/message.h>
#include <pps/preview.h>
#include <pps/steer.h>
#include <pps/str.h>
#include <pps/utf8.h>

#include "internal.h"

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
    const struct desk *desk;
    const struct preview_wish *wish;
    const struct occasion_file *file;
};

/* ---- the hour ---- */

/* The hour at which it is looked at: its own, because "tomorrow" must mean the day after that; when that has passed, now. */
static int64_t moment_of(const struct viewing *v, const struct action *a, int64_t due)
{
    const struct zone *zone;
    int64_t now = desk_now(v->desk);
    if (v->wish->day != CIVIL_NONE) {
        if (client_zone(v->desk, &v->file->client, &zone, NULL) != RC_OK)
            zone = v->desk->zone;
        int16_t minute = a->id != 0 ? a->local_due.minute : NOON;
        return zone_to_utc(zone,
                           (struct civil){v->wish->day, minute == MINUTE_NONE ? NOON : minute});
    }
    if ((a->state == STATE_SENT || a->state == STATE_DONE) && a->done_at != 0)
        return a->done_at;
    return due > now ? due : now;
}

static void set_hour(const struct viewing *v, struct preview_piece *p, const struct action *a)
{
    const struct zone *zone = v->desk->zone;
    p->at.day = CIVIL_NONE;
    if (a->id == 0)
        return;
    p->at = a->local_due;
    p->tz = xstrdup(a->tz);
    if (p->instead) {
        (void)!client_zone(v->desk, &v->file->client, &zone, NULL);
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
    if (v->wish->lang == NULL || v->wish->sent)
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
        .occasion = v->file->occasion,
        .client = v->file->client,
        .manager = v->file->manager,
        .playbook = v->file->playbook,
    };
    desk.clock = &clock;
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
    if (p->channel == CHANNEL_EMAIL)
        return mail_view_read(p->bytes, p->len, &p->mail, err);
    p->text = xstrndup(p->bytes, p->len);
    p->size = sms_measure(p->text);
    return RC_OK;
}

static enum rc message(const struct viewing *v, const struct action *a, int64_t at,
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
    const struct words_wish wish = {.lang = v->wish->lang, .test = v->wish->test};
    struct message_words words;
    enum rc rc = dispatch_words(&d, a, &wish, &words, err);
    if (rc != RC_OK)
        return rc;
    p->preheader = words.preheader;
    return take_message(p, &words.message, err);
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
    return take_message(p, &m, err);
}

static enum rc make_piece(const struct viewing *v, const struct action *a, int64_t due,
                          struct preview_piece *p, struct err *err)
{
    struct action as_it_goes = *a; /* borrowed: only its channel is another */
    as_it_goes.channel = p->channel;
    int64_t at = moment_of(v, a, due);
    enum rc rc = check_lang(v, a->step, p->channel, err);
    if (rc != RC_OK)
        return rc;
    if (v->wish->sent)
        return sent_message(v, a, p, err);
    return channel_is_human(p->channel) ? script(v, &as_it_goes, at, p, err)
                                        : message(v, &as_it_goes, at, p, err);
}

/* Adds one; what is wrong with it stays in it. */
static void add_piece(const struct viewing *v, struct preview *ret, enum channel channel,
                      bool instead)
{
    struct preview_piece *p = &ret->pieces[ret->n_pieces++];
    *p = (struct preview_piece){.channel = channel, .instead = instead};
    p->rc = make_piece(v, &ret->action, instead ? ret->action.fallback_at : ret->action.due_at, p,
                       &p->why);
    set_hour(v, p, &ret->action);
}

/* ---- a step ---- */

/* A call that may still become its message, or a step that is not planned and would. */
static bool has_message_instead(const struct preview *p, const struct step *step, enum channel *ret)
{
    const struct action *a = &p->action;
    bool open = a->state == STATE_PENDING && a->fallback_at != 0;
    if (!channel_is_human(a->channel) || (a->id != 0 && !open) ||
        (a->id == 0 && (step == NULL || !step->has_fallback)))
        return false;
    *ret = a->id != 0 ? a->fallback_channel : step->fallback_channel;
    return true;
}

static bool is_left_out(const struct action *a)
{
    return a->state == STATE_CANCELLED || a->state == STATE_SUPPRESSED || a->state == STATE_SKIPPED;
}

/* Makes the pieces of an action or of what stands for one; takes it, and state. */
static void view(const struct viewing *v, struct action *action, char *state, struct preview *ret)
{
    const struct step *step = playbook_step(&v->file->playbook, action->step);
    enum channel other;
    *ret = (struct preview){
        .action = *action,
        .title = xstrdup(step != NULL ? step->title : action->step),
        .state = state,
        .goes = action->id != 0 && !is_left_out(action),
    };
    add_piece(v, ret, ret->action.channel, false);
    if (!v->wish->sent && has_message_instead(ret, step, &other))
        add_piece(v, ret, other, true);
}

static bool reaches(const struct client *client, enum channel channel)
{
    if (channel == CHANNEL_EMAIL)
        return client->email != NULL;
    return (channel != CHANNEL_SMS && channel != CHANNEL_CALL) ||
           (client->phone != NULL && !client->phone_wrong);
}

/* A step that has no action: as it would be, by the first way that reaches the client. */
static struct action unplanned(const struct viewing *v, const struct step *step)
{
    const struct client *client = &v->file->client;
    enum channel channel = step->channel;
    for (size_t i = 0; i < step->n_otherwise && !reaches(client, channel); i++) {
        if (reaches(client, step->otherwise[i]))
            channel = step->otherwise[i];
    }
    return (struct action){
        .occasion_id = v->file->occasion.id,
        .kind = v->file->occasion.kind,
        .step = xstrdup(step->key),
        .channel = channel,
        .planned_channel = channel,
        .local_due.day = CIVIL_NONE,
    };
}

static char *why_unplanned(const struct viewing *v, const struct step *step)
{
    const char *why = v->file->occasion.ended ? "it has ended"
                      : service_was_refused(v->file, step)
                          ? "not asked again, the client has refused it"
                          : anchor_waits(step->at.anchor);
    return xasprintf("not planned: %s", why);
}

static char *state_of(const struct viewing *v, const struct action *a)
{
    const struct zone *zone;
    if (zone_find(a->tz, &zone, NULL) != RC_OK)
        zone = v->desk->zone;
    civil_day today = zone_to_local(zone, desk_now(v->desk)).day;
    return action_explain(a, today, v->file->occasion.manager_id != 0);
}

/* ---- which ---- */

static struct preview *next_of(struct previews *all)
{
    vec_reserve(&all->v, all->n, &all->cap, sizeof *all->v);
    return &all->v[all->n++];
}

static void view_action_at(const struct viewing *v, struct action *a, struct previews *ret)
{
    char *state = state_of(v, a);
    view(v, a, state, next_of(ret));
    *a = (struct action){0};
}

/* The last occurrence of a step; all->n: there is none. */
static size_t last_of(const struct actions *all, const char *key)
{
    size_t found = all->n;
    for (size_t i = 0; i < all->n; i++) {
        if (str_eq(all->v[i].step, key) &&
            (found == all->n || all->v[i].occurrence > all->v[found].occurrence))
            found = i;
    }
    return found;
}

static enum rc no_such_step(const struct viewing *v, const char *key, struct err *err)
{
    const struct playbook *playbook = &v->file->playbook;
    const char **keys = xcalloc(playbook->n_steps, sizeof *keys);
    size_t n = 0;
    char id[ID_TEXT_BYTES];
    occasion_id_format(v->file->occasion.kind, v->file->occasion.id, id);
    for (size_t i = 0; i < playbook->n_steps; i++) {
        if (playbook->steps[i].series == v->file->occasion.kind)
            keys[n++] = playbook->steps[i].key;
    }
    const char *near = str_nearest(key, keys, n);
    char *safe = utf8_printable(key, true);
    enum rc rc = near != NULL
                     ? err_set(err, RC_NOTFOUND, "%s has no step \"%.60s\": did you mean %s?", id,
                               safe, near)
                     : err_set(err, RC_NOTFOUND,
                               "%s has no step \"%.60s\": pps preview --all --trip %s shows them",
                               id, safe, id);
    free(safe);
    free(keys);
    return rc;
}

static enum rc view_step(const struct viewing *v, struct occasion_file *file, const char *key,
                         struct previews *ret, struct err *err)
{
    const struct step *step = playbook_step(&file->playbook, key);
    size_t at = last_of(&file->actions, key);
    if (at < file->actions.n) {
        struct action a = file->actions.v[at]; /* taken: the file keeps none of it */
        file->actions.v[at] = (struct action){0};
        view_action_at(v, &a, ret);
        return RC_OK;
    }
    if (step == NULL || step->series != file->occasion.kind)
        return no_such_step(v, key, err);
    struct action a = unplanned(v, step);
    view(v, &a, why_unplanned(v, step), next_of(ret));
    return RC_OK;
}

/* What waits for a date. Nobody hopes for a correction, and a greeting waits for nothing. */
static void view_waiting(const struct viewing *v, struct previews *ret)
{
    const struct playbook *playbook = &v->file->playbook;
    for (size_t i = 0; i < playbook->n_steps && !v->file->occasion.ended; i++) {
        const struct step *step = &playbook->steps[i];
        if (last_of(&v->file->actions, step->key) < v->file->actions.n ||
            step->series != v->file->occasion.kind || step->series == KIND_GREETING ||
            step->at.anchor == ANCHOR_MOVED)
            continue;
        struct action a = unplanned(v, step);
        view(v, &a, why_unplanned(v, step), next_of(ret));
    }
}

/* Everything in order of time, then what waits for a date, then what is left out. */
static void view_all(const struct viewing *v, struct occasion_file *file, struct previews *ret)
{
    struct actions *all = &file->actions;
    struct previews waiting = {0};
    view_waiting(v, &waiting); /* first, while the file still has its actions */
    for (int off = 0; off <= 1; off++) {
        for (size_t i = 0; i < all->n; i++) {
            if (all->v[i].id != 0 && is_left_out(&all->v[i]) == (off == 1))
                view_action_at(v, &all->v[i], ret);
        }
        for (size_t i = 0; i < waiting.n && off == 0; i++)
            *next_of(ret) = waiting.v[i];
    }
    free(waiting.v);
}

/* ---- the use case ---- */

/* *ret_step: the key that is asked for, a new string; NULL: all. */
static enum rc find_occasion(const struct desk *desk, const struct preview_wish *wish,
                             int64_t *ret_id, char **ret_step, struct err *err)
{
    struct action a;
    *ret_step = NULL;
    if (wish->about != NULL) {
        enum rc rc = lookup_occasion(desk, wish->about, ret_id, err);
        if (rc == RC_OK)
            *ret_step = xstrdup(wish->step);
        return rc;
    }
    const char *slash = strchr(wish->step, '/');
    if (slash != NULL) {
        char *about = xstrndup(wish->step, (size_t)(slash - wish->step));
        enum rc rc = lookup_occasion(desk, about, ret_id, err);
        free(about);
        if (rc == RC_OK)
            *ret_step = xstrdup(slash + 1);
        return rc;
    }
    enum rc rc = lookup_action(desk, wish->step, &a, err);
    if (rc != RC_OK)
        return rc;
    *ret_id = a.occasion_id;
    *ret_step = xstrdup(a.step);
    action_fini(&a);
    return RC_OK;
}

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

enum rc service_preview(const struct desk *desk, const struct preview_wish *wish,
                        struct previews *ret, struct err *err)
{
    struct occasion_file file;
    struct previews all = {0};
    int64_t id;
    char *step = NULL, *lang = NULL;
    enum rc rc = field_lang(wish->lang, &lang, err);
    if (rc != RC_OK)
        return rc;
    free(lang);
    rc = find_occasion(desk, wish, &id, &step, err);
    if (rc == RC_OK)
        rc = store_occasion_file(desk->store, id, &file, err);
    if (rc != RC_OK) {
        free(step);
        return rc;
    }
    const struct viewing v = {desk, wish, &file};
    if (step != NULL)
        rc = view_step(&v, &file, step, &all, err);
    else
        view_all(&v, &file, &all);
    if (rc == RC_OK && step != NULL)
        rc = judge(&all, err);
    if (rc == RC_OK) {
        all.occasion = file.occasion;
        all.client = file.client;
        file.occasion = (struct occasion){0};
        file.client = (struct client){0};
        *ret = all;
    } else {
        previews_fini(&all);
    }
    occasion_file_fini(&file);
    free(step);
    return rc;
}
