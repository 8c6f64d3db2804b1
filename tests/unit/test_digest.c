/* The list of the morning as a letter: nothing in it acts as markup, nothing is a link, long lists end, and the shipped words
 * hold in every language, with everything in them and with as little as there can be. */
#include "support.h"

#include <pps/digest.h>
#include <pps/mail_view.h>
#include <pps/str.h>

#include "../../src/message/context_digest.h"

enum { DAY = 20796 }; /* 2026-12-09 */

static struct config config = {.agency = {.name = (char[]){"Синее море"},
                                          .phone = (char[]){"+7 495 123-45-67"},
                                          .email = (char[]){"office@more.example"},
                                          .site = (char[]){"more.example"},
                                          .lang = (char[]){"ru"}},
                               .email = {.from = (char[]){"info@more.example"}}};

static struct digest_line *add(struct digest *d, enum digest_section section, const char *client)
{
    struct digest_lines *lines = &d->sections[section];
    vec_reserve(&lines->v, lines->n, &lines->cap, sizeof *lines->v);
    struct digest_line *l = &lines->v[lines->n++];
    *l = (struct digest_line){.what = xstrdup("Звонок"),
                              .client = xstrdup(client),
                              .when = {DAY, 600},
                              .heed = {.paused_until = CIVIL_NONE},
                              .channel = CHANNEL_CALL};
    (void)snprintf(l->id, sizeof l->id, "A%zu", lines->n);
    return l;
}

static struct mail_view render(const struct digest *d, const char *lang)
{
    const struct staff colleague = {.login = (char[]){"anna"},
                                    .name = (char[]){"Анна *П*"},
                                    .email = (char[]){"anna@more.example"}};
    struct config here = config;
    here.agency.lang = (char *)(uintptr_t)lang;
    const struct digest_input in = {.config = &here, .colleague = &colleague, .digest = d};
    const struct mail_identity identity = {
        .message_id = "digest.1@more.example", .boundary = "=_pps_1", .date = 1796878800};
    struct rendered mail = {0};
    struct mail_view view = {0};
    struct err err = {0};
    if (message_render_digest(&in, &identity, &mail, &err) != RC_OK)
        fail_msg("%s: %s", lang, err.message);
    assert_string_equal(mail.recipient, "anna@more.example");
    assert_non_null(strstr(mail.bytes, "\r\nAuto-Submitted: auto-generated\r\n"));
    assert_null(strstr(mail.bytes, "List-Unsubscribe"));
    assert_null(strstr(mail.bytes, "Precedence"));
    assert_ok(mail_view_read(mail.bytes, mail.len, &view, &err));
    rendered_fini(&mail);
    return view;
}

static void data_stays_data(void **state)
{
    (void)state;
    static const char name[] =
        "<b>[Мария](https://evil.example)</b> *я* {{agency.name}} www.evil.example";
    struct digest d = {.now = {DAY, 510}, .last_tick = {CIVIL_NONE, MINUTE_NONE}};
    (void)add(&d, DIGEST_TODAY, name);
    struct mail_view view = render(&d, "ru");
    assert_non_null(strstr(view.text, name));
    assert_null(strstr(view.html, "<a "));
    assert_null(strstr(view.html, "<b>"));
    assert_null(strstr(view.html, "<em>"));
    assert_non_null(strstr(view.text, "Анна *П*, вот список"));
    mail_view_fini(&view);
    digest_fini(&d);
}

static void long_lists_end(void **state)
{
    (void)state;
    struct digest d = {.director = true, .now = {DAY, 510}, .last_tick = {DAY, 500}};
    for (int i = 0; i < 75; i++)
        add(&d, DIGEST_LATE, "Мария")->red = true;
    struct mail_view view = render(&d, "ru");
    assert_string_equal(view.subject, "На 9 декабря: красных 75");
    assert_non_null(strstr(view.text, "A60\n"));
    assert_null(strstr(view.text, "A61\n"));
    assert_non_null(strstr(view.text, "и ещё 15: pps report --overdue"));
    mail_view_fini(&view);
    digest_fini(&d);
}

static void the_shipped_words_hold(void **state)
{
    (void)state;
    static const char *const langs[] = {"ru", "en", "bg", "de"};
    for (size_t i = 0; i < COUNT(langs) * 4; i++) {
        struct digest d;
        digest_sample(i % 2 == 0, &d);
        d.director = i / 2 % 2 == 0;
        struct mail_view view = render(&d, langs[i / 4]);
        assert_null(strstr(view.text, "{{"));
        assert_non_null(strstr(view.text, "Sample Client Jr."));
        for (const char *a = view.html; (a = strstr(a, "<a ")) != NULL; a++)
            assert_true(str_starts(a, "<a href=\"tel:+"));
        mail_view_fini(&view);
        digest_fini(&d);
    }
}

static void a_director_reads_that_nothing_is_red(void **state)
{
    (void)state;
    struct digest d = {
        .director = true, .now = {DAY, 510}, .last_tick = {DAY - 3, 500}, .stale = true};
    struct mail_view view = render(&d, "en");
    assert_true(digest_is_empty(&d));
    assert_string_equal(view.subject, "9 December: nothing is red");
    assert_non_null(strstr(view.text, "nothing is red today."));
    assert_non_null(strstr(view.text, "it last ran on 6 December at 08:20. That is too long ago"));
    mail_view_fini(&view);
    digest_fini(&d);
}

int main(void)
{
#define CASE(name) cmocka_unit_test(name)
    const struct CMUnitTest tests[] = {
        CASE(data_stays_data),
        CASE(long_lists_end),
        CASE(the_shipped_words_hold),
        CASE(a_director_reads_that_nothing_is_red),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
