from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.tools.test_language import SHORT_ENGLISH

from emer.agents import transcript
from emer.agents.state import Observation, Services
from emer.config import load_settings
from emer.errors import SetupError
from emer.installation import command
from emer.schemas import Clip, Cue, Utterance
from emer.tools.text_encoder import ENCODER_NAME, LABELS

CLIP = Clip(id="sha256:0", source="-", kind="text")


def observe(*texts: str, language: str | None = None, people: tuple[str | None, ...] = ()) -> Observation:
    owners = people or (None,) * len(texts)
    said = [
        Utterance(id=f"u{n}", text=t, person=p) for n, (t, p) in enumerate(zip(texts, owners, strict=True), start=1)
    ]
    return transcript.observe(CLIP, said, Services(settings=load_settings(language=language)))


def of_kind(seen: Observation, *kinds: str) -> list[Cue]:
    return [cue for cue in seen.cues if cue.kind in kinds]


def affect(cue: Cue) -> list[object]:
    return [cue.valence, cue.arousal, *(v for k, v in cue.source.values.items() if k.startswith("go."))]


def _refuse(texts: object) -> None:
    raise SetupError("text_encoder.onnx is missing from this installation")


@pytest.fixture
def no_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transcript, "encode", _refuse)


def test_each_utterance_is_said_once_and_carries_the_words_model() -> None:
    seen = observe("I am so glad you came!", "Me too.", people=("p1", "p2"))
    said = of_kind(seen, "said")
    assert [cue.text for cue in said] == ["says “I am so glad you came!”", "says “Me too.”"]
    assert [cue.person for cue in said] == ["p1", "p2"]
    assert [(cue.anchor.utterance, cue.anchor.chars) for cue in said] == [("u1", (0, 22)), ("u2", (0, 7))]
    assert said[0].source.tool == ENCODER_NAME
    assert {f"go.{label}" for label in LABELS} <= set(said[0].source.values)
    assert float(said[0].source.values["go.joy"] or 0) > float(said[0].source.values["go.sadness"] or 0)
    assert said[0].valence is not None and said[0].valence > 0
    assert all(cue.level == "reported" for cue in said)


def test_ids_are_numbered_in_order_of_the_utterances() -> None:
    seen = observe("Oh no! Why me?", "I'm happy.")
    assert [cue.id for cue in seen.cues] == [f"transcript-{n}" for n in range(1, len(seen.cues) + 1)]
    numbers = [cue.anchor.utterance for cue in seen.cues]
    assert numbers == sorted(numbers, key=str)


def test_without_the_encoder_the_words_stay_and_the_report_says_why(no_encoder: None) -> None:
    seen = observe("I'm so happy!")
    assert [cue.kind for cue in seen.cues] == ["said", "self_report", "exclamation"]
    assert affect(seen.cues[0]) == [None, None]
    assert [(one.modality, "without the text encoder" in one.why) for one in seen.missing] == [("transcript", True)]


@pytest.mark.parametrize(
    ("text", "kind", "cue_text", "values"),
    [
        ("I'm scared of the dark.", "self_report", "says “scared” (of the speaker's own state)",
         {"word": "scared", "holder": "speaker", "target": "the dark", "negated": 0.0}),
        ("I am not happy.", "self_report", "says “I am not happy” (of the speaker's own state, denied)",
         {"word": "happy", "negated": 1.0, "degree": 0.66}),
        ("So disappointed in them!", "affect_word", "says “So disappointed” (affect word, intensified)",
         {"word": "disappointed", "degree": 0.85, "target": "them"}),
        ("She is furious at Tom.", "affect_word", "says “furious” (affect word, said of ‘she’)",
         {"word": "furious", "holder": "she", "target": "Tom"}),
        ("Are you angry?", "affect_word", "says “angry” (affect word, said of ‘you’, asked)", {"holder": "you"}),
        ("We love this city.", "self_report", "says “love” (of the speaker's own state)", {"target": "this city"}),
        ("The news is so disappointing.", "affect_word", "says “is so disappointing” (affect word, intensified)",
         {"target": "The news"}),
    ],
)  # fmt: skip
def test_affect_words_are_told_with_negation_degree_holder_and_target(
    text: str, kind: str, cue_text: str, values: dict[str, object]
) -> None:
    cue = of_kind(observe(text), "self_report", "affect_word")[0]
    assert (cue.kind, cue.text) == (kind, cue_text)
    assert {name: cue.source.values.get(name) for name in values} == values


def test_a_question_about_an_emotion_is_worth_less_than_its_report() -> None:
    asked, told = (
        of_kind(observe(text), "self_report", "affect_word")[0] for text in ("Are you angry?", "I am angry.")
    )
    assert asked.quality < told.quality


def test_a_noted_laugh_is_a_sound_and_no_affect_word() -> None:
    seen = observe("[laughs] Yes.")
    assert of_kind(seen, "affect_word", "self_report") == []
    assert [cue.text for cue in of_kind(seen, "laughter")] == ["a laugh is noted, “[laughs]”"]


def test_what_the_encoder_has_read_does_not_vote_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    with_it = {cue.kind: cue for cue in observe("I'm SO VERY happy! Haha").cues}
    monkeypatch.setattr(transcript, "encode", _refuse)
    without = {cue.kind: cue for cue in observe("I'm SO VERY happy! Haha").cues}
    assert with_it["self_report"].strength == pytest.approx(without["self_report"].strength / 4)
    assert (with_it["exclamation"].arousal, with_it["laughter"].valence) == (None, None)
    assert without["exclamation"].arousal and without["laughter"].valence
    assert with_it["shouting"].arousal == without["shouting"].arousal  # the encoder's vocabulary has no capitals


def test_a_sign_of_irony_takes_from_the_literal_reading() -> None:
    literal, doubted = (of_kind(observe(text), "said")[0] for text in ("What a great day.", "Oh great, late again."))
    assert literal.quality == 1.0
    assert doubted.quality == pytest.approx(0.7)


def test_times_are_those_of_the_utterance() -> None:
    timed = Utterance(id="u1", text="I'm sad.", start_s=1.5, end_s=2.5)
    seen = transcript.observe(CLIP, [timed], Services(settings=load_settings()))
    assert {(cue.anchor.start_s, cue.anchor.end_s) for cue in seen.cues} == {(1.5, 2.5)}


@pytest.mark.parametrize(
    ("code", "texts"),
    [
        ("zh", ("我很难过！", "你为什么不来？")),
        ("de", ("Ich bin so traurig, weil er nicht gekommen ist!", "Warum hast du Angst? [laughs]")),
        ("hi", ("मुझे बहुत गुस्सा आ रहा है!", "तुमने फोन क्यों नहीं किया?")),
    ],
)
def test_another_language_is_quoted_without_affect(code: str, texts: tuple[str, ...]) -> None:
    seen = observe(*texts)
    assert seen.language == code
    assert [u.language for u in seen.utterances or ()] == [code, code]
    assert [cue.text for cue in of_kind(seen, "said")] == [f"says “{text}”" for text in texts]
    assert {value for cue in seen.cues for value in affect(cue)} == {None}
    assert of_kind(seen, "affect_word", "self_report") == []
    assert {cue.kind for cue in seen.cues} >= {"exclamation", "question"}  # marks hold in any language
    assert [one.modality for one in seen.missing] == ["transcript"]
    assert code in seen.missing[0].why


def test_fifty_short_english_utterances_all_carry_affect() -> None:
    seen = observe(*SHORT_ENGLISH)
    said = of_kind(seen, "said")
    assert len(said) == len(SHORT_ENGLISH)
    assert all(None not in affect(cue) for cue in said)
    assert seen.missing == []


def test_the_language_that_is_given_wins() -> None:
    assert observe("Yeah.", language="de").missing != []
    assert None not in affect(observe("我", language="en").cues[0])


def test_one_foreign_utterance_leaves_the_others_read() -> None:
    seen = observe("I was so happy to see you again.", "我很难过。")
    said = of_kind(seen, "said")
    assert None not in affect(said[0])
    assert affect(said[1]) == [None, None]
    assert "zh: 1 of 2 utterances" in seen.missing[0].why


def test_no_words_are_missing_words() -> None:
    seen = observe()
    assert seen.cues == ()
    assert [(one.modality, one.remedy) for one in seen.missing] == [
        ("transcript", f"{command()} analyze CLIP --transcript FILE")
    ]


def test_the_same_words_give_the_same_cues() -> None:
    assert observe("Oh great, late again!", "I'm sorry.") == observe("Oh great, late again!", "I'm sorry.")


@pytest.mark.usefixtures("no_encoder")
def test_a_long_transcript_stays_bounded_and_linear() -> None:
    def run(n: int) -> tuple[float, int]:
        texts = [f"Oh my God, {k}! I'm so scared, please, WHY did you leave? Haha, no, no..." for k in range(n)]
        start = time.process_time()
        seen = observe(*texts)
        return time.process_time() - start, len(seen.cues)

    run(20)
    short, _ = run(100)
    long, n_cues = run(1000)
    assert n_cues <= 3 * 1000
    assert long < 20 * max(short, 0.02)


def test_one_enormous_utterance_is_looked_at_in_bounded_time() -> None:
    start = time.process_time()
    seen = observe("I am sad and " * 8_000)
    assert time.process_time() - start < 5
    assert len(seen.cues[0].text) < 500


@pytest.mark.usefixtures("no_encoder")
@settings(max_examples=80, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=80), min_size=1, max_size=3))
def test_any_words_give_spans_in_their_utterance(texts: list[str]) -> None:
    seen = observe(*[text.encode("utf-8", "replace").decode() for text in texts])
    by_id = {u.id: u.text for u in seen.utterances or ()}
    for cue in seen.cues:
        assert cue.anchor.utterance is not None and cue.anchor.chars is not None
        start, end = cue.anchor.chars
        assert 0 <= start <= end <= len(by_id[cue.anchor.utterance])
