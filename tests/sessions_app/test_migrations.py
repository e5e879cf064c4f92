"""What the migrations do to rows that are there already."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection

from sessions_app.models import Cart, Line

pytestmark = pytest.mark.django_db


def test_carts_and_lines_of_before_are_found_as_new_ones_are(monkeypatch: pytest.MonkeyPatch) -> None:
    migration = import_module("sessions_app.migrations.0003_search_words")
    monkeypatch.setattr(migration, "BATCH", 2)
    carts = [Cart.objects.create(external_id=f"Été {number}", project_id="P-ç") for number in range(5)]
    lines = [Line.objects.create(cart=cart, search=f"lycée œuvre {cart}") for cart in carts]
    migration.write_words(apps, SimpleNamespace(connection=connection))
    for number, (cart, line) in enumerate(zip(carts, lines, strict=True)):
        cart.refresh_from_db()
        line.refresh_from_db()
        assert (cart.search, line.search) == (f"ETE {number} P-C", f"LYCEE OEUVRE ETE {number}")
