"""Citations, things, acts and persons: what the cues of a scene tell, told with the wrong cue, thing or person."""

from __future__ import annotations

import pytest
from training.grounding.evaluate import record_of
from training.grounding.planted import Scene

from emer.agents.described import described_cues
from emer.agents.grounding.check import unborne
from emer.agents.grounding.record import Record
from emer.schemas import Person, Step

CUES = [
    ("face", "p1", 0.0, 3.0, "brows drawn together, gaze on the form"),
    ("face", "p2", 0.5, 2.8, "corners of the mouth turn up, nods twice"),
    ("face", "p1", 5.0, 7.5, "eyes wet, lips pressed together"),
    ("face", "p2", 7.0, 9.0, "raters would call this face sad (.55, FER2013), 7.0–9.0 s"),
    ("voice", "p1", 3.0, 4.6, "softer than the rest of this recording (-6 dB), 3.0–4.6 s"),
    ("voice", "p2", 5.0, 6.5, "pitch falls at the end (-3.4 semitones), 5.0–6.5 s"),
    ("voice", "p1", 7.6, 9.0, "voice trembles, pause of 1.2 s before the answer, 7.6–9.0 s"),
    ("transcript", "p1", 3.0, 4.6, "asks “Could you look again, please?”"),
    ("transcript", "p2", 5.0, 6.5, "says “There is no booking under that name.”"),
    ("transcript", "p1", 7.6, 9.0, "says “But it's our anniversary.”"),
    ("context", "p1", 4.6, 5.4, "p1 puts a printed email on the counter"),
    ("context", "p2", 6.5, 7.4, "p2 turns the screen towards p1"),
    ("context", None, 0.0, 9.0, "a bell on the counter, a queue of guests behind p1"),
]
TOLD = "p1 booked the room five months ago; p2 started this job on Monday."
PEOPLE = (
    Person(id="p1", description="man with a wheeled suitcase"),
    Person(id="p2", description="young receptionist behind the counter"),
)


@pytest.fixture(scope="module")
def record() -> Record:
    """A guest and a receptionist."""
    rows = [{"modality": m, "person": p, "anchor": {"start_s": a, "end_s": b}, "text": t} for m, p, a, b, t in CUES]
    rows.append({"modality": "context", "kind": "given", "level": "reported", "text": TOLD})
    return record_of(Scene("hotel", PEOPLE, (), tuple(described_cues(rows))))


def _why(record: Record, kind: str, evidence: str, claim: str) -> str | None:
    cited, against = evidence.partition("~")[::2]
    names = {"evidence": cited.split(), "counter": against.split()}
    marks = "".join(f" [{name}]" for name in (*names["evidence"], *names["counter"]))
    step = Step.model_validate({"id": "r1", "type": kind, "claim": f"{claim}{marks}.", **names})
    return unborne(step, record, about=None)


@pytest.mark.parametrize(
    ("kind", "evidence", "claim"),
    [
        ("observation", "face-1", "With knitted brows p1 studies the form"),
        ("observation", "face-2", "The receptionist smiles and gives two nods"),
        ("inference", "face-3 transcript-3", "His eyes are wet when he brings up the anniversary, so more is at stake"),
        ("inference", "context-4 transcript-1", "Who booked five months ahead has reason to ask for a second look"),
        ("observation", "context-2", "p2 swings the screen round to p1"),
        ("inference", "context-4", "Being new to the job, p2 may simply not know where to look"),
        ("inference", "context-3 voice-1", "With guests waiting behind him p1 keeps his voice down, to be discreet"),
        ("inference", "transcript-1", "“Please” and “could you” are polite; p1 does not shut the door on help"),
        ("rival", "voice-3 ~voice-1", "p1 might be angry: anger makes a voice tremble too, but he speaks softly"),
        ("conclusion", "face-4 context-4", "p2 seems sympathetic, perhaps also helpless, which would suit a beginner"),
        ("observation", "context-1 transcript-1", "p1 asks her to look again and puts an email down on the counter"),
        ("inference", "transcript-3 face-4", "p1's “anniversary” is followed by a sad-looking face on p2"),
    ],
)  # fmt: skip
def test_what_the_cited_cues_tell_stands(record: Record, kind: str, evidence: str, claim: str):
    assert _why(record, kind, evidence, claim) is None


@pytest.mark.parametrize(
    ("kind", "evidence", "claim"),
    [
        ("observation", "face-1 voice-1", "p1 puts a printed email on the counter"),
        ("inference", "face-3 voice-1", "Having booked five months ago, p1 is entitled to be upset"),
        ("inference", "transcript-3 face-3", "As p2 only started on Monday, a mistake of hers is likely"),
        ("observation", "voice-2 transcript-2", "The screen is turned round to p1 by the receptionist"),
        ("observation", "face-2 face-4", "A queue of guests waits behind p1"),
        ("conclusion", "face-2 voice-1", "p1 seems hurt: his eyes are wet and he mentions their anniversary"),
        ("inference", "voice-2", "p2's refusal, that there is no booking under that name, sounds final"),
    ],
)
def test_what_another_cue_tells_is_wrongly_cited(record: Record, kind: str, evidence: str, claim: str):
    assert _why(record, kind, evidence, claim) is not None


@pytest.mark.parametrize(
    ("kind", "evidence", "claim"),
    [
        ("observation", "face-2", "The man's mouth corners go up and he nods twice"),
        ("observation", "face-1 face-2", "p2 draws the brows together over the form"),
        (
            "inference",
            "voice-3 transcript-3",
            "It is the young woman whose voice trembles, so the news touches her",
        ),
        ("inference", "face-3 transcript-2", "With wet eyes p2 announces that there is no booking"),
        ("rival", "voice-3 ~transcript-2", "p2 may be close to tears, given her trembling voice"),
        ("observation", "face-3 face-4", "p2's eyes are wet and her lips are pressed together"),
        ("observation", "context-2", "The man turns the screen round"),
        ("inference", "transcript-2 voice-1", "p2 softly says that there is no booking, which is kind"),
        ("observation", "context-4", "It is told that “p2 booked the room five months ago”"),
    ],
)
def test_what_a_cue_tells_of_another_person_is_wrong(record: Record, kind: str, evidence: str, claim: str):
    assert _why(record, kind, evidence, claim) is not None


@pytest.mark.parametrize(
    ("kind", "evidence", "claim"),
    [
        ("observation", "face-3", "p1 wipes his eyes with a handkerchief"),
        ("observation", "face-2", "The receptionist nods twice and picks up the telephone"),
        ("observation", "context-2", "p2 stamps the form and turns the screen round"),
        ("observation", "context-3 face-1", "Behind p1, a child tugs at a balloon"),
        ("inference", "context-4 transcript-3", "The champagne waiting upstairs was meant for the anniversary"),
        ("inference", "context-1 transcript-2", "That p1's wife had confirmed the email makes the missing booking odd"),
        ("observation", "transcript-1 voice-1", "p1 drums his fingers, asking softly for another look"),
        ("observation", "context-1", "p1 puts a printed email on the counter and shrugs"),
        ("inference", "context-1 transcript-3", "Crumpling the email in the end, p1 gives the anniversary up for lost"),
    ],
)
def test_things_and_acts_that_no_cue_has_are_put_in(record: Record, kind: str, evidence: str, claim: str):
    assert _why(record, kind, evidence, claim) is not None
