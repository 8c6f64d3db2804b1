/* What the store knows of the passing of time: whose day it is, whose pause is over, and what was planned with an older
 * playbook. The rules of pps/store.h hold here, too. */
#ifndef PPS_STORE_TIME_H
#define PPS_STORE_TIME_H

#include <pps/store.h>

/* Clients with a trip of theirs that was not cancelled, who can be reached, and have not had this greeting in its year. */
struct greet_query {
    const char *key; /* "birthday", or the key of a holiday */
    civil_day day;   /* on which they are to be greeted */
    const char
        *birthdays[2]; /* "MM-DD", of those who were born before that year; NULL: everybody's day */
    bool email, phone, any; /* who has an address, who has a right number, everybody */
    civil_day
        trip_since; /* a trip from which they returned on this day or later; CIVIL_NONE: any trip */
    int64_t after;  /* numbers above this one */
    size_t limit;
};
struct to_greet {
    int64_t client_id;
    int64_t manager_id; /* of their last trip, if that person has not left; 0: nobody */
};
struct to_greet_list {
    struct to_greet *v;
    size_t n, cap;
};
void to_greet_list_fini(struct to_greet_list *list);
/* By number of the client. */
enum rc store_list_to_greet(struct store *store, const struct greet_query *query,
                            struct to_greet_list *ret, struct err *err) MUST_CHECK;

/* Occasions that run and were planned with another version of the playbook, and about which anything may still come:
 * something is open, or one of their dates is not before `since`. */
struct outdated_query {
    int64_t version;
    civil_day since;
    civil_day from;       /* only those whose own day is this or later; CIVIL_NONE: all */
    int64_t after_client; /* clients with numbers above this one */
    size_t limit;
};
struct outdated {
    int64_t client_id, occasion_id;
};
struct outdated_list {
    struct outdated *v;
    size_t n, cap;
};
void outdated_list_fini(struct outdated_list *list);
/* The first moment in (seen_at, now] at which a message became due that still waits, or a call's message was to step
 * in, and since which nothing was handed over; 0: there is none. */
enum rc store_due_unseen(struct store *store, int64_t seen_at, int64_t now, int64_t *ret,
                         struct err *err) MUST_CHECK;

/* By client, then by number. */
enum rc store_list_outdated(struct store *store, const struct outdated_query *query,
                            struct outdated_list *ret, struct err *err) MUST_CHECK;

#endif
