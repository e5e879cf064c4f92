"""The environment is read strictly, and what is wrong is named in plain words."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from outbox.apis import APIS, EXTRANET
from portal import environment
from portal.checks import refuse_wrong_environment
from tests.apis import speak_to

ROOT = Path(__file__).resolve().parent.parent.parent


def _problems() -> dict[str, str]:
    return {str(message.id): f"{message.msg} {message.hint}" for message in run_checks(tags=["environment"])}


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (environment.flag, "perhaps"),
        (lambda name: environment.number(name, default=1), "a few"),
        (lambda name: environment.number(name, default=1), "0"),
        (lambda name: environment.choice(name, "fr", ("fr", "en")), "de"),
        (lambda name: environment.time_zone(name, "Europe/Paris"), "Paris"),
        (lambda name: environment.web_address(name, "https://x.example"), "x.example"),
        (lambda name: environment.web_address(name, "https://x.example"), "ftp://x.example"),
        (lambda name: environment.database(name, "sqlite:////tmp/x"), "mysql://localhost/x"),
        (lambda name: environment.email(name, "consolemail://"), "mail.example.com"),
    ],
)
def test_a_value_that_makes_no_sense_stops_the_start_and_is_named(
    read: Callable[[str], object], value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOMETHING", value)
    with pytest.raises(ImproperlyConfigured, match="SOMETHING"):
        read("SOMETHING")


@pytest.mark.parametrize(("value", "meaning"), [("Yes", True), ("1", True), ("off", False), ("", False)])
def test_a_flag_is_read_in_the_usual_spellings(
    value: str, meaning: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOMETHING", value)
    assert environment.flag("SOMETHING", default=not meaning) is meaning


def test_what_is_not_set_has_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOMETHING", raising=False)
    assert environment.flag("SOMETHING", default=True)
    assert environment.number("SOMETHING", default=90) == 90
    assert environment.words("SOMETHING") == []


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "environ", os.environ.copy())
    monkeypatch.setenv("ONE_THING", "said here")
    (tmp_path / ".env").write_text("ONE_THING=said there\nANOTHER_THING=only there\n")
    environment.load_dotenv(tmp_path / ".env")
    assert os.environ["ONE_THING"] == "said here"


def test_a_missing_file_is_no_error(tmp_path: Path) -> None:
    environment.load_dotenv(tmp_path / ".env")


def test_a_complete_environment_has_no_problems() -> None:
    assert _problems() == {}
    refuse_wrong_environment()


@pytest.mark.parametrize(
    ("changes", "check", "says"),
    [
        ({"SECRET_KEY": "short"}, "carnet.E001", "SECRET_KEY is shorter than 32 characters"),
        ({"ALLOWED_HOSTS": []}, "carnet.E002", "ALLOWED_HOSTS is missing"),
        ({"COVAGE_PASSWORD": ""}, "carnet.E003", "COVAGE_PASSWORD is missing"),
        ({"COVAGE_EDITION": "latest"}, "carnet.E004", "Write one of current, tables, earlier"),
        (
            {"EXTRANET_API_URL": "", "EXTRANET_PASSWORD": ""},
            "carnet.E005",
            "EXTRANET_API_URL, EXTRANET_PASSWORD are missing",
        ),
        ({"OIDC_CLIENT_ID": "carnet"}, "carnet.E005", "OIDC_SERVER_URL, OIDC_CLIENT_SECRET are missing"),
        ({"COVAGE_API_URL": "api.example.com"}, "carnet.E006", "COVAGE_API_URL isn't a web address"),
        ({"COVAGE_API_URL": "http://api.example.com"}, "carnet.E006", "COVAGE_API_URL isn't a web address"),
    ],
)
def test_a_wrong_or_missing_variable_is_named_with_what_to_do(
    changes: dict[str, object], check: str, says: str, settings: Settings
) -> None:
    for name, value in changes.items():
        setattr(settings, name, value)
    assert says in _problems()[check]
    with pytest.raises(ImproperlyConfigured, match=says):
        refuse_wrong_environment()


def test_a_settle_time_too_short_to_send_once_is_warned_of(settings: Settings) -> None:
    settings.OUTBOX_SETTLE_SECONDS = 5
    assert "sent a second time" in _problems()["carnet.W007"]
    refuse_wrong_environment()


def test_without_covage_development_goes_on_with_a_warning(settings: Settings) -> None:
    settings.DEBUG = True
    settings.COVAGE_API_URL = ""
    assert "nothing can be ordered" in _problems()["carnet.E003"]
    refuse_wrong_environment()


@pytest.mark.parametrize("api", APIS)
def test_one_of_the_two_apis_is_enough(api: str, settings: Settings) -> None:
    speak_to(settings, api)
    assert _problems() == {}


def test_with_neither_api_both_ways_to_go_on_are_named(settings: Settings) -> None:
    speak_to(settings)
    with pytest.raises(ImproperlyConfigured, match=r"COVAGE_API_URL, .* EXTRANET_API_URL, .*") as refused:
        refuse_wrong_environment()
    assert "COVAGE_CLIENT_ID" not in str(refused.value)


def test_a_covage_api_that_is_partly_set_up_is_refused_beside_an_extranet(settings: Settings) -> None:
    speak_to(settings, EXTRANET)
    settings.COVAGE_USERNAME = "carnet@example.test"
    assert "COVAGE_API_URL, COVAGE_TOKEN_URL, COVAGE_PASSWORD are missing" in _problems()["carnet.E003"]


def test_a_production_start_without_a_secret_stops_with_a_plain_sentence() -> None:
    result = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=os.environ | {"SECRET_KEY": "", "DEBUG": "false", "DJANGO_SETTINGS_MODULE": "portal.settings"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert result.stderr.startswith("Carnet cannot start. SECRET_KEY is missing:")
    assert "Traceback" not in result.stderr
