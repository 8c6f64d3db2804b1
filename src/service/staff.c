/* People of the agency: who may be a trip's manager, and who signs. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>
#include <pps/utf8.h>

#include "internal.h"

static enum rc check_login(const char *text, struct err *err)
{
    const char *letters = "abcdefghijklmnopqrstuvwxyz0123456789._-";
    if (str_empty(text) || strlen(text) > 40 || strspn(text, letters) != strlen(text))
        return err_set(
            err, RC_INVALID,
            "login: small Latin letters, digits, dots and dashes, such as anna or o.petrova");
    if (str_eq(text, "logo")) /* pictures/logo.png would be the face of this person, too */
        return err_set(err, RC_INVALID,
                       "login: \"logo\" is the name of the agency's own picture: take another, "
                       "such as o.petrova");
    return RC_OK;
}

/* Puts what was given over what is there. */
static enum rc apply(const struct desk *desk, const struct staff_entry *e, struct staff *s,
                     struct err *err)
{
    char *value;
    enum rc rc = RC_OK;
#define TAKE(member, call)                                                                         \
    if (rc == RC_OK && e->member != NULL && (rc = (call)) == RC_OK) {                              \
        free(s->member);                                                                           \
        s->member = value;                                                                         \
    }
    TAKE(name, field_text("name", e->name, NAME_MAX_CHARS, &value, err))
    TAKE(position, field_text("position", e->position, NAME_MAX_CHARS, &value, err))
    TAKE(email, field_email(e->email, &value, err))
    TAKE(phone, field_phone(desk, e->phone, &value, err))
#undef TAKE
    if (rc == RC_OK && s->name == NULL)
        rc = err_set(err, RC_USAGE, "a person needs a name: --name \"Анна Петрова\"");
    if (rc == RC_OK && e->role != NULL && !role_from_name(e->role, &s->role)) {
        char *safe = utf8_printable(e->role, true);
        rc = err_set(err, RC_USAGE, "role: \"%.60s\" is none: it is manager, director or service",
                     safe);
        free(safe);
    }
    return rc;
}

static enum rc add(const struct desk *desk, struct staff *s, struct err *err)
{
    struct staff taken;
    struct err why = {0};
    enum rc rc = store_staff_by_login(desk->store, s->login, &taken, &why);
    if (rc == RC_OK) {
        staff_fini(&taken);
        return err_set(err, RC_EXISTS, "the login %s is taken: pps staff edit %s changes it",
                       s->login, s->login);
    }
    if (rc != RC_NOTFOUND)
        return err_set(err, rc, "%s", why.message);
    rc = store_staff_add(desk->store, s, &s->id, err);
    return rc == RC_OK ? audit(desk, "staff-add", 0, 0, 0, s->login, err) : rc;
}

enum rc service_staff_add(const struct desk *desk, const char *login,
                          const struct staff_entry *entry, struct staff *ret, struct err *err)
{
    enum rc rc = check_login(login, err);
    if (rc != RC_OK)
        return rc;
    struct staff s = {.active = true, .role = ROLE_MANAGER, .login = xstrdup(login)};
    rc = apply(desk, entry, &s, err);
    if (rc == RC_OK)
        rc = store_begin(desk->store, err);
    if (rc == RC_OK)
        rc = store_finish(desk->store, add(desk, &s, err), err);
    if (rc == RC_OK)
        *ret = s;
    else
        staff_fini(&s);
    return rc;
}

static enum rc edit(const struct desk *desk, const char *login, const struct staff_entry *entry,
                    struct staff *s, struct err *err)
{
    enum rc rc = store_staff_by_login(desk->store, login, s, err);
    if (rc == RC_OK)
        rc = apply(desk, entry, s, err);
    if (rc == RC_OK)
        rc = store_staff_update(desk->store, s, err);
    return rc == RC_OK ? audit(desk, "staff-edit", 0, 0, 0, s->login, err) : rc;
}

enum rc service_staff_edit(const struct desk *desk, const char *login,
                           const struct staff_entry *entry, struct staff *ret, struct err *err)
{
    struct staff s = {0};
    enum rc rc = store_begin(desk->store, err);
    if (rc == RC_OK)
        rc = store_finish(desk->store, edit(desk, login, entry, &s, err), err);
    if (rc == RC_OK)
        *ret = s;
    else
        staff_fini(&s);
    return rc;
}
