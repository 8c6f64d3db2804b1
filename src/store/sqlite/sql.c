/* Every SQL statement of the program, in one table. Written so that the same text serves PostgreSQL
 * wherever it can: $n parameters in order of appearance, RETURNING, ON CONFLICT. */
#include "sql.h"

/* Two habits of SQLite's planner show here: a partial index serves only a query that repeats its WHERE word for word, and
 * "+column" in ORDER BY keeps it from walking a whole index just to save a sort of a few rows. */

#define ACTION_COLUMNS                                                                             \
    "a.id, a.trip_id, a.step, a.occurrence, a.channel, a.planned_channel, a.state, a.cause, "      \
    "a.reason, a.local_due, a.tz, a.due_at, a.expires_at, a.next_attempt_at, a.fallback_channel, " \
    "a.fallback_at, a.merged_into, a.attempts, a.outcome, a.note, a.done_at, a.done_by, "          \
    "a.priority, a.stale"
#define TRIP_COLUMNS                                                                               \
    "t.id, t.client_id, t.destination, t.purchase, t.departure, t.return, t.visit, t.manager_id, " \
    "t.playbook_version, t.note, t.cancelled, t.cancel_reason, t.created_at"
#define CLIENT_COLUMNS                                                                             \
    "c.id, c.name, c.salutation, c.phone, c.email, c.lang, c.tz, c.birthday, c.note, "             \
    "c.external_id, c.created_at, c.phone_wrong"
#define STAFF_COLUMNS "s.id, s.login, s.name, s.role, s.position, s.email, s.phone, s.active"
#define AGENDA_FROM                                                                                \
    "SELECT " ACTION_COLUMNS ", c.id, c.name, c.phone, c.email, t.destination, t.departure, "      \
    "t.return, t.playbook_version, s.login FROM action a JOIN trip t ON t.id = a.trip_id "         \
    "JOIN client c ON c.id = t.client_id "                                                         \
    "LEFT JOIN staff s ON s.id = t.manager_id AND s.active = 1 "
#define NOT_CANCELLED                                                                              \
    "EXISTS (SELECT 1 FROM trip t WHERE t.id = action.trip_id AND t.cancelled = 0)"
/* There is an attempt of which nobody knows what became. */
#define UNSETTLED                                                                                  \
    "EXISTS (SELECT 1 FROM attempt t WHERE t.action_id = action.id AND t.outcome = 'in_doubt' "    \
    "AND t.settled IS NULL)"
/* Claimed for a repeat of what is in doubt. */
#define A_REPEAT "(state = 'claimed' AND cause IN ('no_verdict', 'restored'))"
#define MAYBE_ACCEPTED                                                                             \
    "(t.outcome IS NULL OR t.outcome IN ('sent', 'in_doubt')) "                                    \
    "AND coalesce(t.settled, '') <> 'not_sent'"

#define OPEN_WORK                                                                                  \
    "FROM action a JOIN trip t ON t.id = a.trip_id JOIN client c ON c.id = t.client_id "           \
    "WHERE a.state IN ('pending', 'claimed', 'at_risk', 'in_doubt', 'held') "

#define STATEMENT(name, text) [name] = text,
#define STATEMENTS                                                                                  \
    STATEMENT(SQL_SETTING_GET, "SELECT value FROM setting WHERE key = $1")                          \
    STATEMENT(SQL_SETTING_SET, "INSERT INTO setting (key, value) VALUES ($1, $2) "                  \
                               "ON CONFLICT (key) DO UPDATE SET value = excluded.value")            \
    STATEMENT(SQL_PLAYBOOK_FIND, "SELECT version FROM playbook WHERE body = $1")                    \
    STATEMENT(SQL_PLAYBOOK_ADD, "INSERT INTO playbook (version, body, added_at) VALUES "            \
                                "((SELECT coalesce(max(version), 0) + 1 FROM playbook), $1, $2) "   \
                                "RETURNING version")                                                \
    STATEMENT(SQL_PLAYBOOK_GET, "SELECT body FROM playbook WHERE version = $1")                     \
    STATEMENT(SQL_STAFF_ADD, "INSERT INTO staff (login, name, role, position, email, phone) "       \
                             "VALUES ($1, $2, $3, $4, $5, $6) RETURNING id")                        \
    STATEMENT(SQL_STAFF_UPDATE,                                                                     \
              "UPDATE staff SET name = $1, role = $2, position = $3, email = $4, "                  \
              "phone = $5, active = $6 WHERE id = $7")                                              \
    STATEMENT(SQL_STAFF_GET, "SELECT " STAFF_COLUMNS " FROM staff s WHERE s.id = $1")               \
    STATEMENT(SQL_STAFF_BY_LOGIN, "SELECT " STAFF_COLUMNS " FROM staff s WHERE s.login = $1")       \
    STATEMENT(SQL_STAFF_BY_ROLE, "SELECT " STAFF_COLUMNS " FROM staff s WHERE s.role = $1 "         \
                                 "AND s.active = 1 ORDER BY s.id LIMIT 1")                          \
    STATEMENT(SQL_STAFF_LIST, "SELECT " STAFF_COLUMNS " FROM staff s ORDER BY s.active DESC, "      \
                              "s.login")                                                            \
    STATEMENT(SQL_CLIENT_ADD,                                                                       \
              "INSERT INTO client (name, salutation, phone, phone_wrong, email, lang, tz, "         \
              "birthday, note, external_id, search, created_at) VALUES ($1, $2, $3, $4, $5, $6, "   \
              "$7, $8, $9, $10, $11, $12) RETURNING id")                                            \
    STATEMENT(SQL_CLIENT_GET, "SELECT " CLIENT_COLUMNS " FROM client c WHERE c.id = $1")            \
    STATEMENT(SQL_CLIENT_UPDATE,                                                                    \
              "UPDATE client SET name = $1, salutation = $2, phone = $3, phone_wrong = $4, "        \
              "email = $5, lang = $6, tz = $7, birthday = $8, note = $9, external_id = $10, "       \
              "search = $11 WHERE id = $12")                                                        \
    STATEMENT(SQL_CLIENT_FIND, "SELECT " CLIENT_COLUMNS " FROM client c WHERE "                     \
                               "c.search LIKE $1 ESCAPE '\\' AND c.search LIKE $2 ESCAPE '\\' "     \
                               "AND c.search LIKE $3 ESCAPE '\\' AND c.search LIKE $4 "             \
                               "ESCAPE '\\' ORDER BY c.name, c.id LIMIT $5")                        \
    STATEMENT(SQL_CLIENT_BY_CONTACT, "SELECT " CLIENT_COLUMNS " FROM client c WHERE c.phone = $1 "  \
                                     "OR c.email = $2 ORDER BY c.id")                               \
    STATEMENT(SQL_CLIENT_BY_EXTERNAL_ID,                                                            \
              "SELECT " CLIENT_COLUMNS " FROM client c WHERE c.external_id = $1")                   \
    STATEMENT(SQL_TRIP_ADD,                                                                         \
              "INSERT INTO trip (client_id, destination, purchase, departure, return, visit, "      \
              "manager_id, playbook_version, note, cancelled, cancel_reason, created_at) VALUES "   \
              "($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING id")                   \
    STATEMENT(SQL_TRIP_GET, "SELECT " TRIP_COLUMNS " FROM trip t WHERE t.id = $1")                  \
    STATEMENT(SQL_TRIP_UPDATE,                                                                      \
              "UPDATE trip SET destination = $1, purchase = $2, departure = $3, return = $4, "      \
              "visit = $5, manager_id = $6, playbook_version = $7, note = $8, cancelled = $9, "     \
              "cancel_reason = $10 WHERE id = $11")                                                 \
    STATEMENT(SQL_TRIPS_OF_CLIENT, "SELECT " TRIP_COLUMNS " FROM trip t WHERE t.client_id = $1 "    \
                                   "ORDER BY t.departure, t.id")                                    \
    STATEMENT(SQL_TRIPS_CHECKLIST,                                                                  \
              "SELECT " TRIP_COLUMNS " FROM trip t WHERE t.id IN ("                                 \
              "SELECT trip_id FROM action WHERE state IN ('pending', 'claimed', 'at_risk') "        \
              "UNION SELECT trip_id FROM action WHERE state IN ('in_doubt', 'failed', 'missed', "   \
              "'held') UNION SELECT id FROM trip WHERE return >= $1) AND t.cancelled = 0 "          \
              "AND ($2 IS NULL OR t.manager_id = $2) AND ($3 IS NULL OR t.departure >= $3) "        \
              "AND ($4 IS NULL OR t.departure < $4) ORDER BY t.departure, t.id")                    \
    STATEMENT(SQL_ACTION_ADD,                                                                       \
              "INSERT INTO action (trip_id, step, occurrence, channel, planned_channel, state, "    \
              "cause, reason, local_due, tz, due_at, expires_at, next_attempt_at, "                 \
              "fallback_channel, fallback_at, merged_into, priority, created_at, updated_at) "      \
              "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, "     \
              "$17, $18, $18) "                                                                     \
              "RETURNING id")                                                                       \
    STATEMENT(SQL_ACTION_GET, "SELECT " ACTION_COLUMNS " FROM action a WHERE a.id = $1")            \
    STATEMENT(SQL_ACTION_BY_STEP, "SELECT " ACTION_COLUMNS " FROM action a WHERE a.trip_id = $1 "   \
                                  "AND a.step = $2 AND a.occurrence = $3")                          \
    STATEMENT(SQL_ACTIONS_OF_TRIP, "SELECT " ACTION_COLUMNS " FROM action a WHERE a.trip_id = $1 "  \
                                   "ORDER BY a.due_at, a.id")                                       \
    STATEMENT(SQL_ACTION_UPDATE,                                                                    \
              "UPDATE action SET channel = $1, planned_channel = $2, state = $3, cause = $4, "      \
              "reason = $5, local_due = $6, tz = $7, due_at = $8, expires_at = $9, "                \
              "next_attempt_at = $10, fallback_channel = $11, fallback_at = $12, "                  \
              "merged_into = $13, attempts = $14, outcome = $15, note = $16, done_at = $17, "       \
              "done_by = $18, priority = $19, stale = $20, updated_at = $21 "                       \
              "WHERE id = $22 AND state = $23")                                                     \
    STATEMENT(SQL_ACTIONS_MARK_STALE, "UPDATE action SET stale = 1 WHERE trip_id = $1 "             \
                                      "AND (state IN ('at_risk', 'in_doubt') OR " A_REPEAT ")")     \
    STATEMENT(SQL_LIST_STALE_TRIPS, "SELECT DISTINCT trip_id FROM action WHERE stale = 1 "          \
                                    "AND state = 'pending'")                                        \
    STATEMENT(SQL_ACTIONS_CANCEL_TRIP,                                                              \
              "UPDATE action SET state = 'cancelled', cause = 'trip_cancelled', reason = $1, "      \
              "updated_at = $2 WHERE trip_id = $3 AND state IN ('pending', 'held', 'claimed') "     \
              "AND NOT " A_REPEAT)                                                                  \
    STATEMENT(SQL_MESSAGE_FORGET,                                                                   \
              "DELETE FROM message WHERE action_id = $1 AND NOT EXISTS (SELECT 1 FROM attempt t "   \
              "WHERE t.action_id = message.action_id AND t.risk_at IS NOT NULL AND "                \
              "(t.outcome IS NULL OR t.outcome IN ('sent', 'in_doubt')) AND "                       \
              "coalesce(t.settled, '') <> 'not_sent')")                                             \
    STATEMENT(SQL_AGENDA_DUE, AGENDA_FROM "WHERE a.state IN ('pending', 'claimed', 'at_risk') "     \
                                          "AND a.local_due < $1  AND t.cancelled = 0 "              \
                                          "AND ($2 = 0 OR a.channel IN ('call', 'visit')) "         \
                                          "AND ($3 IS NULL OR t.manager_id = $3) "                  \
                                          "ORDER BY s.login NULLS FIRST, a.local_due, a.id")        \
    STATEMENT(SQL_AGENDA_RED,                                                                       \
              AGENDA_FROM "WHERE a.state IN ('in_doubt', 'failed', 'missed', 'held') "              \
                          "AND (t.cancelled = 0 OR a.state = 'in_doubt') "                          \
                          "AND ($1 = 0 OR a.channel IN ('call', 'visit')) "                         \
                          "AND ($2 IS NULL OR t.manager_id = $2) "                                  \
                          "ORDER BY s.login NULLS FIRST, a.local_due, a.id")                        \
    STATEMENT(SQL_AUDIT_ADD, "INSERT INTO audit (at, actor, verb, client_id, trip_id, action_id, "  \
                             "detail) VALUES ($1, $2, $3, $4, $5, $6, $7)")                         \
    STATEMENT(SQL_AUDIT_GET, "SELECT id, at, actor, verb, client_id, trip_id, action_id, detail "   \
                             "FROM audit WHERE id = $1")                                            \
    STATEMENT(SQL_AUDIT_LIST,                                                                       \
              "SELECT id, at, actor, verb, client_id, trip_id, action_id, detail FROM audit "       \
              "WHERE ($1 IS NULL OR client_id = $1 OR trip_id IN (SELECT id FROM trip WHERE "       \
              "client_id = $1)) AND ($2 IS NULL OR trip_id = $2) "                                  \
              "AND ($3 IS NULL OR action_id = $3) AND ($4 IS NULL OR actor = $4) "                  \
              "AND ($5 IS NULL OR verb = $5) ORDER BY id DESC LIMIT $6")                            \
    STATEMENT(SQL_RECOVER_ATTEMPTS_CLAIMED,                                                         \
              "UPDATE attempt SET outcome = 'not_sent', done_at = $1, "                             \
              "reply = 'the tick died before anything was sent' "                                   \
              "WHERE outcome IS NULL AND risk_at IS NULL")                                          \
    STATEMENT(SQL_RECOVER_CLAIMED, /* a repeat goes back to the doubt from which it came */         \
              "UPDATE action SET state = CASE WHEN " UNSETTLED " THEN 'in_doubt' "                  \
              "ELSE 'pending' END, updated_at = $1 "                                                \
              "WHERE state IN ('claimed', 'at_risk') AND state = 'claimed'")                        \
    STATEMENT(SQL_LIST_AT_RISK,                                                                     \
              "SELECT action.id, t.id, t.seq FROM action JOIN attempt t "                           \
              "ON t.action_id = action.id AND t.outcome IS NULL "                                   \
              "WHERE action.state IN ('claimed', 'at_risk') AND action.state = 'at_risk' "          \
              "ORDER BY t.id")                                                                      \
    STATEMENT(SQL_LIST_EXPIRED,                                                                     \
              "SELECT id FROM action WHERE state = 'pending' AND channel IN ('email', 'sms') "      \
              "AND expires_at <= $1 ORDER BY expires_at, id LIMIT $2")                              \
    STATEMENT(SQL_LIST_TO_FALL_BACK,                                                                \
              "SELECT id FROM action WHERE state = 'pending' AND fallback_at IS NOT NULL "          \
              "AND channel IN ('call', 'visit') AND fallback_at <= $1 ORDER BY fallback_at, id "    \
              "LIMIT $2")                                                                           \
    STATEMENT(SQL_LIST_MISSED_AHEAD,                                                                \
              "SELECT id FROM action WHERE state IN ('in_doubt', 'failed', 'missed', 'held') "      \
              "AND state = 'missed' AND due_at > $1 AND " NOT_CANCELLED                             \
              " ORDER BY +due_at, id LIMIT $2")                                                     \
    STATEMENT(SQL_LIST_HELD,                                                                        \
              "SELECT id FROM action WHERE state IN ('in_doubt', 'failed', 'missed', 'held') "      \
              "AND state = 'held' AND cause = 'template' AND expires_at > $1 "                      \
              "ORDER BY +expires_at, id LIMIT $2")                                                  \
    STATEMENT(SQL_LIST_TO_SEND,                                                                     \
              "SELECT id FROM action WHERE state = 'pending' AND channel IN ('email', 'sms') "      \
              "AND next_attempt_at <= $1 ORDER BY priority, +expires_at, id LIMIT $2")              \
    STATEMENT(SQL_LIST_DOUBTS,                                                                      \
              "SELECT id FROM action WHERE state IN ('in_doubt', 'failed', 'missed', 'held') "      \
              "AND state = 'in_doubt' AND next_attempt_at <= $1 "                                   \
              "ORDER BY +next_attempt_at, id LIMIT $2")                                             \
    STATEMENT(SQL_MESSAGE_PUT,                                                                      \
              "INSERT INTO message (action_id, channel, recipient, subject, bytes, message_id, "    \
              "idem_key, frozen_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")                       \
    STATEMENT(SQL_MESSAGE_GET,                                                                      \
              "SELECT channel, recipient, subject, bytes, message_id, idem_key, frozen_at "         \
              "FROM message WHERE action_id = $1")                                                  \
    STATEMENT(SQL_CLAIM, /* T1 */                                                                   \
              "UPDATE action SET state = 'claimed', updated_at = $1 WHERE id = $2 "                 \
              "AND state = 'pending' AND channel IN ('email', 'sms') AND next_attempt_at <= $1 "    \
              "AND stale = 0 "                                                                      \
              "AND expires_at > $1 AND NOT " UNSETTLED " AND " NOT_CANCELLED)                       \
    STATEMENT(SQL_CLAIM_AGAIN, /* T1 of a repeat: nothing about it was changed since */             \
              "UPDATE action SET state = 'claimed', updated_at = $1 WHERE id = $2 "                 \
              "AND state = 'in_doubt' AND stale = 0 AND expires_at > $1 AND " NOT_CANCELLED)        \
    STATEMENT(SQL_ATTEMPT_OPEN,                                                                     \
              "INSERT INTO attempt (action_id, n, tick_id, claimed_at) VALUES ($1, "                \
              "(SELECT coalesce(max(n), 0) + 1 FROM attempt WHERE action_id = $1), $2, $3) "        \
              "RETURNING id")                                                                       \
    STATEMENT(SQL_AT_RISK, /* T2 */                                                                 \
              "UPDATE action SET state = 'at_risk', updated_at = $1 WHERE id = $2 "                 \
              "AND state = 'claimed' AND stale = 0 AND expires_at > $1 "                            \
              "AND EXISTS (SELECT 1 FROM attempt t "                                                \
              "WHERE t.id = $3 AND t.action_id = action.id AND t.outcome IS NULL) "                 \
              "AND " NOT_CANCELLED)                                                                 \
    STATEMENT(                                                                                      \
        SQL_SEQ,                                                                                    \
        "SELECT max(coalesce((SELECT max(seq) FROM attempt WHERE seq IS NOT NULL), 0), "            \
        "coalesce((SELECT CAST(value AS INTEGER) FROM setting WHERE key = 'seq_before'), 0))")      \
    STATEMENT(SQL_ATTEMPT_AT_RISK, "UPDATE attempt SET risk_at = $1, seq = $2 WHERE id = $3")       \
    STATEMENT(                                                                                      \
        SQL_VERDICT_ACTION, /* T3, T4, T5; what would wait for another try is over with its trip */ \
        "UPDATE action SET state = CASE WHEN $1 = 'pending' AND NOT " NOT_CANCELLED                 \
        " THEN 'cancelled' ELSE $1 END, cause = CASE WHEN $1 = 'pending' AND NOT " NOT_CANCELLED    \
        " THEN 'trip_cancelled' ELSE $2 END, reason = $3, "                                         \
        "next_attempt_at = coalesce($4, next_attempt_at), attempts = attempts + $5, "               \
        "done_at = $6, updated_at = $7 WHERE id = $8 AND state IN ('claimed', 'at_risk') "          \
        "AND EXISTS (SELECT 1 FROM attempt t WHERE t.id = $9 AND t.action_id = action.id "          \
        "AND t.outcome IS NULL)")                                                                   \
    STATEMENT(SQL_VERDICT_ATTEMPT,                                                                  \
              "UPDATE attempt SET outcome = $1, code = $2, provider_id = $3, reply = $4, "          \
              "done_at = $5 WHERE id = $6 AND outcome IS NULL")                                     \
    STATEMENT(SQL_ATTEMPTS_OF_ACTION,                                                               \
              "SELECT id, n, claimed_at, risk_at, done_at, outcome, code, provider_id, reply, "     \
              "seq, unknown_at, settled FROM attempt WHERE action_id = $1 ORDER BY n")              \
    STATEMENT(SQL_ATTEMPT_SETTLE, "UPDATE attempt SET settled = $1, "                               \
                                  "provider_id = coalesce($2, provider_id) WHERE action_id = $3 "   \
                                  "AND outcome = 'in_doubt' AND settled IS NULL")                   \
    STATEMENT(SQL_ATTEMPT_UNSETTLE,                                                                 \
              "UPDATE attempt SET settled = NULL WHERE action_id = $1 AND settled IS NOT NULL "     \
              "AND id >= coalesce($2, (SELECT max(id) FROM attempt WHERE action_id = $1 "           \
              "AND settled IS NOT NULL)) AND ($3 IS NULL OR id <= $3)")                             \
    STATEMENT(SQL_ATTEMPT_UNKNOWN, "UPDATE attempt SET unknown_at = coalesce(unknown_at, $1) "      \
                                   "WHERE action_id = $2 AND outcome = 'in_doubt' "                 \
                                   "AND settled IS NULL")                                           \
    STATEMENT(SQL_ATTEMPT_IMPORT, /* what was handed over before an older database was put back */  \
              "INSERT INTO attempt (action_id, n, tick_id, claimed_at, risk_at, done_at, "          \
              "outcome, reply, seq) VALUES ($1, (SELECT coalesce(max(n), 0) + 1 FROM attempt "      \
              "WHERE action_id = $1), 'recover', $2, $2, $2, 'in_doubt', $3, $4)")                  \
    STATEMENT(SQL_HANDED_OVER_TO,                                                                   \
              "SELECT count(*) FROM message m JOIN attempt t ON t.action_id = m.action_id "         \
              "WHERE m.recipient IN ($1, $2) AND t.risk_at >= $3 AND " MAYBE_ACCEPTED)              \
    STATEMENT(SQL_HANDED_OVER_ON,                                                                   \
              "SELECT count(*) FROM attempt t JOIN message m ON m.action_id = t.action_id "         \
              "WHERE t.risk_at >= $1 AND m.channel = $2 AND " MAYBE_ACCEPTED)                       \
    STATEMENT(SQL_ZONES_OF_OPEN_WORK, "SELECT c.tz, 1, min(c.id), count(DISTINCT c.id) " OPEN_WORK  \
                                      "AND c.tz IS NOT NULL GROUP BY c.tz UNION ALL "               \
                                      "SELECT a.tz, 0, min(c.id), count(DISTINCT c.id) " OPEN_WORK  \
                                      "AND a.tz IS NOT c.tz GROUP BY a.tz ORDER BY 1, 2")           \
    STATEMENT(SQL_COUNTS,                                                                           \
              "SELECT (SELECT count(*) FROM client), (SELECT count(*) FROM trip), "                 \
              "(SELECT count(*) FROM action WHERE state IN ('pending', 'claimed', 'at_risk')), "    \
              "(SELECT count(*) FROM action WHERE state = 'in_doubt'), "                            \
              "(SELECT count(*) FROM action WHERE state = 'failed'), "                              \
              "(SELECT count(*) FROM action WHERE state = 'missed'), "                              \
              "(SELECT count(*) FROM action WHERE state = 'held')")

const char *const sql_texts[SQL_COUNT] = {STATEMENTS};

#undef STATEMENT
#define STATEMENT(name, text) [name] = #name,
const char *const sql_names[SQL_COUNT] = {STATEMENTS};
