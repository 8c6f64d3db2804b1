/* The causes of complaints that an agency counts: its own list from pps.json, or a usual one in its language. Pure. Serves
 * config.c. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>
#include <pps/utf8.h>

#include "causes.h"
#include "read.h"

enum { MAX_CAUSES = 50, CAUSE_MAX_CHARS = 40 };

static const char *const usual_ru[] = {"отель",     "перелёт",     "трансфер", "экскурсии",
                                       "документы", "наша работа", "цена",     "другое"};
static const char *const usual_bg[] = {"хотел",     "полет",         "трансфер", "екскурзии",
                                       "документи", "нашата работа", "цена",     "друго"};
static const char *const usual_en[] = {"hotel",  "flight",   "transfer", "excursions",
                                       "papers", "our work", "price",    "other"};

static void add(struct complaint_causes *causes, const char *cause)
{
    causes->v = xrealloc(causes->v, (causes->n + 1) * sizeof *causes->v);
    causes->v[causes->n++] = xstrdup(cause);
}

static bool is_there(const struct complaint_causes *causes, const char *cause)
{
    bool there = false;
    char *folded = utf8_fold(cause);
    for (size_t i = 0; i < causes->n && !there; i++) {
        char *other = utf8_fold(causes->v[i]);
        there = str_eq(folded, other);
        free(other);
    }
    free(folded);
    return there;
}

static bool is_fine(const char *cause)
{
    size_t len = strlen(cause);
    if (len == 0 || cause[0] == ' ' || cause[len - 1] == ' ' ||
        utf8_length(cause) > CAUSE_MAX_CHARS)
        return false;
    for (const char *p = cause; *p != '\0';) {
        uint32_t cp = 0;
        p += utf8_decode(p, 4, &cp);
        if (utf8_is_unsafe(cp) || cp == '\t' || cp == '\n')
            return false;
    }
    return true;
}

enum rc read_causes(const struct json_doc *doc, const struct json *root,
                    struct complaint_causes *ret, struct err *err)
{
    const struct json *list = json_get(root, "complaint_causes");
    if (list == NULL)
        return RC_OK;
    TRY(json_expect(doc, list, JSON_ARRAY, "complaint_causes", err));
    for (const struct json *v = json_first(list); v != NULL; v = json_next(v)) {
        TRY(json_expect(doc, v, JSON_STRING, "complaint_causes", err));
        if (!is_fine(json_string(v)))
            return json_fail(doc, v, RC_INVALID, err,
                             "a cause is a word or a few, at most %d characters", CAUSE_MAX_CHARS);
        if (is_there(ret, json_string(v)))
            return json_fail(doc, v, RC_INVALID, err, "this cause stands in the list twice");
        if (ret->n == MAX_CAUSES)
            return json_fail(doc, v, RC_INVALID, err, "more than %d causes", MAX_CAUSES);
        add(ret, json_string(v));
    }
    return ret->n > 0 ? RC_OK
                      : json_fail(doc, list, RC_INVALID, err,
                                  "\"complaint_causes\" needs at least one, or leave it out");
}

void default_causes(const char *lang, struct complaint_causes *io)
{
    const char *const *usual = str_eq(lang, "ru")   ? usual_ru
                               : str_eq(lang, "bg") ? usual_bg
                                                    : usual_en;
    for (size_t i = io->n > 0 ? COUNT(usual_en) : 0; i < COUNT(usual_en); i++)
        add(io, usual[i]);
}

void causes_fini(struct complaint_causes *causes)
{
    for (size_t i = 0; i < causes->n; i++)
        free(causes->v[i]);
    free(causes->v);
    *causes = (struct complaint_causes){0};
}
