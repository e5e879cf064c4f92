"""Checks at start-up: what is wrong or missing in the environment, in plain words, with what to do."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register, run_checks
from django.core.exceptions import ImproperlyConfigured

ENVIRONMENT = "environment"
EDITIONS = ("current", "tables", "earlier")
SHORTEST_SECRET = 32  # characters
# COVAGE_CLIENT_ID has a default: that it is set says nothing of whether Covage's API is meant to be used.
COVAGE_OWN = ("COVAGE_API_URL", "COVAGE_TOKEN_URL", "COVAGE_USERNAME", "COVAGE_PASSWORD")
COVAGE = (*COVAGE_OWN, "COVAGE_CLIENT_ID")
EXTRANET = ("EXTRANET_API_URL", "EXTRANET_EMAIL", "EXTRANET_PASSWORD")
SINGLE_SIGN_ON = ("OIDC_SERVER_URL", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
# Longer than any of the client's own time-outs.
SHORTEST_SETTLE_SECONDS = 35
ADDRESSES = ("COVAGE_API_URL", "COVAGE_TOKEN_URL", "EXTRANET_API_URL", "OIDC_SERVER_URL")


def refuse_wrong_environment() -> None:
    """Stop a server process that would start in a wrong environment: commands run the checks by themselves.

    Raises ImproperlyConfigured with everything that is wrong.
    """
    errors = [message for message in run_checks(tags=[ENVIRONMENT]) if message.is_serious()]
    if errors:
        raise ImproperlyConfigured(" ".join(f"{error.msg} {error.hint}" for error in errors))


@register(ENVIRONMENT)
def check_secret_key(app_configs: Any, **kwargs: Any) -> Iterator[CheckMessage]:
    if not settings.DEBUG and len(settings.SECRET_KEY) < SHORTEST_SECRET:
        yield Error(
            f"SECRET_KEY is shorter than {SHORTEST_SECRET} characters.",
            hint="Make one with: python -c 'import secrets; print(secrets.token_urlsafe(50))'",
            id="carnet.E001",
        )


@register(ENVIRONMENT)
def check_allowed_hosts(app_configs: Any, **kwargs: Any) -> Iterator[CheckMessage]:
    if not settings.DEBUG and not settings.ALLOWED_HOSTS:
        yield Error(
            "ALLOWED_HOSTS is missing.",
            hint="Name the host that people type into their browser, like carnet.example.com.",
            id="carnet.E002",
        )


@register(ENVIRONMENT)
def check_covage(app_configs: Any, **kwargs: Any) -> Iterator[CheckMessage]:
    kind = Warning if settings.DEBUG else Error
    is_begun, missing = len(_missing(COVAGE_OWN)) < len(COVAGE_OWN), _missing(COVAGE)
    if is_begun and missing:
        yield kind(
            f"{_listed(missing)} missing: nothing can be ordered from Covage.",
            hint="Covage gives these with the service account; .env.example shows what they look like.",
            id="carnet.E003",
        )
    elif not is_begun and len(_missing(EXTRANET)) == len(EXTRANET):
        yield kind(
            "Neither Covage's API nor their extranet is set up: nothing can be ordered from Covage.",
            hint=f"For fibre set {', '.join(COVAGE_OWN)}; for copper {', '.join(EXTRANET)}; or all of them.",
            id="carnet.E003",
        )


@register(ENVIRONMENT)
def check_edition(app_configs: Any, **kwargs: Any) -> Iterator[CheckMessage]:
    if settings.COVAGE_EDITION not in EDITIONS:
        yield Error(
            f'COVAGE_EDITION is "{settings.COVAGE_EDITION}", which isn\'t an edition of the API.',
            hint=f"Write one of {', '.join(EDITIONS)}.",
            id="carnet.E004",
        )


@register(ENVIRONMENT)
def check_groups_of_variables(app_configs: Any, **kwargs: Any) -> Iterator[CheckMessage]:
    for group in (EXTRANET, SINGLE_SIGN_ON):
        missing = _missing(group)
        if missing and len(missing) < len(group):
            yield Error(
                f"{_listed(missing)} missing.",
                hint=f"Set all of {', '.join(group)}, or none of them.",
                id="carnet.E005",
            )


@register(ENVIRONMENT)
def check_addresses(app_configs: Any, **kwargs: Any) -> Iterator[CheckMessage]:
    for name in ADDRESSES:
        address = getattr(settings, name)
        if address and not _is_address(address):
            yield Error(
                f"{name} isn't a web address that Carnet may call.",
                hint="Write it in full, with https:// (http:// is for development and for this machine).",
                id="carnet.E006",
            )


@register(ENVIRONMENT)
def check_settle_time(app_configs: Any, **kwargs: Any) -> Iterator[CheckMessage]:
    if settings.OUTBOX_SETTLE_SECONDS < SHORTEST_SETTLE_SECONDS:
        yield Warning(
            f"OUTBOX_SETTLE_SECONDS is {settings.OUTBOX_SETTLE_SECONDS}: a request that Covage is slow to act on "
            "may be taken for lost and be sent a second time.",
            hint=f"Leave it at 90, and never below {SHORTEST_SETTLE_SECONDS} against a real server.",
            id="carnet.W007",
        )


def _missing(names: Sequence[str]) -> list[str]:
    return [name for name in names if not getattr(settings, name)]


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names)} {'is' if len(names) == 1 else 'are'}"


def _is_address(value: str) -> bool:
    """An https address; plain http only in development or to this very machine."""
    parts = urlsplit(value)
    unencrypted = settings.DEBUG or parts.hostname in {"localhost", "127.0.0.1", "::1"}
    return bool(parts.hostname) and (parts.scheme == "https" or (parts.scheme == "http" and unencrypted))
