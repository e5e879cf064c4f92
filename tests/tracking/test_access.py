"""An order is found by the vendor's reference or by their own id for it; any other is a 404."""

import pytest
from django.http import Http404
from django.utils import timezone

from tests.tracking.vendor_documents import listed
from tracking.access import known_order
from tracking.ingest import store

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["order_reference", "id"])
def test_an_order_is_found_by_either_of_its_names(name: str) -> None:
    store.ingest_page([listed(1), listed(2)], timezone.now(), silent=True)
    assert known_order(listed(2)[name]).reference == listed(2)["order_reference"]


@pytest.mark.parametrize("reference", ["", "CMD_X_99999999", "CMD_X_00000001\0", "é" * 500])
def test_an_unknown_order_is_a_404(reference: str) -> None:
    store.ingest_page([listed(1, id="")], timezone.now(), silent=True)
    with pytest.raises(Http404):
        known_order(reference)
