/* The way out of marketing letters: the agency's own page when it has one that takes a click (RFC 8058), and always an
 * address. The token says who the client is; the address of the client itself is in neither. Serves frame.c, which shows
 * it, and email.c, which puts it into the header. */
#include <stdlib.h>

#include <pps/str.h>
#include <pps/token.h>

#include "way_out.h"

void way_out_find(const struct message_input *in, const char *reply_to, struct way_out *ret)
{
    char token[TOKEN_BYTES] = "";
    const struct config *c = in->config;
    *ret = (struct way_out){0};
    if (!in->marketing)
        return;
    if (in->token_key != NULL && in->client->id > 0)
        token_make(in->token_key, TOKEN_UNSUBSCRIBE, in->client->id, token);
    if (!str_empty(c->email.unsubscribe_url) && token[0] != '\0')
        ret->url = config_with_token(c->email.unsubscribe_url, token);
    ret->address = xstrdup(str_or(c->email.unsubscribe_to, str_or(reply_to, c->email.from)));
    ret->mailto = token[0] != '\0'
                      ? xasprintf("mailto:%s?subject=unsubscribe%%20%s", ret->address, token)
                      : xasprintf("mailto:%s?subject=unsubscribe", ret->address);
}

void way_out_fini(struct way_out *way)
{
    free(way->url);
    free(way->address);
    free(way->mailto);
    *way = (struct way_out){0};
}
