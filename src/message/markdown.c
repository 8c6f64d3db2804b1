/* Markdown by cmark, which only this file and markdown_check.c see. cmark parses and writes the HTML in its safe
 * mode; the plain text is written here, from the same tree, so that both parts of a letter say the
 * same. Must not see templates or clients. Serves letter.c. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <cmark.h>

#include <pps/str.h>

#include "link.h"
#include "markdown.h"
#include "markdown_check.h"
#include "phone.h"
#include "typography.h"

enum { MAX_NESTING = 16 };

void markdown_parts_fini(struct markdown_parts *parts)
{
    free(parts->html);
    free(parts->text);
    for (size_t i = 0; i < parts->n_pictures; i++)
        free(parts->pictures[i].file);
    free(parts->pictures);
    *parts = (struct markdown_parts){0};
}

static bool has_scheme(const char *url, const char *scheme)
{
    return strncasecmp(url, scheme, strlen(scheme)) == 0;
}

/* --- plain text: within a paragraph ----------------------------------------------------------- */

static const char *without_scheme(const char *url)
{
    static const char *const schemes[] = {"https://", "http://", "mailto:", "tel:"};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        if (has_scheme(url, schemes[i]))
            return url + strlen(schemes[i]);
    }
    return url;
}

/* Whether the words of a link say its address already: spaces, dashes and a last slash do not
 * count. */
static bool says_the_same(const char *words, const char *url)
{
    const char *a = without_scheme(words), *b = without_scheme(url);
    for (;;) {
        a += strspn(a, " -()");
        b += strspn(b, " -()");
        if (*a == '\0' || *b == '\0')
            break;
        if (*a++ != *b++)
            return false;
    }
    return (*a == '\0' || strcmp(a, "/") == 0) && (*b == '\0' || strcmp(b, "/") == 0);
}

/* "words: address" when nothing follows, "words (address)" inside a sentence, so that no full stop
 * or comma sticks to the address. */
static void end_link(struct sb *out, size_t start, cmark_node *link)
{
    const char *url = cmark_node_get_url(link);
    const char *shown = has_scheme(url, "http") ? url : without_scheme(url);
    if (out->len == start) {
        sb_add(out, shown);
        return;
    }
    if (says_the_same(out->s + start, url))
        return;
    cmark_node *parent = cmark_node_parent(link);
    bool last = cmark_node_next(link) == NULL && parent != NULL &&
                cmark_node_get_type(parent) == CMARK_NODE_PARAGRAPH;
    sb_addf(out, last ? ": %s" : " (%s)", shown);
}

static char *inline_text(cmark_node *block)
{
    struct sb out = {0};
    size_t link_start = 0;
    cmark_iter *iter = cmark_iter_new(block);
    cmark_event_type event;
    while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        switch (cmark_node_get_type(node)) {
        case CMARK_NODE_TEXT:
        case CMARK_NODE_CODE:
            sb_add(&out, cmark_node_get_literal(node));
            break;
        case CMARK_NODE_SOFTBREAK:
            sb_addc(&out, ' ');
            break;
        case CMARK_NODE_LINEBREAK:
            sb_addc(&out, '\n');
            break;
        case CMARK_NODE_LINK:
            if (event == CMARK_EVENT_ENTER)
                link_start = out.len;
            else
                end_link(&out, link_start, node);
            break;
        default:
            break;
        }
    }
    cmark_iter_free(iter);
    return sb_take(&out);
}

/* --- plain text: blocks ----------------------------------------------------------------------- */

/* Appends text with `first` before its first line and `rest` before the others; empty lines stay
 * empty. */
static void add_indented(struct sb *out, const char *text, const char *first, const char *rest)
{
    for (const char *prefix = first;; prefix = rest) {
        size_t len = strcspn(text, "\n");
        if (len > 0)
            sb_add(out, prefix);
        sb_addn(out, text, len);
        if (text[len] == '\0')
            break;
        sb_addc(out, '\n');
        text += len + 1;
    }
}

static enum rc add_block(struct sb *out, cmark_node *block, int depth, struct err *err);

static enum rc add_children(struct sb *out, cmark_node *parent, const char *between, int depth,
                            struct err *err)
{
    enum rc rc = RC_OK;
    for (cmark_node *child = cmark_node_first_child(parent); child != NULL && rc == RC_OK;
         child = cmark_node_next(child)) {
        if (cmark_node_previous(child) != NULL)
            sb_add(out, between);
        rc = add_block(out, child, depth + 1, err);
    }
    return rc;
}

static enum rc add_list(struct sb *out, cmark_node *list, int depth, struct err *err)
{
    bool ordered = cmark_node_get_list_type(list) == CMARK_ORDERED_LIST;
    bool tight = cmark_node_get_list_tight(list);
    int number = cmark_node_get_list_start(list);
    enum rc rc = RC_OK;
    for (cmark_node *item = cmark_node_first_child(list); item != NULL && rc == RC_OK;
         item = cmark_node_next(item)) {
        struct sb body = {0};
        rc = add_children(&body, item, tight ? "\n" : "\n\n", depth + 1, err);
        char *mark = ordered ? xasprintf("%d. ", number++) : xstrdup("• ");
        char *rest = xasprintf("%*s", ordered ? (int)strlen(mark) : 2, "");
        if (cmark_node_previous(item) != NULL)
            sb_add(out, tight ? "\n" : "\n\n");
        add_indented(out, sb_str(&body), mark, rest);
        free(mark);
        free(rest);
        sb_fini(&body);
    }
    return rc;
}

static enum rc add_block(struct sb *out, cmark_node *block, int depth, struct err *err)
{
    if (depth > MAX_NESTING)
        return err_set(err, RC_INVALID, "lists and quotes are nested more than %d deep",
                       MAX_NESTING);
    struct sb inner = {0};
    char *text = NULL;
    enum rc rc = RC_OK;
    switch (cmark_node_get_type(block)) {
    case CMARK_NODE_LIST:
        rc = add_list(out, block, depth, err);
        break;
    case CMARK_NODE_BLOCK_QUOTE:
        rc = add_children(&inner, block, "\n\n", depth, err);
        add_indented(out, sb_str(&inner), "> ", "> ");
        break;
    case CMARK_NODE_CODE_BLOCK:
        text = xstrdup(cmark_node_get_literal(block));
        if (str_ends(text, "\n"))
            text[strlen(text) - 1] = '\0';
        add_indented(out, text, "    ", "    ");
        break;
    case CMARK_NODE_THEMATIC_BREAK:
        sb_add(out, "* * *");
        break;
    default: /* paragraph, heading */
        text = inline_text(block);
        sb_add(out, text);
        break;
    }
    sb_fini(&inner);
    free(text);
    return rc;
}

/* --- typography -------------------------------------------------------------------------------- */

struct nodes {
    cmark_node **v;
    size_t n, cap;
};

typedef bool of_node(cmark_node_type type);

static bool is_paragraph(cmark_node_type type)
{
    return type == CMARK_NODE_PARAGRAPH || type == CMARK_NODE_HEADING;
}

static bool is_piece(cmark_node_type type)
{
    return type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE || type == CMARK_NODE_SOFTBREAK ||
           type == CMARK_NODE_LINEBREAK;
}

/* Those below the root, in the order of the text. They are gathered first: an iterator does not bear changes. */
static void gather(cmark_node *root, of_node *fits, struct nodes *ret)
{
    cmark_event_type event;
    cmark_iter *iter = cmark_iter_new(root);
    while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (event != CMARK_EVENT_ENTER || !fits(cmark_node_get_type(node)))
            continue;
        vec_reserve(&ret->v, ret->n, &ret->cap, sizeof *ret->v);
        ret->v[ret->n++] = node;
    }
    cmark_iter_free(iter);
}

/* False: the piece holds what stands between pieces. */
static bool add_piece(struct sb *out, cmark_node *node)
{
    const char *words = "\n";
    if (cmark_node_get_type(node) == CMARK_NODE_CODE)
        words = TYPOGRAPHY_CODE;
    else if (cmark_node_get_type(node) == CMARK_NODE_TEXT)
        words = cmark_node_get_literal(node);
    sb_add(out, words);
    sb_add(out, TYPOGRAPHY_BREAK);
    return cmark_node_get_type(node) != CMARK_NODE_TEXT ||
           (strstr(words, TYPOGRAPHY_BREAK) == NULL && strstr(words, TYPOGRAPHY_CODE) == NULL);
}

/* The words of a node are set. The end of a line at which none may end becomes a blank that does not break. */
static void set_piece(cmark_node *node, const char *words)
{
    cmark_node_type type = cmark_node_get_type(node);
    if (type == CMARK_NODE_TEXT) {
        cmark_node_set_literal(node, words);
    } else if (type == CMARK_NODE_SOFTBREAK && words[0] != '\n') {
        cmark_node *blank = cmark_node_new(CMARK_NODE_TEXT);
        cmark_node_set_literal(blank, words);
        cmark_node_replace(node, blank);
        cmark_node_free(node);
    }
}

/* A paragraph is set as a whole: a quotation may begin in bold and end outside. */
static void typeset_paragraph(cmark_node *paragraph, const char *lang)
{
    struct nodes pieces = {0};
    struct sb all = {0};
    bool good = true;
    gather(paragraph, is_piece, &pieces);
    for (size_t i = 0; i < pieces.n; i++)
        good = add_piece(&all, pieces.v[i]) && good;
    char *set = typography(sb_str(&all), lang), *words = set;
    for (size_t i = 0; i < pieces.n && good; i++) {
        char *end = strstr(words, TYPOGRAPHY_BREAK);
        *end = '\0';
        set_piece(pieces.v[i], words);
        words = end + strlen(TYPOGRAPHY_BREAK);
    }
    free(set);
    sb_fini(&all);
    free(pieces.v);
}

static void typeset(cmark_node *document, const char *lang)
{
    struct nodes paragraphs = {0};
    gather(document, is_paragraph, &paragraphs);
    for (size_t i = 0; i < paragraphs.n; i++)
        typeset_paragraph(paragraphs.v[i], lang);
    free(paragraphs.v);
}

/* --- telephone numbers ------------------------------------------------------------------------- */

static bool is_in_link(cmark_node *node)
{
    while (node != NULL && cmark_node_get_type(node) != CMARK_NODE_LINK)
        node = cmark_node_parent(node);
    return node != NULL;
}

/* A number with its country can be tapped; of another it is not known where it leads from the reader's own. A hyphen that does
 * not break would not be dialled when it is copied, so the style says it; blanks that do not break are for programs that know
 * no such style. */
static void add_number(cmark_node *before, const char *number, size_t len)
{
    cmark_node *whole = cmark_node_new(CMARK_NODE_CUSTOM_INLINE);
    cmark_node *words = cmark_node_new(CMARK_NODE_TEXT);
    struct sb shown = {0}, enter = {0};
    bool tapped = number[0] == '+' && !is_in_link(before);
    sb_add(&enter, tapped ? "<a href=\"tel:+" : "<span");
    for (size_t i = 0; i < len; i++) {
        if (number[i] == ' ')
            sb_add(&shown, "\xC2\xA0");
        else
            sb_addc(&shown, number[i]);
        if (tapped && number[i] >= '0' && number[i] <= '9')
            sb_addc(&enter, number[i]);
    }
    sb_addf(&enter, "%s style=\"white-space:nowrap\">", tapped ? "\"" : "");
    cmark_node_set_on_enter(whole, sb_str(&enter));
    cmark_node_set_on_exit(whole, tapped ? "</a>" : "</span>");
    cmark_node_set_literal(words, sb_str(&shown));
    cmark_node_append_child(whole, words);
    cmark_node_insert_before(before, whole);
    sb_fini(&enter);
    sb_fini(&shown);
}

/* What stands around a number stays text. */
static void keep_numbers_whole(cmark_node *node)
{
    char *text = xstrdup(cmark_node_get_literal(node));
    size_t from = 0, at, len;
    while (phone_find(text, from, &at, &len)) {
        char *words = xstrndup(text + from, at - from);
        cmark_node *before = cmark_node_new(CMARK_NODE_TEXT);
        cmark_node_set_literal(before, words);
        cmark_node_insert_before(node, before);
        add_number(node, text + at, len);
        free(words);
        from = at + len;
    }
    if (from > 0)
        cmark_node_set_literal(node, text + from);
    free(text);
}

static bool is_link(cmark_node_type type)
{
    return type == CMARK_NODE_LINK;
}

static void make_hosts_ascii(cmark_node *document)
{
    struct nodes links = {0};
    gather(document, is_link, &links);
    for (size_t i = 0; i < links.n; i++) {
        char *url = link_ascii(cmark_node_get_url(links.v[i]));
        cmark_node_set_url(links.v[i], url);
        free(url);
    }
    free(links.v);
}

static bool is_text(cmark_node_type type)
{
    return type == CMARK_NODE_TEXT;
}

/* --- both ------------------------------------------------------------------------------------- */

static bool is_image(cmark_node_type type)
{
    return type == CMARK_NODE_IMAGE;
}

static void list_pictures(cmark_node *document, const char *markdown, struct markdown_parts *ret)
{
    struct nodes images = {0};
    gather(document, is_image, &images);
    ret->pictures = xcalloc(images.n + 1, sizeof *ret->pictures);
    for (size_t i = 0; i < images.n; i++) {
        const char *url = cmark_node_get_url(images.v[i]);
        ret->pictures[ret->n_pictures++] = (struct markdown_picture){
            .file = xstrdup(strchr(url, '/') + 1), .at = markdown_address(markdown, images.v[i])};
    }
    free(images.v);
}

static cmark_node *parse(const char *markdown)
{
    return cmark_parse_document(markdown, strlen(markdown),
                                CMARK_OPT_DEFAULT | CMARK_OPT_VALIDATE_UTF8);
}

void markdown_look(const char *markdown, const struct mustache_places *places,
                   markdown_report_fn *report, void *ctx)
{
    cmark_node *document = parse(markdown);
    size_t at;
    (void)!markdown_check(document, markdown, places, report, ctx, &at, NULL);
    cmark_node_free(document);
}

enum rc markdown_render(const char *markdown, struct markdown_parts *ret, struct err *err)
{
    size_t at;
    return markdown_typeset(markdown, NULL, NULL, ret, &at, err);
}

/* The plain text keeps marks and dashes, but has ordinary blanks: whoever reads it searches, copies and greps it, its
 * lines are short anyway, and some programs for terminals show the other kind as a sign of its own. */
enum rc markdown_typeset(const char *markdown, const struct mustache_places *places,
                         const char *lang, struct markdown_parts *ret, size_t *ret_at,
                         struct err *err)
{
    cmark_node *document = parse(markdown);
    struct sb text = {0};
    *ret_at = 0;
    enum rc rc = markdown_check(document, markdown, places, NULL, NULL, ret_at, err);
    cmark_consolidate_text_nodes(document);
    if (rc == RC_OK && lang != NULL)
        typeset(document, lang);
    if (rc == RC_OK)
        rc = add_children(&text, document, "\n\n", 0, err);
    if (rc == RC_OK)
        make_hosts_ascii(document); /* which the plain text shows as people read them */
    if (rc == RC_OK && lang != NULL) {
        struct nodes texts = {0};
        gather(document, is_text, &texts);
        for (size_t i = 0; i < texts.n; i++)
            keep_numbers_whole(texts.v[i]);
        free(texts.v);
    }
    if (rc == RC_OK) {
        *ret = (struct markdown_parts){.html = cmark_render_html(document, CMARK_OPT_DEFAULT),
                                       .text = typography_plain(sb_take(&text))};
        list_pictures(document, markdown, ret);
    }
    sb_fini(&text);
    cmark_node_free(document);
    return rc;
}
