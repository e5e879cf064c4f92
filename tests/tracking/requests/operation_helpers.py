"""What a request meets on its way to the vendor: mishaps, and requests made elsewhere."""

from typing import Any

from tests import mishaps
from tests.sandbox_process import SandboxProcess
from tests.tracking.request_forms import REASONS
from tracking.models import Order

POSTING = {"method": "POST", "path": "/order/[^/]+/[a-z]+/$"}
LISTING = {"method": "GET", "path": "/order_request/$"}
MISHAPS = mishaps.MISHAPS | {"closed at once": {"fault": "refuse"}}


def cause_fault(sandbox: SandboxProcess, fault: dict[str, Any], where: dict[str, Any] = POSTING) -> None:
    sandbox.faults([{**where, "times": 1, **fault}])


def ask_elsewhere(sandbox: SandboxProcess, order: Order, **changes: Any) -> dict[str, Any]:
    document = {"reason": REASONS[1], "message": "", "request_effective_date": None}
    answer = sandbox.call("POST", f"order/{order.reference}/terminate/", document | changes)
    assert answer.status_code == 201
    raw: dict[str, Any] = answer.json()
    return raw


def is_due(order: Order) -> bool:
    """Whether the order's pages are to be read again by now."""
    return Order.objects.to_read().filter(pk=order.pk).exists()
