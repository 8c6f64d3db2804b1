#!/usr/bin/python3 -B
"""Templates against two peers that are not ours.

Mustache: random templates and data are rendered by `pps render --lenient` and by pystache, and both must print the same
bytes. The peers are known to differ in what the specification leaves open, and the generator stays clear of it: a
number 0 and an object without members (false to pystache), flags that are printed (True). And of what it does not leave
open, blanks between a tag that is alone on its line and the end of the line, which pystache takes for text, and empty
lines of a part that is indented, which it leaves empty.

Places: hostile values in every place of a Markdown letter and of an HTML layout are read back by Python's HTML parser.
There must be exactly the elements and attributes that the author wrote, with the value where it was put.

Prints TAP."""

import html.parser
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import urllib.parse

import pystache

PPS = os.environ.get("PPS", "build/check/pps")
SEED, TEMPLATES = 20261122, 300


def render(folder, name, template, data, *options):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8", newline="") as f:
        f.write(template)
    with open(os.path.join(folder, "data.json"), "w", encoding="utf-8") as f:
        json.dump(data, f)
    run = subprocess.run([PPS, "render", path, "--data", "@" + os.path.join(folder, "data.json"), *options],
                         capture_output=True, env={"HOME": folder, "PATH": "/usr/bin:/bin"})
    return run.returncode, run.stdout.decode(), run.stderr.decode()


# ---- Mustache ----

NAMES = ["a", "b", "c", "a.b", "b.c", "a.b.c", "d", "."]
TEXTS = ["x", " ", "\n", "\r\n", "  ", "\t", "Мир", "}} {x", "{ {x", "\n\n", "word word\n", "|", "&", "'\""]
VALUES = ["", "v", "<b>&\"'", "{{a}}", "{{#b}}", "one\ntwo", "Мария", "  ", 7, 2.5, -1, True, False, None]


def data(rng, depth=0):
    kind = rng.random()
    if depth < 3 and kind < 0.45:
        return {k: data(rng, depth + 1) for k in rng.sample("abcd", rng.randint(1, 4))}
    if depth < 3 and kind < 0.6:
        return [data(rng, depth + 1) for _ in range(rng.randint(0, 3))]
    return rng.choice(VALUES)


class Template:
    """A random template; delimiters change on the way."""

    def __init__(self, rng, partials):
        self.rng, self.partials = rng, partials
        self.open, self.close = "{{", "}}"

    def tag(self, content):
        pad = self.rng.choice(["", "", " ", "\t "])
        sigil = content[0] if content[0] in "#^/>&" else ""
        return self.open + sigil + pad + content[len(sigil):] + pad + self.close

    def piece(self, depth):
        rng, kind = self.rng, self.rng.random()
        name = rng.choice(NAMES)
        if kind < 0.4:
            return rng.choice(TEXTS)
        if kind < 0.6:
            return self.tag(name)
        if kind < 0.65:
            return self.tag("&" + name)
        if kind < 0.7 and self.open == "{{":
            return "{{{" + name + "}}}"
        if kind < 0.74:
            return self.open + "! note\n more " + self.close
        if kind < 0.78:
            old = self.open, self.close
            self.open, self.close = rng.choice([("{{", "}}"), ("<%", "%>"), ("[[", "]]"), ("@", "@")])
            return "%s=%s %s=%s" % (old[0], self.open, self.close, old[1])
        if kind < 0.84 and self.partials:
            line = rng.choice(["", "\n", "\r\n"])
            return line + rng.choice(["", "  ", "\t"]) + self.tag(">" + rng.choice(self.partials)) + line
        if depth < 4:
            begin = rng.choice("#^")
            line = rng.choice(["", "\n", "\r\n"])
            start = line + rng.choice(["", "  "]) + self.tag(begin + name) + line
            middle = self.text(depth + 1)
            return start + middle + line + rng.choice(["", " "]) + self.tag("/" + name) + line
        return "."

    def text(self, depth=0):
        return "".join(self.piece(depth) for _ in range(self.rng.randint(0, 5)))


def random_text(rng, partials):
    return re.sub(r"[ \t]+(?=\r?\n|$)", "", Template(rng, partials).text())


class Flagged(Exception):
    pass


def printed(value):
    """pystache prints flags as Python does, and None not at all: what is left open is not compared."""
    if isinstance(value, (bool, dict, list)):
        raise Flagged
    return "" if value is None else str(value)


def peer(template, partials, values):
    renderer = pystache.Renderer(partials=partials, escape=lambda s: pystache.defaults.TAG_ESCAPE(s))
    renderer.str_coerce = printed
    return renderer.render(template, values).replace("&#x27;", "&#39;")


def same_as_pystache():
    rng = random.Random(SEED)
    compared = 0
    with tempfile.TemporaryDirectory() as folder:
        os.mkdir(os.path.join(folder, "partials"))
        while compared < TEMPLATES:
            partials = {name: re.sub(r"(?m)^(?=\n)", ".", random_text(rng, parts))
                        for name, parts in [("q", []), ("p", ["q"])]}
            template, values = random_text(rng, ["p", "q", "gone"]), {k: data(rng) for k in "abc"}
            try:
                expected = peer(template, partials, values)
            except Flagged:
                continue
            for name, text in partials.items():
                with open(os.path.join(folder, "partials", name + ".html"), "w", encoding="utf-8", newline="") as f:
                    f.write(text)
            status, out, err = render(folder, "t.html", template, values, "--lenient")
            if (status, out, err) != (0, expected, ""):
                return "template %r\npartials %r\ndata %s\nexpected %r\ngot %r %s" % (
                    template, partials, json.dumps(values), expected, out, err)
            compared += 1
    return None


# ---- places ----

HOSTILE = ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,<script>x</script>", "a) [b](javascript:c",
           "\"><script>alert(1)</script>", "' onclick='x", "a\nb\r\nBcc: c", "a b\tc", "<b>", "&lt;b&gt; &amp; &#60;",
           "](x", ">", "> [a](b", "\\", "\\)", "%0d%0a", "%", "?a&b#c", "{{v}}", "`a`", "*a* _b_", "![a](b)", "<!-- a -->",
           "Мария", "\u202eabc", "\U0001f3dd", "e\u0301", "a" * 5000, "//evil.example", "https://evil.example/",
           "+7 (903) 123-45-67", "evil@b.example?bcc=c@d", "x\x00y".replace("\x00", "\x01"), "]]>", "-->", "\\](x)"]


def part(value):
    return urllib.parse.quote(value, safe="-._~")


def mailbox(value):
    return urllib.parse.quote(value, safe="-._~@+")


def digits(value):
    return "".join(c for c in value if c in "+0123456789")


def line(value):
    """As values become one line in Markdown."""
    return " ".join("".join(" " if c in "\t\n\r\x01" else c for c in value if c != "\u202e").split())


# A link's destination in Markdown, with {{v}}, and what its href must be. What is written out is percent-encoded by the
# Markdown library where it is no ASCII.
LINKS = [
    ("https://x.example/?n={{v}}&s=1", lambda v: "https://x.example/?n=" + part(v) + "&s=1"),
    ("https://x.example/{{v}}", lambda v: "https://x.example/" + part(v)),
    ("<https://x.example/a b{{v}}>", lambda v: "https://x.example/a%20b" + part(v)),
    ("https://x.example/(a{{v}})", lambda v: "https://x.example/(a" + part(v) + ")"),
    ("x.example?n={{v}}", lambda v: "https://x.example?n=" + part(v)),
    ("tel:{{v}}", lambda v: "tel:" + digits(v)),
    ("<tel:{{v}}>", lambda v: "tel:" + digits(v)),
    ("mailto:{{v}}", lambda v: "mailto:" + mailbox(v)),
    ("mailto:a@x.example?subject={{v}}", lambda v: "mailto:a@x.example?subject=" + part(v)),
]

# HTML with {{v}}, and the elements with attributes that must come of it.
LAYOUTS = [
    ('<p title="{{v}}">', lambda v: [("p", [("title", v)])]),
    ("<p title='{{v}}'>{{v}}</p>", lambda v: [("p", [("title", v)])]),
    ('<a href="https://x.example/?a=b&amp;n={{v}}#c">', lambda v: [("a", [("href", "https://x.example/?a=b&n=" + part(v) + "#c")])]),
    ('<img alt="{{v}}" src="cid:{{v}}">', lambda v: [("img", [("alt", v), ("src", "cid:" + mailbox(v))])]),
    ('<a href="tel:{{v}}">', lambda v: [("a", [("href", "tel:" + digits(v))])]),
    ('<p style="color: {{v}}">', lambda v: [("p", [("style", "color: " + "".join(
        c for c in v if c in "-#.,% " or c.isascii() and c.isalnum()))])]),
]


class Elements(html.parser.HTMLParser):
    def __init__(self):
        super().__init__()
        self.found, self.words = [], []

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, attrs))

    def handle_data(self, words):
        self.words.append(words)

    def handle_comment(self, words):
        self.found.append(("comment", words))

    handle_decl = unknown_decl = handle_pi = handle_comment


def elements(text):
    parser = Elements()
    parser.feed(text)
    parser.close()
    return parser.found, "".join(parser.words)


def values_stay_in_their_links():
    with tempfile.TemporaryDirectory() as folder:
        for value in HOSTILE:
            words, links = line(value), LINKS
            if not re.search("[0-9]", words):  # a number that is none
                links = [link for link in LINKS if "tel:" not in link[0]]
                status, out, err = render(folder, "t.md", "[a](tel:{{v}})", {"v": value}, "--html")
                if status != 65 or out or "names no number" not in err:
                    return "%r as a number\ngot %r %s" % (value, out, err)
            template = "\n\n".join("*{{v}}* [{{v}}](%s)" % link for link, _ in links)
            status, out, err = render(folder, "t.md", template, {"v": value}, "--html")
            expected = [e for _, href in links for e in [("p", []), ("em", []), ("a", [("href", href(words))])]]
            found, text = elements(out)
            if (status, found, text.strip(), err) != (0, expected, "\n".join([words + " " + words] * len(links)), ""):
                return "%r\nexpected %r\ngot %r: %r %s" % (value, expected, found, out, err)
    return None


def a_whole_address_is_one_or_none():
    with tempfile.TemporaryDirectory() as folder:
        for value in HOSTILE:
            for name, template in [("t.md", "[a]({{v}})"), ("t.md", "[a](<{{v}}>)"), ("t.html", '<a href="{{v}}">a</a>')]:
                options = ["--html"] if name == "t.md" else []
                status, out, err = render(folder, name, template, {"v": value}, *options)
                if status == 65 and ("leads nowhere" in err or "names no" in err) and not out:
                    continue
                found, text = elements(out)
                links = [dict(attrs)["href"] for tag, attrs in found if tag == "a"]
                good = len(links) == 1 and links[0].startswith(("https://", "mailto:", "tel:"))
                if status != 0 or not good or any(tag not in "pa" for tag, _ in found) or text.strip() != "a":
                    return "%r in %r\ngot %r %s" % (value, template, out, err)
    return None


def values_stay_in_their_attributes():
    with tempfile.TemporaryDirectory() as folder:
        template = "".join(layout for layout, _ in LAYOUTS)
        for value in HOSTILE:
            status, out, err = render(folder, "t.html", template, {"v": value})
            expected = [e for _, wanted in LAYOUTS for e in wanted(value)]
            if (status, elements(out)[0], err) != (0, expected, ""):
                return "%r\nexpected %r\ngot %r %s" % (value, expected, out, err)
    return None


CASES = [same_as_pystache, values_stay_in_their_links, a_whole_address_is_one_or_none, values_stay_in_their_attributes]


def main():
    print("1..%d" % len(CASES), flush=True)
    failed = 0
    for i, case in enumerate(CASES, 1):
        fault = case()
        failed += fault is not None
        print("%sok %d - %s" % ("not " if fault else "", i, case.__name__.replace("_", " ")))
        for text in (fault or "").splitlines():
            print("# " + text)
        sys.stdout.flush()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
