/* What the fuzz targets share. A broken promise ends the program, which is how libFuzzer learns of it. */
#ifndef TESTS_FUZZ_H
#define TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pps/err.h>
#include <pps/str.h>
#include <pps/utf8.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#define PROMISE(what)                                                                              \
    do {                                                                                           \
        if (!(what)) {                                                                             \
            (void)fprintf(stderr, "broken: %s\n", #what);                                          \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* A value that must never be seen as it is in HTML. No template of ours holds it. */
#define CANARY "cnry<script>\"'&"
#define CANARY_BARE "cnry<"

static inline int is_sound(const char *text, size_t len)
{
    return utf8_valid_until(text, len) == len && strlen(text) == len;
}

/* An error is one line that says something. */
static inline int is_line(const struct err *err)
{
    return err->message[0] != '\0' && strchr(err->message, '\n') == NULL &&
           is_sound(err->message, strlen(err->message));
}

#endif
