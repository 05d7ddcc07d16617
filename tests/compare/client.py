"""A raw HTTP/1.1 client: the bytes that are sent and received are exactly those of the caller and the server."""

import json
import socket
from dataclasses import dataclass, field

# Seconds without a byte; far more than an answer takes on a machine that has much else to do.
TIMEOUT = 300


@dataclass
class Response:
    """One answer, with its headers in the order and spelling of the server."""

    status: int
    reason: str
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    def all(self, name: str) -> list[str]:
        """Every value of a header."""
        return [value for key, value in self.headers if key.lower() == name]

    def first(self, name: str) -> str | None:
        """The first value of a header."""
        return next(iter(self.all(name)), None)

    def json(self):
        """The body as JSON, or None when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


def render(method, path, headers, body: bytes, host: str) -> bytes:
    """The bytes of a request. A header given by the caller replaces the default one of the same name."""
    given = {name.lower() for name, _ in headers}
    lines = [f"{method} {path} HTTP/1.1".encode("latin-1")]
    defaults = [("Host", host), ("Connection", "close")]
    if body or method in ("POST", "PATCH", "PUT"):
        defaults.append(("Content-Length", str(len(body))))
    for name, value in [pair for pair in defaults if pair[0].lower() not in given] + list(headers):
        raw = value if isinstance(value, bytes) else value.encode("utf-8")
        lines.append(name.encode("latin-1") + b": " + raw)
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def exchange(port: int, request: bytes, method: str = "GET", timeout: float = TIMEOUT) -> Response:
    """Sends the bytes to a loopback port and reads one answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as connection:
        connection.sendall(request)
        reader = connection.makefile("rb")
        return read_response(reader, method)


def read_response(reader, method: str) -> Response:
    """Reads one answer: status line, headers, body."""
    line = reader.readline().decode("latin-1").rstrip("\r\n")
    if not line:
        return Response(0, "no answer")
    _, status, reason = (line.split(" ", 2) + [""])[:3]
    response = Response(int(status), reason)
    while (line := reader.readline().decode("latin-1").rstrip("\r\n")) != "":
        name, _, value = line.partition(":")
        response.headers.append((name, value.strip()))
    if method == "HEAD" or response.status in (204, 304) or response.status < 200:
        return response
    if (response.first("transfer-encoding") or "").lower() == "chunked":
        response.body = read_chunks(reader)
    elif (length := response.first("content-length")) is not None:
        response.body = reader.read(int(length))
    else:
        response.body = reader.read()
    return response


def read_chunks(reader) -> bytes:
    """Reads a chunked body."""
    body = b""
    while size := int(reader.readline().split(b";")[0], 16):
        body += reader.read(size)
        reader.readline()
    reader.readline()
    return body
