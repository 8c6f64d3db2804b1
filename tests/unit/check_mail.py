#!/usr/bin/python3
"""Reads every NAME.eml of a folder as a mail program would and compares it with NAME.json.

The second opinion on src/message/mime.c: the bytes are checked one by one, then parsed by Python's own
e-mail package and HTML parser. Prints every difference; exit status 1 when there is one.
"""
import email
import email.header
import email.policy
import email.utils
import html.parser
import json
import pathlib
import re
import sys
import unicodedata

problems = []


def expect(where, what, found, wanted):
    if found != wanted:
        problems.append(f"{where}: {what}: {found!r}, expected {wanted!r}")


class Words(html.parser.HTMLParser):
    """The elements and the visible words of an HTML document."""

    def __init__(self):
        super().__init__()
        self.elements, self.words, self.links = [], [], []
        self.remote = []

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        for name, value in attrs:
            if name == "href":
                self.links.append(value)
            if name in ("src", "background", "srcset") or (tag == "link" and name == "href"):
                self.remote.append(value)
            if name.startswith("on"):
                self.elements.append(name)

    def handle_data(self, data):
        self.words.append(data)


def check_words(where, head):
    """Each encoded word is whole by itself: so many characters, and no accent that stands apart from its letter."""
    expect(where, "encoded words on lines over 76", [x for x in head if b"=?" in x and len(x) > 76], [])
    for word in re.findall(rb"=\?utf-8\?[bq]\?[^?]*\?=", b"\n".join(head), re.I):
        (raw, charset), = email.header.decode_header(word.decode())
        text = raw.decode(charset)
        if unicodedata.combining(text[0]) and "\u0301" * 9 not in text:  # so many do not fit into a line
            problems.append(f"{where}: an accent without its letter begins {text!r}")


def check_bytes(where, raw):
    expect(where, "ends with CR LF", raw.endswith(b"\r\n"), True)
    expect(where, "bare LF", re.search(rb"(?<!\r)\n", raw), None)
    expect(where, "bare CR", re.search(rb"\r(?!\n)", raw), None)
    expect(where, "8-bit or control characters",
           re.search(rb"[^\x20-\x7e\r\n\t]", raw), None)
    lines = raw.split(b"\r\n")
    expect(where, "lines over 998", [x for x in lines if len(x) > 998], [])
    head = raw.split(b"\r\n\r\n", 1)[0].split(b"\r\n")
    expect(where, "header lines over 78", [x for x in head if len(x) > 78], [])
    charsets = {x.lower() for x in re.findall(rb"=\?([^?]+)\?[bq]\?", b"\n".join(head), re.I)}
    expect(where, "headers that begin with an empty line", [x for x in head if re.fullmatch(rb"[^ :]+:\s*", x)], [])
    check_words(where, head)
    expect(where, "other charsets in the header", charsets - {b"utf-8"}, set())
    body = raw.split(b"\r\n\r\n", 1)[1].split(b"\r\n")
    expect(where, "body lines over 78", [x for x in body if len(x) > 78], [])


def decoded(name):
    return str(email.header.make_header(email.header.decode_header(name)))


def check_headers(where, message, old, wanted):
    """Names are read by the older functions: the newer ones (Python 3.11) put a space between two encoded
    words that follow each other, against RFC 2047 section 6.2."""
    names = [name.lower() for name in message.keys()]
    expect(where, "headers", sorted(names), sorted(wanted["headers"]))
    for name in ("Subject", "Date", "Message-ID", "Auto-Submitted", "X-Auto-Response-Suppress",
                 "MIME-Version", "Content-Language", "Feedback-ID"):
        expect(where, name, message[name], wanted[name])
    for name in ("From", "To", "Reply-To"):
        found = [[decoded(n), a] for n, a in email.utils.getaddresses(old.get_all(name, []))]
        expect(where, name, found, wanted[name])


def check(path):
    where = path.stem
    wanted = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    raw = path.read_bytes()
    check_bytes(where, raw)
    message = email.message_from_bytes(raw, policy=email.policy.default)
    expect(where, "defects", [str(d) for part in message.walk() for d in part.defects], [])
    for name, value in message.items():
        expect(where, f"defects of {name}", [str(d) for d in value.defects], [])
    old = email.message_from_bytes(raw, policy=email.policy.compat32)
    check_headers(where, message, old, wanted)
    expect(where, "type", message.get_content_type(), "multipart/alternative")
    expect(where, "boundary", message.get_boundary(), wanted["boundary"])
    parts = list(message.iter_parts())
    expect(where, "parts", [p.get_content_type() for p in parts], ["text/plain", "text/html"])
    for part, key in zip(parts, ("text", "html")):
        expect(where, "charset", part.get_content_charset(), "utf-8")
        expect(where, "encoding", part["Content-Transfer-Encoding"], "quoted-printable")
        found = part.get_content()
        # A part ends before its boundary's line break, with or without its own: readers see no difference.
        expect(where, key, found.replace("\r\n", "\n").rstrip("\n"), wanted[key].rstrip("\n"))
    words = Words()
    words.feed(parts[1].get_content())
    words.close()
    expect(where, "remote resources", words.remote, [])
    bad = {"script", "iframe", "object", "img", "form", "onerror", "onload"}
    expect(where, "elements", sorted(bad & set(words.elements)), [])
    expect(where, "links", words.links, wanted["links"])
    expect(where, "the name is seen in the HTML", wanted["name"] in "".join(words.words), True)


def main():
    paths = sorted(pathlib.Path(sys.argv[1]).glob("*.eml"))
    if len(paths) != int(sys.argv[2]):
        problems.append(f"{len(paths)} messages, expected {sys.argv[2]}")
    for path in paths:
        check(path)
    for problem in problems:
        print(problem[:2000], file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
