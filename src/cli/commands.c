/* The command table. Help, the manual page and the dispatch of main go by it; a test proves that
 * every cmd_*.c is here. */
#include <stdlib.h>
#include <string.h>

#include <pps/utf8.h>

#include "app.h"

#define COMMANDS                                                                                   \
    COMMAND(cmd_add_client)                                                                        \
    COMMAND(cmd_add_trip)                                                                          \
    COMMAND(cmd_edit_client)                                                                       \
    COMMAND(cmd_edit_trip)                                                                         \
    COMMAND(cmd_cancel_trip)                                                                       \
    COMMAND(cmd_lost)                                                                              \
    COMMAND(cmd_won)                                                                               \
    COMMAND(cmd_referral)                                                                          \
    COMMAND(cmd_today)                                                                             \
    COMMAND(cmd_script)                                                                            \
    COMMAND(cmd_done)                                                                              \
    COMMAND(cmd_skip)                                                                              \
    COMMAND(cmd_undo)                                                                              \
    COMMAND(cmd_snooze)                                                                            \
    COMMAND(cmd_hold)                                                                              \
    COMMAND(cmd_release)                                                                           \
    COMMAND(cmd_send_now)                                                                          \
    COMMAND(cmd_approve)                                                                           \
    COMMAND(cmd_attach)                                                                            \
    COMMAND(cmd_gift)                                                                              \
    COMMAND(cmd_fact)                                                                              \
    COMMAND(cmd_mark)                                                                              \
    COMMAND(cmd_export)                                                                            \
    COMMAND(cmd_forget)                                                                            \
    COMMAND(cmd_purge)                                                                             \
    COMMAND(cmd_consent)                                                                           \
    COMMAND(cmd_unsubscribe)                                                                       \
    COMMAND(cmd_pause)                                                                             \
    COMMAND(cmd_resume)                                                                            \
    COMMAND(cmd_note)                                                                              \
    COMMAND(cmd_feedback)                                                                          \
    COMMAND(cmd_complaint)                                                                         \
    COMMAND(cmd_plan)                                                                              \
    COMMAND(cmd_report)                                                                            \
    COMMAND(cmd_tick)                                                                              \
    COMMAND(cmd_simulate)                                                                          \
    COMMAND(cmd_digest)                                                                            \
    COMMAND(cmd_doubt)                                                                             \
    COMMAND(cmd_doctor)                                                                            \
    COMMAND(cmd_lint)                                                                              \
    COMMAND(cmd_backup)                                                                            \
    COMMAND(cmd_recover)                                                                           \
    COMMAND(cmd_adopt)                                                                             \
    COMMAND(cmd_find)                                                                              \
    COMMAND(cmd_show)                                                                              \
    COMMAND(cmd_timeline)                                                                          \
    COMMAND(cmd_why)                                                                               \
    COMMAND(cmd_preview)                                                                           \
    COMMAND(cmd_send_test)                                                                         \
    COMMAND(cmd_log)                                                                               \
    COMMAND(cmd_init)                                                                              \
    COMMAND(cmd_staff)                                                                             \
    COMMAND(cmd_render)                                                                            \
    COMMAND(cmd_templates)                                                                         \
    COMMAND(cmd_help)                                                                              \
    COMMAND(cmd_version)

#define COMMAND(name) extern const struct command name;
COMMANDS
#undef COMMAND

#define COMMAND(name) &name,
const struct command *const commands[] = {COMMANDS};
const size_t n_commands = sizeof commands / sizeof *commands;

const struct command *command_find(const char *name, struct err *err)
{
    for (size_t i = 0; i < n_commands; i++) {
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    }
    char *meant = command_meant(name);
    char *safe = utf8_printable(name, true);
    if (meant != NULL)
        (void)err_set(err, RC_USAGE, "there is no command \"%.60s\": did you mean %s?", safe, meant);
    else
        (void)err_set(err, RC_USAGE, "there is no command \"%.60s\": pps help lists them", safe);
    free(safe);
    free(meant);
    return NULL;
}
