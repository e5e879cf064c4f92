"""The page of the outbox: who sees which operation, how it reads, and what can be done about it."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from extranet.contacts import actions as contacts_actions
from extranet.fields import ORDER
from outbox import handlers
from outbox.apis import COVAGE, EXTRANET
from outbox.models import Operation
from portal.outbox import pages
from portal.outbox.groups import GROUPS
from sessions_app.carts import actions as cart_actions
from sessions_app.lines import actions as line_actions
from sessions_app.models import Cart
from tests.apis import speak_to
from tests.conftest import People
from tests.portal.world import a_cart, a_copper_order, a_line, an_operation, copper_operation
from tests.sandbox_process import SandboxProcess
from tracking.models import Order, uuid_of
from tracking.requests.actions import ACTIONS, RequestData, make_request

State = Operation.State
BUTTONS = ("send", "withdraw", "dismiss")


def _page(client: Client, query: str = "") -> str:
    response = client.get(f"/outbox/{query}")
    assert response.status_code == 200
    return response.content.decode()


def _act(client: Client, operation: Operation, action: str) -> Any:
    return client.post(f"/outbox/{operation.pk}/{action}/", follow=True)


def _count(client: Client) -> str:
    return client.get("/carts/").content.decode()


def test_nothing_pending_is_said_in_a_sentence(sales_client: Client) -> None:
    assert "Nothing waiting" in _page(sales_client)


def test_a_row_says_what_is_sent_for_whom_and_how_far_it_is(people: People, sales_client: Client) -> None:
    cart = a_cart(people.sales)
    line = a_line(cart)
    an_operation(
        cart, line, actor=people.sales, attempts=3, failure="Unreachable", detail="connection refused"
    )
    page = _page(sales_client)
    assert f'<a href="{line.get_absolute_url()}">Boulangerie</a>' in page
    assert f'<a href="{cart.get_absolute_url()}">CART-1</a>' in page
    for text in (
        "Create or change an order line",
        "waiting",
        "3 attempts",
        "will be sent when they respond",
    ):
        assert text in page
    assert "connection refused" not in page


def test_a_refusal_shows_the_vendors_words_with_the_field(people: People, sales_client: Client) -> None:
    cart = a_cart(people.sales)
    errors = [{"path": "enni", "code": "unknown", "message": "No such door.", "value": "CN9"}]
    an_operation(cart, a_line(cart), state=State.REFUSED, failure="Invalid", errors=errors)
    page = _page(sales_client)
    assert "ENNI (collection door): No such door. (CN9)" in page
    assert "correct what they named" in page


def test_a_failure_is_shown_with_the_support_reference(people: People, sales_client: Client) -> None:
    an_operation(a_cart(people.sales), failure="ServerError", request_uuid="KOSC_1f0c", attempts=1)
    assert ">KOSC_1f0c</code>" in _page(sales_client)


# Of a kind that nobody named


def test_an_unknown_kind_is_shown_to_the_back_office_by_its_name(
    people: People, back_office_client: Client
) -> None:
    an_operation(a_cart(people.sales), kind="paint-cart")
    page = _page(back_office_client)
    for text in ("Paint cart", "CART-1", "waiting", "Carnet doesn&#x27;t know how to send this"):
        assert text in page
    assert "(deleted here)" not in page


def test_an_unknown_kind_has_neither_links_nor_buttons(people: People, back_office_client: Client) -> None:
    cart = a_cart(people.back_office)
    line = a_line(cart)
    an_operation(cart, line, kind="paint-line")
    page = _page(back_office_client)
    assert "Boulangerie" in page
    assert "formaction" not in page
    assert cart.get_absolute_url() not in page
    assert line.get_absolute_url() not in page


def test_an_unknown_kind_about_a_known_cart_still_offers_nothing(
    people: People, signed_in: Callable[[User], Client]
) -> None:
    cart = a_cart(people.sales)
    line = a_line(cart)
    known, strange = an_operation(cart, line), an_operation(cart, line, kind="paint-line")
    subjects = pages.by_subject([strange, known], people.administrator)
    assert [(subject.label, subject.url) for subject in subjects] == [("CART-1", cart.get_absolute_url())]
    rows = {row.operation: row for row in subjects[0].rows}
    assert (rows[known].url, rows[known].may_send, rows[known].may_withdraw) == (
        line.get_absolute_url(),
        True,
        True,
    )
    assert (rows[strange].url, rows[strange].fix_url) == ("", "")
    assert (rows[strange].may_send, rows[strange].may_withdraw) == (False, False)


@pytest.mark.parametrize("owner", ["sales", "other_sales"])
def test_sales_see_none_of_an_unknown_kind_not_even_of_their_own_carts(
    people: People, sales_client: Client, owner: str
) -> None:
    operation = an_operation(a_cart(getattr(people, owner)), kind="paint-cart")
    assert "Paint cart" not in _page(sales_client)
    assert pages.visible_to(people.sales).count() == 0
    for action in BUTTONS:
        assert sales_client.post(f"/outbox/{operation.pk}/{action}/").status_code == 404


@pytest.mark.parametrize("api", [COVAGE, EXTRANET])
def test_an_unknown_kind_is_shown_whichever_api_is_configured(
    people: People, back_office_client: Client, settings: Settings, api: str
) -> None:
    speak_to(settings, api)
    an_operation(a_cart(people.sales), kind="paint-cart")
    assert "Paint cart" in _page(back_office_client)


def test_an_unknown_kind_is_neither_sent_nor_withdrawn_on_request(
    people: People, back_office_client: Client
) -> None:
    operation = an_operation(a_cart(people.sales), kind="paint-cart")
    for action in ("send", "withdraw"):
        assert _act(back_office_client, operation, action).status_code == 200
    operation.refresh_from_db()
    assert (operation.state, operation.attempts, operation.sent) == (State.WAITING, 0, None)


def test_a_refused_operation_of_an_unknown_kind_can_be_dismissed(
    people: People, back_office_client: Client
) -> None:
    errors = [{"path": "colour", "message": "No such paint."}]
    cart = a_cart(people.sales)
    operation = an_operation(cart, kind="paint-cart", state=State.REFUSED, failure="Invalid", errors=errors)
    page = _page(back_office_client)
    assert "colour: No such paint." in page
    assert "Mend it" not in page
    _act(back_office_client, operation, "dismiss")
    operation.refresh_from_db()
    assert operation.dismissed


def test_what_has_to_wait_for_another_says_so(people: People, sales_client: Client) -> None:
    cart = a_cart(people.sales)
    an_operation(cart, due_at=timezone.now() + timedelta(minutes=5))
    an_operation(cart, a_line(cart))
    page = _page(sales_client)
    assert page.count("next attempt at") == 1
    assert page.count("after the ones before it") == 1


def test_a_deleted_carts_operations_are_listed_without_a_link(people: People, sales_client: Client) -> None:
    cart = a_cart(people.sales, deleted_at=timezone.now())
    an_operation(cart, kind="delete-cart")
    page = _page(sales_client)
    assert "(deleted here)" in page
    assert cart.get_absolute_url() not in page


def test_sales_see_own_and_team_carts_alone(people: People, sales_client: Client) -> None:
    an_operation(a_cart(people.sales, "MINE"))
    an_operation(a_cart(people.other_sales, "TEAMS", team=people.north))
    an_operation(a_cart(people.other_sales, "THEIRS"))
    page = _page(sales_client)
    assert "MINE" in page
    assert "TEAMS" in page
    assert "THEIRS" not in page


def test_the_back_office_sees_all_and_has_no_buttons(people: People, back_office_client: Client) -> None:
    an_operation(a_cart(people.other_sales, "THEIRS"))
    page = _page(back_office_client)
    assert "THEIRS" in page
    assert "formaction" not in page


@pytest.mark.parametrize("action", BUTTONS)
def test_someone_elses_operation_is_a_404(people: People, sales_client: Client, action: str) -> None:
    operation = an_operation(a_cart(people.other_sales))
    assert sales_client.post(f"/outbox/{operation.pk}/{action}/").status_code == 404


@pytest.mark.parametrize("action", BUTTONS)
def test_the_back_office_may_not_act(people: People, back_office_client: Client, action: str) -> None:
    operation = an_operation(a_cart(people.other_sales))
    assert back_office_client.post(f"/outbox/{operation.pk}/{action}/").status_code == 403


@pytest.mark.parametrize("action", BUTTONS)
def test_a_get_changes_nothing(people: People, sales_client: Client, action: str) -> None:
    operation = an_operation(a_cart(people.sales))
    assert sales_client.get(f"/outbox/{operation.pk}/{action}/").status_code == 405


def test_someone_of_both_roles_acts_on_their_own_carts_only(people: People, sales_client: Client) -> None:
    people.sales.groups.set([*people.sales.groups.all(), *people.back_office.groups.all()])
    operation = an_operation(a_cart(people.other_sales))
    assert sales_client.post(f"/outbox/{operation.pk}/withdraw/").status_code == 403


def test_what_was_never_sent_can_be_withdrawn(people: People, sales_client: Client) -> None:
    cart = a_cart(people.sales, deleted_at=timezone.now())
    operation = an_operation(cart, kind="delete-cart")
    assert "Withdrawn" in _act(sales_client, operation, "withdraw").content.decode()
    operation.refresh_from_db()
    cart.refresh_from_db()
    assert operation.state == State.WITHDRAWN
    assert cart.deleted_at is None


def test_what_may_have_arrived_cannot_be_withdrawn(people: People, sales_client: Client) -> None:
    operation = an_operation(a_cart(people.sales), state=State.UNKNOWN, sent={"change": {}})
    assert "withdraw/" not in _page(sales_client)
    assert "Too late" in _act(sales_client, operation, "withdraw").content.decode()
    operation.refresh_from_db()
    assert operation.state == State.UNKNOWN


def test_a_refusal_can_be_dismissed_once_read(people: People, sales_client: Client) -> None:
    operation = an_operation(a_cart(people.sales), state=State.REFUSED, failure="Invalid")
    _act(sales_client, operation, "dismiss")
    assert "CART-1" not in _page(sales_client)
    assert "refused, dismissed" in _page(sales_client, "?show=done")


def test_only_a_refusal_can_be_dismissed(people: People, sales_client: Client) -> None:
    operation = an_operation(a_cart(people.sales))
    _act(sales_client, operation, "dismiss")
    operation.refresh_from_db()
    assert not operation.dismissed


def test_sending_now_also_sends_what_comes_before_it(
    people: People, sales_client: Client, sandbox: SandboxProcess
) -> None:
    cart = cart_actions.create_cart(people.sales, {"external_id": "NEW-1"})
    values = {"product_offering_id": "2173", "product_offering_qualification_item_id": "an-item"}
    line_actions.add_line(cart.pk, people.sales, values=values)
    Operation.objects.update(due_at=timezone.now() + timedelta(hours=1))
    last = Operation.objects.order_by("pk").last()
    assert last
    assert "Covage has it" in _act(sales_client, last, "send").content.decode()
    assert Cart.objects.get(pk=cart.pk).upstream_id
    assert not Operation.objects.unfinished().exists()


def test_sending_now_to_nobody_keeps_it_and_says_so(people: People, sales_client: Client) -> None:
    operation = an_operation(cart_actions.create_cart(people.sales, {"external_id": "NEW-1"}))
    page = _act(sales_client, operation, "send").content.decode()
    assert "Covage can&#x27;t be reached" in page
    operation.refresh_from_db()
    assert operation.state == State.WAITING


def test_what_was_done_recently_covers_a_week(people: People, sales_client: Client) -> None:
    cart = a_cart(people.sales)
    an_operation(cart, label="NEWS", kind="confirm-cart", state=State.SUCCEEDED)
    an_operation(
        cart, a_line(cart, "OLDER"), state=State.SUCCEEDED, finished_at=timezone.now() - timedelta(days=8)
    )
    page = _page(sales_client, "?show=done")
    assert "Confirm the cart" in page
    assert "OLDER" not in page
    assert "Confirm the cart" not in _page(sales_client)


def test_the_navigation_counts_what_asks_for_attention(people: People, sales_client: Client) -> None:
    cart = a_cart(people.sales)
    an_operation(cart)
    an_operation(cart, state=State.REFUSED)
    an_operation(cart, state=State.REFUSED, dismissed=True)
    an_operation(cart, state=State.SUCCEEDED)
    an_operation(a_cart(people.other_sales, "THEIRS"))
    assert 'Outbox <span class="count">2</span>' in _count(sales_client)


def test_a_long_list_comes_in_pages(people: People, sales_client: Client) -> None:
    for number in range(51):
        an_operation(a_cart(people.sales, f"CART-{number:02}"))
    page = _page(sales_client)
    assert "CART-50" in page
    assert "CART-00" not in page
    assert 'rel="next"' in page


def test_the_page_needs_as_many_queries_for_many_as_for_few(
    people: People, sales_client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        cart = a_cart(people.sales, f"CART-{number}")
        an_operation(cart, a_line(cart), actor=people.sales)
    with django_assert_max_num_queries(13):
        _page(sales_client)


# Requests on orders


@pytest.fixture
def sandbox_with_orders(settings: Settings) -> Iterator[SandboxProcess]:
    with SandboxProcess("--orders", "10", "--pace", "3600") as sandbox:
        settings.COVAGE_API_URL = sandbox.url
        settings.COVAGE_TOKEN_URL = sandbox.token_url
        yield sandbox


def _an_order(reference: str = "CMD_X_1", **columns: Any) -> Order:
    columns = {"order_date": date(2024, 3, 12), "state": "active", "end_customer_name": "Garage"} | columns
    return Order.objects.create(reference=reference, uuid=uuid_of(reference), **columns)


def _a_request(order: Order, people: People, **columns: Any) -> Operation:
    """A pending termination, or what became of it."""
    data = RequestData("Cessation d'activité", "Fin du bail", date(2027, 1, 31))
    operation = make_request(order, ACTIONS["terminate"], people.back_office, data, key=order.reference)
    Operation.objects.filter(pk=operation.pk).update(**columns)
    operation.refresh_from_db()
    return operation


def test_a_request_is_shown_with_its_order_and_what_is_requested(
    people: People, back_office_client: Client
) -> None:
    order = _an_order(city="Lille")
    _a_request(order, people)
    page = _page(back_office_client)
    assert f'<a href="{order.get_absolute_url()}">CMD_X_1 · Garage · Lille</a>' in page
    assert "<strong>Terminate</strong>" in page
    assert "Cessation d&#x27;activité · 31/01/2027 · Fin du bail" in page
    assert page.count("formaction") == 2


def test_a_refused_request_names_the_field_and_leads_to_its_form(
    people: People, back_office_client: Client
) -> None:
    errors = [{"path": "request_effective_date", "code": "", "message": "Too early.", "value": None}]
    _a_request(_an_order(), people, state=State.REFUSED, failure="Invalid", errors=errors, once=None)
    page = _page(back_office_client)
    assert "Effective date: Too early." in page
    assert 'href="/orders/CMD_X_1/terminate/"' in page


def test_sales_see_the_requests_on_their_own_orders_and_only_read_them(
    people: People, sales_client: Client
) -> None:
    mine = _a_request(_an_order("CMD_X_1", owner=people.sales), people)
    teams = _a_request(_an_order("CMD_X_2", team=people.north), people)
    theirs = _a_request(_an_order("CMD_X_3", owner=people.other_sales), people)
    page = _page(sales_client)
    assert "CMD_X_1" in page
    assert "CMD_X_2" in page
    assert "CMD_X_3" not in page
    assert "formaction" not in page
    for action in BUTTONS:
        assert sales_client.post(f"/outbox/{mine.pk}/{action}/").status_code == 403
        assert sales_client.post(f"/outbox/{teams.pk}/{action}/").status_code == 403
        assert sales_client.post(f"/outbox/{theirs.pk}/{action}/").status_code == 404


def test_the_back_office_withdraws_a_request_that_was_not_sent(
    people: People, back_office_client: Client
) -> None:
    operation = _a_request(_an_order(), people)
    assert (
        "Nothing was requested from Covage."
        in _act(back_office_client, operation, "withdraw").content.decode()
    )
    operation.refresh_from_db()
    assert operation.state == State.WITHDRAWN
    assert "Too late to withdraw" in _act(back_office_client, operation, "withdraw").content.decode()


def test_the_back_office_dismisses_a_refused_request(people: People, back_office_client: Client) -> None:
    operation = _a_request(_an_order(), people, state=State.REFUSED, once=None)
    _act(back_office_client, operation, "dismiss")
    assert "CMD_X_1" not in _page(back_office_client)


def test_the_back_office_sends_a_request_now(
    people: People, back_office_client: Client, sandbox_with_orders: SandboxProcess
) -> None:
    listed = sandbox_with_orders.control("GET", "orders?state=active")[0]
    operation = _a_request(_an_order(listed["order_reference"]), people)
    assert "Sent: Covage has it." in _act(back_office_client, operation, "send").content.decode()
    assert sandbox_with_orders.counters()["requests_made"] == {listed["order_reference"]: 1}


# Copper orders and contacts


@pytest.mark.parametrize(
    ("kind", "payload", "words"),
    [
        ("save-copper", {}, "Create or change the copper order"),
        ("delete-copper", {}, "Delete the copper order&#x27;s draft"),
        ("submit-copper", {}, "Submit the copper order"),
        ("answer-copper", {"answer": "confirm"}, "Confirm the copper order"),
        ("answer-copper", {"answer": "cancel"}, "Cancel the copper order"),
    ],
)
def test_what_is_pending_about_a_copper_order_is_named_in_words(
    people: People, sales_client: Client, kind: str, payload: dict[str, str], words: str
) -> None:
    order = a_copper_order(people.sales, end_customer_name="Garage", city="Lyon")
    copper_operation(order, kind, payload=payload)
    page = _page(sales_client)
    assert f"<strong>{words}</strong>" in page
    assert f'<a href="{order.get_absolute_url()}">O261122_1 · Garage · Lyon</a>' in page
    assert page.count("formaction") == 2


def test_sales_see_what_is_pending_about_their_own_and_their_teams_copper_orders(
    people: People, sales_client: Client
) -> None:
    copper_operation(a_copper_order(people.sales, "MINE"))
    copper_operation(a_copper_order(people.other_sales, "TEAMS", team=people.north))
    theirs = copper_operation(a_copper_order(people.other_sales, "THEIRS", status="running"))
    page = _page(sales_client)
    assert "MINE" in page
    assert "TEAMS" in page
    assert "THEIRS" not in page
    for action in BUTTONS:
        assert sales_client.post(f"/outbox/{theirs.pk}/{action}/").status_code == 404


@pytest.mark.parametrize("action", BUTTONS)
def test_the_back_office_reads_others_drafts_and_acts_on_terminations_and_answers(
    people: People, back_office_client: Client, action: str
) -> None:
    activation = a_copper_order(people.other_sales, "ACTIVATION")
    termination = a_copper_order(people.other_sales, "TERMINATION", type="terminate")
    pending = a_copper_order(people.other_sales, "PENDING", status="pending", answering="confirm")
    pages = {
        copper_operation(activation).pk: 403,
        copper_operation(termination).pk: 302,
        copper_operation(pending, "answer-copper", payload={"answer": "confirm"}).pk: 302,
    }
    assert _page(back_office_client).count("formaction") == 4
    answered = {pk: back_office_client.post(f"/outbox/{pk}/{action}/").status_code for pk in pages}
    assert answered == pages


def test_a_withdrawn_submission_leaves_a_draft_and_a_withdrawn_answer_an_order_to_be_answered(
    people: People, sales_client: Client
) -> None:
    draft = a_copper_order(people.sales, "DRAFT", submitting_since=timezone.now())
    pending = a_copper_order(people.sales, "PENDING", status="pending", answering="cancel")
    submission = copper_operation(draft, "submit-copper")
    answer = copper_operation(pending, "answer-copper", payload={"answer": "cancel"})
    assert "the draft stays here" in _act(sales_client, submission, "withdraw").content.decode()
    assert "Nothing was requested from Covage." in _act(sales_client, answer, "withdraw").content.decode()
    draft.refresh_from_db()
    pending.refresh_from_db()
    assert draft.is_draft
    assert pending.is_pending


def test_a_refused_copper_draft_names_its_field_and_is_fixed_on_its_page(
    people: People, sales_client: Client
) -> None:
    order = a_copper_order(people.sales)
    errors = [{"path": "activation_info.mandate_id", "code": "", "message": "Unknown.", "value": "M1"}]
    copper_operation(order, state=State.REFUSED, failure="Invalid", errors=errors, finished_at=timezone.now())
    page = _page(sales_client)
    assert f"{ORDER.label_of('activation_info.mandate_id')}: Unknown. (M1)" in page
    assert f'<a class="btn btn-sm btn-primary" href="{order.get_absolute_url()}">Fix it</a>' in page


def test_a_deleted_copper_draft_is_listed_without_a_link(people: People, sales_client: Client) -> None:
    order = a_copper_order(people.sales, deleted_at=timezone.now())
    copper_operation(order, "delete-copper")
    page = _page(sales_client)
    assert "(deleted here)" in page
    assert order.get_absolute_url() not in page


def test_what_is_pending_about_a_contact_concerns_who_requested_it(
    people: People, sales_client: Client, other_sales_client: Client, back_office_client: Client
) -> None:
    values = {"first_name": "Camille", "last_name": "Roux", "email": "c.roux@example.test"}
    contact = contacts_actions.create_contact(people.sales, values)
    operation = Operation.objects.get(subject_id=contact.pk)
    for client in (sales_client, back_office_client):
        page = _page(client)
        assert f'<a href="{contact.get_absolute_url()}">Camille Roux</a>' in page
        assert "<strong>Create or change the contact</strong>" in page
    assert "Camille Roux" not in _page(other_sales_client)
    assert other_sales_client.post(f"/outbox/{operation.pk}/withdraw/").status_code == 404
    assert "Nothing was requested from Covage." in _act(sales_client, operation, "withdraw").content.decode()


def test_the_page_needs_as_many_queries_for_many_copper_orders_as_for_few(
    people: People, sales_client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        copper_operation(a_copper_order(people.sales, f"O{number}"), actor=people.sales)
    with django_assert_max_num_queries(12):
        _page(sales_client)


def test_every_kind_that_can_be_enqueued_is_declared_once() -> None:
    declared = [kind for group in GROUPS for kind in group.kinds]
    assert sorted(declared) == sorted({*declared})
    assert {*declared} == {*handlers._handlers}
