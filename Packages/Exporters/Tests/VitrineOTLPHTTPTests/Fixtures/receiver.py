#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""A receiver of OTLP over HTTP that fails as it is told.

    receiver.py LOG [--down] [--tls CERTIFICATE KEY] [--client-root ROOT] [--fault FAULT[=WORD]]...

Each request meets the next fault, all after the last one are answered 200. Prints its port. Ends with standard input, from
which `listen` opens a receiver that is down. Each request becomes a line of JSON in LOG, before it is answered."""

import argparse
import email.utils
import gzip
import json
import re
import socket
import ssl
import struct
import sys
import threading
import time

arguments = argparse.ArgumentParser()
arguments.add_argument("log")
arguments.add_argument("--down", action="store_true")
arguments.add_argument("--tls", nargs=2)
arguments.add_argument("--client-root")
arguments.add_argument("--fault", action="append", default=[])
options = arguments.parse_args()

# After these the sender knows that its records were taken.
TAKEN = ("200", "partial", "partial-gzip", "stale", "stale-reset", "slow", "oversize", "until-end")

lock = threading.Lock()
faults = list(options.fault)
log = open(options.log, "w", encoding="utf-8")
connections = 0


def answer(code: int, headers: str = "", body: bytes = b"") -> bytes:
    return f"HTTP/1.1 {code} Word\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body


def partial(count: int, message: bytes = b"no") -> bytes:
    inner = b"\x08" + bytes([count]) + b"\x12" + bytes([len(message)]) + message
    return b"\x0a" + bytes([len(inner)]) + inner


def status(message: bytes) -> bytes:
    return b"\x08\x03\x12" + bytes([len(message)]) + message


def reset(connection: socket.socket) -> None:
    """Closes with a reset instead of an end."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def note(**what: object) -> None:
    with lock:
        log.write(json.dumps(what) + "\n")
        log.flush()


def handle(connection: socket.socket, number: int) -> None:
    stream = connection.makefile("rb")
    if stream.peek(1)[:1] == b"\x16":
        return connection.sendall(answer(400))  # TLS, which this is not
    while line := stream.readline():
        headers = {}
        while (field := stream.readline().strip()):
            name, _, value = field.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        with lock:
            fault, _, word = (faults.pop(0) if faults else "200").partition("=")
        length = int(headers.get("content-length", "0"))
        request = dict(connection=number, line=line.decode().strip(), headers=headers)
        if fault == "reset-within":
            stream.read(min(length, 10))
            note(**request, spans=[], isTaken=False)
            return reset(connection)
        if fault == "early":
            # Answers before it has read the body, and then reads it to throw it away.
            connection.sendall(answer(int(word), "Connection: close\r\n"))
            connection.shutdown(socket.SHUT_WR)
            while stream.read(1 << 16):
                pass
            return note(**request, spans=[], isTaken=False)
        if fault == "slow-read":
            body = b""
            while len(body) < length:
                body += stream.read(min(max(1, length // 20), length - len(body)))
                time.sleep(0.01)
            fault = "200"
        else:
            body = stream.read(length)
        if headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        spans = [int(found) for found in re.findall(rb"span<(\d+)>", body)]
        if fault == "at-most":
            fault = "200" if len(spans) <= int(word) else "413"
        is_taken = fault in TAKEN
        note(**request, spans=spans, isTaken=is_taken)
        if fault in ("partial", "partial-gzip"):
            body, header = partial(int(word)), ""
            if fault == "partial-gzip":
                body, header = gzip.compress(body), "Content-Encoding: gzip\r\n"
            connection.sendall(answer(200, header, body))
        elif fault == "stale":
            connection.sendall(answer(200))
            return connection.shutdown(socket.SHUT_RDWR)
        elif fault == "stale-reset":
            # The next request is on its way when the connection ends, and nobody reads it.
            connection.sendall(answer(200))
            stream.peek(1)
            return reset(connection)
        elif fault == "gzip-bomb":
            connection.sendall(answer(200, "Content-Encoding: gzip\r\n", gzip.compress(b"\x0a" * (16 << 20))))
        elif fault == "gzip-garbage":
            connection.sendall(answer(200, "Content-Encoding: gzip\r\n", b"not gzip"))
        elif fault == "slow":
            for byte in answer(200, "", partial(0, b"well")):
                connection.sendall(bytes([byte]))
                time.sleep(0.002)
        elif fault == "until-end":
            connection.sendall(b"HTTP/1.0 200 OK\r\n\r\n")
            return connection.shutdown(socket.SHUT_RDWR)
        elif fault == "oversize":
            try:
                connection.sendall(answer(200, "", b"\x0a" * (16 << 20)))
                note(wasReadWhole=True)
            except OSError:
                note(wasReadWhole=False)
            return None
        elif fault == "close":
            return connection.shutdown(socket.SHUT_RDWR)
        elif fault == "head-only":
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n")
            return connection.shutdown(socket.SHUT_RDWR)
        elif fault == "half-body":
            connection.sendall(answer(200, "", b"\x0a" * 20)[:-10])
            return connection.shutdown(socket.SHUT_RDWR)
        elif fault == "garbage":
            connection.sendall(b"\x00\xff SSH-2.0-nonsense\r\n\r\n")
            return connection.shutdown(socket.SHUT_RDWR)
        elif fault == "never":
            stream.read(1)
            return None
        elif fault == "redirect":
            connection.sendall(answer(307, "Location: /elsewhere\r\n"))
        elif fault == "429-date":
            date = email.utils.formatdate(time.time() + int(word), usegmt=True)
            connection.sendall(answer(429, f"Retry-After: {date}\r\n"))
        elif fault == "400":
            connection.sendall(answer(400, "", status(b"bad span")))
        else:
            header = f"Retry-After: {word}\r\n" if word else ""
            connection.sendall(answer(int(fault), header))
    return None


def serve(connection: socket.socket, number: int) -> None:
    try:
        if options.tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*options.tls)
            if options.client_root:
                context.load_verify_locations(options.client_root)
                context.verify_mode = ssl.CERT_REQUIRED
            connection = context.wrap_socket(connection, server_side=True)
        handle(connection, number)
    except OSError:
        pass
    finally:
        connection.close()
        note(closed=number)


def accept(listener: socket.socket) -> None:
    number = 0
    while True:
        connection, _ = listener.accept()
        number += 1
        threading.Thread(target=serve, args=(connection, number), daemon=True).start()


listener = socket.socket()
listener.bind(("127.0.0.1", 0))
# A port that is bound and not listened at refuses connections, and is nobody else's.
if not options.down:
    listener.listen(64)
    threading.Thread(target=accept, args=(listener,), daemon=True).start()
print(listener.getsockname()[1], flush=True)
for command in sys.stdin:
    if command.strip() == "listen":
        listener.listen(64)
        threading.Thread(target=accept, args=(listener,), daemon=True).start()
