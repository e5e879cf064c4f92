"""When a request is possible, that it is enqueued once, and what a termination means for the commitment."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from drafts.models import Event
from outbox.models import Operation
from tests.tracking.request_forms import REASONS, TERMINATION, ask, know_reasons, request_data
from tracking.models import Order, Request, uuid_of
from tracking.orders.commitment import Terms
from tracking.requests.actions import (
    ACTIONS,
    NotPossible,
    Unseen,
    action_labelled,
    is_other_reasons,
    make_request,
    newest_refusal,
    obstacle,
    open_actions,
    possible_actions,
    take_back,
    unlisted_operations,
)
from tracking.requests.forms import RequestForm

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

TODAY = date(2026, 11, 21)


def an_order(reference: str = "CMD_X_1", state: str = "active", **columns: Any) -> Order:
    columns = {"order_date": date(2024, 3, 12), "end_customer_name": "Boulangerie", "city": "Lille"} | columns
    return Order.objects.create(reference=reference, uuid=uuid_of(reference), state=state, **columns)


def listed(order: Order, action: str = "Résiliation", **columns: Any) -> Request:
    """A request that the vendor lists."""
    columns = {
        "creation_date": timezone.now() - timedelta(days=30),
        "upstream_id": f"R{order.pk}{action}",
    } | columns
    return Request.objects.create(order_reference=order.reference, action=action, **columns)


# When


@pytest.mark.parametrize(
    ("word", "state", "is_possible"),
    [
        ("terminate", "active", True),
        ("terminate", "in_progress", False),
        ("terminate", "terminate_in_progress", False),
        ("terminate", "change_in_progress", False),
        ("terminate", "cancelled", False),
        ("change", "active", True),
        ("change", "confirmed", False),
        ("cancel", "in_progress", True),
        ("cancel", "confirmed", True),
        ("cancel", "active", False),
    ],
)
def test_the_state_decides_what_may_be_requested(word: str, state: str, is_possible: bool) -> None:
    assert (obstacle(an_order(state=state), ACTIONS[word]) == "") == is_possible


def test_the_obstacle_is_explained_with_the_state() -> None:
    assert "already been requested from Covage" in obstacle(an_order(state="terminated"), TERMINATION)
    assert "“in production”" in obstacle(an_order("CMD_X_2", "in_progress"), TERMINATION)
    assert "cancelled" in obstacle(an_order("CMD_X_3"), ACTIONS["cancel"])
    assert "changed" in obstacle(an_order("CMD_X_4", "rejected"), ACTIONS["change"])


def test_nothing_is_requested_on_an_order_that_is_gone() -> None:
    assert "no longer has" in obstacle(an_order(gone_at=timezone.now()), TERMINATION)


def test_the_setting_enables_further_requests(settings: Settings) -> None:
    assert [action.word for action in open_actions()] == ["terminate"]
    settings.ORDER_ACTIONS = ["terminate", "change", "cancel"]
    assert [action.word for action in possible_actions(an_order())] == ["terminate", "change"]
    assert [action.word for action in possible_actions(an_order("CMD_X_2", "confirmed"))] == ["cancel"]


@pytest.mark.parametrize("spelling", ["Résiliation", "RESILIATION", "terminate", " Terminate "])
def test_an_action_is_known_however_it_is_spelt(spelling: str) -> None:
    assert action_labelled(spelling) is TERMINATION


def test_an_unknown_action_is_none() -> None:
    assert action_labelled("Transfert") is None


@pytest.mark.parametrize(
    "reason", ["Autres motifs, précisez en commentaire", "AUTRES MOTIFS", " autres  motifs "]
)
def test_the_reason_that_requires_a_comment_is_known_however_it_is_spelt(reason: str) -> None:
    assert is_other_reasons(reason)


# Once


def test_a_request_is_enqueued_with_what_was_typed(by: User) -> None:
    order = an_order()
    operation = ask(order, by, message="Fin du bail")
    assert (operation.subject_id, operation.actor) == (order.uuid, by)
    assert operation.payload["document"]["message"] == "Fin du bail"
    assert Event.objects.get(subject_id=order.uuid).label == f"Résiliation: {REASONS[0]}"


def test_the_same_form_again_returns_the_first_operation_whatever_its_outcome(by: User) -> None:
    order = an_order()
    first = ask(order, by, key="k")
    assert ask(order, by, key="k") == first
    Operation.objects.update(state=Operation.State.REFUSED, once=None)
    assert ask(order, by, key="k") == first


def test_from_another_tab_it_is_not_requested_a_second_time(by: User) -> None:
    order = an_order()
    ask(order, by, key="one")
    with pytest.raises(NotPossible, match="on its way"):
        ask(order, by, key="other")
    assert Operation.objects.count() == 1


def test_nothing_else_is_requested_while_a_request_is_on_its_way(by: User) -> None:
    order = an_order()
    ask(order, by)
    with pytest.raises(NotPossible, match="on its way"):
        ask(order, by, "change")


def test_after_a_refusal_another_form_may_request_it(by: User) -> None:
    order = an_order()
    ask(order, by)
    Operation.objects.update(state=Operation.State.REFUSED, once=None)
    assert newest_refusal(order) is not None
    ask(order, by)
    assert newest_refusal(order) is None


def test_an_earlier_request_has_to_have_been_seen(by: User) -> None:
    order = an_order()
    earlier = listed(order)
    with pytest.raises(Unseen):
        ask(order, by)
    assert ask(order, by, seen=(earlier.upstream_id,))


@pytest.mark.parametrize("action", ["Modification", "Annulation"])
def test_an_earlier_request_of_another_kind_prevents_nothing(by: User, action: str) -> None:
    order = an_order()
    listed(order, action)
    assert ask(order, by)


def test_a_request_of_a_few_minutes_ago_prevents_another_until_the_order_is_read_again(by: User) -> None:
    order = an_order(read_at=timezone.now())
    earlier = listed(order, creation_date=timezone.now() - timedelta(minutes=2))
    with pytest.raises(NotPossible, match="few minutes ago"):
        ask(order, by, seen=(earlier.upstream_id,))
    Order.objects.update(read_at=timezone.now() + timedelta(minutes=20))
    order.refresh_from_db()
    assert ask(order, by, seen=(earlier.upstream_id,))


def test_the_orders_state_counts_as_it_is_when_it_is_requested(by: User) -> None:
    order = an_order()
    Order.objects.update(state="terminated")
    with pytest.raises(NotPossible):
        make_request(order, TERMINATION, by, request_data(), key="k")


def test_a_request_that_was_not_sent_yet_can_be_withdrawn(by: User) -> None:
    order = an_order()
    operation = ask(order, by)
    assert take_back(operation, by)
    assert not take_back(operation, by)
    assert ask(order, by)


@pytest.mark.parametrize(("wanted", "shown"), [("", 3), ("pending", 1), ("unknown", 1), ("refused", 1)])
def test_what_the_vendor_does_not_list_is_found_by_its_state(by: User, wanted: str, shown: int) -> None:
    states = (
        Operation.State.WAITING,
        Operation.State.UNKNOWN,
        Operation.State.REFUSED,
        Operation.State.SUCCEEDED,
    )
    for number, state in enumerate(states):
        operation = ask(an_order(f"CMD_X_{number}"), by)
        Operation.objects.filter(pk=operation.pk).update(state=state)
    assert unlisted_operations(wanted).count() == shown


# What is typed


def _form(word: str = "terminate", **typed: str) -> RequestForm:
    return RequestForm(typed, action=ACTIONS[word])


def _later() -> str:
    return (timezone.localdate() + timedelta(days=40)).isoformat()


def test_one_of_the_vendors_reasons_and_a_day_are_enough() -> None:
    know_reasons()
    form = _form(reason=REASONS[0], request_effective_date=_later())
    assert form.is_valid(), form.errors
    assert form.request_data().document["request_effective_date"] == _later()


@pytest.mark.parametrize("known", [True, False])
def test_other_reasons_require_a_comment(known: bool) -> None:
    if known:
        know_reasons()
    form = _form(reason=REASONS[4], request_effective_date=_later(), message=" ")
    assert list(form.errors) == ["message"]
    assert _form(reason=REASONS[4], request_effective_date=_later(), message="Loi").is_valid()


def test_a_reason_that_is_none_of_the_vendors_stays_selected() -> None:
    know_reasons()
    form = _form(reason="Faillite", request_effective_date=_later())
    assert "no longer" in form.errors["reason"][0]
    assert '<option value="Faillite" selected>' in str(form["reason"])


def test_while_the_reasons_are_not_known_any_text_is_accepted() -> None:
    form = _form(reason="Cessation", request_effective_date=_later())
    assert form.is_valid()
    assert "available here yet" in form.fields["reason"].help_text


def test_a_day_gone_by_is_refused_and_today_is_not() -> None:
    today = timezone.localdate()
    assert "request_effective_date" in _form(request_effective_date=str(today - timedelta(days=1))).errors
    assert "request_effective_date" not in _form(request_effective_date=today.isoformat()).errors


@pytest.mark.parametrize("word", ["change", "cancel"])
def test_a_change_and_a_cancellation_need_only_the_comment(word: str) -> None:
    assert list(_form(word).errors) == ["message"]
    form = _form(word, message="1G")
    assert form.is_valid()
    assert form.request_data().document == {"reason": "", "message": "1G", "request_effective_date": None}


def test_refusals_go_to_the_fields_that_they_name_and_the_others_above() -> None:
    form = _form(reason="Cessation", request_effective_date=_later())
    form.is_valid()
    errors = [
        {"path": "reason", "message": "Unknown."},
        {"path": "contract", "message": "Blocked."},
        {"path": "", "code": "E7"},
    ]
    form.add_refusals(errors, "")
    assert form.errors["reason"] == ["Covage refused: Unknown."]
    assert form.non_field_errors() == ["Covage refused: Blocked. (Contract)", "Covage refused: E7"]


def test_a_refusal_without_errors_is_shown_all_the_same() -> None:
    form = _form("change", message="1G")
    form.is_valid()
    form.add_refusals([], "Not today.")
    assert form.non_field_errors() == ["Not today."]


# What ending it means


def _terms(end: date | None = date(2027, 3, 12), notice: int | None = 3) -> Terms:
    return Terms(end, notice, TODAY)


def test_the_commitment_gives_the_last_day_of_notice_and_the_earliest_day_without_fees() -> None:
    first, second = _terms().sentences
    assert first == (
        "The commitment runs until 12/03/2027; with a notice period of 3 months, the last day to end it is 12/12/2026."
    )
    assert second == "Earliest day at no cost: 12/03/2027."


def test_once_the_last_day_of_notice_is_past_the_notice_decides() -> None:
    first, second = _terms(end=date(2027, 1, 12)).sentences
    assert "was 12/10/2026" in first
    assert second == "Earliest day at no cost: 21/02/2027."


def test_a_commitment_that_ended_leaves_the_notice() -> None:
    first, second = _terms(end=date(2026, 3, 12)).sentences
    assert first == "The commitment ended on 12/03/2026; the notice period is 3 months."
    assert second == "Earliest day at no cost: 21/02/2027."


def test_a_commitment_that_ended_without_a_notice_period_leaves_nothing() -> None:
    assert _terms(date(2026, 3, 12), None).sentences == ["The commitment ended on 12/03/2026."]


def test_an_unknown_end_or_notice_is_stated() -> None:
    assert "say when this commitment ends" in _terms(end=None).sentences[0]
    assert "no notice period is known" in _terms(notice=None).sentences[0]
    assert _terms(None, None).on(date(2027, 1, 1)).sentences == []


@pytest.mark.parametrize(
    ("day", "tone", "said"),
    [
        (date(2027, 3, 12), "good", ["The service can end on 12/03/2027 at no cost."]),
        (
            date(2026, 11, 30),
            "warning",
            [
                "Ending on 30/11/2026 is 3 months and 12 days before the commitment ends: Covage may charge for the "
                "rest.",
                "Ending on 30/11/2026 is within the notice period of 3 months: Covage may charge until 21/02/2027.",
            ],
        ),
        (
            date(2027, 3, 9),
            "warning",
            ["Ending on 09/03/2027 is 3 days before the commitment ends: Covage may charge for the rest."],
        ),
    ],
)
def test_a_day_is_checked_against_the_commitment_and_the_notice(
    day: date, tone: str, said: list[str]
) -> None:
    check = _terms().on(day)
    assert (check.tone, check.sentences) == (tone, said)


@pytest.mark.parametrize(
    ("day", "span"),
    [
        (date(2026, 12, 12), "3 months"),
        (date(2027, 1, 26), "1 month and 14 days"),
        (date(2027, 2, 12), "1 month"),
        (date(2027, 2, 13), "27 days"),
        (date(2026, 12, 31), "2 months and 12 days"),
    ],
)
def test_what_is_left_of_a_commitment_is_never_rounded_down(day: date, span: str) -> None:
    assert f" is {span} before the commitment ends" in _terms(notice=0).on(day).sentences[0]


def test_a_day_that_has_passed_is_no_day_to_end_it() -> None:
    assert _terms(end=date(2026, 3, 12), notice=None).on(date(2026, 3, 20)).sentences == []
