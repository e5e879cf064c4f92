"""Each endpoint is requested exactly as its own line in the vendor's documentation has it."""

from collections.abc import Callable

import pytest

from covage import Covage
from tests.covage.vendor import Vendor, reply

ENDPOINTS: list[tuple[str, str, Callable[[Covage], object]]] = [
    ("POST", "/api/v1/product_order", lambda c: c.create_session({})),
    ("GET", "/api/v1/product_order/", lambda c: list(c.session_pages())),
    ("GET", "/api/v1/product_order/S1/", lambda c: c.session("S1")),
    ("PATCH", "/api/v1/product_order/S1/", lambda c: c.update_session("S1", {"project_id": "P"})),
    ("DELETE", "/api/v1/product_order/S1/", lambda c: c.delete_session("S1")),
    ("PATCH", "/api/v1/product_order/S1/confirm/", lambda c: c.confirm_session("S1")),
    ("POST", "/api/v1/product_order/S1/product_order_item", lambda c: c.create_line("S1", {"note": "n"})),
    ("PATCH", "/api/v1/product_order/S1/product_order_item/L1", lambda c: c.update_line("S1", "L1", {})),
    ("DELETE", "/api/v1/product_order/S1/product_order_item/L1/", lambda c: c.delete_line("S1", "L1")),
    ("GET", "/api/v1/product_order_item/", lambda c: list(c.line_pages())),
    ("GET", "/api/v1/product_order_item/L1/", lambda c: c.line("L1")),
    ("GET", "/api/v1/referential/project", lambda c: list(c.project_pages())),
    ("GET", "/api/v1/referential/enni/", lambda c: list(c.enni_pages())),
    ("GET", "/api/v1/order/", lambda c: list(c.order_pages())),
    ("GET", "/api/v1/order/O1/", lambda c: c.order("O1")),
    ("GET", "/api/v1/order/O1/historic/", lambda c: c.order_history("O1")),
    ("GET", "/api/v1/order/O1/documents/", lambda c: c.order_documents("O1")),
    ("GET", "/api/v1/order/O1/O1_1.pdf/download/", lambda c: c.download_document("O1", "O1_1.pdf").close()),
    ("GET", "/api/v1/terminate_reason/", lambda c: c.termination_reasons()),
    ("POST", "/api/v1/order/O1/terminate/", lambda c: c.request_order("O1", "terminate", {})),
    ("GET", "/api/v1/order_request/", lambda c: list(c.request_pages())),
    ("POST", "/api/v1/order/export/csv/", lambda c: c.start_export()),
    ("GET", "/api/v1/order/export/T1/status/", lambda c: c.export_status("T1")),
    ("GET", "/api/v1/order/export/T1/download/", lambda c: c.download_export("T1").close()),
]
ANY_ANSWER: dict[str, object] = {
    "id": "1",
    "results": [],
    "next": None,
    "terminate_reasons": [],
    "task_id": "T1",
    "success": None,
}


@pytest.mark.parametrize(("method", "path", "call"), ENDPOINTS)
def test_the_path_has_the_documented_slashes(
    method: str, path: str, call: Callable[[Covage], object], client: Covage, vendor: Vendor
) -> None:
    vendor.will(reply(ANY_ANSWER))
    call(client)
    assert [(request.method, request.path) for request in vendor.requests] == [(method, path)]
    assert vendor.requests[0].headers["Authorization"] == "Bearer token-1"


def test_ids_are_percent_encoded(client: Covage, vendor: Vendor) -> None:
    vendor.will(reply({}))
    client.line("a/b ?é")
    assert vendor.requests[0].path == "/api/v1/product_order_item/a%2Fb%20%3F%C3%A9/"


@pytest.mark.parametrize("id", ["", ".", ".."])
def test_an_id_that_would_lead_elsewhere_is_refused_before_anything_is_sent(
    id: str, client: Covage, vendor: Vendor
) -> None:
    with pytest.raises(ValueError, match="id"):
        client.delete_session(id)
    assert vendor.requests == []


@pytest.mark.parametrize("call", [lambda c: c.confirm_session("S1"), lambda c: c.start_export()])
def test_what_needs_no_document_sends_no_body(
    call: Callable[[Covage], object], client: Covage, vendor: Vendor
) -> None:
    vendor.will(reply({"id": "S1", "task_id": "T1"}))
    call(client)
    assert vendor.requests[0].body == b""


def test_the_api_may_live_under_a_path(make_client: Callable[..., Covage], vendor: Vendor) -> None:
    vendor.will(reply({}))
    make_client(api_url=f"{vendor.url}/gateway/").line("L1")
    assert vendor.requests[0].path == "/gateway/api/v1/product_order_item/L1/"


@pytest.mark.parametrize("name", ["offer_family", "offer_technology"])
def test_what_is_set_at_creation_is_never_patched(name: str, client: Covage, vendor: Vendor) -> None:
    with pytest.raises(ValueError, match=name):
        client.update_line("S1", "L1", {name: "BPE", "note": "n"})
    assert vendor.requests == []


def test_an_unknown_edition_is_refused(make_client: Callable[..., Covage]) -> None:
    with pytest.raises(ValueError, match="current, tables, earlier"):
        make_client(edition="newest")


@pytest.mark.parametrize("address", ["", "covage.example", "ftp://covage.example", "https://"])
def test_an_address_that_is_not_http_is_refused(address: str, make_client: Callable[..., Covage]) -> None:
    with pytest.raises(ValueError, match="http"):
        make_client(api_url=address)


def test_cookies_are_not_kept(client: Covage, vendor: Vendor) -> None:
    vendor.will(reply({}, Set_Cookie="a=b; Path=/"), reply({}))
    client.line("L1")
    client.line("L1")
    assert "Cookie" not in vendor.requests[1].headers
