"""What the page of a draft shows, and to whom."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from extranet.drafts import actions
from extranet.models import CopperOrder
from outbox.models import Operation
from tests.conftest import People
from tests.extranet.order_factory import edit, fresh, line_to_build
from tests.extranet.page_helpers import draft, names_in, page_of, posted, save, section, shown_upstream, url

pytestmark = pytest.mark.django_db


# The order


def test_a_ready_order_says_so_and_leads_to_the_review(order: CopperOrder, sales_client: Client) -> None:
    page = page_of(sales_client, order)
    assert "This order is ready" in page
    assert page.count(f'href="{url("submit", order.uuid)}"') == 2


def test_what_is_missing_is_listed_with_a_link_to_its_field(
    order: CopperOrder, sales: User, sales_client: Client
) -> None:
    edit(order, sales, activation_info__mandate_id=None, endpoints__0__endpoint_ref=None)
    page = page_of(sales_client, order)
    assert "2 things to fix before submitting" in page
    for path in ("activation_info-mandate_id", "endpoints-0-endpoint_ref"):
        assert f'<a href="#id_{path}">' in page
        assert f'id="id_{path}"' in page
    assert f'href="{url("submit", order.uuid)}"' not in page


def test_every_link_of_the_list_leads_to_a_field_whatever_is_wrong(sales: User, sales_client: Client) -> None:
    wrong = draft(sales, line_to_build("create", enni__enni_vlan="12", product__code="NOPE"))
    edit(wrong, sales, endpoints__0__endpoint_ref="x", options__grt__value="1h", owner__type="individual")
    page = page_of(sales_client, wrong)
    links = {part.partition('"')[0] for part in page.split('<a href="#id_')[1:]}
    assert len(links) > 3
    assert all(f'id="id_{link}"' in page for link in links)


@pytest.mark.parametrize(
    ("lines", "count"), [("2", 2), ("0", 1), ("-3", 1), ("999", 20), ("9" * 5000, 1), ("²", 1), ("\0", 1)]
)
def test_as_many_lines_are_shown_as_asked_for_within_reason(
    order: CopperOrder, sales_client: Client, lines: str, count: int
) -> None:
    assert page_of(sales_client, order, lines=lines).count('class="site"') == count


def test_the_head_shows_the_owner_and_the_reference(
    order: CopperOrder, sales: User, sales_client: Client
) -> None:
    page = page_of(sales_client, order)
    assert "Untel" in page
    assert order.operator_order_ref in page
    assert str(sales) in page
    assert "Take this order" not in page
    CopperOrder.objects.update(owner=None)
    page = page_of(sales_client, order)
    assert "no owner yet" in page
    assert url("take", order.uuid) in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Saved here, waiting to be sent to Covage."),
        ({"product__code": None}, "It will go to Covage once everything needed to create it is filled in."),
    ],
)
def test_it_says_where_it_is_saved(
    order: CopperOrder, sales: User, sales_client: Client, changes: dict[str, Any], said: str
) -> None:
    edit(order, sales, **changes)
    assert said in page_of(sales_client, order)


def test_what_is_as_covage_has_it_is_said_to_be_there(order: CopperOrder, sales_client: Client) -> None:
    shown_upstream(order)
    assert "Saved, here and at Covage." in page_of(sales_client, order)


def test_an_order_for_a_new_line_says_that_an_appointment_is_needed(
    sales: User, sales_client: Client
) -> None:
    new_line = draft(sales, line_to_build())
    page = page_of(sales_client, new_line)
    assert "Appointment needed" in page
    assert "Once Covage has this draft, you can see here when they could come." in page
    edit(new_line, sales, activation_type="activate")
    assert "Appointment needed" not in page_of(sales_client, new_line)


def test_a_termination_names_its_service_and_the_order_that_delivered_it(
    order: CopperOrder, sales: User, sales_client: Client
) -> None:
    done = shown_upstream(order, status="completed", service_alias="S20200101_00001")
    ending = actions.terminate_service(done.uuid, sales)
    page = page_of(sales_client, ending)
    assert "This terminates the service S20200101_00001 (SDSL-4M)." in page
    assert f'href="{url("order", done.uuid)}"' in page
    assert url("duplicate", ending.uuid) not in page
    assert "product-code" not in names_in(page)
    CopperOrder.objects.filter(pk=done.pk).update(service_alias="", service_uuid="")
    assert "which delivered it" not in page_of(sales_client, ending)


def test_a_reference_that_names_the_page_is_not_said_twice(order: CopperOrder, sales_client: Client) -> None:
    reference = order.operator_order_ref
    assert f"<h1>{reference}</h1>" in page_of(sales_client, order)
    assert f"<code>{reference}</code>" not in page_of(sales_client, order)
    CopperOrder.objects.filter(pk=order.pk).update(operator_order_name="Lyon")
    assert f"<code>{reference}</code>" in page_of(sales_client, order)


def test_a_refusal_that_remains_is_shown_at_the_top(order: CopperOrder, sales_client: Client) -> None:
    Operation.objects.filter(subject_id=order.uuid).update(
        state=Operation.State.REFUSED, failure="Invalid", request_uuid="KOSC_1", finished_at=timezone.now()
    )
    assert "KOSC_1" in page_of(sales_client, order)


def test_the_page_costs_no_more_with_ten_lines(
    order: CopperOrder, sales: User, sales_client: Client, django_assert_max_num_queries: Any
) -> None:
    edit(order, sales, **{f"endpoints__{n}__endpoint_ref": f"014334000{n}" for n in range(10)})
    with django_assert_max_num_queries(45):
        page_of(sales_client, order)


# Who


def test_a_draft_of_somebody_else_is_not_found(order: CopperOrder, other_sales_client: Client) -> None:
    assert other_sales_client.get(url("order", order.uuid)).status_code == 404
    assert save(other_sales_client, order, posted(order, comment="theirs")).status_code == 404
    assert save(other_sales_client, order, section(order, comment="theirs"), htmx=True).status_code == 404


def test_the_back_office_reads_a_draft_and_does_not_change_it(
    order: CopperOrder, back_office_client: Client
) -> None:
    page = page_of(back_office_client, order)
    assert "Untel" in page
    assert 'id="draft-form"' not in page
    assert save(back_office_client, order, posted(order, comment="theirs")).status_code == 403
    assert fresh(order).draft["comment"] == "STRAIGHT"


def test_the_back_office_changes_what_ends_a_service(
    order: CopperOrder, sales: User, back_office_client: Client
) -> None:
    done = shown_upstream(order, status="completed", service_alias="S20200101_00001")
    ending = actions.terminate_service(done.uuid, sales)
    assert 'id="draft-form"' in page_of(back_office_client, ending)
    assert save(back_office_client, ending, posted(ending, comment="Moved")).status_code == 302
    assert fresh(ending).draft["comment"] == "Moved"


def test_a_mate_of_the_team_changes_it(
    order: CopperOrder, other_sales_client: Client, people: People
) -> None:
    CopperOrder.objects.update(team=people.south)
    assert save(other_sales_client, order, posted(order, comment="ours")).status_code == 302
    assert fresh(order).draft["comment"] == "ours"
