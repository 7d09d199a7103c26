# SPDX-License-Identifier: MIT OR Apache-2.0
"""Starts the receivers, each on free ports of 127.0.0.1, reads back what they got, and ends them in any case."""

import base64
import ctypes
import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

from google.protobuf.json_format import ParseDict

import otlp_rules

HERE = Path(__file__).resolve().parent
# A last resort, for what never comes: on a busy machine anything may take fifteen times its usual time.
PATIENCE_SECONDS = 300


class Failure(Exception):
    """A receiver or a program did not do its part; says which and where its log is."""


def kernels_first_port() -> int:
    """Where the ports begin that the kernel gives to whoever asks for any."""
    try:
        return int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return 32_768


def free_ports(count: int) -> list[int]:
    """Ports that are free, all different, and none that the kernel gives to another until the program has them."""
    end = kernels_first_port()
    range_of_own = range(10_000, end) if end > 12_000 else range(end, 60_000)
    found: list[int] = []
    for port in random.sample(range_of_own, len(range_of_own)):
        if len(found) == count:
            break
        with socket.socket() as candidate:
            try:
                candidate.bind(("127.0.0.1", port))
            except OSError:
                continue
        found.append(port)
    return found


def get(url: str, timeout: float = PATIENCE_SECONDS, **headers: str) -> bytes:
    request = urllib.request.Request(url, headers=headers)
    with urllib.request.urlopen(request, timeout=timeout) as answer:
        return answer.read()


def wait_for(what: str, condition, seconds: float = PATIENCE_SECONDS, log: Path | None = None):
    """Asks until there is an answer; what it throws meanwhile is told if time runs out."""
    end = time.monotonic() + seconds
    problem: object = "it never came"
    while time.monotonic() < end:
        try:
            if answer := condition():
                return answer
        except (OSError, ValueError, http.client.HTTPException) as error:
            problem = error
        time.sleep(0.1)
    raise Failure(f"{what}: waited {seconds:.0f} s, {problem}" + (f"; see {log}" if log else ""))


PR_SET_PDEATHSIG = 1  # linux/prctl.h
LIBC = ctypes.CDLL(None)


def end_with_parent() -> None:
    """In a new process: even a test runner that is killed leaves nothing behind."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


class Processes:
    """What was started here. Each is in a group of its own, and ends with this program however that ends."""

    def __init__(self, logs: Path) -> None:
        self.logs = logs
        self.running: list[tuple[str, subprocess.Popen]] = []
        self.receivers: list[tuple[str, subprocess.Popen]] = []

    def __enter__(self):
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda number, frame: sys.exit(128 + number))
        return self

    def __exit__(self, *_: object) -> None:
        for _, process in self.running:
            self.kill(process, signal.SIGTERM)
        end = time.monotonic() + 5
        for _, process in self.running:
            try:
                process.wait(timeout=max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                pass
            self.kill(process, signal.SIGKILL)
            process.wait()

    @staticmethod
    def kill(process: subprocess.Popen, number: int) -> None:
        if process.poll() is None:
            try:
                os.killpg(process.pid, number)
            except ProcessLookupError:
                pass

    def log(self, name: str) -> Path:
        return self.logs / f"integration-{name}.log"

    def start(self, name: str, command: list, **options) -> subprocess.Popen:
        with open(self.log(name), "ab") as log:
            options = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log} | options
            process = subprocess.Popen(
                [str(part) for part in command], start_new_session=True, preexec_fn=end_with_parent, **options
            )
        self.running.append((name, process))
        return process

    def start_receiver(self, name: str, command: list, **options) -> subprocess.Popen:
        """One that runs until it is ended."""
        process = self.start(name, command, **options)
        self.receivers.append((name, process))
        return process

    def check_alive(self) -> None:
        for name, process in self.receivers:
            if process.poll() is not None:
                raise Failure(f"{name} ended with code {process.returncode}; see {self.log(name)}")


def listens(port: int) -> bool:
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS):
        return True


class StrictSink:
    def __init__(self, processes: Processes, name: str, folder: Path) -> None:
        self.file = folder / f"{name}.jsonl"
        self.file.touch()
        log = processes.log(name)
        process = processes.start_receiver(name, [sys.executable, HERE / "strict_sink.py", self.file], stdout=subprocess.PIPE)
        line = process.stdout.readline().decode().strip()
        if not line.isdigit():
            raise Failure(f"{name} did not start; see {log}")
        self.url = f"http://127.0.0.1:{line}"

    def entries(self) -> list[dict]:
        with open(self.file, encoding="utf-8") as lines:
            return [json.loads(line) for line in lines if line.endswith("\n")]

    def requests(self, entries: list[dict]):
        for entry in entries:
            request = otlp_rules.REQUESTS[entry["signal"]]()
            request.ParseFromString(base64.b64decode(entry["body"]))
            yield entry["signal"], request


class TestAgent:
    """ddapm-test-agent: keeps requests as they came and gives them back as JSON, decoded by OpenTelemetry's own schema."""

    def __init__(self, processes: Processes, folder: Path) -> None:
        agent, http, grpc = free_ports(3)
        self.url = f"http://127.0.0.1:{http}"
        program = Path(sys.executable).with_name("ddapm-test-agent")
        ports = ["--port", agent, "--otlp-http-port", http, "--otlp-grpc-port", grpc]
        # Its snapshots and its web UI are of no use here.
        command = [program, "--host", "127.0.0.1", *ports, "--snapshot-dir", folder, "--web-ui-port", 0]
        processes.start_receiver("ddapm-test-agent", command, cwd=folder)
        wait_for("ddapm-test-agent does not listen", lambda: listens(http), log=processes.log("ddapm-test-agent"))

    def clear(self) -> None:
        get(f"{self.url}/test/session/clear")

    def requests(self):
        for signal_name, message in otlp_rules.REQUESTS.items():
            answer = json.loads(get(f"{self.url}/test/session/{signal_name}"))
            for encoded in answer:
                yield signal_name, ParseDict(encoded, message())


class Rotel:
    """A collector in Rust, which decodes what it gets and encodes it anew for the strict sink behind it."""

    def __init__(self, processes: Processes, folder: Path, sink: StrictSink) -> None:
        import rotel

        http, grpc = free_ports(2)
        self.url = f"http://127.0.0.1:{http}"
        command = [
            Path(rotel.__file__).with_name("rotel-agent"), "start",
            "--otlp-http-endpoint", f"127.0.0.1:{http}", "--otlp-grpc-endpoint", f"127.0.0.1:{grpc}",
            "--exporter", "otlp", "--otlp-exporter-endpoint", sink.url, "--otlp-exporter-protocol", "http",
            # What it takes for lost it sends again, and the records are there twice.
            "--otlp-exporter-request-timeout", f"{PATIENCE_SECONDS}s",
            # What several services sent goes out as one request, as behind any collector.
            # Beyond its batch size it loses data points: a request of ours has up to 11,001.
            "--otlp-exporter-compression", "gzip", "--batch-timeout", "1s", "--batch-max-size", "100000",
            "--pid-file", folder / "rotel.pid", "--log-file", folder / "rotel.log",
        ]  # fmt: skip
        processes.start_receiver("rotel", command, cwd=folder)
        wait_for("rotel does not listen", lambda: listens(http), log=processes.log("rotel"))


class Prometheus:
    """Scrapes as it is told, and answers queries."""

    def __init__(self, processes: Processes, folder: Path, configuration: str) -> None:
        (port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{port}"
        self.log = processes.log("prometheus")
        file = folder / "prometheus.yml"
        file.write_text(configuration, encoding="utf-8")
        command = [
            "prometheus", f"--config.file={file}", f"--storage.tsdb.path={folder / 'tsdb'}",
            f"--web.listen-address=127.0.0.1:{port}", "--enable-feature=exemplar-storage",
        ]  # fmt: skip
        processes.start_receiver("prometheus", command, cwd=folder)
        wait_for("prometheus is not ready", lambda: get(f"{self.url}/-/ready"), log=self.log)

    def ask(self, path: str, **parameters: str):
        query = urllib.parse.urlencode(parameters)
        try:
            answer = json.loads(get(f"{self.url}/api/v1/{path}?{query}"))
        except urllib.error.HTTPError as error:
            answer = json.loads(error.read())
        if answer["status"] != "success":
            raise ValueError(answer.get("error", answer))
        return answer["data"]

    def query(self, expression: str) -> list:
        return self.ask("query", query=expression)["result"]
