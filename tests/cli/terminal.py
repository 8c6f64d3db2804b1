#!/usr/bin/python3 -B
"""terminal.py [--raw] COMMAND...: runs the command on a terminal of its own, types standard input into it and writes what
the terminal shows to standard output (with LF). Ends with the command's exit status.

--raw makes a terminal that has no limit on the length of a line and shows nothing of what is typed."""

import os
import pty
import select
import sys
import termios
import time
import tty

args = sys.argv[1:]
raw = args[0] == "--raw"
typed = memoryview(sys.stdin.buffer.read())
child, master = pty.fork()
if child == 0:
    command = args[1:] if raw else args
    if raw:
        tty.setraw(0)
    else:
        attributes = termios.tcgetattr(0)
        attributes[3] &= ~termios.ECHO
        termios.tcsetattr(0, termios.TCSANOW, attributes)
    os.execvp(command[0], command)

# Typed only when the program has asked: what comes before it has the terminal in its hands could be lost or echoed.
shown, end = b"", time.monotonic() + 20
while time.monotonic() < end:
    asked = shown != b""
    readable, writable, _ = select.select([master], [master] if typed and asked else [], [], 1)
    if readable:
        try:
            piece = os.read(master, 65536)
        except OSError:  # the other side is gone
            break
        if not piece:
            break
        shown += piece
    if writable:
        typed = typed[os.write(master, typed[:1024]):]
else:
    os.kill(child, 9)
sys.stdout.buffer.write(shown.replace(b"\r\n", b"\n"))
sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
