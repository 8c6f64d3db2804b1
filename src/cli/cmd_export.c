/* pps export: all that is held on a client, as one document, for them and for another program. */
#include <stdlib.h>
#include <string.h>

#include <pps/file.h>
#include <pps/mail_view.h>
#include <pps/store_documents.h>
#include <pps/store_lost.h>
#include <pps/store_referral.h>
#include <pps/store_things.h>
#include <pps/store_wishes.h>
#include <pps/str.h>
#include <pps/view_things.h>
#include <pps/views.h>

#include "app.h"
#include "card.h"
#include "heard.h"

static const struct option options[] = {
    {"output", "FILE", "write it there, for nobody else to read; what is there already stays"},
};

/* ---- one occasion ---- */

/* A letter as its reader saw it; what cannot be taken apart any more is given as it went. */
static void add_words(struct json *o, const struct frozen_message *m)
{
    struct mail_view view;
    struct err ignored;
    bool letter = m->channel == CHANNEL_EMAIL &&
                  mail_view_read(m->bytes, m->len, &view, &ignored) == RC_OK;
    char *raw = letter ? NULL : xstrndup(m->bytes, m->len);
    json_add_string(o, "text", letter ? view.text : raw);
    if (letter)
        mail_view_fini(&view);
    free(raw);
}

static enum rc add_message(struct app *app, struct json *step, int64_t action_id, struct err *err)
{
    struct frozen_message m;
    enum rc rc = store_message_get(app->store, action_id, &m, err);
    if (rc == RC_NOTFOUND) {
        json_add_null(step, "message");
        return RC_OK;
    }
    if (rc != RC_OK)
        return rc;
    struct json *o = json_add_object(step, "message");
    json_add_string(o, "to", m.recipient);
    json_add_string(o, "subject", m.subject);
    view_instant(o, "made", m.frozen_at, app->zone);
    add_words(o, &m);
    frozen_message_fini(&m);
    return RC_OK;
}

static enum rc add_steps(struct app *app, struct json *o, const struct occasion_file *f,
                         struct err *err)
{
    struct json *steps = json_add_array(o, "steps");
    enum rc rc = RC_OK;
    for (size_t i = 0; i < f->actions.n && rc == RC_OK; i++) {
        const struct action *a = &f->actions.v[i];
        const struct step *step = playbook_step(f->playbook, a->step);
        struct json *v =
            view_action(steps, NULL, a, f->client.id, f->manager.login, app->zone);
        json_add_string(v, "title", step != NULL ? step->title : a->step);
        rc = add_message(app, v, a->id, err);
    }
    return rc;
}

static enum rc add_document(struct app *app, struct json *list, const struct document *d,
                            struct err *err)
{
    char *bytes;
    size_t len;
    enum rc rc = store_document_bytes(app->store, d->id, &bytes, &len, err);
    if (rc != RC_OK)
        return rc;
    struct json *o = json_add_object(list, NULL);
    char *content = str_base64(bytes, len);
    view_id(o, "id", 'D', d->id);
    json_add_string(o, "name", d->name);
    json_add_string(o, "type", d->type);
    json_add_int(o, "size", d->size);
    view_instant(o, "added", d->added_at, app->zone);
    json_add_string(o, "base64", content);
    free(content);
    free(bytes);
    return RC_OK;
}

static enum rc add_documents(struct app *app, struct json *o, int64_t occasion_id, struct err *err)
{
    struct document_rows rows;
    enum rc rc = store_documents(app->store, occasion_id, 0, &rows, err);
    if (rc != RC_OK)
        return rc;
    struct json *list = json_add_array(o, "documents");
    for (size_t i = 0; i < rows.n && rc == RC_OK; i++)
        rc = add_document(app, list, &rows.v[i].document, err);
    document_rows_fini(&rows);
    return rc;
}

static enum rc add_lost(struct app *app, struct json *o, int64_t id, struct err *err)
{
    struct lost lost;
    enum rc rc = store_lost_get(app->store, id, &lost, err);
    if (rc != RC_OK)
        return rc;
    json_add_string(o, "reason", lost.reason);
    json_add_string(o, "words", lost.words);
    json_add_string(o, "outcome", lost.outcome);
    view_id(o, "came_back_with", 'T', lost.trip_id);
    lost_fini(&lost);
    return RC_OK;
}

static enum rc add_occasion(struct app *app, struct json *list, int64_t id, struct err *err)
{
    struct occasion_file f;
    enum rc rc = store_occasion_file(app->store, id, &f, err);
    if (rc != RC_OK)
        return rc;
    struct json *o = json_add_object(list, NULL);
    json_add_string(o, "kind", kind_name(f.occasion.kind));
    if (f.occasion.kind == KIND_TRIP)
        show_trip(app, o, "about", &f.occasion, f.manager.login);
    else
        heard_json(app, view_occasion(o, "about", &f.occasion, f.manager.login, app->zone),
                   &f.occasion);
    if (f.occasion.kind == KIND_LOST)
        rc = add_lost(app, o, id, err);
    if (rc == RC_OK)
        rc = add_steps(app, o, &f, err);
    if (rc == RC_OK)
        rc = add_documents(app, o, id, err);
    occasion_file_fini(&f);
    return rc;
}

/* ---- the card ---- */

static enum rc add_occasions(struct app *app, struct json *root, int64_t id, struct err *err)
{
    struct occasion_list list;
    enum rc rc = store_occasions_of_client(app->store, id, &list, err);
    if (rc != RC_OK)
        return rc;
    struct json *rows = json_add_array(root, "occasions");
    for (size_t i = 0; i < list.n && rc == RC_OK; i++)
        rc = add_occasion(app, rows, list.v[i].id, err);
    occasion_list_fini(&list);
    return rc;
}

static enum rc add_known(struct app *app, struct json *root, int64_t id, struct err *err)
{
    struct client_facts facts = {0};
    unsigned marks;
    enum rc rc = store_client_facts(app->store, id, &facts, err);
    if (rc == RC_OK)
        rc = store_client_marks(app->store, id, &marks, err);
    if (rc == RC_OK) {
        view_facts(root, &facts);
        view_marks(root, marks);
    }
    client_facts_fini(&facts);
    return rc;
}

static enum rc add_consents(struct app *app, struct json *root, const struct client *client,
                            struct err *err)
{
    struct consent_list list;
    enum rc rc = store_consents_of_client(app->store, client, &list, err);
    if (rc != RC_OK)
        return rc;
    struct json *rows = json_add_array(root, "consents");
    for (size_t i = 0; i < list.n; i++) {
        const struct consent *c = &list.v[i];
        struct json *o = json_add_object(rows, NULL);
        view_instant(o, "at", c->at, app->zone);
        json_add_string(o, "channel", channel_name(c->channel));
        json_add_string(o, "address", c->address);
        json_add_string(o, "purpose", c->marketing ? "marketing" : "service");
        json_add_string(o, "said", c->given == GIVEN_YES  ? "yes"
                                   : c->given == GIVEN_NO ? "no"
                                                          : "taken back");
        json_add_string(o, "source", c->source);
        json_add_string(o, "entered_by", c->actor);
    }
    consent_list_fini(&list);
    return RC_OK;
}

static enum rc add_things(struct app *app, struct json *root, int64_t id, struct err *err)
{
    struct things list;
    enum rc rc = store_things_of_client(app->store, id, &list, err);
    if (rc != RC_OK)
        return rc;
    struct json *rows = json_add_array(root, "things");
    for (size_t i = 0; i < list.n; i++)
        (void)show_thing(app, rows, NULL, &list.v[i]);
    things_fini(&list);
    return RC_OK;
}

/* The other one is a person of their own: the number of the card, and nothing else. What they get is theirs, too. */
static enum rc add_referrals(struct app *app, struct json *root, int64_t id, struct err *err)
{
    struct referral_list list;
    enum rc rc = store_referrals_of_client(app->store, id, &list, err);
    if (rc != RC_OK)
        return rc;
    struct json *rows = json_add_array(root, "referrals");
    for (size_t i = 0; i < list.n; i++) {
        const struct referral *r = &list.v[i].referral;
        struct json *o = json_add_object(rows, NULL);
        bool brought = r->by_client_id == id;
        view_id(o, "id", 'R', r->id);
        view_id(o, brought ? "brought" : "brought_by", 'C',
                brought ? r->new_client_id : r->by_client_id);
        view_instant(o, "at", r->at, app->zone);
        if (brought) {
            json_add_string(o, "reward", r->reward);
            view_instant(o, "rewarded", r->rewarded_at, app->zone);
        }
    }
    referral_list_fini(&list);
    return RC_OK;
}

static enum rc add_log(struct app *app, struct json *root, int64_t id, struct err *err)
{
    const struct audit_query query = {.client_id = id, .limit = INT32_MAX};
    struct audit_list list;
    enum rc rc = store_audit_list(app->store, &query, &list, err);
    if (rc != RC_OK)
        return rc;
    struct json *rows = json_add_array(root, "log");
    for (size_t i = list.n; i-- > 0;) {
        const struct audit_entry *e = &list.v[i];
        struct json *o = json_add_object(rows, NULL);
        view_instant(o, "at", e->at, app->zone);
        json_add_string(o, "actor", e->actor);
        json_add_string(o, "verb", e->verb);
        view_occasion_id(o, "occasion", e->kind, e->occasion_id);
        view_id(o, "action", 'A', e->action_id);
        json_add_string(o, "detail", e->detail);
    }
    audit_list_fini(&list);
    return RC_OK;
}

static enum rc fill(struct app *app, struct json *root, int64_t id, struct err *err)
{
    struct client client;
    enum rc rc = store_client_get(app->store, id, &client, err);
    if (rc != RC_OK)
        return rc;
    view_instant(root, "at", clock_now(&app->clock), app->zone);
    view_client(root, "client", &client, app->zone);
    rc = add_known(app, root, id, err);
    if (rc == RC_OK)
        rc = add_consents(app, root, &client, err);
    if (rc == RC_OK)
        rc = add_occasions(app, root, id, err);
    if (rc == RC_OK)
        rc = add_things(app, root, id, err);
    if (rc == RC_OK)
        rc = add_referrals(app, root, id, err);
    if (rc == RC_OK)
        rc = add_log(app, root, id, err);
    client_fini(&client);
    return rc;
}

static enum rc write_to(struct app *app, const struct json *root, const char *path, struct err *err)
{
    char *text = json_print(root, true), *whole = xasprintf("%s\n", text);
    store_rollback(app->store); /* all is read: nobody shall wait for a slow disk */
    enum rc rc = file_write(path, whole, strlen(whole), true, err);
    if (rc == RC_OK)
        say(app, "%s: all that is held on them, for nobody else to read\n", path);
    free(whole);
    free(text);
    return rc;
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    int64_t id;
    const char *path = arg_value(args, "output");
    if (path != NULL && *path == '\0')
        return err_set(err, RC_USAGE, "--output needs a value: --output FILE");
    enum rc rc = lookup_client(&app->desk, args->words[0], &id, err);
    if (rc != RC_OK)
        return rc;
    struct json *root = view_document("export", 1);
    rc = fill(app, root, id, err);
    if (rc == RC_OK && path == NULL) {
        show_json(app, root);
        return RC_OK;
    }
    if (rc == RC_OK)
        rc = write_to(app, root, path, err);
    json_free(root);
    return rc;
}

const struct command cmd_export = {
    .name = "export",
    .group = "Clients",
    .summary = "all that is held on a client, as one JSON document, for them and for another program",
    .usage = "CLIENT [--output FILE]",
    .details = "The card, trips with every step, letters and SMS word for word, calls with their outcomes, documents,\n"
               "answers, complaints, things, what they said about being written to, and the log. Remarks that are for\n"
               "the agency alone (the note of the card, marks, the log) are in it, too: look through it before you give\n"
               "it away. Of other people only the numbers of their cards are in it.",
    .examples = "  pps export C12 --output c12.json\n"
                "  pps export Иванова",
    OPTIONS(options),
    .min_words = 1,
    .max_words = 1,
    .needs = NEEDS_A_LOOK,
    .run = run,
};
