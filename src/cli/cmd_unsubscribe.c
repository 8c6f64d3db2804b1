/* pps unsubscribe: "please do not write to me any more", while the client is on the phone. */
#include <stdlib.h>

#include <pps/str.h>
#include <pps/token.h>

#include "wishes.h"

static const struct option options[] = {
    {"channel", "WORD", "email or sms (default: every address they have)"},
    {"all", NULL, "also what is about their trips"},
    {"source", "WORDS",
     "where the word comes from (default: told to whoever enters it, or their answer to a letter)"},
};

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    char token[TOKEN_BYTES];
    bool whole;
    char *told = token_spot(args->words[0], token, &whole) ? xstrdup("their answer to a letter")
                                                           : xasprintf("told to %s", app->actor);
    struct word word = {
        .verb = "unsubscribe",
        .channel = arg_value(args, "channel"),
        .marketing = true,
        .service = arg_given(args, "all"),
        .given = false,
        .source = str_or(arg_value(args, "source"), told),
    };
    struct word_outcome outcome;
    enum rc rc = service_word(&app->desk, args->words[0], &word, &outcome, err);
    free(told);
    word.source = NULL;
    return rc == RC_OK ? show_word(app, "unsubscribe", &word, &outcome, err) : rc;
}

const struct command cmd_unsubscribe = {
    .name = "unsubscribe",
    .group = "What clients want",
    .summary = "stop marketing to a client, an address or a number",
    .usage = "CLIENT|ADDRESS|NUMBER [--channel WORD] [--all] [--source WORDS]",
    .details =
        "A client: by e-mail and SMS, unless --channel says which. An address or a number: only "
        "that one.\n"
        "What is about their trips still goes, unless --all. It counts at once, and for everybody "
        "who has\n"
        "the address, also later. What came to the mailbox because somebody wanted to stop the\n"
        "letters may stand for the client as it is: the link, the subject, or u12-… alone.",
    .examples = "  pps unsubscribe C12\n"
                "  pps unsubscribe Иванова --channel sms\n"
                "  pps unsubscribe maria@example.com --source \"her answer to the letter\"\n"
                "  pps unsubscribe \"unsubscribe u12-6f9e3f7fe974d91421e2f34b\" --channel email\n"
                "  pps unsubscribe \"8 903 123-45-67\" --all",
    OPTIONS(options),
    .min_words = 1,
    .max_words = 1,
    .needs = NEEDS_WRITING,
    .run = run,
};
