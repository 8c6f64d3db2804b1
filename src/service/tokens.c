/* What came back from outside and holds a token of ours: the link that stops letters, the subject of an answer to them, the
 * envelope of a letter that could not be delivered. Only whoever has the key of the database can say whose it is, and that
 * nobody has made it up. Serves everybody who looks a client or an action up by what people typed. */
#include <stdlib.h>

#include <pps/token.h>

#include "internal.h"

static enum rc of_action(const struct desk *desk, int64_t id, struct token_said *ret,
                         struct err *err)
{
    struct occasion occasion;
    struct action action;
    enum rc rc = store_action_get(desk->store, id, &action, err);
    if (rc != RC_OK)
        return rc;
    rc = store_occasion_get(desk->store, action.occasion_id, &occasion, err);
    if (rc != RC_OK) {
        action_fini(&action);
        return rc;
    }
    *ret = (struct token_said){
        .there = true, .returned = true, .client_id = occasion.client_id, .action = action};
    occasion_fini(&occasion);
    return RC_OK;
}

static enum rc of_client(const struct desk *desk, int64_t id, struct token_said *ret,
                         struct err *err)
{
    struct client client;
    enum rc rc = store_client_get(desk->store, id, &client, err);
    if (rc != RC_OK)
        return rc;
    client_fini(&client);
    *ret = (struct token_said){.there = true, .client_id = id};
    return RC_OK;
}

enum rc lookup_token(const struct desk *desk, const char *words, struct token_said *ret,
                     struct err *err)
{
    char token[TOKEN_BYTES], *key = NULL;
    bool whole = false;
    int64_t id = 0;
    *ret = (struct token_said){0};
    if (!token_spot(words, token, &whole) || !whole)
        return RC_OK;
    enum rc rc = store_setting_get(desk->store, TOKEN_KEY_SETTING, &key, err);
    if (rc != RC_OK)
        return rc;
    if (key != NULL && token_read(key, TOKEN_UNSUBSCRIBE, token, &id))
        rc = of_client(desk, id, ret, err);
    else if (key != NULL && token_read(key, TOKEN_BOUNCE, token, &id))
        rc = of_action(desk, id, ret, err);
    else
        rc = err_set(err, RC_INVALID,
                     "%s is in none of our letters: copy the link or the address once more, all of "
                     "it, or name the client",
                     token);
    free(key);
    return rc;
}

void token_said_fini(struct token_said *said)
{
    action_fini(&said->action);
    *said = (struct token_said){0};
}
