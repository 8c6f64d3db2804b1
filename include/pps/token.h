/* Tokens: what stands in a link or an address so that an answer that comes back from outside says what it is about, and
 * nobody but us can have made it. Pure: the key is a parameter, and stays in the database. */
#ifndef PPS_TOKEN_H
#define PPS_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

/* The setting of the database that keeps the key: TOKEN_KEY_DIGITS random digits of base 16. Whoever has it can write
 * tokens of ours, so it never leaves the database but in its backup. */
#define TOKEN_KEY_SETTING "token_key"
enum { TOKEN_KEY_DIGITS = 64, TOKEN_BYTES = 48 };

/* What a token is about. One made for one use is none for another. */
enum token_use {
    TOKEN_UNSUBSCRIBE, /* a client, by their number: "u12-…" */
    TOKEN_BOUNCE       /* an action: "b156-…" */
};

/* "u12-5f0c…": the letter of the use, the number, 24 digits of HMAC-SHA256 (RFC 2104) over what stands before them. Small
 * letters, digits and '-' only, so that it survives every URL and every mail server. id is positive. */
void token_make(const char *key, enum token_use use, int64_t id, char ret[TOKEN_BYTES]);
/* Whether this is such a token, whatever the letter case, and of which number. */
bool token_read(const char *key, enum token_use use, const char *token, int64_t *ret_id);
/* "#9f86d0…": by which an address or a number that was forgotten is known again when somebody comes with it, and from which it
 * cannot be read: 40 digits of HMAC-SHA256 over it in small ASCII letters. No address begins with '#'. */
enum { SEAL_BYTES = 42 };
void address_seal(const char *address, char ret[SEAL_BYTES]);
/* The first thing in a text (a link, an address, the subject of an answer) that has the form of a token, whoever made it.
 * Lines may be broken in it, as mail programs break them. *ret_whole: it has all its digits; else the text
 * was cut. False: there is none, and ret is "". */
bool token_spot(const char *text, char ret[TOKEN_BYTES], bool *ret_whole);

#endif
