"""What people read of orders, and of what they keep with them, in French."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from notifications import tasks
from notifications.changes.recording import record_changes
from notifications.models import Mailing
from notifications.subjects import Subject
from notifications.watches.actions import watch_subjects
from tests.conftest import People
from tests.tracking.vendor_documents import detail, history, listed
from tests.translations.french import NO_BREAK, assert_french
from tracking.ingest import store
from tracking.ingest.store import Reading
from tracking.models import Order, TerminationReason
from tracking.orders import changes

SignIn = Callable[[User], Client]

OF_EVERYBODY = [
    "/orders/",
    "/orders/?q=nothing",
    "/dashboard/",
    "/dashboard/appointments/",
    "/search/?q=boulangerie",
]
OF_NOTIFICATIONS = ["/notices/", "/notices/settings/"]
OF_THE_BACK_OFFICE = ["/requests/", "/requests/?q=nothing", "/exports/", "/operations/", "/outbox/"]
STEPS = ["production_manager_assigned", "technical_visit_planned"]


def _an_order(**raw: Any) -> Order:
    """An order read a moment ago, so that no page needs the vendor."""
    at = timezone.now()
    store.ingest_page([listed(**raw)], at - timedelta(seconds=1))
    store.ingest_reading(Reading("CMD_X_00000001", at, detail(**raw), history("acknowledged", *STEPS), []))
    return Order.objects.get()


@pytest.fixture
def order(speakers: People) -> Order:
    """An order in production, late, that the sales person watches and that has just changed."""
    order = _an_order(estimated_delivery_date="2026-10-01")
    tasks.notify()  # that it came, which nobody watched
    subject = Subject(order.uuid, order.reference, order.get_absolute_url(), order.end_customer_name)
    watch_subjects(speakers.sales, [subject])
    record_changes(
        [changes.change_of(order, {"step": STEPS, "documents": [None, "BDC.pdf"]})], timezone.now()
    )
    return order


@pytest.mark.parametrize("path", OF_EVERYBODY + OF_NOTIFICATIONS)
def test_sales_read_of_orders_in_french(path: str, speakers: People, order: Order, signed_in: SignIn) -> None:
    tasks.notify()
    assert_french(signed_in(speakers.sales).get(path).content)


@pytest.mark.parametrize("path", OF_EVERYBODY + OF_THE_BACK_OFFICE)
def test_the_back_office_reads_of_orders_in_french(
    path: str, speakers: People, order: Order, signed_in: SignIn
) -> None:
    assert_french(signed_in(speakers.back_office).get(path).content)


def test_an_order_reads_french(speakers: People, order: Order, signed_in: SignIn) -> None:
    content = signed_in(speakers.back_office).get(order.get_absolute_url()).content
    assert_french(
        content, "Visite technique planifiée", "prochaine étape", "Livraison attendue le 1 octobre 2026"
    )


def test_a_termination_reads_french(speakers: People, signed_in: SignIn) -> None:
    TerminationReason.objects.create(label="Cessation d'activité", position=0)
    order = _an_order(state="active", completion_date="2026-01-15")
    client, address = signed_in(speakers.back_office), f"{order.get_absolute_url()}terminate/"
    assert_french(client.get(address).content, "Étape 1 sur 2", "Engagement et préavis")
    typed = {"reason": "Cessation d'activité", "request_effective_date": "2031-05-02", "step": "review"}
    assert_french(client.post(address, typed).content, "Étape 2 sur 2", "2 mai 2031", "Cessation d'activité")


def test_a_notice_says_what_changed_in_french(speakers: People, order: Order, signed_in: SignIn) -> None:
    tasks.notify()
    page = unescape(signed_in(speakers.sales).get("/notices/").content.decode())
    said = "responsable de production désigné → visite technique planifiée"
    assert f"Étape de production{NO_BREAK}: {said}" in page


def test_mail_is_written_in_french(speakers: People, order: Order, mailoutbox: list[Any]) -> None:
    Mailing.objects.create(user=speakers.sales, choice=Mailing.Choice.IMMEDIATE)
    tasks.notify()
    (mail,) = mailoutbox
    assert (
        mail.subject == f"[Carnet] {order.reference} · Boulangerie Martin · Mont-Saint-Aignan : modification"
    )
    for words in ("visite technique planifiée", "Toutes les notifications"):
        assert words in mail.body
        assert words in mail.alternatives[0].content
