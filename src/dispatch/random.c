/* Numbers that nobody can guess, for Message-IDs and idempotency keys. */
#include <stdlib.h>
#include <sys/random.h>

#include "internal.h"

void random_hex(char *buf, size_t digits)
{
    static const char hex[] = "0123456789abcdef";
    unsigned char bytes[64];
    size_t n = digits < sizeof bytes ? digits : sizeof bytes;
    /* getrandom cannot fail for so few bytes once the kernel is up (getrandom(2)). */
    if (getrandom(bytes, n, 0) != (ssize_t)n)
        abort();
    for (size_t i = 0; i < n; i++)
        buf[i] = hex[bytes[i] & 15];
    buf[n] = '\0';
}

void dispatch_token(char ret[33])
{
    random_hex(ret, 32);
}
