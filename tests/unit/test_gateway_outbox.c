/* The outbox: the file's name and content, the order of the hooks, that nothing is ever replaced,
 * and what the folder can say about a message in doubt. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include <pps/file.h>
#include <pps/gateway.h>
#include <pps/str.h>

#define COUNT(a) (sizeof(a) / sizeof(a)[0])
#define NAME "2026-12-10T0700Z-A156-thank-you"

struct scratch {
    char dir[32];
    char *box; /* two folders deep: the gateway creates it */
};

static int set_up(void **state)
{
    struct scratch *s = xcalloc(1, sizeof *s);
    strcpy(s->dir, "/tmp/pps-outbox-XXXXXX");
    if (mkdtemp(s->dir) == NULL)
        return -1;
    s->box = file_join(s->dir, "a/outbox");
    *state = s;
    return 0;
}

static int tear_down(void **state)
{
    struct scratch *s = *state;
    char *command = xasprintf("chmod -R u+rwx %s && rm -rf -- %s", s->dir, s->dir);
    int status = system(command);
    free(command);
    free(s->box);
    free(s);
    return status;
}

struct witness {
    bool deny;
    size_t stop_at, looks; /* stopping() says yes at the look of that number; 0: never */
    const char *box;       /* looked at in before_risk */
    bool visible_before_risk;
    char events[64];
    struct delivery told;
};

static size_t visible_files(const char *box)
{
    size_t n = 0;
    DIR *dir = opendir(box);
    assert_non_null(dir);
    for (struct dirent *e; (e = readdir(dir)) != NULL;)
        n += e->d_name[0] != '.';
    closedir(dir);
    return n;
}

static size_t all_files(const char *box)
{
    size_t n = 0;
    DIR *dir = opendir(box);
    assert_non_null(dir);
    while (readdir(dir) != NULL)
        n++;
    closedir(dir);
    return n - 2;
}

static bool on_risk(void *ctx)
{
    struct witness *w = ctx;
    strcat(w->events, "risk ");
    w->visible_before_risk = visible_files(w->box) > 0;
    return !w->deny;
}

static void on_accepted(void *ctx, const struct delivery *delivery)
{
    struct witness *w = ctx;
    strcat(w->events, "accepted ");
    w->told = *delivery;
}

static bool on_stopping(void *ctx)
{
    struct witness *w = ctx;
    w->looks++;
    return w->looks == w->stop_at;
}

static struct parcel parcel_of(enum channel channel, const char *bytes)
{
    return (struct parcel){
        .action_id = 156,
        .step = "thank-you",
        .recipient = channel == CHANNEL_EMAIL ? "maria@client.example" : "+79031234567",
        .bytes = bytes,
        .len = strlen(bytes),
        .date = 1796886000, /* 2026-12-10 07:00:00 UTC */
    };
}

static struct delivery put(const char *box, enum channel channel, const char *bytes,
                           struct witness *w)
{
    struct parcel parcel = parcel_of(channel, bytes);
    struct delivery_hooks hooks = {
        .before_risk = on_risk, .accepted = on_accepted, .stopping = on_stopping, .ctx = w};
    struct gateway *gateway = NULL;
    struct err err;
    w->box = box;
    assert_int_equal(gateway_outbox_new(box, channel, &gateway, &err), RC_OK);
    struct delivery d = gateway_deliver(gateway, &parcel, &hooks);
    gateway_free(gateway);
    return d;
}

static void assert_file(const char *box, const char *name, const char *content)
{
    char *path = file_join(box, name), *text = NULL;
    size_t len;
    struct err err = {""};
    if (file_read(path, 1 << 20, &text, &len, &err) != RC_OK)
        fail_msg("%s", err.message);
    assert_string_equal(text, content);
    free(text);
    free(path);
}

static void a_letter_is_written_as_it_is(void **state)
{
    struct scratch *s = *state;
    struct witness w = {0};
    struct delivery d = put(s->box, CHANNEL_EMAIL, "Subject: x\r\n\r\nHello\r\n", &w);
    assert_int_equal(d.class, DELIVERY_SENT);
    assert_string_equal(d.provider_id, NAME ".eml");
    assert_string_equal(w.events, "risk accepted ");
    assert_memory_equal(&w.told, &d, sizeof d);
    assert_false(w.visible_before_risk);
    assert_file(s->box, NAME ".eml", "Subject: x\r\n\r\nHello\r\n");
    assert_int_equal(all_files(s->box), 1);
}

static void an_sms_names_its_number(void **state)
{
    struct scratch *s = *state;
    struct witness w = {0};
    struct delivery d = put(s->box, CHANNEL_SMS, "Привет", &w);
    assert_int_equal(d.class, DELIVERY_SENT);
    assert_file(s->box, NAME ".txt", "To: +79031234567\n\nПривет\n");
}

static void the_file_is_ours_alone(void **state)
{
    struct scratch *s = *state;
    struct witness w = {0};
    mode_t old = umask(0);
    (void)put(s->box, CHANNEL_EMAIL, "a\r\n", &w);
    umask(old);
    char *path = file_join(s->box, NAME ".eml");
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(stat(s->box, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    free(path);
}

static void when_before_risk_says_no_nothing_is_left(void **state)
{
    struct scratch *s = *state;
    struct witness w = {.deny = true};
    struct delivery d = put(s->box, CHANNEL_EMAIL, "a\r\n", &w);
    assert_int_equal(d.class, DELIVERY_STOPPED);
    assert_string_equal(d.reason, "stopped before it was put into the outbox");
    assert_string_equal(w.events, "risk ");
    assert_int_equal(all_files(s->box), 0);
}

static void a_program_that_is_asked_to_end_leaves_nothing(void **state)
{
    struct scratch *s = *state;
    static const char *const reasons[] = {"stopped before the delivery began",
                                          "stopped before it was put into the outbox"};
    for (size_t i = 0; i < COUNT(reasons); i++) {
        struct witness w = {.stop_at = i + 1};
        struct delivery d = put(s->box, CHANNEL_EMAIL, "a\r\n", &w);
        assert_int_equal(d.class, DELIVERY_STOPPED);
        assert_string_equal(d.reason, reasons[i]);
        assert_string_equal(w.events, "");
        assert_int_equal(all_files(s->box), 0);
    }
    assert_string_equal(delivery_class_name(DELIVERY_STOPPED), "stopped");
}

static void once_it_may_be_sent_nobody_asks_for_the_end(void **state)
{
    struct scratch *s = *state;
    struct witness w = {.stop_at = 3};
    assert_int_equal(put(s->box, CHANNEL_EMAIL, "a\r\n", &w).class, DELIVERY_SENT);
    assert_int_equal(w.looks, 2);
}

static void the_same_message_again_is_sent_already(void **state)
{
    struct scratch *s = *state;
    struct witness first = {0}, again = {0};
    (void)put(s->box, CHANNEL_EMAIL, "a\r\n", &first);
    struct delivery d = put(s->box, CHANNEL_EMAIL, "a\r\n", &again);
    assert_int_equal(d.class, DELIVERY_SENT);
    assert_string_equal(d.reason, "already in the outbox");
    assert_string_equal(again.events, "risk accepted ");
    assert_int_equal(all_files(s->box), 1);
}

static void another_message_of_that_name_is_never_replaced(void **state)
{
    struct scratch *s = *state;
    static const char *const others[] = {"b\r\n", "a\r\nlonger\r\n", "a"};
    struct witness first = {0};
    (void)put(s->box, CHANNEL_EMAIL, "a\r\n", &first);
    for (size_t i = 0; i < COUNT(others); i++) {
        struct witness w = {0};
        struct delivery d = put(s->box, CHANNEL_EMAIL, others[i], &w);
        assert_int_equal(d.class, DELIVERY_CONFIG);
        assert_string_equal(w.events, "risk ");
        assert_file(s->box, NAME ".eml", "a\r\n");
    }
    assert_int_equal(all_files(s->box), 1);
}

/* Its name is taken, and nobody can say by what. Root can read every file, but no folder as one. */
static void what_cannot_be_read_is_not_called_other_words(void **state)
{
    struct scratch *s = *state;
    struct witness w = {0};
    struct err err;
    char *name = file_join(s->box, NAME ".eml");
    assert_int_equal(file_mkdirs(name, &err), RC_OK);
    struct delivery d = put(s->box, CHANNEL_EMAIL, "a\r\n", &w);
    assert_int_equal(d.class, DELIVERY_NOT_SENT);
    char *wanted =
        xasprintf("outbox: there is a file of this name already, and what is in it is not "
                  "known: cannot read %s: Is a directory",
                  name);
    assert_string_equal(d.reason, wanted);
    assert_string_equal(w.events, "risk ");
    assert_int_equal(all_files(s->box), 1);
    free(wanted);
    free(name);
}

/* A link to nothing is like a file that was moved between two looks: the name was taken, and no words are there. */
static void what_was_there_and_is_gone_may_have_been_the_message(void **state)
{
    struct scratch *s = *state;
    struct witness w = {0};
    struct err err;
    char *name = file_join(s->box, NAME ".eml");
    assert_int_equal(file_mkdirs(s->box, &err), RC_OK);
    assert_int_equal(symlink("nowhere", name), 0);
    struct delivery d = put(s->box, CHANNEL_EMAIL, "a\r\n", &w);
    assert_int_equal(d.class, DELIVERY_IN_DOUBT);
    assert_string_equal(d.reason, "outbox: " NAME ".eml was there and is gone, or is a link to "
                                  "nothing: it may have been this message");
    assert_string_equal(w.events, "risk ");
    assert_int_equal(all_files(s->box), 1);
    free(name);
}

static void what_a_crash_left_is_no_hindrance(void **state)
{
    struct scratch *s = *state;
    struct witness w = {0};
    struct err err;
    char *stale = file_join(s->box, "." NAME ".eml.tmp");
    assert_int_equal(file_mkdirs(s->box, &err), RC_OK);
    assert_int_equal(file_write(stale, "hal", 3, true, &err), RC_OK);
    free(stale);
    assert_int_equal(put(s->box, CHANNEL_EMAIL, "a\r\n", &w).class, DELIVERY_SENT);
    assert_file(s->box, NAME ".eml", "a\r\n");
    assert_int_equal(all_files(s->box), 1);
}

/* A link planted under the temporary name must not be written through. */
static void links_are_not_followed(void **state)
{
    struct scratch *s = *state;
    struct witness w = {0};
    struct err err;
    char *victim = file_join(s->dir, "victim"), *planted = file_join(s->box, "." NAME ".eml.tmp");
    assert_int_equal(file_mkdirs(s->box, &err), RC_OK);
    assert_int_equal(file_write(victim, "precious", 8, true, &err), RC_OK);
    assert_int_equal(symlink(victim, planted), 0);
    assert_int_equal(put(s->box, CHANNEL_EMAIL, "a\r\n", &w).class, DELIVERY_SENT);
    assert_file(s->dir, "victim", "precious");
    free(victim);
    free(planted);
}

static void an_error_before_the_file_appears_is_not_sent(void **state)
{
    struct scratch *s = *state;
    struct witness w = {.box = s->dir};
    struct gateway *gateway = NULL;
    struct err err;
    struct parcel parcel = {
        .action_id = 1, .step = "x", .recipient = "a@b.example", .bytes = "a\r\n", .len = 3};
    struct delivery_hooks hooks = {.before_risk = on_risk, .accepted = on_accepted, .ctx = &w};
    assert_int_equal(gateway_outbox_new(s->box, CHANNEL_EMAIL, &gateway, &err), RC_OK);
    assert_int_equal(rmdir(s->box), 0);
    struct delivery d = gateway_deliver(gateway, &parcel, &hooks);
    gateway_free(gateway);
    assert_int_equal(d.class, DELIVERY_NOT_SENT);
    assert_non_null(strstr(d.reason, "No such file or directory"));
    assert_string_equal(w.events, "");
}

static void a_step_cannot_lead_out_of_the_folder(void **state)
{
    struct scratch *s = *state;
    struct witness w = {.box = s->box};
    struct gateway *gateway = NULL;
    struct err err;
    struct parcel parcel = {.action_id = 7,
                            .step = "../../etc/x\n",
                            .recipient = "a@b.example",
                            .bytes = "a\r\n",
                            .len = 3,
                            .date = 1};
    struct delivery_hooks hooks = {.before_risk = on_risk, .accepted = on_accepted, .ctx = &w};
    assert_int_equal(gateway_outbox_new(s->box, CHANNEL_EMAIL, &gateway, &err), RC_OK);
    struct delivery d = gateway_deliver(gateway, &parcel, &hooks);
    gateway_free(gateway);
    assert_int_equal(d.class, DELIVERY_SENT);
    assert_string_equal(d.provider_id, "1970-01-01T0000Z-A7-______etc_x_.eml");
    assert_file(s->box, d.provider_id, "a\r\n");
}

/* ---- a message in doubt ---- */

static const struct delivery_hooks never = {.stopping = NULL};

static struct inquiry ask(const char *box, enum channel channel, const char *bytes)
{
    struct parcel parcel = parcel_of(channel, bytes);
    struct gateway *gateway = NULL;
    struct err err;
    assert_int_equal(gateway_outbox_new(box, channel, &gateway, &err), RC_OK);
    assert_true(gateway_powers(gateway).asks);
    assert_int_equal(gateway_powers(gateway).repeat_sec, 0);
    struct inquiry q = gateway_ask(gateway, &parcel, &never);
    gateway_free(gateway);
    return q;
}

static void a_file_with_the_very_bytes_was_sent(void **state)
{
    struct scratch *s = *state;
    struct witness w = {0};
    (void)put(s->box, CHANNEL_EMAIL, "a\r\n", &w);
    struct inquiry q = ask(s->box, CHANNEL_EMAIL, "a\r\n");
    assert_int_equal(q.finding, FINDING_SENT);
    assert_string_equal(q.provider_id, NAME ".eml");
    assert_string_equal(q.reason, "it is in the outbox");
    (void)put(s->box, CHANNEL_SMS, "Привет", &w);
    q = ask(s->box, CHANNEL_SMS, "Привет");
    assert_int_equal(q.finding, FINDING_SENT);
    assert_string_equal(q.provider_id, NAME ".txt");
    assert_int_equal(all_files(s->box), 2); /* asking writes nothing */
}

static void other_bytes_tell_nothing(void **state)
{
    struct scratch *s = *state;
    static const char *const others[] = {"b\r\n", "a\r\nlonger\r\n", "a", ""};
    struct witness w = {0};
    (void)put(s->box, CHANNEL_EMAIL, "a\r\n", &w);
    for (size_t i = 0; i < COUNT(others); i++) {
        struct inquiry q = ask(s->box, CHANNEL_EMAIL, others[i]);
        assert_int_equal(q.finding, FINDING_CANNOT_TELL);
        assert_string_equal(q.provider_id, "");
        assert_string_equal(q.reason, "outbox: " NAME ".eml is there with other words");
    }
}

/* A temporary file was never a message: its name is not the message's. */
static void a_file_that_is_not_there_tells_nothing(void **state)
{
    struct scratch *s = *state;
    struct err err;
    char *stale = file_join(s->box, "." NAME ".eml.tmp");
    for (int i = 0; i < 2; i++) {
        struct inquiry q = ask(s->box, CHANNEL_EMAIL, "a\r\n");
        assert_int_equal(q.finding, FINDING_CANNOT_TELL);
        assert_string_equal(q.reason,
                            "outbox: " NAME ".eml is not there: never written, moved or deleted");
        assert_int_equal(all_files(s->box), i);
        assert_int_equal(file_write(stale, "a\r\n", 3, false, &err), RC_OK);
    }
    free(stale);
}

static void what_cannot_be_read_may_be_asked_again(void **state)
{
    struct scratch *s = *state;
    struct gateway *gateway = NULL;
    struct err err;
    struct parcel parcel = parcel_of(CHANNEL_EMAIL, "a\r\n");
    char *name = file_join(s->box, NAME ".eml");
    assert_int_equal(gateway_outbox_new(s->box, CHANNEL_EMAIL, &gateway, &err), RC_OK);
    assert_int_equal(mkdir(name, 0700), 0); /* root can read every file, but no folder as one */
    struct inquiry q = gateway_ask(gateway, &parcel, &never);
    assert_int_equal(q.finding, FINDING_NO_ANSWER);
    assert_non_null(strstr(q.reason, "Is a directory"));
    assert_int_equal(rmdir(name), 0);
    assert_int_equal(rmdir(s->box), 0);
    q = gateway_ask(gateway, &parcel, &never);
    assert_int_equal(q.finding, FINDING_NO_ANSWER);
    assert_string_equal(q.reason, "outbox: cannot open the folder: No such file or directory");
    gateway_free(gateway);
    free(name);
}

/* ---- what it is made of ---- */

static void the_outbox_takes_messages_only(void **state)
{
    struct scratch *s = *state;
    struct gateway *gateway = NULL;
    struct err err;
    assert_int_equal(gateway_outbox_new(s->box, CHANNEL_CALL, &gateway, &err), RC_INTERNAL);
    assert_null(gateway);
}

static void a_folder_that_cannot_be_made_is_an_error(void **state)
{
    struct scratch *s = *state;
    struct gateway *gateway = NULL;
    struct err err = {""};
    char *file = file_join(s->dir, "a");
    assert_int_equal(file_write(file, "x", 1, true, &err), RC_OK);
    assert_int_equal(gateway_outbox_new(s->box, CHANNEL_EMAIL, &gateway, &err), RC_IO);
    assert_non_null(strstr(err.message, "cannot create the folder"));
    free(file);
}

int main(void)
{
#define CASE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        CASE(a_letter_is_written_as_it_is),
        CASE(an_sms_names_its_number),
        CASE(the_file_is_ours_alone),
        CASE(when_before_risk_says_no_nothing_is_left),
        CASE(a_program_that_is_asked_to_end_leaves_nothing),
        CASE(once_it_may_be_sent_nobody_asks_for_the_end),
        CASE(the_same_message_again_is_sent_already),
        CASE(another_message_of_that_name_is_never_replaced),
        CASE(what_cannot_be_read_is_not_called_other_words),
        CASE(what_was_there_and_is_gone_may_have_been_the_message),
        CASE(what_a_crash_left_is_no_hindrance),
        CASE(links_are_not_followed),
        CASE(an_error_before_the_file_appears_is_not_sent),
        CASE(a_step_cannot_lead_out_of_the_folder),
        CASE(a_file_with_the_very_bytes_was_sent),
        CASE(other_bytes_tell_nothing),
        CASE(a_file_that_is_not_there_tells_nothing),
        CASE(what_cannot_be_read_may_be_asked_again),
        CASE(the_outbox_takes_messages_only),
        CASE(a_folder_that_cannot_be_made_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
