/* What a file is, by its own bytes; its name may say anything. Pure. */
#ifndef PPS_FILETYPE_H
#define PPS_FILETYPE_H

#include <stdbool.h>
#include <stddef.h>

/* "application/pdf" …; "application/octet-stream" when it is none of those that we know. */
const char *filetype_of(const char *bytes, size_t len);
/* A database of SQLite, as ours is, whatever it is called. */
bool filetype_is_database(const char *bytes, size_t len);
/* A program or script, which no mail server lets through and no client should get. */
bool filetype_is_program(const char *bytes, size_t len);
/* Width and height in pixels of a PNG, JPEG or GIF; false when it is none, or cut off before it says so. */
bool filetype_picture(const char *bytes, size_t len, int *ret_width, int *ret_height);

#endif
