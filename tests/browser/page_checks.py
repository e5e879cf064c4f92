"""What is checked on every page: errors in the browser's console, accessibility, and width."""

import functools
from pathlib import Path
from typing import Any

from playwright.sync_api import ConsoleMessage, Error, Page

AXE = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
AXE_OPTIONS = "{resultTypes: ['violations'], iframes: false, preload: false}"
GRAVE = {"serious", "critical"}


class ConsoleErrors:
    """Errors and warnings in the consoles of pages, including violations of the Content-Security-Policy."""

    def __init__(self) -> None:
        self._messages: list[str] = []
        self._expected: list[str] = []

    def listen_to(self, page: Page) -> None:
        page.on("console", self._on_console)
        page.on("pageerror", self._on_error)

    def expect(self, *fragments: str) -> None:
        """Accept messages that contain one of these texts, such as "status of 422"."""
        self._expected += fragments

    def unexpected(self) -> list[str]:
        return [text for text in self._messages if not any(fragment in text for fragment in self._expected)]

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._messages.append(f"{message.text} ({message.location['url']})")

    def _on_error(self, error: Error) -> None:
        self._messages.append(str(error))


@functools.cache
def _axe_source() -> str:
    return AXE.read_text(encoding="utf-8")


def barriers(page: Page) -> list[str]:
    """The serious violations that axe-core finds on a page, once all of it is there: rule, help, and where.

    Pages in frames are checked by themselves.
    """
    page.wait_for_load_state()
    # Handed over as text for the debugger to run: the policy refuses script tags.
    page.evaluate(_axe_source())
    found: dict[str, Any] = page.evaluate(f"axe.run(document, {AXE_OPTIONS})")
    return [
        f"{violation['id']}: {violation['help']} at {node['target']} ({node.get('failureSummary', '')})"
        for violation in found["violations"]
        if violation["impact"] in GRAVE
        for node in violation["nodes"]
    ]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    page.wait_for_load_state()
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width
