/* Phone numbers and e-mail addresses: what passes the door, what does not, and what is said about
 * it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <pps/contact.h>
#include <pps/str.h>

static void phones_are_read_as_people_write_them(void **state)
{
    (void)state;
    static const struct {
        const char *text, *country, *want;
    } cases[] = {
        {"+7 (903) 123-45-67", "RU", "+79031234567"},
        {"8 903 123-45-67", "RU", "+79031234567"},
        {"8(903)123.45.67", "RU", "+79031234567"},
        {"7 903 123 45 67", "RU", "+79031234567"},
        {"903 123-45-67", "RU", "+79031234567"},
        {"8 701 123 45 67", "KZ", "+77011234567"},
        {"701 123 45 67", "KZ", "+77011234567"},
        {"+7\u00A0903\u00A0123\u201145\u201167", "RU", "+79031234567"},
        {"+7\u202F903 123–45–67", "RU", "+79031234567"},
        {" +79031234567 ", "BG", "+79031234567"},
        {"007 903 1234567", "RU", "+79031234567"},
        {"0888 123 456", "BG", "+359888123456"},
        {"0888/123-456", "BG", "+359888123456"},
        {"02 981 1234", "BG", "+35929811234"},
        {"00359 888 123456", "BG", "+359888123456"},
        {"+359 888 123 456", "RU", "+359888123456"},
        {"+1 415 555 0100", "US", "+14155550100"},
        {"+44 20 7946 0958", NULL, "+442079460958"},
        {"0049 30 901820", "DE", "+4930901820"},
        {"+971 50 123 4567", "RU", "+971501234567"},
        {"+491234567890123", "DE", "+491234567890123"}, /* 15 */
        {"+45123456", "DK", "+45123456"},               /* 8 */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char got[PHONE_BYTES] = "";
        enum rc rc = phone_parse(cases[i].text, cases[i].country, got, NULL);
        assert_int_equal(rc, RC_OK);
        assert_string_equal(got, cases[i].want);
    }
}

static void a_wrong_phone_is_refused_with_the_reason(void **state)
{
    (void)state;
    static const struct {
        const char *text, *country, *fault;
    } cases[] = {
        {"", "RU", "it has no digits"},
        {"—", "RU", "it has no digits"},
        {"8 903 CALL-NOW", "RU", "it has letters"},
        {"8 903 123-45-67 доб. 5", "RU", "it has letters"},
        {"+7 903 123-45-6", "RU", "a number of Russia or Kazakhstan has 10 digits after +7"},
        {"+7 903 123-45-678", "RU", "a number of Russia or Kazakhstan has 10 digits after +7"},
        {"+7 8 903 123-45-67", "RU", "a number of Russia or Kazakhstan has 10 digits after +7"},
        {"+8 903 123-45-67", "RU", "no country has that calling code"},
        {"903 123", "RU", "write 10 digits after 8 or +7, or + and the code of the country"},
        {"9 903 123-45-67", "RU",
         "write 10 digits after 8 or +7, or + and the code of the country"},
        {"8 10 359 888 123456", "RU",
         "write 10 digits after 8 or +7, or + and the code of the country"},
        {"888 123 456", "BG", "begin with 0, or with + and the code of the country"},
        {"+359 0888 123 456", "BG", "a Bulgarian number has 7 to 9 digits after +359"},
        {"+359 02 981 123", "BG", "after +359 the leading 0 is left out"},
        {"+359 888 12", "BG", "a Bulgarian number has 7 to 9 digits after +359"},
        {"0888 12", "BG", "a Bulgarian number has 7 to 9 digits after +359"},
        {"+44 (0)20 7946 0958", "GB", "leave the (0) out"},
        {"0888 123 456", "DE", "begin with + and the code of the country"},
        {"0888 123 456", NULL, "begin with + and the code of the country"},
        {"8 903 123-45-67", "ru", "begin with + and the code of the country"},
        {"+1234567", "RU", "it is too short"},
        {"+123456789012345", "RU", "a North American number has 10 digits after +1"},
        {"+4912345678901234", "DE", "it is too long"},
        {"+49 1234 5678 9012 3456 7890 1234 5678", "DE", "it is too long"},
        {"+0 123 456 789", "DE", "no country has that calling code"},
        {"++79031234567", "RU", "a plus may stand only at the beginning"},
        {"7+9031234567", "RU", "a plus may stand only at the beginning"},
        {"89031234567, 89161234567", "RU", "write one number"},
        {"8903123\r\n4567", "RU", "it contains a control character"},
        {"8903123#4567", "RU", "only digits, spaces, dashes and brackets may be in it"},
        {"8903\xFF", "RU", "it is not UTF-8 text"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err err = {0};
        char got[PHONE_BYTES] = "kept", want[200];
        assert_int_equal(phone_parse(cases[i].text, cases[i].country, got, &err), RC_INVALID);
        (void)snprintf(want, sizeof want, "is not a phone number: %s", cases[i].fault);
        if (!str_ends(err.message, want))
            fail_msg("%s: %s", cases[i].text, err.message);
        assert_true(err.message[0] == '"');
        assert_null(strpbrk(err.message, "\r\n"));
        assert_string_equal(got, "kept");
    }
    assert_int_equal(phone_parse(NULL, "RU", (char[PHONE_BYTES]){0}, NULL), RC_INVALID);
}

static void phones_are_shown_in_groups(void **state)
{
    (void)state;
    static const struct {
        const char *e164, *shown;
    } cases[] = {
        {"+79031234567", "+7 903 123-45-67"},
        {"+359888123456", "+359 888 123 456"},
        {"+35929811234", "+359 2 981 1234"},
        {"+35932123456", "+359 32 123 456"},
        {"+35943112345", "+359 431 123 45"},
        {"+442079460958", "+44 20 7946 0958"},
        {"+447700900123", "+44 7700 900123"},
        {"+441134960123", "+44 113 496 0123"},
        {"+441614960123", "+44 161 496 0123"},
        {"+441632960123", "+44 1632 960123"},
        {"+448081570123", "+44 808 157 0123"},
        {"+44169772134", "+44 169 772 134"}, /* one of the few with nine digits */
        {"+33612345678", "+33 6 12 34 56 78"},
        {"+493012345678", "+49 30 1234 5678"},
        {"+4915112345678", "+49 151 123 456 78"},
        {"+905321234567", "+90 532 123 45 67"},
        {"+375291234567", "+375 29 123 45 67"},
        {"+995555123456", "+995 555 12 34 56"},
        {"+34612345678", "+34 612 345 678"},
        {"+14155550100", "+1 415 555 0100"},
        {"+491234567890123", "+49 123 456 789 0123"},
        {"+89031234567", "+89031234567"}, /* no such country */
        {"12345", "12345"},
        {"+12x4567890", "+12x4567890"},
        {"", ""},
        {"a text that is far too long for the buffer", "a text that is far too long for"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char buf[32];
        phone_format(cases[i].e164, buf);
        assert_string_equal(buf, cases[i].shown);
    }
}

static void what_is_shown_is_read_back(void **state)
{
    (void)state;
    unsigned seed = 7903;
    print_message("seed %u\n", seed);
    srand(seed);
    for (int round = 0; round < 20000; round++) {
        char text[PHONE_BYTES] = "+", number[PHONE_BYTES], shown[32], again[PHONE_BYTES];
        int n = 8 + rand() % 8;
        for (int i = 1; i <= n; i++)
            text[i] = (char)('0' + rand() % 10);
        text[n + 1] = '\0';
        if (phone_parse(text, "RU", number, NULL) != RC_OK)
            continue;
        assert_string_equal(number, text);
        phone_format(number, shown);
        assert_int_equal(phone_parse(shown, "BG", again, NULL), RC_OK);
        assert_string_equal(again, number);
    }
}

static void addresses_pass_and_domains_are_lowered(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"ivan@example.ru", "ivan@example.ru"},
        {"Ivan.Petrov@Example.RU", "Ivan.Petrov@example.ru"},
        {"a+b_c-d!#$%&'*/=?^`{|}~@x.y", "a+b_c-d!#$%&'*/=?^`{|}~@x.y"},
        {"1@2.xn--p1ai", "1@2.xn--p1ai"},
        {"o'neil@mail.co.uk", "o'neil@mail.co.uk"},
        {"a@1-2.3com", "a@1-2.3com"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *got = NULL;
        assert_int_equal(email_parse(cases[i].text, &got, NULL), RC_OK);
        assert_string_equal(got, cases[i].want);
        free(got);
    }
}

static void a_wrong_address_is_refused_with_the_fault(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"", "\"\" is not an e-mail address: it is empty"},
        {"ivan.example.ru", "\"ivan.example.ru\" is not an e-mail address: it has no @"},
        {"ivan@@example.ru",
         "\"ivan@@example.ru\" is not an e-mail address: it has more than one @"},
        {"a@b@c.ru", "\"a@b@c.ru\" is not an e-mail address: it has more than one @"},
        {"ivan @example.ru", "\"ivan @example.ru\" is not an e-mail address: it has a space"},
        {"ivan@example.ru ", "\"ivan@example.ru \" is not an e-mail address: it has a space"},
        {"ivan@example.ru\r\nBcc: x@y.ru", "\"ivan@example.ru\uFFFD Bcc: x@y.ru\" is not an e-mail "
                                           "address: it contains a control character"},
        {"a\tb@c.ru", "\"a b@c.ru\" is not an e-mail address: it contains a control character"},
        {"a\x7F@c.ru",
         "\"a\uFFFD@c.ru\" is not an e-mail address: it contains a control character"},
        {"иван@пример.рф",
         "\"иван@пример.рф\" is not an e-mail address: it has non-ASCII characters: "
         "write the domain in its xn-- form"},
        {"a@пример.рф", "\"a@пример.рф\" is not an e-mail address: it has non-ASCII characters: "
                        "write the domain in its xn-- form"},
        {"@c.ru", "\"@c.ru\" is not an e-mail address: there is nothing before the @"},
        {"a@", "\"a@\" is not an e-mail address: there is nothing after the @"},
        {"a@localhost", "\"a@localhost\" is not an e-mail address: the domain has no dot"},
        {".a@c.ru",
         "\".a@c.ru\" is not an e-mail address: a dot stands first, last or twice in the "
         "part before the @"},
        {"a.@c.ru",
         "\"a.@c.ru\" is not an e-mail address: a dot stands first, last or twice in the "
         "part before the @"},
        {"a..b@c.ru",
         "\"a..b@c.ru\" is not an e-mail address: a dot stands first, last or twice in the "
         "part before the @"},
        {"\"a\"@c.ru",
         "\"\"a\"@c.ru\" is not an e-mail address: the part before the @ has a character "
         "that may not stand there"},
        {"<a>@c.ru",
         "\"<a>@c.ru\" is not an e-mail address: the part before the @ has a character that "
         "may not stand there"},
        {"a,b@c.ru",
         "\"a,b@c.ru\" is not an e-mail address: the part before the @ has a character that "
         "may not stand there"},
        {"a@.c.ru",
         "\"a@.c.ru\" is not an e-mail address: a dot stands first, last or twice in the domain"},
        {"a@c..ru",
         "\"a@c..ru\" is not an e-mail address: a dot stands first, last or twice in the domain"},
        {"a@c.ru.",
         "\"a@c.ru.\" is not an e-mail address: a dot stands first, last or twice in the domain"},
        {"a@-c.ru",
         "\"a@-c.ru\" is not an e-mail address: a label of the domain begins or ends with a "
         "hyphen"},
        {"a@c-.ru",
         "\"a@c-.ru\" is not an e-mail address: a label of the domain begins or ends with a "
         "hyphen"},
        {"a@c_d.ru",
         "\"a@c_d.ru\" is not an e-mail address: the domain has a character that may not "
         "stand there"},
        {"a@[127.0.0.1]",
         "\"a@[127.0.0.1]\" is not an e-mail address: the domain has a character that "
         "may not stand there"},
        {"a@127.0.0.1", "\"a@127.0.0.1\" is not an e-mail address: the domain ends in a number"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct err err = {0};
        char kept[] = "kept", *got = kept;
        assert_int_equal(email_parse(cases[i].text, &got, &err), RC_INVALID);
        assert_string_equal(err.message, cases[i].message);
        assert_ptr_equal(got, kept);
    }
    assert_int_equal(email_parse(NULL, &(char *){NULL}, NULL), RC_INVALID);
}

/* local@label.label… of given lengths. */
static char *address_of(size_t local, const size_t *labels, size_t n)
{
    struct sb sb = {0};
    for (size_t i = 0; i < local; i++)
        sb_addc(&sb, 'a');
    for (size_t i = 0; i < n; i++) {
        sb_addc(&sb, i == 0 ? '@' : '.');
        for (size_t k = 0; k < labels[i]; k++)
            sb_addc(&sb, 'b');
    }
    return sb_take(&sb);
}

static void lengths_are_held_at_their_limits(void **state)
{
    (void)state;
    static const struct {
        size_t local, labels[4];
        const char *fault; /* NULL: passes */
    } cases[] = {
        {64, {3, 2}, NULL},
        {65, {3, 2}, "the part before the @ is longer than 64 characters"},
        {1, {63, 2}, NULL},
        {1, {64, 2}, "a label of the domain is longer than 63 characters"},
        {64, {63, 63, 61}, NULL},                               /* 254 */
        {64, {63, 63, 62}, "it is longer than 254 characters"}, /* 255 */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t n = 0;
        while (n < 4 && cases[i].labels[n] > 0)
            n++;
        char *text = address_of(cases[i].local, cases[i].labels, n), *got = NULL;
        struct err err = {0};
        enum rc rc = email_parse(text, &got, &err);
        assert_int_equal(rc, cases[i].fault ? RC_INVALID : RC_OK);
        assert_true(str_ends(err.message, str_or(cases[i].fault, "")));
        free(got);
        free(text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(phones_are_read_as_people_write_them),
        cmocka_unit_test(a_wrong_phone_is_refused_with_the_reason),
        cmocka_unit_test(phones_are_shown_in_groups),
        cmocka_unit_test(what_is_shown_is_read_back),
        cmocka_unit_test(addresses_pass_and_domains_are_lowered),
        cmocka_unit_test(a_wrong_address_is_refused_with_the_fault),
        cmocka_unit_test(lengths_are_held_at_their_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
