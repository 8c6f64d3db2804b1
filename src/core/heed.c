/* What to know before a call, as tables and scripts say it. The lists of the morning have words of their own language
 * (message/words_heed.c). Serves pps today, report and script. */
#include <pps/heed.h>
#include <pps/str.h>

char *heed_words(const struct heed *h)
{
    char until[CIVIL_TEXT_BYTES];
    struct sb sb = {0};
    if (h->paused_until != CIVIL_NONE) {
        civil_format_people(h->paused_until, until);
        sb_addf(&sb, "paused until %s", until);
    }
    if (h->complaint_id != 0)
        sb_addf(&sb, "%sopen complaint P%lld", sb.len > 0 ? "; " : "", (long long)h->complaint_id);
    if (h->no_messages)
        sb_addf(&sb, "%swants no messages", sb.len > 0 ? "; " : "");
    return sb.len > 0 ? sb_take(&sb) : NULL;
}
