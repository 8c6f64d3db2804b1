/* What to know before a call, in the language of who reads the list of the morning. Serves context_digest.c. */
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "words.h"

/* The three things to say, the first two with a day or a number in them. */
struct heed_language {
    const char *lang, *paused, *complaint, *no_messages;
};
static const struct heed_language languages[] = {
    {"ru", "не беспокоить до %s", "открыта жалоба %s", "просит ничего не присылать"},
    {"bg", "да не се безпокои до %s", "има отворено оплакване %s", "не иска никакви съобщения"},
};

static void add(struct sb *sb, const char *form, const char *value)
{
    const char *at = strstr(form, "%s");
    size_t before = at != NULL ? (size_t)(at - form) : strlen(form);
    sb_addf(sb, "%s%.*s%s%s", sb->len > 0 ? "; " : "", (int)before, form, value,
            at != NULL ? at + 2 : "");
}

char *words_heed(const char *lang, const struct heed *h, civil_day today)
{
    const struct heed_language *l = NULL;
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++)
        l = str_eq(languages[i].lang, lang) ? &languages[i] : l;
    if (l == NULL)
        return heed_words(h);
    struct sb sb = {0};
    char id[ID_TEXT_BYTES];
    char *until = h->paused_until != CIVIL_NONE ? words_date(lang, h->paused_until, today) : NULL;
    id_format('P', h->complaint_id, id);
    if (until != NULL)
        add(&sb, l->paused, until);
    if (h->complaint_id != 0)
        add(&sb, l->complaint, id);
    if (h->no_messages)
        add(&sb, l->no_messages, "");
    free(until);
    return sb.len > 0 ? sb_take(&sb) : NULL;
}
