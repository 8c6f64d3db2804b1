/* A signature typed by hand at the end of a letter: the layout signs every letter with the name and the position of whoever
 * it is from, so that this one would stand there twice, or be another person's. Serves lint.c. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>
#include <pps/utf8.h>

#include "lint.h"

enum { LAST_LINES = 4 }; /* so far up a signature reaches: sign-off, name, position, telephone */

/* Words that end a letter when nothing but a comma or a name follows; folded. */
static const char *const sign_offs[] = {"с уважением",
                                        "с наилучшими пожеланиями",
                                        "с теплом",
                                        "с любовью",
                                        "с заботой",
                                        "искренне ваш",
                                        "искренне ваша",
                                        "всегда ваш",
                                        "всегда ваша",
                                        "ваш менеджер",
                                        "kind regards",
                                        "best regards",
                                        "warm regards",
                                        "regards",
                                        "best wishes",
                                        "yours sincerely",
                                        "yours faithfully",
                                        "yours truly",
                                        "sincerely",
                                        "с уважение",
                                        "с най-добри пожелания",
                                        "сърдечни поздрави",
                                        "с топли поздрави",
                                        "поздрави",
                                        "искрено ваш",
                                        "искрено ваша",
                                        NULL};
static const char *const signers[] = {"{{signer.name}}", "{{manager.name}}", "{{agency.name}}", NULL};

/* Whether the line is no more than these words, or these and, after a comma, a name; not the beginning of a sentence. */
static bool is_only(const char *line, const char *words)
{
    size_t n = strlen(words), len = strlen(line);
    if (n == 0 || !str_starts(line, words))
        return false;
    const char *rest = line + n + strspn(line + n, "*_ ");
    return *rest == '\0' || (*rest == ',' && strchr(".!?:;", line[len - 1]) == NULL);
}

static bool is_any(const char *line, const char *const *words, size_t n)
{
    bool is = false;
    for (size_t i = 0; i < n && !is; i++) {
        char *folded = utf8_fold(words[i]);
        is = is_only(line, folded);
        free(folded);
    }
    return is;
}

static size_t count(const char *const *words)
{
    size_t n = 0;
    while (words[n] != NULL)
        n++;
    return n;
}

static bool is_signature(const struct lint_input *in, const char *line)
{
    char *folded = utf8_fold(line);
    bool is = is_any(folded, sign_offs, count(sign_offs)) ||
              is_any(folded, signers, count(signers)) || is_any(folded, in->names, in->n_names);
    free(folded);
    return is;
}

/* A line of nothing but the tags of sections, comments and partials says nothing. */
static bool is_said(const char *line)
{
    return *line != '\0' && !(str_starts(line, "{{") && strchr("#^/!>", line[2]) != NULL);
}

void lint_signature(const struct lint_page *page)
{
    const char *text = page->source.text, *head = strstr(text, "\n\n");
    size_t from = head != NULL ? (size_t)(head - text) : 0, end = strlen(text), left = LAST_LINES;
    size_t found = 0;
    while (end > from && left > 0) {
        size_t start = end;
        while (start > from && text[start - 1] != '\n')
            start--;
        size_t at = start + strspn(text + start, "*_>- \t");
        char *line = at < end ? xstrndup(text + at, end - at) : xstrdup("");
        if (is_said(str_trim(line)))
            left--;
        if (is_signature(page->lint->in, str_trim(line)))
            found = at;
        free(line);
        end = start > from ? start - 1 : from;
    }
    bool below = strspn(text + from, " \t\n*_>-") < found - from; /* what is written */
    if (found > 0 && below)
        lint_find_at(page, false, found,
                     "the letter would be signed twice: below it stand the name and the position of "
                     "whoever signs, by themselves; take this out, and write other words before the "
                     "name at the top: Sign-off: С уважением,");
}
