/* Tokens by HMAC-SHA256, which is GLib's (it comes with GMime): a sum of our own making would be one more thing to trust.
 * The only file that sees glib.h. Serves the letters (the link that stops them), dispatch (the envelope sender), and
 * whoever reads what comes back. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include <pps/str.h>
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

void address_seal(const char *address, char ret[SEAL_BYTES])
{
    static const char use[] = "pps: an address that was forgotten";
    char *folded = xstrdup(address);
    for (char *c = folded; *c != '\0'; c++)
        *c = small(*c);
    char *mac = g_compute_hmac_for_data(G_CHECKSUM_SHA256, (const guchar *)use, strlen(use),
                                        (const guchar *)folded, strlen(folded));
    (void)snprintf(ret, SEAL_BYTES, "#%.*s", SEAL_BYTES - 2, mac);
    g_free(mac);
    free(folded);
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

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return is_digit(c) || (small(c) >= 'a' && small(c) <= 'z');
}

static bool is_mac_digit(char c)
{
    return is_digit(c) || (small(c) >= 'a' && small(c) <= 'f');
}

/* What mail programs put where they break a line: the break itself, blanks around it, "=" before it. */
static size_t break_length(const char *s)
{
    size_t n = *s == '=' && (s[1] == '\r' || s[1] == '\n');
    return n + strspn(s + n, " \t\r\n");
}

/* What at s has the form of a token: the letter, the number, '-' and up to MAC_DIGITS digits, among which lines may be broken.
 * How many bytes it takes, 0: there is none. */
static size_t token_at(const char *s, bool broken, char ret[TOKEN_BYTES], size_t *ret_digits)
{
    enum { NUMBER_MAX = 19 };
    if (small(s[0]) != letters[TOKEN_UNSUBSCRIBE] && small(s[0]) != letters[TOKEN_BOUNCE])
        return 0;
    size_t n = 1, digits = 0;
    while (is_digit(s[n]))
        n++;
    if (n == 1 || n > 1 + NUMBER_MAX || s[1] == '0' || s[n] != '-')
        return 0;
    n++;
    memcpy(ret, s, n);
    for (size_t to = n; digits < MAC_DIGITS; digits++) {
        size_t gap = broken ? break_length(s + n) : 0;
        if (!is_mac_digit(s[n + gap]))
            break;
        n += gap;
        ret[to++] = s[n++];
        ret[to] = '\0';
    }
    *ret_digits = digits;
    return n;
}

/* A whole one may stand among letters ("bounceb156-…", "%20u12-…"); a part of one is a word of its own. */
bool token_spot(const char *text, char ret[TOKEN_BYTES], bool *ret_whole)
{
    enum { CUT_MIN = 6, WHOLE = 0, BROKEN = 1, CUT = 2 };
    for (int form = WHOLE; form <= CUT; form++) {
        for (const char *s = text; *s != '\0'; s++) {
            size_t digits = 0, n = token_at(s, form == BROKEN, ret, &digits);
            bool fits = form != CUT ? digits == MAC_DIGITS
                                    : digits >= CUT_MIN && !is_word(s[n]) &&
                                          (s == text || !is_word(s[-1]));
            if (n == 0 || !fits)
                continue;
            *ret_whole = form != CUT;
            return true;
        }
    }
    ret[0] = '\0';
    return false;
}
