"""A sales person at work: carts opened, filled, changed, deleted and confirmed through the portal's pages."""

import re

from tests.campaign.browser import Browser, BrowserPage, Fields
from tests.campaign.orders import CONTACTS, Author, CartPlan, LinePlan, Texts, Typed


def play(browser: Browser, author: Author, plan: CartPlan) -> None:
    """Bring one cart to the fate that is planned for it."""
    open_cart(browser, author, plan)
    for _ in range(1 + plan.number % 2):
        add_line(browser, author, plan)
    if author.maybe(0.25):
        edit_cart(browser, author, plan)
    if len(plan.lines) > 1 and author.maybe(0.25):
        delete_line(browser, author, plan)
    for line in plan.lines:
        if not line.is_deleted:
            change_line(browser, author, line)
    if author.maybe(0.1):
        send_again(browser, author, plan)
    if plan.fate == "deleted":
        delete_cart(browser, author, plan)
    elif plan.fate == "confirmed":
        confirm(browser, author, plan)


def press(browser: Browser, author: Author, path: str, form: Fields) -> BrowserPage:
    """Press a form's button, now and then twice at once, which has to lead to the same page."""
    if not author.maybe(0.3):
        return browser.send(path, form)
    one, other = browser.send_twice(path, form)
    assert one.place == other.place, f"{path} led to {one.place} and {other.place}"
    return one


def open_cart(browser: Browser, author: Author, plan: CartPlan) -> None:
    form = browser.open("carts/new/").form("key")
    plan.reference = author.reference("CART") if author.maybe(0.6) else ""
    plan.references.add(plan.reference)
    plan.project = author.project()
    form |= {"external_id": plan.reference, "project_id": plan.project}
    plan.id = _made(press(browser, author, "carts/new/", form), "carts")


def edit_cart(browser: Browser, author: Author, plan: CartPlan) -> None:
    """Another project, or another reference."""
    form = browser.open(f"carts/{plan.id}/edit/").form("external_id")
    if author.maybe(0.5):
        plan.project = author.project()
    else:
        plan.reference = author.reference("CART")
        plan.references |= {form["external_id"], plan.reference}
    form["project_id"] = plan.project
    form["external_id"] = plan.reference or form["external_id"]
    _assert_at(press(browser, author, f"carts/{plan.id}/edit/", form), f"carts/{plan.id}/")


def add_line(browser: Browser, author: Author, plan: CartPlan) -> None:
    form = browser.open(f"carts/{plan.id}/lines/new/").form("key")
    line = LinePlan()
    plan.lines.append(line)
    form = _typed(form, line, author.first_fields())
    line.id = _made(press(browser, author, f"carts/{plan.id}/lines/new/", form), "lines")
    sites = author.chance.choice((1, 1, 1, 2))
    form = browser.open(f"lines/{line.id}/?sites={sites}").form("seen")
    _save(browser, author, line, _typed(form, line, author.other_fields(sites)))


def change_line(browser: Browser, author: Author, line: LinePlan) -> None:
    """Second thoughts: something else, nothing at all, another reference, or what was there before."""
    note, nothing = line.texts["note"], Typed("", None)
    if author.maybe(0.6):
        _retype(browser, author, line, {"note": author.paragraph(), "vlan_reference": author.vlan()})
    if author.maybe(0.2):
        _retype(browser, author, line, {"technical_note": nothing, f"{CONTACTS}.0.building_name": nothing})
    if author.maybe(0.2):
        _retype(browser, author, line, {"external_id": _reference(author)})
    if author.maybe(0.3):
        _retype(browser, author, line, {"note": note})


def _reference(author: Author) -> Typed:
    text = author.reference("LINE")
    return Typed(text, text)


def _retype(browser: Browser, author: Author, line: LinePlan, texts: Texts) -> None:
    form = browser.open(f"lines/{line.id}/").form("seen")
    line.references.add(form["external_id"])
    _save(browser, author, line, _typed(form, line, texts))


def _save(browser: Browser, author: Author, line: LinePlan, form: Fields) -> None:
    _assert_at(press(browser, author, f"lines/{line.id}/", form), f"lines/{line.id}/")


def _typed(form: Fields, line: LinePlan, texts: Texts) -> Fields:
    """The form with these texts typed into it."""
    line.texts |= texts
    typed = {path.replace(".", "-"): typed.text for path, typed in texts.items()}
    unknown = typed.keys() - form.keys()
    assert not unknown, f"The form has no {unknown}."
    return form | typed


def send_again(browser: Browser, author: Author, plan: CartPlan) -> None:
    path = f"carts/{plan.id}/"
    _assert_at(press(browser, author, f"{path}send/", _button(browser, path)), path)


def _button(browser: Browser, path: str) -> Fields:
    """What a bare button sends."""
    return {"csrfmiddlewaretoken": browser.open(path).form("csrfmiddlewaretoken")["csrfmiddlewaretoken"]}


def delete_line(browser: Browser, author: Author, plan: CartPlan) -> None:
    line = plan.lines[0]
    line.is_deleted = True
    path = f"lines/{line.id}/delete/"
    _assert_at(press(browser, author, path, _button(browser, path)), f"carts/{plan.id}/")


def delete_cart(browser: Browser, author: Author, plan: CartPlan) -> None:
    path = f"carts/{plan.id}/delete/"
    _assert_at(press(browser, author, path, _button(browser, path)), "carts/")


def confirm(browser: Browser, author: Author, plan: CartPlan) -> None:
    """Review and confirm, and open the progress page once."""
    path = f"carts/{plan.id}/confirm/"
    _assert_at(press(browser, author, path, browser.open(path).form("reviewed")), f"carts/{plan.id}/")
    browser.open(f"carts/{plan.id}/progress/")


def _made(page: BrowserPage, kind: str) -> str:
    """The id of the object whose page a form led to."""
    found = re.fullmatch(rf"{kind}/([0-9a-f-]{{36}})/", page.path)
    assert found, f"{page.place} is not the page of one of the {kind}: {page.words}"
    return found[1]


def _assert_at(page: BrowserPage, path: str) -> None:
    assert page.place == (200, path), f"{page.place}, not {path}: {page.words}"
