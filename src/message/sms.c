/* The text of an SMS, in the letters that its template asks for. Must not count its parts or look at its gateway: that is
 * for the sender. Serves dispatch through <pps/message.h>, and the checks. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <pps/message.h>
#include <pps/sms.h>
#include <pps/str.h>

#include "sms.h"

static const char header[] = "Transliterate";

/* The name of a header line "Name: …" of len bytes; NULL when it is none. New string. */
static char *name_of(const char *line, size_t len)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-";
    size_t n = strspn(line, letters);
    return n > 0 && n < len && line[n] == ':' ? xstrndup(line, n) : NULL;
}

static enum rc read_answer(const char *file, const char *line, size_t len, bool *ret,
                           struct err *err)
{
    char *copy = xstrndup(line + strlen(header) + 1, len - strlen(header) - 1);
    const char *answer = str_trim(copy);
    enum rc rc = RC_OK;
    if (strcmp(answer, "yes") == 0 || strcmp(answer, "no") == 0)
        *ret = answer[0] == 'y';
    else
        rc =
            err_set(err, RC_INVALID, "%s:1:%zu: write \"Transliterate: yes\" or leave the line out",
                    file, strlen(header) + 2);
    free(copy);
    return rc;
}

/* Whether the first line is the header; a line that only looks like one ("Attention: …") is a part of the text, but for one
 * that is nearly it. */
static enum rc find_header(const struct template_text *source, size_t len, bool *ret,
                           struct err *err)
{
    static const char *const known[] = {header};
    char *name = name_of(source->text, len);
    enum rc rc = RC_OK;
    *ret = str_eq(name, header);
    if (name != NULL && !*ret && str_nearest(name, known, 1) != NULL)
        rc = err_set(err, RC_INVALID, "%s:1:1: unknown header \"%s\": did you mean \"%s\"?",
                     source->name, name, header);
    free(name);
    return rc;
}

enum rc sms_sheet_read(const struct template_text *source, struct sms_sheet *ret, struct err *err)
{
    const char *text = source->text;
    size_t len = strcspn(text, "\n");
    struct sms_sheet sheet = {
        .body = {.name = source->name, .text = text, .len = strlen(text), .line = 1}};
    bool has_header;
    enum rc rc = find_header(source, len, &has_header, err);
    if (rc == RC_OK && has_header) {
        rc = read_answer(source->name, text, len, &sheet.latin, err);
        text += len + (text[len] == '\n');
        size_t blank = strspn(text, " \t");
        if (rc == RC_OK && text[blank] != '\n')
            return err_set(err, RC_INVALID, "%s:2:1: after the header comes an empty line",
                           source->name);
        text += blank + 1;
        sheet.body = (struct mustache_source){
            .name = source->name, .text = text, .len = strlen(text), .line = 3};
    }
    if (rc == RC_OK)
        *ret = sheet;
    return rc;
}

enum rc sms_write(const struct template_job *job, char **ret_text, struct err *err)
{
    struct sms_sheet sheet;
    char *text = NULL;
    enum rc rc = sms_sheet_read(&job->source, &sheet, err);
    if (rc == RC_OK)
        rc = template_fill_part(job, &sheet.body, &text, err);
    if (rc == RC_OK && sheet.latin) {
        char *latin = sms_latin(text, job->source.lang);
        free(text);
        text = latin;
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
