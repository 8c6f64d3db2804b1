/* What people typed -> values. Every fault is named with its field, quoted safely, with the remedy.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pps/contact.h>
#include <pps/language.h>
#include <pps/str.h>
#include <pps/utf8.h>

#include "internal.h"

static enum rc bad(struct err *err, const char *field, const struct err *why)
{
    return err_set(err, RC_INVALID, "%s: %s", field, why->message);
}

/* What is pasted brings signs along that nobody sees, and blanks that do not break: with them "Мария Иванова" is another
 * name, which no search finds and no greeting takes apart. Joiners stay, pictures are made with them. New string. */
static char *without_unseen(const char *text)
{
    static const uint32_t unseen[] = {0xAD, 0x180E, 0x200B, 0x2060, 0xFEFF};
    struct sb sb = {0};
    size_t len = strlen(text), length;
    for (size_t at = 0; at < len; at += length) {
        uint32_t cp = 0;
        length = utf8_decode(text + at, len - at, &cp);
        bool drop = false;
        for (size_t i = 0; i < sizeof unseen / sizeof *unseen; i++)
            drop = drop || cp == unseen[i];
        if (cp == 0xA0 || (cp >= 0x2000 && cp <= 0x200A) || cp == 0x202F || cp == 0x205F ||
            cp == 0x3000)
            sb_addc(&sb, ' ');
        else if (!drop)
            sb_addn(&sb, text + at, length);
    }
    return sb_take(&sb);
}

enum rc field_text(const char *field, const char *text, size_t max, char **ret, struct err *err)
{
    if (text == NULL) {
        *ret = NULL;
        return RC_OK;
    }
    size_t len = strlen(text);
    if (len > max * 4)
        return err_set(err, RC_INVALID, "%s is too long: at most %zu characters", field, max);
    size_t valid = utf8_valid_until(text, len);
    if (valid < len)
        return err_set(err, RC_INVALID,
                       "%s is not valid UTF-8 (byte %zu): is the terminal set to UTF-8?", field,
                       valid + 1);
    char *copy = str_trim(without_unseen(text));
    if (utf8_length(copy) > max) {
        free(copy);
        return err_set(err, RC_INVALID, "%s is too long: at most %zu characters", field, max);
    }
    for (const char *p = copy; *p != '\0';) {
        uint32_t cp = 0;
        p += utf8_decode(p, 4, &cp);
        if (utf8_is_unsafe(cp) || cp == '\t' || cp == '\n') {
            free(copy);
            return err_set(err, RC_INVALID,
                           "%s contains a control character (U+%04X): type it again by hand", field,
                           (unsigned)cp);
        }
    }
    if (!utf8_is_visible(copy)) {
        free(copy);
        copy = NULL;
    }
    *ret = copy;
    return RC_OK;
}

enum rc field_change(const char *field, const char *text, size_t max, char **io, struct err *err)
{
    char *value;
    if (text == NULL)
        return RC_OK;
    enum rc rc = field_text(field, text, max, &value, err);
    if (rc == RC_OK) {
        free(*io);
        *io = value;
    }
    return rc;
}

enum rc field_phone(const struct desk *desk, const char *text, char **ret, struct err *err)
{
    char phone[PHONE_BYTES];
    struct err why = {0};
    if (str_empty(text)) {
        *ret = NULL;
        return RC_OK;
    }
    if (phone_parse(text, desk->config->agency.country, phone, &why) != RC_OK)
        return bad(err, "phone", &why);
    *ret = xstrdup(phone);
    return RC_OK;
}

enum rc field_email(const char *text, char **ret, struct err *err)
{
    struct err why = {0};
    if (str_empty(text)) {
        *ret = NULL;
        return RC_OK;
    }
    return email_parse(text, ret, &why) == RC_OK ? RC_OK : bad(err, "e-mail", &why);
}

enum rc field_lang(const char *text, char **ret, struct err *err)
{
    if (str_empty(text)) {
        *ret = NULL;
        return RC_OK;
    }
    if (strlen(text) != 2 || strspn(text, "abcdefghijklmnopqrstuvwxyz") != 2)
        return err_set(err, RC_INVALID, "language: two small letters, such as ru, en or bg");
    const char *meant = language_meant(text);
    if (meant != NULL)
        return err_set(err, RC_INVALID, "language: \"%s\" is a country; did you mean \"%s\"?", text,
                       meant);
    *ret = xstrdup(text);
    return RC_OK;
}

enum rc field_tz(const char *text, char **ret, struct err *err)
{
    struct err why = {0};
    const struct zone *zone;
    if (str_empty(text)) {
        *ret = NULL;
        return RC_OK;
    }
    if (zone_find(text, &zone, &why) != RC_OK)
        return bad(err, "time zone", &why);
    *ret = xstrdup(text);
    return RC_OK;
}

enum rc field_gender(const char *text, enum gender *ret, struct err *err)
{
    *ret = GENDER_NOT_SAID;
    if (str_empty(text) || gender_from_name(text, ret))
        return RC_OK;
    return err_set(
        err, RC_INVALID,
        "gender: write female, male or unknown (unknown: letters address them neutrally)");
}

/* One or two digits; returns what follows, NULL when there are none, or more. */
static const char *read_number(const char *s, int *ret)
{
    size_t digits = strspn(s, "0123456789");
    if (digits < 1 || digits > 2)
        return NULL;
    for (*ret = 0; digits > 0; digits--)
        *ret = *ret * 10 + (*s++ - '0');
    return s;
}

enum rc field_party(const char *text, int *ret_adults, int *ret_children, struct err *err)
{
    int adults = 0, children = 0;
    *ret_adults = *ret_children = 0;
    if (str_empty(text))
        return RC_OK;
    const char *rest = read_number(text, &adults);
    if (rest != NULL && *rest == '+')
        rest = read_number(rest + 1, &children);
    if (rest == NULL || *rest != '\0')
        return err_set(err, RC_INVALID,
                       "party: write 2+1 for two adults and a child, 2 for two adults");
    if (adults == 0)
        return err_set(err, RC_INVALID,
                       "party: at least one adult travels; leave it out when that is not so");
    *ret_adults = adults;
    *ret_children = children;
    return RC_OK;
}

enum rc field_date(const struct desk *desk, const char *field, const char *text, bool time_allowed,
                   struct civil *ret, struct err *err)
{
    struct err why = {0};
    if (str_empty(text)) {
        *ret = (struct civil){CIVIL_NONE, MINUTE_NONE};
        return RC_OK;
    }
    struct civil c;
    if (civil_parse(text, desk_today(desk), &c, &why) != RC_OK)
        return bad(err, field, &why);
    if (!time_allowed && c.minute != MINUTE_NONE)
        return err_set(err, RC_INVALID, "%s: a date without an hour", field);
    *ret = c;
    return RC_OK;
}

enum rc field_not_too_far(const struct desk *desk, const char *field, civil_day day,
                          struct err *err)
{
    enum { LONGEST_DAYS = 2 * 366 };
    char last[CIVIL_TEXT_BYTES];
    civil_day latest = desk_today(desk) + LONGEST_DAYS;
    if (day <= latest)
        return RC_OK;
    civil_format_day(latest, last);
    return err_set(err, RC_INVALID, "%s: that is too far ahead: %s at the latest", field, last);
}

enum rc field_check_visit(const struct desk *desk, struct civil visit, struct err *err)
{
    return visit.day < desk_today(desk) ? err_set(err, RC_INVALID, "visit: that day has passed")
                                        : field_not_too_far(desk, "visit", visit.day, err);
}

enum rc field_birthday(const struct desk *desk, const char *text, char **ret, struct err *err)
{
    int year, month, day, end = 0;
    if (str_empty(text)) {
        *ret = NULL;
        return RC_OK;
    }
    bool read = (sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &end) == 3 ||
                 sscanf(text, "%2d.%2d.%4d%n", &day, &month, &year, &end) == 3) &&
                text[end] == '\0';
    if (!read)
        return err_set(err, RC_INVALID, "birthday: write 1985-03-12 or 12.03.1985");
    char *iso = xasprintf("%04d-%02d-%02d", year, month, day);
    char today[CIVIL_TEXT_BYTES];
    civil_format_day(desk_today(desk), today);
    if (year < 1900 || month < 1 || month > 12 || day < 1 ||
        day > civil_days_in_month(year, month) || strcmp(iso, today) > 0) {
        enum rc rc = err_set(err, RC_INVALID, "birthday: %s is no day from 1900 until today", iso);
        free(iso);
        return rc;
    }
    *ret = iso;
    return RC_OK;
}

enum rc field_manager(const struct desk *desk, const char *login, int64_t *ret_id, struct err *err)
{
    struct staff staff;
    if (str_empty(login)) {
        *ret_id = 0;
        return RC_OK;
    }
    enum rc rc = store_staff_by_login(desk->store, login, &staff, err);
    if (rc != RC_OK)
        return rc == RC_NOTFOUND ? err_prefix(err, rc, "manager") : rc;
    if (!staff.active)
        rc = err_set(err, RC_INVALID, "manager: %s has left", staff.login);
    else
        *ret_id = staff.id;
    staff_fini(&staff);
    return rc;
}

enum rc field_seller(const struct desk *desk, const char *login, int64_t *ret_id, struct err *err)
{
    struct staff staff = {0};
    enum rc rc = str_empty(login) ? RC_OK : store_staff_by_login(desk->store, login, &staff, err);
    if (rc == RC_OK)
        *ret_id = staff.id;
    staff_fini(&staff);
    return rc == RC_NOTFOUND ? err_prefix(err, rc, "sold-by") : rc;
}

/* One of the playbook's products, each listed once. */
static void add_product(struct sb *known, const char *product, const char *wanted, bool *found)
{
    *found = *found || str_eq(product, wanted);
    if (strstr(sb_str(known), product) == NULL)
        sb_addf(known, "%s%s", known->len ? ", " : "", product);
}

enum rc field_product(const struct playbook *playbook, const char *text, char **ret,
                      struct err *err)
{
    enum rc rc = field_text("product", text, NAME_MAX_CHARS, ret, err);
    if (rc != RC_OK || *ret == NULL)
        return rc;
    struct sb known = {0};
    bool found = false;
    for (size_t i = 0; i < playbook->n_steps && !found; i++) {
        const struct step *step = &playbook->steps[i];
        for (size_t j = 0; j < step->n_by_product; j++)
            add_product(&known, step->by_product[j].product, *ret, &found);
        for (size_t j = 0; j < step->n_approve_products; j++)
            add_product(&known, step->approve_products[j], *ret, &found);
    }
    if (!found) {
        rc = known.len ? err_set(err, RC_INVALID, "product: the playbook knows %s", known.s)
                       : err_set(err, RC_INVALID, "product: the playbook names no products");
        free(*ret);
        *ret = NULL;
    }
    sb_fini(&known);
    return rc;
}
