"""Products that can be ordered, their families and lines, with the codes that the extranet's pages show."""

from collections.abc import Mapping
from typing import Any

from sandbox.extranet.identifiers import short_id

ENNI = "N"
NEEDS_ENNI = "S"  # the family whose orders name an ENNI service
CHOICES: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "portability": {},
    "grt": {"value": ("4h_bhbd", "4h_24_7")},
    "unlisted_number": {},
    "internal_cabling": {"internal_cabling_length": ("0-5m", "5-60m", "60m+")},
    "demarcation_device": {},
    "contract_term": {"value": ("12_months", "24_months", "36_months")},
    "enni_redundancy": {"value": ("active_standby",)},
}
_DEFAULTS = {"grt": "4h_bhbd", "contract_term": "12_months"}
_FAMILIES = (
    ("A", "ADSL", "ADSL * technology : ADSL, VDSL, READSL"),
    ("S", "SDSL", "SDSL"),
    ("M", "SDSL Max", "SDSL Max * the best rate that the pairs carry"),
    (ENNI, "ENNI", "ENNI * collection door"),
)
_LINES = (
    ("AM", "ADSL-Max", "ADSL-MAX * Best of ADSL, VDSL products", "A"),
    ("AL", "ADSL-Light", "ADSL-LIGHT * Rate : 2 Mbits", "A"),
    ("SL", "SDSL-1M", "SDSL-1M * Rate : 1 Mbits", "S"),
    ("SB", "SDSL-2M", "SDSL-2M * Rate : 2 Mbits", "S"),
    ("SD", "SDSL-4M", "SDSL-4M * Rate : 4 Mbits", "S"),
    ("SH", "SDSL-8M", "SDSL-8M * Rate : 8 Mbits", "S"),
    ("MA", "SDSL-Max-2P", "SDSL-MAX * Best rate on 2 pairs", "M"),
    ("MB", "SDSL-Max-4P", "SDSL-MAX * Best rate on 4 pairs", "M"),
    ("NA", "ENNI-1G", "ENNI-1G * Rate : 1 Gbits", ENNI),
    ("NB", "ENNI-10G", "ENNI-10G * Rate : 10 Gbits", ENNI),
)
_PRODUCTS = (
    ("AM01", "ADSL-Max-FULL-KOSC", "ADSL * FULL unbundling * KOSC"),
    ("AM02", "ADSL-Max-PARTIAL-KOSC", "ADSL * PARTIAL unbundling * KOSC"),
    ("AL01", "ADSL-Light-FULL-KOSC", "ADSL 2Mbit/s * FULL unbundling * KOSC"),
    ("SL01", "SDSL-1M-PREMIUM-G-1P-KOSC", "SDSL 1Mbit/s PREMIUM * Guaranteed * 1 pair * KOSC"),
    ("SB01", "SDSL-2M-PREMIUM-G-1P-KOSC", "SDSL 2Mbit/s PREMIUM * Guaranteed * 1 pair * KOSC"),
    ("SD01", "SDSL-4M-PREMIUM-G-1P-KOSC", "SDSL 4Mbit/s PREMIUM * Guaranteed * 1 pair * KOSC"),
    ("SD02", "SDSL-4M-PREMIUM-G-2P-KOSC", "SDSL 4Mbit/s PREMIUM * Guaranteed * 2 pairs * KOSC"),
    ("SH02", "SDSL-8M-PREMIUM-G-2P-KOSC", "SDSL 8Mbit/s PREMIUM * Guaranteed * 2 pairs * KOSC"),
    ("MA01", "SDSL-Max-2P-PREMIUM-KOSC", "SDSL Max PREMIUM * 2 pairs * KOSC"),
    ("MB01", "SDSL-Max-4P-PREMIUM-KOSC", "SDSL Max PREMIUM * 4 pairs * KOSC"),
    ("NA01", "ENNI-1G-KOSC", "ENNI 1Gbit/s * KOSC"),
    ("NB01", "ENNI-10G-KOSC", "ENNI 10Gbit/s * KOSC"),
)
_OPTIONS = {
    "A": ("portability", "unlisted_number", "internal_cabling", "grt", "contract_term"),
    "S": ("grt", "internal_cabling", "demarcation_device", "contract_term", "enni_redundancy"),
    "M": ("grt", "internal_cabling", "demarcation_device", "contract_term", "enni_redundancy"),
    ENNI: ("contract_term",),
}
Document = dict[str, Any]


def _named(row: tuple[str, ...]) -> Document:
    code, name, description = row[:3]
    return {"name": name, "code": code, "description": description}


def _line_of(product_code: str) -> Document:
    row = next(row for row in _LINES if row[0] == product_code[:2])
    family = next(family for family in _FAMILIES if family[0] == row[3])
    return _named(row) | {"family": _named(family)}


ORDERABLE: Mapping[str, Document] = {row[0]: _named(row) | {"line": _line_of(row[0])} for row in _PRODUCTS}
COLLECT = tuple(code for code in ORDERABLE if not code.startswith(ENNI))


def family_of(product_code: str) -> str:
    """Return the code of the family, which every product's code begins with."""
    return product_code[:1]


def with_defaults(product_code: str, options: Mapping[str, Any]) -> Document:
    """Return the options as an order shows them: with the default that applies where an option isn't enabled."""
    offered = _OPTIONS[family_of(product_code)]
    return {
        code: {**option, "default_value": _DEFAULTS[code]}
        if code in _DEFAULTS and code in offered
        else option
        for code, option in options.items()
    }


def families() -> list[Document]:
    return [
        {"product_family_uuid": short_id("family", place), **_named(row), "priority": f"{place:04d}"}
        for place, row in enumerate(_FAMILIES, 1)
    ]


def lines() -> list[Document]:
    return [
        {
            "product_line_uuid": short_id("line", place),
            **_line_of(row[0]),
            "priority": f"{place:08d}",
            "line_type": 2,
        }
        for place, row in enumerate(_LINES, 1)
    ]


def products() -> list[Document]:
    return [
        {
            "product_uuid": short_id("product", place),
            **product,
            "options": _option_documents(code),
            "priority": f"{place:012d}",
        }
        for place, (code, product) in enumerate(ORDERABLE.items(), 1)
    ]


def _option_documents(product_code: str) -> Document:
    return {code: _option_document(code) for code in _OPTIONS[family_of(product_code)]}


def _option_document(code: str) -> Document:
    default = {"default_value": _DEFAULTS[code]} if code in _DEFAULTS else {}
    return {**default, **{name: list(values) for name, values in CHOICES[code].items()}}
