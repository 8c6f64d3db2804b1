/* What of a letter is for the way back: the key of the tokens, and the envelope sender, to which mail servers return what
 * they cannot deliver. With email.verp each letter has its own, so that a returned one says whose it was. Serves tick,
 * prepare and send. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "internal.h"

enum rc envelope_key(const struct dispatcher *d, char **ret, struct err *err)
{
    return store_setting_get(d->store, TOKEN_KEY_SETTING, ret, err);
}

/* A new database has one from its first day, an older one gets it here. It is never another one: what has gone out is
 * answered for months. */
enum rc envelope_ensure_key(const struct dispatcher *d, char **ret, struct err *err)
{
    char fresh[TOKEN_KEY_DIGITS + 1];
    enum rc rc = envelope_key(d, ret, err);
    if (rc != RC_OK || *ret != NULL)
        return rc;
    random_hex(fresh, TOKEN_KEY_DIGITS);
    rc = store_begin(d->store, err);
    if (rc == RC_OK)
        rc =
            store_finish(d->store, store_setting_set(d->store, TOKEN_KEY_SETTING, fresh, err), err);
    if (rc == RC_OK)
        *ret = xstrdup(fresh);
    return rc;
}

char *envelope_sender(const struct dispatcher *d, const char *key, int64_t action_id)
{
    char token[TOKEN_BYTES];
    if (str_empty(d->config->email.verp) || key == NULL)
        return NULL;
    token_make(key, TOKEN_BOUNCE, action_id, token);
    return config_with_token(d->config->email.verp, token);
}
