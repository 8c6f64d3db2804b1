/* Start-up and shut-down: the environment is read here and nowhere else, paths are found,
 * configuration, clock and database are opened as the command needs them, and errors are printed
 * once. */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <pps/file.h>
#include <pps/gateway.h>
#include <pps/json.h>
#include <pps/str.h>
#include <pps/utf8.h>

#include "app.h"

enum { CONFIG_MAX_BYTES = 256 * 1024 };

/* The contract with scripts and cron (sysexits.h). */
static int exit_status_of(enum rc rc)
{
    static const int table[] = {
        [RC_OK] = 0,      [RC_USAGE] = 64, [RC_INVALID] = 65,  [RC_NOTFOUND] = 66,
        [RC_EXISTS] = 73, [RC_BUSY] = 75,  [RC_REJECTED] = 77, [RC_UNAVAILABLE] = 69,
        [RC_CONFIG] = 78, [RC_IO] = 74,    [RC_CORRUPT] = 65,  [RC_INTERNAL] = 70,
    };
    return table[rc];
}

static struct environment read_environment(void)
{
    struct environment env = {
        .home = getenv("HOME"),
        .xdg_data = getenv("XDG_DATA_HOME"),
        .xdg_config = getenv("XDG_CONFIG_HOME"),
        .db = getenv("PPS_DB"),
        .config = getenv("PPS_CONFIG"),
        .now = getenv("PPS_NOW"),
        .user = getenv("PPS_USER"),
        .login = getenv("LOGNAME"),
        .no_color = !str_empty(getenv("NO_COLOR")),
    };
    if (str_empty(env.login))
        env.login = getenv("USER");
    return env;
}

/* ---- paths ---- */

static char *xdg_path(const char *xdg, const char *home, const char *below_home, const char *name)
{
    if (!str_empty(xdg) && xdg[0] == '/')
        return xasprintf("%s/pps/%s", xdg, name);
    return xasprintf("%s/%s/pps/%s", str_or(home, "."), below_home, name);
}

/* With --db alone a folder holds everything; without it the XDG folders do. */
void app_paths(struct app *app)
{
    const char *db = app->option_db ? app->option_db : app->env.db;
    const char *config = app->option_config ? app->option_config : app->env.config;
    bool has_db = !str_empty(db);
    app->db_path =
        has_db ? xstrdup(db) : xdg_path(app->env.xdg_data, app->env.home, ".local/share", "pps.db");
    if (!str_empty(config)) {
        app->config_path = xstrdup(config);
    } else if (has_db) {
        char *dir = file_dirname(app->db_path);
        app->config_path = file_join(dir, "pps.json");
        free(dir);
    } else {
        app->config_path = xdg_path(app->env.xdg_config, app->env.home, ".config", "pps.json");
    }
    app->config_dir = file_dirname(app->config_path);
    app->lock_path = xasprintf("%s.lock", app->db_path);
    app->sent_path = xasprintf("%s.sent", app->db_path);
}

/* The folder that pps.json names must be there: without it the agency's words would be silently replaced by ours. The
 * one that nobody named may be missing. */
enum rc app_check_templates(const struct app *app, struct err *err)
{
    struct stat st;
    const char *dir = app->templates_dir;
    if (app->config.templates == NULL || (stat(dir, &st) == 0 && S_ISDIR(st.st_mode)))
        return RC_OK;
    if (stat(dir, &st) == 0 || errno == ENOENT || errno == ENOTDIR)
        return err_set(err, RC_CONFIG,
                       "there is no folder %s, which \"templates\" in %s names: put it back, or "
                       "mend that name",
                       dir, app->config_path);
    return err_set(err, RC_IO, "cannot use the folder %s, which \"templates\" in %s names: %s", dir,
                   app->config_path, strerror(errno));
}

static void paths_from_config(struct app *app)
{
    app->templates_dir = file_join(app->config_dir, str_or(app->config.templates, "templates"));
    if (app->config.outbox != NULL) {
        app->outbox_dir = file_join(app->config_dir, app->config.outbox);
    } else {
        char *dir = file_dirname(app->db_path);
        app->outbox_dir = file_join(dir, "outbox");
        free(dir);
    }
}

/* ---- configuration and clock ---- */

/* The days off that stand in a file of their own. */
static enum rc read_calendar(struct app *app, struct err *err)
{
    char *text = NULL, *path = NULL;
    size_t len = 0;
    if (app->config.calendar_file == NULL)
        return RC_OK;
    path = file_join(app->config_dir, app->config.calendar_file);
    enum rc rc = file_read_stream(path, CONFIG_MAX_BYTES, &text, &len, err);
    if (rc == RC_NOTFOUND)
        rc = err_set(err, RC_CONFIG, "there is no file %s, which \"calendar\" in %s names", path,
                     app->config_path);
    if (rc == RC_OK)
        rc = workcal_read(text, len, path, &app->config.calendar, err);
    free(text);
    free(path);
    return rc == RC_INVALID ? RC_CONFIG : rc;
}

static enum rc set_clock(struct app *app, struct err *err)
{
    const char *now = app->option_now ? app->option_now : app->env.now;
    app->clock = clock_system();
    if (str_empty(now))
        return RC_OK;
    civil_day today = zone_to_local(app->zone, clock_now(&app->clock)).day;
    int64_t at;
    enum rc rc = instant_parse(now, app->zone, today, &at, err);
    if (rc != RC_OK)
        return err_prefix(err, RC_USAGE, "%s", app->option_now ? "--now" : "PPS_NOW");
    app->clock = clock_fixed(at);
    return RC_OK;
}

static bool has_place(const struct app *app)
{
    bool db = app->option_db || !str_empty(app->env.db);
    return db || !str_empty(app->env.home) ||
           (!str_empty(app->env.xdg_data) && !str_empty(app->env.xdg_config));
}

enum rc app_load_config(struct app *app, struct err *err)
{
    if (!has_place(app))
        return err_set(err, RC_CONFIG, "HOME is not set: say where the database is with --db FILE");
    char *text = NULL;
    size_t len = 0;
    enum rc rc = file_read_stream(app->config_path, CONFIG_MAX_BYTES, &text, &len, err);
    bool named = app->option_config != NULL || !str_empty(app->env.config);
    if (rc == RC_NOTFOUND && !named)
        rc = RC_OK; /* everything has a default */
    else if (rc == RC_NOTFOUND)
        rc = err_set(err, RC_CONFIG, "there is no configuration at %s", app->config_path);
    if (rc == RC_OK)
        rc = config_parse(text, len, app->config_path, &app->config, err);
    free(text);
    if (rc != RC_OK)
        return rc == RC_INVALID ? RC_CONFIG : rc;
    rc = zone_find(app->config.agency.tz, &app->zone, err);
    if (rc != RC_OK)
        return rc;
    paths_from_config(app);
    rc = read_calendar(app, err);
    return rc == RC_OK ? set_clock(app, err) : rc;
}

/* ---- the database and who acts ---- */

static void act_as(struct app *app, const char *name)
{
    free(app->actor); /* of a database that was open before */
    app->actor = utf8_printable(name, true);
}

/* What cron says goes on, as the system's login: else every letter would stop on the day that whoever's name stands in the
 * crontab leaves. */
static enum rc act_all_the_same(struct app *app, enum rc rc, struct err *err)
{
    if (!app->unattended || (rc != RC_NOTFOUND && rc != RC_REJECTED))
        return rc;
    act_as(app, str_or(app->env.login, "unknown"));
    remark(app, "%s; done all the same, as %s: mend the crontab", err->message, app->actor);
    *err = (struct err){0};
    return RC_OK;
}

static enum rc find_actor(struct app *app, struct err *err)
{
    const char *given = app->option_as ? app->option_as : app->env.user;
    const char *where = app->option_as ? "--as" : "PPS_USER";
    if (str_empty(given)) {
        act_as(app, str_or(app->env.login, "unknown"));
        return RC_OK;
    }
    struct staff_list all;
    enum rc rc = store_staff_list(app->store, &all, err);
    if (rc != RC_OK)
        return rc;
    size_t n = all.n;
    staff_list_fini(&all);
    struct staff staff;
    if (n > 0) {
        rc = store_staff_by_login(app->store, given, &staff, err);
        if (rc != RC_OK)
            return rc != RC_NOTFOUND ? rc : act_all_the_same(app, err_prefix(err, rc, "%s", where), err);
        if (!staff.active)
            rc = err_set(err, RC_REJECTED, "%s: %s has left", where, staff.login);
        staff_fini(&staff);
    }
    if (rc != RC_OK)
        return act_all_the_same(app, rc, err);
    act_as(app, given);
    return RC_OK;
}

/* A new database is the wrong remedy where one was lost: what it leaves behind tells. */
static enum rc say_lost(const struct app *app, struct err *err)
{
    bool log = file_exists(app->sent_path);
    char *backup = newest_backup_beside(app);
    const char *from = backup ? backup : "BACKUP";
    enum rc rc = RC_NOTFOUND;
    if (log)
        rc = err_set(err, rc,
                     "there is no database at %s, but its sent log is there: if it was lost, "
                     "pps recover --from %s puts a backup back",
                     app->db_path, from);
    else if (backup != NULL)
        rc = err_set(err, rc,
                     "there is no database at %s, but backups are beside it: is the name right? "
                     "if it was lost, pps recover --from %s puts the newest back",
                     app->db_path, from);
    free(backup);
    return rc;
}

/* What another user writes beside the database, lock, sent log and outbox, is theirs: from then on the tick of its owner may
 * not open it, and nothing goes out any more. So not even root may. */
enum rc app_check_owner(const struct app *app, struct err *err)
{
    struct stat st;
    if (stat(app->db_path, &st) != 0 || st.st_uid == geteuid())
        return RC_OK;
    return err_set(err, RC_REJECTED,
                   "the database %s belongs to another user: say it as that one, sudo -u '#%lu' pps …",
                   app->db_path, (unsigned long)st.st_uid);
}

enum rc app_open_store(struct app *app, enum store_mode mode, struct err *err)
{
    enum rc rc = mode == STORE_WRITE ? app_check_owner(app, err) : RC_OK;
    if (rc != RC_OK)
        return rc;
    rc = store_open(app->db_path, mode, &app->store, err);
    if (rc == RC_NOTFOUND && !file_exists(app->db_path))
        rc = say_lost(app, err);
    app->on_copy = mode == STORE_COPY;
    if (rc == RC_OK)
        rc = find_actor(app, err);
    if (rc != RC_OK)
        return rc;
    app->desk = (struct desk){
        .store = app->store,
        .config = &app->config,
        .clock = &app->clock,
        .zone = app->zone,
        .actor = app->actor,
        .templates_dir = app->templates_dir,
    };
    return RC_OK;
}

static bool only_reads(enum needs needs)
{
    return needs == NEEDS_A_LOOK || needs == NEEDS_READING;
}

static enum rc prepare(struct app *app, enum needs needs, struct err *err)
{
    app_paths(app);
    if (needs == NEEDS_NOTHING)
        return RC_OK;
    enum rc rc = app_load_config(app, err);
    if (rc != RC_OK || needs == NEEDS_CONFIG)
        return rc;
    if (needs == NEEDS_WORDS) {
        rc = app_check_templates(app, err);
        if (rc != RC_OK)
            return rc;
    }
    return app_open_store(app, only_reads(needs) ? STORE_READ : STORE_WRITE, err);
}

static void app_fini(struct app *app)
{
    store_close(app->store);
    config_fini(&app->config);
    free(app->db_path);
    free(app->config_path);
    free(app->config_dir);
    free(app->templates_dir);
    free(app->outbox_dir);
    free(app->lock_path);
    free(app->sent_path);
    free(app->actor);
}

/* ---- the terminal ---- */

static void look_at_terminal(struct app *app)
{
    bool tty = isatty(STDOUT_FILENO) == 1;
    app->tty = tty;
    app->interactive = tty && isatty(STDIN_FILENO) == 1;
    app->colour = str_eq(app->option_color, "always") ||
                  (!str_eq(app->option_color, "never") && tty && !app->env.no_color);
}

/* A descriptor that was closed by whoever started us would be given to the next file that is opened, and what is printed
 * would be written into it. */
static void fill_standard_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
        if (fcntl(fd, F_GETFD) == -1 && errno == EBADF)
            (void)open("/dev/full", fd == STDIN_FILENO ? O_RDONLY : O_WRONLY); /* the lowest free */
    }
}

/* No core dump may hold a client's address or a password, and nothing we create is for others to
 * read. */
static void harden_process(void)
{
    const struct rlimit none = {0, 0};
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    (void)umask(077);
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGXFSZ, SIG_IGN); /* then the write fails, and that is handled */
}

static void print_error(const struct app *app, const struct err *err)
{
    char *safe = utf8_printable(err->message, true);
    bool colour = isatty(STDERR_FILENO) == 1 && !app->env.no_color;
    fprintf(stderr, "%spps: %s%s\n", style_begin(STYLE_RED, colour), safe,
            style_end(STYLE_RED, colour));
    free(safe);
}

static int finish(struct app *app, enum rc rc, const struct err *err)
{
    if (rc != RC_OK) {
        fflush(app->out);
        print_error(app, err);
        return exit_status_of(rc);
    }
    if (fflush(app->out) != 0 || ferror(app->out)) {
        struct err full;
        (void)err_set(&full, RC_IO, "standard output is closed or full; the work itself is done");
        print_error(app, &full);
        return exit_status_of(RC_IO);
    }
    return app->exit_status;
}

/* Also after a failure: a part of the work may be done. */
static void note_seen(struct app *app)
{
    struct dispatcher d = app_dispatcher(app);
    dispatch_note_seen(&d);
}

int app_main(int argc, char **argv)
{
    struct app app = {.env = read_environment(), .out = stdout, .aside = stderr};
    struct err err = {0};
    struct args args = {0};
    const struct command *command = NULL;
    bool help = false;
    (void)setlocale(LC_CTYPE, "C.UTF-8");
    fill_standard_descriptors();
    harden_process();
    enum rc rc = parse_command_line(&app, argc, argv, &command, &args, &help, &err);
    look_at_terminal(&app);
    if (rc == RC_OK && command == NULL && !help)
        rc = err_set(&err, RC_USAGE, "say what to do: pps today is the day's work, pps help lists the commands");
    else if (rc == RC_OK && command == NULL)
        help_print(&app);
    else if (rc == RC_OK && help)
        help_print_command(&app, command);
    else if (rc == RC_OK) {
        app.unattended = command->unattended;
        rc = prepare(&app, command->needs, &err);
        if (rc == RC_OK)
            rc = command->needs == NEEDS_A_LOOK ? app_look(&app, command, &args, &err)
                                                : command->run(&app, &args, &err);
        if (!only_reads(command->needs) && app.store != NULL && !app.on_copy)
            note_seen(&app);
    }
    int status = finish(&app, rc, &err);
    args_fini(&args);
    app_fini(&app);
    return status;
}
