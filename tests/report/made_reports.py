"""Small Reports written by hand: one that a page shows well, and one that would like to take it over."""

from __future__ import annotations

from typing import Any

from emer.schemas import Report

SHOUT = '"><script>window.owned=1</script><img src=http://evil.example/x onerror="window.owned=1">'


def cue(number: int, modality: str, text: str, span: tuple[float, float] | None, **more: Any) -> dict[str, Any]:
    anchor = {"start_s": span[0], "end_s": span[1]} if span else {}
    base = {"id": f"{modality}-{number}", "modality": modality, "kind": "expression", "person": "p1", "text": text}
    return {**base, "anchor": anchor, "source": {"tool": "t", "version": "1"}, **more}


def report(**more: Any) -> Report:
    """Anna, ten seconds: her face smiles from 2 to 4 s, her words are sad from 3 to 6 s; e1 rests on both."""
    emotion = {"label": "sad", "intensity": 0.7, "confidence": 0.5, "valence": -0.6, "arousal": -0.1, "dominance": 0.0}
    return Report.model_validate({
        "clip": {"id": "sha256:0", "source": "/home/anna/clip.mp4", "kind": "video", "duration_s": 10.0,
                 "modalities": ["face", "transcript"]},
        "people": [{"id": "p1", "description": "person on the left"}],
        "utterances": [{"id": "u1", "person": "p1", "text": "I am so sad.", "start_s": 3.0, "end_s": 6.0}],
        "cues": [
            cue(1, "face", "smiles, 2.0–4.0 s", (2.0, 4.0), valence=0.5),
            cue(1, "transcript", "says “sad”", (3.0, 6.0), valence=-0.5, kind="said",
                anchor={"start_s": 3.0, "end_s": 6.0, "utterance": "u1", "chars": [8, 11]}),
        ],
        "emotions": [{**emotion, "id": "e1", "person": "p1", "holder": "p1", "start_s": 3.0, "end_s": 6.0,
                      "evidence": ["transcript-1"], "counter_evidence": ["face-1"]}],
        "causes": [{"id": "c1", "text": "the letter", "kind": "explicit", "emotions": ["e1"], "start_s": 1.0,
                    "end_s": 2.0, "evidence": ["transcript-1"]}],
        "reasoning": [{"id": "r1", "type": "inference", "claim": "She says so [transcript-1].",
                       "evidence": ["transcript-1"], "counter": ["face-1"], "supports": ["e1"]}],
        "summary": "p1 appears sad [transcript-1]. The face smiles [face-1].",
        "series": [{"person": "p1", "modality": "face", "dimension": "valence", "t0_s": 0.0, "step_s": 1.0,
                    "values": [0.0, None, 0.5, 1.0]}],
        "provenance": {"emer": "0", "mode": "offline", "effort": "quick"},
        **more,
    })  # fmt: skip


def hostile() -> Report:
    """Every text that may come from a clip, a file or a model tries to become part of the page."""
    style = "</style><script>window.owned=1</script>"
    shout = cue(1, "face", SHOUT, (0.0, 1.0), source={"tool": SHOUT, "version": SHOUT, "values": {SHOUT: SHOUT}})
    good = report()
    names = {"id": style, **dict.fromkeys(("label", "person", "holder", "target"), SHOUT)}
    emotion = good.emotions[0].model_dump() | names | {"evidence": ["face-1"], "counter_evidence": []}
    return report(
        clip=good.clip.model_dump() | {"source": f"{SHOUT}.mp4", "language": SHOUT, "context": SHOUT},
        people=[{"id": SHOUT, "description": SHOUT}],
        utterances=[{"id": "u1", "person": SHOUT, "text": SHOUT, "language": SHOUT}],
        cues=[{**shout, "modality": SHOUT, "person": SHOUT}],
        emotions=[emotion],
        causes=[{"id": style, "text": SHOUT, "kind": "explicit", "emotions": [style], "start_s": 0.0, "evidence": []}],
        reasoning=[{"id": style, "type": "rival", "claim": f"{SHOUT} [face-1]", "evidence": ["face-1"]}],
        series=[],
        summary=f"{SHOUT} [face-1]. [face-99]",
        cases=[{"id": SHOUT, "role": "support", "similarity": 0.5, "labels": [SHOUT], "applies": True, "why": SHOUT,
                "provenance": SHOUT, "text": SHOUT}],
        missing=[{"modality": SHOUT, "why": SHOUT, "remedy": SHOUT}],
        warnings=[SHOUT],
        dropped=[{"claim": SHOUT, "why": SHOUT}],
        projections={SHOUT: [{"label": SHOUT, "p": 1.0}]},
        abstained=[{"person": SHOUT, "why": SHOUT}],
    )  # fmt: skip
