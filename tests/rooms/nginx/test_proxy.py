"""What a running nginx lets in, adds and answers itself."""

import json
import re
import socket
import ssl
from pathlib import Path

import pytest

from tests.rooms.nginx.server import (
    TIMEOUT,
    Answer,
    Nginx,
    Upstream,
    message,
    parse,
    receive,
    serving,
)
from tests.rooms.servers import wait_for_text

HSTS = "max-age=31536000"


def problem(answer: Answer, status: int) -> None:
    """Check that the answer is a Problem of nginx's own with this status."""
    assert answer.status == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["strict-transport-security"] == HSTS
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    body = answer.json()
    assert body["status"] == status
    assert body["request_id"] == answer.headers["x-request-id"]
    assert {"type", "title", "detail", "instance"} <= body.keys()


def test_plain_http_is_redirected(nginx: Nginx) -> None:
    answer = parse(nginx.ask_plain("/items?limit=2"))

    assert answer.status == 308
    assert answer.headers["location"] == "https://localhost/items?limit=2"


def test_unknown_hosts_get_no_answer(nginx: Nginx, upstream: Upstream) -> None:
    before = len(upstream.targets)

    assert nginx.ask_plain("/", host="other.test") == b""
    with pytest.raises(ssl.SSLError), nginx.connect("other.test"):
        pass
    with nginx.connect() as connection:
        connection.sendall(message("/", "GET", "other.test", {}, b""))
        assert receive(connection) == b""
    assert len(upstream.targets) == before


def test_answers_of_the_application_pass_with_hsts(nginx: Nginx) -> None:
    answer = nginx.ask("/items?limit=2")

    assert answer.status == 200
    assert answer.json()["target"] == "/items?limit=2"
    assert answer.headers["strict-transport-security"] == HSTS
    assert answer.headers["server"] == "nginx"


def test_forwarded_headers_are_set_not_appended(nginx: Nginx) -> None:
    forged = {
        "X-Forwarded-For": "6.6.6.6",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Host": "evil.test",
        "Forwarded": "for=6.6.6.6;host=evil.test",
    }

    seen = nginx.ask("/", headers=forged).json()["headers"]

    assert seen["x-forwarded-for"] == "127.0.0.1"
    assert seen["x-forwarded-proto"] == "https"
    assert seen["host"] == "localhost"
    assert "x-forwarded-host" not in seen
    assert "forwarded" not in seen


def test_request_id_is_kept_or_made(nginx: Nginx) -> None:
    kept = nginx.ask("/", headers={"X-Request-ID": "a.B-9_"}).json()["headers"]
    made = nginx.ask("/", headers={"X-Request-ID": 'a"b'}).json()["headers"]
    long = nginx.ask("/", headers={"X-Request-ID": "a" * 129}).json()["headers"]

    assert kept["x-request-id"] == "a.B-9_"
    assert re.fullmatch(r"[0-9a-f]{32}", made["x-request-id"])
    assert re.fullmatch(r"[0-9a-f]{32}", long["x-request-id"])


@pytest.mark.parametrize(
    "target",
    [
        "/metrics",
        "/metrics/",
        "/metrics/x",
        "/metrics?x=1",
        "//metrics",
        "/./metrics",
        "/x/../metrics",
        "/METRICS",
        "/%6detrics",
        "/%2fmetrics",
        "/%2e/metrics",
        "/metrics%2f",
        "/metrics%0a",
        "/health/ready",
        "/health//ready",
        "/health/./ready",
        "/health/ready/",
        "/health%2fready",
        "/health/%72eady",
        "/Health/Ready",
        "https://localhost/metrics",
    ],
)
def test_platform_paths_are_not_public(nginx: Nginx, upstream: Upstream, target: str) -> None:
    before = len(upstream.targets)

    problem(nginx.ask(target), 404)

    assert len(upstream.targets) == before


def test_liveness_is_public(nginx: Nginx) -> None:
    assert nginx.ask("/health/live").status == 200


def test_too_large_a_body_is_a_problem(nginx: Nginx) -> None:
    answer = nginx.ask("/items?secret=1", method="POST", body=b"x" * (1024 * 1024 + 1))

    problem(answer, 413)
    assert answer.json()["instance"] == "/items"


def test_body_up_to_the_limit_passes(nginx: Nginx) -> None:
    assert nginx.ask("/items", method="POST", body=b"x" * 1024 * 1024).status == 200


def test_what_nginx_cannot_read_is_a_problem(nginx: Nginx) -> None:
    problem(nginx.ask("/items", headers={"Cookie": "x" * 9_000}), 400)
    problem(nginx.ask("/items?" + "x" * 9_000), 414)
    problem(nginx.ask("/items", method="TRACE"), 405)
    problem(nginx.ask("no/path"), 400)


def test_plain_http_on_the_port_of_https_is_a_problem(nginx: Nginx) -> None:
    with socket.create_connection(("127.0.0.1", nginx.https), TIMEOUT) as connection:
        connection.sendall(message("/items", "GET", "localhost", {}, b""))

        problem(parse(receive(connection)), 400)


def test_slow_upstream_is_a_problem(nginx: Nginx) -> None:
    answer = nginx.ask("/slow")

    problem(answer, 504)
    assert answer.headers["retry-after"] == "5"


def test_dead_upstream_is_a_problem(program: str, fullest: Path, tmp_path: Path) -> None:
    with serving(program, fullest, tmp_path / "conf", f"unix:{tmp_path}/none.sock") as nginx:
        answer = nginx.ask("/items", headers={"X-Request-ID": "mine"})

    problem(answer, 502)
    assert answer.json()["request_id"] == "mine"


@pytest.mark.parametrize(
    "target",
    ['/metrics/"},"a":{"', "/metrics/\\", "/metrics/" + "x" * 2000, "/metrics/%22", "/metrics/é"],
)
def test_problem_is_json_whatever_was_asked(nginx: Nginx, target: str) -> None:
    answer = nginx.ask(target)

    problem(answer, 404)
    assert answer.json().keys() == {"type", "title", "status", "detail", "instance", "request_id"}
    assert len(answer.json()["instance"]) <= 500


@pytest.mark.parametrize(
    "start",
    [
        pytest.param(b"GET / HTTP/1.1\r\n", id="header"),
        pytest.param(message("/", "POST", "localhost", {}, b"x" * 9)[:-8], id="body"),
    ],
)
def test_slow_clients_are_dropped(nginx: Nginx, start: bytes) -> None:
    with nginx.connect() as connection:
        connection.settimeout(5)
        connection.sendall(start)
        answer = receive(connection)

    assert answer == b"" or parse(answer).status == 408


def test_logins_are_limited(nginx: Nginx) -> None:
    answers = [nginx.ask("/auth/token", method="POST", body=b"x") for _ in range(14)]
    refused = [answer for answer in answers if answer.status != 200]

    assert len(answers) - len(refused) >= 10
    problem(refused[-1], 429)
    assert refused[-1].headers["retry-after"] == "10"
    assert nginx.ask("/items").status == 200


def test_compression_but_not_of_secrets(nginx: Nginx) -> None:
    wants = {"Accept-Encoding": "gzip"}
    compressed = nginx.ask("/big", headers=wants)

    assert compressed.headers["content-encoding"] == "gzip"
    assert compressed.headers["vary"] == "Accept-Encoding"
    assert "content-encoding" not in nginx.ask("/auth/big", headers=wants).headers


def test_stream_arrives_as_it_is_made(nginx: Nginx, upstream: Upstream) -> None:
    upstream.go_on.clear()
    with nginx.connect() as connection:
        connection.sendall(message("/stream", "GET", "localhost", {}, b""))
        received = b""
        while b"first" not in received:
            received += connection.recv(65536)
        upstream.go_on.set()
        received += receive(connection)

    assert parse(received).body == b"first\nlast\n"


def test_websocket_passes(nginx: Nginx) -> None:
    with nginx.connect() as connection:
        wants = "GET /websocket HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\n"
        connection.sendall(f"{wants}Upgrade: WebSocket\r\n\r\nping".encode())
        received = receive(connection)

    assert received.startswith(b"HTTP/1.1 101 ")
    assert received.endswith(b"\r\n\r\nping")


def test_no_other_protocol_passes(nginx: Nginx) -> None:
    seen = nginx.ask("/", headers={"Upgrade": "h2c", "HTTP2-Settings": "AAMAAABk"}).json()

    assert "upgrade" not in seen["headers"]


def test_log_has_no_query_string(nginx: Nginx) -> None:
    nginx.ask("/items?token=verysecret", headers={"X-Request-ID": "logged"})

    wait_for_text(nginx.log, '"request_id":"logged"')
    log = nginx.log.read_text(errors="replace")
    lines = [json.loads(line) for line in log.splitlines()]
    line = next(line for line in lines if line["request_id"] == "logged")
    assert (line["path"], line["status"]) == ("/items", 200)
    assert "verysecret" not in log
