"""An nginx of the test's own, and an upstream that shows what arrives."""

import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from email import message_from_bytes
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.rooms.services import run
from tests.support.ports import free_port

TIMEOUT = 10.0


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Nginx:
    """Ports of a running nginx; `log` is its access log."""

    http: int
    https: int
    log: Path

    def connect(self, server_name: str = "localhost") -> ssl.SSLSocket:
        plain = socket.create_connection(("127.0.0.1", self.https), TIMEOUT)
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context.wrap_socket(plain, server_hostname=server_name)

    def ask(
        self,
        target: str,
        *,
        method: str = "GET",
        host: str = "localhost",
        headers: dict[str, str] | None = None,
        body: bytes = b"",
    ) -> Answer:
        """Send the target over TLS as it stands, unnormalised."""
        with self.connect() as connection:
            connection.sendall(message(target, method, host, headers or {}, body))
            return parse(receive(connection))

    def ask_plain(self, target: str, host: str = "localhost") -> bytes:
        """The whole answer on port 80: empty where nginx closes the connection."""
        with socket.create_connection(("127.0.0.1", self.http), TIMEOUT) as connection:
            connection.sendall(message(target, "GET", host, {}, b""))
            return receive(connection)


def message(target: str, method: str, host: str, headers: dict[str, str], body: bytes) -> bytes:
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", "Connection: close"]
    if body:
        lines.append(f"Content-Length: {len(body)}")
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def receive(connection: socket.socket) -> bytes:
    received = b""
    try:
        while data := connection.recv(65536):
            received += data
    except (ConnectionResetError, ssl.SSLEOFError):
        pass
    return received


def parse(raw: bytes) -> Answer:
    head, _, body = raw.partition(b"\r\n\r\n")
    status, _, fields = head.partition(b"\r\n")
    message = message_from_bytes(fields)
    headers = {name.lower(): value for name, value in message.items()}
    if headers.get("transfer-encoding") == "chunked":
        body = unchunk(body)
    return Answer(int(status.split()[1]), headers, body)


def unchunk(body: bytes) -> bytes:
    whole = b""
    while body:
        size, _, body = body.partition(b"\r\n")
        length = int(size, 16)
        whole += body[:length]
        body = body[length + 2 :]
    return whole


def configuration(
    project: Path, folder: Path, ports: tuple[int, int], upstream: str, read_timeout: int
) -> Path:
    """Copy the project's configuration, with ports, paths and upstream of this machine."""
    shutil.copytree(project / "deploy" / "nginx", folder)
    run("sh", "make_certificate.sh", cwd=folder)
    path = folder / "app.conf"
    http, https = ports
    text = re.sub(r"^ +listen +\[::\].*\n", "", path.read_text(), flags=re.M)
    text = re.sub(r"listen( +)80\b", rf"listen\g<1>127.0.0.1:{http}", text)
    text = re.sub(r"listen( +)443\b", rf"listen\g<1>127.0.0.1:{https}", text)
    text = re.sub(r"server (127\.0\.0\.1:8000|unix:\S+) ", f"server {upstream} ", text)
    text = text.replace("/var/log/nginx/access.log", str(folder / "access.log"))
    text, shortened = re.subn(r"(client_\w+_timeout +)10s", r"\g<1>1s", text)
    assert shortened == 2
    text, shortened = re.subn(r"(proxy_read_timeout +)60s", rf"\g<1>{read_timeout}s", text)
    assert shortened == 1
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = [f"    {kind}_temp_path {folder}/{kind};\n" for kind in kinds]
    path.write_text(text.replace("http {\n", "http {\n" + "".join(temporary)))
    return path


@contextmanager
def serving(
    program: str, project: Path, folder: Path, upstream: str, read_timeout: int = 1
) -> Generator[Nginx]:
    """Run nginx with the project's configuration; timeouts, in seconds, are cut for tests."""
    http, https = free_port(), free_port()
    path = configuration(project, folder, (http, https), upstream, read_timeout)
    user = "user root; " if os.geteuid() == 0 else ""
    options = {
        "-p": folder,
        "-c": path,
        "-e": folder / "error.log",
        "-g": f"{user}daemon off; pid {folder}/nginx.pid;",
    }
    process = subprocess.Popen([program, *(str(word) for pair in options.items() for word in pair)])
    try:
        wait_for(https)
        yield Nginx(http, https, folder / "access.log")
    finally:
        process.terminate()
        process.wait(TIMEOUT)


def wait_for(port: int) -> None:
    deadline = time.monotonic() + TIMEOUT
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except ConnectionRefusedError:
            assert time.monotonic() < deadline, f"nothing listens on {port}"
            time.sleep(0.05)
        else:
            return


class Upstream(ThreadingHTTPServer):
    """Answers with what arrived; keeps the targets it was asked for."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Echo)
        self.targets: list[str] = []
        self.go_on = threading.Event()


class Echo(BaseHTTPRequestHandler):
    """`/slow` waits, `/stream` sends a line and waits to be told, `/big` is worth compressing."""

    protocol_version = "HTTP/1.1"
    server: Upstream

    def do_GET(self) -> None:
        self.server.targets.append(self.path)
        if self.path.startswith("/slow"):
            time.sleep(2)
        if self.path.startswith("/stream"):
            self.stream()
        elif self.path.startswith("/websocket"):
            self.upgrade()
        else:
            self.echo()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.do_GET()

    def echo(self) -> None:
        seen = {name.lower(): value for name, value in self.headers.items()}
        filling = "x" * 5000 if "big" in self.path else ""
        body = json.dumps({"target": self.path, "headers": seen, "filling": filling}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", '"7"')
        self.end_headers()
        self.wfile.write(body)

    def stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/csv")
        self.send_header("X-Accel-Buffering", "no")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"6\r\nfirst\n\r\n")
        self.wfile.flush()
        self.server.go_on.wait(TIMEOUT)
        self.wfile.write(b"5\r\nlast\n\r\n0\r\n\r\n")

    def upgrade(self) -> None:
        self.send_response_only(101)
        self.send_header("Upgrade", self.headers.get("Upgrade", ""))
        self.send_header("Connection", "Upgrade")
        self.end_headers()
        self.wfile.write(self.rfile.read(4))
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def echoing() -> Generator[Upstream]:
    upstream = Upstream()
    thread = threading.Thread(target=upstream.serve_forever, daemon=True)
    thread.start()
    try:
        yield upstream
    finally:
        upstream.go_on.set()
        upstream.shutdown()
        upstream.server_close()
