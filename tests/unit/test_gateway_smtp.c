/* SMTP against a scripted server: every row of the verdict table, the order of the two hooks, and
 * what was on the wire when. "delivered" is the server's own word for it. */
#include <errno.h>
#include <stdatomic.h>

#include <curl/curl.h>
#include <sys/syscall.h>

#include "smtp_fixture.h"

#include "../../src/gateway/dialog.h"

/* ---- the verdict table, without TLS ---- */

struct row {
    const char *name;
    const char *args[4];
    enum delivery_class class;
    int code;
    const char *events;
    bool delivered;
    bool deny;          /* what before_risk says */
    const char *reason; /* a part of it, or NULL */
};

/* clang-format off */
static const struct row rows[] = {
    /* accepted */
    {"250 to the dot", {NULL}, DELIVERY_SENT, 250, .events = SENT_EVENTS, .delivered = true,
     .reason = "queued as 4F1A2B3C4D"},
    {"251 to the dot is acceptance", {"dot=251 will forward"}, DELIVERY_SENT, 251,
     .events = SENT_EVENTS,
     .delivered = true},
    {"a reply of several lines counts at its last", {"dot=250-one\\r\\n250-two\\r\\n250 three"},
     DELIVERY_SENT, 250, .events = SENT_EVENTS, .delivered = true, .reason = "250 three"},
    {"cut right after 250", {"dot=say+cut"}, DELIVERY_SENT, 250, .events = SENT_EVENTS,
     .delivered = true},
    {"reset right after 250", {"dot=say+reset"}, DELIVERY_SENT, 250, .events = SENT_EVENTS,
     .delivered = true},
    {"QUIT refused", {"quit=500 no"}, DELIVERY_SENT, 250, .events = SENT_EVENTS, .delivered = true},
    {"EHLO refused, HELO taken", {"ehlo=500 what"}, DELIVERY_SENT, 250, .events = SENT_EVENTS,
     .delivered = true},
    /* the last word before the point of no return is ours */
    {"before_risk says no", {NULL}, DELIVERY_STOPPED, 354, .events = "risk ", .deny = true},
    /* refused for the hour */
    {"4xx to the connection", {"connect=450 later"}, DELIVERY_REFUSED_TEMP, 450, .events = ""},
    {"4xx to EHLO", {"ehlo=450 later", "helo=450 later"}, DELIVERY_REFUSED_TEMP, 450, .events = ""},
    {"4xx to MAIL", {"mail=450 later"}, DELIVERY_REFUSED_TEMP, 450, .events = ""},
    {"4xx to RCPT", {"rcpt=450 later"}, DELIVERY_REFUSED_TEMP, 450, .events = "",
     .reason = "refused the recipient: 450 later"},
    {"4xx to DATA", {"data=450 later"}, DELIVERY_REFUSED_TEMP, 450, .events = ""},
    {"4xx to the dot is certain", {"dot=452 full"}, DELIVERY_REFUSED_TEMP, 452, .events = "risk "},
    {"421 to the connection", {"connect=421 busy+cut"}, DELIVERY_REFUSED_TEMP, 421, .events = ""},
    {"421 to MAIL", {"mail=421 busy+cut"}, DELIVERY_REFUSED_TEMP, 421, .events = ""},
    {"421 to RCPT", {"rcpt=421 busy+cut"}, DELIVERY_REFUSED_TEMP, 421, .events = ""},
    {"421 to DATA", {"data=421 busy+cut"}, DELIVERY_REFUSED_TEMP, 421, .events = ""},
    {"421 to the dot", {"dot=421 busy+cut"}, DELIVERY_REFUSED_TEMP, 421, .events = "risk "},
    /* refused for good */
    {"5xx to MAIL", {"mail=500 no"}, DELIVERY_REFUSED_PERM, 500, .events = ""},
    {"5xx to RCPT", {"rcpt=550 no such user"}, DELIVERY_REFUSED_PERM, 550, .events = ""},
    {"5xx to RCPT in several lines", {"rcpt=550-no\\r\\n550 such user"}, DELIVERY_REFUSED_PERM,
     550, .events = ""},
    {"5xx to DATA", {"data=554 no"}, DELIVERY_REFUSED_PERM, 554, .events = ""},
    {"5xx to the dot is certain", {"dot=554 spam"}, DELIVERY_REFUSED_PERM, 554, .events = "risk ",
     .reason = "554 spam"},
    {"5xx to the dot in several lines", {"dot=554-spam\\r\\n554 really"}, DELIVERY_REFUSED_PERM,
     554, .events = "risk "},
    {"552 to MAIL is about the letter", {"mail=552 too big"}, DELIVERY_REFUSED_PERM, 552,
     .events = ""},
    /* our set-up */
    {"5xx to the connection", {"connect=554 not you"}, DELIVERY_CONFIG, 554, .events = ""},
    {"5xx to EHLO and HELO", {"ehlo=502 no", "helo=502 no"}, DELIVERY_CONFIG, 502, .events = ""},
    {"530 to MAIL: a login is wanted", {"mail=530 5.7.0 Authentication required"},
     DELIVERY_CONFIG, 530, .events = ""},
    {"550 to MAIL: the sender is not ours", {"mail=550 5.7.1 not owned"}, DELIVERY_CONFIG, 550,
     .events = ""},
    {"553 to MAIL: the sender is not ours", {"mail=553 5.7.1 not owned"}, DELIVERY_CONFIG, 553,
     .events = ""},
    {"530 to RCPT", {"rcpt=530 login"}, DELIVERY_CONFIG, 530, .events = ""},
    {"530 to the dot", {"dot=530 login"}, DELIVERY_CONFIG, 530, .events = "risk "},
    /* nothing certain can have happened */
    {"cut at the connection", {"connect=cut"}, DELIVERY_NOT_SENT, 0, .events = ""},
    {"cut at EHLO", {"ehlo=cut"}, DELIVERY_NOT_SENT, 220, .events = ""},
    {"cut at MAIL", {"mail=cut"}, DELIVERY_NOT_SENT, 250, .events = ""},
    {"cut at RCPT", {"rcpt=cut"}, DELIVERY_NOT_SENT, 250, .events = ""},
    {"cut at DATA", {"data=cut"}, DELIVERY_NOT_SENT, 250, .events = ""},
    {"reset at MAIL", {"mail=reset"}, DELIVERY_NOT_SENT, 250, .events = ""},
    {"garbage for a greeting", {"connect=SSH-2.0-OpenSSH_9.2+cut"}, DELIVERY_NOT_SENT, 0,
     .events = ""},
    {"garbage to RCPT", {"rcpt=bonjour+cut"}, DELIVERY_NOT_SENT, 250, .events = ""},
    {"250 to DATA instead of 354", {"data=250 ok"}, DELIVERY_NOT_SENT, 250, .events = ""},
    {"silence at the connection", {"connect=hang"}, DELIVERY_NOT_SENT, 0, .events = ""},
    /* the server speaks before it has the letter */
    {"250 in one packet with 354 is no acceptance", {"data=354 go\\r\\n250 early"},
     DELIVERY_NOT_SENT, 354, .events = "", .reason = "in the middle"},
    {"garbage in one packet with 354", {"data=354 go\\r\\nmerci"}, DELIVERY_NOT_SENT, 354,
     .events = ""},
    /* in doubt: the last byte is out and nobody said what became of it */
    {"cut at the dot, not accepted", {"dot=cut"}, DELIVERY_IN_DOUBT, 354, .events = "risk "},
    {"cut at the dot, accepted", {"dot=accept+cut"}, DELIVERY_IN_DOUBT, 354, .events = "risk ",
     .delivered = true},
    {"reset at the dot", {"dot=accept+reset"}, DELIVERY_IN_DOUBT, 354, .events = "risk ",
     .delivered = true},
    {"garbage to the dot", {"dot=merci+cut"}, DELIVERY_IN_DOUBT, 354, .events = "risk "},
    {"354 to the dot", {"dot=354 again"}, DELIVERY_IN_DOUBT, 354, .events = "risk "},
    {"an unfinished reply to the dot", {"dot=250-accepted+cut"}, DELIVERY_IN_DOUBT, 354,
     .events = "risk ",
     .delivered = true},
};
/* clang-format on */

static void check_row(const struct row *row)
{
    struct peer peer;
    struct witness w = {.deny = row->deny};
    peer_init(&peer);
    peer_start(&peer, SMTP_SERVER, row->args);
    struct gateway *gateway = account(&peer, SMTP_PLAIN, false, "127.0.0.1", false);
    struct delivery d = deliver_bytes(gateway, &w, LETTER, sizeof LETTER - 1);
    gateway_free(gateway);
    peer_stop(&peer);
    bool delivered = peer_saw(&peer, "\"accepted\"");
    if (d.class != row->class || d.code != row->code || strcmp(w.events, row->events) != 0 ||
        delivered != row->delivered ||
        (row->reason != NULL && strstr(d.reason, row->reason) == NULL))
        fail_msg("%s: %s %d events [%s] delivered %d reason [%s]\n%s", row->name,
                 delivery_class_name(d.class), d.code, w.events, delivered, d.reason, peer.log);
    if (d.class == DELIVERY_SENT)
        assert_memory_equal(&w.told, &d, sizeof d);
    assert_int_equal(peer_count(&peer, "\"end\""), 1); /* one connection, whatever happens */
    peer_fini(&peer);
}

static void every_row_of_the_verdict_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        check_row(&rows[i]);
}

/* ---- the middle of the letter ---- */

/* The letter is longer than what all buffers on the way hold, so the server's words are there
 * before the last byte is asked for. */
static void a_refusal_in_the_middle_of_the_letter_is_certain(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        enum delivery_class class;
        int code;
    } cases[] = {
        {"body=550 5.7.1 enough", DELIVERY_REFUSED_PERM, 550},
        {"body=421 4.3.2 going down", DELIVERY_REFUSED_TEMP, 421},
        {"body=250 ok", DELIVERY_NOT_SENT, 354},
    };
    struct sb big = big_letter();
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct peer peer;
        struct witness w = {0};
        peer_init(&peer);
        peer_start(&peer, SMTP_SERVER, (const char *[]){cases[i].body, "dot=cut", NULL});
        struct gateway *gateway = account(&peer, SMTP_PLAIN, false, "127.0.0.1", false);
        struct delivery d = deliver_bytes(gateway, &w, big.s, big.len);
        gateway_free(gateway);
        peer_stop(&peer);
        assert_string_equal(w.events, "");
        if (d.class != cases[i].class || d.code != cases[i].code)
            fail_msg("%s: %s %d %s", cases[i].body, delivery_class_name(d.class), d.code, d.reason);
        assert_false(peer_saw(&peer, "\"accepted\""));
        peer_fini(&peer);
    }
    sb_fini(&big);
}

static void a_server_that_hangs_up_in_the_middle_of_the_letter_has_none(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "body=cut",        /* at once, */
        "body=part+cut",   /* after the first mebibyte, */
        "body=part+reset", /* rudely, */
        "body=half",       /* or politely: it reads on, and has said that it will not answer */
    };
    struct sb big = big_letter();
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct peer peer;
        struct witness w = {0};
        peer_init(&peer);
        peer_start(&peer, SMTP_SERVER, (const char *[]){cases[i], NULL});
        struct gateway *gateway = account(&peer, SMTP_PLAIN, false, "127.0.0.1", false);
        struct delivery d = deliver_bytes(gateway, &w, big.s, big.len);
        gateway_free(gateway);
        peer_stop(&peer);
        if (d.class != DELIVERY_NOT_SENT || d.code != 354 || w.events[0] != '\0' ||
            peer_saw(&peer, "\"accepted\"") || peer_count(&peer, "\"end\"") != 1)
            fail_msg("%s: %s %d [%s] %s", cases[i], delivery_class_name(d.class), d.code, w.events,
                     d.reason);
        peer_fini(&peer);
    }
    sb_fini(&big);
}

static void a_letter_that_may_not_be_sent_lacks_its_last_byte_and_its_dot(void **state)
{
    (void)state;
    struct peer peer;
    struct witness w = {.deny = true};
    peer_init(&peer);
    peer_start(&peer, SMTP_SERVER, (const char *[]){NULL});
    struct gateway *gateway = account(&peer, SMTP_PLAIN, false, "127.0.0.1", false);
    struct delivery d = deliver_bytes(gateway, &w, "a\r\nend\r\n", 8);
    gateway_free(gateway);
    peer_stop(&peer);
    assert_int_equal(d.class, DELIVERY_STOPPED);
    assert_true(peer_saw(&peer, "{\"partial\": \"a\\r\\nend\\r\"}"));
    peer_fini(&peer);
}

/* Instead of the C library's: whoever looks for words of the server, and for nothing else, is told nothing. libcurl
 * always looks for more. */
static atomic_bool deaf;

int poll(struct pollfd *fds, nfds_t n, int timeout_ms)
{
    const volatile struct pollfd *asked = fds; /* its header calls it write-only */
    if (atomic_load(&deaf) && n == 1 && timeout_ms == 0 && asked->events == POLLIN) {
        errno = ENOMEM;
        return -1;
    }
    return (int)syscall(SYS_poll, fds, n, timeout_ms);
}

static void what_cannot_be_heard_is_not_taken_for_silence(void **state)
{
    (void)state;
    struct peer peer;
    struct witness w = {0};
    peer_init(&peer);
    peer_start(&peer, SMTP_SERVER, (const char *[]){NULL});
    struct gateway *gateway = account(&peer, SMTP_PLAIN, false, "127.0.0.1", false);
    atomic_store(&deaf, true);
    struct delivery d = deliver_bytes(gateway, &w, LETTER, sizeof LETTER - 1);
    atomic_store(&deaf, false);
    gateway_free(gateway);
    peer_stop(&peer);
    assert_int_equal(d.class, DELIVERY_NOT_SENT);
    assert_int_equal(d.code, 354);
    assert_non_null(strstr(d.reason, "cannot hear whether "));
    assert_non_null(strstr(d.reason, "Cannot allocate memory"));
    assert_string_equal(w.events, "");
    assert_false(peer_saw(&peer, "\"accepted\""));
    peer_fini(&peer);
}

/* Instead of libcurl's: whatever became of it, all is well. */
static atomic_bool all_is_well;

CURLMsg *__real_curl_multi_info_read(CURLM *multi, int *left);
CURLMsg *__wrap_curl_multi_info_read(CURLM *multi, int *left);
CURLMsg *__wrap_curl_multi_info_read(CURLM *multi, int *left)
{
    CURLMsg *message = __real_curl_multi_info_read(multi, left);
    if (message != NULL && atomic_load(&all_is_well))
        message->data.result = CURLE_OK;
    return message;
}

/* libcurl may end a letter that it does not have whole, and call that a success. Before a byte of the letter is given
 * nothing can have been ended. */
static void a_success_that_was_not_ours_is_in_doubt(void **state)
{
    (void)state;
    static const struct {
        const char *how;
        enum delivery_class class;
        int code;
    } cases[] = {
        {"body=cut", DELIVERY_IN_DOUBT, 354},
        {"body=part+reset", DELIVERY_IN_DOUBT, 354},
        {"body=550 5.7.1 enough", DELIVERY_REFUSED_PERM, 550},
        {"data=cut", DELIVERY_NOT_SENT, 250},
    };
    struct sb big = big_letter();
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct peer peer;
        struct witness w = {0};
        peer_init(&peer);
        peer_start(&peer, SMTP_SERVER, (const char *[]){cases[i].how, "dot=cut", NULL});
        struct gateway *gateway = account(&peer, SMTP_PLAIN, false, "127.0.0.1", false);
        atomic_store(&all_is_well, true);
        struct delivery d = deliver_bytes(gateway, &w, big.s, big.len);
        atomic_store(&all_is_well, false);
        gateway_free(gateway);
        peer_stop(&peer);
        assert_string_equal(w.events, "");
        if (d.class != cases[i].class || d.code != cases[i].code)
            fail_msg("%s: %s %d %s", cases[i].how, delivery_class_name(d.class), d.code, d.reason);
        peer_fini(&peer);
    }
    sb_fini(&big);
}

/* ---- what arrives ---- */

static void the_letter_arrives_byte_for_byte(void **state)
{
    (void)state;
    static const struct {
        const char *sent, *logged;
    } cases[] = {
        {"a", "\"data\": \"a\\r\\n\""},
        {".", "\"data\": \".\\r\\n\""},
        {"ab", "\"data\": \"ab\\r\\n\""},
        {"..", "\"data\": \"..\\r\\n\""},
        {"a\r\n", "\"data\": \"a\\r\\n\""},
        {"no end of line", "\"data\": \"no end of line\\r\\n\""},
        {"a\r\n.\r\n", "\"data\": \"a\\r\\n.\\r\\n\""},
        {".\r\n", "\"data\": \".\\r\\n\""},
        {"a\r\n..b\r\n.c\r\n\r\n", "\"data\": \"a\\r\\n..b\\r\\n.c\\r\\n\\r\\n\""},
        {"\r\n", "\"data\": \"\\r\\n\""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct peer peer;
        struct witness w = {0};
        peer_init(&peer);
        peer_start(&peer, SMTP_SERVER, (const char *[]){NULL});
        struct gateway *gateway = account(&peer, SMTP_PLAIN, false, "127.0.0.1", false);
        struct delivery d = deliver_bytes(gateway, &w, cases[i].sent, strlen(cases[i].sent));
        gateway_free(gateway);
        peer_stop(&peer);
        assert_int_equal(d.class, DELIVERY_SENT);
        if (!peer_saw(&peer, cases[i].logged))
            fail_msg("wanted %s in %s", cases[i].logged, peer.log);
        peer_fini(&peer);
    }
}

/* Sizes around the buffers of libcurl (16 KiB, 64 KiB), where letters have been cut or stuck
 * before. */
static void letters_of_awkward_sizes_arrive_whole(void **state)
{
    (void)state;
    static const size_t sizes[] = {3, 16383, 16384, 16385, 65535, 65536, 65537, 131072, 1u << 20};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        struct peer peer;
        struct witness w = {0};
        struct sb text = {0};
        while (text.len < sizes[i] - 2)
            sb_addc(&text, text.len % 78 == 76 ? '\r' : text.len % 78 == 77 ? '\n' : '.');
        if (text.s[text.len - 1] == '\r')
            text.s[text.len - 1] = '.';
        sb_add(&text, "\r\n");
        peer_init(&peer);
        peer_start(&peer, SMTP_SERVER, (const char *[]){NULL});
        struct gateway *gateway = account(&peer, SMTP_PLAIN, false, "127.0.0.1", false);
        struct delivery d = deliver_bytes(gateway, &w, text.s, text.len);
        gateway_free(gateway);
        peer_stop(&peer);
        assert_int_equal(d.class, DELIVERY_SENT);
        size_t newlines = 0;
        for (size_t j = 0; j < text.len; j++)
            newlines += text.s[j] == '\r';
        const char *data = strstr(peer.log, "\"data\": \"");
        assert_non_null(data);
        data += strlen("\"data\": \"");
        /* In the log each CR LF is four characters. */
        assert_int_equal(strcspn(data, "\""), text.len + 2 * newlines);
        sb_fini(&text);
        peer_fini(&peer);
    }
}

static void the_envelope_and_the_name_are_ours(void **state)
{
    (void)state;
    struct peer peer;
    struct witness w = {0};
    peer_init(&peer);
    peer_start(&peer, SMTP_SERVER, (const char *[]){NULL});
    struct gateway *gateway = account(&peer, SMTP_PLAIN, false, "127.0.0.1", false);
    struct delivery d = deliver_bytes(gateway, &w, LETTER, sizeof LETTER - 1);
    gateway_free(gateway);
    peer_stop(&peer);
    assert_int_equal(d.class, DELIVERY_SENT);
    assert_string_equal(d.provider_id, "4F1A2B3C4D");
    assert_true(peer_saw(&peer, "\"EHLO pps.agency.example\""));
    assert_true(peer_saw(&peer, "\"MAIL FROM:<info@agency.example>"));
    assert_int_equal(peer_count(&peer, "RCPT TO"),
                     2); /* the command, and in the accepted envelope */
    assert_true(peer_saw(&peer, "\"RCPT TO:<maria@client.example>\""));
    peer_fini(&peer);
}

/* ---- what must never go out ---- */

static void bad_letters_and_addresses_open_no_connection(void **state)
{
    (void)state;
    static const struct {
        const char *recipient, *bytes;
        size_t len;
    } cases[] = {
        {"a@b.example>\r\nRCPT TO:<x@y.example", "a\r\n", 3},
        {"a@b.example\nX", "a\r\n", 3},
        {"Anna <a@b.example>", "a\r\n", 3},
        {"", "a\r\n", 3},
        {"a@b.example", "", 0},
        {"a@b.example", "\n", 1},
        {"a@b.example", "\r", 1},
        {"a@b.example", "a\n.\nb\r\n", 7},
        {"a@b.example", "a\n.\r\n", 5},
        {"a@b.example", "a\r.\r\n", 5},
        {"a@b.example", "a\r", 2},
        {"a@b.example", "a\0b\r\n", 5},
    };
    struct peer peer;
    struct witness w = {0};
    struct delivery_hooks hooks = {.before_risk = on_risk, .accepted = on_accepted, .ctx = &w};
    peer_init(&peer);
    peer_start(&peer, SMTP_SERVER, (const char *[]){NULL});
    struct gateway *gateway = account(&peer, SMTP_PLAIN, false, "127.0.0.1", false);
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct parcel parcel = {
            .recipient = cases[i].recipient, .bytes = cases[i].bytes, .len = cases[i].len};
        struct delivery d = gateway_deliver(gateway, &parcel, &hooks);
        assert_int_equal(d.class, DELIVERY_REFUSED_PERM);
        assert_string_not_equal(d.reason, "");
    }
    struct parcel parcel = {.recipient = "a@b.example",
                            .sender = "b@a.example>\r\nRCPT TO:<x@y.example",
                            .bytes = "a\r\n",
                            .len = 3};
    assert_int_equal(gateway_deliver(gateway, &parcel, &hooks).class, DELIVERY_CONFIG);
    gateway_free(gateway);
    peer_stop(&peer);
    assert_string_equal(w.events, "");
    assert_string_equal(peer.log, "");
    peer_fini(&peer);
}

static void nobody_listens_means_not_sent(void **state)
{
    (void)state;
    struct peer peer;
    struct witness w = {0};
    peer_init(&peer);
    peer_start(&peer, SMTP_SERVER, (const char *[]){NULL});
    peer_stop(&peer); /* its port is free again */
    struct gateway *gateway = account(&peer, SMTP_PLAIN, false, "127.0.0.1", false);
    struct delivery d = deliver_bytes(gateway, &w, LETTER, sizeof LETTER - 1);
    assert_int_equal(d.class, DELIVERY_NOT_SENT);
    assert_int_equal(d.code, 0);
    assert_string_equal(w.events, "");
    gateway_free(gateway);
    gateway = account(&peer, SMTP_PLAIN, false, "mail.invalid", false);
    d = deliver_bytes(gateway, &w, LETTER, sizeof LETTER - 1);
    assert_int_equal(d.class, DELIVERY_NOT_SENT);
    gateway_free(gateway);
    peer_fini(&peer);
}

/* ---- time ---- */

/* The deadlines of the other phases are so long here that they cannot be what ends it. */
static void each_phase_has_its_own_deadline(void **state)
{
    (void)state;
    static const struct timing timings[] = {
        {{"quit=hang"}, {30, 60, 600, 2, 900}, 5, .hangs = true, .class = DELIVERY_SENT},
        {{"rcpt=550 no", "quit=hang"},
         {30, 60, 600, 1, 900},
         4,
         .hangs = true,
         .class = DELIVERY_REFUSED_PERM},
        {{"rcpt=hang"}, {30, 1, 600, 60, 900}, 4, .hangs = true, .class = DELIVERY_NOT_SENT},
        {{"dot=accept+hang"}, {30, 60, 1, 60, 900}, 5, .hangs = true, .class = DELIVERY_IN_DOUBT},
        {{"dot=accept+pause+say"}, {30, 1, 60, 1, 900}, 8, .class = DELIVERY_SENT},
    };
    for (size_t i = 0; i < COUNT(timings); i++) {
        struct timing t = timings[i];
        t.security = SMTP_PLAIN;
        check_timing(&t);
    }
}

/* The other deadlines are longer, and nobody asks the program to stop: connect_sec alone ends it. */
static void a_connection_that_is_never_accepted_is_left(void **state)
{
    (void)state;
    struct full full;
    struct peer peer;
    struct witness w = {0};
    struct timespec from, to;
    full_start(&full, &peer);
    struct gateway *gateway = account(&peer, SMTP_PLAIN, false, "127.0.0.1", false);
    gateway_smtp_set_deadlines(gateway, &(struct smtp_deadlines){2, 60, 600, 60, 900});
    clock_gettime(CLOCK_MONOTONIC, &from);
    struct delivery d = deliver_bytes(gateway, &w, LETTER, sizeof LETTER - 1);
    clock_gettime(CLOCK_MONOTONIC, &to);
    gateway_free(gateway);
    if (d.class != DELIVERY_NOT_SENT || d.code != 0 || w.events[0] != '\0' ||
        to.tv_sec - from.tv_sec < 1 || to.tv_sec - from.tv_sec > 5)
        fail_msg("%s %d [%s] %s after %ld seconds", delivery_class_name(d.class), d.code, w.events,
                 d.reason, (long)(to.tv_sec - from.tv_sec));
    full_end(&full, &peer);
}

/* ---- what is shown ---- */

static void replies_are_shown_without_addresses_numbers_and_escapes(void **state)
{
    (void)state;
    static const struct {
        const char *reply, *reason;
    } cases[] = {
        {"rcpt=550 <maria@client.example>: unknown", "550 <[address]>: unknown"},
        {"rcpt=550 no +79031234567 here", "550 no +[number] here"},
        {"rcpt=550 5.1.1 code 123456 stays", "550 5.1.1 code 123456 stays"},
        {"rcpt=550 \033[2Jgone", "550 \xEF\xBF\xBD[2Jgone"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct peer peer;
        struct witness w = {0};
        peer_init(&peer);
        /* '+' would split the action. */
        char *action = xstrdup(cases[i].reply);
        char *plus = strchr(action, '+');
        if (plus != NULL)
            memmove(plus, plus + 1, strlen(plus));
        peer_start(&peer, SMTP_SERVER, (const char *[]){action, NULL});
        struct gateway *gateway = account(&peer, SMTP_PLAIN, false, "127.0.0.1", false);
        struct delivery d = deliver_bytes(gateway, &w, LETTER, sizeof LETTER - 1);
        gateway_free(gateway);
        peer_stop(&peer);
        char *wanted = xstrdup(cases[i].reason);
        plus = strchr(wanted, '+');
        if (plus != NULL)
            memmove(plus, plus + 1, strlen(plus));
        if (strstr(d.reason, wanted) == NULL)
            fail_msg("wanted [%s] in [%s]", wanted, d.reason);
        free(action);
        free(wanted);
        peer_fini(&peer);
    }
}

static void a_queue_id_is_found_where_servers_put_it(void **state)
{
    (void)state;
    static const struct {
        const char *reply, *id;
    } cases[] = {
        {"250 2.0.0 Ok: queued as 4F1A2B", "4F1A2B"},
        {"250 OK id=1rX2y3-000abc-Q4", "1rX2y3-000abc-Q4"},
        {"250 2.0.0 OK  1712345678 abc.12 - gsmtp", "1712345678 abc.12 - gsmtp"},
        {"250 2.0.0 Ok", ""},
        {"250 Ok: okay", "okay"},
        {"250 okay", "okay"},
        {"250 fine", "fine"},
        {"250", ""},
        {"250 ", ""},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        char id[128] = "?";
        dialog_queue_id(cases[i].reply, id, sizeof id);
        assert_string_equal(id, cases[i].id);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_of_the_verdict_table),
        cmocka_unit_test(a_refusal_in_the_middle_of_the_letter_is_certain),
        cmocka_unit_test(a_server_that_hangs_up_in_the_middle_of_the_letter_has_none),
        cmocka_unit_test(a_letter_that_may_not_be_sent_lacks_its_last_byte_and_its_dot),
        cmocka_unit_test(what_cannot_be_heard_is_not_taken_for_silence),
        cmocka_unit_test(a_success_that_was_not_ours_is_in_doubt),
        cmocka_unit_test(the_letter_arrives_byte_for_byte),
        cmocka_unit_test(letters_of_awkward_sizes_arrive_whole),
        cmocka_unit_test(the_envelope_and_the_name_are_ours),
        cmocka_unit_test(bad_letters_and_addresses_open_no_connection),
        cmocka_unit_test(nobody_listens_means_not_sent),
        cmocka_unit_test(each_phase_has_its_own_deadline),
        cmocka_unit_test(a_connection_that_is_never_accepted_is_left),
        cmocka_unit_test(replies_are_shown_without_addresses_numbers_and_escapes),
        cmocka_unit_test(a_queue_id_is_found_where_servers_put_it),
    };
    return cmocka_run_group_tests(tests, gateways_start, gateways_finish);
}
