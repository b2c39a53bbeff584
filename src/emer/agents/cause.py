"""The cause agent: what an emotion may answer to, from the words around it, the turn before and the given context.

Explicit causes quote the words that say so. Implicit ones rest on a rule and are worded with "may". English only: in
another language nothing is invented.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from emer.agents.speech.causal_turns import LIKELY, Turn, candidates, probability
from emer.agents.speech.triggers import Trigger, events, is_outcry, triggers
from emer.memory.ontology import STATES, Mention, back, mentions
from emer.schemas import Cause, Clip, Cue, Utterance
from emer.tools.wording import signs

MAX_CAUSES = 5
MAX_QUOTE = 140
_STIRRED = 0.15
"""Affect of an utterance, 0..1, from which a cause is looked for."""
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
_MAX_TURNS = 2
"""Other turns told as causes of one utterance, the likeliest."""
_OUTCRY = 0.3
"""What an outcry ("What?!") adds for the turn before it: it tells nothing itself (ours)."""
_ACTS: Mapping[str, str] = {
    "insult": "an insult", "blame": "a reproach", "praise": "praise", "refusal": "a refusal", "apology": "an apology",
    "thanks": "thanks", "request": "a request", "question": "a question", "exclamation": "an exclamation",
}  # fmt: skip
"""What a turn does, by its sign, the more telling first."""


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
    turns = [Turn(one.person, one.text, _emotion(one, said)) for one in utterances]
    found: list[_Candidate] = []
    for number, utterance in enumerate(utterances):
        if utterance.id in said and _is_english(utterance):
            found += _of_utterance(number, utterances, said, words, turns)
    found += _of_context(clip, cues)
    return [_cause(number, one) for number, one in enumerate(_best(found), start=1)]


def affect(text: str, said: Cue) -> float:
    """How much affect an utterance carries, 0..1: the likeliest state but neutral of the words model, or its words."""
    values = said.source.values
    read = [float(values[f"go.{state}"] or 0.0) for state in STATES if state != "neutral" and f"go.{state}" in values]
    named = max((0.8 * one.degree for one in mentions(text)), default=0.0)
    return min(1.0, max(max(read, default=0.0), named))


def _emotion(utterance: Utterance, said: Mapping[str | None, Cue]) -> str | None:
    """The Ekman class that the words of an utterance point to; None where they carry little affect."""
    cue = said.get(utterance.id)
    if cue is None or affect(utterance.text, cue) < _STIRRED:
        return None
    values = cue.source.values
    read = {state: float(values.get(f"go.{state}") or 0.0) for state in STATES if state != "neutral"}
    named = {state: 0.8 * one.degree * share for one in mentions(utterance.text) for state, share in one.word.states}
    state = max(read, key=lambda name: (max(read[name], named.get(name, 0.0)), name))
    return back("goemotions28", state).ekman or state


def _is_english(utterance: Utterance) -> bool:
    return utterance.language in ("en", None)


def _of_utterance(
    number: int,
    utterances: Sequence[Utterance],
    said: Mapping[str | None, Cue],
    words: Words,
    turns: Sequence[Turn],
) -> Iterator[_Candidate]:
    """Causes within one utterance and in the turns that it answers."""
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
    yield from _answered(number, utterances, said, turns, weight=weight * (_EXPLAINED if is_explained else 1.0))
    if not own and _is_bare(utterance.text, found):
        yield from _told_before(number, utterances, said, weight)
    elif not own and _tells(utterance.text):
        text = f"what is said itself may be the reason: {_quoted(utterance.text)}"
        worth = probability(turns, number, number) * weight
        yield _Candidate(worth, (number, 0), utterance, text, "implicit", (said[utterance.id].id,))


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
    number: int,
    utterances: Sequence[Utterance],
    said: Mapping[str | None, Cue],
    turns: Sequence[Turn],
    *,
    weight: float,
) -> Iterator[_Candidate]:
    """The other turns that the utterance likely answers: before it, or just after an outcry by the same person."""
    utterance, cry = utterances[number], is_outcry(utterances[number].text)
    likely: list[tuple[float, int]] = []
    for other in candidates(len(utterances), number):
        if other == number or utterances[other].id not in said or not _is_english(utterances[other]):
            continue
        is_own = turns[other].person is not None and turns[other].person == utterance.person
        bonus = _OUTCRY if cry and other == number - 1 and not is_own else 0.0
        worth = probability(turns, number, other) + bonus
        if worth >= LIKELY:
            likely.append((worth, other))
    for worth, other in sorted(likely, reverse=True)[:_MAX_TURNS]:
        turn = utterances[other]
        evidence = (said[turn.id].id, said[utterance.id].id)
        text = _told_of_turn(turn, utterance, number - other)
        yield _Candidate(min(worth, 1.0) * weight, (number, 0), turn, text, "implicit", evidence)


def _told_of_turn(turn: Utterance, utterance: Utterance, back: int) -> str:
    when = "just before" if back == 1 else "just after" if back < 0 else "a little before"
    if turn.person is not None and turn.person == utterance.person:
        return f"{_quoted(turn.text)}, told {when}, may be the reason"
    who = f" by {turn.person}" if turn.person else ""
    return f"{_quoted(turn.text)} may be what is answered: {_act(turn.text)}{who} {when}"


def _act(text: str) -> str:
    """What the turn does, as far as a rule can tell."""
    kinds = {sign.kind for sign in signs(text, limit=20)}
    done = next((act for kind, act in _ACTS.items() if kind in kinds), None)
    if done in (None, *list(_ACTS.values())[-2:]) and (named := events(text)):
        return f"news of {named[0].note}"
    return done or "a turn"


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
