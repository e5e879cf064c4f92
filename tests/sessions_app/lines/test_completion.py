"""What follows from what was typed into a line: pure, but for the line itself."""

from hypothesis import given
from hypothesis import strategies as st

from drafts import editing
from sessions_app import fields
from sessions_app.lines.completion import completed
from sessions_app.models import Cart, Line
from tests.sessions_app.cart_factory import ready_values

SITE = "related_contact_information"


def read(line: Line, texts: dict[str, str]) -> editing.Edit:
    return editing.read_edit(line, texts, editing.texts_of(line), completed)


def test_the_commune_completes_what_it_settles_and_nothing_that_was_typed() -> None:
    line = Line(cart=Cart())
    edit = read(line, {f"{SITE}.1.insee_code": "76451", f"{SITE}.1.postcode": "none"})
    assert edit.values == {f"{SITE}.1.insee_code": "76451", f"{SITE}.1.city": "Mont-Saint-Aignan"}
    assert edit.filled == [f"{SITE}.1.city"]
    assert edit.typed == {f"{SITE}.1.postcode": "none"}


def test_the_customer_is_filled_in_as_the_one_on_site_unless_there_is_another() -> None:
    on_site = f"{SITE}.0.end_customer_name"
    assert read(Line(cart=Cart()), {"end_customer_name": "Martin"}).values[on_site] == "Martin"
    ready = Line(cart=Cart())
    ready.edit(ready_values(), {})
    assert on_site not in read(ready, {"end_customer_name": "Dupont"}).values
    both = {"end_customer_name": "Martin", on_site: "Mairie"}
    assert read(Line(cart=Cart()), both).values[on_site] == "Mairie"


PATHS = [field.name for field in fields.LINE_FIELDS if field.name != SITE]
PATHS += [f"{SITE}.{n}.{field.name}" for n in (0, 1) for field in fields.SITE_CONTACT_FIELDS]


@given(st.dictionaries(st.sampled_from(PATHS), st.text(max_size=20), max_size=5))
def test_whatever_is_typed_is_there_afterwards(texts: dict[str, str]) -> None:
    line = Line(cart=Cart())
    edit = read(line, texts)
    line.edit(edit.values, edit.typed)
    typed = {path for path, text in texts.items() if text.replace("\0", "").strip()}
    assert typed == {*edit.values, *edit.typed} - {*edit.filled}
    again = editing.texts_of(line)
    assert editing.read_edit(line, again, again, completed) == editing.Edit({}, {}, {}, [], [])
