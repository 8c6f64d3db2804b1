/* Addresses of people, checked at the door: what passes here may stand in an SMTP command, a header
 * or a provider's request as it is. It rejects rather than repairs: a wrong guess sends a client's
 * letter to a stranger. Serves the use cases that take clients and staff in, import, and the
 * configuration. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pps/contact.h>
#include <pps/str.h>
#include <pps/utf8.h>

enum { DIGITS_MIN = 8, DIGITS_MAX = 15, NATIONAL_RU = 10 };

/* RC_INVALID: `"text" <what> <fault>`. text may hold anything. */
static enum rc bad(struct err *err, const char *text, const char *what, const char *fault)
{
    char *quoted = utf8_quote(text);
    (void)err_set(err, RC_INVALID, "%s is not %s: %s", quoted, what, fault);
    free(quoted);
    return RC_INVALID;
}

/* ---- Phone numbers ---- */

static enum rc bad_phone(struct err *err, const char *text, const char *fault)
{
    return bad(err, text, "a phone number", fault);
}

/* ITU-T E.164 calling codes by their first two digits: how long the code is, 0 where there is none.
 */
static const char code_lengths[] = "0000000000" /* 0x: no code begins with 0 */
                                   "1111111111" /* 1x: North America */
                                   "2333333203" /* 20 Egypt, 27 South Africa */
                                   "2222232332" /* 30 Greece … 36 Hungary, 39 Italy */
                                   "2232222222" /* 42x */
                                   "3222222223" /* 50x, 59x */
                                   "2222222333" /* 67x 68x 69x */
                                   "1111111111" /* 7x: Russia, Kazakhstan */
                                   "3220232330" /* 80x 85x 87x 88x */
                                   "2222223323" /* 96x 97x 99x */;

/* Length of the calling code that the digits begin with, 0 when there is none. */
static size_t code_length(const char *digits)
{
    return (size_t)(code_lengths[(digits[0] - '0') * 10 + (digits[1] - '0')] - '0');
}

/* Countries whose whole numbers, code included, have lengths that we know: a digit lost or doubled
 * is the commonest slip. Others are held to E.164 alone. */
static const struct {
    const char *code;
    size_t min, max;
    const char *fault;
} lengths[] = {
    {"7", 11, 11, "a number of Russia or Kazakhstan has 10 digits after +7"},
    {"1", 11, 11, "a North American number has 10 digits after +1"},
    {"359", 10, 12, "a Bulgarian number has 7 to 9 digits after +359"},
};

/* What people put between digits: spaces (no-break, thin and narrow ones too), dashes, dots,
 * brackets. */
static bool is_separator(uint32_t cp)
{
    static const uint32_t separators[] = {' ',    '\t',   '-',    '.',    '(',    ')',
                                          '/',    0xA0,   0x2007, 0x2009, 0x200A, 0x202F,
                                          0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2212};
    for (size_t i = 0; i < sizeof separators / sizeof separators[0]; i++)
        if (separators[i] == cp)
            return true;
    return false;
}

static const char *character_fault(uint32_t cp)
{
    if ((cp >= 'a' && cp <= 'z') || (cp >= 'A' && cp <= 'Z') || (cp >= 0xC0 && cp < 0x2000))
        return "it has letters";
    if (cp == '+')
        return "a plus may stand only at the beginning";
    if (cp == ',' || cp == ';')
        return "write one number";
    return utf8_is_unsafe(cp) || cp == '\n'
               ? "it contains a control character"
               : "only digits, spaces, dashes and brackets may be in it";
}

struct dialled {
    char digits[DIGITS_MAX + 3]; /* room for "00" and one to see that it is too long */
    size_t n;
    bool plus;
};

/* Leaves the digits and says whether a plus stood before them. */
static enum rc collect_digits(const char *text, struct dialled *ret, struct err *err)
{
    struct dialled d = {0};
    size_t n = strlen(text);
    for (size_t at = 0; at < n;) {
        uint32_t cp;
        size_t length = utf8_decode(text + at, n - at, &cp);
        if (length == 0)
            return bad_phone(err, text, "it is not UTF-8 text");
        at += length;
        if (cp == '+' && d.n == 0 && !d.plus) {
            d.plus = true;
        } else if (cp >= '0' && cp <= '9') {
            if (d.n + 1 == sizeof d.digits)
                return bad_phone(err, text, "it is too long");
            d.digits[d.n++] = (char)cp;
        } else if (!is_separator(cp)) {
            return bad_phone(err, text, character_fault(cp));
        }
    }
    *ret = d;
    return d.n > 0 ? RC_OK : bad_phone(err, text, "it has no digits");
}

static void prepend(struct dialled *d, const char *code, size_t drop)
{
    char rest[sizeof d->digits];
    memcpy(rest, d->digits + drop, d->n - drop + 1);
    int n = snprintf(d->digits, sizeof d->digits, "%s%s", code, rest);
    d->n = (size_t)n;
}

/* Makes a number without '+' international, as the country dials it. */
static enum rc from_national(const char *text, const char *country, struct dialled *d,
                             struct err *err)
{
    if (str_starts(d->digits, "00")) {
        prepend(d, "", 2);
    } else if (str_eq(country, "RU") || str_eq(country, "KZ")) {
        /* Ten digits that begin like the country's own prefix are eleven with one forgotten, and would reach a
         * stranger. (In Kazakhstan national numbers do begin with 7.) */
        bool forgotten = d->digits[0] == '8' || (d->digits[0] == '7' && str_eq(country, "RU"));
        if (d->n == NATIONAL_RU && forgotten)
            return bad_phone(err, text, "a digit is missing: after 8 or +7 come ten");
        if (d->n == NATIONAL_RU)
            prepend(d, "7", 0);
        else if (d->n == NATIONAL_RU + 1 && (d->digits[0] == '8' || d->digits[0] == '7'))
            prepend(d, "7", 1);
        else
            return bad_phone(err, text,
                             "write 10 digits after 8 or +7, or + and the code of the country");
    } else if (str_eq(country, "BG") && d->digits[0] == '0') {
        prepend(d, "359", 1);
    } else {
        return bad_phone(err, text,
                         str_eq(country, "BG")
                             ? "begin with 0, or with + and the code of the country"
                             : "begin with + and the code of the country");
    }
    return RC_OK;
}

static enum rc check_international(const char *text, const struct dialled *d, struct err *err)
{
    if (d->n < DIGITS_MIN)
        return bad_phone(err, text, "it is too short");
    if (d->n > DIGITS_MAX)
        return bad_phone(err, text, "it is too long");
    if (code_length(d->digits) == 0)
        return bad_phone(err, text, "no country has that calling code");
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++)
        if (str_starts(d->digits, lengths[i].code) &&
            (d->n < lengths[i].min || d->n > lengths[i].max))
            return bad_phone(err, text, lengths[i].fault);
    if (str_starts(d->digits, "3590"))
        return bad_phone(err, text, "after +359 the leading 0 is left out");
    return RC_OK;
}

enum rc phone_parse(const char *text, const char *country, char ret[PHONE_BYTES], struct err *err)
{
    struct dialled d;
    text = str_or(text, "");
    enum rc rc = collect_digits(text, &d, err);
    if (rc == RC_OK && (d.plus || str_starts(d.digits, "00")) && strstr(text, "(0)") != NULL)
        return bad_phone(err, text, "leave the (0) out");
    if (rc == RC_OK && !d.plus)
        rc = from_national(text, country, &d, err);
    if (rc == RC_OK)
        rc = check_international(text, &d, err);
    if (rc == RC_OK)
        (void)snprintf(ret, PHONE_BYTES, "+%.15s", d.digits);
    return rc;
}

/* How countries write their numbers: behind the code, numbers of so many digits that begin like this stand in groups of
 * these sizes. First come, first served; what is not here is not known well enough and stands in groups of three. */
static const struct {
    const char *code;
    const char *begin; /* between spaces; "": any */
    size_t digits;
    const char *sizes;
} ways_of_writing[] = {
    {"44", " 2 ", 10, "244"}, /* London, Cardiff, Belfast */
    {"44", " 11 121 131 141 151 161 191 3 8 ", 10, "334"},
    {"44", " 1 7 ", 10, "46"},
    {"359", " 2 ", 8, "134"}, /* Sofia */
    {"359", " 32 34 38 42 44 46 52 54 56 58 62 64 66 68 73 76 78 82 84 86 92 94 96 ", 8, "233"},
    {"33", "", 9, "12222"},
    {"49", " 30 40 69 89 ", 10, "244"}, /* Berlin, Hamburg, Frankfurt, Munich */
    {"40", " 21 31 ", 9, "234"},
    {"90", "", 10, "3322"},
    {"41", "", 9, "2322"},
    {"380", "", 9, "2322"},
    {"375", "", 9, "2322"},
    {"998", "", 9, "2322"},
    {"374", "", 8, "233"},
    {"995", "", 9, "3222"},
    {"357", "", 8, "233"},
    {"381", " 6 ", 9, "234"},
    {"972", " 5 ", 9, "234"},
    {"971", " 5 ", 9, "234"},
    {"66", "", 9, "234"},
    {"91", "", 10, "55"},
};

/* Whether the digits begin like one of them. */
static bool begins_like(const char *digits, const char *begin)
{
    const char *at = begin;
    while (*at != '\0') {
        at += strspn(at, " ");
        size_t n = strcspn(at, " ");
        if (n > 0 && strncmp(digits, at, n) == 0)
            return true;
        at += n;
    }
    return *begin == '\0';
}

/* "" when it is not known. */
static const char *sizes_of(const char *digits, size_t code)
{
    size_t n = strlen(digits + code);
    for (size_t i = 0; i < sizeof ways_of_writing / sizeof *ways_of_writing; i++) {
        bool here = strlen(ways_of_writing[i].code) == code &&
                    strncmp(digits, ways_of_writing[i].code, code) == 0;
        if (here && n == ways_of_writing[i].digits &&
            begins_like(digits + code, ways_of_writing[i].begin))
            return ways_of_writing[i].sizes;
    }
    return "";
}

/* The digits in groups, each after a space: of these sizes, then of three. The last of those takes two to four. */
static void add_groups(struct sb *sb, const char *digits, const char *sizes)
{
    for (size_t n = strlen(digits); n > 0; n = strlen(digits)) {
        size_t group = n < 5 ? n : 3; /* never a digit alone at the end */
        if (*sizes != '\0')
            group = (size_t)(*sizes++ - '0');
        sb_addc(sb, ' ');
        sb_addn(sb, digits, group);
        digits += group;
    }
}

bool phone_takes_sms(const char *e164)
{
    return !(str_starts(e164, "+7") && strchr("348", e164[2]) != NULL && e164[2] != '\0');
}

void phone_format(const char *e164, char buf[32])
{
    struct sb sb = {0};
    const char *digits = e164[0] == '+' ? e164 + 1 : "";
    size_t n = strlen(digits);
    size_t code = n >= DIGITS_MIN && n <= DIGITS_MAX && strspn(digits, "0123456789") == n
                      ? code_length(digits)
                      : 0;
    if (digits[0] == '7' && n == NATIONAL_RU + 1 && code == 1) {
        sb_addf(&sb, "+7 %.3s %.3s-%.2s-%.2s", digits + 1, digits + 4, digits + 7, digits + 9);
    } else if (code > 0) {
        sb_addc(&sb, '+');
        sb_addn(&sb, digits, code);
        add_groups(&sb, digits + code, sizes_of(digits, code));
    } else {
        sb_add(&sb, e164);
    }
    (void)snprintf(buf, 32, "%s", sb_str(&sb));
    sb_fini(&sb);
}

/* ---- E-mail addresses ---- */

enum { ADDRESS_MAX = 254, LOCAL_MAX = 64, LABEL_MAX = 63 };

static bool is_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Faults that lie in single bytes; NULL when there is none. */
static const char *byte_fault(const char *s)
{
    bool foreign = false, space = false;
    for (; *s != '\0'; s++) {
        unsigned char c = (unsigned char)*s;
        if (c < 0x20 || c == 0x7F)
            return "it contains a control character";
        space = space || c == ' ';
        foreign = foreign || c >= 0x80;
    }
    if (space)
        return "it has a space";
    return foreign ? "it has non-ASCII characters: write the domain in its xn-- form" : NULL;
}

/* RFC 5321 §4.1.2 Dot-string: atoms with single dots between them. */
static const char *local_fault(const char *local, size_t n)
{
    if (n == 0)
        return "there is nothing before the @";
    if (n > LOCAL_MAX)
        return "the part before the @ is longer than 64 characters";
    for (size_t i = 0; i < n; i++) {
        if (local[i] == '.') {
            if (i == 0 || i == n - 1 || local[i + 1] == '.')
                return "a dot stands first, last or twice in the part before the @";
        } else if (!is_alnum(local[i]) && strchr("!#$%&'*+-/=?^_`{|}~", local[i]) == NULL) {
            return "the part before the @ has a character that may not stand there";
        }
    }
    return NULL;
}

static const char *label_fault(const char *label, size_t n)
{
    if (n == 0)
        return "a dot stands first, last or twice in the domain";
    if (n > LABEL_MAX)
        return "a label of the domain is longer than 63 characters";
    if (label[0] == '-' || label[n - 1] == '-')
        return "a label of the domain begins or ends with a hyphen";
    for (size_t i = 0; i < n; i++)
        if (!is_alnum(label[i]) && label[i] != '-')
            return "the domain has a character that may not stand there";
    return NULL;
}

static const char *domain_fault(const char *domain)
{
    const char *label = domain;
    if (*domain == '\0')
        return "there is nothing after the @";
    if (strchr(domain, '.') == NULL)
        return "the domain has no dot";
    for (;;) {
        size_t n = strcspn(label, ".");
        const char *fault = label_fault(label, n);
        if (fault != NULL)
            return fault;
        if (label[n] == '\0')
            break;
        label += n + 1;
    }
    if (strspn(label, "0123456789") == strlen(label))
        return "the domain ends in a number";
    return NULL;
}

static const char *address_fault(const char *text)
{
    const char *at = strchr(text, '@');
    if (*text == '\0')
        return "it is empty";
    const char *fault = byte_fault(text);
    if (fault != NULL)
        return fault;
    if (strlen(text) > ADDRESS_MAX)
        return "it is longer than 254 characters";
    if (at == NULL)
        return "it has no @";
    if (strchr(at + 1, '@') != NULL)
        return "it has more than one @";
    fault = local_fault(text, (size_t)(at - text));
    return fault != NULL ? fault : domain_fault(at + 1);
}

enum rc email_parse(const char *text, char **ret_address, struct err *err)
{
    text = str_or(text, "");
    const char *fault = address_fault(text);
    if (fault != NULL)
        return bad(err, text, "an e-mail address", fault);
    char *address = xstrdup(text);
    for (char *p = strchr(address, '@'); *p != '\0'; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
    *ret_address = address;
    return RC_OK;
}
