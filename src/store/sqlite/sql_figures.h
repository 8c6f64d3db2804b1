/* The statements that count the figures of a period, a part of the table in sql.c. Each gives rows of a person's id and
 * counts, in the order in which figures.c names them. */
#ifndef PPS_STORE_SQLITE_SQL_FIGURES_H
#define PPS_STORE_SQLITE_SQL_FIGURES_H

/* Trips that came to their end, and how many of them have an answer. */
#define TRIPS_RETURNED                                                                             \
    "count(*), count((SELECT min(f.id) FROM occasion f WHERE f.about_id = o.id "                   \
    "AND f.kind = 'feedback' AND f.ended = 0)) FROM occasion o WHERE o.kind = 'trip' "             \
    "AND o.ended = 0 "

/* Nobody departs before they buy, so the index of departures finds what was bought since. */
#define FIGURES_SALES                                                                              \
    "SELECT o.sold_by, count(*), count((SELECT min(e.id) FROM occasion e "                         \
    "WHERE e.client_id = o.client_id AND e.kind = 'trip' AND e.ended = 0 "                         \
    "AND e.purchase < o.purchase)) FROM occasion o WHERE o.kind = 'trip' AND o.ended = 0 "         \
    "AND o.departure >= $1 AND o.purchase >= $1 AND o.purchase < $2 GROUP BY o.sold_by"

#define FIGURES_RETURNED                                                                           \
    "SELECT o.manager_id, " TRIPS_RETURNED "AND o.return >= $1 AND o.return < $2 "                 \
    "GROUP BY o.manager_id"

#define FIGURES_ANSWERS                                                                            \
    "SELECT o.manager_id, count(*), sum(coalesce(f.nps <= 6, 0) OR coalesce(f.csat <= 3, 0)), "    \
    "count(f.csat), coalesce(sum(f.csat), 0), count(f.nps), "                                      \
    "sum(coalesce(f.nps >= 9, 0)), sum(coalesce(f.nps <= 6, 0)) FROM feedback f "                  \
    "JOIN occasion o ON o.id = f.occasion_id WHERE o.ended = 0 "                                   \
    "AND o.answered >= $1 AND o.answered < $2 GROUP BY o.manager_id"

/* Each message once, on the day of the last time that it was handed over. */
#define FIGURES_SENT                                                                               \
    "SELECT o.manager_id, sum(a.channel = 'email'), sum(a.channel = 'sms') FROM attempt t "        \
    "JOIN action a ON a.id = t.action_id JOIN occasion o ON o.id = a.occasion_id "                 \
    "WHERE t.risk_at >= $1 AND t.risk_at < $2 AND a.state = 'sent' AND NOT EXISTS (SELECT 1 "      \
    "FROM attempt u WHERE u.action_id = t.action_id AND u.n > t.n AND u.risk_at IS NOT NULL) "     \
    "GROUP BY o.manager_id"

#define UNSENT(channel, state)                                                                     \
    "sum(a.channel = '" channel "' AND a.state = '" state "')"
#define FIGURES_UNSENT                                                                             \
    "SELECT o.manager_id, " UNSENT("email", "failed") ", " UNSENT("email", "missed") ", "          \
    UNSENT("email", "in_doubt") ", " UNSENT("sms", "failed") ", " UNSENT("sms", "missed") ", "     \
    UNSENT("sms", "in_doubt") " FROM action a JOIN occasion o ON o.id = a.occasion_id "            \
    "WHERE a.state IN ('in_doubt', 'failed', 'missed', 'held') AND a.state <> 'held' "             \
    "AND a.local_due >= $1 AND a.local_due < $2 GROUP BY o.manager_id"

/* Whose client it was who recommended us: the manager's of the trip that they have bought last. */
#define RECOMMENDED_TO                                                                             \
    "(SELECT o.manager_id FROM occasion o WHERE o.client_id = r.by_client_id "                     \
    "AND o.kind = 'trip' AND o.ended = 0 ORDER BY o.purchase DESC, o.id DESC LIMIT 1)"
#define FIGURES_REFERRALS                                                                          \
    "SELECT " RECOMMENDED_TO " AS manager_id, count(*) FROM referral r "                           \
    "WHERE r.dropped_at IS NULL AND r.at >= $1 AND r.at < $2 GROUP BY 1"
#define FIGURES_REWARDS                                                                            \
    "SELECT " RECOMMENDED_TO " AS manager_id, count(*) FROM referral r "                           \
    "WHERE r.dropped_at IS NULL AND r.rewarded_at IS NULL GROUP BY 1"

/* Of each client the last trip that ended in these days of a year ago, and whether a later one was bought in the year
 * after it. */
#define FIGURES_YEAR_AFTER                                                                         \
    "SELECT o.manager_id, count(*), sum(NOT EXISTS (SELECT 1 FROM occasion e "                     \
    "WHERE e.client_id = o.client_id AND e.kind = 'trip' AND e.ended = 0 AND e.id <> o.id "        \
    "AND (e.return > o.return OR (e.return = o.return AND e.id > o.id)) "                          \
    "AND e.purchase <= date(substr(o.return, 1, 10), '+365 days'))) "                              \
    "FROM occasion o WHERE o.kind = 'trip' AND o.ended = 0 "                                       \
    "AND o.return >= $1 AND o.return < $2 AND NOT EXISTS (SELECT 1 FROM occasion l "               \
    "WHERE l.client_id = o.client_id AND l.kind = 'trip' AND l.ended = 0 "                         \
    "AND (l.return > o.return OR (l.return = o.return AND l.id > o.id)) AND l.return < $2) "       \
    "GROUP BY o.manager_id"

#define OF_COMPLAINTS                                                                              \
    "FROM complaint p JOIN occasion o ON o.id = p.occasion_id WHERE o.ended = 0 "
#define FIGURES_OPENED                                                                             \
    "SELECT o.manager_id, count(*) " OF_COMPLAINTS                                                 \
    "AND o.opened >= $1 AND o.opened < $2 GROUP BY o.manager_id"
#define FIGURES_SOLVED                                                                             \
    "SELECT o.manager_id, count(*), CAST(sum(julianday(substr(o.resolved, 1, 10)) - "              \
    "julianday(substr(o.opened, 1, 10))) AS INTEGER) " OF_COMPLAINTS                               \
    "AND o.resolved >= $1 AND o.resolved < $2 GROUP BY o.manager_id"
#define FIGURES_UNSOLVED                                                                           \
    "SELECT o.manager_id, count(*), sum(coalesce(o.promised < $1, 0)) " OF_COMPLAINTS              \
    "AND o.resolved IS NULL GROUP BY o.manager_id"

/* Calls, visits and tasks: what was done, what is open, and for what a message went instead; whose they were then, whoever
 * has the trip now.
 * What belongs to an entry that was taken back was never to be done. */
#define WORK_COLUMNS                                                                               \
    "a.channel, a.state, a.cause, a.local_due, a.expires_at, a.fallback_at, a.anchor_at, "         \
    "a.moved_to, a.done_at, o.kind, a.was_due_at, a.due_at FROM action a JOIN occasion o ON o.id = a.occasion_id "
/* A sale so short before the flight that its message went at once left nobody a call to make. */
#define WAS_TO_BE_CALLED "AND coalesce(a.fallback_at > a.due_at, 1) AND coalesce(a.outcome, '') <> 'refused' "
#define WHOSE_THEN "coalesce(a.owner_id, o.manager_id)"
#define DUE_THEN "AND a.local_due >= $1 AND a.local_due < $2 "
#define WORK_DUE                                                                                   \
    "SELECT coalesce(s.id, " WHOSE_THEN "), " WORK_COLUMNS "LEFT JOIN staff s ON s.login = a.done_by " \
    "WHERE a.state = 'done' " DUE_THEN "AND (o.ended = 0 OR (o.kind NOT IN ('feedback', 'complaint') " \
    "AND coalesce(o.end_reason, '') <> $3)) UNION ALL "                                            \
    "SELECT o.manager_id, " WORK_COLUMNS "WHERE a.state IN ('pending', 'claimed', 'at_risk') "     \
    DUE_THEN "AND a.state = 'pending' AND a.channel IN ('call', 'visit', 'task') "                 \
    "AND o.ended = 0 UNION ALL "                                                                   \
    "SELECT " WHOSE_THEN ", " WORK_COLUMNS "WHERE a.state = 'sent' AND a.cause = 'not_ticked' "      \
    DUE_THEN WAS_TO_BE_CALLED "UNION ALL "                                                         \
    "SELECT " WHOSE_THEN ", " WORK_COLUMNS                                                         \
    "WHERE a.state IN ('in_doubt', 'failed', 'missed', 'held') AND a.state <> 'held' "             \
    "AND a.planned_channel = 'call' " WAS_TO_BE_CALLED DUE_THEN

#define STATEMENTS_OF_FIGURES                                                                      \
    STATEMENT(SQL_FIGURES_SALES, FIGURES_SALES)                                                    \
    STATEMENT(SQL_FIGURES_RETURNED, FIGURES_RETURNED)                                              \
    STATEMENT(SQL_FIGURES_ANSWERS, FIGURES_ANSWERS)                                                \
    STATEMENT(SQL_FIGURES_SENT, FIGURES_SENT)                                                      \
    STATEMENT(SQL_FIGURES_UNSENT, FIGURES_UNSENT)                                                  \
    STATEMENT(SQL_FIGURES_REFERRALS, FIGURES_REFERRALS)                                            \
    STATEMENT(SQL_FIGURES_REWARDS, FIGURES_REWARDS)                                                \
    STATEMENT(SQL_FIGURES_YEAR_AFTER, FIGURES_YEAR_AFTER)                                          \
    STATEMENT(SQL_FIGURES_OPENED, FIGURES_OPENED)                                                  \
    STATEMENT(SQL_FIGURES_SOLVED, FIGURES_SOLVED)                                                  \
    STATEMENT(SQL_FIGURES_UNSOLVED, FIGURES_UNSOLVED)                                              \
    STATEMENT(SQL_WORK_DUE, WORK_DUE)                                                              \
    STATEMENT(SQL_FIRST_ENTRY, "SELECT created_at FROM occasion ORDER BY id LIMIT 1")

#endif
