/* Documents: files that go with a letter, such as the voucher with the packing tips. A file is read once, when it is
 * attached, and kept in the database: what the client gets cannot change or vanish in some folder meanwhile. Only a letter
 * that is still to go can take one; what became of each is judged in core/document.c. */
#include <stdlib.h>
#include <string.h>

#include <pps/documents.h>
#include <pps/file.h>
#include <pps/filetype.h>
#include <pps/mailable.h>
#include <pps/str.h>
#include <pps/utf8.h>

#include "documents.h"
#include "internal.h"

/* ---- the letter ---- */

static const struct action *last_of_step(const struct actions *all, const char *step)
{
    const struct action *last = NULL;
    for (size_t i = 0; i < all->n; i++) {
        if (str_eq(all->v[i].step, step) &&
            (last == NULL || all->v[i].occurrence > last->occurrence))
            last = &all->v[i];
    }
    return last;
}

/* Whose message carries what goes with this step: its own, or that of the step which it was merged into. */
static const struct action *bearer_of(const struct actions *all, const char *step)
{
    const struct action *a = last_of_step(all, step);
    return a != NULL && a->cause == CAUSE_MERGED ? last_of_step(all, a->merged_into) : a;
}

static bool is_ahead(const struct action *a)
{
    return a != NULL && a->channel == CHANNEL_EMAIL &&
           (a->state == STATE_PENDING || a->state == STATE_HELD || a->state == STATE_CLAIMED);
}

/* "packing, challenge": the letters that are still to go; "" when there are none. New string. */
static char *letters_ahead(const struct actions *all)
{
    struct sb sb = {0};
    for (size_t i = 0; i < all->n; i++) {
        const struct action *a = &all->v[i];
        if (is_ahead(a) && a == last_of_step(all, a->step))
            sb_addf(&sb, "%s%s", sb.len ? ", " : "", a->step);
    }
    return sb_take(&sb);
}

static const struct action *next_letter(const struct actions *all)
{
    const struct action *next = NULL;
    for (size_t i = 0; i < all->n; i++) {
        const struct action *a = &all->v[i];
        if (is_ahead(a) && (next == NULL || a->due_at < next->due_at))
            next = a;
    }
    return next;
}

static enum rc refuse_step(const struct actions *all, const char *occasion, const char *step,
                           const struct action *bearer, struct err *err)
{
    char *ahead = letters_ahead(all), *quoted = utf8_quote(str_or(step, ""));
    enum rc rc = bearer == NULL && step != NULL ? RC_NOTFOUND : RC_REJECTED;
    if (*ahead == '\0')
        (void)err_set(err, rc,
                      "%s has no letter that is still to go: nothing can take a document along",
                      occasion);
    else if (bearer == NULL)
        (void)err_set(err, rc, "%s has no step %s: choose one of %s", occasion, quoted, ahead);
    else if (channel_is_human(bearer->channel) || bearer->channel == CHANNEL_SMS)
        (void)err_set(err, rc, "%s is no letter here, it goes by %s: choose one of %s", step,
                      channel_word(bearer->channel), ahead);
    else
        (void)err_set(err, rc, "%s is %s already, no document can go with it: choose one of %s",
                      step, state_words(bearer->state), ahead);
    free(quoted);
    free(ahead);
    return rc;
}

/* ---- the file ---- */

/* A sign that nobody sees, such as U+200B; accents that stand alone, as macOS writes them, are none. 0: there is none. */
static uint32_t find_unseen(const char *name)
{
    static const uint32_t unseen[][2] = {
        {0xAD, 0xAD},     {0x34F, 0x34F},   {0x115F, 0x1160},  {0x17B4, 0x17B5}, {0x180B, 0x180F},
        {0x200B, 0x200F}, {0x2060, 0x206F}, {0x2800, 0x2800},  {0x3164, 0x3164}, {0xFEFF, 0xFEFF},
        {0xFFA0, 0xFFA0}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE0FFF}};
    size_t n = strlen(name);
    for (size_t at = 0; at < n;) {
        uint32_t cp = 0;
        at += utf8_decode(name + at, n - at, &cp);
        for (size_t i = 0; i < sizeof unseen / sizeof *unseen; i++) {
            if (cp >= unseen[i][0] && cp <= unseen[i][1])
                return cp;
        }
    }
    return 0;
}

/* No folders, nothing hidden: it is a name, not a place. */
static enum rc read_name(const struct document_entry *e, char **ret, struct err *err)
{
    const char *slash = strrchr(e->path, '/');
    const char *own = slash != NULL ? slash + 1 : e->path;
    enum rc rc = field_text("name", str_or(e->name, own), DOCUMENT_NAME_MAX, ret, err);
    if (rc != RC_OK)
        return rc;
    uint32_t unseen = *ret == NULL ? 0 : find_unseen(*ret);
    if (unseen != 0)
        return err_set(
            err, RC_INVALID,
            "name contains a sign that nobody sees (U+%04X): give it another one, such as "
            "--name \"Ваучер.pdf\"",
            (unsigned)unseen);
    const char *name = str_or(*ret, ""), *bad = strpbrk(name, "/\\\"");
    if (*name != '\0' && *name != '.' && bad == NULL)
        return RC_OK;
    char *quoted = utf8_quote(name);
    const char *why = *name == '\0' ? "is empty" : bad != NULL ? "contains " : "begins with a dot";
    rc = err_set(err, RC_INVALID,
                 "name %s %s%.1s: it is what the client will see, such as --name \"Ваучер.pdf\"",
                 quoted, why, bad != NULL ? bad : "");
    free(quoted);
    return rc;
}

/* With the name that it will have: mail servers look at that first. */
static enum rc check_bytes(const char *path, const struct document *d, const char *bytes,
                           size_t len, struct err *err)
{
    if (len == 0)
        return err_set(err, RC_INVALID, "%s is empty: save it again, then attach it", path);
    if (filetype_is_database(bytes, len))
        return err_set(err, RC_INVALID,
                       "%s is a database, and no client is to get that: nothing was attached",
                       path);
    char *fault = mailable_fault(d->name, bytes, len);
    enum rc rc = fault != NULL ? err_set(err, RC_INVALID, "%s %s", d->name, fault) : RC_OK;
    free(fault);
    return rc;
}

static enum rc read_file(const char *path, struct document *d, char **ret_bytes, struct err *err)
{
    size_t len = 0;
    if (file_size(path) > DOCUMENT_MAX_BYTES)
        return err_set(
            err, RC_INVALID, "%s weighs %lld MB, and a document may weigh %d: make it smaller",
            path, (long long)((file_size(path) + (1 << 20) - 1) >> 20), DOCUMENT_MAX_BYTES >> 20);
    enum rc rc = file_read(path, DOCUMENT_MAX_BYTES, ret_bytes, &len, err);
    if (rc == RC_OK)
        rc = check_bytes(path, d, *ret_bytes, len, err);
    if (rc != RC_OK)
        return rc;
    d->size = (int64_t)len;
    d->type = xstrdup(filetype_of(*ret_bytes, len));
    return RC_OK;
}

/* ---- one more with a letter ---- */

/* All that would go with the same letter. */
static enum rc check_room(const struct desk *desk, const struct actions *all,
                          const struct document *d, const struct action *bearer, struct err *err)
{
    struct document_rows rows;
    enum rc rc = store_documents(desk->store, d->occasion_id, 0, &rows, err);
    if (rc != RC_OK)
        return rc;
    int64_t sum = d->size;
    for (size_t i = 0; i < rows.n; i++) {
        const struct document *other = &rows.v[i].document;
        if (other->id != d->id && other->dropped_at == 0 && bearer_of(all, other->step) == bearer)
            sum += other->size;
    }
    document_rows_fini(&rows);
    if (sum > DOCUMENTS_MAX_BYTES)
        return err_set(
            err, RC_INVALID,
            "%s would weigh %lld MB with it, and may weigh %d: use another letter, or make "
            "the file smaller",
            bearer->step, (long long)((sum + (1 << 20) - 1) >> 20), DOCUMENTS_MAX_BYTES >> 20);
    return RC_OK;
}

/* Finds the letter for d->step (NULL: the next one), looks whether it can take d, and has it made anew. */
static enum rc put_with(const struct desk *desk, struct document *d, struct err *err)
{
    struct occasion_file file;
    enum rc rc = store_occasion_file(desk->store, d->occasion_id, &file, err);
    if (rc != RC_OK)
        return rc;
    char id[ID_TEXT_BYTES];
    occasion_id_format(file.occasion.kind, d->occasion_id, id);
    const struct action *bearer =
        d->step ? bearer_of(&file.actions, d->step) : next_letter(&file.actions);
    if (file.occasion.ended)
        rc = say_ended(&file.occasion, err);
    else if (!is_ahead(bearer))
        rc = refuse_step(&file.actions, id, d->step, bearer, err);
    else
        rc = require_rest(bearer, err);
    if (rc == RC_OK && d->step == NULL)
        d->step = xstrdup(bearer->step);
    if (rc == RC_OK)
        rc = check_room(desk, &file.actions, d, bearer, err);
    if (rc == RC_OK)
        rc = store_message_forget(desk->store, bearer->id, err);
    occasion_file_fini(&file);
    return rc;
}

/* The letter that was to carry it, when it is made already but has not gone, is made anew without it. */
static enum rc take_from(const struct desk *desk, const struct document_row *row, struct err *err)
{
    struct action bearer;
    if (row->bearer_id == 0)
        return RC_OK;
    enum rc rc = store_action_get(desk->store, row->bearer_id, &bearer, err);
    if (rc != RC_OK)
        return rc;
    rc = require_rest(&bearer, err);
    if (rc == RC_OK)
        rc = store_message_forget(desk->store, bearer.id, err);
    action_fini(&bearer);
    return rc;
}

/* The log does not keep the name: it may be somebody's. */
enum rc document_audit(const struct desk *desk, const char *verb, const struct document_row *row,
                       const struct document *before, struct err *err)
{
    const struct document *d = &row->document;
    struct json *o = json_new_object();
    char *words = xasprintf("D%lld %s", (long long)d->id, d->step);
    json_add_int(o, "document", d->id);
    json_add_string(o, "outcome", words); /* what pps log shows */
    if (before != NULL) {
        json_add_string(o, "step", before->step);
        json_add_int(o, "dropped", before->dropped_at);
    }
    char *text = json_print(o, false);
    enum rc rc = audit(desk, verb, row->occasion.client_id, d->occasion_id, 0, text, err);
    free(text);
    json_free(o);
    free(words);
    return rc;
}

enum rc document_place(const struct desk *desk, const struct document_row *was, const char *step,
                       int64_t dropped_at, struct err *err)
{
    struct document d = was->document; /* borrows */
    d.step = (char *)(uintptr_t)step;
    d.dropped_at = dropped_at;
    enum document_fate fate = document_fate(was);
    if (fate == DOCUMENT_SENT || fate == DOCUMENT_UNSURE)
        return err_set(err, RC_REJECTED, "D%lld has gone with %s%s: nothing was changed",
                       (long long)d.id, str_or(was->carrier_step, was->document.step),
                       fate == DOCUMENT_UNSURE ? ", and whether it arrived is not known" : "");
    enum rc rc = take_from(desk, was, err);
    if (rc == RC_OK && dropped_at == 0)
        rc = put_with(desk, &d, err);
    return rc == RC_OK ? store_document_update(desk->store, &d, err) : rc;
}

/* ---- the use cases ---- */

/* Before anything is locked: a slow disk keeps nobody from writing. */
static enum rc read_entry(const struct desk *desk, const struct document_entry *e,
                          struct document *d, char **ret_bytes, struct err *err)
{
    d->added_at = desk_now(desk);
    d->step = xstrdup(e->step);
    enum rc rc = lookup_occasion(desk, e->whom, &d->occasion_id, err);
    if (rc == RC_OK)
        rc = read_name(e, &d->name, err);
    return rc == RC_OK ? read_file(e->path, d, ret_bytes, err) : rc;
}

static enum rc add(const struct desk *desk, struct document *d, const char *bytes,
                   struct document_row *ret, struct err *err)
{
    enum rc rc = put_with(desk, d, err);
    if (rc == RC_OK)
        rc = store_document_add(desk->store, d, bytes, &d->id, err);
    if (rc == RC_OK)
        rc = store_document_get(desk->store, d->id, ret, err);
    return rc == RC_OK ? document_audit(desk, "document-add", ret, NULL, err) : rc;
}

enum rc service_document_add(const struct desk *desk, const struct document_entry *entry,
                             struct document_row *ret, struct err *err)
{
    struct document_row row = {0};
    struct document d = {0};
    char *bytes = NULL;
    enum rc rc = read_entry(desk, entry, &d, &bytes, err);
    if (rc == RC_OK)
        rc = store_begin(desk->store, err);
    if (rc == RC_OK)
        rc = store_finish(desk->store, add(desk, &d, bytes, &row, err), err);
    if (rc == RC_OK)
        *ret = row;
    else
        document_row_fini(&row);
    free(bytes);
    document_fini(&d);
    return rc;
}

static enum rc get_named(const struct desk *desk, const char *words, struct document_row *ret,
                         struct err *err)
{
    int64_t id;
    if (id_parse(words, 'D', &id))
        return store_document_get(desk->store, id, ret, err);
    char *quoted = utf8_quote(words);
    (void)err_set(err, RC_INVALID,
                  "%s does not name a document: write D3 (pps attach TRIP lists them)", quoted);
    free(quoted);
    return RC_INVALID;
}

/* step NULL: it is dropped. */
static enum rc change(const struct desk *desk, const char *id, const char *step,
                      struct document_row *ret, struct err *err)
{
    struct document_row was = {0};
    enum rc rc = get_named(desk, id, &was, err);
    if (rc == RC_OK && step == NULL && was.document.dropped_at != 0)
        rc = err_set(err, RC_REJECTED,
                     "D%lld was dropped before: pps attach D%lld --step %s has it go after all",
                     (long long)was.document.id, (long long)was.document.id, was.document.step);
    if (rc == RC_OK)
        rc = document_place(desk, &was, str_or(step, was.document.step), step ? 0 : desk_now(desk),
                            err);
    if (rc == RC_OK)
        rc = store_document_get(desk->store, was.document.id, ret, err);
    if (rc == RC_OK)
        rc =
            document_audit(desk, step ? "document-move" : "document-drop", ret, &was.document, err);
    document_row_fini(&was);
    return rc;
}

static enum rc change_whole(const struct desk *desk, const char *id, const char *step,
                            struct document_row *ret, struct err *err)
{
    struct document_row row = {0};
    enum rc rc = store_begin(desk->store, err);
    if (rc == RC_OK)
        rc = store_finish(desk->store, change(desk, id, step, &row, err), err);
    if (rc == RC_OK)
        *ret = row;
    else
        document_row_fini(&row);
    return rc;
}

enum rc service_document_move(const struct desk *desk, const char *id, const char *step,
                              struct document_row *ret, struct err *err)
{
    return change_whole(desk, id, step, ret, err);
}

enum rc service_document_drop(const struct desk *desk, const char *id, struct document_row *ret,
                              struct err *err)
{
    return change_whole(desk, id, NULL, ret, err);
}

enum rc service_document_save(const struct desk *desk, const char *id, const char *path,
                              struct document_row *ret, struct err *err)
{
    struct document_row row = {0};
    char *bytes = NULL;
    size_t len = 0;
    enum rc rc = get_named(desk, id, &row, err);
    if (rc == RC_OK)
        rc = store_document_bytes(desk->store, row.document.id, &bytes, &len, err);
    if (rc == RC_OK)
        rc = file_write(path, bytes, len, true, err);
    free(bytes);
    if (rc == RC_OK)
        *ret = row;
    else
        document_row_fini(&row);
    return rc;
}
