"""The vendor's APIs, and which of them this portal uses."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from django.conf import settings

COVAGE = "covage"
EXTRANET = "extranet"
APIS = (COVAGE, EXTRANET)

Arguments = ParamSpec("Arguments")


def is_configured(api: str) -> bool:
    """Whether the environment names the API's address. Where it names neither, Covage's counts as missing."""
    if api == EXTRANET:
        return bool(settings.EXTRANET_API_URL)
    return bool(settings.COVAGE_API_URL or not settings.EXTRANET_API_URL)


def configured() -> list[str]:
    """Returns the APIs that this portal uses: at least one."""
    return [api for api in APIS if is_configured(api)]


def when_configured(api: str) -> Callable[[Callable[Arguments, None]], Callable[Arguments, None]]:
    """Make a worker's task do nothing where its API is not configured."""

    def decorate(task: Callable[Arguments, None]) -> Callable[Arguments, None]:
        @wraps(task)
        def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
            if is_configured(api):
                task(*args, **kwargs)

        return guarded

    return decorate
