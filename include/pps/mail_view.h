/* A finished e-mail, read back from its bytes: what its reader will see, for people who want to see it before it goes; and
 * the same e-mail made into a test for somebody else. Read from the bytes, and not from what they were made of, so that
 * nothing is shown that is not in them. */
#ifndef PPS_MAIL_VIEW_H
#define PPS_MAIL_VIEW_H

#include <stddef.h>
#include <stdint.h>

#include <pps/err.h>

struct mail_file {
    char *name, *type;
    size_t bytes;
};

/* Texts are decoded, UTF-8, with "\n" as the end of a line; headers are one line. NULL: there is none. */
struct mail_view {
    char *subject, *from, *to, *reply_to, *lang;
    char *text;
    char *html; /* pictures that travel with the letter (cid:) stand in it as data: addresses */
    struct mail_file *files; /* attached */
    size_t n_files, cap_files;
};
/* RC_INVALID: this is no e-mail. */
enum rc mail_view_read(const char *bytes, size_t len, struct mail_view *ret,
                       struct err *err) MUST_CHECK;
void mail_view_fini(struct mail_view *view);

/* For whom a test is, and what makes it another message than the real one. */
struct mail_test {
    const char *to;         /* address */
    const char *message_id; /* without <> */
    int64_t date;           /* UTC seconds */
    int32_t utc_offset;     /* seconds */
};
#define MAIL_TEST_MARK "[Test] " /* before the subject */
/* The same letter, marked, to somebody else: whatever acts for the client (List-Unsubscribe and its like) is left out. New
 * bytes, RFC 5322 with CRLF. */
enum rc mail_as_test(const char *bytes, size_t len, const struct mail_test *test, char **ret_bytes,
                     size_t *ret_len, struct err *err) MUST_CHECK;

#endif
