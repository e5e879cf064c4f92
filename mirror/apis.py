"""The vendor's APIs, and to which of them this portal speaks."""

from django.conf import settings

COVAGE = "covage"
EXTRANET = "extranet"
APIS = (COVAGE, EXTRANET)


def is_configured(api: str) -> bool:
    """Whether the environment names the API's address. Where it names neither, Covage's counts as missing."""
    if api == EXTRANET:
        return bool(settings.EXTRANET_API_URL)
    return bool(settings.COVAGE_API_URL or not settings.EXTRANET_API_URL)


def configured() -> list[str]:
    """The APIs that this portal speaks to; never none."""
    return [api for api in APIS if is_configured(api)]
