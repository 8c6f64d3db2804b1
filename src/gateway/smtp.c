/* E-mail over SMTP: one letter, one recipient, one fresh connection. libcurl speaks; this file
 * decides from the phase and the replies, never from libcurl's error code alone, because CURLE_OK
 * does not mean sent and an error does not mean not sent. The last byte of the letter is handed
 * over only after before_risk() said yes: up to there, breaking off is certain not to deliver.
 * Serves dispatch/; knows no database. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <pps/contact.h>
#include <pps/str.h>

#include "dialog.h"
#include "smtp.h"

/* One delivery. */
struct session {
    const struct smtp *smtp;
    const struct delivery_hooks *hooks;
    const char *sender; /* of the envelope */
    struct transfer transfer;
    const char *bytes;
    size_t len, pos;
    struct dialog dialog;
    enum risk risk;
    bool out_of_turn; /* the server spoke or hung up in the middle of the letter */
    int deaf;         /* errno: whether it did could not be learnt */
    bool no_login;    /* a login is configured and the server did not ask for one */
    bool began;       /* a second connection would deliver a second time */
    bool settled;     /* verdict is final */
    struct delivery verdict;
    uint64_t replies; /* bytes of replies that libcurl has shown us */
    uint64_t unseen;  /* bytes received and not shown when RCPT was answered */
    curl_off_t mark;  /* microseconds: when something last happened */
};

/* libcurl's own stop-watch: the room does not read the clock. */
static curl_off_t elapsed_us(const struct session *s)
{
    curl_off_t us = 0;
    (void)curl_easy_getinfo(s->transfer.easy, CURLINFO_TOTAL_TIME_T, &us);
    return us;
}

static void happened(struct session *s)
{
    s->mark = elapsed_us(s);
}

/* ---- the point of no return ---- */

/* Bytes that the kernel has received and libcurl has not shown us; 0 when the kernel does not tell.
 */
static uint64_t unseen_bytes(const struct session *s)
{
    struct tcp_info info;
    memset(&info, 0, sizeof info);
    socklen_t len = sizeof info;
    curl_socket_t socket = transfer_socket(&s->transfer);
    if (socket == CURL_SOCKET_BAD || getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &len) != 0 ||
        info.tcpi_bytes_received < s->replies)
        return 0;
    return info.tcpi_bytes_received - s->replies;
}

/* After 354 the server has nothing to say before it has the whole letter. If it has said something
 * or closed the connection, libcurl would notice only after the last byte, when it is too late to
 * be sure. A "250" that came in one packet with the 354 would even be taken for the answer to the
 * letter; without TLS its bytes are missed in the count. That it cannot be learnt is no silence. */
static bool spoke_out_of_turn(struct session *s)
{
    struct pollfd p = {.fd = transfer_socket(&s->transfer), .events = POLLIN};
    if (p.fd == CURL_SOCKET_BAD)
        return false;
    int heard = poll(&p, 1, 0);
    s->deaf = heard < 0 ? errno : 0;
    return heard != 0 || (s->smtp->security == SMTP_PLAIN && unseen_bytes(s) > s->unseen);
}

/* On a connection without TLS what it said can be read, and a refusal is then certain. */
static void peek_reply(struct session *s)
{
    char line[512];
    if (s->smtp->security != SMTP_PLAIN)
        return;
    ssize_t n = recv(transfer_socket(&s->transfer), line, sizeof line, MSG_PEEK | MSG_DONTWAIT);
    if (n < 5 || line[0] < '4')
        return;
    const char *end = memchr(line, '\n', (size_t)n);
    if (end != NULL)
        (void)dialog_line(&s->dialog, line, (size_t)(end - line) + 1);
}

static bool may_hand_over(struct session *s)
{
    if (spoke_out_of_turn(s)) {
        s->out_of_turn = true;
        peek_reply(s);
        return false;
    }
    s->risk = delivery_risk(s->hooks);
    happened(s);
    return s->risk == RISK_TAKEN;
}

/* ---- the verdict ---- */

static char *shown(const struct session *s, enum mask mask)
{
    return reply_sanitise(s->dialog.text, strlen(s->dialog.text), &s->smtp->secrets, mask);
}

static struct delivery refused(const struct session *s)
{
    const struct dialog *dialog = &s->dialog;
    char *text = shown(s, MASK_NUMBERS);
    struct delivery d = delivery_make(dialog_refusal(dialog), dialog->code, "%s refused %s: %s",
                                      s->smtp->peer, smtp_step_name(dialog->code_step), text);
    free(text);
    return d;
}

static struct delivery accepted(const struct session *s)
{
    char *text = shown(s, MASK_NUMBERS), *raw_id = shown(s, KEEP_NUMBERS);
    struct delivery d =
        delivery_make(DELIVERY_SENT, s->dialog.code, "accepted by %s: %s", s->smtp->peer, text);
    dialog_queue_id(raw_id, d.provider_id, sizeof d.provider_id);
    free(raw_id);
    free(text);
    return d;
}

/* The answer to the letter is final as soon as it is read: QUIT may still hang or fail. */
static void settle(struct session *s)
{
    if (s->dialog.code / 100 != 2 && !s->dialog.refused)
        return; /* 1xx or 3xx is no answer to a letter */
    s->settled = true;
    s->verdict = s->dialog.refused ? refused(s) : accepted(s);
    if (s->verdict.class == DELIVERY_SENT)
        s->hooks->accepted(s->hooks->ctx, &s->verdict);
}

/* ---- callbacks of libcurl ---- */

/* Gives the letter, all but its last byte freely. An early 0 would end the letter and deliver a
 * part of it, so the only way out is CURL_READFUNC_ABORT. */
static size_t on_read(char *buf, size_t size, size_t n, void *ctx)
{
    struct session *s = ctx;
    size_t room = size * n, left = s->len - s->pos;
    happened(s);
    if (s->smtp->user != NULL && !s->dialog.logged_in) {
        s->no_login = true;
        return CURL_READFUNC_ABORT;
    }
    if (left == 0)
        return s->risk == RISK_TAKEN ? 0 : CURL_READFUNC_ABORT;
    if (left == 1 && !may_hand_over(s))
        return CURL_READFUNC_ABORT;
    size_t take = left > 1 ? left - 1 : 1;
    if (take > room)
        take = room;
    memcpy(buf, s->bytes + s->pos, take);
    s->pos += take;
    return take;
}

static size_t on_reply(char *line, size_t size, size_t n, void *ctx)
{
    struct session *s = ctx;
    size_t len = size * n;
    happened(s);
    s->replies += len;
    if (s->settled || !dialog_line(&s->dialog, line, len))
        return len;
    if (s->dialog.code_step == STEP_RCPT)
        s->unseen = unseen_bytes(s);
    if (s->risk == RISK_TAKEN)
        settle(s);
    return len;
}

/* Called about once a second, also while libcurl waits in QUIT, where none of its own time limits
 * holds. */
static int on_progress(void *ctx, curl_off_t dltotal, curl_off_t dlnow, curl_off_t ultotal,
                       curl_off_t ulnow)
{
    (void)dltotal, (void)dlnow, (void)ultotal, (void)ulnow;
    struct session *s = ctx;
    const struct smtp_deadlines *limit = &s->smtp->deadlines;
    /* A refusal that is known says more than that we broke off. */
    if (!s->dialog.refused && transfer_stopping(s->hooks, &s->risk))
        return 1;
    int sec = s->settled || s->dialog.refused ? limit->quit_sec
              : s->risk == RISK_TAKEN         ? limit->verdict_sec
                                              : limit->silence_sec;
    curl_off_t us = elapsed_us(s);
    return us - s->mark >= (curl_off_t)sec * 1000000 ||
           (!s->settled && us >= (curl_off_t)limit->total_sec * 1000000);
}

/* Newer versions of libcurl may try again by themselves. A second time is never wanted. */
static int on_begin(void *ctx, char *ip, char *local_ip, int port, int local_port)
{
    (void)ip, (void)local_ip, (void)port, (void)local_port;
    struct session *s = ctx;
    bool again = s->began;
    s->began = true;
    return again ? CURL_PREREQFUNC_ABORT : CURL_PREREQFUNC_OK;
}

/* ---- one delivery ---- */

static bool set_limits(CURL *easy, const struct smtp_deadlines *limit)
{
    return curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)limit->connect_sec) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)limit->verdict_sec) ==
               CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_TIMEOUT, (long)limit->total_sec) == CURLE_OK;
}

/* The mechanisms are fixed: the others are weaker inside TLS or need what we do not have. */
static bool set_login(CURL *easy, const struct smtp *smtp)
{
    if (smtp->user == NULL)
        return true;
    return curl_easy_setopt(easy, CURLOPT_USERNAME, smtp->user) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PASSWORD, smtp->password) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN;AUTH=LOGIN") == CURLE_OK;
}

static bool set_callbacks(CURL *easy, struct session *s)
{
    return curl_easy_setopt(easy, CURLOPT_READFUNCTION, on_read) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_READDATA, s) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, on_reply) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_HEADERDATA, s) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, on_progress) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_XFERINFODATA, s) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_begin) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_PREREQDATA, s) == CURLE_OK;
}

/* Without CURLOPT_UPLOAD libcurl would say VRFY, and call that a success. */
static bool set_letter(CURL *easy, const struct session *s, struct curl_slist *rcpt)
{
    const struct smtp *smtp = s->smtp;
    long tls = smtp->security == SMTP_PLAIN ? CURLUSESSL_NONE : CURLUSESSL_ALL;
    return curl_easy_setopt(easy, CURLOPT_URL, smtp->url) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_USE_SSL, tls) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_MAIL_FROM, s->sender) == CURLE_OK &&
           curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, rcpt) == CURLE_OK;
}

/* What became of it, when no answer to the letter settled it. libcurl may say that all is well although we never gave it
 * the last byte: then it ended the letter by itself, as it does when it lets go of one in the middle (see cut_off() in
 * transfer.c), and the server may have taken the part for the whole. That is not "not sent", or it would go twice. */
static struct delivery conclude(const struct session *s, CURLcode code)
{
    const char *peer = s->smtp->peer;
    int last = s->dialog.code;
    if (s->settled)
        return s->verdict;
    if (s->risk == RISK_TAKEN)
        return delivery_make(DELIVERY_IN_DOUBT, last,
                             "%s did not answer after the last byte of the letter", peer);
    if (s->risk == RISK_DENIED)
        return delivery_make(DELIVERY_STOPPED, last, "stopped before the last byte of the letter");
    if (last >= 400)
        return refused(s);
    if (code == CURLE_OK && s->risk == RISK_NONE && s->pos > 0)
        return delivery_make(DELIVERY_IN_DOUBT, last,
                             "%s may have a part of the letter and take it for the whole", peer);
    if (s->deaf != 0)
        return delivery_make(DELIVERY_NOT_SENT, last,
                             "cannot hear whether %s spoke in the middle of the letter: %s", peer,
                             strerror(s->deaf));
    if (s->out_of_turn)
        return delivery_make(DELIVERY_NOT_SENT, last,
                             "%s spoke or hung up in the middle of the letter", peer);
    if (s->no_login)
        return delivery_make(DELIVERY_CONFIG, last,
                             "%s offers no login, but the configuration names a user", peer);
    if (code == CURLE_USE_SSL_FAILED)
        return delivery_make(DELIVERY_CONFIG, last, "%s does not offer STARTTLS", peer);
    return transfer_failed(&s->transfer, code, peer, last, &s->smtp->secrets);
}

static struct delivery converse(struct session *s, const char *recipient)
{
    CURLcode code = CURLE_FAILED_INIT;
    struct transfer *t = &s->transfer;
    struct curl_slist *rcpt = curl_slist_append(NULL, recipient);
    if (rcpt != NULL && transfer_begin(t, s->smtp->scheme, s->smtp->ca_file) &&
        set_letter(t->easy, s, rcpt) && set_login(t->easy, s->smtp) &&
        set_limits(t->easy, &s->smtp->deadlines) && set_callbacks(t->easy, s))
        code = transfer_perform(t);
    struct delivery d = conclude(s, code);
    transfer_end(t);
    curl_slist_free_all(rcpt);
    return d;
}

/* A bare CR or LF is how one letter is made to look like two to another server ("SMTP smuggling").
 */
static bool has_clean_lines(const char *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        bool after_cr = i > 0 && bytes[i - 1] == '\r';
        if (bytes[i] == '\0' || (bytes[i] == '\n') != after_cr)
            return false;
    }
    return len == 0 || bytes[len - 1] != '\r';
}

/* Both are refused, never repaired: a line break in one of them would be a command of its own. */
static bool good_addresses(const struct smtp *smtp, const struct parcel *parcel,
                           char **ret_recipient, char **ret_sender, struct delivery *ret)
{
    struct err err;
    if (email_parse(parcel->recipient, ret_recipient, &err) != RC_OK) {
        *ret = delivery_make(DELIVERY_REFUSED_PERM, 0, "the e-mail address cannot be written to");
        return false;
    }
    if (email_parse(str_or(parcel->sender, smtp->from), ret_sender, &err) == RC_OK)
        return true;
    free(*ret_recipient);
    *ret = delivery_make(DELIVERY_CONFIG, 0, "the envelope sender is no e-mail address");
    return false;
}

struct delivery smtp_deliver(struct gateway *gateway, const struct parcel *parcel,
                             const struct delivery_hooks *hooks)
{
    const struct smtp *smtp = (const struct smtp *)gateway;
    char *recipient = NULL, *sender = NULL;
    struct delivery d;
    if (parcel->len == 0 || !has_clean_lines(parcel->bytes, parcel->len))
        return delivery_make(DELIVERY_REFUSED_PERM, 0,
                             "the letter is empty or its lines do not end in CR LF");
    if (!good_addresses(smtp, parcel, &recipient, &sender, &d))
        return d;
    struct sb letter = {0};
    sb_addn(&letter, parcel->bytes, parcel->len);
    if (!str_ends(sb_str(&letter), "\r\n"))
        sb_add(&letter, "\r\n"); /* some versions of libcurl hang without it (curl #18798) */
    struct session s = {.smtp = smtp,
                        .hooks = hooks,
                        .sender = sender,
                        .bytes = letter.s,
                        .len = letter.len,
                        .dialog = {.use_starttls = smtp->security == SMTP_STARTTLS,
                                   .use_login = smtp->user != NULL}};
    d = converse(&s, recipient);
    sb_fini(&letter);
    free(sender);
    free(recipient);
    return d;
}
