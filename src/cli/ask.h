/* Questions on a terminal, one after another, each asked again until its answer passes. */
#ifndef PPS_CLI_ASK_H
#define PPS_CLI_ASK_H

#include "app.h"

struct question {
    const char *option, *text;
    bool required;
};
/* The rule for one answer: the same as for the option of this name. */
typedef enum rc check_answer(const struct desk *desk, const char *option, const char *answer,
                             struct err *err);
/* Asks until the answer passes. *io_answer is what was answered before (NULL: not asked yet) and stays when just Enter is
 * pressed. */
enum rc ask_until_right(struct app *app, const struct question *question, check_answer *check,
                        char **io_answer, struct err *err) MUST_CHECK;

#endif
