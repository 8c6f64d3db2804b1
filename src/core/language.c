/* Codes of languages. A country's looks the same and is none: letters under "ua" would never reach a client who reads "uk".
 * Only those stand here that no language has. Pure. */
#include <string.h>

#include <pps/language.h>

const char *language_meant(const char *code)
{
    static const struct {
        const char *country, *language;
    } codes[] = {{"ua", "uk"}, {"by", "be"}, {"kz", "kk"}, {"cz", "cs"}, {"gr", "el"},
                 {"rs", "sr"}, {"dk", "da"}, {"jp", "ja"}, {"cn", "zh"}, {"gb", "en"},
                 {"us", "en"}, {"md", "ro"}};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        if (strcmp(codes[i].country, code) == 0)
            return codes[i].language;
    }
    return NULL;
}
