"""Emotion words: evidence must bear them, or at least not speak against them."""

from __future__ import annotations

import re

from emer.agents.fusion.conflict import apparent
from emer.agents.fusion.likelihood import cue_log
from emer.agents.grounding.direction.poles import is_said_otherwise
from emer.agents.grounding.felt.feelings import is_of_a_thing
from emer.agents.grounding.felt.premise import put_as_evidence
from emer.agents.grounding.felt.sides import FAINT, is_torn, lean, side_of
from emer.agents.grounding.record import Claim, felt
from emer.agents.grounding.words.kin import kin
from emer.agents.grounding.words.lists import listed
from emer.agents.grounding.words.wording import stems
from emer.memory.meaning import FAMILY_OF
from emer.memory.ontology import STATES, Mention, state_vad

POLAR = 0.15
"""Valence from which a word or a cue has a side."""
CLEAR = 0.3
"""Nats from which evidence clearly bears a word, so that a mean valence on the other side does not count."""
SIDED = 0.3
"""Valence from which a word takes a side that arousal alone cannot tell."""
OUTDONE = 2.2
"""Nats from which evidence clearly bears another feeling than the one that is told."""
VAGUE = ("surprise", "neutral")
"""Families that go with feelings of either side, and so outdo none."""
_GUISE = re.compile(
    r"\b(?:(?:behind|beneath|despite) (?:the|an?|his|her|their|p\d's) (?:smile|grin|laugh\w*|cheer\w*)"
    r"|iron\w+|sarcas\w+|opposite|mask\w*|cover|polite\w*|plays? it down|playful\w*|in play)\b",
    re.I,
)
PLEASANT = 0.4
"""The same for pleasant evidence against an unpleasant word: people smile over much that they do not like."""
MIXED = frozenset(
    {"moved", "tender", "relieved", "wondering", "bittersweet", "nostalgic", "wistful", "overwhelmed", "sympathetic",
     "compassionate", "caring"}
)  # fmt: skip
"""Pleasant feelings that go with tears, a sunken voice or a hard time just past."""
_SHOWS = re.compile(
    r"\b(?:shows?|express(?:es)?|displays?|betrays?|radiates?|conveys?|full of|fill(?:s|ed) with|look of|expression of"
    r"|looks?|sounds?)\s+(?:\w+ly |very |so |clear |open )?$",
    re.IGNORECASE,
)
_SHOWN = re.compile(
    r"(?: and \w+)? (?:(?:can be (?:seen|heard)|(?:is|are) (?:visible|audible))\b"
    r"|(?:(?:is|are|can be|lies?) )?(?:written|visible|audible|seen|heard|in|on|all over)\b"
    r"[^.;]*\b(?:face|voice|eyes|expression)\b)",
    re.IGNORECASE,
)
_OVER = re.compile(
    r"\b(?:los(?:es?|t|ing)|gives? up|overcomes?|drops?|sheds?|lets? go of|free of|rid of)(?: \w+)? $", re.IGNORECASE
)
_LESSER = re.compile(
    r"\b(?:rather|sooner|more|better|less|other) [^,;.]*\bthan (?:as |of |for |to |from |with |out of )?(?:[a-z]+ )?$",
    re.I,
)
_FITS = re.compile(r"\bfits (?:an? )?(?P<one>[a-z]+)(?: reading)? better than (?:an? )?(?P<other>[a-z]+)")
_THAN = re.compile(
    r"[Rr]ather than (?P<one>[\w -]+?),? because\b.*?\b(?:than|over) (?P<other>[\w -]+?)(?: \(|\s*[.,]|$|\s*\[|\s+at\b)"
)


def unborne_feeling(claim: Claim) -> str | None:
    """An emotion word that is put as evidence, or that the evidence speaks against or cannot bear at all."""
    put = put_as_evidence(claim)
    if put is not None:
        return put
    if claim.step.type == "rival":
        return _mixed_up(claim) or _misfitted(claim)
    if claim.step.polarity in ("pleasant", "unpleasant"):
        side = side_of(claim.evidence)
        if (
            side is not None
            and not _GUISE.search(claim.bare)
            and side * (1 if claim.step.polarity == "pleasant" else -1) < -FAINT
        ):
            return f"is meant as {claim.step.polarity}, against the cues that it cites"
    said = {one.word.label for cue in claim.cited for one in felt(cue.text)}
    for word in felt(claim.bare):
        if (
            word.negated
            or _is_over(claim.bare, word)
            or word.word.label in said
            or _is_manner(claim, word)
            or not _is_told(claim.bare, word)
            or is_of_a_thing(claim.bare, word)
        ):
            continue
        why = _objection(claim, word)
        if why is not None:
            return f"speaks of “{word.surface}”, {why}"
    return None


def _is_over(text: str, word: Mention) -> bool:
    """Whether a feeling is told as gone or as the lesser one: "loses her patience", "rather amused than stern"."""
    return bool(_OVER.search(text[: word.start]) or _LESSER.search(text[: word.start]))


def _is_manner(claim: Claim, word: Mention) -> bool:
    """Whether a word that may name a feeling only says what the cues show in other words: halting, gentle, sorry."""
    first = word.surface.lower().split()[0]
    return bool(kin(first) & stems(claim.said)) or is_said_otherwise(first, claim.said)


def _objection(claim: Claim, word: Mention) -> str | None:
    shown = [cue for cue in claim.evidence if cue.kind != "given"]  # what was told sets the scene and takes no side
    borne, side, valence = _borne(claim, word), side_of(shown or claim.evidence), word.word.vad.valence
    is_opposite = side is not None and abs(valence) >= POLAR and _is_against(side, word)
    if claim.step.type == "observation" and _is_put_as_seen(claim.bare, word):
        return "as if it were seen or heard"
    if _is_one_voice(claim) and abs(valence) >= SIDED:
        return "which one cue of a voice cannot bear"
    if borne > CLEAR:
        return "against every cue that it cites" if _all_against(claim, word) else None
    if is_opposite and not _is_mixed(claim, word):
        return "against the cues that it cites"
    if borne < 0 and len(claim.evidence) == 1 and claim.step.type != "observation" and _is_outdone(claim, word):
        return "where the cited cues clearly bear another feeling"
    if borne > 0 or (side is not None and abs(side) >= FAINT and claim.step.type != "observation"):
        return None
    is_open = claim.step.type == "observation" or _may_be_read_so(claim)
    return None if is_open else "which no cited cue bears"


def _is_against(side: float, word: Mention) -> bool:
    """Whether the side of the evidence is clearly the other one than the word's."""
    if word.word.vad.valence < 0:
        return side >= PLEASANT
    return side <= -FAINT and word.word.label not in MIXED


def _is_put_as_seen(text: str, word: Mention) -> bool:
    """Whether a feeling is told as something to be seen or heard: "the face shows grief", "fear is in the voice"."""
    return bool(_SHOWS.search(text[: word.start]) or _SHOWN.match(text[word.end :]))


def _is_one_voice(claim: Claim) -> bool:
    """Whether all that is cited is one measure of a voice, which tells of arousal and of no side."""
    return len(claim.evidence) == 1 and claim.evidence[0].modality == "voice" and lean(claim.evidence[0]) is None


def _is_mixed(claim: Claim, word: Mention) -> bool:
    """Whether the claim names a feeling of the other side too, or takes the cues for a play, a mask or irony."""
    valence = word.word.vad.valence
    others = [one for one in felt(claim.bare) if one.word.vad.valence * valence < 0]
    return bool(others) or bool(_GUISE.search(claim.bare))


def _is_outdone(claim: Claim, word: Mention) -> bool:
    """Whether the evidence clearly bears a feeling of another family on the word's own side."""
    logs = [log for cue in claim.evidence if (log := cue_log(cue, claim.record.instruments)) is not None]
    families = {FAMILY_OF[state] for state, _ in word.word.states}
    return any(
        sum(float(log[number]) for log in logs) > OUTDONE
        and FAMILY_OF[state] not in (*families, *VAGUE)
        and state_vad(state).valence * word.word.vad.valence > 0
        for number, state in enumerate(STATES)
    )


def _may_be_read_so(claim: Claim) -> bool:
    """Whether evidence that takes no side may still carry a reading: several cues together, or what was told."""
    return len(claim.evidence) > 1 or claim.evidence[0].modality == "context" or is_torn(claim.evidence[0])


def _borne(claim: Claim, word: Mention) -> float:
    """By how much the evidence together makes the likeliest of a word's states likelier, in nats."""
    logs = [log for cue in claim.evidence if (log := cue_log(cue, claim.record.instruments)) is not None]
    return max((sum(float(log[STATES.index(state)]) for log in logs) for state, _ in word.word.states), default=0.0)


def _is_told(text: str, word: Mention) -> bool:
    """Whether the word is said of somebody: neither a thing that happens ("the insult") nor only akin ("to stress")."""
    is_thing = re.search(r"\b(?:an?|the|this|that|no|playful|first|any)\s+$", text[: word.start])
    is_outcry = re.match(r"cr(?:y|ies|ying) out\b", text[word.start :], re.IGNORECASE)
    return word.surface.lower() not in _NO_FEELING and not is_thing and not is_outcry


_NO_FEELING = listed("no_feeling")


def _all_against(claim: Claim, word: Mention) -> bool:
    """Whether every cue for the claim has the other side; one without a side is not against."""
    valence = word.word.vad.valence
    points = [apparent(cue) for cue in claim.evidence]
    return bool(points) and all(
        point is not None and min(abs(point[0]), abs(valence)) >= POLAR and point[0] * valence < 0 for point in points
    )


def _mixed_up(claim: Claim) -> str | None:
    """A rival that begins with one feeling and is refuted for another."""
    found = _THAN.search(claim.bare)
    if found is None:
        return None
    families = [{FAMILY_OF[state] for state in _states(found[name])} for name in ("one", "other")]
    return None if not all(families) or families[0] & families[1] else "weighs another rival than it names"


def _states(text: str) -> set[str]:
    """The states that a word or the name of a state stands for; none where it is neither."""
    named = {state for state in STATES if state == text.strip()}
    return named | {state for one in felt(text) for state, _ in one.word.states}


def _misfitted(claim: Claim) -> str | None:
    """A better fit, "fits joy better than grief", on evidence that fits the other better."""
    found = _FITS.search(claim.bare.partition("although")[0])
    if found is None:
        return None
    logs = [log for cue in claim.evidence if (log := cue_log(cue, claim.record.instruments)) is not None]
    sides = [[float(sum(log[STATES.index(s)] for log in logs)) for s in _states(found[n])] for n in ("one", "other")]
    return "fits the other way round" if all(sides) and max(sides[0]) < max(sides[1]) else None
