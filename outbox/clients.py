"""The clients of this process for the vendor's two APIs: pooled, one each."""

import functools

from django.conf import settings

from covage import Covage, Extranet
from outbox.apis import EXTRANET
from outbox.handlers import Client
from outbox.health import observe


def client() -> Covage:
    """Returns the client for Covage's API, with the worker's time-outs."""
    return covage_of_account(
        settings.COVAGE_API_URL,
        settings.COVAGE_TOKEN_URL,
        settings.COVAGE_CLIENT_ID,
        settings.COVAGE_USERNAME,
        settings.COVAGE_PASSWORD,
        settings.COVAGE_EDITION,
        settings.OUTBOX_LEASE_SECONDS,
    )


def interactive_client() -> Covage:
    """Returns the same client with the short time-outs of a page that a person waits for."""
    return client().with_timeout(settings.OUTBOX_INTERACTIVE_SECONDS)


def extranet() -> Extranet:
    """Returns the client for the extranet, with the worker's time-outs."""
    return extranet_of_account(
        settings.EXTRANET_API_URL,
        settings.EXTRANET_EMAIL,
        settings.EXTRANET_PASSWORD,
        settings.OUTBOX_LEASE_SECONDS,
    )


def interactive_extranet() -> Extranet:
    """Returns the same client with the short time-outs of a page that a person waits for."""
    return extranet().with_timeout(settings.OUTBOX_INTERACTIVE_SECONDS)


def client_of(api: str) -> Client:
    """Returns the client of an API, with the worker's time-outs."""
    return extranet() if api == EXTRANET else client()


@functools.lru_cache(maxsize=4)
def covage_of_account(
    api_url: str, token_url: str, client_id: str, username: str, password: str, edition: str, lease: float
) -> Covage:
    """Returns the one client of an account."""
    connect_timeout, read_timeout = _timeouts(lease)
    return Covage(
        api_url=api_url,
        token_url=token_url,
        client_id=client_id,
        username=username,
        password=password,
        edition=edition,
        connect_timeout=connect_timeout,
        read_timeout=read_timeout,
        observer=observe,
    )


@functools.lru_cache(maxsize=4)
def extranet_of_account(api_url: str, email: str, password: str, lease: float) -> Extranet:
    """Returns the one client of an account at the extranet."""
    connect_timeout, read_timeout = _timeouts(lease)
    return Extranet(
        api_url=api_url,
        email=email,
        password=password,
        connect_timeout=connect_timeout,
        read_timeout=read_timeout,
        observer=functools.partial(observe, api=EXTRANET),
    )


def _timeouts(lease: float) -> tuple[float, float]:
    """Returns how many seconds a call may take to connect, and to read.

    A write is sent within both and one more connection, which is before the claim on it can lapse.
    """
    return min(3.05, lease / 4), lease / 2
