/* Which column of a survey's export holds what: by the headings that survey services and people use, in Russian and in
 * English, or as --map says; and the ways in which such files write the time. Serves the import. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>
#include <pps/utf8.h>

#include "heard.h"
#include "survey.h"

/* The headings by which a column is known, folded; docs/feedback.md lists them. «№», "#" and "n" alone are not there: they
 * count the rows of one file, and begin with 1 in the next. */
static const struct {
    const char *name;
    const char *headings[18];
} fields[SURVEY_FIELDS] = {
    [SURVEY_ID] = {"id",
                   {"id", "id ответа", "номер ответа", "№ ответа", "id анкеты", "номер анкеты",
                    "№ анкеты", "response id", "respondent id", "answer id", "submission id"}},
    [SURVEY_CLIENT] = {"client",
                       {"client", "client id", "id клиента", "клиент", "номер клиента",
                        "код клиента", "external id", "customer id"}},
    [SURVEY_TRIP] = {"trip", {"trip", "trip id", "id поездки", "номер поездки", "поездка"}},
    [SURVEY_PHONE] = {"phone",
                      {"phone", "phone number", "mobile", "телефон", "номер телефона",
                       "мобильный телефон", "ваш телефон", "контактный телефон"}},
    [SURVEY_EMAIL] = {"email",
                      {"email", "e mail", "email address", "e mail address", "электронная почта",
                       "адрес электронной почты", "почта", "ваш email", "ваш e mail"}},
    [SURVEY_NAME] = {"name",
                     {"name", "full name", "your name", "client name", "имя", "фио", "ваше имя",
                      "имя и фамилия", "фамилия и имя", "фамилия имя отчество", "имя клиента",
                      "как вас зовут"}},
    [SURVEY_CSAT] = {"csat",
                     {"csat", "rating", "overall rating", "your rating", "score", "grade", "оценка",
                      "общая оценка", "ваша оценка", "оценка поездки", "удовлетворенность"}},
    [SURVEY_NPS] = {"nps",
                    {"nps", "likelihood to recommend", "would you recommend us",
                     "how likely are you to recommend us", "рекомендация",
                     "готовность рекомендовать", "порекомендуете ли вы нас",
                     "порекомендуете ли вы нас друзьям"}},
    [SURVEY_PLUS] = {"plus",
                     {"plus", "five plus", "what should we do to get five plus", "на пять с плюсом",
                      "пять с плюсом", "5 с плюсом", "что сделать на пять с плюсом",
                      "чего не хватило до пяти с плюсом"}},
    [SURVEY_WORDS] = {"words",
                      {"words", "comment", "comments", "feedback", "review", "text", "комментарий",
                       "комментарии", "отзыв", "ваш отзыв", "впечатления", "текст"}},
    [SURVEY_AT] = {"at",
                   {"at", "date", "timestamp", "created", "created at", "submitted at",
                    "submit date", "end date", "дата", "дата ответа", "дата заполнения",
                    "дата и время", "время", "время ответа", "время создания", "отметка времени"}},
    [SURVEY_SOURCE] = {"source", {"source", "channel", "источник", "канал"}},
};

const char *survey_field_name(enum survey_field field)
{
    return fields[field].name;
}

/* Letters and digits, small; everything between them is one blank. */
static char *plain(const char *heading)
{
    char *folded = utf8_fold(heading), *out = folded;
    for (const char *p = folded; *p != '\0';) {
        unsigned char c = (unsigned char)*p;
        /* Signs of Latin-1 («», no-break space) and dashes, quotation marks and dots beyond it. */
        size_t sign = c == 0xc2 ? 2 : strncmp(p, "\xe2\x80", 2) == 0 ? 3 : 0;
        if (sign == 0 && (c >= 0x80 || isalnum(c))) {
            *out++ = *p++;
            continue;
        }
        p += sign > 0 ? sign : 1;
        if (out > folded && out[-1] != ' ')
            *out++ = ' ';
    }
    *out = '\0';
    return str_trim(folded);
}

static bool is_known(enum survey_field field, const char *heading)
{
    const size_t n = sizeof fields[field].headings / sizeof *fields[field].headings;
    for (size_t i = 0; i < n && fields[field].headings[i] != NULL; i++) {
        if (str_eq(fields[field].headings[i], heading))
            return true;
    }
    return false;
}

/* Of several that would do, the first. */
static void by_heading(const struct csv_line *head, struct survey_columns *ret)
{
    for (int f = 0; f < SURVEY_FIELDS; f++)
        ret->at[f] = NO_COLUMN;
    for (size_t i = 0; i < head->n; i++) {
        char *heading = plain(head->v[i]);
        for (int f = 0; f < SURVEY_FIELDS; f++) {
            if (ret->at[f] == NO_COLUMN && is_known((enum survey_field)f, heading))
                ret->at[f] = (int)i;
        }
        free(heading);
    }
}

/* ---- --map ---- */

static char *all_headings(const struct csv_line *head)
{
    enum { ENOUGH = 400 };
    struct sb sb = {0};
    for (size_t i = 0; i < head->n && sb.len < ENOUGH; i++) {
        char *quoted = utf8_quote(head->v[i]);
        sb_addf(&sb, "%s%s", i ? ", " : "", quoted);
        free(quoted);
    }
    return sb_take(&sb);
}

/* A heading, its beginning when that is clear, or the number of a column. */
static int find_column(const struct csv_line *head, const char *text)
{
    char *wanted = plain(text), *end;
    int found = NO_COLUMN, begun = 0;
    if (*text == '\0')
        goto out;
    unsigned long number = strtoul(text, &end, 10);
    if (isdigit((unsigned char)*text) && *end == '\0' && number >= 1 && number <= head->n)
        found = (int)number - 1;
    for (size_t i = 0; i < head->n && found == NO_COLUMN; i++) {
        char *heading = plain(head->v[i]);
        if (str_eq(heading, wanted))
            found = (int)i;
        free(heading);
    }
    for (size_t i = 0; i < head->n && (found == NO_COLUMN || begun > 0) && *wanted != '\0'; i++) {
        char *heading = plain(head->v[i]);
        if (str_starts(heading, wanted)) {
            found = (int)i;
            begun++;
        }
        free(heading);
    }
out:
    free(wanted);
    return begun > 1 ? NO_COLUMN : found;
}

/* The field whose name and '=' stand at text; SURVEY_FIELDS: none. */
static int field_at(const char *text)
{
    for (int f = 0; f < SURVEY_FIELDS; f++) {
        size_t len = strlen(fields[f].name);
        if (strncmp(text, fields[f].name, len) == 0 && text[len] == '=')
            return f;
    }
    return SURVEY_FIELDS;
}

/* Where the next "field=" begins; headings may have commas of their own. */
static const char *next_pair(const char *text)
{
    for (const char *comma = strchr(text, ','); comma != NULL; comma = strchr(comma + 1, ',')) {
        if (field_at(comma + 1) != SURVEY_FIELDS)
            return comma;
    }
    return text + strlen(text);
}

static enum rc map_one(const struct csv_line *head, int field, const char *heading,
                       struct survey_columns *io, struct err *err)
{
    io->at[field] = find_column(head, heading);
    if (io->at[field] != NO_COLUMN || *heading == '\0') /* "id=": no column of the file is that */
        return RC_OK;
    char *quoted = utf8_quote(heading), *all = all_headings(head);
    enum rc rc = err_set(err, RC_USAGE, "--map: no column is %s; the headings are %s", quoted, all);
    free(quoted);
    free(all);
    return rc;
}

static enum rc by_map(const struct csv_line *head, const char *map, struct survey_columns *io,
                      struct err *err)
{
    enum rc rc = RC_OK;
    while (*map != '\0' && rc == RC_OK) {
        int field = field_at(map);
        if (field == SURVEY_FIELDS) {
            char *quoted = utf8_quote(map);
            rc = err_set(err, RC_USAGE,
                         "--map: %s: write csat=HEADING,nps=HEADING; the fields are %s", quoted,
                         import_field_list());
            free(quoted);
            return rc;
        }
        const char *begin = map + strlen(fields[field].name) + 1, *end = next_pair(begin);
        char *heading = str_trim(xstrndup(begin, (size_t)(end - begin)));
        rc = map_one(head, field, heading, io, err);
        free(heading);
        map = *end == ',' ? end + 1 : end;
    }
    return rc;
}

static enum rc check(const struct csv_line *head, const struct survey_columns *c, const char *name,
                     struct err *err)
{
    bool who = false, what = false;
    for (int f = SURVEY_CLIENT; f <= SURVEY_NAME; f++)
        who = who || c->at[f] != NO_COLUMN;
    for (int f = SURVEY_CSAT; f <= SURVEY_WORDS; f++)
        what = what || c->at[f] != NO_COLUMN;
    if (who && what)
        return RC_OK;
    char *all = all_headings(head);
    enum rc rc =
        err_set(err, RC_INVALID,
                "%s: no column says %s: name one with --map %s=HEADING; the headings are %s", name,
                who ? "what they answered" : "who answered", who ? "csat" : "phone", all);
    free(all);
    return rc;
}

enum rc survey_find_columns(const struct csv_line *head, const char *map, const char *name,
                            struct survey_columns *ret, struct err *err)
{
    by_heading(head, ret);
    enum rc rc = map != NULL ? by_map(head, map, ret, err) : RC_OK;
    return rc == RC_OK ? check(head, ret, name, err) : rc;
}

char *survey_columns_text(const struct csv_line *head, const struct survey_columns *columns)
{
    struct sb sb = {0};
    for (int f = 0; f < SURVEY_FIELDS; f++) {
        if (columns->at[f] == NO_COLUMN)
            continue;
        char *safe = utf8_printable(head->v[columns->at[f]], true);
        sb_addf(&sb, "%s%s = %.*s", sb.len ? ", " : "", fields[f].name,
                (int)utf8_prefix_bytes(safe, 40), safe);
        free(safe);
    }
    return sb_take(&sb);
}

char *survey_cell(const struct csv_line *line, const struct survey_columns *columns,
                  enum survey_field field)
{
    if (columns->at[field] == NO_COLUMN)
        return NULL;
    char *text = xstrdup(csv_cell(line, (size_t)columns->at[field])), *out = text;
    for (const char *p = text; *p != '\0'; p++) {
        bool blank = *p == '\n' || *p == '\r' || *p == '\t' || *p == ' ';
        if (!blank)
            *out++ = *p;
        else if (out > text && out[-1] != ' ')
            *out++ = ' ';
    }
    *out = '\0';
    str_trim(text);
    if (*text != '\0')
        return text;
    free(text);
    return NULL;
}

/* ---- the time ---- */

/* Minutes east of UTC, of what stands behind the time: "Z", "+03:00", "+0300". */
static bool read_offset(const char *text, int *ret)
{
    int hours = 0, minutes = 0, end = 0;
    if (*text == 'Z' || *text == 'z') {
        *ret = 0;
        return text[1] == '\0';
    }
    if (*text != '+' && *text != '-')
        return false;
    bool read = sscanf(text + 1, "%2d:%2d%n", &hours, &minutes, &end) == 2 ||
                sscanf(text + 1, "%2d%2d%n", &hours, &minutes, &end) == 2;
    *ret = (*text == '-' ? -1 : 1) * (hours * 60 + minutes);
    return read && text[1 + end] == '\0' && hours <= 14 && minutes < 60;
}

/* "2026-12-21 10:15" in another zone, by the agency's clock. */
static char *move(const struct desk *desk, const char *text, int offset)
{
    struct civil c;
    char moved[CIVIL_TEXT_BYTES];
    if (civil_parse(text, CIVIL_NONE, &c, NULL) != RC_OK || c.minute == MINUTE_NONE)
        return xstrdup(text);
    int64_t at = ((int64_t)c.day * 1440 + c.minute - offset) * 60;
    civil_format(zone_to_local(desk->zone, at > 0 ? at : 0), moved);
    return xstrdup(moved);
}

char *survey_moment(const struct desk *desk, const char *text)
{
    char *copy = xstrdup(text), *colon = strchr(copy, ':');
    int offset;
    if (strspn(copy, "0123456789") == 4 && copy[4] == '/' && strlen(copy) > 7 && copy[7] == '/')
        copy[4] = copy[7] = '-'; /* 2026/12/21 */
    if (colon == NULL || !isdigit((unsigned char)colon[1]) || !isdigit((unsigned char)colon[2]))
        return copy;
    char *rest = colon + 3; /* behind the minute */
    char *end = rest;
    if (*end == ':' && isdigit((unsigned char)end[1]) && isdigit((unsigned char)end[2]))
        end += 3;
    if (end > rest && *end == '.')
        end += 1 + strspn(end + 1, "0123456789");
    while (*end == ' ')
        end++;
    bool has_offset = read_offset(end, &offset);
    if (*end != '\0' && !has_offset)
        return copy;
    *rest = '\0';
    char *moved = has_offset ? move(desk, copy, offset) : xstrdup(copy);
    free(copy);
    return moved;
}
