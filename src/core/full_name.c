/* Takes a name apart into its words, and says which names are no single person's. Serves person.c, which asks whose
 * name it is, and address.c, which asks what to call them. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>
#include <pps/utf8.h>

#include "full_name.h"

static bool is_cyrillic(uint32_t cp)
{
    return (cp >= 0x410 && cp <= 0x44F) || cp == 0x401 || cp == 0x451 ||
           (cp >= 0x404 && cp <= 0x457) || cp == 0x490 || cp == 0x491;
}

static bool is_latin(uint32_t cp)
{
    return utf8_is_letter(cp) && (cp < 0x250 || (cp >= 0x1E00 && cp < 0x1F00));
}

/* A word of nothing but hyphens is no name's. Only in Latin letters a word may end with a dot: "Mr.", "F.". In Cyrillic
 * ones dots abbreviate other things, too. */
static enum alphabet alphabet_of(const char *word)
{
    bool cyrillic = true, latin = true, letters = false;
    for (size_t left = strlen(word); left > 0;) {
        uint32_t cp = 0;
        size_t length = utf8_decode(word, left, &cp);
        if (length == 0)
            return ALPHABET_NONE;
        word += length;
        left -= length;
        bool within = cp == '-' || cp == '\'';
        letters = letters || !within;
        cyrillic = cyrillic && (within || is_cyrillic(cp));
        latin = latin && (within || is_latin(cp) || (cp == '.' && left == 0));
    }
    if (cyrillic && letters)
        return ALPHABET_CYRILLIC;
    return latin && letters ? ALPHABET_LATIN : ALPHABET_NONE;
}

/* Мар’яна and O’Neill are typed with several characters. In place. */
static void make_apostrophes_plain(char *s)
{
    static const char *const others[] = {"\u2019", "\u02BC", "\u2018"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        size_t length = strlen(others[i]);
        for (char *at = strstr(s, others[i]); at != NULL; at = strstr(at, others[i])) {
            *at = '\'';
            memmove(at + 1, at + length, strlen(at + length) + 1);
        }
    }
}

/* GENDER_NOT_SAID: no first name that we know. GENDER_UNKNOWN: one of women and of men. */
static enum gender look_up(const struct full_name *w, const char *folded)
{
    const struct first_names *names =
        w->alphabet == ALPHABET_LATIN ? &first_names_latin : &first_names_cyrillic;
    if (name_is_one_of(folded, names->female))
        return GENDER_FEMALE;
    if (name_is_one_of(folded, names->male))
        return GENDER_MALE;
    return name_is_one_of(folded, names->anybody) ? GENDER_UNKNOWN : GENDER_NOT_SAID;
}

/* Of "Анна-Мария" each half must say the same. */
static enum gender first_name(const struct full_name *w, const char *folded)
{
    const char *hyphen = strchr(folded, '-');
    if (hyphen == NULL)
        return look_up(w, folded);
    char *half = xstrndup(folded, (size_t)(hyphen - folded));
    enum gender a = look_up(w, half), b = look_up(w, hyphen + 1);
    free(half);
    return a == b ? a : GENDER_NOT_SAID;
}

/* "и", "and": who stands behind it is somebody else. */
static bool is_and(const char *folded)
{
    static const char *const words[] = {"и", "та", "and", NULL};
    return name_is_one_of(folded, words);
}

/* Looks the words up. Елена Бойко, Бойко Борисов: the same word is a surname beside a first name that is nothing
 * else; but not beside somebody else's. */
static void find_first_names(struct full_name *w)
{
    bool sure = false, alone = true;
    for (size_t i = 0; i < w->n; i++) {
        w->given[i] = first_name(w, w->folded[i]);
        sure = sure || (w->given[i] != GENDER_NOT_SAID && !first_name_is_surname_too(w->folded[i]));
        alone = alone && !is_and(w->folded[i]);
    }
    for (size_t i = 0; i < w->n && sure && alone; i++) {
        if (first_name_is_surname_too(w->folded[i]))
            w->given[i] = GENDER_NOT_SAID;
    }
}

void full_name_take_apart(const char *name, struct full_name *ret)
{
    *ret = (struct full_name){.text = name_without_remarks(name)};
    bool same = true;
    for (const char *s = ret->text + strspn(ret->text, " "); *s != '\0'; s += strspn(s, " ")) {
        size_t len = strcspn(s, " ");
        if (ret->n == NAME_MAX_WORDS) {
            same = false;
            break;
        }
        char *word = xstrndup(s, len);
        char *folded = utf8_fold(word);
        free(word);
        make_apostrophes_plain(folded);
        enum alphabet alphabet = alphabet_of(folded);
        same = same && (ret->n == 0 || alphabet == ret->alphabet);
        ret->alphabet = alphabet;
        ret->as_is[ret->n] = s;
        ret->len[ret->n] = len;
        ret->folded[ret->n++] = folded;
        s += len;
    }
    if (!same)
        ret->alphabet = ALPHABET_NONE;
    find_first_names(ret);
}

void full_name_fini(struct full_name *w)
{
    for (size_t i = 0; i < w->n; i++)
        free(w->folded[i]);
    free(w->text);
    *w = (struct full_name){0};
}

char *full_name_part(const struct full_name *w, size_t first, size_t last)
{
    const char *from = w->as_is[first];
    return xstrndup(from, (size_t)(w->as_is[last] - from) + w->len[last]);
}

bool name_ends(const char *word, const char *const *endings)
{
    for (; *endings != NULL; endings++) {
        size_t before = strlen(*endings) > 2 ? 4 : 0;
        if (str_ends(word, *endings) && strlen(word) >= strlen(*endings) + before)
            return true;
    }
    return false;
}

bool name_is_one_of(const char *word, const char *const *list)
{
    for (; *list != NULL; list++) {
        if (strcmp(word, *list) == 0)
            return true;
    }
    return false;
}

/* Words of firms, of families, and of what people are to us. */
static const char *const signs[] = {
    "ооо",        "оао",        "зао",          "ао",        "пао",         "ип",
    "тоо",        "нко",        "тов",          "фоп",       "еоод",        "оод",
    "ад",         "ет",         "еад",          "гбу",       "гуп",         "ано",
    "муп",        "нии",        "тсж",          "и",         "та",          "или",
    "с",          "со",         "от",           "для",       "из",          "за",
    "фирма",      "семья",      "семейство",    "семейка",   "сім'я",       "компания",
    "агентство",  "агенция",    "турагентство", "турфирма",  "тур",         "турс",
    "туризм",     "трэвел",     "травел",       "трейд",     "трейдинг",    "групп",
    "группа",     "груп",       "сервис",       "холдинг",   "плюс",        "клуб",
    "магазин",    "школа",      "училище",      "отель",     "хотел",       "гостиница",
    "партнеры",   "сыновья",    "сын",          "дочь",      "муж",         "жена",
    "клиент",     "клиентка",   "турист",       "туристка",  "гость",       "дети",
    "ребенок",    "менеджер",   "водитель",     "мир",       "дом",         "центр",
    "союз",       "съюз",       "совет",        "бюро",      "фонд",        "завод",
    "отдел",      "студия",     "студио",       "театр",     "музей",       "институт",
    "академия",   "салон",      "кафе",         "ресторан",  "бар",         "хор",
    "оркестр",    "ансамбль",   "команда",      "отряд",     "класс",       "общество",
    "ассоциация", "лига",       "палата",       "комитет",   "департамент", "банк",
    "аптека",     "клиника",    "больница",     "парк",      "рынок",       "склад",
    "цех",        "кружок",     "конкурс",      "фестиваль", "остров",      "город",
    "улица",      "река",       "вилла",        "господа",   "and",         "or",
    "the",        "of",         "at",           "in",        "for",         "by",
    "my",         "our",        "family",       "couple",    "ltd",         "llc",
    "llp",        "inc",        "corp",         "co",        "plc",         "gmbh",
    "ag",         "ood",        "eood",         "ooo",       "company",     "group",
    "holding",    "travel",     "travels",      "tour",      "tours",       "tourism",
    "trips",      "holiday",    "holidays",     "vacations", "agency",      "hotel",
    "hotels",     "hostel",     "resort",       "beach",     "palace",      "villa",
    "house",      "garden",     "club",         "school",    "college",     "university",
    "bank",       "studio",     "shop",         "store",     "salon",       "spa",
    "cafe",       "restaurant", "bar",          "team",      "sons",        "bros",
    "partners",   "services",   "service",      "trade",     "trading",     "consulting",
    "centre",     "center",     "airport",      "airlines",  "park",        "street",
    "island",     "islands",    "secret",       "guest",     "client",      "mother",
    "father",     "wife",       "husband",      NULL};

/* What people are called besides a name: somebody all the same, but "тётя" of "тётя Оля" belongs to it. */
static const char *const roles[] = {
    "тетя",     "дядя",    "бабушка",  "дедушка", "мама",   "папа",      "мать",      "отец",
    "брат",     "сестра",  "сосед",    "соседка", "друг",   "подруга",   "г-н",       "г-жа",
    "господин", "госпожа", "пан",      "пани",    "доктор", "д-р",       "профессор", "проф",
    "инженер",  "инж",     "директор", "капитан", "майор",  "полковник", NULL};

/* Without the dot of an abbreviation. */
static bool some_word_is_of(const struct full_name *w, const char *const *list)
{
    for (size_t i = 0; i < w->n; i++) {
        char *plain = xstrndup(w->folded[i], strcspn(w->folded[i], "."));
        bool is = name_is_one_of(plain, list);
        free(plain);
        if (is)
            return true;
    }
    return false;
}

bool full_name_is_nobody(const struct full_name *w)
{
    static const char *const plural[] = {"овы",  "евы", "ины", "ыны",  "ские",
                                         "цкие", "ови", "еви", "ськи", NULL};
    for (size_t i = 0; i < w->n; i++) {
        if (name_ends(w->folded[i], plural))
            return true;
    }
    return w->alphabet == ALPHABET_NONE || w->n == 0 || some_word_is_of(w, signs);
}

bool full_name_has_role(const struct full_name *w)
{
    return some_word_is_of(w, roles);
}
