"""The Chromium that is installed here, driven headless, with everything that it asked for and complained of."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SIZES = {"desk": (1280, 860), "phone": (390, 844)}


class Watched:
    """A page, with the addresses that it asked for and what went wrong on it."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.asked: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("console", lambda message: self._heard(message))

    def _heard(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")

    def faults(self, scope: str | None = None) -> list[str]:
        """What axe-core finds serious or critical on the page, or in the part of it that `scope` selects."""
        axe = pytest.importorskip(
            "axe_playwright_python.sync_playwright", reason="axe-core: make setup of the dev extra"
        )
        found = axe.Axe().run(self.page, context=scope) if scope else axe.Axe().run(self.page)
        return [
            f"{one['id']}: {[node['html'][:120] for node in one['nodes']][:3]}"
            for one in found.response["violations"]
            if one["impact"] in ("serious", "critical")
        ]


@contextmanager
def chromium() -> Iterator[Any]:
    """A running browser; the test is skipped, with the reason, where there is none."""
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright (the dev extra)")
    if CHROMIUM is None:
        pytest.skip("no Chromium on the path (apt install chromium)")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def opened(browser: Any, url: str, *, size: str = "desk", scheme: str = "light", **options: Any) -> Iterator[Watched]:
    """The page at `url`, at a size and in a colour scheme."""
    width, height = SIZES[size]
    viewport = {"width": width, "height": height}
    context = browser.new_context(viewport=viewport, color_scheme=scheme, bypass_csp=False, **options)
    context.set_default_timeout(20_000)
    watched = Watched(context.new_page())
    watched.page.goto(url)
    yield watched
    context.close()
