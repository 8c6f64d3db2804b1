/* Between the files of the lint: what one look at the templates holds. */
#ifndef PPS_MESSAGE_LINT_H
#define PPS_MESSAGE_LINT_H

#include <pps/digest.h>
#include <pps/known.h>
#include <pps/lint.h>
#include <pps/message.h>

#include "catalog.h"
#include "value.h"

struct lint_names {
    char **v;
    size_t n, cap;
};
void lint_names_fini(struct lint_names *names);
void lint_names_add(struct lint_names *names, const char *name); /* once each */
bool lint_names_has(const struct lint_names *names, const char *name);

struct lint {
    const struct lint_input *in;
    struct lint_findings findings;
    struct lint_names langs;    /* that are in use, sorted */
    struct lint_names partials; /* that something includes, by path: "sms/ru/partials/x.txt" */
    struct lint_names pictures; /* the files in the folder pictures that letters show */
    char *bad_logo; /* what is said of a logo that holds every letter; NULL: it is fine */
    size_t dear_names; /* SMS that take another part for nothing but the agency's long name */
    size_t checked;
    const char *before; /* put before what an error line says; NULL: nothing */
};

/* One template, and for which step it is looked at. */
struct lint_page {
    struct lint *lint;
    const struct step *step;
    enum channel channel;
    const struct digest *digest; /* the page is a list of the morning, and this is one with everything in it; else NULL */
    struct template_text source;
    struct lint_names
        asked; /* the names that its sections ask for, as they stand at the root: "trip.departure_time" */
    struct lint_names denied; /* those that its inverted sections ask for */
    bool holds; /* something was found that would hold its message */
};

void lint_find(struct lint *lint, bool is_error, const char *file, size_t line, size_t column,
               const char *fmt, ...) __attribute__((format(printf, 6, 7)));
/* The same at a byte of the page's text. */
void lint_find_at(const struct lint_page *page, bool is_error, size_t at, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));
/* What an error line says: its "name:line:column: " is taken off. Without one it is about `file`, and about the place in
 * `text` (may be NULL) that the line quotes. */
void lint_find_err(struct lint *lint, bool is_error, const struct err *err, const char *file,
                   const char *text);

/* The folder of a channel: "letters" "sms" "scripts". */
const char *lint_folder(enum channel channel);
/* The ways that a step may go, each folder once; returns how many. */
enum { LINT_MAX_WAYS = CHANNEL_COUNT + 2 };
size_t lint_ways(const struct step *step, enum channel ways[LINT_MAX_WAYS]);

/* lint_files.c: the agency's folder */
/* What lies in a folder, in order; hidden files and what editors leave are not looked at. */
void lint_list_folder(const char *path, struct lint_names *ret);
/* The languages for which the agency has a folder. */
void lint_own_langs(const struct lint_input *in, struct lint_names *ret);
/* What lies there and is never used; the templates of no step, and unused partials (after all pages). */
void lint_strangers(struct lint *lint);

/* lint_pictures.c: the logo and the faces, before all pages; which of them and of the others nobody sees, after them */
void lint_faces(struct lint *lint);
void lint_unseen(struct lint *lint);

/* lint_layout.c: the frame of all letters */
void lint_layouts(struct lint *lint);

/* lint_walk.c: every tag of a page */
void lint_walk(struct lint_page *page);

/* lint_letter.c: what becomes of a letter's Markdown, in all its branches */
void lint_letter(struct lint_page *page);

/* lint_signature.c: who would be signed by hand below what the layout signs */
void lint_signature(const struct lint_page *page);

/* Fills what a section asks for, or empties it. */
void lint_switch(struct value *root, const char *name, bool on);

/* lint_text.c: what stands between the tags */
void lint_links(const struct lint_page *page);
void lint_headers(const struct lint_page *page);
/* What is wrong with an address, NULL: nothing. */
const char *lint_link_fault(const char *url);

/* lint_sms.c */
void lint_parts(const struct lint_page *page);
/* After all pages: what the agency's own name costs, said once. */
void lint_dear_name(struct lint *lint);

/* lint_readers.c: what readers of other alphabets miss of the agency's own names */
void lint_readers(struct lint *lint);

/* lint_data.c: clients that are none. Everything is borrowed, so that nothing has to be freed but the values. */
struct lint_client {
    struct config config; /* the agency's own */
    struct client client;
    struct occasion occasion;
    struct staff staff;
    struct known known;
    struct message_input in;
};
/* Of whom no more is known than the step needs. */
void lint_least(const struct lint_page *page, struct lint_client *ret);
/* Of whom everything is known, with names of fifteen letters. */
void lint_most(const struct lint_page *page, struct lint_client *ret);
enum { LINT_NAME_LETTERS = 15 };
/* The same on the day for which the step is planned, when that is before or after the departure for everybody. */
void lint_most_on_its_day(const struct lint_page *page, struct lint_client *ret);

/* lint_digest.c: the lists of the morning, in the agency's language and wherever it has its own */
void lint_digests(struct lint *lint);
/* What its tags may name, with everything there is, and with no more than there must be; of whatever kind the page is. */
struct value *lint_full_data(const struct lint_page *page);
struct value *lint_least_data(const struct lint_page *page);
/* With everything that a message of this step can ever know of its occasion. */
struct value *lint_most_data(const struct lint_page *page);
/* What stands on this page is looked at by every check there is. */
void lint_check_page(struct lint_page *page);
/* The shelf on which it stands, and what is included from. */
unsigned lint_shelf(const struct lint_page *page);
/* The whole way of a list, with everything in it, and with little. */
enum rc lint_whole_digest(const struct lint_page *page, struct err *err) MUST_CHECK;
enum rc lint_least_digest(const struct lint_page *page, struct err *err) MUST_CHECK;

#endif
