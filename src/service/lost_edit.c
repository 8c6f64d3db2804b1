/* What was mistyped about a lost sale is put right: why, in which words, where and when they travel, who lost it, who talks
 * to them. The planner draws the conclusions; what has gone out stays gone, and nothing goes twice. Serves pps lost edit. */
#include <stdlib.h>

#include <pps/str.h>

#include "lost.h"

/* Both rows of it, as they are to be. */
struct rows {
    struct occasion occasion;
    struct lost lost;
};

static enum rc rows_read(const struct desk *desk, int64_t id, struct rows *ret, struct err *err)
{
    enum rc rc = store_occasion_get(desk->store, id, &ret->occasion, err);
    return rc == RC_OK ? store_lost_get(desk->store, id, &ret->lost, err) : rc;
}

static void rows_fini(struct rows *rows)
{
    occasion_fini(&rows->occasion);
    lost_fini(&rows->lost);
}

static bool same_rows(const struct rows *a, const struct rows *b)
{
    return occasion_equal(&a->occasion, &b->occasion) && str_eq(a->lost.reason, b->lost.reason) &&
           str_eq(a->lost.words, b->lost.words) && a->lost.lost_by == b->lost.lost_by;
}

/* ---- what is new ---- */

static enum rc take_reason(const struct desk *desk, const char *text, char **io, struct err *err)
{
    char *value;
    if (text == NULL)
        return RC_OK;
    enum rc rc = lost_read_reason(desk, text, &value, err);
    if (rc == RC_OK) {
        free(*io);
        *io = value;
    }
    return rc;
}

/* Whoever turns out to have lost it does not talk to them: then it is one of the two directors. */
static enum rc take_caller(const struct desk *desk, const char *login, const struct staff *loser,
                           int64_t *io, struct err *err)
{
    struct staff staff;
    if (login != NULL)
        return lost_named_caller(desk, login, loser, io, err);
    if (*io == 0 || loser->id == 0)
        return RC_OK;
    enum rc rc = store_staff_get(desk->store, *io, &staff, err);
    if (rc != RC_OK)
        return rc;
    if (lost_same_person(&staff, loser))
        rc = lost_pick_caller(desk, loser, io, err);
    staff_fini(&staff);
    return rc;
}

static enum rc take_people(const struct desk *desk, const struct lost_change *change,
                           struct rows *io, struct err *err)
{
    struct staff loser = {0};
    enum rc rc = RC_OK;
    if (change->lost_by != NULL)
        rc = field_manager(desk, change->lost_by, &io->lost.lost_by, err);
    if (rc == RC_OK && io->lost.lost_by != 0)
        rc = store_staff_get(desk->store, io->lost.lost_by, &loser, err);
    if (rc == RC_OK && (change->lost_by != NULL || change->call_by != NULL))
        rc = take_caller(desk, change->call_by, &loser, &io->occasion.manager_id, err);
    staff_fini(&loser);
    return rc;
}

static enum rc take_change(const struct desk *desk, const struct lost_change *change,
                           struct rows *io, struct err *err)
{
    enum rc rc = take_reason(desk, change->reason, &io->lost.reason, err);
    if (rc == RC_OK)
        rc = field_change("words", change->words, NOTE_MAX_CHARS, &io->lost.words, err);
    if (rc == RC_OK)
        rc = field_change("destination", change->destination, WORDS_MAX_CHARS, &io->occasion.title,
                       err);
    if (rc == RC_OK)
        rc = lost_read_travel(desk, change->travel_from, change->travel_to, &io->occasion, err);
    return rc == RC_OK ? take_people(desk, change, io, err) : rc;
}

/* ---- the line in the log: "reason цена -> отель, departure 2026-12-10 -> 2027-12-10" ---- */

static void add_text(struct sb *sb, const char *field, const char *was, const char *is)
{
    if (!str_eq(was, is))
        sb_addf(sb, "%s%s %s -> %s", sb->len ? ", " : "", field, str_or(was, "-"), str_or(is, "-"));
}

static void add_date(struct sb *sb, enum anchor anchor, const struct rows *was,
                     const struct rows *is)
{
    char a[CIVIL_TEXT_BYTES] = "-", b[CIVIL_TEXT_BYTES] = "-";
    if (was->occasion.when[anchor].day != CIVIL_NONE)
        civil_format(was->occasion.when[anchor], a);
    if (is->occasion.when[anchor].day != CIVIL_NONE)
        civil_format(is->occasion.when[anchor], b);
    add_text(sb, anchor_name(anchor), a, b);
}

static void add_login(const struct desk *desk, struct sb *sb, const char *field, int64_t was,
                      int64_t is)
{
    char *a = lookup_login(desk, was), *b = lookup_login(desk, is);
    add_text(sb, field, a, b);
    free(a);
    free(b);
}

static enum rc write_log(const struct desk *desk, const struct rows *was, const struct rows *is,
                         struct err *err)
{
    struct sb sb = {0};
    struct json *detail = json_new_object();
    add_text(&sb, "reason", was->lost.reason, is->lost.reason);
    add_text(&sb, "words", was->lost.words, is->lost.words);
    add_text(&sb, "destination", was->occasion.title, is->occasion.title);
    add_date(&sb, ANCHOR_DEPARTURE, was, is);
    add_date(&sb, ANCHOR_RETURN, was, is);
    add_login(desk, &sb, "lost by", was->lost.lost_by, is->lost.lost_by);
    add_login(desk, &sb, "call by", was->occasion.manager_id, is->occasion.manager_id);
    json_add_string(detail, "words", sb_str(&sb));
    lost_keep(detail, &was->occasion, &was->lost);
    json_add_int(detail, "gave_to", is->occasion.manager_id);
    char *text = json_print(detail, false);
    enum rc rc = audit(desk, "edit-lost", is->occasion.client_id, is->occasion.id, 0, text, err);
    free(text);
    json_free(detail);
    sb_fini(&sb);
    return rc;
}

/* ---- written ---- */

static enum rc write_change(const struct desk *desk, const struct rows *was, const struct rows *is,
                            struct err *err)
{
    enum rc rc = store_occasion_update(desk->store, &is->occasion, err);
    if (rc == RC_OK)
        rc = store_lost_update(desk->store, &is->lost, err);
    if (rc == RC_OK)
        rc = write_log(desk, was, is, err);
    return rc == RC_OK ? planning_of_client(desk, is->occasion.client_id, NULL, NULL, err) : rc;
}

static enum rc look(const struct desk *desk, int64_t id, struct lost_result *ret, struct err *err)
{
    enum rc rc = store_occasion_file(desk->store, id, &ret->file, err);
    if (rc == RC_OK)
        rc = store_lost_get(desk->store, id, &ret->lost, err);
    if (rc == RC_OK)
        rc = store_lost_by(desk->store, id, &ret->lost_by, err);
    if (rc != RC_OK || ret->file.occasion.ended)
        return rc;
    return lost_remark(desk, ret, err);
}

/* What changes nothing is nothing: no line in the log, nothing is planned anew. */
static enum rc edit(const struct desk *desk, int64_t id, const struct lost_change *change,
                    struct lost_result *ret, struct err *err)
{
    struct rows was = {0}, is = {0};
    enum rc rc = rows_read(desk, id, &was, err);
    if (rc == RC_OK && was.occasion.ended && str_eq(was.occasion.end_reason, LOST_BY_MISTAKE))
        rc = say_ended(&was.occasion, err);
    if (rc == RC_OK)
        rc = rows_read(desk, id, &is, err);
    if (rc == RC_OK)
        rc = take_change(desk, change, &is, err);
    if (rc == RC_OK && !same_rows(&was, &is))
        rc = write_change(desk, &was, &is, err);
    rows_fini(&was);
    rows_fini(&is);
    return rc == RC_OK ? look(desk, id, ret, err) : rc;
}

enum rc service_lost_edit(const struct desk *desk, int64_t occasion_id,
                          const struct lost_change *change, struct lost_result *ret,
                          struct err *err)
{
    struct lost_result result = {0};
    enum rc rc = store_begin(desk->store, err);
    if (rc == RC_OK)
        rc = store_finish(desk->store, edit(desk, occasion_id, change, &result, err), err);
    if (rc == RC_OK)
        *ret = result;
    else
        lost_result_fini(&result);
    return rc;
}
