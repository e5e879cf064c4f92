"""Covage's products and contacts → rows: what is listed, what is gone, what the account may not read."""

import pytest
from django.db.models import Model
from django.utils import timezone

from accounts.models import User
from covage import Forbidden, NotFound
from extranet.drafts import actions
from extranet.ingest import ingest_products
from extranet.models import Contact, Product
from sync.models import SyncRun
from tests.extranet.order_factory import fresh, read_products, ready_values
from tests.extranet.sync_runs import fail_reading
from tests.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("impatient"), pytest.mark.postgresql]


def test_products_and_contacts_are_read_and_a_second_run_changes_nothing(sandbox: SandboxProcess) -> None:
    run = read_products()
    assert run.changed == Product.objects.count() + Contact.objects.count() == 15
    product = Product.objects.get(code="SD01")
    assert (product.family, str(product), product.document["line"]["code"]) == ("S", "SD01", "SD")
    assert str(Contact.objects.get(upstream_id="bp5nkkcx")) == "Camille Rambaud"
    assert read_products().changed == 0
    assert set(Product.objects.orderable().values_list("family", flat=True)) == {"A", "S", "M"}


def test_what_the_list_of_products_lacks_is_gone_until_it_is_there_again(sandbox: SandboxProcess) -> None:
    read_products()
    extra = Product.objects.create(code="ZZ99", digest="x")
    run = read_products()
    extra.refresh_from_db()
    assert (run.gone, extra.gone_at is not None) == (1, True)
    ingest_products([{"code": "ZZ99", "name": 7, "line": "nonsense"}], timezone.now())
    extra.refresh_from_db()
    assert (extra.gone_at, extra.name, extra.family) == (None, "7", "")


@pytest.mark.parametrize("path", ["/api/products/$", "/api/contacts/$"])
@pytest.mark.parametrize(("status", "error"), [(403, Forbidden), (404, NotFound)])
def test_what_the_account_has_no_right_to_stays_as_it_is_and_the_run_says_so(
    sandbox: SandboxProcess, path: str, status: int, error: type[Exception]
) -> None:
    read_products()
    before = Product.objects.count(), Contact.objects.count()
    fail_reading(sandbox, path, status=status)
    with pytest.raises(error):
        read_products()
    assert (
        Product.objects.filter(gone_at=None).count(),
        Contact.objects.filter(gone_at=None).count(),
    ) == before
    run = SyncRun.objects.latest("id")
    assert (run.state, run.gone, "support reference" in run.error) == (SyncRun.State.FAILED, 0, True)


@pytest.mark.parametrize(("barred", "read"), [("/api/products/$", Contact), ("/api/contacts/$", Product)])
def test_the_right_to_one_is_used_where_the_other_is_missing(
    sandbox: SandboxProcess, barred: str, read: type[Model]
) -> None:
    fail_reading(sandbox, barred, status=403)
    with pytest.raises(Forbidden):
        read_products()
    assert [model for model in (Product, Contact) if model._default_manager.exists()] == [read]


def test_what_may_be_read_counts_at_once_even_where_the_rest_may_not(
    sandbox: SandboxProcess, sales: User
) -> None:
    order = actions.create_order(sales, ready_values(product__code="ZZ99"))
    fail_reading(sandbox, "/api/contacts/$", status=403)
    with pytest.raises(Forbidden):
        read_products()
    assert fresh(order).missing_count == order.missing_count + 1
