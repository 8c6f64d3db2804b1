/* The built-in templates in the agency's hands: which of them it has, what it has changed in them, and what the program has
 * changed since they were written out. A copy of what each came from is kept beside them, hidden, because only with it can
 * the two kinds of change be told apart after an upgrade. Serves pps templates and pps init. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pps/file.h>
#include <pps/json.h>
#include <pps/str.h>
#include <pps/templates.h>
#include <pps/utf8.h>
#include <pps/version.h>

#define PREFIX "templates/" /* of the built-in ones */
#define BASE ".pps-base"
#define MANIFEST ".pps-templates.json"
enum { MAX_FILE_BYTES = 8 * 1000 * 1000 };

static const struct {
    const char *name, *words;
} states[TEMPLATE_STATES] = {
    [TEMPLATE_BUILT_IN] = {"built-in", "built in"},
    [TEMPLATE_AS_SHIPPED] = {"as-shipped", "yours, as built in"},
    [TEMPLATE_CHANGED] = {"changed", "yours, changed"},
    [TEMPLATE_SHIPPED_CHANGED] = {"shipped-changed", "yours; the built-in one is newer"},
    [TEMPLATE_BOTH_CHANGED] = {"both-changed", "yours, changed; the built-in one is newer, too"},
    [TEMPLATE_OWN] = {"own", "yours alone"},
    [TEMPLATE_NOT_SHIPPED] = {"not-shipped", "yours; not built in any more"},
};

const char *template_state_name(enum template_state state)
{
    return states[state].name;
}

const char *template_state_words(enum template_state state)
{
    return states[state].words;
}

static void file_fini(struct template_file *f)
{
    free(f->name);
    free(f->yours.text);
    free(f->base.text);
    free(f->shipped.text);
}

void template_files_fini(struct template_files *files)
{
    for (size_t i = 0; i < files->n; i++)
        file_fini(&files->v[i]);
    free(files->v);
    *files = (struct template_files){0};
}

void templates_exported_fini(struct templates_exported *e)
{
    template_files_fini(&e->kept);
    template_files_fini(&e->replaced);
}

/* ---- copies ---- */

/* FNV-1a with 64 bits: tells two versions of a file apart; it is no protection against anybody. */
static void hash_of(const char *bytes, size_t len, char buf[24])
{
    uint64_t h = UINT64_C(14695981039346656037);
    for (size_t i = 0; i < len; i++) {
        h ^= (unsigned char)bytes[i];
        h *= UINT64_C(1099511628211);
    }
    (void)snprintf(buf, 24, "%016" PRIx64, h);
}

/* Takes text. */
static struct template_copy copy_of(char *text, size_t len)
{
    struct template_copy copy = {.text = text, .len = len};
    hash_of(text, len, copy.hash);
    return copy;
}

static bool is_there(const struct template_copy *copy)
{
    return copy->hash[0] != '\0';
}

static bool same(const struct template_copy *a, const struct template_copy *b)
{
    return strcmp(a->hash, b->hash) == 0;
}

/* Nothing when there is no such file. */
static enum rc read_copy(const char *dir, const char *name, struct template_copy *ret,
                         struct err *err)
{
    char *path = file_join(dir, name), *text = NULL;
    size_t len = 0;
    struct err why;
    enum rc rc = file_exists(path) ? file_stays_inside(dir, path, &why) : RC_OK;
    if (rc == RC_OK)
        rc = file_read(path, MAX_FILE_BYTES, &text, &len, &why);
    free(path);
    *ret = (struct template_copy){0};
    if (rc == RC_NOTFOUND)
        return RC_OK;
    if (rc != RC_OK)
        return err_set(err, rc, "%s", why.message);
    *ret = copy_of(text, len);
    return RC_OK;
}

static struct template_copy shipped_copy(const char *name)
{
    char *path = xasprintf(PREFIX "%s", name);
    const struct embedded_file *file = embedded_find(path);
    free(path);
    if (file == NULL)
        return (struct template_copy){0};
    char *text = xmalloc(file->len + 1);
    memcpy(text, file->text, file->len + 1);
    return copy_of(text, file->len);
}

static enum rc write_copy(const char *dir, const char *name, const struct template_copy *copy,
                          struct err *err)
{
    char *path = file_join(dir, name), *folder = file_dirname(path);
    enum rc rc = file_stays_inside(dir, path, err);
    if (rc == RC_OK)
        rc = file_mkdirs(folder, err);
    if (rc == RC_OK)
        rc = file_write(path, copy->text, copy->len, false, err);
    free(folder);
    free(path);
    return rc;
}

/* ---- the manifest: name -> hash of what it came from ---- */

static enum rc read_manifest(const char *dir, struct json_doc **ret, struct err *err)
{
    char *path = file_join(dir, MANIFEST), *text = NULL;
    size_t len = 0;
    struct err why;
    *ret = NULL;
    enum rc rc = file_read(path, MAX_FILE_BYTES, &text, &len, &why);
    if (rc == RC_OK)
        rc = json_parse(text, len, path, false, ret, &why);
    free(text);
    free(path);
    if (rc == RC_OK || rc == RC_NOTFOUND)
        return RC_OK;
    return err_set(err, rc, "%s: delete it, and what the files came from is forgotten",
                   why.message);
}

/* list: "files", or "coming". */
static const char *hash_in(const struct json_doc *manifest, const char *list, const char *name)
{
    const struct json *files = manifest ? json_get(json_root(manifest), list) : NULL;
    const struct json *hash = files ? json_get(files, name) : NULL;
    return hash ? str_or(json_string(hash), "") : "";
}

/* coming: the files that are about to be as built in; it is said before the first is touched, so that whoever dies among
 * them leaves none of which it is unknown what it came from. */
static enum rc write_manifest(const char *dir, const struct template_files *files,
                              struct template_file *const *coming, size_t n_coming, struct err *err)
{
    struct json *root = json_new_object();
    json_add_string(root, "schema", "pps.templates-base/1");
    json_add_string(root, "version", PPS_VERSION);
    struct json *hashes = json_add_object(root, "files");
    for (size_t i = 0; i < files->n; i++) {
        if (is_there(&files->v[i].base))
            json_add_string(hashes, files->v[i].name, files->v[i].base.hash);
    }
    struct json *soon = n_coming > 0 ? json_add_object(root, "coming") : NULL;
    for (size_t i = 0; i < n_coming; i++)
        json_add_string(soon, coming[i]->name, coming[i]->shipped.hash);
    char *text = json_print(root, true);
    struct template_copy copy = {.text = text, .len = strlen(text)};
    enum rc rc = write_copy(dir, MANIFEST, &copy, err);
    json_free(root);
    free(text);
    return rc;
}

/* ---- the list ---- */

static enum template_state state_of(const struct template_file *f)
{
    if (!is_there(&f->yours))
        return TEMPLATE_BUILT_IN;
    if (!is_there(&f->shipped))
        return is_there(&f->base) ? TEMPLATE_NOT_SHIPPED : TEMPLATE_OWN;
    if (same(&f->yours, &f->shipped))
        return TEMPLATE_AS_SHIPPED;
    if (!is_there(&f->base) || same(&f->base, &f->shipped))
        return TEMPLATE_CHANGED;
    return same(&f->yours, &f->base) ? TEMPLATE_SHIPPED_CHANGED : TEMPLATE_BOTH_CHANGED;
}

/* What the file came from. What was only coming has come when it stands there, or its copy does. */
static enum rc find_base(const char *base_dir, const struct json_doc *manifest,
                         struct template_file *f, struct err *err)
{
    const char *hash = hash_in(manifest, "files", f->name);
    const char *coming = hash_in(manifest, "coming", f->name);
    if (*hash == '\0' && *coming == '\0')
        return RC_OK;
    enum rc rc = read_copy(base_dir, f->name, &f->base, err);
    if (*coming != '\0' &&
        (strcmp(coming, f->yours.hash) == 0 || strcmp(coming, f->base.hash) == 0))
        hash = coming;
    if (strcmp(hash, f->base.hash) !=
        0) { /* the copy is gone or somebody's work: only the hash counts */
        free(f->base.text);
        f->base = (struct template_copy){0};
        (void)snprintf(f->base.hash, sizeof f->base.hash, "%s", hash);
    }
    return rc;
}

static enum rc add_file(const char *dir, const char *base_dir, const struct json_doc *manifest,
                        const char *name, struct template_files *files, struct err *err)
{
    for (size_t i = 0; i < files->n; i++) {
        if (strcmp(files->v[i].name, name) == 0)
            return RC_OK;
    }
    vec_reserve(&files->v, files->n, &files->cap, sizeof *files->v);
    struct template_file *f = &files->v[files->n++];
    *f = (struct template_file){.name = xstrdup(name), .shipped = shipped_copy(name)};
    enum rc rc = read_copy(dir, name, &f->yours, err);
    if (rc == RC_OK)
        rc = find_base(base_dir, manifest, f, err);
    f->state = state_of(f);
    return rc;
}

/* Of the agency's own files those that can be templates: not copies, notes, pictures. */
static bool may_be_template(const char *name)
{
    static const char *const shelves[] = {"letters/", "sms/", "scripts/", "layout/"};
    for (size_t i = 0; i < sizeof shelves / sizeof *shelves; i++) {
        if (str_starts(name, shelves[i]))
            return !str_ends(name, "~") && !str_ends(name, ".tmp");
    }
    return false;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct template_file *)a)->name, ((const struct template_file *)b)->name);
}

static enum rc list_all(const char *dir, const char *base_dir, const struct json_doc *manifest,
                        struct template_files *ret, struct err *err)
{
    struct file_list own;
    enum rc rc = file_list_below(dir, &own, err);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < embedded_files_count && rc == RC_OK; i++) {
        const char *name = embedded_files[i].name;
        if (str_starts(name, PREFIX))
            rc = add_file(dir, base_dir, manifest, name + strlen(PREFIX), ret, err);
    }
    for (size_t i = 0; i < own.n && rc == RC_OK; i++) {
        if (may_be_template(own.v[i]))
            rc = add_file(dir, base_dir, manifest, own.v[i], ret, err);
    }
    file_list_fini(&own);
    if (ret->n > 1)
        qsort(ret->v, ret->n, sizeof *ret->v, by_name);
    return rc;
}

enum rc templates_list(const char *dir, struct template_files *ret, struct err *err)
{
    struct json_doc *manifest = NULL;
    struct template_files files = {0};
    char *base_dir = file_join(dir, BASE);
    enum rc rc = file_stays_inside(dir, base_dir, err);
    if (rc == RC_OK)
        rc = read_manifest(dir, &manifest, err);
    if (rc == RC_OK)
        rc = list_all(dir, base_dir, manifest, &files, err);
    json_doc_free(manifest);
    free(base_dir);
    if (rc == RC_OK)
        *ret = files;
    else
        template_files_fini(&files);
    return rc;
}

/* ---- putting the built-in one into the folder ---- */

static struct template_copy again(const struct template_copy *copy)
{
    struct template_copy other = *copy;
    if (copy->text != NULL) {
        other.text = xmalloc(copy->len + 1);
        memcpy(other.text, copy->text, copy->len + 1);
    }
    return other;
}

/* What stands there, kept as NAME~; nothing is, when there is nothing. */
static enum rc keep_old(const char *dir, const char *name, const struct template_copy *copy,
                        struct err *err)
{
    char *kept = xasprintf("%s~", name), *path = file_join(dir, kept);
    enum rc rc = RC_OK;
    if (copy->text != NULL)
        rc = write_copy(dir, kept, copy, err);
    else
        (void)remove(path);
    free(path);
    free(kept);
    return rc;
}

/* What stands there and what it came from, for reset --undo. */
static enum rc keep(const char *dir, const struct template_file *f, struct err *err)
{
    char *base_dir = file_join(dir, BASE);
    enum rc rc = keep_old(dir, f->name, &f->yours, err);
    if (rc == RC_OK)
        rc = keep_old(base_dir, f->name, &f->base, err);
    free(base_dir);
    return rc;
}

/* What a run that was killed has left beside the files and their copies. */
static void sweep(const char *dir, const struct template_files *files)
{
    char *base_dir = file_join(dir, BASE), *manifest = file_join(dir, MANIFEST);
    file_sweep(manifest);
    for (size_t i = 0; i < files->n; i++) {
        for (int k = 0; k < 4; k++) {
            char *name = xasprintf("%s%s", files->v[i].name, k % 2 == 1 ? "~" : "");
            char *path = file_join(k < 2 ? dir : base_dir, name);
            file_sweep(path);
            free(path);
            free(name);
        }
    }
    free(manifest);
    free(base_dir);
}

/* First the file, then what it came from: whoever dies in between leaves a file that is as built in. */
static enum rc put_shipped(const char *dir, struct template_file *f, struct err *err)
{
    char *base_dir = file_join(dir, BASE);
    enum rc rc = same(&f->yours, &f->shipped) ? RC_OK : write_copy(dir, f->name, &f->shipped, err);
    if (rc == RC_OK && (!same(&f->base, &f->shipped) || f->base.text == NULL))
        rc = write_copy(base_dir, f->name, &f->shipped, err);
    if (rc == RC_OK) {
        free(f->base.text);
        f->base = again(&f->shipped);
    }
    free(base_dir);
    return rc;
}

/* ---- export ---- */

static bool is_wanted(const struct template_file *f, const struct templates_export *how)
{
    const char *folder = strchr(f->name, '/');
    bool words = may_be_template(f->name);
    if (!is_there(&f->shipped))
        return false;
    if (how->everything)
        return true;
    if (str_starts(f->name, "gateways/") || folder == NULL)
        return false;
    if (how->lang == NULL || !words || str_starts(f->name, "layout/"))
        return true;
    size_t len = strlen(how->lang);
    return strncmp(folder + 1, how->lang, len) == 0 && folder[1 + len] == '/';
}

static enum rc check_lang(const struct template_files *files, const struct templates_export *how,
                          struct err *err)
{
    if (how->lang == NULL)
        return RC_OK;
    for (size_t i = 0; i < files->n; i++) {
        if (is_wanted(&files->v[i], how) && str_starts(files->v[i].name, "letters/"))
            return RC_OK;
    }
    char *safe = utf8_printable(how->lang, true);
    enum rc rc = err_set(err, RC_NOTFOUND, "nothing is built in for the language \"%.20s\"", safe);
    free(safe);
    return rc;
}

static void note(struct template_files *list, const struct template_file *f)
{
    vec_reserve(&list->v, list->n, &list->cap, sizeof *list->v);
    list->v[list->n++] = (struct template_file){.name = xstrdup(f->name), .state = f->state};
}

static bool is_changed(const struct template_file *f)
{
    return f->state == TEMPLATE_CHANGED || f->state == TEMPLATE_BOTH_CHANGED;
}

static enum rc export_one(const char *dir, struct template_file *f, struct templates_exported *ret,
                          struct err *err)
{
    bool changed = is_changed(f);
    enum rc rc = changed ? keep(dir, f, err) : RC_OK;
    if (rc == RC_OK)
        rc = put_shipped(dir, f, err);
    if (rc != RC_OK)
        return rc;
    ret->written += f->state == TEMPLATE_BUILT_IN;
    ret->updated += f->state == TEMPLATE_SHIPPED_CHANGED;
    ret->same += f->state == TEMPLATE_AS_SHIPPED;
    if (changed)
        note(&ret->replaced, f);
    return RC_OK;
}

enum rc templates_export(const char *dir, const struct templates_export *how,
                         struct templates_exported *ret, struct err *err)
{
    struct template_files files;
    struct templates_exported done = {0};
    enum rc rc = templates_list(dir, &files, err);
    if (rc != RC_OK)
        return rc;
    struct template_file **go = xcalloc(files.n + 1, sizeof(struct template_file *));
    size_t n = 0;
    for (size_t i = 0; i < files.n; i++) {
        struct template_file *f = &files.v[i];
        if (is_wanted(f, how) && is_changed(f) && !how->force)
            note(&done.kept, f);
        else if (is_wanted(f, how))
            go[n++] = f;
    }
    rc = check_lang(&files, how, err);
    if (rc == RC_OK)
        sweep(dir, &files);
    if (rc == RC_OK)
        rc = write_manifest(dir, &files, go, n, err);
    for (size_t i = 0; i < n && rc == RC_OK; i++)
        rc = export_one(dir, go[i], &done, err);
    if (rc == RC_OK)
        rc = write_manifest(dir, &files, NULL, 0, err);
    free(go);
    template_files_fini(&files);
    if (rc == RC_OK)
        *ret = done;
    else
        templates_exported_fini(&done);
    return rc;
}

/* ---- reset ---- */

static enum rc no_such_file(const struct template_files *files, const char *name, struct err *err)
{
    const char **names = xcalloc(files->n, sizeof *names);
    for (size_t i = 0; i < files->n; i++)
        names[i] = files->v[i].name;
    const char *near = str_nearest(name, names, files->n);
    char *safe = utf8_printable(name, true);
    enum rc rc = near != NULL
                     ? err_set(err, RC_NOTFOUND, "there is no template \"%.80s\": did you mean %s?",
                               safe, near)
                     : err_set(err, RC_NOTFOUND,
                               "there is no template \"%.80s\": pps templates lists them", safe);
    free(safe);
    free(names);
    return rc;
}

/* name without the folder before it, as the shell's completion gives it: "./" does not count. */
static const char *below(const char *dir, const char *name)
{
    char *with_dir = file_join(str_starts(dir, "./") ? dir + 2 : dir, "");
    const char *plain = str_starts(name, "./") ? name + 2 : name;
    if (str_starts(plain, with_dir))
        plain += strlen(with_dir);
    free(with_dir);
    return plain;
}

/* "letters/ru/packing.md", also with the folder before it. */
static enum rc find_file(const struct template_files *files, const char *dir, const char *name,
                         bool back, struct template_file **ret, struct err *err)
{
    const char *plain = below(dir, name);
    *ret = NULL;
    for (size_t i = 0; i < files->n; i++) {
        if (strcmp(files->v[i].name, plain) == 0)
            *ret = &files->v[i];
    }
    if (*ret == NULL)
        return no_such_file(files, plain, err);
    if (!back && !is_there(&(*ret)->shipped))
        return err_set(err, RC_INVALID, "%s is yours alone: no built-in one can take its place",
                       plain);
    return RC_OK;
}

enum rc templates_find(const struct template_files *files, const char *dir, const char *name,
                       const struct template_file **ret, struct err *err)
{
    struct template_file *found;
    enum rc rc = find_file(files, dir, name, true, &found, err);
    if (rc == RC_OK)
        *ret = found;
    return rc;
}

static enum rc reset_one(const char *dir, struct template_file *f, struct err *err)
{
    bool as_it_is = f->state == TEMPLATE_AS_SHIPPED || f->state == TEMPLATE_BUILT_IN;
    enum rc rc = as_it_is ? RC_OK : keep(dir, f, err);
    return rc == RC_OK ? put_shipped(dir, f, err) : rc;
}

/* The file and the one that was kept of it change places; so does what they came from. */
static enum rc swap(const char *dir, const char *name, struct template_copy *io, struct err *err)
{
    struct template_copy kept;
    char *old = xasprintf("%s~", name);
    enum rc rc = read_copy(dir, old, &kept, err);
    free(old);
    if (rc == RC_OK)
        rc = keep_old(dir, name, io, err);
    if (rc == RC_OK && kept.text != NULL)
        rc = write_copy(dir, name, &kept, err);
    free(io->text);
    *io = kept;
    return rc;
}

static enum rc back_one(const char *dir, struct template_file *f, struct err *err)
{
    char *old = xasprintf("%s~", f->name), *path = file_join(dir, old);
    char *base_dir = file_join(dir, BASE);
    bool kept = file_exists(path);
    enum rc rc =
        kept ? swap(dir, f->name, &f->yours, err)
             : err_set(err, RC_NOTFOUND, "there is no %s: nothing was kept of %s", path, f->name);
    if (rc == RC_OK)
        rc = swap(base_dir, f->name, &f->base, err);
    free(base_dir);
    free(path);
    free(old);
    return rc;
}

enum rc templates_reset(const char *dir, const char *const *names, size_t n, bool back,
                        struct template_files *ret, struct err *err)
{
    struct template_files files, done = {0};
    struct template_file **wanted = xcalloc(n, sizeof(struct template_file *));
    enum rc rc = templates_list(dir, &files, err);
    if (rc != RC_OK) {
        free(wanted);
        return rc;
    }
    for (size_t i = 0; i < n && rc == RC_OK; i++)
        rc = find_file(&files, dir, names[i], back, &wanted[i], err);
    if (rc == RC_OK)
        sweep(dir, &files);
    if (rc == RC_OK && !back)
        rc = write_manifest(dir, &files, wanted, n, err);
    for (size_t i = 0; i < n && rc == RC_OK; i++) {
        rc = back ? back_one(dir, wanted[i], err) : reset_one(dir, wanted[i], err);
        if (rc == RC_OK)
            note(&done, wanted[i]);
    }
    if (rc == RC_OK)
        rc = write_manifest(dir, &files, NULL, 0, err);
    template_files_fini(&files);
    free(wanted);
    if (rc == RC_OK)
        *ret = done;
    else
        template_files_fini(&done);
    return rc;
}
