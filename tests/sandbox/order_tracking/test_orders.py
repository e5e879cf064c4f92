"""The orders of the past: their list, their details, and how realistic they are."""

import subprocess
import sys
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from tests.sandbox.documents import got, tracking_example
from tests.sandbox_process import ROOT, SandboxProcess

pytestmark = pytest.mark.slow


def _detail(sandbox: SandboxProcess, state: str) -> dict[str, Any]:
    [order] = sandbox.orders(state)
    detail: dict[str, Any] = got(sandbox, f"order/{order['order_reference']}/")
    return detail


def test_there_are_as_many_orders_as_were_requested(tracking: SandboxProcess) -> None:
    orders = got(tracking, "order/")

    assert len(orders) == 600
    assert len({order["order_reference"] for order in orders}) == 600
    assert len({order["id"] for order in orders}) == 600


def test_without_a_past_there_are_no_orders(sandbox: SandboxProcess) -> None:
    assert got(sandbox, "order/") == []


def test_a_listed_order_has_the_documented_fields_and_no_others(tracking: SandboxProcess) -> None:
    documented = tracking_example("order-list-item").keys()

    assert all(order.keys() == documented for order in got(tracking, "order/"))


def test_an_order_in_full_has_every_documented_field(tracking: SandboxProcess) -> None:
    detail = _detail(tracking, "active")

    assert detail.keys() == tracking_example("order-detail").keys() | {"billing_period", "bandwidth"}
    assert detail["product"].keys() >= tracking_example("order-detail-product")["product"].keys()
    [example] = tracking_example("order-detail-contacts")["related_contact_information"]
    assert all(contact.keys() == example.keys() for contact in detail["related_contact_information"])
    options = tracking_example("order-detail-product-options")["options"]
    assert all(option.keys() == options[0].keys() for option in detail["product"]["options"])
    manager = tracking_example("order-detail-manager")["manager_regional"]
    assert detail["manager_regional"].keys() == manager.keys()


def test_list_and_detail_agree(tracking: SandboxProcess) -> None:
    for state in ("active", "in_progress", "cancelled", "terminated"):
        [listed] = tracking.orders(state)
        detail = got(tracking, f"order/{listed['order_reference']}/")

        shared = listed.keys() & detail.keys()
        assert {name: listed[name] for name in shared} == {name: detail[name] for name in shared}
        assert detail["technology"] == listed["offer_technology"]
        assert detail["minimum_commitment_duration"] == listed["commitment"]
        [contact, *_] = detail["related_contact_information"]
        assert contact["postcode"] in listed["site_client"]
        assert contact["end_customer_name"] == listed["end_customer_name"]


def test_an_order_is_found_by_either_reference(tracking: SandboxProcess) -> None:
    [order] = tracking.orders("active")

    assert got(tracking, f"order/{order['id']}/") == got(tracking, f"order/{order['order_reference']}/")


@pytest.mark.parametrize(
    "reference", ["CMD_X_00000601", "CMD_X_00000000", "CMD_X_1", "PO_DC173_20200101_000001", "nothing", "%00"]
)
@pytest.mark.parametrize("rest", ["", "historic/", "documents/", "a.pdf/download/"])
def test_an_unknown_reference_is_not_found(tracking: SandboxProcess, reference: str, rest: str) -> None:
    assert tracking.call("GET", f"order/{reference}/{rest}").status_code == 404


def test_states_come_in_realistic_shares(tracking: SandboxProcess) -> None:
    states = Counter(order["state"] for order in got(tracking, "order/"))

    assert states["active"] > 420
    assert 20 <= states["in_progress"] + states["confirmed"] <= 45
    assert min(states[state] for state in ("terminated", "cancelled", "rejected")) > 0
    assert min(states[state] for state in ("terminate_in_progress", "change_in_progress")) > 0


def test_the_dates_agree_with_the_state(tracking: SandboxProcess) -> None:
    today = date.today().isoformat()
    oldest = (date.today() - timedelta(days=3 * 366)).isoformat()
    for order in got(tracking, "order/"):
        delivered = order["state"] not in ("confirmed", "in_progress", "cancelled", "rejected")
        assert oldest <= order["order_date"] <= order["modification_date"][:10] <= today
        assert (order["completion_date"] is not None) == delivered
        assert (order["cancellation_date"] is not None) == (order["state"] == "cancelled")
        assert bool(order["cancellation_reason"]) == (order["state"] == "cancelled")


def test_some_orders_are_late_and_some_can_soon_be_given_notice(tracking: SandboxProcess) -> None:
    def details(state: str, limit: int) -> list[dict[str, Any]]:
        orders = tracking.orders(state, limit)
        return [got(tracking, f"order/{order['order_reference']}/") for order in orders]

    today = date.today().isoformat()
    assert any(order["estimated_delivery_date"] < today for order in details("in_progress", 40))
    soon = (date.today() + timedelta(days=180)).isoformat()
    assert any(today < order["commitment_end_date"] < soon for order in details("active", 300))


def test_customers_recur_with_several_sites(tracking: SandboxProcess) -> None:
    orders = got(tracking, "order/")
    [(customer, count)] = Counter(order["end_customer_name"] for order in orders).most_common(1)

    assert count >= 3
    assert len({order["site_client"] for order in orders if order["end_customer_name"] == customer}) >= 2


def test_a_siret_passes_luhns_test(tracking: SandboxProcess) -> None:
    siret = _detail(tracking, "active")["related_contact_information"][0]["siret"]

    digits = [int(digit) * (2 - index % 2) for index, digit in enumerate(siret)]
    assert len(digits) == 14
    assert sum(sum(divmod(digit, 10)) for digit in digits) % 10 == 0


def test_a_rejected_order_says_why(tracking: SandboxProcess) -> None:
    [error] = _detail(tracking, "rejected")["termination_error"]

    assert error.keys() == {"code", "property_path", "value"}


REPEATABLE = """
from datetime import date
from sandbox.order_tracking.detail import order_of_the_past
from sandbox.order_tracking.past import Past
from sandbox.order_taking.reference import reference_data
past = Past(SEED, 5000, date(2026, 11, 21), ["AB123", "FLASH"])
print([order_of_the_past(past, number, reference_data(SEED)) for number in range(4900, 5001)])
"""


def _orders_of(seed: int) -> str:
    code = REPEATABLE.replace("SEED", str(seed))
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout


def test_the_same_seed_gives_the_same_past() -> None:
    assert _orders_of(7) == _orders_of(7) != _orders_of(8)


def test_a_hundred_thousand_orders_are_there_at_once() -> None:
    with SandboxProcess("--orders", "100000", "--page-shape", "items", "--page-size", "50") as process:
        page = got(process, "order/", offset="99980")

        assert page["count"] == 100_000
        assert [order["order_reference"] for order in page["items"]][-1] == "CMD_X_00100000"
        assert len(page["items"]) == 20


def test_pages_of_orders_come_in_the_chosen_shape() -> None:
    with SandboxProcess("--orders", "5", "--page-shape", "results", "--page-size", "2") as process:
        last = got(process, "order/", page="3")

        assert (last["count"], last["next"], len(last["results"])) == (5, None, 1)


def test_moments_in_the_list_are_utc(tracking: SandboxProcess) -> None:
    [order] = tracking.orders("active")
    history = got(tracking, f"order/{order['order_reference']}/historic/")["results"]

    assert order["modification_date"].endswith("Z")
    listed = datetime.fromisoformat(order["modification_date"])
    assert listed == datetime.fromisoformat(history[-1]["change_date"])
