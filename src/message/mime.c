/* MIME by GMime, the only file that sees gmime.h. Date, Message-ID and boundary are given, never
 * invented here, because the bytes are frozen before the first attempt and must be the same
 * whenever they are built again. Must not see templates or clients. Serves email.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gmime/gmime.h>

#include <pps/str.h>

#include "header_words.h"
#include "mime.h"

/* RFC 5322 msg-id without its brackets, and RFC 2046 boundary: both come from our own code. */
static enum rc check_identity(const struct mail_identity *identity, struct err *err)
{
    static const char alnum[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    char allowed[sizeof alnum + 32];
    (void)snprintf(allowed, sizeof allowed, "%s._-+=@", alnum);
    const char *id = identity->message_id;
    if (strspn(id, allowed) != strlen(id) || strchr(id, '@') == NULL || strlen(id) > 200)
        return err_set(err, RC_INTERNAL, "the message id cannot stand in a header");
    (void)snprintf(allowed, sizeof allowed, "%s._-+=", alnum);
    size_t n = strlen(identity->boundary);
    if (strspn(identity->boundary, allowed) != n || n == 0 || n > 70 - 2)
        return err_set(err, RC_INTERNAL, "the boundary cannot stand in a header");
    return RC_OK;
}

static GMimeObject *new_part(const char *subtype, const char *text)
{
    GMimePart *part = g_mime_part_new_with_type("text", subtype);
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(text, strlen(text));
    GMimeDataWrapper *content =
        g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT);
    g_mime_object_set_content_type_parameter(GMIME_OBJECT(part), "charset", "utf-8");
    g_mime_part_set_content_encoding(part, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE);
    g_mime_part_set_content(part, content);
    g_object_unref(content);
    g_object_unref(stream);
    return GMIME_OBJECT(part);
}

/* RFC 2231, in UTF-8: GMime would choose the smallest charset that fits. */
static void add_filename(GMimeParamList *params, const char *key, const char *name)
{
    g_mime_param_list_set_parameter(params, key, name);
    GMimeParam *param = g_mime_param_list_get_parameter(params, key);
    g_mime_param_set_charset(param, "utf-8");
    g_mime_param_set_encoding_method(param, GMIME_PARAM_ENCODING_METHOD_RFC2231);
}

/* GMime writes ASCII as it is, and many programs decode that when it looks like an encoded word of RFC 2047. */
static void escape_filename(GMimeObject *part, const char *disposition, const char *name)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._";
    enum { PIECE = 16 }; /* characters on a line */
    struct sb raw = {0};
    sb_addf(&raw, " %s", disposition);
    for (size_t i = 0; name[i] != '\0'; i++) {
        if (i % PIECE == 0)
            sb_addf(&raw, ";\n\tfilename*%zu*=%s", i / PIECE, i == 0 ? "utf-8''" : "");
        sb_addf(&raw, strchr(plain, name[i]) != NULL ? "%c" : "%%%02X", (unsigned char)name[i]);
    }
    sb_add(&raw, "\n");
    GMimeHeaderList *headers = g_mime_object_get_header_list(part);
    if (strstr(name, "=?") != NULL)
        g_mime_header_set_raw_value(g_mime_header_list_get_header(headers, "Content-Disposition"),
                                    sb_str(&raw));
    sb_fini(&raw);
}

static GMimeObject *new_file_part(const struct enclosure *e)
{
    GMimeContentType *type = g_mime_content_type_parse(NULL, e->type);
    GMimePart *part = g_mime_part_new();
    GMimeStream *stream = g_mime_stream_mem_new_with_buffer(e->bytes, e->len);
    GMimeDataWrapper *content =
        g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT);
    GMimeContentDisposition *disposition = g_mime_content_disposition_new();
    g_mime_object_set_content_type(GMIME_OBJECT(part), type);
    if (g_mime_content_type_is_type(type, "text", "*"))
        g_mime_object_set_content_type_parameter(GMIME_OBJECT(part), "charset", "utf-8");
    g_mime_part_set_content_encoding(part, GMIME_CONTENT_ENCODING_BASE64);
    g_mime_part_set_content(part, content);
    const char *how = e->cid != NULL ? GMIME_DISPOSITION_INLINE : GMIME_DISPOSITION_ATTACHMENT;
    g_mime_content_disposition_set_disposition(disposition, how);
    add_filename(g_mime_content_disposition_get_parameters(disposition), "filename", e->name);
    g_mime_object_set_content_disposition(GMIME_OBJECT(part), disposition);
    escape_filename(GMIME_OBJECT(part), how, e->name);
    if (e->cid != NULL)
        g_mime_part_set_content_id(part, e->cid);
    g_object_unref(disposition);
    g_object_unref(content);
    g_object_unref(stream);
    g_object_unref(type);
    return GMIME_OBJECT(part);
}

static void set_date(GMimeMessage *message, const struct mail_identity *identity)
{
    GDateTime *utc = g_date_time_new_from_unix_utc(identity->date);
    GTimeZone *zone = g_time_zone_new_offset(identity->utc_offset);
    GDateTime *date = g_date_time_to_timezone(utc, zone);
    g_mime_message_set_date(message, date);
    g_date_time_unref(date);
    g_time_zone_unref(zone);
    g_date_time_unref(utc);
}

/* Takes value. */
static void set_raw(GMimeMessage *message, const char *header, struct sb *value)
{
    GMimeHeaderList *headers = g_mime_object_get_header_list(GMIME_OBJECT(message));
    sb_add(value, "\n");
    g_mime_header_set_raw_value(g_mime_header_list_get_header(headers, header), sb_str(value));
    sb_fini(value);
}

/* What GMime has made of a name that it would cut or begin badly, once more. */
static void rewrite_mailbox(GMimeMessage *message, const char *header, const char *name,
                            const char *address)
{
    enum { LINE = 76 }; /* one with an encoded word */
    struct sb value = {0};
    if (name == NULL || !header_needs_words(name))
        return;
    sb_add(&value, " ");
    size_t column = header_words(&value, strlen(header) + 2, name);
    bool fits = column + strlen(" <>") + strlen(address) <= LINE;
    sb_addf(&value, fits ? " <%s>" : "\n <%s>", address);
    set_raw(message, header, &value);
}

static void rewrite_subject(GMimeMessage *message, const char *subject)
{
    struct sb value = {0};
    if (!header_needs_words(subject))
        return;
    sb_add(&value, " ");
    (void)header_words(&value, strlen("Subject: "), subject);
    set_raw(message, "Subject", &value);
}

/* GMime would choose the smallest charset that fits; we want UTF-8 everywhere. */
static void add_mailbox(GMimeMessage *message, GMimeAddressType type, const char *name,
                        const char *address)
{
    InternetAddress *mailbox = internet_address_mailbox_new(name, address);
    internet_address_set_charset(mailbox, "utf-8");
    internet_address_list_add(g_mime_message_get_addresses(message, type), mailbox);
    g_object_unref(mailbox);
}

static void set_headers(GMimeMessage *message, const struct mime_mail *mail)
{
    static const struct {
        const char *name, *value;
    } fixed[] = {
        {"Auto-Submitted", "auto-generated"}, /* RFC 3834: no vacation replies */
        {"X-Auto-Response-Suppress", "OOF, AutoReply"},
    };
    set_date(message, mail->identity);
    add_mailbox(message, GMIME_ADDRESS_TYPE_FROM, mail->from_name, mail->from_address);
    if (mail->reply_to != NULL)
        add_mailbox(message, GMIME_ADDRESS_TYPE_REPLY_TO, NULL, mail->reply_to);
    add_mailbox(message, GMIME_ADDRESS_TYPE_TO, mail->to_name, mail->to_address);
    g_mime_message_set_subject(message, mail->subject, "utf-8");
    rewrite_mailbox(message, "From", mail->from_name, mail->from_address);
    rewrite_mailbox(message, "To", mail->to_name, mail->to_address);
    rewrite_subject(message, mail->subject);
    g_mime_message_set_message_id(message, mail->identity->message_id);
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        g_mime_object_set_header(GMIME_OBJECT(message), fixed[i].name, fixed[i].value, NULL);
    g_mime_object_set_header(GMIME_OBJECT(message), "Content-Language", mail->lang, NULL);
    g_mime_object_set_header(GMIME_OBJECT(message), "Feedback-ID", mail->feedback_id, NULL);
    g_mime_object_set_header(GMIME_OBJECT(message), "MIME-Version", "1.0", NULL);
}

/* Headers of which the two marks go together are for programs that read them by line: an address of ours is never broken. */
static void set_way_out(GMimeMessage *message, const struct mime_mail *mail)
{
    GMimeHeaderList *headers = g_mime_object_get_header_list(GMIME_OBJECT(message));
    if (mail->bulk)
        g_mime_object_set_header(GMIME_OBJECT(message), "Precedence", "bulk", NULL);
    if (mail->unsubscribe_mailto == NULL)
        return;
    char *value = mail->unsubscribe_url != NULL
                      ? xasprintf("<%s>,\n <%s>", mail->unsubscribe_url, mail->unsubscribe_mailto)
                      : xasprintf("<%s>", mail->unsubscribe_mailto);
    char *raw = xasprintf(" %s\n", value);
    g_mime_object_set_header(GMIME_OBJECT(message), "List-Unsubscribe", value, NULL);
    g_mime_header_set_raw_value(g_mime_header_list_get_header(headers, "List-Unsubscribe"), raw);
    if (mail->unsubscribe_url != NULL)
        g_mime_object_set_header(GMIME_OBJECT(message), "List-Unsubscribe-Post",
                                 "List-Unsubscribe=One-Click", NULL);
    free(raw);
    free(value);
}

/* No boundary of a letter may begin like another one of it, for programs that compare only the beginning: so each puts its
 * own letter before what they share. */
static GMimeMultipart *new_multipart(const char *subtype, const char *letter,
                                     const struct mime_mail *mail)
{
    GMimeMultipart *multipart = g_mime_multipart_new_with_subtype(subtype);
    char *boundary = xasprintf("%s%s", letter, mail->identity->boundary);
    g_mime_multipart_set_boundary(multipart, boundary);
    free(boundary);
    return multipart;
}

/* Takes `part`. */
static void put_part(GMimeMultipart *multipart, GMimeObject *part)
{
    g_mime_multipart_add(multipart, part);
    g_object_unref(part);
}

static void put_files(GMimeMultipart *multipart, const struct enclosures *files)
{
    for (size_t i = 0; i < files->n; i++)
        put_part(multipart, new_file_part(&files->v[i]));
}

/* The HTML, with the pictures that it shows. */
static GMimeObject *new_page(const struct mime_mail *mail)
{
    GMimeObject *html = new_part("html", mail->html);
    if (mail->pictures == NULL || mail->pictures->n == 0)
        return html;
    GMimeMultipart *related = new_multipart("related", "r", mail);
    g_mime_object_set_content_type_parameter(GMIME_OBJECT(related), "type", "text/html");
    put_part(related, html);
    put_files(related, mail->pictures);
    return GMIME_OBJECT(related);
}

static GMimeMessage *new_message(const struct mime_mail *mail)
{
    GMimeMessage *message = g_mime_message_new(FALSE);
    set_headers(message, mail);
    set_way_out(message, mail);
    GMimeMultipart *alternative = new_multipart("alternative", "", mail);
    put_part(alternative, new_part("plain", mail->text));
    put_part(alternative, new_page(mail));
    GMimeObject *whole = GMIME_OBJECT(alternative);
    if (mail->attachments != NULL && mail->attachments->n > 0) {
        GMimeMultipart *mixed = new_multipart("mixed", "m", mail);
        put_part(mixed, whole);
        put_files(mixed, mail->attachments);
        whole = GMIME_OBJECT(mixed);
    }
    g_mime_message_set_mime_part(message, whole);
    g_object_unref(whole);
    return message;
}

static char *bytes_of(GMimeMessage *message, size_t *ret_len)
{
    GMimeFormatOptions *format = g_mime_format_options_new();
    g_mime_format_options_set_newline_format(format, GMIME_NEWLINE_FORMAT_DOS);
    GMimeStream *stream = g_mime_stream_mem_new();
    g_mime_object_write_to_stream(GMIME_OBJECT(message), format, stream);
    const GByteArray *array = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    struct sb bytes = {0};
    sb_addn(&bytes, (const char *)array->data, array->len);
    if (!str_ends(sb_str(&bytes), "\r\n"))
        sb_add(&bytes, "\r\n");
    g_object_unref(stream);
    g_mime_format_options_free(format);
    *ret_len = bytes.len;
    return sb_take(&bytes);
}

enum rc mime_build(const struct mime_mail *mail, char **ret_bytes, size_t *ret_len, struct err *err)
{
    enum rc rc = check_identity(mail->identity, err);
    if (rc != RC_OK)
        return rc;
    /* Counted by GMime: only the first call works. There is no g_mime_shutdown(), because GMime 3.2
     * cannot be initialised again after it; its tables stay reachable until the process ends. */
    g_mime_init();
    GMimeMessage *message = new_message(mail);
    *ret_bytes = bytes_of(message, ret_len);
    g_object_unref(message);
    return RC_OK;
}
