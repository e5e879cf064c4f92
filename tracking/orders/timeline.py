"""An order's way through production as people read it: the eleven steps in turn, and the whole history."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from covage.moments import moment
from tracking.models import LeadTime, Order
from tracking.orders import history
from tracking.orders.history import HistoryEntry
from tracking.states import Step, order_badge, state_label
from web.badge import Badge
from web.timeline import A_DAY, ActivityEntry, Milestone, as_duration


def milestones_of(order: Order, raw: list[Any]) -> list[Milestone]:
    """The eleven steps in the documentation's order, each with its dates and durations from the order's history."""
    entries = history.entries(raw)
    reached = {entry.state: index for index, entry in enumerate(entries) if entry.at}
    furthest = max((place for place, step in enumerate(Step.values) if step in reached), default=-1)
    usual = _usual(order.offer_technology)
    planned = {one.kind: one for one in order.appointments.filter(is_done=False)}
    found = []
    for place, step in enumerate(Step.values):
        index = reached.get(step)
        found.append(
            Milestone(
                name=step,
                label=state_label(step),
                place=_place(order, step, place, furthest, index),
                at=entries[index].at if index is not None else None,
                took=_took(order, entries, index) if index is not None else "",
                usual=usual.get(step, ""),
                planned=planned.get(step),
            )
        )
    return found


def _place(order: Order, step: str, place: int, furthest: int, index: int | None) -> str:
    if index is not None:
        return "current" if order.in_production and order.step == step else "done"
    if place < furthest:
        return "unreported"
    return "next" if order.in_production and place == furthest + 1 else "ahead"


def _took(order: Order, entries: list[HistoryEntry], index: int) -> str:
    """How long the order was in the entry's state, or has been; blank when that isn't known."""
    began = entries[index].at
    ended = next((entry.at for entry in entries[index + 1 :] if entry.at), None)
    if ended is None and order.in_production:
        ended = timezone.now()
    return as_duration((ended - began) / A_DAY) if began and ended else ""


def _usual(technology: str) -> dict[str, str]:
    """How long a technology's orders were in each step in the last 365 days; where there were none, all orders."""
    leads = LeadTime.objects.filter(month=None, technology__in={technology, ""}).order_by("technology")
    return {lead.step: _usually(lead) for lead in leads}


def _usually(lead: LeadTime) -> str:
    words = {"median": as_duration(lead.median), "most": as_duration(lead.p90)}
    return _("usually %(median)s, nine in ten within %(most)s") % words


def activity_of(raw: list[Any]) -> list[ActivityEntry]:
    """Every entry of a history, oldest first; those whose date can't be read come last, as they came."""
    entries = [_activity_entry(item) for item in raw]
    dated = sorted((entry for entry in entries if entry.at), key=lambda entry: entry.at or datetime.max)
    return dated + [entry for entry in entries if not entry.at]


def _activity_entry(item: Any) -> ActivityEntry:
    if not isinstance(item, Mapping):
        return ActivityEntry(Badge(str(item), ""), "", None, "", "")
    state = str(item.get("state") or "")
    at = moment(item.get("change_date"))
    raw_date = "" if at else str(item.get("change_date") or "")
    label = order_badge(state) if state else Badge(_("no state given"), "")
    return ActivityEntry(label, state, at, raw_date, str(item.get("change_reason") or ""))
