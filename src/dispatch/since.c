/* What the sent log says of messages that a copy of the database has not seen: for each action, what became of it, whatever
 * number of tries there was. One pass over the log, which may be long. Serves restore.c. */
#include <search.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "internal.h"

static int compare_int(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* Numbers of actions are given anew after a restore; the instant at which its trip was entered tells them apart. */
static int compare(const void *pa, const void *pb)
{
    const struct sent_since *a = pa, *b = pb;
    int by_action = compare_int(a->risk.action_id, b->risk.action_id);
    return by_action != 0 ? by_action
                          : compare_int(a->risk.occasion_created_at, b->risk.occasion_created_at);
}

static bool is_left_at_risk(const struct since *s, int64_t seq)
{
    for (size_t i = 0; i < s->left.n; i++) {
        if (s->left.v[i].seq == seq)
            return true;
    }
    return false;
}

/* What was accepted stays so. What is in doubt stays so, too, until something is accepted. */
static void handed_over(struct since *s, const struct log_line *line)
{
    struct sent_since probe = {.risk = *line};
    struct sent_since *const *found = tfind(&probe, &s->tree, compare);
    struct sent_since *one;
    if (found != NULL) {
        one = *found;
        one->doubtful = one->doubtful || one->class == DELIVERY_IN_DOUBT;
    } else {
        one = xcalloc(1, sizeof *one);
        vec_reserve(&s->v, s->n, &s->cap, sizeof(*s->v));
        s->v[s->n++] = one;
        one->risk = *line;
        if (tsearch(one, &s->tree, compare) == NULL)
            abort(); /* as xmalloc does */
    }
    one->risk = *line; /* the same action; the last handing over */
    if (one->class != DELIVERY_SENT || found == NULL)
        one->class = DELIVERY_IN_DOUBT; /* until the answer is found */
    s->latest = one;
}

static void answered(struct since *s, const struct log_line *line)
{
    struct sent_since *one = s->latest;
    if (one == NULL || one->risk.place.seq != line->place.seq || one->class == DELIVERY_SENT)
        return;
    one->class = line->class;
    memcpy(one->provider_id, line->provider_id, sizeof one->provider_id);
}

bool since_is_family(const struct since *s, const char *instance)
{
    for (size_t i = 0; i < s->n_family; i++) {
        if (str_eq(s->family[i], instance))
            return true;
    }
    return false;
}

static void join(struct since *s, const char *instance)
{
    if (instance[0] == '\0' || since_is_family(s, instance))
        return;
    vec_reserve(&s->family, s->n_family, &s->cap_family, sizeof *s->family);
    (void)snprintf(s->family[s->n_family++], sizeof *s->family, "%s", instance);
}

/* What forks of this database have sent went to its clients, too; their numbers mean nothing here. */
static void collect(void *ctx, const struct log_line *line)
{
    struct since *s = ctx;
    const struct place *place = &line->place;
    bool own = str_eq(place->instance, s->here->instance);
    int64_t seq = place->seq;
    if (line->kind == LOG_FORGET || line->kind == LOG_FORGOT)
        return; /* see forgotten.c */
    s->any = true;
    if (!since_is_family(s, place->instance) && !since_is_family(s, place->was))
        return;
    join(s, place->instance);
    join(s, place->was);
    if (!s->ours)
        s->reaches = own && seq <= s->here->seq + (line->kind == LOG_RISK);
    s->ours = true;
    s->forked = s->forked || !own;
    s->highest = seq > s->highest ? seq : s->highest;
    if (line->kind == LOG_HERE || (own && seq <= s->here->seq && !is_left_at_risk(s, seq)))
        return;
    if (line->kind == LOG_RISK)
        handed_over(s, line);
    else
        answered(s, line);
}

enum delivery_class since_outcome(const struct sent_since *one)
{
    return one->doubtful && one->class != DELIVERY_SENT ? DELIVERY_IN_DOUBT : one->class;
}

enum rc since_read(const struct dispatcher *d, const struct place *here, struct since *ret,
                   struct err *err)
{
    *ret = (struct since){.here = here, .highest = here->seq};
    join(ret, here->instance);
    for (size_t i = 0; i < here->n_ancestors; i++)
        join(ret, here->ancestors[i]);
    enum rc rc = store_list_at_risk(d->store, &ret->left, err);
    return rc == RC_OK ? sentlog_read(d->sent_path, collect, ret, NULL, err) : rc;
}

void since_fini(struct since *since)
{
    for (size_t i = 0; i < since->n; i++) {
        (void)tdelete(since->v[i], &since->tree, compare);
        free(since->v[i]);
    }
    free(since->v);
    free(since->family);
    at_risk_list_fini(&since->left);
}
