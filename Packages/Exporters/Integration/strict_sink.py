#!/usr/bin/env python3
# SPDX-License-Identifier: MIT OR Apache-2.0
"""A receiver of OTLP over HTTP that looks at everything: strict_sink.py FILE

Listens on a free port of 127.0.0.1, which the first line of its output names, and appends one line of JSON to FILE for
each request: signal, headers, size, violations and the body without its content coding, in base64. What is no request
gets 400 and a google.rpc.Status; what breaks the rules of the content is taken and told of, as a real receiver takes it."""

import base64
import json
import re
import sys
import threading
import zlib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import otlp_rules

MAXIMUM_BODY = 256 << 20
MEDIA_TYPE = "application/x-protobuf"


def decompress(body: bytes) -> bytes:
    """One member of gzip and nothing behind it: some receivers take no more."""
    decoder = zlib.decompressobj(wbits=31)
    plain = decoder.decompress(body, MAXIMUM_BODY)
    if not decoder.eof:
        raise zlib.error("the member has no end")
    if decoder.unused_data:
        raise zlib.error("bytes behind the first member")
    return plain


def status(message: str) -> bytes:
    """A google.rpc.Status: code 3, and the message as field 2."""
    text = message.encode()[:100]
    return b"\x08\x03\x12" + bytes([len(text)]) + text


class Sink(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    lock = threading.Lock()
    file = None

    def do_POST(self) -> None:
        path = re.fullmatch(r"/v1/(traces|metrics|logs)", self.path)
        length = self.headers.get("Content-Length", "")
        if not path or not length.isdigit() or int(length) > MAXIMUM_BODY:
            self.close_connection = True
            return self.answer(404 if not path else 411, b"")
        signal = path.group(1)
        body = self.rfile.read(int(length))
        entry = {"signal": signal, "headers": {k.lower(): v for k, v in self.headers.items()}, "wire_bytes": len(body)}
        violations = []
        message = None
        coding = self.headers.get("Content-Encoding", "identity")
        try:
            if self.headers.get("Content-Type") != MEDIA_TYPE:
                violations.append(("header", "Content-Type", str(self.headers.get("Content-Type")), ""))
            elif coding not in ("identity", "gzip"):
                violations.append(("header", "Content-Encoding", coding, ""))
            else:
                body = decompress(body) if coding == "gzip" else body
                message, violations = otlp_rules.parse(signal, body)
        except zlib.error as error:
            violations.append(("gzip", signal, str(error), ""))
        entry["violations"] = violations
        entry["body"] = base64.b64encode(body).decode()
        with self.lock:
            self.file.write(json.dumps(entry) + "\n")
            self.file.flush()
        if message is None:
            self.answer(400, status(": ".join(violations[0][:3])))
        else:
            self.answer(200, otlp_rules.RESPONSES[signal]().SerializeToString())

    def answer(self, code: int, body: bytes) -> None:
        self.send_response(code)
        self.send_header("Content-Type", MEDIA_TYPE)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        print(format % arguments, file=sys.stderr)


class Server(ThreadingHTTPServer):
    daemon_threads = True
    # As many as connect at once while this one is busy with a request.
    request_queue_size = 64


def main() -> None:
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    Sink.file = open(sys.argv[1], "a", encoding="utf-8")
    server = Server(("127.0.0.1", 0), Sink)
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
