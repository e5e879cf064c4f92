"""What ending an order means for its commitment, computed from the order's own data, in sentences."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tracking.ingest.mapping import commitment_end_of
from tracking.models import Order
from tracking.orders.dates import last_notice_on
from web.months import months_after


@dataclass(frozen=True)
class CommitmentCheck:
    """What ending on a day would cost, in sentences; `tone` is "warning", "good" at no cost, or blank if unknown."""

    tone: str
    sentences: list[str]


@dataclass(frozen=True)
class Terms:
    """An order's commitment as of `today`: its end, and the notice period in months; None where not known."""

    end: date | None
    notice_months: int | None
    today: date

    @property
    def last_notice_on(self) -> date | None:
        return last_notice_on(self.end, self.notice_months)

    @property
    def notice_over_on(self) -> date:
        """The day on which notice given today ends."""
        return months_after(self.today, self.notice_months or 0)

    @property
    def free_from(self) -> date | None:
        """The earliest day to end it without fees, by the order's own data."""
        return max(self.end, self.notice_over_on) if self.end else None

    @property
    def sentences(self) -> list[str]:
        """The state of the commitment."""
        return [self._end_sentence(), *self._free_sentence()]

    def _end_sentence(self) -> str:
        if self.end is None:
            return _(
                "Covage doesn't say when this commitment ends: ask them what ending the order would cost."
            )
        values = {"end": _day(self.end), "notice": _months(self.notice_months or 0)}
        if self.end < self.today:
            if not self.notice_months:
                return _("The commitment ended on %(end)s.") % values
            return _("The commitment ended on %(end)s; the notice period is %(notice)s.") % values
        if not self.notice_months:
            return _("The commitment runs until %(end)s; no notice period is known.") % values
        last = self.last_notice_on or self.end
        values["last"] = _day(last)
        if last < self.today:
            return (
                _(
                    "The commitment runs until %(end)s; with a notice period of %(notice)s, the last day to"
                    " end it was %(last)s."
                )
                % values
            )
        return (
            _(
                "The commitment runs until %(end)s; with a notice period of %(notice)s, the last day to end"
                " it is %(last)s."
            )
            % values
        )

    def _free_sentence(self) -> list[str]:
        if not self.free_from or self.free_from <= self.today:
            return []
        return [_("Earliest day at no cost: %(day)s.") % {"day": _day(self.free_from)}]

    def on(self, day: date) -> CommitmentCheck:
        """What ending the order on a day means: nothing, for a day that has passed."""
        if day < self.today:
            return CommitmentCheck("", [])
        sentences = []
        if self.end and day < self.end:
            values = {"day": _day(day), "span": _span(day, self.end)}
            sentences.append(
                _("Ending on %(day)s is %(span)s before the commitment ends: Covage may charge for the rest.")
                % values
            )
        if self.notice_months and day < self.notice_over_on:
            values = {
                "day": _day(day),
                "notice": _months(self.notice_months),
                "until": _day(self.notice_over_on),
            }
            sentences.append(
                _(
                    "Ending on %(day)s is within the notice period of %(notice)s: Covage may charge until "
                    "%(until)s."
                )
                % values
            )
        if sentences:
            return CommitmentCheck("warning", sentences)
        if not self.end:
            return CommitmentCheck("", [])
        return CommitmentCheck("good", [_("The service can end on %(day)s at no cost.") % {"day": _day(day)}])


def terms_of(order: Order) -> Terms:
    return Terms(commitment_end_of(order), order.notice_period, timezone.localdate())


def _day(day: date) -> str:
    return date_format(day, "SHORT_DATE_FORMAT")


def _months(months: int) -> str:
    return ngettext("%(number)d month", "%(number)d months", months) % {"number": months}


def _days(days: int) -> str:
    return ngettext("%(number)d day", "%(number)d days", days) % {"number": days}


def _span(since: date, until: date) -> str:
    """The time from one day to a later one, in whole months and what remains in days."""
    months = (until.year - since.year) * 12 + until.month - since.month
    if months_after(since, months) > until:
        months -= 1
    days = (until - months_after(since, months)).days
    if months and days:
        return _("%(months)s and %(days)s") % {"months": _months(months), "days": _days(days)}
    return _months(months) if months else _days(days)
