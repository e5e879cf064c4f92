"""Every documented filter is sent, and nothing else is."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from covage import Covage
from tests.covage.vendor import Vendor, reply

DOCUMENTED: list[tuple[Callable[[Covage], Callable[..., Any]], str]] = [
    (
        lambda c: c.session_pages,
        "state external_id project_id creation_date_gt creation_date_lt order_date_gt order_date_lt"
        " completion_date_gt completion_date_lt cancellation_date_gt cancellation_date_lt",
    ),
    (
        lambda c: c.line_pages,
        "state order_reference temporary_reference customer_order_name end_customer_name creation_date_gt"
        " creation_date_lt order_date_gt order_date_lt expiration_date_gt expiration_date_lt search sort",
    ),
    (lambda c: c.project_pages, "code active"),
    (lambda c: c.enni_pages, "reference name short_name active offer dsp delivery_mode"),
    (lambda c: c.request_pages, "order_reference action"),
]


@pytest.mark.parametrize(("listing", "names"), DOCUMENTED)
def test_every_documented_filter_is_sent(
    listing: Callable[[Covage], Callable[..., Any]], names: str, client: Covage, vendor: Vendor
) -> None:
    vendor.will(reply([]))
    given = {name: f"a {name} & more" for name in names.split()}
    list(listing(client)(**given))
    assert vendor.requests[0].query == given


@pytest.mark.parametrize(("listing", "names"), DOCUMENTED)
def test_an_unknown_filter_is_a_type_error_at_once(
    listing: Callable[[Covage], Callable[..., Any]], names: str, client: Covage, vendor: Vendor
) -> None:
    with pytest.raises(TypeError, match="colour"):
        listing(client)(colour="blue")
    assert vendor.requests == []


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (datetime(2026, 11, 21, 12, 30, tzinfo=UTC), "2026-11-21T12:30:00+00:00"),
        (datetime(2026, 7, 1, 12, 30), "2026-07-01T10:30:00+00:00"),
        (date(2026, 11, 21), "2026-11-20T23:00:00+00:00"),
        ("2026-11-21T00:00:00Z", "2026-11-21T00:00:00Z"),
    ],
)
def test_moments_are_sent_with_their_offset(value: Any, sent: str, client: Covage, vendor: Vendor) -> None:
    vendor.will(reply([]))
    list(client.session_pages(creation_date_gt=value))
    assert vendor.requests[0].query == {"creation_date_gt": sent}


def test_none_filters_nothing(client: Covage, vendor: Vendor) -> None:
    vendor.will(reply([]))
    list(client.project_pages(code=None, active=False))
    assert vendor.requests[0].query == {"active": "false"}


def test_other_values_are_a_type_error(client: Covage) -> None:
    with pytest.raises(TypeError, match="state"):
        client.line_pages(state=["created"])  # type: ignore[arg-type]


def test_a_moment_off_the_calendar_is_a_value_error(client: Covage) -> None:
    with pytest.raises(ValueError, match="creation_date_gt"):
        client.line_pages(creation_date_gt=date(1, 1, 1))
