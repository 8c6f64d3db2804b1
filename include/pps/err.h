/* Errors: a code that names what the caller does next, and one line that a person reads.
 *
 * A function that can fail returns enum rc and takes a struct err last. On success the struct err
 * is not touched. Nothing below cli/ prints; cli/ prints the line once as "pps: <line>". */
#ifndef PPS_ERR_H
#define PPS_ERR_H

#include <stdarg.h>
#include <stdbool.h>

enum rc {
    RC_OK = 0,
    RC_USAGE,       /* the command line is wrong: read the help */
    RC_INVALID,     /* the data is wrong: mend it */
    RC_NOTFOUND,    /* there is no such thing: look it up */
    RC_EXISTS,      /* it is there already: do not create it */
    RC_BUSY,        /* somebody else is at it: try again later */
    RC_REJECTED,    /* not permitted in this state: do not try again */
    RC_UNAVAILABLE, /* a gateway refuses or does not answer: try again later */
    RC_CONFIG,      /* the configuration is wrong: mend pps.json or what it names */
    RC_IO,          /* the system could not read or write */
    RC_CORRUPT,     /* a file is not what it should be: do not write to it */
    RC_INTERNAL     /* a bug in pps */
};

#define ERR_MESSAGE_BYTES 1024

struct err {
    char message[ERR_MESSAGE_BYTES]; /* one lower-case line, UTF-8, no newline; "" = none */
};

#define MUST_CHECK __attribute__((warn_unused_result))

/* Writes the line and returns rc, so that `return err_set(err, RC_INVALID, "...")` reads well.
 * A line that is too long is cut at a character and ends in "…". err may be NULL. */
enum rc err_set(struct err *err, enum rc rc, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Whether the trouble is that of one client or occasion (its data are wrong, something that it needs is gone, a rule of
 * the database refuses it), so that whoever goes through many of them goes on with the others. */
bool rc_is_its_own(enum rc rc);

/* Such troubles, kept for whoever has to be told of them. */
enum { TROUBLES_KEPT = 8 };
struct troubles {
    int n;
    struct err lines[TROUBLES_KEPT]; /* of the first of them: "A5 preflight of T3: why" */
};
/* Of a trouble of its own: notes whose it is, and why (troubles NULL: nobody has to be told), and gives RC_OK, so that the
 * others go on. Anything else is given back. */
enum rc troubles_note(struct troubles *troubles, enum rc rc, const char *whose,
                      const struct err *err);

/* Puts "<text>: " before the line that is there; returns rc. For adding the place to an error. */
enum rc err_prefix(struct err *err, enum rc rc, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif
