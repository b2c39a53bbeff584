"""Three kinds of cases out of one question: some that support the leading reading, its rivals, and some against it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from emer.memory.case_vectors import SPOKEN
from emer.memory.guards import word_list
from emer.memory.meaning import Meaning, blend, distance
from emer.memory.probe import Probe
from emer.memory.resolution import resolve
from emer.memory.store import CaseMemory, Found
from emer.schemas import Case

Role = Literal["support", "confusion", "counter"]

PER_ROLE = 2
_FETCHED = 200
_NEAREST = 12  # the neighbours that elect the leading reading
_SAME = 0.25  # meanings nearer than this are one reading; farther, up to _RIVAL, one that it is mistaken for
_RIVAL = 0.5
_UNRELATED = 0.25  # the likeness that unrelated seed cases have
_LEAST_SIMILAR = 0.3  # below it a case has nothing to do with the clip
_NO_SIDE = 0.15  # a valence nearer to 0 has no side
_DUPLICATE = 0.97
_NEWNESS = 0.3  # weight in maximal marginal relevance (Carbonell and Goldstein 1998, SIGIR)
_WORD = re.compile(r"[a-z]{4,}")


@dataclass(frozen=True)
class Candidate:
    """A case that is like the clip: what its labels mean together, and the words that could be shared."""

    case: Case
    similarity: float
    meaning: Meaning
    content: frozenset[str]


def contrastive(memory: CaseMemory, probe: Probe) -> dict[Role, list[Candidate]]:
    """Return at most two cases of each role, best first; the clip itself and its near-duplicates are left out.

    Raises:
        ToolError: the index of the memory can neither be opened nor built.
    """
    found = _candidates(memory, probe) if probe.cues else []
    if not found:
        return {"support": [], "confusion": [], "counter": []}
    return {role: _diverse(cases) for role, cases in _by_role(found, _leading(found, probe)).items()}


def content_words(cues: Mapping[str, str]) -> frozenset[str]:
    """Return the words of cues that say what a clip is about."""
    return frozenset(word for text in cues.values() for word in _WORD.findall(text.lower())) - word_list(
        "recall_common"
    )


def meaning_of(labels: Sequence[str]) -> Meaning | None:
    """Return what labels mean together, each with the same weight; None when not one of them is known."""
    known = [resolution.meaning for label in labels if (resolution := resolve(label)).words]
    return blend((meaning, 1.0 / len(known)) for meaning in known) if known else None


def _candidates(memory: CaseMemory, probe: Probe) -> list[Candidate]:
    said = _plain(probe.cues.get(SPOKEN, ""))
    candidates = []
    for hit in memory.query([probe.cues], _FETCHED)[0]:
        meaning = meaning_of(hit.case.labels)
        if meaning is not None and hit.similarity >= _LEAST_SIMILAR and not _is_the_clip(hit, said):
            candidates.append(Candidate(hit.case, hit.similarity, meaning, content_words(hit.case.cues)))
    return candidates


def _is_the_clip(hit: Found, said: str) -> bool:
    own = _plain(hit.case.cues.get(SPOKEN, ""))
    return hit.similarity >= _DUPLICATE or (own == said and len(said.split()) >= 4)


def _plain(text: str) -> str:
    return " ".join(re.findall(r"[a-z']+", text.lower()))


def _leading(found: Sequence[Candidate], probe: Probe) -> Meaning:
    """Return the leading reading: the meaning of the case on which the nearest cases and the measurements agree.

    The neighbours vote for what is near to their own meaning, by how far their likeness stands above what unrelated
    cases have; what was measured in the clip votes as much as all of them together, times its certainty. A case on the
    other side of the clip's own valence cannot be elected while there is one on the same side.
    """
    nearest = found[:_NEAREST]
    weight = probe.certainty * sum(_vote(one) for one in nearest)

    def agreement(one: Candidate) -> float:
        votes = sum(_vote(other) * _nearness(one.meaning, other.meaning) for other in nearest)
        return votes + (weight * _nearness(one.meaning, probe.meaning) if probe.meaning else 0.0)

    eligible = [one for one in found if not opposed(one.meaning, probe)] or found
    return max(eligible, key=lambda one: (round(agreement(one), 9), one.similarity, one.case.id)).meaning


def _vote(one: Candidate) -> float:
    return (one.similarity - _UNRELATED) ** 2


def opposed(meaning: Meaning, probe: Probe) -> bool:
    """Whether a meaning and the clip's cues have valences on different sides, both clear of the middle."""
    case, clip = meaning.vad.valence, probe.valence
    return clip is not None and case * clip < 0 and min(abs(case), abs(clip)) > _NO_SIDE


def _nearness(one: Meaning, other: Meaning) -> float:
    return max(0.0, 1.0 - distance(one, other) / _RIVAL)


def _by_role(found: Sequence[Candidate], leading: Meaning) -> dict[Role, list[Candidate]]:
    roles: dict[Role, list[Candidate]] = {"support": [], "confusion": [], "counter": []}
    for candidate in found:
        apart = distance(candidate.meaning, leading)
        is_opposite = candidate.meaning.vad.valence * leading.vad.valence < 0
        role: Role = "support" if apart <= _SAME else "counter" if is_opposite or apart > _RIVAL else "confusion"
        roles[role].append(candidate)
    return roles


def _diverse(cases: Sequence[Candidate]) -> list[Candidate]:
    """Return the best cases by maximal marginal relevance: like the clip, unlike one another."""
    chosen: list[Candidate] = []
    left = list(cases)
    while left and len(chosen) < PER_ROLE:
        best = max(left, key=lambda one: (round(_marginal(one, chosen), 9), one.case.id))
        chosen.append(best)
        left.remove(best)
    return chosen


def _marginal(one: Candidate, chosen: Sequence[Candidate]) -> float:
    nearest = max((_alike(one, other) for other in chosen), default=0.0)
    return (1.0 - _NEWNESS) * one.similarity - _NEWNESS * nearest


def _alike(one: Candidate, other: Candidate) -> float:
    shared = len(one.content & other.content) / max(1, len(one.content | other.content))
    return 0.5 * shared + 0.5 * (1.0 - distance(one.meaning, other.meaning))
