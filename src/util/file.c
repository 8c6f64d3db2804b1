/* Files: read whole, written whole or not at all. Serves every room that touches the disk (but not
 * the database, which has its own rules). */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <pps/file.h>
#include <pps/str.h>

/* Reads an open descriptor to its end. */
static enum rc read_all(int fd, const char *path, size_t max_bytes, char **ret_text,
                        size_t *ret_len, struct err *err)
{
    struct sb sb = {0};
    char buf[16384];
    ssize_t n;
    while ((n = read(fd, buf, sizeof buf)) != 0) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            sb_fini(&sb);
            return err_set(err, RC_IO, "cannot read %s: %s", path, strerror(errno));
        }
        sb_addn(&sb, buf, (size_t)n);
        if (sb.len > max_bytes) {
            sb_fini(&sb);
            return err_set(err, RC_INVALID, "%s is larger than %zu bytes", path, max_bytes);
        }
    }
    *ret_len = sb.len;
    *ret_text = sb_take(&sb);
    return RC_OK;
}

/* flags: O_NONBLOCK where a pipe must not be waited for. */
static enum rc open_for_reading(const char *path, int flags, int *ret_fd, struct err *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | flags);
    if (fd < 0)
        return err_set(err, errno == ENOENT || errno == ENOTDIR ? RC_NOTFOUND : RC_IO,
                       "cannot open %s: %s", path, strerror(errno));
    *ret_fd = fd;
    return RC_OK;
}

static bool could_wait(int fd)
{
    struct stat st;
    return fstat(fd, &st) != 0 || !(S_ISREG(st.st_mode) || S_ISDIR(st.st_mode));
}

enum rc file_read(const char *path, size_t max_bytes, char **ret_text, size_t *ret_len,
                  struct err *err)
{
    int fd = -1;
    enum rc rc = open_for_reading(path, O_NONBLOCK, &fd, err);
    if (rc != RC_OK)
        return rc;
    rc = could_wait(fd) ? err_set(err, RC_IO, "cannot read %s: it is no ordinary file", path)
                        : read_all(fd, path, max_bytes, ret_text, ret_len, err);
    close(fd);
    return rc;
}

enum rc file_read_stream(const char *path, size_t max_bytes, char **ret_text, size_t *ret_len,
                         struct err *err)
{
    int fd = -1;
    enum rc rc = open_for_reading(path, 0, &fd, err);
    if (rc != RC_OK)
        return rc;
    rc = read_all(fd, path, max_bytes, ret_text, ret_len, err);
    close(fd);
    return rc;
}

enum rc file_read_secret(const char *path, char **ret_secret, struct err *err)
{
    int fd = -1;
    enum rc rc = open_for_reading(path, O_NONBLOCK, &fd, err);
    if (rc != RC_OK)
        return err_prefix(err, RC_CONFIG, "secret file");
    struct stat st;
    char *text = NULL;
    size_t len = 0;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        rc = err_set(err, RC_CONFIG, "secret file %s is not a regular file", path);
    else if (st.st_mode & 077)
        rc = err_set(err, RC_CONFIG, "secret file %s can be read by others: run chmod 600 %s", path,
                     path);
    else if (st.st_uid != geteuid())
        rc = err_set(err, RC_CONFIG, "secret file %s belongs to another user", path);
    else
        rc = read_all(fd, path, 4096, &text, &len, err);
    close(fd);
    if (rc != RC_OK)
        return rc == RC_INVALID ? RC_CONFIG : rc;
    while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == '\r'))
        text[--len] = '\0';
    if (len == 0 || strlen(text) != len || strchr(text, '\n') != NULL) {
        explicit_bzero(text, len);
        free(text);
        return err_set(err, RC_CONFIG, "secret file %s must hold one line", path);
    }
    *ret_secret = text;
    return RC_OK;
}

static enum rc sync_folder_of(const char *path, struct err *err)
{
    char *dir = file_dirname(path);
    enum rc rc = RC_OK;
    int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0)
        rc = err_set(err, RC_IO, "cannot sync the folder %s: %s", dir, strerror(errno));
    if (fd >= 0)
        close(fd);
    free(dir);
    return rc;
}

static enum rc write_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, bytes, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return RC_IO;
        bytes += n;
        len -= (size_t)n;
    }
    return RC_OK;
}

enum rc file_write(const char *path, const char *bytes, size_t len, bool exclusive, struct err *err)
{
    char *tmp = xasprintf("%s.%ld.tmp", path, (long)getpid());
    enum rc rc = RC_OK;
    bool made = false;
    int fd = open(tmp, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0) {
        rc = err_set(err, RC_IO, "cannot create %s: %s", tmp, strerror(errno));
        goto out;
    }
    made = true;
    if (write_all(fd, bytes, len) != RC_OK || fsync(fd) != 0) {
        rc = err_set(err, RC_IO, "cannot write %s: %s", tmp, strerror(errno));
        goto out;
    }
    if (exclusive) {
        if (link(tmp, path) != 0) {
            rc = errno == EEXIST
                     ? err_set(err, RC_EXISTS, "%s exists already", path)
                     : err_set(err, RC_IO, "cannot create %s: %s", path, strerror(errno));
            goto out;
        }
    } else {
        if (rename(tmp, path) != 0) {
            rc = err_set(err, RC_IO, "cannot replace %s: %s", path, strerror(errno));
            goto out;
        }
        made = false;
    }
    rc = sync_folder_of(path, err);
out:
    if (fd >= 0)
        close(fd);
    if (made)
        unlink(tmp);
    free(tmp);
    return rc;
}

enum rc file_mkdirs(const char *path, struct err *err)
{
    if (*path == '\0')
        return err_set(err, RC_IO, "cannot create the folder : %s", strerror(ENOENT));
    char *copy = xstrdup(path);
    enum rc rc = RC_OK;
    for (char *p = copy + 1;; p++) {
        if (*p != '/' && *p != '\0')
            continue;
        char end = *p;
        *p = '\0';
        struct stat st;
        if (mkdir(copy, 0700) != 0 &&
            !(errno == EEXIST && stat(copy, &st) == 0 && S_ISDIR(st.st_mode))) {
            rc = err_set(err, RC_IO, "cannot create the folder %s: %s", copy, strerror(errno));
            break;
        }
        if (end == '\0')
            break;
        *p = end;
    }
    free(copy);
    return rc;
}

int64_t file_free_bytes(const char *path)
{
    struct statvfs st;
    if (statvfs(path, &st) != 0)
        return -1;
    return (int64_t)st.f_bavail * (int64_t)st.f_frsize;
}

int64_t file_size(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? (int64_t)st.st_size : 0;
}

int64_t file_inode(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? (int64_t)st.st_ino : 0;
}

bool file_exists(const char *path)
{
    return access(path, F_OK) == 0;
}

char *file_join(const char *dir, const char *name)
{
    if (name[0] == '/')
        return xstrdup(name);
    return xasprintf("%s%s%s", dir, str_ends(dir, "/") ? "" : "/", name);
}

char *file_dirname(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return xstrdup(".");
    return slash == path ? xstrdup("/") : xstrndup(path, (size_t)(slash - path));
}

const struct embedded_file *embedded_find(const char *name)
{
    for (size_t i = 0; i < embedded_files_count; i++) {
        if (strcmp(embedded_files[i].name, name) == 0)
            return &embedded_files[i];
    }
    return NULL;
}

/* ---- links ---- */

/* Where path leads, or where the nearest folder leads in which it would be made; new string, NULL: nowhere. */
static char *leads_to(const char *path)
{
    char *place = realpath(path, NULL);
    if (place != NULL || strcmp(path, "/") == 0 || strcmp(path, ".") == 0)
        return place;
    char *folder = file_dirname(path);
    place = leads_to(folder);
    free(folder);
    return place;
}

/* Where the folder itself is not there, nothing leads out of it. */
enum rc file_stays_inside(const char *dir, const char *path, struct err *err)
{
    char *top = realpath(dir, NULL), *place = leads_to(path);
    size_t len = top != NULL ? strlen(top) : 0;
    bool root = len == 1; /* "/" */
    bool inside = top == NULL || place == NULL || root ||
                  (strncmp(place, top, len) == 0 && (place[len] == '/' || place[len] == '\0'));
    free(top);
    free(place);
    return inside ? RC_OK
                  : err_set(err, RC_IO,
                            "%s is a link that leads out of the folder %s: put the file itself there",
                            path, dir);
}

bool file_give_to_owner_of(const char *path, const char *other)
{
    struct stat wanted, st;
    if (geteuid() != 0 || stat(other, &wanted) != 0 || wanted.st_uid == 0)
        return true;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    bool ours = fd >= 0 && fstat(fd, &st) == 0 && st.st_uid == 0 &&
                (S_ISDIR(st.st_mode) || (S_ISREG(st.st_mode) && st.st_nlink == 1));
    bool given = ours && fchown(fd, wanted.st_uid, wanted.st_gid) == 0;
    if (fd >= 0)
        close(fd);
    return given;
}
