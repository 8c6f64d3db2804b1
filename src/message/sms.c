/* The text of an SMS. Must not count its parts or look at its gateway: that is for the sender.
 * Serves dispatch through <pps/message.h>. */
#include <stdlib.h>
#include <string.h>

#include <pps/message.h>
#include <pps/str.h>

#include "template.h"

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
        rc = template_fill_plain(&job, &text, err);
    if (rc == RC_OK)
        *ret = (struct rendered){
            .recipient = xstrdup(in->client->phone), .bytes = text, .len = strlen(text)};
    template_close(&job);
    return rc;
}
