"""Order, delays and times that a claim tells are held to the spans of its cues."""

from __future__ import annotations

import pytest
from training.grounding.planted import Scene
from training.grounding.written import _cue as cue_of

from emer.agents.described import described_cues
from emer.agents.grounding import record
from emer.agents.grounding.when import alignment, delays, order, times
from emer.agents.grounding.when.parts import parts
from emer.agents.grounding.words.wording import ID
from emer.schemas import Person, Step

SALE = Scene(
    id="sale",
    people=(
        Person(id="p1", description="woman behind a folding table"),
        Person(id="p2", description="collector with a magnifier"),
    ),
    utterances=(),
    cues=tuple(
        described_cues(
            [
                cue_of(line)
                for line in (
                    "face p2 0.0 2.3 bends over the lamp, one eye narrowed",
                    "face p2 3.9 6.0 eyebrows shoot up, mouth falls open",
                    "face p1 7.0 8.8 shakes her head, smiles",
                    "face p1 12.0 13.5 presses her lips together, eyes glisten",
                    "face p2 7.0 9.4 nostrils flare, then a slow grin",
                    "face p1 13.6 15.4 raters would call this face sad (.52, FER2013), 13.6–15.4 s",
                    "voice - 3.8 6.2 pause of 2.4 s before the answer",
                    "voice p1 8.6 9.1 short laugh",
                    "transcript p2 0.2 2.1 asks “What do you want for this lamp?”",
                    "transcript p1 2.6 3.8 says “Five, I suppose.” (hedges, “I suppose”)",
                    "transcript p2 6.2 7.0 asks “Five hundred?”",
                    "transcript p1 7.3 8.6 says “No, no, just five.” (repeats)",
                    "transcript p2 9.5 11.9 says “Then please let me give you fifty at least.”",
                    "transcript p1 13.6 14.9 says “My mother would laugh.”",
                    "context p2 4.5 5.6 p2 turns the lamp over and reads the stamp on its base",
                    "context p1 15.0 16.8 p1 wraps the lamp in newspaper",
                )
            ]
        )
    ),
)
PLANTED = (
    "The collector has read the stamp before he ever asks for the price of the lamp [context-1] [transcript-1].",
    "p2 asks “What do you want for this lamp?” once the stamp on the base has been read [context-1] [transcript-1].",
    "His brows shoot up while she is still to name her price [face-2] [transcript-2].",
    "“Five, I suppose” comes only when p2's mouth has already dropped open [face-2] [transcript-2].",
    "Having asked “Five hundred?”, p2 lets his mouth fall open [face-2] [transcript-3].",
    "p1 laughs, and then says “No, no, just five” [voice-2] [transcript-4].",
    "p1's eyes are already glistening as the collector offers fifty [face-4] [transcript-5].",
    "Only after mentioning her mother does p1 press her lips together [face-4] [transcript-6].",
    "The thought of her mother comes first and the pressed lips after it [face-4] [transcript-6].",
    "p1 is wrapping the lamp by the time she says what her mother would do [context-2] [transcript-6].",
    "p2's offer of fifty comes when the lamp is wrapped already [context-2] [transcript-5].",
    "The shake of p1's head precedes the rise of p2's eyebrows [face-3] [face-2].",
    "While asking “Five hundred?” p2 is bent over the lamp [face-1] [transcript-3].",
    "p2's eyebrows go up first; bending over the lamp is what he does next [face-1] [face-2].",
    "p1 says “No, no, just five” before anyone has mentioned five hundred [transcript-4] [transcript-3].",
    "The collector raises his offer to fifty, to which p1 replies “No, no, just five” [transcript-4] [transcript-5].",
    "No sooner has p2 read the stamp than he asks “What do you want for this lamp?” [context-1] [transcript-1].",
    "It is after the offer of fifty that p1 gives a short laugh [voice-2] [transcript-5].",
    "The short laugh is prompted by the offer of fifty [voice-2] [transcript-5].",
    "p1 wraps the lamp, whereupon the collector offers fifty [context-2] [transcript-5].",
    "“Five hundred?” follows instantly, with no time to think [voice-1] [transcript-3].",
    "p2 needs less than a second before “Five hundred?” [voice-1] [transcript-3].",
    "At 12.5 s p1 laughs shortly, and her lips are pressed together [voice-2] [face-4].",
    "p2 grins first, and only then do the nostrils flare [face-5].",
    "p1 smiles throughout [face-3].",
)
TRUE = (
    "Not until the price has been named does p2 turn the lamp over [context-1] [transcript-2].",
    "p2's brows are up while he reads the stamp [context-1] [face-2].",
    "Once p1 has said “Five, I suppose”, p2's mouth falls open [face-2] [transcript-2].",
    "The open mouth comes before “Five hundred?”, so the surprise was there before the words [face-2] [transcript-3].",
    "“Five hundred?” does not come at once but after 2.4 s [voice-1] [transcript-3].",
    "“Five hundred?” comes only after 2.4 s of silence [voice-1] [transcript-3].",
    "“No, no, just five” ends in a short laugh [voice-2] [transcript-4].",
    "p1's lips are pressed together soon after the offer of fifty [face-4] [transcript-5].",
    "Between the offer of fifty and “My mother would laugh” p1's eyes glisten [face-4] [transcript-5] [transcript-6].",
    "When p1 has spoken of her mother she wraps the lamp in newspaper [context-2] [transcript-6].",
    "p1 has not begun to wrap the lamp when she says “My mother would laugh” [context-2] [transcript-6].",
    "p1 turns down “Five hundred?” at once with “No, no, just five” [transcript-3] [transcript-4].",
    "p1 is smiling already when she says “No, no, just five” [face-3] [transcript-4].",
    "p1's smile has long gone by the time her face looks sad to raters [face-3] [face-6].",
    "First a smile and a shake of the head, in the end a face that raters call sad [face-3] [face-6].",
    "As the lamp was once her late mother's, “My mother would laugh” fits the glistening eyes [face-4] [transcript-6].",
    "First p2's nostrils flare, and a grin follows [face-5].",
    "From around twelve seconds p1 presses her lips together [face-4].",
    "From second twelve to second thirteen p1's eyes glisten [face-4].",
)


def _objection(told: str) -> str | None:
    ids = ID.findall(told)
    known = record.record_of(SALE.cues, SALE.utterances, SALE.people)
    assert set(ids) <= set(known.cues)
    claim = record.Claim(Step(id="r1", type="observation", claim=told, evidence=ids), known)
    return times.wrong_time(claim) or order.wrong_order(claim) or delays.wrong_delay(claim)


@pytest.mark.parametrize("told", PLANTED)
def test_what_is_told_against_the_spans_of_its_cues_is_objected_to(told: str):
    assert _objection(told) is not None


@pytest.mark.parametrize("told", TRUE)
def test_what_the_spans_of_its_cues_bear_stands(told: str):
    assert _objection(told) is None


def test_an_unclear_part_says_nothing_of_the_order():
    assert _objection("Something happens before the lamp matters to p2 [face-1] [context-1].") is None


def test_a_sentence_is_cut_where_another_event_is_told():
    told = parts("Only after “Yes. No.” does p1 nod and smile, which p2 sees [face-1].")
    assert [(part.link, part.text) for part in told] == [
        ("after", "“Yes. No.”"),
        ("turned", "p1 nod"),
        ("and", "smile"),
        ("so", "p2 sees"),
    ]
    assert told[0].mood == "Only"


def test_a_part_is_aligned_with_the_cue_that_it_tells_of():
    known = record.record_of(SALE.cues, SALE.utterances, SALE.people)
    step = Step(id="r1", type="observation", claim="told", evidence=["face-2", "context-1"])
    claim = record.Claim(step, known)
    found = alignment.aligned(claim, "he reads the stamp")
    assert found is not None and found.id == "context-1"
    assert alignment.aligned(claim, "he is surprised") is None
