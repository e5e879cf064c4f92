"""The file that keeps the sandbox's state over a restart."""

import json
from pathlib import Path

import pytest

from tests.sandbox.documents import confirmed, got, line, lines_of, new_session, session_state, settle
from tests.sandbox_process import SandboxProcess, eventually

pytestmark = pytest.mark.slow


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "deeper" / "sandbox.json"


def test_a_restart_finds_everything_again(path: Path) -> None:
    with SandboxProcess("--state", str(path), "--pace", "3600") as process:
        new_session(process, line(note="draft"), external_id="one")
        running = confirmed(process, line())
        process.advance(60)
        before = process.state()
        process.stop()

        process.start()

        assert process.state() == before
        assert got(process, "product_order/", external_id="one")[0]["state"] == "created"
        settle(process)
        assert session_state(process, running) == "completed"
        assert len(lines_of(process, running)[0]["state_change"]) >= 3


def test_the_state_is_written_while_it_runs(path: Path) -> None:
    with SandboxProcess("--state", str(path)) as process:
        session_id = new_session(process)
        assert eventually(path.exists)
        process.kill()

    assert [session["id"] for session in json.loads(path.read_text())["sessions"]] == [session_id]


def test_a_file_of_something_else_is_left_alone(path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path.parent.mkdir()
    path.write_text('{"colour": "blue"}')

    with pytest.raises(RuntimeError, match="ended with code 1"):
        SandboxProcess("--state", str(path)).start()

    assert path.read_text() == '{"colour": "blue"}'
    assert "holds no state of this sandbox" in capfd.readouterr().err


def test_a_reset_is_kept_too(path: Path) -> None:
    with SandboxProcess("--state", str(path)) as process:
        new_session(process)
        process.reset()
        process.stop()
        process.start()

        assert process.state()["sessions"] == []
