"""`manage.py sandbox` and `python -m sandbox`: their flags."""

import re
import subprocess
import sys

import pytest

from tests.sandbox_process import ROOT, SandboxProcess

pytestmark = pytest.mark.slow

DJANGO_WITH_NOTHING_ELSE = """
import sys
from django.conf import settings
from django.core.management import execute_from_command_line
settings.configure(INSTALLED_APPS=["sandbox"])
execute_from_command_line(sys.argv)
"""


def _help(*command: str) -> str:
    done = subprocess.run(
        [sys.executable, *command, "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return done.stdout


def test_the_management_command_takes_the_same_flags() -> None:
    own = set(re.findall(r"--[a-z-]+", _help("-m", "sandbox")))

    assert own >= {"--port", "--orders", "--pace", "--seed", "--state", "--page-shape", "--edition"}
    assert own <= set(re.findall(r"--[a-z-]+", _help("-c", DJANGO_WITH_NOTHING_ELSE, "sandbox")))


@pytest.mark.parametrize(
    "flags", [["--edition", "next"], ["--page-size", "0"], ["--orders", "-1"], ["--page-shape", "tree"]]
)
def test_a_flag_that_means_nothing_is_refused(flags: list[str]) -> None:
    with pytest.raises(RuntimeError, match="ended with code 2"):
        SandboxProcess(*flags).start()
