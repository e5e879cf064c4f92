"""Strict readers for the environment: all raise ImproperlyConfigured, naming a value that makes no sense."""

import os
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import environ
from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}
DATABASE_SCHEMES = {"sqlite", "postgres", "postgresql"}
EMAIL_SCHEMES = {
    "smtp",
    "smtps",
    "smtp+tls",
    "smtp+ssl",
    "consolemail",
    "filemail",
    "memorymail",
    "dummymail",
}


def load_dotenv(path: Path) -> None:
    """Add the variables of the file at `path`, when it exists. The environment wins over the file."""
    if path.is_file():
        environ.Env.read_env(path)


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def flag(name: str, default: bool = False) -> bool:
    """True for 1/true/yes/on, False for 0/false/no/off; raises ImproperlyConfigured for anything else."""
    value = os.environ.get(name)
    if value is None:
        return default
    word = value.strip().lower()
    if word not in TRUE | FALSE:
        raise ImproperlyConfigured(f'{name} is "{value}": write true or false.')
    return word in TRUE


def number(name: str, default: int, least: int = 1) -> int:
    """A whole number of at least `least`."""
    value = text(name) or str(default)
    if not value.isdigit() or int(value) < least:
        raise ImproperlyConfigured(f'{name} is "{value}": write a whole number of at least {least}.')
    return int(value)


def words(name: str) -> list[str]:
    """The parts of a list separated by commas, without blanks."""
    return [part.strip() for part in text(name).split(",") if part.strip()]


def choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    value = text(name) or default
    if value not in choices:
        raise ImproperlyConfigured(f'{name} is "{value}": write one of {", ".join(choices)}.')
    return value


def web_address(name: str, default: str) -> str:
    """An address of the web without a slash at its end."""
    value = text(name) or default
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ImproperlyConfigured(f'{name} is "{value}": write an address like https://carnet.example.com.')
    return value.rstrip("/")


def several(name: str, default: tuple[str, ...], choices: tuple[str, ...]) -> list[str]:
    """Some of the choices, separated by commas and in the choices' order; "none" for none of them."""
    chosen = words(name) or list(default)
    chosen = [] if chosen == ["none"] else chosen
    if unknown := [word for word in chosen if word not in choices]:
        raise ImproperlyConfigured(
            f"{name} names {', '.join(unknown)}: write some of {', '.join(choices)}, with commas, or none."
        )
    return [word for word in choices if word in chosen]


def time_zone(name: str, default: str) -> str:
    value = text(name) or default
    if value not in available_timezones():
        raise ImproperlyConfigured(f'{name} is "{value}": write the name of a time zone, like Europe/Paris.')
    return value


def database(name: str, default: str) -> dict[str, object]:
    """Django's settings for the database that the URL in `name` describes."""
    url = text(name) or default
    if urlsplit(url).scheme not in DATABASE_SCHEMES:
        raise ImproperlyConfigured(
            f"{name} is not understood: write sqlite:///path/to/file or postgres://user:password@host:5432/name."
        )
    return dict(environ.Env.db_url_config(url))


def email(name: str, default: str) -> dict[str, object]:
    """Django's EMAIL_… settings for the URL in `name`."""
    url = text(name) or default
    if urlsplit(url).scheme not in EMAIL_SCHEMES:
        raise ImproperlyConfigured(f"{name} is not understood: write smtp+tls://user:password@host:587.")
    return dict(environ.Env.email_url_config(url))
