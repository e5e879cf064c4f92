"""Mail about notices: at once or once a day, in the person's language; a failing server loses nothing."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from smtplib import SMTPRecipientsRefused
from typing import Any

import pytest
import time_machine as machine
from django.core.mail import EmailMessage
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from notifications import tasks
from notifications.models import Mailing, Notice
from notifications.notices.mail import MOST_LISTED
from notifications.notices.settings import choose_mail
from sync.leases import lease
from tests.conftest import People
from tests.subjects import a_notice, a_subject, change, watch

pytestmark = pytest.mark.django_db

NONE, IMMEDIATE, DAILY = Mailing.Choice.NONE, Mailing.Choice.IMMEDIATE, Mailing.Choice.DAILY
MORNING = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)  # half past eight in Paris


class Refusing(EmailBackend):
    """A server that takes mail for everybody but the sales person."""

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        if any("sales@example.test" in message.to for message in messages):
            raise SMTPRecipientsRefused({"sales@example.test": (550, b"no such person")})
        return super().send_messages(messages)


@pytest.fixture
def clock(people: People, time_machine: machine.TimeMachineFixture) -> machine.TimeMachineFixture:
    """Time stands still in the morning, until the test moves it."""
    time_machine.move_to(MORNING - timedelta(days=1), tick=False)
    return time_machine


def _choose(user: User, choice: str, **columns: Any) -> None:
    Mailing.objects.update_or_create(user=user, defaults={"choice": choice} | columns)


def test_somebody_who_wants_mail_at_once_gets_one_with_everything(
    people: People, mailoutbox: list[Any]
) -> None:
    _choose(people.sales, IMMEDIATE)
    watch(people.sales, customer="Boulangerie Martin")
    change(a_subject("ONE"), a_subject("TWO"))
    tasks.notify()
    (mail,) = mailoutbox
    html = mail.alternatives[0].content
    assert mail.to == ["sales@example.test"]
    assert mail.subject == "[Carnet] 2 changes"
    for text in ("ONE", "TWO", "Boulangerie Martin", "State: IN_PROGRESS → ACTIVE", "/notices/settings/"):
        assert text in mail.body
        assert text in html
    assert "https://testserver/orders/ONE/" in mail.body
    assert '<a href="https://testserver/orders/ONE/">' in html


def test_a_mail_says_that_a_program_wrote_it(people: People, mailoutbox: list[Any]) -> None:
    """RFC 3834, 5: so that no out-of-office reply comes back."""
    _choose(people.sales, IMMEDIATE)
    watch(people.sales, customer="Boulangerie Martin")
    change(a_subject("ONE"))
    tasks.notify()
    (mail,) = mailoutbox
    assert mail.message()["Auto-Submitted"] == "auto-generated"


def test_a_mail_is_sent_once(people: People, mailoutbox: list[Any]) -> None:
    _choose(people.sales, IMMEDIATE)
    a_notice(people.sales)
    tasks.notify()
    tasks.notify()
    assert len(mailoutbox) == 1
    assert Notice.objects.get().mailed_at


def test_what_was_read_here_is_not_mailed(people: People, mailoutbox: list[Any]) -> None:
    _choose(people.sales, IMMEDIATE)
    a_notice(people.sales, is_unread=False)
    tasks.notify()
    assert not mailoutbox


@pytest.mark.parametrize("choice", [NONE, DAILY])
def test_others_get_nothing_at_once(people: People, mailoutbox: list[Any], choice: str) -> None:
    _choose(people.sales, choice)
    a_notice(people.sales)
    tasks.notify()
    assert not mailoutbox


def test_nobody_gets_mail_who_has_no_address_or_has_left(people: People, mailoutbox: list[Any]) -> None:
    for person in (people.sales, people.back_office, people.nobody):
        _choose(person, IMMEDIATE)
        a_notice(person)
    User.objects.filter(pk=people.sales.pk).update(email="")
    User.objects.filter(pk=people.back_office.pk).update(is_active=False)
    tasks.notify()
    assert not mailoutbox


@pytest.mark.parametrize(("language", "said"), [("en", "ONE changed"), ("fr", "ONE"), ("", "ONE changed")])
def test_a_mail_is_in_its_recipients_language(
    people: People, mailoutbox: list[Any], settings: Settings, language: str, said: str
) -> None:
    people.sales.language = language
    people.sales.save()
    _choose(people.sales, IMMEDIATE)
    a_notice(people.sales, "ONE")
    tasks.notify()
    assert said in mailoutbox[0].subject
    assert f'<html lang="{language or settings.LANGUAGE_CODE}">' in mailoutbox[0].alternatives[0].content


def test_names_are_written_as_they_are_and_never_as_html(people: People, mailoutbox: list[Any]) -> None:
    _choose(people.sales, IMMEDIATE)
    a_notice(people.sales, "<b>A & B</b>\r\nBcc: all@example.test")
    tasks.notify()
    (mail,) = mailoutbox
    assert mail.subject == "[Carnet] <b>A & B</b> Bcc: all@example.test changed"
    assert mail.recipients() == ["sales@example.test"]
    assert "<b>A & B</b>" in mail.body
    assert "<b>A" not in mail.alternatives[0].content
    assert "&lt;b&gt;A &amp; B" in mail.alternatives[0].content


def test_a_mail_lists_so_many_and_says_how_many_more(people: People, mailoutbox: list[Any]) -> None:
    _choose(people.sales, IMMEDIATE)
    for number in range(MOST_LISTED + 3):
        a_notice(people.sales, f"CMD-{number:03}")
    tasks.notify()
    (mail,) = mailoutbox
    assert "And 3 more." in mail.body
    assert "CMD-002" not in mail.body
    assert not Notice.objects.filter(mailed_at=None).exists()


def test_a_server_that_is_away_loses_nothing(
    people: People, mailoutbox: list[Any], settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    _choose(people.sales, IMMEDIATE)
    a_notice(people.sales)
    tasks.notify()
    assert "The mail server can't be reached (ConnectionRefusedError)" in caplog.text
    assert not Notice.objects.get().mailed_at
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    tasks.notify()
    assert len(mailoutbox) == 1


def test_a_mail_that_is_refused_does_not_stop_the_others(
    people: People, mailoutbox: list[Any], settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = "tests.notifications.notices.test_mail.Refusing"
    for person in (people.sales, people.back_office):
        _choose(person, IMMEDIATE)
        a_notice(person)
    tasks.notify()
    assert [mail.to for mail in mailoutbox] == [["back-office@example.test"]]
    assert not people.sales.notices.get().mailed_at
    assert f"the person {people.sales.pk} is kept: SMTPRecipientsRefused" in caplog.text
    assert "example.test" not in caplog.text


def test_the_digest_comes_once_a_day_when_there_is_something(
    people: People, mailoutbox: list[Any], clock: machine.TimeMachineFixture
) -> None:
    _choose(people.sales, DAILY, since=timezone.now())
    a_notice(people.sales, "ONE")
    a_notice(people.sales, "TWO")
    tasks.digest()
    assert not mailoutbox  # from after this morning: tomorrow's
    clock.move_to(MORNING, tick=False)
    tasks.digest()
    tasks.digest()
    assert [mail.subject for mail in mailoutbox] == ["[Carnet] 2 changes"]
    clock.shift(timedelta(days=1))
    tasks.digest()
    assert len(mailoutbox) == 1
    a_notice(people.sales, "THREE")
    clock.shift(timedelta(days=1))
    tasks.digest()
    assert mailoutbox[1].subject == "[Carnet] THREE changed"


def test_the_digest_waits_for_the_morning(
    people: People, mailoutbox: list[Any], clock: machine.TimeMachineFixture
) -> None:
    _choose(people.sales, DAILY, since=timezone.now())
    a_notice(people.sales)
    clock.move_to(datetime(2026, 11, 23, 5, 59, tzinfo=UTC), tick=False)  # a minute to seven in Paris
    tasks.digest()
    assert not mailoutbox
    clock.move_to(datetime(2026, 11, 23, 6, 0, tzinfo=UTC), tick=False)
    tasks.digest()
    assert len(mailoutbox) == 1


def test_the_digest_that_failed_is_tried_again_the_same_day(
    people: People, mailoutbox: list[Any], settings: Settings, clock: machine.TimeMachineFixture
) -> None:
    _choose(people.sales, DAILY, since=timezone.now())
    a_notice(people.sales)
    clock.move_to(MORNING, tick=False)
    settings.EMAIL_BACKEND = "tests.notifications.notices.test_mail.Refusing"
    tasks.digest()
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    tasks.digest()
    assert len(mailoutbox) == 1


@pytest.mark.parametrize("choice", [NONE, IMMEDIATE])
def test_others_get_no_digest(
    people: People, mailoutbox: list[Any], clock: machine.TimeMachineFixture, choice: str
) -> None:
    _choose(people.sales, choice, since=timezone.now())
    a_notice(people.sales)
    clock.move_to(MORNING, tick=False)
    tasks.digest()
    assert not mailoutbox


def test_a_second_worker_leaves_the_digest_to_the_first(
    people: People, mailoutbox: list[Any], clock: machine.TimeMachineFixture
) -> None:
    _choose(people.sales, DAILY, since=timezone.now())
    a_notice(people.sales)
    clock.move_to(MORNING, tick=False)
    with lease("digest"):
        tasks.digest()
    assert not mailoutbox


def test_somebody_who_wanted_no_mail_is_not_sent_earlier_notices_afterwards(
    people: People, mailoutbox: list[Any], clock: machine.TimeMachineFixture
) -> None:
    _choose(people.sales, NONE)
    a_notice(people.sales, "OLD")
    clock.shift(timedelta(minutes=1))
    choose_mail(people.sales, IMMEDIATE)
    a_notice(people.sales, "NEW")
    clock.shift(timedelta(minutes=1))
    tasks.notify()
    assert [mail.subject for mail in mailoutbox] == ["[Carnet] NEW changed"]


def test_choosing_another_time_of_mail_loses_nothing(
    people: People, mailoutbox: list[Any], clock: machine.TimeMachineFixture
) -> None:
    _choose(people.sales, DAILY, since=timezone.now())
    a_notice(people.sales, "ONE")
    clock.shift(timedelta(minutes=1))
    choose_mail(people.sales, IMMEDIATE)
    tasks.notify()
    assert [mail.subject for mail in mailoutbox] == ["[Carnet] ONE changed"]


def test_a_mail_takes_as_many_queries_for_many_notices_as_for_few(people: People) -> None:
    def queries(number: int) -> int:
        for _ in range(number):
            a_notice(people.sales)
        with CaptureQueriesContext(connection) as captured:
            tasks.notify()
        return len(captured)

    _choose(people.sales, IMMEDIATE)
    assert queries(1) == queries(10)
