"""What a file is, told by its bytes."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from media_files import video

from emer.errors import InputError
from emer.tools.media import content_hash, open_media, sniff


def test_text_is_told_from_media_by_content(tmp_path: Path) -> None:
    texts = {
        "utf8": "Grüße, 漢字 ☺".encode(), "utf16": "ANNA: hi".encode("utf-16"), "latin": "Können".encode("latin-1"),
        "srt": b"1\r\n00:00:01,000 --> 00:00:02,000\r\n[sighs] No.\r\n", "cut": ("a" * 65_535 + "ß").encode(),
    }  # fmt: skip
    for name, raw in texts.items():
        (tmp_path / name).write_bytes(raw)
        assert sniff(tmp_path / name) == "text", name
    for name, raw in {"report": b'\n{\n "schema_version": "1"}', "cues": b'[ {"cues": []}]'}.items():
        (tmp_path / name).write_bytes(raw)
        assert sniff(tmp_path / name) == "json", name
    assert sniff(video(tmp_path / "clip.mkv", times=[0, 0.1])) == "media"
    (tmp_path / "talk.MP4").write_text("hello")
    with pytest.raises(InputError, match="holds text"):
        sniff(tmp_path / "talk.MP4")


def test_the_hash_is_that_of_the_bytes(tmp_path: Path) -> None:
    (tmp_path / "abc").write_bytes(b"abc")  # FIPS 180-2, appendix B.1
    assert content_hash(tmp_path / "abc") == "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    raw = b"x" * 1_000_003
    (tmp_path / "long").write_bytes(raw)
    assert content_hash(tmp_path / "long") == f"sha256:{hashlib.sha256(raw).hexdigest()}"


def test_a_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = video(tmp_path / "secret.mp4", times=[0, 0.1])

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    for look in (open_media, content_hash, sniff):
        with pytest.raises(InputError, match="Permission denied; check the path and its permissions"):
            look(path)
