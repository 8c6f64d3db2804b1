/* What all kinds of messages share at the door of the room: freeing, "is there a template", "is it
 * right". Serves service and cli (lint) through <pps/message.h>. */
#include <stdlib.h>

#include <pps/message.h>
#include <pps/str.h>

#include "enclosure.h"
#include "letter.h"
#include "sms.h"

void rendered_fini(struct rendered *rendered)
{
    if (rendered == NULL)
        return;
    free(rendered->recipient);
    free(rendered->subject);
    free(rendered->preheader);
    free(rendered->bytes);
    *rendered = (struct rendered){0};
}

bool message_has_template(const char *templates_dir, const char *step, enum channel channel)
{
    if (!catalog_is_key(step))
        return false;
    struct template_text found = {0};
    enum rc rc = catalog_find(templates_dir, channel, step, NULL, 0, &found, NULL);
    template_text_fini(&found);
    return rc !=
           RC_NOTFOUND; /* one that cannot be read is there, too: rendering says what is wrong */
}

enum rc message_check_template(const char *templates_dir, const char *step, enum channel channel,
                               const char *lang, struct err *err)
{
    if (channel == CHANNEL_EMAIL)
        return letter_lint(templates_dir, step, lang, err);
    struct template_job job = {0};
    char *text = NULL;
    enum rc rc = template_open_lint(templates_dir, step, channel, lang, &job, err);
    if (rc == RC_OK)
        rc = channel == CHANNEL_SMS ? sms_write(&job, &text, err)
                                    : template_fill_plain(&job, &text, err);
    free(text);
    template_close(&job);
    return rc;
}

enum rc message_check_picture(const char *templates_dir, const char *name, bool *ret_there,
                              struct err *err)
{
    struct enclosures list = {0};
    struct picture picture;
    enum rc rc = picture_find(&list, templates_dir, name, "pps.invalid", &picture, NULL, err);
    if (rc == RC_OK)
        *ret_there = picture.cid[0] != '\0';
    enclosures_fini(&list);
    return rc;
}
