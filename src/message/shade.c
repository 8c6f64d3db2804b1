/* The agency chooses one colour; what is written in it and on it must be readable by light and by dark, also for eyes that
 * are not young: level AA of WCAG 2 (contrast 4.5). Serves frame.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shade.h"

static const double readable = 4.5;
static const char *const dark_text = "#16202a";

/* Of the i-th pair of digits, 0 to 255. */
static int channel_of(const char *color, int i)
{
    char pair[3] = {color[1 + 2 * i], color[2 + 2 * i], '\0'};
    return (int)strtol(pair, NULL, 16);
}

/* sRGB to light: the curve of the standard, x to the power of 2.4, as a cubic that is off by less than 0.0035. */
static double light_of(int channel)
{
    double c = channel / 255.0;
    return c * (c * (c * 0.305306011 + 0.682171111) + 0.012522878);
}

static double luminance(const char *color)
{
    return 0.2126 * light_of(channel_of(color, 0)) + 0.7152 * light_of(channel_of(color, 1)) +
           0.0722 * light_of(channel_of(color, 2));
}

double shade_contrast(const char *a, const char *b)
{
    double x = luminance(a) + 0.05, y = luminance(b) + 0.05;
    return x > y ? x / y : y / x;
}

const char *shade_text_on(const char *background)
{
    return shade_contrast("#ffffff", background) >= shade_contrast(dark_text, background)
               ? "#ffffff"
               : dark_text;
}

/* So many hundredths of the way from `color` to white (255) or black (0). */
static void mix(const char *color, int to, int hundredths, char ret[SHADE_BYTES])
{
    unsigned c[3];
    for (int i = 0; i < 3; i++) {
        int from = channel_of(color, i);
        c[i] = (unsigned)(from + (to - from) * hundredths / 100) & 0xff;
    }
    (void)snprintf(ret, SHADE_BYTES, "#%02x%02x%02x", c[0], c[1], c[2]);
}

void shade_readable(const char *color, const char *background, char ret[SHADE_BYTES])
{
    int to = strcmp(shade_text_on(background), "#ffffff") == 0 ? 255 : 0;
    int hundredths = 0;
    /* A little more than asked for, because of the cubic. */
    do
        mix(color, to, hundredths, ret);
    while (shade_contrast(ret, background) < readable + 0.15 && hundredths++ < 100);
}
