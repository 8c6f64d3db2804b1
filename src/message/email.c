/* A rendered letter becomes an e-mail: who it is from, who it is to, where answers go. Addresses
 * are checked again here, at the last door before the bytes are frozen; one that does not fit is
 * refused, never repaired. Serves dispatch through <pps/message.h>. */
#include <stdlib.h>
#include <string.h>

#include <pps/contact.h>
#include <pps/message.h>
#include <pps/str.h>
#include <pps/utf8.h>

#include "escape.h"
#include "letter.h"
#include "mime.h"

enum { NAME_MAX_COLUMNS = 100 };

struct addresses {
    char *from_name, *from, *to_name, *to, *reply_to;
};

static void addresses_fini(struct addresses *a)
{
    free(a->from_name);
    free(a->from);
    free(a->to_name);
    free(a->to);
    free(a->reply_to);
}

/* A name as it may stand before an address. */
static char *display_name(const char *name)
{
    char *line = one_header_line(name);
    line[utf8_prefix_bytes(line, NAME_MAX_COLUMNS)] = '\0';
    return line;
}

/* "Olga Petrova (Blue Sea)": the reader sees the person and knows from where. */
static char *sender_name(const struct message_input *in)
{
    const char *agency = in->config->agency.name;
    char *who = in->signer == NULL || str_empty(in->signer->name)
                    ? xstrdup(agency)
                    : xasprintf("%s (%s)", in->signer->name, agency);
    char *name = display_name(who);
    free(who);
    return name;
}

static enum rc check_address(const char *whose, const char *address, char **ret, struct err *err)
{
    if (str_empty(address))
        return err_set(err, RC_INVALID, "%s has no e-mail address", whose);
    enum rc rc = email_parse(address, ret, err);
    return rc == RC_OK ? rc : err_prefix(err, RC_INVALID, "%s", whose);
}

/* Answers go to the person who signed, else to the agency. */
static enum rc find_reply_to(const struct message_input *in, char **ret, struct err *err)
{
    if (in->signer != NULL && !str_empty(in->signer->email))
        return check_address("the signer", in->signer->email, ret, err);
    if (!str_empty(in->config->agency.email))
        return check_address("the agency", in->config->agency.email, ret, err);
    return RC_OK;
}

static enum rc find_addresses(const struct message_input *in, struct addresses *a, struct err *err)
{
    a->from_name = sender_name(in);
    a->to_name = display_name(in->client->name);
    enum rc rc = check_address("the client", in->client->email, &a->to, err);
    if (rc == RC_OK)
        rc = check_address("the sender (email.from)", in->config->email.from, &a->from, err);
    if (rc == RC_OK)
        rc = find_reply_to(in, &a->reply_to, err);
    return rc;
}

enum rc message_render_email(const struct message_input *in, const struct mail_identity *identity,
                             struct rendered *ret, struct err *err)
{
    struct addresses a = {0};
    struct letter letter = {0};
    struct rendered rendered = {0};
    enum rc rc = find_addresses(in, &a, err);
    if (rc == RC_OK)
        rc = letter_write(in, &letter, err);
    if (rc != RC_OK)
        goto out;
    struct mime_mail mail = {.from_name = a.from_name,
                             .from_address = a.from,
                             .to_name = a.to_name,
                             .to_address = a.to,
                             .reply_to = a.reply_to,
                             .subject = letter.subject,
                             .lang = letter.lang,
                             .text = letter.text,
                             .html = letter.html,
                             .identity = identity};
    rc = mime_build(&mail, &rendered.bytes, &rendered.len, err);
    if (rc != RC_OK)
        goto out;
    rendered.recipient = xstrdup(a.to);
    rendered.subject = xstrdup(letter.subject);
    rendered.preheader = xstrdup(letter.preheader);
    *ret = rendered;
out:
    letter_fini(&letter);
    addresses_fini(&a);
    return rc;
}
