/* Errors as values: fills the one line that the caller will show. Serves every room. */
#include <stdio.h>
#include <string.h>

#include <pps/err.h>

/* Cuts at a character so that the line stays valid UTF-8. */
static void mark_cut(char *message)
{
    size_t at = ERR_MESSAGE_BYTES - 4;
    while (at > 0 && ((unsigned char)message[at] & 0xC0) == 0x80)
        at--;
    memcpy(message + at, "…", 4);
}

enum rc err_set(struct err *err, enum rc rc, const char *fmt, ...)
{
    if (err == NULL)
        return rc;
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(err->message, sizeof err->message, fmt, ap);
    va_end(ap);
    if (n >= (int)sizeof err->message)
        mark_cut(err->message);
    return rc;
}

bool rc_is_its_own(enum rc rc)
{
    return rc == RC_INVALID || rc == RC_NOTFOUND || rc == RC_CONFIG || rc == RC_REJECTED;
}

enum rc err_prefix(struct err *err, enum rc rc, const char *fmt, ...)
{
    if (err == NULL)
        return rc;
    char place[ERR_MESSAGE_BYTES], old[ERR_MESSAGE_BYTES];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(place, sizeof place, fmt, ap);
    va_end(ap);
    memcpy(old, err->message, sizeof old);
    return err_set(err, rc, "%s: %s", place, old);
}

enum rc troubles_note(struct troubles *troubles, enum rc rc, const char *whose,
                      const struct err *err)
{
    if (!rc_is_its_own(rc))
        return rc;
    if (troubles != NULL && troubles->n++ < TROUBLES_KEPT)
        (void)err_set(&troubles->lines[troubles->n - 1], rc, "%s: %s", whose, err->message);
    return RC_OK;
}
