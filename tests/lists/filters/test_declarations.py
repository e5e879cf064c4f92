"""The filters that list pages are made of, on a filter set of orders."""

from datetime import UTC, date, datetime
from typing import Any

import django_filters
import pytest

from lists.filters.declarations import days, indexed_words, moments
from lists.search import normalised
from tracking.models import Order, uuid_of

pytestmark = pytest.mark.django_db


class SampleFilter(django_filters.FilterSet):  # type: ignore[misc]
    q = indexed_words("Text")
    ordered_from, ordered_to = days("order_date", "Ordered from", "Ordered up to")
    changed_from, changed_to = moments("modification_date", "Changed from", "Changed up to")

    class Meta:
        model = Order
        fields: tuple[str, ...] = ()


@pytest.fixture(autouse=True)
def order() -> Order:
    return Order.objects.create(
        uuid=uuid_of("CMD_X_1"),
        reference="CMD_X_1",
        order_date=date(2026, 3, 10),
        modification_date=datetime(2026, 3, 9, 23, 30, tzinfo=UTC),
        search=normalised("CMD_X_1 Société Générale, Lyon"),
    )


def filtered(**query: str) -> Any:
    return SampleFilter(query, Order.objects.all())


@pytest.mark.parametrize(
    ("text", "found"), [("generale lyon", True), ("Générale ly", True), ("brest", False), ("", True)]
)
def test_words_filter_by_the_index(text: str, found: bool) -> None:
    assert filtered(q=text).qs.exists() == found


@pytest.mark.parametrize("text", ["ly", "a b", "é"])
def test_words_that_are_all_too_short_are_refused_at_the_field_and_nothing_is_narrowed(text: str) -> None:
    filters = filtered(q=text)
    assert filters.form.errors == {"q": ["Type at least three characters."]}
    assert filters.qs.exists()


@pytest.mark.parametrize("name", ["ordered", "changed"])
@pytest.mark.parametrize(
    ("side", "day", "found"),
    [
        ("from", "2026-03-10", True),
        ("from", "2026-03-11", False),
        ("to", "2026-03-10", True),
        ("to", "2026-03-09", False),
    ],
)
def test_both_ends_of_a_span_of_days_are_within_it(name: str, side: str, day: str, found: bool) -> None:
    """The moment of the change is already the tenth in Paris."""
    assert filtered(**{f"{name}_{side}": day}).qs.exists() == found


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31", "2026-02-30", "tomorrow"])
def test_a_day_that_is_none_is_refused_at_the_field(day: str) -> None:
    filters = filtered(changed_from=day)
    assert list(filters.form.errors) == ["changed_from"]
    assert filters.qs.exists()
