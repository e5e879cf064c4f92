"""What sales and the back office read of carts, of their lines and of errors, in French."""

from collections.abc import Callable

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone, translation
from django.views.defaults import bad_request

from accounts.models import User
from portal.errors import csrf_failure
from sessions_app.models import Cart, Line
from tests.conftest import People
from tests.portal.world import a_cart, a_line, an_operation
from tests.translations.french import assert_french

SignIn = Callable[[User], Client]

SHELL = [
    "/",
    "/carts/",
    "/carts/?q=nothing",
    "/carts/new/",
    "/lines/",
    "/outbox/",
    "/outbox/?show=done",
    "/search/",
]
OF_A_CART = ["cart", "cart-edit", "cart-confirm", "cart-delete", "line-new"]
OF_A_LINE = ["line", "line-duplicate", "line-delete"]
OPERATIONS = ["/operations/", "/search/?q=nothing", "/accounts/2fa/", "/accounts/password/change/"]


@pytest.fixture
def cart(speakers: People) -> Cart:
    """A cart with something to say: a line that lacks much, was changed on both sides, and has pending operations."""
    cart = a_cart(speakers.sales, "CART-1", missing_count=9, team=speakers.north)
    line = a_line(cart, expires_on=timezone.localdate(), conflicts={"note": {"was": "a", "theirs": "b"}})
    an_operation(cart, line, state="refused", failure="Invalid", actor=speakers.sales)
    an_operation(cart, line, failure="Unreachable", attempts=2, actor=speakers.sales)
    return cart


@pytest.fixture
def line(cart: Cart) -> Line:
    line: Line = cart.lines.get()
    return line


@pytest.mark.parametrize("path", SHELL)
def test_sales_read_french(path: str, speakers: People, cart: Cart, signed_in: SignIn) -> None:
    assert_french(signed_in(speakers.sales).get(path).content, "Aller au contenu", "Se déconnecter")


@pytest.mark.parametrize("page", OF_A_CART)
def test_a_cart_reads_french(page: str, speakers: People, cart: Cart, signed_in: SignIn) -> None:
    response = signed_in(speakers.sales).get(reverse(f"sessions_app:{page}", args=[cart.pk]))
    assert_french(response.content)


@pytest.mark.parametrize("page", OF_A_LINE)
def test_a_line_reads_french(page: str, speakers: People, line: Line, signed_in: SignIn) -> None:
    response = signed_in(speakers.sales).get(reverse(f"sessions_app:{page}", args=[line.pk]))
    assert_french(response.content)


@pytest.mark.parametrize("path", OPERATIONS)
def test_the_back_office_reads_french(path: str, speakers: People, cart: Cart, signed_in: SignIn) -> None:
    assert_french(signed_in(speakers.back_office).get(path).content)


def test_administration_is_named_in_french(speakers: People, signed_in: SignIn) -> None:
    page = signed_in(speakers.administrator).get(reverse("admin:index")).content.decode()
    assert "Utilisateurs et équipes" in page
    assert "Équipes" in page


def test_somebody_without_a_role_is_informed_in_french(speakers: People, signed_in: SignIn) -> None:
    assert_french(signed_in(speakers.nobody).get("/").content, "Pas encore de rôle")


def test_the_sign_in_page_is_in_the_browsers_language(french: None, db: None, client: Client) -> None:
    wrong = {"login": "nobody", "password": "nothing"}
    page = client.post("/accounts/login/", wrong, headers={"accept-language": "fr-FR,fr;q=0.9"}).content
    assert_french(page, "Se connecter", "L’identifiant ou le mot de passe est incorrect.")


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nowhere/", 404, "Cette page n’existe pas"),
        ("/operations/", 403, "Vous n’avez pas accès à cette page."),
    ],
)
def test_errors_are_explained_in_french(
    path: str, status: int, words: str, speakers: People, signed_in: SignIn
) -> None:
    response = signed_in(speakers.sales).get(path)
    assert response.status_code == status
    assert_french(response.content, words)


def test_refused_requests_are_explained_in_french(french: None, db: None, rf: RequestFactory) -> None:
    with translation.override("fr"):
        assert_french(bad_request(rf.get("/"), ValueError()).content, "Rien n’a été modifié.")
        assert_french(csrf_failure(rf.post("/")).content, "Rien n’a été enregistré ni envoyé.")
