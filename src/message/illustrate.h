/* Pictures in the words of a letter: ![words](pictures/beach.jpg). */
#ifndef PPS_MESSAGE_ILLUSTRATE_H
#define PPS_MESSAGE_ILLUSTRATE_H

#include "enclosure.h"

/* A file of the folder pictures is added to the list. RC_INVALID: it is not there, or cannot be used. */
enum rc illustration_add(struct enclosures *list, const char *templates_dir, const char *file,
                         const char *domain, struct picture *ret, struct err *err) MUST_CHECK;
/* Where the HTML of a letter's Markdown shows such a file, it is added and shown by its Content-ID, as wide as fits. New
 * string. *ret_shown: how many went well before an error. */
enum rc illustrate(const char *html, const char *templates_dir, const char *domain,
                   struct enclosures *list, char **ret_html, size_t *ret_shown,
                   struct err *err) MUST_CHECK;

#endif
