/* Fuzz target: any letter to any client. The input is the client's name, a zero, and the template; it
 * goes the way of a letter that is sent, through the folder of templates, and its Markdown alone
 * besides.
 *
 * What must hold: no memory error; both parts valid UTF-8; the subject one line; no script, no
 * element that Markdown and the layout do not make, no link to anywhere but https, mailto and tel; the
 * same twice. Typography, in every language: links go where they went, and set twice is set once. */
#include <errno.h>
#include <strings.h>
#include <sys/stat.h>

#include <pps/message.h>

#include "../../src/message/letter.h"
#include "../../src/message/markdown.h"
#include "../../src/message/typography.h"
#include "fuzz.h"

/* Below the working folder, which the caller makes and removes. */
static void make_folder(void)
{
    PROMISE(mkdir("letters", 0700) == 0 || errno == EEXIST);
    PROMISE(mkdir("letters/ru", 0700) == 0 || errno == EEXIST);
}

static void put(const char *text, size_t len)
{
    FILE *f = fopen("letters/ru/fuzz.md", "w");
    PROMISE(f != NULL && fwrite(text, 1, len, f) == len && fclose(f) == 0);
}

static void check_html(const char *html)
{
    PROMISE(strstr(html, "<script") == NULL);
    for (const char *s = html; (s = strstr(s, " href=\"")) != NULL;) {
        s += strlen(" href=\"");
        PROMISE(strncasecmp(s, "https://", 8) == 0 || strncasecmp(s, "http://", 7) == 0 ||
                strncasecmp(s, "mailto:", 7) == 0 || strncasecmp(s, "tel:", 4) == 0);
    }
}

static void on_finding(void *ctx, bool refused, size_t at, const char *what)
{
    (void)refused;
    PROMISE(at <= strlen(ctx) && what[0] != '\0' && strchr(what, '\n') == NULL);
}

/* The next address of a link in *io, which goes on behind it; its length, or 0 at the end. */
static size_t next_link(const char **io, const char **ret)
{
    const char *at = strstr(*io, " href=\"");
    if (at == NULL)
        return 0;
    *ret = at;
    *io = at + strlen(" href=\"");
    *io += strcspn(*io, "\"");
    return (size_t)(*io - at);
}

/* Words are set, addresses stay. */
static void check_same_links(const char *plain, const char *set)
{
    const char *a, *b;
    size_t n;
    while ((n = next_link(&plain, &a)) > 0)
        PROMISE(next_link(&set, &b) == n && memcmp(a, b, n) == 0);
    PROMISE(next_link(&set, &b) == 0);
}

static void check_markdown(const char *text)
{
    static const char *const langs[] = {NULL, "ru", "en", "bg", "de"}; /* NULL: as it is */
    struct markdown_parts plain = {0};
    struct err err = {0};
    for (size_t i = 0; i < sizeof langs / sizeof *langs; i++) {
        struct markdown_parts parts = {0};
        size_t at = 0;
        if (markdown_typeset(text, NULL, langs[i], &parts, &at, &err) != RC_OK) {
            PROMISE(is_line(&err) && at <= strlen(text));
            continue;
        }
        PROMISE(is_sound(parts.html, strlen(parts.html)));
        PROMISE(is_sound(parts.text, strlen(parts.text)));
        check_html(parts.html);
        if (plain.html == NULL) {
            plain = parts;
            continue;
        }
        check_same_links(plain.html, parts.html);
        markdown_parts_fini(&parts);
    }
    markdown_parts_fini(&plain);
    markdown_look(text, NULL, on_finding, (char *)(uintptr_t)text);
}

static void check_typography(const char *text)
{
    static const char *const langs[] = {"ru", "en", "bg", "de"};
    for (size_t i = 0; i < sizeof langs / sizeof *langs; i++) {
        char *once = typography(text, langs[i]), *twice = typography(once, langs[i]);
        PROMISE(is_sound(once, strlen(once)));
        PROMISE(strcmp(once, twice) == 0);
        char *plain = typography_plain(twice);
        PROMISE(is_sound(plain, strlen(plain)));
        free(twice);
        free(once);
    }
}

static void check_letter(const char *name)
{
    struct config config = {.agency = {.name = "A & B",
                                       .lang = "ru",
                                       .site = (char *)(uintptr_t)name,
                                       .phone = "+7 495 123-45-67"}};
    struct client client = {.id = 1, .name = (char *)(uintptr_t)name, .email = "a@b.example"};
    struct occasion occasion = {.id = 1, .title = (char *)(uintptr_t)name};
    occasion_clear_dates(&occasion);
    struct message_input in = {.config = &config,
                               .client = &client,
                               .occasion = &occasion,
                               .step = "fuzz",
                               .channel = CHANNEL_EMAIL,
                               .today = 20000,
                               .templates_dir = "."};
    struct letter letter = {0}, again = {0};
    struct err err = {0};
    enum rc rc = letter_write(&in, &letter, &err);
    PROMISE(rc == letter_write(&in, &again, &err));
    if (rc == RC_OK) {
        PROMISE(is_sound(letter.html, strlen(letter.html)));
        PROMISE(is_sound(letter.text, strlen(letter.text)));
        PROMISE(strpbrk(letter.subject, "\r\n") == NULL && letter.subject[0] != '\0');
        PROMISE(strcmp(letter.html, again.html) == 0 && strcmp(letter.text, again.text) == 0);
        check_html(letter.html);
    } else {
        PROMISE(is_line(&err));
    }
    letter_fini(&letter);
    letter_fini(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    if (size > 20000)
        return 0;
    char *input = xstrndup((const char *)bytes, size);
    size_t len = strlen(input);
    bool two = len < size;
    make_folder();
    put((const char *)bytes + (two ? len + 1 : 0), size - (two ? len + 1 : 0));
    check_letter(two ? input : CANARY);
    if (utf8_valid_until(input, len) == len) {
        check_markdown(input);
        check_typography(input);
    }
    free(input);
    return 0;
}
