/* The SMTP dialogue as seen from the replies alone. libcurl gives the commands and reports one
 * error code for many causes; this file follows along and says what a reply answered and whether a
 * refusal is about this letter, about our set-up, or about the hour. No network, no libcurl. Serves
 * smtp.c. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "dialog.h"
#include "gateway.h"

static const char *const step_names[] = {
    [STEP_GREETING] = "the greeting",
    [STEP_HELLO] = "EHLO",
    [STEP_STARTTLS] = "STARTTLS",
    [STEP_AUTH] = "the login",
    [STEP_MAIL] = "the sender",
    [STEP_RCPT] = "the recipient",
    [STEP_DATA] = "DATA",
    [STEP_BODY] = "the letter",
};

const char *smtp_step_name(enum smtp_step step)
{
    return step_names[step];
}

/* The first row that fits decides. Before MAIL the server has seen nothing of the letter, so a
 * refusal there is about us. At MAIL, 550 and 553 say that the sender is not ours; the sender is
 * the same in every letter. Sources: RFC 5321 §4.2, RFC 4954 §6; replies of Yandex and Mail.ru. */
static const struct {
    int low, high;
    enum smtp_step from, to;
    enum delivery_class class;
} refusals[] = {
    {421, 421, STEP_GREETING, STEP_BODY, DELIVERY_REFUSED_TEMP},
    {530, 530, STEP_GREETING, STEP_BODY, DELIVERY_CONFIG},
    {534, 535, STEP_GREETING, STEP_BODY, DELIVERY_CONFIG},
    {538, 538, STEP_GREETING, STEP_BODY, DELIVERY_CONFIG},
    {550, 550, STEP_MAIL, STEP_MAIL, DELIVERY_CONFIG},
    {553, 553, STEP_MAIL, STEP_MAIL, DELIVERY_CONFIG},
    {500, 599, STEP_GREETING, STEP_AUTH, DELIVERY_CONFIG},
    {400, 499, STEP_GREETING, STEP_BODY, DELIVERY_REFUSED_TEMP},
    {500, 599, STEP_GREETING, STEP_BODY, DELIVERY_REFUSED_PERM},
};

enum delivery_class dialog_refusal(const struct dialog *dialog)
{
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        if (dialog->code >= refusals[i].low && dialog->code <= refusals[i].high &&
            dialog->code_step >= refusals[i].from && dialog->code_step <= refusals[i].to)
            return refusals[i].class;
    }
    return DELIVERY_IN_DOUBT;
}

/* 0 when the line is no SMTP reply. */
static int reply_code(const char *line, size_t len)
{
    if (len < 3 || line[0] < '1' || line[0] > '5')
        return 0;
    if (!isdigit((unsigned char)line[1]) || !isdigit((unsigned char)line[2]))
        return 0;
    return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}

static enum smtp_step after_hello(const struct dialog *dialog)
{
    if (dialog->use_starttls && !dialog->encrypted)
        return STEP_STARTTLS;
    return dialog->use_login && dialog->login_offered && !dialog->logged_in ? STEP_AUTH : STEP_MAIL;
}

static void advance(struct dialog *dialog)
{
    /* These codes have one meaning wherever they come (RFC 4954). */
    if (dialog->code == 334) {
        dialog->step = STEP_AUTH;
        return;
    }
    if (dialog->code == 235) {
        dialog->logged_in = true;
        dialog->step = STEP_MAIL;
        return;
    }
    switch (dialog->step) {
    case STEP_GREETING:
        dialog->step = STEP_HELLO;
        break;
    case STEP_HELLO:
        dialog->step = after_hello(dialog);
        break;
    case STEP_STARTTLS:
        dialog->encrypted = true;
        dialog->login_offered = false; /* only what is said inside TLS counts */
        dialog->step = STEP_HELLO;
        break;
    case STEP_MAIL:
        dialog->step = STEP_RCPT;
        break;
    case STEP_RCPT:
        dialog->step = STEP_DATA;
        break;
    case STEP_DATA:
        dialog->step = STEP_BODY;
        break;
    case STEP_AUTH:
    case STEP_BODY:
        break;
    }
}

static void keep_text(struct dialog *dialog, const char *line, size_t len)
{
    while (len > 0 && (line[len - 1] == '\r' || line[len - 1] == '\n'))
        len--;
    if (len >= sizeof dialog->text)
        len = sizeof dialog->text - 1;
    memcpy(dialog->text, line, len);
    dialog->text[len] = '\0';
}

bool dialog_line(struct dialog *dialog, const char *line, size_t len)
{
    int code = reply_code(line, len);
    if (dialog->refused || code == 0 || code == 221)
        return false;
    char mark = len > 3 ? line[3] : ' ';
    if (dialog->step == STEP_HELLO && len > 9 && strncasecmp(line + 4, "AUTH ", 5) == 0)
        dialog->login_offered = true;
    if (mark != ' ' && mark != '\r' && mark != '\n')
        return false;
    dialog->code = code;
    dialog->code_step = dialog->step;
    keep_text(dialog, line, len);
    if (code < 400) {
        advance(dialog);
        return true;
    }
    /* EHLO refused: HELO may follow, unless TLS is wanted, and then nothing follows. */
    dialog->refused = !(dialog->step == STEP_HELLO && code >= 500);
    return true;
}

/* Skips "250 ", an enhanced status code (RFC 2034) "2.0.0 " and "Ok". */
static const char *after_codes(const char *reply)
{
    if (strlen(reply) < 4)
        return "";
    const char *p = reply + 4, *q = p;
    while (isdigit((unsigned char)*q) || *q == '.')
        q++;
    if (q > p && *q == ' ' && memchr(p, '.', (size_t)(q - p)) != NULL)
        p = q + 1;
    if (strncasecmp(p, "ok", 2) == 0 && !isalnum((unsigned char)p[2]))
        p += 2 + strspn(p + 2, " :,.");
    return p;
}

void dialog_queue_id(const char *reply, char *buf, size_t size)
{
    static const char *const before_id[] = {"queued as ", "id="};
    for (size_t i = 0; i < sizeof before_id / sizeof before_id[0]; i++) {
        const char *p = strcasestr(reply, before_id[i]);
        if (p == NULL)
            continue;
        p += strlen(before_id[i]);
        char id[128];
        text_copy(id, sizeof id, p);
        id[strcspn(id, " \t;,)>")] = '\0';
        text_copy(buf, size, id);
        return;
    }
    text_copy(buf, size, after_codes(reply));
}
