"""The labels of options are learnt from the orders that have them."""

from typing import Any

import pytest

from sessions_app.models import Option
from tracking.ingest.store import label_options

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@pytest.fixture(autouse=True)
def _nothing_known() -> None:
    """Not even what is known from the start."""
    Option.objects.all().delete()


def learn(*options: Any) -> dict[str, str]:
    label_options({"product": {"options": list(options)}})
    return dict(Option.objects.values_list("option_id", "label"))


def test_an_option_has_the_label_of_its_order() -> None:
    raw = {"option_id": 194, "label": " GTR 4H HO ", "name": "GTR"}
    assert learn(raw, {"option_id": "2220", "name": "Livraison locale"}) == {
        "194": "GTR 4H HO",
        "2220": "Livraison locale",
    }


def test_a_label_that_is_known_stays() -> None:
    Option.objects.create(option_id="194", label="UnlistedRequest")
    assert learn({"option_id": "194", "label": "Theirs"}) == {"194": "UnlistedRequest"}


@pytest.mark.parametrize(
    "option", [None, 5, {}, {"option_id": "194"}, {"label": "GTR"}, {"option_id": None, "name": "x"}]
)
def test_a_malformed_option_teaches_nothing(option: Any) -> None:
    assert learn(option) == {}


@pytest.mark.parametrize("detail", [{}, {"product": None}, {"product": []}, {"product": {"options": "x"}}])
def test_an_order_without_options_teaches_nothing(detail: dict[str, Any]) -> None:
    label_options(detail)
    assert not Option.objects.exists()
