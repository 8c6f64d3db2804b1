/* Typography of a letter's words: quotation marks, dashes, blanks at which no line may end. Pure. */
#ifndef PPS_MESSAGE_TYPOGRAPHY_H
#define PPS_MESSAGE_TYPOGRAPHY_H

/* A text may be of several pieces that are set differently (a word in bold, a piece of code): between them stands
 * TYPOGRAPHY_BREAK, which is passed on and otherwise not there; TYPOGRAPHY_CODE stands for a word that is none of ours. Both
 * are noncharacters of Unicode, which no text needs. */
#define TYPOGRAPHY_BREAK "\xEF\xB7\x90" /* U+FDD0 */
#define TYPOGRAPHY_CODE "\xEF\xB7\x91"  /* U+FDD1 */

/* The text as it is set in this language; in one that we do not know, as it is. New string. Doing it twice changes
 * nothing. What changes:
 *   "…"          «…», within others „…“ (ru); “…”, ‘…’ (en); „…“ (bg); marks without a partner stay
 *   " - ", "--"  a dash: — (ru), – (en, bg), and no line ends before it
 *   "..."        …
 *   don't        don’t (en)
 *   blanks       do not break after short words (ru, bg), between a number and what it counts, around №, between initials
 * Addresses of pages and mailboxes, #hashtags, and hyphens within words and numbers stay. */
char *typography(const char *text, const char *lang);

/* Makes blanks that do not break ordinary ones, in place; returns text. */
char *typography_plain(char *text);

#endif
