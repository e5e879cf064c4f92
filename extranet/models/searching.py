"""The words by which a copper order is found."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from extranet.fields import ENDPOINTS

if TYPE_CHECKING:
    from extranet.models import CopperOrder

_COLUMNS = (
    "alias",
    "upstream_id",
    "operator_order_ref",
    "operator_order_name",
    "end_customer_name",
    "product_code",
    "product_name",
    "city",
    "enni_service_ref",
    "batch_alias",
    "service_alias",
    "service_uuid",
)
_NAMES = (
    "reference_endpoint.endpoint_ref",
    "activation_info.mandate_id",
    "address.street_name",
    "owner.siret",
)


def words_of(order: "CopperOrder") -> str:
    """All the words by which an order is found."""
    words: list[Any] = [getattr(order, name) for name in _COLUMNS]
    for end in order.shown.get(ENDPOINTS) or []:
        words.append(end.get("endpoint_ref") if isinstance(end, Mapping) else end)
    return " ".join(str(word) for word in [*words, *(order.shown.get(name) for name in _NAMES)] if word)
