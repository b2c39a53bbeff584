from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emer.errors import InputError
from emer.memory.codebook import Codebook, CodebookLabel, project_codebook, read_codebook, readings

UX = (
    "label,definition,examples\nDelight,the user is delighted,wow | love it\nFriction,annoyed or frustrated,\nOther,,\n"
)


def _write(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def _shares(weights: dict[str, float], book: Codebook) -> dict[str, float]:
    return {each.label: each.p for each in project_codebook(weights, book)}


def test_a_csv_a_json_and_a_yaml_file_say_the_same(tmp_path):
    rows = [
        {"label": "Delight", "definition": "the user is delighted", "examples": ["wow", "love it"]},
        {"label": "Friction", "definition": "annoyed or frustrated"},
        {"label": "Other"},
    ]
    yaml = "labels:\n- label: Delight\n  definition: the user is delighted\n  examples: [wow, love it]\n"
    yaml += "- {label: Friction, definition: annoyed or frustrated}\n- Other\n"
    books = [
        read_codebook(_write(tmp_path / "ux.csv", UX)),
        read_codebook(_write(tmp_path / "ux.json", json.dumps(rows, indent="\t"))),
        read_codebook(_write(tmp_path / "ux.yaml", yaml)),
    ]
    assert books[0] == books[1] == books[2]
    assert books[0].name == "ux"
    assert books[0].labels[0] == CodebookLabel("Delight", "the user is delighted", ("wow", "love it"))


@pytest.mark.parametrize(
    "raw",
    [
        "﻿label;definition\r\nFreude 😀;glücklich\r\n".encode(),
        "label;definition\nFreude 😀;glücklich\n".encode("utf-16"),
        b"definition\tLabel\ngl\xc3\xbccklich\tFreude \xf0\x9f\x98\x80\n",
    ],
)
def test_encodings_delimiters_and_column_order(tmp_path, raw):
    book = read_codebook(_write(tmp_path / "b.csv", raw))
    assert book.labels == (CodebookLabel("Freude 😀", "glücklich"),)


def test_what_a_spreadsheet_on_windows_writes_is_read(tmp_path):
    assert read_codebook(_write(tmp_path / "b.csv", "label\nDésir\n".encode("cp1252"))).labels[0].label == "Désir"


def test_an_emoji_escaped_in_json_is_one_character(tmp_path):
    book = read_codebook(_write(tmp_path / "b.json", '["joy \\ud83d\\ude00"]'))
    assert book.labels[0].label == "joy \U0001f600"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("b.csv", "name,what\na,b\n", "line 1: the columns are .* expected a column 'label'"),
        ("b.csv", "label,definition\njoy,x\n\n,y\n", "line 4: the label is empty"),
        ("b.csv", "label\njoy\nJOY\n", "line 3: label 'JOY' stands already on line 2"),
        ("b.csv", "label,definition\njoy,being, very glad\n", "line 2: 3 cells under 2 columns"),
        ("b.csv", 'label,definition\njoy,"open\n', "line 2"),
        ("b.csv", "label\n" + "x" * 81 + "\n", "line 2: the label has 81 characters"),
        ("b.csv", "label\n" + "".join(f"e{k}\n" for k in range(501)), "line 502: more than 500 labels"),
        ("b.csv", "label\njoy\x00\n", "line 2: not a text file"),
        ("b.csv", "", "holds no label"),
        ("b.json", '[{"label": "joy"},\n{"label": }]', "line 2: not JSON"),
        ("b.json", '[{"label": "joy"},\n {"lable": "x"}]', "line 2: unknown field 'lable'"),
        ("b.json", '[{"label": "joy"},\n {"definition": "x"}]', "line 2: an object without 'label'"),
        ("b.json", "[" * 100_000, "not JSON"),
        ("b.yaml", "- joy\n- [a, b]\n", "line 2: expected a label or an object"),
        ("b.yaml", "joy: glad\nanger: [a]\n", "line 2: expected text"),
        ("b.yaml", "- joy\n  - : x\n -", "line"),
        ("b.yaml", "42\n", "line 1: expected a list of labels"),
        ("b.yaml", "", "line 1: expected a list of labels"),
        ("b.txt", "joy\n", "must be a .csv"),
    ],
)
def test_a_broken_file_is_refused_with_the_line(tmp_path, name, text, message):
    with pytest.raises(InputError, match=message):
        read_codebook(_write(tmp_path / name, text))


def test_a_missing_file_names_the_built_in_sets(tmp_path):
    with pytest.raises(InputError, match="ekman"):
        read_codebook(tmp_path / "no.csv")


def test_an_enormous_file_is_refused_unread(tmp_path):
    with pytest.raises(InputError, match="1000000 bytes"):
        read_codebook(_write(tmp_path / "b.csv", b"label\n" + b"a" * 1_000_001))


def test_a_built_in_name_is_a_codebook():
    book = read_codebook("meld7")
    assert [each.label for each in book.labels] == ["anger", "disgust", "fear", "joy", "sadness", "surprise", "neutral"]
    assert _shares({"amused": 0.5}, book) == {
        **dict.fromkeys([each.label for each in book.labels], 0.0),
        "none": 0.0,
        "joy": 1.0,
    }


def test_open_labels_go_to_the_label_that_means_the_same(tmp_path):
    book = read_codebook(_write(tmp_path / "ux.csv", UX))
    assert _shares({"delighted": 0.7}, book)["Delight"] > 0.9
    assert _shares({"irritated": 0.7}, book)["Friction"] > 0.7
    assert _shares({"terrified": 0.7}, book)["Other"] > 0.9  # "Other" takes what no label comes near to
    assert _shares({"Friction": 1.0}, book)["Friction"] == 1.0


def test_how_each_label_was_understood_is_told(tmp_path):
    book = read_codebook(_write(tmp_path / "ux.csv", UX))
    assert [(each.label, each.how) for each in readings(book)] == [
        ("Delight", "name"), ("Friction", "definition"), ("Other", "residual"),
    ]  # fmt: skip
    assert readings(book)[0].confidence > readings(book)[1].confidence


def test_a_label_that_nobody_understands_takes_nothing():
    book = Codebook("b", (CodebookLabel("qwrtz"), CodebookLabel("joy")))
    assert _shares({"amused": 1.0}, book)["qwrtz"] < 0.2
    assert _shares({"delighted": 1.0}, book)["joy"] > 0.5


@given(
    st.dictionaries(
        st.sampled_from(["happy", "relieved", "xyzzy", "bitter", "not sad", "awed"]), st.floats(0, 1), max_size=4
    )
)
def test_projections_sum_to_one_as_they_are_written(weights):
    book = Codebook("b", (CodebookLabel("joy"), CodebookLabel("anger"), CodebookLabel("calm")))
    found = project_codebook(weights, book)
    assert [each.label for each in found] == ["joy", "anger", "calm", "none"]
    assert sum(round(each.p * 10_000) for each in found) == 10_000
