/* The holidays of a playbook, on which greetings go: the same day every year, or a list of dates. Pure. Serves playbook.c. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "holidays.h"
#include "read.h"

/* "2027-05-02" and nothing else. */
static bool read_iso_day(const char *text, civil_day *ret)
{
    struct civil day;
    if (text == NULL || strlen(text) != 10 || text[4] != '-' || text[7] != '-' ||
        civil_parse(text, CIVIL_NONE, &day, NULL) != RC_OK)
        return false;
    *ret = day.day;
    return true;
}

/* "12-31", or a list of dates. */
static enum rc read_holiday(const struct json_doc *doc, const struct json *v, struct holiday *h,
                            struct err *err)
{
    size_t cap = 0;
    civil_day day;
    if (json_string(v) != NULL) {
        char *whole = xasprintf("2028-%s", json_string(v)); /* a leap year */
        bool fine = read_iso_day(whole, &day);
        free(whole);
        h->month_day = xstrdup(json_string(v));
        return fine ? RC_OK
                    : json_fail(doc, v, RC_INVALID, err,
                                "a holiday is \"12-31\", or a list of dates");
    }
    TRY(json_expect(doc, v, JSON_ARRAY, h->key, err));
    for (const struct json *d = json_first(v); d != NULL; d = json_next(d)) {
        if (!read_iso_day(json_string(d), &day))
            return json_fail(doc, d, RC_INVALID, err, "a date is written 2027-05-02");
        if (h->n_dates > 0 && h->dates[h->n_dates - 1] >= day)
            return json_fail(doc, d, RC_INVALID, err,
                             "the dates of a holiday stand in order, each once");
        vec_reserve(&h->dates, h->n_dates, &cap, sizeof *h->dates);
        h->dates[h->n_dates++] = day;
    }
    return RC_OK;
}

enum rc playbook_read_holidays(const struct json_doc *doc, const struct json *root,
                               struct playbook *p, struct err *err)
{
    const struct json *list = json_get(root, "holidays");
    size_t cap = 0;
    if (list == NULL)
        return RC_OK;
    TRY(json_expect(doc, list, JSON_OBJECT, "holidays", err));
    for (const struct json *v = json_first(list); v != NULL; v = json_next(v)) {
        vec_reserve(&p->holidays, p->n_holidays, &cap, sizeof *p->holidays);
        struct holiday *h = &p->holidays[p->n_holidays++];
        *h = (struct holiday){.key = xstrdup(json_key(v))};
        if (!playbook_is_key(h->key) || str_eq(h->key, "birthday"))
            return json_fail(doc, v, RC_INVALID, err,
                             "a holiday has a name of small letters, digits and dashes that is not "
                             "\"birthday\"");
        TRY(read_holiday(doc, v, h, err));
    }
    return RC_OK;
}
