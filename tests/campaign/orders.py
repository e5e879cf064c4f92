"""What the people of the campaign type: every field of carts and lines, and the value that each text means."""

import random
import string
import uuid
from dataclasses import dataclass, field
from typing import Any, NamedTuple

CONTACTS = "related_contact_information"
TOWNS = (
    ("Mont-Saint-Aignan", "76130", "76451"),
    ("Lille", "59000", "59350"),
    ("Nantes", "44000", "44109"),
)
WORDS = ("Été", "l’Îlot", "n° 4 <b>", "R&D", '"Nord"', "Œuvre", "çà", "Straße", "100 %", "a;b", "fin\\")


class Typed(NamedTuple):
    """A text as a person types it, and the value that it means."""

    text: str
    value: Any


Texts = dict[str, Typed]  # by path: `enni`, `related_contact_information.0.city`


@dataclass
class LinePlan:
    """A line as its author plans it. `references`: every reference that it may have been created under."""

    id: str = ""
    texts: Texts = field(default_factory=dict)
    references: set[str] = field(default_factory=set)
    is_deleted: bool = False


@dataclass
class CartPlan:
    """A cart as its author plans it, and what is to become of it: a draft, an order, or nothing."""

    number: int
    fate: str
    id: str = ""
    reference: str = ""
    project: str = ""
    references: set[str] = field(default_factory=set)
    lines: list[LinePlan] = field(default_factory=list)


class Author:
    """Invents texts: the same for the same seed and number, whatever else happens."""

    def __init__(self, seed: int, number: int) -> None:
        self.chance = random.Random(f"{seed}/{number}")
        self.number = number

    def maybe(self, probability: float) -> bool:
        return self.chance.random() < probability

    def reference(self, kind: str) -> str:
        return f"{kind}-{self.number:03d}-{''.join(self.chance.choices(string.ascii_uppercase, k=8))}"

    def words(self) -> Typed:
        text = " ".join(self.chance.sample(WORDS, 3)) + f" {self.chance.randrange(10**6)}"
        return Typed(f"  {text} ", text) if self.maybe(0.2) else Typed(text, text)

    def paragraph(self) -> Typed:
        lines = [self.words().value for _ in range(self.chance.randint(1, 4))]
        return Typed("\r\n".join(lines), "\n".join(lines))

    def project(self) -> str:
        return self.chance.choice(("AB123", "FLASH", "AX200", "BF310"))

    def first_fields(self) -> Texts:
        """The fields of a new line."""
        return {
            "product_offering_id": plain(str(self.chance.randrange(1000, 10000))),
            "product_offering_qualification_item_id": plain(str(uuid.UUID(int=self.chance.getrandbits(128)))),
            "offer_family": plain(self.chance.choice(("BPE", "BPEA", "FTTE"))),
            "offer_technology": plain(self.chance.choice(("FIBDE", "FON"))),
            "end_customer_name": self.words(),
            "customer_order_name": self.words(),
            "external_id": plain(self.reference("LINE") if self.maybe(0.6) else ""),
            "project_id": plain(self.project()),
            "business_code": plain(self.project()),
            "billing_site_ref": self.words(),
            "quote_item_id": plain(str(self.chance.randrange(10**8)) if self.maybe(0.2) else ""),
        }

    def other_fields(self, sites: int) -> Texts:
        """Everything else of a line."""
        texts = {
            "siret_known": Typed("true", True) if self.maybe(0.7) else Typed("false", False),
            "enni": Typed("cn012345", "CN012345"),
            "enni2": Typed(" CN012382", "CN012382"),
            "delivery_mode": self.words(),
            "scheduled_delivery_date": Typed("07/12/2026", "2026-12-07"),
            "access_instructions": self.paragraph(),
            "specific_request": self.paragraph(),
            "note": self.paragraph(),
            "technical_note": self.paragraph(),
            "vlan_reference": self.vlan(),
            "additional_vlan_reference": Typed("12, 13;14", "12,13,14"),
            **self._options(),
        }
        for index in range(sites):
            texts |= {f"{CONTACTS}.{index}.{name}": typed for name, typed in self._site().items()}
        return texts

    def vlan(self) -> Typed:
        number = self.chance.randint(1, 4094)
        return Typed(str(number), number)

    def _options(self) -> Texts:
        if self.maybe(0.5):
            return {"option_ids": Typed("7020; 7033", ["7020", "7033"])}
        return {
            "option_ids": Typed("7021, 7020", ["7021", "7020"]),
            "cpe_network_number": self.words(),
            "cpe_serial_number": self.words(),
        }

    def _site(self) -> Texts:
        city, postcode, insee_code = (plain(text) for text in self.chance.choice(TOWNS))
        latitude, longitude = self.chance.uniform(43, 50), self.chance.uniform(-4, 7)
        return {
            "end_customer_name": self.words(),
            "siret": Typed("732 829 320 00074", "73282932000074"),
            "street_number": plain(str(self.chance.randint(1, 300))),
            "street_number_extension": plain("bis"),
            "street_name": self.words(),
            "postcode": postcode,
            "city": city,
            "insee_code": insee_code,
            "building_name": self.words(),
            "level_number": plain("RDC"),
            "latitude": Typed(f"{latitude:.6f}".replace(".", ","), round(latitude, 6)),
            "longitude": Typed(f"{longitude:.6f}", round(longitude, 6)),
            **self._person(1),
            **self._person(2),
        }

    def _person(self, number: int) -> Texts:
        return {
            f"contact{number}_firstname": self.words(),
            f"contact{number}_lastname": self.words(),
            f"contact{number}_phone_number": Typed("01 23 45 67 89", "0123456789"),
            f"contact{number}_email_address": plain(f"someone{self.chance.randrange(1000)}@example.test"),
        }


def plain(text: str) -> Typed:
    return Typed(text, text)
