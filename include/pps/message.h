/* Messages: templates -> the exact bytes of an e-mail, the text of an SMS, the words of a call
 * script.
 *
 * A template is found by channel, step and language: in the agency's folder first, then among the
 * ones built into the program; in the client's language first, then in the agency's, then in any
 * that there is.
 *   letters/<lang>/<step>.md    "Subject: …" header lines, an empty line, Markdown
 *   sms/<lang>/<step>.txt       plain text
 *   scripts/<lang>/<step>.md    plain text for the terminal (calls and visits)
 *   .../<lang>/partials/<name>.*  pieces that {{> name}} includes
 *   layout/letter.html, .txt    the frame and the signature of every letter
 *   pictures/logo.png, LOGIN.jpg  in the agency's folder only: the logo, and the faces of those who sign
 *   attachments/NAME            in the agency's folder only: files that letters bring along
 * Templates are Mustache (docs/templates.md). */
#ifndef PPS_MESSAGE_H
#define PPS_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pps/config.h>
#include <pps/err.h>
#include <pps/json.h>
#include <pps/known.h>
#include <pps/model.h>

struct message_file {
    const char *name; /* as the client sees it; may hold any letters, no control characters */
    const char *type; /* "application/pdf" */
    const char *bytes;
    size_t len;
};

/* Everything a template may speak of; nothing else is reachable from it. Borrowed, not owned. */
struct message_input {
    const struct config *config;
    const struct client *client;
    const struct occasion *occasion;
    const struct staff *manager; /* NULL: nobody */
    const struct staff *signer;  /* NULL: the agency signs by its name */
    const struct known *known;   /* of the client, about this occasion; NULL: nothing */
    const char *also;            /* of a call: for whom it is made besides; NULL: nobody */
    unsigned moved; /* of a correction: ANCHOR_BITs of the dates that are new to the client */
    const char *step;
    enum channel channel;
    const char *const *merged; /* keys of the steps whose words this message carries too */
    size_t n_merged;
    bool marketing;        /* its step sells: the letter says how to stop such letters */
    const char *token_key; /* of <pps/token.h>; NULL: none, and what needs a token is left out */
    civil_day today; /* in the client's zone; what "today" and "tomorrow" in a text mean */
    int16_t minute;  /* of that day: a landing at six is behind them at eight */
    const char *templates_dir; /* the agency's folder; NULL: only the built-in ones */
    const struct message_file *files; /* of a letter: what goes with it besides the attachments of its template */
    size_t n_files;
};

/* Errors of all the render functions: RC_NOTFOUND (no template, its expected name is in the line)
 * and RC_INVALID "file:line: what" (syntax, unknown variable, an empty value). Nothing is
 * half-rendered. */

struct mail_identity {
    const char *message_id; /* without <> */
    const char *boundary;
    int64_t date;       /* UTC seconds: the Date header */
    int32_t utc_offset; /* seconds, for the Date header */
};

struct rendered {
    char *recipient; /* e-mail address or E.164 number */
    char *subject;   /* e-mail only */
    char *bytes;     /* e-mail: RFC 5322 message, CRLF, ends with CRLF; SMS: UTF-8 text */
    size_t len;
    char *preheader; /* e-mail only: what mail programs show beside the subject; "": nothing */
};
void rendered_fini(struct rendered *rendered);

enum rc message_render_email(const struct message_input *in, const struct mail_identity *identity,
                             struct rendered *ret, struct err *err) MUST_CHECK;
enum rc message_render_sms(const struct message_input *in, struct rendered *ret,
                           struct err *err) MUST_CHECK;
/* Words for the terminal; control characters in data are neutralised. New string. */
enum rc message_render_script(const struct message_input *in, char **ret_text,
                              struct err *err) MUST_CHECK;

/* Whether a template exists for this step on this channel in any language. */
bool message_has_template(const char *templates_dir, const char *step, enum channel channel);
/* Checks the template of exactly this language with sample data: it parses, names only variables
 * that exist (in every section, taken or not), and a letter's Markdown works. RC_NOTFOUND,
 * RC_INVALID. */
enum rc message_check_template(const char *templates_dir, const char *step, enum channel channel,
                               const char *lang, struct err *err) MUST_CHECK;
/* The picture of a name (a login, or "logo") in the agency's folder, as letters show it: whether it is there, and right.
 * RC_INVALID. */
enum rc message_check_picture(const char *templates_dir, const char *name, bool *ret_there,
                              struct err *err) MUST_CHECK;

/* ---- any template with any data, for authors and tests ---- */

enum template_kind { TEMPLATE_PLAIN, TEMPLATE_MARKDOWN, TEMPLATE_HTML };

/* The text of {{> name}}: both results are new, the first is what errors call it. RC_NOTFOUND. */
typedef enum rc template_part_fn(void *ctx, const char *name, char **ret_name, char **ret_text,
                                 struct err *err);

/* Borrowed. */
struct template_input {
    const char *name; /* what errors call it */
    const char *text;
    size_t len;
    const struct json *data; /* as a rule an object; its numbers are kept (json_keep_numbers) */
    enum template_kind kind; /* decides what values go through */
    bool to_html;            /* Markdown: the HTML that comes of it */
    bool lenient; /* as the specification: what is missing or empty prints nothing, and {{{x}}} is allowed */
    template_part_fn *part;
    void *part_ctx;
};
/* *ret_text is new. Errors: RC_INVALID "name:line:column: what". */
enum rc message_render_template(const struct template_input *in, char **ret_text, size_t *ret_len,
                                struct err *err) MUST_CHECK;

#endif
