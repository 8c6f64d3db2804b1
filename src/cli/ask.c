/* Questions on a terminal, one line each. */
#include <stdlib.h>

#include <pps/str.h>

#include "ask.h"

enum { LINE_MAX_BYTES = 8192 };

enum rc ask_line(struct app *app, const char *question, char **ret, struct err *err)
{
    struct sb sb = {0};
    say_to(app->out, "%s: ", question);
    fflush(app->out);
    int c;
    while ((c = getchar()) != EOF && c != '\n') {
        if (sb.len < LINE_MAX_BYTES)
            sb_addc(&sb, c == '\0' ? '\001' : (char)c); /* refused as a control character */
    }
    if (c == EOF) {
        sb_fini(&sb);
        fputc('\n', app->out);
        return err_set(err, RC_USAGE, "the input ended: nothing was entered");
    }
    *ret = str_trim(sb_take(&sb));
    return RC_OK;
}

enum rc ask_until_right(struct app *app, const struct question *q, check_answer *check,
                        char **io_answer, struct err *err)
{
    for (;;) {
        struct err why = {0};
        char *answer;
        char *text =
            str_empty(*io_answer) ? xstrdup(q->text) : xasprintf("%s [%s]", q->text, *io_answer);
        enum rc rc = ask_line(app, text, &answer, err);
        free(text);
        if (rc != RC_OK)
            return rc;
        if (*answer == '\0' && *io_answer != NULL) {
            free(answer);
            answer = xstrdup(*io_answer);
        }
        if (q->required && *answer == '\0')
            (void)err_set(&why, RC_INVALID, "this is needed");
        else if (check(&app->desk, q->option, answer, &why) == RC_OK) {
            free(*io_answer);
            *io_answer = answer;
            return RC_OK;
        }
        say_to(app->out, "  %s\n", why.message);
        free(answer);
    }
}
