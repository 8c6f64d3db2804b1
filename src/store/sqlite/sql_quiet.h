/* The statements of <pps/store_quiet.h>: one row a client and a kind of trace, in the order of enum trace_kind; the clients
 * that have a card which was not forgotten are those of the first kind. */
#ifndef PPS_STORE_SQLITE_SQL_QUIET_H
#define PPS_STORE_SQLITE_SQL_QUIET_H

#define OCCASIONS_MADE(kind) "NULL, max(created_at) FROM occasion WHERE kind = '" kind "' GROUP BY client_id "

#define STATEMENTS_OF_QUIET                                                                        \
    STATEMENT(SQL_QUIET_TRACES,                                                                    \
              "SELECT id AS client, 0 AS what, NULL AS day, created_at AS at FROM client "         \
              "WHERE email IS NULL OR email <> '" FORGOTTEN_EMAIL "' "                             \
              "UNION ALL SELECT client_id, 1, " OCCASIONS_MADE("trip")                             \
              "UNION ALL SELECT client_id, 2, max(substr(return, 1, 10)), NULL FROM occasion "     \
              "WHERE kind = 'trip' AND ended = 0 GROUP BY client_id "                              \
              "UNION ALL SELECT client_id, 3, " OCCASIONS_MADE("lost")                             \
              "UNION ALL SELECT client_id, 4, " OCCASIONS_MADE("feedback")                         \
              "UNION ALL SELECT client_id, 5, " OCCASIONS_MADE("complaint")                        \
              "UNION ALL SELECT client_id, 5, max(substr(resolved, 1, 10)), NULL FROM occasion "   \
              "WHERE resolved IS NOT NULL GROUP BY client_id "                                     \
              "UNION ALL SELECT o.client_id, 6, NULL, max(a.done_at) FROM action a "               \
              "JOIN occasion o ON o.id = a.occasion_id WHERE a.state = 'done' GROUP BY o.client_id " \
              "UNION ALL SELECT client_id, 7, NULL, max(at) FROM consent "                         \
              "WHERE client_id IS NOT NULL GROUP BY client_id "                                    \
              "UNION ALL SELECT c.id, 7, NULL, max(k.at) FROM consent k JOIN client c "            \
              "ON c.email = k.address COLLATE NOCASE WHERE k.channel = 'email' GROUP BY c.id "     \
              "UNION ALL SELECT c.id, 7, NULL, max(k.at) FROM consent k JOIN client c "            \
              "ON c.phone = k.address WHERE k.channel = 'sms' GROUP BY c.id "                      \
              "UNION ALL SELECT client_id, 8, NULL, max(coalesce(handed_at, created_at)) "         \
              "FROM thing GROUP BY client_id "                                                     \
              "UNION ALL SELECT by_client_id, 9, NULL, max(coalesce(rewarded_at, at)) "            \
              "FROM referral GROUP BY by_client_id "                                               \
              "UNION ALL SELECT new_client_id, 9, NULL, max(at) FROM referral GROUP BY new_client_id " \
              "UNION ALL SELECT client_id, 10, NULL, max(at) FROM audit WHERE verb IN "            \
              "('note', 'replied', 'edit-client', 'fact', 'mark', 'pause', 'resume') "             \
              "AND client_id IS NOT NULL GROUP BY client_id "                                      \
              "ORDER BY client, what")                                                             \
    STATEMENT(SQL_QUIET_LOOSE, /* the numbers are those of enum loose_kind */                      \
              "SELECT o.client_id AS client, 1 AS what, min(a.id) FROM action a "                  \
              "JOIN occasion o ON o.id = a.occasion_id "                                           \
              "WHERE a.state IN ('claimed', 'at_risk', 'in_doubt') GROUP BY o.client_id "          \
              "UNION ALL SELECT o.client_id, 3, min(a.id) FROM action a "                          \
              "JOIN occasion o ON o.id = a.occasion_id "                                           \
              "WHERE (a.state IN ('pending', 'held') OR (a.state IN ('failed', 'missed') "         \
              "AND a.local_due >= $1)) AND (o.kind <> 'greeting' "                                 \
              "OR a.channel NOT IN ('email', 'sms')) GROUP BY o.client_id "                        \
              "UNION ALL SELECT client_id, 2, min(id) FROM occasion WHERE kind = 'complaint' "     \
              "AND ended = 0 AND resolved IS NULL GROUP BY client_id "                             \
              "UNION ALL SELECT by_client_id, 4, min(id) FROM referral "                            \
              "WHERE rewarded_at IS NULL AND dropped_at IS NULL GROUP BY by_client_id "              \
              "UNION ALL SELECT client_id, 5, min(id) FROM thing WHERE handed_at IS NULL "         \
              "AND dropped_at IS NULL AND kind <> 'photo' GROUP BY client_id "                     \
              "UNION ALL SELECT id, 6, id FROM client WHERE paused_until > $2 "                    \
              "ORDER BY client, what")

#endif
