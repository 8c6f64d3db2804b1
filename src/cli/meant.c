/* What was meant by a word that is no command, or no option: first what people call things, as data, then names that begin
 * in the same way, then the name nearest to it. Nothing is ever carried out by such a guess. Serves the command line, and
 * pps help WORD. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <pps/str.h>

#include "app.h"

struct meaning {
    const char *names; /* the right ones, by blanks */
    const char *words; /* what people say */
};

/* Not here: words with which the right name begins. */
static const struct meaning of_commands[] = {
    {"add-client add-trip", "sell sale sold buy purchase book booking new create insert enter register"},
    {"add-trip show", "trip trips tour tours"},
    {"find show", "client clients customer customers search list get view open card info person"},
    {"edit-client edit-trip", "change update modify correct rename reschedule set"},
    {"cancel-trip skip forget", "delete del rm remove drop"},
    {"forget", "erase gdpr wipe anonymise anonymize"},
    {"purge", "retention prune expire cleanup clean old"},
    {"unsubscribe consent", "optout opt-out block blacklist"},
    {"recover", "restore rescue repair"},
    {"undo", "revert rollback back"},
    {"backup", "save dump copy archive"},
    {"preview send-test", "sms letter letters email mail message messages test"},
    {"tick", "run start cron deliver"},
    {"today script", "call calls phone visit visits"},
    {"today report", "todo task tasks agenda work overdue red day"},
    {"doctor report", "status state check health"},
    {"export", "portability"},
    {"report", "stats statistics figures kpi csv excel summary checklist print"},
    {"feedback", "survey nps csat review answer answers import"},
    {"complaint", "complain claim problem issue"},
    {"referral", "refer recommend recommendation friend"},
    {"lost", "lose refused"},
    {"won", "win returned"},
    {"snooze", "postpone delay later remind"},
    {"pause hold", "stop suspend silence wait"},
    {"resume release", "continue go unpause unhold"},
    {"init doctor", "config configure configuration settings setup install"},
    {"staff", "manager managers user users employee colleague colleagues login"},
    {"attach", "document documents file files ticket tickets voucher upload docs"},
    {"gift", "present reward album"},
    {"log", "history audit journal"},
    {"simulate", "forecast play future"},
    {"templates", "words text texts"},
    {"adopt", "move migrate"},
    {"note", "comment remark"},
    {"fact", "remember wish know"},
    {"why", "explain reason"},
    {"done", "finish complete close tick-off called"},
    {"version", "about ver"},
};

static const struct meaning of_options[] = {
    {"phone", "tel telephone mobile cell"},
    {"email", "mail e-mail address"},
    {"departure", "start from leave fly out begin"},
    {"return", "end to back arrival until home"},
    {"birthday", "dob born"},
    {"destination", "country city resort hotel place where to"},
    {"purchase", "bought sold sale"},
    {"manager as", "user who by login"},
    {"note words", "comment text remark message"},
    {"at to date", "when day time"},
    {"output", "file out"},
    {"db", "database"},
    {"tz", "timezone time-zone zone"},
    {"dry-run", "simulate check test preview"},
    {"quiet", "silent"},
    {"verbose", "debug"},
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Whether a list of words, by blanks, has this one, in whatever case. */
static bool has_word(const char *list, const char *word)
{
    size_t len = strlen(word);
    for (const char *p = list; *p != '\0'; p += strspn(p, " ")) {
        size_t n = strcspn(p, " ");
        if (n == len && strncasecmp(p, word, n) == 0)
            return true;
        p += n;
    }
    return false;
}

static const char *names_meant(const struct meaning *table, size_t n, const char *word)
{
    for (size_t i = 0; i < n; i++) {
        if (has_word(table[i].words, word))
            return table[i].names;
    }
    return NULL;
}

enum { PREFIX_LEAST = 3, PREFIX_MOST_NAMES = 2 };

static bool begins_alike(const char *word, const char *name)
{
    size_t len = strlen(word);
    return len >= PREFIX_LEAST && strncasecmp(name, word, len) == 0;
}

bool command_is_meant(const struct command *c, const char *word)
{
    const char *names = names_meant(of_commands, COUNT(of_commands), word);
    return names != NULL && has_word(names, c->name);
}

static void add_name(struct sb *sb, const char *name, size_t len)
{
    sb_addf(sb, "%s%.*s", sb->len > 0 ? " or " : "", (int)len, name);
}

char *command_meant(const char *word)
{
    struct sb sb = {0};
    const char *list = names_meant(of_commands, COUNT(of_commands), word);
    for (const char *p = list; p != NULL && *p != '\0'; p += strspn(p, " ")) {
        size_t n = strcspn(p, " ");
        add_name(&sb, p, n);
        p += n;
    }
    size_t alike = 0;
    for (size_t i = 0; sb.len == 0 && i < n_commands; i++)
        alike += begins_alike(word, commands[i]->name);
    for (size_t i = 0; alike > 0 && alike <= PREFIX_MOST_NAMES && i < n_commands; i++) {
        if (begins_alike(word, commands[i]->name))
            add_name(&sb, commands[i]->name, strlen(commands[i]->name));
    }
    if (sb.len == 0) {
        const char **names = xcalloc(n_commands, sizeof *names);
        for (size_t i = 0; i < n_commands; i++)
            names[i] = commands[i]->name;
        const char *near = str_nearest(word, names, n_commands);
        if (near != NULL)
            add_name(&sb, near, strlen(near));
        free(names);
    }
    if (sb.len > 0)
        return sb_take(&sb);
    sb_fini(&sb);
    return NULL;
}

const char *option_meant(const char *word, const char *const *names, size_t n)
{
    const char *called = names_meant(of_options, COUNT(of_options), word), *alike = NULL;
    for (size_t i = 0; i < n; i++) {
        if (called != NULL && has_word(called, names[i]))
            return names[i];
        bool fits = begins_alike(word, names[i]) || begins_alike(names[i], word);
        if (fits && (alike == NULL || strlen(names[i]) < strlen(alike)))
            alike = names[i]; /* the shortest: --departure, and not --departure-tz */
    }
    return alike != NULL ? alike : str_nearest(word, names, n);
}
