/* Private to the room: the sent log, a file beside the database to which one line is added whenever a message is handed
 * over, before its point of no return, and another when the answer is there; and two round the forgetting of a client. It
 * holds no personal data.
 *
 * It knows four things that the database alone cannot know:
 *   * that the database is an older copy, or stands somewhere else than it did (guard.c);
 *   * what a tick that died, or that could not write to the database, had heard from the other side (recover.c);
 *   * what was sent since a backup was taken (restore.c);
 *   * who was forgotten since (forgotten.c).
 *
 * A line is "pps1 KIND SEQ INSTANCE MACHINE INODE AT … CHECK": KIND is here, risk, said, forget or forgot; CHECK is FNV-1a of
 * what stands before it. Lines are only ever added; a torn one has no right check, and counts as not there. So does one of a
 * kind that a program does not know: older ones pass over what was added since. */
#ifndef PPS_DISPATCH_SENTLOG_H
#define PPS_DISPATCH_SENTLOG_H

#include <stdbool.h>
#include <stdint.h>

#include <pps/err.h>
#include <pps/gateway.h>
#include <pps/model.h>

enum { INSTANCE_BYTES = 33, ANCESTORS_MAX = 8 };

/* Which database, on which machine, and how far it is. */
struct place {
    char instance[INSTANCE_BYTES]; /* of the database: made once, kept by copies */
    char machine[17];              /* a hash of /etc/machine-id; "-" when there is none */
    int64_t inode;                 /* of the database's file */
    int64_t seq;                   /* the last handing over */
    char was
        [INSTANCE_BYTES]; /* an instance that it was before; "" for none. Said by "here" lines alone */
    /* Said by the database alone: */
    bool logged; /* it has had a sent log */
    bool behind; /* it has not got what was entered there, see seen.c */
    char ancestors[ANCESTORS_MAX]
                  [INSTANCE_BYTES]; /* what it was before, the latest first; see guard_fork */
    size_t n_ancestors;
};

enum log_kind {
    LOG_HERE, /* the database was new, or a person said that this is its place */
    LOG_RISK, /* a message is handed over from here on */
    LOG_SAID, /* what the other side said */
    LOG_FORGET, /* a client is being forgotten; whether it came to its end is not known yet */
    LOG_FORGOT  /* the same client is forgotten, for good */
};

/* A short hash (FNV-1a, eight hexadecimal digits). That of its idem key tells one message of an action from another, which
 * has other words. */
enum { LOG_KEY_BYTES = 9 };
void sentlog_key(const char *text, char buf[LOG_KEY_BYTES]);

struct log_line {
    enum log_kind kind;
    struct place place; /* its seq is the one of the message */
    int64_t at;
    /* LOG_RISK */
    int64_t action_id, occasion_id, occasion_created_at;
    enum kind occasion_kind;
    char step[48];
    int occurrence;
    enum channel channel;
    char key[LOG_KEY_BYTES]; /* see sentlog_key; "" in lines of earlier versions */
    /* LOG_SAID */
    enum delivery_class class;
    int code;
    char provider_id[128];
    /* LOG_FORGET, LOG_FORGOT: the card, known by when it was made, for numbers are given anew after a restore */
    int64_t client_id, client_created_at;
};

struct sentlog {
    int fd; /* -1: not open */
    char *path;
};

/* The last good line that says where the database is, which those about clients do not; *ret_exists false when there is no log yet. RC_CORRUPT: there is one, and its end is no log. */
enum rc sentlog_last(const char *path, struct log_line *ret, bool *ret_exists,
                     struct err *err) MUST_CHECK;
/* Calls fn for every good line from the first to the last; *ret_bad (may be NULL) counts the others. A log that is not
 * there has none. */
typedef void sentlog_visit(void *ctx, const struct log_line *line);
enum rc sentlog_read(const char *path, sentlog_visit *fn, void *ctx, int *ret_bad,
                     struct err *err) MUST_CHECK;

/* What the end of the log knows of the handing over seq. */
enum log_knows {
    LOG_KNOWS_NOT, /* it never got as far: certainly nothing was handed over */
    LOG_KNOWS_RISK, /* it was handed over, and no answer was heard; or the log does not reach back so far */
    LOG_KNOWS_SAID /* *ret is the answer */
};
enum rc sentlog_find(const char *path, const char *instance, int64_t seq, enum log_knows *ret_knows,
                     struct log_line *ret, struct err *err) MUST_CHECK;

/* Opens the log to add to it, and makes it (0600) when it is not there. */
enum rc sentlog_open(const char *path, struct sentlog *ret, struct err *err) MUST_CHECK;
void sentlog_close(struct sentlog *log);
/* Adds a line and makes sure of space for the next. said is there for whoever looks, and on the disk after sentlog_sync; any
 * other is on the disk when this returns. */
enum rc sentlog_add(struct sentlog *log, const struct log_line *line, struct err *err) MUST_CHECK;
enum rc sentlog_sync(struct sentlog *log, struct err *err) MUST_CHECK;

#endif
