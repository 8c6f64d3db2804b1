/* pps consent: what people allowed and forbade, with date and source; and one more word of theirs. */
#include <pps/str.h>

#include "wishes.h"

static const struct option options[] = {
    {"yes", NULL, "they allow it"},
    {"no", NULL, "they do not want it"},
    {"channel", "WORD", "email, sms or all (default: every address they have)"},
    {"purpose", "WORD", "marketing (default), service (what is about their trips) or all"},
    {"source", "WORDS", "where the word comes from: \"by phone\", \"form of 12.03\""},
};

static enum rc read_purpose(const char *text, struct word *word, struct err *err)
{
    bool all = str_eq(text, "all");
    word->marketing = text == NULL || all || str_eq(text, "marketing");
    word->service = all || str_eq(text, "service");
    return word->marketing || word->service
               ? RC_OK
               : err_set(err, RC_USAGE, "--purpose: it is marketing, service or all");
}

static enum rc look(struct app *app, const char *who, struct err *err)
{
    struct addressee a;
    enum rc rc = service_addressee(&app->desk, who, &a, err);
    if (rc != RC_OK)
        return rc;
    rc = show_words(app, &a, err);
    addressee_fini(&a);
    return rc;
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    bool yes = arg_given(args, "yes"), no = arg_given(args, "no");
    struct word word = {
        .verb = "consent",
        .channel = arg_value(args, "channel"),
        .given = yes,
        .source = arg_value(args, "source"),
    };
    if (yes && no)
        return err_set(err, RC_USAGE, "--yes and --no contradict each other");
    bool any = word.channel || word.source || arg_given(args, "purpose");
    if (!yes && !no && any)
        return err_set(err, RC_USAGE, "say what they said: --yes or --no");
    if (!yes && !no)
        return look(app, args->words[0], err);
    struct word_outcome outcome;
    enum rc rc = read_purpose(arg_value(args, "purpose"), &word, err);
    if (rc == RC_OK)
        rc = service_word(&app->desk, args->words[0], &word, &outcome, err);
    return rc == RC_OK ? show_word(app, "consent", &word, &outcome, err) : rc;
}

const struct command cmd_consent = {
    .name = "consent",
    .group = "What clients want",
    .summary = "what a client allowed and forbade; record one more word",
    .usage = "CLIENT|ADDRESS|NUMBER [--yes|--no --source WORDS] [--channel WORD] [--purpose WORD]",
    .details =
        "The last word about an address counts, and it counts for everybody who has that address.\n"
        "Marketing is everything that can be left out: greetings, surveys, recommendations. "
        "Service "
        "is what is\n"
        "about their trips: the reminder of the flight, thanks, what to pack.",
    .examples = "  pps consent C12\n"
                "  pps consent C12 --yes --source \"form of 12.03\"\n"
                "  pps consent C12 --no --channel sms --source \"by phone\"\n"
                "  pps consent maria@example.com --no --purpose all --source \"her letter\"",
    OPTIONS(options),
    .min_words = 1,
    .max_words = 1,
    .needs = NEEDS_WRITING,
    .run = run,
};
