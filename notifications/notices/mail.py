"""Mail about notices: at once or once a day, as each person chose. Mail that could not be sent is tried again."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from smtplib import SMTPException
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from notifications.changes.sentences import sentences
from notifications.models import Mailing, Notice
from notifications.querysets import readers
from sync.leases import HeldLease
from web.addresses import absolute
from web.mail import WRITTEN_BY_A_PROGRAM

if TYPE_CHECKING:
    from notifications.querysets import NoticeQuerySet

logger = logging.getLogger(__name__)

MOST_LISTED = 200  # changes
DIGEST_HOUR = 7  # o'clock, local time
# What a mail server, the connection to it, or an invalid address may raise.
FAILURES = (SMTPException, OSError, ValueError)


@dataclass(frozen=True)
class MailItem:
    """A change as a mail shows it."""

    label: str
    customer: str
    url: str
    at: datetime
    sentences: list[str]


@dataclass(frozen=True)
class Letter:
    """The notices of one person that go into one mail."""

    mailing: Mailing
    notices: "NoticeQuerySet"

    def mark_sent(self) -> None:
        self.notices.update(mailed_at=timezone.now())
        self.mailing.digest_on = timezone.localdate()
        self.mailing.save(update_fields=["digest_on"])


def send_at_once(lease: HeldLease) -> None:
    """Mail new notices to the people who want them at once, one mail each. Raises Taken when the lease was lost."""
    _send(_letters(Mailing.Choice.IMMEDIATE, Mailing.objects.all(), timezone.now()), lease)


def send_digests(lease: HeldLease) -> None:
    """Mail this morning's notices to the people who want one mail a day and had none today.

    Raises Taken when the lease was lost.
    """
    now = timezone.localtime()
    morning = timezone.make_aware(datetime.combine(now.date(), time(DIGEST_HOUR)))
    if now >= morning:
        without_one = Mailing.objects.filter(Q(digest_on=None) | Q(digest_on__lt=now.date()))
        _send(_letters(Mailing.Choice.DAILY, without_one, morning), lease)


def _letters(choice: str, mailings: QuerySet[Mailing], before: datetime) -> Iterable[Letter]:
    """Yields a letter for everyone of this choice who has notices from before then that weren't mailed yet."""
    new = Notice.objects.to_mail().filter(user=OuterRef("user"), at__gte=OuterRef("since"), at__lt=before)
    waiting = mailings.filter(Exists(new), choice=choice, user__in=readers()).exclude(user__email="")
    for mailing in waiting.select_related("user").order_by("pk"):
        theirs = mailing.user.notices.to_mail().filter(at__gte=mailing.since, at__lt=before)
        yield Letter(mailing, theirs)


def _send(letters: Iterable[Letter], lease: HeldLease) -> None:
    """Send the letters. A refused one doesn't stop the others; an unreachable server ends the run."""
    connection = get_connection()
    try:
        for letter in letters:
            lease.keep()
            message = _message(letter)
            try:
                connection.open()
            except FAILURES as error:
                logger.warning("The mail server can't be reached (%s); mail is kept.", type(error).__name__)
                return
            try:
                connection.send_messages([message])
            except FAILURES as error:
                # Only its type is logged: its text names addresses.
                logger.warning("Mail to the person %s is kept: %s.", letter.mailing.pk, type(error).__name__)
                connection.close()
            else:
                letter.mark_sent()
    finally:
        connection.close()


def _message(letter: Letter) -> EmailMultiAlternatives:
    """Returns the mail with a person's notices, newest first, in their language."""
    user = letter.mailing.user
    with translation.override(user.language or settings.LANGUAGE_CODE):
        newest = letter.notices.select_related("change").order_by("-id")[:MOST_LISTED]
        items = [_item(notice) for notice in newest]
        count = letter.notices.count()
        context = {
            "items": items,
            "more": count - len(items),
            "notices_url": absolute(reverse("notifications:notices")),
            "settings_url": absolute(reverse("notifications:settings")),
        }
        text = render_to_string("notifications/notices/mail.txt", context)
        message = EmailMultiAlternatives(
            _subject(items, count), text, to=[user.email], headers=WRITTEN_BY_A_PROGRAM
        )
        message.attach_alternative(render_to_string("notifications/notices/mail.html", context), "text/html")
    return message


def _item(notice: Notice) -> MailItem:
    change = notice.change
    return MailItem(change.label, change.customer, absolute(change.url), change.at, sentences(change))


def _subject(items: list[MailItem], count: int) -> str:
    """Returns the subject of the mail, on one line whatever the labels contain."""
    if count == 1:
        words = _("%(label)s changed") % {"label": items[0].label}
    else:
        words = ngettext("%(number)d change", "%(number)d changes", count) % {"number": count}
    return " ".join(f"[Carnet] {words}".split())
