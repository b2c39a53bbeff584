"""The transcript specialist: what was said, by whom, and how it is put; in another language than English words only.

The words are reported, not judged: what readers of such words would choose comes from the text encoder as numbers in
the cue's values (`go.<state>`), and reaches the judge as evidence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from emer.agents.speech.called import called
from emer.agents.speech.cues import NOTED, Numbers, is_read, utterance_cues
from emer.agents.state import Observation, Services
from emer.errors import EmerError, SetupError
from emer.installation import command
from emer.memory.labels import are_nameless
from emer.schemas import Clip, Cue, Missing, Utterance
from emer.tools.language import detect
from emer.tools.text_encoder import LABELS, encode
from emer.tools.word_models import WordReader, open_words

MAX_MINOR = 6
"""Cues of how it is put per utterance; fewer in a long transcript, so that they stay about 2,000 in all."""
_MINOR_IN_ALL = 2000
MAX_ENCODED = 6000
"""Distinct utterances that the text encoder reads (a minute or so); those after them stay words."""


def observe(clip: Clip, utterances: Sequence[Utterance], services: Services) -> Observation:
    """What was said and how it is put: for each utterance one `said` cue, then the cues of its wording."""
    heard = services.hearing.heard(utterances)
    if not utterances:
        asked = [_missing("no words were given", f"{command()} analyze CLIP --transcript FILE")]
        return Observation(missing=heard.missing or asked)
    reading = detect(
        [_spoken(utterance.text) for utterance in utterances],
        given=services.settings.language or clip.language,
        speakers=[utterance.person for utterance in utterances],
    )
    told = [
        u if _is_heard(u) else u.model_copy(update={"language": code})
        for u, code in zip(utterances, reading.utterances, strict=True)
    ]
    words = services.settings.words
    read = _read(told) if words == "embedded" else _asked(told, words, services.settings.weights_dir)
    limit = max(1, min(MAX_MINOR, _MINOR_IN_ALL // len(told)))
    rough = [cue for u in told for cue in _cues(u, read, limit)]
    cues = [cue.model_copy(update={"id": f"transcript-{n}"}) for n, cue in enumerate(rough, start=1)]
    return Observation(
        cues=cues,
        utterances=told,
        language=_spoken_most(told) or reading.language,
        missing=[*heard.missing, *read.missing],
        failed=read.failed,
    )


def _is_heard(utterance: Utterance) -> bool:
    """Whether a recogniser told the language: it heard the sounds, which say more than the spelling of a few words."""
    return utterance.source == "asr" and utterance.language is not None


def _spoken_most(told: Sequence[Utterance]) -> str | None:
    """The language of most letters, where all of the words were heard."""
    letters = Counter[str]()
    for utterance in told:
        if not _is_heard(utterance):
            return None
        letters[utterance.language or ""] += len(utterance.text)
    return min(letters, key=lambda code: (-letters[code], code), default=None)


class _Read(NamedTuple):
    """What was read in the words: the encoder's numbers, or what the user's model calls them, by utterance id."""

    numbers: Mapping[str, Numbers]
    labels: Mapping[str, Mapping[str, float]]
    reader: WordReader | None
    missing: list[Missing]
    failed: bool = False


def _cues(utterance: Utterance, read: _Read, limit: int) -> Iterator[Cue]:
    said, *minor = utterance_cues(utterance, read.numbers.get(utterance.id), limit=limit)
    yield said
    if read.reader is not None and utterance.id in read.labels:
        yield called(utterance, read.labels[utterance.id], read.reader, strength=said.strength)
    yield from minor


def _read(told: Sequence[Utterance]) -> _Read:
    """What the embedded encoder reads."""
    encoded = _encoded(told)
    return _Read(encoded.numbers, {}, None, [*encoded.missing, *_unread(told)], encoded.failed)


def _asked(told: Sequence[Utterance], words: str, weights_dir: Path) -> _Read:
    """What the user's model reads, in whatever language: she knows what it was trained on."""
    texts = list(dict.fromkeys(u.text for u in told if any(_says_something(char) for char in u.text)))[:MAX_ENCODED]
    try:
        reader = open_words(words, weights_dir)
        reading = reader.read(texts)
    except EmerError as error:
        return _Read({}, {}, None, [_missing(f"the words were read without a model: {error}", None)], failed=True)
    if are_nameless(reading.labels):
        names = ", ".join(reading.labels[:3])
        why = f"the words were read without a model: {words!r} has labels without names ({names})"
        return _Read({}, {}, None, [_missing(why, "name the labels in the model's config.json (id2label)")])
    rows = [dict(zip(reading.labels, row, strict=True)) for row in reading.shares.tolist()]
    by_text = dict(zip(texts, rows, strict=True))
    return _Read({}, {u.id: by_text[u.text] for u in told if u.text in by_text}, reader, [])


def _spoken(text: str) -> str:
    """The text without noted sounds, unless nothing else is there."""
    bare = NOTED.sub(" ", text)
    return bare if any(char.isalpha() for char in bare) else text


class _Encoded(NamedTuple):
    """The encoder's numbers by utterance id, why some utterances have none, and whether the encoder failed."""

    numbers: Mapping[str, Numbers]
    missing: Sequence[Missing] = ()
    failed: bool = False


def _encoded(utterances: Sequence[Utterance]) -> _Encoded:
    """The encoder's numbers, from one pass over the distinct texts."""
    readable = [u for u in utterances if is_read(u) and any(_says_something(char) for char in u.text)]
    texts = list(dict.fromkeys(u.text for u in readable))
    if not texts:
        return _Encoded({})
    missing = []
    if len(texts) > MAX_ENCODED:
        why = f"only the first {MAX_ENCODED:,} of {len(texts):,} different utterances were read by the text encoder"
        missing = [_missing(why, "split the transcript")]
        texts = texts[:MAX_ENCODED]
    try:
        reading = encode(texts)
    except SetupError as error:
        return _Encoded({}, [_missing(f"the words were read without the text encoder: {error}", None)], failed=True)
    by_text: dict[str, Numbers] = {}
    for text, odds, vad in zip(texts, reading.probabilities.tolist(), reading.vad.tolist(), strict=True):
        tone = dict(zip(("valence", "arousal", "dominance"), vad, strict=True))
        by_text[text] = {f"go.{label}": p for label, p in zip(LABELS, odds, strict=True)} | tone
    return _Encoded({u.id: by_text[u.text] for u in readable if u.text in by_text}, missing)


def _says_something(char: str) -> bool:
    return char.isalnum() or ord(char) > 0x2190  # arrows and up: emoji are words to the encoder


def _unread(utterances: Sequence[Utterance]) -> list[Missing]:
    """One entry that says which languages were not read."""
    others = [u for u in utterances if not is_read(u)]
    if not others:
        return []
    codes = ", ".join(sorted({u.language or "" for u in others}))
    which = "all of it" if len(others) == len(utterances) else f"{len(others)} of {len(utterances)} utterances"
    why = f"the embedded models read English only; words in another language ({codes}: {which}) stay without affect"
    return [_missing(why, f"{command()} analyze CLIP --language en (only if it is English after all)")]


def _missing(why: str, remedy: str | None) -> Missing:
    return Missing(modality="transcript", why=why, remedy=remedy)
