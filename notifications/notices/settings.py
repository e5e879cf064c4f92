"""The settings of a person's notices: what their page shows, and what it changes."""

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
    """A watch as it is shown: the kind of thing, its label, and its address ("" when it has no page of its own)."""

    watch: Watch
    kind: str | Promise
    label: str
    url: str


def settings_context(request: AuthenticatedHttpRequest) -> dict[str, Any]:
    """Returns the context of the page: watches by pages, the person's calendar feed, and their mail address."""
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
    """Returns what a person chose about mail, or the default, which is unsaved."""
    return Mailing.objects.filter(user=user).first() or Mailing(user=user)


def choose_mail(user: "User", choice: str) -> None:
    """Store a person's choice. Notices from before they wanted mail aren't mailed afterwards."""
    mailing = mailing_of(user)
    was_without = mailing.choice == Mailing.Choice.NONE
    since = timezone.now() if was_without else mailing.since
    Mailing.objects.update_or_create(user=user, defaults={"choice": choice, "since": since})
