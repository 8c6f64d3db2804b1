/* The page of a preview. A letter stands in a sandboxed frame by srcdoc, so that neither its styles nor anything that
 * somebody put into it reaches the page around it; everything else is text. The page's own policy forbids it to load or
 * run anything, and a srcdoc frame inherits that: whoever looks at a preview is not seen by anybody. Serves pps preview. */
#include <pps/page.h>
#include <pps/str.h>

static const char head[] =
    "<!doctype html>\n"
    "<html lang=\"en\">\n"
    "<head>\n"
    "<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
    "'unsafe-inline'; img-src data:; frame-src 'self'; base-uri 'none'; form-action 'none'\">\n"
    "<meta name=\"referrer\" content=\"no-referrer\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
    "<meta name=\"color-scheme\" content=\"light dark\">\n"
    "<style>\n"
    ":root { color-scheme: light dark; --back: #f3f4f6; --card: #fff; --ink: #1c2430; --pale: "
    "#5b6675; --line: #d9dee5; --sms: #e3f0ff; --bad: #b3261e; }\n"
    "@media (prefers-color-scheme: dark) { :root { --back: #14181d; --card: #1e242b; --ink: "
    "#e8ecf1; --pale: #a3adb9; --line: #39424d; --sms: #173a5e; --bad: #ff8a80; } }\n"
    "* { box-sizing: border-box; }\n"
    "body { margin: 0; padding: 24px 12px 48px; background: var(--back); color: var(--ink); font: "
    "16px/1.5 system-ui, sans-serif; }\n"
    "main { max-width: 760px; margin: 0 auto; }\n"
    "h1 { font-size: 24px; line-height: 1.25; margin: 0 0 20px; overflow-wrap: anywhere; }\n"
    "article { background: var(--card); border: 1px solid var(--line); border-radius: 12px; "
    "padding: 16px; margin: 0 0 20px; }\n"
    "article.dim { opacity: .6; }\n"
    "h2 { font-size: 17px; line-height: 1.3; margin: 0; overflow-wrap: anywhere; }\n"
    ".when, .state, .note { color: var(--pale); font-size: 14px; margin: 0; overflow-wrap: "
    "anywhere; }\n"
    "dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 12px; margin: 12px 0 0; "
    "font-size: 14px; }\n"
    "dt { color: var(--pale); } dd { margin: 0; overflow-wrap: anywhere; }\n"
    "iframe { display: block; width: 100%; height: 640px; margin: 12px 0 0; border: 1px solid "
    "var(--line); border-radius: 8px; background: #fff; resize: vertical; overflow: auto; }\n"
    ".sms { display: inline-block; max-width: 100%; margin: 12px 0 4px; padding: 10px 14px; "
    "border-radius: 16px 16px 16px 4px; background: var(--sms); white-space: pre-wrap; "
    "overflow-wrap: anywhere; }\n"
    ".script { margin: 12px 0 0; padding: 0 0 0 14px; border-left: 3px solid var(--line); "
    "white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; }\n"
    ".trouble { margin: 12px 0 0; color: var(--bad); overflow-wrap: anywhere; }\n"
    "@media print { iframe { height: 1000px; } article { break-inside: avoid; } }\n"
    "</style>\n";

/* Text, and the value of an attribute in quotation marks; also of srcdoc, which is read as HTML once more. */
static void add_text(struct sb *out, const char *s)
{
    for (; *s != '\0'; s++) {
        switch (*s) {
        case '&':
            sb_add(out, "&amp;");
            break;
        case '<':
            sb_add(out, "&lt;");
            break;
        case '>':
            sb_add(out, "&gt;");
            break;
        case '"':
            sb_add(out, "&quot;");
            break;
        case '\'':
            sb_add(out, "&#39;");
            break;
        default:
            sb_addc(out, *s);
        }
    }
}

/* <tag class="class">text</tag>, or nothing when there is no text. */
static void add_element(struct sb *out, const char *tag, const char *class, const char *text)
{
    if (str_empty(text))
        return;
    sb_addf(out, "<%s%s%s%s>", tag, class ? " class=\"" : "", str_or(class, ""), class ? "\"" : "");
    add_text(out, text);
    sb_addf(out, "</%s>\n", tag);
}

static void add_lines(struct sb *out, const struct page_item *item)
{
    const size_t max = sizeof item->lines / sizeof *item->lines;
    if (item->lines[0].name == NULL)
        return;
    sb_add(out, "<dl>\n");
    for (size_t i = 0; i < max && item->lines[i].name != NULL; i++) {
        if (str_empty(item->lines[i].value))
            continue;
        add_element(out, "dt", NULL, item->lines[i].name);
        add_element(out, "dd", NULL, item->lines[i].value);
    }
    sb_add(out, "</dl>\n");
}

static void add_letter(struct sb *out, const struct page_item *item)
{
    sb_add(out, "<iframe sandbox=\"\" title=\"");
    add_text(out, str_or(item->what, ""));
    sb_add(out, "\" srcdoc=\"");
    add_text(out, str_or(item->html, ""));
    sb_add(out, "\"></iframe>\n");
}

static void add_item(struct sb *out, const struct page_item *item)
{
    sb_addf(out, "<article%s>\n", item->dim ? " class=\"dim\"" : "");
    add_element(out, "p", "when", item->when);
    add_element(out, "h2", NULL, item->what);
    add_element(out, "p", "state", item->state);
    add_lines(out, item);
    switch (item->kind) {
    case PAGE_LETTER:
        add_letter(out, item);
        break;
    case PAGE_SMS:
        add_element(out, "p", "sms", item->text);
        break;
    case PAGE_SCRIPT:
        add_element(out, "pre", "script", item->text);
        break;
    case PAGE_TROUBLE:
        add_element(out, "p", "trouble", item->text);
        break;
    }
    add_element(out, "p", "note", item->note);
    sb_add(out, "</article>\n");
}

char *page_write(const char *title, const struct page_item *items, size_t n)
{
    struct sb out = {0};
    sb_add(&out, head);
    add_element(&out, "title", NULL, title);
    sb_add(&out, "</head>\n<body>\n<main>\n");
    add_element(&out, "h1", NULL, title);
    for (size_t i = 0; i < n; i++)
        add_item(&out, &items[i]);
    sb_add(&out, "</main>\n</body>\n</html>\n");
    return sb_take(&out);
}
