/* Pictures in the words of a letter: ![words](pictures/beach.jpg). */
#ifndef PPS_MESSAGE_ILLUSTRATE_H
#define PPS_MESSAGE_ILLUSTRATE_H

#include "enclosure.h"

/* Where the HTML of a letter's Markdown shows a file of the folder pictures, the file is added to the list and shown by its
 * Content-ID, as wide as fits. New string. RC_INVALID: it is not there, or cannot be used. */
enum rc illustrate(const char *html, const char *templates_dir, const char *domain,
                   struct enclosures *list, char **ret_html, struct err *err) MUST_CHECK;

#endif
