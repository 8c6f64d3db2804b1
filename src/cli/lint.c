/* What a look at the templates needs: the playbook in use, its text to name places in it, the languages, and who may sign.
 * Serves lint and doctor, so that both say the same. */
#include <stdlib.h>
#include <string.h>

#include <pps/file.h>
#include <pps/str.h>

#include "app.h"

enum { PLAYBOOK_MAX_BYTES = 256 * 1024 };

enum rc app_read_playbook(const char *dir, char **ret_name, char **ret_text, struct playbook *ret,
                          struct err *err)
{
    char *name = file_join(dir, "playbook.json"), *text = NULL;
    size_t len = 0;
    enum rc rc = file_read(name, PLAYBOOK_MAX_BYTES, &text, &len, err);
    if (rc == RC_NOTFOUND) {
        const struct embedded_file *built_in = embedded_find("templates/playbook.json");
        free(name);
        name = xstrdup("built-in playbook.json");
        text = xstrndup(built_in->text, built_in->len);
        len = built_in->len;
        rc = RC_OK;
    }
    if (rc == RC_OK)
        rc = playbook_parse(text, len, name, ret, err);
    if (rc == RC_OK && ret_name != NULL) {
        *ret_name = name;
        *ret_text = text;
        return RC_OK;
    }
    free(name);
    free(text);
    return rc;
}

struct lint_text { /* the playbook, and the text from which it was read */
    struct playbook playbook;
    char *name, *text;
};

struct names {
    char **v;
    size_t n, cap;
};

static void add_name(struct names *names, char *name)
{
    vec_reserve(&names->v, names->n, &names->cap, sizeof *names->v);
    names->v[names->n++] = name;
}

static void names_fini(struct names *names)
{
    for (size_t i = 0; i < names->n; i++)
        free(names->v[i]);
    free(names->v);
}

/* "ru, en" */
static enum rc add_more(struct names *langs, const char *more, struct err *err)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz";
    while (*more != '\0') {
        size_t len = strspn(more, letters);
        if (len != 2)
            return err_set(err, RC_USAGE, "--lang: two letters each, such as ru,en,bg");
        add_name(langs, xstrndup(more, len));
        more += len;
        more += strspn(more, ", ");
    }
    return RC_OK;
}

static void add_people(struct store *store, struct names *logins, struct names *names,
                       struct names *positions)
{
    struct staff_list list = {0};
    if (store_staff_list(store, &list, NULL) != RC_OK)
        return;
    for (size_t i = 0; i < list.n; i++) {
        if (!list.v[i].active)
            continue;
        add_name(logins, xstrdup(list.v[i].login));
        add_name(names, xstrdup(list.v[i].name));
        add_name(positions, xstrdup(str_or(list.v[i].position, "")));
    }
    staff_list_fini(&list);
}

typedef enum rc read_words(struct store *store, struct word_list *ret, struct err *err);

static void add_words(struct store *store, read_words *read, struct names *names)
{
    struct word_list list = {0};
    if (read(store, &list, NULL) != RC_OK)
        return;
    for (size_t i = 0; i < list.n; i++)
        add_name(names, xstrdup(list.v[i]));
    word_list_fini(&list);
}

/* Without a database the templates can be looked at all the same. It is opened for these questions alone: whoever calls may
 * want to open it in its own way. */
static void ask_database(const struct app *app, struct names *langs, struct names *logins,
                         struct names *names, struct names *positions, struct names *facts)
{
    struct store *store = NULL;
    struct err ignored;
    if (store_open(app->db_path, STORE_READ, &store, &ignored) != RC_OK)
        return;
    add_words(store, store_langs, langs);
    add_words(store, store_fact_keys, facts);
    add_people(store, logins, names, positions);
    store_close(store);
}

static void look(struct app *app, const char *dir, struct names *langs,
                 const struct lint_text *plan, struct lint_findings *ret, size_t *ret_checked)
{
    struct names logins = {0}, names = {0}, positions = {0}, facts = {0};
    ask_database(app, langs, &logins, &names, &positions, &facts);
    struct lint_input in = {.config = &app->config,
                            .config_name = app->config_path,
                            .templates_dir = dir,
                            .playbook = &plan->playbook,
                            .playbook_name = plan->name,
                            .playbook_text = plan->text,
                            .langs = (const char *const *)langs->v,
                            .n_langs = langs->n,
                            .logins = (const char *const *)logins.v,
                            .n_logins = logins.n,
                            .names = (const char *const *)names.v,
                            .n_names = names.n,
                            .positions = (const char *const *)positions.v,
                            .n_positions = positions.n,
                            .facts = (const char *const *)facts.v,
                            .n_facts = facts.n};
    lint_templates(&in, ret, ret_checked);
    names_fini(&facts);
    names_fini(&positions);
    names_fini(&names);
    names_fini(&logins);
}

enum rc app_lint(struct app *app, const char *dir, const char *more, struct lint_findings *ret,
                 size_t *ret_checked, struct err *err)
{
    const char *where = str_or(dir, app->templates_dir);
    struct lint_text plan = {0};
    struct names langs = {0};
    struct err why = {0};
    *ret = (struct lint_findings){0};
    *ret_checked = 0;
    enum rc rc = add_more(&langs, str_or(more, ""), err);
    if (rc == RC_OK) {
        rc = app_read_playbook(where, &plan.name, &plan.text, &plan.playbook, &why);
        if (rc == RC_OK) {
            look(app, where, &langs, &plan, ret, ret_checked);
            playbook_fini(&plan.playbook);
        } else if (rc == RC_INVALID) { /* without it nothing else can be looked at */
            lint_add_error(ret, &why, "playbook.json");
            rc = RC_OK;
        } else {
            rc = err_set(err, rc, "%s", why.message);
        }
    }
    free(plan.name);
    free(plan.text);
    names_fini(&langs);
    return rc;
}
