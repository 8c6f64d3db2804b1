/* Who was forgotten, as the sent log knows it: a line before the database is changed and another when that is done, so that a
 * copy from before learns of it. The first alone proves nothing, for the change may have failed or never come; a person is
 * told then. The lines hold the number of the card and when it was made: by both it is known again in a copy, and nobody else
 * can have them. Serves pps forget and pps purge, which write them, and restore.c. */
#include <stdlib.h>

#include <pps/store_forget.h>
#include <pps/str.h>

#include "internal.h"

/* ---- writing ---- */

/* Not through guard_open_log: the log may be missing or another's, and that is not to be covered up by a line of ours. */
static enum rc note(const struct dispatcher *d, enum log_kind kind, int64_t client_id, struct err *err)
{
    struct client c;
    struct place here;
    struct sentlog log = {.fd = -1};
    enum rc rc = store_client_get(d->store, client_id, &c, err);
    if (rc != RC_OK)
        return rc;
    struct log_line line = {.kind = kind,
                            .at = clock_now(d->clock),
                            .client_id = client_id,
                            .client_created_at = c.created_at};
    client_fini(&c);
    rc = guard_here(d, &here, err);
    if (rc == RC_OK)
        rc = guard_name_instance(d, &here, err);
    if (rc == RC_OK)
        rc = sentlog_open(d->sent_path, &log, err);
    line.place = here;
    if (rc == RC_OK)
        rc = sentlog_add(&log, &line, err);
    sentlog_close(&log);
    return rc;
}

enum rc dispatch_note_forgetting(const struct dispatcher *d, int64_t client_id, struct err *err)
{
    return note(d, LOG_FORGET, client_id, err);
}

enum rc dispatch_note_forgotten(const struct dispatcher *d, int64_t client_id, struct err *err)
{
    return note(d, LOG_FORGOT, client_id, err);
}

/* ---- reading ---- */

struct reading {
    const struct since *since;
    struct forgotten_lines lines;
};

/* What was begun counts until it was done; begun anew, it is one forgetting all the same. */
static void collect(void *ctx, const struct log_line *line)
{
    struct reading *r = ctx;
    struct forgotten_lines *lines = &r->lines;
    if ((line->kind != LOG_FORGET && line->kind != LOG_FORGOT) ||
        !since_is_family(r->since, line->place.instance))
        return;
    for (size_t i = 0; i < lines->n; i++) {
        struct log_line *before = &lines->v[i];
        if (before->client_id != line->client_id ||
            before->client_created_at != line->client_created_at)
            continue;
        if (before->kind == LOG_FORGET)
            *before = *line;
        return;
    }
    vec_reserve(&lines->v, lines->n, &lines->cap, sizeof *lines->v);
    lines->v[lines->n++] = *line;
}

/* Whether the copy has this very card, and it is not empty. */
static enum rc is_there(const struct dispatcher *d, const struct log_line *line, bool *ret,
                        struct err *err)
{
    struct client c;
    struct err none;
    *ret = false;
    enum rc rc = store_client_get(d->store, line->client_id, &c, &none);
    if (rc == RC_NOTFOUND)
        return RC_OK;
    if (rc != RC_OK)
        return err_set(err, rc, "%s", none.message);
    *ret = c.created_at == line->client_created_at && !client_is_forgotten(&c);
    client_fini(&c);
    return RC_OK;
}

/* What was begun before the last that the copy knows, and has left the card as it was, has failed. */
static bool has_failed(const struct log_line *line, int64_t known_until)
{
    return line->kind == LOG_FORGET && line->at < known_until;
}

enum rc forgotten_read(const struct dispatcher *d, const struct since *since, int64_t known_until,
                       struct forgotten_lines *ret, struct err *err)
{
    struct reading r = {.since = since};
    enum rc rc = sentlog_read(d->sent_path, collect, &r, NULL, err);
    size_t kept = 0;
    for (size_t i = 0; i < r.lines.n && rc == RC_OK; i++) {
        bool there = false;
        if (!has_failed(&r.lines.v[i], known_until))
            rc = is_there(d, &r.lines.v[i], &there, err);
        if (there)
            r.lines.v[kept++] = r.lines.v[i];
    }
    r.lines.n = kept;
    if (rc != RC_OK)
        forgotten_lines_fini(&r.lines);
    else
        *ret = r.lines;
    return rc;
}

void forgotten_lines_fini(struct forgotten_lines *lines)
{
    free(lines->v);
    *lines = (struct forgotten_lines){0};
}
