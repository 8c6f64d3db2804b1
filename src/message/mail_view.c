/* An e-mail read back from its bytes by GMime: headers, the two texts, pictures, attachments; and the same e-mail turned
 * into a test for somebody else. Nothing is made anew here: whatever is not named stays as it is. Must not see templates or
 * clients. Serves service (preview, send-test) through <pps/mail_view.h>. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <gmime/gmime.h>

#include <pps/mail_view.h>
#include <pps/str.h>

#include "escape.h"

void mail_view_fini(struct mail_view *view)
{
    free(view->subject);
    free(view->from);
    free(view->to);
    free(view->reply_to);
    free(view->lang);
    free(view->text);
    free(view->html);
    for (size_t i = 0; i < view->n_files; i++) {
        free(view->files[i].name);
        free(view->files[i].type);
    }
    free(view->files);
    *view = (struct mail_view){0};
}

/* NULL: these bytes are no message. */
static GMimeMessage *parse(const char *bytes, size_t len)
{
    g_mime_init(); /* counted; see mime.c */
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes, len);
    GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    g_object_unref(parser);
    g_object_unref(stream);
    return message;
}

/* ---- reading ---- */

/* What GLib gave as one line of ours; frees it. */
static char *taken_line(char *glib)
{
    char *line = glib != NULL ? one_line(glib) : NULL;
    g_free(glib);
    return line;
}

/* A header as people read it, one line; NULL: there is none. Encoded words (RFC 2047) are decoded one by one: GMime 3.2 reads
 * neighbours of one charset as one text, and its base64 ends at the padding of the first. Blanks between them do not count. */
static char *header_of(GMimeMessage *message, const char *name)
{
    GMimeHeaderList *all = g_mime_object_get_header_list(GMIME_OBJECT(message));
    GMimeHeader *header = g_mime_header_list_get_header(all, name);
    if (header == NULL)
        return NULL;
    char *raw = xstrdup(str_or(g_mime_header_get_raw_value(header), "")), *save = NULL;
    struct sb text = {0};
    bool encoded = false;
    for (char *word = strtok_r(raw, " \t\r\n", &save); word != NULL;
         word = strtok_r(NULL, " \t\r\n", &save)) {
        bool now = str_starts(word, "=?") && str_ends(word, "?=");
        if (text.len > 0 && !(now && encoded))
            sb_addc(&text, ' ');
        char *plain = now ? g_mime_utils_header_decode_text(NULL, word) : NULL;
        sb_add(&text, plain != NULL ? plain : word);
        g_free(plain);
        encoded = now;
    }
    char *line = one_line(sb_str(&text));
    sb_fini(&text);
    free(raw);
    return line;
}

/* The bytes of a part, decoded; g_object_unref the result. */
static GMimeStream *content_of(GMimePart *part)
{
    GMimeStream *stream = g_mime_stream_mem_new();
    GMimeDataWrapper *content = g_mime_part_get_content(part);
    if (content != NULL)
        (void)g_mime_data_wrapper_write_to_stream(content, stream);
    return stream;
}

static const GByteArray *bytes_of(GMimeStream *stream)
{
    return g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
}

static char *text_of(GMimePart *part)
{
    char *raw = g_mime_text_part_get_text(GMIME_TEXT_PART(part));
    struct sb text = {0};
    for (const char *p = raw != NULL ? raw : ""; *p != '\0'; p++) {
        if (*p != '\r' || p[1] != '\n')
            sb_addc(&text, *p);
    }
    g_free(raw);
    return sb_take(&text);
}

static char *type_of(GMimePart *part)
{
    return taken_line(
        g_mime_content_type_get_mime_type(g_mime_object_get_content_type(GMIME_OBJECT(part))));
}

static void add_file(struct mail_view *view, GMimePart *part)
{
    GMimeStream *content = content_of(part);
    const char *name = g_mime_part_get_filename(part);
    vec_reserve(&view->files, view->n_files, &view->cap_files, sizeof *view->files);
    view->files[view->n_files++] = (struct mail_file){
        .name = one_line(name != NULL ? name : ""),
        .type = type_of(part),
        .bytes = bytes_of(content)->len,
    };
    g_object_unref(content);
}

static void read_part(GMimeObject *parent, GMimeObject *object, gpointer ctx)
{
    struct mail_view *view = ctx;
    (void)parent;
    if (!GMIME_IS_PART(object))
        return;
    GMimePart *part = GMIME_PART(object);
    GMimeContentType *type = g_mime_object_get_content_type(object);
    if (g_mime_part_is_attachment(part))
        add_file(view, part);
    else if (g_mime_content_type_is_type(type, "text", "plain") && view->text == NULL)
        view->text = text_of(part);
    else if (g_mime_content_type_is_type(type, "text", "html") && view->html == NULL)
        view->html = text_of(part);
}

/* ---- pictures ---- */

/* Puts `with` in the place of every `what`; takes text, gives a new one. */
static char *replaced(char *text, const char *what, const char *with)
{
    struct sb out = {0};
    const char *rest = text;
    for (const char *at; (at = strstr(rest, what)) != NULL; rest = at + strlen(what)) {
        sb_addn(&out, rest, (size_t)(at - rest));
        sb_add(&out, with);
    }
    sb_add(&out, rest);
    free(text);
    return sb_take(&out);
}

/* "cid:…" as an attribute's whole value: what data says of it in a text has no such quotation marks. */
static void show_picture(GMimeObject *parent, GMimeObject *object, gpointer ctx)
{
    struct mail_view *view = ctx;
    const char *id = g_mime_object_get_content_id(object);
    (void)parent;
    if (!GMIME_IS_PART(object) || id == NULL || view->html == NULL)
        return;
    GMimeStream *content = content_of(GMIME_PART(object));
    const GByteArray *bytes = bytes_of(content);
    char *base64 = g_base64_encode(bytes->data, bytes->len), *type = type_of(GMIME_PART(object));
    char *what = xasprintf("\"cid:%s\"", id);
    char *with = xasprintf("\"data:%s;base64,%s\"", type, base64);
    view->html = replaced(view->html, what, with);
    free(with);
    free(what);
    free(type);
    g_free(base64);
    g_object_unref(content);
}

enum rc mail_view_read(const char *bytes, size_t len, struct mail_view *ret, struct err *err)
{
    GMimeMessage *message = parse(bytes, len);
    if (message == NULL)
        return err_set(err, RC_INVALID, "these bytes are no e-mail");
    GMimeObject *body = g_mime_message_get_mime_part(message); /* has the Content-… headers */
    const char *lang = body != NULL ? g_mime_object_get_header(body, "Content-Language") : NULL;
    *ret = (struct mail_view){
        .subject = header_of(message, "Subject"),
        .from = header_of(message, "From"),
        .to = header_of(message, "To"),
        .reply_to = header_of(message, "Reply-To"),
        .lang = lang != NULL ? one_line(lang) : NULL,
    };
    g_mime_message_foreach(message, read_part, ret);
    g_mime_message_foreach(message, show_picture, ret);
    g_object_unref(message);
    return RC_OK;
}

/* ---- a test ---- */

static void set_date(GMimeMessage *message, const struct mail_test *test)
{
    GDateTime *utc = g_date_time_new_from_unix_utc(test->date);
    GTimeZone *zone = g_time_zone_new_offset(test->utc_offset);
    GDateTime *date = g_date_time_to_timezone(utc, zone);
    g_mime_message_set_date(message, date);
    g_date_time_unref(date);
    g_time_zone_unref(zone);
    g_date_time_unref(utc);
}

static void make_test(GMimeMessage *message, const struct mail_test *test)
{
    static const char *const not_theirs[] = {
        "To", "Cc", "Bcc", "List-Unsubscribe", "List-Unsubscribe-Post", "List-Id", "Feedback-ID",
    };
    char *was = header_of(message, "Subject");
    char *subject = xasprintf(MAIL_TEST_MARK "%s", str_or(was, ""));
    for (size_t i = 0; i < sizeof not_theirs / sizeof *not_theirs; i++)
        (void)g_mime_object_remove_header(GMIME_OBJECT(message), not_theirs[i]);
    set_date(message, test);
    g_mime_message_set_subject(message, subject, "utf-8");
    g_mime_message_set_message_id(message, test->message_id);
    InternetAddress *mailbox = internet_address_mailbox_new(NULL, test->to);
    internet_address_list_add(g_mime_message_get_addresses(message, GMIME_ADDRESS_TYPE_TO),
                              mailbox);
    g_object_unref(mailbox);
    g_mime_object_set_header(GMIME_OBJECT(message), "X-PPS-Test", "yes", NULL);
    free(subject);
    free(was);
}

enum rc mail_as_test(const char *bytes, size_t len, const struct mail_test *test, char **ret_bytes,
                     size_t *ret_len, struct err *err)
{
    GMimeMessage *message = parse(bytes, len);
    if (message == NULL)
        return err_set(err, RC_INVALID, "these bytes are no e-mail");
    make_test(message, test);
    GMimeFormatOptions *format = g_mime_format_options_new();
    g_mime_format_options_set_newline_format(format, GMIME_NEWLINE_FORMAT_DOS);
    GMimeStream *stream = g_mime_stream_mem_new();
    g_mime_object_write_to_stream(GMIME_OBJECT(message), format, stream);
    struct sb out = {0};
    sb_addn(&out, (const char *)bytes_of(stream)->data, bytes_of(stream)->len);
    if (!str_ends(sb_str(&out), "\r\n"))
        sb_add(&out, "\r\n");
    g_object_unref(stream);
    g_mime_format_options_free(format);
    g_object_unref(message);
    *ret_len = out.len;
    *ret_bytes = sb_take(&out);
    return RC_OK;
}
