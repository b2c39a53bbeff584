"""The page of a Report in a real browser: what lights up, where the clip jumps, and what can never get in."""

from __future__ import annotations

import base64
import shutil
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.browser import SIZES, chromium, opened
from tests.report.made_reports import hostile, report

import emer
from emer.errors import InputError
from emer.report.html import ShownClip, page
from emer.report.html_media import embedded, link, write_page
from emer.schemas import Report


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def analysed(demo_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """The Report of the clip that ships with emer."""
    return emer.analyze(
        demo_dir / "demo.mp4", transcript=demo_dir / "demo.srt", memory_dir=tmp_path_factory.mktemp("memory")
    )


@pytest.fixture
def shown(analysed: Report, demo_dir: Path, tmp_path: Path) -> str:
    """The address of its page, with the clip beside it."""
    shutil.copy(demo_dir / "demo.mp4", tmp_path / "a clip #1.mp4")
    write_page(analysed, tmp_path / "page.html", tmp_path / "a clip #1.mp4")
    return (tmp_path / "page.html").as_uri()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_sentence_lights_its_cues_and_the_clip_jumps_there(
    browser: Any, analysed: Report, shown: str, size: str, scheme: str
) -> None:
    step = next(one for one in analysed.reasoning if one.counter)
    cues = {cue.id: cue for cue in analysed.cues}
    start_s = min(cues[one].anchor.start_s for one in step.evidence)  # type: ignore[type-var]
    with opened(browser, shown, size=size, scheme=scheme) as watched:
        page = watched.page
        page.wait_for_function("document.getElementById('player').readyState > 0")
        page.locator(".step .claim").nth(analysed.reasoning.index(step)).click()
        page.wait_for_function(f"Math.abs(document.getElementById('player').currentTime - {start_s}) < 0.05")
        lit = page.eval_on_selector_all(".bar.lit", "all => all.map(one => one.dataset.cue)")
        against = page.eval_on_selector_all(".bar.against", "all => all.map(one => one.dataset.cue)")
        assert sorted(lit) == sorted(step.evidence)
        assert sorted(against) == sorted(step.counter)
        assert page.locator(".step .detail").inner_text().count("strength") == len(lit) + len(against)
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
        assert watched.faults() == []
        page.keyboard.press("Escape")
        assert page.locator(".lit").count() == 0
        assert watched.complaints == []
        assert {address.partition(":")[0] for address in watched.asked} == {"file"}


def test_everything_is_reached_by_keyboard(browser: Any, shown: str) -> None:
    with opened(browser, shown) as watched:
        page = watched.page
        page.locator(".sentence[role]").first.focus()
        page.keyboard.press("Enter")
        assert page.locator(".sentence[aria-pressed=true]").count() == 1
        assert "lit" in page.locator("#told").inner_text()
        page.locator(".lane.face .bar").first.focus()
        page.keyboard.press("ArrowRight")
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.getAttribute('aria-pressed')") == "true"
        names = page.eval_on_selector_all("button", "all => all.map(one => one.ariaLabel || one.innerText.trim())")
        assert all(names[:5])


def test_a_page_of_text_of_a_picture_and_of_cues_has_no_faults(browser: Any, tmp_path: Path) -> None:
    text = emer.analyze(text="ANNA: Oh great. I am so disappointed!", memory_dir=tmp_path / "memory")
    (tmp_path / "text.html").write_text(page(text), encoding="utf-8")
    boxed = report().cues[0].model_dump() | {"anchor": {"t_s": 0.0, "bbox": [0.1, 0.2, 0.5, 0.5]}}
    other = report().cues[1].model_dump()
    pictured = report(cues=[boxed, other], clip=report().clip.model_dump() | {"kind": "image"})
    (tmp_path / "picture.html").write_text(page(pictured, ShownClip("image", _pixel())), encoding="utf-8")
    for name in ("text", "picture"):
        with opened(browser, (tmp_path / f"{name}.html").as_uri(), size="phone") as watched:
            watched.page.locator("[data-cues*='-']").first.click()
            assert watched.page.locator(".lit").count() > 0
            assert watched.faults() == []
            assert watched.complaints == []
    assert "mark" in page(text)


def test_a_clip_that_is_gone_is_told(browser: Any, tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text(page(report(), ShownClip("video", "gone.mp4")), encoding="utf-8")
    with opened(browser, (tmp_path / "page.html").as_uri()) as watched:
        watched.page.locator("#lost").wait_for(state="visible")
        assert "gone.mp4" in watched.page.locator("#lost").inner_text()
        watched.page.locator(".step .claim").first.click()
        assert watched.page.locator(".bar.lit").count() == 1


def test_words_that_would_be_a_script_stay_words(browser: Any, tmp_path: Path) -> None:
    text = page(hostile(), ShownClip("video", '"><script>window.owned=1</script>'))
    assert text.count("<script") == 1
    (tmp_path / "page.html").write_text(text, encoding="utf-8")
    with opened(browser, (tmp_path / "page.html").as_uri()) as watched:
        watched.page.locator(".step .claim").first.click()
        assert watched.page.evaluate("window.owned") is None
        assert not [address for address in watched.asked if not address.startswith("file:")]
        assert "<script>" in watched.page.locator(".card .label").inner_text()


def test_the_policy_stops_what_escaping_would_have_let_through(browser: Any, tmp_path: Path) -> None:
    text = page(report()).replace("</main>", "<script>window.owned=1</script><img src=http://evil.example/x></main>")
    (tmp_path / "page.html").write_text(text, encoding="utf-8")
    with opened(browser, (tmp_path / "page.html").as_uri()) as watched:
        assert watched.page.evaluate("window.owned") is None
        blocked = [one for one in watched.complaints if "Content Security Policy" in one]
        assert any("script-src" in one for one in blocked)
        assert any("evil.example" in one and "img-src" in one for one in blocked)


def test_a_clip_within_the_page_can_be_sought(browser: Any, analysed: Report, demo_dir: Path, tmp_path: Path) -> None:
    url = embedded(demo_dir / "demo.mp4", "video")
    (tmp_path / "page.html").write_text(page(analysed, ShownClip("video", url)), encoding="utf-8")
    with opened(browser, (tmp_path / "page.html").as_uri()) as watched:
        watched.page.wait_for_function("document.getElementById('player').readyState > 0")
        watched.page.locator(".card").last.click()
        watched.page.wait_for_function("document.getElementById('player').currentTime > 1")
        assert watched.complaints == []


def test_an_address_is_relative_and_never_a_scheme(tmp_path: Path) -> None:
    assert link(tmp_path / "a#b.mp4", tmp_path / "page.html") == "./a%23b.mp4"
    assert link(tmp_path / "x:y.mp4", tmp_path / "page.html") == "./x%3Ay.mp4"
    assert link(tmp_path / "clip.mp4", tmp_path / "pages" / "page.html") == "../clip.mp4"


def test_a_clip_too_large_for_a_page_is_refused_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("emer.report.html_media.MAX_EMBEDDED_BYTES", 10)
    (tmp_path / "clip.mp4").write_bytes(bytes(11))
    with pytest.raises(InputError, match="leave out --embed-media"):
        embedded(tmp_path / "clip.mp4", "video")


def test_the_same_report_gives_the_same_page() -> None:
    assert page(report()) == page(report())


def _pixel() -> str:
    """One pixel as an address: a BMP of one white point."""
    head = struct.pack("<2sIHHIIiiHHIIiiII", b"BM", 58, 0, 0, 54, 40, 1, 1, 1, 24, 0, 4, 0, 0, 0, 0)
    return "data:image/bmp;base64," + base64.b64encode(head + b"\xff\xff\xff\0").decode()
