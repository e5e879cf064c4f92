"""Order tracking: orders, the requests about them, and the vendor's export."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from covage import BadAnswer, Conflict, Covage, FieldError, Invalid, OrderPage, RateLimited
from tests.covage.conftest import MakeClient
from tests.covage.vendor import Handler, Reply, Vendor, reply

TERMINATION = {"reason": "Cessation d'activité", "message": "", "request_effective_date": "2027-02-28"}


def _orders(*numbers: int) -> list[dict[str, str]]:
    return [{"order_reference": f"CMD_X_{n:08}", "id": f"PO_{n}"} for n in numbers]


def _listing(shape: str) -> Reply:
    """A vendor's list of five orders, two a page where there are pages."""
    orders = _orders(1, 2, 3, 4, 5)

    def answer(handler: Handler) -> None:
        query = dict(parse_qsl(urlsplit(handler.path).query))
        start = int(query.get("offset", 2 * int(query.get("page", 0))))
        piece = orders[start : start + 2]
        following = f"{handler.vendor.url}/api/v1/order/?page={start // 2 + 1}" if start < 4 else None
        content: dict[str, Any] = {
            "list": orders,
            "results": {"count": 5, "next": following, "previous": None, "results": piece},
            "items": {"items": piece, "count": 5},
        }
        reply(content[shape])(handler)

    return answer


@pytest.mark.parametrize(("shape", "pages", "total"), [("list", 1, None), ("results", 3, 5), ("items", 3, 5)])
def test_the_orders_can_be_read_on_after_any_page(
    shape: str, pages: int, total: int | None, client: Covage, vendor: Vendor
) -> None:
    vendor.will(*[_listing(shape)] * 9)
    whole = list(client.order_pages())
    assert [order for page in whole for order in page.items] == _orders(1, 2, 3, 4, 5)
    assert [page.total for page in whole] == [total] * pages
    assert [bool(page.position) for page in whole] == [True] * (pages - 1) + [False]
    for read, page in enumerate(whole[:-1], start=1):
        assert list(client.order_pages(page.position)) == whole[read:]
    assert len(vendor.requests) == {1: 1, 3: 6}[pages]


@pytest.mark.parametrize(
    ("empty", "total"),
    [([], None), ({"results": [], "next": None, "count": 0}, 0), ({"items": [], "count": 0}, 0)],
)
def test_no_orders_are_one_empty_page(
    empty: object, total: int | None, client: Covage, vendor: Vendor
) -> None:
    vendor.will(reply(empty))
    assert list(client.order_pages()) == [OrderPage([], "", total)]


@pytest.mark.parametrize("count", [None, "5", -1, True])
def test_what_is_no_count_gives_no_total(count: object, client: Covage, vendor: Vendor) -> None:
    vendor.will(reply({"results": _orders(1), "next": None, "count": count}))
    [page] = client.order_pages()
    assert page.total is None


def test_a_list_that_ends_before_its_count_says_so_at_its_position(client: Covage, vendor: Vendor) -> None:
    vendor.will(reply({"items": _orders(1, 2), "count": 9}), reply({"items": [], "count": 9}))
    assert [(len(page.items), page.position) for page in client.order_pages()] == [
        (2, "?limit=2&offset=2"),
        (0, ""),
    ]


def test_a_list_that_is_shorter_than_its_count_is_logged(
    client: Covage, vendor: Vendor, caplog: pytest.LogCaptureFixture
) -> None:
    vendor.will(reply({"results": _orders(1, 2), "count": 3}))
    list(client.order_pages())
    assert "ended after 2 of 3" in caplog.text


def test_the_rest_of_a_list_is_not_taken_for_a_short_one(
    client: Covage, vendor: Vendor, caplog: pytest.LogCaptureFixture
) -> None:
    vendor.will(reply({"results": _orders(5), "count": 5}))
    list(client.order_pages("?page=3"))
    assert caplog.text == ""


def test_a_position_on_another_host_is_not_followed(client: Covage, vendor: Vendor) -> None:
    with pytest.raises(BadAnswer, match="elsewhere.example"):
        next(client.order_pages("https://elsewhere.example/api/v1/order/?page=2"))
    assert vendor.requests == []


@pytest.mark.parametrize("position", ["", "?page=2", "?limit=2&offset=2"])
@pytest.mark.parametrize(
    "page", [{"results": _orders(1, 2), "next": "?page=2"}, {"items": _orders(1, 2), "count": 9}]
)
def test_orders_in_circles_are_a_bad_answer(
    page: object, position: str, client: Covage, vendor: Vendor
) -> None:
    vendor.will(*[reply(page)] * 9)
    with pytest.raises(BadAnswer, match="nothing new"):
        list(client.order_pages(position))
    assert len(vendor.requests) == 2


def test_orders_come_under_canonical_names(client: Covage, vendor: Vendor) -> None:
    vendor.will(reply([{"enni_2": "CN2"}]), reply({"enni_2": "CN2", "vlan_reference": "12"}))
    assert next(client.order_pages()).items == [{"enni2": "CN2"}]
    assert client.order("O1") == {"enni2": "CN2", "vlan_reference": 12}


def test_a_history_may_have_pages_and_twins_and_keeps_its_order(client: Covage, vendor: Vendor) -> None:
    steps = [{"state": state, "change_date": "2025-06-03"} for state in ("b", "a", "a", "c")]
    vendor.will(reply({"results": steps[:3], "next": "?page=2"}), reply({"results": steps[3:]}))
    assert client.order_history("O1") == steps


@pytest.mark.parametrize("answer", [{}, {"terminate_reasons": None}, {"terminate_reasons": [1]}, ["a"]])
def test_reasons_that_are_no_texts_are_a_bad_answer(answer: object, client: Covage, vendor: Vendor) -> None:
    vendor.will(reply(answer))
    with pytest.raises(BadAnswer):
        client.termination_reasons()


@pytest.mark.parametrize(
    ("body", "answer"), [(b"", {}), (b" ", {}), (b'{"id": "R1", "enni_2": "C"}', {"id": "R1", "enni2": "C"})]
)
def test_a_request_is_sent_as_given_and_may_be_answered_with_nothing(
    body: bytes, answer: object, client: Covage, vendor: Vendor
) -> None:
    vendor.will(reply(body, status=201))
    assert client.request_order("CMD_X_00000001", "terminate", TERMINATION) == answer
    assert vendor.requests[0].json == TERMINATION


def test_a_request_goes_out_in_the_spelling_of_the_edition(make_client: MakeClient, vendor: Vendor) -> None:
    vendor.will(reply({}))
    make_client(edition="tables").request_order("O1", "change", {"enni2": "CN2"})
    assert vendor.requests[0].json == {"enni_2": "CN2"}


def test_a_page_in_place_of_the_answer_to_a_request_is_a_bad_answer(client: Covage, vendor: Vendor) -> None:
    vendor.will(reply(b"<html>Sign in</html>"))
    with pytest.raises(BadAnswer):
        client.request_order("O1", "terminate", TERMINATION)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (
            {"termination_error": [
                {"code": "E7", "property_path": "request_effective_date", "value": "2026-11-22"}
            ]},
            FieldError("request_effective_date", "E7", "E7", "2026-11-22"),
        ),
        ({"reason": ["Unknown reason."]}, FieldError("reason", "", "Unknown reason.")),
    ],
)  # fmt: skip
def test_a_refused_request_says_where(
    body: object, error: FieldError, client: Covage, vendor: Vendor
) -> None:
    vendor.will(reply(body, status=400))
    with pytest.raises(Invalid) as caught:
        client.request_order("O1", "terminate", TERMINATION)
    assert caught.value.errors == [error]


def test_an_order_that_is_not_to_be_terminated_is_a_conflict(client: Covage, vendor: Vendor) -> None:
    vendor.will(reply({"detail": "Termination in progress"}, status=409))
    with pytest.raises(Conflict):
        client.request_order("O1", "terminate", TERMINATION)


def test_requests_come_as_they_are_page_by_page(client: Covage, vendor: Vendor) -> None:
    first, second = {"id": "R1", "action": "Résiliation"}, {"id": "R2", "enni_2": "as it is"}
    vendor.will(reply({"results": [first], "next": "?page=2"}), reply({"results": [second]}))
    assert list(client.request_pages(order_reference="O1")) == [[first], [second]]


@pytest.mark.parametrize(("header", "pause"), [({}, 300.0), ({"Retry_After": "42"}, 42.0)])
def test_an_export_that_comes_too_soon_says_when_to_come_back(
    header: dict[str, str], pause: float, client: Covage, vendor: Vendor, pauses: list[float]
) -> None:
    vendor.will(reply(b"", status=429, **header))
    with pytest.raises(RateLimited) as caught:
        client.start_export()
    assert caught.value.retry_after == pause
    assert (pauses, len(vendor.requests)) == ([], 1)


def test_a_token_that_was_requested_too_often_has_a_pause_of_its_own(client: Covage, vendor: Vendor) -> None:
    vendor.token_will(reply(b"", status=429))
    with pytest.raises(RateLimited) as caught:
        client.start_export()
    assert caught.value.retry_after == 60.0


@pytest.mark.parametrize("answer", [{}, {"task_id": ""}, {"task_id": None}, {"task_id": 7}, []])
def test_an_export_without_an_id_is_a_bad_answer(answer: object, client: Covage, vendor: Vendor) -> None:
    vendor.will(reply(answer))
    with pytest.raises(BadAnswer):
        client.start_export()


@pytest.mark.parametrize("success", [None, True, False])
def test_the_state_of_an_export_is_returned_as_reported(
    success: bool | None, client: Covage, vendor: Vendor
) -> None:
    vendor.will(reply({"task_id": "T1", "success": success, "started": None, "stopped": None}))
    assert client.export_status("T1")["success"] is success


@pytest.mark.parametrize("answer", [{}, {"success": "true"}, {"success": 1}, []])
def test_an_export_whose_success_is_not_reported_is_a_bad_answer(
    answer: object, client: Covage, vendor: Vendor
) -> None:
    vendor.will(reply(answer))
    with pytest.raises(BadAnswer):
        client.export_status("T1")
