"""What was typed survives a broken line, a reload, a session that ended and a server that does not respond."""

from django.contrib.sessions.models import Session
from playwright.sync_api import Page, Response, Route, expect

from accounts.models import User
from sessions_app.models import Cart, Line
from tests.browser import page_helpers
from tests.browser.conftest import Visit
from tests.browser.page_checks import ConsoleErrors
from tests.conftest import People

TYPED = "Ring twice, then wait"


def _type_note(page: Page) -> None:
    page.locator("#id_note").fill(TYPED)
    page.locator("#id_note").blur()


def _note(line: Line) -> object:
    return Line.objects.get(pk=line.pk).draft.get("note")


def _is_save(response: Response) -> bool:
    return response.request.method == "POST" and response.ok


def _end_all_sessions() -> None:
    Session.objects.all().delete()


def test_typed_while_the_line_is_down_it_is_saved_when_the_line_is_back(
    page: Page, bare_line: Line, console_errors: ConsoleErrors
) -> None:
    console_errors.expect("ERR_INTERNET_DISCONNECTED", "htmx:sendError", "htmx:afterRequest")
    page.context.set_offline(True)
    _type_note(page)
    expect(page.locator("#not-saved")).to_be_visible()
    expect(page.locator("#unanswered")).to_be_visible()
    assert _note(bare_line) is None

    with page.expect_response(_is_save):
        page.context.set_offline(False)

    expect(page.locator("#not-saved")).to_be_hidden()
    expect(page.locator("#unanswered")).to_be_hidden()
    expect(page.locator("#id_note")).to_have_value(TYPED)
    assert _note(bare_line) == TYPED


def test_what_was_not_saved_is_put_back_when_the_page_is_opened_again(
    page: Page, bare_line: Line, console_errors: ConsoleErrors
) -> None:
    console_errors.expect("ERR_FAILED", "htmx:sendError", "htmx:afterRequest")
    page.route("**/lines/**", lambda route: route.abort())
    _type_note(page)
    expect(page.locator("#not-saved")).to_be_visible()

    page.unroute_all()
    with page.expect_response(_is_save):
        page.reload()

    expect(page.locator("#put-back")).to_be_visible()
    expect(page.locator("#id_note")).to_have_value(TYPED)
    assert _note(bare_line) == TYPED


def test_what_is_typed_before_the_page_is_all_there_is_saved_once_it_is(page: Page, bare_line: Line) -> None:
    delayed: list[Route] = []
    page.route("**/drafts*.js", lambda route: delayed.append(route))
    with page.expect_request("**/drafts*.js"):
        page.goto(bare_line.get_absolute_url(), wait_until="commit")
    _type_note(page)
    assert _note(bare_line) is None

    with page.expect_response(_is_save):
        delayed[0].continue_()

    expect(page.locator("#id_note")).to_have_value(TYPED)
    expect(page.locator("#put-back")).to_be_hidden()
    assert _note(bare_line) == TYPED


def test_a_whole_form_that_never_arrived_is_put_back_however_the_page_is_opened_again(
    page: Page, bare_line: Line, console_errors: ConsoleErrors
) -> None:
    console_errors.expect("ERR_FAILED", "htmx:sendError", "htmx:afterRequest")
    page.route("**/lines/**", lambda route: route.abort())
    page.locator("#id_note").fill(TYPED)
    page.locator(".save-bar button.btn-primary").click()
    page.wait_for_url("chrome-error://**")

    page.unroute_all()
    with page.expect_response(_is_save):
        page.goto(bare_line.get_absolute_url())

    expect(page.locator("#id_note")).to_have_value(TYPED)
    assert _note(bare_line) == TYPED


def test_what_was_put_back_never_goes_over_what_somebody_else_wrote_meanwhile(
    page: Page, visit: Visit, colleague: User, people: People, bare_line: Line, console_errors: ConsoleErrors
) -> None:
    console_errors.expect("ERR_FAILED", "htmx:sendError", "htmx:afterRequest")
    Cart.objects.filter(pk=bare_line.cart_id).update(team=people.north)
    page.route("**/lines/**", lambda route: route.abort())
    _type_note(page)
    expect(page.locator("#not-saved")).to_be_visible()
    other = visit(colleague)
    other.goto(bare_line.get_absolute_url())
    page_helpers.write(other, "id_note", "Theirs")

    page.unroute_all()
    page.reload()

    expect(page.locator("#id_note")).to_have_value(TYPED)
    expect(page_helpers.field_errors(page, "id_note")).to_contain_text("Theirs")
    assert _note(bare_line) == "Theirs"


def test_what_is_saved_is_not_put_back(page: Page, bare_line: Line) -> None:
    page.locator("#id_note").fill(TYPED)
    page_helpers.click_and_wait(page.locator(".save-bar button.btn-primary"))
    expect(page.locator("#messages .alert")).to_be_visible()

    page.reload()

    expect(page.locator("#id_note")).to_have_value(TYPED)
    expect(page.locator("#put-back")).to_be_hidden()
    assert page.evaluate("localStorage.length") == 0


def test_the_end_of_a_session_while_typing_is_shown_and_after_signing_in_all_is_there_and_saved(
    page: Page, bare_line: Line, console_errors: ConsoleErrors
) -> None:
    console_errors.expect("status of 401", "Response Status Error Code 401")
    _end_all_sessions()
    _type_note(page)
    banner = page.locator("#signed-out")
    expect(banner).to_be_visible()
    expect(page.locator("#id_note")).to_have_value(TYPED)

    page_helpers.click_and_wait(banner.locator("a"))
    with page.expect_response(lambda response: _is_save(response) and "/lines/" in response.url):
        page_helpers.sign_in(page, "sales")

    expect(page.locator("#id_note")).to_have_value(TYPED)
    page_helpers.expect_path(page, bare_line.get_absolute_url())
    assert _note(bare_line) == TYPED


def test_signing_in_in_another_tab_is_enough(
    page: Page, bare_line: Line, console_errors: ConsoleErrors
) -> None:
    console_errors.expect("status of 401", "Response Status Error Code 401")
    _end_all_sessions()
    _type_note(page)
    expect(page.locator("#signed-out")).to_be_visible()

    tab = page.context.new_page()
    tab.goto("/accounts/login/")
    page_helpers.sign_in(tab, "sales")
    tab.wait_for_url("**/")
    page_helpers.write(page, "id_vlan_reference", "500")

    expect(page.locator("#signed-out")).to_be_hidden()
    assert Line.objects.get(pk=bare_line.pk).draft["vlan_reference"] == 500


def test_without_javascript_a_form_sent_after_the_session_ended_comes_back_filled_in(
    visit: Visit, people: People, bare_line: Line
) -> None:
    page = visit(people.sales, java_script_enabled=False)
    page.goto(bare_line.get_absolute_url())
    _end_all_sessions()
    page.locator("#id_note").fill(TYPED)
    page_helpers.submit(page)
    page_helpers.sign_in(page, "sales")

    expect(page.locator("#id_note")).to_have_value(TYPED)
    assert _note(bare_line) is None
    page_helpers.submit(page)
    expect(page.locator("#messages .alert")).to_be_visible()
    assert _note(bare_line) == TYPED


def test_a_new_cart_and_a_new_line_survive_the_end_of_the_session_too(visit: Visit, people: People) -> None:
    page = visit(people.sales)
    page.goto("/carts/new/")
    page.locator("#id_project_id").fill("AB123")
    _end_all_sessions()
    page_helpers.submit(page)
    page_helpers.sign_in(page, "sales")
    expect(page.locator("#id_project_id")).to_have_value("AB123")
    page_helpers.submit(page)
    page_helpers.follow(page, "/lines/new/")
    page.locator("#id_end_customer_name").fill(TYPED)
    _end_all_sessions()
    page_helpers.submit(page)
    page_helpers.sign_in(page, "sales")
    expect(page.locator("#id_end_customer_name")).to_have_value(TYPED)
    page_helpers.submit(page)

    expect(page.locator("h1")).to_contain_text(TYPED)
    assert Line.objects.get().end_customer_name == TYPED
