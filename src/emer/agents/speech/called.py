"""What a text model that the user named calls an utterance, as a cue: a resemblance with its number and its origin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from emer.agents.seen.numbers import short
from emer.memory.labels import are_states, expected_point
from emer.schemas import Anchor, Cue, Source, Utterance
from emer.tools.word_models import WordReader
from emer.tools.wording import quote

CLEAR, CLEAR_LEAD = 0.4, 0.1
"""Least share of a label, and least lead over the next, to be told as what the model calls the words."""
MAX_TOLD = 30
"""Labels that are kept in a cue's values, the likeliest first: enough for the 28 states."""
_STRENGTH = 0.66
"""How strongly words count as put where nothing else is read in them: clearly (ours)."""


def called(utterance: Utterance, shares: Mapping[str, float], reader: WordReader, *, strength: float) -> Cue:
    """The cue of one utterance.

    Args:
        utterance: what was said.
        shares: the model's labels and their shares, 0..1.
        reader: the model.
        strength: how strongly the words are put, 0..1; where that was not read, they count as clear.
    """
    ranked = sorted(shares, key=lambda label: (-shares[label], label))[:MAX_TOLD]
    valence, arousal = expected_point(shares)
    kind = "go" if are_states(list(shares)) else "label"
    start_s, end_s = utterance.start_s, utterance.end_s
    is_forward = start_s is None or end_s is None or end_s >= start_s
    return Cue(
        id="transcript-0",
        modality="transcript",
        kind="resemblance",
        person=utterance.person,
        text=_told(quote(utterance.text), ranked, shares, reader.tool),
        anchor=Anchor(
            utterance=utterance.id, chars=(0, len(utterance.text)), start_s=start_s, end_s=end_s if is_forward else None
        ),
        strength=strength or _STRENGTH,
        quality=1.0 if utterance.confidence is None else utterance.confidence,
        valence=valence,
        arousal=arousal,
        source=Source(
            tool=reader.tool,
            version=reader.version,
            values={f"{kind}.{label.strip().lower() if kind == 'go' else label}": shares[label] for label in ranked},
        ),
    )


def _told(said: str, ranked: Sequence[str], shares: Mapping[str, float], tool: str) -> str:
    first, second = ranked[0], ranked[1] if len(ranked) > 1 else None
    lead = shares[first] - (shares[second] if second is not None else 0.0)
    if second is None or (shares[first] >= CLEAR and lead >= CLEAR_LEAD):
        return f"a text model would call {said} {first} ({short(shares[first])}, {tool})"
    either = f"{first} ({short(shares[first])}) or {second} ({short(shares[second])})"
    return f"a text model is undecided what to call {said}: {either}, {tool}"
