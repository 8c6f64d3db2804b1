/* The cleaning of everything that another machine says before a person or a log sees it. Must not know SMTP or a provider.
 * Serves smtp.c, http.c and transfer.c. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>
#include <pps/utf8.h>

#include "gateway.h"
#include "reply.h"

enum {
    REPLY_SHOWN_BYTES = 300,
    DIGITS_SHOWN = 6,     /* longer runs may be a phone number */
    SECRET_BYTES_MIN = 3, /* masking one or two letters would only garble the text */
};

/* ---- secrets ---- */

void wipe_free(char *secret)
{
    if (secret != NULL)
        explicit_bzero(secret, strlen(secret));
    free(secret);
}

void secrets_take(struct secrets *secrets, char *secret)
{
    if (secret != NULL && secrets->n < SECRETS_MAX)
        secrets->v[secrets->n++] = secret;
    else
        wipe_free(secret);
}

void secrets_fini(struct secrets *secrets)
{
    for (size_t i = 0; i < secrets->n; i++)
        wipe_free(secrets->v[i]);
    *secrets = (struct secrets){0};
}

/* The length of the longest secret that stands at p, or 0. */
static size_t secret_at(const char *p, const struct secrets *secrets)
{
    size_t longest = 0;
    for (size_t i = 0; i < secrets->n; i++) {
        size_t len = strlen(secrets->v[i]);
        if (len >= SECRET_BYTES_MIN && len > longest && strncmp(p, secrets->v[i], len) == 0)
            longest = len;
    }
    return longest;
}

static char *mask_secrets(const char *s, const struct secrets *secrets)
{
    struct sb out = {0};
    while (*s != '\0') {
        size_t len = secret_at(s, secrets);
        if (len > 0)
            sb_add(&out, "[secret]");
        else
            sb_addc(&out, *s);
        s += len > 0 ? len : 1;
    }
    return sb_take(&out);
}

/* ---- addresses and numbers ---- */

/* Characters of a local part (RFC 5322 atext, dots, and UTF-8 as in RFC 6531). */
static bool in_local_part(char c)
{
    return (c & 0x80) != 0 || isalnum((unsigned char)c) ||
           (c != '\0' && strchr(".!#$%&'*+/=?^_`{|}~-", c) != NULL);
}

static bool in_domain(char c)
{
    return (c & 0x80) != 0 || isalnum((unsigned char)c) || c == '.' || c == '-';
}

static size_t run(const char *s, bool (*in)(char))
{
    size_t n = 0;
    while (s[n] != '\0' && in(s[n]))
        n++;
    return n;
}

static void add_run(struct sb *out, const char *s, size_t n, enum mask mask)
{
    for (size_t i = 0; i < n;) {
        size_t digits = 0;
        while (i + digits < n && isdigit((unsigned char)s[i + digits]))
            digits++;
        if (digits > DIGITS_SHOWN && mask == MASK_NUMBERS)
            sb_add(out, "[number]");
        else
            sb_addn(out, s + i, digits > 0 ? digits : 1);
        i += digits > 0 ? digits : 1;
    }
}

static char *mask_people(const char *s, enum mask mask)
{
    struct sb out = {0};
    while (*s != '\0') {
        size_t local = run(s, in_local_part);
        size_t domain = s[local] == '@' ? run(s + local + 1, in_domain) : 0;
        if (local > 0 && domain > 0) {
            sb_add(&out, "[address]");
            s += local + 1 + domain;
        } else {
            size_t n = local > 0 ? local : 1;
            add_run(&out, s, n, mask);
            s += n;
        }
    }
    return sb_take(&out);
}

char *reply_sanitise(const char *raw, size_t len, const struct secrets *secrets, enum mask mask)
{
    char *text = xstrndup(raw, len); /* ends at a NUL byte, as a person's view of it would */
    char *masked = mask_secrets(text, secrets);
    char *people = mask_people(masked, mask);
    char *line = utf8_printable(people, true);
    if (strlen(line) > REPLY_SHOWN_BYTES) {
        char *cut = xmalloc(REPLY_SHOWN_BYTES + 1);
        text_copy(cut, REPLY_SHOWN_BYTES + 1, line);
        free(line);
        line = cut;
    }
    /* The raw text may hold a secret. */
    wipe_free(text);
    free(masked);
    free(people);
    return str_trim(line);
}
