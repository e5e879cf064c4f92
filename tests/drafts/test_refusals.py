"""What the vendor refused, and for how long that is shown."""

from typing import Any

from drafts import refusals
from tests.drafts.parcels import PARCEL

DRAFT = {"to.person.name": "Ada", "goods": [{"name": "Ink"}]}


def errors(*paths: str) -> list[dict[str, Any]]:
    return [{"path": path, "code": "E", "message": "No.", "value": None} for path in paths]


def test_each_keeps_the_value_that_it_was_said_of() -> None:
    found = refusals.of(errors("to.person.name", "goods.0.name", "note", ""), DRAFT)
    assert [refusal["held"] for refusal in found] == ["Ada", "Ink", None, None]
    assert {"code": "E", "message": "No."}.items() <= found[0].items()


def test_what_may_be_kept_but_not_ordered_is_settled_by_another_value_alone() -> None:
    found = refusals.until_changed(errors("to.person.name", "goods.0.name"), DRAFT, PARCEL)
    assert refusals.remaining(found) == found


def test_what_no_other_value_could_settle_is_settled_by_the_vendor_taking_the_draft() -> None:
    found = refusals.until_changed(errors("goods", "never_heard_of", ""), DRAFT, PARCEL)
    assert len(found) == 3
    assert refusals.remaining(found) == []
    assert refusals.remaining(refusals.of(errors("note"), DRAFT)) == []
