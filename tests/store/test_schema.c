/* The schema keeps its promises by itself: only the listed states follow one another, nothing is
 * twice that must be once, the log is append-only, and an older database becomes what a new one is. */
#include "schema.h"

/* The statement must be refused; part must occur in SQLite's words. */
static void must_not(struct bench *b, const char *sql, const char *part)
{
    char *why = NULL;
    int status = sqlite3_exec(b->db, sql, NULL, NULL, &why);
    if (status == SQLITE_OK)
        fail_msg("accepted: %s", sql);
    if ((status & 0xFF) != SQLITE_CONSTRAINT || strstr(why, part) == NULL)
        fail_msg("%s: status %d: %s", sql, status, why);
    sqlite3_free(why);
}

/* ---- what it is ---- */

static void the_database_says_what_it_is(void **state)
{
    struct bench *b = *state;
    assert_int_equal(number(b, "PRAGMA application_id"), 0x70707331); /* "pps1" */
    assert_int_equal(number(b, "PRAGMA user_version"), store_schema_version());
    assert_int_equal(number(b, "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND "
                               "type = 'table' AND name NOT LIKE 'sqlite_%' AND NOT strict"),
                     0);
    assert_true(number(b, "SELECT count(*) FROM pragma_table_list WHERE schema = 'main' AND "
                          "type = 'table' AND name NOT LIKE 'sqlite_%'") >= 10);
}

/* Trips whose work was passed on: 2 never, 3 when anna left, 4 by edit-trip two days after the sale and then once more, 5 on
 * the day of the sale, which mends it, 6 by vera's leaving to nobody. The log of old days said it in words. */
static const char passed_on[] =
    "INSERT INTO staff (id, login, name, role) VALUES (1, 'anna', 'А', 'manager'), (2, 'boris', 'Б', 'manager'),"
    " (3, 'vera', 'В', 'manager');"
    "INSERT INTO trip (id, client_id, purchase, departure, return, manager_id, playbook_version, created_at) "
    "SELECT value, 1, '2026-12-01', '2026-12-10', '2026-12-20', json_extract('[0, 0, 1, 2, 3, 2, null]',"
    " '$[' || value || ']'), 1, 0 FROM json_each('[2, 3, 4, 5, 6]');"
    "INSERT INTO audit (at, actor, verb, trip_id, detail) VALUES"
    " (100, 'olga', 'edit-trip', 5, '{\"was\":{\"manager\":\"1\"},\"is\":{\"manager\":\"2\"}}'),"
    " (150, 'olga', 'edit-trip', 2, 'manager'),"
    " (200, 'olga', 'staff-leave', NULL, 'vera, the work to nobody'),"
    " (172800, 'olga', 'edit-trip', 4, '{\"was\":{\"manager\":\"1\"},\"is\":{\"manager\":\"2\"}}'),"
    " (200000, 'olga', 'staff-leave', NULL, '{\"from\":1,\"to\":2,\"occasions\":[3]}'),"
    " (300000, 'olga', 'staff-leave', NULL, '{\"from\":2,\"to\":3,\"occasions\":[3,4]}'),"
    " (400000, 'olga', 'staff-leave', NULL, '{\"from\":3,\"to\":0,\"occasions\":[6]}');"
    "INSERT INTO action (id, trip_id, step, channel, planned_channel, state, local_due, tz, due_at, next_attempt_at,"
    " created_at, updated_at) VALUES (2, 2, 'a', 'call', 'call', 'done', '2026-12-01 10:00', 'Europe/Moscow', 1, 1, 0, 0);";

/* A database of the first version, with work in it, becomes what a new one is. */
static void an_older_database_is_brought_up_to_date(void **state)
{
    struct bench *b = *state;
    struct err err;
    struct store *store = NULL;
    char *old = file_join(b->dir, "old.db"), *text = NULL;
    size_t len = 0;
    sqlite3 *db = NULL;
    assert_ok(file_read("tests/store/old/schema-1.sql", 1 << 20, &text, &len, &err));
    assert_int_equal(sqlite3_open(old, &db), SQLITE_OK);
    struct bench made = {.db = db};
    must(&made, text);
    must(&made,
         "PRAGMA application_id = 1886417713; PRAGMA user_version = 1;"
         "INSERT INTO playbook VALUES (1, '{}', 0);"
         "INSERT INTO client (id, name, phone, search, created_at) VALUES (1, 'М', '+7', 'м', 0);"
         "INSERT INTO trip (id, client_id, purchase, departure, return, playbook_version, "
         "created_at) VALUES (1, 1, '2026-12-01', '2026-12-10', '2026-12-20', 1, 0);"
         "INSERT INTO action (id, trip_id, step, channel, planned_channel, state, local_due, tz, "
         "due_at, expires_at, next_attempt_at, created_at, updated_at) VALUES (1, 1, 'a', 'sms', "
         "'sms', 'pending', '2026-12-01 10:00', 'Europe/Moscow', 1, 2, 1, 0, 0)");
    must(&made, passed_on);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    assert_ok(store_open(old, STORE_WRITE, &store, &err));
    store_close(store);
    assert_int_equal(sqlite3_open(old, &db), SQLITE_OK);
    made.db = db;
    for (int trip = 2; trip <= 6; trip++) {
        char *asked = xasprintf("SELECT sold_by FROM occasion WHERE id = %d", trip);
        assert_int_equal(number(&made, asked), trip == 5 ? 2 : trip == 6 ? 3 : 1);
        free(asked);
    }
    assert_int_equal(number(&made, "SELECT count(*) FROM action WHERE id = 2 AND owner_id = 1"), 1);
    assert_int_equal(number(&made, "PRAGMA user_version"), store_schema_version());
    assert_int_equal(number(&made, "SELECT count(*) FROM action WHERE id = 1 AND priority = 0"), 1);
    sqlite3_close(db);
    char *compare = xasprintf("ATTACH '%s' AS old", old);
    must(b, compare);
    /* The same tables, columns, indexes, triggers and transitions. */
    assert_int_equal(
        number(b, "SELECT count(*) FROM (SELECT m.name, i.name, i.type, i.\"notnull\", "
                  "i.dflt_value, i.pk "
                  "FROM main.sqlite_master m, pragma_table_xinfo(m.name, 'main') i WHERE m.type = "
                  "'table' "
                  "EXCEPT SELECT m.name, i.name, i.type, i.\"notnull\", i.dflt_value, i.pk "
                  "FROM old.sqlite_master m, pragma_table_xinfo(m.name, 'old') i WHERE m.type = "
                  "'table')"),
        0);
    assert_int_equal(
        number(b, "SELECT count(*) FROM (SELECT type, name, tbl_name, sql FROM main.sqlite_master "
                  "WHERE type IN ('index', 'trigger') EXCEPT SELECT type, name, tbl_name, sql "
                  "FROM old.sqlite_master)"),
        0);
    assert_int_equal(number(b, "SELECT (SELECT count(*) FROM main.sqlite_master) - "
                               "(SELECT count(*) FROM old.sqlite_master)"),
                     0);
    assert_int_equal(number(b, "SELECT count(*) FROM (SELECT * FROM main.action_transition EXCEPT "
                               "SELECT * FROM old.action_transition)"),
                     0);
    must(b, "DETACH old");
    free(compare);
    free(text);
    free(old);
}

/* ---- the state machine ---- */

static const enum action_state transitions[][2] = {
    {STATE_PENDING, STATE_CLAIMED},    {STATE_PENDING, STATE_MISSED},
    {STATE_PENDING, STATE_HELD},       {STATE_PENDING, STATE_CANCELLED},
    {STATE_PENDING, STATE_SUPPRESSED}, {STATE_PENDING, STATE_DONE},
    {STATE_PENDING, STATE_SKIPPED},    {STATE_CLAIMED, STATE_AT_RISK},
    {STATE_CLAIMED, STATE_PENDING},    {STATE_CLAIMED, STATE_FAILED},
    {STATE_CLAIMED, STATE_MISSED},     {STATE_CLAIMED, STATE_CANCELLED},
    {STATE_CLAIMED, STATE_SUPPRESSED}, {STATE_AT_RISK, STATE_SENT},
    {STATE_AT_RISK, STATE_PENDING},    {STATE_AT_RISK, STATE_FAILED},
    {STATE_AT_RISK, STATE_MISSED},     {STATE_AT_RISK, STATE_IN_DOUBT},
    {STATE_AT_RISK, STATE_CANCELLED},  {STATE_IN_DOUBT, STATE_SENT},
    {STATE_IN_DOUBT, STATE_PENDING},   {STATE_IN_DOUBT, STATE_CANCELLED},
    {STATE_FAILED, STATE_PENDING},     {STATE_FAILED, STATE_CANCELLED},
    {STATE_MISSED, STATE_PENDING},     {STATE_MISSED, STATE_CANCELLED},
    {STATE_HELD, STATE_PENDING},       {STATE_HELD, STATE_MISSED},
    {STATE_HELD, STATE_CANCELLED},     {STATE_HELD, STATE_SUPPRESSED},
    {STATE_CANCELLED, STATE_PENDING},  {STATE_CANCELLED, STATE_FAILED},
    {STATE_CANCELLED, STATE_MISSED},   {STATE_CANCELLED, STATE_HELD},
    {STATE_CANCELLED, STATE_IN_DOUBT}, {STATE_SUPPRESSED, STATE_PENDING},
    {STATE_IN_DOUBT, STATE_CLAIMED},   {STATE_CLAIMED, STATE_IN_DOUBT},
    {STATE_PENDING, STATE_IN_DOUBT},   {STATE_SENT, STATE_IN_DOUBT},
    {STATE_DONE, STATE_PENDING},       {STATE_SKIPPED, STATE_PENDING},
    {STATE_CLAIMED, STATE_HELD},       {STATE_MISSED, STATE_HELD},
    {STATE_MISSED, STATE_SUPPRESSED},  {STATE_CANCELLED, STATE_SUPPRESSED},
    {STATE_SUPPRESSED, STATE_HELD},    {STATE_SUPPRESSED, STATE_CANCELLED},
    {STATE_SUPPRESSED, STATE_MISSED},
};

static bool may_follow(int from, int to)
{
    for (size_t i = 0; i < COUNT(transitions); i++) {
        if ((int)transitions[i][0] == from && (int)transitions[i][1] == to)
            return true;
    }
    return false;
}

static bool fits_channel(const char *channel, int of_state)
{
    bool human = str_eq(channel, "call") || str_eq(channel, "visit") || str_eq(channel, "task");
    if (of_state == STATE_PENDING || of_state == STATE_CANCELLED)
        return true;
    return human == (of_state == STATE_DONE || of_state == STATE_SKIPPED);
}

static char *insert_action(const char *channel, const char *action_state)
{
    bool human = str_eq(channel, "call") || str_eq(channel, "visit") || str_eq(channel, "task");
    return xasprintf("INSERT INTO action (id, occasion_id, step, channel, planned_channel, state, "
                     "local_due, tz, due_at, expires_at, next_attempt_at, created_at, updated_at) "
                     "VALUES (9, 1, 'x', '%s', '%s', '%s', '2026-12-09 10:00', 'UTC', 5, %s, 5, 0, "
                     "0)",
                     channel, channel, action_state, human ? "NULL" : "100");
}

/* Each of the 5 x 12 x 12 combinations is tried; what is not listed above is refused. */
static void only_listed_states_follow(void **state)
{
    struct bench *b = *state;
    static const char *const channels[] = {"email", "sms", "call", "visit", "task"};
    int allowed = 0, refused = 0;
    for (size_t c = 0; c < COUNT(channels); c++) {
        for (int from = 0; from < STATE_COUNT; from++) {
            if (!fits_channel(channels[c], from))
                continue;
            for (int to = 0; to < STATE_COUNT; to++) {
                const char *a = state_name((enum action_state)from);
                const char *z = state_name((enum action_state)to);
                char *insert = insert_action(channels[c], a);
                char *update = xasprintf("UPDATE action SET state = '%s' WHERE id = 9", z);
                must(b, "BEGIN");
                must(b, insert);
                char *why = NULL;
                int status = sqlite3_exec(b->db, update, NULL, NULL, &why);
                bool fine = from == to || (may_follow(from, to) && fits_channel(channels[c], to));
                if (fine != (status == SQLITE_OK))
                    fail_msg("%s: %s -> %s: %s", channels[c], a, z, why ? why : "accepted");
                if (fine) {
                    allowed++;
                } else {
                    refused++;
                    assert_int_equal(status & 0xFF, SQLITE_CONSTRAINT);
                    if (!may_follow(from, to))
                        assert_string_equal(why, "action: this state may not follow that one");
                }
                sqlite3_free(why);
                must(b, "ROLLBACK");
                free(update);
                free(insert);
            }
        }
    }
    assert_int_equal(allowed + refused, (10 * 2 + 4 * 3) * STATE_COUNT);
    assert_true(allowed < refused);
    /* And the list in the database is this one. */
    assert_int_equal(number(b, "SELECT count(*) FROM action_transition"), COUNT(transitions));
    assert_int_equal(number(b, "SELECT count(*) FROM action_state"), STATE_COUNT);
}

static void a_state_must_be_a_known_one(void **state)
{
    struct bench *b = *state;
    char *sql = insert_action("sms", "asleep");
    must_not(b, sql, "FOREIGN KEY");
    free(sql);
    sql = insert_action("sms", "");
    must_not(b, sql, "FOREIGN KEY");
    free(sql);
}

/* People's work is never in a state of sending, a message is never ticked off. */
static void states_belong_to_their_kind_of_work(void **state)
{
    struct bench *b = *state;
    static const char *const channels[] = {"email", "sms", "call", "visit", "task"};
    for (size_t c = 0; c < COUNT(channels); c++) {
        for (int s = 0; s < STATE_COUNT; s++) {
            char *sql = insert_action(channels[c], state_name((enum action_state)s));
            must(b, "BEGIN");
            if (fits_channel(channels[c], s))
                must(b, sql);
            else
                must_not(b, sql, "CHECK");
            must(b, "ROLLBACK");
            free(sql);
        }
    }
}

/* What a person said may be taken back; what a gateway accepted may not. */
static void what_was_accepted_stays_sent(void **state)
{
    struct bench *b = *state;
    must(b,
         "INSERT INTO action (id, occasion_id, step, channel, planned_channel, state, local_due, tz, "
         "due_at, "
         "expires_at, next_attempt_at, created_at, updated_at) VALUES (1, 1, 'a', 'sms', 'sms', "
         "'sent', "
         "'2026-12-01 10:00', 'Europe/Moscow', 1, 2, 1, 0, 0), (2, 1, 'b', 'sms', 'sms', 'sent', "
         "'2026-12-01 10:00', 'Europe/Moscow', 1, 2, 1, 0, 0)");
    must(b, "INSERT INTO attempt (action_id, n, tick_id, claimed_at, outcome, settled) VALUES "
            "(1, 1, 'x', 0, 'sent', NULL), (2, 1, 'x', 0, 'in_doubt', 'sent')");
    must_not(b, "UPDATE action SET state = 'in_doubt' WHERE id = 1", "a gateway has accepted it");
    must_not(b, "UPDATE action SET state = 'in_doubt' WHERE id = 2", "a gateway has accepted it");
    must(b, "UPDATE attempt SET settled = NULL WHERE action_id = 2");
    must(b, "UPDATE action SET state = 'in_doubt' WHERE id = 2");
}

static void the_channel_changes_only_while_work_waits(void **state)
{
    struct bench *b = *state;
    for (int s = 0; s < STATE_COUNT; s++) {
        if (s == STATE_DONE || s == STATE_SKIPPED)
            continue;
        bool waits = s == STATE_PENDING || s == STATE_CLAIMED || s == STATE_HELD ||
                     s == STATE_MISSED || s == STATE_CANCELLED || s == STATE_SUPPRESSED;
        char *sql = insert_action("sms", state_name((enum action_state)s));
        must(b, "BEGIN");
        must(b, sql);
        must(b, "UPDATE action SET channel = 'sms' WHERE id = 9"); /* no change, no harm */
        if (waits)
            must(b, "UPDATE action SET channel = 'email' WHERE id = 9");
        else
            must_not(b, "UPDATE action SET channel = 'email' WHERE id = 9",
                     "the channel of a settled action is fixed");
        must(b, "ROLLBACK");
        free(sql);
    }
    char *sql = insert_action("call", "done");
    must(b, sql);
    free(sql);
    must_not(b, "UPDATE action SET channel = 'visit' WHERE id = 9",
             "the channel of a settled action is fixed");
}

static void an_action_has_what_its_kind_needs(void **state)
{
    struct bench *b = *state;
    char *sql = insert_action("sms", "pending");
    must(b, sql);
    free(sql);
    must_not(b, "UPDATE action SET expires_at = NULL WHERE id = 9", "CHECK");
    must(b, "UPDATE action SET state = 'cancelled', expires_at = NULL WHERE id = 9");
    must_not(b, "UPDATE action SET state = 'pending' WHERE id = 9", "CHECK");
    must_not(b, "UPDATE action SET fallback_at = 5 WHERE id = 9", "CHECK");
    must_not(b, "UPDATE action SET fallback_channel = 'sms' WHERE id = 9", "CHECK");
    must_not(b, "UPDATE action SET fallback_channel = 'call', fallback_at = 5 WHERE id = 9",
             "CHECK");
    must(b, "UPDATE action SET fallback_channel = 'sms', fallback_at = 5 WHERE id = 9");
    must_not(b, "UPDATE action SET channel = 'fax' WHERE id = 9", "CHECK");
    must_not(b, "UPDATE action SET planned_channel = 'fax' WHERE id = 9", "CHECK");
    must_not(b, "UPDATE action SET local_due = '2026-12-09' WHERE id = 9", "CHECK");
    must_not(b, "UPDATE action SET occasion_id = 2 WHERE id = 9", "FOREIGN KEY");
    must_not(b, "UPDATE action SET due_at = 'soon' WHERE id = 9", "cannot store TEXT");
    must_not(b, "UPDATE action SET tz = NULL WHERE id = 9", "NOT NULL");
    must_not(b, "DELETE FROM occasion WHERE id = 1", "FOREIGN KEY");
}

static void one_row_for_a_step_of_a_trip(void **state)
{
    struct bench *b = *state;
    char *sql = insert_action("sms", "cancelled");
    must(b, sql);
    free(sql);
#define AGAIN(id, step, n)                                                                         \
    "INSERT INTO action (id, occasion_id, step, occurrence, channel, planned_channel, state, "         \
    "local_due, tz, due_at, expires_at, next_attempt_at, created_at, updated_at) VALUES (" id      \
    ", 1, '" step "', " n ", 'sms', 'sms', 'pending', '2026-12-09 10:00', 'UTC', 5, 100, 5, 0, 0)"
    must_not(b, AGAIN("10", "x", "0"), "UNIQUE");
    must(b, AGAIN("10", "x", "1"));
    must(b, AGAIN("11", "y", "0"));
    must_not(b, "UPDATE action SET step = 'x' WHERE id = 11", "UNIQUE");
}

/* ---- attempts and messages ---- */

static void one_open_attempt_and_one_success(void **state)
{
    struct bench *b = *state;
    char *sql = insert_action("sms", "pending");
    must(b, sql);
    free(sql);
    must(b, AGAIN("10", "y", "0"));
#define TRY(id, action, n, outcome)                                                                \
    "INSERT INTO attempt (id, action_id, n, tick_id, claimed_at, outcome) VALUES (" id ", " action \
    ", " n ", 't', 0, " outcome ")"
    must(b, TRY("1", "9", "1", "NULL"));
    must_not(b, TRY("2", "9", "2", "NULL"), "UNIQUE"); /* two at once */
    must(b, TRY("3", "10", "1", "NULL"));              /* another's is another's */
    must(b, "UPDATE attempt SET outcome = 'refused_temp' WHERE id = 1");
    must(b, TRY("2", "9", "2", "NULL"));
    must_not(b, TRY("4", "9", "2", "'not_sent'"), "UNIQUE"); /* the same number */
    must(b, "UPDATE attempt SET outcome = 'sent' WHERE id = 2");
    must_not(b, TRY("5", "9", "3", "'sent'"), "UNIQUE"); /* sent twice */
    must(b, TRY("5", "9", "3", "NULL"));
    must_not(b, "UPDATE attempt SET outcome = 'sent' WHERE id = 5", "UNIQUE");
    must_not(b, "UPDATE attempt SET outcome = 'lost' WHERE id = 5", "CHECK");
    /* A verdict is final. */
    must_not(b, "UPDATE attempt SET outcome = 'sent' WHERE id = 1", "a verdict is final");
    must_not(b, "UPDATE attempt SET outcome = NULL WHERE id = 2", "a verdict is final");
    must(b, "UPDATE attempt SET outcome = 'sent', reply = 'again the same' WHERE id = 2");
    must_not(b, TRY("6", "99", "1", "NULL"), "FOREIGN KEY");
}

static void one_frozen_message(void **state)
{
    struct bench *b = *state;
    char *sql = insert_action("sms", "pending");
    must(b, sql);
    free(sql);
    must(b, AGAIN("10", "y", "0"));
#define FROZEN(action, channel, id, key)                                                           \
    "INSERT INTO message VALUES (" action ", '" channel "', '+7903', NULL, x'41', '" id "', '" key \
    "', 0)"
    must(b, FROZEN("9", "sms", "m1", "k1"));
    must_not(b, FROZEN("9", "sms", "m2", "k2"), "UNIQUE");
    must_not(b, FROZEN("10", "sms", "m1", "k2"), "UNIQUE");
    must_not(b, FROZEN("10", "sms", "m2", "k1"), "UNIQUE");
    must_not(b, FROZEN("10", "call", "m2", "k2"), "CHECK");
    must_not(b, FROZEN("99", "sms", "m2", "k2"), "FOREIGN KEY");
    must_not(b, "INSERT INTO message VALUES (10, 'sms', '+7903', NULL, 'text', 'm2', 'k2', 0)",
             "cannot store TEXT");
    must(b, FROZEN("10", "email", "m2", "k2"));
}

/* ---- people and trips ---- */

static void clients_and_trips_make_sense(void **state)
{
    struct bench *b = *state;
#define CLIENT(name, phone, email, external)                                                       \
    "INSERT INTO client (name, phone, email, external_id, search, created_at) VALUES (" name       \
    ", " phone ", " email ", " external ", '', 0)"
    must_not(b, CLIENT("'Анна'", "NULL", "NULL", "NULL"), "CHECK"); /* out of reach */
    must_not(b, CLIENT("''", "'+7'", "NULL", "NULL"), "CHECK");
    must_not(b, CLIENT("NULL", "'+7'", "NULL", "NULL"), "NOT NULL");
    must(b, CLIENT("'Анна'", "NULL", "'a@b.example'", "'x1'"));
    must_not(b, CLIENT("'Пётр'", "'+7'", "NULL", "'x1'"), "UNIQUE");
    must(b, CLIENT("'Пётр'", "'+79031234567'", "NULL", "NULL")); /* a family's phone */
    must_not(b, "UPDATE client SET phone = NULL WHERE name = 'Пётр'", "CHECK");

#define TRIP(client, purchase, departure, back, extra, value)                                      \
    "INSERT INTO occasion (client_id, kind, purchase, departure, return, playbook_version, "        \
    "created_at" extra ") VALUES (" client ", 'trip', '" purchase "', '" departure "', '" back "', 1, 0" value ")"
    must(b, TRIP("1", "2026-12-10", "2026-12-10 23:55", "2026-12-10", "", ""));
    must_not(b, TRIP("1", "2026-12-11", "2026-12-10 23:55", "2026-12-20", "", ""), "CHECK");
    must_not(b, TRIP("1", "2026-12-01", "2026-12-10", "2026-12-09 23:59", "", ""), "CHECK");
    must_not(b, TRIP("1", "2026-12-1", "2026-12-10", "2026-12-20", "", ""), "CHECK");
    must_not(b, TRIP("1", "2026-12-01", "2026-12-10 6:40", "2026-12-20", "", ""), "CHECK");
    must_not(b, TRIP("7", "2026-12-01", "2026-12-10", "2026-12-20", "", ""), "FOREIGN KEY");
    must_not(b, TRIP("1", "2026-12-01", "2026-12-10", "2026-12-20", ", manager_id", ", 5"),
             "FOREIGN KEY");
    must_not(b, TRIP("1", "2026-12-01", "2026-12-10", "2026-12-20", ", ended", ", 2"), "CHECK");
    must_not(b, TRIP("1", "2026-12-01", "2026-12-10", "2026-12-20", ", visit", ", 'soon'"),
             "CHECK");
    must_not(b, "UPDATE occasion SET playbook_version = 2 WHERE id = 1", "FOREIGN KEY");

#define STAFF(login, name, role)                                                                   \
    "INSERT INTO staff (login, name, role) VALUES ('" login "', '" name "', '" role "')"
    must(b, STAFF("anna", "Анна", "manager"));
    must_not(b, STAFF("anna", "Анна Вторая", "manager"), "UNIQUE");
    must_not(b, STAFF("olga", "Ольга", "boss"), "CHECK");
    must_not(b, STAFF("olga", "", "director"), "CHECK");
    must_not(b, STAFF("", "Ольга", "director"), "CHECK");
    must_not(b, STAFF("aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd1", "Ольга", "director"), "CHECK");
    must_not(b, "UPDATE staff SET active = 2", "CHECK");
}

static void the_log_is_append_only(void **state)
{
    struct bench *b = *state;
    must(b, "INSERT INTO audit (at, actor, verb, detail) VALUES (1, 'anna', 'done', 'x')");
    must_not(b, "UPDATE audit SET actor = 'olga'", "audit: append-only");
    must_not(b, "UPDATE audit SET detail = NULL WHERE id = 1", "audit: append-only");
    must_not(b, "DELETE FROM audit", "audit: append-only");
    must_not(b, "DELETE FROM audit WHERE id = 1", "audit: append-only");
    must_not(b, "INSERT INTO audit (at, actor) VALUES (1, 'anna')", "NOT NULL");
    assert_int_equal(number(b, "SELECT count(*) FROM audit WHERE actor = 'anna'"), 1);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(the_database_says_what_it_is),
        CASE(an_older_database_is_brought_up_to_date),
        CASE(only_listed_states_follow),
        CASE(a_state_must_be_a_known_one),
        CASE(states_belong_to_their_kind_of_work),
        CASE(what_was_accepted_stays_sent),
        CASE(the_channel_changes_only_while_work_waits),
        CASE(an_action_has_what_its_kind_needs),
        CASE(one_row_for_a_step_of_a_trip),
        CASE(one_open_attempt_and_one_success),
        CASE(one_frozen_message),
        CASE(clients_and_trips_make_sense),
        CASE(the_log_is_append_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
