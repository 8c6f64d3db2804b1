/* Every SQL statement of the program, in one table. Written so that the same text serves PostgreSQL
 * wherever it can: $n parameters in order of appearance, RETURNING, ON CONFLICT. */
#include "sql.h"
#include "sql_figures.h"
#include "sql_forget.h"
#include "sql_parts.h"
#include "sql_quiet.h"

/* $1 and $3 an e-mail address and a number, $2 and $4 their seals. */
#define IS_ABOUT_ADDRESS                                                                           \
    "((channel = 'email' AND address IN (lower($1), $2)) "                                         \
    "OR (channel = 'sms' AND address IN ($3, $4))) "
#define STATEMENTS_OF_WISHES                                                                       \
    STATEMENT(SQL_CONSENT_ADD,                                                                     \
              "INSERT INTO consent (at, channel, address, purpose, given, source, actor, "         \
              "client_id) VALUES ($1, $2, lower($3), $4, $5, $6, $7, $8) RETURNING id")            \
    STATEMENT(SQL_CONSENT_GET, "SELECT " CONSENT_COLUMNS " FROM consent WHERE id = $1")            \
    STATEMENT(SQL_CONSENT_LIST,                                                                    \
              "SELECT " CONSENT_COLUMNS " FROM consent WHERE " IS_ABOUT_ADDRESS "ORDER BY id DESC")                            \
    STATEMENT(SQL_CONSENTS_OF_CLIENT,                                                              \
              "SELECT " CONSENT_COLUMNS " FROM consent WHERE " IS_ABOUT_ADDRESS                    \
              "OR client_id = $5 ORDER BY id")                                                     \
    STATEMENT(SQL_LIST_KEPT_BACK,                                                                  \
              "SELECT a.id FROM occasion o JOIN action a ON a.occasion_id = o.id "                 \
              "WHERE o.client_id = $1 AND a.state = $2 AND ($3 = '' OR a.cause = $3) "             \
              "ORDER BY a.id")                                                                     \
    STATEMENT(SQL_LIST_PAUSES_OVER, "SELECT id FROM client WHERE paused_until IS NOT NULL AND paused_until <= $1 ORDER BY +id")  \
    STATEMENT(SQL_LIST_WORK_OF,                                                                    \
              "SELECT o.id, o.kind FROM occasion o WHERE o.manager_id = $1 AND o.ended = 0 AND "   \
              WORK_LEFT("$2") "ORDER BY o.id")                                                     \
    STATEMENT(SQL_LIST_TRIPS_OF_NOBODY,                                                            \
              "SELECT o.id FROM occasion o LEFT JOIN staff s ON s.id = o.manager_id "              \
              "AND s.active = 1 WHERE o.kind = 'trip' AND o.ended = 0 AND o.return >= $1 AND "     \
              "s.id IS NULL AND " WORK_LEFT("$2") "ORDER BY +o.departure, o.id")                   \
    STATEMENT(SQL_LIST_THINGS_OF, "SELECT id FROM thing WHERE owner_id = $1 "                      \
                                  "AND handed_at IS NULL AND dropped_at IS NULL ORDER BY id")      \
    STATEMENT(SQL_THING_OWNER, "UPDATE thing SET owner_id = $1 WHERE id = $2 AND owner_id IS $3")  \
    STATEMENT(SQL_LIST_SIGNED, /* a letter that is made and waits, and lost sales */               \
              "SELECT a.occasion_id FROM message m JOIN action a ON a.id = m.action_id "           \
              "WHERE a.state = 'pending' UNION "                                                   \
              "SELECT id FROM occasion WHERE kind = 'lost' AND ended = 0 ORDER BY 1")              \
    STATEMENT(SQL_SHARED_WITH,                                                                     \
              "SELECT b.id, t.outcome IS NULL FROM message m "                                     \
              "JOIN attempt t ON t.action_id = m.action_id JOIN action b ON b.id = m.action_id "   \
              "WHERE m.recipient = $1 AND m.channel = $2 AND b.step = $3 AND b.occasion_id <> $4 " \
              "AND coalesce(t.risk_at, t.claimed_at) >= $5 AND " MAYBE_ACCEPTED " ORDER BY t.id")  \
    STATEMENT(SQL_CALLS_OF_NUMBER, /* about trips and answers: to be made, made, and those that others stand for */ \
              "SELECT " ACTION_COLUMNS ", o.departure, o.return, o.title, c.phone_wrong "          \
              "FROM client c JOIN occasion o ON o.client_id = c.id "                               \
              "JOIN action a ON a.occasion_id = o.id WHERE c.phone = $1 "                          \
              "AND o.kind IN ('trip', 'feedback') "                                                 \
              "AND a.channel = 'call' AND (a.state IN ('done', 'skipped') OR (o.ended = 0 AND "    \
              "(a.state = 'pending' OR (a.state = 'cancelled' AND a.cause = 'one_call')))) "       \
              "ORDER BY +a.id")                                                                    \
    STATEMENT(SQL_CALLS_JOINED, "SELECT z.id FROM action a " JOINED_CALLS                          \
                                "WHERE a.id = $1 ORDER BY +z.id")                                  \
    STATEMENT(SQL_ALSO_CALLED, "SELECT " ALSO_CALLED " FROM action a "                             \
                               "JOIN occasion o ON o.id = a.occasion_id "                          \
                               "JOIN client c ON c.id = o.client_id WHERE a.id = $1")

#define STATEMENTS_OF_LOST                                                                         \
    STATEMENT(SQL_LOST_PUT, "INSERT INTO lost (occasion_id, reason, words, lost_by, outcome, "     \
                            "trip_id) VALUES ($1, $2, $3, $4, $5, $6)")                            \
    STATEMENT(SQL_LOST_UPDATE, "UPDATE lost SET reason = $1, words = $2, lost_by = $3, "           \
                               "outcome = $4, trip_id = $5 WHERE occasion_id = $6")                \
    STATEMENT(SQL_LOST_BY, "SELECT lost_by FROM lost WHERE occasion_id = $1")                      \
    STATEMENT(SQL_LOST_LIST,                                                                       \
              "SELECT l.occasion_id, l.reason, l.words, l.lost_by, l.outcome, l.trip_id, c.id, "   \
              "c.name, o.learned, o.title, s.login, o.ended, o.ended = 0 AND "                     \
              SERIES_RUNS("$1") ", t.ended, "                                                      \
              "EXISTS (SELECT 1 FROM action a WHERE a.occasion_id = o.id "                         \
              "AND a.state IN ('sent', 'done') AND a.done_at > $2), (SELECT a.outcome "            \
              "FROM action a WHERE a.occasion_id = o.id AND a.state = 'done' "                     \
              "ORDER BY a.done_at DESC LIMIT 1), EXISTS (SELECT 1 FROM action a "                  \
              "WHERE a.occasion_id = o.id AND a.state IN ('sent', 'in_doubt', 'done')) "           \
              "FROM lost l JOIN occasion o ON o.id = l.occasion_id "                               \
              "JOIN client c ON c.id = o.client_id LEFT JOIN staff s ON s.id = l.lost_by "         \
              "LEFT JOIN occasion t ON t.id = l.trip_id WHERE ($3 IS NULL OR o.learned >= $3) "    \
              "AND ($4 IS NULL OR o.learned < $4) AND ($5 IS NULL OR l.lost_by = $5) "             \
              "AND (o.ended = 0 OR l.outcome IS NOT NULL OR coalesce(o.end_reason, '') <> $6) "    \
              "ORDER BY o.learned, o.id")                                                          \
    STATEMENT(SQL_LOST_OPEN,                                                                       \
              "SELECT o.id FROM client c JOIN occasion o ON o.client_id = c.id "                   \
              "WHERE (c.id = $1 OR c.phone = $2 OR c.email = $3 COLLATE NOCASE) AND o.kind = 'lost' "             \
              "AND o.ended = 0 ORDER BY +o.id")                                                    \
    STATEMENT(SQL_LOST_RUNS, "SELECT " SERIES_RUNS("$1") "FROM occasion o WHERE o.id = $2")       \
    STATEMENT(SQL_LOST_UNSIGNED,                                                                   \
              "SELECT +a.occasion_id FROM action a JOIN occasion o "                                \
              "ON o.id = a.occasion_id WHERE a.state = 'cancelled' AND a.cause = 'signer' "        \
              "AND a.due_at > $1 AND a.due_at < $2 AND o.ended = 0 "                               \
              "UNION SELECT +a.occasion_id FROM action a "                                         \
              "JOIN occasion o ON o.id = a.occasion_id "                                           \
              "WHERE a.state IN ('in_doubt', 'failed', 'missed', 'held') AND a.state = 'held' "    \
              "AND a.cause = 'lost_sale' AND a.due_at > $1 AND o.ended = 0 ORDER BY 1")            \
    STATEMENT(SQL_LOST_ENDED, /* the last one counts: who was lost once more comes back from there */  \
              "SELECT o.id FROM client c JOIN occasion o ON o.client_id = c.id JOIN lost l "       \
              "ON l.occasion_id = o.id WHERE (c.id = $1 OR c.phone = $2 "                          \
              "OR c.email = $3 COLLATE NOCASE) AND o.kind = 'lost' AND o.ended = 1 "               \
              "AND (l.outcome IN ('answered', 'stopped') OR (l.outcome = 'won' "                   \
              "AND l.trip_id IS NULL)) AND o.learned >= $4 AND NOT EXISTS "                        \
              "(SELECT 1 FROM occasion n WHERE n.client_id = o.client_id AND n.kind = 'lost' "     \
              "AND n.id > o.id) ORDER BY +o.id")                                                   \
    STATEMENT(SQL_LOST_LASTING,                                                                    \
              "SELECT o.id FROM occasion o WHERE o.client_id = $1 AND o.kind = 'lost' "            \
              "AND o.ended = 0 AND (o.created_at > $2 OR " SERIES_RUNS("$3")                       \
              "OR EXISTS (SELECT 1 FROM action a WHERE a.occasion_id = o.id "                      \
              "AND a.state IN ('sent', 'done') AND a.done_at > $2)) "                              \
              "ORDER BY o.id")                                                                     \
    STATEMENT(SQL_REFERRAL_ADD, "INSERT INTO referral (by_client_id, new_client_id, at, reward) "  \
                                "VALUES ($1, $2, $3, $4) RETURNING id")                            \
    STATEMENT(SQL_REFERRAL_UPDATE, "UPDATE referral SET reward = $1, rewarded_at = $2, "           \
                                   "rewarded_by = $3 WHERE id = $4")                               \
    STATEMENT(SQL_REFERRAL_DROP, "UPDATE referral SET dropped_at = $1 WHERE id = $2")              \
    STATEMENT(SQL_REFERRAL_GET, REFERRAL_FROM "WHERE r.id = $1 AND r.dropped_at IS NULL")          \
    STATEMENT(SQL_REFERRALS_OF_CLIENT,                                                             \
              REFERRAL_FROM "WHERE r.id IN (SELECT id FROM referral WHERE by_client_id = $1 "      \
                            "AND dropped_at IS NULL UNION SELECT id FROM referral "                \
                            "WHERE new_client_id = $1 AND dropped_at IS NULL) ORDER BY r.id")      \
    STATEMENT(SQL_REFERRAL_LIST,                                                                   \
              REFERRAL_FROM "WHERE r.dropped_at IS NULL "                                          \
                            "AND ($1 = 0 OR r.rewarded_at IS NULL) ORDER BY r.id")
/* Whom to greet: who is a client, can be reached, and was not greeted in that year. */
#define TO_GREET                                                                                    \
    "SELECT c.id, (SELECT o.manager_id FROM occasion o JOIN staff s ON s.id = o.manager_id "        \
    "AND s.active = 1 WHERE o.client_id = c.id AND o.kind = 'trip' AND o.ended = 0 "                \
    "ORDER BY o.departure DESC, o.id DESC LIMIT 1) FROM client c WHERE "
#define IS_TO_BE_GREETED                                                                            \
    "coalesce(c.email, '') <> '" FORGOTTEN_EMAIL "' AND "                                           \
    "($2 <> 0 OR ($3 <> 0 AND c.email IS NOT NULL) "                                                \
    "OR ($4 <> 0 AND c.phone IS NOT NULL AND c.phone_wrong = 0)) "                                  \
    "AND EXISTS (SELECT 1 FROM occasion t WHERE t.client_id = c.id AND t.kind = 'trip' "            \
    "AND t.ended = 0 AND ($5 IS NULL OR t.return >= $5)) "                                          \
    "AND NOT EXISTS (SELECT 1 FROM occasion g WHERE g.kind = 'greeting' AND g.client_id = c.id "    \
    "AND g.title = $6 AND substr(g.day, 1, 4) = substr($7, 1, 4)) "

#define STATEMENT(name, text) [name] = text,
/* The client of o has no complaint that is not solved. */
#define NONE_UNSOLVED                                                                               \
    "AND NOT EXISTS (SELECT 1 FROM occasion p WHERE p.client_id = o.client_id "                     \
    "AND p.kind = 'complaint' AND p.ended = 0 AND p.resolved IS NULL) "

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
              "birthday, note, external_id, paused_until, pause_reason, gender, search, "           \
              "created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, "   \
              "$15) RETURNING id")                                                                  \
    STATEMENT(SQL_CLIENT_GET, "SELECT " CLIENT_COLUMNS " FROM client c WHERE c.id = $1")            \
    STATEMENT(SQL_CLIENT_UPDATE,                                                                    \
              "UPDATE client SET name = $1, salutation = $2, phone = $3, phone_wrong = $4, "        \
              "email = $5, lang = $6, tz = $7, birthday = $8, note = $9, external_id = $10, "       \
              "paused_until = $11, pause_reason = $12, gender = $13, search = $14 WHERE id = $15")  \
    STATEMENT(SQL_CLIENT_FIND, "SELECT " CLIENT_COLUMNS " FROM client c WHERE "                     \
                               "c.search LIKE $1 ESCAPE '\\' AND c.search LIKE $2 ESCAPE '\\' "     \
                               "AND c.search LIKE $3 ESCAPE '\\' AND c.search LIKE $4 "             \
                               "ESCAPE '\\' ORDER BY c.name, c.id LIMIT $5")                        \
    STATEMENT(SQL_CLIENT_BY_CONTACT, "SELECT " CLIENT_COLUMNS " FROM client c WHERE c.phone = $1 "  \
                                     "OR c.email = $2 COLLATE NOCASE ORDER BY c.id")                               \
    STATEMENT(SQL_CLIENT_BY_EXTERNAL_ID,                                                            \
              "SELECT " CLIENT_COLUMNS " FROM client c WHERE c.external_id = $1")                   \
    STATEMENT(SQL_OCCASION_ADD,                                                                     \
              "INSERT INTO occasion (title, purchase, departure, return, visit, moved, learned, "   \
              "answered, opened, promised, resolved, day, departure_tz, product, about_id, "        \
              "manager_id, playbook_version, note, ended, end_reason, adults, children, "           \
              "sold_by, client_id, kind, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, "  \
              "$10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26) " \
              "RETURNING id")                                                                       \
    STATEMENT(SQL_OCCASION_GET, "SELECT " OCCASION_COLUMNS " FROM occasion o WHERE o.id = $1")      \
    STATEMENT(SQL_OCCASION_UPDATE,                                                                  \
              "UPDATE occasion SET title = $1, purchase = $2, departure = $3, return = $4, "        \
              "visit = $5, moved = $6, learned = $7, answered = $8, opened = $9, promised = $10, "  \
              "resolved = $11, day = $12, departure_tz = $13, product = $14, about_id = $15, "      \
              "manager_id = $16, playbook_version = $17, note = $18, ended = $19, "                 \
              "end_reason = $20, adults = $21, children = $22, sold_by = $23 WHERE id = $24")       \
    STATEMENT(SQL_OCCASIONS_OF_CLIENT,                                                              \
              "SELECT " OCCASION_COLUMNS " FROM occasion o WHERE o.client_id = $1 "                 \
              "ORDER BY coalesce(o.departure, o.learned, o.answered, o.opened, o.day), o.id")       \
    STATEMENT(SQL_TRIPS_OF_CLIENT,                                                                  \
              "SELECT " OCCASION_COLUMNS " FROM occasion o WHERE o.client_id = $1 "                 \
              "AND o.kind = 'trip' ORDER BY o.departure, o.id")                                     \
    STATEMENT(SQL_OCCASIONS_CHECKLIST,                                                              \
              "SELECT " OCCASION_COLUMNS " FROM occasion o WHERE o.id IN ("                         \
              "SELECT occasion_id FROM action WHERE state IN ('pending', 'claimed', 'at_risk') "    \
              "AND local_due < $1 "                                                                 \
              "UNION SELECT occasion_id FROM action WHERE state IN ('in_doubt', 'failed', "         \
              "'missed', 'held') UNION SELECT id FROM occasion WHERE return >= $2) "                \
              "AND o.kind = 'trip' AND o.ended = 0 AND ($3 IS NULL OR o.manager_id = $3) "          \
              "AND ($4 IS NULL OR o.departure >= $4) AND ($5 IS NULL OR o.departure < $5) "         \
              "ORDER BY o.departure, o.id")                                                         \
    STATEMENT(SQL_ACTION_ADD,                                                                       \
              "INSERT INTO action (occasion_id, step, occurrence, channel, planned_channel, state, "    \
              "cause, reason, local_due, tz, due_at, expires_at, next_attempt_at, "                 \
              "fallback_channel, fallback_at, merged_into, anchor_at, moved_to, approved_at, "     \
              "held_at, priority, created_at, updated_at) "                                                  \
              "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, "     \
              "$17, $18, $19, $20, $21, $22, $22) "                                                                     \
              "RETURNING id")                                                                       \
    STATEMENT(SQL_ACTION_GET, "SELECT " ACTION_COLUMNS " FROM action a WHERE a.id = $1")            \
    STATEMENT(SQL_ACTION_BY_STEP, "SELECT " ACTION_COLUMNS " FROM action a WHERE a.occasion_id = $1 "   \
                                  "AND a.step = $2 AND a.occurrence = $3")                          \
    STATEMENT(SQL_ACTIONS_OF_OCCASION, "SELECT " ACTION_COLUMNS " FROM action a WHERE a.occasion_id = $1 "  \
                                   "ORDER BY a.due_at, a.id")                                       \
    STATEMENT(SQL_ACTION_UPDATE,                                                                    \
              "UPDATE action SET channel = $1, planned_channel = $2, state = $3, cause = $4, "      \
              "reason = $5, local_due = $6, tz = $7, due_at = $8, expires_at = $9, "                \
              "next_attempt_at = $10, fallback_channel = $11, fallback_at = $12, "                  \
              "merged_into = $13, anchor_at = $14, moved_to = $15, approved_at = $16, "             \
              "held_at = $17, attempts = $18, outcome = $19, note = $20, done_at = $21, "           \
              "done_by = $22, priority = $23, stale = $24, updated_at = $25, was_due_at = $26, "     \
              "owner_id = CASE WHEN " IS_SETTLED " THEN (SELECT o.manager_id FROM occasion o "      \
              "WHERE o.id = occasion_id) ELSE owner_id END "                                        \
              "WHERE id = $27 AND state = $28")                                                     \
    STATEMENT(SQL_ACTIONS_MARK_STALE, "UPDATE action SET stale = 1 WHERE occasion_id = $1 "             \
                                      "AND (state IN ('at_risk', 'in_doubt') OR " A_REPEAT ")")     \
    STATEMENT(SQL_ZONE_STALE,                                                                       \
              "UPDATE action SET stale = 1 WHERE state = 'pending' AND (tz = $1 OR EXISTS ("        \
              "SELECT 1 FROM occasion o JOIN client c ON c.id = o.client_id "                       \
              "WHERE o.id = action.occasion_id AND c.tz = $1))")                                    \
    STATEMENT(SQL_LIST_STALE, "SELECT DISTINCT occasion_id FROM action WHERE stale = 1 "          \
                                    "AND state = 'pending'")                                        \
    STATEMENT(SQL_ACTIONS_END,                                                              \
              "UPDATE action SET state = 'cancelled', cause = 'ended', reason = $1, "      \
              "updated_at = $2 WHERE occasion_id = $3 AND state IN ('pending', 'held', 'claimed') "     \
              "AND NOT " A_REPEAT)                                                                  \
    STATEMENT(SQL_MESSAGE_FORGET,                                                                   \
              "DELETE FROM message WHERE action_id = $1 AND NOT EXISTS (SELECT 1 FROM attempt t "   \
              "WHERE t.action_id = message.action_id AND t.risk_at IS NOT NULL AND "                \
              "(t.outcome IS NULL OR t.outcome IN ('sent', 'in_doubt')) AND "                       \
              "coalesce(t.settled, '') <> 'not_sent')")                                             \
    STATEMENT(SQL_AGENDA_DUE, AGENDA_FROM "WHERE a.state IN ('pending', 'claimed', 'at_risk') "     \
                                          "AND a.local_due < $1  AND o.ended = 0 "              \
                                          "AND ($2 = 0 OR a.cause = 'not_delivered' "               \
                                          "OR (a.channel IN ('call', 'visit', 'task') "             \
                                          "AND a.cause <> 'expired')) "                             \
                                          "AND (a.cause NOT IN ('declined', 'called_early') OR a.fallback_at IS NULL) " \
                                          "AND (a.cause NOT IN ('complaint', 'paused') OR a.channel IN ('email', 'sms')) " \
                                          "AND ($3 IS NULL OR o.manager_id = $3) "                  \
                                          "ORDER BY s.login NULLS FIRST, a.local_due, a.id")        \
    STATEMENT(SQL_AGENDA_RED,                                                                       \
              AGENDA_FROM "WHERE a.state IN ('in_doubt', 'failed', 'missed', 'held') "              \
                          "AND (o.ended = 0 OR a.state = 'in_doubt') "                              \
                          "AND NOT (a.state = 'held' AND (a.cause IN ('complaint', 'paused') "      \
                          "OR (a.cause IN ('approval', 'held_by_person') AND a.local_due >= $1))) "                      \
                          "AND ($2 = 0 OR a.channel IN ('call', 'visit', 'task') "                  \
                          "OR (a.state = 'held' AND a.cause IN ('approval', 'held_by_person')) "    \
                          "OR (a.state IN ('failed', 'missed') AND a.priority < 0)) "               \
                          "AND ($3 IS NULL OR o.manager_id = $3) "                                  \
                          "ORDER BY s.login NULLS FIRST, a.local_due, a.id")                        \
    STATEMENT(SQL_LIST_UNDELIVERED, /* an SMS that did not get through, and has time left */        \
              "SELECT a.id FROM action a JOIN occasion o ON o.id = a.occasion_id "                  \
              "WHERE a.state IN ('in_doubt', 'failed', 'missed', 'held') "                          \
              "AND a.state IN ('failed', 'missed') AND a.channel = 'sms' AND a.expires_at > $1 "    \
              "AND o.ended = 0 ORDER BY +a.id")                                                     \
    STATEMENT(SQL_LIST_STANDING_IN, /* messages that stand for a call and wait to be sent */        \
              "SELECT a.id FROM action a JOIN occasion o ON o.id = a.occasion_id "                  \
              "WHERE a.state = 'pending' AND a.channel IN ('email', 'sms') "                        \
              "AND a.next_attempt_at <= $1 "                                                        \
              "AND a.planned_channel = 'call' AND o.ended = 0 ORDER BY +a.id")                       \
    STATEMENT(SQL_LIST_SENSELESS, /* calls that nobody made while they made sense */                \
              "SELECT a.id FROM action a JOIN occasion o ON o.id = a.occasion_id "                  \
              "WHERE a.state IN ('pending', 'claimed', 'at_risk') AND a.local_due < $1 "            \
              "AND a.state = 'pending' AND a.channel = 'call' AND a.fallback_at IS NULL "           \
              "AND a.cause <> 'expired' AND a.expires_at <= $2 AND o.ended = 0 ORDER BY +a.id")      \
    STATEMENT(SQL_AGENDA_SAVED, /* calls that nobody made in time, and whose message went */        \
              AGENDA_FROM "WHERE a.state = 'sent' AND a.cause = 'not_ticked' "                      \
                          "AND a.local_due >= $1 AND o.ended = 0 "                                  \
                          "AND coalesce(a.outcome, '') <> 'refused' "                               \
                          "AND ($2 IS NULL OR o.manager_id = $2) "                                  \
                          "ORDER BY s.login NULLS FIRST, a.local_due, a.id")                        \
    STATEMENT(SQL_STEPS_HAD, /* also a letter of a trip that was cancelled later: it was read all the same */ \
              HAD_FROM "WHERE o.client_id = $1 AND " HAD_OR_AHEAD)                                  \
    STATEMENT(SQL_STEPS_HAD_OF, HAD_FROM "WHERE o.id = $1 AND " HAD_OR_AHEAD)                       \
    STATEMENT(SQL_FEEDBACK_PUT,                                                                     \
              "INSERT INTO feedback (occasion_id, csat, nps, plus, words, source, external_id) "    \
              "VALUES ($1, $2, $3, $4, $5, $6, $7)")                                                \
    STATEMENT(SQL_FEEDBACK_UPDATE, "UPDATE feedback SET csat = $1, nps = $2, plus = $3, "          \
                                   "words = $4, source = $5 WHERE occasion_id = $6")               \
    STATEMENT(SQL_FEEDBACK_FORGET_NUMBER,                                                           \
              "UPDATE feedback SET external_id = NULL WHERE occasion_id = $1")                      \
    STATEMENT(SQL_FEEDBACK_BY_NUMBER, "SELECT occasion_id FROM feedback WHERE external_id = $1")    \
    STATEMENT(SQL_FEEDBACK_LAST_OF_CLIENT,                                                          \
              "SELECT f.occasion_id, f.csat, f.nps, f.plus, f.words, f.source, f.external_id, "     \
              "o.answered FROM occasion o JOIN feedback f ON f.occasion_id = o.id "                 \
              "WHERE o.client_id = $1 AND o.ended = 0 ORDER BY o.answered DESC, o.id DESC LIMIT 1") \
    STATEMENT(SQL_FEEDBACK_ALIKE, /* both without a grade are alike, too */                         \
              FEEDBACK_FROM "WHERE o.about_id = $1 AND o.kind = 'feedback' AND o.ended = 0 "         \
                            "AND f.csat IS $2 AND f.nps IS $3 "                                     \
                            "AND ($4 IS NULL OR f.external_id IS NULL) ORDER BY o.answered, o.id")  \
    STATEMENT(SQL_FEEDBACK_LIST,                                                                    \
              FEEDBACK_FROM "WHERE o.ended = 0 "                                                    \
              "AND ($1 IS NULL OR o.answered >= $1) AND ($2 IS NULL OR o.answered < $2) "           \
              "AND ($3 IS NULL OR o.manager_id = $3) "                                              \
              "AND ($4 = 0 OR f.nps <= 6 OR f.csat <= 3) ORDER BY o.answered DESC, o.id DESC")      \
    STATEMENT(SQL_TRIPS_RETURNED, /* and how many of them have an answer */                         \
              "SELECT " TRIPS_RETURNED "AND ($1 IS NULL OR o.return >= $1) AND o.return < $2 "      \
              "AND ($3 IS NULL OR o.manager_id = $3)")                                              \
    STATEMENT(SQL_COMPLAINT_PUT, "INSERT INTO complaint (source, words, cause, actions, outcome, "  \
                                 "occasion_id) VALUES ($1, $2, $3, $4, $5, $6)")                    \
    STATEMENT(SQL_COMPLAINT_UPDATE,                                                                 \
              "UPDATE complaint SET source = $1, words = $2, cause = $3, actions = $4, "            \
              "outcome = $5 WHERE occasion_id = $6")                                                \
    STATEMENT(SQL_COMPLAINT_LIST, /* the open ones first */                                         \
              "SELECT " OCCASION_COLUMNS ", p.source, p.words, p.cause, p.actions, p.outcome, "     \
              "c.name, t.title, s.login FROM occasion o "                                           \
              "JOIN complaint p ON p.occasion_id = o.id JOIN client c ON c.id = o.client_id "       \
              "LEFT JOIN occasion t ON t.id = o.about_id "                                          \
              "LEFT JOIN staff s ON s.id = o.manager_id AND s.active = 1 WHERE o.ended = 0 "        \
              "AND ($1 = 0 OR o.resolved IS NULL) AND ($2 IS NULL OR o.opened >= $2) "              \
              "AND ($3 IS NULL OR o.opened < $3) AND ($4 IS NULL OR o.manager_id = $4) "            \
              "ORDER BY o.resolved IS NOT NULL, o.opened, o.id")                                    \
    STATEMENT(SQL_CONSENT_LAST, "SELECT coalesce(given, -1) FROM consent WHERE channel = $1 "       \
                                "AND address IN (lower($2), $3) "                                   \
                                "AND purpose = $4 ORDER BY id DESC LIMIT 1")                        \
    STATEMENT(SQL_FEEDBACK_LAST,                                                                    \
              "SELECT f.occasion_id, f.csat, f.nps, f.plus, f.words, f.source, f.external_id "      \
              "FROM occasion o JOIN feedback f ON f.occasion_id = o.id WHERE o.about_id = $1 "      \
              "AND o.ended = 0 ORDER BY o.answered DESC, o.id DESC LIMIT 1")                        \
    STATEMENT(SQL_LOST_GET, "SELECT occasion_id, reason, words, lost_by, outcome, trip_id "         \
                            "FROM lost WHERE occasion_id = $1")                                     \
    STATEMENT(SQL_FEEDBACK_GET,                                                                     \
              "SELECT f.occasion_id, f.csat, f.nps, f.plus, f.words, f.source, f.external_id "      \
              "FROM feedback f WHERE f.occasion_id = $1")                                           \
    STATEMENT(SQL_COMPLAINT_GET, "SELECT occasion_id, source, words, cause, actions, outcome "      \
                                 "FROM complaint WHERE occasion_id = $1")                           \
    STATEMENT(SQL_THING_ADD,                                                                        \
              "INSERT INTO thing (client_id, occasion_id, kind, title, cost, owner_id, note, "      \
              "created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id")                   \
    STATEMENT(SQL_THING_GET, "SELECT " THING_COLUMNS " FROM thing t WHERE t.id = $1")               \
    STATEMENT(SQL_THING_UPDATE, "UPDATE thing SET ready_at = $1, handed_at = $2, dropped_at = $3, " \
                                "note = $4 WHERE id = $5")                                          \
    STATEMENT(SQL_THINGS,                                                                           \
              "SELECT " THING_COLUMNS ", c.name, p.title, s.login, " THING_VISIT " AS handed_on, "  \
              "(SELECT max(a.done_at) FROM occasion o JOIN action a ON a.occasion_id = o.id "       \
              "WHERE o.client_id = t.client_id AND (t.occasion_id IS NULL OR o.id = t.occasion_id) " \
              "AND a.channel = 'visit' AND a.state = 'done'), coalesce(p.ended, 0) "                \
              "FROM thing t JOIN client c ON c.id = t.client_id "                                   \
              "LEFT JOIN occasion p ON p.id = t.occasion_id "                                       \
              "LEFT JOIN staff s ON s.id = t.owner_id AND s.active = 1 "                            \
              "WHERE ($1 IS NULL OR t.client_id = $1) AND ($2 IS NULL OR t.owner_id = $2) "         \
              "AND ($3 = 0 OR (t.handed_at IS NULL AND t.dropped_at IS NULL)) "                     \
              "AND ($4 = 0 OR (t.ready_at IS NULL AND t.kind <> 'photo' "                           \
              "AND handed_on IS NOT NULL)) "                                                        \
              "AND ($5 IS NULL OR handed_on >= $5) AND ($6 IS NULL OR handed_on < $6) "             \
              "AND (($7 IS NULL AND ($3 = 0 OR t.kind <> 'photo')) OR t.kind = $7) "                \
              "ORDER BY handed_on NULLS LAST, t.id")                                                \
    STATEMENT(SQL_THINGS_OF_CLIENT,                                                                 \
              "SELECT " THING_COLUMNS " FROM thing t WHERE t.client_id = $1 ORDER BY t.id")         \
    STATEMENT(SQL_CLIENT_FACT_SET,                                                                  \
              "INSERT INTO client_fact (client_id, key, value) VALUES ($1, $2, $3) "                \
              "ON CONFLICT (client_id, key) DO UPDATE SET value = excluded.value")                  \
    STATEMENT(SQL_CLIENT_FACT_REMOVE, "DELETE FROM client_fact WHERE client_id = $1 AND key = $2")  \
    STATEMENT(SQL_CLIENT_FACTS,                                                                     \
              "SELECT key, value FROM client_fact WHERE client_id = $1 ORDER BY key")               \
    STATEMENT(SQL_CLIENT_MARK_ADD, "INSERT INTO client_mark (client_id, mark) VALUES ($1, $2) "     \
                                   "ON CONFLICT (client_id, mark) DO NOTHING")                      \
    STATEMENT(SQL_CLIENT_MARK_REMOVE, "DELETE FROM client_mark WHERE client_id = $1 AND mark = $2") \
    STATEMENT(SQL_CLIENT_MARKS, "SELECT mark FROM client_mark WHERE client_id = $1")                \
    STATEMENT(SQL_AUDIT_ADD, "INSERT INTO audit (at, actor, verb, client_id, occasion_id, action_id, "  \
                             "detail) VALUES ($1, $2, $3, $4, $5, $6, $7)")                         \
    STATEMENT(SQL_AUDIT_GET, "SELECT " AUDIT_COLUMNS " FROM audit WHERE id = $1")                                            \
    STATEMENT(SQL_AUDIT_LIST,                                                                       \
              "SELECT " AUDIT_COLUMNS " FROM audit "       \
              "WHERE ($1 IS NULL OR client_id = $1 OR occasion_id IN (SELECT id FROM occasion WHERE "       \
              "client_id = $1)) AND ($2 IS NULL OR occasion_id = $2) "                                  \
              "AND ($3 IS NULL OR action_id = $3) AND ($4 IS NULL OR actor = $4) "                  \
              "AND ($5 IS NULL OR verb = $5) AND id > $6 ORDER BY id DESC LIMIT $7")                            \
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
              "AND expires_at <= $1 UNION ALL "                                                     \
              "SELECT id FROM action WHERE state IN ('in_doubt', 'failed', 'missed', 'held') "      \
              "AND state = 'held' AND cause IN " HELD_BY_PLAN " AND expires_at <= $1 LIMIT $2")     \
    STATEMENT(SQL_LIST_TO_FALL_BACK,                                                                \
              "SELECT id FROM action WHERE state = 'pending' AND fallback_at IS NOT NULL "          \
              "AND channel IN ('call', 'visit') AND fallback_at <= $1 ORDER BY fallback_at, id "    \
              "LIMIT $2")                                                                           \
    STATEMENT(SQL_LAST_HANDED_OVER,                                                                 \
              "SELECT coalesce(max(risk_at), 0) FROM attempt WHERE risk_at IS NOT NULL")            \
    STATEMENT(SQL_DUE_UNSEEN,                                                                       \
              "SELECT coalesce(min(at), 0) FROM (SELECT min(next_attempt_at) AS at FROM action "    \
              "WHERE state = 'pending' AND channel IN ('email', 'sms') AND next_attempt_at > $1 "   \
              "UNION ALL SELECT min(fallback_at) FROM action WHERE state = 'pending' "              \
              "AND fallback_at IS NOT NULL AND channel IN ('call', 'visit') AND fallback_at > $1) due " \
              "WHERE at <= $2")                                                                     \
    STATEMENT(SQL_LIST_MISSED_AHEAD,                                                                \
              "SELECT id FROM action WHERE state IN ('in_doubt', 'failed', 'missed', 'held') "      \
              "AND state = 'missed' AND due_at > $1 AND " NOT_ENDED                             \
              " ORDER BY +due_at, id LIMIT $2")                                                     \
    STATEMENT(SQL_LIST_HELD,                                                                        \
              "SELECT id FROM action WHERE state IN ('in_doubt', 'failed', 'missed', 'held') "      \
              "AND state = 'held' AND cause IN ('template', 'signer') AND expires_at > $1 "                      \
              "ORDER BY +expires_at, id LIMIT $2")                                                  \
    STATEMENT(SQL_LIST_TO_SEND,                                                                     \
              "SELECT id FROM action WHERE state = 'pending' AND channel IN ('email', 'sms') "      \
              "AND next_attempt_at <= $1 ORDER BY priority, +expires_at, id LIMIT $2")              \
    STATEMENT(SQL_LIST_DOUBTS,                                                                      \
              "SELECT id FROM action WHERE state IN ('in_doubt', 'failed', 'missed', 'held') "      \
              "AND state = 'in_doubt' AND next_attempt_at <= $1 "                                   \
              "ORDER BY +next_attempt_at, id LIMIT $2")                                             \
    STATEMENT(SQL_DOCUMENT_ADD,                                                                     \
              "INSERT INTO document (occasion_id, step, name, type, added_at, bytes) "              \
              "VALUES ($1, $2, $3, $4, $5, $6) RETURNING id")                                       \
    STATEMENT(SQL_DOCUMENT_UPDATE, "UPDATE document SET step = $1, dropped_at = $2 WHERE id = $3")  \
    STATEMENT(SQL_DOCUMENT_GET, DOCUMENTS_FROM "WHERE d.id = $1")                                   \
    STATEMENT(SQL_DOCUMENT_BYTES, "SELECT bytes FROM document WHERE id = $1")                       \
    STATEMENT(SQL_DOCUMENTS_OF_OCCASION, DOCUMENTS_FROM "WHERE d.occasion_id = $1 ORDER BY d.id")   \
    STATEMENT(SQL_DOCUMENTS_OPEN,                                                                   \
              DOCUMENTS_FROM "WHERE d.dropped_at IS NULL AND o.ended = 0 "                          \
              "AND ($1 IS NULL OR o.manager_id = $1) AND NOT EXISTS (SELECT 1 "                     \
              "FROM message_document w JOIN action x ON x.id = w.action_id "                        \
              "WHERE w.document_id = d.id AND x.state = 'sent') ORDER BY d.id")                     \
    STATEMENT(SQL_MESSAGE_CARRIES,                                                                  \
              "INSERT INTO message_document (action_id, document_id) VALUES ($1, $2)")              \
    STATEMENT(SQL_MESSAGE_PUT,                                                                      \
              "INSERT INTO message (action_id, channel, recipient, subject, bytes, message_id, "    \
              "idem_key, frozen_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")                       \
    STATEMENT(SQL_MESSAGE_TELLS, "UPDATE action SET note = $1 WHERE id = $2")                       \
    STATEMENT(SQL_MESSAGE_GET,                                                                      \
              "SELECT channel, recipient, subject, bytes, message_id, idem_key, frozen_at "         \
              "FROM message WHERE action_id = $1")                                                  \
    STATEMENT(SQL_CLAIM, /* T1 */                                                                   \
              "UPDATE action SET state = 'claimed', updated_at = $1 WHERE id = $2 "                 \
              "AND state = 'pending' AND channel IN ('email', 'sms') AND next_attempt_at <= $1 "    \
              "AND stale = 0 "                                                                      \
              "AND expires_at > $1 AND NOT " UNSETTLED " AND " NOT_ENDED)                       \
    STATEMENT(SQL_CLAIM_AGAIN, /* T1 of a repeat: nothing about it was changed since */             \
              "UPDATE action SET state = 'claimed', updated_at = $1 WHERE id = $2 "                 \
              "AND state = 'in_doubt' AND stale = 0 AND expires_at > $1 AND " NOT_ENDED)        \
    STATEMENT(SQL_ATTEMPT_OPEN,                                                                     \
              "INSERT INTO attempt (action_id, n, tick_id, claimed_at) VALUES ($1, "                \
              "(SELECT coalesce(max(n), 0) + 1 FROM attempt WHERE action_id = $1), $2, $3) "        \
              "RETURNING id")                                                                       \
    STATEMENT(SQL_AT_RISK, /* T2 */                                                                 \
              "UPDATE action SET state = 'at_risk', updated_at = $1 WHERE id = $2 "                 \
              "AND state = 'claimed' AND stale = 0 AND expires_at > $1 "                            \
              "AND EXISTS (SELECT 1 FROM attempt t "                                                \
              "WHERE t.id = $3 AND t.action_id = action.id AND t.outcome IS NULL) "                 \
              "AND " NOT_ENDED)                                                                 \
    STATEMENT(                                                                                      \
        SQL_SEQ,                                                                                    \
        "SELECT max(coalesce((SELECT max(seq) FROM attempt WHERE seq IS NOT NULL), 0), "            \
        "coalesce((SELECT max(seq) FROM digest WHERE seq IS NOT NULL), 0), "                        \
        "coalesce((SELECT CAST(value AS INTEGER) FROM setting WHERE key = 'seq_before'), 0))")      \
    STATEMENT(SQL_ATTEMPT_AT_RISK, "UPDATE attempt SET risk_at = $1, seq = $2 WHERE id = $3")       \
    STATEMENT(                                                                                      \
        SQL_VERDICT_ACTION, /* T3, T4, T5; what would wait for another try is over with its trip */ \
        "UPDATE action SET state = CASE WHEN $1 = 'pending' AND NOT " NOT_ENDED                 \
        " THEN 'cancelled' ELSE $1 END, cause = CASE WHEN $1 = 'pending' AND NOT " NOT_ENDED    \
        " THEN 'ended' ELSE $2 END, reason = $3, "                                         \
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
              "JOIN action a ON a.id = m.action_id WHERE m.recipient IN ($1, $2) "                  \
              "AND t.risk_at >= $3 AND a.priority >= 0 AND " MAYBE_ACCEPTED) /* but urgent ones */  \
    STATEMENT(SQL_HANDED_OVER_ON,                                                                   \
              "SELECT count(*) FROM attempt t JOIN message m ON m.action_id = t.action_id "         \
              "WHERE t.risk_at >= $1 AND m.channel = $2 AND " MAYBE_ACCEPTED)                       \
    STATEMENT(SQL_ZONES_OF_OPEN_WORK, "SELECT c.tz, 1, min(c.id), count(DISTINCT c.id) " OPEN_WORK  \
                                      "AND c.tz IS NOT NULL GROUP BY c.tz UNION ALL "               \
                                      "SELECT a.tz, 0, min(c.id), count(DISTINCT c.id) " OPEN_WORK  \
                                      "AND a.tz IS NOT c.tz GROUP BY a.tz ORDER BY 1, 2")           \
    STATEMENT(SQL_LANGS, "SELECT DISTINCT lang FROM client WHERE lang IS NOT NULL ORDER BY 1")      \
    STATEMENT(SQL_FACT_KEYS, "SELECT DISTINCT key FROM client_fact ORDER BY 1")                     \
    STATEMENT(SQL_COUNTS,                                                                           \
              "SELECT (SELECT count(*) FROM client), "                                              \
              "(SELECT count(*) FROM occasion WHERE kind = 'trip'), "                               \
              "(SELECT count(*) FROM action WHERE state IN ('pending', 'claimed', 'at_risk')), "    \
              "(SELECT count(*) FROM action WHERE " IS_RED " AND state = 'in_doubt'), "             \
              "(SELECT count(*) FROM action WHERE " IS_RED " AND state = 'failed'), "               \
              "(SELECT count(*) FROM action WHERE " IS_RED " AND state = 'missed'), "               \
              "(SELECT count(*) FROM action WHERE " IS_HELD ")")                                    \
    STATEMENT(SQL_COUNT_HELD, "SELECT count(*) FROM action WHERE " IS_HELD)                         \
    STATEMENT(SQL_LIST_BIRTHDAYS,                                                                   \
              TO_GREET "c.id > $1 AND " IS_TO_BE_GREETED                                            \
                       "AND c.id IN (SELECT id FROM client WHERE birthday IS NOT NULL "             \
                       "AND substr(birthday, 6) IN ($8, $9) "                                       \
                       "AND substr(birthday, 1, 4) < substr($7, 1, 4)) ORDER BY c.id LIMIT $10")    \
    STATEMENT(SQL_LIST_HOLIDAY,                                                                     \
              TO_GREET "c.id > $1 AND " IS_TO_BE_GREETED "ORDER BY c.id LIMIT $8")                  \
    STATEMENT(SQL_LIST_OUTDATED,                                                                    \
              "SELECT o.client_id, o.id FROM occasion o WHERE o.ended = 0 AND o.client_id NOT IN "  \
              "(SELECT id FROM client WHERE email = '" FORGOTTEN_EMAIL "' COLLATE NOCASE) "         \
              "AND o.playbook_version <> $1 AND o.client_id > $2 AND (o.purchase >= $3 OR o.departure >= $3 OR o.return >= $3 "         \
              "OR o.visit >= $3 OR o.learned >= $3 OR o.answered >= $3 OR o.opened >= $3 "          \
              "OR o.promised >= $3 OR o.resolved >= $3 OR o.day >= $3 OR EXISTS ("                  \
              "SELECT 1 FROM action a WHERE a.occasion_id = o.id AND a.state IN ('pending', "       \
              "'claimed', 'at_risk', 'held', 'missed'))) AND ($4 IS NULL OR "                       \
              "coalesce(o.departure, o.learned, o.answered, o.opened, o.day) >= $4) "               \
              "ORDER BY o.client_id, o.id LIMIT $5")  \
    STATEMENT(SQL_LIST_SETTLED,                                                                     \
              "SELECT o.client_id FROM action a JOIN occasion o ON o.id = a.occasion_id "           \
              "WHERE a.state IN ('in_doubt', 'failed', 'missed', 'held') AND a.state = 'held' "     \
              "AND a.cause = 'complaint' AND o.ended = 0 " NONE_UNSOLVED                            \
              "UNION "                                                                              \
              "SELECT o.client_id FROM action a JOIN occasion o ON o.id = a.occasion_id "           \
              "WHERE a.state IN ('pending', 'claimed', 'at_risk') AND a.local_due < $1 "            \
              "AND a.state = 'pending' AND a.cause = 'complaint' AND o.ended = 0 " NONE_UNSOLVED    \
              "ORDER BY 1")                                                 \
    STATEMENT(SQL_AGENDA_PROMISED, /* ticked off or skipped, and yet the promised day is past */    \
              AGENDA_FROM "WHERE a.occasion_id IN (SELECT occasion_id FROM complaint) "             \
                          "AND a.state IN ('done', 'skipped') AND a.channel = 'task' "              \
                          "AND a.anchor_at = o.promised AND o.resolved IS NULL AND o.ended = 0 "    \
                          "AND o.promised < $1 AND ($2 IS NULL OR o.manager_id = $2) "              \
                          "ORDER BY s.login NULLS FIRST, a.local_due, a.id")                        \
    STATEMENT(SQL_DIGEST_GET, DIGEST_FROM "WHERE staff_id = $1 AND day = $2")                       \
    STATEMENT(SQL_DIGEST_AT_RISK, /* only a list of which it is certain that nobody has it */       \
              "INSERT INTO digest (staff_id, day, state, risk_at, seq) "                            \
              "VALUES ($1, $2, 'at_risk', $3, $4) ON CONFLICT (staff_id, day) DO UPDATE SET "       \
              "state = 'at_risk', risk_at = $3, seq = $4, next_at = NULL WHERE state = 'waiting'")  \
    STATEMENT(SQL_DIGEST_PUT,                                                                       \
              "INSERT INTO digest (staff_id, day, state, tries, next_at, done_at, reply) "          \
              "VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (staff_id, day) DO UPDATE SET "      \
              "state = $3, tries = $4, next_at = $5, done_at = $6, reply = $7")                     \
    STATEMENT(SQL_DIGESTS_AT_RISK, DIGEST_FROM "WHERE state = 'at_risk' ORDER BY seq")              \
    STATEMENT(SQL_DIGESTS_LAST,                                                                     \
              DIGEST_FROM "WHERE day = (SELECT max(day) FROM digest d "                             \
                          "WHERE d.staff_id = digest.staff_id) ORDER BY staff_id")                  \
    STATEMENTS_OF_WISHES                                                                            \
    STATEMENTS_OF_LOST                                                                              \
    STATEMENTS_OF_FIGURES                                                                           \
    STATEMENTS_OF_FORGETTING                                                                        \
    STATEMENTS_OF_QUIET

const char *const sql_texts[SQL_COUNT] = {STATEMENTS};

#undef STATEMENT
#define STATEMENT(name, text) [name] = #name,
const char *const sql_names[SQL_COUNT] = {STATEMENTS};
