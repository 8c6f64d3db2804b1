/* What readers of other alphabets miss of the agency's own names, because pps.json says nothing of it: positions, which are
 * left out then, and the agency's name, which is written letter by letter. Said once a language, not in every letter.
 * Serves lint.c. */
#include <stdlib.h>

#include <pps/str.h>
#include <pps/translations.h>

#include "lint.h"

/* "a", "b" */
static char *left_out(const struct lint_input *in, const char *lang)
{
    struct lint_names seen = {0};
    struct sb sb = {0};
    for (size_t i = 0; i < in->n_positions; i++) {
        const char *position = in->positions[i];
        if (!name_is_made_up(&in->config->agency.translations, lang, position) ||
            lint_names_has(&seen, position))
            continue;
        lint_names_add(&seen, position);
        sb_addf(&sb, "%s\"%s\"", sb.len > 0 ? ", " : "", position);
    }
    lint_names_fini(&seen);
    return sb_take(&sb);
}

/* `the agency is called "Teplye strany", in SMS "Teplye"`; "": as somebody has said. */
static char *made_up_names(const struct config *c, const char *lang)
{
    const struct translations *t = &c->agency.translations;
    const char *sms = str_or(c->agency.sms_name, c->agency.name);
    char *name = name_for_reader(t, c->agency.lang, lang, c->agency.name);
    char *in_sms = name_for_reader(t, c->agency.lang, lang, sms);
    bool by_name = name_is_made_up(t, lang, c->agency.name);
    bool by_sms = name_is_made_up(t, lang, sms) && !str_eq(name, in_sms);
    struct sb sb = {0};
    if (by_name)
        sb_addf(&sb, "the agency is called \"%s\"", name);
    if (by_sms)
        sb_addf(&sb, "%s \"%s\"", by_name ? ", in SMS" : "the agency is called in SMS", in_sms);
    free(in_sms);
    free(name);
    return sb_take(&sb);
}

static void look(struct lint *lint, const char *lang)
{
    char *positions = left_out(lint->in, lang), *names = made_up_names(lint->in->config, lang);
    bool both = *positions != '\0' && *names != '\0';
    if (*positions != '\0' || *names != '\0')
        lint_find(lint, false, lint->in->config_name, 1, 1,
                  "in \"%s\" %s%s%s%s: say in agency.translations how it reads there", lang,
                  *positions != '\0' ? "positions are left out: " : "", positions,
                  both ? "; " : "", names);
    free(names);
    free(positions);
}

void lint_readers(struct lint *lint)
{
    struct lint_names langs = {0}; /* not those of which there is only a folder */
    lint_names_add(&langs, lint->in->config->agency.lang);
    for (size_t i = 0; i < lint->in->n_langs; i++)
        lint_names_add(&langs, lint->in->langs[i]);
    for (size_t i = 0; i < langs.n; i++)
        look(lint, langs.v[i]);
    lint_names_fini(&langs);
}
