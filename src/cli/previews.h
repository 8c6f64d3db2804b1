/* How a preview is shown: on the terminal, as a document, as a page. Serves preview and send-test. */
#ifndef PPS_CLI_PREVIEWS_H
#define PPS_CLI_PREVIEWS_H

#include <pps/preview.h>

#include "app.h"

/* sent: these are the words that went. */
void previews_say(struct app *app, const struct previews *all, bool sent);
/* {"client", "occasion", "made_up", "messages": […]} */
void previews_json(struct app *app, struct json *root, const struct previews *all);
/* A whole HTML document; new string. */
char *previews_page(const struct app *app, const struct previews *all);

#endif
