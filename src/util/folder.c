/* What is in a folder and below it, by name: for those who look at files that people put there; and what a process that
 * died while it wrote has left there. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <pps/file.h>
#include <pps/str.h>

enum { MAX_DEPTH = 8 };

void file_list_fini(struct file_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        free(list->v[i]);
    free(list->v);
    *list = (struct file_list){0};
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static enum rc walk(const char *dir, const char *below, int depth, struct file_list *list,
                    struct err *err);

/* Takes name, which is below dir. */
static enum rc take(const char *dir, char *name, int depth, struct file_list *list, struct err *err)
{
    struct stat st;
    enum rc rc = RC_OK;
    char *path = file_join(dir, name);
    bool there = stat(path, &st) == 0;
    free(path);
    if (there && S_ISREG(st.st_mode)) {
        vec_reserve(&list->v, list->n, &list->cap, sizeof *list->v);
        list->v[list->n++] = name;
        return RC_OK;
    }
    if (there && S_ISDIR(st.st_mode) && depth < MAX_DEPTH)
        rc = walk(dir, name, depth + 1, list, err);
    free(name);
    return rc;
}

/* below "": dir itself. */
static enum rc walk(const char *dir, const char *below, int depth, struct file_list *list,
                    struct err *err)
{
    char *path = file_join(dir, below);
    DIR *d = opendir(path);
    enum rc rc = RC_OK;
    if (d == NULL && errno != ENOENT)
        rc = err_set(err, RC_IO, "cannot read the folder %s: %s", path, strerror(errno));
    free(path);
    const struct dirent *entry;
    while (d != NULL && rc == RC_OK && (entry = readdir(d)) != NULL) {
        if (entry->d_name[0] != '.')
            rc = take(dir, xasprintf("%s%s%s", below, *below ? "/" : "", entry->d_name), depth,
                      list, err);
    }
    if (d != NULL)
        closedir(d);
    return rc;
}

enum rc file_list_below(const char *dir, struct file_list *ret, struct err *err)
{
    struct file_list list = {0};
    enum rc rc = walk(dir, "", 0, &list, err);
    if (rc != RC_OK) {
        file_list_fini(&list);
        return rc;
    }
    if (list.n > 1)
        qsort(list.v, list.n, sizeof *list.v, by_name);
    *ret = list;
    return RC_OK;
}

/* Whether name is BASE.N.tmp, as file_write calls it, and process N is gone; ours writes nothing now. */
static bool is_left_over(const char *name, const char *base)
{
    size_t len = strlen(base);
    if (strncmp(name, base, len) != 0 || name[len] != '.')
        return false;
    char *end;
    const char *digits = name + len + 1;
    long pid = strtol(digits, &end, 10);
    if (*digits < '1' || *digits > '9' || strcmp(end, ".tmp") != 0)
        return false;
    return pid > INT_MAX || pid == (long)getpid() || (kill((pid_t)pid, 0) != 0 && errno == ESRCH);
}

void file_sweep(const char *path)
{
    const char *slash = strrchr(path, '/'), *base = slash == NULL ? path : slash + 1;
    char *folder = file_dirname(path);
    DIR *d = opendir(folder);
    const struct dirent *entry;
    while (d != NULL && (entry = readdir(d)) != NULL) {
        if (is_left_over(entry->d_name, base))
            (void)unlinkat(dirfd(d), entry->d_name, 0);
    }
    if (d != NULL)
        closedir(d);
    free(folder);
}
