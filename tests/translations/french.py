"""The French translations as they are in the repository, and how to see whether a page is written in them."""

import functools
import re
from html import unescape

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import Client

PRODUCTS = settings.BASE_DIR / "locale" / "fr" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|%[sd]|\{\w*\}")
NO_BREAK = "\u00a0"


@functools.cache
def messages() -> Catalog:
    with PRODUCTS.open("rb") as file:
        return read_po(file, locale="fr")


def texts() -> list[Message]:
    return [text for text in messages() if text.id]


@functools.cache
def pairs() -> list[tuple[str, str]]:
    """Each French text with the English one that it translates; French counts nothing as one."""
    found = []
    for text in texts():
        if isinstance(text.id, tuple):
            one, many = text.id
            said_of_one = many if placeholders(text.string[0]) == placeholders(many) else one
            found += [(said_of_one, text.string[0]), (many, text.string[1])]
        else:
            found.append((text.id, text.string))
    return found


def placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


@functools.cache
def _sentences() -> list[str]:
    """The English ones that would be seen on a page of French: of several words, and without gaps to be filled."""
    return sorted(
        {one for one, other in pairs() if " " in one and one not in other and not placeholders(one)}
    )


def assert_french(content: bytes, *ours: str) -> None:
    """The page says that it is French, and has none of the English sentences that are translated."""
    page = unescape(content.decode())
    assert '<html lang="fr"' in page
    found = [text for text in _sentences() if text in page and re.search(rf"\b{re.escape(text)}\b", page)]
    assert found == []
    for words in ours:
        assert words in page


def read_in_french(client: Client, address: str, *ours: str) -> None:
    """The page opens, and is French."""
    response = client.get(address)
    assert response.status_code == 200
    assert_french(response.content, *ours)
