"""The portal in French, and people who have chosen it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from django.utils import translation
from pytest_django import Settings

from accounts.models import User
from tests.conftest import People
from tests.translations.french import messages


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of locales with the French translations as they are, compiled."""
    folder: Path = tmp_path_factory.mktemp("locale")
    target = folder / "fr" / "LC_MESSAGES" / "django.mo"
    target.parent.mkdir(parents=True)
    with target.open("wb") as file:
        write_mo(file, messages())
    return folder


@pytest.fixture
def french(compiled: Path, settings: Settings) -> Iterator[None]:
    """The portal with those translations, whether or not somebody compiled the repository's."""
    settings.LOCALE_PATHS = [compiled]
    yield
    translation.deactivate()


@pytest.fixture
def speakers(french: None, people: People) -> People:
    """The cast, all of them having chosen French."""
    User.objects.update(language="fr")
    for person in (people.sales, people.back_office, people.administrator, people.nobody):
        person.refresh_from_db()
    return people
