"""The export of all orders: started, followed, downloaded, and once in five minutes."""

import csv
import io

import pytest
import requests

from tests.sandbox.documents import got
from tests.sandbox_process import PACE, SandboxProcess

pytestmark = pytest.mark.slow


def _started(sandbox: SandboxProcess, account: str = "carnet") -> str:
    answer = sandbox.call("POST", "order/export/csv/", account=account)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["task_id"])


def _download(sandbox: SandboxProcess, task_id: str, account: str = "carnet") -> requests.Response:
    return sandbox.call("GET", f"order/export/{task_id}/download/", account=account)


def test_an_export_takes_one_pace(tracking: SandboxProcess) -> None:
    task_id = _started(tracking)

    running = got(tracking, f"order/export/{task_id}/status/")
    assert (running["success"], running["stopped"]) == (None, None)
    assert _download(tracking, task_id).status_code == 404

    tracking.advance(PACE)

    done = got(tracking, f"order/export/{task_id}/status/")
    assert done["success"] is True
    assert done["started"] < done["stopped"]


def test_the_file_lists_all_orders(tracking: SandboxProcess) -> None:
    task_id = _started(tracking)
    tracking.advance(PACE)

    answer = _download(tracking, task_id)

    assert answer.headers["Content-Type"] == "text/csv"
    assert answer.content.startswith("\ufeff".encode())
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    listed = [{name: str(value or "") for name, value in order.items()} for order in got(tracking, "order/")]
    assert rows == listed


def test_an_export_can_be_started_every_five_minutes(tracking: SandboxProcess) -> None:
    _started(tracking)
    tracking.advance(100)

    again = tracking.call("POST", "order/export/csv/")

    assert again.status_code == 429
    assert 190 <= int(again.headers["Retry-After"]) <= 200
    tracking.advance(200)
    _started(tracking)
    assert tracking.counters()["exports_started"] == {"carnet@example.test": 2}


def test_each_account_has_exports_of_its_own(tracking: SandboxProcess) -> None:
    task_id = _started(tracking)
    tracking.advance(PACE)

    assert _started(tracking, "extranet")
    assert _download(tracking, task_id, "extranet").status_code == 404


def test_an_export_can_be_made_to_fail(tracking: SandboxProcess) -> None:
    tracking.fail_next_export()
    task_id = _started(tracking)
    tracking.advance(PACE)

    assert got(tracking, f"order/export/{task_id}/status/")["success"] is False
    assert _download(tracking, task_id).status_code == 404
    task_id = _started(tracking)
    tracking.advance(PACE)
    assert got(tracking, f"order/export/{task_id}/status/")["success"] is True


def test_a_download_can_be_cut(tracking: SandboxProcess) -> None:
    task_id = _started(tracking)
    tracking.advance(PACE)
    tracking.faults([{"fault": "cut_body", "path": "/download/"}])

    with pytest.raises(requests.exceptions.ChunkedEncodingError):
        _download(tracking, task_id)


@pytest.mark.parametrize("path", ["status", "download"])
def test_an_unknown_task_is_not_found(tracking: SandboxProcess, path: str) -> None:
    assert tracking.call("GET", f"order/export/550e8400/{path}/").status_code == 404
