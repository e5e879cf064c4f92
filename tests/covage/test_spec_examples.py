"""The vendor's own examples are read without loss and written alike.

Alike means equal as JSON, after one reading: a `vlan_reference` of "1257" is 1257 (docs/vendor-readings.md,
6). `tests/fixtures/spec` holds every example of the vendor's documentation; where that leaves a part out
(`[...]`), the part is the one that it shows elsewhere for the same field.
"""

from collections.abc import Callable
from typing import Any

import pytest

from covage import Covage, Extranet
from covage.wire import EDITIONS, Edition, read, write
from tests.covage.conftest import EXAMPLES, MakeClient
from tests.covage.vendor import Vendor, reply

Example = Callable[[str], Any]

NAMES = sorted(file.stem for file in EXAMPLES.glob("*.json"))
REQUESTS: dict[str, Callable[[Covage, dict[str, Any]], dict[str, Any]]] = {
    "order-taking-create-session": lambda c, document: c.create_session(document),
    "order-taking-create-line": lambda c, document: c.create_line("S1", document),
    "order-taking-update-line": lambda c, document: c.update_line("S1", "L1", document),
}
RENAMED: dict[Edition, dict[str, str]] = {
    "current": {},
    "tables": {"enni2": "enni_2", "cpe_network_number": "cpe_networking_number"},
    "earlier": {"temporary_reference": "reference_id"},
}


def _normal(document: Any) -> Any:
    if isinstance(document, list):
        return [_normal(item) for item in document]
    if not isinstance(document, dict):
        return document
    normal = {key: _normal(value) for key, value in document.items()}
    if isinstance(normal.get("vlan_reference"), str):
        normal["vlan_reference"] = int(normal["vlan_reference"])
    return normal


def _in_edition(document: dict[str, Any], edition: Edition) -> dict[str, Any]:
    """An example as the edition's tables spell it."""
    spelled = {RENAMED[edition].get(key, key): value for key, value in document.items()}
    contacts = spelled.get("related_contact_information")
    if edition == "earlier" and contacts:
        spelled["related_contact_information"] = [_with_one_name(contact) for contact in contacts]
    return spelled


def _with_one_name(contact: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in contact.items() if not key.endswith(("firstname", "lastname"))}
    return kept | {"contact1_name": "John Doe", "contact2_name": "Jane Doe"}


READS: list[tuple[str, Callable[[Covage], Any]]] = [
    ("order-detail", lambda c: c.order("O1")),
    ("order-history", lambda c: {"results": c.order_history("O1")}),
    ("order-documents", lambda c: c.order_documents("O1")),
    ("terminate-reasons", lambda c: {"terminate_reasons": c.termination_reasons()}),
    ("export-start-answer", lambda c: {"task_id": c.start_export()}),
    ("export-status", lambda c: c.export_status("T1")),
    ("order-detail-contacts", lambda c: c.order("O1")),
    ("order-detail-manager", lambda c: c.order("O1")),
    ("order-detail-product", lambda c: c.order("O1")),
    ("order-detail-product-options", lambda c: c.order("O1")),
    ("order-request", lambda c: c.request_order("O1", "terminate", {})),
]
LISTED: list[tuple[str, Callable[[Covage], Any]]] = [
    ("order-list-item", lambda c: next(c.order_pages()).items),
    ("order-request", lambda c: next(c.request_pages())),
    ("order-history-step", lambda c: c.order_history("O1")),
]


def test_all_examples_are_here() -> None:
    assert len(NAMES) == 35


@pytest.mark.parametrize("name", NAMES)
def test_an_example_is_read_and_written_without_loss(name: str, example: Example) -> None:
    content = example(name)
    for document in content if isinstance(content, list) else [content]:
        assert write(read(document), "current") == _normal(document)


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("name", ["create-line-request", "create-line-answer", "update-line-answer"])
def test_an_example_in_each_edition_is_read_and_written_without_loss(
    name: str, edition: Edition, example: Example
) -> None:
    document = _in_edition(example(f"order-taking-{name}"), edition)
    assert write(read(document), edition) == _normal(document)


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_goes_out_as_the_example_shows(
    name: str, edition: Edition, example: Example, make_client: MakeClient, vendor: Vendor
) -> None:
    request, answer = example(f"{name}-request"), example(f"{name}-answer")
    vendor.will(reply(_in_edition(answer, edition)))
    REQUESTS[name](make_client(edition=edition), request)
    assert vendor.requests[0].json == _normal(_in_edition(request, edition))
    assert vendor.requests[0].headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("edition", ["current", "tables"])
@pytest.mark.parametrize("name", REQUESTS)
def test_an_answer_comes_in_under_the_names_of_the_current_edition(
    name: str, edition: Edition, example: Example, make_client: MakeClient, vendor: Vendor
) -> None:
    answer = example(f"{name}-answer")
    vendor.will(reply(_in_edition(answer, edition)))
    assert REQUESTS[name](make_client(edition=edition), {}) == answer


def test_the_example_of_a_confirmation_is_read(client: Covage, example: Example, vendor: Vendor) -> None:
    answer = example("order-taking-confirm-session-answer")
    vendor.will(reply(answer))
    assert client.confirm_session("S1") == answer


def test_the_example_of_a_deletion_is_read(client: Covage, example: Example, vendor: Vendor) -> None:
    vendor.will(reply(example("order-taking-delete-line-answer")))
    client.delete_line("S1", "L1")
    assert vendor.requests[0].body == b""


@pytest.mark.parametrize(("name", "read"), READS)
def test_an_example_of_order_tracking_is_read_without_loss(
    name: str, read: Callable[[Covage], Any], client: Covage, example: Example, vendor: Vendor
) -> None:
    answer = example(f"order-tracking-{name}")
    vendor.will(reply(answer))
    assert read(client) == answer


@pytest.mark.parametrize(("name", "read"), LISTED)
def test_an_example_from_a_list_of_order_tracking_is_read_without_loss(
    name: str, read: Callable[[Covage], Any], client: Covage, example: Example, vendor: Vendor
) -> None:
    item = example(f"order-tracking-{name}")
    vendor.will(reply([item]))
    assert read(client) == [item]


def test_every_example_of_order_tracking_is_read_through_the_client() -> None:
    read = {f"order-tracking-{name}" for name, _ in [*READS, *LISTED]}
    assert read == {name for name in NAMES if name.startswith("order-tracking-")}


PARTS_OF_AN_ORDER = {
    "contact-operator": ("contacts", "operator"),
    "contact-owner": ("contacts", "owner"),
    "pop": ("pop",),
    "product": ("product",),
    "product-code": ("product",),
    "reference-endpoint": ("reference_endpoint",),
}
ORDERS_OF_THE_EXTRANET = ["create-order-request", "create-order-answer", *PARTS_OF_AN_ORDER]


def _order_with(name: str, example: Example) -> dict[str, Any]:
    """The example when it is an order, else an order with the example in its place."""
    if name not in PARTS_OF_AN_ORDER:
        order: dict[str, Any] = example(f"extranet-{name}")
        return order
    order = example("extranet-create-order-answer")
    *path, last = PARTS_OF_AN_ORDER[name]
    inner = order
    for key in path:
        inner = inner[key]
    inner[last] = example(f"extranet-{name}")
    return order


@pytest.mark.parametrize("name", ORDERS_OF_THE_EXTRANET)
def test_an_order_of_the_extranet_loses_nothing_when_something_else_is_edited(
    name: str, extranet: Extranet, example: Example, vendor: Vendor
) -> None:
    raw = _order_with(name, example) | {"a_field_of_tomorrow": {"deep": [1, None, 2.5, "é", True]}}
    vendor.will(reply(raw), reply({}))
    document = extranet.order("t8jcx8tp")
    assert document == raw
    extranet.replace_order("t8jcx8tp", document | {"comment": "Third floor, on the left"})
    assert vendor.requests[1].json == raw | {"comment": "Third floor, on the left"}


def test_an_order_of_the_extranet_is_created_as_the_example_shows(
    extranet: Extranet, example: Example, vendor: Vendor
) -> None:
    request, answer = example("extranet-create-order-request"), example("extranet-create-order-answer")
    vendor.will(reply(answer))
    assert extranet.create_order(request) == answer
    assert vendor.requests[0].json == request
    assert vendor.requests[0].headers["Content-Type"] == "application/json"


def test_the_extranets_answer_to_a_submission_is_read(
    extranet: Extranet, example: Example, vendor: Vendor
) -> None:
    vendor.will(reply(example("extranet-submit-order-answer")))
    assert extranet.submit_order("t8jcx8tp") == example("extranet-submit-order-answer")


def test_the_extranets_answer_to_a_deletion_is_read(
    extranet: Extranet, example: Example, vendor: Vendor
) -> None:
    vendor.will(reply(example("extranet-delete-order-answer")))
    extranet.delete_order("t8jcx8tp")
    assert [(request.method, request.body) for request in vendor.requests] == [("DELETE", b"")]


def test_every_example_of_the_extranet_is_read_through_the_client() -> None:
    short_answers = ("submit-order-answer", "delete-order-answer")
    read = {f"extranet-{name}" for name in (*ORDERS_OF_THE_EXTRANET, *short_answers)}
    assert read == {name for name in NAMES if name.startswith("extranet-")}
