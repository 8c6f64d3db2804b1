/* What a change of a trip remembers in the audit log, and taking it back: each field that was changed gets what was there
 * before, if nobody has changed it since, and everything is planned anew. When the client was told the new dates already, a
 * correction goes out once more. Serves edit-trip and undo.c. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "time.h"
#include "undo.h"

/* ---- a field as text ---- */

static const char *const fields[] = {"purchase",     "departure", "return", "visit",  "destination",
                                     "departure-tz", "product",   "party",  "note",  "manager", "sold-by"};
enum { FIELDS = sizeof fields / sizeof *fields };

static char **text_of(struct occasion *t, const char *field)
{
    return str_eq(field, "destination")    ? &t->title
           : str_eq(field, "departure-tz") ? &t->departure_tz
           : str_eq(field, "product")      ? &t->product
                                           : &t->note;
}

/* NULL: it names no person. */
static int64_t *person_of(struct occasion *t, const char *field)
{
    return str_eq(field, "manager") ? &t->manager_id : str_eq(field, "sold-by") ? &t->sold_by : NULL;
}

static bool names_person(const char *field)
{
    return str_eq(field, "manager") || str_eq(field, "sold-by");
}

/* New string; NULL: nothing stands there. */
static char *read_field(const struct occasion *t, const char *field)
{
    enum anchor anchor;
    if (anchor_from_name(field, &anchor))
        return kept_date(t->when[anchor]);
    if (str_eq(field, "party"))
        return t->adults + t->children > 0 ? xasprintf("%d+%d", t->adults, t->children) : NULL;
    const int64_t *person = person_of((struct occasion *)(uintptr_t)t, field);
    if (person != NULL)
        return *person != 0 ? xasprintf("%lld", (long long)*person) : NULL;
    return xstrdup(*text_of((struct occasion *)(uintptr_t)t, field));
}

static enum rc write_field(struct occasion *t, const char *field, const char *text, struct err *err)
{
    enum anchor anchor;
    if (anchor_from_name(field, &anchor)) {
        t->when[anchor] = (struct civil){CIVIL_NONE, MINUTE_NONE};
        return text != NULL ? civil_parse(text, CIVIL_NONE, &t->when[anchor], err) : RC_OK;
    }
    int64_t *person = person_of(t, field);
    if (person != NULL) {
        *person = text != NULL ? strtoll(text, NULL, 10) : 0;
        return RC_OK;
    }
    if (str_eq(field, "party"))
        return field_party(str_or(text, ""), &t->adults, &t->children, err);
    char **io = text_of(t, field);
    free(*io);
    *io = xstrdup(text);
    return RC_OK;
}

/* ---- into the log ---- */

/* New string. */
static char *words_of(const struct desk *desk, const char *field, const char *text)
{
    if (!names_person(field))
        return xstrdup(str_or(text, "-"));
    char *login = text != NULL ? lookup_login(desk, strtoll(text, NULL, 10)) : NULL;
    return login != NULL ? login : xstrdup("nobody");
}

static void add_words(const struct desk *desk, struct sb *sb, const char *field, const char *was,
                      const char *is)
{
    sb_addf(sb, "%s%s", sb->len ? ", " : "", field);
    if (str_eq(field, "note"))
        return;
    char *a = words_of(desk, field, was), *b = words_of(desk, field, is);
    sb_addf(sb, " %s -> %s", a, b);
    free(a);
    free(b);
}

char *trip_change_detail(const struct desk *desk, const struct occasion *before, const struct occasion *after)
{
    struct sb words = {0};
    struct json *detail = json_new_object();
    struct json *was = json_add_object(detail, "was"), *is = json_add_object(detail, "is");
    for (size_t i = 0; i < FIELDS; i++) {
        char *a = read_field(before, fields[i]), *b = read_field(after, fields[i]);
        if (!str_eq(a, b)) {
            json_add_string(was, fields[i], a);
            json_add_string(is, fields[i], b);
            add_words(desk, &words, fields[i], a, b);
        }
        free(a);
        free(b);
    }
    json_add_string(detail, "words", sb_str(&words));
    sb_fini(&words);
    return undo_detail_text(detail);
}

bool trip_change_has(const struct json *detail, const char *field)
{
    return json_get(json_get(detail, "was"), field) != NULL;
}

/* ---- taken back ---- */

static bool takes(const char *verb)
{
    return str_eq(verb, "edit-trip");
}

static enum rc give_back_field(struct occasion *t, const char *field, const struct json *detail,
                               struct err *err)
{
    char *now = read_field(t, field);
    bool same = str_eq(now, json_string(json_get(json_get(detail, "is"), field)));
    free(now);
    if (!same)
        return err_set(
            err, RC_REJECTED,
            "T%lld: its %s was changed since then: pps edit-trip T%lld --%s sets another",
            (long long)t->id, field, (long long)t->id, field);
    return write_field(t, field, json_string(json_get(json_get(detail, "was"), field)), err);
}

static enum rc give_back(struct occasion *t, const struct json *detail, struct err *err)
{
    const struct json *was = json_get(detail, "was");
    enum rc rc = RC_OK;
    if (was == NULL)
        return err_set(err, RC_REJECTED,
                       "T%lld: what was there before that change is not known: pps edit-trip T%lld "
                       "changes it once more",
                       (long long)t->id, (long long)t->id);
    for (const struct json *v = json_first(was); v != NULL && rc == RC_OK; v = json_next(v))
        rc = give_back_field(t, json_key(v), detail, err);
    return rc;
}

/* Whoever has left gets no work back. */
static enum rc require_manager(const struct desk *desk, const struct occasion *t, struct err *err)
{
    struct staff staff;
    if (t->manager_id == 0)
        return RC_OK;
    enum rc rc = store_staff_get(desk->store, t->manager_id, &staff, err);
    if (rc != RC_OK)
        return rc;
    if (!staff.active)
        rc = err_set(err, RC_REJECTED,
                     "%s, who had T%lld before, has left: pps edit-trip T%lld --manager names "
                     "somebody else",
                     staff.login, (long long)t->id, (long long)t->id);
    staff_fini(&staff);
    return rc;
}

/* What the client is told of it. */
static const char *words_of_correction(struct civil was, struct civil is)
{
    bool now = is.day != CIVIL_NONE, before = was.day != CIVIL_NONE;
    if (now && (!before || was.day != is.day || was.minute != is.minute))
        return "; the client was told the other date, so a correction goes out";
    return before && !now ? "; the correction that waited does not go" : "";
}

static enum rc say_what(const struct desk *desk, const struct occasion *before,
                        const struct json *detail, char **ret_what, struct err *err)
{
    struct occasion after;
    enum rc rc = store_occasion_get(desk->store, before->id, &after, err);
    if (rc != RC_OK)
        return rc;
    struct sb sb = {0};
    for (const struct json *v = json_first(json_get(detail, "was")); v != NULL; v = json_next(v)) {
        sb_addf(&sb, "%s%s", sb.len ? ", " : "", json_key(v));
        if (names_person(json_key(v)) || str_eq(json_key(v), "note"))
            sb_add(&sb, " as before");
        else
            sb_addf(&sb, " is %s again", str_or(json_string(v), "empty"));
    }
    *ret_what =
        xasprintf("the change of T%lld is taken back: %s; what is still ahead was planned anew%s",
                  (long long)before->id, sb_str(&sb),
                  words_of_correction(before->when[ANCHOR_MOVED], after.when[ANCHOR_MOVED]));
    sb_fini(&sb);
    occasion_fini(&after);
    return RC_OK;
}

static enum rc take_back(const struct desk *desk, const struct audit_entry *entry,
                         struct occasion_file *file, const struct json *detail, char **ret_what,
                         struct err *err)
{
    (void)entry;
    struct occasion before = {0};
    enum rc rc = file->occasion.ended ? say_ended(&file->occasion, err) : RC_OK;
    if (rc == RC_OK)
        rc = store_occasion_get(desk->store, file->occasion.id, &before, err);
    if (rc == RC_OK)
        rc = give_back(&file->occasion, detail, err);
    if (rc == RC_OK && trip_change_has(detail, "manager"))
        rc = require_manager(desk, &file->occasion, err);
    if (rc == RC_OK)
        rc = plan_check_dates(file->occasion.when[ANCHOR_PURCHASE].day,
                              file->occasion.when[ANCHOR_DEPARTURE],
                              file->occasion.when[ANCHOR_RETURN], err);
    if (rc == RC_OK)
        rc = trip_write(desk, &before, file, NULL, err);
    if (rc == RC_OK)
        rc = say_what(desk, &before, detail, ret_what, err);
    occasion_fini(&before);
    return rc;
}

static enum rc undo_edit(const struct desk *desk, const struct audit_entry *entry, char **ret_what,
                         struct err *err)
{
    return undo_with_file(desk, entry, take_back, ret_what, err);
}

const struct undoer undo_of_trips = {.takes = takes, .undo = undo_edit};
