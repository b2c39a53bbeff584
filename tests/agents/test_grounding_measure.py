"""Directions, amounts and senses that a claim tells, held to the cues that tell of the same matter."""

from __future__ import annotations

import pytest

from emer.agents.described import described_cues
from emer.agents.grounding.check import unborne
from emer.agents.grounding.direction.moves import moves
from emer.agents.grounding.record import Record, record_of
from emer.schemas import Person, Step, Utterance

SAID = (
    Utterance(id="u1", person="p1", text="I told you it would rain.", start_s=0.3, end_s=1.8),
    Utterance(id="u2", person="p2", text="And you were right again.", start_s=3.4, end_s=4.6),
    Utterance(id="u3", person="p1", text="Shall we go?", start_s=6.9, end_s=7.9),
)
CUES = (
    ("face-1", "p1", 0.0, 1.9, "eyebrows go up, gaze drops to the desk"),
    ("face-2", "p2", 3.2, 4.7, "smile fades, leans back, arms crossed"),
    ("face-3", "p1", 6.5, 9.0, "nods three times, one eyebrow raised"),
    ("face-4", "p2", 9.0, 10.0, "raters would call this face sad (.57, FER2013), 9.0–10.0 s"),
    ("face-5", "p2", 5.0, 6.0, "both arms thrown up, mouth wide open"),
    ("context-1", None, 0.0, 10.0, "six paper cups and 212 ballots on the desk; the speaker changes 3 times"),
    (
        "voice-1",
        "p1",
        0.3,
        1.8,
        "faster than the rest of this recording (about 5.6 syllables a second, +1.4), 0.3–1.8 s",
    ),
    ("voice-2", "p2", 3.4, 4.6, "softer than the rest of this recording (-7 dB), 3.4–4.6 s"),
    ("voice-3", "p1", 6.9, 7.9, "pitch rises at the end (+5.2 semitones), 6.9–7.9 s"),
    ("voice-4", "p1", 0.3, 1.8, "pitch falls at the end (-3.8 semitones), 0.3–1.8 s"),
    ("voice-5", "p2", 3.4, 4.6, "pause of 1.8 s before the answer"),
    ("transcript-1", "p1", 0.3, 1.8, "says “I told you it would rain.”"),
    ("transcript-2", "p2", 3.4, 4.6, "says “And you were right again.”"),
    ("transcript-3", "p1", 6.9, 7.9, "asks “Shall we go?”"),
)


@pytest.fixture
def record() -> Record:
    """One scene with cues that go up and down."""
    told = [
        {"modality": name.split("-")[0], "person": who, "text": text, "anchor": {"start_s": start, "end_s": end}}
        for name, who, start, end, text in CUES
    ]
    cues = described_cues(told)
    people = [Person(id="p1", description="woman at a desk"), Person(id="p2", description="man with a cap")]
    return record_of(cues, SAID, people)


def _why(record: Record, text: str, cited: str, kind: str = "observation") -> str | None:
    ids = cited.split()
    claim = f"{text} {' '.join(f'[{name}]' for name in ids)}."
    return unborne(Step(id="r1", type=kind, claim=claim, evidence=ids), record, about=None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "cited"),
    [
        ("p1's brows shoot up and the gaze sinks to the desk", "face-1"),
        (
            "“Shall we go?” climbs by five semitones, whereas “it would rain” goes down",
            "voice-3 voice-4 transcript-1 transcript-3",
        ),
        ("p2 lowers his voice by 7 dB for “you were right again”", "voice-2 transcript-2"),
        ("p2's smile goes and he sits back with folded arms", "face-2"),
        ("Not quite two seconds go by before p2 answers", "voice-5"),
        ("The words rush out 1.4 syllables a second above the rest", "voice-1 transcript-1"),
        ("At a share of .57 raters would call p2's face sad", "face-4"),
        ("p2's face is one that raters file under unhappy", "face-4"),
        ("Six cups stand beside the ballots on the desk", "context-1"),
        ("The speaker changes three times", "context-1"),
    ],
)
def test_what_goes_the_way_of_its_cue_stands(record: Record, text: str, cited: str) -> None:
    assert _why(record, text, cited) is None


@pytest.mark.parametrize(
    ("text", "cited", "why"),
    [
        ("p1's brows sink and the gaze drops", "face-1", "says “sink”"),
        ("“you were right again” bursts out some 7 dB above the level of the rest", "voice-2 transcript-2", "opposite"),
        ("In “Shall we go?” the pitch slides down at the end", "voice-3 voice-4 transcript-3", "opposite"),
        ("“I told you” drags along, well slower than the rest", "voice-1 transcript-1", "opposite"),
        ("p2 leans forward over his crossed arms", "face-2", "opposite"),
        ("p1 gives a single nod", "face-3", "tells a number"),
        ("p2 throws one arm up", "face-5", "have both"),
        ("“Shall we go?” climbs almost nine semitones", "voice-3 transcript-3", "tells a number"),
        ("Less than half a second goes by before p2 answers", "voice-5", "tells a number"),
        ("p2's face is rated sad (.87)", "face-4", "tells a share"),
        ("p2's face is one that raters file under happy", "face-4", "call it happy"),
        ("Two paper cups stand on the desk", "context-1", "counts 2 cups"),
        ("The speaker changes just once", "context-1", "tells a number"),
        ("p1's features move faster", "voice-1", "cites no face cue"),
        ("The face and the face disagree", "face-2 voice-2", "senses wrongly"),
    ],
)
def test_what_goes_another_way_than_its_cue_is_an_objection(record: Record, text: str, cited: str, why: str) -> None:
    assert why in str(_why(record, text, cited))


def test_a_direction_is_of_what_it_is_told_of() -> None:
    told = moves("the inner brows go up and the mouth corners down, while her voice drops")
    assert [(move.dimensions[0], move.sign) for move in sorted(told, key=lambda one: one.start)][:2] == [
        ("brows", 1),
        ("corners", -1),
    ]


def test_a_denied_direction_is_none() -> None:
    assert moves("she does not get louder") == ()
