"""The page of a copper order: its details, for those who read it and once it is submitted."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from extranet.drafts import actions
from extranet.models import CopperOrder
from tests.conftest import People
from tests.extranet.order_factory import ingested
from tests.extranet.orders.submitted import event, order_of, raw_order
from tests.extranet.page_helpers import draft, outage, page_of, posted, url
from tests.extranet.products import known_contact
from tests.sessions_app.page_helpers import text_of


def test_it_shows_in_groups_all_that_covage_shows(sales_client: Client, sales: User) -> None:
    known_contact()
    page = page_of(sales_client, order_of(sales, mystery={"depth": 4}))
    for said in (
        "O261101_00001",
        "in production",
        "Untel &lt;SARL&gt;",
        "0143340043",
        '<a href="tel:+33123456789">01 23 45 67 89</a>',
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


def test_a_draft_is_a_form_for_users_who_may_change_it_and_a_page_of_details_for_others(
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
    assert "typed too late" in text_of(response)


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


def test_a_user_who_may_not_answer_a_pending_order_reads_who_may(
    other_sales_client: Client, sales: User
) -> None:
    page = page_of(other_sales_client, order_of(sales, status="pending"))
    assert "the back office can answer" in page
    assert "Confirm…" not in page


def test_an_answer_being_sent_replaces_the_question(sales_client: Client, sales: User) -> None:
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


def test_an_order_that_is_gone_says_so(sales_client: Client, sales: User) -> None:
    order = order_of(sales)
    CopperOrder.objects.update(gone_at=timezone.now())
    page = page_of(sales_client, order)
    assert "no longer at Covage" in page
    assert "Covage no longer has this order" in page


def test_the_page_takes_as_many_queries_however_much_it_shows(
    sales_client: Client, sales: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    order = order_of(sales, service_uuid="s1")
    for number in range(12):
        event(f"odd-{number}", "again")
        ingested(raw_order(order_uuid=f"t{number}", type="terminate", service_uuid="s1", status="rejected"))
    page_of(sales_client, order)
    with django_assert_max_num_queries(36):
        page_of(sales_client, order)
