"""What nobody may see is not found; what may only be read is refused with a sentence."""

import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone

from accounts.models import User
from extranet import access
from extranet.models import CopperOrder
from tests.conftest import People

pytestmark = pytest.mark.django_db


def _order(owner: User, **columns: Any) -> CopperOrder:
    return CopperOrder.objects.create(owner=owner, **({"status": "draft", "type": "activate"} | columns))


def test_one_s_own_order_is_seen_and_changed(people: People) -> None:
    order = _order(people.sales)
    assert access.visible_order(people.sales, order.uuid) == order
    assert access.editable_order(people.sales, order.uuid) == order
    assert access.may_edit(people.sales, order)


def test_another_s_draft_is_not_found(people: People) -> None:
    order = _order(people.other_sales)
    for find_order in (access.visible_order, access.editable_order, access.answerable_order):
        with pytest.raises(Http404):
            find_order(people.sales, order.uuid)


def test_another_s_order_can_be_read_and_neither_changed_nor_answered(people: People) -> None:
    order = _order(people.other_sales, status="pending")
    assert access.visible_order(people.sales, order.uuid) == order
    assert not access.may_answer(people.sales, order)
    with pytest.raises(PermissionDenied, match="only its owner, its team and administrators"):
        access.editable_order(people.sales, order.uuid)
    with pytest.raises(PermissionDenied, match="only its owner, its team and the back office"):
        access.answerable_order(people.sales, order.uuid)


def test_the_back_office_answers_for_any_order_and_reads_activations(people: People) -> None:
    order = _order(people.other_sales, status="pending")
    assert access.answerable_order(people.back_office, order.uuid) == order
    with pytest.raises(PermissionDenied):
        access.editable_order(people.back_office, order.uuid)


@pytest.mark.parametrize("person", ["sales", "back_office", "administrator"])
def test_what_is_deleted_or_was_never_there_is_not_found(people: People, person: str) -> None:
    order = _order(people.sales, deleted_at=timezone.now())
    for key in (order.uuid, uuid.uuid4()):
        with pytest.raises(Http404):
            access.visible_order(getattr(people, person), key)


def test_a_deletion_pressed_twice_finds_what_it_deleted(people: People) -> None:
    order = _order(people.sales)
    assert access.deleted_order(people.sales, order.uuid) is None
    CopperOrder.objects.update(deleted_at=timezone.now())
    assert access.deleted_order(people.sales, order.uuid) == order
    assert access.deleted_order(people.other_sales, order.uuid) is None
