/* What goes along with a letter: the pictures that its HTML shows, and files. */
#ifndef PPS_MESSAGE_ENCLOSURE_H
#define PPS_MESSAGE_ENCLOSURE_H

#include <stdbool.h>

#include <pps/message.h>

#define PICTURE_MAX_BYTES ((size_t)300 * 1000)
#define ATTACHMENT_MAX_BYTES ((size_t)5 << 20)
#define ATTACHMENTS_MAX_BYTES ((size_t)10 << 20) /* all of a letter together */

struct enclosure {
    char *name;       /* of the file, as the reader sees it */
    char *cid;        /* of a picture: its Content-ID, without <>; NULL: an attachment */
    const char *type; /* "image/png" … */
    char *bytes;
    size_t len;
};
struct enclosures {
    struct enclosure *v;
    size_t n, cap;
};
void enclosures_fini(struct enclosures *list);

/* Where a picture stands in the layout. cid "": there is none. */
struct picture {
    char cid[96];
    int width, height; /* in pixels, as they are in the file */
};
/* pictures/FILE in the agency's folder, added to the list; the same bytes only once. domain is for the Content-ID.
 * RC_NOTFOUND, in no useful words; RC_INVALID: it is too large, or no picture. */
enum rc picture_add(struct enclosures *list, const char *templates_dir, const char *file,
                    const char *domain, struct picture *ret, struct err *err) MUST_CHECK;
/* The same for pictures/STEM.png, .jpg, .jpeg or .gif, the first that is there; none is fine, too. *ret_file: its name,
 * also when it is wrong, a new string, NULL: there is none. ret_file may be NULL: not wanted. */
enum rc picture_find(struct enclosures *list, const char *templates_dir, const char *stem,
                     const char *domain, struct picture *ret, char **ret_file,
                     struct err *err) MUST_CHECK;

/* attachments/NAME in the agency's folder. where begins every error: "letters/ru/x.md:3". RC_INVALID. */
enum rc attachment_add(struct enclosures *list, const char *templates_dir, const char *name,
                       const char *where, struct err *err) MUST_CHECK;

/* A file of one client, checked when it was attached. RC_INVALID: too much together. */
enum rc attachment_add_file(struct enclosures *list, const struct message_file *file,
                            struct err *err) MUST_CHECK;

#endif
