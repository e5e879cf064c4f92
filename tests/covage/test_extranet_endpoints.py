"""Each endpoint of the extranet is requested as its page has it, once, and its answer is read as it is."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from covage import BadAnswer, Conflict, Extranet, NotFound, OutcomeUnknown, ServerError, Unreachable
from tests.covage.conftest import MakeExtranet
from tests.covage.vendor import Vendor, drop, hang_up, reply

DAYS = (date(2026, 12, 1), date(2026, 12, 18))
CHANGES: list[tuple[str, str, Callable[[Extranet], object]]] = [
    ("POST", "/api/orders/", lambda e: e.create_order({"type": "activate"})),
    ("PUT", "/api/orders/t8jcx8tp/", lambda e: e.replace_order("t8jcx8tp", {"comment": "c"})),
    ("DELETE", "/api/orders/t8jcx8tp/", lambda e: e.delete_order("t8jcx8tp")),
    ("POST", "/api/orders/t8jcx8tp/submit/", lambda e: e.submit_order("t8jcx8tp")),
    ("POST", "/api/orders/t8jcx8tp/confirm/", lambda e: e.answer_order("t8jcx8tp", "confirm")),
    ("POST", "/api/orders/t8jcx8tp/cancel/", lambda e: e.answer_order("t8jcx8tp", "cancel")),
    ("POST", "/api/contacts/", lambda e: e.create_contact({"first_name": "Ada"})),
    ("PUT", "/api/contacts/bp5nkkcx/", lambda e: e.replace_contact("bp5nkkcx", {"first_name": "Ada"})),
    ("DELETE", "/api/contacts/bp5nkkcx/", lambda e: e.delete_contact("bp5nkkcx")),
]
ENDPOINTS: list[tuple[str, str, Callable[[Extranet], object]]] = [
    *CHANGES,
    ("GET", "/api/orders/", lambda e: list(e.order_pages())),
    ("GET", "/api/orders/t8jcx8tp/", lambda e: e.order("t8jcx8tp")),
    ("GET", "/api/contacts/", lambda e: e.contacts()),
    ("GET", "/api/contacts/bp5nkkcx/", lambda e: e.contact("bp5nkkcx")),
    ("GET", "/api/events/", lambda e: list(e.event_pages())),
    ("GET", "/api/products/", lambda e: e.products()),
    ("GET", "/api/product-lines/", lambda e: e.product_lines()),
    ("GET", "/api/product-families/", lambda e: e.product_families()),
    ("GET", "/api/v2/appointment/slots/", lambda e: e.appointment_slots("t8jcx8tp", *DAYS)),
]
ANY_ANSWER: dict[str, object] = {"order_uuid": "1", "contact_uuid": "1", "results": [], "next": None}
SHAPES: list[Callable[[list[Any]], object]] = [
    lambda items: items,
    lambda items: {"count": len(items), "next": None, "previous": None, "results": items},
    lambda items: {"items": items, "count": len(items)},
]


@pytest.mark.parametrize(("method", "path", "call"), ENDPOINTS)
def test_the_path_is_the_documented_one(
    method: str, path: str, call: Callable[[Extranet], object], extranet: Extranet, vendor: Vendor
) -> None:
    vendor.will(reply(ANY_ANSWER))
    call(extranet)
    assert [(request.method, request.path) for request in vendor.requests] == [(method, path)]
    assert vendor.requests[0].headers["Authorization"] == "Bearer token-1"


@pytest.mark.parametrize(("method", "path", "call"), CHANGES)
@pytest.mark.parametrize(
    ("failure", "error"), [(reply(b"", status=503), ServerError), (hang_up, OutcomeUnknown)]
)
def test_a_write_is_never_repeated(
    method: str,
    path: str,
    call: Callable[[Extranet], object],
    failure: Any,
    error: type[Exception],
    extranet: Extranet,
    vendor: Vendor,
) -> None:
    vendor.will(failure)
    with pytest.raises(error):
        call(extranet)
    assert len(vendor.requests) == 1


@pytest.mark.parametrize(("method", "path", "call"), CHANGES)
def test_a_write_goes_out_once_more_after_a_401(
    method: str, path: str, call: Callable[[Extranet], object], extranet: Extranet, vendor: Vendor
) -> None:
    vendor.will(reply(b"", status=401), reply(ANY_ANSWER))
    call(extranet)
    first, second = vendor.requests
    assert (first.method, first.path, first.body) == (second.method, second.path, second.body)
    assert second.headers["Authorization"] == "Bearer token-2"


@pytest.mark.parametrize("status", [200, 204])
def test_a_deletion_and_a_submission_may_be_answered_by_nothing(
    status: int, extranet: Extranet, vendor: Vendor
) -> None:
    vendor.will(*[reply(b"", status=status)] * 4)
    extranet.delete_order("t8jcx8tp")
    assert extranet.submit_order("t8jcx8tp") == {}
    assert extranet.replace_order("t8jcx8tp", {}) == {}
    assert extranet.answer_order("t8jcx8tp", "confirm") == {}


def test_a_submission_has_no_body(extranet: Extranet, vendor: Vendor) -> None:
    vendor.will(reply({}))
    extranet.submit_order("t8jcx8tp")
    assert vendor.requests[0].body == b""


def test_an_order_is_answered_by_confirm_or_cancel_only(extranet: Extranet, vendor: Vendor) -> None:
    with pytest.raises(ValueError, match="confirm or cancel"):
        extranet.answer_order("t8jcx8tp", "submit")
    assert vendor.requests == []


@pytest.mark.parametrize("answer", [{}, {"order_uuid": None}, {"order_uuid": ""}, []])
def test_a_creation_that_returns_no_id_is_a_bad_answer(
    answer: object, extranet: Extranet, vendor: Vendor
) -> None:
    vendor.will(reply(answer), reply(answer))
    with pytest.raises(BadAnswer):
        extranet.create_order({})
    with pytest.raises(BadAnswer):
        extranet.create_contact({})


@pytest.mark.parametrize("uuid", ["", ".", ".."])
def test_an_id_that_would_lead_elsewhere_is_refused_before_anything_is_sent(
    uuid: str, extranet: Extranet, vendor: Vendor
) -> None:
    for call in (extranet.delete_order, extranet.delete_contact):
        with pytest.raises(ValueError, match="id"):
            call(uuid)
    assert vendor.requests == vendor.token_requests == []


@pytest.mark.parametrize("url", ["extranet.example", "ftp://extranet.example", "https://"])
def test_an_address_that_is_none_of_http_is_refused(url: str, make_extranet: MakeExtranet) -> None:
    with pytest.raises(ValueError, match="http"):
        make_extranet(api_url=url)


@pytest.mark.parametrize("shape", SHAPES)
def test_lists_are_read_in_three_shapes(
    shape: Callable[[list[Any]], object], extranet: Extranet, vendor: Vendor
) -> None:
    items = [{"order_uuid": "a", "new": {"field": [1]}}, {"order_uuid": "b"}]
    vendor.will(*[reply(shape(items))] * 3)
    assert list(extranet.order_pages()) == [items]
    assert extranet.contacts() == items
    assert extranet.appointment_slots("t8jcx8tp", *DAYS) == items


def test_the_orders_are_listed_page_by_page(extranet: Extranet, vendor: Vendor) -> None:
    first = {"count": 2, "next": f"{vendor.url}/api/orders/?page=2", "results": [{"order_uuid": "a"}]}
    vendor.will(reply(first), reply({"count": 2, "next": None, "results": [{"order_uuid": "b"}]}))
    assert list(extranet.order_pages()) == [[{"order_uuid": "a"}], [{"order_uuid": "b"}]]


def test_a_list_of_orders_is_filtered_on_request(extranet: Extranet, vendor: Vendor) -> None:
    vendor.will(reply([]), reply([]))
    since = datetime(2026, 11, 20, 8, tzinfo=UTC)
    list(extranet.order_pages())
    list(extranet.order_pages(status="pending", type="activate", modification_date_gt=since))
    assert [request.query for request in vendor.requests] == [
        {},
        {"status": "pending", "type": "activate", "modification_date_gt": "2026-11-20T08:00:00+00:00"},
    ]


def test_slots_are_requested_by_days(extranet: Extranet, vendor: Vendor) -> None:
    vendor.will(reply([]), reply([]))
    extranet.appointment_slots("t8jcx8tp", *DAYS)
    extranet.appointment_slots("t8jcx8tp", datetime(2026, 12, 1, 9, 30), DAYS[1], level="premium")
    query = {"order_uuid": "t8jcx8tp", "start_date": "2026-12-01", "end_date": "2026-12-18"}
    assert [sent.query for sent in vendor.requests] == [
        query | {"level": "standard"},
        query | {"level": "premium"},
    ]


def test_both_spellings_of_a_canceled_order_are_one(extranet: Extranet, vendor: Vendor) -> None:
    raw = {"order_uuid": "t8jcx8tp", "status": "cancelled"}
    read = raw | {"status": "canceled"}
    vendor.will(*[reply(raw)] * 5, reply([raw]))
    assert extranet.order("t8jcx8tp") == read
    assert extranet.create_order({}) == read
    assert extranet.replace_order("t8jcx8tp", {}) == read
    assert extranet.submit_order("t8jcx8tp") == read
    assert extranet.answer_order("t8jcx8tp", "cancel") == read
    assert list(extranet.order_pages()) == [[read]]


@pytest.mark.parametrize("status", ["pending", "some-new-status", None, 7, ["cancelled"]])
def test_any_other_status_is_left_as_it_is(status: object, extranet: Extranet, vendor: Vendor) -> None:
    vendor.will(reply({"status": status}))
    assert extranet.order("t8jcx8tp") == {"status": status}


def test_reads_are_tried_again(extranet: Extranet, vendor: Vendor, pauses: list[float]) -> None:
    vendor.will(drop, reply(b"", status=502), reply({"order_uuid": "t8jcx8tp"}))
    assert extranet.order("t8jcx8tp") == {"order_uuid": "t8jcx8tp"}
    assert len(pauses) == 2


def test_an_interactive_client_shares_the_token_and_tries_once(extranet: Extranet, vendor: Vendor) -> None:
    vendor.will(reply({}), drop)
    extranet.order("t8jcx8tp")
    with pytest.raises(Unreachable):
        extranet.with_timeout(5).order("t8jcx8tp")
    assert len(vendor.token_requests) == 1
    assert len(vendor.requests) == 2


def test_the_observer_gets_failures_and_sensible_answers(make_extranet: MakeExtranet, vendor: Vendor) -> None:
    observed: list[object] = []
    extranet = make_extranet(observer=observed.append, retries=0)
    vendor.will(reply(b"", status=500), reply({}, status=404), reply({}, status=409))
    with pytest.raises(ServerError):
        extranet.order("t8jcx8tp")
    with pytest.raises(NotFound):
        extranet.order("t8jcx8tp")
    with pytest.raises(Conflict):
        extranet.submit_order("t8jcx8tp")
    assert [type(error) for error in observed] == [ServerError, type(None), type(None)]
