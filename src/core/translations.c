/* The agency's own names, and those on its cards, for readers of other alphabets. Serves config.c, which reads them, and the
 * context of templates. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <pps/sms.h>
#include <pps/str.h>
#include <pps/utf8.h>

#include "read.h"
#include "translations.h"

static enum rc read_one(const struct json_doc *doc, const struct json *v, const char *lang,
                        struct translations *io, struct err *err)
{
    TRY(json_expect(doc, v, JSON_STRING, json_key(v), err));
    if (str_empty(json_string(v)))
        return json_fail(doc, v, RC_INVALID, err,
                         "write how \"%s\" is called in \"%s\", or take the line out", json_key(v),
                         lang);
    vec_reserve(&io->v, io->n, &io->cap, sizeof *io->v);
    io->v[io->n++] = (struct translation){
        .lang = xstrdup(lang), .text = xstrdup(json_key(v)), .said = xstrdup(json_string(v))};
    return RC_OK;
}

enum rc translations_read(const struct json_doc *doc, const struct json *object,
                          struct translations *ret, struct err *err)
{
    static const char key[] = "translations";
    const struct json *all = json_get(object, key);
    if (all == NULL)
        return RC_OK;
    TRY(json_expect(doc, all, JSON_OBJECT, key, err));
    for (const struct json *of = json_first(all); of != NULL; of = json_next(of)) {
        const char *lang = json_key(of);
        if (strlen(lang) != 2 || strspn(lang, "abcdefghijklmnopqrstuvwxyz") != 2)
            return json_fail(doc, of, RC_INVALID, err,
                             "\"%s\" is no language: write two letters, such as \"en\"", lang);
        TRY(json_expect(doc, of, JSON_OBJECT, lang, err));
        for (const struct json *v = json_first(of); v != NULL; v = json_next(v))
            TRY(read_one(doc, v, lang, ret, err));
    }
    return RC_OK;
}

void translations_fini(struct translations *t)
{
    for (size_t i = 0; i < t->n; i++) {
        free(t->v[i].lang);
        free(t->v[i].text);
        free(t->v[i].said);
    }
    free(t->v);
    *t = (struct translations){0};
}

/* NULL: there is none. */
static const char *find(const struct translations *t, const char *lang, const char *text)
{
    for (size_t i = 0; i < t->n && lang != NULL; i++) {
        if (str_eq(t->v[i].lang, lang) && str_eq(t->v[i].text, text))
            return t->v[i].said;
    }
    return NULL;
}

static bool reads_cyrillic(const char *lang)
{
    static const char *const langs[] = {"ru", "bg", "uk", "be", "sr", "mk",
                                        "kk", "ky", "tg", "tt", "ba", "mn"};
    return STR_AMONG(lang, langs);
}

static bool has_cyrillic(const char *text)
{
    size_t n = strlen(text), len;
    for (size_t at = 0; at < n; at += len > 0 ? len : 1) {
        uint32_t cp;
        len = utf8_decode(text + at, n - at, &cp);
        if (len > 0 && cp >= 0x400 && cp <= 0x52F)
            return true;
    }
    return false;
}

static bool can_read(const char *lang, const char *text)
{
    return lang == NULL || reads_cyrillic(lang) || !has_cyrillic(text);
}

char *name_for_reader(const struct translations *t, const char *own, const char *lang,
                      const char *text)
{
    const char *name = str_or(text, ""), *said = find(t, lang, name);
    if (said != NULL || can_read(lang, name))
        return xstrdup(said != NULL ? said : name);
    bool whole;
    char *latin = sms_latin(name, own, &whole), *as_it_is = xstrdup(name);
    free(whole ? as_it_is : latin);
    return whole ? latin : as_it_is;
}

bool name_is_made_up(const struct translations *t, const char *lang, const char *text)
{
    const char *name = str_or(text, "");
    return find(t, lang, name) == NULL && !can_read(lang, name);
}

/* What stands in an address beside the names, and how English says it. NULL: it is a name. */
static const char *in_english(const char *word)
{
    static const char *const said[][2] = {
        {"г-жа", "Ms"},        {"г-жо", "Ms"},       {"госпожа", "Ms"},
        {"госпожо", "Ms"},     {"г-ца", "Ms"},       {"госпожица", "Ms"},
        {"миссис", "Mrs"},     {"мисс", "Miss"},     {"г-н", "Mr"},
        {"господин", "Mr"},    {"господине", "Mr"},  {"мистер", "Mr"},
        {"д-р", "Dr"},         {"доктор", "Dr"},     {"проф", "Professor"},
        {"профессор", "Professor"}, {"професор", "Professor"}};
    if (strcmp(word, "и") == 0) /* and no initial */
        return "and";
    char *plain = xstrndup(word, strcspn(word, ".")), *folded = utf8_fold(plain);
    const char *found = NULL;
    for (size_t i = 0; i < COUNT(said) && found == NULL; i++)
        found = strcmp(said[i][0], folded) == 0 ? said[i][1] : NULL;
    free(folded);
    free(plain);
    return found;
}

char *address_for_reader(const struct translations *t, const char *own, const char *lang,
                         const char *address)
{
    if (!name_is_made_up(t, lang, address) || !str_eq(lang, "en"))
        return name_for_reader(t, own, lang, address);
    struct sb sb = {0};
    for (const char *s = address + strspn(address, " "); *s != '\0'; s += strspn(s, " ")) {
        char *word = xstrndup(s, strcspn(s, " "));
        sb_addf(&sb, "%s%s", sb.len > 0 ? " " : "", str_or(in_english(word), word));
        s += strlen(word);
        free(word);
    }
    char *read = name_for_reader(t, own, lang, sb_str(&sb));
    sb_fini(&sb);
    return read;
}

char *words_for_reader(const struct translations *t, const char *lang, const char *text)
{
    const char *words = str_or(text, ""), *said = find(t, lang, words);
    return xstrdup(said != NULL ? said : can_read(lang, words) ? words : "");
}
