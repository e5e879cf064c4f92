"""The demo's copper orders: of customers that also order fibre, in every state in which somebody has to act."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from demo.carts import SiteAddress, key_of

# Who ends a service in the demo, and the view that the back office keeps.
ENDS_SERVICES = "back1"
VIEW_NAME, VIEW = "Réponses attendues", "pending=true"
ENNI = "S20181102_12001"


@dataclass(frozen=True)
class DemoOrder:
    """A copper order of the demo: what is typed into it, and the status it is to reach, "" for a draft.

    `names_contact` is whether it names somebody whom Covage calls.
    """

    reference: str
    owner: str
    values: Mapping[str, Any]
    until: str = ""
    team: str = ""
    names_contact: bool = True

    @property
    def key(self) -> uuid.UUID:
        return key_of(f"copper {self.reference}")


def _activation(
    customer: str, title: str, line: str, *, product: str = "AM01", comment: str = "STRAIGHT"
) -> dict[str, Any]:
    """The take-over of an existing line of the customer."""
    return {
        "product.code": product,
        "activation_type": "activate",
        "endpoints.0.endpoint_ref": line,
        "endpoints.0.endpoint_ref_type": "line_number",
        "activation_info.mandate_id": f"M{line}",
        "owner.type": "unregistrated",
        "owner.name": customer,
        "operator_order_name": title,
        "comment": comment,
    }


def _line_to_build(customer: str, title: str, neighbour: str, place: SiteAddress) -> dict[str, Any]:
    """A new line where only a neighbour has one."""
    site = place.values()
    return {
        "product.code": "AM01",
        "activation_type": "create_nearby",
        "reference_endpoint.endpoint_ref": neighbour,
        "reference_endpoint.endpoint_ref_type": "line_number",
        "address.street_number": site["street_number"],
        "address.street_name": site["street_name"],
        "address.city": site["city"],
        "address.insee_code": site["insee_code"],
        "owner.type": "unregistrated",
        "owner.name": customer,
        "contacts.owner.first_name": "Anne",
        "contacts.owner.last_name": "Le Goff",
        "contacts.owner.phone_number": "0240000021",
        "operator_order_name": title,
    }


def demo_orders() -> tuple[DemoOrder, ...]:
    """A draft that is ready, an incomplete one, a line to be built, one that waits, one in service."""
    ready = _activation(
        "Lycée Gustave Flaubert", "Ligne de secours du lycée", "0235000019", product="SD01"
    ) | {"enni.enni_service_ref": ENNI, "enni.enni_vlan": "1210"}
    incomplete = {
        "product.code": "AM01",
        "activation_type": "activate",
        "owner.type": "unregistrated",
        "owner.name": "Boulangerie Delannoy",
        "operator_order_name": "Terminal de paiement",
    }
    site = SiteAddress("44109", "3", "boulevard Jean Monnet")
    return (
        DemoOrder("LYC-2026-C03", "sales1", ready, team="Nord"),
        DemoOrder("BOU-2026-C11", "sales1", incomplete, names_contact=False),
        DemoOrder(
            "CLI-2026-C02",
            "sales1",
            _line_to_build("Clinique des Tilleuls", "Alarme du laboratoire", "0240000029", site),
            team="Nord",
        ),
        DemoOrder(
            "GAR-2026-C07",
            "sales1",
            _activation("Garage Perrache", "Ligne de l'atelier", "0472000039", comment="PENDING STRAIGHT"),
            until="pending",
        ),
        DemoOrder(
            "MAI-2026-C01",
            "sales1",
            _activation("Mairie de Sotteville", "Accès de l'état civil", "0235000029"),
            until="completed",
            team="Nord",
        ),
    )
