"""Mishaps to each kind of write about carts and lines."""

from tests.mishaps import MISHAPS
from tests.sandbox_process import SandboxProcess

REQUESTS = {
    "creating a session": ("POST", "/product_order$"),
    "creating a line": ("POST", "/product_order_item$"),
    "changing a session": ("PATCH", "/product_order/[^/]+/$"),
    "changing a line": ("PATCH", "/product_order_item/"),
    "deleting a line": ("DELETE", "/product_order_item/"),
    "deleting a session": ("DELETE", "/product_order/[^/]+/$"),
    "confirming": ("PATCH", "/confirm/$"),
}


def mishap_at(sandbox: SandboxProcess, request: str, name: str = "dropped after") -> None:
    """Let the next such request end in a mishap, once."""
    method, path = REQUESTS[request]
    sandbox.faults([{"method": method, "path": path, "times": 1, **MISHAPS[name]}])
