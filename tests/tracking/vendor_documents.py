"""The vendor's documents of orders, good and hostile."""

import json
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import sentinel

from hypothesis import strategies as st

from covage.pool import Answer
from covage.responses import decoded

LISTED = {
    "modification_date": "2026-10-01T10:00:00Z",
    "order_reference": "CMD_X_00000001",
    "id": "PO_DC173_20260901_000001",
    "order_date": "2026-09-01",
    "cancellation_date": None,
    "cancellation_reason": "",
    "completion_date": None,
    "delivery_lead_time": "6",
    "state": "in_progress",
    "project_id": "FLASH",
    "offer_family": "BPE",
    "offer_technology": "FIBDE",
    "commitment": 12,
    "site_client": "3 RUE ANDREI SAKHAROV 76130 MONT ST AIGNAN",
    "site_client_2": "",
    "end_customer_name": "Boulangerie Martin",
    "end_customer_name_2": "",
    "created_by": "sales1@example.test",
}
DETAIL = {
    "order_reference": "CMD_X_00000001",
    "id": "PO_DC173_20260901_000001",
    "state": "in_progress",
    "external_id": "CRN-1",
    "enni": "CN012345",
    "service_reference": "FR000001",
    "customer_order_name": "Boutique",
    "minimum_commitment_duration": 36,
    "commitment_end_date": None,
    "notice_period": 3,
    "estimated_delivery_date": "2026-12-01",
    "completion_date": None,
    "cancellation_date": None,
    "total_amount_monthly": 145.0,
    "related_contact_information": [{"city": "Mont-Saint-Aignan", "postcode": "76130"}],
    "product": {"name": "BPE 100M", "options": [{"option_id": "194", "label": "GTR 4H HO"}]},
}


def reference(number: int) -> str:
    return f"CMD_X_{number:08d}"


def listed(number: int = 1, **changes: Any) -> dict[str, Any]:
    """An order as the list shows it."""
    own = {"order_reference": reference(number), "id": f"PO_DC173_20260901_{number:06d}"}
    return LISTED | own | changes


def detail(number: int = 1, **changes: Any) -> dict[str, Any]:
    """An order as its own page shows it."""
    own = {"order_reference": reference(number), "id": f"PO_DC173_20260901_{number:06d}"}
    return DETAIL | own | changes


def history(
    *states: str, first: str = "2026-09-01T10:00:00+02:00", reasons: dict[str, str] | None = None
) -> list[Any]:
    """A history of these states, a day apart."""
    began = datetime.fromisoformat(first)
    return [
        {
            "state": state,
            "change_date": (began + timedelta(days=days)).isoformat(),
            "change_reason": (reasons or {}).get(state, ""),
        }
        for days, state in enumerate(states)
    ]


# Hostile ones

TELLING = (
    "",
    "0001-01-01",
    "9999-12-31",
    "9999-12-31T23:59:59Z",
    "2026-02-30",
    "1e999",
    "NaN",
    "Infinity",
    "-1",
    "1234567890",
    "..",
    "a/b",
    "\0",
    "\ud800",
    "ﷺ" * 300,
    "x" * 5000,
    "in_progress",
    "active",
    "connexion_planned",
    "le 01/01/0001 à 10:00",
    "le 31/12/9999 23:59",
    "3 RUE X 76130 ﷺ" + "ﷺ" * 250,
)


def junk() -> st.SearchStrategy[Any]:
    """Any value that JSON can hold, those among them that hurt."""
    plain = (
        st.none()
        | st.booleans()
        | st.integers()
        | st.sampled_from([10**30, -1, 2**63, 999_999, 1e300])
        | st.floats(allow_nan=False, allow_infinity=False)
        | st.text(max_size=20)
        | st.sampled_from(TELLING)
    )
    nested = st.recursive(
        plain,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    )
    return plain | nested


def hostile(good: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """A good document with keys left out, values of any kind, and fields that nobody knows."""
    kept = st.fixed_dictionaries({}, optional={name: st.just(value) | junk() for name, value in good.items()})
    return st.builds(
        lambda one, other: other | one, kept, st.dictionaries(st.text(max_size=8), junk(), max_size=2)
    )


def as_received(content: Any) -> Any:
    """What the client makes of an answer with this content."""
    return decoded(Answer(sentinel.request, 200, {}, json.dumps(content).encode(), sentinel.response))
