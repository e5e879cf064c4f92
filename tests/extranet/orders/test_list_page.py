"""The list of copper orders as saved views and notices refer to it."""

from typing import Any

import pytest
from django.http import QueryDict

from lists.registered_pages import ListPage, page_named
from tests.conftest import People
from tests.extranet.listed import listed_order

pytestmark = pytest.mark.django_db


@pytest.fixture
def page() -> ListPage:
    found = page_named("copper")
    assert found
    return found


def test_a_view_returns_the_orders_that_it_shows_a_user(page: ListPage, people: People) -> None:
    shown, hidden = listed_order(1, people.sales), listed_order(2)
    selected = {shown.uuid, hidden.uuid}
    assert page.matching(QueryDict("mine=true&city=rouen"), people.sales, selected) == {shown.uuid}
    assert page.matching(QueryDict("mine=true"), people.other_sales, selected) == set()
    assert page.matching(QueryDict("q=ab"), people.sales, {hidden.uuid}) == {hidden.uuid}


def test_a_view_shows_nobody_a_draft_that_is_not_for_them(page: ListPage, people: People) -> None:
    draft = listed_order(1, people.sales, status="draft")
    assert page.matching(QueryDict(""), people.other_sales, {draft.uuid}) == set()
    assert page.matching(QueryDict(""), people.back_office, {draft.uuid}) == {draft.uuid}


def test_of_a_draft_they_alone_hear_who_may_see_it(page: ListPage, people: People) -> None:
    draft, order = listed_order(1, people.sales, status="draft"), listed_order(2, status="submitted")
    both = {draft.uuid, order.uuid}
    assert page.visible(people.sales, both) == page.visible(people.back_office, both) == both
    assert page.visible(people.other_sales, both) == {order.uuid}
    assert page.visible(people.nobody, both) == set()


@pytest.mark.parametrize(
    ("path", "label", "value", "shown"),
    [
        ("status", "Status", "pending", "waiting for your answer"),
        ("endpoints.1.endpoint_ref", "Line number (line 2)", None, ""),
        ("options.grt.enabled", "Guaranteed time to repair", True, "yes"),
        ("nobody_knows", "Nobody knows", "as it came", "as it came"),
    ],
)
def test_a_change_is_shown_in_words(page: ListPage, path: str, label: str, value: Any, shown: str) -> None:
    assert page.label_of(path) == label
    assert page.value(path, value) == shown
