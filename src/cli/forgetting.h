/* Forgetting a client with all that lies outside the database: what pps forget, pps purge and pps recover share. */
#ifndef PPS_CLI_FORGETTING_H
#define PPS_CLI_FORGETTING_H

#include <pps/forgetting.h>
#include <pps/str.h>

#include "app.h"

struct outbox_files {
    int removed;
    struct sb left; /* those that could not be, by name */
};
/* Of the outbox: what was written there for a client goes. dry: only counted. */
void outbox_forget(const struct app *app, const struct word_list *names, bool dry, struct outbox_files *io);
/* "delete by hand: …", when anything is left; and frees that. */
void outbox_remark(struct app *app, struct outbox_files *files);

/* Forgets one client; the caller holds dispatch_lock. A death at any instant leaves them as they were, but for the files of
 * the outbox, or forgotten; the sent log tells of it. known_entry as of service_forget.
 * What the outbox had is added to io. */
enum rc forget_client(struct app *app, int64_t id, int64_t known_entry, struct forgotten *ret,
                      struct outbox_files *io, struct err *err) MUST_CHECK;

/* The end of every act: what is kept on purpose, and what pps cannot reach. */
void forgetting_say_remains(struct app *app);
void forgetting_say_elsewhere(struct app *app);
void forgetting_add_limits(struct json *root);

#endif
