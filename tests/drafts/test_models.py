"""Rows of two sides: newer never yields to older, and nobody's change is silently overwritten."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sessions_app.models import Cart, Line

pytestmark = pytest.mark.postgresql

CONTACTS = "related_contact_information"
T0 = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


def line_of(**upstream: Any) -> Line:
    """A line exactly as the vendor showed it at noon."""
    line = Line(upstream_id="7")
    line.merge_upstream(upstream, at(0))
    return line


def conflicted() -> Line:
    """A line whose note was changed on both sides."""
    line = line_of(note="old", enni="CN000001")
    line.edit({"note": "ours"}, {})
    line.merge_upstream({"note": "theirs", "enni": "CN000001"}, at(1))
    assert line.conflicts == {"note": {"was": "old", "theirs": "theirs"}}
    return line


def test_what_the_vendor_shows_becomes_the_draft() -> None:
    line = line_of(note="by the door", state="created", unheard_of=[1])
    assert line.draft == {"note": "by the door"}
    assert line.upstream == {"note": "by the door", "state": "created", "unheard_of": [1]}
    assert (line.seen_at, line.unsent) == (at(0), [])


def test_what_is_shown_again_changes_nothing() -> None:
    line = line_of(note="by the door")
    assert not line.merge_upstream({"note": "by the door"}, at(1))
    assert line.seen_at == at(0)


def test_an_answer_that_shows_less_changes_nothing() -> None:
    line = line_of(note="by the door", state="created")
    assert not line.merge_upstream({"state": "created"}, at(1))
    assert line.draft == {"note": "by the door"}


def test_an_older_answer_never_overwrites_a_newer_one() -> None:
    line = line_of(note="new")
    assert not line.merge_upstream({"note": "old"}, at(-1))
    assert line.upstream == {"note": "new"}


def test_an_answer_of_the_same_moment_counts() -> None:
    line = line_of(note="new")
    assert line.merge_upstream({"note": "newer"}, at(0))


def test_what_is_shown_again_is_not_gone() -> None:
    line = line_of(note="here")
    line.gone_at = at(1)
    assert line.merge_upstream({"note": "here"}, at(2))
    assert line.gone_at is None


def test_an_answer_from_before_it_was_gone_does_not_bring_it_back() -> None:
    line = line_of(note="here")
    line.gone_at = at(2)
    assert not line.merge_upstream({"note": "here", "state": "created"}, at(1))
    assert line.gone_at == at(2)


def test_a_change_there_is_taken_and_ours_beside_it_kept() -> None:
    line = line_of(note="old", enni="CN000001")
    line.edit({"note": "ours"}, {})
    assert line.merge_upstream({"note": "old", "enni": "CN000002"}, at(1))
    assert line.draft == {"note": "ours", "enni": "CN000002"}
    assert (line.unsent, line.conflicts) == (["note"], {})


def test_what_was_changed_on_both_sides_waits_for_a_person() -> None:
    line = conflicted()
    assert line.draft["note"] == "ours"
    assert line.unsent == []
    assert line.changes_to_send() == {}


def test_a_conflict_outlives_changes_of_other_things() -> None:
    line = conflicted()
    line.merge_upstream({"enni": "CN000002"}, at(2))
    assert line.conflicts == {"note": {"was": "old", "theirs": "theirs"}}


def test_a_conflict_has_what_theirs_is_now_and_what_both_started_from() -> None:
    line = conflicted()
    line.merge_upstream({"note": "theirs again"}, at(2))
    assert line.conflicts == {"note": {"was": "old", "theirs": "theirs again"}}


def test_a_conflict_ends_when_theirs_becomes_ours() -> None:
    line = conflicted()
    line.merge_upstream({"note": "ours"}, at(2))
    assert (line.conflicts, line.unsent) == ({}, [])


def test_a_conflict_ends_when_theirs_goes_back_and_ours_is_sent() -> None:
    line = conflicted()
    line.merge_upstream({"note": "old"}, at(2))
    assert (line.conflicts, line.unsent) == ({}, ["note"])
    assert line.changes_to_send() == {"note": "ours"}


def test_a_conflict_settled_for_ours_is_sent() -> None:
    line = conflicted()
    line.settle("note", ours=True)
    assert (line.conflicts, line.changes_to_send()) == ({}, {"note": "ours"})


def test_a_conflict_settled_for_theirs_takes_it_and_what_was_typed_there_is_over() -> None:
    line = conflicted()
    line.typed = {"note": "our", "enni": "CN"}
    line.settle("note", ours=False)
    assert (line.draft["note"], line.unsent, line.typed) == ("theirs", [], {"enni": "CN"})


def test_another_value_settles_a_conflict_and_the_same_leaves_it() -> None:
    line = conflicted()
    assert line.edit({"note": "ours"}, {}) == {}
    assert "note" in line.conflicts
    assert line.edit({"note": "third"}, {}) == {"note": ["ours", "third"]}
    assert (line.conflicts, line.unsent) == ({}, ["note"])


def test_an_edit_returns_what_changed_and_blank_to_blank_is_no_change() -> None:
    line = line_of(note="old")
    assert line.edit({"note": "new", "enni": ""}, {}) == {"note": ["old", "new"]}
    assert line.edit({"note": ""}, {}) == {"note": ["new", ""]}
    assert line.draft == {}


def test_what_is_typed_and_no_value_is_kept_until_a_value_comes() -> None:
    line = line_of(vlan_reference=12)
    line.edit({}, {"vlan_reference": "twelve", "note": "?"})
    assert (line.typed, line.draft) == ({"vlan_reference": "twelve", "note": "?"}, {"vlan_reference": 12})
    line.edit({"vlan_reference": 12}, {})
    assert line.typed == {"note": "?"}
    assert line.unsent == []


def test_a_refusal_stays_until_its_value_changes() -> None:
    line = line_of(note="old", enni="CN1")
    line.refusals = [{"path": "note", "message": "too old"}, {"path": "enni", "message": "unknown"}]
    line.edit({"note": "new", "enni": "CN1"}, {})
    assert [refusal["path"] for refusal in line.refusals] == ["enni"]


def test_what_was_sent_and_is_not_shown_was_accepted() -> None:
    line = line_of(note="old", state="created")
    line.edit({"note": "ours", "specific_request": "call first"}, {})
    sent = line.changes_to_send()
    assert line.merge_upstream({"note": "ours", "state": "created"}, at(1), sent=sent)
    assert line.unsent == []
    assert line.upstream["specific_request"] == "call first"


def test_what_the_vendor_made_of_what_was_sent_is_taken() -> None:
    line = line_of()
    line.edit({f"{CONTACTS}.0.city": "lyon"}, {})
    line.merge_upstream({CONTACTS: [{"city": "LYON"}]}, at(1), sent=line.changes_to_send())
    assert (line.draft, line.conflicts) == ({CONTACTS: [{"city": "LYON"}]}, {})


def test_what_was_typed_since_it_was_sent_stays_and_is_still_unsent() -> None:
    line = line_of(note="old")
    line.edit({"note": "sent"}, {})
    sent = line.changes_to_send()
    line.edit({"note": "since"}, {})
    line.merge_upstream({"note": "sent"}, at(1), sent=sent)
    assert (line.draft, line.conflicts, line.unsent) == ({"note": "since"}, {}, ["note"])


def test_a_change_elsewhere_that_came_with_our_answer_is_merged_with_ours() -> None:
    line = line_of(note="old", enni="CN1")
    line.edit({"note": "ours"}, {})
    line.merge_upstream({"note": "ours", "enni": "CN2"}, at(1), sent={"note": "ours"})
    assert line.draft == {"note": "ours", "enni": "CN2"}


def test_fields_are_sent_whole_with_the_emptied_ones_blank() -> None:
    line = line_of(note="old", enni="CN1", **{CONTACTS: [{"city": "Lyon", "floor": "1"}, {"city": "Brest"}]})
    line.edit({"note": "", f"{CONTACTS}.0.floor": "2"}, {})
    assert line.changes_to_send() == {
        "note": None,
        CONTACTS: [{"city": "Lyon", "floor": "2"}, {"city": "Brest"}],
    }


def test_a_contact_removed_here_is_sent_as_a_shorter_list() -> None:
    line = line_of(**{CONTACTS: [{"city": "Lyon"}, {"city": "Brest"}]})
    line.edit({f"{CONTACTS}.1.city": ""}, {})
    sent = line.changes_to_send()
    assert sent == {CONTACTS: [{"city": "Lyon"}]}
    line.merge_upstream({CONTACTS: [{"city": "Lyon"}]}, at(1), sent=sent)
    assert (line.unsent, line.upstream) == ([], {CONTACTS: [{"city": "Lyon"}]})


def test_within_a_list_what_is_in_conflict_is_sent_as_theirs() -> None:
    line = line_of(**{CONTACTS: [{"city": "Lyon", "floor": "1"}]})
    line.edit({f"{CONTACTS}.0.floor": "2"}, {})
    line.merge_upstream({CONTACTS: [{"city": "Lyon", "floor": "3"}]}, at(1))
    line.edit({f"{CONTACTS}.0.city": "Brest"}, {})
    assert line.changes_to_send() == {CONTACTS: [{"city": "Brest", "floor": "3"}]}


@pytest.mark.django_db
def test_both_sides_survive_the_database() -> None:
    cart = Cart(upstream_id="7")
    cart.merge_upstream(
        {"external_id": "A-1", "project_id": "P1", "state": "created", "extra": {"deep": [1]}}, at(0)
    )
    cart.edit({"project_id": "P2"}, {"external_id": "?"})
    cart.reflect()
    cart.save()
    stored = Cart.objects.get(pk=cart.pk)
    assert stored.flat_draft == {"external_id": "A-1", "project_id": "P2"}
    assert stored.flat_upstream == {"external_id": "A-1", "project_id": "P1"}
    assert stored.upstream["extra"] == {"deep": [1]}
    assert (stored.unsent, stored.typed, stored.seen_at) == (["project_id"], {"external_id": "?"}, at(0))
