"""Mishaps and interruptions while copper orders are sent, and what is true afterwards."""

from collections.abc import Callable

from covage import Extranet
from extranet.models import CopperOrder
from outbox import clients
from tests.extranet.order_factory import (
    all_upstream,
    fresh,
    pending_kinds,
    requests,
)
from tests.interrupted import Interrupted
from tests.mishaps import MISHAPS
from tests.sandbox_process import SandboxProcess

REQUESTS = {
    "creating": ("POST", "/api/orders/$"),
    "changing": ("PUT", "/api/orders/[^/]+/$"),
    "deleting": ("DELETE", "/api/orders/[^/]+/$"),
    "submitting": ("POST", "/submit/$"),
    "confirm": ("POST", "/confirm/$"),
    "cancel": ("POST", "/cancel/$"),
}


def cause_mishap(sandbox: SandboxProcess, write: str, name: str = "dropped after") -> None:
    method, path = REQUESTS[write]
    sandbox.faults([{"method": method, "path": path, "times": 1, **MISHAPS[name]}])


def interrupted(call: str, meanwhile: Callable[[], object], *, before: bool = False) -> Extranet:
    return Interrupted(clients.interactive_extranet(), call, meanwhile, before=before)  # type: ignore[return-value]


def assert_synced(sandbox: SandboxProcess, order: CopperOrder) -> None:
    """Nothing is pending, and the vendor has one order, which is ours and equals it."""
    order = fresh(order)
    assert (pending_kinds(order), order.unsent, order.conflicts) == ([], [], {})
    (raw,) = all_upstream(sandbox)
    assert raw == order.raw
    assert CopperOrder.objects.get(upstream_id=raw["order_uuid"]) == order


def processed(sandbox: SandboxProcess, write: str) -> int:
    """How often the vendor carried out such a write for Carnet."""
    method, path = REQUESTS[write]
    end = path.rpartition("]+")[2].rstrip("$") if "]+" in path else path.rstrip("$")
    return len([e for e in requests(sandbox, method) if e["processed"] and e["path"].endswith(end)])
