"""A vendor that keeps notes, and the operations that it takes."""

import pytest
from pytest_django import Settings

from outbox import handlers
from outbox.apis import EXTRANET
from tests.outbox.stub_vendor import COPPER_KIND, KIND, KeepNote, StubVendor


@pytest.fixture(autouse=True)
def _patience(settings: Settings) -> None:
    """The time that absence takes to be believed, and that a claim lasts, whatever the environment says."""
    settings.OUTBOX_SETTLE_SECONDS = 90
    settings.OUTBOX_LEASE_SECONDS = 60


@pytest.fixture
def vendor(monkeypatch: pytest.MonkeyPatch) -> StubVendor:
    """A vendor whose outcomes the test sets, and an outbox that can keep notes with either API."""
    monkeypatch.setattr(handlers, "HANDLERS", dict(handlers.HANDLERS))
    handlers.register({KIND: KeepNote()})
    handlers.register({COPPER_KIND: KeepNote()}, api=EXTRANET)
    return StubVendor()
