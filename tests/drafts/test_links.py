"""Links to call a number and to write to an address."""

import pytest

from drafts.values import mail_link, phone_link


@pytest.mark.parametrize(("text", "called"), [("01 23 45 67 89", "0123456789"), ("612345678", "612345678")])
def test_a_number_is_called_as_it_is_meant(text: str, called: str) -> None:
    link = phone_link(text)
    assert link.startswith('<a href="tel:')
    assert called[-9:] in link
    assert f">{text}</a>" in link


@pytest.mark.parametrize("text", ["", "ask at the <b>door</b>", "12"])
def test_what_is_no_number_stays_text(text: str) -> None:
    assert phone_link(text) == text


def test_an_address_is_written_to_and_what_is_none_stays_text() -> None:
    assert mail_link("a@b.example") == '<a href="mailto:a@b.example">a@b.example</a>'
    assert mail_link("nobody <at> home") == "nobody <at> home"
    assert mail_link("") == ""
