"""What the judge tells: confidences with their basis, words, closed sets, irony, and plain sentences."""

from __future__ import annotations

import json
import math
from importlib.resources import files

import numpy as np
import pytest

from emer.agents.fusion import tables
from emer.agents.fusion.confidence import confidence
from emer.agents.fusion.likelihood import written_instruments
from emer.agents.fusion.manner import manner
from emer.agents.fusion.phrases import clause, degree, listed
from emer.agents.fusion.reading import class_probabilities, read
from emer.agents.fusion.votes import posterior
from emer.agents.fusion.words import acceptance, best_word, near
from emer.agents.grounding.words.wording import sentences
from emer.memory.ontology import STATES, words
from emer.schemas import Anchor, Cue, Source

INSTRUMENTS = written_instruments(0.2)


def said(number: int, text: str, *, kind: str = "said", quality: float = 1.0, **read: float) -> Cue:
    values = {f"go.{name}": read.get(name, 0.01) for name in STATES} if read else {}
    return Cue(
        id=f"transcript-{number}", modality="transcript", kind=kind, person="p1", text=text, level="reported",
        anchor=Anchor(utterance="u1"), quality=quality, source=Source(tool="t", version="1", values=values),
    )  # fmt: skip


def log_p(**shares: float) -> np.ndarray:
    rest = (1 - sum(shares.values())) / (len(STATES) - len(shares))
    return np.log(np.array([shares.get(state, rest) for state in STATES]))


def test_the_maps_rise_and_stay_probabilities():
    text = (files("emer.agents.fusion") / "calibration.json").read_text(encoding="utf-8")
    for fitted in json.loads(text)["maps"].values():
        for which in ("first", "rest"):
            x, y = np.array(fitted[which]).T
            assert (np.diff(x) > 0).all()
            assert (np.diff(y) >= 0).all()
            assert 0 <= y[0] <= y[-1] <= 1


@pytest.mark.parametrize(
    ("channels", "basis"),
    [
        ({"words"}, "calibrated:goemotions-dev,"),
        ({"words", "mention", "cases"}, "calibrated:goemotions-dev,"),
        ({"words", "voice"}, "synthetic:"),
        ({"face_classes"}, "synthetic:"),
        ({"mention"}, "uncalibrated"),
        ({"mention", "voice"}, "uncalibrated"),
        (set(), "uncalibrated"),
    ],
)
def test_the_basis_says_what_a_confidence_rests_on(channels: set[str], basis: str):
    assert confidence(0.5, channels=channels, first=True).basis.startswith(basis)


def test_a_word_is_accepted_by_who_gives_a_neighbour():
    p = log_p(anger=0.3, annoyance=0.4)
    rest = 0.3 / 26
    anger = STATES.index("anger")
    assert [STATES[state] for state in near(anger)] == ["anger", "annoyance"]
    assert acceptance(p, anger) == pytest.approx(0.7)
    assert acceptance(p, STATES.index("relief")) == pytest.approx(rest)


def test_the_plain_word_at_a_clear_strength_and_a_stronger_one_at_an_extreme():
    p, anger = log_p(anger=0.8), STATES.index("anger")
    assert best_word(p, [anger], used=(), intensity=0.66).word.label == "angry"
    extreme = best_word(p, [anger], used=(), intensity=1.0).word
    assert extreme.vad.arousal > words()["angry"].vad.arousal


def test_the_prior_alone_projects_flat_with_the_neutral_share():
    shares = class_probabilities(posterior(INSTRUMENTS.prior, []), INSTRUMENTS, neutral="neutral")
    assert shares.pop("neutral") == pytest.approx(0.2)
    assert list(shares.values()) == pytest.approx([0.8 / 6] * 6)


def test_a_sign_of_irony_takes_from_pleasant_words_only():
    great, awful = said(1, "says “just great”", admiration=0.8), said(1, "says “just awful”", disgust=0.8)
    sign = said(2, "praise with “just”; it could be meant ironically", kind="irony", quality=0.4)

    def p(state: str, *cues: Cue) -> float:
        return math.exp(read("p1", cues, [], INSTRUMENTS).log_p[STATES.index(state)])

    assert p("admiration", great, sign) < p("admiration", great)
    assert p("annoyance", great, sign) > p("annoyance", great)
    assert p("disgust", awful, sign) == pytest.approx(p("disgust", awful))


def test_a_detail_of_a_sentence_is_not_said_twice():
    whole = said(1, "says “I was so angry”", anger=0.8)
    detail = said(2, "says “so angry” (of the speaker's own state)", kind="self_report")
    anger = STATES.index("anger")
    alone, both = (read("p1", cues, [], INSTRUMENTS).total[anger] for cues in ([whole], [whole, detail]))
    assert both == pytest.approx(alone, abs=0.3)
    assert {"transcript-1", "transcript-2"} == {
        one.id for one in read("p1", [whole, detail], [], INSTRUMENTS).supporting(anger)
    }


def test_validities_keep_to_their_order():
    rho = {name: value.rho for name, value in tables.VALIDITY.items()}
    assert rho["named"] < rho["described"] <= rho["voice"] < rho["words"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("His tone sounds positive.", (0.5, None)),
        ("Her voice is loud and her speech is fast-paced, at a fast pace.", (None, 0.45)),
        ("She sobs quietly.", (-0.7, 0.2)),
        ("They sit at a table.", None),
    ],
)
def test_a_manner_is_the_mean_of_what_the_table_finds(text: str, expected: tuple[float | None, float | None] | None):
    found = manner(text)
    if expected is None:
        assert found is None
    else:
        assert found is not None
        assert (found.valence, found.arousal) == pytest.approx(expected)


def test_clauses_have_a_subject_and_long_quotations_are_cut_at_a_word():
    assert clause(said(1, "says “no”"), subject="the writer") == "p1 says “no”"
    long = "says “" + "one two three four five " * 8 + "end”"
    assert clause(said(1, long), subject="x").endswith("…”")
    assert len(clause(said(1, long), subject="x")) < 110


def test_what_others_wrote_is_quoted():
    cue = Cue(
        id="context-1", modality="context", kind="description", level="described", text="She leans back.",
        source=Source(tool="t", version="1"),
    )  # fmt: skip
    assert clause(cue, subject="x") == "the notes say “She leans back”"


def test_small_words():
    assert [degree(value) for value in (0.33, 0.66, 1.0)] == ["a little ", "", "very "]
    assert listed(["a", "b", "a", "c"]) == "a, b and c"


def test_sentences_leave_quotations_whole():
    text = "p1 says “Stop. Now! Please” [transcript-1]. So p1 appears tense [face-1]."
    assert sentences(text) == ["p1 says “Stop. Now! Please” [transcript-1].", "So p1 appears tense [face-1]."]
