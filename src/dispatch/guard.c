/* Guards: before a tick does anything it looks whether the database, the clock and the disk are what they were. The
 * decisions are pure; the facts are gathered below them. A guard that says no changes nothing: whatever is due waits, and
 * nothing expires. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pps/file.h>
#include <pps/str.h>

#include "internal.h"

enum {
    BACK_SEC = 5 * 60,     /* a correction by NTP is smaller */
    AHEAD_SEC = 60 * 60,   /* the clock against the time since the boot */
    AWAY_SEC = 3 * 86400,  /* switched off for longer: is it the holidays, or the clock? */
    FREE_BYTES = 16 << 20, /* at least so much must be free on the disk */
    JOURNAL_FACTOR = 4,    /* and so many times the journal of the last transaction */
};

/* ---- decisions ---- */

static bool is_ancestor(const struct place *here, const char *instance)
{
    for (size_t i = 0; i < here->n_ancestors; i++) {
        if (str_eq(here->ancestors[i], instance))
            return true;
    }
    return false;
}

enum hold guard_place(const struct place *log, const struct place *here)
{
    bool other = log != NULL && !str_eq(log->instance, here->instance);
    /* The database may have a new name that the log was never told. */
    bool renamed = other && is_ancestor(here, log->instance);
    if (other && !renamed)
        return HOLD_OTHER_LOG;
    if (here->behind)
        return HOLD_OLDER;
    if (log == NULL)
        return here->seq == 0 && !here->logged ? HOLD_NONE : HOLD_NO_LOG;
    if (renamed)
        return HOLD_NO_LOG;
    if (here->seq < log->seq)
        return HOLD_OLDER;
    if (!str_eq(log->machine, here->machine) || log->inode != here->inode)
        return HOLD_MOVED;
    /* A tick may die between its commit and its line in the log, but no tick goes on after that. */
    return here->seq > log->seq + 1 ? HOLD_LOG_OLDER : HOLD_NONE;
}

enum hold guard_clock(const struct clock_mark *last, const struct clock_mark *now, bool kept)
{
    int64_t passed = now->wall - last->wall;
    if (last->wall == 0)
        return HOLD_NONE;
    if (passed < -BACK_SEC)
        return HOLD_CLOCK_BACK;
    bool same_boot = last->boot[0] != '\0' && str_eq(last->boot, now->boot);
    if (same_boot)
        return passed > now->uptime - last->uptime + AHEAD_SEC ? HOLD_CLOCK_AHEAD : HOLD_NONE;
    return passed > AWAY_SEC && !kept ? HOLD_CLOCK_AHEAD : HOLD_NONE;
}

const char *hold_reason(enum hold hold)
{
    static const char *const reasons[] = {
        [HOLD_NONE] = "",
        [HOLD_OLDER] = "the database is an older copy: something was sent or entered after it was "
                       "saved; pps recover puts that right",
        [HOLD_MOVED] = "the database has been copied or moved; if this is now the only one in use: "
                       "pps adopt",
        [HOLD_RECOVERED] = "a backup was put back: enter again what was done since (sales, "
                           "cancellations, changes), skip what had been sent; then pps adopt",
        [HOLD_OTHER_LOG] = "the sent log beside the database belongs to another database: put the "
                           "right one there, or say pps recover",
        [HOLD_NO_LOG] = "the sent log beside the database is missing; if the database is a "
                        "backup: pps recover; only if it was just moved: pps adopt",
        [HOLD_LOG_OLDER] = "the sent log is older than the database: put the right one there; if "
                           "there is none: pps adopt",
        [HOLD_CLOCK_BACK] = "the clock has gone back since the last tick; if it is right now: "
                            "pps tick --accept-clock",
        [HOLD_CLOCK_AHEAD] = "the clock has jumped ahead since the last tick; if it is right now: "
                             "pps tick --accept-clock",
        [HOLD_NO_GATEWAY] = "the configuration names no gateway any more where it did before: look "
                            "at pps.json; if messages shall go into files from now on: pps adopt",
        [HOLD_NO_SPACE] = "the disk of the database is almost full: make room, the next tick goes "
                          "on by itself",
    };
    return reasons[hold];
}

/* ---- facts ---- */

/* The kernel's own id is not to be shown around (machine-id(5)), so a hash of it is kept. A machine without one is "-"; one
 * whose id could not be read now must not be taken for that. */
static enum rc hash_machine(char buf[17], struct err *err)
{
    char *id = NULL;
    size_t len = 0;
    (void)snprintf(buf, 17, "-");
    enum rc rc = file_read("/etc/machine-id", 256, &id, &len, err);
    if (rc == RC_NOTFOUND || rc == RC_INVALID)
        return RC_OK;
    if (rc == RC_OK && len > 0) {
        uint64_t h = 14695981039346656037u;
        for (size_t i = 0; i < len; i++)
            h = (h ^ (unsigned char)id[i]) * 1099511628211u;
        (void)snprintf(buf, 17, "%016llx", (unsigned long long)h);
    }
    free(id);
    return rc;
}

static const char logged_key[] = "sent_log";

static enum rc read_names(const struct dispatcher *d, struct place *ret, struct err *err)
{
    char *text = NULL, *save = NULL;
    enum rc rc = store_setting_get(d->store, GUARD_INSTANCE, &text, err);
    (void)snprintf(ret->instance, sizeof ret->instance, "%s", str_or(text, ""));
    free(text);
    text = NULL;
    if (rc == RC_OK)
        rc = store_setting_get(d->store, GUARD_WAS, &text, err);
    for (char *name = text ? strtok_r(text, " ", &save) : NULL;
         name != NULL && ret->n_ancestors < ANCESTORS_MAX; name = strtok_r(NULL, " ", &save))
        (void)snprintf(ret->ancestors[ret->n_ancestors++], INSTANCE_BYTES, "%s", name);
    free(text);
    return rc;
}

enum rc guard_here(const struct dispatcher *d, struct place *ret, struct err *err)
{
    char *text = NULL;
    *ret = (struct place){.inode = file_inode(d->db_path)};
    if (ret->inode <= 0)
        return err_set(err, RC_IO, "cannot find the database %s again", d->db_path);
    enum rc rc = hash_machine(ret->machine, err);
    if (rc == RC_OK)
        rc = read_names(d, ret, err);
    if (rc == RC_OK)
        rc = store_setting_get(d->store, logged_key, &text, err);
    ret->logged = text != NULL;
    free(text);
    if (rc == RC_OK)
        rc = seen_is_behind(d, ret->instance, &ret->behind, err);
    return rc == RC_OK ? store_seq(d->store, &ret->seq, err) : rc;
}

enum rc guard_name_instance(const struct dispatcher *d, struct place *here, struct err *err)
{
    if (here->instance[0] != '\0')
        return RC_OK;
    random_hex(here->instance, 32);
    enum rc rc = store_begin(d->store, err);
    if (rc != RC_OK)
        return rc;
    return store_finish(d->store, store_setting_set(d->store, GUARD_INSTANCE, here->instance, err),
                        err);
}

enum rc guard_fork(const struct dispatcher *d, struct place *here, struct err *err)
{
    struct sb names = {0};
    size_t kept = here->n_ancestors < ANCESTORS_MAX ? here->n_ancestors : ANCESTORS_MAX - 1;
    memmove(here->ancestors[1], here->ancestors[0], kept * INSTANCE_BYTES);
    memcpy(here->ancestors[0], here->instance, INSTANCE_BYTES);
    here->n_ancestors = kept + 1;
    random_hex(here->instance, 32);
    for (size_t i = 0; i < here->n_ancestors; i++)
        sb_addf(&names, "%s%s", i > 0 ? " " : "", here->ancestors[i]);
    enum rc rc = store_setting_set(d->store, GUARD_WAS, sb_str(&names), err);
    sb_fini(&names);
    return rc == RC_OK ? store_setting_set(d->store, GUARD_INSTANCE, here->instance, err) : rc;
}

enum rc guard_look(const struct dispatcher *d, struct place *ret_here, struct log_line *ret_last,
                   bool *ret_exists, enum hold *ret, struct err *err)
{
    struct err why = {0};
    enum rc rc = guard_here(d, ret_here, err);
    if (rc != RC_OK)
        return rc;
    rc = sentlog_last(d->sent_path, ret_last, ret_exists, &why);
    if (rc == RC_CORRUPT && ret_here->seq == 0 && !ret_here->logged) {
        /* The power went while the very first line was written: nothing was sent yet. */
        *ret_exists = false;
        rc = RC_OK;
    }
    if (rc != RC_OK)
        return err_set(err, rc, "%s", why.message);
    *ret = guard_place(*ret_exists ? &ret_last->place : NULL, ret_here);
    char *recovered = NULL;
    if (*ret == HOLD_NONE)
        rc = store_setting_get(d->store, GUARD_RECOVERED, &recovered, err);
    if (!str_empty(recovered))
        *ret = HOLD_RECOVERED;
    free(recovered);
    return rc;
}

static enum rc remember_log(const struct dispatcher *d, const struct place *here, struct err *err)
{
    if (here->logged)
        return RC_OK;
    enum rc rc = store_begin(d->store, err);
    return rc == RC_OK
               ? store_finish(d->store, store_setting_set(d->store, logged_key, "made", err), err)
               : rc;
}

static enum rc write_here_down(const struct dispatcher *d, const struct place *here,
                               struct sentlog *log, struct err *err)
{
    struct log_line line = {.kind = LOG_HERE, .place = *here, .at = clock_now(d->clock)};
    enum rc rc = here->n_ancestors == 0 ? sentlog_add(log, &line, err) : RC_OK;
    for (size_t i = 0; i < here->n_ancestors && rc == RC_OK; i++) {
        memcpy(line.place.was, here->ancestors[i], INSTANCE_BYTES);
        rc = sentlog_add(log, &line, err);
    }
    return rc;
}

enum rc guard_open_log(const struct dispatcher *d, const struct place *here, bool write_here,
                       struct sentlog *ret, struct err *err)
{
    enum rc rc = sentlog_open(d->sent_path, ret, err);
    if (rc != RC_OK)
        return rc;
    if (write_here)
        rc = write_here_down(d, here, ret, err);
    if (rc == RC_OK)
        rc = remember_log(d, here, err);
    if (rc != RC_OK)
        sentlog_close(ret);
    return rc;
}

bool guard_same_file(const struct dispatcher *d, const struct place *here)
{
    return file_inode(d->db_path) == here->inode;
}

bool guard_has_space(const struct dispatcher *d)
{
    char *journal = xasprintf("%s-journal", d->db_path);
    int64_t wanted = JOURNAL_FACTOR * file_size(journal);
    int64_t free_bytes = file_free_bytes(d->db_path);
    free(journal);
    if (wanted < FREE_BYTES)
        wanted = FREE_BYTES;
    return free_bytes < 0 || free_bytes >= wanted;
}

/* ---- the clock's mark ---- */

static const char clock_key[] = "clock_mark";
static const int64_t MARK_MAX = (int64_t)1 << 40;

enum rc guard_check_clock(const struct dispatcher *d, enum hold *ret, struct err *err)
{
    *ret = HOLD_NONE;
    if (d->clock->fixed)
        return RC_OK; /* --now says what time it is */
    char *text = NULL;
    enum rc rc = store_setting_get(d->store, clock_key, &text, err);
    struct clock_mark last = {0}, now = clock_mark_now();
    long long wall, uptime;
    bool read = text != NULL && sscanf(text, "%lld %lld %39s", &wall, &uptime, last.boot) >= 2;
    bool sane = read && wall > 0 && wall < MARK_MAX && uptime >= 0 && uptime < MARK_MAX;
    if (rc == RC_OK && text != NULL && !sane) {
        *ret = HOLD_CLOCK_BACK; /* a mark that nobody of us wrote: a person looks at the clock */
    } else if (rc == RC_OK && sane) {
        last.wall = wall;
        last.uptime = uptime;
        *ret = guard_clock(&last, &now, false);
        if (*ret ==
            HOLD_CLOCK_AHEAD) /* asked only when it matters: some sandboxes forbid the question */
            *ret = guard_clock(&last, &now, clock_is_kept());
    }
    free(text);
    if (rc != RC_OK || *ret == HOLD_NONE || !d->accept_clock)
        return rc;
    rc = store_begin(d->store, err);
    if (rc == RC_OK)
        rc = store_finish(d->store, ledger_audit(d, "accept-clock", NULL, hold_reason(*ret), err),
                          err);
    *ret = HOLD_NONE;
    return rc;
}

enum rc guard_mark_clock(const struct dispatcher *d, struct err *err)
{
    if (d->clock->fixed)
        return RC_OK;
    struct clock_mark now = clock_mark_now();
    char *text = xasprintf("%lld %lld %s", (long long)now.wall, (long long)now.uptime, now.boot);
    enum rc rc = store_setting_set(d->store, clock_key, text, err);
    free(text);
    return rc;
}

/* ---- the gateways ---- */

static const enum channel message_channels[] = {CHANNEL_EMAIL, CHANNEL_SMS};

static bool sends(const struct dispatcher *d, enum channel channel)
{
    return channel == CHANNEL_EMAIL ? d->config->email.gateway != MAIL_OUTBOX
                                    : d->config->sms.gateway != SMS_OUTBOX;
}

/* A configuration that is not there for a moment is one of defaults, with which letters would count as sent and lie in a
 * folder. */
static enum rc guard_check_gateways(const struct dispatcher *d, enum hold *ret, struct err *err)
{
    for (size_t i = 0; i < 2; i++) {
        char *key = xasprintf("sends_%s", channel_name(message_channels[i])), *text = NULL;
        enum rc rc = store_setting_get(d->store, key, &text, err);
        if (rc == RC_OK && !str_empty(text) && !sends(d, message_channels[i]))
            *ret = HOLD_NO_GATEWAY;
        free(text);
        free(key);
        if (rc != RC_OK)
            return rc;
    }
    return RC_OK;
}

enum rc guard_mark_gateways(const struct dispatcher *d, bool anew, struct err *err)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; i < 2 && rc == RC_OK; i++) {
        char *key = xasprintf("sends_%s", channel_name(message_channels[i]));
        bool now = sends(d, message_channels[i]);
        if (now || anew)
            rc = store_setting_set(d->store, key, now ? "yes" : "", err);
        free(key);
    }
    return rc;
}

/* ---- all of them ---- */

enum rc guard_look_around(const struct dispatcher *d, struct place *ret_here,
                          struct log_line *ret_last, bool *ret_exists, enum hold *ret,
                          struct err *err)
{
    enum rc rc = guard_look(d, ret_here, ret_last, ret_exists, ret, err);
    if (rc == RC_OK && *ret == HOLD_NONE)
        rc = guard_check_gateways(d, ret, err);
    struct err ignored;
    if (rc == RC_OK && d->as_adopted && dispatch_may_adopt(*ret, &ignored) == RC_OK)
        *ret = HOLD_NONE;
    if (rc == RC_OK && *ret == HOLD_NONE)
        rc = guard_check_clock(d, ret, err);
    if (rc == RC_OK && *ret == HOLD_NONE && !guard_has_space(d))
        *ret = HOLD_NO_SPACE;
    return rc;
}

/* Whoever looks without the lock may see the database before a tick went on and its log after: what looks wrong counts when
 * it looks the same twice. */
enum rc dispatch_look(const struct dispatcher *d, enum hold *ret, struct err *err)
{
    struct place here[2];
    struct log_line last[2];
    bool exists[2];
    enum rc rc = guard_look_around(d, &here[0], &last[0], &exists[0], ret, err);
    if (rc != RC_OK || *ret == HOLD_NONE)
        return rc;
    rc = guard_look_around(d, &here[1], &last[1], &exists[1], ret, err);
    bool moves = exists[0] != exists[1] || here[0].seq != here[1].seq ||
                 (exists[0] && last[0].place.seq != last[1].place.seq);
    if (rc == RC_OK && moves)
        *ret = HOLD_NONE;
    return rc;
}
