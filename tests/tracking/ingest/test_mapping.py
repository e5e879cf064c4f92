"""Documents → columns: from the list, from an order's own page, and computed from both."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.tracking.vendor_documents import detail, listed
from tracking.ingest import mapping
from tracking.models import Order

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


def taken(**changes: Any) -> Order:
    order = Order()
    mapping.apply_listed(order, listed(**changes), AT)
    return order


def read(order: Order | None = None, **changes: Any) -> Order:
    order = order or taken()
    mapping.apply_detail(order, detail(**changes))
    return order


# The reference


@pytest.mark.parametrize(
    ("raw", "reference"),
    [
        ({"order_reference": "CMD_X_1", "id": "PO_1"}, "CMD_X_1"),
        ({"order_reference": None, "id": "PO_1"}, "PO_1"),
        ({"order_reference": " CMD_X_1 "}, "CMD_X_1"),
        ({"id": 12}, "12"),
        ({"order_reference": "a/b", "id": "PO_1"}, "PO_1"),
        ({"order_reference": ".."}, ""),
        ({"order_reference": "x" * 101}, ""),
        ({"order_reference": "a\nb"}, ""),
        ({}, ""),
    ],
)
def test_an_order_is_known_by_its_reference_or_else_its_id_if_they_can_be_part_of_a_url(
    raw: dict[str, Any], reference: str
) -> None:
    assert mapping.reference_of(raw) == reference


# The list


def test_the_list_fills_the_columns() -> None:
    order = taken(state="active", completion_date="2026-10-01", commitment="12MOIS")
    assert (order.reference, order.upstream_id) == ("CMD_X_00000001", "PO_DC173_20260901_000001")
    assert (order.state, order.project_id, order.offer_family, order.offer_technology) == (
        "active",
        "FLASH",
        "BPE",
        "FIBDE",
    )
    assert (order.order_date, order.completion_date) == (date(2026, 9, 1), date(2026, 10, 1))
    assert (order.delivery_lead_time, order.commitment) == (6, 12)
    assert (order.postcode, order.city, order.city_key) == ("76130", "MONT ST AIGNAN", "MONT ST AIGNAN")
    assert order.modification_date == datetime(2026, 10, 1, 10, tzinfo=UTC)
    assert order.listed["end_customer_name"] == "Boulangerie Martin"
    assert "BOULANGERIE MARTIN" in order.search
    assert "CMD_X_00000001 PO_DC173_20260901_000001" in order.search


@pytest.mark.parametrize(
    ("changes", "day"),
    [
        ({"order_date": None}, date(2026, 10, 1)),
        ({"order_date": "soon", "modification_date": None}, AT.date()),
    ],
)
def test_an_order_without_its_date_is_dated_when_it_was_changed_or_first_seen(
    changes: dict[str, Any], day: date
) -> None:
    assert taken(**changes).order_date == day


def test_a_missing_state_leaves_the_known_one() -> None:
    order = taken(state="active")
    mapping.apply_listed(order, {name: value for name, value in listed().items() if name != "state"}, AT)
    assert order.state == "active"


def test_texts_are_cut_where_their_columns_end() -> None:
    order = taken(state="x" * 5000, site_client="1 RUE X 76130 " + "ﷺ" * 600)
    assert len(order.state) == 60
    assert len(order.site_client) == 500
    assert len(order.city) == len(order.city_key) == 250


def test_the_city_of_the_own_page_is_kept_until_the_address_changes() -> None:
    order = read(related_contact_information=[{"city": "Mont-Saint-Aignan", "postcode": "76130"}])
    mapping.apply_listed(order, listed(state="active"), AT)
    assert (order.city, order.city_key) == ("Mont-Saint-Aignan", "MONT SAINT AIGNAN")
    mapping.apply_listed(order, listed(site_client="1 RUE Y 69007 LYON"), AT)
    assert (order.postcode, order.city) == ("69007", "LYON")


@pytest.mark.parametrize(
    ("state", "modified", "is_due"),
    [
        ("in_progress", "2020-01-01", True),
        ("a state that nobody knows", None, True),
        ("active", "2026-11-01", True),
        ("active", "2025-11-01", False),
        ("terminated", None, False),
    ],
)
def test_the_pages_of_open_and_recently_changed_orders_are_due(
    state: str, modified: str | None, is_due: bool
) -> None:
    assert taken(state=state, modification_date=modified).due_at == (AT if is_due else None)


# The own page


def test_the_own_page_fills_its_columns() -> None:
    order = read(completion_date="2026-10-05", cancellation_date="2026-10-06")
    assert (order.external_id, order.enni, order.service_reference, order.customer_order_name) == (
        "CRN-1",
        "CN012345",
        "FR000001",
        "Boutique",
    )
    assert (order.commitment, order.notice_period, order.monthly_amount) == (36, 3, Decimal("145.00"))
    assert (order.estimated_delivery_date, order.commitment_end_date) == (date(2026, 12, 1), None)
    assert (order.completion_date, order.cancellation_date) == (date(2026, 10, 5), date(2026, 10, 6))
    assert "CRN 1" in order.search


@pytest.mark.parametrize("contacts", [None, 5, "x", {"city": "Lyon"}, [None, {"city": ""}, 7]])
def test_contacts_without_a_city_leave_the_one_of_the_list(contacts: Any) -> None:
    assert read(related_contact_information=contacts).city == "MONT ST AIGNAN"


@pytest.mark.parametrize("amount", [None, True, "NaN", "sNaN", "Infinity", "1e999", "x", [], 1e300, 10**10])
def test_an_invalid_amount_is_left_blank(amount: Any) -> None:
    assert read(total_amount_monthly=amount).monthly_amount is None


# Computed values


def test_an_order_in_production_is_due_as_estimated_or_after_its_lead_time() -> None:
    assert taken().due_on == date(2026, 9, 1) + timedelta(weeks=6)
    assert read().due_on == date(2026, 12, 1)
    assert read(state="active").due_on is None


@pytest.mark.parametrize(
    ("changes", "last"),
    [
        ({"commitment_end_date": "2027-10-31", "notice_period": 3}, date(2027, 7, 31)),
        (
            {"completion_date": "2026-10-31", "minimum_commitment_duration": 12, "notice_period": 2},
            date(2027, 8, 31),
        ),
        (
            {"completion_date": "2026-10-31", "minimum_commitment_duration": 12, "notice_period": None},
            date(2027, 10, 31),
        ),
        ({"completion_date": None}, None),
    ],
)
def test_the_last_day_to_give_notice_follows_from_the_commitments_given_or_computed_end(
    changes: dict[str, Any], last: date | None
) -> None:
    assert read(state="active", **changes).notice_on == last


def test_only_an_active_order_has_a_day_to_give_notice() -> None:
    assert read(commitment_end_date="2027-10-31").notice_on is None


def test_an_order_that_leaves_production_leaves_its_step() -> None:
    order = taken()
    order.step, order.step_since, order.stuck_on = "connexion_planned", AT, AT
    mapping.apply_listed(order, listed(state="active"), AT)
    left = {name: getattr(order, name) for name in ("step", "step_since", "stuck_on", "is_open")}
    assert left == {"step": "", "step_since": None, "stuck_on": None, "is_open": False}
