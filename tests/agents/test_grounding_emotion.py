"""Feelings as evidence: what takes one for granted or tells it as seen falls, guesses and verdicts stand."""

from __future__ import annotations

import pytest

from emer.agents.described import described_cues
from emer.agents.grounding.felt.feelings import feelings, is_named
from emer.agents.grounding.felt.premise import put_as_evidence
from emer.agents.grounding.felt.sides import is_torn, lean
from emer.agents.grounding.record import Claim, Record, record_of
from emer.schemas import Cue, Step

TYPES = {"o": "observation", "i": "inference", "r": "rival", "c": "conclusion"}


def cue(text: str, modality: str = "face") -> Cue:
    row = {"modality": modality, "person": "p1", "anchor": {"start_s": 0.0, "end_s": 2.0}, "text": text}
    return described_cues([row])[0]


def told(kind: str, text: str, *cues: Cue) -> Claim:
    cited = cues or (cue("gaze on the letter"), cue("pitch trembles", "voice"))
    record: Record = record_of(cited, (), ())
    step = {"id": "r1", "type": TYPES[kind], "claim": text, "evidence": [one.id for one in cited]}
    return Claim(Step.model_validate(step), record)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("i", "Since p1 is ashamed of herself by then, the hand at the mouth can only concern her looks"),
        ("i", "Embarrassed by the question, p1 drops her gaze"),
        ("i", "p1, ashamed of the stain, covers it with a hand"),
        ("i", "As angry as p1 is, her thanks must be ironic"),
        ("i", "So great is p1's relief that she has to sit down"),
        ("i", "p2 is furious, so the slammed drawer is no accident"),
        ("i", "p1 is too proud to apologise"),
        ("i", "Too frightened to speak, p1 shakes the head"),
        ("i", "Out of envy p2 asks for the room"),
        ("i", "In her anger p1 overlooks the cup"),
        ("i", "p2 lets the cup fall in shock"),
        ("i", "The blinking comes from nervousness"),
        ("i", "It is sheer panic that makes p2 stumble"),
        ("i", "What lies behind the slow reply is wounded pride"),
        ("i", "Worry has crept into the voice"),
        ("i", "p1 envies p2, so the compliment is hollow"),
        ("i", "That p1 is afraid of the dentist explains her voice"),
        ("i", "Her love for the child is what softens the tone"),
        ("i", "Her anxious voice shows that something is at stake"),
        ("i", "A relieved p1 laughs and lets go of the rail"),
        ("c", "The slow speech of p1 is rage"),
        ("c", "p1's grief is what turns the head and lowers the pitch"),
        ("c", "Given how relieved p1 is, her laugh has to be genuine"),
        ("r", "It may look like boredom, but p1's fear keeps the eyes wide"),
        ("o", "p2 looks at p1 with relief"),
        ("o", "p1 can hardly hide his delight"),
        ("o", "p2 happily waves"),
        ("o", "There is a despairing tremor in the first word"),
    ],
)
def test_a_feeling_that_is_put_as_evidence_is_an_objection(kind: str, text: str):
    assert put_as_evidence(told(kind, text)) is not None


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("i", "The lowered head hints that p1 feels ashamed of the mistake"),
        ("i", "p1 perhaps keeps quiet out of shame"),
        ("i", "It is probably relief that makes p1 laugh"),
        ("i", "The trembling could stem from fear or from the cold"),
        ("i", "A person who is ashamed often lowers the head, as p1 does"),
        ("i", "Her calm voice speaks against panic"),
        ("i", "Because the voice falls, disappointment is the better reading"),
        ("i", "The lowered volume is at odds with anger"),
        ("i", "The step back is what one does in fright"),
        ("c", "Relief is what the long breath and the words add up to"),
        ("c", "p1 is overwhelmed with happiness to see her sister"),
        ("c", "Anger gives way to shame in p1 when the glass breaks"),
        ("c", "p1 is disappointed, as the voice and the words show"),
        ("c", "Joy mixed with relief is the verdict on p1"),
        ("r", "Fear would account for the wide eyes too; the laughter rules it out"),
        ("r", "Rather than sad, because the voice fits surprise better"),
        ("o", "p1 asks whether p2 is angry with her"),
        ("o", "p1 describes the fear she had before the exam"),
        ("o", "p1 calmly folds the letter and laughs"),
        ("o", "Raters would call p1's face angry"),
    ],
)
def test_guesses_verdicts_and_reports_of_a_feeling_stand(kind: str, text: str):
    assert put_as_evidence(told(kind, text)) is None


def test_what_a_cue_names_itself_may_be_taken_up():
    owned = cue("says “I am so ashamed of it”", "transcript")
    assert put_as_evidence(told("i", "Since p1 is ashamed, she looks away", owned)) is None
    rated = cue("raters would call this face angry (.78, FER2013)")
    assert put_as_evidence(told("o", "An angry face goes with the first word", rated)) is None
    assert put_as_evidence(told("i", "Since p1 is furious, the words are a threat", rated)) is not None, "only a look"


def test_a_word_of_an_idiom_names_no_feeling():
    claim = told("i", "p1 is relieved, so the thanks are sincere", cue("says “Oh, thank God.”", "transcript"))
    (word,) = feelings(claim.bare)
    assert not is_named(word, claim, by_raters=False)


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("corners of the mouth turn up", 1),
        ("the smile goes out of the face", -1),
        ("eyes narrowed, no smile", -1),
        ("they know each other only by sight", 0),
    ],
)
def test_cues_lean_to_the_side_of_their_signs(text: str, side: int):
    found = lean(cue(text))
    assert (found is None or abs(found) < 0.2) if side == 0 else found is None or found * side > 0


def test_a_cue_with_signs_of_both_sides_is_torn():
    assert is_torn(cue("sighs, one corner of the mouth rises"))
    assert lean(cue("sighs, one corner of the mouth rises")) is None
