"""What people read of copper orders, in French."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from extranet.drafts import actions
from extranet.models import CopperOrder
from tests.conftest import People
from tests.extranet.order_factory import line_to_build, ready_values
from tests.portal.world import a_copper_order, copper_of_every_item
from tests.translations.french import read_in_french

SignIn = Callable[[User], Client]

OF_COPPER = ["", "?q=nothing", "?pending=true", "new/", "contacts/", "contacts/new/"]
OF_A_DRAFT = ["", "submit/", "owner/", "delete/"]
OF_AN_ANSWER = [
    ("", "Covage attend votre réponse"),
    ("confirm/", "Confirmer la commande"),
    ("cancel/", "Annuler la commande"),
]


@pytest.mark.parametrize("path", ["/", "/dashboard/", *(f"/extranet/{page}" for page in OF_COPPER)])
def test_copper_reads_french(path: str, speakers: People, signed_in: SignIn) -> None:
    copper_of_every_item(speakers.sales)
    read_in_french(signed_in(speakers.sales), path, "Cuivre")


@pytest.mark.parametrize("page", OF_A_DRAFT)
@pytest.mark.parametrize("values", [ready_values(enni__enni_vlan=""), line_to_build(address__city="")])
def test_a_copper_draft_reads_french(
    page: str, values: dict[str, Any], speakers: People, signed_in: SignIn
) -> None:
    order = actions.create_order(speakers.sales, values)
    read_in_french(signed_in(speakers.sales), f"{order.get_absolute_url()}{page}", "Commandes cuivre")


@pytest.mark.parametrize(("page", "words"), OF_AN_ANSWER)
def test_an_answer_reads_french(page: str, words: str, speakers: People, signed_in: SignIn) -> None:
    order = a_copper_order(speakers.sales, status="pending")
    read_in_french(signed_in(speakers.sales), f"{order.get_absolute_url()}{page}", words)


@pytest.mark.parametrize("status", ["submitted", "held", "rejected", "canceled", "completed"])
def test_a_copper_order_reads_french(status: str, speakers: People, signed_in: SignIn) -> None:
    order = a_copper_order(speakers.sales, status=status)
    read_in_french(signed_in(speakers.sales), order.get_absolute_url(), "Historique chez Covage")


@pytest.fixture
def in_service(speakers: People) -> CopperOrder:
    service = {"type": "activate", "service_uuid": "l4va47dp", "service_alias": "S20181102_12001"}
    return a_copper_order(speakers.sales, status="completed", upstream=service, **service)


def test_the_end_of_a_copper_service_reads_french(
    in_service: CopperOrder, speakers: People, signed_in: SignIn
) -> None:
    client = signed_in(speakers.back_office)
    read_in_french(
        client, f"{in_service.get_absolute_url()}terminate/", "Résilier le service S20181102_12001"
    )
    ending = actions.terminate_service(in_service.uuid, speakers.back_office)
    read_in_french(client, ending.get_absolute_url(), "Cette commande résilie le service S20181102_12001")
    read_in_french(
        client, "/extranet/terminate/?service=S20101102_99999", "Carnet ne connaît aucune commande"
    )
