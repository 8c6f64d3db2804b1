/* A name as people are named, of what stands on a card: a remark for colleagues ("(VIP)", "(жена Олега)") is nothing to
 * call somebody by, and "Иванова, Мария" is the order of lists. Serves full_name.c. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "full_name.h"

/* "(и Пётр)": somebody else, and no remark. */
static bool names_another(const char *in_brackets)
{
    static const char *const beginnings[] = {"и ", "та ", "and ", "+", "&", NULL};
    for (const char *const *one = beginnings; *one != NULL; one++) {
        if (str_starts(in_brackets, *one))
            return true;
    }
    return false;
}

/* In place: the text without what stands in brackets. A bracket without its partner stays. */
static void drop_brackets(char *name)
{
    for (char *open = strpbrk(name, "(["); open != NULL; open = strpbrk(open, "([")) {
        char *close = strchr(open, *open == '(' ? ')' : ']');
        if (close == NULL || names_another(open + 1)) {
            open++;
            continue;
        }
        *open = ' ';
        memmove(open + 1, close + 1, strlen(close + 1) + 1);
    }
}

static size_t count_words(const char *text)
{
    size_t n = 0;
    for (text += strspn(text, " "); *text != '\0'; n++) {
        text += strcspn(text, " ");
        text += strspn(text, " ");
    }
    return n;
}

/* In place: "Мария Иванова, VIP" -> "Мария Иванова". Behind one word it may be what a firm is called. */
static void drop_vip(char *name)
{
    static const char *const words[] = {"VIP", "vip", "Vip", "ВИП", "вип", "Вип", NULL};
    char *last = strrchr(name, ' ');
    if (last == NULL || count_words(name) < 3 || !name_is_one_of(last + 1, words))
        return;
    size_t len = (size_t)(last - name);
    while (len > 0 && strchr(" ,-", name[len - 1]) != NULL)
        len--;
    name[len] = '\0';
}

/* "Иванова, Мария" -> "Мария Иванова": one word, which is no first name, and behind the comma a first name that we know,
 * or any name when the surname tells whose it is. Takes `name`; NULL is never returned. */
static char *in_order(char *name)
{
    char *comma = strchr(name, ',');
    if (comma == NULL || strchr(comma + 1, ',') != NULL)
        return name;
    char *surname = str_trim(xstrndup(name, (size_t)(comma - name)));
    char *given = str_trim(xstrdup(comma + 1));
    char *turned = xasprintf("%s %s", given, surname);
    struct full_name alone, w;
    full_name_take_apart(surname, &alone);
    full_name_take_apart(turned, &w);
    bool one = alone.n == 1 && alone.given[0] == GENDER_NOT_SAID && w.n >= 2 && w.n <= 4;
    enum gender tells = one ? surname_gender(&w, w.n - 1) : GENDER_NOT_SAID;
    bool known =
        one && (w.given[0] != GENDER_NOT_SAID || tells == GENDER_FEMALE || tells == GENDER_MALE);
    full_name_fini(&alone);
    full_name_fini(&w);
    free(surname);
    free(given);
    free(known ? name : turned);
    return known ? turned : name;
}

char *name_without_remarks(const char *name)
{
    char *plain = xstrdup(name);
    drop_brackets(plain);
    plain = str_trim(plain);
    drop_vip(plain);
    if (*plain == '\0') {
        free(plain);
        return xstrdup(name);
    }
    return in_order(plain);
}
