/* Colours that can be read: contrast as WCAG 2 measures it. Pure. */
#ifndef PPS_MESSAGE_SHADE_H
#define PPS_MESSAGE_SHADE_H

#define SHADE_BYTES 8 /* "#rrggbb" and NUL */

/* Both are "#rrggbb". 1 (the same) to 21 (black on white). */
double shade_contrast(const char *a, const char *b);
/* White or nearly black, whichever is read better on it. */
const char *shade_text_on(const char *background);
/* The colour itself when it has a contrast of 4.5 on the background; else the nearest to it, on the way to black or white,
 * that has. */
void shade_readable(const char *color, const char *background, char ret[SHADE_BYTES]);

#endif
