/* Questions on a terminal, one line each. */
#include <stdlib.h>

#include <pps/str.h>

#include "app.h"

enum { LINE_MAX_BYTES = 8192 };

enum rc ask_line(struct app *app, const char *question, char **ret, struct err *err)
{
    struct sb sb = {0};
    fprintf(app->out, "%s: ", question);
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
