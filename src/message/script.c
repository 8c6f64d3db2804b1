/* The words for a call or a visit, for a manager at a terminal. Data is harmless already
 * (context.c); the text itself is the agency's. Serves cli through <pps/message.h>. */
#include <stdlib.h>

#include <pps/message.h>
#include <pps/str.h>

#include "template.h"

enum rc message_render_script(const struct message_input *in, char **ret_text, struct err *err)
{
    struct message_input script = *in;
    if (!channel_is_human(script.channel))
        script.channel = CHANNEL_CALL;
    struct template_job job = {0};
    char *text = NULL;
    enum rc rc = template_open(&script, &job, err);
    if (rc == RC_OK)
        rc = template_fill_plain(&job, &text, err);
    if (rc == RC_OK)
        *ret_text = xasprintf("%s\n", text);
    free(text);
    template_close(&job);
    return rc;
}
