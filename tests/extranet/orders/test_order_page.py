"""The page of a copper order: its story, for those who read it and once it is submitted."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from drafts.history import record
from extranet import ingest
from extranet.drafts import actions
from extranet.fields import CONTACT
from extranet.models import CopperOrder
from notifications.models import Seen, Unread
from outbox.models import Operation
from tests.conftest import People
from tests.extranet.order_factory import (
    completed_order,
    line_to_build,
    open_order,
    reviewed,
    send,
    submit,
    submitted_order,
    taken,
    upstream_id,
)
from tests.extranet.page_helpers import draft, outage, posted, url
from tests.extranet.products import known_contact
from tests.sandbox_process import SandboxProcess

HTMX = {"HX-Request": "true"}


@pytest.fixture
def sales(people: People) -> User:
    return people.sales


def told(**changes: Any) -> dict[str, Any]:
    """An order as Covage tells it; None leaves something out, `__` stands for the dots of nothing here."""
    values = {
        "order_uuid": "o1",
        "alias": "O261101_00001",
        "type": "activate",
        "activation_type": "activate",
        "status": "running",
        "creation_date": "2026-11-01T08:00:00Z",
        "submission_date": "2026-11-02T08:00:00Z",
        "product": {"code": "SD01", "name": "SDSL-4M", "line": {"family": {"code": "S", "name": "SDSL"}}},
        "endpoints": [{"endpoint_ref": "0143340043", "endpoint_ref_type": "line_number"}],
        "owner": {"type": "unregistrated", "name": "Untel <SARL>"},
        "contacts": {"operator": {"contact_uuid": "bp5nkkcx"}, "owner": {"phone_number": "0123456789"}},
        "options": {"grt": {"enabled": True, "value": "4h_24_7", "default_value": "4h_bhbd"}},
    }
    return {name: value for name, value in (values | changes).items() if value is not None}


def order_of(owner: User | None, **changes: Any) -> CopperOrder:
    """The order that Covage tells of, read a moment ago."""
    order = taken(told(**changes), owner)
    CopperOrder.objects.filter(pk=order.pk).update(checked_at=timezone.now())
    return CopperOrder.objects.get(pk=order.pk)


def page_of(client: Client, order: CopperOrder) -> str:
    response = client.get(url("order", order.uuid))
    assert response.status_code == 200
    return text(response)


def text(response: Any) -> str:
    page: str = response.content.decode()
    return page


def event(what: str, reason: str, order_uuid: str = "o1") -> None:
    ingest.ingest_events(
        [
            {
                "event_uuid": f"{order_uuid}-{what}",
                "object_type": "order",
                "object_uuid": order_uuid,
                "type": f"order-{what}",
                "event_date": "2026-11-03T08:00:00Z",
                "data": {"reason": reason},
            }
        ]
    )


def test_it_tells_in_groups_all_that_covage_does(sales_client: Client, sales: User) -> None:
    known_contact()
    page = page_of(sales_client, order_of(sales, mystery={"depth": 4}))
    for said in (
        "O261101_00001",
        "in production",
        "Untel &lt;SARL&gt;",
        "0143340043",
        '<a href="tel:0123456789">',
        "Léa Fournier (bp5nkkcx)",
        "SDSL-4M",
        "4 h 24/7",
        "More from Covage",
        "<dt>Mystery </dt>",
        "<dt>Options › grt › default value </dt>",
    ):
        assert said in page
    assert page.index("Line 1") < page.index("Guaranteed time to repair") < page.index("More from Covage")
    assert "<dt>Alias </dt>" not in page


def test_a_draft_is_a_form_for_whoever_may_change_it_and_a_story_for_others(
    sales_client: Client, back_office_client: Client, other_sales_client: Client, sales: User
) -> None:
    outage()
    order = draft(sales)
    assert 'id="draft-form"' in page_of(sales_client, order)
    page = page_of(back_office_client, order)
    assert 'id="draft-form"' not in page
    assert "It isn't at Covage yet." in page
    assert "Covage couldn't be asked" not in page
    assert other_sales_client.get(url("order", order.uuid)).status_code == 404


def test_who_may_not_change_a_draft_cannot_post_it(back_office_client: Client, sales: User) -> None:
    outage()
    order = draft(sales)
    response = back_office_client.post(url("order", order.uuid), posted(order, comment="mine"))
    assert response.status_code == 403


def test_a_submitted_order_takes_no_post_but_gives_back_what_was_typed(
    sales_client: Client, sales: User
) -> None:
    order = order_of(sales)
    response = sales_client.post(url("order", order.uuid), {"comment": "typed too late"})
    assert response.status_code == 409
    assert "typed too late" in text(response)


def test_a_collection_door_is_only_read(administrator_client: Client, sales: User) -> None:
    product = {"code": "NA01", "name": "ENNI", "line": {"family": {"code": "N"}}}
    order = order_of(sales, product=product, pop={"code": "P75TH2"}, status="pending", activation_type=None)
    page = page_of(administrator_client, order)
    assert "you can only view them here" in page
    assert "P75TH2" in page
    for name in ("confirm", "cancel", "terminate", "duplicate", "take", "owner"):
        assert url(name, order.uuid) not in page
    for name in ("take", "owner", "confirm", "cancel"):
        assert administrator_client.post(url(name, order.uuid)).status_code == 403


def test_a_pending_order_says_what_covage_asks_and_leads_to_both_answers(
    sales_client: Client, sales: User
) -> None:
    order = order_of(sales, status="pending")
    assert "Covage hasn't given a reason yet" in page_of(sales_client, order)
    event("pending", "Sensitive <access>")
    page = page_of(sales_client, order)
    assert "Sensitive &lt;access&gt;" in page
    assert url("confirm", order.uuid) in page
    assert url("cancel", order.uuid) in page


def test_who_may_not_answer_a_pending_order_is_told_who_does(other_sales_client: Client, sales: User) -> None:
    page = page_of(other_sales_client, order_of(sales, status="pending"))
    assert "the back office can answer" in page
    assert "Confirm…" not in page


def test_an_answer_on_its_way_takes_the_place_of_the_question(sales_client: Client, sales: User) -> None:
    outage()
    order = order_of(sales, status="pending")
    actions.answer_order(order.uuid, sales, "cancel")
    page = page_of(sales_client, order)
    assert "The cancellation will go to Covage, once only" in page
    assert "being answered" in page
    assert url("confirm", order.uuid) not in page
    assert "every 3s" in page


def test_a_rejected_order_says_why_and_can_be_ordered_again(sales_client: Client, sales: User) -> None:
    order = order_of(sales, status="rejected")
    event("rejected", "No pair is free")
    page = page_of(sales_client, order)
    assert "Covage rejected this order." in page
    assert "No pair is free" in page
    assert url("duplicate", order.uuid) in page


def test_a_held_order_says_why(sales_client: Client, sales: User) -> None:
    order = order_of(sales, status="held")
    event("held", "Saturated loop")
    assert page_of(sales_client, order).count("Saturated loop") == 2  # above, and in the history


@pytest.mark.parametrize("who", ["sales", "back_office", "administrator"])
def test_the_back_office_alone_may_end_a_service(people: People, signed_in: Any, who: str) -> None:
    order = order_of(people.sales, status="completed", service_uuid="s1", service_alias="S261101_00001")
    page = page_of(signed_in(getattr(people, who)), order)
    assert (url("terminate", order.uuid) in page) == (who != "sales")


def test_a_service_that_is_being_ended_says_by_which_order_and_the_other_which_brought_it(
    back_office_client: Client, people: People
) -> None:
    order = order_of(people.sales, status="completed", service_uuid="s1", service_alias="S1")
    ending = actions.terminate_service(order.uuid, people.back_office)
    page = page_of(back_office_client, order)
    assert ending.get_absolute_url() in page
    assert url("terminate", order.uuid) not in page
    CopperOrder.objects.filter(pk=ending.pk).update(status="running")
    assert order.get_absolute_url() in page_of(back_office_client, ending)


def test_a_reader_is_not_led_to_a_draft_that_is_not_theirs(sales_client: Client, people: People) -> None:
    order = order_of(people.other_sales, status="completed", service_uuid="s1")
    ending = actions.terminate_service(order.uuid, people.administrator)
    page = page_of(sales_client, order)
    assert "Other orders of this service" in page
    assert ending.get_absolute_url() not in page


def test_what_was_typed_and_never_got_there_is_kept_to_be_copied(sales_client: Client, sales: User) -> None:
    outage()
    order = draft(sales)
    made = {"operator_order_ref": order.operator_order_ref, "creation_date": timezone.now().isoformat()}
    taken(told(status="draft", **made))
    order.refresh_from_db()
    actions.edit_order(order.uuid, sales, {"comment": "Ring twice"}, {"enni.enni_vlan": "five"})
    taken(told(**made))
    page = page_of(sales_client, order)
    assert "Typed here, never received by Covage" in page
    assert "Ring twice" in page
    assert "five" in page


def test_what_is_owed_or_was_refused_is_said_with_what_support_asks_for(
    sales_client: Client, sales: User
) -> None:
    outage()
    order = order_of(sales, status="pending")
    actions.answer_order(order.uuid, sales, "confirm")
    assert "See what's waiting to be sent" in page_of(sales_client, order)
    Operation.objects.update(
        state=Operation.State.REFUSED, failure="Conflict", request_uuid="KOSC_7", detail="Not now."
    )
    CopperOrder.objects.update(answering="")
    page = page_of(sales_client, order)
    assert "<strong>Confirm the copper order:</strong>" in page
    assert "KOSC_7" in page
    assert "Covage no longer allows this in its current state." in page
    assert "Not now." not in page


def test_what_is_on_its_way_is_said_once_with_what_keeps_it(sales_client: Client, sales: User) -> None:
    outage()
    order = draft(sales)
    actions.submit_order(order.uuid, sales, reviewed(order))
    Operation.objects.update(failure="Unreachable")
    page = page_of(sales_client, order)
    assert page.count("See what's waiting to be sent") == 1
    assert page.count(Operation.objects.latest("id").failure_sentence.replace("'", "&#x27;")) == 1
    assert "It will go to Covage, once only, as soon as they respond" in page


def test_what_covage_took_and_does_not_show_yet_is_not_said_to_be_on_its_way(
    sales_client: Client, sales: User
) -> None:
    outage()
    order = draft(sales)
    actions.submit_order(order.uuid, sales, reviewed(order))
    Operation.objects.update(state=Operation.State.SUCCEEDED)
    page = page_of(sales_client, order)
    assert "Covage accepted it, but still shows a draft." in page
    assert "It will go to Covage, once only" not in page
    CopperOrder.objects.update(status="pending", submitting_since=None, answering="confirm")
    assert "Covage accepted the answer, but is still waiting for one." in page_of(sales_client, order)


def test_the_history_names_a_contact_that_is_known(sales_client: Client, sales: User) -> None:
    order = order_of(sales)
    known_contact()
    record("edited", order.uuid, actor=sales, changes={CONTACT: [None, "bp5nkkcx"], "comment": [None, "x"]})
    assert "<ins>Léa Fournier (bp5nkkcx)</ins>" in page_of(sales_client, order)


def test_what_changed_since_the_reader_last_looked_is_told_once(sales_client: Client, sales: User) -> None:
    order = order_of(sales)
    assert "Changed since you last looked" not in page_of(sales_client, order)
    ingest.ingest_orders([told(status="held", comment="Wait")], timezone.now())
    assert Unread.objects.count() == 1
    page = page_of(sales_client, order)
    assert "Changed since you last looked" in page
    assert "Status: <del>in production</del> → <ins>held at Covage</ins>" in page
    assert Unread.objects.count() == 0
    assert "Changed since you last looked" not in page_of(sales_client, order)


def test_the_history_here_is_told_in_words(sales_client: Client, sales: User) -> None:
    outage()
    order = draft(sales)
    actions.edit_order(order.uuid, sales, {"comment": "Ring twice"}, {})
    actions.hand_over(order.uuid, sales, owner=sales, team=None)
    CopperOrder.objects.update(status="submitted")
    page = page_of(sales_client, order)
    assert "started the order" in page
    assert "Comment: <del>STRAIGHT</del> → <ins>Ring twice</ins>" in page


def test_an_order_that_is_gone_says_so(sales_client: Client, sales: User) -> None:
    order = order_of(sales)
    CopperOrder.objects.update(gone_at=timezone.now())
    page = page_of(sales_client, order)
    assert "no longer at Covage" in page
    assert "Covage no longer has this order" in page


# Read anew


def test_what_is_somewhat_old_is_read_anew_behind_the_page(
    sandbox: SandboxProcess, sales_client: Client, sales: User
) -> None:
    order = submitted_order(sales)
    CopperOrder.objects.update(checked_at=timezone.now() - timedelta(minutes=5))
    sandbox.on_copper(upstream_id(order), "advance", {"steps": 1})
    page = page_of(sales_client, order)
    assert "It's being read again." in page
    assert "submitted</span>" in page
    address = re.search(r'hx-get="([^"]*progress[^"]*)" hx-trigger="load"', page)
    assert address
    part = text(sales_client.get(address[1].replace("&amp;", "&"), headers=HTMX))
    assert part.lstrip().startswith('<div id="live"')
    assert "acknowledged</span>" in part


def test_what_is_very_old_is_read_before_it_is_shown(
    sandbox: SandboxProcess, sales_client: Client, sales: User
) -> None:
    order = submitted_order(sales)
    CopperOrder.objects.update(checked_at=None)
    sandbox.on_copper(upstream_id(order), "advance", {"steps": 1})
    assert "acknowledged</span>" in page_of(sales_client, order)


def test_during_an_outage_the_page_says_how_old_it_is(sales_client: Client, sales: User) -> None:
    outage()
    order = order_of(sales)
    CopperOrder.objects.update(checked_at=None)
    assert "Covage couldn't be asked for newer data just now." in page_of(sales_client, order)


def test_it_follows_by_itself_while_covage_is_at_work_and_no_longer(
    sandbox: SandboxProcess, sales_client: Client, sales: User
) -> None:
    order = submitted_order(sales)
    assert "every 3s" in page_of(sales_client, order)
    CopperOrder.objects.update(checked_at=None)
    sandbox.on_copper(upstream_id(order), "advance", {"steps": 3})
    part = text(sales_client.get(url("progress", order.uuid) + "?lively", headers=HTMX))
    assert "in service</span>" in part
    assert "every 3s" not in part


@pytest.mark.parametrize("status", ["pending", "rejected"])
def test_it_follows_by_itself_until_the_reason_is_known_that_covage_tells_after_the_status(
    sales_client: Client, sales: User, status: str
) -> None:
    order = order_of(sales, status=status, modification_date=timezone.now().isoformat())
    page = page_of(sales_client, order)
    assert "Covage hasn't given a reason yet" in page
    assert "every 3s" in page
    event(status, "No pair is free")
    page = page_of(sales_client, order)
    assert "No pair is free" in page
    assert "every 3s" not in page


def test_a_reason_that_never_came_is_not_waited_for_without_end(sales_client: Client, sales: User) -> None:
    long_ago = timezone.now() - timedelta(hours=1)
    order = order_of(sales, status="rejected", modification_date=long_ago.isoformat())
    assert "every 3s" not in page_of(sales_client, order)


def test_without_scripts_a_link_looks_again_and_no_page_takes_away_a_note_that_is_being_typed(
    sandbox: SandboxProcess, sales_client: Client, sales: User
) -> None:
    order = submitted_order(sales)
    page = page_of(sales_client, order)
    assert f'<noscript><a href="{order.get_absolute_url()}">Refresh</a></noscript>' in page
    assert 'http-equiv="refresh"' not in page


def test_a_page_that_follows_stays_as_it_is_until_there_is_something_else_to_show(
    sandbox: SandboxProcess, sales_client: Client, sales: User
) -> None:
    order = submitted_order(sales)
    shown = re.search(r"lively&amp;as=(\w+)", str(sales_client.get(order.get_absolute_url()).content))
    assert shown
    ask = url("progress", order.uuid) + f"?lively&as={shown[1]}"
    assert sales_client.get(ask, headers=HTMX).status_code == 204
    CopperOrder.objects.update(checked_at=None)
    sandbox.on_copper(upstream_id(order), "advance", {"steps": 1})
    assert "acknowledged</span>" in text(sales_client.get(ask, headers=HTMX))


def test_what_was_read_a_moment_ago_is_not_read_again(
    sandbox: SandboxProcess, sales_client: Client, sales: User
) -> None:
    order = order_of(sales)
    asked = len(sandbox.log())
    assert "in production</span>" in text(sales_client.get(url("progress", order.uuid), headers=HTMX))
    assert len(sandbox.log()) == asked


def test_an_order_that_has_become_a_draft_again_is_opened_anew(
    sandbox: SandboxProcess, sales_client: Client, sales: User
) -> None:
    order = open_order(sales)
    response = sales_client.get(url("progress", order.uuid), headers=HTMX)
    assert response.headers["HX-Redirect"] == order.get_absolute_url()


def test_the_page_takes_as_many_queries_however_much_there_is_to_tell(
    sales_client: Client, sales: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    order = order_of(sales, service_uuid="s1")
    for number in range(12):
        event(f"odd-{number}", "again")
        taken(told(order_uuid=f"t{number}", type="terminate", service_uuid="s1", status="rejected"))
    page_of(sales_client, order)
    with django_assert_max_num_queries(36):
        page_of(sales_client, order)


# Whose it is


def test_an_order_of_nobody_is_taken_once(
    sales_client: Client, other_sales_client: Client, people: People
) -> None:
    order = order_of(None)
    assert url("take", order.uuid) in page_of(sales_client, order)
    assert "is now yours" in text(sales_client.post(url("take", order.uuid), follow=True))
    order.refresh_from_db()
    assert order.owner == people.sales
    assert other_sales_client.post(url("take", order.uuid)).status_code == 403
    assert url("take", order.uuid) not in page_of(sales_client, order)


def test_two_mates_who_take_it_are_told_who_was_first(
    sales_client: Client, back_office_client: Client, people: People
) -> None:
    order = order_of(None)
    CopperOrder.objects.update(team=people.north, owner=None)
    sales_client.post(url("take", order.uuid))
    said = text(back_office_client.post(url("take", order.uuid), follow=True))
    assert f"{people.sales} has already taken this order." in said


def test_an_order_is_handed_over_to_a_mate_and_a_team(sales_client: Client, people: People) -> None:
    order = order_of(people.sales)
    page = text(sales_client.get(url("owner", order.uuid)))
    assert str(people.back_office) in page
    assert f'<option value="{people.other_sales.pk}"' not in page
    chosen = {"owner": people.back_office.pk, "team": people.north.pk}
    response = sales_client.post(url("owner", order.uuid), chosen)
    assert response.headers["Location"] == order.get_absolute_url()
    order.refresh_from_db()
    assert (order.owner, order.team) == (people.back_office, people.north)


def test_a_draft_handed_over_out_of_sight_leads_to_the_list(sales_client: Client, people: People) -> None:
    outage()
    order = draft(people.sales)
    response = sales_client.post(url("owner", order.uuid), {"owner": people.back_office.pk})
    assert response.headers["Location"] == url("orders")


@pytest.mark.parametrize("chosen", [{}, {"owner": "nobody"}, {"owner": "\0"}, {"owner": "999999"}])
def test_a_hand_over_to_nobody_is_said_at_its_field(
    sales_client: Client, people: People, chosen: dict[str, str]
) -> None:
    order = order_of(people.sales)
    response = sales_client.post(url("owner", order.uuid), chosen | {"x": "1"})
    assert response.status_code == 422
    order.refresh_from_db()
    assert order.owner == people.sales


def test_who_may_not_change_it_hands_nothing_over(other_sales_client: Client, people: People) -> None:
    assert other_sales_client.get(url("owner", order_of(people.sales).uuid)).status_code == 403


# Appointments


@pytest.fixture
def line(sandbox: SandboxProcess, sales: User) -> CopperOrder:
    """An order whose line is to be built, at work at Covage."""
    return submit(send(actions.create_order(sales, line_to_build())), sales)


def test_a_line_to_be_built_owes_an_appointment_and_shows_when(
    sales_client: Client, line: CopperOrder
) -> None:
    page = page_of(sales_client, line)
    assert "Appointment needed" in page
    assert f'href="{url("slots", line.uuid)}"' in page
    part = text(sales_client.get(url("slots", line.uuid), headers=HTMX))
    assert part.lstrip().startswith('<div id="slots"')
    assert part.count('class="slot-time"') > 5
    assert f'href="{url("slots", line.uuid)}" hx-get' in part


def test_a_draft_that_covage_has_shows_when_its_line_could_be_built(
    sandbox: SandboxProcess, sales_client: Client, sales: User
) -> None:
    order = send(actions.create_order(sales, line_to_build()))
    assert f'href="{url("slots", order.uuid)}"' in page_of(sales_client, order)
    assert 'class="slot-time"' in text(sales_client.get(url("slots", order.uuid)))


def test_premium_slots_begin_sooner_and_the_page_works_as_a_page_of_its_own(
    sales_client: Client, line: CopperOrder, sandbox: SandboxProcess
) -> None:
    page = text(sales_client.get(url("slots", line.uuid), {"level": "premium"}))
    assert "<html" in page
    asked = [entry for entry in sandbox.log() if "appointment" in entry["path"]][-1]
    first = (timezone.localdate() + timedelta(days=6)).isoformat()
    assert asked["query"] == {
        "order_uuid": upstream_id(line),
        "start_date": first,
        "end_date": (timezone.localdate() + timedelta(days=26)).isoformat(),
        "level": "premium",
    }


def test_slots_that_covage_does_not_tell_are_a_sentence_with_what_support_asks_for(
    sales_client: Client, line: CopperOrder, sandbox: SandboxProcess
) -> None:
    sandbox.faults([{"fault": "error", "status": 403, "path": "appointment"}])
    page = text(sales_client.get(url("slots", line.uuid)))
    assert "Covage can't show free slots just now." in page
    assert "KOSC_" in page
    outage()
    assert "Covage can't show free slots just now." in text(sales_client.get(url("slots", line.uuid)))


def test_an_order_that_owes_no_appointment_shows_no_slots(sales_client: Client, sales: User) -> None:
    order = order_of(sales)
    assert "Appointment needed" not in page_of(sales_client, order)
    assert sales_client.get(url("slots", order.uuid)).headers["Location"] == order.get_absolute_url()


def test_looking_is_noted_for_the_reader_alone(sales_client: Client, sales: User) -> None:
    order = order_of(sales)
    page_of(sales_client, order)
    assert list(Seen.objects.values_list("user", "subject_id")) == [(sales.pk, order.uuid)]


def test_the_story_of_a_whole_order_is_told(
    sandbox: SandboxProcess, sales_client: Client, sales: User
) -> None:
    order = completed_order(sandbox, sales)
    page = page_of(sales_client, order)
    assert "Covage</strong> accepted the submission" in page
    assert order.service_alias in page
