/* A page for a browser with the messages of a trip, one below the other: letters in frames of their own, SMS as bubbles,
 * calls as scripts. It loads nothing, runs nothing, and nothing that stands in a message can leave its place. */
#ifndef PPS_PAGE_H
#define PPS_PAGE_H

#include <stdbool.h>
#include <stddef.h>

enum page_kind { PAGE_LETTER, PAGE_SMS, PAGE_SCRIPT, PAGE_TROUBLE };

/* A name with its value: "To", "maria@example.com". */
struct page_line {
    const char *name, *value;
};

/* One message. Strings are borrowed; NULL or "": not shown. */
struct page_item {
    enum page_kind kind;
    bool dim;                  /* it does not go: shown, but paler */
    const char *when;          /* "2026-12-03 10:00" */
    const char *what;          /* "A2 Packing tips, e-mail" */
    const char *state;         /* "planned" */
    struct page_line lines[6]; /* up to the first without a name */
    const char *html;          /* of a letter: a whole document */
    const char *text;          /* of an SMS or a script; of a trouble, what is wrong */
    const char *note;          /* below an SMS: its parts */
};

/* New string: a whole HTML document in UTF-8. */
char *page_write(const char *title, const struct page_item *items, size_t n);

#endif
