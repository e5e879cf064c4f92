"""What the pages of drafts share."""

import json

import pytest

from drafts.editing import number_in, texts_of
from drafts.forms import DraftForm
from drafts.pages import page_context
from tests.drafts.parcels import a_parcel


def test_a_page_shows_what_is_stored_what_is_missing_and_what_is_not_sent() -> None:
    row = a_parcel(kind="box")
    form = DraftForm(row)
    context = page_context(row, form)
    assert (context["draft"], context["form"]) == (row, form)
    assert json.loads(context["seen"]) == texts_of(row) == {"kind": "box"}
    assert [item.path for item in context["missing"]] == ["to.person.name"]
    assert context["unsent"] == ["kind"]


def test_what_the_person_sees_may_be_something_else_than_what_is_stored() -> None:
    row = a_parcel(kind="box")
    assert page_context(row, DraftForm(row), seen='{"kind": "roll"}')["seen"] == '{"kind": "roll"}'


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("19", 19), ("", 7), ("-1", 7), ("1000", 7), ("\u0661", 7), ("x", 7)]
)
def test_a_number_is_one_only_when_it_is_small_and_plain(text: str, number: int) -> None:
    assert number_in(text, 7) == number
