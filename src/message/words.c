/* Dates in words, the opening and the sign-off, in the languages we know. Own tables instead of strftime(): the
 * locale of the machine must not decide what a client reads. Serves context.c. */
#include <stdlib.h>
#include <string.h>

#include <pps/person.h>
#include <pps/str.h>
#include <pps/utf8.h>

#include "words.h"

struct words {
    const char *lang;
    const char *months[12]; /* as they stand after the number of the day */
    const char *after_year;
    const char *weekdays[7]; /* from Monday, with their prepositions */
    const char *dear_her, *dear_him, *dear_both, *hello;
    const char *honoured_her, *honoured_him, *honoured_both; /* before a title */
    const char *sign_off;
};

static const struct words all_words[] = {
    {.lang = "ru",
     .months = {"января", "февраля", "марта", "апреля", "мая", "июня", "июля", "августа",
                "сентября", "октября", "ноября", "декабря"},
     .after_year = " года",
     .weekdays = {"в понедельник", "во вторник", "в среду", "в четверг", "в пятницу", "в субботу",
                  "в воскресенье"},
     .dear_her = "Дорогая ",
     .dear_him = "Дорогой ",
     .dear_both = "Дорогие ",
     .hello = "Здравствуйте, ",
     .honoured_her = "Уважаемая ",
     .honoured_him = "Уважаемый ",
     .honoured_both = "Уважаемые ",
     .sign_off = "С теплом,"},
    {.lang = "en",
     .months = {"January", "February", "March", "April", "May", "June", "July", "August",
                "September", "October", "November", "December"},
     .after_year = "",
     .weekdays = {"on Monday", "on Tuesday", "on Wednesday", "on Thursday", "on Friday",
                  "on Saturday", "on Sunday"},
     .dear_her = "Dear ",
     .dear_him = "Dear ",
     .dear_both = "Dear ",
     .hello = "Dear ",
     .sign_off = "Warm regards,"},
    {.lang = "bg",
     .months = {"януари", "февруари", "март", "април", "май", "юни", "юли", "август", "септември",
                "октомври", "ноември", "декември"},
     .after_year = " година",
     .weekdays = {"в понеделник", "във вторник", "в сряда", "в четвъртък", "в петък", "в събота",
                  "в неделя"},
     .dear_her = "Скъпа ",
     .dear_him = "Скъпи ",
     .dear_both = "Скъпи ",
     .hello = "Здравейте, ",
     .honoured_her = "Уважаема ",
     .honoured_him = "Уважаеми ",
     .honoured_both = "Уважаеми ",
     .sign_off = "С топли поздрави,"},
};

static const struct words *find_words(const char *lang)
{
    for (size_t i = 0; i < sizeof all_words / sizeof *all_words; i++) {
        if (strcmp(all_words[i].lang, lang) == 0)
            return &all_words[i];
    }
    return NULL;
}

char *words_date(const char *lang, civil_day day, civil_day today)
{
    if (day == CIVIL_NONE)
        return xstrdup("");
    const struct words *words = find_words(lang);
    if (words == NULL) {
        char iso[CIVIL_TEXT_BYTES];
        civil_format_day(day, iso);
        return xstrdup(iso);
    }
    struct ymd ymd = civil_to_ymd(day);
    const char *month = words->months[ymd.month - 1];
    if (today != CIVIL_NONE && civil_to_ymd(today).year == ymd.year)
        return xasprintf("%d %s", ymd.day, month);
    return xasprintf("%d %s %d%s", ymd.day, month, ymd.year, words->after_year);
}

bool words_is_month(const char *lang, const char *folded)
{
    const struct words *words = find_words(lang);
    for (int i = 0; words != NULL && i < 12; i++) {
        char *month = utf8_fold(words->months[i]);
        bool same = strcmp(month, folded) == 0;
        free(month);
        if (same)
            return true;
    }
    return false;
}

char *words_time(int16_t minute)
{
    if (minute == MINUTE_NONE)
        return xstrdup("");
    return xasprintf("%02d:%02d", minute / 60, minute % 60);
}

char *words_weekday(const char *lang, civil_day day)
{
    const struct words *words = find_words(lang);
    if (words == NULL || day == CIVIL_NONE)
        return xstrdup("");
    return xstrdup(words->weekdays[civil_weekday(day)]);
}

/* A title before a surname, as people type it, and as it is said to somebody. */
static const struct title {
    const char *lang, *typed, *said;
    enum gender gender;
} titles[] = {
    {"ru", "г-жа", "госпожа", GENDER_FEMALE},
    {"ru", "госпожа", "госпожа", GENDER_FEMALE},
    {"ru", "г-н", "господин", GENDER_MALE},
    {"ru", "господин", "господин", GENDER_MALE},
    {"ru", "доктор", "доктор", GENDER_NOT_SAID},
    {"ru", "д-р", "доктор", GENDER_NOT_SAID},
    {"ru", "профессор", "профессор", GENDER_NOT_SAID},
    {"ru", "проф", "профессор", GENDER_NOT_SAID},
    {"bg", "г-жа", "госпожо", GENDER_FEMALE},
    {"bg", "г-жо", "госпожо", GENDER_FEMALE},
    {"bg", "госпожа", "госпожо", GENDER_FEMALE},
    {"bg", "госпожо", "госпожо", GENDER_FEMALE},
    {"bg", "г-ца", "госпожице", GENDER_FEMALE},
    {"bg", "госпожица", "госпожице", GENDER_FEMALE},
    {"bg", "г-н", "господин", GENDER_MALE},
    {"bg", "господин", "господин", GENDER_MALE},
    {"bg", "господине", "господин", GENDER_MALE},
    {"bg", "д-р", "д-р", GENDER_NOT_SAID},
    {"bg", "доктор", "д-р", GENDER_NOT_SAID},
    {"bg", "проф", "проф.", GENDER_NOT_SAID},
    {"bg", "професор", "проф.", GENDER_NOT_SAID},
    {"bg", "доц", "доц.", GENDER_NOT_SAID},
    {"bg", "доцент", "доц.", GENDER_NOT_SAID},
    {"bg", "инж", "инж.", GENDER_NOT_SAID},
};

/* The title that stands before the rest of the address; NULL: none. */
static const struct title *title_of(const char *lang, const char *address, const char **ret_rest)
{
    size_t len = strcspn(address, " ");
    const char *rest = address + len + strspn(address + len, " ");
    char *word = xstrndup(address, strcspn(address, " .")), *folded = utf8_fold(word);
    const struct title *found = NULL;
    for (size_t i = 0; i < sizeof titles / sizeof *titles && *rest != '\0'; i++) {
        if (strcmp(titles[i].lang, lang) == 0 && strcmp(titles[i].typed, folded) == 0)
            found = &titles[i];
    }
    free(folded);
    free(word);
    *ret_rest = rest;
    return found;
}

/* Two titles before one surname: "г-н и г-жа Ивановы". NULL: that is not what stands there. New string. */
static char *honoured_pair(const struct words *words, const struct title *title, const char *rest)
{
    static const char and[] = "и ";
    const char *name;
    const struct title *second =
        str_starts(rest, and) ? title_of(words->lang, rest + strlen(and), &name) : NULL;
    return second == NULL ? NULL
                          : xasprintf("%s%s %s%s %s", words->honoured_both, title->said, and,
                                      second->said, name);
}

/* By the title, else by what stands behind it; the dot of an abbreviation would hide that. */
static enum gender gender_with(const struct title *title, const struct client *client,
                               const char *rest)
{
    if (title->gender != GENDER_NOT_SAID)
        return title->gender;
    struct client plain = *client;
    plain.salutation = xasprintf("%s %s", title->typed, rest);
    enum gender gender = client_gender(&plain);
    free(plain.salutation);
    return gender;
}

/* "Уважаемая госпожа Иванова": nobody is dear by the surname. New string. */
static char *honoured(const struct words *words, const struct title *title,
                      const struct client *client, const char *rest)
{
    char *pair = honoured_pair(words, title, rest);
    if (pair != NULL)
        return pair;
    enum gender gender = gender_with(title, client, rest);
    const char *opening = gender == GENDER_FEMALE ? words->honoured_her
                          : gender == GENDER_MALE ? words->honoured_him
                                                  : words->hello;
    return xasprintf("%s%s %s", opening, title->said, rest);
}

char *words_dear(const char *lang, const struct client *client, const char *address)
{
    const struct words *words = find_words(lang);
    if (words == NULL)
        return xstrdup(address);
    const char *rest, *opening = words->hello;
    enum gender gender = client_gender(client);
    const struct title *title = title_of(lang, address, &rest);
    bool both = person_is_pair(address);
    if (title != NULL && !both)
        return honoured(words, title, client, rest);
    if (both)
        opening = title != NULL ? words->honoured_both : words->dear_both;
    else if (gender == GENDER_FEMALE || gender == GENDER_MALE)
        opening = gender == GENDER_FEMALE ? words->dear_her : words->dear_him;
    return xasprintf("%s%s", opening, address);
}

char *words_sentence(const char *text)
{
    static const char *const ends[] = {".", "!", "?", "…", ".»", "!»", "?»", ".“", "!“", "?“", ".”", "!”", "?”", ".\""};
    char *copy = xstrdup(str_or(text, "")), *trimmed = str_trim(copy);
    bool ended = *trimmed == '\0';
    for (size_t i = 0; i < sizeof ends / sizeof *ends && !ended; i++)
        ended = str_ends(trimmed, ends[i]);
    char *sentence = xasprintf("%s%s", trimmed, ended ? "" : ".");
    free(copy);
    return sentence;
}

const char *words_sign_off(const char *lang)
{
    const struct words *words = find_words(lang);
    return words == NULL ? "" : words->sign_off;
}
