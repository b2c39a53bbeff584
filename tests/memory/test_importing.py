from __future__ import annotations

import json
from pathlib import Path

import pytest
from memory_support import make_case

from emer.errors import InputError
from emer.memory.exporting import export_file
from emer.memory.importing import BATCH, LONGEST_TEXT, Imported, Skipped, import_file
from emer.memory.rows import LONGEST_LINE
from emer.memory.store import open_memory


@pytest.fixture
def memory(tmp_path, embedder):
    memory = open_memory(tmp_path / "memory", embedder, seed=())
    yield memory
    memory.close()


@pytest.fixture
def taken(memory, tmp_path):
    """Imports a text as a file and returns what became of it, with the skipped records."""

    def take(text: str | bytes, form: str, name: str = "set.txt", **columns: str) -> tuple[Imported, list[Skipped]]:
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        skipped: list[Skipped] = []
        return import_file(memory, path, form=form, columns=columns, skipped=skipped.append), skipped

    return take


def _only(memory):
    (case,) = memory.own()
    return case


def test_a_table_with_columns_named_as_the_fields_are(memory, taken):
    done, _ = taken(
        "id,text,label,intensity,culture\n7,So sweet of you!,joyful; grateful,.66,Dutch\n", "csv", "talks.csv"
    )
    assert done == Imported(n_read=1, n_added=1, n_known=0, n_skipped=0)
    case = _only(memory)
    assert (case.id, case.provenance, case.source) == ("talks:7", "imported:talks", "talks:line 2")
    assert (case.labels, case.cues) == (["joyful", "grateful"], {"transcript": "So sweet of you!"})
    assert (case.intensity, case.culture) == (0.66, "Dutch")


def test_columns_of_any_name_are_mapped(memory, taken):
    taken(
        'Quote,Gefühl,Bild\n"Well, well.",contempt,"one corner up\nof the mouth"\n',
        "csv",
        transcript="Quote",
        labels="Gefühl",
        face="Bild",
    )
    assert _only(memory).cues == {"transcript": "Well, well.", "face": "one corner up\nof the mouth"}


@pytest.mark.parametrize("mark", [",", ";", "|", "\t"])
def test_the_first_line_tells_what_separates_two_fields(memory, taken, mark):
    taken(f"text{mark}label\nNever again{mark}sad\n", "csv")
    assert _only(memory).cues == {"transcript": "Never again"}


def test_a_field_that_no_case_has_is_named(taken):
    with pytest.raises(InputError, match=r"no field 'words'.*transcript"):
        taken("a,b\n1,2\n", "csv", words="a")


def test_merr(memory, taken):
    record = {
        "AU_list": ["AU04", "AU15"],
        "visual_prior_list": ["Frowning eyebrows", "downturned corners of the mouth"],
        "audio_prior_list": "a low, slow voice",
        "text": "I waited the whole day.",
        "pseu_emotion": "sad",
        "smp_reason_caption": "The mouth turns down while she speaks of waiting.",
    }
    done, skipped = taken(
        json.dumps({"sample_1": record, "sample_2": {**record, "pseu_emotion": ""}, "sample_3": 4}), "merr"
    )
    assert done == Imported(n_read=3, n_added=1, n_known=0, n_skipped=2)
    assert skipped == [("record sample_2", "holds no label"), ("record sample_3", "not an object")]
    case = _only(memory)
    assert case.cues["face"] == "Frowning eyebrows, downturned corners of the mouth"
    assert case.cues["voice"] == "a low, slow voice"
    assert case.why == record["smp_reason_caption"]
    assert case.id == "set:sample_1"


def test_emer_csv(memory, taken):
    taken("names,emotions,subtitles,reasons\nv1,\"['worried', 'sad']\",Is she back?,The voice trembles.\n", "emer-csv")
    case = _only(memory)
    assert (case.labels, case.why, case.cues) == (
        ["worried", "sad"],
        "The voice trembles.",
        {"transcript": "Is she back?"},
    )


def test_meld(memory, taken):
    columns = "Sr No.,Utterance,Speaker,Emotion,Sentiment,Dialogue_ID,Utterance_ID,Season,Episode,StartTime,EndTime\n"
    taken((columns + "1,It\u0092s over there!,Ann,joy,positive,12,3,1,1,a,b\n").encode(), "meld")
    case = _only(memory)
    assert (case.id, case.person, case.cues) == ("set:12-3", "Ann", {"transcript": "It’s over there!"})


def test_goemotions(memory, taken):
    done, skipped = taken('She said "no" to me\t9,25\tabc\nonly text\n\t0\tx\nodd\t99\ty\n', "goemotions")
    assert _only(memory).labels == ["disappointment", "sadness"]
    assert done.n_added == 1
    assert [one.where for one in skipped] == ["line 2", "line 3", "line 4"]
    cells, cue, label = (one.why for one in skipped)
    assert (cells, cue) == ("1 fields, expected 3", "holds no cue: no words, face, voice or context")
    assert "'99'" in label


POISONED: list[tuple[bytes, str]] = [
    (b"{broken", "not JSON"),
    (b"[1, 2]", "expected an object, got list"),
    (b'{"text": "no label"}', "holds no label"),
    (b'{"label": "happy"}', "holds no cue"),
    (b'{"text": "\\u001b[2J gone", "label": "happy"}', "control characters"),
    (b'{"text": "\xff\xfe", "label": "happy"}', "not UTF-8"),
    (b'{"text": "x", "label": "happy", "intensity": 7}', "intensity"),
    (b'{"text": "x", "label": "happy", "intensity": "NaN"}', "intensity"),
    (b'{"text": "x", "label": "zzyzx qwrtp"}', "no emotion word"),
    (json.dumps({"text": "x" * (LONGEST_TEXT + 1), "label": "happy"}).encode(), "20001 characters"),
    (json.dumps({"text": "x", "label": ["happy"] + [f"l{k}" for k in range(40)]}).encode(), "41 labels"),
    (b"[" * 100_000, "not JSON"),
    (b"x" * (LONGEST_LINE + 10), "longer than"),
]


def test_poisoned_lines_are_named_and_harm_no_other(memory, taken):
    good = b'{"text": "good", "label": "happy"}'
    done, skipped = taken(b"\n".join([*(line for line, _ in POISONED), good]), "jsonl")
    assert done == Imported(n_read=len(POISONED) + 1, n_added=1, n_known=0, n_skipped=len(POISONED))
    assert [one.where for one in skipped] == [f"line {number}" for number in range(1, len(POISONED) + 1)]
    for one, (line, why) in zip(skipped, POISONED, strict=True):
        assert why in one.why, line[:80]
    assert _only(memory).cues == {"transcript": "good"}
    assert memory.warnings == ()


def test_a_duplicate_is_known_and_a_contradiction_is_named(memory, taken):
    lines = "text,label\nYou again,happy\nYou again,happy\nYou again,furious\n"
    done, skipped = taken(lines, "csv")
    assert done == Imported(n_read=3, n_added=1, n_known=1, n_skipped=1)
    assert skipped[0].where == "line 4"
    assert "says something else" in skipped[0].why
    assert taken(lines, "csv")[0] == Imported(n_read=3, n_added=0, n_known=2, n_skipped=1)


def test_a_csv_with_a_broken_quotation_goes_on_after_it(memory, taken):
    text = 'text,label\ngood,happy\n"never closed,sad\n' + "y,sad\n" * 24_000
    done, skipped = taken(text, "csv")
    assert done.n_added >= 1
    assert any("not a record" in one.why or "fields" in one.why for one in skipped)


def test_more_than_one_batch(memory, taken):
    done, _ = taken("".join(f'{{"id": {k}, "text": "t{k}", "label": "sad"}}\n' for k in range(BATCH + 5)), "jsonl")
    assert done.n_added == len(memory) == BATCH + 5


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02" * 50, b"not json at all", b"null"])
def test_a_file_of_another_kind_is_one_clear_error_or_skipped(taken, content):
    try:
        done, _ = taken(content, "merr")
    except InputError as error:
        assert "set.txt" in str(error)
    else:
        assert done.n_added == 0


def test_an_unknown_format_lists_the_known(taken):
    with pytest.raises(InputError, match=r"unknown format 'xml'.*csv.*merr"):
        taken("x", "xml")


CASES = [
    make_case("u1", "words", "happy", intensity=0.66, culture="Dutch", source="clip.mp4:sha256:ab"),
    make_case("u2", cues={"face": "frown", "voice": "loud"}, labels=["angry", "hurt"], provenance="corrected"),
]


@pytest.mark.parametrize("ending", ["jsonl", "parquet"])
def test_what_is_exported_is_imported_as_it_was(memory, tmp_path, embedder, ending):
    if ending == "parquet":
        pytest.importorskip("pyarrow", reason="the extra export is not installed")
    memory.add(CASES)
    path = tmp_path / f"own.{ending}"
    assert export_file(memory.own(), path) == 2
    other = open_memory(tmp_path / "other", embedder, seed=())
    assert import_file(other, path, form="emer").n_added == 2
    assert list(other.own()) == CASES
    assert other.digest == memory.digest
    assert [each.name for each in tmp_path.glob(".own*")] == []


def test_an_imported_case_cannot_pass_for_one_of_ours(memory, taken):
    taken(make_case("u1", provenance="authored").model_dump_json(), "emer", "evil.jsonl")
    assert _only(memory).provenance == "imported:evil"


def test_an_ending_that_means_nothing_is_refused(tmp_path: Path):
    with pytest.raises(InputError, match=r"\.jsonl or something\.parquet"):
        export_file([], tmp_path / "cases.xlsx")
