/* What a client who reads another alphabet will see of a card: looked at when it is entered, and not in the letter. Serves
 * the commands that enter cards and trips. */
#include <stdlib.h>

#include <pps/person.h>
#include <pps/service.h>
#include <pps/str.h>
#include <pps/translations.h>

char *service_reader_note(const struct desk *desk, const char *lang, const struct client *client,
                          const struct occasion *trip)
{
    const struct translations *t = &desk->config->agency.translations;
    const char *ours = desk->config->agency.lang;
    char *own = client != NULL ? client_address(client) : NULL;
    lang = str_or(lang, ours);
    bool by_name = name_is_made_up(t, lang, own);
    bool by_place = trip != NULL && name_is_made_up(t, lang, trip->title);
    struct sb sb = {0};
    if (by_name || by_place)
        sb_addf(&sb, "they read \"%s\", and letters", lang);
    if (by_name) {
        char *read = address_for_reader(t, ours, lang, own);
        sb_addf(&sb, " call them \"%s\" (otherwise: pps edit-client C%lld --salutation …)", read,
                (long long)client->id);
        free(read);
    }
    if (by_place) {
        char *read = name_for_reader(t, ours, lang, trip->title);
        sb_addf(&sb, "%s call the trip \"%s\" (otherwise: \"translations\" in pps.json)",
                by_name ? " and" : "", read);
        free(read);
    }
    free(own);
    return sb.len > 0 ? sb_take(&sb) : NULL;
}
