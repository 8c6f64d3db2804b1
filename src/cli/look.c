/* A command that only looks: everything it reads is of one instant, so that its figures fit one another although a tick
 * works beside it. Writers wait while it reads, and must not wait for a pager or a slow pipe: what it says is collected,
 * and goes out when the database has been let go. Serves today, report, show and the others with NEEDS_A_LOOK. */
#include <stdlib.h>

#include <pps/store.h>
#include <pps/str.h>

#include "app.h"

struct collected {
    FILE *to; /* where it goes in the end */
    FILE *in;
    char *text;
    size_t len;
};

static FILE *collect(struct collected *c, FILE *to)
{
    c->to = to;
    c->in = open_memstream(&c->text, &c->len);
    if (c->in == NULL)
        out_of_memory();
    return c->in;
}

static void let_out(struct collected *c)
{
    if (fclose(c->in) != 0)
        out_of_memory();
    (void)fwrite(c->text, 1, c->len, c->to); /* a failure is seen at the end, by ferror */
    (void)fflush(c->to);
    free(c->text);
}

enum rc app_look(struct app *app, const struct command *command, const struct args *args,
                 struct err *err)
{
    struct collected out = {0}, aside = {0};
    enum rc rc = store_begin_reading(app->store, err);
    if (rc != RC_OK)
        return rc;
    app->out = collect(&out, app->out);
    app->aside = collect(&aside, app->aside);
    rc = command->run(app, args, err);
    store_rollback(app->store);
    app->out = out.to;
    app->aside = aside.to;
    let_out(&out);
    let_out(&aside);
    return rc;
}
