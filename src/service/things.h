/* Between things.c, which writes the entries of the audit log that undo reads, and the undo of things. */
#ifndef PPS_SERVICE_THINGS_H
#define PPS_SERVICE_THINGS_H

#include <pps/things.h>

/* ---- undo_things.c ---- */
bool is_thing_verb(const char *verb);
/* The newest change of a thing that was not taken back yet. RC_NOTFOUND. audit_entry_fini the result. */
enum rc thing_last_change(const struct desk *desk, int64_t id, struct audit_entry *ret,
                          struct err *err) MUST_CHECK;
/* Takes it back, provided nothing was changed since. Inside a transaction. */
enum rc undo_thing(const struct desk *desk, const struct audit_entry *entry, char **ret_what,
                   struct err *err) MUST_CHECK;
/* Which thing an entry is about; 0: none. */
int64_t thing_of_entry(const struct audit_entry *entry);

/* ---- undo.c ---- */
/* Whether one of the n entries, the newest first, took back the entry with this id. */
bool was_undone(const struct audit_list *list, size_t n, int64_t id);

#endif
