"""Mail about notices: at once or once a day, as each person chose. What could not be mailed is tried again."""

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

if TYPE_CHECKING:
    from notifications.querysets import NoticeQuerySet

logger = logging.getLogger(__name__)

MOST_LISTED = 200
DIGEST_HOUR = 7
# What a mail server, the way to it, or an address that is none may raise.
FAILURES = (SMTPException, OSError, ValueError)


@dataclass(frozen=True)
class MailItem:
    """A change as a mail tells of it."""

    label: str
    customer: str
    url: str
    at: datetime
    sentences: list[str]


@dataclass(frozen=True)
class Letter:
    """Somebody's notices that are to go by one mail."""

    mailing: Mailing
    notices: "NoticeQuerySet"

    def mark_sent(self) -> None:
        self.notices.update(mailed_at=timezone.now())
        self.mailing.digest_on = timezone.localdate()
        self.mailing.save(update_fields=["digest_on"])


def send_at_once(held: HeldLease) -> None:
    """Mail what is new to the people who want to know at once, one mail each."""
    _send(_letters(Mailing.Choice.IMMEDIATE, Mailing.objects.all(), timezone.now()), held)


def send_digests(held: HeldLease) -> None:
    """Mail what is new as of this morning to the people who want one mail a day and had none today."""
    now = timezone.localtime()
    morning = timezone.make_aware(datetime.combine(now.date(), time(DIGEST_HOUR)))
    if now >= morning:
        without_one = Mailing.objects.filter(Q(digest_on=None) | Q(digest_on__lt=now.date()))
        _send(_letters(Mailing.Choice.DAILY, without_one, morning), held)


def _letters(choice: str, mailings: QuerySet[Mailing], before: datetime) -> Iterable[Letter]:
    """A letter for everyone of this choice who was told something before then that nobody mailed yet."""
    new = Notice.objects.to_mail().filter(user=OuterRef("user"), at__gte=OuterRef("since"), at__lt=before)
    waiting = mailings.filter(Exists(new), choice=choice, user__in=readers()).exclude(user__email="")
    for mailing in waiting.select_related("user").order_by("pk"):
        theirs = mailing.user.notices.to_mail().filter(at__gte=mailing.since, at__lt=before)
        yield Letter(mailing, theirs)


def _send(letters: Iterable[Letter], held: HeldLease) -> None:
    """Send the letters. One that is refused leaves the others be; a server that is away ends the run."""
    connection = get_connection()
    try:
        for letter in letters:
            held.keep()
            message = _message(letter)
            try:
                connection.open()
            except FAILURES as error:
                logger.warning("The mail server can't be reached (%s); mail is kept.", type(error).__name__)
                return
            try:
                connection.send_messages([message])
            except FAILURES as error:
                # By its kind alone: its words name addresses.
                logger.warning("Mail to the person %s is kept: %s.", letter.mailing.pk, type(error).__name__)
                connection.close()
            else:
                letter.mark_sent()
    finally:
        connection.close()


def _message(letter: Letter) -> EmailMultiAlternatives:
    """The mail with somebody's notices, newest first, in their language."""
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
        message = EmailMultiAlternatives(_subject(items, count), text, to=[user.email])
        message.attach_alternative(render_to_string("notifications/notices/mail.html", context), "text/html")
    return message


def _item(notice: Notice) -> MailItem:
    change = notice.change
    return MailItem(change.label, change.customer, absolute(change.url), change.at, sentences(change))


def _subject(items: list[MailItem], count: int) -> str:
    """One line, whatever the labels hold."""
    if count == 1:
        words = _("%(label)s changed") % {"label": items[0].label}
    else:
        words = ngettext("%(number)d change", "%(number)d changes", count) % {"number": count}
    return " ".join(f"[Carnet] {words}".split())
