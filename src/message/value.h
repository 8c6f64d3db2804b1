/* The data that a template may see: a tree of texts, flags, objects and lists. */
#ifndef PPS_MESSAGE_VALUE_H
#define PPS_MESSAGE_VALUE_H

#include <stdbool.h>
#include <stddef.h>

enum value_kind { VALUE_TEXT, VALUE_FLAG, VALUE_OBJECT, VALUE_LIST };

struct value;

struct value *value_text(const char *text); /* copied; NULL is "" */
struct value *value_flag(bool flag);
struct value *value_object(void);
struct value *value_list(void);
void value_free(struct value *value); /* with everything below it; NULL is fine */

/* All of them take `member`. value_set replaces a member that is there already. */
void value_set(struct value *object, const char *key, struct value *member);
/* The same of a key that cannot be there yet; does not look for it. */
void value_add(struct value *object, const char *key, struct value *member);
void value_push(struct value *list, struct value *member);
/* From now on every member that the object does not have is this instead of unknown. Takes `other`. */
void value_set_others(struct value *object, struct value *other);
/* From now on the keys are asked for whatever the case of their letters; they must be folded. */
void value_fold_keys(struct value *object);
/* From now on sections take the object for false; its members can be asked as before. */
void value_set_absent(struct value *object);

/* From now on no template may print the text; why is what its author is told, and not copied. */
void value_refuse(struct value *text, const char *why);
const char *value_refused(const struct value *value); /* NULL: it may be printed */

enum value_kind value_kind(const struct value *value);
const char *value_get_text(const struct value *value); /* "" unless it is a text */
/* What a section asks: a text or list that is not empty, a flag that is set, an object that is not absent. */
bool value_is_true(const struct value *value);
size_t value_count(const struct value *value); /* members of an object or a list */
const struct value *value_at(const struct value *value, size_t i);
const char *value_key_at(const struct value *object, size_t i);
/* NULL when the value is not an object or has no such member. The key need not be terminated. */
const struct value *value_member(const struct value *object, const char *key, size_t key_len);

#endif
