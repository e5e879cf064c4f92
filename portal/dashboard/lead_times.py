"""How long steps take, as the dashboard shows it: each step's bar, and one step's lines over the months."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.roles import BACK_OFFICE
from extranet.orders.statistics import Delivery
from portal.dashboard.charts import LineChart, Part, line_chart, overlaid
from tracking import leadtimes
from tracking.leadtimes import WHOLE_WAY
from tracking.models import LeadTime
from tracking.states import state_label

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class StepBar:
    """A step's lead time of the last 365 days; the address leads to its lines over the months."""

    label: str
    lead: LeadTime
    url: str
    is_chosen: bool
    parts: list[Part]


@dataclass(frozen=True)
class LeadTimes:
    """The lead times of a choice; `technologies` and `steps` are what there is to choose from, as (value, label)."""

    technology: str
    step: str
    label: str
    technologies: list[tuple[str, str]]
    steps: list[tuple[str, str]]
    bars: list[StepBar]
    months: dict[date, LeadTime | None]
    chart: LineChart

    @property
    def has_months(self) -> bool:
        return any(self.months.values())


def shown_to(user: "User", query: QueryDict) -> LeadTimes:
    """The lead times of the technology and the step in a URL's query; without them of all, from order to service."""
    technology, step = (
        query.get(name, "").replace("\0", "\N{REPLACEMENT CHARACTER}") for name in ("technology", "step")
    )
    is_known = user.has_role(BACK_OFFICE)
    leads = leadtimes.known(technology, step) if is_known else leadtimes.own(user)
    months = leadtimes.by_month(leads, technology, step, timezone.localdate())
    steps = {lead.step for lead in leads if lead.month is None} | {step, WHOLE_WAY}
    technologies = {lead.technology for lead in leads if lead.month is None} | {technology, ""}
    return LeadTimes(
        technology,
        step,
        _step_label(step),
        [(code, code or _("all")) for code in sorted(technologies)],
        [(code, _step_label(code)) for code in sorted(steps, key=leadtimes.place_of)],
        _bars(leadtimes.of_the_year(leads, technology), technology, step),
        months,
        _chart(list(months.values())),
    )


def _bars(leads: list[LeadTime], technology: str, chosen: str) -> list[StepBar]:
    # The whole way is as long as all the others together: it would leave them no room.
    most = max((lead.p90 for lead in leads if lead.step != WHOLE_WAY), default=0.0)
    return [
        StepBar(
            _step_label(lead.step),
            lead,
            f"{reverse('portal:dashboard')}?{urlencode({'technology': technology, 'step': lead.step})}#over-time",
            lead.step == chosen,
            overlaid(parts_of(lead), most) if lead.step != WHOLE_WAY else [],
        )
        for lead in leads
    ]


def parts_of(lead: LeadTime | Delivery) -> list[tuple[str, str, float]]:
    """The parts of the bar of a lead time, as (label, CSS class, days)."""
    return [(_("90th percentile"), "series-p90", lead.p90), (_("median"), "series-median", lead.median)]


def _chart(months: list[LeadTime | None]) -> LineChart:
    return line_chart(
        [
            (_("90th percentile"), "series-p90", [lead.p90 if lead else None for lead in months]),
            (_("median"), "series-median", [lead.median if lead else None for lead in months]),
        ]
    )


def _step_label(step: str) -> str:
    return _("from order to service") if step == WHOLE_WAY else state_label(step)
