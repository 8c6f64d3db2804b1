/* Every statement fits the schema, and the tick and the lists find their rows by index. */
#include "schema.h"

#include "../../src/store/sqlite/sql.h"

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
 * open rows only, or none at all. */
static bool may_scan(const char *line)
{
    static const char *const walks[] = {
        "INDEX action_open",
        "INDEX attempt_one_open",
        "INDEX action_stale",
        "CONSTANT ROW",
        "SCAN w", /* the few rows that were found for one row */
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
        {SQL_DUE_UNSEEN,
         {"INDEX action_to_send (next_attempt_at>?)", "INDEX action_to_fall_back (fallback_at>?)"}},
        {SQL_LAST_HANDED_OVER, {"INDEX attempt_handed_over (risk_at>?)"}},
        {SQL_LIST_DOUBTS, {"INDEX action_red (state=?)"}},
        {SQL_RECOVER_CLAIMED, {"INDEX action_in_flight (state=?)"}},
        {SQL_RECOVER_ATTEMPTS_CLAIMED, {"INDEX attempt_one_open"}},
        {SQL_LIST_STALE, {"INDEX action_stale"}},
        {SQL_LIST_UNDELIVERED, {"INDEX action_red (state=?)"}},
        {SQL_LIST_STANDING_IN, {"INDEX action_to_send (next_attempt_at<?)"}},
        {SQL_LIST_SENSELESS, {"INDEX action_open (local_due<?)"}},
        {SQL_LIST_PAUSES_OVER, {"INDEX client_paused (paused_until>? AND paused_until<?)"}},
        {SQL_LIST_HELD, {"INDEX action_red (state=?)"}},
        {SQL_LIST_SETTLED, {"INDEX"}},
        {SQL_COUNT_HELD, {"INDEX action_red (state=?)"}},
        {SQL_LIST_BIRTHDAYS,
         {"SEARCH c USING INTEGER PRIMARY KEY (rowid=?)", "INDEX client_birthday (<expr>=?)",
          "INDEX occasion_client (client_id=?)", "INDEX occasion_greeting (client_id=? AND title=?"}},
        {SQL_LIST_HOLIDAY,
         {"SEARCH c USING INTEGER PRIMARY KEY (rowid>?)", "INDEX occasion_client (client_id=?)",
          "INDEX occasion_greeting (client_id=? AND title=?"}},
        {SQL_LIST_OUTDATED,
         {"INDEX occasion_client (client_id>?)", "INDEX action_occasion (occasion_id=?)"}},
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
          "SEARCH o USING INTEGER PRIMARY KEY (rowid=?)",
          "SEARCH c USING INTEGER PRIMARY KEY (rowid=?)"}},
        {SQL_AGENDA_RED,
         {"SEARCH a USING INDEX action_red (state=?)",
          "SEARCH o USING INTEGER PRIMARY KEY (rowid=?)",
          "SEARCH c USING INTEGER PRIMARY KEY (rowid=?)"}},
        {SQL_OCCASIONS_CHECKLIST,
         {"INDEX action_open", "INDEX action_red (state=?)", "INDEX occasion_return (return>?)",
          "SEARCH o USING INTEGER PRIMARY KEY (rowid=?)"}},
        /* The figures of a period. */
        {SQL_WORK_DUE,
         {"INDEX action_done (local_due>? AND local_due<?)", "INDEX action_open (local_due>? AND local_due<?)",
          "INDEX action_saved (local_due>? AND local_due<?)", "INDEX action_red (state=?)"}},
        {SQL_FIGURES_SALES, {"INDEX occasion_departure (departure>?)", "INDEX occasion_client (client_id=?)"}},
        {SQL_FIGURES_RETURNED, {"INDEX occasion_return (return>? AND return<?)", "INDEX occasion_about (about_id=?)"}},
        {SQL_FIGURES_ANSWERS, {"INDEX occasion_answered (answered>? AND answered<?)", "INTEGER PRIMARY KEY (rowid=?)"}},
        {SQL_FIGURES_SENT, {"INDEX attempt_handed_over (risk_at>? AND risk_at<?)"}},
        {SQL_FIGURES_UNSENT, {"INDEX action_red (state=?)"}},
        {SQL_FIGURES_YEAR_AFTER, {"INDEX occasion_return (return>? AND return<?)", "INDEX occasion_client (client_id=?)"}},
        /* One thing and what belongs to it. */
        {SQL_ACTION_GET, {"SEARCH a USING INTEGER PRIMARY KEY (rowid=?)"}},
        {SQL_ACTION_BY_STEP, {"(occasion_id=? AND step=? AND occurrence=?)"}},
        {SQL_ACTIONS_OF_OCCASION, {"(occasion_id=?)"}},
        {SQL_ACTIONS_END, {"(occasion_id=?)"}},
        {SQL_OCCASIONS_OF_CLIENT, {"INDEX occasion_client (client_id=?)"}},
        {SQL_CLIENT_BY_CONTACT, {"INDEX client_phone (phone=?)", "INDEX client_email (email=?)"}},
        {SQL_CLIENT_BY_EXTERNAL_ID, {"(external_id=?)"}},
        /* What every message asks for. */
        {SQL_CLIENT_FACTS, {"(client_id=?)"}},
        {SQL_CLIENT_MARKS, {"(client_id=?)"}},
        {SQL_THINGS_OF_CLIENT, {"INDEX thing_client (client_id=?)"}},
        {SQL_LOST_OPEN,
         {"INDEX client_phone (phone=?)", "INDEX client_email (email=?)",
          "INDEX occasion_client (client_id=?)"}},
        {SQL_LOST_UNSIGNED, {"INDEX action_unsigned (due_at>? AND due_at<?)"}},
        {SQL_LOST_RUNS, {"(occasion_id=?)"}},
        {SQL_LOST_BY, {"(rowid=?)"}},
        {SQL_REFERRALS_OF_CLIENT,
         {"INDEX referral_by (by_client_id=?)", "INDEX referral_new (new_client_id=?)"}},
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
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(every_statement_fits_the_schema),
        CASE(nothing_is_scanned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
