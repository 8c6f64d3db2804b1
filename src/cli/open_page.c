/* A page of personal data on its way to a browser: a file that only we may read, in a folder that only we may enter, and
 * its path on the browser's command line. Serves pps preview --open. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <pps/file.h>
#include <pps/str.h>

#include "program.h"

/* $XDG_RUNTIME_DIR is ours alone and is emptied when we log out. */
static enum rc make_folder(char **ret, struct err *err)
{
    const char *places[] = {getenv("XDG_RUNTIME_DIR"), getenv("TMPDIR"), "/tmp"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        if (str_empty(places[i]))
            continue;
        char *path = xasprintf("%s/pps-preview-XXXXXX", places[i]);
        if (mkdtemp(path) != NULL) {
            *ret = path;
            return RC_OK;
        }
        free(path);
    }
    return err_set(err, RC_IO,
                   "cannot make a folder for the page: --as-html FILE puts it where "
                   "you say");
}

/* $BROWSER when it is the name of a program; its longer forms are left to xdg-open, which knows them. NULL: there is nothing
 * to show a page on. */
static const char *browser(void)
{
    const char *browser = getenv("BROWSER");
    bool screen = !str_empty(getenv("DISPLAY")) || !str_empty(getenv("WAYLAND_DISPLAY"));
    if (!str_empty(browser) && strpbrk(browser, " :%\t") == NULL)
        return browser;
    return screen || !str_empty(browser) ? "xdg-open" : NULL;
}

static void show(struct app *app, const char *path)
{
    const char *program = browser();
    const char *argv[] = {program, path, NULL};
    struct err why;
    int status = 0;
    if (program == NULL)
        remark(app, "there is no screen here: open %s in a browser yourself", path);
    else if (program_run(argv, NULL, 0, NULL, &status, &why) != RC_OK)
        remark(app, "%s: open %s in a browser yourself", why.message, path);
    else if (status != 0)
        remark(app, "%s could not open it: open %s in a browser yourself", program, path);
}

enum rc open_page(struct app *app, const char *html, struct err *err)
{
    char *folder = NULL;
    enum rc rc = make_folder(&folder, err);
    if (rc != RC_OK)
        return rc;
    char *path = file_join(folder, "preview.html");
    rc = file_write(path, html, strlen(html), false, err);
    if (rc == RC_OK) {
        say(app, "%s\n", path);
        fflush(app->out);
        show(app, path);
    } else {
        (void)rmdir(folder);
    }
    free(path);
    free(folder);
    return rc;
}
