"""The cause agent: what an emotion may answer to, from the words around it, the turn before and the given context.

Explicit causes quote the words that say so. Implicit ones rest on a rule and are worded with "may". English only: in
another language nothing is invented.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from emer.agents.speech.triggers import Trigger, events, is_outcry, triggers
from emer.memory.ontology import STATES, Mention, mentions
from emer.schemas import Cause, Clip, Cue, Utterance
from emer.tools.wording import signs

MAX_CAUSES = 5
MAX_QUOTE = 140
_STIRRED = 0.15
"""Affect of an utterance, 0..1, from which a cause is looked for."""
_ITSELF = 0.55
"""Worth of the utterance itself as its own reason, the last resort: in RECCON's dialogues three in five are."""
_BEFORE = 0.6
"""Worth of the speaker's own sentence before a bare avowal: above the avowal itself, which tells no event (ours)."""
_SMALL = frozenset({
    "", "i", "i'm", "im", "am", "i'd", "i've", "was", "is", "are", "be", "been", "it", "it's", "that's", "this",
    "me", "my", "myself", "a", "an", "the", "and", "but", "so", "just", "only", "really", "very", "quite",
    "too", "honestly", "frankly", "truly", "actually", "well", "oh", "ah", "yes", "no", "now", "today", "right",
    "kind", "of", "sort", "bit", "little", "all", "still", "feel", "feeling", "felt",
})  # fmt: skip
_TELLING = 4
"""Words from which an utterance may itself say what it answers to."""
_EXPLAINED = 0.6
"""What the turn before is still worth when the utterance names its own cause."""
_BACK = 3
"""How many turns back an answer may reach."""
_ACTS: Mapping[str, tuple[str, float]] = {
    "insult": ("an insult", 0.65), "blame": ("a reproach", 0.62), "praise": ("praise", 0.62),
    "refusal": ("a refusal", 0.6), "apology": ("an apology", 0.58), "thanks": ("thanks", 0.55),
    "request": ("a request", 0.5), "question": ("a question", 0.45), "exclamation": ("an exclamation", 0.45),
}  # fmt: skip


Words = Mapping[tuple[str | None, float | str | None], Cue]
"""The cues of affect words, by utterance and by the word as it is written."""


class _Candidate(NamedTuple):
    """A possible cause: score 0..1, where its words stand, how it is told, and the cues that it rests on."""

    score: float
    order: tuple[int, int]
    utterance: Utterance | None
    text: str
    kind: Literal["explicit", "implicit"]
    evidence: tuple[str, ...]


def explain(clip: Clip, utterances: Sequence[Utterance], cues: Sequence[Cue]) -> list[Cause]:
    """At most five causes, best first; each cites the cues that carry it, then those of what it explains.

    `emotions` is empty; the judge links them.
    """
    said: Mapping[str | None, Cue] = {
        cue.anchor.utterance: cue for cue in cues if cue.kind == "said" and cue.anchor.utterance
    }
    words: Words = {
        (cue.anchor.utterance, cue.source.values.get("surface")): cue for cue in cues if "surface" in cue.source.values
    }
    found: list[_Candidate] = []
    for number, utterance in enumerate(utterances):
        if utterance.id in said and _is_english(utterance):
            found += _of_utterance(number, utterances, said, words)
    found += _of_context(clip, cues)
    return [_cause(number, one) for number, one in enumerate(_best(found), start=1)]


def affect(text: str, said: Cue) -> float:
    """How much affect an utterance carries, 0..1: the likeliest state but neutral of the words model, or its words."""
    values = said.source.values
    read = [float(values[f"go.{state}"] or 0.0) for state in STATES if state != "neutral" and f"go.{state}" in values]
    named = max((0.8 * one.degree for one in mentions(text)), default=0.0)
    return min(1.0, max(max(read, default=0.0), named))


def _is_english(utterance: Utterance) -> bool:
    return utterance.language in ("en", None)


def _of_utterance(
    number: int,
    utterances: Sequence[Utterance],
    said: Mapping[str | None, Cue],
    words: Words,
) -> Iterator[_Candidate]:
    """Causes within one utterance and in the turn that it answers."""
    utterance = utterances[number]
    stirred = affect(utterance.text, said[utterance.id])
    weight, found = 0.5 + 0.5 * stirred, mentions(utterance.text)
    own = triggers(utterance.text, found) if found else events(utterance.text)
    for trigger in own:
        bearer = next((m.surface for m in found if m.start == trigger.mention), None)
        named = words.get((utterance.id, bearer))
        evidence = (said[utterance.id].id, *([named.id] if named else []))
        text = _told(utterance.text[trigger.start : trigger.end], trigger)
        yield _Candidate(trigger.score * weight, (number, trigger.start), utterance, text, trigger.kind, evidence)
    is_cry = is_outcry(utterance.text) and not utterance.text.rstrip().endswith((".", ","))
    if stirred < _STIRRED and not is_cry:
        return
    is_explained = any(trigger.kind == "explicit" for trigger in own)
    yield from _answered(number, utterances, said, weight * (_EXPLAINED if is_explained else 1.0))
    if not own and _is_bare(utterance.text, found):
        yield from _told_before(number, utterances, said, weight)
    elif not own and _tells(utterance.text):
        text = f"what is said itself may be the reason: {_quoted(utterance.text)}"
        yield _Candidate(_ITSELF * weight, (number, 0), utterance, text, "implicit", (said[utterance.id].id,))


def _is_bare(text: str, found: Sequence[Mention]) -> bool:
    """Whether an utterance names an emotion and nothing that happened: "Honestly, I'm just so disappointed."."""
    rest = text
    for one in reversed(found):
        rest = rest[: one.start] + " " + rest[one.end :]
    return bool(found) and not {word.strip(".,!?…;:-").lower() for word in rest.split()} - _SMALL


def _told_before(
    number: int, utterances: Sequence[Utterance], said: Mapping[str | None, Cue], weight: float
) -> Iterator[_Candidate]:
    """What the same speaker said just before a bare avowal: people tell first what happened."""
    if number == 0:
        return
    utterance, before = utterances[number], utterances[number - 1]
    is_own = before.person == utterance.person and before.id in said and _is_english(before)
    if is_own and _tells(before.text) and not _is_bare(before.text, mentions(before.text)):
        text = f"{_quoted(before.text)}, told just before, may be the reason"
        evidence = (said[before.id].id, said[utterance.id].id)
        yield _Candidate(_BEFORE * weight, (number, 0), before, text, "implicit", evidence)


def _tells(text: str) -> bool:
    """Whether an utterance may itself say what it answers to; an insult says nothing that happened."""
    return len(text.split()) >= _TELLING and not any(sign.kind == "insult" for sign in signs(text, limit=20))


def _told(words: str, trigger: Trigger) -> str:
    if trigger.kind == "explicit":
        return _short(words)
    return f"{_quoted(words)} may be behind it" + (f": {trigger.note} is named" if trigger.note else "")


def _answered(
    number: int, utterances: Sequence[Utterance], said: Mapping[str | None, Cue], weight: float
) -> Iterator[_Candidate]:
    """The nearest turn of somebody else that the utterance may answer."""
    utterance = utterances[number]
    for back in range(1, min(_BACK, number) + 1):
        before = utterances[number - back]
        if (before.person == utterance.person and before.person is not None) or before.id not in said:
            continue
        if not _is_english(before):
            return
        act, score = _act(before.text)
        if is_outcry(utterance.text):
            score = max(score, 0.6) + 0.2
        who = f" by {before.person}" if before.person else ""
        text = f"{_quoted(before.text)} may be what is answered: {act}{who} just before"
        evidence = (said[before.id].id, said[utterance.id].id)
        yield _Candidate(
            score * weight * (1 if before.person else 0.8) * 0.9 ** (back - 1),
            (number, 0),
            before,
            text,
            "implicit",
            evidence,
        )
        return


def _act(text: str) -> tuple[str, float]:
    """What the turn does, as far as a rule can tell, and how good a cause that is."""
    named = events(text)
    best = max(
        ((_ACTS[sign.kind]) for sign in signs(text, limit=20) if sign.kind in _ACTS),
        key=lambda act: act[1],
        default=("a turn", 0.35),
    )
    return (f"news of {named[0].note}", 0.6) if named and best[1] < 0.6 else best


def _of_context(clip: Clip, cues: Sequence[Cue]) -> Iterator[_Candidate]:
    """Events that the user or another observer tells about the situation."""
    given = [cue for cue in cues if cue.modality == "context" and cue.level in ("reported", "described")]
    for number, cue in enumerate(given):
        for event in events(cue.text)[:1]:
            text = (
                f"{_quoted(cue.text[event.start : event.end])} may be behind it: {event.note} is named in the context"
            )
            yield _Candidate(0.45, (-1, number), None, text, "implicit", (cue.id,))


def _best(found: Sequence[_Candidate]) -> list[_Candidate]:
    """The best candidates, one for the same words."""
    kept: dict[tuple[object, str], _Candidate] = {}
    for one in sorted(found, key=lambda candidate: (-round(candidate.score, 6), candidate.order, candidate.text)):
        kept.setdefault((one.utterance.id if one.utterance else None, one.text), one)
    return list(kept.values())[:MAX_CAUSES]


def _cause(number: int, found: _Candidate) -> Cause:
    at = found.utterance
    start_s, end_s = (at.start_s, at.end_s) if at else (None, None)
    return Cause(
        id=f"c{number}",
        text=found.text,
        kind=found.kind,
        utterance=at.id if at else None,
        start_s=start_s,
        end_s=end_s,
        evidence=list(dict.fromkeys(found.evidence)),
    )


def _quoted(words: str) -> str:
    return f"“{_short(words)}”"


def _short(words: str) -> str:
    plain = " ".join(words.split())
    return plain if len(plain) <= MAX_QUOTE else plain[: MAX_QUOTE - 1].rstrip() + "…"
