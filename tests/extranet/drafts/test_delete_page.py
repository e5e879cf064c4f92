"""What else is done to a draft: delete it, duplicate it, settle a change made on both sides."""

import uuid

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from drafts.actions import NotADraft
from extranet.drafts import actions
from extranet.models import CopperOrder
from outbox.models import Operation
from tests.conftest import People
from tests.extranet.order_factory import edit, fresh, pending_kinds
from tests.extranet.page_helpers import draft, shown_upstream, url
from tests.sessions_app.page_helpers import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vendor_is_away")]


@pytest.fixture
def order(sales: User) -> CopperOrder:
    return draft(sales)


def submitted(order: CopperOrder) -> CopperOrder:
    return shown_upstream(order, status="running")


def termination(by: User) -> CopperOrder:
    done = shown_upstream(draft(by), status="completed", service_alias="S20200101_00001")
    return actions.terminate_service(done.uuid, by)


# Delete


def test_it_asks_before_it_deletes(order: CopperOrder, sales_client: Client) -> None:
    page = text_of(sales_client.get(url("delete", order.uuid)))
    assert "Delete the draft" in page
    assert "The service continues." not in page
    assert CopperOrder.objects.live().exists()


def test_of_a_termination_it_says_that_the_service_goes_on(sales: User, sales_client: Client) -> None:
    page = text_of(sales_client.get(url("delete", termination(sales).uuid)))
    assert "The service continues." in page


def test_it_deletes_leads_to_the_list_and_says_so_even_when_pressed_twice(
    order: CopperOrder, sales_client: Client
) -> None:
    order = shown_upstream(order)
    for _ in range(2):
        assert sales_client.post(url("delete", order.uuid)).headers["Location"] == url("orders")
        assert "Draft deleted." in text_of(sales_client.get(url("orders")))
    assert not CopperOrder.objects.live().exists()
    assert pending_kinds(order) == ["delete-copper"]


def test_a_deleted_draft_is_not_found_any_more_and_for_another_team_never_was(
    order: CopperOrder, sales_client: Client, other_sales_client: Client
) -> None:
    assert other_sales_client.post(url("delete", order.uuid)).status_code == 404
    sales_client.post(url("delete", order.uuid))
    assert sales_client.get(url("delete", order.uuid)).status_code == 404
    assert sales_client.get(url("order", order.uuid)).status_code == 404
    assert other_sales_client.post(url("delete", order.uuid)).status_code == 404


@pytest.mark.parametrize("method", ["get", "post"])
def test_an_order_that_is_submitted_is_not_deleted(
    order: CopperOrder, sales_client: Client, method: str
) -> None:
    submitted(order)
    response = getattr(sales_client, method)(url("delete", order.uuid))
    assert response.headers["Location"] == url("order", order.uuid)
    assert CopperOrder.objects.live().exists()
    assert "no longer a draft" in text_of(sales_client.get(url("order", order.uuid)))


def test_an_order_submitted_at_that_very_moment_is_not_deleted(
    order: CopperOrder, sales_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def submitted_first(key: uuid.UUID, by: User) -> None:
        raise NotADraft

    monkeypatch.setattr(actions, "delete_order", submitted_first)
    assert sales_client.post(url("delete", order.uuid)).headers["Location"] == url("order", order.uuid)


# Duplicate


def test_a_copy_has_everything_except_what_belongs_to_one_order(
    order: CopperOrder, sales_client: Client
) -> None:
    response = sales_client.post(url("duplicate", order.uuid), {"key": str(uuid.uuid4())})
    copy = CopperOrder.objects.exclude(pk=order.pk).get()
    assert response.headers["Location"] == url("order", copy.uuid)
    own = "operator_order_ref"
    assert copy.draft | {own: ""} == order.draft | {own: ""}
    assert copy.operator_order_ref != order.operator_order_ref


def test_the_same_button_pressed_twice_makes_one_copy(order: CopperOrder, sales_client: Client) -> None:
    form = {"key": str(uuid.uuid4())}
    first, second = (sales_client.post(url("duplicate", order.uuid), form) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert CopperOrder.objects.count() == 2


def test_a_submitted_order_is_copied_as_covage_has_it(
    order: CopperOrder, other_sales_client: Client, people: People
) -> None:
    submitted(order)
    other_sales_client.post(url("duplicate", order.uuid), {"key": str(uuid.uuid4())})
    copy = CopperOrder.objects.exclude(pk=order.pk).get()
    assert (copy.owner, copy.status, copy.draft["owner.name"]) == (people.other_sales, "", "Untel")


def test_neither_a_door_nor_a_termination_is_copied(
    order: CopperOrder, sales: User, sales_client: Client
) -> None:
    CopperOrder.objects.filter(pk=order.pk).update(service="enni", status="completed")
    for source in (order, termination(sales)):
        before = CopperOrder.objects.count()
        response = sales_client.post(url("duplicate", source.uuid), {"key": str(uuid.uuid4())})
        assert response.headers["Location"] == url("order", source.uuid)
        assert CopperOrder.objects.count() == before


def test_only_sales_copy_what_they_may_see_and_by_a_button(
    order: CopperOrder, sales_client: Client, back_office_client: Client, other_sales_client: Client
) -> None:
    where = url("duplicate", order.uuid)
    assert sales_client.get(where).status_code == 405
    assert other_sales_client.post(where).status_code == 404
    assert back_office_client.post(where).status_code == 403
    assert CopperOrder.objects.count() == 1


# Settle


@pytest.fixture
def in_conflict(order: CopperOrder, sales: User) -> CopperOrder:
    """A draft whose comment was changed here and, otherwise, at Covage."""
    edit(shown_upstream(order), sales, comment="ours")
    changed = shown_upstream_changed(fresh(order), comment="theirs")
    assert changed.conflicts.keys() == {"comment"}
    return changed


def shown_upstream_changed(order: CopperOrder, **changes: str) -> CopperOrder:
    order.merge_raw(order.raw | changes, timezone.now())
    order.save()
    return order


@pytest.mark.parametrize(("keep", "holds"), [("ours", "ours"), ("theirs", "theirs")])
def test_a_conflict_ends_as_the_button_says(
    in_conflict: CopperOrder, sales_client: Client, keep: str, holds: str
) -> None:
    page = text_of(sales_client.get(url("order", in_conflict.uuid)))
    assert "Changed on both sides: “ours” here, “theirs” at Covage." in page
    assert f'value="{keep}|comment"' in page
    response = sales_client.post(url("settle", in_conflict.uuid), {"keep": f"{keep}|comment"})
    assert response.headers["Location"] == url("order", in_conflict.uuid)
    assert (fresh(in_conflict).conflicts, fresh(in_conflict).draft["comment"]) == ({}, holds)


@pytest.mark.parametrize("keep", ["", "ours", "mine|comment", "\0"])
def test_an_unknown_button_settles_nothing(in_conflict: CopperOrder, sales_client: Client, keep: str) -> None:
    sales_client.post(url("settle", in_conflict.uuid), {"keep": keep})
    assert fresh(in_conflict).conflicts.keys() == {"comment"}


def test_nothing_is_settled_in_an_order_that_left_draft(
    in_conflict: CopperOrder, sales_client: Client
) -> None:
    CopperOrder.objects.update(status="running")
    response = sales_client.post(url("settle", in_conflict.uuid), {"keep": "theirs|comment"})
    assert response.headers["Location"] == url("order", in_conflict.uuid)
    assert fresh(in_conflict).conflicts.keys() == {"comment"}


# Who


def test_the_back_office_deletes_and_settles_terminations_and_no_other_drafts(
    sales: User, order: CopperOrder, back_office_client: Client, people: People
) -> None:
    north = draft_of_another(people)
    for name in ("delete", "settle"):
        assert back_office_client.post(url(name, north.uuid), {"keep": "ours|comment"}).status_code == 403
    ending = termination(people.other_sales)
    assert back_office_client.post(url("delete", ending.uuid)).status_code == 302
    assert Operation.objects.filter(kind="delete-copper", subject_id=ending.uuid).exists()


def draft_of_another(people: People) -> CopperOrder:
    """A draft that only its owner, in another team than the back office, may change."""
    return actions.create_order(people.other_sales, {"owner.name": "Dupont"}, team=people.south)
