/* How many parts a text takes as an SMS, what that costs, and the same words in Latin letters. GSM 03.38 (3GPP TS 23.038),
 * concatenation per TS 23.040 with an 8-bit reference (6 octets). Pure. Texts must be valid UTF-8. */
#ifndef PPS_SMS_H
#define PPS_SMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <pps/err.h>
#include <pps/money.h>

enum sms_alphabet { SMS_GSM7, SMS_UCS2 };

struct sms_size {
    enum sms_alphabet alphabet;
    size_t units; /* septets (GSM-7, extension characters count 2) or UTF-16 units (UCS-2) */
    size_t
        parts; /* 1: 160 / 70 units; else 153 / 67 a part, escape and surrogate pairs never split */
    uint32_t first_ucs2; /* the first character that is not in GSM-7, 0 when all are */
};

/* An empty text is one part of 0 units. */
struct sms_size sms_measure(const char *text);

/* What makes a text expensive: in one of UCS-2 the characters that are not in GSM-7, in one of GSM-7 those that count
 * twice. Each once, in the order in which they stand there. */
struct sms_culprit {
    uint32_t character;
    size_t at;    /* of the first one: bytes from the beginning */
    size_t times;
};
struct sms_culprits {
    struct sms_culprit *v;
    size_t n, cap;
};
void sms_find_culprits(const char *text, struct sms_culprits *ret);
void sms_culprits_fini(struct sms_culprits *culprits);
/* The parts that it would have without them: written with what sms_latin puts in their place (as it is, when that
 * cannot be read), or with nothing counting twice. */
size_t sms_parts_without(const char *text, const char *lang);

/* The text in GSM-7 alone. Cyrillic letters become Latin ones: in Bulgarian ("bg") by the law on transliteration of 2009,
 * otherwise by ICAO Doc 9303, as in passports. Quotation marks, dashes and the like become plain ones, pictures are
 * dropped. What nothing can stand for, a Greek or a Chinese name, becomes "?"; *ret_whole: there was no such thing, so that it
 * can be read, and no address in such letters, which would be another one. lang and ret_whole may be NULL. New string. */
char *sms_latin(const char *text, const char *lang, bool *ret_whole);

/* What one part costs. */
struct sms_price {
    int64_t amount;   /* in ten-thousandths of the currency, for parts cost cents; 0: not known */
    char currency[4]; /* three capital letters */
};
/* "3.70", "0,045", "3.70 RUB"; up to four digits after the comma. Without a currency it is `currency`. RC_INVALID. */
enum rc sms_price_parse(const char *text, const char *currency, struct sms_price *ret,
                        struct err *err) MUST_CHECK;
/* What so many parts cost, in hundredths, rounded. */
int64_t sms_cost(const struct sms_price *price, int64_t parts);
/* "51.80 RUB"; "" when the price is not known. */
#define SMS_COST_BYTES (MONEY_TEXT_BYTES + 4)
void sms_cost_format(const struct sms_price *price, int64_t parts, char buf[SMS_COST_BYTES]);

#endif
