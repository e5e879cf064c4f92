"""Who sees and changes which carts and lines, and what the lists query."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from sessions_app.models import Cart, Line
from sessions_app.states import cart_badge, line_badge
from tests.conftest import People

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@pytest.fixture
def carts(people: People) -> dict[str, Cart]:
    return {
        "mine": _cart(people.sales),
        "my team's": _cart(people.other_sales, team=people.north),
        "another's": _cart(people.other_sales),
        "another team's": _cart(people.other_sales, team=people.south),
        "another team's, unowned": _cart(None, team=people.south),
        "nobody's": _cart(None),
    }


def _cart(owner: User | None, **columns: Any) -> Cart:
    cart = Cart.objects.create(owner=owner, **columns)
    Line.objects.create(cart=cart)
    return cart


MINE = {"mine", "my team's", "nobody's"}
ALL = {*MINE, "another's", "another team's", "another team's, unowned"}


@pytest.mark.parametrize(
    ("person", "seen", "changed"),
    [
        ("sales", MINE, MINE),
        ("back_office", ALL, set()),
        ("administrator", ALL, ALL),
        ("nobody", set(), set()),
    ],
)
def test_people_see_and_change_carts_and_lines_by_role_and_team(
    people: People, carts: dict[str, Cart], person: str, seen: set[str], changed: set[str]
) -> None:
    user = getattr(people, person)
    names = {cart.pk: name for name, cart in carts.items()}
    assert {names[cart.pk] for cart in Cart.objects.visible_to(user)} == seen
    assert {names[cart.pk] for cart in Cart.objects.editable_by(user)} == changed
    assert {names[line.cart_id] for line in Line.objects.visible_to(user)} == seen
    assert {names[line.cart_id] for line in Line.objects.editable_by(user)} == changed


@pytest.mark.parametrize("person", ["sales", "back_office", "administrator"])
def test_lines_of_deleted_carts_are_seen_by_nobody(people: People, person: str) -> None:
    _cart(people.sales, deleted_at=timezone.now())
    assert not Line.objects.visible_to(getattr(people, person)).exists()
    assert not Cart.objects.live().visible_to(getattr(people, person)).exists()


NOW = timezone.now()


@pytest.mark.parametrize(
    ("columns", "is_draft", "is_ready", "is_settling"),
    [
        ({"missing_count": 0}, True, True, False),
        ({"missing_count": 2}, True, False, False),
        ({"missing_count": 0, "state": "created"}, True, True, False),
        ({"missing_count": 0, "state": "created", "confirming_since": NOW}, False, False, True),
        ({"missing_count": 0, "confirming_since": NOW}, False, False, True),
        ({"state": "in_progress", "confirming_since": NOW}, False, False, True),
        ({"state": "completed", "confirming_since": NOW}, False, False, False),
        ({"state": "never_heard_of"}, False, False, False),
        ({"missing_count": 0, "deleted_at": NOW}, False, False, False),
        ({"missing_count": 0, "gone_at": NOW}, False, False, False),
    ],
)
def test_a_carts_queries_and_its_properties_agree(
    columns: dict[str, Any], is_draft: bool, is_ready: bool, is_settling: bool
) -> None:
    cart = Cart.objects.create(**columns)
    assert (cart.is_draft, cart.is_ready, cart.is_settling) == (is_draft, is_ready, is_settling)
    assert Cart.objects.drafts().exists() is is_draft
    assert Cart.objects.ready().exists() is is_ready
    assert Cart.objects.settling().exists() is is_settling


@pytest.mark.parametrize(
    ("columns", "is_open"),
    [
        ({"state": "created"}, True),
        ({"state": "in_progress"}, True),
        ({"state": ""}, True),
        ({"state": "completed"}, False),
        ({"state": "created", "upstream_id": None}, False),
        ({"state": "created", "gone_at": NOW}, False),
    ],
)
def test_open_upstream_are_those_that_may_still_change_there(columns: dict[str, Any], is_open: bool) -> None:
    Cart.objects.create(**{"upstream_id": "u"} | columns)
    assert Cart.objects.open_upstream().exists() is is_open


@pytest.mark.parametrize(("days", "is_expiring"), [(-3, True), (14, True), (15, False), (None, False)])
def test_drafts_within_a_fortnight_of_their_end_are_expiring(days: int | None, is_expiring: bool) -> None:
    ends = None if days is None else timezone.localdate() + timedelta(days=days)
    line = Line.objects.create(cart=Cart.objects.create(), expires_on=ends)
    assert Line.objects.expiring().exists() is line.expires_soon is is_expiring


def test_what_is_no_draft_any_more_does_not_expire() -> None:
    ends = timezone.localdate()
    confirmed = Cart.objects.create(state="in_progress")
    Line.objects.create(cart=confirmed, expires_on=ends)
    Line.objects.create(cart=Cart.objects.create(), expires_on=ends, deleted_at=NOW)
    Line.objects.create(cart=Cart.objects.create(), expires_on=ends, gone_at=NOW)
    assert not Line.objects.expiring().exists()


def test_rejected_lines_are_those_that_live() -> None:
    cart = Cart.objects.create()
    line = Line.objects.create(cart=cart, state="rejected_creation")
    Line.objects.create(cart=cart, state="rejected_creation", deleted_at=NOW)
    Line.objects.create(cart=cart, state="acknowledged")
    assert list(Line.objects.rejected()) == [line]
    assert line.is_rejected


def test_carts_and_lines_are_named_by_what_people_know() -> None:
    cart = Cart.objects.create(external_id="IS-1")
    assert str(cart) == "IS-1"
    assert cart.get_absolute_url() == f"/carts/{cart.pk}/"
    line = Line.objects.create(cart=cart, end_customer_name="Martin")
    assert str(line) == "Martin"
    assert line.get_absolute_url() == f"/lines/{line.pk}/"


@pytest.mark.parametrize(
    ("badge", "label", "tone"),
    [
        (cart_badge("created"), "draft", ""),
        (cart_badge(""), "draft", ""),
        (cart_badge("partial"), "partly rejected", "warning"),
        (cart_badge("on_the_moon"), "On the moon", ""),
        (line_badge("rejected_creation"), "rejected", "bad"),
        (line_badge("held_adv_validation"), "held for ADV validation", "warning"),
        (line_badge("half_done"), "Half done", ""),
        (line_badge(""), "draft", ""),
    ],
)
def test_a_known_state_has_its_label_and_an_unknown_one_its_words(badge: Any, label: str, tone: str) -> None:
    assert (badge.label, badge.tone) == (label, tone)
