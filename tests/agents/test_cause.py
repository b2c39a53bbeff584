from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emer.agents import context, transcript
from emer.agents.cause import MAX_CAUSES, explain
from emer.agents.speech.triggers import triggers
from emer.agents.state import Services
from emer.config import load_settings
from emer.memory.ontology import mentions
from emer.schemas import Cause, Clip, Cue, Utterance


def causes(*turns: tuple[str | None, str], told: str | None = None) -> tuple[list[Cause], list[Cue]]:
    clip = Clip(id="sha256:0", source="-", kind="text", context=told)
    said = [Utterance(id=f"u{n}", person=person, text=text) for n, (person, text) in enumerate(turns, start=1)]
    services = Services(settings=load_settings())
    words = transcript.observe(clip, said, services)
    cues = [*words.cues, *context.observe(clip, said, services).cues]
    return explain(clip, words.utterances or said, cues), cues


def best(*turns: tuple[str | None, str], told: str | None = None) -> Cause:
    return causes(*turns, told=told)[0][0]


@pytest.mark.parametrize(
    ("text", "trigger"),
    [
        ("I'm so disappointed because they never called me.", "they never called me"),
        ("I am glad that you came, and I mean it.", "you came"),
        ("I'm happy you are here.", "you are here"),
        ("She was angry at her brother.", "her brother"),
        ("I was sad when he left.", "he left"),
        ("When he left, I was heartbroken.", "he left"),
        ("This song makes me sad.", "This song"),
        ("I'm worried about the exam tomorrow.", "the exam"),
        ("I love this city.", "this city"),
        ("He lied to me for years, which is why I'm furious at him.", "him"),
        ("They cancelled my flight. So now I'm angry.", "They cancelled my flight"),
        ("I was so relieved to hear that you are safe.", "hear that you are safe"),
        ("I'm scared since the accident.", "the accident"),
    ],
)
def test_an_explicit_trigger_is_quoted(text: str, trigger: str) -> None:
    spans = [
        text.replace("’", "'")[one.start : one.end] for one in triggers(text, mentions(text)) if one.kind == "explicit"
    ]
    if trigger == "him":  # a pronoun points to what is named elsewhere, so it is no cause
        assert trigger not in spans
    else:
        assert spans[0] == trigger


def test_an_explicit_cause_cites_the_words_and_the_affect_word() -> None:
    found, cues = causes(("p1", "I'm so disappointed because they never called me."))
    said, word = (next(cue.id for cue in cues if cue.kind == kind) for kind in ("said", "self_report"))
    assert (found[0].text, found[0].kind, found[0].utterance) == ("they never called me", "explicit", "u1")
    assert found[0].evidence == [said, word]


def test_an_event_beside_the_affect_may_be_behind_it() -> None:
    found, _ = causes((None, "They cancelled my flight. I'm so angry!"))
    assert found[0].kind == "implicit"
    assert found[0].text == "“They cancelled my flight” may be behind it"


def test_an_event_alone_is_named_by_what_it_is() -> None:
    one = best((None, "My grandmother died last night and I can't stop crying."))
    assert (one.kind, one.text.endswith("may be behind it: a loss is named")) == ("implicit", True)


def test_a_short_answer_answers_the_turn_before() -> None:
    found, cues = causes(("p1", "You are such an idiot!"), ("p2", "What?!"))
    assert found[0].text == "“You are such an idiot!” may be what is answered: an insult by p1 just before"
    assert found[0].utterance == "u1"
    assert set(found[0].evidence) == {cue.id for cue in cues if cue.kind == "said"}


def test_news_is_what_is_answered() -> None:
    one = best(("p1", "We got the house!"), ("p2", "Oh my God, congratulations!"))
    assert (one.utterance, "news of a gain by p1" in one.text) == ("u1", True)


def test_ones_own_words_before_are_not_answered() -> None:
    found, _ = causes(("p1", "You are such an idiot."), ("p1", "What?!"))
    assert not any("answered" in one.text for one in found)


def test_given_context_that_names_an_event_may_be_behind_it() -> None:
    found, cues = causes(("p1", "Hm."), told="Her dog died yesterday. They are at home.")
    assert [one.text for one in found] == ["“Her dog died yesterday” may be behind it: a loss is named in the context"]
    assert found[0].evidence == [next(cue.id for cue in cues if cue.modality == "context")]


@pytest.mark.parametrize(
    "text", ["Ich bin so traurig, weil er nicht gekommen ist.", "他没有来，我很难过。", "मुझे बहुत गुस्सा आ रहा है।"]
)
def test_nothing_is_invented_in_another_language(text: str) -> None:
    assert causes(("p1", text))[0] == []


def test_an_even_sentence_has_no_cause() -> None:
    assert causes(("p1", "The table is in the kitchen."))[0] == []


def test_implicit_causes_say_may() -> None:
    turns = [("p1", "We lost the match and the car broke."), ("p2", "Oh no!"), ("p1", "I'm so upset about the car.")]
    for one in causes(*turns)[0]:
        assert one.kind == "explicit" or "may be" in one.text


def test_there_are_at_most_five_and_their_ids_run() -> None:
    found, _ = causes(*[(f"p{n % 2}", f"I'm so angry because they broke window number {n}.") for n in range(12)])
    assert [one.id for one in found] == [f"c{n}" for n in range(1, MAX_CAUSES + 1)]


def test_every_cited_cue_exists_and_times_are_those_of_the_words() -> None:
    found, cues = causes(
        ("p1", "I hate rain!"), ("p2", "Why? I love it because it smells good."), told="It is a storm."
    )
    assert found
    assert {id_ for one in found for id_ in one.evidence} <= {cue.id for cue in cues}


SNIPPETS = [
    "I'm", "so", "sad", "because", "he", "left", ".", "!", "when", "glad", "that", "you", ",", "angry", "at", "the",
    "dog", "makes", "me", "it's", "happy", "to", "see", "and", "’s",
]  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80) | st.lists(st.sampled_from(SNIPPETS), max_size=20).map(" ".join))
def test_every_trigger_lies_in_the_text(text: str) -> None:
    found = triggers(text, mentions(text))
    for one in found:
        assert 0 <= one.start < one.end <= len(text)
    assert all(a.end <= b.start or b.end <= a.start for k, a in enumerate(found) for b in found[k + 1 :])


def test_a_bare_avowal_answers_to_what_the_same_speaker_told_just_before() -> None:
    texts = ["They gave the prize to somebody else.", "Honestly, I'm just so disappointed."]
    found, _ = causes(*(("p1", text) for text in texts))
    assert found[0].utterance == "u1"
    assert texts[0][:-1] in found[0].text
    assert not any("what is said itself" in cause.text for cause in found)
