/* The parts that several statements of sql.c share: lists of columns, in the order in which rows.c and its like read them,
 * and conditions that must be the same word for word. */
#ifndef PPS_STORE_SQLITE_SQL_PARTS_H
#define PPS_STORE_SQLITE_SQL_PARTS_H

/* Two habits of SQLite's planner show here: a partial index serves only a query that repeats its WHERE word for word, and
 * "+column" in ORDER BY keeps it from walking a whole index just to save a sort of a few rows. */

#define ACTION_COLUMNS                                                                             \
    "a.id, a.occasion_id, a.step, a.occurrence, a.channel, a.planned_channel, a.state, a.cause, "      \
    "a.reason, a.local_due, a.tz, a.due_at, a.expires_at, a.next_attempt_at, a.fallback_channel, " \
    "a.fallback_at, a.merged_into, a.attempts, a.outcome, a.note, a.done_at, a.done_by, "          \
    "a.priority, a.stale, a.anchor_at, a.moved_to, a.approved_at, a.held_at, a.was_due_at, "       \
    "(SELECT k.kind FROM occasion k WHERE k.id = a.occasion_id)"
#define OCCASION_COLUMNS                                                                           \
    "o.id, o.client_id, o.kind, o.title, o.purchase, o.departure, o.return, o.visit, o.moved, "    \
    "o.learned, o.answered, o.opened, o.promised, o.resolved, o.day, o.departure_tz, o.product, "  \
    "o.about_id, o.manager_id, o.playbook_version, o.note, o.ended, o.end_reason, o.created_at, "   \
    "o.adults, o.children, o.sold_by"
#define CLIENT_COLUMNS                                                                             \
    "c.id, c.name, c.salutation, c.phone, c.email, c.lang, c.tz, c.birthday, c.note, "             \
    "c.external_id, c.created_at, c.phone_wrong, c.paused_until, c.pause_reason, c.gender"
#define STAFF_COLUMNS "s.id, s.login, s.name, s.role, s.position, s.email, s.phone, s.active"
#define AGENDA_FROM                                                                                \
    "SELECT " ACTION_COLUMNS ", c.id, c.name, c.phone, c.email, o.kind, o.title, "             \
    "o.departure, o.return, o.playbook_version, s.login, c.tz, " ALSO_CALLED " FROM action a "      \
    "JOIN occasion o ON o.id = a.occasion_id JOIN client c ON c.id = o.client_id "                                                         \
    "LEFT JOIN staff s ON s.id = o.manager_id AND s.active = 1 "
/* Of an action that is being updated: it is ticked off just now, or becomes the message that goes instead of a call. */
#define IS_SETTLED                                                                                 \
    "(state <> 'done' AND $3 = 'done') OR (channel = 'call' AND $1 IN ('email', 'sms'))"
#define NOT_ENDED                                                                                  \
    "EXISTS (SELECT 1 FROM occasion o WHERE o.id = action.occasion_id AND o.ended = 0)"
/* There is an attempt of which nobody knows what became. */
#define UNSETTLED                                                                                  \
    "EXISTS (SELECT 1 FROM attempt t WHERE t.action_id = action.id AND t.outcome = 'in_doubt' "    \
    "AND t.settled IS NULL)"
/* Claimed for a repeat of what is in doubt. */
#define A_REPEAT "(state = 'claimed' AND cause IN ('no_verdict', 'restored'))"
#define MAYBE_ACCEPTED                                                                             \
    "(t.outcome IS NULL OR t.outcome IN ('sent', 'in_doubt')) "                                    \
    "AND coalesce(t.settled, '') <> 'not_sent'"

#define AUDIT_COLUMNS                                                                              \
    "id, at, actor, verb, client_id, occasion_id, action_id, detail, "                             \
    "(SELECT k.kind FROM occasion k WHERE k.id = audit.occasion_id)"

#define OPEN_WORK                                                                                  \
    "FROM action a JOIN occasion o ON o.id = a.occasion_id JOIN client c ON c.id = o.client_id "           \
    "WHERE a.state IN ('pending', 'claimed', 'at_risk', 'in_doubt', 'held') "

/* What is held because the plan says so, and not because something is wrong. */
#define HELD_BY_PLAN "('complaint', 'paused', 'approval', 'held_by_person', 'lost_sale')"

/* With the letter that carried it (x), and the one that is to (b): of its step, or of the step that this was merged into. */
#define DOCUMENTS_FROM                                                                             \
    "SELECT d.id, d.occasion_id, d.step, d.name, d.type, length(d.bytes), d.added_at, "            \
    "d.dropped_at, o.kind, o.client_id, o.title, o.ended, c.name, s.login, "                       \
    "x.step, x.state, EXISTS (SELECT 1 FROM attempt t WHERE t.action_id = x.id "                   \
    "AND t.outcome = 'in_doubt' AND coalesce(t.settled, '') <> 'not_sent'), "                      \
    "b.id, b.step, b.state, b.channel, b.reason, b.state = 'sent' AND NOT EXISTS (SELECT 1 "         \
    "FROM message v WHERE v.action_id = b.id) FROM document d "                                  \
    "JOIN occasion o ON o.id = d.occasion_id JOIN client c ON c.id = o.client_id "                 \
    "LEFT JOIN staff s ON s.id = o.manager_id AND s.active = 1 "                                   \
    "LEFT JOIN action x ON x.id = (SELECT w.action_id FROM message_document w "                    \
    "JOIN action z ON z.id = w.action_id WHERE w.document_id = d.id "                              \
    "ORDER BY z.state = 'sent' DESC, z.id DESC LIMIT 1) "                                          \
    "LEFT JOIN action b ON b.id = (SELECT y.id FROM action y WHERE y.occasion_id = d.occasion_id " \
    "AND y.step = coalesce((SELECT m.merged_into FROM action m WHERE m.occasion_id = "             \
    "d.occasion_id AND m.step = d.step AND m.cause = 'merged'), d.step) "                          \
    "ORDER BY y.occurrence DESC LIMIT 1) "

/* Answers, with the names that go with them. */
#define FEEDBACK_FROM                                                                              \
    "SELECT " OCCASION_COLUMNS ", f.csat, f.nps, f.plus, f.words, f.source, "                      \
    "f.external_id, c.name, t.title, s.login FROM occasion o "                                     \
    "JOIN feedback f ON f.occasion_id = o.id JOIN client c ON c.id = o.client_id "                 \
    "LEFT JOIN occasion t ON t.id = o.about_id LEFT JOIN staff s ON s.id = o.manager_id "

/* As the index action_red has it. */
#define IS_RED "state IN ('in_doubt', 'failed', 'missed', 'held')"
#define IS_HELD IS_RED " AND state = 'held' AND cause NOT IN " HELD_BY_PLAN

#define THING_COLUMNS                                                                              \
    "t.id, t.client_id, t.occasion_id, t.kind, t.title, t.cost, t.owner_id, t.ready_at, "          \
    "t.handed_at, t.dropped_at, t.note, t.created_at"
/* At which visit a thing is handed over: that of its trip; what belongs to none, at the first since it was promised. */
#define THING_VISIT                                                                                \
    "CASE WHEN t.occasion_id IS NOT NULL THEN (SELECT o.visit FROM occasion o "                    \
    "WHERE o.id = t.occasion_id AND o.ended = 0) ELSE (SELECT min(o.visit) FROM occasion o "       \
    "WHERE o.client_id = t.client_id AND o.kind = 'trip' AND o.ended = 0 "                         \
    "AND o.visit >= date(t.created_at, 'unixepoch')) END"
/* z: the calls that are not made because a is made for them, too; found by the number, so without an index of their own. */
#define JOINED_CALLS                                                                               \
    "JOIN occasion o ON o.id = a.occasion_id JOIN client c ON c.id = o.client_id "                 \
    "JOIN client x ON x.phone = c.phone JOIN occasion y ON y.client_id = x.id AND y.ended = 0 "    \
    "JOIN action z ON z.occasion_id = y.id AND z.state = 'cancelled' AND z.cause = 'one_call' "    \
    "AND z.merged_into = 'A' || a.id "
/* Of whom, or of what, to speak in a call besides its own: "Пётр, Павел (T3), T4", "F9"; with the trip when it is
 * another one. */
#define ALSO_CALLED                                                                                \
    "CASE WHEN a.channel = 'call' AND c.phone IS NOT NULL THEN (SELECT group_concat(CASE "         \
    "WHEN w.client_id = c.id THEN w.id WHEN w.departure = o.departure THEN w.name "                \
    "ELSE w.name || ' (' || w.id || ')' END, ', ') FROM (SELECT x.id AS client_id, x.name, "       \
    "CASE y.kind WHEN 'feedback' THEN 'F' ELSE 'T' END || y.id AS id, y.departure "                \
    "FROM client x JOIN occasion y ON y.client_id = x.id "                                         \
    "AND y.ended = 0 JOIN action z ON z.occasion_id = y.id AND z.state = 'cancelled' "             \
    "AND z.cause = 'one_call' AND z.merged_into = 'A' || a.id WHERE x.phone = c.phone "            \
    "ORDER BY +z.id) w) END"
/* What people want, and who does the work. */
#define CONSENT_COLUMNS "id, at, channel, address, purpose, given, source, actor, client_id"
#define NEEDS_SOMEBODY                                                                             \
    "('pending', 'claimed', 'at_risk', 'in_doubt', 'failed', 'missed', 'held')"
/* Trips that are not over ($n: the day), too: something may come of them yet. */
#define WORK_LEFT(today)                                                                           \
    "((o.kind = 'trip' AND substr(o.return, 1, 10) >= " today ") "                                 \
    "OR (o.kind = 'complaint' AND o.resolved IS NULL) OR EXISTS (SELECT 1 FROM action a "          \
    "WHERE a.occasion_id = o.id AND a.state IN " NEEDS_SOMEBODY ")) "
/* Lost sales, and who brought whom. The series of the lost sale o runs while something of it is open that is due within
 * so many seconds after the loss. */
#define SERIES_RUNS(length_sec)                                                                    \
    "EXISTS (SELECT 1 FROM action a WHERE a.occasion_id = o.id "                                   \
    "AND a.state IN ('pending', 'claimed', 'at_risk', 'in_doubt', 'held') "                        \
    "AND a.due_at < o.created_at + " length_sec ") "
#define REFERRAL_COLUMNS                                                                           \
    "r.id, r.by_client_id, r.new_client_id, r.at, r.reward, r.rewarded_at, r.rewarded_by, "        \
    "b.name, n.name"
#define REFERRAL_FROM                                                                              \
    "SELECT " REFERRAL_COLUMNS " FROM referral r JOIN client b ON b.id = r.by_client_id "          \
    "JOIN client n ON n.id = r.new_client_id "
/* The lists of the morning. */
#define DIGEST_FROM                                                                                \
    "SELECT staff_id, day, state, tries, next_at, risk_at, done_at, seq, reply FROM digest "

/* What a client has had, or will have: see store_steps_had. */
#define HAD_FROM                                                                                   \
    "SELECT a.step, a.due_at, a.state IN ('pending', 'claimed', 'at_risk', 'held'), o.kind, o.id " \
    "FROM occasion o JOIN action a ON a.occasion_id = o.id "
#define HAD_OR_AHEAD                                                                               \
    "a.state IN ('sent', 'in_doubt', 'done', 'pending', 'claimed', 'at_risk', 'held')"

#endif
