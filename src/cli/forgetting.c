/* Forgetting a client with all that lies outside the database. Serves pps forget, pps purge and pps recover. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <pps/file.h>

#include "forgetting.h"

/* ---- the outbox ---- */

/* Only what is the name of a message: a server may have called one of its own anything. */
static bool is_message_file(const char *name)
{
    size_t n = strlen(name);
    return name[0] != '.' && strchr(name, '/') == NULL && n > 4 &&
           (str_eq(name + n - 4, ".eml") || str_eq(name + n - 4, ".txt"));
}

static void remove_file(const struct app *app, const char *name, bool dry, struct outbox_files *io)
{
    char *path = file_join(app->outbox_dir, name);
    if (file_exists(path)) {
        if (dry || unlink(path) == 0)
            io->removed++;
        else
            sb_addf(&io->left, "%s%s", io->left.len ? ", " : "", path);
    }
    free(path);
}

void outbox_forget(const struct app *app, const struct word_list *names, bool dry, struct outbox_files *io)
{
    for (size_t i = 0; i < names->n; i++) {
        if (app->outbox_dir == NULL || !is_message_file(names->v[i]))
            continue;
        char *temporary = gateway_outbox_temporary(names->v[i]); /* of a tick that died over it */
        remove_file(app, names->v[i], dry, io);
        remove_file(app, temporary, dry, io);
        free(temporary);
    }
}

void outbox_remark(struct app *app, struct outbox_files *files)
{
    if (files->left.len > 0)
        remark(app, "delete by hand: %s", sb_str(&files->left));
    sb_fini(&files->left);
}

/* ---- the act ---- */

/* By its last entry in the log a database knows that it is no older copy, and words of theirs may stand in that: an
 * entry without words comes after it, and is what is remembered. */
static enum rc leave_mark(struct app *app, const struct dispatcher *d, int64_t id, struct err *err)
{
    enum rc rc = service_forget_asked(&app->desk, id, err);
    if (rc == RC_OK)
        dispatch_note_seen(d);
    return rc;
}

static bool is_forgotten(struct app *app, int64_t id)
{
    struct client c;
    struct err ignored;
    if (store_client_get(app->store, id, &c, &ignored) != RC_OK)
        return false;
    bool forgotten = client_is_forgotten(&c);
    client_fini(&c);
    return forgotten;
}

/* The files go first: after the commit nobody knows any more which they were, should we die in between. And before that,
 * while it can still be refused, the line that tells an older copy of it. */
static enum rc prepare(struct app *app, const struct dispatcher *d, int64_t id, int64_t known_entry,
                       struct outbox_files *io, struct err *err)
{
    struct forgotten f;
    struct err ignored;
    enum rc rc = service_forget(&app->desk, id, known_entry, true, &f, err);
    /* One that died before its last line has left the sent log unsure: who says it again makes it sure. */
    if (rc == RC_REJECTED && is_forgotten(app, id))
        (void)!dispatch_note_forgotten(d, id, &ignored);
    if (rc != RC_OK)
        return rc;
    rc = dispatch_note_forgetting(d, id, err);
    if (rc == RC_OK)
        outbox_forget(app, &f.handed, false, io);
    forgotten_fini(&f);
    return rc == RC_OK ? leave_mark(app, d, id, err) : rc;
}

enum rc forget_client(struct app *app, int64_t id, int64_t known_entry, struct forgotten *ret,
                      struct outbox_files *io, struct err *err)
{
    struct err why;
    struct dispatcher d = app_dispatcher(app);
    enum rc rc = prepare(app, &d, id, known_entry, io, err);
    if (rc == RC_OK)
        rc = service_forget(&app->desk, id, known_entry, false, ret, err);
    if (rc == RC_OK && dispatch_note_forgotten(&d, id, &why) != RC_OK)
        remark(app, "C%lld is forgotten, but an older backup that is put back will not be sure of it: %s",
               (long long)id, why.message);
    return rc;
}

/* ---- what forgetting does not reach ---- */

static const char remains[] =
    "that something was sent, called or bought, where to and when, for the reports; the "
    "last \"no\" of an address, sealed, so that nobody writes there";
/* What pps cannot reach. */
static const char *const elsewhere[] = {
    "backups of before, pps.db.before-recover-…: delete them; if one is put back, pps recover forgets again, by pps.db.sent",
    "the mail server, the SMS provider, the survey service: their own records",
    "mailboxes of colleagues: lists of the morning, answers of the client",
    "other cards and notes, where a colleague has written of them by name",
};
enum { ELSEWHERE = sizeof elsewhere / sizeof *elsewhere };

void forgetting_say_remains(struct app *app)
{
    say(app, "what remains: %s\n", remains);
}

void forgetting_say_elsewhere(struct app *app)
{
    say(app, "not in reach of pps:\n");
    for (int i = 0; i < ELSEWHERE; i++)
        say(app, "  %s\n", elsewhere[i]);
}

void forgetting_add_limits(struct json *root)
{
    json_add_string(root, "remains", remains);
    struct json *list = json_add_array(root, "elsewhere");
    for (int i = 0; i < ELSEWHERE; i++)
        json_add_string(list, NULL, elsewhere[i]);
}
