"""What cues show may not be denied, with or without a "not", nor what they deny be affirmed."""

from __future__ import annotations

import pytest

from emer.agents.described import described_cues
from emer.agents.grounding.check import unborne
from emer.agents.grounding.record import record_of
from emer.schemas import Step

CUES = {
    "face-1": ("p1", "eyes fill with tears, blinks several times"),
    "face-2": ("p2", "looks at p1, nods slowly"),
    "face-3": ("p2", "small smile, mouth closed"),
    "face-4": ("p1", "head hardly moves (.01 face widths a second)"),
    "face-5": ("p2", "lips pressed to hold the laugh back"),
    "voice-1": ("p1", "pause of 1.2 s before the answer"),
    "transcript-1": ("p1", "says “They turned me down again.”"),
    "transcript-2": ("p2", "asks “Did they give a reason?”"),
    "transcript-3": ("p1", "says “No. I don't want to talk about it.”"),
    "transcript-4": ("p2", "says “I'm not angry. I was wrong about them.”"),
    "context-1": ("p1", "p1 stays in the chair, the letter in the lap"),
    "context-2": ("p1", "the vase wobbles and does not fall"),
}
PLANTED = (
    ("inference", "Dry-eyed as p1 is, the answer seems expected [face-1]."),
    ("observation", "p1's eyes stay dry all along [face-1]."),
    ("inference", "p2 gives not so much as a nod, which may be coldness [face-2]."),
    ("observation", "p2's face remains unsmiling [face-3]."),
    ("inference", "A lively toss of the head shows p1's agitation [face-4]."),
    ("rival", "It might be mockery, as p2 does nothing to hold back the laugh [face-5]."),
    ("inference", "p1 answers “No” without the slightest hesitation, as if prepared [voice-1] [transcript-3]."),
    ("inference", "p2 takes the news as settled and asks for no reason [transcript-1] [transcript-2]."),
    ("inference", "p2's question meets with silence [transcript-2] [transcript-3]."),
    ("observation", "p1 agrees to talk about it [transcript-3]."),
    ("observation", "p2 admits, after all, to being angry [transcript-4]."),
    ("inference", "p2 denies having been wrong about them, out of pride [transcript-4]."),
    ("inference", "That p1 gets up and leaves the chair hints at unease [context-1]."),
    ("inference", "As the vase has come down, p1 must be shocked [context-2]."),
)
TRUE = (
    ("observation", "p1's eyes do not stay dry [face-1]."),
    ("observation", "p2 does not look away from p1 [face-2]."),
    ("observation", "p1's head scarcely stirs [face-4]."),
    ("observation", "p1 does not answer at once but after more than a second [voice-1] [transcript-3]."),
    ("inference", "p1 refuses to talk about it, and p2's question is cut short [transcript-2] [transcript-3]."),
    ("observation", "p2 admits to having been wrong about them [transcript-4]."),
    ("observation", "p2 denies being angry [transcript-4]."),
    ("inference", "p2 does not take the news as settled but asks for the reason [transcript-1] [transcript-2]."),
    ("observation", "p1 does not get up from the chair [context-1]."),
    ("rival", "p1 might be calm, but the many tears do not go with it [face-1]."),
)


def _why(kind: str, claim: str) -> str | None:
    rows = [
        {
            "modality": name.split("-")[0],
            "person": person,
            "anchor": {"start_s": float(n), "end_s": n + 0.8},
            "text": text,
        }
        for n, (name, (person, text)) in enumerate(CUES.items())
    ]
    cues = described_cues(rows)
    evidence = [name for name in CUES if f"[{name}]" in claim]
    step = Step.model_validate({"id": "r1", "type": kind, "claim": claim, "evidence": evidence, "counter": []})
    return unborne(step, record_of(cues, [], []), about=None)


@pytest.mark.parametrize(("kind", "claim"), PLANTED)
def test_what_cues_show_may_not_be_denied_in_other_words(kind: str, claim: str):
    assert _why(kind, claim) is not None


@pytest.mark.parametrize(("kind", "claim"), TRUE)
def test_denials_that_the_cues_bear_stand(kind: str, claim: str):
    assert _why(kind, claim) is None
