/* The templates of an agency looked at as a whole: what would hold a message, cost money, or be read as a mistake. Nothing
 * is sent and nobody's data are needed. */
#ifndef PPS_LINT_H
#define PPS_LINT_H

#include <stdbool.h>
#include <stddef.h>

#include <pps/config.h>
#include <pps/playbook.h>

struct lint_finding {
    char *file;          /* a path, or "built-in letters/ru/packing.md" */
    size_t line, column; /* from 1; characters, not bytes */
    bool is_error;       /* it would hold a message, or cannot be meant; else a warning */
    char *what;          /* one line, with the remedy */
};
struct lint_findings {
    struct lint_finding *v;
    size_t n, cap;
};
void lint_findings_fini(struct lint_findings *findings);
size_t lint_errors(const struct lint_findings *findings);

struct lint_input {
    const struct config *config;
    const char *config_name;   /* the file of the configuration */
    const char *templates_dir; /* the agency's folder; it need not be there */
    const struct playbook *playbook;
    const char *playbook_name, *playbook_text; /* the file that it was read from */
    /* The languages that clients read, beside the agency's own and those for which it has a folder. */
    const char *const *langs;
    size_t n_langs;
    /* The people who may sign, whose faces letters show. */
    const char *const *logins;
    size_t n_logins;
    /* What they are called. */
    const char *const *names;
    size_t n_names;
    /* What the letters of these people call them beside the name: "директор". */
    const char *const *positions;
    size_t n_positions;
    /* The keys of the facts that are on anybody's card. */
    const char *const *facts;
    size_t n_facts;
};
/* Sorted by file, line and column; each once. *ret_checked: how many templates were looked at. What cannot be read is a
 * finding, too. */
void lint_templates(const struct lint_input *in, struct lint_findings *ret, size_t *ret_checked);
/* The error line "file:line:column: what" as a finding: of the playbook, without which nothing can be looked at. */
void lint_add_error(struct lint_findings *findings, const struct err *err, const char *file);

#endif
