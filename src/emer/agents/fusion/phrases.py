"""Parts of sentences: a cue as a clause, what it speaks for, and what it speaks for rather than something else."""

from __future__ import annotations

from collections.abc import Sequence

from emer.agents.fusion import tables
from emer.agents.fusion.likelihood import activations
from emer.memory.ontology import STATES
from emer.schemas import Cue

_NOUNS = {"nervousness": "nervousness", "realization": "dawning insight", "neutral": "no particular emotion"}
_SENSES = {"face": "the face", "voice": "the voice", "transcript": "the words", "context": "the situation"}
_CLASS_LOOKS = {"angry": "anger", "disgust": "disgust", "fear": "fear", "happy": "happiness", "sad": "sadness",
                "surprise": "surprise", "neutral": "a neutral face"}  # fmt: skip
_CLASS_WORDS = {"disgust": "disgusted", "fear": "afraid", "surprise": "surprised"}
_VERBS = frozenset(
    {
        *("says", "asks", "speaks", "smiles", "frowns", "laughs", "sighs", "whispers", "shouts", "exclaims", "pauses"),
        *("nods", "cries", "repeats", "hesitates", "stammers", "hedges", "gives", "apologises", "refuses", "agrees"),
        *("contradicts", "puts", "praises", "looks", "turns", "leans"),
    }
)
_LONGEST_QUOTE = 90


def noun(state: int) -> str:
    """The name of a state within a sentence."""
    return _NOUNS.get(STATES[state], STATES[state])


def sense(modality: str) -> str:
    """What a modality is called within a sentence."""
    return _SENSES.get(modality, modality)


def clause(cue: Cue, *, subject: str) -> str:
    """The cue's own words as part of a sentence: with a subject, no full stop, and small at the start."""
    text = cue.text.strip().rstrip(".")
    if _is_told(cue):
        return _shortened(f"the notes say “{text}”")
    text = _shortened(text)
    first = text.partition(" ")[0]
    if first in _VERBS:
        return f"{cue.person or subject} {text}"
    return text[:1].lower() + text[1:] if first[:1].isupper() and not first.isupper() else text


def reason(cue: Cue, state: int) -> str:
    """Why a cue speaks for a state, as a sentence without its full stop."""
    values = cue.source.values
    if f"go.{STATES[state]}" in values:
        return _words_reason(cue, state)
    if label := _label(cue):
        return f"What a text model calls {label} goes with {_reading(state)} [{cue.id}]"
    if any(name.startswith("fer.") for name in values):
        return f"Such a face goes with {_reading(state)}, though a face alone is a weak witness [{cue.id}]"
    if any(name.startswith("au.") for name in values):
        return f"{capital(_movement(cue))} fits {_reading(state)} [{cue.id}]"
    if cue.valence is not None or cue.arousal is not None:
        how = "when nothing in particular is shown" if STATES[state] == "neutral" else f"with {noun(state)}"
        return f"{capital(sense(cue.modality))} is {_tone(cue)}, as {how} [{cue.id}]"
    return f"The wording itself points to {noun(state)} [{cue.id}]"


def contrast(cue: Cue, state: int, rival: int) -> str:
    """Why a cue speaks for a state rather than for its rival, as a clause with the cue's id."""
    values = cue.source.values
    if f"go.{STATES[state]}" in values:
        return f"{_words_contrast(cue, state, rival)} [{cue.id}]"
    more = f"{_reading(state)} better than {_reading(rival)} [{cue.id}]"
    if label := _label(cue):
        return f"what a text model calls {label} fits {more}"
    if any(name.startswith("fer.") for name in values):
        return f"a face that raters would call {_face_word(cue)} fits {more}"
    if any(name.startswith("au.") for name in values):
        return f"{_movement(cue)} fits {more}"
    if cue.valence is not None or cue.arousal is not None:
        return f"{sense(cue.modality)}, {_tone(cue)} as it is, fits {more}"
    if surface := values.get("surface"):
        return f"the word “{surface}” fits {more}"
    return f"the wording fits {more}"


def degree(intensity: float) -> str:
    """The adverb of an intensity (.33 slight, .66 clear, 1 extreme), empty for a clear one."""
    return "a little " if intensity < 0.45 else "" if intensity < 0.85 else "very "


def listed(parts: Sequence[str], *, word: str = "and") -> str:
    """One, two or more parts as English lists them, each once."""
    unique = list(dict.fromkeys(parts))
    return f" {word} ".join([", ".join(unique[:-1]), unique[-1]]) if len(unique) > 1 else unique[0]


def marks(ids: Sequence[str]) -> str:
    """The citations of some cues."""
    return " ".join(f"[{one}]" for one in ids)


def capital(text: str) -> str:
    """The text with a capital at the start, unless it starts with a person's id."""
    return text if text[:1] == "p" and text[1:2].isdigit() else text[:1].upper() + text[1:]


def _words_reason(cue: Cue, state: int) -> str:
    p, usual = _chosen(cue, state), tables.GO_COUNTS[STATES[state]] / tables.GO_ROWS
    if p >= 0.5:
        return f"Readers of such words mostly choose {noun(state)} ({p:.2f}; {usual:.2f} is usual) [{cue.id}]"
    more = f"{p / usual:.0f} times as often as usual" if p >= 1.5 * usual else "a little more often than usual"
    return f"Readers of such words choose {noun(state)} {more} ({p:.2f}) [{cue.id}]"


def _words_contrast(cue: Cue, state: int, rival: int) -> str:
    p, q = _chosen(cue, state), _chosen(cue, rival)
    if p - q >= 0.01:
        return f"readers of such words choose {noun(state)} ({p:.2f}) over {noun(rival)} ({q:.2f})"
    return f"such words raise {noun(state)} further above its usual share than {noun(rival)}"


def _label(cue: Cue) -> str | None:
    """The likeliest label of somebody else's classifier, with its share; None where the cue has none."""
    shares = {name[6:]: float(p or 0.0) for name, p in cue.source.values.items() if name.startswith("label.")}
    top = max(sorted(shares), key=lambda label: shares[label], default=None)
    return None if top is None else f"{top} ({shares[top]:.2f})"


def _chosen(cue: Cue, state: int) -> float:
    return float(cue.source.values.get(f"go.{STATES[state]}") or 0.0)


def _movement(cue: Cue) -> str:
    """What the action units look like: the clearest class beside neutral, if one is there at all."""
    marked = {name: share for name, share in activations(cue.source.values).items() if name != "neutral"}
    shown = max(sorted(marked.items()), key=lambda one: one[1])
    return (
        f"a movement often read as {_CLASS_LOOKS[shown[0]]}" if shown[1] >= 0.2 else "a face without a marked movement"
    )


def _reading(state: int) -> str:
    return "a neutral reading" if STATES[state] == "neutral" else noun(state)


def _face_word(cue: Cue) -> str:
    shown = {name: float(cue.source.values.get(f"fer.{name}") or 0.0) for name in tables.FACE_CLASSES}
    return _CLASS_WORDS.get(top := max(tables.FACE_CLASSES, key=lambda name: shown[name]), top)


def _tone(cue: Cue) -> str:
    parts = []
    if cue.arousal is not None and abs(cue.arousal) >= 0.1:
        parts.append("lively" if cue.arousal > 0 else "subdued")
    if cue.valence is not None and abs(cue.valence) >= 0.1:
        parts.append("pleasant" if cue.valence > 0 else "unpleasant")
    return " and ".join(parts) or "even"


def _is_told(cue: Cue) -> bool:
    """Whether somebody else wrote the cue in free words; these are quoted, not said by us."""
    is_given = cue.modality == "context" and cue.level == "reported"
    return is_given or (cue.level in ("described", "inferred") and "“" not in cue.text)


def _shortened(text: str) -> str:
    """The text with a long quotation cut at a word, so that it still stands in what was said."""
    start, end = text.find("“"), text.rfind("”")
    if start < 0 or end - start <= _LONGEST_QUOTE:
        return text
    kept = text[start + 1 : start + _LONGEST_QUOTE].rpartition(" ")[0]
    return f"{text[: start + 1]}{kept.rstrip(',;:. ')} …{text[end:]}"
