/* The outbox: the file's name and content, the order of the hooks, and that nothing is ever
 * replaced. */
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
    const char *box; /* looked at in before_risk */
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

static struct delivery put(const char *box, enum channel channel, const char *bytes,
                           struct witness *w)
{
    struct parcel parcel = {
        .action_id = 156,
        .step = "thank-you",
        .recipient = channel == CHANNEL_EMAIL ? "maria@client.example" : "+79031234567",
        .bytes = bytes,
        .len = strlen(bytes),
        .date = 1796886000, /* 2026-12-10 07:00:00 UTC */
    };
    struct delivery_hooks hooks = {.before_risk = on_risk, .accepted = on_accepted, .ctx = w};
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
    assert_int_equal(d.class, DELIVERY_NOT_SENT);
    assert_string_equal(w.events, "risk ");
    assert_int_equal(all_files(s->box), 0);
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
        CASE(the_same_message_again_is_sent_already),
        CASE(another_message_of_that_name_is_never_replaced),
        CASE(what_a_crash_left_is_no_hindrance),
        CASE(links_are_not_followed),
        CASE(an_error_before_the_file_appears_is_not_sent),
        CASE(a_step_cannot_lead_out_of_the_folder),
        CASE(the_outbox_takes_messages_only),
        CASE(a_folder_that_cannot_be_made_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
