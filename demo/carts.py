"""The demo's carts: a small, believable set in French, of invented customers, the same at every run."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.utils import timezone
from stdnum import luhn

from geo import communes
from sessions_app.fields import CONTACTS

NAMESPACE = uuid.UUID("6f2c1d0a-5b0e-4c55-9a43-0d7b6a1c9e11")
UNKNOWN_ENNI = "AZ001234"

# What the back office of the demo keeps with the orders: a view of the late ones, and a note on the latest.
FOLLOWER = "back1"
VIEW_NAME, VIEW = "En retard", "late=true&sort=due_on"
NOTE = "Appelé le chargé de production : le client final demande un nouveau rendez-vous."


@dataclass(frozen=True)
class DemoLine:
    """A line of the demo; `door` begins the label of the collection door to take from the reference data."""

    name: str
    values: Mapping[str, Any]
    door: str


@dataclass(frozen=True)
class DemoCart:
    """A cart of the demo: whose it is, what it holds, and whether it is confirmed."""

    reference: str
    owner: str
    project: str
    lines: tuple[DemoLine, ...] = ()
    confirmed: bool = False
    team: str = ""

    @property
    def key(self) -> uuid.UUID:
        return key_of(self.reference)


@dataclass(frozen=True)
class SiteAddress:
    """A site's address, in a real commune: its city and postcode come from the official list."""

    insee_code: str
    street_number: str
    street_name: str
    more: Mapping[str, str] = field(default_factory=dict)

    def values(self) -> dict[str, str]:
        """The fields of the address; raises LookupError when no commune has the INSEE code."""
        commune = communes.by_insee(self.insee_code)
        if commune is None:
            raise LookupError(f"No commune has the INSEE code {self.insee_code}.")
        return {
            "street_number": self.street_number,
            "street_name": self.street_name,
            "postcode": commune.postcodes[0],
            "city": commune.name,
            "insee_code": self.insee_code,
        } | dict(self.more)


def key_of(name: str) -> uuid.UUID:
    """The id of one of the demo's carts, lines or eligibility items: the same at every run."""
    return uuid.uuid5(NAMESPACE, name)


def siret(company: int) -> str:
    """A SIRET with right check digits, of an invented company."""
    siren = _checked(f"9{company:07d}")
    return _checked(f"{siren}0001")


def _checked(digits: str) -> str:
    return digits + luhn.calc_check_digit(digits)


def _site(
    customer: str, company: int, place: SiteAddress, person: tuple[str, str], phone: str
) -> dict[str, Any]:
    first_name, last_name = person
    return place.values() | {
        "end_customer_name": customer,
        "siret": siret(company),
        "contact1_firstname": first_name,
        "contact1_lastname": last_name,
        "contact1_phone_number": phone,
        "contact1_email_address": f"accueil@client{company}.example.com",
    }


def _order(
    customer: str,
    title: str,
    site: dict[str, Any] | None = None,
    *,
    door: str = "",
    in_days: int = 45,
    **more: Any,
) -> DemoLine:
    values = {
        "product_offering_id": "2173",
        "product_offering_qualification_item_id": str(key_of(f"eligibility {customer} {title}")),
        "offer_family": "BPE",
        "offer_technology": "FIBDE",
        "end_customer_name": customer,
        "customer_order_name": title,
        "siret_known": True,
        "scheduled_delivery_date": (timezone.localdate() + timedelta(days=in_days)).isoformat(),
    }
    contacts = {CONTACTS: [site]} if site else {}
    return DemoLine(f"{customer} {title}", values | contacts | more, door)


def demo_carts() -> tuple[DemoCart, ...]:
    """A cart of each sort: ready, incomplete, confirmed, to be rejected, empty, a colleague's."""
    return (
        DemoCart("LYC-2026-017", "sales1", "AB123", _two_that_are_ready(), team="Nord"),
        DemoCart("BOU-2026-042", "sales1", "FLASH", _two_that_are_incomplete()),
        DemoCart("CLI-2026-008", "sales1", "AX200", _two_that_are_ordered(), confirmed=True, team="Nord"),
        DemoCart("GAR-2026-023", "sales1", "", _one_good_and_one_to_be_rejected(), confirmed=True),
        DemoCart("MAI-2026-051", "sales1", ""),
        DemoCart("VIG-2026-005", "sales2", "MED13", _one_that_is_ready(), team="Sud"),
        DemoCart("POR-2026-011", "sales2", "MED13", _one_without_its_door(), team="Sud"),
    )


def _two_that_are_ready() -> tuple[DemoLine, ...]:
    school = SiteAddress(
        "76451", "12", "rue du Maréchal Foch", {"building_name": "Bâtiment C", "level_number": "RDC"}
    )
    boarding = SiteAddress("76540", "48", "quai Gaston Boulet")
    return (
        _order(
            "Lycée Gustave Flaubert",
            "Accès internet du lycée",
            _site("Lycée Gustave Flaubert", 4120, school, ("Hélène", "Morvan"), "0235000011"),
            door="Rouen",
            vlan_reference=1204,
            access_instructions="Se présenter à la loge ; le local technique est au sous-sol du bâtiment C.",
        ),
        _order(
            "Lycée Gustave Flaubert",
            "Accès internet de l'internat",
            _site("Internat Flaubert", 4120, boarding, ("Karim", "Benali"), "0235000012"),
            door="Rouen",
            vlan_reference=1205,
        ),
    )


def _two_that_are_incomplete() -> tuple[DemoLine, ...]:
    bakery = SiteAddress("59350", "7", "rue de la Clef").values()
    half = {
        "end_customer_name": "Boulangerie Delannoy",
        "city": bakery["city"],
        "postcode": bakery["postcode"],
    }
    return (
        _order("Boulangerie Delannoy", "Fibre magasin", half),
        _order(
            "Boulangerie Delannoy",
            "Fibre fournil",
            door="Lille",
            option_ids=["7021"],
            cpe_network_number="NR-2201",
        ),
    )


def _two_that_are_ordered() -> tuple[DemoLine, ...]:
    clinic = SiteAddress("44109", "3", "boulevard Jean Monnet")
    lab = SiteAddress("44162", "15", "rue de la Commune de 1871")
    return (
        _order(
            "Clinique des Tilleuls",
            "Lien principal",
            _site("Clinique des Tilleuls", 5307, clinic, ("Anne", "Le Goff"), "0240000021"),
            door="Nantes",
            vlan_reference=310,
            in_days=30,
        ),
        _order(
            "Clinique des Tilleuls",
            "Laboratoire",
            _site("Laboratoire des Tilleuls", 5308, lab, ("Yves", "Tanguy"), "0240000022"),
            door="Nantes",
            vlan_reference=311,
            in_days=30,
        ),
    )


def _one_good_and_one_to_be_rejected() -> tuple[DemoLine, ...]:
    garage = SiteAddress("69387", "112", "avenue Jean Jaurès")
    workshop = SiteAddress("69266", "20", "rue Francis de Pressensé")
    return (
        _order(
            "Garage Perrache",
            "Atelier Gerland",
            _site("Garage Perrache", 6115, garage, ("Luc", "Faure"), "0472000031"),
            door="Lyon",
            vlan_reference=77,
        ),
        _order(
            "Garage Perrache",
            "Carrosserie Villeurbanne",
            _site("Garage Perrache", 6116, workshop, ("Nadia", "Roche"), "0472000032"),
            enni=UNKNOWN_ENNI,
            vlan_reference=78,
            note="Porte de collecte recopiée d'un ancien dossier, à vérifier.",
        ),
    )


def _one_that_is_ready() -> tuple[DemoLine, ...]:
    cellar = SiteAddress("13208", "31", "avenue du Prado")
    site = _site("Cave des Vignerons", 7450, cellar, ("Mireille", "Giraud"), "0491000041")
    return (_order("Cave des Vignerons", "Accès boutique", site, door="Marseille", vlan_reference=2048),)


def _one_without_its_door() -> tuple[DemoLine, ...]:
    harbour = SiteAddress("83137", "2", "quai Cronstadt")
    site = _site("Capitainerie du Port", 7451, harbour, ("Paul", "Arnoux"), "0494000051")
    return (_order("Capitainerie du Port", "Accès capitainerie", site),)


ELSEWHERE = {"external_id": "EXT-2026-014", "project_id": "IDF75"}


def elsewhere_line(enni: str) -> dict[str, Any]:
    """The line of a cart that somebody makes without Carnet, with the vendor's other account."""
    place = SiteAddress("93066", "5", "rue de la République")
    site = _site("Mairie annexe", 8800, place, ("Sofia", "Lambert"), "0148000061")
    order = _order("Mairie annexe", "Raccordement fibre", site)
    return dict(order.values) | {"external_id": "EXT-2026-014-1", "enni": enni, "vlan_reference": 640}
