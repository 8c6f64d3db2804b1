/* The JSON form of the domain's nouns: the same everywhere, described in docs/json.md. Instants are
 * RFC 3339 with offset (in the agency's zone), dates are YYYY-MM-DD, ids are strings. */
#ifndef PPS_VIEWS_H
#define PPS_VIEWS_H

#include <pps/figures.h>
#include <pps/json.h>
#include <pps/model.h>
#include <pps/sms.h>
#include <pps/playbook.h>
#include <pps/zone.h>

/* A document whose first field is "schema": "pps.<command>/<version>". */
struct json *view_document(const char *command, int version);

/* Each adds an object under key (or as an element when parent is an array and key is NULL). */
void view_client(struct json *parent, const char *key, const struct client *client,
                 const struct zone *zone);
/* manager, sold_by: their logins; NULL: nobody. */
void view_trip(struct json *parent, const char *key, const struct occasion *occasion,
               const char *manager, const char *sold_by, const struct zone *zone);
/* Any occasion but a trip: what all of them have. */
struct json *view_occasion(struct json *parent, const char *key, const struct occasion *occasion,
                           const char *manager, const struct zone *zone);
void view_staff(struct json *parent, const char *key, const struct staff *staff);
struct json *view_action(struct json *parent, const char *key, const struct action *action,
                         int64_t client_id, const char *manager, const struct zone *zone);
void view_instant(struct json *object, const char *key, int64_t at,
                  const struct zone *zone);                                  /* 0: null */
void view_id(struct json *object, const char *key, char letter, int64_t id); /* 0: null */
void view_occasion_id(struct json *object, const char *key, enum kind kind,
                      int64_t id); /* 0: null */

/* "cost" and "currency" of so many parts; null when the price is not known. */
void view_sms_cost(struct json *object, const struct sms_price *price, int64_t parts);

/* A figure that is worked out, under its name; null when there is nothing to work it out of. */
void view_ratio(struct json *object, const struct tally *tally, enum ratio ratio);

#endif
