/* The lists of words by which an agency counts, read from pps.json or taken from the usual ones, and how a typed word is
 * found in them. Pure. Serves config.c, and whoever takes such a word from people. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>
#include <pps/utf8.h>

#include "read.h"
#include "words.h"

enum { MAX_WORDS = 50, WORD_MAX_CHARS = 60 };

const struct usual_words usual_reasons = {
    .ru = (const char *const[]){"цена", "отель", "даты", "направление", "другое агентство",
                                "купили сами", "отложили", "молчат", NULL},
    .bg = (const char *const[]){"цена", "хотел", "дати", "дестинация", "друга агенция",
                                "резервираха сами", "отложиха", "мълчат", NULL},
    .en = (const char *const[]){"price", "hotel", "dates", "destination", "other agency",
                                "booked elsewhere", "postponed", "silent", NULL},
};
const struct usual_words usual_causes = {
    .ru = (const char *const[]){"отель", "перелёт", "трансфер", "экскурсии", "документы",
                                "наша работа", "цена", "другое", NULL},
    .bg = (const char *const[]){"хотел", "полет", "трансфер", "екскурзии", "документи",
                                "нашата работа", "цена", "друго", NULL},
    .en = (const char *const[]){"hotel", "flight", "transfer", "excursions", "papers", "our work",
                                "price", "other", NULL},
};

bool word_list_same(const char *a, const char *b)
{
    if (str_empty(a) || str_empty(b))
        return false;
    char *x = utf8_fold(a), *y = utf8_fold(b);
    bool same = str_eq(x, y);
    free(x);
    free(y);
    return same;
}

const char *word_list_find(const struct word_list *list, const char *text)
{
    for (size_t i = 0; i < list->n; i++) {
        if (word_list_same(list->v[i], text))
            return list->v[i];
    }
    return NULL;
}

const char *word_list_near(const struct word_list *list, const char *text)
{
    return str_nearest(text, (const char *const *)list->v, list->n);
}

char *word_list_text(const struct word_list *list)
{
    struct sb sb = {0};
    for (size_t i = 0; i < list->n; i++)
        sb_addf(&sb, "%s%s", i ? ", " : "", list->v[i]);
    return sb_take(&sb);
}

static void add(struct word_list *list, const char *text)
{
    list->v = xrealloc(list->v, (list->n + 1) * sizeof *list->v);
    list->v[list->n++] = xstrdup(text);
}

/* One line that people can read in a table. */
static bool is_plain(const char *text)
{
    if (*text == '\0' || *text == ' ' || str_ends(text, " ") || utf8_length(text) > WORD_MAX_CHARS)
        return false;
    for (const char *p = text; *p != '\0';) {
        uint32_t cp = 0;
        p += utf8_decode(p, strlen(p), &cp);
        if (utf8_is_unsafe(cp) || cp == '\t' || cp == '\n')
            return false;
    }
    return true;
}

enum rc word_list_read(const struct json_doc *doc, const struct json *root, const char *key,
                       struct word_list *ret, struct err *err)
{
    const struct json *list = json_get(root, key);
    if (list == NULL)
        return RC_OK;
    TRY(json_expect(doc, list, JSON_ARRAY, key, err));
    for (const struct json *v = json_first(list); v != NULL; v = json_next(v)) {
        TRY(json_expect(doc, v, JSON_STRING, key, err));
        if (!is_plain(json_string(v)))
            return json_fail(doc, v, RC_INVALID, err,
                             "what stands in \"%s\" is a word or a few, at most %d characters", key,
                             WORD_MAX_CHARS);
        if (word_list_find(ret, json_string(v)) != NULL)
            return json_fail(doc, v, RC_INVALID, err, "this stands twice in \"%s\"", key);
        if (ret->n == MAX_WORDS)
            return json_fail(doc, v, RC_INVALID, err, "\"%s\" has more than %d words", key,
                             MAX_WORDS);
        add(ret, json_string(v));
    }
    return ret->n > 0 ? RC_OK
                      : json_fail(doc, list, RC_INVALID, err,
                                  "\"%s\" needs at least one word; without the key there is a list "
                                  "already",
                                  key);
}

void word_list_default(struct word_list *io, const struct usual_words *usual, const char *lang)
{
    const char *const *words = str_eq(lang, "ru")   ? usual->ru
                               : str_eq(lang, "bg") ? usual->bg
                                                    : usual->en;
    if (io->n > 0)
        return;
    for (size_t i = 0; words[i] != NULL; i++)
        add(io, words[i]);
}

void word_list_fini(struct word_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        free(list->v[i]);
    free(list->v);
    *list = (struct word_list){0};
}
