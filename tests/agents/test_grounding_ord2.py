"""Order told by families of verbs, turns, and counts are held to the cues; true claims near them stay."""

from __future__ import annotations

import pytest
from training.grounding.planted import Scene, read_practice

from emer.agents.grounding import record
from emer.agents.grounding.quantity import numbers
from emer.agents.grounding.when import order
from emer.agents.grounding.when.delays import wrong_delay
from emer.agents.grounding.words.wording import ID
from emer.schemas import Step

SCENES = read_practice()[0]
CHECKS = (order.wrong_order, wrong_delay, numbers.wrong_number)
PLANTED = (
    ("v-late-train", "“It's fine” paves the way for “start dinner without me” [transcript-1] [transcript-2]."),
    ("v-voice-message", "p1 asks to be rung, and goes on to tell of the swimming badge [transcript-3] [transcript-2]."),
    ("v-voice-message", "The pace drops at “Ring me” and not a moment sooner [voice-2] [transcript-3]."),
    ("v-waiting-room", "p2's brows smooth out, which prompts “Of course I can” [face-6] [transcript-3]."),
    ("v-waiting-room", "To “Of course I can” p3 responds with “You're next” [transcript-3] [transcript-1]."),
    ("v-waiting-room", "The boy's brows smooth out as soon as p3 calls his name [face-6] [transcript-1]."),
    (
        "v-minister-on-air",
        "p2 waits for p1 to get to the end before repeating “Yes or no” [transcript-3] [transcript-2].",
    ),
    ("v-minister-on-air", "p1 interrupts “Yes or no, minister?” with the summary [transcript-3] [transcript-4]."),
    ("v-ward-handover", "p1 rounds off her line about the names with a yawn [face-3] [transcript-5]."),
    (
        "w-birthday-jumper",
        "The smile was there first, and the corners went down only once it had faded [face-2] [face-3].",
    ),
    ("w-standup-deadline", "Five voices can be told apart [context-1] [transcript-1]."),
    ("w-standup-deadline", "p3 rolls the eyes twice, on a melody within 1.5 semitones [face-3] [voice-3]."),
    ("w-driving-test", "Speaking slowly, p2 owns up to having stalled three times [transcript-2] [voice-2]."),
    ("w-driving-test", "“Never mind” is what p1 says on learning that p2 has passed [transcript-4] [transcript-3]."),
    ("w-departure-glass", "p1 nods, and following that shuts her eyes against his shoulder [face-6] [face-3]."),
    ("w-departure-glass", "p2's hand drops, and that brings on the tear [context-4] [face-4]."),
    (
        "w-flat-dishes",
        "Between p2's jibe and the excuse about lunch p1 bares clenched teeth [face-4] [transcript-2] [transcript-1].",
    ),
)
TRUE = (
    ("v-waiting-room", "p1 answers her son within half a second [transcript-2] [transcript-3]."),
    ("v-waiting-room", "p1's head turns up in response to p3's “You're next” [face-4] [transcript-1]."),
    (
        "v-minister-on-air",
        "p2's “Yes or no, minister?” cuts into the sentence about Monday [transcript-3] [transcript-2].",
    ),
    ("v-minister-on-air", "p2 does not let p1 finish but comes in with “Yes or no” [transcript-3] [transcript-2]."),
    (
        "v-minister-on-air",
        "Half a second after the question p1 is already talking about schools [transcript-1] [transcript-2].",
    ),
    (
        "w-podcast-band",
        "Before answering, p2 lowers the gaze to the table and lets almost two seconds pass [face-1] [voice-1].",
    ),
    (
        "w-driving-test",
        "Just before 7.2 s p2's lips hold down a smile; from then on he looks happy, at .94 [face-3] [face-4].",
    ),
    ("w-driving-test", "p2 leads with the stalling and saves the pass for the end [transcript-2] [transcript-4]."),
    (
        "w-departure-glass",
        "Earlier her lips were pressed, and she may be avoiding a second goodbye [face-1] [context-3].",
    ),
    ("w-flat-dishes", "p1 is rubbing the neck even before p2 is done with “You've been busy” [face-2] [transcript-1]."),
    (
        "w-flat-dishes",
        "In the second and a half after “It's half past six!” p1's mouth turns up [face-4] [transcript-3].",
    ),
    ("w-standup-deadline", "Two question marks and over six semitones: p2 asks back twice [voice-2] [transcript-2]."),
)


def _objection(scene: str, text: str) -> str | None:
    there: Scene = SCENES[f"hand:{scene}"]
    held = record.record_of(there.cues, there.utterances, there.people)
    step = Step(id="s1", type="observation", claim=text, evidence=ID.findall(text), counter=[], supports=[])
    claim = record.Claim(step, held)
    return next((why for check in CHECKS if (why := check(claim)) is not None), None)


@pytest.mark.parametrize(("scene", "text"), PLANTED)
def test_planted_order_turns_and_counts_are_caught(scene: str, text: str) -> None:
    assert _objection(scene, text) is not None


@pytest.mark.parametrize(("scene", "text"), TRUE)
def test_true_order_turns_and_counts_stay(scene: str, text: str) -> None:
    assert _objection(scene, text) is None
