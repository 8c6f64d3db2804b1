/* How a preview is shown: on the terminal, as a document, as a page. Serves preview and send-test. */
#ifndef PPS_CLI_PREVIEWS_H
#define PPS_CLI_PREVIEWS_H

#include <pps/preview.h>

#include "app.h"

/* sent: these are the words that went. */
void previews_say(struct app *app, const struct previews *all, bool sent);
/* One letter: its headers and its text. preheader may be NULL. */
void previews_say_mail(struct app *app, const struct mail_view *mail, const char *preheader);
/* Writes what --as-html and --eml name: a new file, or for - standard output. */
enum rc previews_put(struct app *app, const char *path, const char *bytes, size_t len,
                     struct err *err) MUST_CHECK;
/* {"client", "occasion", "made_up", "messages": […]} */
void previews_json(struct app *app, struct json *root, const struct previews *all);
/* A whole HTML document; new string. */
char *previews_page(const struct app *app, const struct previews *all);

#endif
