"""The HTTP side: reading requests, playing faults on the socket, writing answers."""

import sys
import time
import traceback
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from sandbox import control
from sandbox.exchange import Answer, HttpRequest, Refusal, answer
from sandbox.faults import Rule
from sandbox.order_taking import api
from sandbox.world import World


class Server(ThreadingHTTPServer):
    """Serves one world, a thread a connection."""

    request_queue_size = 128

    def __init__(self, address: tuple[str, int], world: World) -> None:
        super().__init__(address, Handler)
        self.world = world

    @property
    def url(self) -> str:
        host, port = self.server_address[:2]
        return f"http://{host!s}:{port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore a client that has hung up; show anything else."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """One connection, kept alive between requests."""

    server: Server
    protocol_version = "HTTP/1.1"
    server_version = "sandbox"
    sys_version = ""
    wbufsize = -1  # head and body leave in one packet
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._serve()

    do_POST = do_PATCH = do_PUT = do_DELETE = do_OPTIONS = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing on the console: GET /_sandbox/log has more."""

    def _serve(self) -> None:
        request = self._read_head()
        if request.path.startswith(control.PREFIX):
            if self._read_body(request):
                self._write(_guarded(control.control, self.server.world, request))
            return
        rule, down = self._pick_fault(request)
        if down or (rule and rule.fault == "refuse"):
            self._note(request, None, "refuse", processed=False)
            self.close_connection = True
        elif self._read_body(request):
            self._play(request, rule)

    def _read_head(self) -> HttpRequest:
        url = urlsplit(self.path)
        query = dict(parse_qsl(url.query, keep_blank_values=True))
        base_url = f"http://{self.headers.get('Host', '')}"
        return HttpRequest(self.command, url.path, query, self.headers, base_url=base_url)

    def _read_body(self, request: HttpRequest) -> bool:
        """Read the body into the request; return False when it can't be read in full."""
        length = self.headers.get("Content-Length", "0")
        if not length.isdecimal() or "Transfer-Encoding" in self.headers:
            self.close_connection = True
            self._write(answer(411, {"detail": "Length Required"}))
            return False
        request.body = self.rfile.read(int(length))
        if len(request.body) < int(length):  # the client hung up in the middle
            self.close_connection = True
            return False
        return True

    def _pick_fault(self, request: HttpRequest) -> tuple[Rule | None, bool]:
        """Count the request; return the fault rule that applies to it, if any, and whether the vendor is down."""
        world = self.server.world
        with world.lock:
            world.journal.count("requests", api.route_name(request.method, request.path))
            rule = None if world.down else world.faults.pick(request.method, request.path)
            if rule or world.down:
                world.journal.count("faults", rule.fault if rule else "refuse")
            return rule, world.down

    def _play(self, request: HttpRequest, rule: Rule | None) -> None:
        if rule and rule.fault == "delay":
            time.sleep(rule.seconds)
        if rule and rule.fault == "hold":
            self.server.world.faults.wait_until_replaced(rule)
        processed = rule is None or rule.processes
        real = _guarded(api.respond, self.server.world, request) if processed else None
        sent = rule.disguise(real, request.path) if rule else real
        status, fault = sent.status if sent else None, rule.fault if rule else None
        self._note(request, status, fault, processed)
        if sent is None:
            self.close_connection = True
        else:
            self._write(sent, cut=rule is not None and rule.fault == "cut_body")

    def _note(self, request: HttpRequest, status: int | None, fault: str | None, processed: bool) -> None:
        with self.server.world.lock:
            self.server.world.journal.note(request, status, fault, processed)

    def _write(self, sent: Answer, cut: bool = False) -> None:
        """Write an answer; `cut` stops in the middle of the body that its head announces."""
        self.send_response(sent.status)
        for name, value in sent.headers.items():
            self.send_header(name, value)
        if sent.body or sent.chunks:
            self.send_header("Content-Type", sent.content_type)
        if sent.chunks:
            self.send_header("Transfer-Encoding", "chunked")
        elif sent.status != 204:
            self.send_header("Content-Length", str(len(sent.body)))
        self.end_headers()
        if sent.chunks:
            self._stream(sent.chunks, cut)
        else:
            self.wfile.write(sent.body[: len(sent.body) // 2] if cut else sent.body)
        self.close_connection |= cut

    def _stream(self, chunks: Iterator[bytes], cut: bool) -> None:
        """Write chunk after chunk, each made while the world stands still; `cut` ends after the first."""
        while chunk := self._next_chunk(chunks):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(chunk), chunk))
            if cut:
                return
        self.wfile.write(b"0\r\n\r\n")

    def _next_chunk(self, chunks: Iterator[bytes]) -> bytes:
        with self.server.world.lock:
            return next(chunks, b"")


def _guarded(handle: Callable[[World, HttpRequest], Answer], world: World, request: HttpRequest) -> Answer:
    """Return the handler's answer; its own errors become a 500 instead of a broken connection."""
    try:
        return handle(world, request)
    except Exception:
        traceback.print_exc()
        return Refusal(500, {"detail": "The sandbox itself has failed, see its console."}).answer
