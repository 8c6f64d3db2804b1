/* People of the agency: who may be a trip's manager, and who signs. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>
#include <pps/utf8.h>

#include "internal.h"

static enum rc read_login(const char *text, char **ret, struct err *err)
{
    const char *letters = "abcdefghijklmnopqrstuvwxyz0123456789._-";
    if (str_empty(text) || strlen(text) > 40 || strspn(text, letters) != strlen(text))
        return err_set(
            err, RC_INVALID,
            "login: small Latin letters, digits, dots and dashes, such as anna or o.petrova");
    *ret = xstrdup(text);
    return RC_OK;
}

enum rc service_staff_add(const struct desk *desk, const char *login, const char *name,
                          const char *role, const char *position, const char *email,
                          const char *phone, struct staff *ret, struct err *err)
{
    struct staff s = {.active = true, .role = ROLE_MANAGER};
    struct err ignored;
    struct staff taken;
    enum rc rc = read_login(login, &s.login, err);
    if (rc == RC_OK)
        rc = field_text("name", name, NAME_MAX_CHARS, &s.name, err);
    if (rc == RC_OK && s.name == NULL)
        rc = err_set(err, RC_USAGE, "a person needs a name: --name \"Анна Петрова\"");
    if (rc == RC_OK && role != NULL && !role_from_name(role, &s.role))
        rc = err_set(err, RC_USAGE, "role: it is manager, director or service");
    if (rc == RC_OK)
        rc = field_text("position", position, NAME_MAX_CHARS, &s.position, err);
    if (rc == RC_OK)
        rc = field_email(email, &s.email, err);
    if (rc == RC_OK)
        rc = field_phone(desk, phone, &s.phone, err);
    if (rc == RC_OK)
        rc = store_begin(desk->store, err);
    if (rc == RC_OK) {
        rc = store_staff_by_login(desk->store, s.login, &taken, &ignored);
        if (rc == RC_OK) {
            staff_fini(&taken);
            rc = err_set(err, RC_EXISTS, "the login %s is taken: nothing was added", s.login);
        } else if (rc == RC_NOTFOUND) {
            rc = store_staff_add(desk->store, &s, &s.id, err);
        } else {
            (void)err_set(err, rc, "%s", ignored.message);
        }
        if (rc == RC_OK)
            rc = audit(desk, "staff-add", 0, 0, 0, s.login, err);
        rc = desk_finish(desk, rc, err);
    }
    if (rc == RC_OK)
        *ret = s;
    else
        staff_fini(&s);
    return rc;
}
