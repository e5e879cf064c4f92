"""The page of the vendor's exports: start one, follow it, download finished ones."""

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.sandbox_process import SandboxProcess
from tracking.models import Export

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]

URL = "/exports/"
START = "/exports/start/"
BEGIN = "Start an export"
HTMX = {"HX-Request": "true"}
State = Export.State


@pytest.fixture
def page(back_office_client: Client, sandbox: SandboxProcess) -> Client:
    return back_office_client


def shown(client: Client, **headers: str) -> str:
    Export.objects.update(checked_at=None)
    answer = client.get(URL, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def begin(client: Client) -> str:
    """Press the button. Returns the page that follows."""
    return client.post(START, follow=True).content.decode()


def export(**columns: object) -> Export:
    return Export.objects.create(**columns)


def test_before_the_first_export_the_page_says_what_will_stay_here(page: Client) -> None:
    content = shown(page)
    assert "No exports yet" in content
    assert BEGIN in content
    assert "hx-trigger" not in content


def test_an_export_under_way_is_followed_with_and_without_javascript(page: Client) -> None:
    content = begin(page)
    assert 'hx-trigger="every 3s"' in content
    assert '<noscript><meta http-equiv="refresh"' in content
    assert "<progress" in content
    assert BEGIN not in content
    assert "Covage has been writing the file since" in shown(page)


def test_htmx_gets_the_part_that_changes_and_stops_polling_when_it_is_done(
    page: Client, sandbox: SandboxProcess
) -> None:
    begin(page)
    assert 'hx-trigger="every 3s"' in shown(page, **HTMX)
    sandbox.advance(3600)
    content = shown(page, **HTMX)
    assert content.strip().startswith('<div id="live"')
    assert "hx-trigger" not in content
    assert "Download" in content


def test_the_limit_is_shown_as_a_countdown_before_it_is_hit(page: Client, sandbox: SandboxProcess) -> None:
    begin(page)
    sandbox.advance(3600)
    content = shown(page)
    until = Export.objects.get().next_at
    assert until
    countdown = re.search(r'data-until="([^"]+)" role="timer"', content)
    assert countdown
    assert datetime.fromisoformat(countdown[1]) == until
    assert f'data-not-before="{countdown[1]}"' in content


def test_anyone_who_requests_one_within_the_limit_sees_when_the_next_can_start(
    page: Client, sandbox: SandboxProcess
) -> None:
    begin(page)
    sandbox.advance(3600)
    shown(page)
    content = begin(page)
    assert re.search(r"the next can start at \d", content)
    assert sandbox.counters()["exports_started"] == {"carnet@example.test": 1}


def test_one_that_waits_its_turn_says_from_when(page: Client, sandbox: SandboxProcess) -> None:
    sandbox.call("POST", "order/export/csv/")
    assert re.search(r"This one will start by itself at \d", begin(page))


def test_one_that_has_not_been_started_yet_says_so(page: Client, sandbox: SandboxProcess) -> None:
    export(checked_at=timezone.now())
    assert "requested from Covage as soon as possible" in page.get(URL).content.decode()


def test_a_failure_is_shown_at_once_and_stays_in_the_list(page: Client, sandbox: SandboxProcess) -> None:
    sandbox.faults([{"fault": "error", "method": "POST", "path": "/csv/$", "status": 403}])
    assert begin(page).count("allow the portal&#x27;s account to export") == 2
    assert shown(page).count("allow the portal&#x27;s account to export") == 1


def test_an_incomplete_file_is_announced_to_be_tried_again(page: Client, sandbox: SandboxProcess) -> None:
    begin(page)
    sandbox.advance(3600)
    sandbox.faults([{"fault": "cut_body", "path": "/download/$"}])
    content = shown(page)
    assert "It will be tried again automatically." in content
    assert 'hx-trigger="every 3s"' in content


def test_the_file_comes_as_a_download_of_csv(page: Client, sandbox: SandboxProcess) -> None:
    begin(page)
    sandbox.advance(3600)
    shown(page)
    answer = page.get(reverse("tracking:export-file", args=[Export.objects.get().pk]))
    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("text/csv")
    assert re.fullmatch(r'attachment; filename="covage-[\d-]+\.csv"', answer["Content-Disposition"])
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert b"order_reference" in b"".join(answer.streaming_content)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "columns", [{}, {"state": State.FAILED}, {"state": State.READY, "content": "exports/lost.csv"}]
)
def test_a_file_that_is_not_there_is_not_found(page: Client, columns: dict[str, str]) -> None:
    made = export(**columns)
    assert page.get(reverse("tracking:export-file", args=[made.pk])).status_code == 404


def test_past_exports_stay_the_newest_first(page: Client) -> None:
    for days in range(30):
        export(state=State.READY, size=1000 + days, requested_at=timezone.now() - timedelta(days=days))
    content = shown(page)
    assert content.count("Download</a>") == 25
    assert "after=" in content


def test_while_the_vendor_is_down_the_page_is_there(page: Client, sandbox: SandboxProcess) -> None:
    begin(page)
    sandbox.down()
    assert "This page updates itself." in shown(page)
    sandbox.down(False)


def test_exports_are_for_the_back_office_alone(
    sales_client: Client, administrator_client: Client, client: Client, sandbox: SandboxProcess
) -> None:
    made = export(state=State.READY)
    file = reverse("tracking:export-file", args=[made.pk])
    assert [sales_client.get(URL).status_code, sales_client.post(START).status_code] == [403, 403]
    assert sales_client.get(file).status_code == 403
    assert client.get(URL).status_code == 302
    assert administrator_client.get(URL).status_code == 200
    assert Export.objects.count() == 1


def test_no_export_is_started_by_a_get(page: Client, sandbox: SandboxProcess) -> None:
    assert page.get(START).status_code == 405
    assert not Export.objects.exists()
