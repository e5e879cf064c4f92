"""Who sees, changes and answers which copper orders, and what the lists query."""

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from extranet.models import CopperOrder
from tests.conftest import People

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

DjangoAssertNumQueries = Any


@pytest.fixture
def orders(people: People) -> dict[str, CopperOrder]:
    return {
        "mine": _order(people.sales),
        "my team's": _order(people.other_sales, team=people.north),
        "another's": _order(people.other_sales),
        "another team's": _order(None, team=people.south),
        "nobody's": _order(None),
        "my pending one": _order(people.sales, status="pending"),
        "another's pending one": _order(people.other_sales, status="pending"),
        "another's termination": _order(people.other_sales, type="terminate"),
    }


def _order(owner: User | None, **columns: Any) -> CopperOrder:
    return CopperOrder.objects.create(owner=owner, **({"status": "draft", "type": "activate"} | columns))


DRAFTS = {"mine", "my team's", "nobody's"}
PENDING = {"my pending one", "another's pending one"}
ALL = {*DRAFTS, *PENDING, "another's", "another team's", "another's termination"}
OF_SALES = {*DRAFTS, "my pending one"}
OF_NORTH = {"my team's", "nobody's"}


@pytest.mark.parametrize(
    ("person", "seen", "changed", "answered"),
    [
        ("sales", {*DRAFTS, *PENDING}, OF_SALES, OF_SALES),
        ("back_office", ALL, {*OF_NORTH, "another's termination"}, ALL),
        ("administrator", ALL, ALL, ALL),
        ("nobody", set(), set(), set()),
    ],
)
def test_people_see_change_and_answer_by_role_and_team(
    people: People,
    orders: dict[str, CopperOrder],
    person: str,
    seen: set[str],
    changed: set[str],
    answered: set[str],
) -> None:
    user = getattr(people, person)
    names = {order.pk: name for name, order in orders.items()}
    everything = CopperOrder.objects
    assert {names[order.pk] for order in everything.visible_to(user)} == seen
    assert {names[order.pk] for order in everything.editable_by(user)} == changed
    assert {names[order.pk] for order in everything.answerable_by(user)} == answered


@pytest.mark.parametrize("question", ["visible_to", "editable_by", "answerable_by", "of"])
@pytest.mark.parametrize("person", ["sales", "back_office", "administrator"])
def test_each_question_is_one_statement(
    people: People,
    orders: dict[str, CopperOrder],
    django_assert_num_queries: DjangoAssertNumQueries,
    question: str,
    person: str,
) -> None:
    user = User.objects.get(pk=getattr(people, person).pk)
    assert user.roles is not None
    assert user.team_ids is not None
    with django_assert_num_queries(1):
        list(getattr(CopperOrder.objects, question)(user))


def test_a_person_s_own_are_theirs_and_their_teams(people: People, orders: dict[str, CopperOrder]) -> None:
    names = {order.pk: name for name, order in orders.items()}
    mine = {names[order.pk] for order in CopperOrder.objects.of(people.sales)}
    assert mine == {"mine", "my team's", "my pending one"}


def _named(question: str, *arguments: Any) -> set[str]:
    found = getattr(CopperOrder.objects, question)(*arguments)
    return set(found.values_list("operator_order_ref", flat=True))


def test_lists_ask_what_can_be_done(people: People) -> None:
    now = timezone.now()
    kinds: dict[str, dict[str, Any]] = {
        "draft": {"missing_count": 2},
        "ready": {},
        "in conflict": {"missing_count": 1, "conflicts": {"comment": {"was": None, "theirs": "x"}}},
        "being submitted": {"submitting_since": now},
        "deleted": {"deleted_at": now},
        "gone": {"gone_at": now},
        "unowned": {"owner": None, "missing_count": 1},
        "a door": {"owner": None, "service": "enni", "missing_count": 1},
        "running": {"status": "running"},
        "unheard of": {"status": "unheard_of"},
        "ending": {"status": "running", "type": "terminate"},
        "pending": {"status": "pending"},
        "answered": {"status": "pending", "answering": "confirm"},
        "pending and gone": {"status": "pending", "gone_at": now},
        "held": {"status": "held"},
        "completed": {"status": "completed"},
        "rejected": {"status": "rejected"},
    }
    for number, (name, columns) in enumerate(kinds.items()):
        row = {"owner": people.sales, "upstream_id": f"u{number}", "operator_order_ref": name, **columns}
        _order(**row)
    drafts = {"draft", "ready", "in conflict", "unowned", "a door"}
    assert _named("drafts") == drafts
    assert _named("ready") == {"ready"}
    assert _named("in_conflict") == {"in conflict"}
    assert _named("unowned") == {"unowned"}
    under_way = {"running", "unheard of", "ending", "pending", "answered", "held"}
    assert _named("under_way") == under_way
    assert _named("pending") == {"pending"}
    assert _named("on_hold") == {"held"}
    assert _named("terminating") == {"ending"}
    assert _named("settling") == {"being submitted", "answered"}
    assert _named("in_service") == {"completed"}
    assert _named("known_upstream") == set(kinds) - {"gone", "pending and gone"}


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("O170516_21000", 1),
        ("o170516_21000", 1),
        ("S20181102_12001", 1),
        ("T8JCX8TP", 1),
        ("IS-1", 1),
        ("is-1", 1),
        ("IS", 0),
        ("", 0),
    ],
)
def test_an_order_is_found_by_the_very_name_that_was_typed(people: People, typed: str, found: int) -> None:
    _order(
        people.sales,
        alias="O170516_21000",
        service_alias="S20181102_12001",
        upstream_id="t8jcx8tp",
        operator_order_ref="IS-1",
    )
    _order(people.sales)
    assert CopperOrder.objects.named(typed).count() == found


@pytest.mark.parametrize("name", ["service_uuid", "service_alias"])
@pytest.mark.parametrize(
    ("status", "still_ends"),
    [("draft", True), ("canceled", True), ("submitted", False), ("completed", False)],
)
def test_a_term_ends_until_somebody_ends_the_service_by_whatever_name(
    people: People, name: str, status: str, still_ends: bool
) -> None:
    service: dict[str, Any] = {name: "S1"}
    ending = _order(people.sales, status="completed", term_ends_on=timezone.localdate(), **service)
    _order(people.sales, status="completed", type="terminate")
    _order(people.sales, status=status, type="terminate", **service)
    assert CopperOrder.objects.term_ending().filter(pk=ending.pk).exists() is still_ends
    assert CopperOrder.objects.with_term().filter(pk=ending.pk).exists() is still_ends


@pytest.mark.parametrize("name", ["service_uuid", "service_alias"])
def test_a_service_is_there_until_its_termination_is_completed(people: People, name: str) -> None:
    service: dict[str, Any] = {name: "S1"}
    activation = _order(people.sales, status="completed", **service)
    ending = _order(people.sales, status="running", type="terminate", **service)
    assert list(CopperOrder.objects.in_service()) == [activation]
    CopperOrder.objects.filter(pk=ending.pk).update(status="completed")
    assert not CopperOrder.objects.in_service().exists()
