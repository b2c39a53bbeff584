"""What somebody else observed, as cues: the way in for hand-coded clips and for other people's perception.

A paragraph becomes one cue a sentence; action units are read from numbers or names; a sentence that names an emotion is
a conclusion (`inferred`), not an observation, and will weigh less. Only here may a described cue be measured: its
valence and arousal come from a table of manners, or else from the text encoder, and are kept in its values.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from pydantic import ValidationError

from emer.agents.fusion import facs
from emer.agents.fusion.likelihood import DOMINANCE
from emer.agents.fusion.manner import Manner, manner
from emer.errors import EmerError, InputError
from emer.memory.ontology import STATES, mentions
from emer.schemas import Cue

TOOL, VERSION = "emer.agents.described", "1"
WIDEN_VALENCE, WIDEN_AROUSAL = 2.5, 2.0
"""The encoder speaks EmoBank's scale, which is narrower than the one of the states' points (standard deviations on its
train split .175 and .131, of the states' points .54 and .28)."""
FAINT_VALENCE, FAINT_AROUSAL = 0.25, 0.35
"""Below both, after widening, a description's tone is noise and no evidence."""
TONE_QUALITY = 0.6
"""Quality of a tone that the encoder guessed from a description: half way to what the table of manners gives."""

_FIELDS = frozenset(Cue.model_fields) | {"action_units"}
_SENTENCE = re.compile(r"(?<=[.!?])[\"”’')\]]*\s+(?=[\"“A-Z0-9])|\n+")
_ABBREVIATION = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|St|vs|e\.g|i\.e|etc)\.$")
_CONCLUDES = re.compile(
    r"\b(?:suggest\w*|indicat\w*|convey\w*|express\w*|reflect\w*|impl(?:y|ies|ying)|seem\w*|feel\w*|emotion\w*|mood)\b",
    re.IGNORECASE,
)

_PEOPLED = re.compile(
    r"\b(?:he|she|they|his|her|hers|their|him|them|man|woman|men|women|person|people|p\d+|character|speaker|someone|somebody"
    r"|voice|tone|face|faces|expressions?|gaze|eyes|posture|body|mood|atmosphere|tension|interaction)\b",
    re.IGNORECASE,
)
"""A sentence without anybody in it is furniture: a bright kitchen says nothing of how somebody appears."""


class _Draft(NamedTuple):
    """A cue's fields before it is checked, and what is left to measure in its text."""

    fields: dict[str, Any]
    text: str


def described_cues(observations: Sequence[Mapping[str, object]]) -> list[Cue]:
    """The cues of one clip's observations, in their order, numbered by modality.

    An observation is `{"modality": "face", "text": "brows lowered, lips pressed"}`; it may carry any field of a
    Report's cue, and `action_units` (`{"AU12": 2.5}`). `text` may be a list of short texts. One that is already a whole
    cue (with an id and a source) comes back as it is.

    Raises:
        InputError: an observation cannot be used, with its place in the list (from 1).
    """
    taken = Counter[str]()
    whole: dict[int, Cue] = {}
    for place, one in enumerate(observations, start=1):
        if isinstance(one, Mapping) and "id" in one and "source" in one:
            whole[place] = cue = _checked(dict(one), place)
            prefix, _, number = cue.id.rpartition("-")
            taken[prefix] = max(taken[prefix], int(number))
    cues = []
    for place, one in enumerate(observations, start=1):
        if place in whole:
            cues.append(whole[place])
            continue
        for draft in _drafts(one, place):
            modality = draft.fields["modality"]
            taken[modality] += 1
            measured = {"id": f"{modality}-{taken[modality]}", **_measured(draft)}
            cues.append(_checked(measured, place))
    return cues


def sentences(text: str) -> list[str]:
    """The sentences of a paragraph, without empty ones."""
    parts: list[str] = []
    for part in _SENTENCE.split(text):
        if parts and _ABBREVIATION.search(parts[-1]):
            parts[-1] += f" {part}"
        elif part and part.strip():
            parts.append(part.strip())
    return parts


def _drafts(one: Mapping[str, object], place: int) -> Iterator[_Draft]:
    if not isinstance(one, Mapping):
        raise InputError(f"observation {place} is {one!r}; expected an object with 'modality' and 'text'")
    unknown = sorted(str(name) for name in set(one) - _FIELDS)
    if unknown:
        raise InputError(
            f"observation {place} has an unknown field {unknown[0]!r}; a cue has {', '.join(sorted(_FIELDS))}"
        )
    modality = one.get("modality")
    if not (isinstance(modality, str) and re.fullmatch(r"[a-z][a-z0-9_]*", modality)):
        raise InputError(f"observation {place} has modality {modality!r}; expected a name such as 'face' or 'voice'")
    texts = _texts(one, place)
    units = _units(one, texts, modality)
    rest = {name: value for name, value in one.items() if name not in ("action_units", "text", "id")}
    if units:
        told = "; ".join(texts) or _coded(units)
        yield _Draft({**rest, "text": told, "kind": rest.get("kind", "action_units"), "action_units": units}, told)
        return
    if not texts:
        raise InputError(f"observation {place} has no text and no action units; expected one of them")
    for text in texts:
        for sentence in [text] if modality == "transcript" else sentences(text):
            yield _Draft({**rest, "text": sentence}, sentence)


def _texts(one: Mapping[str, object], place: int) -> list[str]:
    given = one.get("text", [])
    texts = [given] if isinstance(given, str) else given
    if not (isinstance(texts, Sequence) and all(isinstance(text, str) for text in texts)):
        raise InputError(f"observation {place} has text {given!r}; expected a string or a list of strings")
    return [text.strip() for text in texts if text.strip()]


def _units(one: Mapping[str, object], texts: Sequence[str], modality: str) -> dict[int, float]:
    """Action units, 0-5: given numbers win over what the text names; a paragraph about a face is not a coding."""
    source = one.get("source")
    values = source.get("values", {}) if isinstance(source, Mapping) else {}
    given = {**values, **(one["action_units"] if isinstance(one.get("action_units"), Mapping) else {})}  # type: ignore[dict-item]
    if units := facs.given_units(given):
        return units
    short = all(len(sentences(text)) == 1 for text in texts)
    return facs.action_units("; ".join(texts)) if modality == "face" and short else {}


def _coded(units: Mapping[int, float]) -> str:
    clear = [f"{facs.NAMES.get(unit, f'AU{unit}')} ({level:g})" for unit, level in units.items() if level >= 1]
    return "action units: " + (", ".join(clear) or "none marked")


def _measured(draft: _Draft) -> dict[str, Any]:
    fields = dict(draft.fields)
    units: dict[int, float] = fields.pop("action_units", {})
    source = dict(fields.get("source") or {})
    values = dict(source.get("values") or {})
    fields.setdefault("kind", "words" if fields["modality"] == "transcript" else "description")
    if units:
        values |= {facs.named(unit): level for unit, level in units.items()}
        fields.setdefault("level", "described")
        fields.setdefault("strength", min(1.0, max(0.1, max(units.values()) / 5)))
    elif fields["modality"] == "transcript":
        values |= _word_values(draft.text, values)
        fields.setdefault("level", "reported")
    else:
        _add_tone(fields, values, draft.text)
    fields["source"] = {"tool": source.get("tool", TOOL), "version": source.get("version", VERSION), "values": values}
    return fields


def _add_tone(fields: dict[str, Any], values: dict[str, Any], text: str) -> None:
    """Fills in level, strength, valence and arousal of a description where the observer did not give them."""
    named = [one for one in mentions(text) if not one.negated]
    fields.setdefault("level", "inferred" if named or _CONCLUDES.search(text) else "described")
    if named:
        fields.setdefault("strength", max(one.degree for one in named))
    if fields.get("valence") is not None or fields.get("arousal") is not None:
        return
    tone = manner(text, of_voice=fields["modality"] == "voice")
    if tone is None and not named and _PEOPLED.search(text) and (guessed := _guessed(text)) is not None:
        values |= {"text_valence": guessed.valence, "text_arousal": guessed.arousal}
        tone = _widened(guessed)
        fields.setdefault("quality", TONE_QUALITY)
    if tone is not None:
        fields |= {"valence": tone.valence, "arousal": tone.arousal}
        values |= {} if tone.dominance is None else {DOMINANCE: tone.dominance}


def _widened(guessed: Manner) -> Manner | None:
    valence = max(-1.0, min(1.0, WIDEN_VALENCE * (guessed.valence or 0.0)))
    arousal = max(-1.0, min(1.0, WIDEN_AROUSAL * (guessed.arousal or 0.0)))
    return Manner(valence, arousal, None) if abs(valence) >= FAINT_VALENCE or abs(arousal) >= FAINT_AROUSAL else None


def _guessed(text: str) -> Manner | None:
    """Valence and arousal of a text by the encoder, -1..1 on EmoBank's scale; None where it is not installed."""
    try:
        from emer.tools.text_encoder import encode

        valence, arousal, _ = (float(value) for value in encode([text]).vad[0])
    except (EmerError, OSError):
        return None
    return Manner(round(valence, 4), round(arousal, 4), None)


def _word_values(text: str, given: Mapping[str, Any]) -> dict[str, float]:
    """The label probabilities of words that come as an observation; none where given or unreadable."""
    if any(name.startswith("go.") for name in given):
        return {}
    try:
        from emer.tools.text_encoder import encode

        row = encode([text]).probabilities[0]
    except (EmerError, OSError):
        return {}
    return {f"go.{state}": round(float(p), 4) for state, p in zip(STATES, row, strict=True)}


def _checked(fields: dict[str, Any], place: int) -> Cue:
    try:
        return Cue.model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise InputError(f"observation {place}: {where}: {first['msg']} (got {first['input']!r})") from error
