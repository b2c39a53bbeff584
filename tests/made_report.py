"""A small Report made by hand: two people, words with times, overlapping emotions, quotes and an umlaut."""

from __future__ import annotations

from typing import Any

from emer.schemas import Report

JSON = dict[str, Any]


def made_report(id_: str = "a.mp4", **changes: Any) -> Report:
    """The Report of the row `id_`, with `changes` to its fields."""
    first, second = _said("u1", "p1", 'He said "no", für immer.', 0.5, 1.5), _said("u2", "p2", "=SUM(A1)", 1.6, 2.2)
    told: JSON = {
        "clip": {"id": f"sha256:{id_}", "source": f"/clips/{id_}", "kind": "video", "duration_s": 4.0},
        "people": [{"id": "p1", "description": "on the left"}, {"id": "p2", "description": "on the right"}],
        "utterances": [first, second],
        "cues": [
            _cue("face-1", "p1", "broad smile", 1.0, 2.0, {"au.AU12": 3.1, "happy": 0.8}),
            _cue("voice-1", "p1", "low pitch", 0.5, 1.5, {"f0_st": -2.0}),
            _cue("face-2", "p2", "brows lowered", 3.0, 4.0, {}),
        ],
        "emotions": [
            _emotion("e1", "relieved", "p1", 0.8, 2.5, ["face-1"]),
            _emotion("e2", "amused", "p1", 2.0, 3.0, ["face-1", "voice-1"]),
            _emotion("e3", "angry", "p2", 3.0, 4.0, ["face-2"]),
        ],
        "causes": [{"id": "c1", "text": "the news", "kind": "explicit", "emotions": ["e1"], "evidence": ["face-1"]}],
        "reasoning": [_step("r1", "p1 smiles broadly", "face-1"), _step("r2", "p2 lowers the brows", "face-2")],
        "summary": "p1 appears relieved [face-1].",
        "provenance": {"emer": "0.1.0", "mode": "offline", "effort": "standard"},
        "row": {
            "key": f"key of {id_}", "id": id_, "content": "c", "settings": "s", "label": "joy",
            "columns": {"split": "dev", "n": 3},
        },
    }  # fmt: skip
    return Report.model_validate({**told, **changes})


def silent_report(id_: str = "silent.png") -> Report:
    """A Report in which nothing has a time and nothing is concluded."""
    return made_report(id_, utterances=[], cues=[], emotions=[], causes=[], reasoning=[], people=[], summary="")


def _said(id_: str, person: str, text: str, start_s: float, end_s: float) -> JSON:
    return {"id": id_, "person": person, "text": text, "start_s": start_s, "end_s": end_s}


def _cue(id_: str, person: str, text: str, start_s: float, end_s: float, values: JSON) -> JSON:
    source = {"tool": "t", "version": "1", "values": values}
    modality, anchor = id_.partition("-")[0], {"start_s": start_s, "end_s": end_s}
    return {
        "id": id_, "modality": modality, "kind": "k", "person": person, "text": text, "anchor": anchor,
        "strength": 0.9 if id_ == "face-1" else 0.4, "source": source,
    }  # fmt: skip


def _emotion(id_: str, label: str, person: str, start_s: float, end_s: float, evidence: list[str]) -> JSON:
    return {
        "id": id_, "label": label, "intensity": 0.66, "confidence": 0.5, "valence": 0.5, "arousal": 0.0,
        "dominance": 0.0, "person": person, "holder": person, "start_s": start_s, "end_s": end_s, "evidence": evidence,
    }  # fmt: skip


def _step(id_: str, claim: str, cue: str) -> JSON:
    return {"id": id_, "type": "observation", "claim": claim, "evidence": [cue]}
