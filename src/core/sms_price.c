/* What SMS cost: a price for one part, and what so many parts come to. It is a forecast for people; the provider counts for
 * itself. A part may cost cents, so prices are finer than money.c. Serves the configuration, dry runs and the checks. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pps/sms.h>
#include <pps/str.h>
#include <pps/utf8.h>

enum { SCALE = 10000, MAX_WHOLE = 6, MAX_FRACTION = 4 };

/* The number at s in ten-thousandths; returns what follows, NULL when there is none. */
static const char *read_amount(const char *s, int64_t *ret)
{
    size_t whole = strspn(s, "0123456789");
    if (whole == 0 || whole > MAX_WHOLE)
        return NULL;
    int64_t amount = 0;
    for (size_t i = 0; i < whole; i++)
        amount = amount * 10 + (s[i] - '0');
    s += whole;
    size_t digits = 0;
    if (*s == '.' || *s == ',') {
        digits = strspn(++s, "0123456789");
        if (digits == 0 || digits > MAX_FRACTION)
            return NULL;
    }
    for (size_t i = 0; i < MAX_FRACTION; i++)
        amount = amount * 10 + (i < digits ? s[i] - '0' : 0);
    *ret = amount;
    return s + digits;
}

static bool is_currency(const char *s)
{
    return strlen(s) == 3 && strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3;
}

enum rc sms_price_parse(const char *text, const char *currency, struct sms_price *ret,
                        struct err *err)
{
    struct sms_price price = {0};
    const char *rest = read_amount(text, &price.amount);
    if (rest != NULL && *rest == ' ')
        currency = ++rest;
    else if (rest != NULL && *rest != '\0')
        rest = NULL;
    if (rest == NULL || !is_currency(currency) || price.amount == 0) {
        char *quoted = utf8_quote(text);
        (void)err_set(err, RC_INVALID,
                      "%s is no price of an SMS part: write 3.70, 0.045 or 3.70 RUB", quoted);
        free(quoted);
        return RC_INVALID;
    }
    memcpy(price.currency, currency, sizeof price.currency);
    *ret = price;
    return RC_OK;
}

int64_t sms_cost(const struct sms_price *price, int64_t parts)
{
    const int64_t per_hundredth = SCALE / 100;
    return (price->amount * parts + per_hundredth / 2) / per_hundredth;
}

void sms_cost_format(const struct sms_price *price, int64_t parts, char buf[SMS_COST_BYTES])
{
    char sum[MONEY_TEXT_BYTES];
    buf[0] = '\0';
    if (price->amount == 0)
        return;
    money_format(sms_cost(price, parts), sum);
    (void)snprintf(buf, SMS_COST_BYTES, "%s %s", sum, price->currency);
}
