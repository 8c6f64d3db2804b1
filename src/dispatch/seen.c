/* The mark beside the database, PATH.seen: the last entry of the audit log that a command has left there, by its number and a
 * hash. A copy that is put in place by hand has not got it, or has another one under that number, also when nothing was sent
 * in between; and a cancellation may be missing from it. The mark is written after the commit and never synced: after a loss
 * of power it may lag behind, and then it only notices less. A check at its end tells whether it is whole: of one that was
 * written only in part the rest would be that of the mark before. Serves guard.c and every command that writes. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <pps/str.h>

#include "internal.h"

enum { MARK_BYTES = 96 };

static char *path_of(const struct dispatcher *d)
{
    return xasprintf("%s.seen", d->db_path);
}

struct mark {
    char instance[33];
    int64_t n; /* 0: there is none that can be read */
    char hash[LOG_KEY_BYTES];
};

/* What the mark says, without its check. New string. */
static char *mark_text(const char *instance, long long n, const char *hash)
{
    return xasprintf("pps1 seen %s %lld %s", instance, n, hash);
}

static struct mark read_mark(int fd)
{
    char text[MARK_BYTES + 1] = "", check[LOG_KEY_BYTES], wanted[LOG_KEY_BYTES];
    struct mark mark = {.n = 0};
    long long n;
    ssize_t len = fd >= 0 ? pread(fd, text, MARK_BYTES, 0) : -1;
    if (len != MARK_BYTES || text[MARK_BYTES - 1] != '\n' ||
        sscanf(text, "pps1 seen %32s %lld %8s %8s", mark.instance, &n, mark.hash, check) != 4)
        return mark;
    char *whole = mark_text(mark.instance, n, mark.hash);
    sentlog_key(whole, wanted);
    free(whole);
    if (str_eq(check, wanted) && n > 0)
        mark.n = n;
    return mark;
}

static void write_mark(int fd, const struct mark *mark)
{
    char text[MARK_BYTES + 1], check[LOG_KEY_BYTES];
    char *whole = mark_text(mark->instance, (long long)mark->n, mark->hash);
    sentlog_key(whole, check);
    int len = snprintf(text, sizeof text, "%s %s", whole, check);
    free(whole);
    memset(text + len, ' ', (size_t)(MARK_BYTES - len));
    text[MARK_BYTES - 1] = '\n';
    ssize_t done;
    do
        done = pwrite(fd, text, MARK_BYTES, 0); /* if only a part is written, it says nothing */
    while (done < 0 && errno == EINTR);
}

static void hash_of(const struct audit_entry *e, char buf[LOG_KEY_BYTES])
{
    char *text = xasprintf("%lld %s %s %lld %lld %lld %s", (long long)e->at, e->actor, e->verb,
                           (long long)e->client_id, (long long)e->occasion_id, (long long)e->action_id,
                           str_or(e->detail, ""));
    sentlog_key(text, buf);
    free(text);
}

/* *ret_fits: the database has the entry of the mark. */
static enum rc compare(const struct dispatcher *d, const struct mark *mark, bool *ret_fits,
                       struct err *err)
{
    struct audit_entry entry;
    struct err none;
    enum rc rc = store_audit_get(d->store, mark->n, &entry, &none);
    *ret_fits = false;
    if (rc == RC_NOTFOUND)
        return RC_OK;
    if (rc != RC_OK)
        return err_set(err, rc, "%s", none.message);
    char hash[LOG_KEY_BYTES];
    hash_of(&entry, hash);
    *ret_fits = str_eq(hash, mark->hash);
    audit_entry_fini(&entry);
    return RC_OK;
}

enum rc seen_is_behind(const struct dispatcher *d, const char *instance, bool *ret, struct err *err)
{
    char *path = path_of(d);
    /* The mark first: whoever writes while we look has written to the database before. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct mark mark = read_mark(fd);
    if (fd >= 0)
        close(fd);
    free(path);
    bool fits = true;
    enum rc rc = RC_OK;
    if (mark.n > 0 && str_eq(mark.instance, instance))
        rc = compare(d, &mark, &fits, err);
    *ret = !fits;
    return rc;
}

/* The mark of what the database has now; n 0 when that cannot be told. */
static struct mark mark_of_now(const struct dispatcher *d)
{
    struct err ignored;
    char *instance = NULL;
    struct audit_list last;
    struct audit_query query = {.limit = 1};
    struct mark mark = {.n = 0};
    if (store_setting_get(d->store, GUARD_INSTANCE, &instance, &ignored) != RC_OK)
        return mark;
    (void)snprintf(mark.instance, sizeof mark.instance, "%s", str_or(instance, ""));
    free(instance);
    if (mark.instance[0] == '\0' || store_audit_list(d->store, &query, &last, &ignored) != RC_OK)
        return mark;
    if (last.n == 1) {
        mark.n = last.v[0].id;
        hash_of(&last.v[0], mark.hash);
    }
    audit_list_fini(&last);
    return mark;
}

/* May the new mark take the place of the old one? Not when the database is behind the old one: then it is a copy, and the
 * next tick shall notice it, whatever people have entered into it meanwhile. */
static bool goes_on(const struct dispatcher *d, const struct mark *old, const struct mark *now)
{
    struct err ignored;
    bool fits = true;
    if (old->n == 0 || !str_eq(old->instance, now->instance))
        return true;
    return now->n > old->n && compare(d, old, &fits, &ignored) == RC_OK && fits;
}

/* Whatever fails here, the work itself is done and must not look otherwise. */
static void note(const struct dispatcher *d, bool anew)
{
    char *path = path_of(d);
    struct mark now = mark_of_now(d);
    int fd =
        now.n > 0 ? open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600) : -1;
    if (fd >= 0 && lock_try(fd)) { /* somebody else is writing theirs: that will do */
        struct mark old = read_mark(fd);
        if (anew || goes_on(d, &old, &now))
            write_mark(fd, &now);
    }
    if (fd >= 0)
        close(fd);
    free(path);
}

void dispatch_note_seen(const struct dispatcher *d)
{
    note(d, false);
}

void seen_start_anew(const struct dispatcher *d)
{
    note(d, true);
}
