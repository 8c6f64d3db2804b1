/* The sent log. See sentlog.h for what it is; here is how it is written and read back. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <pps/file.h>
#include <pps/str.h>

#include "internal.h"
#include "sentlog.h"

enum {
    LINE_MAX_BYTES = 512,
    TAIL_BYTES = 64 * 1024, /* what is looked at when only the end matters */
    CHUNK_BYTES = 64 * 1024,
    RESERVE_BYTES =
        4096, /* kept allocated behind the end, so that an answer can be noted on a full disk */
};

static const char *const kind_names[] = {"here", "risk", "said", "forget", "forgot"};

/* ---- a line <-> its text ---- */

static uint32_t fnv1a(const char *s, size_t n)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < n; i++)
        h = (h ^ (unsigned char)s[i]) * 16777619u;
    return h;
}

void sentlog_key(const char *text, char buf[LOG_KEY_BYTES])
{
    (void)snprintf(buf, LOG_KEY_BYTES, "%08x", (unsigned)fnv1a(text, strlen(text)));
}

static bool is_of_client(const struct log_line *line)
{
    return line->kind == LOG_FORGET || line->kind == LOG_FORGOT;
}

static char *format_line(const struct log_line *line)
{
    struct sb sb = {0};
    sb_addf(&sb, "pps1 %s %lld %s %s %lld %lld", kind_names[line->kind], (long long)line->place.seq,
            line->place.instance, line->place.machine, (long long)line->place.inode,
            (long long)line->at);
    if (line->kind == LOG_HERE && line->place.was[0] != '\0')
        sb_addf(&sb, " was %s", line->place.was);
    if (line->kind == LOG_RISK)
        sb_addf(&sb, " A%lld %c%lld %lld %s %d %s%s%s", (long long)line->action_id,
                kind_letter(line->occasion_kind), (long long)line->occasion_id,
                (long long)line->occasion_created_at, line->step, line->occurrence,
                channel_name(line->channel), line->key[0] ? " k" : "", line->key);
    if (line->kind == LOG_SAID)
        sb_addf(&sb, " %s %d %s", delivery_class_name(line->class), line->code,
                line->provider_id[0] ? line->provider_id : "-");
    if (is_of_client(line))
        sb_addf(&sb, " C%lld %lld", (long long)line->client_id, (long long)line->client_created_at);
    sb_addf(&sb, " %08x\n", (unsigned)fnv1a(sb.s, sb.len));
    return sb_take(&sb);
}

static bool class_from_name(const char *name, enum delivery_class *ret)
{
    for (int i = DELIVERY_SENT; i <= DELIVERY_IN_DOUBT; i++) {
        if (str_eq(name, delivery_class_name((enum delivery_class)i))) {
            *ret = (enum delivery_class)i;
            return true;
        }
    }
    return false;
}

static bool parse_rest(const char *rest, struct log_line *ret)
{
    char word[32], occasion[ID_TEXT_BYTES];
    long long action, client, created;
    switch (ret->kind) {
    case LOG_HERE:
        return *rest == '\0' || sscanf(rest, " was %32s", ret->place.was) == 1;
    case LOG_RISK:
        if (sscanf(rest, " A%lld %23s %lld %47s %d %31s k%8s", &action, occasion, &created,
                   ret->step, &ret->occurrence, word, ret->key) < 6 ||
            !occasion_id_parse(occasion, &ret->occasion_kind, &ret->occasion_id))
            return false;
        ret->action_id = action;
        ret->occasion_created_at = created;
        return channel_from_name(word, &ret->channel);
    case LOG_SAID:
        if (sscanf(rest, " %31s %d %127s", word, &ret->code, ret->provider_id) != 3)
            return false;
        if (str_eq(ret->provider_id, "-"))
            ret->provider_id[0] = '\0';
        return class_from_name(word, &ret->class);
    case LOG_FORGET:
    case LOG_FORGOT:
        if (sscanf(rest, " C%lld %lld", &client, &created) != 2)
            return false;
        ret->client_id = client;
        ret->client_created_at = created;
        return true;
    }
    return false;
}

/* text without its newline. */
static bool parse_line(char *text, struct log_line *ret)
{
    size_t len = strlen(text);
    unsigned check = 0;
    if (len < 10 || len >= LINE_MAX_BYTES || text[len - 9] != ' ' ||
        sscanf(text + len - 8, "%8x", &check) != 1 || check != fnv1a(text, len - 9))
        return false;
    text[len - 9] = '\0';
    *ret = (struct log_line){0};
    char kind[8];
    long long seq, inode, at;
    int used = 0;
    if (sscanf(text, "pps1 %7s %lld %32s %16s %lld %lld%n", kind, &seq, ret->place.instance,
               ret->place.machine, &inode, &at, &used) != 6)
        return false;
    ret->place.seq = seq;
    ret->place.inode = inode;
    ret->at = at;
    for (int i = LOG_HERE; i <= LOG_FORGOT; i++) {
        if (str_eq(kind, kind_names[i])) {
            ret->kind = (enum log_kind)i;
            return parse_rest(text + used, ret);
        }
    }
    return false;
}

/* ---- reading ---- */

static enum rc failed(const char *path, const char *what, struct err *err)
{
    return err_set(err, RC_IO, "cannot %s the sent log %s: %s", what, path, strerror(errno));
}

/* A pipe or a device in its place would hang us. */
static int open_file(const char *path, int flags)
{
    struct stat st;
    int fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
    if (fd < 0 || (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)))
        return fd;
    close(fd);
    errno = EINVAL;
    return -1;
}

/* Reads lines from offset to the end. A last line without its newline is one that was torn. */
static enum rc read_from(int fd, const char *path, off_t offset, bool mid_line, sentlog_visit *fn,
                         void *ctx, int *bad, struct err *err)
{
    char *buf = xmalloc(CHUNK_BYTES + LINE_MAX_BYTES + 1);
    size_t kept = 0;
    enum rc rc = RC_OK;
    for (;;) {
        ssize_t n = pread(fd, buf + kept, CHUNK_BYTES, offset);
        if (n < 0)
            rc = failed(path, "read", err);
        if (n <= 0)
            break;
        offset += n;
        size_t len = kept + (size_t)n, start = 0;
        for (char *nl; (nl = memchr(buf + start, '\n', len - start)) != NULL;) {
            struct log_line line;
            *nl = '\0';
            if (mid_line)
                mid_line = false;
            else if (parse_line(buf + start, &line))
                fn(ctx, &line);
            else if (buf[start] != '\0')
                (*bad)++;
            start = (size_t)(nl + 1 - buf);
        }
        kept = len - start;
        if (kept > LINE_MAX_BYTES) { /* no line of ours is so long */
            kept = 0;
            mid_line = true;
            (*bad)++;
        }
        memmove(buf, buf + start, kept);
    }
    *bad += kept > 0;
    free(buf);
    return rc;
}

static enum rc read_some(const char *path, bool tail_only, sentlog_visit *fn, void *ctx,
                         bool *ret_exists, int *ret_bad, struct err *err)
{
    int bad = 0;
    int fd = open_file(path, O_RDONLY);
    *ret_exists = fd >= 0 || errno != ENOENT;
    if (ret_bad != NULL)
        *ret_bad = 0;
    if (fd < 0)
        return *ret_exists ? failed(path, "open", err) : RC_OK;
    off_t size = lseek(fd, 0, SEEK_END);
    off_t from = tail_only && size > TAIL_BYTES ? size - TAIL_BYTES : 0;
    enum rc rc = size < 0 ? failed(path, "read", err)
                          : read_from(fd, path, from, from > 0, fn, ctx, &bad, err);
    if (ret_bad != NULL)
        *ret_bad = bad;
    close(fd);
    return rc;
}

enum rc sentlog_read(const char *path, sentlog_visit *fn, void *ctx, int *ret_bad, struct err *err)
{
    bool exists;
    return read_some(path, false, fn, ctx, &exists, ret_bad, err);
}

/* For whom only the end matters, and only what tells of the database and its messages. */
struct ending {
    sentlog_visit *fn;
    void *ctx;
    bool any, of_clients;
};

static void visit_ending(void *ctx, const struct log_line *line)
{
    struct ending *e = ctx;
    if (is_of_client(line)) {
        e->of_clients = true;
        return;
    }
    e->any = true;
    e->fn(e->ctx, line);
}

/* The whole log when its end tells of nothing but clients: they may have been forgotten by the hundred. */
static enum rc read_ending(const char *path, sentlog_visit *fn, void *ctx, bool *ret_exists,
                           int *ret_bad, struct err *err)
{
    struct ending e = {.fn = fn, .ctx = ctx};
    enum rc rc = read_some(path, true, visit_ending, &e, ret_exists, ret_bad, err);
    if (rc == RC_OK && !e.any && e.of_clients)
        rc = read_some(path, false, visit_ending, &e, ret_exists, ret_bad, err);
    return rc;
}

struct last {
    struct log_line line;
    bool any;
};

static void keep_last(void *ctx, const struct log_line *line)
{
    struct last *last = ctx;
    /* An answer belongs to its handing over, which may not be the last when it comes. */
    int64_t seq = last->any && last->line.place.seq > line->place.seq && line->kind == LOG_SAID
                      ? last->line.place.seq
                      : line->place.seq;
    last->line = *line;
    last->line.place.seq = seq;
    last->any = true;
}

enum rc sentlog_last(const char *path, struct log_line *ret, bool *ret_exists, struct err *err)
{
    struct last last = {.any = false};
    int bad = 0;
    enum rc rc = read_ending(path, keep_last, &last, ret_exists, &bad, err);
    if (rc != RC_OK || !*ret_exists)
        return rc;
    if (!last.any && bad == 0)
        *ret_exists = false; /* made, and nothing written yet: as good as not there */
    else if (!last.any)
        rc = err_set(err, RC_CORRUPT,
                     "the end of the sent log %s is damaged: move it away, then pps adopt", path);
    *ret = last.line;
    return rc;
}

struct search {
    const char *instance;
    int64_t seq, highest;
    bool any, risk, said;
    struct log_line answer;
};

static void match(void *ctx, const struct log_line *line)
{
    struct search *s = ctx;
    if (!str_eq(line->place.instance, s->instance))
        return;
    int64_t seq = line->place.seq;
    s->highest = !s->any || seq > s->highest ? seq : s->highest;
    s->any = true;
    if (seq != s->seq)
        return;
    s->risk = s->risk || line->kind == LOG_RISK;
    if (line->kind == LOG_SAID) {
        s->said = true;
        s->answer = *line;
    }
}

enum rc sentlog_find(const char *path, const char *instance, int64_t seq, enum log_knows *ret_knows,
                     struct log_line *ret, struct err *err)
{
    struct search s = {.instance = instance, .seq = seq};
    bool exists;
    *ret_knows = LOG_KNOWS_RISK;
    enum rc rc = read_ending(path, match, &s, &exists, NULL, err);
    if (rc != RC_OK || seq == 0)
        return rc;
    if (s.said) {
        *ret_knows = LOG_KNOWS_SAID;
        *ret = s.answer;
    } else if (!s.risk && s.any && s.highest == seq - 1) {
        *ret_knows = LOG_KNOWS_NOT;
    }
    return RC_OK;
}

/* ---- writing ---- */

static enum rc write_all(struct sentlog *log, const char *text, size_t len, struct err *err)
{
    while (len > 0) {
        ssize_t n = write(log->fd, text, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return failed(log->path, "write to", err);
        text += n;
        len -= (size_t)n;
    }
    return RC_OK;
}

/* A line that was torn ends here, so that the next one stands by itself. */
static enum rc end_torn_line(struct sentlog *log, struct err *err)
{
    char last = '\n';
    off_t size = lseek(log->fd, 0, SEEK_END);
    if (size > 0 && pread(log->fd, &last, 1, size - 1) != 1)
        return failed(log->path, "read", err);
    return last == '\n' ? RC_OK : write_all(log, "\n", 1, err);
}

/* The name of a new file is on the disk only when its folder is. */
static enum rc sync_folder(const char *path, struct err *err)
{
    char *dir = file_dirname(path);
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum rc rc = fd >= 0 && fsync(fd) == 0 ? RC_OK : failed(path, "make", err);
    if (fd >= 0)
        close(fd);
    free(dir);
    return rc;
}

enum rc sentlog_open(const char *path, struct sentlog *ret, struct err *err)
{
    bool made = false;
    int fd = open_file(path, O_RDWR | O_APPEND);
    if (fd < 0 && errno == ENOENT) {
        fd = open_file(path, O_RDWR | O_APPEND | O_CREAT);
        made = true;
    }
    if (fd < 0)
        return failed(path, "open", err);
    struct sentlog log = {.fd = fd, .path = xstrdup(path)};
    enum rc rc = made ? sync_folder(path, err) : end_torn_line(&log, err);
    if (rc != RC_OK)
        sentlog_close(&log);
    else
        *ret = log;
    return rc;
}

void sentlog_close(struct sentlog *log)
{
    if (log->fd >= 0)
        close(log->fd);
    free(log->path);
    *log = (struct sentlog){.fd = -1};
}

enum rc sentlog_sync(struct sentlog *log, struct err *err)
{
    return fdatasync(log->fd) == 0 ? RC_OK : failed(log->path, "sync", err);
}

enum rc sentlog_add(struct sentlog *log, const struct log_line *line, struct err *err)
{
    off_t end = lseek(log->fd, 0, SEEK_END);
    /* Where the file system cannot reserve, the answer that finds no room becomes a doubt. */
    if (line->kind != LOG_SAID && end >= 0 &&
        fallocate(log->fd, FALLOC_FL_KEEP_SIZE, end, RESERVE_BYTES) != 0 && errno != EOPNOTSUPP)
        return failed(log->path, "make room in", err);
    char *text = format_line(line);
    enum rc rc = write_all(log, text, strlen(text), err);
    free(text);
    /* Half a line would spoil the next one. If this fails, too, the next open ends it. */
    if (rc != RC_OK && end >= 0 && ftruncate(log->fd, end) != 0)
        return rc;
    return rc == RC_OK && line->kind != LOG_SAID ? sentlog_sync(log, err) : rc;
}
