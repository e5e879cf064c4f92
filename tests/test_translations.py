"""The French of the portal: complete, with the right placeholders and French typography, and shown on pages."""

import gettext
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings as django_settings
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.views.defaults import bad_request
from pytest_django import Settings

from accounts.models import User
from extranet.drafts import actions
from extranet.models import CopperOrder
from notifications import tasks
from notifications.changes.recording import record_changes
from notifications.models import Mailing
from notifications.subjects import Subject
from notifications.watches.actions import watch_subjects
from portal.errors import csrf_failure
from sessions_app.models import Cart, Line
from tests.conftest import People
from tests.extranet.order_factory import line_to_build, ready_values
from tests.portal.world import a_cart, a_copper_order, a_line, an_operation, copper_of_every_item
from tests.tracking.vendor_documents import detail, history, listed
from tracking.ingest import store
from tracking.ingest.store import Reading
from tracking.models import Order, TerminationReason
from tracking.orders import changes

pytestmark = pytest.mark.once

PRODUCTS = django_settings.BASE_DIR / "locale" / "fr" / "LC_MESSAGES" / "django.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|%[sd]|\{\w*\}")
NO_BREAK = "\u00a0"
SignIn = Callable[[User], Client]


def _texts() -> list[Message]:
    return [text for text in _messages() if text.id]


def _messages() -> Catalog:
    with PRODUCTS.open("rb") as file:
        return read_po(file, locale="fr")


def _pairs() -> Iterator[tuple[str, str]]:
    """Each French text with the English one that it translates; French counts nothing as one."""
    for text in _texts():
        if isinstance(text.id, tuple):
            one, many = text.id
            yield (many if _placeholders(text.string[0]) == _placeholders(many) else one), text.string[0]
            yield many, text.string[1]
        else:
            yield text.id, text.string


def _placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of locales with the French translations as they are, compiled."""
    folder: Path = tmp_path_factory.mktemp("locale")
    target = folder / "fr" / "LC_MESSAGES" / "django.mo"
    target.parent.mkdir(parents=True)
    with target.open("wb") as file:
        write_mo(file, _messages())
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


# The translations


def test_every_text_is_translated() -> None:
    missing = [text.id for text in _texts() if not all(text.string if text.pluralizable else [text.string])]
    assert missing == []


def test_no_translation_is_a_guess() -> None:
    assert [text.id for text in _texts() if text.fuzzy] == []


def test_what_is_counted_has_a_form_for_one_and_a_form_for_many() -> None:
    assert _messages().num_plurals == 2
    counted = [text for text in _texts() if text.pluralizable]
    assert counted
    assert [text.id for text in counted if len(text.string) != 2] == []


def test_a_translation_has_the_placeholders_of_its_text() -> None:
    astray = [(one, other) for one, other in _pairs() if _placeholders(one) != _placeholders(other)]
    assert astray == []


# What nobody says at work (docs/writing.md).
UNSAID = re.compile(
    r"\b(told|owed?|whoever|lately|mend|reckon\w*|anew|e-mail|go on|put aside|no draft|in step|"
    r"(?:does|did|is|can|could|has) ?not)\b",
    re.IGNORECASE,
)
CODE = re.compile(r"\b[a-z0-9]+_[a-z0-9_]+\b")


def test_english_is_as_a_colleague_would_say_it() -> None:
    said = [one for one, _other in _pairs()]
    assert [text for text in said if UNSAID.search(text)] == []


def test_no_text_holds_a_code() -> None:
    bare = [PLACEHOLDER.sub("", text) for pair in _pairs() for text in pair]
    assert [text for text in bare if CODE.search(text)] == []


def test_french_is_set_as_french_is() -> None:
    """Typographic apostrophes, an ellipsis of one sign, no-break spaces inside « » and before : ; ? and !."""
    faults = re.compile(
        rf"'|\.\.\.|[“”\"]|«[^{NO_BREAK}]|[^{NO_BREAK}]»|[^{NO_BREAK}\w:/][:;?!](?!\w)|\w[;?!](?!\w)"
    )
    assert [french for _english, french in _pairs() if faults.search(french)] == []


def test_a_colon_after_a_word_stands_off() -> None:
    assert [french for _english, french in _pairs() if re.search(r"[\w)]:(?=\s|$)", french)] == []


def test_the_compiled_translations_can_be_read(compiled: Path) -> None:
    french = gettext.translation("django", compiled, ["fr"])
    assert french.gettext("Save") == "Enregistrer"
    assert french.pgettext("line", "ready") == "prête"
    assert french.ngettext("%(number)s attempt", "%(number)s attempts", 0) == "%(number)s tentative"
    assert french.ngettext("%(number)s attempt", "%(number)s attempts", 2) == "%(number)s tentatives"


# The pages

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


def _assert_french(content: bytes, *ours: str) -> None:
    """The page says that it is French, and has none of the English sentences that are translated."""
    page = unescape(content.decode())
    assert '<html lang="fr"' in page
    english = {one for one, other in _pairs() if " " in one and one not in other and not _placeholders(one)}
    assert {sentence for sentence in english if re.search(rf"\b{re.escape(sentence)}\b", page)} == set()
    for words in ours:
        assert words in page


@pytest.mark.parametrize("path", SHELL)
def test_sales_read_french(path: str, speakers: People, cart: Cart, signed_in: SignIn) -> None:
    _assert_french(signed_in(speakers.sales).get(path).content, "Aller au contenu", "Se déconnecter")


@pytest.mark.parametrize("page", OF_A_CART)
def test_a_cart_reads_french(page: str, speakers: People, cart: Cart, signed_in: SignIn) -> None:
    response = signed_in(speakers.sales).get(reverse(f"sessions_app:{page}", args=[cart.pk]))
    _assert_french(response.content)


@pytest.mark.parametrize("page", OF_A_LINE)
def test_a_line_reads_french(page: str, speakers: People, line: Line, signed_in: SignIn) -> None:
    response = signed_in(speakers.sales).get(reverse(f"sessions_app:{page}", args=[line.pk]))
    _assert_french(response.content)


@pytest.mark.parametrize("path", OPERATIONS)
def test_the_back_office_reads_french(path: str, speakers: People, cart: Cart, signed_in: SignIn) -> None:
    _assert_french(signed_in(speakers.back_office).get(path).content)


def test_administration_is_named_in_french(speakers: People, signed_in: SignIn) -> None:
    page = signed_in(speakers.administrator).get(reverse("admin:index")).content.decode()
    assert "Utilisateurs et équipes" in page
    assert "Équipes" in page


def test_somebody_without_a_role_is_informed_in_french(speakers: People, signed_in: SignIn) -> None:
    _assert_french(signed_in(speakers.nobody).get("/").content, "Pas encore de rôle")


def test_the_sign_in_page_is_in_the_browsers_language(french: None, db: None, client: Client) -> None:
    wrong = {"login": "nobody", "password": "nothing"}
    page = client.post("/accounts/login/", wrong, headers={"accept-language": "fr-FR,fr;q=0.9"}).content
    _assert_french(page, "Se connecter", "L’identifiant ou le mot de passe est incorrect.")


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
    _assert_french(response.content, words)


def test_refused_requests_are_explained_in_french(french: None, db: None, rf: RequestFactory) -> None:
    with translation.override("fr"):
        _assert_french(bad_request(rf.get("/"), ValueError()).content, "Rien n’a été modifié.")
        _assert_french(csrf_failure(rf.post("/")).content, "Rien n’a été enregistré ni envoyé.")


# Orders, and what people keep with them

OF_EVERYBODY = [
    "/orders/",
    "/orders/?q=nothing",
    "/dashboard/",
    "/dashboard/appointments/",
    "/search/?q=boulangerie",
]
OF_NOTIFICATIONS = ["/notices/", "/notices/settings/"]
OF_THE_BACK_OFFICE = ["/requests/", "/requests/?q=nothing", "/exports/", "/operations/", "/outbox/"]
STEPS = ["production_manager_assigned", "technical_visit_planned"]


def _an_order(**raw: Any) -> Order:
    """An order read a moment ago, so that no page needs the vendor."""
    at = timezone.now()
    store.ingest_page([listed(**raw)], at - timedelta(seconds=1))
    store.ingest_reading(Reading("CMD_X_00000001", at, detail(**raw), history("acknowledged", *STEPS), []))
    return Order.objects.get()


@pytest.fixture
def order(speakers: People) -> Order:
    """An order in production, late, that the sales person watches and that has just changed."""
    order = _an_order(estimated_delivery_date="2026-10-01")
    tasks.notify()  # that it came, which nobody watched
    subject = Subject(order.uuid, order.reference, order.get_absolute_url(), order.end_customer_name)
    watch_subjects(speakers.sales, [subject])
    record_changes(
        [changes.change_of(order, {"step": STEPS, "documents": [None, "BDC.pdf"]})], timezone.now()
    )
    return order


@pytest.mark.parametrize("path", OF_EVERYBODY + OF_NOTIFICATIONS)
def test_sales_read_of_orders_in_french(path: str, speakers: People, order: Order, signed_in: SignIn) -> None:
    tasks.notify()
    _assert_french(signed_in(speakers.sales).get(path).content)


@pytest.mark.parametrize("path", OF_EVERYBODY + OF_THE_BACK_OFFICE)
def test_the_back_office_reads_of_orders_in_french(
    path: str, speakers: People, order: Order, signed_in: SignIn
) -> None:
    _assert_french(signed_in(speakers.back_office).get(path).content)


def test_an_order_reads_french(speakers: People, order: Order, signed_in: SignIn) -> None:
    content = signed_in(speakers.back_office).get(order.get_absolute_url()).content
    _assert_french(
        content, "Visite technique planifiée", "prochaine étape", "Livraison attendue le 1 octobre 2026"
    )


def test_a_termination_reads_french(speakers: People, signed_in: SignIn) -> None:
    TerminationReason.objects.create(label="Cessation d'activité", position=0)
    order = _an_order(state="active", completion_date="2026-01-15")
    client, address = signed_in(speakers.back_office), f"{order.get_absolute_url()}terminate/"
    _assert_french(client.get(address).content, "Étape 1 sur 2", "Engagement et préavis")
    typed = {"reason": "Cessation d'activité", "request_effective_date": "2031-05-02", "step": "review"}
    _assert_french(client.post(address, typed).content, "Étape 2 sur 2", "2 mai 2031", "Cessation d'activité")


def test_a_notice_says_what_changed_in_french(speakers: People, order: Order, signed_in: SignIn) -> None:
    tasks.notify()
    page = unescape(signed_in(speakers.sales).get("/notices/").content.decode())
    said = "responsable de production désigné → visite technique planifiée"
    assert f"Étape de production{NO_BREAK}: {said}" in page


def test_mail_is_written_in_french(speakers: People, order: Order, mailoutbox: list[Any]) -> None:
    Mailing.objects.create(user=speakers.sales, choice=Mailing.Choice.IMMEDIATE)
    tasks.notify()
    (mail,) = mailoutbox
    assert (
        mail.subject == f"[Carnet] {order.reference} · Boulangerie Martin · Mont-Saint-Aignan : modification"
    )
    for words in ("visite technique planifiée", "Toutes les notifications"):
        assert words in mail.body
        assert words in mail.alternatives[0].content


# Copper orders

OF_COPPER = ["", "?q=nothing", "?pending=true", "new/", "contacts/", "contacts/new/"]
OF_A_DRAFT = ["", "submit/", "owner/", "delete/"]
OF_AN_ANSWER = [
    ("", "Covage attend votre réponse"),
    ("confirm/", "Confirmer la commande"),
    ("cancel/", "Annuler la commande"),
]


def _read(client: Client, address: str, *ours: str) -> None:
    response = client.get(address)
    assert response.status_code == 200
    _assert_french(response.content, *ours)


@pytest.mark.parametrize("path", ["/", "/dashboard/", *(f"/extranet/{page}" for page in OF_COPPER)])
def test_copper_reads_french(path: str, speakers: People, signed_in: SignIn) -> None:
    copper_of_every_item(speakers.sales)
    _read(signed_in(speakers.sales), path, "Cuivre")


@pytest.mark.parametrize("page", OF_A_DRAFT)
@pytest.mark.parametrize("values", [ready_values(enni__enni_vlan=""), line_to_build(address__city="")])
def test_a_copper_draft_reads_french(
    page: str, values: dict[str, Any], speakers: People, signed_in: SignIn
) -> None:
    order = actions.create_order(speakers.sales, values)
    _read(signed_in(speakers.sales), f"{order.get_absolute_url()}{page}", "Commandes cuivre")


@pytest.mark.parametrize(("page", "words"), OF_AN_ANSWER)
def test_an_answer_reads_french(page: str, words: str, speakers: People, signed_in: SignIn) -> None:
    order = a_copper_order(speakers.sales, status="pending")
    _read(signed_in(speakers.sales), f"{order.get_absolute_url()}{page}", words)


@pytest.mark.parametrize("status", ["submitted", "held", "rejected", "canceled", "completed"])
def test_a_copper_order_reads_french(status: str, speakers: People, signed_in: SignIn) -> None:
    order = a_copper_order(speakers.sales, status=status)
    _read(signed_in(speakers.sales), order.get_absolute_url(), "Historique chez Covage")


@pytest.fixture
def in_service(speakers: People) -> CopperOrder:
    service = {"type": "activate", "service_uuid": "l4va47dp", "service_alias": "S20181102_12001"}
    return a_copper_order(speakers.sales, status="completed", upstream=service, **service)


def test_the_end_of_a_copper_service_reads_french(
    in_service: CopperOrder, speakers: People, signed_in: SignIn
) -> None:
    client = signed_in(speakers.back_office)
    _read(client, f"{in_service.get_absolute_url()}terminate/", "Résilier le service S20181102_12001")
    ending = actions.terminate_service(in_service.uuid, speakers.back_office)
    _read(client, ending.get_absolute_url(), "Cette commande résilie le service S20181102_12001")
    _read(client, "/extranet/terminate/?service=S20101102_99999", "Carnet ne connaît aucune commande")


# Dates

MOMENT = datetime(2026, 11, 3, 9, 5)


@pytest.mark.parametrize(
    ("language", "moment", "day"),
    [("fr", "3 novembre 2026 à 09:05", "3 novembre 2026"), ("en", "3 Nov 2026, 09:05", "3 Nov 2026")],
)
def test_dates_are_written_as_the_language_writes_them(language: str, moment: str, day: str) -> None:
    with translation.override(language):
        assert date_format(MOMENT, "DATETIME_FORMAT") == moment
        assert date_format(MOMENT, "DATE_FORMAT") == day
        assert date_format(MOMENT, "SHORT_DATETIME_FORMAT") == "03/11/2026 09:05"
        assert date_format(MOMENT, "SHORT_DATE_FORMAT") == "03/11/2026"
