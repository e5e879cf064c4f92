"""Documents that tests send, and helpers that send them."""

import json
from pathlib import Path
from typing import Any

from tests.sandbox_process import PACE, SandboxProcess

EXAMPLES = Path(__file__).parent.parent / "fixtures" / "spec"


def example(name: str) -> dict[str, Any]:
    """An example document of the vendor's order-taking page."""
    document: dict[str, Any] = json.loads((EXAMPLES / f"order-taking-{name}.json").read_text())
    return document


def tracking_example(name: str) -> Any:
    """An example of the vendor's order-tracking page."""
    return json.loads((EXAMPLES / f"order-tracking-{name}.json").read_text())


def contact(**changes: Any) -> dict[str, Any]:
    """A site contact that can be confirmed."""
    values = {
        "end_customer_name": "Covage corp",
        "contact1_email_address": "john.doe@example.test",
        "contact1_firstname": "John",
        "contact1_lastname": "Doe",
        "contact1_phone_number": "0123456789",
        "city": "Mont-Saint-Aignan",
        "postcode": "76130",
        "street_name": "Rue Andrei Sakharov",
        "street_number": "4",
        "insee_code": "76451",
    }
    return values | changes


def line(**changes: Any) -> dict[str, Any]:
    """An order line that can be confirmed and will be created."""
    values = {
        "product_offering_id": "2173",
        "product_offering_qualification_item_id": "d5a4a9aa-ba2c-4f53-95c7-0c1ce6f6e7fa",
        "enni": "CN012345",
        "related_contact_information": [contact()],
    }
    return values | changes


def created(sandbox: SandboxProcess, path: str, document: object) -> dict[str, Any]:
    answer = sandbox.call("POST", path, document)
    assert answer.status_code == 201, answer.text
    values: dict[str, Any] = answer.json()
    return values


def new_session(sandbox: SandboxProcess, *lines: dict[str, Any], **values: str) -> str:
    """Create a session with these lines and return its id."""
    session_id: str = created(sandbox, "product_order", values)["id"]
    for document in lines:
        new_line(sandbox, session_id, **document)
    return session_id


def new_line(sandbox: SandboxProcess, session_id: str, **values: Any) -> dict[str, Any]:
    """Create exactly this line and return the answer."""
    return created(sandbox, f"product_order/{session_id}/product_order_item", values)


def confirmed(sandbox: SandboxProcess, *lines: dict[str, Any]) -> str:
    """Create a session with these lines, confirm it and return its id."""
    session_id = new_session(sandbox, *lines)
    answer = sandbox.call("PATCH", f"product_order/{session_id}/confirm/")
    assert answer.status_code == 200, answer.text
    return session_id


def session_state(sandbox: SandboxProcess, session_id: str) -> str:
    """The state, which only the list shows."""
    states = {session["id"]: session["state"] for session in got(sandbox, "product_order/")}
    return str(states[session_id])


def lines_of(sandbox: SandboxProcess, session_id: str) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = got(sandbox, f"product_order/{session_id}/")["product_order_item"]
    return lines


def got(sandbox: SandboxProcess, path: str, **query: str) -> Any:
    answer = sandbox.call("GET", path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def a_reference(sandbox: SandboxProcess, state: str = "active") -> str:
    """The reference of the first order of the past in this state."""
    return str(sandbox.orders(state)[0]["order_reference"])


def settle(sandbox: SandboxProcess) -> None:
    """Let everything that was confirmed take all its steps."""
    sandbox.advance(4 * PACE)
