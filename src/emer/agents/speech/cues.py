"""The cues of one utterance: what was said, its affect words, and how it is put."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from emer.agents.speech.targets import clause_start, holder_of, target_of
from emer.memory.ontology import Mention, mentions
from emer.schemas import Anchor, Cue, Source, Utterance
from emer.tools.text_encoder import ENCODER_NAME, ENCODER_VERSION
from emer.tools.wording import WORDING_VERSION, Sign, punctuation, quote, signs, sounds

SPEECH_VERSION = "1"
MAX_READ = 4000
"""Characters of one utterance that are looked at; a longer one is no utterance."""
MAX_SAID = 400
"""Characters that a cue quotes of one utterance; the Report's utterance has all of them."""
CLEAR = 0.66
_OWN, _ELSE, _ASKED = 0.7, 0.5, 0.25
"""Quality of an affect word: of the speaker's own state, of something else, in a question or a condition (ours)."""
Numbers = Mapping[str, float]
_READ_ALREADY = 0.25
"""What is left of an affect word's strength where the encoder has read it too: on 1,500 comments of GoEmotions dev, at
full strength it took .06 nats from the judge's log probability of the right state and left its hits as they were."""
NOTED = re.compile(r"[\[(][^\[\]()]{0,60}[\])]|♪")
"""Sounds and directions that somebody noted, perhaps in another language than the words."""


def is_read(utterance: Utterance) -> bool:
    """Whether the utterance's words may be read for affect: English, or without any letter."""
    return utterance.language in ("en", None)


def utterance_cues(utterance: Utterance, numbers: Numbers | None, *, limit: int) -> Iterator[Cue]:
    """The `said` cue, then at most `limit` cues of its wording in the order in which they stand.

    Words that may not be read have strength 0 and no tone: they are quoted, and nothing votes for or against anything.

    Args:
        utterance: with its language told.
        numbers: what the text encoder reads in it: `go.<state>`, valence, arousal, dominance.
        limit: most cues of wording.
    """
    if not is_read(utterance):
        yield _said(utterance, None, strength=0.0, doubt=0.0)
        for sign in (*punctuation(utterance.text), *sounds(utterance.text)):
            yield _sign_cue(utterance, sign._replace(valence=None, arousal=None))
        return
    text = utterance.text[:MAX_READ]
    found, how = mentions(text), signs(text)
    doubt = max((sign.quality for sign in how if sign.kind == "irony"), default=0.0)
    yield _said(utterance, numbers, strength=_marked(found, how), doubt=doubt)
    noted = [span.span() for span in NOTED.finditer(text)]
    spoken = [one for one in found if not any(start <= one.start < end for start, end in noted)]
    if numbers is not None:
        how = [_read_already(sign) for sign in how]
    weight = 1.0 if numbers is None else _READ_ALREADY
    minor = [*(_affect_cue(utterance, one, weight) for one in spoken), *(_sign_cue(utterance, sign) for sign in how)]
    yield from sorted(minor[:limit], key=lambda cue: (cue.anchor.chars or (0, 0), cue.kind))


def _read_already(sign: Sign) -> Sign:
    """The sign without a tone, since the encoder reads marks and noted sounds too; capitals it does not see."""
    if sign.kind == "shouting":
        return sign._replace(strength=sign.strength * _READ_ALREADY)
    return sign._replace(valence=None, arousal=None)


def _marked(found: Sequence[Mention], how: Sequence[Sign]) -> float:
    """How strongly it is put, 0..1: degree adverbs first, then marks, capitals and swearing; hedges take away."""
    kinds = {sign.kind for sign in how}
    degree = max((one.degree for one in found), default=0.5)
    louder = 0.1 * len(kinds & {"exclamation", "shouting", "expletive", "outcry"}) - 0.1 * ("hedging" in kinds)
    return min(1.0, max(0.2, degree + louder))


def _said(utterance: Utterance, numbers: Numbers | None, *, strength: float, doubt: float) -> Cue:
    """What was said; `doubt`, 0..1, is how far a sign of irony takes from the literal reading."""
    text = utterance.text if len(utterance.text) <= MAX_SAID else utterance.text[: MAX_SAID - 1].rstrip() + "…"
    tool = (ENCODER_NAME, ENCODER_VERSION) if numbers else ("emer-transcript", SPEECH_VERSION)
    return Cue(
        id="transcript-0",
        modality="transcript",
        kind="said",
        person=utterance.person,
        text=f"says “{text}”",
        level="reported",
        anchor=_anchor(utterance, 0, len(utterance.text)),
        strength=strength,
        quality=(1.0 if utterance.confidence is None else utterance.confidence) * (1.0 - doubt),
        valence=numbers["valence"] if numbers else None,
        arousal=numbers["arousal"] if numbers else None,
        source=Source(tool=tool[0], version=tool[1], values={"language": utterance.language, **(numbers or {})}),
    )


def _affect_cue(utterance: Utterance, found: Mention, weight: float) -> Cue:
    """An affect word with its negation and degree; of the speaker's own state, of somebody else's, or of nobody's."""
    text, holder = utterance.text, holder_of(utterance.text, found)
    start, target = _quoted_from(text, found), target_of(text, found)
    is_own, is_asked = holder == "speaker", _is_asked(text, found)
    values: dict[str, float | str | None] = {
        "word": found.word.label, "surface": found.surface, "degree": found.degree, "negated": float(found.negated),
        "word_valence": found.word.vad.valence, "word_arousal": found.word.vad.arousal, "holder": holder,
        "target": target.text if target else None,
    }  # fmt: skip
    return Cue(
        id="transcript-0",
        modality="transcript",
        kind="self_report" if is_own else "affect_word",
        person=utterance.person,
        text=f"says {quote(text[start : found.end])} ({', '.join(_notes(found, holder, is_asked=is_asked))})",
        level="reported" if is_own else "measured",
        anchor=_anchor(utterance, start, found.end),
        strength=found.degree * weight,
        quality=_ASKED if is_asked else _OWN if is_own else _ELSE,
        source=Source(
            tool="emer-ontology", version=SPEECH_VERSION, values={k: v for k, v in values.items() if v is not None}
        ),
    )


def _notes(found: Mention, holder: str | None, *, is_asked: bool) -> list[str]:
    whose = {"speaker": "of the speaker's own state", None: "affect word"}.get(
        holder, f"affect word, said of ‘{holder}’"
    )
    return [
        whose,
        *(["asked"] if is_asked else []),
        *(["denied"] if found.negated else []),
        *_degree_words(found.degree),
    ]


def _is_asked(text: str, found: Mention) -> bool:
    """Whether the word's sentence is a question or a condition: "are you angry?", "if I were happy"."""
    end = re.search(r"[.!?…\n]", text[found.end :])
    begins = max(text.rfind(mark, 0, found.start) for mark in ".!?\n") + 1
    is_question = end is not None and end.group() == "?"
    return (
        is_question
        or re.match(r"\s*(?:and |but )?(?:if|unless|would|should)\b", text[begins:], re.IGNORECASE) is not None
    )


def _quoted_from(text: str, found: Mention) -> int:
    """Where the quotation begins, so that what denies or grades the word is in it."""
    if not found.negated and abs(found.degree - CLEAR) < 0.01:
        return found.start
    clause = clause_start(text, found.start)
    before = list(re.finditer(r"\S+", text[clause : found.start]))[-5 if found.negated else -2 :]
    return clause + before[0].start() if before else found.start


def _degree_words(degree: float) -> list[str]:
    if degree >= 0.8:
        return ["intensified"]
    return ["weakened"] if degree < 0.5 else []


def _sign_cue(utterance: Utterance, sign: Sign) -> Cue:
    return Cue(
        id="transcript-0",
        modality="transcript",
        kind=sign.kind,
        person=utterance.person,
        text=sign.text,
        level="measured",
        anchor=_anchor(utterance, sign.start, sign.end),
        strength=sign.strength,
        quality=sign.quality,
        valence=sign.valence,
        arousal=sign.arousal,
        source=Source(tool="emer-wording", version=WORDING_VERSION, values={"language": utterance.language}),
    )


def _anchor(utterance: Utterance, start: int, end: int) -> Anchor:
    return Anchor(utterance=utterance.id, chars=(start, end), start_s=utterance.start_s, end_s=_end(utterance))


def _end(utterance: Utterance) -> float | None:
    is_forward = utterance.start_s is None or utterance.end_s is None or utterance.end_s >= utterance.start_s
    return utterance.end_s if is_forward else None
