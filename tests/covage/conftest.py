"""The client under test talks to a real server over a real socket."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from covage import Covage, Extranet
from tests.covage.vendor import Server, Vendor

EXAMPLES = Path(__file__).parents[1] / "fixtures" / "spec"

MakeClient = Callable[..., Covage]
MakeExtranet = Callable[..., Extranet]


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    with Server() as running:
        yield running


@pytest.fixture
def make_client(vendor: Vendor) -> Iterator[MakeClient]:
    """A maker of clients of the test's vendor, with a short patience."""
    made: list[Covage] = []

    def make(**changes: Any) -> Covage:
        account = {"client_id": "api-client", "username": "carnet@example.test", "password": "secret-word"}
        addresses = {"api_url": vendor.url, "token_url": vendor.token_url}
        made.append(
            Covage(**(addresses | account | {"connect_timeout": 2.0, "read_timeout": 10.0} | changes))
        )
        return made[-1]

    yield make
    for client in made:
        client.close()


@pytest.fixture
def client(make_client: MakeClient) -> Covage:
    return make_client()


@pytest.fixture
def make_extranet(vendor: Vendor) -> Iterator[MakeExtranet]:
    """A maker of clients of the test's vendor's extranet, with a short patience."""
    made: list[Extranet] = []

    def make(**changes: Any) -> Extranet:
        account = {"api_url": vendor.url, "email": "carnet@example.test", "password": "secret-word"}
        made.append(Extranet(**(account | {"connect_timeout": 2.0, "read_timeout": 10.0} | changes)))
        return made[-1]

    yield make
    for client in made:
        client.close()


@pytest.fixture
def extranet(make_extranet: MakeExtranet) -> Extranet:
    return make_extranet()


class Clock:
    """The clock by which tokens expire, as far as a test moves it."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    ticking = Clock()
    monkeypatch.setattr("covage.token.monotonic", ticking)
    return ticking


@pytest.fixture
def example() -> Callable[[str], Any]:
    """The vendor's documented examples by name."""

    def load(name: str) -> Any:
        return json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))

    return load
