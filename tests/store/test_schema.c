/* The schema keeps its promises by itself: every statement fits it, only the listed states follow
 * one another, nothing is twice that must be once, the log is append-only, and the tick and the
 * lists find their rows by index. Much here speaks to SQLite directly, as a careless program or a
 * person with a shell would. */
#include <sqlite3.h>

#include "support.h"

#include <pps/store.h>

#include "../../src/store/sqlite/sql.h"

enum { NOW = 1796000000 };

struct bench {
    char *dir, *path;
    sqlite3 *db;
};

static void must(struct bench *b, const char *sql)
{
    char *why = NULL;
    if (sqlite3_exec(b->db, sql, NULL, NULL, &why) != SQLITE_OK)
        fail_msg("%s: %s", sql, why);
}

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

static int64_t number(struct bench *b, const char *sql)
{
    sqlite3_stmt *s = NULL;
    assert_int_equal(sqlite3_prepare_v2(b->db, sql, -1, &s, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(s), SQLITE_ROW);
    int64_t n = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return n;
}

/* A new database with one client, one trip and its playbook. */
static int setup(void **state)
{
    struct bench *b = xcalloc(1, sizeof *b);
    struct store *store = NULL;
    struct err err;
    b->dir = new_folder();
    b->path = file_join(b->dir, "pps.db");
    assert_ok(store_open(b->path, STORE_CREATE, &store, &err));
    store_close(store);
    assert_int_equal(sqlite3_open(b->path, &b->db), SQLITE_OK);
    must(b, "PRAGMA foreign_keys = ON; PRAGMA synchronous = OFF");
    must(b, "INSERT INTO playbook VALUES (1, '{}', 0);"
            "INSERT INTO client (id, name, phone, search, created_at)"
            " VALUES (1, 'Мария', '+79031234567', 'мария', 0);"
            "INSERT INTO trip (id, client_id, purchase, departure, return, playbook_version, "
            "created_at) VALUES (1, 1, '2026-12-01', '2026-12-10 06:40', '2026-12-20', 1, 0)");
    *state = b;
    return 0;
}

static int teardown(void **state)
{
    struct bench *b = *state;
    assert_int_equal(sqlite3_close(b->db), SQLITE_OK);
    remove_folder(b->dir);
    free(b->path);
    free(b);
    return 0;
}

/* ---- the statements ---- */

static void every_statement_fits_the_schema(void **state)
{
    struct bench *b = *state;
    for (int i = 0; i < SQL_COUNT; i++) {
        assert_non_null(sql_texts[i]);
        assert_non_null(sql_names[i]);
        assert_true(str_starts(sql_names[i], "SQL_"));
        sqlite3_stmt *s = NULL;
        const char *tail = NULL;
        if (sqlite3_prepare_v2(b->db, sql_texts[i], -1, &s, &tail) != SQLITE_OK)
            fail_msg("%s: %s", sql_names[i], sqlite3_errmsg(b->db));
        assert_string_equal(tail, ""); /* one statement each */
        /* $1, $2 … in this order: the binders count, they do not name. */
        for (int n = 1; n <= sqlite3_bind_parameter_count(s); n++) {
            char *name = xasprintf("$%d", n);
            if (!str_eq(sqlite3_bind_parameter_name(s, n), name))
                fail_msg("%s: parameter %d is %s", sql_names[i], n,
                         sqlite3_bind_parameter_name(s, n));
            free(name);
        }
        sqlite3_finalize(s);
        for (int k = 0; k < i; k++) {
            assert_string_not_equal(sql_names[k], sql_names[i]);
            assert_string_not_equal(sql_texts[k], sql_texts[i]);
        }
    }
}

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

/* ---- the state machine ---- */

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
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    assert_ok(store_open(old, STORE_WRITE, &store, &err));
    store_close(store);
    assert_int_equal(sqlite3_open(old, &db), SQLITE_OK);
    made.db = db;
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

/* What a person said may be taken back; what a gateway accepted may not. */
static void what_was_accepted_stays_sent(void **state)
{
    struct bench *b = *state;
    must(b,
         "INSERT INTO action (id, trip_id, step, channel, planned_channel, state, local_due, tz, "
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
    bool human = str_eq(channel, "call") || str_eq(channel, "visit");
    if (of_state == STATE_PENDING || of_state == STATE_CANCELLED)
        return true;
    return human == (of_state == STATE_DONE || of_state == STATE_SKIPPED);
}

static char *insert_action(const char *channel, const char *action_state)
{
    bool human = str_eq(channel, "call") || str_eq(channel, "visit");
    return xasprintf("INSERT INTO action (id, trip_id, step, channel, planned_channel, state, "
                     "local_due, tz, due_at, expires_at, next_attempt_at, created_at, updated_at) "
                     "VALUES (9, 1, 'x', '%s', '%s', '%s', '2026-12-09 10:00', 'UTC', 5, %s, 5, 0, "
                     "0)",
                     channel, channel, action_state, human ? "NULL" : "100");
}

/* Each of the 4 x 12 x 12 combinations is tried; what is not listed above is refused. */
static void only_listed_states_follow(void **state)
{
    struct bench *b = *state;
    static const char *const channels[] = {"email", "sms", "call", "visit"};
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
    assert_int_equal(allowed + refused, (10 * 2 + 4 * 2) * STATE_COUNT);
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
    static const char *const channels[] = {"email", "sms", "call", "visit"};
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

static void the_channel_changes_only_while_work_waits(void **state)
{
    struct bench *b = *state;
    for (int s = 0; s < STATE_COUNT; s++) {
        if (s == STATE_DONE || s == STATE_SKIPPED)
            continue;
        bool waits = s == STATE_PENDING || s == STATE_CLAIMED || s == STATE_HELD ||
                     s == STATE_MISSED || s == STATE_CANCELLED;
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
    must_not(b, "UPDATE action SET trip_id = 2 WHERE id = 9", "FOREIGN KEY");
    must_not(b, "UPDATE action SET due_at = 'soon' WHERE id = 9", "cannot store TEXT");
    must_not(b, "UPDATE action SET tz = NULL WHERE id = 9", "NOT NULL");
    must_not(b, "DELETE FROM trip WHERE id = 1", "FOREIGN KEY");
}

static void one_row_for_a_step_of_a_trip(void **state)
{
    struct bench *b = *state;
    char *sql = insert_action("sms", "cancelled");
    must(b, sql);
    free(sql);
#define AGAIN(id, step, n)                                                                         \
    "INSERT INTO action (id, trip_id, step, occurrence, channel, planned_channel, state, "         \
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
    "INSERT INTO trip (client_id, purchase, departure, return, playbook_version, created_at" extra \
    ") VALUES (" client ", '" purchase "', '" departure "', '" back "', 1, 0" value ")"
    must(b, TRIP("1", "2026-12-10", "2026-12-10 23:55", "2026-12-10", "", ""));
    must_not(b, TRIP("1", "2026-12-11", "2026-12-10 23:55", "2026-12-20", "", ""), "CHECK");
    must_not(b, TRIP("1", "2026-12-01", "2026-12-10", "2026-12-09 23:59", "", ""), "CHECK");
    must_not(b, TRIP("1", "2026-12-1", "2026-12-10", "2026-12-20", "", ""), "CHECK");
    must_not(b, TRIP("1", "2026-12-01", "2026-12-10 6:40", "2026-12-20", "", ""), "CHECK");
    must_not(b, TRIP("7", "2026-12-01", "2026-12-10", "2026-12-20", "", ""), "FOREIGN KEY");
    must_not(b, TRIP("1", "2026-12-01", "2026-12-10", "2026-12-20", ", manager_id", ", 5"),
             "FOREIGN KEY");
    must_not(b, TRIP("1", "2026-12-01", "2026-12-10", "2026-12-20", ", cancelled", ", 2"), "CHECK");
    must_not(b, TRIP("1", "2026-12-01", "2026-12-10", "2026-12-20", ", visit", ", 'soon'"),
             "CHECK");
    must_not(b, "UPDATE trip SET playbook_version = 2 WHERE id = 1", "FOREIGN KEY");

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

/* ---- found by index ---- */

static char *plan_of(struct bench *b, enum sql sql)
{
    char *explain = xasprintf("EXPLAIN QUERY PLAN %s", sql_texts[sql]);
    sqlite3_stmt *s = NULL;
    assert_int_equal(sqlite3_prepare_v2(b->db, explain, -1, &s, NULL), SQLITE_OK);
    struct sb sb = {0};
    while (sqlite3_step(s) == SQLITE_ROW)
        sb_addf(&sb, "%s\n", (const char *)sqlite3_column_text(s, 3));
    sqlite3_finalize(s);
    free(explain);
    return sb_take(&sb);
}

/* What a line of the plan may be that begins with SCAN: a walk through a partial index, which holds
 * open rows only. */
static bool may_scan(const char *line)
{
    static const char *const walks[] = {
        "INDEX action_open",
        "INDEX attempt_one_open",
        "INDEX action_stale",
    };
    for (size_t i = 0; i < COUNT(walks); i++) {
        if (strstr(line, walks[i]) != NULL)
            return true;
    }
    return false;
}

static void nothing_is_scanned(void **state)
{
    struct bench *b = *state;
    static const struct {
        enum sql sql;
        const char *parts[4]; /* of the plan */
    } queries[] = {
        /* The tick. */
        {SQL_LIST_TO_SEND, {"INDEX action_to_send (next_attempt_at<?)"}},
        {SQL_LIST_EXPIRED, {"INDEX action_to_expire (expires_at<?)"}},
        {SQL_LIST_TO_FALL_BACK, {"INDEX action_to_fall_back (fallback_at>? AND fallback_at<?)"}},
        {SQL_LIST_AT_RISK, {"INDEX action_in_flight (state=?)"}},
        {SQL_LIST_MISSED_AHEAD, {"INDEX action_red (state=?)"}},
        {SQL_LIST_DOUBTS, {"INDEX action_red (state=?)"}},
        {SQL_RECOVER_CLAIMED, {"INDEX action_in_flight (state=?)"}},
        {SQL_RECOVER_ATTEMPTS_CLAIMED, {"INDEX attempt_one_open"}},
        {SQL_LIST_STALE_TRIPS, {"INDEX action_stale"}},
        {SQL_CLAIM_AGAIN, {"SEARCH action USING INTEGER PRIMARY KEY (rowid=?)"}},
        {SQL_ATTEMPTS_OF_ACTION, {"(action_id=?)"}},
        {SQL_HANDED_OVER_TO, {"INDEX message_recipient (recipient=?)", "(action_id=?)"}},
        {SQL_HANDED_OVER_ON, {"INDEX attempt_handed_over (risk_at>?)"}},
        {SQL_CLAIM, {"SEARCH action USING INTEGER PRIMARY KEY (rowid=?)"}},
        {SQL_AT_RISK, {"SEARCH action USING INTEGER PRIMARY KEY (rowid=?)"}},
        {SQL_VERDICT_ACTION, {"SEARCH action USING INTEGER PRIMARY KEY (rowid=?)"}},
        {SQL_VERDICT_ATTEMPT, {"SEARCH attempt USING INTEGER PRIMARY KEY (rowid=?)"}},
        /* The lists. */
        {SQL_AGENDA_DUE,
         {"SEARCH a USING INDEX action_open (local_due<?)",
          "SEARCH t USING INTEGER PRIMARY KEY (rowid=?)",
          "SEARCH c USING INTEGER PRIMARY KEY (rowid=?)"}},
        {SQL_AGENDA_RED,
         {"SEARCH a USING INDEX action_red (state=?)",
          "SEARCH t USING INTEGER PRIMARY KEY (rowid=?)",
          "SEARCH c USING INTEGER PRIMARY KEY (rowid=?)"}},
        {SQL_TRIPS_CHECKLIST,
         {"INDEX action_open", "INDEX action_red (state=?)", "INDEX trip_return (return>?)",
          "SEARCH t USING INTEGER PRIMARY KEY (rowid=?)"}},
        /* One thing and what belongs to it. */
        {SQL_ACTION_GET, {"SEARCH a USING INTEGER PRIMARY KEY (rowid=?)"}},
        {SQL_ACTION_BY_STEP, {"(trip_id=? AND step=? AND occurrence=?)"}},
        {SQL_ACTIONS_OF_TRIP, {"(trip_id=?)"}},
        {SQL_ACTIONS_CANCEL_TRIP, {"(trip_id=?)"}},
        {SQL_TRIPS_OF_CLIENT, {"INDEX trip_client (client_id=?)"}},
        {SQL_CLIENT_BY_CONTACT, {"INDEX client_phone (phone=?)", "INDEX client_email (email=?)"}},
        {SQL_CLIENT_BY_EXTERNAL_ID, {"(external_id=?)"}},
    };
    for (size_t i = 0; i < COUNT(queries); i++) {
        const char *name = sql_names[queries[i].sql];
        char *plan = plan_of(b, queries[i].sql), *save = NULL;
        for (size_t k = 0; k < COUNT(queries[i].parts) && queries[i].parts[k] != NULL; k++) {
            if (strstr(plan, queries[i].parts[k]) == NULL)
                fail_msg("%s: wanted %s in\n%s", name, queries[i].parts[k], plan);
        }
        for (char *line = strtok_r(plan, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
            if (str_starts(line, "SCAN ") && !may_scan(line))
                fail_msg("%s: %s", name, line);
        }
        free(plan);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_statement_fits_the_schema, setup, teardown),
        cmocka_unit_test_setup_teardown(the_database_says_what_it_is, setup, teardown),
        cmocka_unit_test_setup_teardown(only_listed_states_follow, setup, teardown),
        cmocka_unit_test_setup_teardown(a_state_must_be_a_known_one, setup, teardown),
        cmocka_unit_test_setup_teardown(states_belong_to_their_kind_of_work, setup, teardown),
        cmocka_unit_test_setup_teardown(the_channel_changes_only_while_work_waits, setup, teardown),
        cmocka_unit_test_setup_teardown(an_action_has_what_its_kind_needs, setup, teardown),
        cmocka_unit_test_setup_teardown(one_row_for_a_step_of_a_trip, setup, teardown),
        cmocka_unit_test_setup_teardown(one_open_attempt_and_one_success, setup, teardown),
        cmocka_unit_test_setup_teardown(one_frozen_message, setup, teardown),
        cmocka_unit_test_setup_teardown(clients_and_trips_make_sense, setup, teardown),
        cmocka_unit_test_setup_teardown(the_log_is_append_only, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_is_scanned, setup, teardown),
        cmocka_unit_test_setup_teardown(an_older_database_is_brought_up_to_date, setup, teardown),
        cmocka_unit_test_setup_teardown(what_was_accepted_stays_sent, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
