from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emer.tools.wording import punctuation, signs, sounds


def kinds(text: str) -> list[str]:
    return [sign.kind for sign in signs(text)]


@pytest.mark.parametrize(
    ("text", "kind", "place"),
    [
        ("Where were you?", "question", "?"),
        ("You never called!", "exclamation", "!"),
        ("I said NOT NOW.", "shouting", "NOT NOW"),
        ("I guess it was fine.", "hedging", "I guess"),
        ("Could you please sit down?", "politeness", "Could you please"),
        ("Yeah, right.", "irony", "Yeah, right"),
        ("Well... I, um, forgot.", "hesitation", "um"),
        ("I w-w-was there.", "hesitation", "w-w-w"),
        ("No, no, no, wait.", "repetition", "No, no, no"),
        ("I thought that maybe…", "trailing_off", "…"),
        ("Hahaha, that one!", "laughter", "Hahaha"),
        ("[laughs nervously] Yes.", "laughter", "[laughs nervously]"),
        ("(sighs) Fine.", "sigh", "(sighs)"),
        ("[she is crying]", "crying", "[she is crying]"),
        ("That was 😂😂", "laughter", "😂😂"),
        ("Damn it.", "expletive", "Damn"),
        ("I'm so sorry about that.", "apology", "I'm so sorry"),
        ("Thank you so much.", "thanks", "Thank you so much"),
        ("Well done, Tom.", "praise", "Well done"),
        ("It's all your fault.", "blame", "It's all your fault"),
        ("Why didn't you call?", "blame", "Why didn't you"),
        ("Can you open the door?", "request", "Can you"),
        ("No way!", "refusal", "No way"),
        ("Exactly.", "agreement", "Exactly"),
        ("That's not true.", "disagreement", "That's not true"),
        ("You are such an idiot.", "insult", "You are such an idiot"),
        ("♪ la la ♪", "music", "♪ la la ♪"),
    ],
)
def test_each_sign_is_found_at_its_place(text: str, kind: str, place: str) -> None:
    found = {sign.kind: sign for sign in signs(text, limit=30)}
    assert text[found[kind].start : found[kind].end] == place


@pytest.mark.parametrize(
    "text",
    [
        "Oh great, the train is late again.",
        "Oh, wonderful.",
        "Great, just great.",
        "My “friend” forgot my birthday.",
        "What a lovely way to lose a job, it is Monday again.",
    ],
)
def test_irony_is_a_possibility_of_low_quality(text: str) -> None:
    sign = next(one for one in signs(text) if one.kind == "irony")
    assert "could be meant ironically" in sign.text
    assert sign.quality <= 0.4
    assert sign.valence is None


@pytest.mark.parametrize(
    "text",
    [
        "We had a great time.", "It was great, but we were late.", "He said “hello” to me.", "I love this song.",
        "It rained again.",
    ],
)  # fmt: skip
def test_plain_praise_and_plain_trouble_are_no_irony(text: str) -> None:
    assert "irony" not in kinds(text)


@pytest.mark.parametrize("text", ["I work for NASA in the USA.", "OK, I am in.", "A plan.", "The TV is on."])
def test_acronyms_are_no_shouting(text: str) -> None:
    assert "shouting" not in kinds(text)


def test_a_line_all_in_capitals_is_worth_less_than_one_word() -> None:
    whole = next(s for s in signs("THE DOOR WAS OPEN ALL NIGHT LONG") if s.kind == "shouting")
    one = next(s for s in signs("The door was OPEN all night long") if s.kind == "shouting")
    assert whole.quality < one.quality


def test_oh_no_is_no_refusal() -> None:
    assert "refusal" not in kinds("Oh no! I'm really sorry.")
    assert "refusal" in kinds("No, I won't do that.")


def test_more_marks_are_more() -> None:
    one, three = punctuation("Stop!")[0], punctuation("Stop!!!")[0]
    assert (one.strength, three.strength) == (pytest.approx(0.4), pytest.approx(0.6))
    assert three.text == "exclaims (3 exclamation marks)"


def test_signs_of_any_language_and_noted_sounds_stand_alone() -> None:
    assert [sign.kind for sign in punctuation("你为什么不来？！")] == ["question", "exclamation"]
    assert [sign.kind for sign in sounds("[lacht] Ja. [laughs]")] == ["laughter"]


def test_the_telling_signs_stay_when_there_are_too_many() -> None:
    text = "Um, well... maybe, please, PLEASE, oh great, it is broken again! Hahaha, no, no."
    assert [sign.kind for sign in signs(text, limit=2)] == ["irony", "laughter"]


def test_no_wording_names_an_emotion_or_asserts_a_feeling() -> None:
    text = "[sobs] Oh great, WHY did you leave me?! I'm so sorry, um... haha, you idiot, thanks a lot, no, no."
    for sign in signs(text, limit=30):
        told = sign.text.partition("“")[0]
        assert not any(word in told for word in ("angry", "sad", "happy", "feels", "afraid", "disgust"))


@settings(max_examples=100, deadline=None)
@given(
    st.text(max_size=120)
    | st.lists(
        st.sampled_from(["oh", "great!", "no,", "I", "YOU", "haha", "um...", "?", "[laughs]", "“so”", "late", "’s"]),
        max_size=15,
    ).map(" ".join)
)
def test_every_place_lies_in_the_text(text: str) -> None:
    for sign in signs(text):
        assert 0 <= sign.start < sign.end <= len(text)
        assert 0 <= sign.strength <= 1
        assert 0 < sign.quality <= 1


@pytest.mark.parametrize("text", ["oh, " * 1500, "a-" * 3000, "ha" * 3000, "no no " * 1000, "(" * 5000, '"a ' * 2000])
def test_no_text_takes_long(text: str) -> None:
    start = time.process_time()
    signs(text)
    assert time.process_time() - start < 2.0
