/* The frame of a letter: the agency's head, the signature, the small print. It gives the layouts what authors never write:
 * pictures by their Content-ID, colours that can be read, links that can be dialled, and how to stop such letters. Texts
 * that stand here are those that no letter has; everything else is in templates/layout. Serves letter.c. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pps/str.h>

#include "escape.h"
#include "frame.h"
#include "shade.h"
#include "words.h"

#define DEFAULT_COLOR "#0b5cad"
/* The sheets of the shipped layout, on which links are read. */
#define LIGHT_SHEET "#ffffff"
#define DARK_SHEET "#1f252b"

enum { LOGO_MAX_WIDTH = 220, LOGO_MAX_HEIGHT = 64 };

static const struct small_print {
    const char *lang, *question;
    const char *words; /* on a link to a page */
    const char *write; /* before, or on, an address */
} small_print[] = {
    {"en", "Would you rather not get letters like this one?", "Unsubscribe", "Write to us"},
    {"ru", "Не хотите получать такие письма?", "Отписаться", "Напишите нам"},
    {"bg", "Не желаете да получавате такива писма?", "Отпишете се", "Пишете ни"},
};

static const struct small_print *small_print_in(const char *lang)
{
    for (size_t i = 0; i < sizeof small_print / sizeof *small_print; i++) {
        if (strcmp(small_print[i].lang, lang) == 0)
            return &small_print[i];
    }
    return &small_print[0];
}

static const char *direction_of(const char *lang)
{
    static const char *const rtl[] = {"ar", "fa", "he", "ur", "yi"};
    for (size_t i = 0; i < sizeof rtl / sizeof *rtl; i++) {
        if (strcmp(rtl[i], lang) == 0)
            return "rtl";
    }
    return "ltr";
}

static const char *text_in(const struct value *data, const char *object, const char *key)
{
    const struct value *o = value_member(data, object, strlen(object));
    return value_get_text(value_member(o, key, strlen(key)));
}

static void set_number(struct value *object, const char *key, int number)
{
    char text[16];
    (void)snprintf(text, sizeof text, "%d", number);
    value_set(object, key, value_text(text));
}

static void set_picture(struct value *data, const char *key, const struct picture *picture,
                        int width, int height)
{
    struct value *v = value_object();
    value_set(v, "cid", value_text(picture->cid));
    set_number(v, "width", width);
    set_number(v, "height", height);
    if (picture->cid[0] == '\0')
        value_set_absent(v);
    value_set(data, key, v);
}

/* As large as the head of a letter has room for; files are often twice as large, for fine screens. */
static void fit(const struct picture *logo, int *ret_width, int *ret_height)
{
    long w = logo->width, h = logo->height;
    if (w > LOGO_MAX_WIDTH) {
        h = h * LOGO_MAX_WIDTH / w;
        w = LOGO_MAX_WIDTH;
    }
    if (h > LOGO_MAX_HEIGHT) {
        w = w * LOGO_MAX_HEIGHT / h;
        h = LOGO_MAX_HEIGHT;
    }
    *ret_width = w > 0 ? (int)w : 1;
    *ret_height = h > 0 ? (int)h : 1;
}

static enum rc find_pictures(const struct frame *f, struct enclosures *pictures,
                             struct picture *logo, struct picture *portrait, struct err *err)
{
    const struct staff *signer = f->in->signer;
    const char *from = f->in->config->email.from, *at = from != NULL ? strrchr(from, '@') : NULL;
    const char *domain = at != NULL ? at + 1 : "pps.invalid";
    enum rc rc = picture_find(pictures, f->templates_dir, "logo", domain, logo, NULL, err);
    if (rc == RC_OK && signer != NULL)
        rc = picture_find(pictures, f->templates_dir, signer->login, domain, portrait, NULL, err);
    return rc;
}

/* The check of one template goes without them: a bad picture would be found in every letter anew. */
static enum rc add_pictures(const struct frame *f, struct value *data, struct enclosures *pictures,
                            struct err *err)
{
    struct picture logo = {0}, portrait = {0};
    int width = 0, height = 0;
    enum rc rc = f->in != NULL ? find_pictures(f, pictures, &logo, &portrait, err) : RC_OK;
    if (rc != RC_OK)
        return rc;
    if (logo.cid[0] != '\0')
        fit(&logo, &width, &height);
    set_picture(data, "logo", &logo, width, height);
    set_picture(data, "portrait", &portrait, 64, 64);
    return RC_OK;
}

static void add_colors(const struct frame *f, struct value *data)
{
    char light[SHADE_BYTES], dark[SHADE_BYTES];
    const char *color = str_or(f->in != NULL ? f->in->config->agency.color : NULL, DEFAULT_COLOR);
    struct value *v = value_object();
    shade_readable(color, LIGHT_SHEET, light);
    shade_readable(color, DARK_SHEET, dark);
    value_set(v, "main", value_text(color));
    value_set(v, "on_main", value_text(shade_text_on(color)));
    value_set(v, "link", value_text(light));
    value_set(v, "link_dark", value_text(dark));
    value_set(data, "color", v);
}

/* "+7 903 555-44-33" -> "tel:+79035554433"; "" when there is nothing to dial. */
static char *dialled(const char *phone)
{
    struct sb sb = {0};
    for (const char *c = phone; *c != '\0'; c++) {
        if (strchr("+0123456789", *c) != NULL)
            sb_addc(&sb, *c);
    }
    char *tel = sb.len > 0 ? xasprintf("tel:%s", sb_str(&sb)) : xstrdup("");
    sb_fini(&sb);
    return tel;
}

static void set_taken(struct value *object, const char *key, char *text)
{
    value_set(object, key, value_text(text));
    free(text);
}

static void add_no_links(struct value *data)
{
    static const char *const keys[] = {"phone", "tel", "email", "site", "site_words"};
    struct value *v = value_object();
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        value_set(v, keys[i], value_text(""));
    value_set(data, "reach", v);
}

/* Who is written and called: the signer's own line and address, else the agency's. */
static void add_links(struct value *data)
{
    struct value *v = value_object();
    const char *phone = str_or(text_in(data, "signer", "phone"), text_in(data, "agency", "phone"));
    const char *email = str_or(text_in(data, "signer", "email"), text_in(data, "agency", "email"));
    const char *site = text_in(data, "agency", "site");
    bool whole = str_starts(site, "https://") || str_starts(site, "http://");
    value_set(v, "phone", value_text(phone));
    set_taken(v, "tel", dialled(phone));
    value_set(v, "email", value_text(email));
    set_taken(v, "site", whole || *site == '\0' ? xstrdup(site) : xasprintf("https://%s", site));
    value_set(v, "site_words", value_text(text_in(data, "agency", "site_words")));
    value_set(data, "reach", v);
}

static void add_way_out(const struct frame *f, struct value *data)
{
    struct value *v = value_object();
    const struct way_out *way = f->way_out;
    const struct small_print *print = small_print_in(f->lang);
    bool is_link = way->url != NULL;
    value_set(v, "question", value_text(print->question));
    value_set(v, "words", value_text(is_link ? print->words : print->write));
    value_set(v, "url", value_text(is_link ? way->url : way->mailto));
    value_set(v, "text", value_text(is_link ? way->url : way->address));
    if (way->address == NULL)
        value_set_absent(v);
    value_set(data, "stop", v);
}

enum rc frame_add(const struct frame *f, struct value *data, struct enclosures *pictures,
                  struct err *err)
{
    value_set(data, "subject", value_text(f->subject));
    value_set(data, "preheader", value_text(f->preheader));
    value_set(data, "sign_off",
              value_text(f->inside ? "" : str_or(f->sign_off, words_sign_off(f->lang))));
    value_set(data, "dir", value_text(direction_of(f->lang)));
    add_colors(f, data);
    (f->inside ? add_no_links : add_links)(data);
    add_way_out(f, data);
    return add_pictures(f, data, pictures, err);
}
