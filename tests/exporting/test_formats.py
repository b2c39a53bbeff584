"""Every export opens in the tool that it is for, and says there what the Report says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.made_report import made_report, silent_report

from emer.errors import InputError
from emer.exporting.table import FORMATS, export
from emer.schemas import Report, Review


@pytest.fixture
def reports() -> list[Report]:
    return [made_report(), made_report("deep/a.mp4"), silent_report()]


def test_pandas_reads_the_csv(reports: list[Report], tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    assert export(reports, "csv", tmp_path / "out.csv").n_written == 7
    table = pandas.read_csv(tmp_path / "out.csv")
    assert list(table["label"].fillna("")) == ["relieved", "amused", "angry"] * 2 + [""]
    first = table.iloc[0]
    assert (first["id"], first["person"], first["start_s"], first["given_label"]) == ("a.mp4", "p1", 0.8, "joy")
    assert (first["evidence"], first["causes"]) == ("broad smile [face-1]", "the news")
    assert (first["column.split"], first["column.n"]) == ("dev", 3)


def test_pandas_reads_the_parquet_with_types(reports: list[Report], tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    export(reports, "parquet", tmp_path / "out.parquet")
    table = pandas.read_parquet(tmp_path / "out.parquet")
    assert table["intensity"].dtype == "float64"
    assert table["intensity"].isna().sum() == 1
    assert list(table["column.n"])[:2] == [3, 3]


def test_datasets_loads_the_folder_and_it_can_be_a_source_again(reports: list[Report], tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    assert export(reports, "hf", tmp_path / "set").n_written == 3
    data = datasets.load_from_disk(str(tmp_path / "set"))
    assert [len(row["emotions"]) for row in data] == [3, 3, 0]
    assert data[0]["transcript"].startswith('p1: He said "no", für immer.')
    with pytest.raises(InputError, match="is there already"):
        export(reports, "hf", tmp_path / "set")


def test_a_loader_of_conversations_finds_media_turns_and_answer(reports: list[Report], tmp_path: Path) -> None:
    assert export(reports, "sharegpt", tmp_path / "tune.json").n_written == 2
    for entry in json.loads((tmp_path / "tune.json").read_text()):
        asked, answered = entry["conversations"]  # what LLaVA's LazySupervisedDataset reads
        assert (asked["from"], answered["from"]) == ("human", "gpt")
        assert asked["value"].startswith("<video>\n")
        assert entry["video"].endswith("a.mp4")
        assert "- [face-1] p1: broad smile" in answered["value"]
        assert "1. p1 smiles broadly [face-1]" in answered["value"]
        assert "- p1: relieved (clear)" in answered["value"]


def test_the_captions_have_the_keys_of_merr(reports: list[Report], tmp_path: Path) -> None:
    export(reports, "merr", tmp_path / "merr.json")
    sample = json.loads((tmp_path / "merr.json").read_text())["a.mp4"]
    assert (sample["AU_list"], sample["peak_AU_list"], sample["peak_index"]) == (["AU12"], ["AU12"], 25)
    assert (sample["visual_prior_list"], sample["audio_prior_list"]) == (["broad smile", "brows lowered"], "low pitch")
    assert sample["pseu_emotion"] == "relieved"
    assert "p1 smiles broadly" in sample["smp_reason_caption"]


def test_a_subtitle_parser_reads_words_and_emotions(reports: list[Report], tmp_path: Path) -> None:
    srt = pytest.importorskip("srt")
    done = export(reports, "srt", tmp_path / "subtitles")
    assert (done.n_written, done.left_out) == (2, ["silent.png"])
    assert {path.name for path in (tmp_path / "subtitles").iterdir()} == {"a.srt", "a-2.srt"}
    captions = list(srt.parse((tmp_path / "subtitles" / "a.srt").read_text()))
    told = [(one.start.total_seconds(), one.end.total_seconds(), one.content) for one in captions]
    assert told == [
        (0.5, 1.5, 'p1 [relieved]: He said "no", für immer.'),
        (1.6, 2.2, "p2: =SUM(A1)"),
        (2.0, 3.0, "p1 [amused]"),
        (3.0, 4.0, "p2 [angry]"),
    ]


def test_a_browser_s_subtitles_are_read(reports: list[Report], tmp_path: Path) -> None:
    webvtt = pytest.importorskip("webvtt")
    export(reports, "vtt", tmp_path / "subtitles")
    captions = webvtt.read(str(tmp_path / "subtitles" / "a.vtt"))
    assert captions[0].text == 'p1 [relieved]: He said "no", für immer.'
    assert captions[0].start == "00:00:00.500"


def test_a_reader_of_praat_finds_tiers_without_overlap(reports: list[Report], tmp_path: Path) -> None:
    textgrids = pytest.importorskip("textgrids")
    export(reports, "textgrid", tmp_path / "praat")
    grid = textgrids.TextGrid(str(tmp_path / "praat" / "a.TextGrid"))
    assert grid.xmax == 4.0
    words = [one.text for one in grid["words p1"] if one.text]
    assert words == ['He said ""no"", für immer.']  # Praat doubles quotes; this reader leaves them so
    spans = [(one.xmin, one.xmax, one.text) for one in grid["emotion p1"] if one.text]
    assert spans == [(0.8, 2.5, "relieved")]
    assert [one.text for one in grid["emotion p1 (2)"] if one.text] == ["amused"]
    for tier in grid.values():
        assert [one.xmax for one in tier][:-1] == [one.xmin for one in tier][1:]
        assert (tier[0].xmin, tier[-1].xmax) == (0, 4.0)


def test_elan_s_reader_finds_tiers_and_the_medium(reports: list[Report], tmp_path: Path) -> None:
    elan = pytest.importorskip("pympi.Elan")
    export(reports, "eaf", tmp_path / "elan")
    document = elan.Eaf(str(tmp_path / "elan" / "a.eaf"))
    assert document.get_annotation_data_for_tier("emotion p1") == [(800, 2500, "relieved")]
    assert document.get_annotation_data_for_tier("words p2") == [(1600, 2200, "=SUM(A1)")]
    assert document.get_linked_files()[0]["MEDIA_URL"] == "file:///clips/a.mp4"


def test_every_export_has_labels_and_sentences_as_reviewed(tmp_path: Path) -> None:
    def said(item: str, verdict: str, **more: object) -> Review:
        return Review.model_validate({"by": "anna", "at": "now", "item": item, "verdict": verdict, **more})

    reviews = [said("e1", "correct", label="proud"), said("e3", "reject"), said("r2", "reject")]
    report = made_report(reviews=reviews)
    export([report], "sharegpt", tmp_path / "tune.json")
    answered = json.loads((tmp_path / "tune.json").read_text())[0]["conversations"][1]["value"]
    assert "p1: proud" in answered
    for gone in ("relieved", "angry", "p2 lowers"):
        assert gone not in answered
    export([report], "csv", tmp_path / "out.csv")
    lines = (tmp_path / "out.csv").read_text().splitlines()
    assert len(lines) == 3
    assert "proud" in lines[1]
    assert "relieved" in lines[1]  # as label_by_emer


def test_an_unknown_format_names_the_known(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=", ".join(FORMATS)):
        export([made_report()], "xlsx", tmp_path / "out.xlsx")
