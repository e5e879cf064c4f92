"""The filters of the list of carts: each that the API documents exists and narrows, and so do our own."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from covage import filters as documented
from sessions_app.carts.filters import CartFilter
from sessions_app.lines.filters import LineFilter
from sessions_app.models import Cart, Line
from tests.sessions_app.filter_helpers import assert_whole_days, cart, carts, line, lines

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

CART_DATES = ["creation_date", "order_date", "completion_date", "cancellation_date"]


def test_every_documented_filter_of_sessions_exists() -> None:
    assert documented.SessionFilters.__annotations__.keys() <= CartFilter.base_filters.keys()


@pytest.mark.parametrize("name", ["external_id", "project_id"])
def test_a_text_of_a_cart_is_found_whole(name: str) -> None:
    wanted, _longer = cart(**{name: "A1"}), cart(**{name: "A12"})
    assert carts(**{name: "A1"}) == {wanted}


@pytest.mark.parametrize("name", CART_DATES)
def test_a_date_of_a_cart_takes_whole_days_in_the_portals_zone(name: str) -> None:
    assert_whole_days(cart, carts, name)


def test_several_filters_narrow_together() -> None:
    wanted = cart(project_id="P", state="completed")
    cart(project_id="P"), cart(state="completed")
    assert carts(project_id="P", state="completed") == {wanted}


def test_drafts_are_those_that_covage_has_and_those_that_it_does_not() -> None:
    ours, theirs, _other = cart(), cart(state="created"), cart(state="completed")
    assert carts(state="created") == {ours, theirs}
    assert lines(state="created") == set()
    both = {line(), line(state="created")}
    line(state="acknowledged")
    assert lines(state="created") == both


# Ours


def test_every_word_is_looked_for_in_the_cart_or_in_its_lines() -> None:
    by_itself, by_lines = cart(external_id="SI-7 Lyon"), cart(project_id="SI-7")
    line(cart=by_lines, search="boulangerie martin lyon")
    line(cart=cart(), search="lyon", deleted_at=timezone.now())
    assert carts(q="si-7 LYON") == {by_itself, by_lines}
    assert carts(q="lyon") == {by_itself, by_lines}
    assert carts(q=by_itself.upstream_id) == {by_itself}
    assert carts(q="nowhere") == set()


@pytest.mark.parametrize("text", ["lycee oeuvre", "LYCÉE", "Œuvre", "ly"])
def test_words_find_carts_and_lines_whatever_their_case_and_accents(text: str) -> None:
    mine, with_line = Cart(draft={"external_id": "Lycée 7", "project_id": "Œuvre"}), cart()
    holding = Line(cart=with_line, draft={"end_customer_name": "Lycée 7", "note": "Œuvre"})
    for row in (mine, holding):
        row.reflect()
        row.save()
    assert carts(q=text) == {mine, with_line}
    assert lines(search=text) == {holding}


def test_carts_by_how_near_they_are_to_being_confirmed(django_user_model: type[User]) -> None:
    someone = django_user_model.objects.create(username="someone")
    now, soon = timezone.now(), timezone.localdate() + timedelta(days=14)
    made = {
        "ready": cart(missing_count=0, owner=someone),
        "missing": cart(missing_count=2, owner=someone),
        "expiring": cart(missing_count=2, owner=someone),
        "conflict": cart(missing_count=2, owner=someone, conflicts={"project_id": {"was": "", "theirs": ""}}),
        "unowned": cart(missing_count=2),
        "settling": cart(owner=someone, state="in_progress", missing_count=0),
        "confirming": cart(owner=someone, confirming_since=now, missing_count=0),
        "gone": cart(missing_count=0, owner=someone, gone_at=now),
    }
    line(cart=made["expiring"], expires_on=soon)
    line(cart=made["missing"], expires_on=soon + timedelta(days=1))
    line(cart=made["gone"], expires_on=soon)
    unready = {made[name] for name in ("missing", "expiring", "conflict", "unowned")}
    assert carts(readiness="ready") == {made["ready"]}
    assert carts(readiness="missing") == unready
    assert carts(readiness="expiring") == {made["expiring"]}
    assert carts(readiness="conflict") == {made["conflict"]}
    assert carts(readiness="unowned") == {made["unowned"]}
    assert carts(readiness="settling") == {made["settling"], made["confirming"]}


def test_carts_by_owner_of_those_that_have_any(django_user_model: type[User]) -> None:
    owner, _idle = (django_user_model.objects.create(username=name) for name in ("owner", "idle"))
    wanted, _other = cart(owner=owner), cart()
    assert carts(owner=owner.pk) == {wanted}
    choices = CartFilter({}, Cart.objects.all()).form.fields["owner"].queryset
    assert list(choices) == [owner]


def test_a_filter_that_makes_no_sense_narrows_nothing_and_says_so() -> None:
    some = cart()
    filters = CartFilter({"order_date_gt": "soon", "readiness": "perhaps"}, Cart.objects.all())
    assert set(filters.qs) == {some}
    assert filters.form.errors.keys() == {"order_date_gt", "readiness"}


def test_making_a_filter_does_not_query_the_database() -> None:
    with CaptureQueriesContext(connection) as queries:
        CartFilter({"state": "new"}, Cart.objects.all()), LineFilter({}, Line.objects.all())
    assert not queries
