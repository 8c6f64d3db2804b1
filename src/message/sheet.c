/* The header lines of a letter's template: which there are, and where the body begins. What they say is filled in by
 * letter.c. Must not know data. Serves letter.c. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>
#include <pps/utf8.h>

#include "sheet.h"

static const char *const header_names[HEADER_COUNT] = {[HEADER_SUBJECT] = "Subject",
                                                       [HEADER_PREHEADER] = "Preheader",
                                                       [HEADER_FROM] = "From",
                                                       [HEADER_ATTACHMENTS] = "Attachments",
                                                       [HEADER_SIGN_OFF] = "Sign-off"};

const char *sheet_header_name(enum sheet_header header)
{
    return header_names[header];
}

/* As an author calls them who does not know the words of ours. */
static const struct {
    const char *word;
    enum sheet_header meant;
} translated[] = {{"тема", HEADER_SUBJECT},
                  {"заголовок", HEADER_SUBJECT},
                  {"относно", HEADER_SUBJECT},
                  {"прехедер", HEADER_PREHEADER},
                  {"от", HEADER_FROM},
                  {"от кого", HEADER_FROM},
                  {"вложения", HEADER_ATTACHMENTS},
                  {"вложение", HEADER_ATTACHMENTS},
                  {"файлы", HEADER_ATTACHMENTS},
                  {"файлове", HEADER_ATTACHMENTS},
                  {"подпись", HEADER_SIGN_OFF},
                  {"подпис", HEADER_SIGN_OFF}};

/* The header that is meant; NULL: none is. */
static const char *meant_by(const char *name)
{
    char *copy = xstrdup(name), *folded = utf8_fold(str_trim(copy));
    const char *meant = str_nearest(name, header_names, HEADER_COUNT);
    for (size_t i = 0; i < sizeof translated / sizeof *translated; i++) {
        if (strcmp(translated[i].word, folded) == 0)
            meant = header_names[translated[i].meant];
    }
    free(folded);
    free(copy);
    return meant;
}

static enum rc unknown_header(const char *name, const char *file, size_t line, struct err *err)
{
    const char *nearest = meant_by(name);
    if (nearest == NULL)
        return err_set(err, RC_INVALID,
                       "%s:%zu: unknown header \"%s\"; there are Subject, Preheader, From, "
                       "Attachments and Sign-off",
                       file, line, name);
    return err_set(err, RC_INVALID, "%s:%zu: unknown header \"%s\": did you mean \"%s\"?", file,
                   line, name, nearest);
}

/* One header line of len bytes at s. */
static enum rc read_header(const char *s, size_t len, const char *file, size_t line,
                           struct sheet *sheet, struct err *err)
{
    const char *colon = memchr(s, ':', len);
    if (colon == NULL || memchr(s, '{', (size_t)(colon - s)) != NULL)
        return err_set(err, RC_INVALID,
                       "%s:%zu: a letter begins with lines like \"Subject: ...\" and an empty line",
                       file, line);
    char *name = xstrndup(s, (size_t)(colon - s));
    enum rc rc = RC_OK;
    size_t h = 0;
    while (h < HEADER_COUNT && strcmp(header_names[h], name) != 0)
        h++;
    if (h == HEADER_COUNT) {
        rc = unknown_header(name, file, line, err);
    } else if (sheet->headers[h].text != NULL) {
        rc = err_set(err, RC_INVALID, "%s:%zu: \"%s\" is given twice", file, line, name);
    } else {
        size_t at = (size_t)(colon - s) + 1;
        while (at < len && s[at] == ' ')
            at++;
        sheet->headers[h] = (struct mustache_source){
            .name = file, .text = s + at, .len = len - at, .line = line, .column = at + 1};
    }
    free(name);
    return rc;
}

/* A word, no variable: the signer is chosen by the playbook, and after a lost sale that is a promise. */
static enum rc read_from(struct sheet *sheet, struct err *err)
{
    const struct mustache_source *from = &sheet->headers[HEADER_FROM];
    if (from->text == NULL)
        return RC_OK;
    char *who = xstrndup(from->text, from->len);
    enum rc rc = RC_OK;
    sheet->from_agency = strcmp(str_trim(who), "agency") == 0;
    if (!sheet->from_agency && strcmp(who, "signer") != 0)
        rc = err_set(err, RC_INVALID,
                     "%s:%zu: From is \"signer\" (who signs this step) or \"agency\", not \"%s\"",
                     from->name, from->line, who);
    free(who);
    return rc;
}

/* A line in which nothing is seen: a word processor leaves a blank in it that does not break. */
static bool is_blank_line(const char *s, size_t len)
{
    size_t i = 0;
    while (i < len && (s[i] == ' ' || s[i] == '\t' || str_starts(s + i, "\u00A0")))
        i += s[i] == ' ' || s[i] == '\t' ? 1 : strlen("\u00A0");
    return i >= len;
}

enum rc sheet_take_apart(const struct template_text *source, struct sheet *ret, struct err *err)
{
    struct sheet sheet = {0};
    const char *s = source->text;
    size_t line = 1;
    for (;; line++) {
        size_t len = strcspn(s, "\n");
        bool blank = is_blank_line(s, len);
        if (!blank && !str_starts(s, "{{!")) {
            enum rc rc = read_header(s, len, source->name, line, &sheet, err);
            if (rc != RC_OK)
                return rc;
        }
        s += len + (s[len] == '\n');
        if (blank || *s == '\0')
            break;
    }
    if (sheet.headers[HEADER_SUBJECT].text == NULL)
        return err_set(err, RC_INVALID, "%s:1: there is no line \"Subject: ...\" at the top",
                       source->name);
    sheet.body = (struct mustache_source){
        .name = source->name, .text = s, .len = strlen(s), .line = line + 1};
    enum rc rc = read_from(&sheet, err);
    if (rc == RC_OK)
        *ret = sheet;
    return rc;
}
