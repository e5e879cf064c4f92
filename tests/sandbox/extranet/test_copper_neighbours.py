"""Contacts, events and products of the extranet."""

import pytest

from tests.sandbox.copper import activation, drafted, event_types, refused_fields, seen, submitted
from tests.sandbox_process import PACE, SandboxProcess

pytestmark = pytest.mark.slow

SOMEBODY = {"first_name": "Loïc", "last_name": "Kerbrat", "email": "l.kerbrat@operateur.example"}


def _contact(sandbox: SandboxProcess) -> str:
    return str(sandbox.extranet("POST", "contacts/", SOMEBODY).json()["contact_uuid"])


def test_there_are_contacts_from_the_start(sandbox: SandboxProcess) -> None:
    contacts = seen(sandbox, "contacts/")

    assert "bp5nkkcx" in {contact["contact_uuid"] for contact in contacts}
    assert contacts[0].keys() == {
        "contact_uuid", "first_name", "last_name", "phone_number", "cell_phone_number", "email",
    }  # fmt: skip


def test_a_contact_can_be_made_changed_and_removed(sandbox: SandboxProcess) -> None:
    contact_uuid = _contact(sandbox)
    order = activation(contacts={"operator": {"contact_uuid": contact_uuid}})
    assert drafted(sandbox, order)["status"] == "draft"

    changed = sandbox.extranet("PUT", f"contacts/{contact_uuid}/", SOMEBODY | {"phone_number": "0199000014"})
    assert changed.json() == seen(sandbox, f"contacts/{contact_uuid}/")
    assert changed.json()["phone_number"] == "0199000014"
    assert sandbox.extranet("PUT", f"contacts/{contact_uuid}/", SOMEBODY).json()["phone_number"] == ""

    assert sandbox.extranet("DELETE", f"contacts/{contact_uuid}/").status_code == 200
    assert sandbox.extranet("GET", f"contacts/{contact_uuid}/").status_code == 404
    assert refused_fields(sandbox, "POST", "orders/", order) == {"contacts.operator.contact_uuid"}


def test_a_contact_has_a_name_and_an_address(sandbox: SandboxProcess) -> None:
    wrong = {"first_name": "Loïc", "phone_number": 5}

    assert refused_fields(sandbox, "POST", "contacts/", wrong) == {"last_name", "email", "phone_number"}


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_a_contact_nobody_knows_is_not_found(sandbox: SandboxProcess, method: str) -> None:
    assert sandbox.extranet(method, "contacts/zzzzzzzz/", SOMEBODY).status_code == 404


def test_every_change_of_an_order_is_an_event(sandbox: SandboxProcess) -> None:
    order = drafted(sandbox, activation())
    sandbox.extranet("PUT", f"orders/{order['order_uuid']}/", order)
    sandbox.extranet("DELETE", f"orders/{order['order_uuid']}/")

    assert event_types(sandbox, order["order_uuid"]) == ["order-created", "order-modified", "order-deleted"]


def test_an_event_names_what_happened_to_what_and_when(sandbox: SandboxProcess) -> None:
    order_uuid = submitted(sandbox, activation(comment="PENDING"))
    sandbox.advance(10 * PACE)

    [event] = seen(sandbox, "events/", object_uuid=order_uuid, type="order-pending")

    assert event.keys() == {
        "event_uuid", "model", "type", "object_type", "object_uuid", "event_date", "creation_date",
        "modification_date", "data", "sort_value",
    }  # fmt: skip
    assert (event["model"], event["object_type"], event["object_uuid"]) == ("event", "order", order_uuid)
    assert event["data"]["reason"]
    assert event["event_date"] < event["creation_date"]


def test_events_come_newest_first_unless_sorted(copper: SandboxProcess) -> None:
    newest, oldest = seen(copper, "events/"), seen(copper, "events/", sort="creation_date")

    for events, backwards in ((newest, True), (oldest, False)):
        dates = [event["creation_date"] for event in events]
        assert dates == sorted(dates, reverse=backwards)
    assert newest[0]["creation_date"] > oldest[0]["creation_date"]


@pytest.mark.parametrize("shape", ["list", "results", "items"])
def test_events_can_be_continued_after_the_last_one_known(shape: str) -> None:
    with SandboxProcess("--copper", "40", "--page-size", "50", "--page-shape", shape) as process:
        every: list[str] = []
        after = ""
        while events := _page(process, after):
            every += [event["event_uuid"] for event in events]
            after = events[-1]["sort_value"]
        assert len(every) == len(set(every)) > 150

        order_uuid = submitted(process, activation())

        new_events = _page(process, after)
    assert [event["type"] for event in new_events] == ["order-created", "order-submitted"]
    assert {event["object_uuid"] for event in new_events} == {order_uuid}


def _page(sandbox: SandboxProcess, after: str) -> list[dict[str, str]]:
    page = seen(sandbox, "events/", sort="creation_date", after=after)
    events: list[dict[str, str]] = page if isinstance(page, list) else page.get("results", page.get("items"))
    return events


def test_events_can_be_continued_backwards_too(copper: SandboxProcess) -> None:
    events = seen(copper, "events/")

    assert seen(copper, "events/", after=events[9]["sort_value"])[:5] == events[10:15]


def test_events_can_be_filtered_from_a_moment_on(copper: SandboxProcess) -> None:
    known = seen(copper, "events/")[9]["creation_date"]

    events = seen(copper, "events/", sort="creation_date", creation_date_gt=known)

    assert 0 < len(events) <= 9
    assert all(event["creation_date"] > known for event in events)


def test_the_products_have_the_codes_of_the_page(sandbox: SandboxProcess) -> None:
    products = {product["code"]: product for product in seen(sandbox, "products/")}

    assert products["AM01"]["name"] == "ADSL-Max-FULL-KOSC"
    assert products["AM01"]["line"]["description"] == "ADSL-MAX * Best of ADSL, VDSL products"
    assert products["SD01"]["options"]["grt"] == {
        "default_value": "4h_bhbd",
        "value": ["4h_bhbd", "4h_24_7"],
    }
    assert {family["code"]: family["name"] for family in seen(sandbox, "product-families/")} == {
        "A": "ADSL",
        "S": "SDSL",
        "M": "SDSL Max",
        "N": "ENNI",
    }
    lines = {line["code"]: line for line in seen(sandbox, "product-lines/")}
    assert {product["line"]["code"] for product in products.values()} == lines.keys()
    assert lines["SD"]["family"]["code"] == "S"
