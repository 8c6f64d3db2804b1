/* How many parts a text takes as an SMS. GSM 03.38 (3GPP TS 23.038), concatenation per TS 23.040
 * with an 8-bit reference (6 octets). Pure. */
#ifndef PPS_SMS_H
#define PPS_SMS_H

#include <stddef.h>
#include <stdint.h>

enum sms_alphabet { SMS_GSM7, SMS_UCS2 };

struct sms_size {
    enum sms_alphabet alphabet;
    size_t units; /* septets (GSM-7, extension characters count 2) or UTF-16 units (UCS-2) */
    size_t
        parts; /* 1: 160 / 70 units; else 153 / 67 a part, escape and surrogate pairs never split */
    uint32_t first_ucs2; /* the first character that is not in GSM-7, 0 when all are */
};

/* text must be valid UTF-8. An empty text is one part of 0 units. */
struct sms_size sms_measure(const char *text);

#endif
