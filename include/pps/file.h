/* Files: read whole, written whole or not at all. Everything is created 0600, folders 0700. */
#ifndef PPS_FILE_H
#define PPS_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pps/err.h>

/* Reads a whole file. *ret_text is NUL-terminated, owned by the caller. RC_NOTFOUND when there is
 * no such file; RC_INVALID when it is longer than max_bytes. */
enum rc file_read(const char *path, size_t max_bytes, char **ret_text, size_t *ret_len,
                  struct err *err) MUST_CHECK;
/* The same of what somebody hands in on the command line, which may be a pipe, and then is waited for. file_read takes
 * ordinary files only (RC_IO): a tick must not stand still because a pipe lies in a folder. */
enum rc file_read_stream(const char *path, size_t max_bytes, char **ret_text, size_t *ret_len,
                         struct err *err) MUST_CHECK;

/* Reads a secret: one line, without its newline. Refused (RC_CONFIG) unless the file is a regular
 * file of ours that nobody else may read (no bits of 077). */
enum rc file_read_secret(const char *path, char **ret_secret, struct err *err) MUST_CHECK;

/* Writes to a temporary file beside path, syncs it, renames it, syncs the folder. With exclusive,
 * an existing path gives RC_EXISTS and is untouched. */
enum rc file_write(const char *path, const char *bytes, size_t len, bool exclusive,
                   struct err *err) MUST_CHECK;

/* Removes what file_write of this path has left beside it when it was killed. What somebody writes just now stays. */
void file_sweep(const char *path);

/* mkdir -p, mode 0700 for what is created. */
enum rc file_mkdirs(const char *path, struct err *err) MUST_CHECK;

bool file_exists(const char *path);
/* That no link on the way to `path` leads out of the folder, also when the file is not there yet: RC_IO. Whoever may write into
 * such a folder could otherwise have any file read, or written over, that is ours. */
enum rc file_stays_inside(const char *dir, const char *path, struct err *err) MUST_CHECK;
/* Bytes that are free for us on the file system of path; -1 when that cannot be learnt. */
int64_t file_free_bytes(const char *path);
/* Bytes in the file; 0 when there is none. */
int64_t file_size(const char *path);
/* The inode number of path; 0 when there is no such file. */
int64_t file_inode(const char *path);
char *file_join(const char *dir, const char *name); /* new string; name absolute gives name */
char *file_dirname(const char *path);               /* new string; "." when there is no slash */

struct file_list {
    char **v; /* paths below the folder */
    size_t n, cap;
};
/* The files in a folder and in its folders, in alphabetical order. What is hidden (a dot before its name) is left out, and so
 * is what is no plain file. A folder that is not there is empty. */
enum rc file_list_below(const char *dir, struct file_list *ret, struct err *err) MUST_CHECK;
void file_list_fini(struct file_list *list);

/* A file that is built into the program (schema.sql, everything under templates/). */
struct embedded_file {
    const char *name; /* path in the source tree: "schema.sql", "templates/playbook.json" … */
    const char *text; /* NUL-terminated */
    size_t len;
};
extern const struct embedded_file embedded_files[];
extern const size_t embedded_files_count;
const struct embedded_file *embedded_find(const char *name); /* NULL when there is none */

/* For root, else it does nothing: what was made just now gets the owner of another file. Only what root owns and what has no
 * other name: a link, or somebody else's file that was put in its place, is left alone. false: it should have, and has not. */
bool file_give_to_owner_of(const char *path, const char *other);

#endif
