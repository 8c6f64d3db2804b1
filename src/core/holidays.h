/* Private: the holidays of playbook.json (holidays.c), and what it shares with the steps (playbook.c). */
#ifndef PPS_CORE_HOLIDAYS_H
#define PPS_CORE_HOLIDAYS_H

#include <pps/json.h>
#include <pps/playbook.h>

/* What stands under "holidays", when there is something. */
enum rc playbook_read_holidays(const struct json_doc *doc, const struct json *root,
                               struct playbook *p, struct err *err) MUST_CHECK;
/* Small letters, digits and dashes: the name of a step or a holiday. */
bool playbook_is_key(const char *key);

#endif
