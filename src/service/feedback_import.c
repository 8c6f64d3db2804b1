/* The export of a survey service: each line finds its client and its trip, and is taken, there already, or refused with the
 * column and the reason; all that are good go in in one transaction, or none. The same file twice changes nothing. Serves
 * `pps feedback import`. */
#include <stdlib.h>
#include <string.h>

#include <pps/csv.h>
#include <pps/json.h>
#include <pps/str.h>
#include <pps/utf8.h>

#include "heard.h"
#include "survey.h"

const char *import_field_list(void)
{
    return "id, client, trip, phone, email, name, csat, nps, plus, words, at, source";
}

struct import {
    const struct desk *desk;
    const struct import_options *options;
    struct survey_columns columns;
    const struct csv_line *line;
    size_t n_columns;
    struct import_result *result;
    int64_t first, last; /* the answers that were written */
    struct id_list clients; /* whose they are, each once */
};

/* ---- who ---- */

/* Whether it is the line that is wrong, and not the machine. */
static bool is_of_the_line(enum rc rc)
{
    return rc == RC_INVALID || rc == RC_NOTFOUND || rc == RC_REJECTED;
}

static bool same_words(const char *name, const char *words)
{
    char *a = utf8_fold(name), *b = utf8_fold(words), *save = NULL;
    struct sb rest = {0};
    size_t n = 0, m = 0;
    sb_addf(&rest, " %s ", b);
    bool same = true;
    for (char *w = strtok_r(a, " ", &save); w != NULL; w = strtok_r(NULL, " ", &save)) {
        char *word = xasprintf(" %s ", w);
        same = same && strstr(sb_str(&rest), word) != NULL;
        free(word);
        n++;
    }
    for (char *w = strtok_r(b, " ", &save); w != NULL; w = strtok_r(NULL, " ", &save))
        m++;
    sb_fini(&rest);
    free(a);
    free(b);
    return same && n == m;
}

/* Clients of exactly these words, in any order: «Иванова Мария» is «Мария Иванова». */
static enum rc by_name(const struct desk *desk, const char *name, struct client_list *ret,
                       struct err *err)
{
    enum { MAX_WORDS = 4, LIMIT = 500 };
    char *copy = xstrdup(name), *save = NULL;
    const char *words[MAX_WORDS];
    size_t n = 0, kept = 0;
    for (char *w = strtok_r(copy, " ", &save); w && n < MAX_WORDS; w = strtok_r(NULL, " ", &save))
        words[n++] = w;
    enum rc rc = store_client_find(desk->store, words, n, LIMIT, ret, err);
    free(copy);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < ret->n; i++) {
        struct client c = ret->v[i];
        ret->v[i] = ret->v[kept];
        ret->v[kept] = c;
        kept += same_words(c.name, name);
    }
    for (size_t i = kept; i < ret->n; i++)
        client_fini(&ret->v[i]);
    ret->n = kept;
    return RC_OK;
}

static enum rc by_phone(const struct desk *desk, const char *text, struct client_list *ret,
                        struct err *err)
{
    char *phone;
    enum rc rc = field_phone(desk, text, &phone, err);
    if (rc == RC_OK)
        rc = store_client_by_contact(desk->store, phone, NULL, ret, err);
    else
        return rc;
    free(phone);
    return rc;
}

/* As it was typed, else in small letters, as most cards have it. */
static enum rc by_email(const struct desk *desk, const char *text, struct client_list *ret,
                        struct err *err)
{
    char *email, *small = utf8_fold(text);
    enum rc rc = field_email(text, &email, err);
    if (rc == RC_OK) {
        rc = store_client_by_contact(desk->store, NULL, email, ret, err);
        free(email);
    }
    if (rc == RC_OK && ret->n == 0) {
        client_list_fini(ret);
        rc = store_client_by_contact(desk->store, NULL, small, ret, err);
    }
    free(small);
    return rc;
}

/* "C12", or whatever else names a client. */
static enum rc by_any(const struct desk *desk, const char *text, struct client_list *ret,
                      struct err *err)
{
    int64_t id;
    if (id_parse_exact(text, 'C', &id)) {
        ret->v = xcalloc(1, sizeof *ret->v);
        enum rc rc = store_client_get(desk->store, id, &ret->v[0], err);
        ret->n = rc == RC_OK;
        return rc;
    }
    enum rc rc = store_client_by_external_id(desk->store, text, ret, err);
    if (rc != RC_OK || ret->n > 0)
        return rc;
    client_list_fini(ret);
    if (strchr(text, '@') != NULL)
        return by_email(desk, text, ret, err);
    if (strspn(text, "+0123456789 ()-.") == strlen(text))
        return by_phone(desk, text, ret, err);
    return by_name(desk, text, ret, err);
}

typedef enum rc finder(const struct desk *desk, const char *text, struct client_list *ret,
                       struct err *err);

static const struct {
    enum survey_field field;
    finder *find;
} ways[] = {{SURVEY_CLIENT, by_any},
            {SURVEY_PHONE, by_phone},
            {SURVEY_EMAIL, by_email},
            {SURVEY_NAME, by_name}};
enum { N_WAYS = sizeof ways / sizeof *ways };

/* Leaves in io those that are in `other`, too; io empty: takes `other`. */
static void narrow(struct client_list *io, struct client_list *other)
{
    if (io->n == 0) {
        client_list_fini(io);
        *io = *other;
        *other = (struct client_list){0};
        return;
    }
    size_t kept = 0;
    for (size_t i = 0; i < io->n; i++) {
        bool in_both = false;
        for (size_t j = 0; j < other->n; j++)
            in_both = in_both || other->v[j].id == io->v[i].id;
        if (in_both) {
            struct client c = io->v[kept];
            io->v[kept++] = io->v[i];
            io->v[i] = c;
        }
    }
    for (size_t i = kept; kept > 0 && i < io->n; i++)
        client_fini(&io->v[i]);
    io->n = kept > 0 ? kept : io->n;
    client_list_fini(other);
}

static char *ids_of(const struct client_list *list)
{
    enum { ENOUGH = 6 };
    struct sb sb = {0};
    for (size_t i = 0; i < list->n && i < ENOUGH; i++)
        sb_addf(&sb, "%sC%lld", i ? ", " : "", (long long)list->v[i].id);
    if (list->n > ENOUGH)
        sb_add(&sb, " …");
    return sb_take(&sb);
}

static enum rc not_one(const struct client_list *list, const char *tried, struct err *err)
{
    if (list->n == 0)
        return *tried != '\0' ? err_set(err, RC_NOTFOUND, "%s: no client fits", tried)
                              : err_set(err, RC_INVALID, "nothing says who answered");
    char *ids = ids_of(list);
    enum rc rc = err_set(err, RC_INVALID, "%s: fits several clients: %s", tried, ids);
    free(ids);
    return rc;
}

/* Number, address, name: the first that leaves exactly one client counts; what fits several is narrowed by the next. */
static enum rc find_client(struct import *im, int64_t *ret_id, struct err *err)
{
    struct client_list found = {0};
    struct sb tried = {0};
    struct err why = {0};
    enum rc rc = RC_OK, bad = RC_OK;
    for (size_t i = 0; i < N_WAYS && found.n != 1 && rc == RC_OK; i++) {
        struct client_list more = {0};
        char *cell = survey_cell(im->line, &im->columns, ways[i].field);
        if (cell != NULL) {
            sb_addf(&tried, "%s%s", tried.len ? ", " : "", survey_field_name(ways[i].field));
            rc = ways[i].find(im->desk, cell, &more, &why);
            if (rc == RC_INVALID || rc == RC_NOTFOUND) { /* another column may say it better */
                bad = rc;
                rc = RC_OK;
            }
            narrow(&found, &more);
        }
        free(cell);
    }
    if (rc != RC_OK)
        rc = err_set(err, rc, "%s", why.message);
    else if (found.n != 1)
        rc = bad != RC_OK && found.n == 0 ? err_set(err, bad, "%s", why.message)
                                          : not_one(&found, sb_str(&tried), err);
    else
        *ret_id = found.v[0].id;
    sb_fini(&tried);
    client_list_fini(&found);
    return rc;
}

/* "T34" in its own column, or in that of the client. */
static enum rc named_trip(struct import *im, int64_t *ret_id, struct err *err)
{
    char *trip = survey_cell(im->line, &im->columns, SURVEY_TRIP);
    char *client = survey_cell(im->line, &im->columns, SURVEY_CLIENT);
    enum rc rc = RC_OK;
    *ret_id = 0;
    if (trip == NULL && client != NULL && id_parse_exact(client, 'T', ret_id)) {
        trip = client;
        client = NULL;
    }
    if (trip != NULL && !id_parse_exact(trip, 'T', ret_id)) {
        char *quoted = utf8_quote(trip);
        rc = err_set(err, RC_INVALID, "trip: %s is no number of a trip, such as T34", quoted);
        free(quoted);
    } else if (trip != NULL) {
        rc = lookup_trip(im->desk, trip, ret_id, err);
    }
    free(trip);
    free(client);
    return rc;
}

/* Whoever the other columns of the line name must be the one whose trip it is: else the answer would be laid at somebody
 * else's door. An address or a number that nobody has says nothing against it. */
static enum rc check_owner(struct import *im, const struct occasion *trip, struct err *err)
{
    struct client_list found = {0};
    struct err why = {0};
    enum rc rc = RC_OK;
    for (size_t i = 0; i < N_WAYS && rc == RC_OK; i++) {
        char *cell = survey_cell(im->line, &im->columns, ways[i].field);
        int64_t id = 0;
        bool is_trip = ways[i].field == SURVEY_CLIENT && cell && id_parse_exact(cell, 'T', &id);
        bool is_other = is_trip && id != trip->id;
        if (cell != NULL && !is_trip) {
            rc = ways[i].find(im->desk, cell, &found, &why);
            rc = is_of_the_line(rc) ? RC_OK : err_set(err, rc, "%s", why.message);
            is_other = found.n > 0 || ways[i].field == SURVEY_CLIENT;
            for (size_t j = 0; j < found.n; j++)
                is_other = is_other && found.v[j].id != trip->client_id;
        }
        if (rc == RC_OK && is_other)
            rc = err_set(err, RC_INVALID, "trip: T%lld is of C%lld, and %s says somebody else",
                         (long long)trip->id, (long long)trip->client_id,
                         survey_field_name(ways[i].field));
        client_list_fini(&found);
        free(cell);
    }
    return rc;
}

static enum rc find_who(struct import *im, struct answer_draft *d, struct err *err)
{
    int64_t trip_id;
    enum rc rc = named_trip(im, &trip_id, err);
    if (rc == RC_OK && trip_id == 0) {
        rc = find_client(im, &d->client_id, err);
        return rc == RC_OK ? answer_find_trip(im->desk, d, err) : rc;
    }
    if (rc == RC_OK)
        rc = store_occasion_get(im->desk->store, trip_id, &d->trip, err);
    if (rc == RC_OK && d->trip.ended)
        rc = say_ended(&d->trip, err);
    if (rc == RC_OK)
        rc = check_owner(im, &d->trip, err);
    d->client_id = d->trip.client_id;
    d->is_named = true;
    return rc;
}

/* ---- one line ---- */

static enum rc read_line(struct import *im, struct answer_draft *ret, struct err *err)
{
    char *cells[SURVEY_FIELDS];
    for (int f = 0; f < SURVEY_FIELDS; f++)
        cells[f] = survey_cell(im->line, &im->columns, (enum survey_field)f);
    char *at = cells[SURVEY_AT] ? survey_moment(im->desk, cells[SURVEY_AT]) : NULL;
    const struct feedback_entry entry = {
        .csat = cells[SURVEY_CSAT],
        .nps = cells[SURVEY_NPS],
        .plus = cells[SURVEY_PLUS],
        .words = cells[SURVEY_WORDS],
        .source = str_or(cells[SURVEY_SOURCE], str_or(im->options->source, "survey")),
        .at = at,
        .external_id = cells[SURVEY_ID],
    };
    enum rc rc = RC_OK;
    for (size_t i = im->n_columns; i < im->line->n && rc == RC_OK; i++) {
        if (*im->line->v[i] != '\0')
            rc = err_set(err, RC_INVALID,
                         "it has more cells than there are headings: is a quotation mark missing?");
    }
    if (rc == RC_OK)
        rc = answer_read(im->desk, &entry, ret, err);
    free(at);
    for (int f = 0; f < SURVEY_FIELDS; f++)
        free(cells[f]);
    return rc;
}

static void name_client(struct import *im, const struct answer_draft *d, struct import_line *row)
{
    struct client client;
    struct err ignored;
    row->client_id = d->client_id;
    if (store_client_get(im->desk->store, d->client_id, &client, &ignored) == RC_OK) {
        row->client = xstrdup(client.name);
        client_fini(&client);
    }
}

static enum rc write_line(struct import *im, struct answer_draft *d, struct import_line *row,
                          struct err *err)
{
    enum rc rc = answer_write(im->desk, d, &row->occasion_id, err);
    if (rc != RC_OK) /* half of it is written: nothing of the file may stay */
        return err_prefix(err, rc, "line %zu", row->line);
    to_plan(&im->clients, d->client_id);
    row->fate = IMPORT_TAKEN;
    row->unhappy = feedback_is_unhappy(&d->feedback);
    row->promoter = feedback_is_promoter(&d->feedback);
    im->first = im->first != 0 ? im->first : row->occasion_id;
    im->last = row->occasion_id;
    return RC_OK;
}

static enum rc take_line(struct import *im, struct import_line *row, struct err *err)
{
    struct answer_draft d = {0};
    struct err why = {0};
    row->line = im->line->line;
    enum rc rc = read_line(im, &d, &why);
    if (rc == RC_OK)
        rc = find_who(im, &d, &why);
    if (rc == RC_OK)
        rc = answer_check_time(&d, &why);
    if (rc == RC_OK)
        rc = answer_find_same(im->desk, &d, &row->occasion_id, &why);
    if (is_of_the_line(rc)) {
        row->fate = IMPORT_REFUSED;
        row->why = xstrdup(why.message);
        rc = RC_OK;
    } else if (rc != RC_OK) {
        rc = err_set(err, rc, "%s", why.message);
    } else if (row->occasion_id != 0) {
        row->fate = IMPORT_THERE;
    } else {
        rc = write_line(im, &d, row, err);
    }
    if (rc == RC_OK && d.client_id != 0)
        name_client(im, &d, row);
    answer_draft_fini(&d);
    return rc;
}

/* ---- the file ---- */

static void count(struct import_result *r, const struct import_line *row)
{
    r->taken += row->fate == IMPORT_TAKEN;
    r->there += row->fate == IMPORT_THERE;
    r->refused += row->fate == IMPORT_REFUSED;
    r->unhappy += row->unhappy;
    r->promoters += row->promoter;
}

static enum rc take_lines(struct import *im, const struct csv_table *table, struct err *err)
{
    struct import_result *r = im->result;
    enum rc rc = RC_OK;
    for (size_t i = 1; i < table->n && rc == RC_OK; i++) {
        vec_reserve(&r->v, r->n, &r->cap, sizeof *r->v);
        struct import_line *row = &r->v[r->n++];
        *row = (struct import_line){0};
        im->line = &table->v[i];
        rc = take_line(im, row, err);
        count(r, row);
    }
    return rc == RC_OK ? plan_them(im->desk, &im->clients, NULL, err) : rc;
}

/* One line for the whole, by which all of it can be taken back. */
static enum rc note_import(struct import *im, const char *name, struct err *err)
{
    struct json *o = json_new_object();
    char *words = xasprintf("%s: %zu taken, %zu there already, %zu refused", name,
                            im->result->taken, im->result->there, im->result->refused);
    json_add_string(o, "outcome", words);
    json_add_int(o, "from", im->first);
    json_add_int(o, "to", im->last);
    char *detail = json_print(o, false);
    enum rc rc = audit(im->desk, "feedback-import", 0, 0, 0, detail, err);
    json_free(o);
    free(words);
    free(detail);
    return rc;
}

/* Nothing of it was new. What the lines had written is gone already. */
static enum rc note_nothing(const struct desk *desk, struct err *err)
{
    enum rc rc = store_begin(desk->store, err);
    if (rc != RC_OK)
        return rc;
    return store_finish(desk->store, audit_unchanged(desk, "feedback import", 0, 0, err), err);
}

static enum rc take_file(struct import *im, const struct csv_table *table, const char *name,
                         struct err *err)
{
    struct store *store = im->desk->store;
    struct import_result *r = im->result;
    enum rc rc = store_begin(store, err);
    if (rc != RC_OK)
        return rc;
    rc = take_lines(im, table, err);
    r->written = rc == RC_OK && !im->options->dry_run && (r->refused == 0 || im->options->skip_bad);
    if (!r->written || r->taken == 0) {
        store_rollback(store);
        return r->written ? note_nothing(im->desk, err) : rc;
    }
    return store_finish(store, note_import(im, name, err), err);
}

enum rc service_feedback_import(const struct desk *desk, const char *bytes, size_t len,
                                const char *name, const struct import_options *options,
                                struct import_result *ret, struct err *err)
{
    struct csv_table table;
    struct import_result result = {0};
    struct import im = {.desk = desk, .options = options, .result = &result};
    enum rc rc = csv_table_read(bytes, len, name, &table, err);
    if (rc != RC_OK)
        return rc;
    if (table.n == 0)
        rc = err_set(err, RC_INVALID, "%s is empty: export the answers with their headings", name);
    if (rc == RC_OK)
        rc = survey_find_columns(&table.v[0], options->map, name, &im.columns, err);
    if (rc == RC_OK) {
        result.columns = survey_columns_text(&table.v[0], &im.columns);
        result.encoding = table.encoding;
        im.n_columns = table.v[0].n;
        rc = take_file(&im, &table, name, err);
    }
    csv_table_fini(&table);
    id_list_fini(&im.clients);
    if (rc != RC_OK)
        import_result_fini(&result);
    else
        *ret = result;
    return rc;
}

void import_result_fini(struct import_result *result)
{
    for (size_t i = 0; i < result->n; i++) {
        free(result->v[i].client);
        free(result->v[i].why);
    }
    free(result->v);
    free(result->columns);
    *result = (struct import_result){0};
}
