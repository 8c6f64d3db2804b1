/* Private to the room: an SMS provider as a file describes it (docs/gateways.md). Pure. */
#ifndef PPS_GATEWAY_PRESET_H
#define PPS_GATEWAY_PRESET_H

#include <stdbool.h>
#include <stddef.h>

#include <pps/gateway.h>
#include <pps/sms.h>
#include <pps/str.h>

/* What a template in a preset may name: "{user}" … */
enum placeholder {
    PLACE_USER,
    PLACE_PASSWORD,
    PLACE_SENDER,
    PLACE_PHONE,
    PLACE_PHONE_DIGITS,
    PLACE_TEXT,
    PLACE_CODING,
    PLACE_VALIDITY_MINUTES,
    PLACE_IDEM_KEY,
    PLACE_COUNT
};
extern const char *const preset_place_names[PLACE_COUNT];
/* The placeholder whose name begins at p, just after '{', or PLACE_COUNT. *ret_len is the name's.
 */
enum placeholder preset_place_at(const char *p, size_t *ret_len);

struct preset_param {
    char *key, *value; /* value is a template */
};

struct preset_answer {
    int *http; /* status codes */
    size_t n_http;
    char *body_prefix, *body_contains; /* NULL: any body */
    char *id_after;                    /* NULL: the answer carries no id */
    int verdict;                       /* of the query that it answers */
};

/* A request, and what the answers to it mean. */
struct preset_query {
    char *path;
    struct preset_param *params;
    size_t n_params;
    struct preset_answer *answers; /* the first that fits decides */
    size_t n_answers;
};

struct preset {
    char *name;                 /* of the provider, for people */
    struct preset_query send;   /* its verdicts are enum delivery_class */
    struct preset_query status; /* enum finding; path NULL: the provider cannot be asked */
    char *coding[2];            /* by enum sms_alphabet */
    int max_parts;
    int repeat_minutes; /* 0: a repetition may be a second message */
};

/* name is what errors call the text. Errors: RC_INVALID with file, line and column. */
enum rc preset_parse(const char *text, size_t len, const char *name, struct preset *ret,
                     struct err *err) MUST_CHECK;
void preset_fini(struct preset *preset);

/* Is the placeholder used in the query? */
bool preset_uses(const struct preset_query *query, enum placeholder place);

/* Appends the template with every placeholder replaced once; values are never looked into. A NULL
 * value is empty. */
void preset_expand(const char *template, const char *const values[PLACE_COUNT], struct sb *out);

struct http_reply {
    int status;       /* 0 = none came */
    const char *body; /* need not be text */
    size_t len;
    bool whole; /* received to its end and within the limit */
};

/* What the reply to a text means: the preset's answers in their order, else the status alone
 * (http_status_class). ret_id is "" when the answer names none. */
enum delivery_class preset_classify(const struct preset *preset, const struct http_reply *reply,
                                    char ret_id[128]);
enum delivery_class http_status_class(int status);
/* What the reply to the status query means; only the preset's answers can say it. ret_id is "" unless FINDING_SENT
 * names one. */
enum finding preset_find(const struct preset *preset, const struct http_reply *reply,
                         char ret_id[128]);

#endif
