"""What a copper order derives from its documents and state."""

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from drafts.models import own_reference
from extranet import states
from extranet.drafts import actions
from extranet.models import CopperOrder, Product
from lists.search import normalised
from tests.extranet.order_factory import edit, example, ingested, ready_values
from tests.sandbox.copper import termination

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

RAW = example("create-order-answer")


def test_an_order_is_called_by_the_first_of_its_names() -> None:
    order = CopperOrder(operator_order_ref="IS-1")
    assert str(order) == "IS-1"
    order.operator_order_name = "Order for Untel"
    assert str(order) == "Order for Untel"
    order.alias = "O170516_21000"
    assert str(order) == "O170516_21000"


def test_the_columns_say_what_the_documents_say() -> None:
    order = ingested(RAW)
    assert (order.type, order.activation_type, order.status) == ("activate", "activate", "draft")
    assert (order.product_code, order.product_family, order.service) == ("SD01", "S", "collect")
    assert (order.alias, order.operator_order_ref) == ("O170516_21000", "UNTEL02-1")
    assert (order.end_customer_name, order.city, order.enni_service_ref) == ("Untel", "COURBEVOIE", "Gate 1")
    assert order.creation_date is not None
    assert order.created_at == order.creation_date
    assert order.creation_date.isoformat() == "2017-05-16T19:36:23.945079+00:00", "no zone means Paris"


@pytest.mark.parametrize(
    "word", ["o170516_21000", "untel02-1", "0143340043", "01234567", "capitaine", "sdsl-4m", "courbevoie"]
)
def test_an_order_is_found_by_any_of_its_references(word: str) -> None:
    assert normalised(word) in ingested(RAW).search


def test_an_order_with_a_pop_is_covages_own_whatever_its_product() -> None:
    assert ingested(RAW | {"product": {"code": "NA01"}, "pop": {"code": "P75TH2"}}).is_enni


def test_a_private_customer_s_order_has_the_person_s_name() -> None:
    order = ingested(RAW | {"owner": {"type": "individual", "first_name": "Jeanne", "last_name": "Martin"}})
    assert order.end_customer_name == "Jeanne Martin"


def test_a_draft_shows_ours_and_an_order_theirs(sales: User) -> None:
    order = edit(ingested(RAW, sales), sales, owner__name="Ours")
    assert (order.end_customer_name, order.shown["owner.name"]) == ("Ours", "Ours")
    order.merge_raw(RAW | {"status": "submitted"}, timezone.now())
    assert (order.end_customer_name, order.shown["owner.name"]) == ("Untel", "Untel")


def test_another_product_has_another_name_or_none(sales: User) -> None:
    order = ingested(RAW, sales)
    Product.objects.create(
        code="AM01", document={"code": "AM01", "name": "ADSL", "line": {"family": {"code": "A"}}}
    )
    order = edit(order, sales, product__code="AM01")
    assert (order.product_name, order.product_family) == ("ADSL", "A")
    order = edit(order, sales, product__code="XX99")
    assert (order.product_name, order.product_family, order.service) == ("", "", "")


def test_what_was_known_of_a_product_stays_if_the_response_has_its_code_alone() -> None:
    order = ingested(RAW)
    order.merge_raw(RAW | {"product": {"code": "SD01"}, "status": "submitted"}, timezone.now())
    assert (order.product_name, order.product_family) == ("SDSL-4M-PREMIUM-G-1P-KOSC", "S")


def test_only_a_draft_that_something_is_to_be_sent_of_gets_a_reference(sales: User) -> None:
    order = ingested({name: value for name, value in RAW.items() if name != "operator_order_ref"}, sales)
    assert (order.operator_order_ref, order.unsent) == ("", [])
    order = edit(order, sales, comment="New")
    assert order.operator_order_ref == own_reference(order.uuid)
    order = edit(order, sales, operator_order_ref="")
    assert order.operator_order_ref == own_reference(order.uuid)


@pytest.mark.parametrize(
    ("columns", "true"),
    [
        ({"status": ""}, {"is_draft"}),
        ({"status": "draft"}, {"is_draft"}),
        ({"status": "draft", "missing_count": 0}, {"is_draft", "is_ready"}),
        ({"status": "draft", "service": "enni"}, {"is_enni"}),
        ({"status": "draft", "submitting_since": "now"}, {"is_submitting", "is_settling"}),
        ({"status": "draft", "deleted_at": "now"}, set()),
        ({"status": "draft", "gone_at": "now"}, set()),
        ({"status": "submitted"}, {"is_open"}),
        ({"status": "unheard_of"}, {"is_open"}),
        ({"status": "pending"}, {"is_open", "is_pending"}),
        ({"status": "pending", "answering": "confirm"}, {"is_open", "is_settling"}),
        ({"status": "pending", "gone_at": "now"}, set()),
        ({"status": "held"}, {"is_open"}),
        ({"status": "rejected"}, set()),
        ({"status": "completed", "service_alias": "S1"}, {"is_in_service"}),
        ({"status": "completed", "service_alias": "S1", "service": "enni"}, {"is_enni"}),
        ({"status": "completed"}, set()),
        ({"status": "completed", "service_alias": "S1", "type": "terminate"}, {"is_termination"}),
    ],
)
def test_an_order_s_state_says_what_can_be_done(columns: dict[str, Any], true: set[str]) -> None:
    moments = {name: timezone.now() if value == "now" else value for name, value in columns.items()}
    order = CopperOrder(**({"type": "activate", "missing_count": 1} | moments))
    properties = {
        "is_draft", "is_ready", "is_enni", "is_submitting", "is_settling", "is_open", "is_pending",
        "is_in_service", "is_termination",
    }  # fmt: skip
    assert {name for name in properties if getattr(order, name)} == true


def test_terminations_are_those_of_its_service_that_did_not_come_to_nothing() -> None:
    service = {"service_uuid": "s1", "service_alias": "S1"}
    order = ingested(RAW | {"status": "completed", **service})
    for number, (status, named) in enumerate(
        [
            ("draft", {"service_uuid": "s1"}),
            ("running", {"service_alias": "S1"}),
            ("rejected", service),
            ("canceled", service),
        ]
    ):
        ingested({**termination(**named), "order_uuid": f"t{number}", "status": status})
    assert set(order.terminations().values_list("status", flat=True)) == {"draft", "running"}
    order.service_uuid = order.service_alias = ""
    assert not order.terminations().exists()


def test_what_a_new_draft_lacks_is_counted_at_once(sales: User) -> None:
    order = actions.create_order(sales, {})
    assert order.missing_count == len(order.missing()) == 5
    assert not order.is_creatable
    assert actions.create_order(sales, ready_values()).is_creatable


@pytest.mark.parametrize("column", ["deleted_at", "submitting_since"])
def test_a_draft_that_may_come_back_is_counted_as_what_it_would_be(sales: User, column: str) -> None:
    order = actions.create_order(sales, {})
    setattr(order, column, timezone.now())
    order.reflect()
    assert order.missing_count == 5


@pytest.mark.parametrize("status", ["", *states.Status.values, "unheard_of"])
def test_every_status_has_words(status: str) -> None:
    badge = states.status_badge(status)
    assert badge.label
    assert badge.label == states.status_label(status)


def test_what_is_completed_is_in_service_and_what_was_to_be_terminated_is() -> None:
    assert states.status_badge("completed", "activate") == ("in service", "good")
    assert states.status_badge("completed", "terminate") == ("terminated", "good")
    assert states.status_badge("completed") == ("completed", "good")
    assert states.status_label("running", "activate") == "in production"


def test_a_status_that_nobody_knows_reads_as_words() -> None:
    assert states.status_badge("on_the_moon") == ("On the moon", "info")
