/* pps doctor: is everything in order? Looks at files, configuration, gateways, playbook, templates,
 * people, the tick and what holds it; says what to do about each fault. It changes nothing and sends nothing. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <pps/digests.h>
#include <pps/documents.h>
#include <pps/file.h>
#include <pps/message.h>
#include <pps/replan.h>
#include <pps/str.h>
#include <pps/templates.h>
#include <pps/utf8.h>
#include <pps/version.h>
#include <pps/views.h>
#include <pps/zone.h>

#include "agenda.h"

enum health { FINE, REMARK, FAULT };

enum {
    DOUBT_DAYS = 3,        /* so long somebody may need to look into a log */
    FIRST_FINDINGS = 3,
    FREE_BYTES = 64 << 20, /* well before a tick stops for want of space */
};

struct checkup {
    struct app *app;
    struct json *rows;
    int faults;
    bool needs_service; /* a step of the playbook is the service director's to sign */
};

static void find(struct checkup *c, enum health kind, const char *what, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

static void find(struct checkup *c, enum health kind, const char *what, const char *fmt, ...)
{
    static const char *const words[] = {"ok", "note", "FAULT"};
    static const enum style styles[] = {STYLE_GREEN, STYLE_YELLOW, STYLE_RED};
    struct sb sb = {0};
    va_list ap;
    va_start(ap, fmt);
    sb_vaddf(&sb, fmt, ap);
    va_end(ap);
    c->faults += kind == FAULT;
    if (c->rows != NULL) {
        struct json *o = json_add_object(c->rows, NULL);
        json_add_string(o, "what", what);
        json_add_string(o, "finding", words[kind]);
        json_add_string(o, "text", sb_str(&sb));
    } else if (!c->app->quiet || kind == FAULT) {
        char *safe = utf8_printable(sb_str(&sb), true);
        fprintf(c->app->out, "%s%-5s%s  %-14s%s\n", style_begin(styles[kind], c->app->colour),
                words[kind], style_end(styles[kind], c->app->colour), what, safe);
        free(safe);
    }
    sb_fini(&sb);
}

static void check_mode(struct checkup *c, const char *what, const char *path)
{
    struct stat st;
    if (stat(path, &st) == 0 && (st.st_mode & 077) != 0)
        find(c, FAULT, what, "%s can be read by others: chmod 600 %s", path, path);
}

static void check_gateways(struct checkup *c)
{
    static const enum channel channels[] = {CHANNEL_EMAIL, CHANNEL_SMS};
    for (size_t i = 0; i < 2; i++) {
        struct err err = {0};
        struct gateway *gateway = NULL;
        bool outbox = channels[i] == CHANNEL_EMAIL ? c->app->config.email.gateway == MAIL_OUTBOX
                                                   : c->app->config.sms.gateway == SMS_OUTBOX;
        const char *what = channel_word(channels[i]);
        if (outbox)
            find(c, REMARK, what, "goes into files in %s; name a gateway in %s to send for real",
                 c->app->outbox_dir, c->app->config_path);
        else if (app_open_gateway(c->app, channels[i], &gateway, &err) != RC_OK)
            find(c, FAULT, what, "%s", err.message);
        else
            find(c, FINE, what, "the gateway is configured (nothing was sent to try it)");
        gateway_free(gateway);
    }
}

/* The same look as `pps lint`, of which the first findings are told. */
static void check_words(struct checkup *c)
{
    struct err err = {0};
    struct lint_findings found = {0};
    size_t checked = 0, told = 0;
    if (app_lint(c->app, NULL, NULL, &found, &checked, &err) != RC_OK) {
        find(c, FAULT, "templates", "%s", err.message);
        return;
    }
    size_t errors = lint_errors(&found), warnings = found.n - errors;
    for (size_t i = 0; i < found.n && told < FIRST_FINDINGS; i++) {
        const struct lint_finding *f = &found.v[i];
        if (!f->is_error)
            continue;
        find(c, FAULT, "templates", "%s:%zu:%zu: %s", f->file, f->line, f->column, f->what);
        told++;
    }
    if (errors > told)
        find(c, REMARK, "templates", "%zu errors more: pps lint", errors - told);
    if (warnings > 0)
        find(c, REMARK, "templates", "%zu warning%s: pps lint", warnings, warnings == 1 ? "" : "s");
    if (found.n == 0)
        find(c, FINE, "templates", "every step has its words");
    lint_findings_fini(&found);
}

/* Words of the agency's own that a new version of the program has changed meanwhile. */
static void check_upgrade(struct checkup *c)
{
    struct err err = {0};
    struct template_files files;
    size_t changed = 0, untouched = 0;
    if (templates_list(c->app->templates_dir, &files, &err) != RC_OK) {
        find(c, REMARK, "templates", "which are older than the built-in ones is not known: %s",
             err.message);
        return;
    }
    for (size_t i = 0; i < files.n; i++) {
        untouched += files.v[i].state == TEMPLATE_SHIPPED_CHANGED;
        changed += files.v[i].state == TEMPLATE_BOTH_CHANGED;
    }
    template_files_fini(&files);
    size_t older = untouched + changed;
    if (older == 0)
        return;
    find(c, REMARK, "templates",
         "%zu of yours %s older than the built-in one%s, %zu changed by you: pps templates diff",
         older, older == 1 ? "is" : "are", older == 1 ? "" : "s", changed);
}

/* A list of dates comes to its end, and then nobody is greeted, without a word. */
static void check_holidays(struct checkup *c, const struct playbook *playbook)
{
    enum { YEAR = 366 };
    civil_day today = zone_to_local(c->app->zone, clock_now(&c->app->clock)).day;
    for (size_t i = 0; i < playbook->n_holidays; i++) {
        const struct holiday *h = &playbook->holidays[i];
        size_t next = 0;
        while (next < h->n_dates && h->dates[next] < today)
            next++;
        if (h->month_day == NULL && (next == h->n_dates || h->dates[next] > today + YEAR))
            find(c, REMARK, "holidays",
                 "\"%s\" has no date in the coming year: add it to \"holidays\" in %s/playbook.json",
                 h->key, c->app->templates_dir);
    }
}

/* Without the folder that pps.json names nothing is taken instead, so there is nothing to look at. */
static void check_playbook(struct checkup *c)
{
    struct err err = {0};
    struct playbook playbook;
    if (app_check_templates(c->app, &err) != RC_OK) {
        find(c, FAULT, "templates", "%s", err.message);
    } else if (app_read_playbook(c->app->templates_dir, NULL, NULL, &playbook, &err) != RC_OK) {
        find(c, FAULT, "playbook", "%s", err.message);
    } else {
        find(c, FINE, "playbook", "%zu steps", playbook.n_steps);
        for (size_t i = 0; i < playbook.n_steps; i++)
            c->needs_service = c->needs_service || playbook.steps[i].signed_by == ROLE_SERVICE;
        check_holidays(c, &playbook);
        playbook_fini(&playbook);
        check_words(c);
        check_upgrade(c);
    }
}

/* Lost sales are the service director's: their letters, and the call. */
static void check_service(struct checkup *c, bool has_director)
{
    struct err err = {0};
    struct staff staff;
    enum rc rc = c->needs_service ? store_staff_by_role(c->app->store, ROLE_SERVICE, &staff, &err)
                                  : RC_OK;
    if (rc == RC_NOTFOUND)
        find(c, REMARK, "people",
             "there is no service director: letters after a lost sale are signed by the agency's "
             "name, and %s: pps staff add LOGIN --name NAME --role service",
             has_director ? "the director has to call" : "nobody is to make the call");
    else if (rc != RC_OK)
        find(c, FAULT, "people", "%s", err.message);
    else if (c->needs_service)
        staff_fini(&staff);
}

/* The logo and the faces. One that is wrong is among the findings of check_words. */
static void check_pictures(struct checkup *c, const struct staff_list *people)
{
    const char *dir = c->app->templates_dir;
    struct err err = {0};
    bool logo = false, there = false, good = true;
    size_t faces = 0;
    for (size_t i = 0; i <= people->n; i++) {
        bool is_logo = i == people->n;
        if (!is_logo && !people->v[i].active)
            continue;
        const char *name = is_logo ? "logo" : people->v[i].login;
        if (message_check_picture(dir, name, is_logo ? &logo : &there, &err) != RC_OK)
            good = false;
        else if (!is_logo)
            faces += there;
    }
    if (good && (logo || faces > 0))
        find(c, FINE, "pictures", "%s, %zu of those who sign", logo ? "the logo" : "no logo", faces);
}

/* Clients are asked to call in what is urgent. */
static void check_phone(struct checkup *c)
{
    if (str_empty(c->app->config.agency.phone))
        find(c, REMARK, "agency",
             "agency.phone in %s is empty: letters and SMS give clients no number to call, but for "
             "that of their manager",
             c->app->config_path);
}

static void check_people(struct checkup *c)
{
    struct err err = {0};
    struct staff staff;
    struct staff_list all;
    if (store_staff_list(c->app->store, &all, &err) != RC_OK) {
        find(c, FAULT, "people", "%s", err.message);
        return;
    }
    bool director = store_staff_by_role(c->app->store, ROLE_DIRECTOR, &staff, &err) == RC_OK;
    if (all.n == 0)
        find(c, REMARK, "people",
             "nobody is entered: pps staff add LOGIN --name NAME --role director");
    else if (director)
        find(c, FINE, "people", "%zu, the director signs as %s", all.n, staff.name);
    else
        find(c, REMARK, "people",
             "there is no director: the thank-you letter is signed by the agency's name");
    check_phone(c);
    if (all.n > 0)
        check_service(c, director);
    check_pictures(c, &all);
    if (director)
        staff_fini(&staff);
    staff_list_fini(&all);
}

/* Whether something holds the tick. */
static bool check_hold(struct checkup *c)
{
    struct err err = {0}, said;
    struct alarms alarms = {0};
    if (app_check_templates(c->app, &said) != RC_OK)
        return true; /* said of the templates */
    if (agenda_alarms(c->app, NULL, NULL, &alarms, &err) != RC_OK)
        find(c, FAULT, "delivery", "%s", err.message);
    else if (alarms.hold != NULL)
        find(c, FAULT, "delivery", "nothing goes out: %s", alarms.hold);
    else
        find(c, FINE, "delivery", "nothing holds the tick");
    if (alarms.nobodys != NULL)
        find(c, REMARK, "trips", "%s", alarms.nobodys);
    bool held = alarms.hold != NULL;
    alarms_fini(&alarms);
    return held;
}

/* held: that the tick did nothing for a while has its reason, and is no fault of its own. */
static void check_work(struct checkup *c, bool held)
{
    struct err err = {0};
    struct store_counts n;
    struct last_tick last;
    if (store_counts(c->app->store, &n, &err) != RC_OK ||
        agenda_last_tick(c->app, NULL, &last, &err) != RC_OK) {
        find(c, FAULT, "work", "%s", err.message);
        return;
    }
    find(c, FINE, "work", "clients %lld, trips %lld, open steps %lld", (long long)n.clients,
         (long long)n.occasions, (long long)n.open_actions);
    if (n.in_doubt + n.failed + n.missed + n.held > 0)
        find(c, REMARK, "trouble",
             "%lld in doubt, %lld refused, %lld missed, %lld held: pps report --overdue lists them",
             (long long)n.in_doubt, (long long)n.failed, (long long)n.missed, (long long)n.held);
    find(c, !last.stale ? FINE : held || n.occasions == 0 ? REMARK : FAULT, "tick", "%s", last.line);
    for (size_t i = 0; i < 2; i++) {
        if (last.down[i] != NULL)
            find(c, FAULT, "tick", "%s", last.down[i]);
    }
    last_tick_fini(&last);
}

/* What became of the last list of the morning of one colleague; whether it is in order. */
static bool check_digest_of(struct checkup *c, const struct digest_reader *reader, civil_day due)
{
    const char *login = reader->staff.login;
    const struct digest_fate *last = &reader->last;
    char day[CIVIL_TEXT_BYTES];
    if (!reader->gets) {
        find(c, REMARK, "lists", "%s has no e-mail address, and gets no list of the morning: pps "
             "staff edit %s --email …", login, login);
        return false;
    }
    bool over = last->day <= due;
    bool bad = last->state == DIGEST_FAILED || last->state == DIGEST_IN_DOUBT ||
               (over && (last->state == DIGEST_WAITING || last->state == DIGEST_AT_RISK));
    if (!reader->any || (!bad && last->day >= due))
        return true;
    civil_format_people(bad ? last->day : due, day);
    if (last->state == DIGEST_IN_DOUBT)
        find(c, REMARK, "lists", "whether %s got the list of %s is not known: %s", login, day,
             str_or(last->reply, "no answer"));
    else
        find(c, REMARK, "lists", "the list of %s did not go to %s%s%s", day, login,
             bad && last->reply ? ": " : "", bad ? str_or(last->reply, "") : "");
    return false;
}

static void check_digests(struct checkup *c)
{
    struct err err = {0};
    struct digest_readers readers;
    int16_t at = c->app->config.digest.at;
    if (at == MINUTE_NONE) {
        find(c, REMARK, "lists", "nobody gets the list of the morning by e-mail: \"digest\" in %s",
             c->app->config_path);
        return;
    }
    if (service_digest_readers(&c->app->desk, &readers, &err) != RC_OK) {
        find(c, FAULT, "lists", "%s", err.message);
        return;
    }
    bool good = true;
    for (size_t i = 0; i < readers.n; i++)
        good = check_digest_of(c, &readers.v[i], digest_last_due(&c->app->desk)) && good;
    if (good)
        find(c, FINE, "lists", "on working days from %02d:%02d on: pps digest", at / 60, at % 60);
    digest_readers_fini(&readers);
}

static void check_plan(struct checkup *c)
{
    struct err err = {0};
    bool older = false;
    if (service_plan_is_older(&c->app->desk, &older, &err) != RC_OK)
        find(c, FAULT, "plan", "%s", err.message);
    else if (older)
        find(c, REMARK, "plan",
             "consent.marketing was changed since it was made: pps plan shows what follows");
}

static void check_doubts(struct checkup *c)
{
    struct err err = {0};
    struct doubt_list doubts;
    if (service_doubts(&c->app->desk, 0, &doubts, &err) != RC_OK) {
        find(c, FAULT, "in doubt", "%s", err.message);
        return;
    }
    int64_t now = desk_now(&c->app->desk), oldest = now;
    for (size_t i = 0; i < doubts.n; i++) {
        int64_t since = doubts.v[i].since;
        if (since != 0 && since < oldest)
            oldest = since;
    }
    if (now - oldest > DOUBT_DAYS * 86400)
        find(c, FAULT, "in doubt", "%zu, for up to %lld days: pps doubt", doubts.n,
             (long long)((now - oldest) / 86400));
    else if (doubts.n > 0)
        find(c, REMARK, "in doubt", "%zu: pps doubt", doubts.n);
    doubt_list_fini(&doubts);
}

/* They would hold the letters that are to bring them. */
static void check_documents(struct checkup *c)
{
    struct err err = {0};
    struct document_faults faults;
    if (service_document_faults(&c->app->desk, &faults, &err) != RC_OK) {
        find(c, FAULT, "documents", "%s", err.message);
        return;
    }
    for (size_t i = 0; i < faults.n; i++) {
        const struct document_fault *f = &faults.v[i];
        char trip[ID_TEXT_BYTES];
        occasion_id_format(f->kind, f->occasion_id, trip);
        find(c, FAULT, "documents", "D%lld of %s: %s; pps attach D%lld --drop, and attach another",
             (long long)f->document_id, trip, f->what, (long long)f->document_id);
    }
    document_faults_fini(&faults);
}

/* A zone that the system does not have (any more): what goes by it is held. */
static void check_zones(struct checkup *c)
{
    struct err err = {0};
    struct zone_use_list zones;
    const struct zone *zone;
    if (store_zones_of_open_work(c->app->store, &zones, &err) != RC_OK) {
        find(c, FAULT, "time zones", "%s", err.message);
        return;
    }
    for (size_t i = 0; i < zones.n; i++) {
        const struct zone_use *z = &zones.v[i];
        long long id = z->client_id, more = z->clients - 1;
        enum rc rc = zone_find(z->tz, &zone, &err);
        char *others = more > 0 ? xasprintf(" (and %lld more)", more) : xstrdup("");
        if (rc == RC_INVALID && z->of_client)
            find(c, FAULT, "time zones",
                 "the time zone %s of C%lld%s is not known here: pps edit-client C%lld --tz …",
                 z->tz, id, others, id);
        else if (rc == RC_INVALID)
            find(c, REMARK, "time zones",
                 "%s, by which open steps of C%lld%s were planned, is not known here: they go by "
                 "the client's time zone of today",
                 z->tz, id, others);
        else if (rc != RC_OK)
            find(c, FAULT, "time zones", "%s", err.message);
        free(others);
    }
    zone_use_list_fini(&zones);
}

static void check_space(struct checkup *c)
{
    int64_t bytes = file_free_bytes(c->app->db_path);
    if (bytes < 0)
        find(c, REMARK, "disk", "how much is free beside the database cannot be learnt");
    else if (bytes < FREE_BYTES)
        find(c, REMARK, "disk", "only %lld MiB are free beside the database: make room",
             (long long)(bytes >> 20));
    else
        find(c, FINE, "disk", "there is room beside the database");
}

static void check_database(struct checkup *c)
{
    struct err err = {0};
    if (app_open_store(c->app, STORE_READ, &err) != RC_OK) {
        /* It opened, and only who asks is not known. */
        find(c, FAULT, c->app->store != NULL ? "login" : "database", "%s", err.message);
        return;
    }
    if (store_check(c->app->store, &err) != RC_OK)
        find(c, FAULT, "database", "%s", err.message);
    else
        find(c, FINE, "database", "%s, schema %d", c->app->db_path, store_schema_version());
    check_mode(c, "database", c->app->db_path);
    check_space(c);
    check_people(c);
    check_work(c, check_hold(c));
    check_doubts(c);
    check_documents(c);
    check_digests(c);
    check_plan(c);
    check_zones(c);
}

static enum rc run(struct app *app, const struct args *args, struct err *err)
{
    (void)args;
    struct json *root = app->json ? view_document("doctor", 1) : NULL;
    struct checkup c = {.app = app, .rows = root ? json_add_array(root, "findings") : NULL};
    struct err why = {0};
    find(&c, FINE, "pps", "%s, database schema %d", PPS_VERSION, store_schema_version());
    if (app_load_config(app, &why) != RC_OK) {
        find(&c, FAULT, "configuration", "%s", why.message);
    } else {
        bool there = file_exists(app->config_path);
        find(&c, FINE, "configuration", "%s%s", app->config_path,
             there ? "" : " is not there: defaults are used");
        check_gateways(&c);
        check_playbook(&c);
        check_database(&c);
    }
    if (root != NULL) {
        json_add_int(root, "faults", c.faults);
        show_json(app, root);
    }
    if (c.faults > 0)
        return err_set(err, RC_CONFIG, "%d fault%s: see above", c.faults, c.faults == 1 ? "" : "s");
    return RC_OK;
}

const struct command cmd_doctor = {
    .name = "doctor",
    .group = "Control",
    .summary = "check the whole installation; says what to mend",
    .usage = "",
    .details = "Changes nothing and sends nothing. Exit status 78 when there is a fault.",
    .examples = "  pps doctor\n"
                "  pps doctor --json",
    .needs = NEEDS_NOTHING,
    .run = run,
};
