/* What a name tells of a person. "Дорогой" to a woman is worse than no "Дорогая" at all, so every rule here says what it
 * knows and what would make it doubtful, and doubt ends in "not said". Serves the salutation of letters. */
#include <stdlib.h>
#include <string.h>

#include <pps/person.h>
#include <pps/str.h>
#include <pps/utf8.h>

enum { MAX_WORDS = 6 };

/* A name taken apart. `as_is` points into the text, `folded` is ours. It is strange when something stands in it that stands in
 * no name of a person: a digit, a quotation mark, too many words. */
struct words {
    const char *as_is[MAX_WORDS];
    size_t len[MAX_WORDS];
    char *folded[MAX_WORDS];
    size_t n;
    bool strange;
};

static bool is_cyrillic(uint32_t cp)
{
    return (cp >= 0x410 && cp <= 0x44F) || cp == 0x401 || cp == 0x451 ||
           (cp >= 0x404 && cp <= 0x457);
}

static bool is_of_a_name(const char *word)
{
    for (size_t left = strlen(word); left > 0;) {
        uint32_t cp = 0;
        size_t length = utf8_decode(word, left, &cp);
        if (length == 0 || !(is_cyrillic(cp) || cp == '-'))
            return false;
        word += length;
        left -= length;
    }
    return true;
}

static void words_fini(struct words *w)
{
    for (size_t i = 0; i < w->n; i++)
        free(w->folded[i]);
    *w = (struct words){0};
}

static void take_apart(const char *name, struct words *w)
{
    *w = (struct words){0};
    for (const char *s = name + strspn(name, " "); *s != '\0'; s += strspn(s, " ")) {
        size_t len = strcspn(s, " ");
        if (w->n == MAX_WORDS) {
            w->strange = true;
            return;
        }
        char *word = xstrndup(s, len);
        char *folded = utf8_fold(word);
        free(word);
        w->strange = w->strange || !is_of_a_name(folded);
        w->as_is[w->n] = s;
        w->len[w->n] = len;
        w->folded[w->n++] = folded;
        s += len;
    }
}

/* Whether the word has one of the endings (a list that ends with NULL). One of several letters needs two more before it. */
static bool ends(const char *word, const char *const *endings)
{
    for (; *endings != NULL; endings++) {
        size_t before = strlen(*endings) > 2 ? 4 : 0;
        if (str_ends(word, *endings) && strlen(word) >= strlen(*endings) + before)
            return true;
    }
    return false;
}

static bool is_one_of(const char *word, const char *const *list)
{
    for (; *list != NULL; list++) {
        if (strcmp(word, *list) == 0)
            return true;
    }
    return false;
}

/* A firm, a family, people together: no single person. */
static bool is_no_person(const struct words *w)
{
    static const char *const signs[] = {
        "ооо",       "оао",     "зао",      "ао",      "пао",       "ип",      "тоо",
        "нко",       "еоод",    "оод",      "ад",      "ет",        "еад",     "и",
        "та",        "или",     "фирма",    "семья",   "семейство", "семейка", "компания",
        "агентство", "агенция", "группа",   "клуб",    "магазин",   "школа",   "училище",
        "отель",     "хотел",   "партнеры", "сыновья", NULL};
    for (size_t i = 0; i < w->n; i++) {
        if (is_one_of(w->folded[i], signs))
            return true;
    }
    return w->strange || w->n == 0;
}

/* ---- first names ---- */

/* Of "Анна-Мария" each half must say the same. */
static enum gender first_name(const char *folded)
{
    const char *hyphen = strchr(folded, '-');
    if (hyphen == NULL)
        return first_name_gender(folded);
    char *half = xstrndup(folded, (size_t)(hyphen - folded));
    enum gender a = first_name_gender(half), b = first_name_gender(hyphen + 1);
    free(half);
    return a == b ? a : GENDER_NOT_SAID;
}

static bool some_first_name_is(const struct words *w, size_t except, enum gender gender)
{
    for (size_t i = 0; i < w->n; i++) {
        if (i != except && first_name(w->folded[i]) == gender)
            return true;
    }
    return false;
}

/* Some other word ends so that it is hardly a name of a man's, or a woman's. */
static bool some_word_ends(const struct words *w, size_t except, const char *const *endings)
{
    for (size_t i = 0; i < w->n; i++) {
        if (i != except && ends(w->folded[i], endings) &&
            first_name(w->folded[i]) == GENDER_NOT_SAID)
            return true;
    }
    return false;
}

static const char *const soft[] = {"а", "я", "о", "е", "и", "у", "ю", "э", "ы", "ь", NULL};
static const char *const a_or_ya[] = {"а", "я", NULL};
static const char *const in_o[] = {"о", NULL};

/* ---- the patronymic ---- */

/* -вич is a surname as well (Рабинович), of women too: it counts after a first name of a man's, or one that is not known
 * and sounds like a man's. */
static bool is_his(const struct words *w, size_t i)
{
    static const char *const by_ending[] = {"ович", "евич", "ыч", NULL};
    static const char *const others[] = {"ильич",   "кузьмич", "лукич", "фомич",
                                         "никитич", "саввич",  "силыч", NULL};
    static const char *const of_the_east[] = {"оглы", "оглу", "улы", "уулу", NULL};
    if (i > 0 && is_one_of(w->folded[i], of_the_east))
        return true;
    if (i == 0 || !(ends(w->folded[i], by_ending) || is_one_of(w->folded[i], others)))
        return false;
    const char *given = w->folded[i - 1];
    enum gender of_given = first_name(given);
    if (of_given != GENDER_NOT_SAID)
        return of_given == GENDER_MALE;
    return !ends(given, soft) && !some_first_name_is(w, i, GENDER_FEMALE);
}

static bool is_hers(const char *word)
{
    static const char *const by_ending[] = {"овна", "евна", "ична", NULL};
    static const char *const of_the_east[] = {"кызы", "кизи", "гызы", NULL};
    return ends(word, by_ending) || is_one_of(word, of_the_east);
}

/* Which word is it; n: none. */
static size_t patronymic_of(const struct words *w, enum gender *ret)
{
    for (size_t i = 0; i < w->n; i++) {
        if (is_hers(w->folded[i])) {
            *ret = GENDER_FEMALE;
            return i;
        }
    }
    for (size_t i = 0; i < w->n; i++) {
        if (is_his(w, i)) {
            *ret = GENDER_MALE;
            return i;
        }
    }
    *ret = GENDER_NOT_SAID;
    return w->n;
}

/* ---- surnames ---- */

static const char *const hers[] = {"ова", "ева", "ская", "цкая", "ска", "цка", NULL};
static const char *const his[] = {"ов", "ев", "ский", "цкий", "ской", "ски", "цки", NULL};

/* Foreign men are called Казанова and Молина, foreign women Чаплин, and women abroad keep their husband's Иванов: the first
 * name must not speak against it, and for -ин and -ина it must not be silent either. */
static enum gender one_surname(const struct words *w, size_t i, const char *part)
{
    static const char *const hers_perhaps[] = {"ина", "ына", NULL};
    static const char *const his_perhaps[] = {"ин", "ын", NULL};
    if (strcmp(part, "казанова") == 0)
        return GENDER_NOT_SAID;
    bool he = some_first_name_is(w, i, GENDER_MALE), she = some_first_name_is(w, i, GENDER_FEMALE);
    if (ends(part, hers))
        return he || some_word_ends(w, i, in_o) ? GENDER_UNKNOWN : GENDER_FEMALE;
    if (ends(part, his))
        return she || some_word_ends(w, i, a_or_ya) ? GENDER_UNKNOWN : GENDER_MALE;
    if (ends(part, hers_perhaps) && she && !he)
        return GENDER_FEMALE;
    if (ends(part, his_perhaps) && he && !she)
        return GENDER_MALE;
    return GENDER_NOT_SAID;
}

/* All surnames that say something must say the same: else GENDER_UNKNOWN. A surname alone is too little to be familiar. */
static enum gender by_surnames(const struct words *w)
{
    enum gender found = GENDER_NOT_SAID;
    for (size_t i = 0; i < w->n && w->n > 1; i++) {
        if (first_name(w->folded[i]) != GENDER_NOT_SAID)
            continue;
        for (const char *part = w->folded[i]; part != NULL; part = strchr(part, '-')) {
            part += *part == '-';
            char *one = xstrndup(part, strcspn(part, "-"));
            enum gender gender = one_surname(w, i, one);
            free(one);
            if (gender != GENDER_NOT_SAID && found != GENDER_NOT_SAID && gender != found)
                return GENDER_UNKNOWN;
            found = gender != GENDER_NOT_SAID ? gender : found;
        }
    }
    return found;
}

static enum gender by_first_names(const struct words *w)
{
    bool he = some_first_name_is(w, w->n, GENDER_MALE);
    bool she = some_first_name_is(w, w->n, GENDER_FEMALE);
    if (he == she)
        return GENDER_NOT_SAID;
    return he ? GENDER_MALE : GENDER_FEMALE;
}

/* ---- what is asked ---- */

static enum gender gender_of(const struct words *w)
{
    enum gender gender;
    if (is_no_person(w))
        return GENDER_NOT_SAID;
    (void)patronymic_of(w, &gender);
    if (gender == GENDER_NOT_SAID)
        gender = by_surnames(w);
    if (gender == GENDER_NOT_SAID)
        gender = by_first_names(w);
    return gender == GENDER_UNKNOWN ? GENDER_NOT_SAID : gender;
}

enum gender person_gender(const char *name)
{
    struct words w;
    take_apart(str_or(name, ""), &w);
    enum gender gender = gender_of(&w);
    words_fini(&w);
    return gender;
}

/* Whether every word of a stands in b. */
static bool is_within(const char *a, const char *b)
{
    struct words x, y;
    take_apart(a, &x);
    take_apart(b, &y);
    bool within = true;
    for (size_t i = 0; i < x.n; i++) {
        bool found = false;
        for (size_t k = 0; k < y.n; k++)
            found = found || strcmp(x.folded[i], y.folded[k]) == 0;
        within = within && found;
    }
    words_fini(&x);
    words_fini(&y);
    return within;
}

enum gender client_gender(const struct client *client)
{
    if (client->gender != GENDER_NOT_SAID)
        return client->gender;
    if (str_empty(client->salutation))
        return person_gender(client->name);
    enum gender gender = person_gender(client->salutation);
    if (gender == GENDER_NOT_SAID && is_within(client->salutation, client->name))
        gender = person_gender(client->name);
    return gender;
}

char *client_address(const struct client *client)
{
    return str_empty(client->salutation) ? person_address(client->name)
                                         : xstrdup(client->salutation);
}

/* There is a name that is known to be one from word `first` up to `end`. */
static bool has_name(const struct words *w, size_t first, size_t end)
{
    for (size_t i = first; i < end; i++) {
        if (first_name(w->folded[i]) != GENDER_NOT_SAID || is_hers(w->folded[i]) ||
            (i > first && is_his(w, i)))
            return true;
    }
    return false;
}

bool person_is_pair(const char *name)
{
    struct words w;
    take_apart(str_or(name, ""), &w);
    bool pair = false;
    for (size_t i = 1; i + 1 < w.n && !w.strange; i++) {
        if (strcmp(w.folded[i], "и") == 0)
            pair = has_name(&w, 0, i) && has_name(&w, i + 1, w.n);
    }
    words_fini(&w);
    return pair;
}

/* Words `first` to `last` as they stand in the name. */
static char *part_of(const struct words *w, size_t first, size_t last)
{
    const char *from = w->as_is[first];
    return xstrndup(from, (size_t)(w->as_is[last] - from) + w->len[last]);
}

char *person_address(const char *name)
{
    struct words w;
    char *address = NULL;
    enum gender gender;
    take_apart(str_or(name, ""), &w);
    if (!is_no_person(&w)) {
        size_t i = patronymic_of(&w, &gender);
        if (i > 0 && i < w.n && w.n <= 3)
            address = part_of(&w, i - 1, i);
        else if (i == w.n && w.n == 2) {
            bool a = first_name(w.folded[0]) != GENDER_NOT_SAID;
            bool b = first_name(w.folded[1]) != GENDER_NOT_SAID;
            if (a != b)
                address = part_of(&w, a ? 0 : 1, a ? 0 : 1);
        }
    }
    words_fini(&w);
    return address ? address : xstrdup(str_or(name, ""));
}
