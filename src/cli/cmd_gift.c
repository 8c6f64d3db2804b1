/* pps gift: things for clients, from the promise to the hand-over at the visit. */
#include <stdlib.h>

#include <pps/money.h>
#include <pps/str.h>
#include <pps/view_things.h>

#include "card.h"

static const struct option options[] = {
    {"kind", "WORD", "gift, card, album or photo (their entry in the photo challenge)"},
    {"title", "WORDS", "add: what it is"},
    {"cost", "SUM", "add: 1500 or 1 500,00, in the agency's currency"},
    {"owner", "LOGIN", "add: who prepares it (default: the trip's manager); list: only theirs"},
    {"note", "WORDS", "add, ready, hand, drop: for colleagues"},
    {"allow-duplicate", NULL, "add: although there is one of this kind and title"},
    {"to-prepare", NULL, "list: what is not ready for the visits that are agreed"},
    {"from", "DATE", "list: visits on this day or later"},
    {"to", "DATE", "list: visits on this day or before (with --to-prepare: default in 7 days)"},
};

enum { COMING_DAYS = 7, MAX_THINGS = 100 };

/* The options that a word of the command takes; any other is a slip. */
static enum rc allow(const struct args *args, const char *const *names, size_t n, struct err *err)
{
    for (size_t i = 0; i < args->n_options; i++) {
        bool known = false;
        for (size_t k = 0; k < n; k++)
            known = known || str_eq(args->options[i].name, names[k]);
        if (args->values[i] != NULL && !known)
            return err_set(err, RC_USAGE, "--%s does not belong to pps gift %s",
                           args->options[i].name, args->words[0]);
    }
    return RC_OK;
}

/* ---- add, ready, hand, drop ---- */

static enum rc show_added(struct app *app, const struct thing *t, struct err *err)
{
    struct client client;
    struct staff owner = {0};
    enum rc rc = store_client_get(app->store, t->client_id, &client, err);
    if (rc == RC_OK && t->owner_id != 0)
        rc = store_staff_get(app->store, t->owner_id, &owner, err);
    if (rc == RC_OK && app->json) {
        struct json *root = view_document("gift", 1);
        (void)view_thing(root, "thing", t, owner.login, app->zone);
        json_add_string(root, "currency", app->config.agency.currency);
        show_json(app, root);
    } else if (rc == RC_OK) {
        char *line = thing_line(t), trip[ID_TEXT_BYTES];
        id_format('T', t->occasion_id, trip);
        say(app, "%s, %s C%lld %s%s%s", line, t->kind == THING_PHOTO ? "from" : "for",
            (long long)t->client_id, client.name, t->occasion_id ? ", " : "",
            t->occasion_id ? trip : "");
        if (t->kind != THING_PHOTO)
            say(app, "; %s prepares it", str_or(owner.login, "nobody"));
        say(app, " (pps undo G%lld takes it back)\n", (long long)t->id);
        free(line);
    }
    staff_fini(&owner);
    if (rc == RC_OK)
        client_fini(&client);
    return rc;
}

static enum rc add(struct app *app, const struct args *args, struct err *err)
{
    static const char *const known[] = {"kind",  "title", "cost",
                                        "owner", "note",  "allow-duplicate"};
    struct thing thing;
    if (args->n_words != 2)
        return err_set(err, RC_USAGE,
                       "usage: pps gift add CLIENT|TRIP --kind WORD --title WORDS [--cost SUM] …");
    struct thing_entry entry = {
        .whom = args->words[1],
        .kind = arg_value(args, "kind"),
        .title = arg_value(args, "title"),
        .cost = arg_value(args, "cost"),
        .owner = arg_value(args, "owner"),
        .note = arg_value(args, "note"),
        .allow_duplicate = arg_given(args, "allow-duplicate"),
    };
    enum rc rc = allow(args, known, 6, err);
    if (rc == RC_OK)
        rc = app_open_store(app, STORE_WRITE, err);
    if (rc == RC_OK)
        rc = service_thing_add(&app->desk, &entry, &thing, err);
    if (rc != RC_OK)
        return rc;
    rc = show_added(app, &thing, err);
    thing_fini(&thing);
    return rc;
}

/* Handed over, and nobody had said that it was there: perhaps another one was meant. */
static void doubt_unready(struct app *app, const struct things *things)
{
    struct sb ids = {0};
    int n = 0;
    for (size_t i = 0; i < things->n; i++) {
        if (things->v[i].ready_at != things->v[i].handed_at)
            continue;
        sb_addf(&ids, "%sG%lld", n ? ", " : "", (long long)things->v[i].id);
        n++;
    }
    if (n > 0)
        remark(app, "note: nobody had said that %s %s ready: %s the right one%s?", sb_str(&ids),
               n == 1 ? "is" : "are", n == 1 ? "is it" : "are they", n == 1 ? "" : "s");
    sb_fini(&ids);
}

static void show_moved(struct app *app, enum thing_move move, const struct things *things)
{
    static const char *const words[] = {
        [THING_READY] = "ready",
        [THING_HAND] = "handed over",
        [THING_DROP] = "will not be given",
    };
    struct json *root = app->json ? view_document("gift", 1) : NULL;
    struct json *list = root ? json_add_array(root, "things") : NULL;
    for (size_t i = 0; i < things->n; i++) {
        const struct thing *t = &things->v[i];
        struct client client = {0};
        struct err ignored;
        if (list != NULL)
            (void)show_thing(app, list, NULL, t);
        if (store_client_get(app->store, t->client_id, &client, &ignored) != RC_OK)
            client = (struct client){0};
        char *line = thing_line(t);
        say(app, "%s, %s: %s (pps undo G%lld takes it back)\n", line, str_or(client.name, ""),
            words[move], (long long)t->id);
        free(line);
        client_fini(&client);
    }
    if (root != NULL)
        show_json(app, root);
    if (move == THING_HAND)
        doubt_unready(app, things);
}

static enum rc move(struct app *app, const struct args *args, enum thing_move how, struct err *err)
{
    static const char *const known[] = {"note"};
    struct things things;
    enum rc rc = allow(args, known, 1, err);
    if (rc == RC_OK && args->n_words < 2)
        rc = err_set(err, RC_USAGE, "usage: pps gift %s G7 … [--note WORDS]", args->words[0]);
    if (rc == RC_OK)
        rc = app_open_store(app, STORE_WRITE, err);
    if (rc == RC_OK)
        rc = service_things_move(&app->desk, args->words + 1, args->n_words - 1, how,
                                 arg_value(args, "note"), &things, err);
    if (rc != RC_OK)
        return rc;
    show_moved(app, how, &things);
    things_fini(&things);
    return RC_OK;
}

/* ---- the list ---- */

static enum rc read_owner(struct app *app, const char *login, int64_t *ret_id, struct err *err)
{
    struct staff staff;
    *ret_id = 0;
    if (login == NULL)
        return RC_OK;
    enum rc rc = store_staff_by_login(app->store, login, &staff, err);
    if (rc != RC_OK)
        return rc == RC_NOTFOUND ? err_prefix(err, rc, "--owner") : rc;
    *ret_id = staff.id;
    staff_fini(&staff);
    return RC_OK;
}

static enum rc read_query(struct app *app, const struct args *args, struct thing_query *q,
                          struct err *err)
{
    enum thing_kind kind;
    *q = (struct thing_query){.kind = arg_value(args, "kind"),
                              .to_prepare = arg_given(args, "to-prepare"),
                              .from = CIVIL_NONE,
                              .to = CIVIL_NONE};
    if (q->kind != NULL && !thing_kind_from_name(q->kind, &kind))
        return err_set(err, RC_USAGE, "--kind: it is gift, card, album or photo");
    enum rc rc = arg_day(app, args, "from", &q->from, err);
    if (rc == RC_OK)
        rc = arg_day(app, args, "to", &q->to, err);
    if (rc == RC_OK && q->to_prepare && q->to == CIVIL_NONE)
        q->to = desk_today(&app->desk) + COMING_DAYS;
    if (rc == RC_OK && q->from != CIVIL_NONE && q->to != CIVIL_NONE && q->from > q->to)
        rc = err_set(err, RC_INVALID, "--from is later than --to");
    if (rc == RC_OK && args->n_words > 1)
        rc = lookup_client(&app->desk, args->words[1], &q->client_id, err);
    if (rc == RC_OK)
        rc = read_owner(app, arg_value(args, "owner"), &q->owner_id, err);
    /* What is over is of interest for one client, or for a time. */
    q->open_only =
        q->to_prepare || (q->client_id == 0 && q->from == CIVIL_NONE && q->to == CIVIL_NONE);
    return rc;
}

/* Red: it should be there today, or should have been. Yellow: today is the last day to prepare it. */
static enum colour colour_of(struct app *app, const struct thing_row *row)
{
    if (!thing_is_open(&row->thing) || row->thing.ready_at != 0 || row->visit.day == CIVIL_NONE)
        return COLOUR_NONE;
    int left = row->visit.day - desk_today(&app->desk);
    return left <= 0 ? COLOUR_RED : left == 1 ? COLOUR_YELLOW : COLOUR_NONE;
}

static void list_json(struct app *app, const struct thing_rows *rows, int64_t total)
{
    struct json *root = view_document("gift", 1);
    struct json *list = json_add_array(root, "things");
    for (size_t i = 0; i < rows->n; i++) {
        const struct thing_row *row = &rows->v[i];
        struct json *o = view_thing(list, NULL, &row->thing, row->owner, app->zone);
        json_add_string(o, "client_name", row->client_name);
        json_add_string(o, "destination", row->destination);
        json_add_bool(o, "trip_cancelled", row->cancelled);
        view_visit(o, row->visit);
        if (row->visit.day != CIVIL_NONE) {
            json_add_int(o, "days_left", row->visit.day - desk_today(&app->desk));
        } else {
            json_add_null(o, "days_left");
        }
        json_add_string(o, "colour", str_or(colour_name(colour_of(app, row)), NULL));
    }
    view_money(root, "total", total);
    json_add_string(root, "currency", app->config.agency.currency);
    show_json(app, root);
}

static void add_row(struct app *app, struct table *table, const struct thing_row *row)
{
    const struct thing *t = &row->thing;
    char text[CIVIL_TEXT_BYTES], cost[MONEY_TEXT_BYTES];
    int left = row->visit.day - desk_today(&app->desk);
    bool dim = t->dropped_at != 0 || t->handed_at != 0;
    table_row(table, dim ? STYLE_DIM : colour_style(colour_of(app, row)));
    if (row->visit.day != CIVIL_NONE)
        civil_format(row->visit, text);
    table_cell(table, row->visit.day != CIVIL_NONE ? text : NULL);
    if (row->visit.day == CIVIL_NONE || dim || t->ready_at != 0 || t->kind == THING_PHOTO)
        table_cell(table, NULL);
    else if (left == 0)
        table_cell(table, "today");
    else
        table_cellf(table, "%d d%s", abs(left), left < 0 ? " late" : "");
    table_cellf(table, "G%lld", (long long)t->id);
    table_cell(table, thing_kind_name(t->kind));
    table_cell(table, t->title);
    table_cellf(table, "C%lld %s", (long long)t->client_id, row->client_name);
    id_format('T', t->occasion_id, text);
    table_cellf(table, "%s%s%s%s", t->occasion_id ? text : "", row->destination ? " " : "",
                str_or(row->destination, ""), row->cancelled ? " (cancelled)" : "");
    table_cell(table, t->kind == THING_PHOTO ? NULL : str_or(row->owner, "(nobody)"));
    char *state = thing_state(app, t);
    table_cell(table, state);
    free(state);
    money_format(t->cost, cost);
    table_cell(table, t->cost >= 0 ? cost : NULL);
    table_cell(table, t->note);
}

static void list_table(struct app *app, const struct thing_rows *rows)
{
    static const char *const titles[] = {"visit", "left",  "id",    "kind", "title", "client",
                                         "trip",  "owner", "state", "cost", "note"};
    static const size_t widths[] = {0, 0, 0, 0, 40, 28, 26, 16, 0, 0, 40};
    struct table *table = table_new(titles, app->tty ? widths : NULL, 11);
    for (size_t i = 0; i < rows->n; i++)
        add_row(app, table, &rows->v[i]);
    if (!app->quiet)
        table_print(table, app->out, app->colour);
    table_free(table);
}

/* "3 things, 4500.00 RUB; 1 without a cost"; "2 things, without a cost" when nobody knows what any of them costs. */
static void say_total(struct app *app, const struct thing_rows *rows, int64_t total, size_t free_of)
{
    char sum[MONEY_TEXT_BYTES];
    money_format(total, sum);
    say(app, "%zu %s, ", rows->n, rows->n == 1 ? "thing" : "things");
    if (free_of < rows->n)
        say(app, "%s %s%s", sum, app->config.agency.currency, free_of > 0 ? "; " : "");
    if (free_of > 0 && free_of < rows->n)
        say(app, "%zu ", free_of);
    say(app, "%s\n", free_of > 0 ? "without a cost" : "");
}

static void say_empty(struct app *app, const struct thing_query *q)
{
    char day[CIVIL_TEXT_BYTES];
    if (!q->to_prepare) {
        say(app, "%s: pps gift add --help says how they are entered\n",
            q->open_only && q->kind == NULL ? "nothing is left to be given" : "no things");
        return;
    }
    civil_format_people(q->to, day);
    say(app, "everything is ready for the visits until %s\n", day);
}

static enum rc list(struct app *app, const struct args *args, struct err *err)
{
    static const char *const known[] = {"to-prepare", "from", "to", "owner", "kind"};
    struct thing_query query;
    struct thing_rows rows;
    if (args->n_words > 2)
        return err_set(err, RC_USAGE, "usage: pps gift list [CLIENT] [--to-prepare] …");
    enum rc rc = allow(args, known, 5, err);
    if (rc == RC_OK)
        rc = app_open_store(app, STORE_READ, err);
    if (rc == RC_OK)
        rc = read_query(app, args, &query, err);
    if (rc == RC_OK)
        rc = store_things(app->store, &query, &rows, err);
    if (rc != RC_OK)
        return rc;
    int64_t total = 0;
    size_t free_of = 0;
    for (size_t i = 0; i < rows.n; i++) {
        const struct thing *t = &rows.v[i].thing;
        if (t->cost >= 0 && t->dropped_at == 0)
            total += t->cost;
        free_of += t->cost < 0 && t->dropped_at == 0 && t->kind != THING_PHOTO;
    }
    if (app->json) {
        list_json(app, &rows, total);
    } else if (rows.n == 0) {
        say_empty(app, &query);
    } else {
        list_table(app, &rows);
        say_total(app, &rows, total, free_of);
    }
    thing_rows_fini(&rows);
    return RC_OK;
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    static const struct {
        const char *word;
        enum thing_move move;
    } moves[] = {{"ready", THING_READY}, {"hand", THING_HAND}, {"drop", THING_DROP}};
    const char *word = args->words[0];
    if (str_eq(word, "add"))
        return add(app, args, err);
    if (str_eq(word, "list"))
        return list(app, args, err);
    for (size_t i = 0; i < sizeof moves / sizeof *moves; i++) {
        if (str_eq(word, moves[i].word))
            return move(app, args, moves[i].move, err);
    }
    return err_set(err, RC_USAGE, "usage: pps gift add, ready, hand, drop or list …");
}

const struct command cmd_gift = {
    .name = "gift",
    .group = "Clients",
    .summary = "gifts, cards and albums: promised, ready, handed over",
    .usage = "add CLIENT|TRIP --kind WORD --title WORDS … | ready|hand|drop G7 … | list [CLIENT] …",
    .details =
        "A thing belongs to the visit of its trip; one that is added for a client, to that of the "
        "only current trip,\n"
        "or else to the next visit. A photo is what they sent for the photo challenge; an album is "
        "what is printed.\n"
        "list shows what is still to be given; with --kind photo the entries; of one client, or "
        "with "
        "--from and --to,\n"
        "everything. list --to-prepare shows what is not ready for the visits of the coming days: "
        "yellow the day before,\n"
        "red on the day and after it. pps undo G7 takes back the last step of a thing.",
    .examples =
        "  pps gift add T34 --kind album --title \"Анталья, 24 снимка\" --cost \"1 500,00\"\n"
        "  pps gift add Иванова --kind card --title \"Карта постоянного клиента\" --owner anna\n"
        "  pps gift list --to-prepare\n"
        "  pps gift ready G7 G8\n"
        "  pps gift hand G7 --note \"листали вместе\"\n"
        "  pps gift list --from 01.12.2026 --to 31.12.2026",
    OPTIONS(options),
    .min_words = 1,
    .max_words = MAX_THINGS + 1,
    .needs = NEEDS_CONFIG,
    .run = run,
};
