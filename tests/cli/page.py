#!/usr/bin/python3 -B
"""page.py FILE: what a browser would make of a page of pps preview, by the standard library's parser.

Prints the title, the headings and the bubbles, and at the end how many letters there are in frames and which tags or
attributes stand on the page that it does not make itself ("outside: nothing"). Frames must be sandboxed, and the documents in
them must hold no script, no event and nothing from elsewhere."""

import html.parser
import sys

OURS = {"html", "head", "meta", "title", "style", "body", "main", "article", "h1", "h2", "h3", "p", "dl", "dt", "dd", "iframe", "pre"}
LETTER = OURS | {"strong", "em", "a", "ul", "ol", "li", "br", "div", "span", "table", "tr", "td", "tbody", "img", "blockquote",
                 "hr", "center", "th"} - {"iframe"}
ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "name", "class", "sandbox", "title", "srcdoc"}
VOID = {"meta", "br", "hr", "img"}


class Page(html.parser.HTMLParser):
    def __init__(self, tags, attributes):
        super().__init__(convert_charrefs=True)
        self.tags, self.attributes = tags, attributes
        self.strange, self.frames, self.open, self.texts = [], [], [], []

    def handle_starttag(self, tag, attrs):
        if tag not in self.tags:
            self.strange.append("<%s>" % tag)
        values = dict(attrs)
        for name, value in attrs:
            if self.attributes and name not in self.attributes or name.startswith("on"):
                self.strange.append("%s=%r" % (name, value))
            if name in ("src", "href") and not (value or "").startswith(("https:", "http:", "mailto:", "tel:", "data:", "#")):
                self.strange.append("%s=%r" % (name, value))
        if tag == "iframe":
            if values.get("sandbox") != "":
                self.strange.append("a frame without a sandbox")
            self.frames.append(values.get("srcdoc", ""))
        if tag not in VOID:
            self.open.append((tag, values.get("class")))
            self.texts.append("")

    def handle_endtag(self, tag):
        if not self.open or self.open[-1][0] != tag:
            self.strange.append("</%s>" % tag)
            return
        name, kind = self.open.pop()
        text = self.texts.pop().strip()
        if name in ("title", "h2") or kind == "sms":
            print("%s: %s" % (kind if kind == "sms" else name, text))

    def handle_data(self, data):
        if self.texts:
            self.texts[-1] += data
        elif data.strip():
            self.strange.append(repr(data))

    def handle_comment(self, data):
        if self.attributes:
            self.strange.append("<!--")


def read(text, tags, attributes):
    page = Page(tags, attributes)
    page.feed(text)
    page.close()
    page.strange += ["<%s> is never closed" % tag for tag, _ in page.open]
    return page


text = open(sys.argv[1], encoding="utf-8").read()
whole = read(text, *((OURS, ATTRIBUTES) if "<iframe" in text else (LETTER, None)))
strange = list(whole.strange)
for letter in whole.frames:
    strange += read(letter, LETTER, None).strange
print("frames: %d, outside: %s" % (len(whole.frames), ", ".join(strange) or "nothing"))
