/* Where links lead. Pure. */
#ifndef PPS_MESSAGE_LINK_H
#define PPS_MESSAGE_LINK_H

/* Why nobody comes anywhere by this address of http(s), mailto or tel, as it follows the address: "names no host: …". NULL: it
 * leads somewhere, or is of another kind. */
const char *link_fault(const char *url);
/* The address with its host as mail programs need it, in ASCII (RFC 5891): https://xn--…; every other as it is. New string. */
char *link_ascii(const char *url);

#endif
