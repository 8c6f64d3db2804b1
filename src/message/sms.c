/* The text of an SMS, in the letters that its template asks for. Must not count its parts or look at its gateway: that is
 * for the sender. Serves dispatch through <pps/message.h>, and the checks. */
#include <stdlib.h>
#include <string.h>

#include <pps/message.h>
#include <pps/sms.h>
#include <pps/str.h>
#include <pps/utf8.h>

#include "sms.h"

enum { MAX_PARTS = 10 };

enum header { HEADER_TRANSLITERATE, HEADER_PARTS, HEADER_COUNT };
static const char *const header_names[HEADER_COUNT] = {
    [HEADER_TRANSLITERATE] = "Transliterate", [HEADER_PARTS] = "Parts"};

/* As an author calls them who does not know the words of ours. */
static const struct {
    const char *word;
    enum header meant;
} translated[] = {{"Части", HEADER_PARTS},
                  {"Частей", HEADER_PARTS},
                  {"Транслит", HEADER_TRANSLITERATE},
                  {"Транслитерация", HEADER_TRANSLITERATE},
                  {"Латиница", HEADER_TRANSLITERATE}};

/* The header that a line means which begins with a word of another language; NULL: none. */
static const char *meant_by(const char *line, size_t len)
{
    for (size_t i = 0; i < sizeof translated / sizeof *translated; i++) {
        size_t n = strlen(translated[i].word), colon = n;
        char *start = xstrndup(line, len), *folded = utf8_fold(start),
             *word = utf8_fold(translated[i].word);
        bool is = str_starts(folded, word);
        colon += is && strlen(folded) == len ? strspn(line + n, " \t") : 0;
        is = is && colon < len && line[colon] == ':';
        free(word);
        free(folded);
        free(start);
        if (is)
            return header_names[translated[i].meant];
    }
    return NULL;
}

/* The name of a header line "Name: …" of len bytes; NULL when it is none. New string. */
static char *name_of(const char *line, size_t len)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-";
    size_t n = strspn(line, letters), colon = n + strspn(line + n, " \t");
    return n > 0 && colon < len && line[colon] == ':' ? xstrndup(line, n) : NULL;
}

static enum header find_header(const char *name)
{
    size_t h = 0;
    while (h < HEADER_COUNT && !str_eq(name, header_names[h]))
        h++;
    return (enum header)h;
}

static enum rc read_transliterate(const char *value, bool *ret, struct err *err)
{
    if (!str_eq(value, "yes") && !str_eq(value, "no"))
        return err_set(err, RC_INVALID, "write \"Transliterate: yes\", or leave the line out");
    *ret = value[0] == 'y';
    return RC_OK;
}

static enum rc read_parts(const char *value, size_t *ret, struct err *err)
{
    char *end;
    long n = strtol(value, &end, 10);
    if (value[0] < '0' || value[0] > '9' || *end != '\0' || n < 1 || n > MAX_PARTS)
        return err_set(err, RC_INVALID, "\"Parts\" is how many it may take: from 1 to %d",
                       MAX_PARTS);
    *ret = (size_t)n;
    return RC_OK;
}

/* One header line of len bytes. */
static enum rc read_header(const char *file, size_t row, const char *line, size_t len,
                           struct sms_sheet *sheet, struct err *err)
{
    char *name = name_of(line, len);
    const char *nearest =
        name != NULL ? str_nearest(name, header_names, HEADER_COUNT) : meant_by(line, len);
    char *shown = xstrndup(line, strcspn(line, " \t:"));
    enum header h = find_header(name);
    enum rc rc = RC_OK;
    if (h == HEADER_COUNT && nearest != NULL) {
        rc = err_set(err, RC_INVALID, "%s:%zu:1: unknown header \"%s\": did you mean \"%s\"?", file,
                     row, shown, nearest);
    } else if (h == HEADER_COUNT) {
        rc = err_set(err, RC_INVALID,
                     "%s:%zu:1: the lines before an empty one are \"Transliterate:\" and \"Parts:\"; words "
                     "of the text begin after it",
                     file, row);
    } else {
        size_t skip = strcspn(line, ":") + 1;
        char *value = xstrndup(line + skip, len - skip);
        struct err why = {0};
        rc = h == HEADER_PARTS ? read_parts(str_trim(value), &sheet->parts, &why)
                               : read_transliterate(str_trim(value), &sheet->latin, &why);
        if (rc != RC_OK)
            (void)err_set(err, rc, "%s:%zu:%zu: %s", file, row, skip + 2, why.message);
        free(value);
    }
    free(shown);
    free(name);
    return rc;
}

/* Whether the text begins with header lines. One that only looks like one ("Attention: …") is a part of the text, but for a
 * name that is nearly one of ours, and for what stands apart, before an empty line. */
static bool has_headers(const char *text)
{
    size_t len = strcspn(text, "\n");
    const char *next = text + len + (text[len] == '\n');
    bool apart = *next != '\0' && strspn(next, " \t") >= strcspn(next, "\n");
    char *name = name_of(text, len);
    bool has = name != NULL ? apart || str_nearest(name, header_names, HEADER_COUNT) != NULL
                            : meant_by(text, len) != NULL;
    free(name);
    return has;
}

enum rc sms_sheet_read(const struct template_text *source, struct sms_sheet *ret, struct err *err)
{
    const char *s = source->text;
    struct sms_sheet sheet = {.parts = 1};
    size_t row = 1;
    bool more = has_headers(s);
    while (more) {
        size_t len = strcspn(s, "\n");
        bool blank = strspn(s, " \t") >= len;
        enum rc rc = blank || str_starts(s, "{{!")
                         ? RC_OK
                         : read_header(source->name, row, s, len, &sheet, err);
        if (rc != RC_OK)
            return rc;
        s += len + (s[len] == '\n');
        row++;
        more = !blank && *s != '\0';
    }
    sheet.body =
        (struct mustache_source){.name = source->name, .text = s, .len = strlen(s), .line = row};
    *ret = sheet;
    return RC_OK;
}

/* Takes `text`. A name that cannot be read would be worse than one that costs more. */
static char *in_latin(char *text, const char *lang)
{
    bool whole;
    char *latin = sms_latin(text, lang, &whole);
    char *other = whole ? text : latin;
    free(other);
    return whole ? latin : text;
}

enum rc sms_write(const struct template_job *job, char **ret_text, struct err *err)
{
    struct sms_sheet sheet;
    char *text = NULL;
    enum rc rc = sms_sheet_read(&job->source, &sheet, err);
    if (rc == RC_OK)
        rc = template_fill_part(job, &sheet.body, &text, err);
    if (rc == RC_OK && sheet.latin) {
        text = in_latin(text, job->source.lang);
        if (str_trim(text)[0] == '\0')
            rc = err_set(err, RC_INVALID, "%s:1: nothing is left of the text in Latin letters",
                         job->source.name);
    }
    if (rc == RC_OK)
        *ret_text = text;
    else
        free(text);
    return rc;
}

enum rc message_render_sms(const struct message_input *in, struct rendered *ret, struct err *err)
{
    if (str_empty(in->client->phone))
        return err_set(err, RC_INVALID, "the client has no phone number");
    if (in->client->phone_wrong)
        return err_set(err, RC_INVALID, "the client's number is somebody else's");
    struct message_input sms = *in;
    sms.channel = CHANNEL_SMS;
    struct template_job job = {0};
    char *text = NULL;
    enum rc rc = template_open(&sms, &job, err);
    if (rc == RC_OK)
        rc = sms_write(&job, &text, err);
    if (rc == RC_OK)
        *ret = (struct rendered){
            .recipient = xstrdup(in->client->phone), .bytes = text, .len = strlen(text)};
    template_close(&job);
    return rc;
}
