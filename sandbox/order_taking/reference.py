"""Reference data: the operator's projects and its collection doors (ENNI), the same for the same seed."""

import random
from dataclasses import dataclass
from typing import Any

_CODES = (
    "AB123", "FLASH", "AX200", "BF310", "CL044", "DR555", "EST67", "IDF75", "LYN69", "MED13", "NOR59",
    "OCC31",
)  # fmt: skip
_INACTIVE_PROJECTS = frozenset({"CL044", "EST67", "OCC31"})
_POPS = (
    ("Paris Voltaire", "PA2"), ("Paris Courbevoie", "COU"), ("Saint-Denis", "PA6"), ("Aubervilliers", "AUB"),
    ("Lyon Gerland", "LYO"), ("Lyon Vaise", "LY2"), ("Marseille Prado", "MRS"), ("Marseille Arenc", "MR2"),
    ("Lille Euratechnologies", "LIL"), ("Roubaix", "RBX"), ("Nantes Chantenay", "NTE"), ("Rennes", "REN"),
    ("Bordeaux Lac", "BOR"), ("Toulouse Balma", "TLS"), ("Montpellier", "MTP"), ("Strasbourg", "STR"),
    ("Nancy", "NCY"), ("Reims", "RMS"), ("Rouen", "ROU"), ("Caen", "CAE"), ("Le Havre", "LEH"),
    ("Tours", "TUR"), ("Orléans", "ORL"), ("Dijon", "DIJ"), ("Grenoble", "GNB"), ("Nice", "NCE"),
    ("Toulon", "TLN"), ("Clermont-Ferrand", "CFE"), ("Limoges", "LIG"), ("Brest", "BES"),
)  # fmt: skip
_DSPS = ("", "Seine-et-Marne Numérique", "Sipperec", "Herault Telecom", "Manche Telecom", "Caen.com")
FIRST_ENNI = 12345


@dataclass(frozen=True)
class Reference:
    """What the referential endpoints list."""

    projects: list[dict[str, Any]]
    ennis: list[dict[str, Any]]
    enni_references: frozenset[str]


def reference_data(seed: int) -> Reference:
    """Return twelve projects, some inactive, and thirty ENNIs; `CN012345` is always among them."""
    chance = random.Random(seed)
    projects = [_project(code, chance) for code in _CODES]
    ennis = [_enni(index, name, short, chance) for index, (name, short) in enumerate(_POPS)]
    return Reference(projects, ennis, frozenset(enni["reference"] for enni in ennis))


def _project(code: str, chance: random.Random) -> dict[str, Any]:
    active = code not in _INACTIVE_PROJECTS
    year = chance.randint(2019, 2024)
    return {
        "code": code,
        "active": active,
        "start_date": f"{year}-{chance.randint(1, 12):02d}-01",
        "end_date": None if active else f"{year + 1}-12-31",
        "code_client": "DC173",
    }


def _enni(index: int, name: str, short_name: str, chance: random.Random) -> dict[str, Any]:
    number = FIRST_ENNI + index * 37
    offer = chance.choice(("BPE", "BPEA", "FTTE", "FON"))
    return {
        "code": f"ENNI-{short_name}-{index + 1:02d}",
        "name": name,
        "short_name": short_name,
        "reference": f"CN{number:06d}",
        "label": f"{name} ({short_name}) {offer}",
        "offer": offer,
        "dsp": chance.choice(_DSPS),
        "delivery_mode": chance.choice(("single", "redundant")),
        "active": index == 0 or chance.random() > 0.1,
    }
