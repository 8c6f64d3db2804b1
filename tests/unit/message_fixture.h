/* A client, a trip, an agency and a folder of templates for the tests of src/message. */
#ifndef TESTS_MESSAGE_FIXTURE_H
#define TESTS_MESSAGE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <pps/file.h>
#include <pps/message.h>
#include <pps/str.h>

struct fixture {
    char *dir;
    struct config config;
    struct client client;
    struct occasion occasion;
    struct staff manager, signer;
    struct message_input in;
};

static inline civil_day day_of(int year, int month, int day)
{
    civil_day result = CIVIL_NONE;
    assert_true(civil_from_ymd((struct ymd){year, month, day}, &result));
    return result;
}

/* Strings are literals: nothing here is freed but the folder. */
static inline int fixture_setup(void **state)
{
    struct fixture *f = xcalloc(1, sizeof *f);
    f->dir = xstrdup("/tmp/pps-message-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    f->config = (struct config){.agency = {.name = "Синее море",
                                           .phone = "+7 495 123-45-67",
                                           .email = "office@more.example",
                                           .site = "more.example",
                                           .hashtag = "#синееморе",
                                           .survey_url = "https://more.example/s?a=1&b=2",
                                           .lang = "ru"},
                                .email = {.from = "info@more.example"},
                                .digest = {.at = MINUTE_NONE}};
    f->client = (struct client){.id = 1,
                                .name = "Мария Иванова",
                                .salutation = "Мария Ивановна",
                                .phone = "+79031234567",
                                .email = "maria@example.org"};
    f->occasion = (struct occasion){.id = 1, .title = "Тенерифе", .adults = 2, .children = 1};
    occasion_clear_dates(&f->occasion);
    f->occasion.when[ANCHOR_DEPARTURE] = (struct civil){day_of(2026, 12, 10), 400};
    f->occasion.when[ANCHOR_RETURN].day = day_of(2027, 1, 3);
    f->manager =
        (struct staff){.name = "Анна", .phone = "+79037654321", .email = "anna@more.example"};
    f->signer = (struct staff){.name = "Ольга Петрова",
                               .position = "директор",
                               .phone = "+79035554433",
                               .email = "olga@more.example"};
    f->in = (struct message_input){.config = &f->config,
                                   .client = &f->client,
                                   .occasion = &f->occasion,
                                   .manager = &f->manager,
                                   .signer = &f->signer,
                                   .step = "hello",
                                   .channel = CHANNEL_EMAIL,
                                   .today = day_of(2026, 12, 9),
                                   .templates_dir = f->dir};
    *state = f;
    return 0;
}

static inline int fixture_teardown(void **state)
{
    struct fixture *f = *state;
    char *command = xasprintf("rm -rf -- '%s'", f->dir);
    int rc = system(command);
    free(command);
    free(f->dir);
    free(f);
    return rc;
}

/* path is relative to the folder of templates. */
static inline void put_bytes(struct fixture *f, const char *path, const char *bytes, size_t len)
{
    struct err err = {0};
    char *full = file_join(f->dir, path);
    char *folder = file_dirname(full);
    if (file_mkdirs(folder, &err) != RC_OK || file_write(full, bytes, len, false, &err) != RC_OK)
        fail_msg("%s", err.message);
    free(folder);
    free(full);
}

static inline void put(struct fixture *f, const char *path, const char *text)
{
    put_bytes(f, path, text, strlen(text));
}

#endif
