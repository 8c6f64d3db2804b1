"""Shows an .eml file as a person sees it: the headers that matter, and the text, or its first lines: letter.py FILE
[LINES]. Serves tests/demo.sh."""

import email
import email.header
import sys

with open(sys.argv[1], "rb") as f:
    mail = email.message_from_bytes(f.read())
for name in ("From", "Reply-To", "To", "Subject"):
    if name in mail:
        words = "".join(mail[name].splitlines())
        print("%s: %s" % (name, email.header.make_header(email.header.decode_header(words))))
for part in mail.walk():
    if part.get_content_type() == "text/plain":
        lines = part.get_payload(decode=True).decode(part.get_content_charset()).splitlines()
        shown = int(sys.argv[2]) if len(sys.argv) > 2 else len(lines)
        if shown > 0:
            print()
        for line in lines[:shown]:
            print(line.rstrip())
        if 0 < shown < len(lines):
            print("[…]")
