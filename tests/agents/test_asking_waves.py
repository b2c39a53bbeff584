"""Efforts: how many calls, how many in a row, what becomes of a model that fails, and that order changes nothing."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from asking_support import TEXT, Model, claim, emotion, verdict

import emer
from emer.agents.turns import LEAST
from emer.errors import ModelError, RefusedError
from emer.intake import take_cues
from emer.models.backend import Call
from emer.schemas import Report
from emer.tools.cores import usable_cores

CUES = {
    "id": "talk",
    "transcript": TEXT,
    "context": "A talk at work.",
    "cues": [
        {"modality": "face", "person": "p1", "text": "lips pressed", "anchor": {"start_s": 0.0, "end_s": 1.0}},
        {"modality": "voice", "person": "p1", "text": "soft voice", "anchor": {"start_s": 0.0, "end_s": 1.0}},
    ],
}


def reason(effort: str, **options: object) -> Report:
    return emer.reason(CUES, effort=effort, model="fake:", **options)


def test_quick_makes_one_call_and_it_names_causes(model: Model):
    cause = {"evidence": ["transcript-1"], "utterance": "u1", "quote": "They gave the job to somebody else!",
             "kind": "explicit", "text": "Somebody else got the job.", "emotions": ["e1"]}  # fmt: skip
    model.answers["judge"] = verdict(causes=[cause])
    report = reason("quick")
    assert [call.agent for call in model.calls] == ["judge"]
    assert [(c.text, c.emotions) for c in report.causes] == [("Somebody else got the job.", ["e1"])]
    assert report.provenance.mode == "model"
    assert report.provenance.usage.calls == 1


@pytest.mark.parametrize(("effort", "in_a_row", "n_calls"), [("quick", 1, 1), ("standard", 2, 6), ("thorough", 3, 9)])
def test_calls_in_a_row(model: Model, effort: str, in_a_row: int, n_calls: int):
    model.delay_s = lambda agent: 0.25
    report = reason(effort)
    assert model.in_a_row() == in_a_row
    assert len(model.calls) == n_calls == report.provenance.usage.calls


def test_a_revision_is_the_fourth_call_in_a_row(model: Model):
    model.delay_s = lambda agent: 0.25
    lie = claim("p1 tears a photograph apart", "transcript-1")

    def judged(call: Call) -> object:
        is_revision = "what did not stand the check" in call.parts[0].text.rpartition("<<<")[2]  # type: ignore[union-attr]
        return verdict() if is_revision else verdict(inferences=[lie])

    model.answers["judge"] = judged
    report = reason("thorough")
    assert model.in_a_row() == 4
    sent_back = model.asked("judge")[-1].parts[0]
    assert "photograph" in sent_back.text  # type: ignore[union-attr]
    assert [(one.claim.split(" [")[0], "sent back once" in one.why) for one in report.dropped] == [
        ("p1 tears a photograph apart", True)
    ]
    assert report.support == 1.0


def test_a_call_holds_no_thread(model: Model):
    reason("quick")  # whatever is loaded once is loaded
    waiting: list[list[str]] = []

    async def run() -> None:
        model.delay_s = lambda agent: 1.5  # none is answered before all six are asked
        model.calls.clear()
        rows = [CUES | {"context": f"Talk number {n}."} for n in range(6)]  # the same question would be asked once
        clips = [asyncio.create_task(emer.areason(row, effort="quick", model="fake:")) for row in rows]
        while len(model.calls) < 6:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.1)  # the thread of the step before the last call ends
        waiting.append([thread.name for thread in threading.enumerate()])
        await asyncio.gather(*clips)

    asyncio.run(run())
    assert "emer-agent" not in waiting[0], "six calls are under way and not one of them sits in a thread"


def test_the_first_clip_asks_its_model_before_the_last_one_begins(model: Model, monkeypatch: pytest.MonkeyPatch):
    begun: list[object] = []
    begun_before_asking: list[int] = []

    def take(*given: object) -> object:
        begun.append(given)
        return take_cues(*given)

    def judged(call: Call) -> object:
        begun_before_asking.append(len(begun))
        return verdict()

    monkeypatch.setattr("emer.api.take_cues", take)
    model.answers["judge"] = judged
    rows = [CUES | {"context": f"Talk number {n}."} for n in range(24)]

    async def run() -> None:
        await asyncio.gather(*(emer.areason(row, effort="quick", model="fake:") for row in rows))

    asyncio.run(run())
    assert len(begun) == len(begun_before_asking) == 24
    assert begun_before_asking[0] <= max(LEAST, usable_cores()) + 8  # who will ask makes room for others at once


@pytest.mark.parametrize("slow", ["face", "transcript", "cause"])
def test_the_order_in_which_models_answer_changes_nothing(model: Model, slow: str):
    seen = {"observations": [{"basis": ["face-1"], "person": "p1", "start_s": 0.0, "end_s": 1.0, "strength": 0.5,
                              "text": "The lips stay pressed until the end."}]}  # fmt: skip
    worded = {"observations": [{"utterance": "u1", "quote": "I am so disappointed", "person": "p1",
                                "device": "self_report", "strength": 0.8, "text": "Reports a state."}]}  # fmt: skip
    model.answers |= {"face": seen, "transcript": worded}
    reference = _bytes(reason("standard"))
    model.delay_s = lambda agent: 0.1 if agent == slow else 0.0
    assert _bytes(reason("standard")) == reference


def _bytes(report: Report) -> str:
    return report.model_copy(update={"provenance": report.provenance.model_copy(update={"timings_s": {}})}).to_json()


@pytest.mark.parametrize("agent", ["face", "voice", "transcript", "context", "cause", "critic"])
def test_an_agent_whose_model_fails_keeps_its_measured_cues_and_says_so(model: Model, agent: str):
    model.answers[agent] = RefusedError("it declined")
    report = reason("thorough")
    assert any(agent in warning and "it declined" in warning for warning in report.warnings)
    assert [e.label for e in report.emotions] == ["disappointed"]
    assert {"face-1", "voice-1"} <= {cue.id for cue in report.cues}


def test_without_the_judge_there_is_no_verdict_but_an_error(model: Model):
    model.answers["judge"] = RefusedError("it declined")
    with pytest.raises(ModelError, match="it declined"):
        reason("standard")


@pytest.mark.parametrize("effort", ["quick", "standard", "thorough"])
def test_fallback_offline_judges_offline_and_says_so(model: Model, effort: str):
    model.answers["judge"] = RefusedError("it declined")
    report = reason(effort, fallback="offline")
    assert report.provenance.mode == "offline"
    assert any("judged offline instead" in warning for warning in report.warnings)
    assert report.emotions
    assert not model.asked("critic")


def test_two_of_three_judges_suffice(model: Model):
    answers = iter([RefusedError("it declined"), verdict(), verdict(emotions=[emotion("let down")])])
    model.answers["judge"] = lambda call: next(answers)
    report = reason("thorough")
    assert report.emotions[0].confidence_basis == "agreement:2"
    assert any("1 of 3 judges" in warning for warning in report.warnings)


def test_the_share_of_judges_who_agree_is_the_confidence(model: Model):
    labels = iter(["disappointed", "let down", "overjoyed"])
    model.answers["judge"] = lambda call: verdict(emotions=[emotion(next(labels))])
    report = reason("thorough")
    assert report.emotions[0].label in ("disappointed", "let down")
    assert report.emotions[0].confidence == pytest.approx(2 / 3, abs=1e-4)
    assert report.emotions[0].confidence_basis == "agreement:3"


def test_a_claim_that_the_critic_refutes_is_dropped_with_the_reason(model: Model):
    said = {"id": "r1", "says": "they say they are disappointed", "borne": "no", "why": "the wording is not theirs"}
    model.answers["critic"] = {"claims": [said], "missed": []}
    answers = iter([verdict()] * 3 + [verdict(observations=[])])
    model.answers["judge"] = lambda call: next(answers)
    report = reason("thorough")
    assert [(one.why) for one in report.dropped] == ["the critic: the wording is not theirs (sent back once)"]


def test_frames_and_sound_are_sent_and_small(model: Model, demo_dir: Path):
    emer.analyze(demo_dir / "demo.mp4", transcript=demo_dir / "demo.srt", model="fake:")
    face, voice = model.asked("face")[0], model.asked("voice")[0]
    frames = [part for part in face.parts if hasattr(part, "jpeg")]
    assert 1 <= len(frames) <= 4
    scene = [part for part in model.asked("context")[0].parts if hasattr(part, "jpeg")]
    assert [part.what for part in scene] == ["frame at 4.3 s"]  # the middle of the one scene
    assert all(part.jpeg.startswith(b"\xff\xd8") for part in frames)
    assert [part.wav[:4] for part in voice.parts if hasattr(part, "wav")] == [b"RIFF"]


@pytest.mark.parametrize("options", [{"words_only": True}, {"exclude_persons": ("p2",)}])
def test_no_sound_leaves_where_only_words_may_or_somebody_is_left_out(model: Model, demo_dir: Path, options: dict):
    emer.analyze(demo_dir / "demo.flac", transcript=demo_dir / "demo.srt", model="fake:", **options)
    assert model.asked("voice")
    assert not [part for call in model.calls for part in call.parts if not hasattr(part, "text")]


@pytest.mark.parametrize("name", ["face", "voice", "context"])
def test_what_names_an_emotion_or_rests_on_nothing_becomes_no_cue(model: Model, name: str):
    extra = {"face": {}, "voice": {"tag": "sigh"}, "context": {"kind": "event"}}[name]
    basis = {"face": "face-1", "voice": "voice-1", "context": "told"}[name]
    rows = [
        {"basis": [basis], "person": "p1", "strength": 0.5, "text": "It ends together with the last word.", **extra},
        {"basis": [basis], "person": "p1", "strength": 0.5, "text": "A furious ending.", **extra},
        {"basis": ["frame at 9.0 s"], "person": "p1", "strength": 0.5, "text": "It ends.", **extra},
        {"basis": [basis], "person": "p9", "strength": 0.5, "text": "It ends.", **extra},
    ]
    model.answers[name] = {"observations": rows}
    report = reason("standard")
    added = [cue for cue in report.cues if cue.source.version.startswith(name)]
    assert [cue.text.removeprefix("sigh: ") for cue in added] == ["It ends together with the last word."]
    assert added[0].level == "inferred"
    left_out = next(warning for warning in report.warnings if "left out" in warning)
    assert "names an emotion (1)" in left_out


def test_a_quotation_that_nobody_said_becomes_no_cue(model: Model):
    rows = [
        {
            "utterance": "u1",
            "quote": quote,
            "person": "p1",
            "device": "emphasis",
            "strength": 0.5,
            "text": "Weighs.",
        }
        for quote in ("so disappointed", "utterly crushed")
    ]
    model.answers["transcript"] = {"observations": rows}
    report = reason("standard")
    added = [cue.text for cue in report.cues if cue.source.version.startswith("transcript@")]
    assert added == ["emphasis in “so disappointed”: Weighs."]
