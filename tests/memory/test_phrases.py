from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emer.memory.ontology import mentions
from emer.memory.words import read_table


def _read(text: str) -> list[tuple[str, bool, float]]:
    return [(m.word.label, m.negated, m.degree) for m in mentions(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I am happy", [("happy", False, 0.66)]),
        ("He is not happy.", [("happy", True, 0.66)]),
        ("It isn't exactly thrilling", [("thrilled", True, 0.66)]),
        ("She spoke without fear", [("afraid", True, 0.66)]),
        ("not without fear", [("afraid", False, 0.33)]),
        ("I have never been so scared", [("scared", False, 1.0)]),
        ("I couldn't be happier!", [("happy", False, 1.0)]),
        ("anything but amused", [("amused", True, 0.66)]),
        ("no longer angry", [("angry", True, 0.66)]),
        ("not only happy but grateful", [("happy", False, 0.66), ("grateful", False, 0.66)]),
        ("I'm not angry, I'm disappointed", [("angry", True, 0.66), ("disappointed", False, 0.66)]),
        ("not very happy", [("happy", True, 0.33)]),
        ("a little hurt", [("hurt", False, 0.33)]),
        ("kind of nervous", [("nervous", False, 0.33)]),
        ("so very, very tired", [("tired", False, 0.85)]),
        ("extremely proud", [("proud", False, 1.0)]),
        ("I'm sooo excited", [("excited", False, 0.85)]),
        ("the happiest day", [("happy", False, 1.0)]),
        ("less worried", [("worried", False, 0.33)]),
    ],
)
def test_negation_and_degree(text, expected):
    assert _read(text) == expected


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("We are over the moon!", "ecstatic"),
        ("I had butterflies in my stomach", "nervous"),
        ("She was on edge all day", "tense"),
        ("I'm fed up with this", "exasperated"),
        ("He is down in the dumps", "sad"),
        ("Sorry to hear that", "sympathetic"),
        ("They drove me crazy", "exasperated"),
        ("I can't wait to see you", "eager"),
        ("I couldn’t care less", "indifferent"),
    ],
)
def test_idioms(text, label):
    assert [m.word.label for m in mentions(text)] == [label]


@pytest.mark.parametrize(
    "text",
    [
        "the content of the file", "read the fine print", "a kind of pasta", "she looks like him", "well, let us go",
        "the mean value is four", "a blue shirt", "I'm afraid we are closed", "interest rates rose", "hate speech laws",
        "happy birthday to you", "the patient in room two", "he took care of it", "cold water", "health care costs",
        "open the window", "a free ticket", "the light is on", "thanks to the rain we stayed",
    ],
)  # fmt: skip
def test_homographs_do_not_fire(text):
    assert mentions(text) == []


def test_a_guarded_form_counts_in_a_frame_of_state():
    assert _read("She was quite content with it") == [("content", False, 0.66)]
    assert _read("I feel lost and empty.") == [("confused", False, 0.66), ("empty", False, 0.66)]


def test_spans_are_characters_of_the_text():
    text = "  Well… I’m NOT happy,\n but a bit   Relieved!"
    assert [text[m.start : m.end] for m in mentions(text)] == ["happy", "Relieved"]
    assert all(text[m.start : m.end] == m.surface for m in mentions(text))


def test_every_idiom_is_read_as_its_word():
    rows = [row for row in read_table("idioms.tsv") if row["word"] != "-"]
    assert len(rows) >= 60
    for row in rows:
        phrase = " ".join(part.split("/")[0] for part in row["phrase"].replace("POSS", "my").split())
        assert row["word"] in [m.word.label for m in mentions(phrase)], phrase


@given(st.text(alphabet=st.sampled_from("ab not happy sad, .!' 'very so'’é\n中"), max_size=80))
def test_any_text_gives_ordered_spans_that_do_not_overlap(text):
    found = mentions(text)
    edges = [edge for m in found for edge in (m.start, m.end)]
    assert edges == sorted(edges)
    assert all(text[m.start : m.end] == m.surface for m in found)


@given(st.sampled_from(["I am happy.", "not at all afraid", "over the moon"]), st.sampled_from(["Hm. ", "Yes! ", "\n"]))
def test_a_sentence_before_shifts_the_spans_and_nothing_else(text, before):
    shifted = [m._replace(start=m.start - len(before), end=m.end - len(before)) for m in mentions(before + text)]
    assert shifted == mentions(text)
