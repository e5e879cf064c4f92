"""A sales person at work: carts opened, filled, changed, deleted and confirmed through the portal's pages."""

import re

from tests.campaign.browser import Browser, Fields, Page
from tests.campaign.orders import CONTACTS, Author, CartStory, LineStory, Texts, Typed


def play(browser: Browser, author: Author, story: CartStory) -> None:
    """Bring one cart to the fate that its story tells."""
    open_cart(browser, author, story)
    for _ in range(1 + story.number % 2):
        add_line(browser, author, story)
    if author.maybe(0.25):
        edit_cart(browser, author, story)
    if len(story.lines) > 1 and author.maybe(0.25):
        delete_line(browser, author, story)
    for line in story.lines:
        if not line.is_deleted:
            change_line(browser, author, line)
    if author.maybe(0.1):
        send_again(browser, author, story)
    if story.fate == "deleted":
        delete_cart(browser, author, story)
    elif story.fate == "confirmed":
        confirm(browser, author, story)


def press(browser: Browser, author: Author, path: str, form: Fields) -> Page:
    """Press a form's button, now and then twice at once, which has to lead to the same page."""
    if not author.maybe(0.3):
        return browser.send(path, form)
    one, other = browser.send_twice(path, form)
    assert one.place == other.place, f"{path} led to {one.place} and {other.place}"
    return one


def open_cart(browser: Browser, author: Author, story: CartStory) -> None:
    form = browser.open("carts/new/").form("key")
    story.reference = author.reference("CART") if author.maybe(0.6) else ""
    story.references.add(story.reference)
    story.project = author.project()
    form |= {"external_id": story.reference, "project_id": story.project}
    story.id = _made(press(browser, author, "carts/new/", form), "carts")


def edit_cart(browser: Browser, author: Author, story: CartStory) -> None:
    """Another project, or another reference."""
    form = browser.open(f"carts/{story.id}/edit/").form("external_id")
    if author.maybe(0.5):
        story.project = author.project()
    else:
        story.reference = author.reference("CART")
        story.references |= {form["external_id"], story.reference}
    form["project_id"] = story.project
    form["external_id"] = story.reference or form["external_id"]
    _assert_at(press(browser, author, f"carts/{story.id}/edit/", form), f"carts/{story.id}/")


def add_line(browser: Browser, author: Author, story: CartStory) -> None:
    form = browser.open(f"carts/{story.id}/lines/new/").form("key")
    line = LineStory()
    story.lines.append(line)
    form = _typed(form, line, author.first_fields())
    line.id = _made(press(browser, author, f"carts/{story.id}/lines/new/", form), "lines")
    sites = author.chance.choice((1, 1, 1, 2))
    form = browser.open(f"lines/{line.id}/?sites={sites}").form("seen")
    _save(browser, author, line, _typed(form, line, author.other_fields(sites)))


def change_line(browser: Browser, author: Author, line: LineStory) -> None:
    """Second thoughts: something else, nothing at all, another reference, or what stood there before."""
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


def _retype(browser: Browser, author: Author, line: LineStory, texts: Texts) -> None:
    form = browser.open(f"lines/{line.id}/").form("seen")
    line.references.add(form["external_id"])
    _save(browser, author, line, _typed(form, line, texts))


def _save(browser: Browser, author: Author, line: LineStory, form: Fields) -> None:
    _assert_at(press(browser, author, f"lines/{line.id}/", form), f"lines/{line.id}/")


def _typed(form: Fields, line: LineStory, texts: Texts) -> Fields:
    """The form with these texts typed into it."""
    line.texts |= texts
    typed = {path.replace(".", "-"): typed.text for path, typed in texts.items()}
    unknown = typed.keys() - form.keys()
    assert not unknown, f"The form has no {unknown}."
    return form | typed


def send_again(browser: Browser, author: Author, story: CartStory) -> None:
    path = f"carts/{story.id}/"
    _assert_at(press(browser, author, f"{path}send/", _button(browser, path)), path)


def _button(browser: Browser, path: str) -> Fields:
    """What a bare button sends."""
    return {"csrfmiddlewaretoken": browser.open(path).form("csrfmiddlewaretoken")["csrfmiddlewaretoken"]}


def delete_line(browser: Browser, author: Author, story: CartStory) -> None:
    line = story.lines[0]
    line.is_deleted = True
    path = f"lines/{line.id}/delete/"
    _assert_at(press(browser, author, path, _button(browser, path)), f"carts/{story.id}/")


def delete_cart(browser: Browser, author: Author, story: CartStory) -> None:
    path = f"carts/{story.id}/delete/"
    _assert_at(press(browser, author, path, _button(browser, path)), "carts/")


def confirm(browser: Browser, author: Author, story: CartStory) -> None:
    """Review and confirm, and look once how far it is."""
    path = f"carts/{story.id}/confirm/"
    _assert_at(press(browser, author, path, browser.open(path).form("reviewed")), f"carts/{story.id}/")
    browser.open(f"carts/{story.id}/progress/")


def _made(page: Page, kind: str) -> str:
    """The id of what a form made, whose page it led to."""
    found = re.fullmatch(rf"{kind}/([0-9a-f-]{{36}})/", page.path)
    assert found, f"{page.place} is not the page of one of the {kind}: {page.words}"
    return found[1]


def _assert_at(page: Page, path: str) -> None:
    assert page.place == (200, path), f"{page.place}, not {path}: {page.words}"
