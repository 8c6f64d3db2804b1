/* Puts the pictures of a letter's words into the letter. It looks for what cmark writes for a picture, and for nothing else:
 * data cannot look like it, because its angle brackets are escaped. Serves letter.c. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "illustrate.h"

enum { SHEET_WIDTH = 536 }; /* of the shipped layout, without its margins */

static const char opening[] = "<img src=\"pictures/";

enum rc illustration_add(struct enclosures *list, const char *templates_dir, const char *file,
                         const char *domain, struct picture *ret, struct err *err)
{
    struct err why = {0};
    enum rc rc = picture_add(list, templates_dir, file, domain, ret, &why);
    if (rc == RC_NOTFOUND)
        return err_set(err, RC_INVALID, "there is no picture %s%spictures/%s: put it there",
                       str_or(templates_dir, ""), templates_dir != NULL ? "/" : "", file);
    return rc == RC_OK ? rc : err_set(err, rc, "%s", why.message);
}

/* `file` is not terminated. */
static enum rc show(struct sb *out, const char *file, size_t len, const char *templates_dir,
                    const char *domain, struct enclosures *list, struct err *err)
{
    struct picture picture;
    char *name = xstrndup(file, len);
    enum rc rc = illustration_add(list, templates_dir, name, domain, &picture, err);
    if (rc == RC_OK)
        sb_addf(out,
                "<img src=\"cid:%s\" width=\"%d\" style=\"display:block;border:0;max-width:100%%;"
                "height:auto;\"",
                picture.cid, picture.width < SHEET_WIDTH ? picture.width : SHEET_WIDTH);
    free(name);
    return rc;
}

enum rc illustrate(const char *html, const char *templates_dir, const char *domain,
                   struct enclosures *list, char **ret_html, size_t *ret_shown, struct err *err)
{
    struct sb out = {0};
    enum rc rc = RC_OK;
    const char *at;
    *ret_shown = 0;
    while (rc == RC_OK && (at = strstr(html, opening)) != NULL) {
        const char *file = at + strlen(opening);
        size_t len = strcspn(file, "\"");
        sb_addn(&out, html, (size_t)(at - html));
        rc = show(&out, file, len, templates_dir, domain, list, err);
        *ret_shown += rc == RC_OK;
        html = file + len + (file[len] == '"');
    }
    sb_add(&out, html);
    if (rc == RC_OK)
        *ret_html = sb_take(&out);
    sb_fini(&out);
    return rc;
}
