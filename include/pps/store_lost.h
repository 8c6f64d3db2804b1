/* The store's verbs for lost sales: what there is of one beyond its occasion. */
#ifndef PPS_STORE_LOST_H
#define PPS_STORE_LOST_H

#include <pps/store.h>

/* The end_reason of one that was none: its entry was taken back, and no list and no figure has it. */
#define LOST_BY_MISTAKE "entered by mistake"

/* RC_NOTFOUND: the occasion is no lost sale. */
enum rc store_lost_get(struct store *store, int64_t occasion_id, struct lost *ret,
                       struct err *err) MUST_CHECK;
/* Adds the row of an occasion that is there already. */
enum rc store_lost_put(struct store *store, const struct lost *lost, struct err *err) MUST_CHECK;
/* Writes the whole row back; RC_NOTFOUND as above. */
enum rc store_lost_update(struct store *store, const struct lost *lost, struct err *err) MUST_CHECK;

/* Who failed to sell; id 0: nobody in particular, or it is no lost sale. */
enum rc store_lost_by(struct store *store, int64_t occasion_id, struct staff *ret,
                      struct err *err) MUST_CHECK;
/* A lost sale as the figures need it. */
struct lost_row {
    struct lost lost;
    int64_t client_id;
    char *client_name;
    struct civil learned;
    char *title;   /* where they wanted to go */
    char *lost_by; /* login; NULL: nobody in particular */
    bool ended;
    bool runs;           /* something of the series (LOST_SERIES_DAYS) is still ahead */
    bool waits;          /* something went so lately that an answer may still come */
    bool reached;        /* a letter went, or may have gone, or somebody called */
    char *talk;          /* how the last call ended: "reached" "refused" …; NULL: there was none */
    bool trip_cancelled; /* they came back, and that sale was cancelled */
};
struct lost_list {
    struct lost_row *v;
    size_t n, cap;
};
void lost_list_fini(struct lost_list *list);
struct lost_query {
    civil_day from, to; /* the days on which we heard of it; CIVIL_NONE: no bound */
    int64_t lost_by;    /* 0: everybody's */
    int64_t since;      /* what went after this instant may still be answered */
};
/* In the order in which we heard of them. */
enum rc store_lost_list(struct store *store, const struct lost_query *query, struct lost_list *ret,
                        struct err *err) MUST_CHECK;
/* Those that are not over, of this client and of everybody with the same number or address (either may be NULL). */
enum rc store_lost_open(struct store *store, int64_t client_id, const char *phone,
                        const char *email, struct id_list *ret, struct err *err) MUST_CHECK;
/* The same for those that ended because they answered, said they will buy, or somebody stopped them, and that we heard of
 * since `since`. */
enum rc store_lost_ended(struct store *store, int64_t client_id, const char *phone,
                         const char *email, civil_day since, struct id_list *ret,
                         struct err *err) MUST_CHECK;
/* Those of a client that are not over: they were entered after `since`, something of the series
 * (LOST_SERIES_DAYS) is ahead, or anything went after it, so that an answer may still come. */
enum rc store_lost_lasting(struct store *store, int64_t client_id, int64_t since,
                           struct id_list *ret, struct err *err) MUST_CHECK;
/* The occasions of which something was left out that is due between `since` and `until`, or waits that was due after
 * `since`, because of who would sign it. */
enum rc store_lost_unsigned(struct store *store, int64_t since, int64_t until, struct id_list *ret,
                            struct err *err) MUST_CHECK;
/* Whether something of the series (LOST_SERIES_DAYS) is still ahead. */
enum rc store_lost_runs(struct store *store, int64_t occasion_id, bool *ret,
                        struct err *err) MUST_CHECK;

#endif
