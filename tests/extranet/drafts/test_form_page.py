"""A draft's page: its guided form, saved as a whole or section by section."""

import json
import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from accounts.models import User
from drafts import editing
from extranet.drafts import actions
from extranet.models import CopperOrder
from outbox.models import Operation
from sandbox.extranet.rules import NOBODYS_LINE
from tests.conftest import People
from tests.extranet.order_factory import edit, fresh, line_to_build, upstream, upstream_id
from tests.extranet.page_helpers import draft, names_in, outage, posted, section, shown_upstream, url
from tests.extranet.products import known_contact, read_products
from tests.sandbox_process import SandboxProcess
from tests.sessions_app.page_helpers import HTMX, HUGE, seen_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _vendor_is_away(people: People, request: pytest.FixtureRequest) -> None:
    if "sandbox" not in request.fixturenames:
        outage()


@pytest.fixture
def order(sales: User) -> CopperOrder:
    """A draft that is ready and was never sent."""
    return draft(sales)


def page_of(client: Client, order: CopperOrder, **query: str) -> str:
    return text_of(client.get(url("order", order.uuid), query))


def save(client: Client, order: CopperOrder, data: dict[str, str], *, htmx: bool = False) -> Any:
    return client.post(url("order", order.uuid), data, headers=HTMX if htmx else None)


# Shown


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


# Saved as a whole


def test_a_save_keeps_what_was_typed_and_enqueues_it(order: CopperOrder, sales_client: Client) -> None:
    shown_upstream(order)
    Operation.objects.all().delete()
    response = save(sales_client, order, posted(order, comment="Ring twice", enni__enni_vlan="12"))
    assert response.headers["Location"] == url("order", order.uuid)
    saved = fresh(order)
    assert (saved.draft["comment"], saved.draft["enni.enni_vlan"]) == ("Ring twice", "12")
    assert Operation.objects.unfinished().filter(subject_id=order.uuid).count() == 1


def test_a_save_without_a_change_does_nothing(order: CopperOrder, sales_client: Client) -> None:
    known = shown_upstream(order)
    Operation.objects.all().delete()
    save(sales_client, known, posted(known))
    assert not Operation.objects.exists()
    assert fresh(order).draft == known.draft


def test_the_buttons_lead_on(order: CopperOrder, sales_client: Client) -> None:
    response = save(sales_client, order, posted(order) | {"to-submit": "1"})
    assert response.headers["Location"] == url("submit", order.uuid)


def test_a_text_that_is_no_value_is_kept_shown_and_not_sent(order: CopperOrder, sales_client: Client) -> None:
    save(sales_client, order, posted(order, enni__enni_vlan="4095", comment="kept"))
    saved = fresh(order)
    assert saved.typed == {"enni.enni_vlan": "4095"}
    assert (saved.draft["enni.enni_vlan"], saved.draft["comment"]) == ("111", "kept")
    page = page_of(sales_client, order)
    assert 'value="4095"' in page
    assert "A VLAN is a whole number from 1 to 4094; you entered 4095." in page
    assert "Anything marked as wrong is kept, but not sent to Covage." in page


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("product__code", "NOPE", "Covage&#x27;s catalogue has no product “NOPE”"),
        ("product__code", "NA01", "ENNIs are ordered from Covage directly"),
        ("contacts__operator__contact_uuid", "nobody", "Covage has no contact “nobody”"),
        ("endpoints__0__endpoint_ref", "01433", "A line number has ten digits"),
        ("activation_info__mandate_id", "", "Enter the mandate number"),
        (
            "options__grt__value",
            "1h",
            "“1 h” isn&#x27;t one of the possible values: 4 h in business hours, 4 h 24/7, 8 h.",
        ),
        ("address__insee_code", "99999", "No commune has the INSEE code 99999."),
    ],
)
def test_each_mistake_is_said_at_its_field_and_what_was_typed_stays(
    order: CopperOrder, sales_client: Client, name: str, text: str, said: str
) -> None:
    save(sales_client, order, posted(order, **{name: text}))
    page = page_of(sales_client, order)
    assert said in page
    assert not text or f'value="{text}"' in page
    assert f"Covage: {said}" not in page


def test_a_field_that_somebody_changed_meanwhile_is_reported_and_saved_only_the_second_time(
    order: CopperOrder, sales: User, sales_client: Client
) -> None:
    form = posted(order, comment="mine", owner__name="also mine")
    edit(order, sales, comment="theirs")
    response = save(sales_client, order, form)
    page = text_of(response)
    assert response.status_code == 409
    assert "Somebody has since changed this to “theirs”" in page
    assert ">\nmine</textarea>" in page
    assert (fresh(order).draft["comment"], fresh(order).draft["owner.name"]) == ("theirs", "also mine")
    save(sales_client, order, form | {"seen": json.dumps(seen_of(page))})
    assert fresh(order).draft["comment"] == "mine"


def test_the_type_it_was_started_with_stays(order: CopperOrder, sales_client: Client) -> None:
    save(sales_client, order, posted(order, type="terminate", service_alias="S1", comment="kept"))
    saved = fresh(order)
    assert (saved.type, saved.service_alias, saved.draft["comment"]) == ("activate", "", "kept")
    assert "only accepts these at creation" in page_of(sales_client, order)


def test_another_activation_type_has_other_fields_once_it_is_saved(
    order: CopperOrder, sales_client: Client
) -> None:
    assert "reference_endpoint-endpoint_ref" not in names_in(page_of(sales_client, order))
    save(sales_client, order, posted(order, activation_type="create_nearby"))
    names = names_in(page_of(sales_client, order))
    assert "reference_endpoint-endpoint_ref" in names
    assert "endpoints-0-endpoint_ref" in names, "it holds a value"


# Lines


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


# Saved section by section


def test_a_section_answers_with_what_changed_around_its_fields(
    order: CopperOrder, sales_client: Client
) -> None:
    response = save(sales_client, order, section(order, enni__enni_vlan=""), htmx=True)
    page = text_of(response)
    assert response.status_code == 200
    assert "1 thing to fix before submitting" in page
    assert "<html" not in page
    assert "enni-enni_vlan" not in names_in(page)
    assert "enni.enni_vlan" not in seen_of(page)


def test_a_section_answers_with_the_fields_that_were_filled_in(
    order: CopperOrder, sales_client: Client
) -> None:
    data = section(order, address__insee_code="76451", options__grt__value="8h", operator_order_ref="")
    page = text_of(save(sales_client, order, data, htmx=True))
    assert 'name="address-city" value="Mont-Saint-Aignan"' in page
    assert '<option value="true" selected>' in page
    assert seen_of(page)["operator_order_ref"] == order.operator_order_ref


@pytest.mark.parametrize(
    ("texts", "comes"),
    [
        ({"owner__type": "registrated"}, "owner-siret"),
        ({"activation_type": "create"}, "reference_endpoint-endpoint_ref"),
        ({"product__code": "AM01"}, "options-portability-enabled"),
    ],
)
def test_all_sections_are_shown_again_when_other_fields_apply(
    order: CopperOrder, sales_client: Client, texts: dict[str, str], comes: str
) -> None:
    page = text_of(save(sales_client, order, section(order, **texts), htmx=True))
    assert '<div id="draft-sections" hx-swap-oob="true">' in page
    assert 'id="draft-nav" aria-label="Sections" hx-swap-oob="true"' in page
    assert comes in names_in(page)
    assert seen_of(page) == editing.texts_of(fresh(order))
    inside = page.partition('id="draft-sections" hx-swap-oob="true">')[2].partition("<datalist")[0]
    assert "hx-swap-oob" not in inside


def test_sections_shown_again_show_what_was_typed_too_late(
    order: CopperOrder, sales: User, sales_client: Client
) -> None:
    data = section(order, owner__type="registrated", owner__name="mine")
    edit(order, sales, owner__name="theirs")
    page = text_of(save(sales_client, order, data, htmx=True))
    assert 'name="owner-name" value="mine"' in page
    assert "Somebody has since changed this to “theirs”" in page
    assert fresh(order).draft["owner.name"] == "theirs"


def test_a_line_after_an_empty_one_is_shown_again_under_its_new_number(
    order: CopperOrder, sales_client: Client
) -> None:
    texts = {"endpoints__0__endpoint_ref": "", "endpoints__0__endpoint_ref_type": ""}
    data = section(order, **texts, endpoints__1__endpoint_ref="0143340044")
    page = text_of(save(sales_client, order, data, htmx=True))
    assert '<div id="draft-sections" hx-swap-oob="true">' in page
    assert numbers(order) == ["4"]


def test_a_stale_field_of_a_section_is_reported_beside_it(
    order: CopperOrder, sales: User, sales_client: Client
) -> None:
    data = section(order, comment="mine")
    edit(order, sales, comment="theirs")
    page = text_of(save(sales_client, order, data, htmx=True))
    assert "Somebody has since changed this to “theirs”" in page
    again = section(order, comment="mine") | {"seen": json.dumps(seen_of(page))}
    save(sales_client, order, again, htmx=True)
    assert fresh(order).draft["comment"] == "mine"


@pytest.mark.parametrize("seen", ["", "nonsense", "[]", "null", '{"x": 1}', "[" * 100_000])
def test_a_form_that_does_not_say_what_it_showed_is_saved_as_it_is(
    order: CopperOrder, sales_client: Client, seen: str
) -> None:
    assert save(sales_client, order, {"comment": "new", "seen": seen}, htmx=True).status_code == 200


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.dictionaries(
        st.sampled_from(
            ["product-code", "activation_type", "owner-type", "endpoints-3-endpoint_ref", "comment"]
        ),
        st.one_of(st.text(max_size=30), st.just(HUGE)),
    )
)
def test_any_text_anywhere_is_answered_and_shown(
    order: CopperOrder, sales_client: Client, texts: dict[str, str]
) -> None:
    assert save(sales_client, order, {**texts, "seen": "{}"}, htmx=True).status_code == 200
    assert sales_client.get(url("order", order.uuid)).status_code == 200


def test_a_door_chosen_by_mistake_leaves_the_draft_as_it_can_be_changed(
    order: CopperOrder, sales_client: Client
) -> None:
    save(sales_client, order, section(order, product__code="NA01"), htmx=True)
    save(sales_client, order, section(fresh(order), product__code="SD01"), htmx=True)
    assert (fresh(order).draft["product.code"], fresh(order).is_ready) == ("SD01", True)


# Too late


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


# With Covage


def test_a_save_reaches_covage_while_the_person_waits(
    sandbox: SandboxProcess, sales: User, sales_client: Client
) -> None:
    order = draft(sales)
    save(sales_client, order, posted(order, comment="Ring twice"))
    assert upstream(sandbox, fresh(order))["comment"] == "Ring twice"
    page = page_of(sales_client, order)
    assert "Saved, here and at Covage." in page
    assert "This order is ready" in page


def test_what_covage_refuses_is_said_at_its_field_and_what_was_typed_stays(
    sandbox: SandboxProcess, sales: User, sales_client: Client
) -> None:
    order = draft(sales)
    sandbox.reset()
    known_contact("stranger")
    page = text_of(
        sales_client.post(
            url("order", order.uuid), posted(order, contacts__operator__contact_uuid="stranger"), follow=True
        )
    )
    assert "Covage refused it: see the messages at the fields." in page
    assert "1 thing to fix before submitting" in page
    assert '<a href="#id_contacts-operator-contact_uuid">' in page
    assert '<option value="stranger" selected>' in page
    assert "Saved here, but Covage refused it: correct what they named and it will be sent again." in page


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("endpoints__0__endpoint_ref", NOBODYS_LINE, f"There is no line {NOBODYS_LINE}."),
        ("product__code", "SD99", "There is no product SD99."),
        ("batch_alias", "B180612_00001", ""),
    ],
)
def test_what_only_covage_knows_not_to_be_there_is_said_at_its_field(
    sandbox: SandboxProcess, sales: User, sales_client: Client, name: str, text: str, said: str
) -> None:
    order = draft(sales)
    save(sales_client, order, posted(order, **{name: text}))
    page = page_of(sales_client, order)
    assert f'value="{text}"' in page
    assert ("Covage refused" in page) is bool(said)
    assert said in page


def test_another_product_recreates_the_draft_at_covage_and_the_form_goes_on(
    sandbox: SandboxProcess, sales: User, sales_client: Client
) -> None:
    read_products()
    order = draft(sales)
    save(sales_client, order, posted(order, comment="first"))
    before = upstream_id(fresh(order))
    form = posted(fresh(order), product__code="AM01", enni__enni_service_ref="", enni__enni_vlan="")
    save(sales_client, order, form)
    after = fresh(order)
    assert upstream_id(after) != before
    assert upstream(sandbox, after)["product"]["code"] == "AM01"
    assert "Saved, here and at Covage." in page_of(sales_client, after)
