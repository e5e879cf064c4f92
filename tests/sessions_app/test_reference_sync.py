"""Projects and ENNIs: what changed is written, what is no longer listed is marked, what is forbidden stays."""

import pytest

from covage import Forbidden, NotFound
from sessions_app import sync
from sessions_app.models import Reference
from sync import runs
from sync.models import SyncRun
from tests.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def _run_reference() -> SyncRun:
    return runs.run("reference", sync.sync_reference)


def test_projects_and_ennis_are_ingested_once(sandbox: SandboxProcess) -> None:
    row = _run_reference()
    assert (row.seen, row.changed) == (42, 42)
    assert Reference.objects.filter(kind="project", code="FLASH", active=True).exists()
    enni = Reference.objects.get(kind="enni", code="CN012345")
    assert enni.label.startswith("Paris Voltaire")
    assert not Reference.objects.get(code="CL044").active
    assert _run_reference().changed == 0


def test_what_is_no_longer_listed_is_marked_and_comes_back_when_it_is(sandbox: SandboxProcess) -> None:
    _run_reference()
    Reference.objects.create(key="enni:CN999999", kind="enni", code="CN999999", digest="x")
    assert _run_reference().gone == 1
    gone = Reference.objects.get(code="CN999999")
    assert gone.gone_at is not None
    assert not gone.active
    Reference.objects.filter(code="FLASH").update(gone_at=gone.gone_at, active=False, digest="")
    assert _run_reference().changed == 1
    flash = Reference.objects.get(code="FLASH")
    assert (flash.gone_at, flash.active) == (None, True)


@pytest.mark.parametrize(("status", "error"), [(403, Forbidden), (404, NotFound)])
def test_an_account_without_the_right_to_reference_data_keeps_what_is_there(
    sandbox: SandboxProcess, status: int, error: type[Exception]
) -> None:
    _run_reference()
    sandbox.faults([{"fault": "error", "status": status, "path": "/referential/"}])
    with pytest.raises(error):
        _run_reference()
    assert Reference.objects.filter(gone_at=None).count() == 42
    assert SyncRun.objects.latest("id").state == SyncRun.State.FAILED


def test_the_right_to_one_kind_of_reference_data_is_used_where_the_other_is_missing(
    sandbox: SandboxProcess,
) -> None:
    sandbox.faults([{"fault": "error", "status": 403, "path": "/referential/project"}])
    with pytest.raises(Forbidden):
        _run_reference()
    assert Reference.objects.filter(kind="enni").count() == 30
