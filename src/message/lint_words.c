/* The words of a template as people type them: a greeting before a name that greets already, a preposition before one that
 * brings its own, placeholders of other programs, Markdown where none is read. Nothing here holds a message: it is all for its
 * author to judge, so only what no ordinary sentence has is told. Serves lint_walk.c. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>
#include <pps/utf8.h>

#include "lint_words.h"

enum { MAX_PLACEHOLDER_BYTES = 60, MAX_PLACEHOLDER_WORDS = 3 };

/* ---- beside a name ---- */

/* All folded; each list ends with NULL. */
static const char *const greetings[] = {"здравствуйте",
                                        "здравствуй",
                                        "добрый день",
                                        "добрый вечер",
                                        "доброе утро",
                                        "доброго дня",
                                        "привет",
                                        "дорогая",
                                        "дорогой",
                                        "дорогие",
                                        "уважаемая",
                                        "уважаемый",
                                        "уважаемые",
                                        "hello",
                                        "hi",
                                        "hey",
                                        "dear",
                                        "good morning",
                                        "good evening",
                                        "good day",
                                        "good afternoon",
                                        "здравейте",
                                        "здравей",
                                        "добър ден",
                                        "добър вечер",
                                        "добро утро",
                                        "скъпа",
                                        "скъпи",
                                        "уважаема",
                                        "уважаеми",
                                        NULL};
static const char *const gendered[] = {
    "дорогая",   "дорогой",  "дорогие", "милая", "милый",   "уважаемая", "уважаемый",
    "уважаемые", "господин", "госпожа", "скъпа", "скъпи",   "мила",      "мили",
    "уважаема",  "уважаеми", "г-н",     "г-жа",  "госпожо", "mr",        "mr.",
    "mrs",       "mrs.",     "ms",      "ms.",   NULL};
static const char *const prepositions[] = {"в",  "во",  "на",    "к",    "ко", "с",  "до",
                                           "от", "за",  "on",    "in",   "at", "by", "to",
                                           "във", "until", "from", NULL};
static const char *const nights[] = {"ночь", "ночи", "ночей",   "суток",   "night", "nights",
                                     "нощ",  "нощи", "нощувка", "нощувки", NULL};
static const char *const days[] = {"день", "дня", "дней", "суток", "day",
                                   "days", "ден", "дни",  NULL};

#define FOR_SOME                                                                                   \
    "\"%s\" is not right for everybody: write {{client.dear}}, which knows women and men apart"
#define WEEKDAY_TWICE                                                                              \
    "\"%s\" is said twice: the day of the week brings its preposition along (в четверг, on "      \
    "Thursday); take it out"

static const struct {
    const char *name;
    const char *const *before, *const *after; /* NULL: anything may stand there */
    const char *apart;                        /* what may stand between, besides blanks */
    const char *what;                         /* the word in it */
} besides[] = {
    {"client.dear", greetings, NULL, "*_,!«",
     "\"%s\" is said twice: {{client.dear}} is the whole opening (Дорогая Мария, Dear Maria), and "
     "{{client.salutation}} "
     "the name alone"},
    {"client.salutation", gendered, NULL, "*_«", FOR_SOME},
    {"client.name", gendered, NULL, "*_«", FOR_SOME},
    {"trip.departure_weekday", prepositions, NULL, "*_", WEEKDAY_TWICE},
    {"trip.return_weekday", prepositions, NULL, "*_", WEEKDAY_TWICE},
    {"weekday", prepositions, NULL, "*_", WEEKDAY_TWICE},
    {"trip.nights", NULL, nights, "*_",
     "\"%s\" is said twice: the value is “7 ночей”, “7 nights”; take it out"},
    {"trip.days_left", NULL, days, "*_",
     "\"%s\" is said twice: the value is “3 дня”, “3 days”; take it out"},
};

/* The bytes of a blank at s, 0: there is none. */
static size_t blank_at(const char *s)
{
    return *s == ' ' || *s == '\t' ? 1 : str_starts(s, "\u00A0") ? 2 : 0;
}

static bool is_letter_at(const char *s, size_t len)
{
    uint32_t c;
    return len > 0 && utf8_decode(s, len, &c) > 0 && utf8_is_letter(c);
}

/* Where the character before `at` begins. */
static size_t back(const char *text, size_t at)
{
    do
        at--;
    while (at > 0 && ((unsigned char)text[at] & 0xC0) == 0x80);
    return at;
}

static bool is_between(const char *s, size_t len, const char *apart)
{
    if (blank_at(s) > 0)
        return true;
    char *one = xstrndup(s, len);
    bool is = strstr(apart, one) != NULL;
    free(one);
    return is;
}

/* The word of the list with which the line ends before the tag, with as many bytes of it as it has; new string or NULL. */
static char *word_before(const char *text, size_t at, const char *const *words, const char *apart)
{
    size_t start = at, end = at;
    while (start > 0 && text[start - 1] != '\n')
        start--;
    while (end > start) {
        size_t before = back(text, end);
        if (!is_between(text + before, end - before, apart))
            break;
        end = before;
    }
    char *line = xstrndup(text + start, end - start), *folded = utf8_fold(line), *found = NULL;
    for (size_t i = 0; words[i] != NULL && found == NULL && end < at; i++) {
        size_t n = strlen(words[i]), len = strlen(folded);
        if (!str_ends(folded, words[i]) || strlen(line) != len)
            continue;
        size_t before = len > n ? back(line, len - n) : 0;
        if (len == n || !is_letter_at(line + before, len - n - before))
            found = xstrdup(line + len - n);
    }
    free(folded);
    free(line);
    return found;
}

static char *word_after(const char *text, size_t end, const char *const *words, const char *apart)
{
    const char *s = text + end;
    while (*s != '\0' && *s != '\n' && (blank_at(s) > 0 || strchr(apart, *s) != NULL))
        s += blank_at(s) > 0 ? blank_at(s) : 1;
    size_t n = 0;
    uint32_t c;
    for (size_t len = strlen(s), step; n < len; n += step) {
        step = utf8_decode(s + n, len - n < 4 ? len - n : 4, &c);
        if (step == 0 || !utf8_is_letter(c))
            break;
    }
    char *word = xstrndup(s, n), *folded = utf8_fold(word), *found = NULL;
    for (size_t i = 0; words[i] != NULL && found == NULL; i++)
        found = strcmp(words[i], folded) == 0 ? xstrdup(word) : NULL;
    free(folded);
    free(word);
    return found;
}

char *lint_words_beside(const char *name, const char *text, size_t at, size_t end)
{
    for (size_t i = 0; i < sizeof besides / sizeof *besides; i++) {
        if (strcmp(besides[i].name, name) != 0)
            continue;
        char *word = besides[i].before != NULL
                         ? word_before(text, at, besides[i].before, besides[i].apart)
                         : word_after(text, end, besides[i].after, besides[i].apart);
        const char *gap = strstr(besides[i].what, "%s");
        char *what = word != NULL ? xasprintf("%.*s%s%s", (int)(gap - besides[i].what),
                                              besides[i].what, word, gap + 2)
                                  : NULL;
        free(word);
        return what;
    }
    return NULL;
}

/* ---- placeholders ---- */

/* What people put into square brackets to be filled in; other words may stand there. */
static const char *const blanks_to_fill[] = {
    "имя",      "фио",       "отчество",  "фамилия",  "клиент",   "клиента",     "клиенту",
    "дата",     "город",     "страна",    "отель",    "менеджер", "телефон",     "ссылка",
    "название", "агентство", "агентства", "компания", "name",     "firstname",   "surname",
    "client",   "customer",  "date",      "city",     "country",  "hotel",       "manager",
    "phone",    "link",      "url",       "agency",   "company",  "destination", "име",
    "хотел",    "град",      "държава",   "мениджър", "агенция",  "връзка",      "линк",
    NULL};

struct fence {
    const char *open, *close;
    bool any; /* whatever words stand in it */
};
static const struct fence fences[] = {
    {"*|", "|*", true}, {"%", "%", true}, {"<", ">", true}, {"[", "]", false}};

/* A name with a dot in it is for the engine, which knows what there is. */
static bool is_joint(char c, char mark)
{
    return c == '_' || c == '-' || (c == ' ' && mark != '%');
}

/* The bytes of up to three words at s, of letters alone; *ret_known: one of them is to be filled in. 0: something else. */
static size_t words_at(const char *s, const char *end, char mark, bool *ret_known)
{
    size_t n = 0, from = 0, words = 1;
    bool known = false;
    for (; s + n <= end && n < MAX_PLACEHOLDER_BYTES;) {
        uint32_t c = 0;
        size_t step = s + n < end ? utf8_decode(s + n, (size_t)(end - s) - n, &c) : 0;
        if (step > 0 && utf8_is_letter(c)) {
            n += step;
            continue;
        }
        char *word = xstrndup(s + from, n - from), *folded = utf8_fold(word);
        for (size_t i = 0; blanks_to_fill[i] != NULL; i++)
            known = known || strcmp(folded, blanks_to_fill[i]) == 0;
        free(folded);
        free(word);
        if (n == from || s + n >= end || !is_joint(s[n], mark))
            break;
        n++;
        from = n;
        words++;
    }
    *ret_known = known;
    return n > from && words <= MAX_PLACEHOLDER_WORDS ? n : 0;
}

static bool is_placeholder(const char *text, size_t at, size_t end, bool plain, size_t *ret_len)
{
    const char *s = text + at, *stop = text + end;
    bool known;
    if (at > 0 && text[at - 1] == '\\' && !plain)
        return false;
    for (size_t i = 0; i < sizeof fences / sizeof *fences; i++) {
        const struct fence *f = &fences[i];
        size_t open = strlen(f->open), close = strlen(f->close);
        if ((size_t)(end - at) < open + close || memcmp(s, f->open, open) != 0)
            continue;
        size_t n = words_at(s + open, stop, *f->open, &known);
        const char *behind = s + open + n;
        if (n == 0 || (size_t)(stop - behind) < close || memcmp(behind, f->close, close) != 0 ||
            !(f->any || known))
            continue;
        behind += close;
        if (*f->open == '[' && !plain && *behind != '\0' && strchr("([:{", *behind) != NULL)
            continue; /* the words of a link */
        if (*f->open == '<' && !plain && (unsigned char)s[1] < 0x80)
            continue; /* HTML, which is refused */
        *ret_len = (size_t)(behind - s);
        return true;
    }
    return false;
}

/* ---- Markdown where none is read ---- */

static bool is_blank_or_end(const char *text, size_t at, size_t end)
{
    return at >= end || text[at] == '\n' || blank_at(text + at) > 0;
}

/* "*words*", in one line. A star with a digit before it is a hotel's. */
static bool is_starred(const char *text, size_t at, size_t end)
{
    if ((at > 0 && !is_blank_or_end(text, at - 1, end)) ||
        !is_letter_at(text + at + 1, end - at - 1))
        return false;
    for (size_t i = at + 1; i < end && text[i] != '\n'; i++) {
        if (text[i] == '*' && blank_at(text + i - 1) == 0)
            return is_blank_or_end(text, i + 1, end) || strchr(".,!?;:)", text[i + 1]) != NULL;
    }
    return false;
}

/* The bytes of Markdown's marks that begin here; 0: none. */
static size_t markdown_at(const char *text, size_t at, size_t end)
{
    const char *s = text + at;
    bool line = at == 0 || s[-1] == '\n';
    size_t hashes = line ? strspn(s, "#") : 0;
    if (end - at >= 2 && memcmp(s, "](", 2) == 0)
        return 2;
    if (end - at >= 2 && memcmp(s, "**", 2) == 0)
        return at > 0 && s[-1] >= '0' && s[-1] <= '9' ? 0 : 2;
    if (hashes > 0 && hashes <= 6 && at + hashes < end && s[hashes] == ' ')
        return hashes;
    return *s == '*' && is_starred(text, at, end) ? 1 : 0;
}

/* Behind the marks with which it ends, in the same line; else behind those with which it begins. */
static size_t behind_pair(const char *text, size_t at, size_t end, size_t len)
{
    size_t line = strcspn(text + at, "\n");
    line = at + line < end ? at + line : end;
    const char *close = text[at] != '*' ? NULL
                                        : memmem(text + at + len, line - at - len, text + at, len);
    return close != NULL ? (size_t)(close - text) + len : at + len;
}

bool lint_words_slip(const char *text, size_t from, size_t end, bool plain, struct slip *ret)
{
    for (size_t at = from; at < end; at++) {
        size_t len;
        if (is_placeholder(text, at, end, plain, &len)) {
            *ret = (struct slip){
                at, at + len,
                xasprintf("\"%.*s\" would be seen by the reader: a variable has two braces, "
                          "{{client.salutation}}%s",
                          (int)len, text + at,
                          plain ? "" : "; what is meant so takes a backslash before it")};
            return true;
        }
        len = plain ? markdown_at(text, at, end) : 0;
        if (len > 0) {
            *ret = (struct slip){at, behind_pair(text, at, end, len),
                                 xasprintf("\"%.*s\" would be seen by the reader: this is plain "
                                           "text, without Markdown; take it out",
                                           (int)len, text + at)};
            return true;
        }
    }
    return false;
}
