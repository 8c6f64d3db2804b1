/* One template at work: its text, its data and the parts it may include. Used by letter, sms and
 * script. */
#ifndef PPS_MESSAGE_TEMPLATE_H
#define PPS_MESSAGE_TEMPLATE_H

#include "catalog.h"
#include "mustache.h"

struct template_job {
    const char *templates_dir;
    unsigned shelf; /* on which it was found: an enum channel, or SHELF_DIGESTS */
    struct template_text source;
    struct value *data;
    bool lint; /* data is a sample: check the names in the sections that are not taken, too */
    mustache_report_fn *report; /* of a lint: told of every fault; NULL: it ends at the first */
    void *report_ctx;
    bool lenient; /* as in mustache.h, and the rest, too */
    const struct value *whole;
    size_t *times;
    struct mustache_places *places;
};

/* Finds the template for a client and builds its data. */
enum rc template_open(const struct message_input *in, struct template_job *ret,
                      struct err *err) MUST_CHECK;
/* Finds the template of exactly this language, with sample data. */
enum rc template_open_lint(const char *templates_dir, const char *step, enum channel channel,
                           const char *lang, struct template_job *ret, struct err *err) MUST_CHECK;
void template_close(struct template_job *job);

/* Fills a part of the template (or a layout). */
enum rc template_fill(const struct template_job *job, const struct mustache_source *part,
                      escape_fn *escape, bool allow_raw, char **ret_text,
                      struct err *err) MUST_CHECK;
/* Fills a plain text, or the whole of one, with nothing escaped; RC_INVALID when nothing is left of it. */
enum rc template_fill_part(const struct template_job *job, const struct mustache_source *part,
                           char **ret_text, struct err *err) MUST_CHECK;
enum rc template_fill_plain(const struct template_job *job, char **ret_text,
                            struct err *err) MUST_CHECK;

#endif
