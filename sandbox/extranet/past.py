"""Copper orders of the past in full: customer, site and product."""

from datetime import date, datetime
from typing import Any

from sandbox.customers import Contact, Customer, Site, contacts, customer, siret, site
from sandbox.dice import Dice
from sandbox.extranet.contacts import FIRST
from sandbox.extranet.fates import DOORS, Fate, Fates
from sandbox.extranet.identifiers import extranet_moment, number_of, order_alias, service_alias, short_id
from sandbox.extranet.order import DRAFT, LINE_BUILDING, CopperOrder
from sandbox.extranet.products import COLLECT, NEEDS_ENNI, ORDERABLE, family_of, with_defaults
from sandbox.extranet.progress import statuses_after
from sandbox.extranet.tokens import OPERATOR_UUID
from sandbox.order_tracking.steps import moment_of, working_day

_POPS = (
    ("137 Boulevard Voltaire, 75011 PARIS", "P75TH2", "TELEHOUSE 2", "10G_SR", "NB01"),
    ("114 Rue Ambroise Croizat, 93200 SAINT DENIS", "P93EQ3", "EQUINIX PA3", "10G_LR", "NB01"),
    ("24 Rue Crépet, 69007 LYON", "P69LY2", "LYON GERLAND", "1G_LX", "NA01"),
    ("40 Avenue Roger Salengro, 13003 MARSEILLE", "P13MRS", "INTERXION MRS1", "10G_LR", "NB01"),
)
_FIRST_SERVICE = date(2018, 11, 2)  # of the first door, whose reference the page's example has
_COMMENTS = ("", "", "", "", "Accès par la cour.", "Appeler la veille.", "Badge à demander à l'accueil.")
_MOST_CUSTOMERS = 4000


class CopperPast:
    """Orders 1 to `count`, the first of them the collection doors."""

    def __init__(self, seed: int, copper: int, today: date) -> None:
        self.seed = seed
        self.today = today
        self.copper = copper
        self.count = DOORS + copper
        self.fates = Fates(seed, self.count, working_day(today))
        self._customers = min(max(12, copper // 4), _MOST_CUSTOMERS)

    def number_of_order(self, order_uuid: str) -> int:
        return self._known(number_of("order", order_uuid))

    def number_of_service(self, reference: str) -> int:
        """Return the number of the activation behind a service's uuid or alias; 0 when there is none."""
        alias, digits = reference.rpartition("_")[::2]
        number = int(digits) - 12_000 if alias and digits.isdecimal() else number_of("service", reference)
        number = self._known(number)
        return (
            number if number and reference in self._service(number, self.fates.fate(number)).values() else 0
        )

    def _known(self, number: int) -> int:
        return number if 1 <= number <= self.count else 0

    def order(self, number: int) -> CopperOrder:
        """Return the order of this number as its past left it; an unfinished one stays so until somebody acts."""
        fate = self.fates.fate(number)
        order = CopperOrder(number, self._identity(fate) | self._content(fate), statuses_after(fate.status))
        for status, at in fate.moments[1:]:
            order.enter(status, moment_of(at))
        return order

    def moments(self, number: int) -> list[tuple[str, datetime]]:
        return [(status, moment_of(at)) for status, at in self.fates.fate(number).moments]

    def _identity(self, fate: Fate) -> dict[str, Any]:
        created = moment_of(fate.created)
        return {
            "model": "order",
            "order_uuid": short_id("order", fate.number),
            "alias": order_alias(created.date(), 20_000 + fate.number),
            "operator_uuid": OPERATOR_UUID,
            "creation_date": extranet_moment(created),
            "modification_date": extranet_moment(created),
            "status": DRAFT,
            "type": "terminate" if fate.terminates else "activate",
            "origin": "standard",
        }

    def _service(self, number: int, fate: Fate) -> dict[str, str]:
        """The service that an activation made, if it did."""
        if fate.status != "completed" or fate.terminates:
            return {}
        door = number <= DOORS
        day = _FIRST_SERVICE if door else moment_of(fate.moments[-1][1]).date()
        alias = service_alias(day, 12_000 + number)
        return {"service_uuid": short_id("service", number), "service_alias": alias}

    def _content(self, fate: Fate) -> dict[str, Any]:
        if fate.number <= DOORS:
            return self._door(fate)
        owner, where, people = self._people(
            self.fates.target(fate.number) if fate.terminates else fate.number
        )
        common = {
            "operator_order_ref": f"CUI-{fate.number:06d}",
            "operator_order_name": f"{'Résiliation' if fate.terminates else 'Commande'} {owner.name}",
            "contacts": _contacts(people),
        }
        if fate.terminates:
            return common | self._ended(self.fates.target(fate.number))
        return common | self._activation(fate, owner, where)

    def _people(self, number: int) -> tuple[Customer, Site, list[Contact]]:
        """Return the order's customer, one of those with fibre, with a site and its contacts."""
        dice = Dice(self.seed, "copper where", number)
        owner = customer(self.seed, int(self._customers * dice.share() ** 2))
        index = dice.below(owner.sites)
        return owner, site(self.seed, owner.number, index), contacts(self.seed, owner.number, index)

    def _ended(self, number: int) -> dict[str, Any]:
        ended = self.order(number)
        names = ("product", "service_uuid", "service_alias", "owner")
        return {name: ended.fields[name] for name in names}

    def _activation(self, fate: Fate, owner: Customer, where: Site) -> dict[str, Any]:
        dice = Dice(self.seed, "copper what", fate.number)
        code, number = dice.choice(COLLECT), _line_number(where, dice)
        endpoint = {"endpoint_ref": number, "endpoint_ref_type": "line_number"}
        values: dict[str, Any] = {
            "activation_type": fate.activation_type,
            "eligibility_ref": f"KOSC_{dice.below(1 << 32):08x}-69a7-42a0-853a-{dice.below(1 << 48):012x}",
            "product": ORDERABLE[code],
            "options": with_defaults(code, _options(code, dice)),
            "owner": {
                "type": "registrated",
                "name": owner.name,
                "siret": siret(self.seed, owner.number, where.index),
            },
            "address": _address(where, dice),
            **self._service(fate.number, fate),
        }
        if fate.activation_type in LINE_BUILDING:
            values["reference_endpoint"] = endpoint
        else:
            values["endpoints"] = [endpoint]
            values["activation_info"] = {"mandate_id": f"{dice.below(10**8):08d}"}
        if family_of(code) == NEEDS_ENNI:
            reference = service_alias(_FIRST_SERVICE, 12_001 + dice.below(DOORS - 1))
            values["enni"] = {"enni_vlan": str(100 + dice.below(3900)), "enni_service_ref": reference}
        if comment := dice.choice(_COMMENTS):
            values["comment"] = comment
        return values

    def _door(self, fate: Fate) -> dict[str, Any]:
        address, code, housing, interface, product = _POPS[fate.number - 1]
        return {
            "operator_order_ref": "",
            "operator_order_name": f"Porte {housing}",
            "product": ORDERABLE[product],
            "options": {},
            "pop": {"address": address, "code": code, "housing": housing, "interface": interface},
            **self._service(fate.number, fate),
        }


def _contacts(people: list[Contact]) -> dict[str, Any]:
    first = people[0]
    phone = "cell_phone_number" if first.phone_number.startswith("06") else "phone_number"
    return {
        "operator": {"contact_uuid": FIRST},
        "owner": {
            "first_name": first.firstname,
            "last_name": first.lastname,
            phone: first.phone_number,
            "email": first.email_address,
        },
    }


def _line_number(where: Site, dice: Dice) -> str:
    return f"{where.place.phone_prefix}{dice.below(10_000):04d}"


def _options(code: str, dice: Dice) -> dict[str, Any]:
    options: dict[str, Any] = {
        "grt": {"value": dice.choice(("4h_bhbd", "4h_24_7")), "enabled": dice.chance(600)}
    }
    if dice.chance(300):
        options["contract_term"] = {"value": dice.choice(("12_months", "36_months")), "enabled": True}
    if family_of(code) == "A" and dice.chance(250):
        prefix = f"{dice.below(10_000):04d}"
        options["portability"] = {"enabled": True, "prefix_code": prefix, "rio_code": "01P123456ABC"}
    return options


def _address(where: Site, dice: Dice) -> dict[str, Any]:
    values = {
        "street_number": f"{int(where.street_number):05d}",
        "street_name": where.street_name.upper(),
        "rivoli_code": f"{1000 + dice.below(8000)}",
        "insee_code": where.place.insee_code,
        "zip_code": where.place.postcode,
        "city": where.place.city.upper(),
        "building": where.building_name,
        "floor": where.level_number,
    }
    return {name: value for name, value in values.items() if value}
