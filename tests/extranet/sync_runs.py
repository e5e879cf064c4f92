"""Syncs of copper orders with the requests that they send, and reading that fails."""

from typing import Any

from sync.models import SyncRun
from tests.extranet.order_factory import run_sync
from tests.sandbox_process import SandboxProcess

A_ROUTE = "GET /api/orders/{order_uuid}/"
LIST, EVENTS = "GET /api/orders/", "GET /api/events/"


def _requests_of(sandbox: SandboxProcess, route: str) -> int:
    return sandbox.counters()["requests"].get(route, 0)


def _since(sandbox: SandboxProcess) -> dict[str, int]:
    return {route: _requests_of(sandbox, route) for route in (A_ROUTE, LIST, EVENTS)}


def run_and_count(sandbox: SandboxProcess, *, full: bool = False) -> tuple[SyncRun, dict[str, int]]:
    """A run, and how many requests it sent by route."""
    before = _since(sandbox)
    run = run_sync(full=full)
    return run, {route: count - before[route] for route, count in _since(sandbox).items()}


def fail_reading(sandbox: SandboxProcess, path: str, **more: Any) -> None:
    sandbox.faults([{"fault": "error", "method": "GET", "path": path} | more])
