"""How long copper orders take from submission to completion, as the dashboard shows it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from extranet.orders.statistics import Delivery, deliveries
from extranet.states import family_label
from portal.dashboard.charts import Part, overlaid
from portal.dashboard.lead_times import parts_of
from portal.worklists.copper import orders_of

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class FamilyBar:
    """How long activations of a product family took."""

    label: str
    lead: Delivery
    parts: list[Part]


def bars_of(user: "User") -> list[FamilyBar]:
    """A bar for each family of which orders were completed within 365 days, among those that concern a user."""
    leads = deliveries(orders_of(user))
    most = max((lead.p90 for lead in leads), default=0.0)
    return [_bar(lead, most) for lead in leads]


def _bar(lead: Delivery, most: float) -> FamilyBar:
    return FamilyBar(family_label(lead.family) or _("not given"), lead, overlaid(parts_of(lead), most))
