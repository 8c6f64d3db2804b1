/* The sent log: what is written is read back, what was torn counts as not there, and what its end knows of one handing
 * over is certain or said not to be. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support.h"

#include <pps/file.h>

#include "../../src/dispatch/sentlog.h"

enum { NOW = 1796000000 };

static const char instance[] = "0123456789abcdef0123456789abcdef";

struct bench {
    char *dir, *path;
    struct sentlog log;
};

static int setup(void **state)
{
    struct bench *b = xcalloc(1, sizeof *b);
    b->dir = new_folder();
    b->path = file_join(b->dir, "pps.db.sent");
    b->log.fd = -1;
    *state = b;
    return 0;
}

static int teardown(void **state)
{
    struct bench *b = *state;
    sentlog_close(&b->log);
    remove_folder(b->dir);
    free(b->path);
    free(b);
    return 0;
}

static struct log_line line_of(enum log_kind kind, int64_t seq)
{
    struct log_line line = {.kind = kind, .place = {.inode = 77, .seq = seq}, .at = NOW + seq};
    (void)snprintf(line.place.instance, sizeof line.place.instance, "%s", instance);
    (void)snprintf(line.place.machine, sizeof line.place.machine, "feedfacefeedface");
    if (kind == LOG_RISK) {
        line.action_id = 100 + seq;
        line.occasion_id = 9;
        line.occasion_created_at = NOW - 5;
        line.channel = CHANNEL_SMS;
        (void)snprintf(line.step, sizeof line.step, "bon-voyage");
        sentlog_key("0123456789abcdef", line.key);
    }
    if (kind == LOG_FORGET || kind == LOG_FORGOT) {
        line.client_id = 12;
        line.client_created_at = NOW - 7;
    }
    if (kind == LOG_SAID) {
        line.class = DELIVERY_SENT;
        line.code = 250;
        (void)snprintf(line.provider_id, sizeof line.provider_id, "4Fq.x:7-_");
    }
    return line;
}

static void open_log(struct bench *b)
{
    struct err err;
    sentlog_close(&b->log);
    assert_ok(sentlog_open(b->path, &b->log, &err));
}

static void add(struct bench *b, enum log_kind kind, int64_t seq)
{
    struct err err;
    struct log_line line = line_of(kind, seq);
    if (b->log.fd < 0)
        open_log(b);
    assert_ok(sentlog_add(&b->log, &line, &err));
}

static void append_raw(struct bench *b, const char *text, size_t len)
{
    int fd = open(b->path, O_WRONLY | O_APPEND);
    assert_int_equal(write(fd, text, len), len);
    close(fd);
}

static enum log_knows knows(struct bench *b, int64_t seq, struct log_line *ret)
{
    struct err err;
    enum log_knows k = LOG_KNOWS_SAID;
    assert_ok(sentlog_find(b->path, instance, seq, &k, ret, &err));
    return k;
}

struct seen {
    struct log_line v[8];
    size_t n;
};

static void see(void *ctx, const struct log_line *line)
{
    struct seen *seen = ctx;
    seen->v[seen->n++ % COUNT(seen->v)] = *line;
}

static void what_is_written_is_read_back(void **state)
{
    struct bench *b = *state;
    struct err err;
    struct seen seen = {.n = 0};
    int bad = -1;
    add(b, LOG_HERE, 0);
    add(b, LOG_RISK, 1);
    add(b, LOG_SAID, 1);
    add(b, LOG_FORGET, 1);
    add(b, LOG_FORGOT, 1);
    assert_ok(sentlog_read(b->path, see, &seen, &bad, &err));
    assert_int_equal(seen.n, 5);
    assert_int_equal(bad, 0);
    for (size_t i = 0; i < 5; i++) {
        struct log_line wanted = line_of((enum log_kind)i, i > 0);
        assert_int_equal(seen.v[i].kind, wanted.kind);
        assert_string_equal(seen.v[i].place.instance, instance);
        assert_string_equal(seen.v[i].place.machine, wanted.place.machine);
        assert_int_equal(seen.v[i].place.inode, 77);
        assert_int_equal(seen.v[i].place.seq, wanted.place.seq);
        assert_int_equal(seen.v[i].at, wanted.at);
        assert_int_equal(seen.v[i].action_id, wanted.action_id);
        assert_int_equal(seen.v[i].occasion_id, wanted.occasion_id);
        assert_int_equal(seen.v[i].occasion_created_at, wanted.occasion_created_at);
        assert_string_equal(seen.v[i].step, wanted.step);
        assert_int_equal(seen.v[i].channel, wanted.channel);
        assert_string_equal(seen.v[i].key, wanted.key);
        assert_int_equal(seen.v[i].class, wanted.class);
        assert_int_equal(seen.v[i].code, wanted.code);
        assert_string_equal(seen.v[i].provider_id, wanted.provider_id);
        assert_int_equal(seen.v[i].client_id, wanted.client_id);
        assert_int_equal(seen.v[i].client_created_at, wanted.client_created_at);
    }
    struct stat st;
    assert_int_equal(stat(b->path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
}

static void a_fork_names_what_it_was(void **state)
{
    struct bench *b = *state;
    struct err err;
    struct log_line line = line_of(LOG_HERE, 5), last;
    bool exists;
    (void)snprintf(line.place.was, sizeof line.place.was, "fedcba9876543210fedcba9876543210");
    open_log(b);
    assert_int_equal(sentlog_add(&b->log, &line, &err), RC_OK);
    assert_int_equal(sentlog_last(b->path, &last, &exists, &err), RC_OK);
    assert_string_equal(last.place.was, "fedcba9876543210fedcba9876543210");
    assert_string_equal(last.place.instance, instance);
    add(b, LOG_HERE, 6);
    assert_int_equal(sentlog_last(b->path, &last, &exists, &err), RC_OK);
    assert_string_equal(last.place.was, "");
}

static void every_class_has_a_word(void **state)
{
    struct bench *b = *state;
    struct err err;
    open_log(b);
    for (int c = DELIVERY_SENT; c <= DELIVERY_IN_DOUBT; c++) {
        struct log_line line = line_of(LOG_SAID, c + 1), got = {0};
        line.class = (enum delivery_class)c;
        line.provider_id[0] = '\0';
        assert_ok(sentlog_add(&b->log, &line, &err));
        assert_int_equal(knows(b, c + 1, &got), LOG_KNOWS_SAID);
        assert_int_equal(got.class, c);
        assert_string_equal(got.provider_id, "");
    }
}

static void what_the_end_knows(void **state)
{
    struct bench *b = *state;
    struct log_line got;
    add(b, LOG_HERE, 4);
    assert_int_equal(knows(b, 5, &got), LOG_KNOWS_NOT);  /* the commit came, the line did not */
    assert_int_equal(knows(b, 4, &got), LOG_KNOWS_RISK); /* before this log: nobody knows */
    assert_int_equal(knows(b, 6, &got), LOG_KNOWS_RISK); /* a hole in the log is no evidence */
    assert_int_equal(knows(b, 0, &got), LOG_KNOWS_RISK);
    add(b, LOG_RISK, 5);
    assert_int_equal(knows(b, 5, &got), LOG_KNOWS_RISK);
    assert_int_equal(knows(b, 6, &got), LOG_KNOWS_NOT);
    add(b, LOG_SAID, 5);
    assert_int_equal(knows(b, 5, &got), LOG_KNOWS_SAID);
    assert_string_equal(got.provider_id, "4Fq.x:7-_");
    struct err err;
    enum log_knows k = LOG_KNOWS_SAID;
    assert_ok(sentlog_find(b->path, "another", 6, &k, &got, &err));
    assert_int_equal(k, LOG_KNOWS_RISK);
    assert_ok(sentlog_find("/nonexistent/log", instance, 1, &k, &got, &err));
    assert_int_equal(k, LOG_KNOWS_RISK);
}

/* Cut at every byte of its last line: that line is gone, those before it are not, and the next one is whole. */
static void a_torn_line_counts_as_not_there(void **state)
{
    struct bench *b = *state;
    struct err err;
    struct log_line got;
    add(b, LOG_HERE, 0);
    off_t start = lseek(b->log.fd, 0, SEEK_END);
    add(b, LOG_RISK, 1);
    off_t end = lseek(b->log.fd, 0, SEEK_END);
    for (off_t cut = end - 1; cut >= start; cut--) {
        assert_int_equal(truncate(b->path, cut), 0);
        assert_int_equal(knows(b, 1, &got), LOG_KNOWS_NOT);
    }
    assert_int_equal(truncate(b->path, start), 0);
    append_raw(b, "pps1 risk 1 half a li", 21);
    open_log(b);
    add(b, LOG_RISK, 1);
    assert_int_equal(knows(b, 1, &got), LOG_KNOWS_RISK);
    bool exists = false;
    assert_ok(sentlog_last(b->path, &got, &exists, &err));
    assert_true(exists);
    assert_int_equal(got.place.seq, 1);
    assert_int_equal(got.kind, LOG_RISK);
}

static void a_changed_byte_is_noticed(void **state)
{
    struct bench *b = *state;
    struct log_line got;
    add(b, LOG_HERE, 0);
    off_t start = lseek(b->log.fd, 0, SEEK_END);
    add(b, LOG_RISK, 1);
    off_t end = lseek(b->log.fd, 0, SEEK_END);
    int fd = open(b->path, O_RDWR);
    for (off_t at = start; at < end - 1; at++) {
        char was, is;
        assert_int_equal(pread(fd, &was, 1, at), 1);
        is = was == '7' ? '8' : '7';
        assert_int_equal(pwrite(fd, &is, 1, at), 1);
        if (knows(b, 1, &got) != LOG_KNOWS_NOT)
            fail_msg("byte %ld of the line was changed and it still counts", (long)(at - start));
        assert_int_equal(pwrite(fd, &was, 1, at), 1);
    }
    close(fd);
    assert_int_equal(knows(b, 1, &got), LOG_KNOWS_RISK);
}

static void the_end_of_a_long_log_is_enough(void **state)
{
    struct bench *b = *state;
    struct err err;
    struct log_line got;
    bool exists = false;
    add(b, LOG_HERE, 0);
    for (int64_t seq = 1; seq <= 700; seq++) { /* more than the 64 KiB that are looked at */
        struct log_line line = line_of(LOG_SAID, seq);
        assert_ok(sentlog_add(&b->log, &line, &err));
    }
    assert_true(file_size(b->path) > 70000);
    assert_ok(sentlog_last(b->path, &got, &exists, &err));
    assert_int_equal(got.place.seq, 700);
    assert_int_equal(knows(b, 700, &got), LOG_KNOWS_SAID);
    assert_int_equal(knows(b, 701, &got), LOG_KNOWS_NOT);
    assert_int_equal(knows(b, 1, &got), LOG_KNOWS_RISK); /* too far back: unknown, not "never" */
    struct seen seen = {.n = 0};
    int bad = -1;
    assert_ok(sentlog_read(b->path, see, &seen, &bad, &err));
    assert_int_equal(seen.n, 701);
    assert_int_equal(bad, 0);
}

/* By a line about a client no guard may take a log for one that knows where the database is. */
static void clients_who_are_forgotten_are_not_the_end(void **state)
{
    struct bench *b = *state;
    struct err err;
    struct log_line got;
    bool exists = true;
    add(b, LOG_FORGET, 3);
    add(b, LOG_FORGOT, 3);
    assert_ok(sentlog_last(b->path, &got, &exists, &err));
    assert_false(exists);
    add(b, LOG_RISK, 4);
    add(b, LOG_FORGET, 9);
    assert_ok(sentlog_last(b->path, &got, &exists, &err));
    assert_int_equal(got.place.seq, 4);
    assert_int_equal(knows(b, 9, &got), LOG_KNOWS_RISK);
    assert_int_equal(knows(b, 5, &got), LOG_KNOWS_NOT);
    for (int i = 0; i < 700; i++) /* more than the end that is looked at */
        add(b, LOG_FORGOT, 9);
    assert_true(file_size(b->path) > 70000);
    exists = false;
    assert_ok(sentlog_last(b->path, &got, &exists, &err));
    assert_true(exists);
    assert_int_equal(got.place.seq, 4);
    assert_int_equal(knows(b, 4, &got), LOG_KNOWS_RISK);
    assert_int_equal(knows(b, 5, &got), LOG_KNOWS_NOT);
}

/* So do the programs of before with those about clients. */
static void a_line_of_a_kind_that_is_not_known_is_passed_over(void **state)
{
    struct bench *b = *state;
    struct err err;
    struct log_line got;
    struct seen seen = {.n = 0};
    bool exists = false;
    int bad = -1;
    char check[LOG_KEY_BYTES];
    add(b, LOG_RISK, 1);
    char *line = xasprintf("pps1 newer 1 %s feedfacefeedface 77 %d anything", instance, NOW);
    sentlog_key(line, check);
    char *whole = xasprintf("%s %s\n", line, check);
    append_raw(b, whole, strlen(whole));
    free(whole);
    free(line);
    add(b, LOG_SAID, 1);
    assert_ok(sentlog_read(b->path, see, &seen, &bad, &err));
    assert_int_equal(seen.n, 2);
    assert_int_equal(bad, 1);
    assert_ok(sentlog_last(b->path, &got, &exists, &err));
    assert_int_equal(got.kind, LOG_SAID);
    assert_int_equal(knows(b, 1, &got), LOG_KNOWS_SAID);
}

static void what_is_no_log_is_said(void **state)
{
    struct bench *b = *state;
    struct err err;
    struct log_line got;
    bool exists = true;
    assert_ok(sentlog_last(b->path, &got, &exists, &err));
    assert_false(exists);
    open_log(b); /* made, and the machine went down before the first line */
    assert_ok(sentlog_last(b->path, &got, &exists, &err));
    assert_false(exists);
    append_raw(b, "hello\n", 6);
    char *wanted =
        xasprintf("the end of the sent log %s is damaged: move it away, then pps adopt", b->path);
    assert_fails(sentlog_last(b->path, &got, &exists, &err), RC_CORRUPT, wanted);
    free(wanted);
    char *endless = xmalloc(200000);
    memset(endless, 'x', 200000);
    append_raw(b, endless, 200000);
    free(endless);
    assert_int_equal(sentlog_last(b->path, &got, &exists, &err), RC_CORRUPT);
    char *link_path = xasprintf("%s.link", b->path);
    assert_int_equal(symlink(b->path, link_path), 0);
    assert_int_equal(sentlog_last(link_path, &got, &exists, &err), RC_IO);
    struct sentlog other = {.fd = -1};
    assert_int_equal(sentlog_open(link_path, &other, &err), RC_IO);
    free(link_path);
}

/* There is room for the answer behind the end, though nothing shows of it. */
static void room_is_kept_for_the_answer(void **state)
{
    struct bench *b = *state;
    struct stat st;
    add(b, LOG_HERE, 0);
    add(b, LOG_RISK, 1);
    assert_int_equal(fstat(b->log.fd, &st), 0);
    assert_true(st.st_size < 400);
    assert_true(st.st_blocks * 512 >= st.st_size + 2048);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        CASE(what_is_written_is_read_back), CASE(every_class_has_a_word),
        CASE(a_fork_names_what_it_was),     CASE(every_class_has_a_word),
        CASE(what_the_end_knows),           CASE(a_torn_line_counts_as_not_there),
        CASE(a_changed_byte_is_noticed),    CASE(the_end_of_a_long_log_is_enough),
    CASE(clients_who_are_forgotten_are_not_the_end),
    CASE(a_line_of_a_kind_that_is_not_known_is_passed_over),
        CASE(what_is_no_log_is_said),       CASE(room_is_kept_for_the_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
