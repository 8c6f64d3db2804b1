/* The statements by which a client is forgotten: what says who they are, and every word of theirs. Each takes the client;
 * those that end something take the instant first. */
#ifndef PPS_STORE_SQLITE_SQL_FORGET_H
#define PPS_STORE_SQLITE_SQL_FORGET_H

#include <pps/store_lost.h>

/* By this a forgotten card is known: nobody else can have it (RFC 2606, 2). */
#define FORGOTTEN_EMAIL "forgotten@client.invalid"
#define THEIRS(client) "(SELECT id FROM occasion WHERE client_id = " client ")"
#define THEIR_ACTIONS(client)                                                                      \
    "(SELECT b.id FROM occasion p JOIN action b ON b.occasion_id = p.id WHERE p.client_id = " client ")"
/* Another card has the address of this word, so that it is a word of that client, too. */
#define OTHERS_HAVE_IT                                                                             \
    "EXISTS (SELECT 1 FROM client c WHERE c.id <> $1 AND ((consent.channel = 'sms' "              \
    "AND c.phone = consent.address) OR (consent.channel = 'email' "                                \
    "AND c.email = consent.address COLLATE NOCASE)))"

#define STATEMENTS_OF_FORGETTING                                                                   \
    STATEMENT(SQL_SECURE_DELETE, "PRAGMA secure_delete = ON")                                      \
    STATEMENT(SQL_JOURNAL_AWAY, "PRAGMA journal_mode = DELETE")                                    \
    STATEMENT(SQL_FORGET_IN_FLIGHT,                                                                \
              "SELECT id, state = 'in_doubt' FROM action WHERE id IN " THEIR_ACTIONS("$1")         \
              " AND state IN ('claimed', 'at_risk', 'in_doubt') ORDER BY id LIMIT 1")              \
    STATEMENT(SQL_FORGET_AHEAD,                                                                    \
              "SELECT id, departure > $1 FROM occasion WHERE client_id = $2 AND kind = 'trip' "    \
              "AND ended = 0 AND substr(return, 1, 10) >= $1 ORDER BY departure, id LIMIT 1")      \
    STATEMENT(SQL_FORGET_SINCE, /* that they are to be forgotten is no news of them */            \
              "SELECT count(*) FROM audit WHERE id > $1 AND verb <> 'forget-asked' "               \
              "AND (client_id = $2 OR occasion_id IN " THEIRS("$2")                                \
              " OR action_id IN " THEIR_ACTIONS("$2") ")")                                         \
    STATEMENT(SQL_FORGET_EVIDENCE,                                                                 \
              "SELECT provider_id FROM attempt WHERE action_id IN " THEIR_ACTIONS("$1")            \
              " AND provider_id IS NOT NULL ORDER BY id")                                          \
    STATEMENT(SQL_FORGET_FROZEN,                                                                   \
              "SELECT b.id, b.step, m.channel, m.frozen_at FROM message m JOIN action b "          \
              "ON b.id = m.action_id WHERE b.id IN " THEIR_ACTIONS("$1") " ORDER BY b.id")         \
    STATEMENT(SQL_FORGET_OPEN, /* red ones too: nobody can see to them any more */                 \
              "UPDATE action SET updated_at = $1, state = 'cancelled', cause = 'ended' "           \
              "WHERE id IN " THEIR_ACTIONS("$2")                                                   \
              " AND state IN ('pending', 'held', 'failed', 'missed')")                             \
    STATEMENT(SQL_FORGET_DOCUMENTS, "DELETE FROM document WHERE occasion_id IN " THEIRS("$1"))     \
    STATEMENT(SQL_FORGET_MESSAGES, /* with what says which documents they carried */               \
              "DELETE FROM message WHERE action_id IN " THEIR_ACTIONS("$1"))                       \
    STATEMENT(SQL_FORGET_REMARKS,                                                                  \
              "UPDATE action SET note = NULL, reason = NULL, stale = 0 "                           \
              "WHERE id IN " THEIR_ACTIONS("$1") " AND (note IS NOT NULL OR reason IS NOT NULL "   \
              "OR stale <> 0)")                                                                    \
    STATEMENT(SQL_FORGET_REPLIES,                                                                  \
              "UPDATE attempt SET reply = NULL, provider_id = NULL "                               \
              "WHERE action_id IN " THEIR_ACTIONS("$1"))                                           \
    STATEMENT(SQL_FORGET_OCCASIONS, /* the rest counts as before: it is no cancelled sale */         \
              "UPDATE occasion SET ended = CASE WHEN kind = 'complaint' AND resolved IS NULL "     \
              "THEN 1 ELSE ended END, note = NULL, end_reason = CASE WHEN end_reason = '" LOST_BY_MISTAKE "' "        \
              "THEN end_reason WHEN ended = 1 OR (kind = 'complaint' AND resolved IS NULL) "       \
              "THEN 'the client was forgotten' END, "                                              \
              "title = CASE WHEN kind = 'complaint' THEN 'forgotten' ELSE title END "              \
              "WHERE client_id = $1")                                                              \
    STATEMENT(SQL_FORGET_LOST, "UPDATE lost SET words = NULL WHERE occasion_id IN " THEIRS("$1"))  \
    STATEMENT(SQL_FORGET_FEEDBACK,                                                                 \
              "UPDATE feedback SET plus = NULL, source = 'forgotten', external_id = NULL, "        \
              "words = CASE WHEN csat IS NULL AND nps IS NULL THEN 'forgotten' END "               \
              "WHERE occasion_id IN " THEIRS("$1"))                                                \
    STATEMENT(SQL_FORGET_COMPLAINTS,                                                               \
              "UPDATE complaint SET source = 'forgotten', words = NULL, actions = NULL "           \
              "WHERE occasion_id IN " THEIRS("$1"))                                                \
    STATEMENT(SQL_FORGET_THINGS,                                                                   \
              "UPDATE thing SET dropped_at = CASE WHEN handed_at IS NULL "                         \
              "AND dropped_at IS NULL THEN $1 ELSE dropped_at END, title = kind, note = NULL "     \
              "WHERE client_id = $2")                                                              \
    STATEMENT(SQL_FORGET_REFERRALS, /* what they would still get, nobody can give */               \
              "UPDATE referral SET rewarded_at = coalesce(rewarded_at, $1), reward = NULL "        \
              "WHERE by_client_id = $2 AND dropped_at IS NULL")                                    \
    STATEMENT(SQL_FORGET_BROUGHT, /* who brought them is owed it all the same, without the name */ \
              "UPDATE referral SET reward = replace(reward, "                                      \
              "(SELECT name FROM client WHERE id = $1), 'C' || $1) "                               \
              "WHERE new_client_id = $1 AND reward IS NOT NULL")                                   \
    STATEMENT(SQL_FORGET_WORDS, /* the last word about an address stays when it is a no */         \
              "DELETE FROM consent WHERE client_id = $1 AND NOT " OTHERS_HAVE_IT                   \
              " AND NOT (given IS 0 AND id = (SELECT max(x.id) FROM consent x "                    \
              "WHERE x.channel = consent.channel AND x.address = consent.address "                 \
              "AND x.purpose = consent.purpose))")                                                 \
    STATEMENT(SQL_FORGET_LEFT, "SELECT id, address FROM consent WHERE (client_id = $1 "            \
                               "OR address IN (SELECT lower(email) FROM client WHERE id = $1 "     \
                               "UNION ALL SELECT phone FROM client WHERE id = $1)) "               \
                               "AND address NOT LIKE '#%' AND NOT " OTHERS_HAVE_IT                 \
                               " ORDER BY id LIMIT 1")                                             \
    STATEMENT(SQL_FORGET_ADDRESS, "UPDATE consent SET address = $1, client_id = NULL, "            \
                                  "source = 'forgotten' WHERE id = $2")                            \
    STATEMENT(SQL_FORGET_WHO_SAID, "UPDATE consent SET client_id = NULL, source = 'forgotten' "    \
                                   "WHERE client_id = $1")                                         \
    STATEMENT(SQL_FORGET_FACTS, "DELETE FROM client_fact WHERE client_id = $1")                    \
    STATEMENT(SQL_FORGET_MARKS, "DELETE FROM client_mark WHERE client_id = $1")                    \
    STATEMENT(SQL_FORGET_CARD,                                                                     \
              "UPDATE client SET name = 'forgotten', salutation = NULL, phone = NULL, "            \
              "phone_wrong = 0, email = '" FORGOTTEN_EMAIL "', lang = NULL, tz = NULL, "      \
              "birthday = NULL, note = NULL, external_id = NULL, paused_until = NULL, "            \
              "pause_reason = NULL, gender = NULL, search = 'forgotten' WHERE id = $1")            \
    STATEMENT(SQL_AUDIT_RULE, "SELECT sql FROM sqlite_schema WHERE type = 'trigger' "              \
                              "AND name = 'audit_is_append_only'")                                 \
    STATEMENT(SQL_AUDIT_RULE_AWAY, "DROP TRIGGER audit_is_append_only")                            \
    STATEMENT(SQL_FORGET_LOG,                                                                      \
              "UPDATE audit SET detail = NULL WHERE detail IS NOT NULL AND (client_id = $1 "       \
              "OR occasion_id IN " THEIRS("$1") " OR action_id IN " THEIR_ACTIONS("$1")  \
              " OR (verb LIKE 'referral-%' AND client_id IN (SELECT by_client_id FROM referral "   \
              "WHERE new_client_id = $1) "                                                         \
              "AND instr(detail, (SELECT name FROM client WHERE id = $1)) > 0))")

#endif
