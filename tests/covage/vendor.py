"""A small HTTP server that answers from a script and records its requests."""

import json
import socket
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qsl, urlsplit

TOKEN_PATH = "/auth/realms/covage/protocol/openid-connect/token"
EXTRANET_TOKEN = "/api/v2/account/token/"
EXTRANET_REFRESH = "/api/v2/account/token/refresh/"
EARLIER_TOKEN = "/api/account/token/"

Reply = Callable[["Handler"], None]


@dataclass(frozen=True)
class Recorded:
    method: str
    path: str
    query: dict[str, str]
    headers: Message
    body: bytes
    port: int  # the client's end: the same port is the same connection

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode()))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    vendor: "Vendor"

    def handle_one_request(self) -> None:
        try:
            super().handle_one_request()
        except ConnectionError:
            self.close_connection = True

    def _handle(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query))
        port = self.client_address[1]
        self.vendor.answer(self, Recorded(self.command, parts.path, query, self.headers, body, port))

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _handle

    def log_message(self, format: str, *args: object) -> None:
        """Keep the tests' output clean."""


@dataclass
class Vendor:
    """`script` and `token_script` hold the replies to come; an exhausted token script grants tokens."""

    url: str = ""
    requests: list[Recorded] = field(default_factory=list)
    token_requests: list[Recorded] = field(default_factory=list)
    script: list[Reply] = field(default_factory=list)
    token_script: list[Reply] = field(default_factory=list)
    over: Event = field(default_factory=Event)

    @property
    def token_url(self) -> str:
        return self.url + TOKEN_PATH

    def will(self, *replies: Reply) -> None:
        self.script.extend(replies)

    def token_will(self, *replies: Reply) -> None:
        self.token_script.extend(replies)

    def answer(self, handler: Handler, recorded: Recorded) -> None:
        if recorded.path in GRANTS:
            self.token_requests.append(recorded)
            grant = GRANTS[recorded.path](f"token-{len(self.token_requests)}")
            (self.token_script.pop(0) if self.token_script else grant)(handler)
        else:
            self.requests.append(recorded)
            unscripted = reply(b"unscripted", status=418)
            (self.script.pop(0) if self.script else unscripted)(handler)


def token(access: str, **changes: object) -> Reply:
    granted = {"access_token": access, "expires_in": 300, "token_type": "Bearer", "session_state": "s"}
    return reply(granted | {"refresh_token": f"refresh-{access}", "refresh_expires_in": 1800} | changes)


def account_token(access: str, **changes: object) -> Reply:
    """A token of the extranet's later edition."""
    return reply({"access": access, "refresh": f"refresh-{access}", "user": {"user_uuid": "u"}} | changes)


def earlier_account_token(access: str) -> Reply:
    """A token of the extranet's earlier edition."""
    return reply({"token": access, "user": {"user_uuid": "u"}})


def refreshed_token(access: str) -> Reply:
    return reply({"access": access})


GRANTS: Mapping[str, Callable[[str], Reply]] = {
    TOKEN_PATH: token,
    EXTRANET_TOKEN: account_token,
    EXTRANET_REFRESH: refreshed_token,
    EARLIER_TOKEN: earlier_account_token,
}


def reply(content: object = b"", status: int = 200, **headers: str) -> Reply:
    """Answer with JSON, or with bytes as they are."""
    body = _bytes(content)

    def act(handler: Handler) -> None:
        _start(handler, status, {"Content-Length": str(len(body))} | headers)
        handler.wfile.write(body)

    return act


def cut(content: object) -> Reply:
    """Promise a body and close the connection half-way."""
    body = _bytes(content)

    def act(handler: Handler) -> None:
        _start(handler, 200, {"Content-Length": str(len(body))})
        handler.wfile.write(body[: len(body) // 2])
        handler.close_connection = True

    return act


def chunked(*pieces: bytes) -> Reply:
    """Answer with a body in chunks, which doesn't say its length."""

    def act(handler: Handler) -> None:
        _start(handler, 200, {"Transfer-Encoding": "chunked"})
        for piece in (*pieces, b""):
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))

    return act


def cut_chunk(handler: Handler) -> None:
    """Promise a chunk and close the connection in it."""
    _start(handler, 200, {"Transfer-Encoding": "chunked"})
    handler.wfile.write(b'20\r\n{"id": "1"}')
    handler.close_connection = True


def cut_between_chunks(handler: Handler) -> None:
    """Send a whole chunk and close the connection without the one that ends the body."""
    _start(handler, 200, {"Transfer-Encoding": "chunked"})
    handler.wfile.write(b"4\r\nPDF-\r\n")
    handler.close_connection = True


def in_two(first: bytes, go_on: Event, rest: bytes) -> Reply:
    """Send the rest of a body only once `go_on` is set."""

    def act(handler: Handler) -> None:
        _start(handler, 200, {"Content-Length": str(len(first + rest))})
        handler.wfile.write(first)
        handler.close_connection = not go_on.wait(30)
        handler.wfile.write(rest)

    return act


def pour(left: Event) -> Reply:
    """Send a long body for as long as anyone listens, then note that nobody does."""

    def act(handler: Handler) -> None:
        _start(handler, 200, {"Content-Length": str(10**8)})
        try:
            for _ in range(10**4):
                handler.wfile.write(b"x" * 10**4)
        except ConnectionError:
            left.set()
            handler.close_connection = True

    return act


def drop(handler: Handler) -> None:
    """Reset the connection instead of answering."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True


def hang_up(handler: Handler) -> None:
    """Close the connection instead of answering."""
    handler.close_connection = True


def keep_silent(handler: Handler) -> None:
    """Hold the connection, say nothing."""
    handler.vendor.over.wait()
    handler.close_connection = True


def stall(handler: Handler) -> None:
    """Begin a body, then hold the connection and say nothing more."""
    _start(handler, 200, {"Content-Length": "100000"})
    handler.wfile.write(b"PDF-")
    keep_silent(handler)


def drip(handler: Handler) -> None:
    """Send a long body byte by byte, for as long as anyone listens."""
    _start(handler, 200, {"Content-Length": "100000"})
    while not handler.vendor.over.wait(0.02):
        handler.wfile.write(b" ")
        handler.wfile.flush()


def _bytes(content: object) -> bytes:
    return content if isinstance(content, bytes) else json.dumps(content).encode()


def _start(handler: Handler, status: int, headers: Mapping[str, str]) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()


class Server:
    """A `Vendor` on a free port, from `with` to the end of it."""

    def __enter__(self) -> Vendor:
        self.vendor = Vendor()
        handler = type("VendorHandler", (Handler,), {"vendor": self.vendor})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self.vendor.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        return self.vendor

    def __exit__(self, *exc: object) -> None:
        self.vendor.over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
