/* An e-mail read back, and made into a test: headers over several lines, pictures and attachments inside, and whatever acts
 * for the client left out. */
#include <stdio.h>
#include <string.h>

#include <pps/mail_view.h>
#include <pps/str.h>

#include "../support.h"

static const char letter[] =
    "Date: Thu, 03 Dec 2026 10:00:00 +0300\r\n"
    "From: =?UTF-8?b?0JDQvdC90LAg0J/QtdGC0YDQvtCy0LAgKNCi0ZHQv9C70YvQtQ==?=\r\n"
    "\t=?UTF-8?b?INGB0YLRgNCw0L3Riyk=?= <info@warm.example>\r\n"
    "Reply-To: anna@warm.example\r\n"
    "To: \"Doe, John\" <maria@example.com>\r\n"
    "Cc: somebody@example.com\r\n"
    "Subject: Re =?UTF-8?Q?=C3=A9?= and\r\n"
    " =?UTF-8?B?0LI=?=\r\n"
    " =?UTF-8?B?0LPQvtGA0L7QtA==?= at last\r\n"
    "Message-Id: <a1.abc@warm.example>\r\n"
    "List-Unsubscribe: <https://warm.example/u/1>\r\n"
    "List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"
    "Feedback-ID: packing:1:marketing:pps\r\n"
    "X-Kept: yes\r\n"
    "MIME-Version: 1.0\r\n"
    "Content-Language: ru\r\n"
    "Content-Type: multipart/mixed; boundary=M\r\n"
    "\r\n"
    "--M\r\n"
    "Content-Type: multipart/alternative; boundary=A\r\n"
    "\r\n"
    "--A\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n"
    "Content-Transfer-Encoding: quoted-printable\r\n"
    "\r\n"
    "=D0=94=D0=B0,\r\n"
    "two lines=\r\n"
    " of text\r\n"
    "--A\r\n"
    "Content-Type: multipart/related; boundary=R\r\n"
    "\r\n"
    "--R\r\n"
    "Content-Type: text/html; charset=utf-8\r\n"
    "\r\n"
    "<img src=\"cid:logo@pps\"> cid:logo@pps &quot;cid:logo@pps&quot; <img "
    "src=\"cid:logo@pps\">\r\n"
    "--R\r\n"
    "Content-Type: image/png\r\n"
    "Content-ID: <logo@pps>\r\n"
    "Content-Disposition: inline\r\n"
    "Content-Transfer-Encoding: base64\r\n"
    "\r\n"
    "iVBORw==\r\n"
    "--R--\r\n"
    "--A--\r\n"
    "--M\r\n"
    "Content-Type: application/pdf\r\n"
    "Content-Disposition: attachment; "
    "filename*=utf-8''%D0%9F%D0%B0%D0%BC%D1%8F%D1%82%D0%BA%D0%B0.pdf\r\n"
    "Content-Transfer-Encoding: base64\r\n"
    "\r\n"
    "JVBERi0xLjQ=\r\n"
    "--M--\r\n";

static void read_letter(const char *bytes, size_t len, struct mail_view *ret)
{
    struct err err = {0};
    if (mail_view_read(bytes, len, ret, &err) != RC_OK)
        fail_msg("%s", err.message);
}

static void headers_are_read_as_people_see_them(void **state)
{
    struct mail_view view;
    (void)state;
    read_letter(letter, strlen(letter), &view);
    assert_string_equal(view.from, "Анна Петрова (Тёплые страны) <info@warm.example>");
    assert_string_equal(view.to, "\"Doe, John\" <maria@example.com>");
    assert_string_equal(view.reply_to, "anna@warm.example");
    assert_string_equal(view.subject, "Re é and вгород at last");
    assert_string_equal(view.lang, "ru");
    mail_view_fini(&view);
}

static void words_pictures_and_attachments(void **state)
{
    struct mail_view view;
    (void)state;
    read_letter(letter, strlen(letter), &view);
    assert_string_equal(view.text, "Да,\ntwo lines of text");
    assert_string_equal(view.html,
                        "<img src=\"data:image/png;base64,iVBORw==\"> cid:logo@pps "
                        "&quot;cid:logo@pps&quot; <img src=\"data:image/png;base64,iVBORw==\">");
    assert_int_equal(view.n_files, 1);
    assert_string_equal(view.files[0].name, "Памятка.pdf");
    assert_string_equal(view.files[0].type, "application/pdf");
    assert_int_equal(view.files[0].bytes, 8);
    mail_view_fini(&view);
}

static void a_test_is_another_letter_with_the_same_words(void **state)
{
    static const char *const gone[] = {"List-", "Feedback-ID", "Cc:", "maria@example.com",
                                       "a1.abc@"};
    const struct mail_test test = {.to = "olga@desk.example",
                                   .message_id = "test.1@warm.example",
                                   .date = 1796788800, /* 2026-12-09 04:00:00 UTC */
                                   .utc_offset = 3 * 3600};
    struct mail_view before, after;
    struct err err = {0};
    char *bytes = NULL;
    size_t len = 0;
    (void)state;
    assert_int_equal(mail_as_test(letter, strlen(letter), &test, &bytes, &len, &err), RC_OK);
    read_letter(letter, strlen(letter), &before);
    read_letter(bytes, len, &after);
    assert_string_equal(after.to, "olga@desk.example");
    assert_string_equal(after.subject, "[Test] Re é and вгород at last");
    assert_string_equal(after.from, before.from);
    assert_string_equal(after.reply_to, before.reply_to);
    assert_string_equal(after.text, before.text);
    assert_string_equal(after.html, before.html);
    assert_int_equal(after.n_files, 1);
    assert_string_equal(after.files[0].name, before.files[0].name);
    for (size_t i = 0; i < sizeof gone / sizeof *gone; i++)
        assert_null(strstr(bytes, gone[i]));
    assert_non_null(strstr(bytes, "Message-Id: <test.1@warm.example>\r\n"));
    assert_non_null(strstr(bytes, "Date: Wed, 09 Dec 2026 07:00:00 +0300\r\n"));
    assert_non_null(strstr(bytes, "X-PPS-Test: yes\r\n"));
    assert_non_null(strstr(bytes, "X-Kept: yes\r\n"));
    for (size_t i = 0; i < len; i++)
        assert_true(bytes[i] != '\n' || (i > 0 && bytes[i - 1] == '\r'));
    mail_view_fini(&before);
    mail_view_fini(&after);
    free(bytes);
}

static void whatever_comes_is_read_or_refused(void **state)
{
    /* Every beginning of a letter is a letter that somebody has cut off. */
    (void)state;
    for (size_t n = 0; n < strlen(letter); n += 7) {
        struct mail_view view = {0};
        struct err err = {0};
        if (mail_view_read(letter, n, &view, &err) != RC_OK)
            assert_string_not_equal(err.message, "");
        mail_view_fini(&view);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_are_read_as_people_see_them),
        cmocka_unit_test(words_pictures_and_attachments),
        cmocka_unit_test(a_test_is_another_letter_with_the_same_words),
        cmocka_unit_test(whatever_comes_is_read_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
