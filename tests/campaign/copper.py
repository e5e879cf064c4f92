"""The copper orders that the people of the campaign plan: the fields that they type, and what is to become of each."""

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.campaign.orders import TOWNS, Author, Texts, Typed, plain

CONTACT = "contacts.operator.contact_uuid"
CONTACTS = ("bp5nkkcx", "k2nlerox", "93reo2i3")
NOBODY = "zz9nob0dy"
HOWS = ("activate", "activate", "create_nearby", "create_neighbour", "create")
PRODUCTS = (("SD01", "SD02"), ("AM01", "AM02"), ("MA01", "MB01"))  # one of a pair may become the other
FATES = ("draft", "deleted", "confirmed", "cancelled", "ended")
ANSWER_BY_FATE = {"confirmed": "confirm", "cancelled": "cancel"}
REFERENCE = "operator_order_ref"


@dataclass
class CopperPlan:
    """A copper order as its author plans it, and its fate: a draft, deleted, answered either way, or terminated.

    `references`: every reference that it may have been created under. `remakings`: how often a field was changed that
    the vendor changes in no draft. `termination`: the order that terminates its service.
    """

    number: int
    fate: str
    has_typo: bool = False
    id: str = ""
    how: str = ""
    products: tuple[str, str] = ("", "")
    texts: Texts = field(default_factory=dict)
    references: set[str] = field(default_factory=set)
    remakings: int = 0
    termination: "CopperPlan | None" = None

    @property
    def path(self) -> str:
        return f"extranet/{self.id}/"

    @property
    def is_submitted(self) -> bool:
        return self.fate not in ("draft", "deleted")

    @property
    def family(self) -> str:
        return self.products[0][:1]


def plans(seed: int, count: int) -> list[CopperPlan]:
    """Orders of all fates, in random order; of each fate at least one whose contact is mistyped at first."""
    fates = [FATES[number % len(FATES)] for number in range(count)]
    made = [CopperPlan(number, fate, number < len(FATES)) for number, fate in enumerate(fates)]
    random.Random(seed).shuffle(made)
    return made


def everything(plans: list[CopperPlan]) -> Iterator[CopperPlan]:
    """These orders, and those that terminate their services."""
    for plan in plans:
        yield plan
        if plan.termination:
            yield plan.termination


class CopperAuthor(Author):
    """Invents the texts of copper orders."""

    def first_fields(self) -> Texts:
        """The fields of a new order; without a company's name for a private person."""
        texts = {
            "product.code": plain(self.chance.choice([pair[0] for pair in PRODUCTS])),
            "activation_type": plain(self.chance.choice(HOWS)),
            "operator_order_name": self.words(),
        }
        return texts if self.maybe(0.3) else texts | {"owner.name": self.words()}

    def other_fields_of(self, plan: CopperPlan) -> Texts:
        """Everything else that can be typed at once."""
        owner = self.chance.choice(("registrated", "unregistrated"))
        return {
            "eligibility_ref": self.study(),
            "owner.type": plain(owner if "owner.name" in plan.texts else "individual"),
            CONTACT: plain(NOBODY) if plan.has_typo else self.contact(),
            REFERENCE: plain(self.reference("COPPER")) if self.maybe(0.6) else Typed("", None),
            "batch_alias": Typed("b180612_00001", "B180612_00001") if self.maybe(0.3) else Typed("", None),
            "comment": self.comment(plan),
            **self._person_on_site(),
            **self._line(plan),
            **self._options_of(plan),
        }

    def fields_of_the_owner(self, kind: str) -> Texts:
        """The fields that appear once the kind of customer is known."""
        if kind == "registrated":
            return {"owner.siret": Typed("732 829 320 00074", "73282932000074")}
        if kind == "individual":
            return {"owner.first_name": self.words(), "owner.last_name": self.words()}
        return {}

    def comment(self, plan: CopperPlan) -> Typed:
        """A text that contains the words by which the sandbox chooses the order's fate."""
        steer = "PENDING STRAIGHT" if plan.fate in ANSWER_BY_FATE else "STRAIGHT"
        text, value = self.paragraph()
        return Typed(f"{text} {steer}", f"{value} {steer}")

    def contact(self) -> Typed:
        return plain(self.chance.choice(CONTACTS))

    def study(self) -> Typed:
        return plain(f"KOSC_{uuid.UUID(int=self.chance.getrandbits(128))}")

    def mandate(self) -> Typed:
        digits = f"{self.chance.randrange(10**8):08d}"
        return Typed(f"{digits[:4]} {digits[4:]}", digits)

    def enni_vlan(self) -> Typed:
        return plain(str(self.chance.randint(1, 4094)))

    def not_updatable(self, plan: CopperPlan) -> Texts:
        """Another value of a field that no PUT changes."""
        if self.maybe(0.3):
            return {"product.code": plain(plan.products[1])}
        if plan.how == "activate" and self.maybe(0.5):
            return {"activation_info.mandate_id": self.mandate()}
        if plan.how != "create" and self.maybe(0.5):
            return {"address.floor": plain(str(self.chance.randint(2, 30)))}
        return {"eligibility_ref": self.study()}

    def _line(self, plan: CopperPlan) -> Texts:
        if plan.how != "activate":
            address = {} if plan.how == "create" else self._address()
            return self._endpoint("reference_endpoint") | address
        lines = [self._endpoint(f"endpoints.{index}") for index in range(self.chance.choice((1, 1, 2)))]
        ends = {path: text for line in lines for path, text in line.items()}
        return ends | {"activation_info.mandate_id": self.mandate()} | self._address()

    def _endpoint(self, path: str) -> Texts:
        digits = f"01{self.chance.randrange(10**8):08d}"
        spaced = " ".join(digits[place : place + 2] for place in range(0, 10, 2))
        return {
            f"{path}.endpoint_ref": Typed(spaced, digits),
            f"{path}.endpoint_ref_type": plain("line_number"),
        }

    def _address(self) -> Texts:
        city, _postcode, insee_code = self.chance.choice(TOWNS)
        return {
            "address.street_number": plain(str(self.chance.randint(1, 300))),
            "address.street_name": self.words(),
            "address.building": self.words(),
            "address.stairs": plain("B"),
            "address.floor": plain("1"),
            "address.door": plain("12"),
            "address.rivoli_code": plain("1440"),
            "address.city": plain(city),
            "address.insee_code": plain(insee_code),
        }

    def _person_on_site(self) -> Texts:
        return {
            "contacts.owner.first_name": self.words(),
            "contacts.owner.last_name": self.words(),
            "contacts.owner.phone_number": Typed("01 23 45 67 89", "0123456789"),
            "contacts.owner.cell_phone_number": Typed("06.23.45.67.89", "0623456789"),
            "contacts.owner.email": plain(f"someone{self.chance.randrange(1000)}@example.test"),
        }

    def _options_of(self, plan: CopperPlan) -> Texts:
        yes, no = Typed("true", True), Typed("false", False)
        if plan.family == "A":
            return {
                "options.portability.enabled": yes,
                "options.portability.rio_code": Typed("01p 123 456 abc", "01P123456ABC"),
                "options.portability.prefix_code": plain("0Z123"),
                "options.portability.contract_ref": self.words(),
                "options.portability.operator_code": plain("OP1"),
                "options.unlisted_number.enabled": no,
            }
        network = {"enni.enni_service_ref": plain("S20181102_12001"), "enni.enni_vlan": self.enni_vlan()}
        return (network if plan.family == "S" else {}) | {
            "options.grt.enabled": yes,
            "options.grt.value": plain("4h_24_7"),
            "options.internal_cabling.enabled": yes,
            "options.internal_cabling.internal_cabling_length": plain("5-60m"),
            "options.contract_term.enabled": yes,
            "options.contract_term.value": plain("36_months"),
            "options.demarcation_device.enabled": no,
        }
