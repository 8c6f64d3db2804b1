/* Private to the room: what another machine says, made safe to show. */
#ifndef PPS_GATEWAY_REPLY_H
#define PPS_GATEWAY_REPLY_H

#include <stddef.h>

/* Strings that must never be shown; NULL and very short ones are ignored. */
enum { SECRETS_MAX = 4 };
struct secrets {
    char *v[SECRETS_MAX];
    size_t n;
};
void secrets_take(struct secrets *secrets, char *secret); /* from malloc; owned from now on */
void secrets_fini(struct secrets *secrets);               /* wipes and frees */
void wipe_free(char *secret);                             /* NULL is fine */

/* One line that is safe to show and to log, made of what the other side said: secrets, e-mail
 * addresses and long numbers are masked, unsafe characters neutralised. Takes at most 300 bytes.
 * New string. For ids, which are often long numbers, these can be left as they are. */
enum mask { MASK_NUMBERS, KEEP_NUMBERS };
char *reply_sanitise(const char *raw, size_t len, const struct secrets *secrets, enum mask mask);

#endif
