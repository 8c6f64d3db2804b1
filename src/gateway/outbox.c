/* The outbox: a gateway that carries a message no farther than a folder, one file a message, so
 * that everything can be tried with no account anywhere. It keeps the promises of the real ones:
 * the file appears whole or not at all, never replaces another, and is on the disk before it is
 * called sent. The name is the same on every attempt, which makes a repeated delivery visible.
 * Serves dispatch/. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <pps/file.h>
#include <pps/str.h>

#include "gateway.h"

struct outbox {
    struct gateway base;
    char *dir;
    enum channel channel;
};

/* Steps come from the playbook and are checked there; here they become part of a file name, so
 * anything that is not plainly harmless is replaced. */
static void add_slug(struct sb *name, const char *step)
{
    for (const char *p = str_or(step, "message"); *p != '\0'; p++) {
        bool plain = (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
                     (*p >= '0' && *p <= '9') || *p == '-';
        sb_addc(name, plain ? *p : '_');
    }
}

/* Sorts by time, and is the same for every attempt of an action. */
char *gateway_outbox_name(enum channel channel, int64_t date, int64_t action_id, const char *step)
{
    struct sb name = {0};
    struct tm tm = {0};
    time_t at = (time_t)date;
    char stamp[32] = "0000-00-00T0000Z";
    if (gmtime_r(&at, &tm) != NULL)
        (void)strftime(stamp, sizeof stamp, "%Y-%m-%dT%H%MZ", &tm);
    char id[ID_TEXT_BYTES];
    id_format('A', action_id, id);
    sb_addf(&name, "%s-", stamp);
    if (action_id != 0) /* neither a test nor a list for a colleague has one */
        sb_addf(&name, "%s-", id);
    add_slug(&name, step);
    sb_add(&name, channel == CHANNEL_EMAIL ? ".eml" : ".txt");
    return sb_take(&name);
}

char *gateway_outbox_temporary(const char *name)
{
    return xasprintf(".%s.tmp", name);
}

static char *name_of(const struct outbox *box, const struct parcel *parcel)
{
    return gateway_outbox_name(box->channel, parcel->date, parcel->action_id, parcel->step);
}

static char *file_content(const struct outbox *box, const struct parcel *parcel, size_t *ret_len)
{
    struct sb text = {0};
    if (box->channel == CHANNEL_SMS)
        sb_addf(&text, "To: %s\n\n", parcel->recipient);
    sb_addn(&text, parcel->bytes, parcel->len);
    if (box->channel == CHANNEL_SMS)
        sb_addc(&text, '\n');
    *ret_len = text.len;
    return sb_take(&text);
}

static bool write_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, bytes, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return false;
        bytes += n;
        len -= (size_t)n;
    }
    return true;
}

/* What a crashed attempt left under the temporary name was never a message: it goes. */
static int open_fresh(int dirfd, const char *tmp)
{
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
    int fd = openat(dirfd, tmp, flags, 0600);
    if (fd < 0 && errno == EEXIST && unlinkat(dirfd, tmp, 0) == 0)
        fd = openat(dirfd, tmp, flags, 0600);
    return fd;
}

static bool write_temporary(int dirfd, const char *tmp, const char *text, size_t len)
{
    int fd = open_fresh(dirfd, tmp);
    if (fd < 0)
        return false;
    bool ok = write_all(fd, text, len) && fsync(fd) == 0;
    int why = errno;
    if (close(fd) != 0 && ok) {
        ok = false;
        why = errno;
    }
    errno = why;
    return ok;
}

/* Gives tmp its final name unless that name is taken. Some file systems know only one of the two
 * ways. */
static bool publish(int dirfd, const char *tmp, const char *name)
{
    if (renameat2(dirfd, tmp, dirfd, name, RENAME_NOREPLACE) == 0)
        return true;
    if (errno != EINVAL && errno != ENOSYS)
        return false;
    if (linkat(dirfd, tmp, dirfd, name, 0) != 0)
        return false;
    (void)unlinkat(dirfd, tmp, 0);
    return true;
}

enum presence { ABSENT, SAME, OTHER, UNREADABLE };

/* What stands in the folder under that name; err is set for UNREADABLE. */
static enum presence look(const struct outbox *box, const char *name, const char *text, size_t len,
                          struct err *err)
{
    char *path = file_join(box->dir, name), *there = NULL;
    size_t there_len = 0;
    enum rc rc = file_read(path, len, &there, &there_len, err);
    enum presence found = UNREADABLE;
    if (rc == RC_OK)
        found = there_len == len && memcmp(there, text, len) == 0 ? SAME : OTHER;
    else if (rc == RC_NOTFOUND)
        found = ABSENT;
    else if (rc == RC_INVALID) /* longer than what it should be */
        found = OTHER;
    free(there);
    free(path);
    return found;
}

static struct delivery not_sent(const char *what)
{
    return delivery_make(DELIVERY_NOT_SENT, 0, "outbox: cannot %s: %s", what, strerror(errno));
}

static struct delivery published(int dirfd, const char *name)
{
    if (fsync(dirfd) != 0)
        return delivery_make(DELIVERY_IN_DOUBT, 0,
                             "outbox: the file is written, but its folder cannot be synced: %s",
                             strerror(errno));
    struct delivery d = delivery_make(DELIVERY_SENT, 0, "written to the outbox");
    text_copy(d.provider_id, sizeof d.provider_id, name);
    return d;
}

/* The name is taken: by an earlier attempt, whose verdict was lost, or by another database's
 * message. What cannot be read stays, so that another try finds it again. What is gone may have been this message, and
 * another try would write it a second time. */
static struct delivery taken(const struct outbox *box, int dirfd, const char *name,
                             const char *text, size_t len)
{
    struct err err = {""};
    switch (look(box, name, text, len, &err)) {
    case OTHER:
        return delivery_make(
            DELIVERY_CONFIG, 0,
            "outbox: %s is there with other words: does another database use this folder?", name);
    case UNREADABLE:
        return delivery_make(
            DELIVERY_NOT_SENT, 0,
            "outbox: there is a file of this name already, and what is in it is not known: %s",
            err.message);
    case ABSENT:
        return delivery_make(DELIVERY_IN_DOUBT, 0,
                             "outbox: %s was there and is gone, or is a link to nothing: it may "
                             "have been this message",
                             name);
    case SAME:
        break;
    }
    struct delivery d = published(dirfd, name);
    if (d.class == DELIVERY_SENT)
        text_copy(d.reason, sizeof d.reason, "already in the outbox");
    return d;
}

static struct delivery put(const struct outbox *box, int dirfd, const char *name, const char *text,
                           size_t len, const struct delivery_hooks *hooks)
{
    char *tmp = gateway_outbox_temporary(name);
    struct delivery d;
    if (!write_temporary(dirfd, tmp, text, len))
        d = not_sent("write the file");
    else if (delivery_risk(hooks) == RISK_DENIED)
        d = delivery_make(DELIVERY_STOPPED, 0, "stopped before it was put into the outbox");
    else if (publish(dirfd, tmp, name))
        d = published(dirfd, name);
    else if (errno == EEXIST)
        d = taken(box, dirfd, name, text, len);
    else
        d = not_sent("name the file");
    (void)unlinkat(dirfd, tmp, 0);
    free(tmp);
    return d;
}

static struct delivery outbox_deliver(struct gateway *gateway, const struct parcel *parcel,
                                      const struct delivery_hooks *hooks)
{
    const struct outbox *box = (const struct outbox *)gateway;
    int dirfd = open(box->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dirfd < 0)
        return not_sent("open the folder");
    size_t len;
    char *name = name_of(box, parcel);
    char *text = file_content(box, parcel, &len);
    struct delivery d = put(box, dirfd, name, text, len, hooks);
    if (d.class == DELIVERY_SENT)
        hooks->accepted(hooks->ctx, &d);
    free(text);
    free(name);
    close(dirfd);
    return d;
}

/* ---- a message in doubt ---- */

/* People may move and delete files, so one that is not there tells nothing. One that is there was whole and on the
 * disk before it got its name; the name may not be, when the machine went down just then. */
static struct inquiry find(const struct outbox *box, int dirfd, const char *name, const char *text,
                           size_t len)
{
    struct err err = {""};
    switch (look(box, name, text, len, &err)) {
    case ABSENT:
        return inquiry_make(FINDING_CANNOT_TELL,
                            "outbox: %s is not there: never written, moved or deleted", name);
    case OTHER:
        return inquiry_make(FINDING_CANNOT_TELL, "outbox: %s is there with other words", name);
    case UNREADABLE:
        return inquiry_make(FINDING_NO_ANSWER, "outbox: %s", err.message);
    case SAME:
        break;
    }
    if (fsync(dirfd) != 0)
        return inquiry_make(FINDING_NO_ANSWER, "outbox: the folder cannot be synced: %s",
                            strerror(errno));
    struct inquiry q = inquiry_make(FINDING_SENT, "it is in the outbox");
    text_copy(q.provider_id, sizeof q.provider_id, name);
    return q;
}

static struct inquiry outbox_ask(struct gateway *gateway, const struct parcel *parcel,
                                 const struct delivery_hooks *hooks)
{
    (void)hooks; /* there is nobody to wait for */
    const struct outbox *box = (const struct outbox *)gateway;
    int dirfd = open(box->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (dirfd < 0)
        return inquiry_make(FINDING_NO_ANSWER, "outbox: cannot open the folder: %s",
                            strerror(errno));
    size_t len;
    char *name = name_of(box, parcel);
    char *text = file_content(box, parcel, &len);
    struct inquiry q = find(box, dirfd, name, text, len);
    free(text);
    free(name);
    close(dirfd);
    return q;
}

static struct gateway_powers outbox_powers(const struct gateway *gateway)
{
    (void)gateway;
    return (struct gateway_powers){.asks = true};
}

static void outbox_free(struct gateway *gateway)
{
    struct outbox *box = (struct outbox *)gateway;
    free(box->dir);
    free(box);
}

static const struct gateway_ops outbox_ops = {
    .deliver = outbox_deliver,
    .free = outbox_free,
    .powers = outbox_powers,
    .ask = outbox_ask,
};

enum rc gateway_outbox_new(const char *dir, enum channel channel, struct gateway **ret,
                           struct err *err)
{
    if (channel != CHANNEL_EMAIL && channel != CHANNEL_SMS)
        return err_set(err, RC_INTERNAL, "the outbox takes no %s", channel_name(channel));
    enum rc rc = file_mkdirs(dir, err);
    if (rc != RC_OK)
        return rc;
    struct outbox *box = xcalloc(1, sizeof *box);
    box->base.ops = &outbox_ops;
    box->dir = xstrdup(dir);
    box->channel = channel;
    *ret = &box->base;
    return RC_OK;
}
