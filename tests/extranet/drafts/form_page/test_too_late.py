"""A draft's form sent after the order was submitted or deleted: what was typed is shown, to be copied."""

import uuid

import pytest
from django.test import Client

from accounts.models import User
from extranet.drafts import actions
from extranet.models import CopperOrder
from tests.extranet.order_factory import fresh
from tests.extranet.page_helpers import posted, save, shown_upstream, url
from tests.sessions_app.page_helpers import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def submitted_meanwhile(order: CopperOrder) -> dict[str, str]:
    """What a browser sends of a form whose order was submitted since it was opened."""
    data = posted(order, comment="typed at the last moment")
    shown_upstream(order, status="running")
    return data


def test_what_was_typed_too_late_is_shown_to_be_copied(
    order: CopperOrder, sales_client: Client, submitted_meanwhile: dict[str, str]
) -> None:
    response = save(sales_client, order, submitted_meanwhile)
    page = text_of(response)
    assert response.status_code == 409
    assert "What you typed wasn't saved; here it is, to copy:" in page
    assert "typed at the last moment" in page
    assert f'href="{url("order", order.uuid)}"' in page
    assert fresh(order).draft["comment"] == "STRAIGHT"


def test_a_form_in_which_nothing_was_typed_loses_nothing(order: CopperOrder, sales_client: Client) -> None:
    data = posted(order)
    shown_upstream(order, status="running")
    assert "You hadn't changed anything." in text_of(save(sales_client, order, data))


def test_a_section_that_comes_too_late_keeps_the_page_as_it_is(
    order: CopperOrder, sales_client: Client, submitted_meanwhile: dict[str, str]
) -> None:
    response = save(sales_client, order, submitted_meanwhile, htmx=True)
    assert response.status_code == 422
    assert 'id="too-late" hx-swap-oob="true"' in text_of(response)


def test_a_draft_deleted_at_that_very_moment_leads_to_the_list(
    order: CopperOrder, sales_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deleted_meanwhile(user: User, key: uuid.UUID) -> CopperOrder:
        actions.delete_order(key, user)
        return order

    monkeypatch.setattr("extranet.orders.views.editable_order", deleted_meanwhile)
    response = save(sales_client, order, posted(order, comment="mine"))
    assert response.status_code == 409
    assert "mine" in text_of(response)
    assert "See the copper orders" in text_of(response)
