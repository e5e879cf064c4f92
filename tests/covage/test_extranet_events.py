"""Events come oldest first, page after page, from wherever the last reading ended."""

from datetime import UTC, datetime
from typing import Any

import pytest

from covage import BadAnswer, EventPage, Extranet
from tests.covage.vendor import Vendor, reply


def _event(number: int, **changes: object) -> dict[str, Any]:
    uuid = {"event_uuid": f"e{number}", "model": "event", "type": "order-running", "object_type": "order"}
    return (
        uuid | {"object_uuid": "t8jcx8tp", "data": None, "sort_value": f"2026-11-21T10:0{number}"} | changes
    )


FIRST, SECOND = [_event(1), _event(2)], [_event(3)]
ENDS = ["2026-11-21T10:02", "2026-11-21T10:03"]


def test_the_next_page_is_requested_by_the_last_events_sort_value(extranet: Extranet, vendor: Vendor) -> None:
    vendor.will(reply(FIRST), reply(SECOND), reply([]))
    assert list(extranet.event_pages()) == [EventPage(FIRST, ENDS[0]), EventPage(SECOND, ENDS[1])]
    oldest_first = {"sort": "creation_date"}
    assert [request.query for request in vendor.requests] == [
        oldest_first,
        oldest_first | {"after": ENDS[0]},
        oldest_first | {"after": ENDS[1]},
    ]


def test_reading_goes_on_after_a_position(extranet: Extranet, vendor: Vendor) -> None:
    vendor.will(reply(SECOND), reply([]))
    assert list(extranet.event_pages(after=ENDS[0])) == [EventPage(SECOND, ENDS[1])]
    assert vendor.requests[0].query == {"sort": "creation_date", "after": ENDS[0]}


def test_when_nothing_is_new_there_is_no_page(extranet: Extranet, vendor: Vendor) -> None:
    vendor.will(reply([]))
    assert list(extranet.event_pages(after=ENDS[1])) == []


def test_a_moment_to_begin_with_may_be_named(extranet: Extranet, vendor: Vendor) -> None:
    vendor.will(reply(FIRST), reply([]))
    list(extranet.event_pages(since=datetime(2026, 11, 21, tzinfo=UTC)))
    assert vendor.requests[0].query == {
        "sort": "creation_date",
        "creation_date_gt": "2026-11-21T00:00:00+00:00",
    }


@pytest.mark.parametrize(
    "position", ["../orders/", "https://elsewhere.example/", "?sort=x&after=y", "a b&c=é"]
)
def test_a_position_is_sent_as_a_value_whatever_it_looks_like(
    position: str, extranet: Extranet, vendor: Vendor
) -> None:
    vendor.will(reply([]))
    list(extranet.event_pages(after=position))
    [request] = vendor.requests
    assert request.path == "/api/events/"
    assert request.query == {"sort": "creation_date", "after": position}


@pytest.mark.parametrize(("value", "position"), [(1479722400123, "1479722400123"), (0, "0"), (1.5, "1.5")])
def test_a_number_is_a_position_as_well(
    value: object, position: str, extranet: Extranet, vendor: Vendor
) -> None:
    vendor.will(reply([_event(1, sort_value=value)]), reply([]))
    [page] = extranet.event_pages()
    assert page.position == vendor.requests[1].query["after"] == position


@pytest.mark.parametrize("value", [None, "", ["a", "list"]])
def test_without_a_sort_value_there_is_no_position(value: object, extranet: Extranet, vendor: Vendor) -> None:
    events = [_event(1, sort_value=value)]
    vendor.will(reply(events))
    assert list(extranet.event_pages()) == [EventPage(events, "")]
    assert len(vendor.requests) == 1


def test_without_a_sort_value_the_links_of_the_list_are_followed(extranet: Extranet, vendor: Vendor) -> None:
    first, second = {"event_uuid": "e1"}, {"event_uuid": "e2"}
    link = f"{vendor.url}/api/events/?page=2"
    vendor.will(
        reply({"count": 2, "next": link, "results": [first]}),
        reply({"count": 2, "next": None, "results": [second]}),
    )
    assert [page.items for page in extranet.event_pages()] == [[first], [second]]


def test_the_sort_value_counts_more_than_the_links_and_the_count(
    extranet: Extranet, vendor: Vendor, caplog: pytest.LogCaptureFixture
) -> None:
    link = f"{vendor.url}/api/events/?page=2"
    vendor.will(
        reply({"count": 7, "next": link, "results": FIRST}),
        reply({"items": SECOND, "count": 7}),
        reply({"items": [], "count": 7}),
    )
    assert [page.position for page in extranet.event_pages()] == ENDS
    assert [request.query.get("after") for request in vendor.requests] == [None, *ENDS]
    assert caplog.records == []


def test_a_server_that_ignores_the_position_is_noticed(extranet: Extranet, vendor: Vendor) -> None:
    vendor.will(reply(FIRST), reply(FIRST))
    pages = extranet.event_pages()
    assert next(pages).items == FIRST
    with pytest.raises(BadAnswer, match="nothing new"):
        next(pages)
