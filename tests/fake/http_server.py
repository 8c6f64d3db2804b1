#!/usr/bin/python3
"""A scripted HTTP server for tests: loopback only, a free port, one connection after the other.

    http_server.py LOG [--tls DIR] [--cert NAME] [--signed DATE] [--old-tls] [NAME=ACTION ...]

Prints its port on stdout when it listens, and ends when its stdin is closed. A request for /NAME… gets
ACTION, a request for /status/NNN/… that status with the body "status NNN". ACTION is a JSON object:
    {"status": 200, "headers": {"X": "y"}, "body": "…", "length": 999, "then": "cut" | "reset"}
    {"raw": "…"}      these bytes and nothing else
    {"repeat": ["…", 1000000]}  a body of so many repetitions
    {"cut": true}     closes without a word; {"reset": true} with RST
    {"silent": true}  says nothing until the other side hangs up
"length" is what Content-Length claims. The options are those of smtp_server.py. LOG gets
{"request": "GET /… HTTP/1.1", "headers": {…}} before the answer goes out, {"end": "no request"} when none came,
{"error": "…"} when the connection broke: it stays empty only when nobody connected."""

import json
import os
import socket
import struct
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from smtp_server import CERTIFICATE, serve, tls_context  # noqa: E402


def read_request(sock):
    data = b""
    while b"\r\n\r\n" not in data:
        part = sock.recv(65536)
        if not part:
            return None, {}
        data += part
        if data[:1] == b"\x16":  # TLS, where none is spoken
            return None, {}
    lines = data.split(b"\r\n\r\n")[0].decode("latin-1").split("\r\n")
    return lines[0], dict(l.split(": ", 1) for l in lines[1:])


def reset(sock):
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def answer(sock, action):
    if action.get("reset"):
        reset(sock)
    if action.get("cut") or action.get("reset"):
        return
    if action.get("silent"):
        while sock.recv(4096):
            pass
        return
    if "raw" in action:
        sock.sendall(action["raw"].encode("latin-1"))
        return
    text, times = action.get("repeat", [action.get("body", ""), 1])
    body = text.encode("utf-8") * times
    headers = {"Content-Length": action.get("length", len(body)), "Content-Type": "text/html",
               "Connection": "close"}
    headers.update(action.get("headers", {}))
    head = "HTTP/1.1 %d x\r\n" % action.get("status", 200)
    head += "".join("%s: %s\r\n" % kv for kv in headers.items() if kv[1] is not None)
    sock.sendall(head.encode("latin-1") + b"\r\n" + body)
    if action.get("then") == "reset":
        reset(sock)


def main():
    args, folder, certificate = sys.argv[2:], None, {}
    while args and args[0].startswith("--"):
        word = args.pop(0)
        if word == "--tls":
            folder = args.pop(0)
        else:
            certificate.update(CERTIFICATE[word](args))
    context = tls_context(folder, **certificate) if folder else None
    actions = {k: json.loads(v) for k, v in (a.split("=", 1) for a in args)}

    def handle(sock, log):
        try:
            if context:
                sock = context.wrap_socket(sock, server_side=True)
            line, headers = read_request(sock)
            if line:
                log({"request": line, "headers": headers})
                path = line.split(" ")[1].lstrip("/").split("?")[0].split("/")
                if path[0] == "status":
                    action = {"status": int(path[1]), "body": "status " + path[1]}
                else:
                    action = actions[path[0]]
                answer(sock, action)
            else:
                log({"end": "no request"})
        except OSError as e:
            log({"error": type(e).__name__})
        finally:
            sock.close()

    serve(handle, sys.argv[1])


if __name__ == "__main__":
    main()
