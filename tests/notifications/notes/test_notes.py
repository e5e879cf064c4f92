"""Notes about an order: read by everybody, changed by their author, never lost while being typed."""

from typing import Any

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from accounts.models import User
from notifications.models import Note
from notifications.notes.forms import LONGEST_NOTE
from notifications.notes.pages import notes_context, notes_of
from notifications.subjects import Subject
from tests.conftest import People
from tests.subjects import a_subject

pytestmark = pytest.mark.postgresql


def _payload(user: User, subject: Subject | None = None, **changes: str) -> dict[str, str]:
    token = (subject or a_subject()).token(user)
    return {"subject": token, "text": "Call before ten.", "next": "/lines/"} | changes


def _note(author: User | None, **columns: Any) -> Note:
    return Note.objects.create(author=author, **{"subject_id": a_subject().id, "text": "Old"} | columns)


def _piece(user: User, subject: Subject) -> str:
    request = RequestFactory().get(subject.url)
    return render_to_string("notifications/notes/notes.html", notes_context(user, subject), request)


def test_a_note_is_saved_and_leads_back_to_the_same_page(people: People, sales_client: Client) -> None:
    subject = a_subject()
    response = sales_client.post("/notes/new/", _payload(people.sales, subject))
    assert response.headers["Location"] == "/lines/"
    (note,) = notes_of(subject.id)
    assert (note.author, note.text, note.edited_at) == (people.sales, "Call before ten.", None)


@pytest.mark.parametrize("text", ["", "   ", "x" * (LONGEST_NOTE + 1), "a\x00b"])
def test_an_invalid_note_comes_back_filled(people: People, sales_client: Client, text: str) -> None:
    response = sales_client.post("/notes/new/", _payload(people.sales, text=text))
    page = response.content.decode()
    assert response.status_code == 422
    assert "field-errors" in page
    assert response.context["form"]["text"].value() == text
    assert 'name="next" value="/lines/"' in page
    assert not Note.objects.exists()


def test_a_note_about_something_the_person_was_not_shown_is_not_saved(
    people: People, sales_client: Client
) -> None:
    for token in ("", "nonsense", a_subject().token(people.back_office)):
        response = sales_client.post("/notes/new/", _payload(people.sales, subject=None) | {"subject": token})
        assert response.status_code == 404
    assert not Note.objects.exists()


def test_there_is_no_note_to_write_about_nothing(people: People, sales_client: Client) -> None:
    assert sales_client.get("/notes/new/").status_code == 404


def test_what_was_typed_is_there_again_after_signing_in(people: People, sales_client: Client) -> None:
    data = _payload(people.sales)
    sales_client.logout()
    response = sales_client.post("/notes/new/", data)
    assert response.headers["Location"] == "/accounts/login/?next=%2Fnotes%2Fnew%2F"
    sales_client.post("/accounts/login/", {"login": "sales", "password": "open sesame 123"})
    page = sales_client.get("/notes/new/").content.decode()
    assert "Call before ten." in page
    assert data["subject"] in page
    assert 'name="next" value="/lines/"' in page


def test_its_author_changes_a_note(people: People, sales_client: Client) -> None:
    note = _note(people.sales)
    assert "Old" in sales_client.get(f"/notes/{note.pk}/?next=/lines/").content.decode()
    response = sales_client.post(f"/notes/{note.pk}/", {"text": "New", "next": "/lines/"})
    assert response.headers["Location"] == "/lines/"
    note.refresh_from_db()
    assert note.text == "New"
    assert note.edited_at


def test_an_invalid_change_comes_back_filled(people: People, sales_client: Client) -> None:
    note = _note(people.sales)
    response = sales_client.post(f"/notes/{note.pk}/", {"text": " "})
    assert response.status_code == 422
    note.refresh_from_db()
    assert note.text == "Old"


def test_its_author_deletes_a_note(people: People, sales_client: Client) -> None:
    note = _note(people.sales)
    response = sales_client.post(f"/notes/{note.pk}/delete/?next=/lines/")
    assert response.headers["Location"] == "/lines/"
    assert not Note.objects.exists()


@pytest.mark.parametrize("who", ["back_office", "administrator"])
def test_someone_elses_note_is_not_found(people: People, sales_client: Client, who: str) -> None:
    note = _note(getattr(people, who))
    assert sales_client.get(f"/notes/{note.pk}/").status_code == 404
    assert sales_client.post(f"/notes/{note.pk}/", {"text": "Mine"}).status_code == 404
    assert sales_client.post(f"/notes/{note.pk}/delete/").status_code == 404
    assert Note.objects.get().text == "Old"


def test_nothing_is_deleted_by_a_get(people: People, sales_client: Client) -> None:
    assert sales_client.get(f"/notes/{_note(people.sales).pk}/delete/").status_code == 405


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_nobody_is_redirected_to_another_site(people: People, sales_client: Client, target: str) -> None:
    note = _note(people.sales)
    assert sales_client.get(f"/notes/{note.pk}/", {"next": target}).context["next"] == "/notices/"
    for response in (
        sales_client.post(f"/notes/{note.pk}/", {"text": "New", "next": target}),
        sales_client.post("/notes/new/", _payload(people.sales, next=target)),
    ):
        assert response.headers["Location"] == "/notices/"


def test_the_notes_of_everybody_are_shown_newest_first(people: People) -> None:
    subject = a_subject()
    mine = _note(people.sales, subject_id=subject.id, text="First\nline <b>")
    theirs = _note(people.back_office, subject_id=subject.id, text="Second")
    _note(None, subject_id=subject.id, text="Third")
    _note(people.sales, text="Elsewhere")
    piece = _piece(people.sales, subject)
    assert piece.index("Third") < piece.index("Second") < piece.index("First<br>line &lt;b&gt;")
    assert "a former user" in piece
    assert "Elsewhere" not in piece
    assert f"/notes/{mine.pk}/?next=%2Forders%2FCMD_X_1%2F" in piece
    assert f"/notes/{theirs.pk}/" not in piece


def test_the_notes_take_one_query(people: People, django_assert_num_queries: Any) -> None:
    subject = a_subject()
    for author in (people.sales, people.back_office, people.administrator):
        _note(author, subject_id=subject.id)
    with django_assert_num_queries(1):
        _piece(people.sales, subject)
