/* Finds and checks what goes along with a letter: pictures by their fixed names, attachments by those that the letter
 * gives. They come from the agency's own folder and from nowhere else; names come from people and from data, so they are
 * checked before they become part of a path. Must not know templates. Serves letter.c and frame.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pps/file.h>
#include <pps/filetype.h>
#include <pps/mailable.h>
#include <pps/str.h>
#include <pps/utf8.h>

#include "catalog.h"
#include "enclosure.h"

enum { NAME_MAX_BYTES = 120 };

void enclosures_fini(struct enclosures *list)
{
    for (size_t i = 0; i < list->n; i++) {
        free(list->v[i].name);
        free(list->v[i].cid);
        free(list->v[i].bytes);
    }
    free(list->v);
    *list = (struct enclosures){0};
}

static struct enclosure *push(struct enclosures *list, struct enclosure one)
{
    vec_reserve(&list->v, list->n, &list->cap, sizeof *list->v);
    list->v[list->n] = one;
    return &list->v[list->n++];
}

/* No parts of a path, nothing hidden, nothing that a header or a folder could stumble over. NULL: it is fine; else why it is
 * not, a new string. */
static char *fault_of_name(const char *name)
{
    const char *sign = strpbrk(name, "/\\:*?\"<>|");
    if (sign != NULL)
        return xasprintf("%.1s is in it", sign);
    if (*name == '\0' || *name == '.')
        return xstrdup(*name == '.' ? "it begins with a dot" : "it is empty");
    if (strlen(name) > NAME_MAX_BYTES)
        return xstrdup("it is too long");
    char *shown = utf8_printable(name, true);
    bool same = strcmp(shown, name) == 0;
    free(shown);
    return same ? NULL : xstrdup("a sign that nobody sees is in it");
}

static bool is_plain_name(const char *name)
{
    char *fault = fault_of_name(name);
    bool plain = fault == NULL;
    free(fault);
    return plain;
}

/* ---- pictures ---- */

/* FNV-1a: only to give different pictures different names; sameness is decided by the bytes. */
static unsigned long long mark_of(const char *bytes, size_t len)
{
    unsigned long long h = 14695981039346656037ull;
    for (size_t i = 0; i < len; i++)
        h = (h ^ (unsigned char)bytes[i]) * 1099511628211ull;
    return h;
}

static void keep_picture(struct enclosures *list, const char *name, const char *domain, char *bytes,
                         size_t len, struct picture *ret)
{
    for (size_t i = 0; i < list->n; i++) {
        if (list->v[i].len == len && memcmp(list->v[i].bytes, bytes, len) == 0) {
            free(bytes);
            (void)snprintf(ret->cid, sizeof ret->cid, "%s", list->v[i].cid);
            return;
        }
    }
    bool fits = strlen(domain) <= 60;
    struct enclosure *e = push(list, (struct enclosure){.name = xstrdup(name),
                                                        .type = filetype_of(bytes, len),
                                                        .bytes = bytes,
                                                        .len = len});
    e->cid =
        xasprintf("p%zu.%016llx@%s", list->n, mark_of(bytes, len), fits ? domain : "pps.invalid");
    (void)snprintf(ret->cid, sizeof ret->cid, "%s", e->cid);
}

enum rc picture_add(struct enclosures *list, const char *templates_dir, const char *file,
                    const char *domain, struct picture *ret, struct err *err)
{
    struct err why = {0};
    if (templates_dir == NULL || !is_plain_name(file))
        return err_set(err, RC_NOTFOUND, "there is no picture %s", file);
    char *bytes = NULL, *name = xasprintf("pictures/%s", file), *path;
    size_t len = 0;
    enum rc rc = catalog_read(templates_dir, name, PICTURE_MAX_BYTES, &path, &bytes, &len, &why);
    if (rc == RC_INVALID)
        err_set(err, rc, "%s is larger than 300 kB: make the picture smaller", path);
    else if (rc != RC_OK)
        err_set(err, rc, "%s", why.message);
    if (rc == RC_OK && !filetype_picture(bytes, len, &ret->width, &ret->height)) {
        rc = err_set(err, RC_INVALID, "%s is no picture: save it anew as PNG, JPEG or GIF", path);
        free(bytes);
    } else if (rc == RC_OK) {
        keep_picture(list, file, domain, bytes, len, ret);
    }
    free(path);
    free(name);
    return rc;
}

enum rc picture_find(struct enclosures *list, const char *templates_dir, const char *stem,
                     const char *domain, struct picture *ret, char **ret_file, struct err *err)
{
    static const char *const endings[] = {"png", "jpg", "jpeg", "gif"};
    struct picture found = {0};
    enum rc rc = RC_NOTFOUND;
    char *file = NULL;
    bool can_be = templates_dir != NULL && stem != NULL && is_plain_name(stem);
    for (size_t i = 0; can_be && i < sizeof endings / sizeof *endings && rc == RC_NOTFOUND; i++) {
        free(file);
        file = xasprintf("%s.%s", stem, endings[i]);
        rc = picture_add(list, templates_dir, file, domain, &found, err);
    }
    if (ret_file != NULL) {
        *ret_file = rc == RC_NOTFOUND ? NULL : file;
        file = rc == RC_NOTFOUND ? file : NULL;
    }
    free(file);
    if (rc == RC_OK)
        *ret = found;
    else if (rc == RC_NOTFOUND)
        *ret = (struct picture){0};
    return rc == RC_NOTFOUND ? RC_OK : rc;
}

/* ---- attachments ---- */

static enum rc check_file(const char *name, const char *path, const char *where, const char *bytes,
                          size_t len, size_t together, struct err *err)
{
    if (len == 0)
        return err_set(err, RC_INVALID, "%s: %s is empty", where, path);
    char *fault = mailable_fault(name, bytes, len);
    if (fault != NULL) {
        (void)err_set(err, RC_INVALID, "%s: %s %s", where, path, fault);
        free(fault);
        return RC_INVALID;
    }
    if (together + len > ATTACHMENTS_MAX_BYTES)
        return err_set(err, RC_INVALID,
                       "%s: with %s the attachments are larger than 10 MB together: leave one out, "
                       "or make them smaller",
                       where, path);
    return RC_OK;
}

/* *ret_path is a new string, set in any case. */
static enum rc read_file(const char *templates_dir, const char *name, const char *where,
                         char **ret_path, char **ret_bytes, size_t *ret_len, struct err *err)
{
    struct err why = {0};
    char *file = xasprintf("attachments/%s", name);
    enum rc rc =
        catalog_read(templates_dir, file, ATTACHMENT_MAX_BYTES, ret_path, ret_bytes, ret_len, &why);
    free(file);
    if (rc == RC_NOTFOUND)
        return err_set(err, RC_INVALID,
                       "%s: there is no file %s: put it there, or take it out of Attachments",
                       where, *ret_path);
    if (rc == RC_INVALID)
        return err_set(err, rc, "%s: %s is larger than 5 MB: make it smaller", where, *ret_path);
    return rc == RC_OK ? rc : err_set(err, RC_INVALID, "%s: %s", where, why.message);
}

enum rc attachment_add(struct enclosures *list, const char *templates_dir, const char *name,
                       const char *where, struct err *err)
{
    size_t together = 0, len = 0;
    char *bytes = NULL;
    char *fault = fault_of_name(name);
    if (fault != NULL) {
        (void)err_set(err, RC_INVALID,
                      "%s: \"%s\" is no name of an attachment, %s: write the name of a file in the "
                      "folder attachments",
                      where, name, fault);
        free(fault);
        return RC_INVALID;
    }
    for (size_t i = 0; i < list->n; i++) {
        together += list->v[i].len;
        if (strcmp(list->v[i].name, name) == 0)
            return err_set(err, RC_INVALID, "%s: \"%s\" is named twice", where, name);
    }
    if (templates_dir == NULL)
        return err_set(err, RC_INVALID,
                       "%s: there is no folder of templates in which \"%s\" could be", where, name);
    char *path;
    enum rc rc = read_file(templates_dir, name, where, &path, &bytes, &len, err);
    if (rc == RC_OK)
        rc = check_file(name, path, where, bytes, len, together, err);
    if (rc == RC_OK)
        push(list, (struct enclosure){.name = xstrdup(name),
                                      .type = filetype_of(bytes, len),
                                      .bytes = bytes,
                                      .len = len});
    else
        free(bytes);
    free(path);
    return rc;
}

enum rc attachment_add_file(struct enclosures *list, const struct message_file *file,
                            struct err *err)
{
    size_t together = file->len;
    for (size_t i = 0; i < list->n; i++)
        together += list->v[i].len;
    if (together > ATTACHMENTS_MAX_BYTES)
        return err_set(
            err, RC_INVALID,
            "with %s the attachments are larger than 10 MB together: let it go with another "
            "letter (pps attach)",
            file->name);
    char *fault = mailable_fault(file->name, file->bytes, file->len);
    enum rc rc =
        fault != NULL ? err_set(err, RC_INVALID, "%s %s (pps attach)", file->name, fault) : RC_OK;
    free(fault);
    if (rc != RC_OK)
        return rc;
    struct enclosure one = {.name = xstrdup(file->name),
                            .type = filetype_of(file->bytes, file->len),
                            .bytes = xcalloc(file->len + 1, 1),
                            .len = file->len};
    memcpy(one.bytes, file->bytes, file->len);
    push(list, one);
    return RC_OK;
}
