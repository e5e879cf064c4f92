"""Who ordered an order here: every source that is registered is asked."""

import uuid
from collections.abc import Collection

import pytest

from tracking import origins
from tracking.origins import Origin


@pytest.fixture(autouse=True)
def _no_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(origins, "_sources", [])


def test_what_every_source_knows_is_told() -> None:
    one, other = Origin(1, None, uuid.uuid4()), Origin(2, 3, uuid.uuid4())
    asked: list[Collection[str]] = []

    def first(upstream_ids: Collection[str]) -> dict[str, Origin]:
        asked.append(upstream_ids)
        return {"PO_1": one}

    origins.register(first)
    origins.register(first)
    origins.register(lambda upstream_ids: {"PO_2": other})
    assert origins.origins_of(["PO_1", "PO_2"]) == {"PO_1": one, "PO_2": other}
    assert asked == [["PO_1", "PO_2"]], "a source that is registered twice is asked once"


def test_without_a_source_nothing_is_known() -> None:
    assert origins.origins_of(["PO_1"]) == {}
