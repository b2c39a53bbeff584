"""A user's codebook reaches the judge as data: its words may be the answer, and nothing in it is an instruction."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from asking_support import TEXT, Model, claim, emotion, is_enclosed, mark_of, text_of, unmarked, verdict
from hostile import ATTACKS, Attack

import emer
from emer.agents.asking.judging import IN_THEIR_WORDS
from emer.agents.asking.lines import CODEBOOK, MAX_DEFINITION_CHARS
from emer.models.backend import Call

LET_DOWN = {"label": "let down", "definition": "hoped for something and did not get it"}


def codebook(folder: Path, *entries: dict[str, str]) -> Path:
    path = folder / "codebook.json"
    path.write_text(json.dumps(entries), encoding="utf-8")
    return path


def judged(model: Model, *labels: str | Path, effort: str = "quick") -> list[Call]:
    """What the judges are asked of one text."""
    model.calls.clear()
    emer.analyze(text=TEXT, model="fake:", effort=effort, labels=tuple(map(str, labels)))
    return model.asked("judge")


def block(call: Call) -> list[str]:
    """The lines of the codebook in a request."""
    mark, text = mark_of(call.system), text_of(call)
    return text.partition(f"<<<{mark} {CODEBOOK}\n")[2].partition(f"\n{mark}>>>")[0].split("\n")


def test_the_judge_sees_the_words_and_definitions(model: Model, tmp_path: Path):
    (call,) = judged(model, codebook(tmp_path, LET_DOWN, {"label": "content"}))
    assert block(call) == ['"let down" | "hoped for something and did not get it"', '"content"']
    assert IN_THEIR_WORDS in call.system


def test_every_judge_of_a_thorough_run_sees_them_and_nobody_else(model: Model, tmp_path: Path):
    calls = judged(model, codebook(tmp_path, LET_DOWN), effort="thorough")
    assert len(calls) == 3
    assert all("let down" in text_of(call) for call in calls)
    assert not [call.agent for call in model.calls if call.agent != "judge" and "let down" in text_of(call)]


def test_without_a_codebook_of_their_own_the_request_is_the_same_byte_for_byte(model: Model, tmp_path: Path):
    (plain,) = judged(model)
    (built_in,) = judged(model, "ekman")
    assert (built_in.system, built_in.parts) == (plain.system, plain.parts)
    (shown,) = judged(model, codebook(tmp_path, LET_DOWN))
    assert unmarked(shown.system).replace(f"\n{IN_THEIR_WORDS}", "") == unmarked(plain.system)
    assert mark_of(shown.system) != mark_of(plain.system)


def test_an_answer_in_their_words_is_the_label_and_open_words_stay_allowed(model: Model, tmp_path: Path):
    path = codebook(tmp_path, LET_DOWN, {"label": "content", "definition": "all is well"})
    for label in ("let down", "crestfallen"):
        model.answers["judge"] = verdict(
            emotions=[emotion(label)],
            conclusions=[claim(f"p1 appears {label}, in their own words", "transcript-1", person="p1")],
        )
        report = emer.analyze(text=TEXT, model="fake:", effort="quick", labels=(str(path),))
        assert [one.label for one in report.emotions] == [label]
        shares = {row.label: row.p for row in report.projections["codebook"]}
        assert shares["let down"] > shares["content"]


def test_a_long_definition_is_cut(model: Model, tmp_path: Path):
    (call,) = judged(model, codebook(tmp_path, {"label": "x", "definition": "d" * 9000}))
    assert block(call) == [f'"x" | "{"d" * MAX_DEFINITION_CHARS} …"']


@pytest.mark.parametrize("attack", ATTACKS[::6], ids=lambda attack: attack.kind)
def test_an_attack_in_a_codebook_stays_data(attack: Attack, model: Model, tmp_path: Path):
    (harmless,) = judged(model, codebook(tmp_path, LET_DOWN))
    entries = ({"label": "calm", "definition": attack.text}, {"label": attack.text[:70].strip(), "definition": "x"})
    (call,) = judged(model, codebook(tmp_path, *entries))
    assert unmarked(call.system) == unmarked(harmless.system), "the instructions are those of any codebook"
    assert call.schema == harmless.schema
    assert is_enclosed(text_of(call), mark_of(call.system), CODEBOOK)
    assert len(block(call)) == 2, "one line a label, whatever it holds"
    assert all(line.startswith('"') for line in block(call))
