/* pps backup: a checked copy of the database, in a folder where it gets its name from the clock, or in a file of any
 * name. With --keep, the oldest copies of that folder make room. */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <pps/file.h>
#include <pps/str.h>
#include <pps/views.h>

#include "app.h"

enum { MAX_KEEP = 10000, MAX_A_MINUTE = 999 };

static const struct option options[] = {
    {"keep", "N", "leave the newest N copies in the folder, remove older ones"},
};

/* ---- the names of copies ---- */

/* pps-2026-12-10-0300.db; a second one of that minute is pps-2026-12-10-0300-2.db. */
struct copy_name {
    struct civil at; /* in the agency's zone */
    int n;           /* 1, 2 … */
};

struct copy_list {
    struct copy_name *v;
    size_t n, cap;
};

static char *name_text(const struct copy_name *name)
{
    struct ymd d = civil_to_ymd(name->at.day);
    int minute = name->at.minute;
    char *number = name->n > 1 ? xasprintf("-%d", name->n) : xstrdup("");
    char *text = xasprintf("pps-%04d-%02d-%02d-%02d%02d%s.db", d.year, d.month, d.day, minute / 60,
                           minute % 60, number);
    free(number);
    return text;
}

/* Only names that we would give ourselves: read, written anew, and compared. */
static bool name_parse(const char *text, struct copy_name *ret)
{
    struct ymd d;
    int hour, minute;
    struct copy_name name = {.n = 1};
    if (sscanf(text, "pps-%4d-%2d-%2d-%2d%2d-%3d", &d.year, &d.month, &d.day, &hour, &minute,
               &name.n) < 5)
        return false;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || !civil_from_ymd(d, &name.at.day))
        return false;
    name.at.minute = (int16_t)(hour * 60 + minute);
    char *again = name_text(&name);
    bool ours = strcmp(again, text) == 0;
    free(again);
    *ret = name;
    return ours;
}

static int newest_first(const void *a, const void *b)
{
    const struct copy_name *x = a, *y = b;
    if (x->at.day != y->at.day)
        return x->at.day > y->at.day ? -1 : 1;
    if (x->at.minute != y->at.minute)
        return x->at.minute > y->at.minute ? -1 : 1;
    return x->n > y->n ? -1 : x->n < y->n;
}

/* ---- where to ---- */

static bool is_folder(const char *path)
{
    struct stat st;
    return str_ends(path, "/") || (stat(path, &st) == 0 && S_ISDIR(st.st_mode));
}

/* "backups" beside the database. New string. */
static char *folder_beside(const struct app *app)
{
    char *dir = file_dirname(app->db_path);
    char *folder = file_join(dir, "backups");
    free(dir);
    return folder;
}

/* What root makes is the database owner's: the next backup, and pps recover, are theirs. */
static void give_to_owner(struct app *app, const char *path)
{
    if (!file_give_to_owner_of(path, app->db_path))
        remark(app, "note: %s belongs to root, and the database to another user: chown it", path);
}

static enum rc default_folder(struct app *app, char **ret, struct err *err)
{
    char *folder = folder_beside(app);
    bool new = !file_exists(folder);
    enum rc rc = file_mkdirs(folder, err);
    if (rc == RC_OK && new)
        give_to_owner(app, folder);
    if (rc == RC_OK)
        *ret = folder;
    else
        free(folder);
    return rc;
}

/* *ret_folder is NULL when one file was named. */
static enum rc find_place(struct app *app, const struct args *args, char **ret_folder,
                          struct err *err)
{
    if (args->n_words == 0)
        return default_folder(app, ret_folder, err);
    const char *place = args->words[0];
    if (*place == '\0')
        return err_set(err, RC_USAGE, "the name of the folder or file is empty");
    if (is_folder(place))
        *ret_folder = xstrdup(place);
    else if (arg_given(args, "keep"))
        return err_set(err, RC_USAGE, "--keep needs a folder, and %s is none", place);
    return RC_OK;
}

/* ---- the copies that are there ---- */

static bool is_file(const char *folder, const char *name)
{
    struct stat st;
    char *path = file_join(folder, name);
    bool yes = lstat(path, &st) == 0 && S_ISREG(st.st_mode);
    free(path);
    return yes;
}

static void add_name(struct copy_list *list, struct copy_name name)
{
    vec_reserve(&list->v, list->n, &list->cap, sizeof *list->v);
    list->v[list->n++] = name;
}

/* The newest first. */
static enum rc list_copies(const char *folder, struct copy_list *list, struct err *err)
{
    DIR *dir = opendir(folder);
    if (dir == NULL && errno == ENOENT)
        return err_set(err, RC_IO, "there is no folder %s: create it first", folder);
    if (dir == NULL)
        return err_set(err, RC_IO, "cannot read the folder %s: %s", folder, strerror(errno));
    const struct dirent *entry;
    while ((entry = readdir(dir)) != NULL) {
        struct copy_name name;
        if (name_parse(entry->d_name, &name) && is_file(folder, entry->d_name))
            add_name(list, name);
    }
    closedir(dir);
    if (list->n > 0)
        qsort(list->v, list->n, sizeof *list->v, newest_first);
    return RC_OK;
}

char *newest_backup_beside(const struct app *app)
{
    struct copy_list list = {0};
    struct err ignored;
    char *path = NULL, *folder = folder_beside(app);
    if (list_copies(folder, &list, &ignored) == RC_OK && list.n > 0) {
        char *name = name_text(&list.v[0]);
        path = file_join(folder, name);
        free(name);
    }
    free(list.v);
    free(folder);
    return path;
}

/* ---- saving ---- */

struct saved {
    char *path;
    int64_t bytes;
    struct store_counts counts;
    struct copy_list removed;
};

/* Numbers within a minute go on from the highest, also where --keep has removed lower ones: what is later is newer. */
static enum rc save_in_folder(struct app *app, const char *folder, const struct copy_list *others,
                              struct saved *s, struct err *err)
{
    enum rc rc;
    struct copy_name name = {.at = zone_to_local(app->zone, clock_now(&app->clock))};
    for (size_t i = 0; i < others->n; i++) {
        if (others->v[i].at.day == name.at.day && others->v[i].at.minute == name.at.minute &&
            others->v[i].n > name.n && others->v[i].n < MAX_A_MINUTE)
            name.n = others->v[i].n;
    }
    do {
        name.n++;
        char *text = name_text(&name);
        free(s->path);
        s->path = file_join(folder, text);
        free(text);
        rc = store_backup(app->store, s->path, &s->bytes, err);
    } while (rc == RC_EXISTS && name.n < MAX_A_MINUTE);
    return rc;
}

/* Counted in the copy, opened as any database: people may have gone on entering sales into the other. */
static enum rc count_in(struct saved *s, struct err *err)
{
    struct store *copy = NULL;
    enum rc rc = store_open(s->path, STORE_READ, &copy, err);
    if (rc == RC_OK)
        rc = store_counts(copy, &s->counts, err);
    store_close(copy);
    return rc;
}

/* ---- making room ---- */

/* The copy of now counts as the newest whatever the others are called: where a clock went wrong or back by an hour,
 * names tell little. */
static enum rc make_room(const char *folder, const struct copy_list *others, int keep,
                         struct saved *s, struct err *err)
{
    enum rc rc = RC_OK;
    for (size_t i = (size_t)keep - 1; i < others->n && rc == RC_OK; i++) {
        char *text = name_text(&others->v[i]), *path = file_join(folder, text);
        if (unlink(path) == 0)
            add_name(&s->removed, others->v[i]);
        else
            rc = err_set(err, RC_IO, "cannot remove %s: %s", path, strerror(errno));
        free(path);
        free(text);
    }
    return rc == RC_OK ? rc : err_prefix(err, rc, "the copy %s is made, but", s->path);
}

/* ---- telling ---- */

/* Thousands apart, as "1 204 kB"; a part of one counts as one. */
static char *kilobytes(int64_t bytes)
{
    char digits[24];
    struct sb sb = {0};
    (void)snprintf(digits, sizeof digits, "%lld", (long long)((bytes + 999) / 1000));
    for (size_t left = strlen(digits), i = 0; left > 0; left--, i++)
        sb_addf(&sb, "%s%c", i > 0 && left % 3 == 0 ? " " : "", digits[i]);
    sb_add(&sb, " kB");
    return sb_take(&sb);
}

static void tell_json(struct app *app, const struct saved *s)
{
    struct json *root = view_document("backup", 1);
    json_add_string(root, "path", s->path);
    json_add_int(root, "bytes", s->bytes);
    json_add_int(root, "clients", s->counts.clients);
    json_add_int(root, "trips", s->counts.occasions);
    struct json *removed = json_add_array(root, "removed");
    for (size_t i = 0; i < s->removed.n; i++) {
        char *text = name_text(&s->removed.v[i]);
        json_add_string(removed, NULL, text);
        free(text);
    }
    show_json(app, root);
}

static void tell(struct app *app, const struct saved *s)
{
    char *size = kilobytes(s->bytes);
    long long clients = (long long)s->counts.clients;
    say(app, "saved %s to %s: %lld client%s, checked\n", size, s->path, clients,
        clients == 1 ? "" : "s");
    free(size);
    for (size_t i = 0; i < s->removed.n; i++) {
        char *text = name_text(&s->removed.v[i]);
        say(app, "removed %s\n", text);
        free(text);
    }
}

static enum rc read_keep(const struct args *args, int *ret, struct err *err)
{
    const char *text = arg_value(args, "keep");
    *ret = 0;
    if (text == NULL)
        return RC_OK;
    char *end;
    long n = strtol(text, &end, 10);
    if (*text == '\0' || *end != '\0' || n < 1 || n > MAX_KEEP)
        return err_set(err, RC_USAGE, "--keep: a number from 1 to %d", MAX_KEEP);
    *ret = (int)n;
    return RC_OK;
}

static enum rc into_folder(struct app *app, const char *folder, int keep, struct saved *s,
                           struct err *err)
{
    struct copy_list others = {0};
    enum rc rc = list_copies(folder, &others, err);
    if (rc == RC_OK)
        rc = save_in_folder(app, folder, &others, s, err);
    if (rc == RC_OK)
        rc = count_in(s, err);
    if (rc == RC_OK && keep > 0)
        rc = make_room(folder, &others, keep, s, err);
    free(others.v);
    return rc;
}

static enum rc into_file(struct app *app, const char *path, struct saved *s, struct err *err)
{
    s->path = xstrdup(path);
    enum rc rc = store_backup(app->store, s->path, &s->bytes, err);
    return rc == RC_OK ? count_in(s, err) : rc;
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    struct saved s = {0};
    char *folder = NULL;
    int keep;
    enum rc rc = read_keep(args, &keep, err);
    if (rc == RC_OK)
        rc = find_place(app, args, &folder, err);
    if (rc == RC_OK)
        rc = folder ? into_folder(app, folder, keep, &s, err)
                    : into_file(app, args->words[0], &s, err);
    if (rc == RC_OK)
        give_to_owner(app, s.path);
    if (rc == RC_OK && app->json)
        tell_json(app, &s);
    else if (rc == RC_OK)
        tell(app, &s);
    free(s.removed.v);
    free(s.path);
    free(folder);
    return rc;
}

const struct command cmd_backup = {
    .name = "backup",
    .group = "Control",
    .summary = "save a checked copy of the database, while people work",
    .usage = "[FOLDER|FILE] [--keep N]",
    .details =
        "In a FOLDER, which must be there, the copy is called pps-YYYY-MM-DD-HHMM.db by the "
        "agency's "
        "clock (a second one\n"
        "in the same minute gets a -2 behind it); without a word the folder is \"backups\" beside "
        "the database. A FILE must not exist yet.\n"
        "--keep removes files of such names only, and only in this folder.\n"
        "A copy holds personal data: it is created 0600, and is the database owner's\n"
        "also when root makes it; take it off the machine, encrypted.",
    .examples = "  pps backup\n"
                "  pps backup /var/backups/pps/ --keep 14\n"
                "  pps backup before-the-upgrade.db\n"
                "  30 3 * * *  pps backup /var/backups/pps/ --keep 14 --quiet   (in crontab)",
    OPTIONS(options),
    .max_words = 1,
    .needs = NEEDS_READING,
    .unattended = true,
    .run = run,
};
