"""What the page of a person's settings shows, and what it changes."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.requests import AuthenticatedHttpRequest
from lists.paging import page_of
from lists.saved_views.pages import address_of
from notifications.models import Feed, Mailing, Watch
from notifications.watches.pages import watches_of

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class WatchRow:
    """A watch as it reads: what kind of thing, which, and where it is shown (empty when nowhere by itself)."""

    watch: Watch
    kind: str | Promise
    label: str
    url: str


def settings_context(request: AuthenticatedHttpRequest) -> dict[str, Any]:
    """Watches by pages, the calendar's address as far as it is known, and the person's own address."""
    page = page_of(watches_of(request.user), request.GET, {"newest": "id"}, default="-newest")
    return {
        "watches": [_row(watch) for watch in page.rows],
        "page": page,
        "feed": Feed.objects.filter(user=request.user).first(),
        "address": request.user.email,
    }


def _row(watch: Watch) -> WatchRow:
    if watch.view:
        return WatchRow(watch, _("saved view"), watch.view.name, address_of(watch.view))
    if watch.customer:
        return WatchRow(watch, _("end customer"), watch.customer, "")
    return WatchRow(watch, _("order"), watch.label, watch.url)


def mailing_of(user: "User") -> Mailing:
    """What a person chose about mail, or what holds until they choose. Maybe unsaved."""
    return Mailing.objects.filter(user=user).first() or Mailing(user=user)


def choose_mail(user: "User", choice: str) -> None:
    """Keep a person's choice. What they were told of before they wanted mail isn't sent afterwards."""
    mailing = mailing_of(user)
    was_without = mailing.choice == Mailing.Choice.NONE
    since = timezone.now() if was_without else mailing.since
    Mailing.objects.update_or_create(user=user, defaults={"choice": choice, "since": since})
