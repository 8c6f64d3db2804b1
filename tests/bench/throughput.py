#!/usr/bin/python3
"""How fast a tick hands letters over, beside Python's smtplib doing nothing else: the same letters, byte for byte, to the
same smtp-sink, one connection at a time, in one run and by turns.

    tests/bench/throughput.py build/pps              (part of make bench)

smtplib keeps no books: it does not know what it has sent when it dies. Once it opens a connection for each letter, as
pps does, and once it keeps one open for all."""

import os
import shutil
import smtplib
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

LETTERS, ROUNDS = 500, 5
NOW = "2026-12-01 10:00"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def start_sink(port):
    as_user = ["-u", "nobody"] if os.geteuid() == 0 else []
    sink = subprocess.Popen(["/usr/sbin/smtp-sink", *as_user, "127.0.0.1:%d" % port, "100"],
                            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return sink
        except ConnectionRefusedError:
            if sink.poll() is not None:
                sys.exit("smtp-sink did not start")


def make_agency(pps, folder, port):
    os.mkdir(folder)
    with open(folder + "/pps.json", "w", encoding="utf-8") as f:
        f.write('{"agency": {"name": "Bench"}, "email": {"gateway": "smtp", "from": "info@bench.example",'
                '"smtp": {"host": "127.0.0.1", "port": %d, "security": "none"}}}' % port)
    subprocess.run([pps, "--db", folder + "/pps.db", "--config", folder + "/pps.json", "--now", NOW, "init"],
                   check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for i in range(LETTERS):
        subprocess.run([pps, "--db", folder + "/pps.db", "--now", NOW, "add-client", "--name", "Клиент %d" % i, "--email",
                        "k%d@example.com" % i, "--departure", "+40d", "--return", "+50d", "--quiet"], check=True,
                       stdout=subprocess.DEVNULL)


def letters_of(folder):
    db = sqlite3.connect(folder + "/pps.db")
    rows = db.execute("SELECT recipient, bytes FROM message").fetchall()
    db.close()
    return rows


def by_tick(pps, origin, folder):
    shutil.copytree(origin, folder)
    began = time.perf_counter()
    done = subprocess.run([pps, "--db", folder + "/pps.db", "--now", NOW, "tick", "--max-runtime", "3600"], check=False,
                          capture_output=True, text=True)
    took = time.perf_counter() - began
    if not done.stdout.startswith("%d sent" % LETTERS):
        sys.exit("the tick said: %s%s" % (done.stdout, done.stderr))
    return took


def by_smtplib(port, letters, keep):
    began = time.perf_counter()
    server = smtplib.SMTP("127.0.0.1", port) if keep else None
    for recipient, message in letters:
        one = server or smtplib.SMTP("127.0.0.1", port)
        one.sendmail("info@bench.example", [recipient], bytes(message))
        if not keep:
            one.quit()
    if keep:
        server.quit()
    return time.perf_counter() - began


def main():
    pps = os.path.abspath(sys.argv[1])
    times = {"pps tick": [], "smtplib, a connection each": [], "smtplib, one connection": []}
    with tempfile.TemporaryDirectory(dir=os.path.dirname(pps)) as scratch:
        port = free_port()
        sink = start_sink(port)
        try:
            make_agency(pps, scratch + "/origin", port)
            for i in range(ROUNDS):
                folder = scratch + "/%d" % i
                times["pps tick"].append(by_tick(pps, scratch + "/origin", folder))
                letters = letters_of(folder)
                times["smtplib, a connection each"].append(by_smtplib(port, letters, False))
                times["smtplib, one connection"].append(by_smtplib(port, letters, True))
        finally:
            sink.terminate()
            sink.wait()
    base = statistics.median(times["pps tick"])
    print("%d letters to smtp-sink, one at a time; median of %d rounds" % (LETTERS, ROUNDS))
    for name, took in times.items():
        middle = statistics.median(took)
        print("  %-27s %7.2f s  %6.0f letters/s  %5.2f ms each   pps takes %5.1f times as long" %
              (name, middle, LETTERS / middle, 1000 * middle / LETTERS, base / middle))


main()
