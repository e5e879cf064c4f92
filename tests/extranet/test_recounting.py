"""What drafts lack for what others became: a product that went, a namesake, a service that somebody else ends."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from extranet.drafts import actions
from extranet.ingest import recount
from extranet.models import CopperOrder, Product
from tests.extranet.order_factory import (
    completed_order,
    elsewhere,
    fresh,
    open_order,
    read_products,
    ready_values,
    refreshed,
    run_sync,
    upstream_id,
)
from tests.extranet.products import known_contact
from tests.sandbox.copper import activation, termination
from tests.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def test_drafts_of_a_product_that_went_lack_one_until_it_is_there_again(
    sandbox: SandboxProcess, sales: User
) -> None:
    read_products()
    Product.objects.create(code="ZZ99", digest="x")
    losing, finding = (
        actions.create_order(sales, ready_values(product__code=code)) for code in ("ZZ99", "SD01")
    )
    Product.objects.filter(code="SD01").update(gone_at=timezone.now(), digest="")
    recount()
    assert [fresh(order).missing_count - order.missing_count for order in (losing, finding)] == [0, 1]
    read_products()
    assert [fresh(order).missing_count - order.missing_count for order in (losing, finding)] == [1, 0]


def test_a_draft_lacks_a_reference_of_its_own_while_another_order_has_it(
    sandbox: SandboxProcess, order: CopperOrder
) -> None:
    run_sync()
    reference = order.operator_order_ref
    namesake = elsewhere(sandbox).create_order(activation(operator_order_ref=reference))
    run_sync()
    assert fresh(order).missing_count == 1
    elsewhere(sandbox).delete_order(namesake["order_uuid"])
    run_sync()
    assert fresh(order).is_ready


def test_a_draft_lacks_nothing_any_more_once_the_other_order_gets_another_reference(
    sandbox: SandboxProcess, order: CopperOrder
) -> None:
    run_sync()
    namesake = elsewhere(sandbox).create_order(activation(operator_order_ref=order.operator_order_ref))
    run_sync()
    assert fresh(order).missing_count == 1
    theirs = CopperOrder.objects.get(upstream_id=namesake["order_uuid"])
    sandbox.on_copper(upstream_id(theirs), "change", {"operator_order_ref": "ANOTHER-1"})
    refreshed(theirs)
    assert fresh(order).is_ready


def test_a_draft_lacks_a_service_to_end_once_somebody_else_ends_it(
    sandbox: SandboxProcess, sales: User
) -> None:
    run_sync()
    served = completed_order(sandbox, sales)
    ending = actions.terminate_service(served.uuid, sales)
    assert ending.missing_count == 0
    raw = elsewhere(sandbox).create_order(termination(service_alias=served.service_alias))
    run_sync()
    assert fresh(ending).missing_count == 0, "theirs is a draft, too"
    elsewhere(sandbox).submit_order(raw["order_uuid"])
    run_sync()
    assert fresh(ending).missing_count == 1


def test_after_an_order_changed_only_the_drafts_related_to_it_are_counted_again(
    sandbox: SandboxProcess, sales: User
) -> None:
    run_sync()
    beside, apart = (open_order(sales, operator_order_ref=name) for name in ("A-1", "B-1"))
    run_sync()
    CopperOrder.objects.update(missing_count=7)
    elsewhere(sandbox).create_order(activation(operator_order_ref="A-1"))
    run_sync()
    assert [fresh(order).missing_count for order in (beside, apart)] == [1, 7]
    run_sync(full=True)
    assert [fresh(order).missing_count for order in (beside, apart)] == [1, 0]


@pytest.mark.parametrize("kind", ["activate", "terminate"])
def test_many_drafts_are_counted_again_in_as_many_queries_as_few(sales: User, kind: str) -> None:
    Product.objects.create(code="SD01", digest="x", document={"code": "SD01"})
    known_contact("bp5nkkcx")
    counts = []
    for number in (5, 20):
        for each in range(number - CopperOrder.objects.count()):
            values = ready_values(product__code=f"ZZ{each}", type=kind, service_alias=f"S20181102_{each}")
            actions.create_order(sales, values)
        CopperOrder.objects.update(missing_count=99)
        with CaptureQueriesContext(connection) as statements:
            recount()
        assert not CopperOrder.objects.filter(missing_count=99).exists()
        counts.append(len(statements))
    assert counts == ([9, 9] if kind == "activate" else [10, 10])


def test_what_lacks_what_it_lacked_is_not_written(sandbox: SandboxProcess, order: CopperOrder) -> None:
    with CaptureQueriesContext(connection) as statements:
        recount()
    assert not [entry["sql"] for entry in statements if entry["sql"].startswith("UPDATE")]
