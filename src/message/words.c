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

char *words_dear(const char *lang, const struct client *client)
{
    const struct words *words = find_words(lang);
    char *address = client_address(client);
    if (words == NULL)
        return address;
    enum gender gender = client_gender(client);
    const char *opening = words->hello;
    if (person_is_pair(address))
        opening = words->dear_both;
    else if (gender == GENDER_FEMALE || gender == GENDER_MALE)
        opening = gender == GENDER_FEMALE ? words->dear_her : words->dear_him;
    char *dear = xasprintf("%s%s", opening, address);
    free(address);
    return dear;
}

const char *words_sign_off(const char *lang)
{
    const struct words *words = find_words(lang);
    return words == NULL ? "" : words->sign_off;
}
