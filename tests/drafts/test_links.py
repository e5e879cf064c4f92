"""Links to call a number and to write to an address."""

import pytest

from drafts.values import mail_link, phone_link


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("0123456789", '<a href="tel:+33123456789">01 23 45 67 89</a>'),
        ("639981003", '<a href="tel:+33639981003">06 39 98 10 03</a>'),
        ("215488745", '<a href="tel:+33215488745">02 15 48 87 45</a>'),
        ("0596.50.12.34", '<a href="tel:+596596501234">05 96 50 12 34</a>'),
        ("+590690001234", '<a href="tel:+590690001234">06 90 00 12 34</a>'),
        ("+32 2 555 12 12", '<a href="tel:+3225551212">+32 2 555 12 12</a>'),
    ],
)
def test_a_link_calls_the_international_number_and_reads_in_the_one_shown_form(text: str, link: str) -> None:
    """RFC 3966, 5.1.4: a tel URI is a global number, with + and without spaces, wherever there is one."""
    assert phone_link(text) == link


def test_a_number_of_no_known_plan_is_called_if_it_is_a_global_one() -> None:
    """RFC 3966, 5.1.5: a local number would need a context that nobody knows. E.164 has fifteen digits at most."""
    assert phone_link("+999 12345678") == '<a href="tel:+99912345678">+999 12345678</a>'
    assert phone_link("12345678901") == "12345678901"
    assert phone_link("+1234567890123456") == "+1234567890123456"


@pytest.mark.parametrize("text", ["", "ask at the <b>door</b>", "12"])
def test_what_is_no_number_stays_text(text: str) -> None:
    assert phone_link(text) == text


def test_an_address_is_written_to_and_what_is_none_stays_text() -> None:
    assert mail_link("a@b.example") == '<a href="mailto:a@b.example">a@b.example</a>'
    assert mail_link("nobody <at> home") == "nobody <at> home"
    assert mail_link("") == ""
