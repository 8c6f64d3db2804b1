/* Rows -> values, for the column lists that several verbs share. The order of columns is sql.c's.
 */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "db.h"

/* Words in the database are held to their CHECKs, so an unknown one can only be damage; it reads as
 * the first word, and store_check finds the damage. */
static enum channel col_channel(const struct query *q, int i)
{
    enum channel channel = CHANNEL_EMAIL;
    const char *text = col_word(q, i);
    if (text != NULL)
        (void)channel_from_name(text, &channel);
    return channel;
}

enum kind row_kind(const struct query *q, int i)
{
    enum kind kind = KIND_TRIP;
    const char *text = col_word(q, i);
    if (text != NULL)
        (void)kind_from_name(text, &kind);
    return kind;
}

void row_action(const struct query *q, int first, struct action *ret)
{
    *ret = (struct action){
        .id = col_int(q, first),
        .occasion_id = col_int(q, first + 1),
        .step = col_text(q, first + 2),
        .occurrence = (int)col_int(q, first + 3),
        .channel = col_channel(q, first + 4),
        .planned_channel = col_channel(q, first + 5),
        .reason = col_text(q, first + 8),
        .local_due = col_civil(q, first + 9),
        .tz = col_text(q, first + 10),
        .due_at = col_int(q, first + 11),
        .expires_at = col_int(q, first + 12),
        .next_attempt_at = col_int(q, first + 13),
        .fallback_channel = col_channel(q, first + 14),
        .fallback_at = col_int(q, first + 15),
        .merged_into = col_text(q, first + 16),
        .attempts = (int)col_int(q, first + 17),
        .outcome = col_text(q, first + 18),
        .note = col_text(q, first + 19),
        .done_at = col_int(q, first + 20),
        .done_by = col_text(q, first + 21),
        .priority = (enum priority)col_int(q, first + 22),
        .stale = col_int(q, first + 23) != 0,
        .anchor_at = col_civil(q, first + 24),
        .moved_to = col_civil(q, first + 25),
        .approved_at = col_int(q, first + 26),
        .held_at = col_int(q, first + 27),
        .was_due_at = col_int(q, first + 28),
        .kind = row_kind(q, first + 29),
    };
    const char *state = col_word(q, first + 6);
    const char *cause = col_word(q, first + 7);
    if (state != NULL)
        (void)state_from_name(state, &ret->state);
    if (cause != NULL)
        (void)cause_from_name(cause, &ret->cause);
}

void row_occasion(const struct query *q, int first, struct occasion *ret)
{
    enum {
        WHEN = 4,
        AFTER = WHEN + ANCHOR_COUNT
    }; /* the dates stand in the order of enum anchor */
    *ret = (struct occasion){
        .id = col_int(q, first),
        .client_id = col_int(q, first + 1),
        .kind = row_kind(q, first + 2),
        .title = col_text(q, first + 3),
        .departure_tz = col_text(q, first + AFTER),
        .product = col_text(q, first + AFTER + 1),
        .about_id = col_int(q, first + AFTER + 2),
        .manager_id = col_int(q, first + AFTER + 3),
        .playbook_version = col_int(q, first + AFTER + 4),
        .note = col_text(q, first + AFTER + 5),
        .ended = col_int(q, first + AFTER + 6) != 0,
        .end_reason = col_text(q, first + AFTER + 7),
        .created_at = col_int(q, first + AFTER + 8),
        .adults = (int)col_int(q, first + AFTER + 9),
        .children = (int)col_int(q, first + AFTER + 10),
        .sold_by = col_int(q, first + AFTER + 11),
    };
    for (int i = 0; i < ANCHOR_COUNT; i++)
        ret->when[i] = col_civil(q, first + WHEN + i);
}

void row_client(const struct query *q, int first, struct client *ret)
{
    *ret = (struct client){
        .id = col_int(q, first),
        .name = col_text(q, first + 1),
        .salutation = col_text(q, first + 2),
        .phone = col_text(q, first + 3),
        .email = col_text(q, first + 4),
        .lang = col_text(q, first + 5),
        .tz = col_text(q, first + 6),
        .birthday = col_text(q, first + 7),
        .note = col_text(q, first + 8),
        .external_id = col_text(q, first + 9),
        .created_at = col_int(q, first + 10),
        .phone_wrong = col_int(q, first + 11) != 0,
        .paused_until = col_day(q, first + 12),
        .pause_reason = col_text(q, first + 13),
    };
    const char *gender = col_word(q, first + 14);
    if (gender != NULL)
        (void)gender_from_name(gender, &ret->gender);
}

void row_staff(const struct query *q, int first, struct staff *ret)
{
    *ret = (struct staff){
        .id = col_int(q, first),
        .login = col_text(q, first + 1),
        .name = col_text(q, first + 2),
        .position = col_text(q, first + 4),
        .email = col_text(q, first + 5),
        .phone = col_text(q, first + 6),
        .active = col_int(q, first + 7) != 0,
    };
    const char *role = col_word(q, first + 3);
    if (role != NULL)
        (void)role_from_name(role, &ret->role);
}
