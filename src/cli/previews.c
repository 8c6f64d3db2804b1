/* How a preview is shown: on the terminal, as a document, as a page. Serves preview and send-test. */
#include <stdlib.h>
#include <string.h>

#include <pps/contact.h>
#include <pps/file.h>
#include <pps/page.h>
#include <pps/str.h>
#include <pps/utf8.h>
#include <pps/views.h>

#include "previews.h"

/* ---- what stands in several places ---- */

/* "1 part, 58 of 70 characters (UCS-2, because of "П"), about 3.70 RUB". New string. */
static char *sms_words(const struct app *app, const struct sms_size *size)
{
    enum { ONE_GSM7 = 160, MORE_GSM7 = 153, ONE_UCS2 = 70, MORE_UCS2 = 67 };
    bool gsm = size->alphabet == SMS_GSM7, one = size->parts <= 1;
    size_t a_part = gsm ? (one ? ONE_GSM7 : MORE_GSM7) : (one ? ONE_UCS2 : MORE_UCS2);
    char first[8] = "", cost[SMS_COST_BYTES];
    sms_cost_format(&app->config.sms.price, (int64_t)size->parts, cost);
    if (size->first_ucs2 != 0)
        first[utf8_encode(size->first_ucs2, first)] = '\0';
    return xasprintf("%zu %s, %zu of %zu characters%s%s%s%s%s", size->parts, one ? "part" : "parts",
                     size->units, a_part * size->parts, gsm ? " (GSM-7)" : " (UCS-2, because of \"",
                     first, gsm ? "" : "\")", *cost ? ", about " : "", cost);
}

/* "A2 Packing tips"; without a number when it is not planned. */
static char *name_of(const struct preview *p)
{
    char id[ID_TEXT_BYTES];
    id_format('A', p->action.id, id);
    return xasprintf("%s%s%s", p->action.id ? id : "", p->action.id ? " " : "", p->title);
}

/* "e-mail, 2026-12-03 10:00 (Europe/Moscow)" */
static char *way_of(const struct preview_piece *piece)
{
    char at[CIVIL_TEXT_BYTES] = "";
    const char *instead = piece->instead ? " instead, when the call is not ticked off" : "";
    if (piece->at.day == CIVIL_NONE)
        return xasprintf("%s%s", channel_word(piece->channel), instead);
    civil_format(piece->at, at);
    return xasprintf("%s%s, %s (%s)", channel_word(piece->channel), instead, at, piece->tz);
}

static char *recipient_of(const struct preview_piece *piece)
{
    char grouped[32];
    if (piece->recipient == NULL || piece->channel == CHANNEL_EMAIL)
        return xstrdup(str_or(piece->recipient, ""));
    phone_format(piece->recipient, grouped);
    return xstrdup(grouped);
}

/* "Мария Иванова, T34 Анталья"; "Мария Иванова, complaint: шум в номере (made up)". */
static char *title_of(const struct previews *all)
{
    const struct occasion *o = &all->occasion;
    const char *title = str_or(o->title, ""), *made_up = all->made_up ? " (made up)" : "";
    char id[ID_TEXT_BYTES];
    if (o->id == 0)
        return xasprintf("%s, %s%s%s%s", all->client.name, kind_words(o->kind), *title ? ": " : "",
                         title, made_up);
    occasion_id_format(o->kind, o->id, id);
    return xasprintf("%s, %s%s%s", all->client.name, id, *title ? " " : "", title);
}

/* "memo.pdf (12 kB)", one after the other; NULL: nothing is attached. */
static char *files_of(const struct mail_view *mail)
{
    enum { KILO = 1000 };
    struct sb words = {0};
    for (size_t i = 0; i < mail->n_files; i++)
        sb_addf(&words, "%s%s (%zu kB)", i ? ", " : "", mail->files[i].name,
                (mail->files[i].bytes + KILO - 1) / KILO);
    return mail->n_files > 0 ? sb_take(&words) : NULL;
}

/* ---- the terminal ---- */

static void say_header(struct app *app, const char *name, const char *value)
{
    if (!str_empty(value))
        say(app, "%-11s%s\n", name, value);
}

/* After an empty line; one line end at its end, whatever it has. */
static void say_words(struct app *app, const char *text)
{
    size_t len = strlen(text);
    while (len > 0 && text[len - 1] == '\n')
        len--;
    say(app, "\n%.*s\n", (int)len, text);
}

void previews_say_mail(struct app *app, const struct mail_view *mail, const char *preheader)
{
    char *files = files_of(mail);
    say_header(app, "From:", mail->from);
    say_header(app, "Reply-To:", mail->reply_to);
    say_header(app, "To:", mail->to);
    say_header(app, "Subject:", mail->subject);
    say_header(app, "Preheader:", preheader);
    say_header(app, "Attached:", files);
    free(files);
    say_words(app, str_or(mail->text, ""));
}

static void say_piece(struct app *app, const struct preview_piece *piece)
{
    if (piece->rc != RC_OK) {
        say(app, "\nits words cannot be made: %s\n", piece->why.message);
        return;
    }
    if (piece->channel == CHANNEL_EMAIL) {
        previews_say_mail(app, &piece->mail, piece->preheader);
        return;
    }
    if (piece->channel == CHANNEL_SMS) {
        char *to = recipient_of(piece), *parts = sms_words(app, &piece->size);
        say_header(app, "To:", to);
        say_header(app, "Parts:", parts);
        free(parts);
        free(to);
    }
    say_words(app, piece->text);
}

static void say_preview(struct app *app, const struct preview *p, bool sent)
{
    char *name = name_of(p);
    for (size_t i = 0; i < p->n_pieces; i++) {
        char *way = way_of(&p->pieces[i]);
        say(app, "%s%s: %s\n", i ? "\n" : "", name, way);
        if (i == 0)
            say_header(app, "State:", p->state);
        say_piece(app, &p->pieces[i]);
        free(way);
    }
    if (p->action.state == STATE_SENT && !sent)
        say(app,
            "these are the words as they would be now; those that went: pps preview A%lld "
            "--sent\n",
            (long long)p->action.id);
    free(name);
}

void previews_say(struct app *app, const struct previews *all, bool sent)
{
    char *title = title_of(all);
    say(app, "%s\n", title);
    free(title);
    for (size_t i = 0; i < all->n; i++) {
        say(app, "\n");
        say_preview(app, &all->v[i], sent);
    }
}

enum rc previews_put(struct app *app, const char *path, const char *bytes, size_t len,
                     struct err *err)
{
    if (!str_eq(path, "-"))
        return file_write(path, bytes, len, true, err); /* nothing that is there is worth less than a look */
    (void)fwrite(bytes, 1, len, app->out); /* whether that worked is looked at in the end */
    return RC_OK;
}

/* ---- the document ---- */

static void add_mail(struct json *o, const struct preview_piece *piece)
{
    const struct mail_view *m = &piece->mail;
    json_add_string(o, "subject", m->subject);
    json_add_string(o, "preheader", str_empty(piece->preheader) ? NULL : piece->preheader);
    json_add_string(o, "from", m->from);
    json_add_string(o, "reply_to", m->reply_to);
    json_add_string(o, "lang", m->lang);
    json_add_string(o, "text", piece->channel == CHANNEL_EMAIL ? m->text : piece->text);
    json_add_string(o, "html", m->html);
    struct json *files = json_add_array(o, "attachments");
    for (size_t i = 0; i < m->n_files; i++) {
        struct json *file = json_add_object(files, NULL);
        json_add_string(file, "name", m->files[i].name);
        json_add_string(file, "type", m->files[i].type);
        json_add_int(file, "bytes", (int64_t)m->files[i].bytes);
    }
}

static void add_sms(const struct app *app, struct json *o, const struct preview_piece *piece)
{
    const struct sms_price unknown = {0};
    if (piece->channel != CHANNEL_SMS || piece->rc != RC_OK) {
        json_add_null(o, "parts");
        json_add_null(o, "characters");
        json_add_null(o, "alphabet");
        view_sms_cost(o, &unknown, 0);
        return;
    }
    json_add_int(o, "parts", (int64_t)piece->size.parts);
    json_add_int(o, "characters", (int64_t)piece->size.units);
    json_add_string(o, "alphabet", piece->size.alphabet == SMS_GSM7 ? "GSM-7" : "UCS-2");
    view_sms_cost(o, &app->config.sms.price, (int64_t)piece->size.parts);
}

static void add_piece(const struct app *app, struct json *list, const struct preview *p,
                      const struct preview_piece *piece)
{
    enum { DAY_LENGTH = 10 };
    char at[CIVIL_TEXT_BYTES] = "";
    struct json *o = json_add_object(list, NULL);
    view_id(o, "action", 'A', p->action.id);
    json_add_string(o, "step", p->action.step);
    json_add_string(o, "title", p->title);
    json_add_string(o, "channel", channel_name(piece->channel));
    json_add_bool(o, "instead", piece->instead);
    json_add_bool(o, "goes", p->goes);
    json_add_string(o, "state", p->action.id ? state_name(p->action.state) : NULL);
    json_add_string(o, "why", p->state);
    if (piece->at.day != CIVIL_NONE)
        civil_format(piece->at, at);
    if (piece->at.minute != MINUTE_NONE)
        at[DAY_LENGTH] = 'T';
    json_add_string(o, "due_local", piece->at.day != CIVIL_NONE ? at : NULL);
    json_add_string(o, "to", piece->recipient);
    add_mail(o, piece);
    add_sms(app, o, piece);
    json_add_string(o, "error", piece->rc != RC_OK ? piece->why.message : NULL);
}

void previews_json(struct app *app, struct json *root, const struct previews *all)
{
    char id[ID_TEXT_BYTES];
    view_client(root, "client", &all->client, app->zone);
    occasion_id_format(all->occasion.kind, all->occasion.id, id);
    json_add_string(root, "occasion", all->occasion.id != 0 ? id : NULL);
    json_add_bool(root, "made_up", all->made_up);
    struct json *list = json_add_array(root, "messages");
    for (size_t i = 0; i < all->n; i++) {
        for (size_t k = 0; k < all->v[i].n_pieces; k++)
            add_piece(app, list, &all->v[i], &all->v[i].pieces[k]);
    }
}

/* ---- the page ---- */

/* Strings of one item that are ours. */
struct owned {
    char *what, *way, *note, *to, *files;
};

static void owned_fini(struct owned *own)
{
    free(own->what);
    free(own->way);
    free(own->note);
    free(own->to);
    free(own->files);
}

static struct page_item item_of(const struct app *app, const struct preview *p,
                                const struct preview_piece *piece, struct owned *own)
{
    const struct mail_view *m = &piece->mail;
    bool sms = piece->channel == CHANNEL_SMS && piece->rc == RC_OK;
    *own = (struct owned){name_of(p), way_of(piece), sms ? sms_words(app, &piece->size) : NULL,
                          recipient_of(piece), files_of(m)};
    struct page_item item = {
        .kind = piece->rc != RC_OK                 ? PAGE_TROUBLE
                : piece->channel == CHANNEL_EMAIL  ? PAGE_LETTER
                : channel_is_human(piece->channel) ? PAGE_SCRIPT
                                                   : PAGE_SMS,
        .dim = !p->goes,
        .when = own->way,
        .what = own->what,
        .state = piece->instead ? NULL : p->state,
        .html = m->html,
        .text = piece->rc != RC_OK ? piece->why.message : piece->text,
        .note = own->note,
    };
    if (piece->rc == RC_OK && piece->channel == CHANNEL_EMAIL) {
        const struct page_line lines[] = {
            {"From", m->from},       {"Reply-To", m->reply_to},       {"To", m->to},
            {"Subject", m->subject}, {"Preheader", piece->preheader}, {"Attached", own->files}};
        memcpy(item.lines, lines, sizeof lines);
    } else if (sms) {
        item.lines[0] = (struct page_line){"To", own->to};
    }
    return item;
}

char *previews_page(const struct app *app, const struct previews *all)
{
    size_t max = 0, n = 0;
    for (size_t i = 0; i < all->n; i++)
        max += all->v[i].n_pieces;
    struct page_item *items = xcalloc(max, sizeof *items);
    struct owned *own = xcalloc(max, sizeof *own);
    for (size_t i = 0; i < all->n; i++) {
        for (size_t k = 0; k < all->v[i].n_pieces; k++, n++)
            items[n] = item_of(app, &all->v[i], &all->v[i].pieces[k], &own[n]);
    }
    char *title = title_of(all), *page = page_write(title, items, n);
    free(title);
    for (size_t i = 0; i < n; i++)
        owned_fini(&own[i]);
    free(own);
    free(items);
    return page;
}
