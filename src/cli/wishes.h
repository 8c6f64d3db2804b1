/* wishes.c: how people's words about being written to are shown. Serves consent, unsubscribe, and the card. */
#ifndef PPS_CLI_WISHES_H
#define PPS_CLI_WISHES_H

#include <pps/wishes.h>

#include "app.h"

/* What a word has changed, for people or as the document of `command`; releases the outcome. */
enum rc show_word(struct app *app, const char *command, const struct word *word,
                  struct word_outcome *outcome, struct err *err) MUST_CHECK;
/* Every word about the addresses, and what follows from them. */
enum rc show_words(struct app *app, const struct addressee *addressee, struct err *err) MUST_CHECK;
/* "no messages", "1 message", "5 messages" */
enum { COUNT_WORDS_BYTES = 48 };
const char *message_count(int n, char buf[COUNT_WORDS_BYTES]);
/* The same with calls, when there are any: "5 messages, 1 call" */
const char *kept_words(const struct kept *kept, char buf[COUNT_WORDS_BYTES]);
/* The messages as `key`, the calls as `key`_calls. */
void kept_json(struct json *root, const char *key, const struct kept *kept);
/* On the card: a line when they do not want something. */
enum rc show_wishes(struct app *app, const struct client *client, struct err *err) MUST_CHECK;

#endif
