/* Addresses of people: phone numbers and e-mail addresses, checked at the door. Pure.
 * What does not fit is rejected, never repaired by guessing (delivery: CR LF in an address is an
 * attack). */
#ifndef PPS_CONTACT_H
#define PPS_CONTACT_H

#include <stdbool.h>

#include <pps/err.h>

#define PHONE_BYTES 17 /* '+' and at most 15 digits (E.164) and NUL */

/* Reads a phone number as people write it: "+7 (903) 123-45-67", "8 903 123-45-67", "0888 123 456".
 * country is the agency's ISO 3166 code and says what a number without '+' or "00" means:
 *   RU, KZ: 8XXXXXXXXXX and 7XXXXXXXXXX (11 digits) and XXXXXXXXXX (10 digits, in RU not
 *           beginning with 7 or 8: then one is missing) are +7…
 *   BG:     0XXXXXXXX… (a leading 0) is +359…
 *   others: only international forms.
 * Result: E.164 with '+', 8..15 digits. Errors: RC_INVALID quoting the text and saying what is
 * wrong. */
enum rc phone_parse(const char *text, const char *country, char ret[PHONE_BYTES],
                    struct err *err) MUST_CHECK;

/* Whether an SMS can reach it. False only for what is certainly a line of a building: in Russia the numbers of places and the
 * free ones, +7 3…, 4… and 8… (numbering plan of the ITU, E.164 national lists: 7 9xx is mobile); all else may. */
bool phone_takes_sms(const char *e164);

/* "+79031234567" -> "+7 903 123-45-67", "+442079460958" -> "+44 20 7946 0958": as people of that country write it, where we
 * know; else in groups of three after a known calling code, else the number as it is. buf is 32 bytes. */
void phone_format(const char *e164, char buf[32]);

/* An addr-spec that may stand in SMTP's MAIL FROM and RCPT TO: exactly one '@', at most 254 bytes,
 * local part a dot-atom (RFC 5321 §4.1.2) of at most 64, domain of at least two LDH labels (an
 * internationalised domain in its xn-- form). No quotes, no spaces, no control characters, ASCII
 * only. The domain is lower-cased in the result. New string. Errors: RC_INVALID quoting the text
 * (its unsafe characters shown as U+FFFD) and naming the fault. */
enum rc email_parse(const char *text, char **ret_address, struct err *err) MUST_CHECK;

#endif
