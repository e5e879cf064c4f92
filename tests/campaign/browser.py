"""A person's browser: pages, their forms, buttons pressed twice, requests repeated for want of a response."""

import re
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from typing import Any

import requests

Fields = dict[str, str]
TIMEOUT_SECONDS = 60.0


class Forms(HTMLParser):
    """The fields of each form on a page, as a browser would send them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.all: list[Fields] = []
        self._select = self._area = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes: dict[str, Any] = dict(attrs)
        if tag == "form":
            self.all.append({})
        elif self.all and tag == "input" and _is_sent(attributes):
            self.all[-1][attributes["name"]] = attributes.get("value") or ""
        elif self.all and tag == "select":
            self._select = attributes["name"]
        elif self.all and tag == "textarea":
            self._area = attributes["name"]
            self.all[-1][self._area] = ""
        elif (
            self._select
            and tag == "option"
            and ("selected" in attributes or self._select not in self.all[-1])
        ):
            self.all[-1][self._select] = attributes.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self.all[-1][self._area] = self.all[-1][self._area].removeprefix("\n")
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.all[-1][self._area] += data


def _is_sent(attributes: Mapping[str, Any]) -> bool:
    kind = attributes.get("type", "text")
    ticked = kind not in ("checkbox", "radio") or "checked" in attributes
    return bool(attributes.get("name")) and ticked and kind not in ("submit", "button", "file")


class BrowserPage:
    """What the browser shows."""

    def __init__(self, answer: requests.Response) -> None:
        self.status = answer.status_code
        self.path = answer.url.partition("//")[2].partition("/")[2].partition("?")[0]
        self.html = answer.text

    @property
    def place(self) -> tuple[int, str]:
        return self.status, self.path

    @property
    def words(self) -> str:
        """What the page says, roughly."""
        return " ".join(re.sub(r"<[^>]+>", " ", self.html.partition("<main")[2] or self.html).split())[:3000]

    def has_form(self, name: str) -> bool:
        return any(name in form for form in Forms(self.html).all)

    def form(self, name: str) -> Fields:
        """The form that has a field of this name."""
        found = [form for form in Forms(self.html).all if name in form]
        assert found, f"{self.path} ({self.status}) shows no {name!r}: {self.words}"
        return found[0]


class Browser:
    """Signed in as one person. `clicks` counts requests, repeats included."""

    def __init__(self, url: str, is_up: Callable[[], bool]) -> None:
        self.url = url
        self.clicks = 0
        self.repeats = 0
        self._is_up = is_up
        self._http = requests.Session()
        self._http.trust_env = False
        self._lock = threading.Lock()

    def sign_in(self, username: str, password: str) -> None:
        form = self.open("accounts/login/").form("password")
        page = self.send("accounts/login/", form | {"login": username, "password": password})
        assert not page.has_form("password"), "Signing in did not work."

    def open(self, path: str) -> BrowserPage:
        return self._patiently(self._http, "GET", path)

    def send(self, path: str, form: Fields) -> BrowserPage:
        """Post a form; when no response comes, post the same again."""
        return self._patiently(self._http, "POST", path, form)

    def send_twice(self, path: str, form: Fields) -> list[BrowserPage]:
        """Post a form from two tabs at the same moment."""
        start = threading.Barrier(2)

        def press() -> BrowserPage:
            with requests.Session() as tab:
                tab.trust_env = False
                tab.cookies.update(self._http.cookies)
                start.wait(TIMEOUT_SECONDS)
                return self._patiently(tab, "POST", path, form)

        with ThreadPoolExecutor(2) as tabs:
            return [pressed.result() for pressed in [tabs.submit(press), tabs.submit(press)]]

    def _patiently(
        self, http: requests.Session, method: str, path: str, form: Fields | None = None
    ) -> BrowserPage:
        while True:
            with self._lock:
                self.clicks += 1
            try:
                page = BrowserPage(
                    http.request(
                        method,
                        f"{self.url}/{path}",
                        data=form,
                        timeout=TIMEOUT_SECONDS,
                        headers=self._headers,
                    )
                )
            except (requests.ConnectionError, requests.exceptions.ChunkedEncodingError):
                with self._lock:
                    self.repeats += 1
                assert self._is_up(), "The portal stays away."
                continue
            assert page.status < 500, f"{method} {path}: {page.status} {page.words}"
            return page

    @property
    def _headers(self) -> dict[str, str]:
        return {"Referer": f"{self.url}/", "Accept-Language": "en"}
