"""What a client should read, worked out a second time from the files of templates/: enough of Mustache for them,
dates in words, and what a person sees of an HTML letter."""

import html.parser
import os
import re
import unicodedata

MONTHS = {"ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря".split(),
          "en": "January February March April May June July August September October November December".split(),
          "bg": "януари февруари март април май юни юли август септември октомври ноември декември".split()}
TAG = re.compile(r"\{\{([#^/!&]?)(.*?)\}\}", re.S)


def fill(template, data):
    """Sections and variables; what is not in data is empty. Text: nothing is escaped."""
    out, stack = [], [("", True)]
    position = 0
    for tag in TAG.finditer(template):
        shown = all(show for _, show in stack)
        out.append(template[position:tag.start()] if shown else "")
        position = tag.end()
        kind, name = tag.group(1), tag.group(2).strip()
        if kind in ("#", "^"):
            stack.append((name, bool(data.get(name)) == (kind == "#")))
        elif kind == "/":
            if stack.pop()[0] != name:
                raise ValueError("{{/%s}} does not fit" % name)
        elif kind != "!" and shown:
            out.append(data.get(name) or "")
    return "".join(out) + template[position:]


def words(date, lang):
    """10 декабря; the year is left out, for all messages speak of this one."""
    return "%d %s" % (date.day, MONTHS[lang][date.month - 1])


def grouped(phone):
    """+79035550101 -> +7 903 555-01-01."""
    return "+7 %s %s-%s-%s" % (phone[2:5], phone[5:8], phone[8:10], phone[10:]) if phone else ""


def squeeze(text):
    return " ".join(text.split())


# ICAO Doc 9303, part 3: Russian names in passports.
ICAO = dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
                "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch ie y . e iu ia".replace(".", "").split(" ")))
PLAIN = {"«": '"', "»": '"', "—": "-", "–": "-", "…": "...", "№": "No.", "’": "'", "\u00a0": " "}


GSM7 = set("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
           "abcdefghijklmnopqrstuvwxyzäöñüà^{}\\[~]|€")


def latin(text):
    """As an SMS is written in Latin letters; no word of the tests is in capitals. What cannot be read then stays as it is."""
    out = []
    for c in text:
        low = c.lower()
        base = unicodedata.normalize("NFD", c)[0]
        if c in GSM7:
            out.append(c)
        elif c in PLAIN:
            out.append(PLAIN[c])
        elif low in ICAO:
            out.append(ICAO[low].capitalize() if c != low else ICAO[low])
        elif base.isascii():
            out.append(base)
        else:
            return text
    return "".join(out)


class Templates:
    def __init__(self, folder):
        self.folder = folder

    def read(self, *path):
        with open(os.path.join(self.folder, *path), encoding="utf-8") as f:
            return f.read()

    def sms(self, step, lang):
        """The words, and whether they go out in Latin letters."""
        text = self.read("sms", lang, step + ".txt").strip()
        has_head = re.match(r"(Transliterate|Parts): ", text)
        head, body = text.split("\n\n", 1) if has_head else ("", text)
        return body, "Transliterate: yes" in head.splitlines()

    def letter(self, step, lang):
        """(subject, preheader, body)"""
        head, body = self.read("letters", lang, step + ".md").split("\n\n", 1)
        fields = dict(line.split(": ", 1) for line in head.splitlines())
        return fields["Subject"], fields["Preheader"], body

    def plain_lines(self, step, lang):
        """Lines of a letter's body that stand, as they are, in every copy that a person signs and that goes to somebody who has
        complained of nothing: outside other sections, without markup."""
        body = re.sub(r"\{\{\^(signed_by_agency|unhappy)\}\}(.*?)\{\{/\1\}\}", r"\2", self.letter(step, lang)[2], flags=re.S)
        body = re.sub(r"\{\{([#^])(.*?)\}\}.*?\{\{/\2\}\}", "{", body, flags=re.S)
        lines = (re.sub(r"^- |\*\*", "", line).strip() for line in TAG.sub("{", body).splitlines())
        return [line for line in lines if line and not re.search(r"[{*\[\\<>&_]", line)]

    def merged_line(self, step, other, lang):
        """The first words of what a letter says when another step travels with it."""
        body = self.letter(step, lang)[2]
        return re.search(r"\{\{#merged\.%s\}\}\s*(\S[^\n]*)" % re.escape(other), body).group(1)


class VisibleText(html.parser.HTMLParser):
    """The words of an HTML page; style and title are none. Complains of elements that do not close."""

    VOID = ("br", "meta", "img", "hr", "link")
    INLINE = ("strong", "em", "a", "code", "b", "i", "span")

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.words, self.open, self.lang, self.title = [], [], None, ""
        self.feed(page)
        self.close()
        if self.open:
            raise ValueError("not closed: %s" % self.open)

    def handle_starttag(self, tag, attrs):
        if tag == "html":
            self.lang = dict(attrs).get("lang")
        if tag not in self.INLINE:
            self.words.append("\n")
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            raise ValueError("</%s> closes something else" % tag)
        if tag not in self.INLINE:
            self.words.append("\n")

    def handle_data(self, data):
        if "title" in self.open:
            self.title += data
        elif "style" not in self.open:
            self.words.append(data)

    def text(self):
        return squeeze("".join(self.words))
