"""What a draft still lacks before it can be ordered, whatever it is a draft of."""

from drafts import readiness
from drafts.readiness import Missing
from tests.drafts.parcels import PARCEL


def test_an_invalid_text_is_reported_with_what_is_wrong_about_it() -> None:
    typed = {"weight": "heavy", "goods.1.count": "few", "kind": "box", "owner": "me"}
    assert list(readiness.wrong(PARCEL, typed)) == [
        Missing("weight", "A weight is a whole number of grams.", "Weight"),
        Missing("goods.1.count", "Enter a whole number.", "How many (good 2)"),
    ]


def test_conflicts_and_refusals_are_reported_until_they_are_settled() -> None:
    refusals = [
        {"path": "to.person.name", "code": "", "message": "Unknown.", "value": "Ada", "held": "Ada"},
        {"path": "note", "code": "TOO_LONG", "message": "", "value": None, "held": "an older note"},
        {"path": "", "code": "", "message": "Something.", "value": None, "held": None},
    ]
    draft = {"to.person.name": "Ada", "note": "a newer note"}
    items = readiness.problems(PARCEL, {"goods.0.name": {}, "kind": {}}, refusals, draft)
    assert [(item.path, item.message) for item in items] == [
        ("kind", "Changed here and at Covage: choose which value to keep."),
        ("to.person.name", "Covage refused “Ada”: Unknown."),
        ("goods.0.name", "Changed here and at Covage: choose which value to keep."),
    ]


def test_a_refusal_without_a_message_shows_its_code() -> None:
    assert readiness.refusal_sentence({"code": "FEASIBILITY"}) == "Covage refused this value: feasibility"


def test_items_come_first_of_the_form_first_and_each_path_once() -> None:
    paths = ["note", "never_heard_of", "goods.1.name", "goods.0.count", "kind", "goods.0.name", "kind"]
    items = readiness.in_order(PARCEL, [Missing(path, str(n)) for n, path in enumerate(paths)])
    assert [(item.path, item.message) for item in items] == [
        ("kind", "4"),
        ("goods.0.name", "5"),
        ("goods.0.count", "3"),
        ("goods.1.name", "2"),
        ("note", "0"),
        ("never_heard_of", "1"),
    ]


def test_of_several_things_to_say_at_a_path_the_first_is_said() -> None:
    items = [Missing("b", "1"), Missing("a", "2"), Missing("b", "3")]
    assert readiness.once(items) == [Missing("b", "1"), Missing("a", "2")]


def test_every_thing_to_mend_has_a_label_and_an_anchor() -> None:
    paths = ("goods.1.name", "to.person.name", "")
    found = {item.path: item for item in readiness.in_order(PARCEL, [Missing(path, "") for path in paths])}
    assert found["goods.1.name"].label == "What (good 2)"
    assert found["goods.1.name"].anchor == "#id_goods-1-name"
    assert found["to.person.name"].anchor == "#id_to-person-name"
    assert (found[""].label, found[""].anchor) == ("", "")


def test_a_label_that_is_given_stays() -> None:
    (item,) = readiness.in_order(PARCEL, [Missing("kind", "", "Sort")])
    assert item.label == "Sort"
