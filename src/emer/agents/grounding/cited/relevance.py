"""Relevance: an observation must tell what the cues that it cites say, and not what another cue says."""

from __future__ import annotations

import re
from collections.abc import Sequence

from emer.agents.grounding.denied.absence import is_absence
from emer.agents.grounding.direction.poles import is_of_one_pole
from emer.agents.grounding.quantity.amounts import NUMBERS
from emer.agents.grounding.record import Claim, felt
from emer.agents.grounding.senses import SENSES
from emer.agents.grounding.words.alike import nearness
from emer.agents.grounding.words.kin import is_there, kin
from emer.agents.grounding.words.lists import listed
from emer.agents.grounding.words.wording import QUOTE, SHORT, content, shown, stem, stems, words
from emer.schemas import Cue

COVERED = 0.2
"""Share of an observation's content words that its cues must contain, where the encoder does not find it near them:
the most that loses no more true claims (practice scenes)."""
WEAK = 0.2
"""Share below which the encoder is asked as well whether another cue says it better."""
BETTER = 0.15
"""By how much another cue of the same sense must cover more of a claim for it to be the one that should be cited."""
BETTER_ELSE = 0.2
"""How much more it must be of a cue of somebody else, where the claim names the person of its own."""
BETTER_WEAK, WEIGHT = 0.1, 0.5
"""The same where the encoder is asked, and what its cosine then counts beside the share of words (practice scenes)."""
MOST_ASKED = 12
"""Other cues that the encoder is asked about for one claim: some 8 ms each, once a clip."""
NEAR, NEAR_BESIDES = 0.38, 0.32
"""Cosine from which the encoder takes a claim for a paraphrase of its cues, and of one of them beside others; a claim
and a cue of something else lie below it (practice scenes)."""
SPOKEN = re.compile(
    r"\b(?:sa(?:ys|id)|spoken|speaks|sentences?|silen\w+|pauses?|greeting|questions?|words?|wordless\w*|speak\w*"
    r"|talk\w*|answer\w*|repl(?:y|ies|ied|ying)|respon\w+|sounds?|as long)\b",
    re.IGNORECASE,
)
"""Words by which a claim speaks of how something is said."""
COMMON = listed("common")
"""Words of grammar, which tie no claim to a cue."""
SPEECH = listed("speech")
"""Verbs that say that something is said: every cue of words bears them."""
_FIGURE = re.compile(r"(?<![p\d])\d*\.?\d+")
_QUANTITY = re.compile(
    rf"(?<!p)\d|\b(?:{'|'.join(NUMBERS)}) (?:seconds|semitones|syllables|times|minutes|hours|days|weeks|months|years"
    r"|decades)\b"
    r"|\ba (?:good |full )?second\b",
    re.IGNORECASE,
)
_SPEECH = frozenset(stem(word) for word in SPEECH)
_VAGUE = frozenset(stem(word) for word in listed("vague"))
"""Stems that stand in cues of any scene, and so tie a claim to one of them half as much."""


def uncovered(claim: Claim) -> str | None:
    """A word of an observation of which next to nothing is in its cues, neither by words nor by meaning."""
    if claim.step.type != "observation" or QUOTE.search(claim.step.claim) or _QUANTITY.search(claim.bare):
        return None  # whoever quotes or names a number has been held to it
    told = told_words(claim)
    strange = [word for word in told if not is_there(word, claim.said)]
    is_told = is_of_one_pole(claim.bare, claim.said) or is_absence(claim.bare, claim.said)
    if not told or 1 - len(strange) / len(told) >= COVERED or is_told:
        return None
    return None if _is_near(claim, claim.evidence) else f"tells of “{strange[0]}”, which is in no cited cue"


def better_elsewhere(claim: Claim) -> str | None:
    """Another cue of the same sense that says clearly better what an observation tells of its only cue."""
    if claim.step.type != "observation" or len(claim.evidence) != 1 or QUOTE.search(claim.step.claim):
        return None
    own = claim.evidence[0]
    is_named = own.person is not None and _is_named(own.person, claim)
    others = [
        cue
        for cue in claim.record.cues.values()
        if cue.id != own.id
        and cue.modality == own.modality
        and cue.kind != "given"
        and not _is_same_saying(cue, own)
        and not _has_its_figure(claim, own, cue)
    ]
    told = told_words(claim)
    if not others or not told:
        return None
    covered = {cue.id: _covered(told, claim.record.said(cue)) for cue in (own, *others)}
    least, need = covered[own.id], BETTER
    if least < WEAK:
        others = sorted(others, key=lambda cue: -covered[cue.id])[:MOST_ASKED]
        covered = {cue.id: covered[cue.id] + WEIGHT * _nearness(claim, [cue]) for cue in (own, *others)}
        least, need = covered[own.id], BETTER_WEAK
    for cue in others:
        covered[cue.id] -= BETTER_ELSE if is_named and cue.person != own.person else 0.0
    best = max(others, key=lambda cue: covered[cue.id])
    return f"cites {own.id}, but says what {best.id} says" if covered[best.id] > least + need else None


def _has_its_figure(claim: Claim, own: Cue, other: Cue) -> bool:
    """Whether a claim tells a number of its own cue, or of its time, that another cue has not."""
    told = {float(one) for one in _FIGURE.findall(claim.bare)}
    its, others = (
        {*map(float, _FIGURE.findall(cue.text)), cue.anchor.start_s, cue.anchor.end_s} for cue in (own, other)
    )
    return bool(told & its) and not told & others


def _is_named(person: str, claim: Claim) -> bool:
    """Whether a claim names whom its cue is of, so that it cannot mean a cue of somebody else."""
    nouns = [re.escape(noun) for noun, who in claim.record.names.items() if who == person]
    return bool(re.search(rf"\b(?:{'|'.join([person, *nouns])})\b", claim.bare, re.IGNORECASE))


def unrelated_cues(claim: Claim) -> str | None:
    """Cues of which none says anything of what an observation tells."""
    idle = idle_cues(claim)
    return f"cites {idle[0].id}, which says nothing of it" if idle and len(idle) == len(claim.evidence) else None


def idle_cues(claim: Claim) -> list[Cue]:
    """The cues that an observation cites and that say nothing of what it tells: not a word, not its sense."""
    if claim.step.type != "observation":
        return []
    told = {one for word in words(claim.step.claim) if len(word) >= SHORT and word not in COMMON for one in kin(word)}
    related = [cue for cue in claim.evidence if _is_related(cue, claim, told)]
    senses = {cue.modality for cue in related}
    alone = [
        cue
        for cue in claim.evidence
        if cue.modality not in senses and not any(_is_of_one_breath(cue, other) for other in related)
    ]
    return [cue for cue in alone if not _is_near(claim, [cue])]


def idle_everywhere(claim: Claim) -> list[Cue]:
    """The cues that a claim of any type cites and that share no word with it, not even of the same sense."""
    told = {one for word in told_words(claim) for one in kin(word)}
    return [cue for cue in claim.evidence if not _is_related(cue, claim, told)]


def _is_related(cue: Cue, claim: Claim, told: set[str]) -> bool:
    sense = SPOKEN if cue.modality == "voice" and SPOKEN.search(claim.bare) else SENSES.get(cue.modality)
    said = claim.record.said(cue).lower()
    if any("".join(groups).lower().strip(" .!?,") in said for groups in QUOTE.findall(claim.step.claim)):
        return True
    if cue.modality == "transcript" and len(claim.evidence) > 1 and _SPEECH & stems(claim.bare):
        return True
    return (
        is_of_one_pole(claim.bare, said)
        or bool(told & stems(said))
        or (sense is not None and bool(sense.search(claim.bare)))
    )


def _is_of_one_breath(cue: Cue, other: Cue) -> bool:
    """Whether one is how the words of the other were said: voice and transcript, of one person at one time."""
    is_speech = {cue.modality, other.modality} == {"voice", "transcript"}
    start_s, end_s = cue.anchor.start_s, cue.anchor.end_s
    is_same_time = start_s is not None and (start_s, end_s) == (other.anchor.start_s, other.anchor.end_s)
    return is_speech and is_same_time and cue.person == other.person


def _is_same_saying(cue: Cue, other: Cue) -> bool:
    """Whether two cues of words are of the same words."""
    return cue.modality == "transcript" and cue.anchor.start_s is not None and cue.anchor == other.anchor


def told_words(claim: Claim) -> list[str]:
    """The words of a claim that its cues should hold."""
    feelings = {word for one in felt(claim.bare) for word in one.surface.lower().split()}
    plain = [word.removesuffix("'s") for word in content(claim.bare)]
    told = [word for word in plain if word not in SPEECH and word not in claim.record.names]
    return [word for word in told if word not in feelings or is_there(word, claim.said)]


def _covered(told: Sequence[str], text: str) -> float:
    return sum(is_there(word, text.lower()) for word in told) / len(told)


def _nearness(claim: Claim, cues: Sequence[Cue]) -> float:
    texts = [" ".join(shown(cue.text) for cue in cues), " ".join(claim.record.said(cue) for cue in cues)]
    return max(nearness(claim.bare, text) for text in texts)


def _is_near(claim: Claim, cues: Sequence[Cue]) -> bool:
    """Whether the claim means about what the cues say, though in other words throughout."""
    return _nearness(claim, cues) >= (NEAR if len(cues) == len(claim.evidence) else NEAR_BESIDES)


def weight_of(untold: Sequence[str], text: str) -> float:
    """How much of the words a text holds: a word of the same stem one, its kin half, both halved if vague."""
    there = stems(text)
    found = 0.0
    for word in untold:
        share = 1.0 if stem(word) in there else 0.5 if is_there(word, text) else 0.0
        found += share / 2 if stem(word) in _VAGUE else share
    return found
