"""What a session holds: its own copies, under names that nobody can guess, until it leaves."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.report.made_reports import SHOUT, report

from emer.web.shelf import MAX_REPORTS, Shelf, shown_page


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "web")


def _upload(shelf: Shelf, name: str = "clip.mp4") -> Path:
    path = shelf.folder / "abc" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"film")
    return path


@pytest.mark.parametrize("path", ["/etc/passwd", "web/../../secret.txt", "web/link.txt"])
def test_no_path_outside_the_uploads_is_opened(shelf: Shelf, tmp_path: Path, path: str) -> None:
    shelf.folder.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (shelf.folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    with pytest.raises(PermissionError):
        shelf.take("one", tmp_path / path)


def test_two_sessions_have_the_same_upload_and_each_deletes_only_its_own(shelf: Shelf) -> None:
    upload = _upload(shelf)
    mine, yours = shelf.take("me", upload), shelf.take("you", upload)
    assert mine != yours
    assert mine.suffix == ".mp4"
    shelf.forget("me")
    assert not mine.exists()
    assert upload.exists()
    assert yours.read_bytes() == b"film"
    shelf.forget("you")
    assert [path for path in shelf.folder.rglob("*") if path.is_file()] == []


def test_a_report_is_found_by_its_name_until_the_session_leaves(shelf: Shelf) -> None:
    first = shelf.add("me", "one.mp4", report())
    second = shelf.add("me", "two.mp4", report())
    assert [one.title for one in shelf.items("me")] == ["two.mp4", "one.mp4"]
    assert shelf.items("you") == []
    assert shelf.find(first.name) == first
    assert len({first.name, second.name}) == 2
    assert len(first.name) >= 32
    shelf.forget("me")
    assert shelf.find(first.name) is None


def test_the_oldest_of_many_reports_goes(shelf: Shelf) -> None:
    items = [shelf.add("me", str(number), report()) for number in range(MAX_REPORTS + 1)]
    assert shelf.find(items[0].name) is None
    assert shelf.find(items[1].name) is not None


def test_the_page_names_the_upload_and_not_where_it_lies(shelf: Shelf) -> None:
    item = shelf.add("me", SHOUT, report(), shelf.take("me", _upload(shelf)))
    text = shown_page(item)
    assert str(shelf.folder) not in text
    assert "/home/anna" not in text
    assert f'src="../clip/{item.name}"' in text
    assert text.count("<script") == 1
