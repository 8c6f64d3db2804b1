/* What is known of a client besides the card's first lines: facts worth remembering, how the agency sees them, things
 * for them, and what they have told us. A plain value, gathered by store_known; for the card, for letters and scripts. */
#ifndef PPS_KNOWN_H
#define PPS_KNOWN_H

#include <stdbool.h>
#include <stddef.h>

#include <pps/model.h>

/* How the agency sees a client; any combination. */
enum client_mark { MARK_PROMISING, MARK_PROFITABLE, MARK_LOYAL, MARK_COUNT };
const char *client_mark_name(enum client_mark mark); /* "promising" "profitable" "loyal" */
bool client_mark_from_name(const char *name, enum client_mark *ret);
#define MARK_BIT(mark) (1u << (mark))

/* What is worth remembering: the dog's name. */
struct client_fact {
    char *key; /* folded: small letters of any alphabet, digits, _ and - */
    char *value;
};
struct client_facts {
    struct client_fact *v;
    size_t n, cap;
};
void client_facts_fini(struct client_facts *facts);
const char *client_facts_get(const struct client_facts *facts,
                             const char *key); /* NULL: not known */
enum { CLIENT_FACT_KEY_MAX = 40 };             /* characters */
/* Whether a folded word can be a key. */
bool client_fact_key_is_good(const char *key);

struct things {
    struct thing *v;
    size_t n, cap;
};
void things_fini(struct things *things);
/* Promised, neither given nor dropped: a gift, a card or an album; a photo is theirs, and nobody gives it. */
bool thing_is_open(const struct thing *thing);
/* Prepared, and waits to be handed over. */
bool thing_is_ready(const struct thing *thing);

/* What an occasion is about beyond its own row. */
struct details {
    struct occasion trip;     /* a trip itself, or what feedback or a complaint is about; id 0: none */
    struct feedback feedback; /* itself, or the last about the trip; occasion_id 0: none */
    struct complaint complaint; /* occasion_id 0: it is no complaint */
    struct lost lost;           /* occasion_id 0: it is no lost sale */
    char *lost_by;              /* the name of who failed to sell; NULL: nobody in particular */
};

struct known {
    struct client_facts facts; /* by key */
    unsigned marks;            /* MARK_BITs */
    struct things things;      /* all of the client, the oldest first */
    int trip_number; /* which of the client's trips it is about: 1 is their first; 0: about none */
    bool rated, unhappy, promoter; /* their last answer about that trip */
    bool complaint_open;           /* a complaint of theirs, about whatever */
    struct details about;          /* of the occasion that it is gathered for */
};
void known_fini(struct known *known);

/* How many of a client's trips come before this occasion; before one without a departure they all do. Those that are ended
 * do not count. */
int trips_before(const struct occasion *all, size_t n, const struct occasion *occasion);

#endif
