/* The list of the morning becomes an e-mail. It goes the way of every letter, with templates of its own and a colleague
 * where the client would stand. Serves service/ through <pps/digest.h>. */
#include <stdlib.h>

#include <pps/digest.h>

#include "context_digest.h"
#include "letter.h"

enum rc message_render_digest(const struct digest_input *in, const struct mail_identity *identity,
                              struct rendered *ret, struct err *err)
{
    struct letter letter = {0};
    const struct client reader = {.name = in->colleague->name, .email = in->colleague->email};
    const struct message_input as_letter = {
        .config = in->config,
        .client = &reader,
        .step = in->digest->director ? "digest-director" : "digest-manager",
        .channel = CHANNEL_EMAIL,
        .templates_dir = in->templates_dir,
    };
    enum rc rc = letter_write_digest(in, &as_letter, &letter, err);
    if (rc == RC_OK)
        rc = letter_into_envelope(&as_letter, &letter, identity, ret, err);
    letter_fini(&letter);
    return rc;
}
