"""Projects and ENNIs: their fields and their filters."""

import pytest

from tests.sandbox.documents import got
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.slow

ENNI_FIELDS = {"code", "name", "short_name", "reference", "label", "offer", "dsp", "delivery_mode", "active"}


def test_projects_have_the_documented_fields(sandbox: SandboxProcess) -> None:
    projects = got(sandbox, "referential/project")

    assert len(projects) == 12
    assert projects[0].keys() == {"code", "active", "start_date", "end_date", "code_client"}


def test_ennis_have_the_documented_fields_and_unique_references(sandbox: SandboxProcess) -> None:
    ennis = got(sandbox, "referential/enni/")

    assert ennis[0].keys() == ENNI_FIELDS
    assert len({enni["reference"] for enni in ennis}) == 30
    assert "CN012345" in {enni["reference"] for enni in ennis}


@pytest.mark.parametrize("active", [True, False])
def test_both_can_be_filtered_by_being_active(sandbox: SandboxProcess, active: bool) -> None:
    for path in ("referential/project", "referential/enni/"):
        found = got(sandbox, path, active=str(active).lower())
        assert {item["active"] for item in found} == {active}


def test_projects_can_be_filtered_by_code(sandbox: SandboxProcess) -> None:
    assert [project["code"] for project in got(sandbox, "referential/project", code="FLASH")] == ["FLASH"]


@pytest.mark.parametrize("name", ["reference", "name", "short_name", "offer", "dsp", "delivery_mode"])
def test_ennis_can_be_filtered_by_each_documented_field(sandbox: SandboxProcess, name: str) -> None:
    every = got(sandbox, "referential/enni/")
    wanted = next(enni[name] for enni in every if enni[name])

    found = got(sandbox, "referential/enni/", **{name: wanted})

    assert found == [enni for enni in every if enni[name] == wanted]
    assert len(found) < len(every)


def test_the_same_seed_gives_the_same_data(sandbox: SandboxProcess) -> None:
    with SandboxProcess("--seed", "1") as same, SandboxProcess("--seed", "2") as other:
        data, same_data, other_data = (
            got(process, "referential/enni/") for process in (sandbox, same, other)
        )

    assert same_data == data
    assert other_data != data
