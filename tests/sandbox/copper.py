"""Documents of the extranet that tests send, and helpers that send them."""

from typing import Any

from tests.sandbox_process import SandboxProcess

OPERATOR = {"contact_uuid": "bp5nkkcx"}
ENDPOINT = {"endpoint_ref": "0143340043", "endpoint_ref_type": "line_number"}


def activation(**changes: Any) -> dict[str, Any]:
    """The activation order of the vendor's page, which can be submitted; None leaves a field out."""
    values = {
        "type": "activate",
        "activation_type": "activate",
        "eligibility_ref": "KOSC_8178cd36-9207-4f86-a932-caaebba14381",
        "product": {"code": "SD01"},
        "options": {"grt": {"value": "4h_bhbd", "enabled": True}},
        "contacts": {
            "operator": OPERATOR,
            "owner": {
                "phone_number": "0123456789",
                "email": "email@domain.example",
                "first_name": "Prénom",
                "last_name": "Nom",
            },
        },
        "operator_order_ref": "UNTEL02-1",
        "operator_order_name": "Commande pour client Untel",
        "comment": "STRAIGHT",
        "activation_info": {"mandate_id": "01234567"},
        "owner": {"type": "unregistrated", "name": "Untel"},
        "endpoints": [ENDPOINT],
        "address": {
            "street_name": "RUE DU CAPITAINE GUYNEMER",
            "rivoli_code": "1440",
            "floor": "03",
            "city": "COURBEVOIE",
            "insee_code": "92026",
            "street_number": "00044",
        },
        "enni": {"enni_vlan": "111", "enni_service_ref": "S20181102_12001"},
    }
    return {name: value for name, value in (values | changes).items() if value is not None}


def line_to_build(**changes: Any) -> dict[str, Any]:
    """An activation order for a line that is to be built, and can be submitted."""
    values = {"activation_type": "create_nearby", "endpoints": None, "activation_info": None}
    return activation(**{**values, "reference_endpoint": ENDPOINT, "product": {"code": "AM01"}, **changes})


def termination(**service: str) -> dict[str, Any]:
    return {"type": "terminate", "contacts": {"operator": OPERATOR}, "operator_order_ref": "END-1", **service}


def drafted(sandbox: SandboxProcess, document: dict[str, Any]) -> dict[str, Any]:
    """Create this order and return it as answered."""
    answer = sandbox.extranet("POST", "orders/", document)
    assert answer.status_code == 200, answer.text
    values: dict[str, Any] = answer.json()
    return values


def submitted(sandbox: SandboxProcess, document: dict[str, Any]) -> str:
    """Create and submit this order; return its uuid."""
    order_uuid: str = drafted(sandbox, document)["order_uuid"]
    answer = sandbox.extranet("POST", f"orders/{order_uuid}/submit/")
    assert (answer.status_code, answer.text) == (200, "{}")
    return order_uuid


def copper_order(sandbox: SandboxProcess, order_uuid: str) -> dict[str, Any]:
    return dict(seen(sandbox, f"orders/{order_uuid}/"))


def status_of(sandbox: SandboxProcess, order_uuid: str) -> str:
    return str(copper_order(sandbox, order_uuid)["status"])


def seen(sandbox: SandboxProcess, path: str, **query: str) -> Any:
    answer = sandbox.extranet("GET", path, params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def event_types(sandbox: SandboxProcess, order_uuid: str) -> list[str]:
    """The types of this order's events, oldest first."""
    events = seen(sandbox, "events/", sort="creation_date", object_uuid=order_uuid)
    return [event["type"] for event in events]


def refused_fields(sandbox: SandboxProcess, method: str, path: str, document: object = None) -> set[str]:
    """The fields that a 400 to this call names."""
    answer = sandbox.extranet(method, path, document)
    assert answer.status_code == 400, answer.text
    error = answer.json()
    assert error["apirequest_uuid"].startswith("KOSC_")
    assert error["error"] == "Invalid input"
    assert all(detail["errors"] for detail in error["details"])
    return {detail["field"] for detail in error["details"]}
