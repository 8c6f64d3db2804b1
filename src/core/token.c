/* Tokens by HMAC-SHA256, which is GLib's (it comes with GMime): a sum of our own making would be one more thing to trust.
 * The only file that sees glib.h. Serves the letters (the link that stops them), dispatch (the envelope sender), and
 * whoever reads what comes back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include <pps/token.h>

enum { MAC_DIGITS = 24 };

static const char letters[] = {[TOKEN_UNSUBSCRIBE] = 'u', [TOKEN_BOUNCE] = 'b'};

void token_make(const char *key, enum token_use use, int64_t id, char ret[TOKEN_BYTES])
{
    char about[TOKEN_BYTES - MAC_DIGITS - 2]; /* a letter and twenty digits fit */
    (void)snprintf(about, sizeof about, "%c%lld", letters[use], (long long)id);
    char *mac = g_compute_hmac_for_data(G_CHECKSUM_SHA256, (const guchar *)key, strlen(key),
                                        (const guchar *)about, strlen(about));
    (void)snprintf(ret, TOKEN_BYTES, "%s-%.*s", about, MAC_DIGITS, mac);
    g_free(mac);
}

static char small(char c)
{
    return (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

/* All of it is compared, so that the time it takes tells nothing of where the first wrong digit is. */
static bool same(const char *token, const char *wanted)
{
    size_t n = strlen(wanted);
    unsigned differs = 0;
    if (strlen(token) != n)
        return false;
    for (size_t i = 0; i < n; i++)
        differs |= (unsigned)(small(token[i]) ^ wanted[i]);
    return differs == 0;
}

bool token_read(const char *key, enum token_use use, const char *token, int64_t *ret_id)
{
    char *end;
    if (small(token[0]) != letters[use] || token[1] < '1' || token[1] > '9' ||
        strlen(token) >= TOKEN_BYTES)
        return false;
    long long id = strtoll(token + 1, &end, 10);
    if (*end != '-')
        return false;
    char wanted[TOKEN_BYTES];
    token_make(key, use, id, wanted);
    if (!same(token, wanted))
        return false;
    *ret_id = id;
    return true;
}
