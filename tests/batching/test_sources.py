"""What a folder, a glob, a manifest and a data set say of their clips."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from emer.batching.keys import batch_row, settings_digest
from emer.batching.rows import Row, pick
from emer.batching.sources import find_rows
from emer.config import load_settings
from emer.errors import InputError


def _touch(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(path.name.encode())


def _found(*sources: object) -> list[Row]:
    return find_rows([str(source) for source in sources], Path("media"))


def test_a_folder_gives_media_and_texts_of_any_case_and_words_beside_a_medium(tmp_path: Path) -> None:
    clips = tmp_path / "clips"
    _touch(clips / "A.MP4", clips / "A.txt", clips / "A.srt", clips / "deep" / "b.WaV", clips / "letter.Txt")
    _touch(clips / "notes.docx", clips / "table.csv")
    rows = _found(clips)
    assert [(row.id, row.transcript and Path(row.transcript).name) for row in rows] == [
        ("A.MP4", "A.srt"),  # subtitles have times, so they beat the plain text
        ("deep/b.WaV", None),
        ("letter.Txt", None),
    ]


def test_two_files_of_one_name_stay_two_and_one_file_named_twice_is_one(tmp_path: Path) -> None:
    _touch(tmp_path / "x" / "clip.mp4", tmp_path / "y" / "clip.mp4")
    rows = _found(tmp_path / "x", tmp_path / "y", tmp_path / "x")
    assert [row.id for row in rows] == [str(tmp_path / "x" / "clip.mp4"), str(tmp_path / "y" / "clip.mp4")]


def test_a_glob_finds_at_any_depth_and_says_when_nothing_matches(tmp_path: Path) -> None:
    _touch(tmp_path / "x" / "one.wav", tmp_path / "x" / "y" / "two.wav", tmp_path / "x" / "y" / "two.vtt")
    rows = _found(tmp_path / "**" / "*.wav")
    assert [Path(row.id).name for row in rows] == ["one.wav", "two.wav"]
    with pytest.raises(InputError, match="no file matches"):
        _found(tmp_path / "*.mp9")


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_a_table_carries_every_column_through(tmp_path: Path, separator: str) -> None:
    manifest = tmp_path / "clips.csv"
    lines = [
        ["id", "path", "transcript", "context", "label", "split"],
        ["a", "v/a.mp4", "a.srt", "At home", "joy", "x"],
    ]
    lines += [["b", "/abs/b.mp4", "I said so.", "", "", ""]]
    manifest.write_text("\n".join(separator.join(line) for line in lines), encoding="utf-8-sig")
    first, second = _found(manifest)
    assert first == Row(
        id="a",
        source=str(tmp_path / "v/a.mp4"),
        transcript=str(tmp_path / "a.srt"),
        context="At home",
        label="joy",
        columns={"split": "x"},
    )
    assert (second.source, second.transcript, second.context) == ("/abs/b.mp4", "I said so.", None)


def test_lines_of_json_hold_files_texts_or_cues(tmp_path: Path) -> None:
    manifest = tmp_path / "clips.jsonl"
    entries = [{"text": "No!", "label": ["sad", "angry"], "n": 3}, {"id": "c", "cues": [{"modality": "face"}]}]
    manifest.write_text("\n".join(map(json.dumps, entries)))
    first, second = _found(manifest)
    assert (first.id, first.text, first.label, first.columns) == ("line 1", "No!", '["sad", "angry"]', {"n": 3})
    assert second.cues == [{"modality": "face"}]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('{"path": "a.mp4", "text": "x"}', "path and text"),
        ('{"name": "a.mp4"}', "the columns name"),
        ("[1]", "line 2: expected an object"),
        ("{", "line 2: not JSON"),
        ('{"id": "first", "text": "again"}', "two rows have the id 'first'"),
    ],
)
def test_a_manifest_that_says_nothing_clear_is_refused_with_the_line(tmp_path: Path, line: str, says: str) -> None:
    manifest = tmp_path / "clips.jsonl"
    manifest.write_text('{"id": "first", "text": "x"}\n' + line + "\n")
    with pytest.raises(InputError, match=says):
        _found(manifest)


def test_a_folder_of_datasets_gives_its_rows_and_media_that_stand_inside(tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    columns = {"image": [{"bytes": b"raw", "path": "p.png"}, {"bytes": b"raw", "path": "p.png"}], "mood": ["x", "y"]}
    features = datasets.Features({"image": datasets.Image(decode=False), "mood": datasets.Value("string")})
    data = datasets.Dataset.from_dict(columns, features=features)
    datasets.DatasetDict({"train": data}).save_to_disk(str(tmp_path / "set"))
    rows = find_rows([tmp_path / "set"], tmp_path / "media")
    assert [(row.id, row.columns) for row in rows] == [("train/0", {"mood": "x"}), ("train/1", {"mood": "y"})]
    assert Path(str(rows[0].source)).read_bytes() == b"raw"


def test_shards_cover_all_once_and_a_sample_stays_when_rows_move() -> None:
    rows = [Row(id=f"clip {n}", text="x") for n in range(100)]
    shards = [pick(rows, shard=(number, 3)) for number in (1, 2, 3)]
    assert sorted(row.id for shard in shards for row in shard) == sorted(row.id for row in rows)
    assert all(20 <= len(shard) <= 50 for shard in shards)
    chosen = {row.id for row in pick(rows, sample=10)}
    assert len(chosen) == 10
    assert {row.id for row in pick(rows[::-1], sample=10)} == chosen
    assert [row.id for row in pick(rows, limit=2)] == ["clip 0", "clip 1"]


def test_a_key_changes_with_content_words_settings_and_row_and_with_nothing_else(tmp_path: Path) -> None:
    clip = tmp_path / "a.wav"
    clip.write_bytes(b"one")
    row = Row(id="a", source=str(clip), transcript="Hello.")

    def key(row: Row = row, **options: object) -> str:
        return batch_row(row, settings_digest(load_settings(**options))).key

    first = key()
    moved = tmp_path / "moved.wav"
    moved.write_bytes(b"one")
    assert key(Row(id="a", source=str(moved), transcript="Hello.")) == first
    assert key(memory_dir=tmp_path, specialist_timeout_s=5) == first
    assert key(Row(id="a", source=str(clip), transcript="Hello.", label="x", columns={"y": 1})) == first
    codebook = tmp_path / "mine.csv"
    codebook.write_text("label\njoy\n")
    with_labels = key(labels=(str(codebook),))
    codebook.write_text("label\nanger\n")
    others = [
        with_labels,
        key(labels=(str(codebook),)),
        key(Row(id="b", source=str(clip), transcript="Hello.")),
        key(Row(id="a", source=str(clip), transcript="Bye.")),
        key(Row(id="a", source=str(clip), transcript="Hello.", context="x")),
        key(effort="quick"),
    ]
    clip.write_bytes(b"two")
    assert len({first, key(), *others}) == 8
