"""Shows the .eml files as a person sees them: the headers that matter, and the text. Serves tests/demo.sh."""

import email
import email.header
import sys

for path in sys.argv[1:]:
    with open(path, "rb") as f:
        mail = email.message_from_bytes(f.read())
    for name in ("From", "To", "Reply-To", "Date", "Subject"):
        if name in mail:
            words = "".join(mail[name].splitlines())
            print("  %s: %s" % (name, email.header.make_header(email.header.decode_header(words))))
    print()
    for part in mail.walk():
        if part.get_content_type() == "text/plain":
            for line in part.get_payload(decode=True).decode(part.get_content_charset()).splitlines():
                print(("  " + line).rstrip())
