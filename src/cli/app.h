/* The room's private header: the command table, the options, and what a running command holds. */
#ifndef PPS_CLI_APP_H
#define PPS_CLI_APP_H

#include <stdio.h>

#include <pps/dispatch.h>
#include <pps/err.h>
#include <pps/gateway.h>
#include <pps/json.h>
#include <pps/lint.h>
#include <pps/service.h>
#include <pps/table.h>

/* ---- options ---- */

struct option {
    const char *name; /* "phone": --phone */
    const char *arg;  /* what it takes, for the help: "DATE"; NULL: a flag */
    const char *help;
};

struct args {
    const struct option *options;
    size_t n_options;
    const char **values; /* by option; NULL: not given; "" for a flag that was given */
    const char **words;  /* what is not an option */
    size_t n_words;
};
/* The value of an option of the command's own table; NULL when it was not given. */
const char *arg_value(const struct args *args, const char *name);
bool arg_given(const struct args *args, const char *name);
struct app;
/* The day that an option names, "--from: …" before what is wrong with it; CIVIL_NONE when it was not given. */
enum rc arg_day(struct app *app, const struct args *args, const char *name, civil_day *ret,
                struct err *err) MUST_CHECK;
void args_fini(struct args *args);

/* ---- commands ---- */

enum needs {
    NEEDS_NOTHING,
    NEEDS_CONFIG,
    NEEDS_A_LOOK, /* reads, all of one instant, and writes nothing but what it says: look.c */
    NEEDS_READING,
    NEEDS_WRITING,
    NEEDS_WORDS /* writes, by what stands in the templates: the playbook, letters, SMS */
};

struct app;

struct command {
    const char *name;
    const char *group;    /* heading in the help */
    const char *summary;  /* one line */
    const char *usage;    /* what follows the name: "TRIP [--visit DATE]" */
    const char *details;  /* lines below the usage; may be NULL */
    const char *examples; /* lines, each "pps …" */
    const struct option *options;
    size_t n_options;
    size_t min_words, max_words;
    enum needs needs;
    bool unattended; /* cron says it: a name of nobody's in PPS_USER or --as is remarked on, and must not stop it */
    enum rc (*run)(struct app *app, const struct args *args, struct err *err);
};
extern const struct command *const commands[];
extern const size_t n_commands;
extern const struct option global_options[];
extern const size_t n_global_options;
const struct command *command_find(const char *name, struct err *err); /* NULL: err suggests one */

/* meant.c: what was meant by a word that is no command ("recover", "add-client or add-trip"); a new string, NULL: nobody
 * knows. The same for an option, of those that there are. */
char *command_meant(const char *word);
const char *option_meant(const char *word, const char *const *names, size_t n);
/* Whether people say this word for the command. */
bool command_is_meant(const struct command *c, const char *word);

/* ---- the running program ---- */

struct environment { /* read once, at the start */
    const char *home, *xdg_data, *xdg_config;
    const char *db, *config, *now, *user, *login;
    bool no_color;
};

struct app {
    struct environment env;
    const char *option_db, *option_config, *option_now, *option_as, *option_color;
    bool json, quiet, verbose;
    bool unattended;  /* of the command */
    bool colour;      /* standard output takes colours */
    bool tty;         /* standard output is a terminal */
    bool interactive; /* a person sits at standard input and output */
    FILE *out;        /* standard output, and */
    FILE *aside;      /* standard error; both are collected while a command looks */
    char *db_path, *config_path, *templates_dir, *outbox_dir, *lock_path, *sent_path, *config_dir;
    struct config config;
    struct clock clock;
    const struct zone *zone;
    struct store *store;
    bool on_copy; /* the store is a copy that is thrown away: nothing of it is to be remembered */
    char *actor;
    struct desk desk;
    int exit_status; /* when a command succeeds with a message of its own: 1 when something needs
                        attention, 69, 75 and 77 of a tick */
};

/* Runs the program; returns its exit status. */
int app_main(int argc, char **argv);

/* app.c: steps of start-up that doctor and init do by themselves */
void app_paths(struct app *app);
enum rc app_load_config(struct app *app, struct err *err) MUST_CHECK;
/* What uses templates asks first; commands that need writing are asked for by app.c. RC_CONFIG: the folder that pps.json
 * names is not there. */
enum rc app_check_templates(const struct app *app, struct err *err) MUST_CHECK;
/* RC_REJECTED: the database, if there is one, is another user's. Asked by app_open_store before it opens for writing. */
enum rc app_check_owner(const struct app *app, struct err *err) MUST_CHECK;
enum rc app_open_store(struct app *app, enum store_mode mode, struct err *err) MUST_CHECK;

/* parse.c */
enum rc parse_command_line(struct app *app, int argc, char **argv,
                           const struct command **ret_command, struct args *ret_args,
                           bool *ret_help, struct err *err) MUST_CHECK;

/* help.c */
void help_print(struct app *app);
void help_print_command(struct app *app, const struct command *command);
/* The commands that a word is about, or that speak of it; false: there is none, and nothing was printed. */
bool help_search(struct app *app, const char *word);
void help_print_man(struct app *app); /* the generated part of docs/pps.1 */

/* look.c: runs a command that needs no more than a look. */
enum rc app_look(struct app *app, const struct command *command, const struct args *args,
                 struct err *err) MUST_CHECK;

/* gateways.c: how a tick finds its way out */
/* A dispatcher over everything that was opened, without listeners. */
struct dispatcher app_dispatcher(struct app *app);
enum rc app_open_gateway(void *app, enum channel channel, struct gateway **ret, struct err *err);

/* foresee.c: a tick on paper. d is over the database; desk->store is a copy of it (STORE_COPY), which is of no other use
 * afterwards. */
enum rc app_foresee(const struct app *app, struct dispatcher d, struct desk *desk,
                    struct tick_summary *ret, struct err *err) MUST_CHECK;
/* What a tick has planned anew before it looks at what is due; ctx is the desk. */
enum rc app_before_tick(void *ctx, struct err *err) MUST_CHECK;
/* The list of the morning for a colleague; ctx is the desk. */
enum rc app_write_digest(void *ctx, const struct staff *colleague, struct rendered *ret,
                         bool *ret_nothing, struct err *err) MUST_CHECK;

/* lint.c: the playbook in use, the agency's or the built-in one; its name and text are new strings, ret_name may be NULL:
 * not wanted. */
enum rc app_read_playbook(const char *dir, char **ret_name, char **ret_text, struct playbook *ret,
                          struct err *err) MUST_CHECK;
/* The templates by the playbook in use, for the languages of the agency, of its clients as far as they can be asked,
 * and of `more` ("ru,en"; may be NULL). dir: instead of the folder that pps.json names; NULL: that one. Errors are those of
 * the playbook and of the folder. */
enum rc app_lint(struct app *app, const char *dir, const char *more, struct lint_findings *ret,
                 size_t *ret_checked, struct err *err) MUST_CHECK;

/* cmd_backup.c: the newest copy in "backups" beside the database, by its name. New string; NULL: there is none. */
char *newest_backup_beside(const struct app *app);

/* ending.c */
void ending_watch(void); /* from now on the signals that ask to end are only looked at */
bool ending_is_asked(void *ctx);

/* ---- showing ---- */

/* Prints a JSON document and frees it. */
void show_json(struct app *app, struct json *document);
/* A line on standard output unless --quiet or --json. */
void say(struct app *app, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* Always: in a dialogue, and into what cron writes about. Whatever stands in it, nothing steers the terminal. */
void say_to(FILE *to, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* What a person must know or look at although the command has done its work, on standard error: --quiet, which is for who
 * does not read, must not swallow it. */
void remark(struct app *app, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* What helps who reads along, on standard error, unless --quiet. */
void hint(struct app *app, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
/* What an occasion is about, and its timeline. */
void show_occasion(struct app *app, const struct occasion_file *file);
void show_client(struct app *app, const struct client *client);
/* Adds the JSON of a trip, with who sold it; manager: a login, NULL: nobody. */
void show_trip(struct app *app, struct json *parent, const char *key, const struct occasion *trip,
               const char *manager);
/* "A4 Pre-flight call, Мария Иванова, T1 Анталья": whose it is, so that a slip of the finger is seen. New string. */
char *action_line(struct app *app, const struct action *action);
/* Adds the JSON of an action together with its client and manager, which it does not know by itself. */
struct json *show_action(struct app *app, struct json *parent, const char *key,
                         const struct action *action);
/* "T3 Анталья, 10.12.2026 – 20.12.2026"; "P8 complaint: шумный номер, opened 21.12.2026 10:15". New string. */
char *occasion_line(const struct occasion *occasion);
/* The whole JSON of an occasion: client, trip (or lost, feedback …), actions. */
struct json *occasion_document(struct app *app, const char *command, const struct occasion_file *file);
enum style colour_style(enum colour colour);

/* ask.c: questions on a terminal */
/* Asks for one line; "" when just Enter is pressed. RC_USAGE at the end of input. New string. */
enum rc ask_line(struct app *app, const char *question, char **ret, struct err *err) MUST_CHECK;

#define OPTIONS(array) .options = (array), .n_options = sizeof(array) / sizeof *(array)

#endif
