"""The lines of a draft's form: one more, and one less."""

import pytest
from django.test import Client

from accounts.models import User
from extranet.models import CopperOrder
from tests.extranet.order_factory import edit, fresh
from tests.extranet.page_helpers import page_of, posted, save, section, url
from tests.sessions_app.page_helpers import text_of

pytestmark = pytest.mark.django_db


def test_a_line_is_added_after_saving(order: CopperOrder, sales_client: Client) -> None:
    response = save(sales_client, order, posted(order, comment="kept") | {"add-line": "1"})
    assert response.headers["Location"] == f"{url('order', order.uuid)}?lines=2#line-1"
    save(sales_client, order, posted(fresh(order), endpoints__1__endpoint_ref="0143340044"))
    assert fresh(order).draft["endpoints"] == [
        {"endpoint_ref": "0143340043", "endpoint_ref_type": "line_number"},
        {"endpoint_ref": "0143340044", "endpoint_ref_type": "line_number"},
    ]


@pytest.fixture
def three_lines(order: CopperOrder, sales: User) -> CopperOrder:
    return edit(order, sales, **{f"endpoints__{n}__endpoint_ref": f"014334000{n}" for n in range(3)})


def numbers(order: CopperOrder) -> list[str]:
    return [line["endpoint_ref"][-1] for line in fresh(order).draft["endpoints"]]


def test_pressed_twice_only_one_line_is_removed_and_those_after_it_move_up(
    three_lines: CopperOrder, sales_client: Client
) -> None:
    form = posted(three_lines, comment="kept") | {"remove-line": "0"}
    for _ in range(2):
        save(sales_client, three_lines, form)
    assert (numbers(three_lines), fresh(three_lines).draft["comment"]) == (["1", "2"], "kept")
    assert "This line was changed or removed in the meantime" in page_of(sales_client, three_lines)


@pytest.mark.parametrize("index", ["7", "-1", "9" * 5000, "²", "\0", "x"])
def test_an_unknown_line_is_not_removed(three_lines: CopperOrder, sales_client: Client, index: str) -> None:
    assert save(sales_client, three_lines, posted(three_lines) | {"remove-line": index}).status_code == 302
    assert numbers(three_lines) == ["0", "1", "2"]


def test_a_line_after_an_empty_one_is_shown_again_under_its_new_number(
    order: CopperOrder, sales_client: Client
) -> None:
    texts = {"endpoints__0__endpoint_ref": "", "endpoints__0__endpoint_ref_type": ""}
    data = section(order, **texts, endpoints__1__endpoint_ref="0143340044")
    page = text_of(save(sales_client, order, data, htmx=True))
    assert '<div id="draft-sections" hx-swap-oob="true">' in page
    assert numbers(order) == ["4"]
