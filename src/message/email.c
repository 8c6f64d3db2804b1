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
#include "way_out.h"

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

static char *for_reader(const struct config *config, const char *lang, const char *name)
{
    return name_for_reader(&config->agency.translations, config->agency.lang, lang, name);
}

/* "Olga Petrova (Blue Sea)": the reader sees the person and knows from where. */
static char *sender_name(const struct message_input *in, const char *lang)
{
    bool person = in->signer != NULL && !str_empty(in->signer->name);
    char *agency = for_reader(in->config, lang, in->config->agency.name);
    char *signer = for_reader(in->config, lang, person ? in->signer->name : NULL);
    char *who = person ? xasprintf("%s (%s)", signer, agency) : xstrdup(agency);
    char *name = display_name(who);
    free(who);
    free(signer);
    free(agency);
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
    const char *address = letter_reply_to(in);
    if (address == NULL)
        return RC_OK;
    return check_address(address == in->config->agency.email ? "the agency" : "the signer", address,
                         ret, err);
}

static enum rc find_addresses(const struct message_input *in, const char *lang,
                              struct addresses *a, struct err *err)
{
    a->from_name = sender_name(in, lang);
    char *client = for_reader(in->config, lang, in->client->name);
    a->to_name = display_name(client);
    free(client);
    enum rc rc = check_address("the client", in->client->email, &a->to, err);
    if (rc == RC_OK)
        rc = check_address("the sender (email.from)", in->config->email.from, &a->from, err);
    if (rc == RC_OK)
        rc = find_reply_to(in, &a->reply_to, err);
    return rc;
}

/* Step, agency, class, program: what mailbox providers group complaints by. */
static char *feedback_id(const struct message_input *in, const char *from)
{
    return xasprintf("%s:%s:%s:pps", in->step, strrchr(from, '@') + 1,
                     in->marketing ? "marketing" : "service");
}

static enum rc put_into_envelope(const struct message_input *in, const struct addresses *a,
                                 const struct letter *letter, const struct mail_identity *identity,
                                 struct rendered *ret, struct err *err)
{
    struct way_out way;
    struct rendered rendered = {0};
    char *id = feedback_id(in, a->from);
    way_out_find(in, a->reply_to, &way);
    struct mime_mail mail = {.from_name = a->from_name,
                             .from_address = a->from,
                             .to_name = a->to_name,
                             .to_address = a->to,
                             .reply_to = a->reply_to,
                             .subject = letter->subject,
                             .lang = letter->lang,
                             .feedback_id = id,
                             .unsubscribe_url = way.url,
                             .unsubscribe_mailto = way.mailto,
                             .bulk = in->marketing,
                             .text = letter->text,
                             .html = letter->html,
                             .pictures = &letter->pictures,
                             .attachments = &letter->attachments,
                             .identity = identity};
    enum rc rc = mime_build(&mail, &rendered.bytes, &rendered.len, err);
    if (rc == RC_OK) {
        rendered.recipient = xstrdup(a->to);
        rendered.subject = xstrdup(letter->subject);
        rendered.preheader = xstrdup(letter->preheader);
        *ret = rendered;
    }
    way_out_fini(&way);
    free(id);
    return rc;
}

enum rc letter_into_envelope(const struct message_input *in, const struct letter *letter,
                             const struct mail_identity *identity, struct rendered *ret,
                             struct err *err)
{
    struct addresses a = {0};
    struct message_input as_sent = *in;
    if (letter->from_agency)
        as_sent.signer = NULL;
    enum rc rc = find_addresses(&as_sent, letter->lang, &a, err);
    if (rc == RC_OK)
        rc = put_into_envelope(&as_sent, &a, letter, identity, ret, err);
    addresses_fini(&a);
    return rc;
}

enum rc message_render_email(const struct message_input *in, const struct mail_identity *identity,
                             struct rendered *ret, struct err *err)
{
    struct letter letter = {0};
    enum rc rc = letter_write(in, &letter, err);
    if (rc == RC_OK)
        rc = letter_into_envelope(in, &letter, identity, ret, err);
    letter_fini(&letter);
    return rc;
}
