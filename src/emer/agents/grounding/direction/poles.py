"""More or less, up or down: a claim must not say the opposite of what its cues say."""

from __future__ import annotations

import re
from typing import NamedTuple

from emer.agents.grounding.direction.moves import Move, levels, moves, phrases
from emer.agents.grounding.direction.segments import Segment, meant, segments
from emer.agents.grounding.record import Claim
from emer.agents.grounding.words.wording import DENIALS, QUOTE, shown, words
from emer.schemas import Cue


class Pole(NamedTuple):
    """Two sets of words that say opposite things of the same matter."""

    one: re.Pattern[str]
    other: re.Pattern[str]


def _pole(one: str, other: str) -> Pole:
    return Pole(re.compile(rf"\b(?:{one})\b", re.IGNORECASE), re.compile(rf"\b(?:{other})\b", re.IGNORECASE))


POLES = (
    _pole(
        r"loud(?:er|ly)?|rais(?:es|ed|ing) the voice|(?:shout|yell|scream|roar)\w*|at the top of"
        r"|level rises",
        r"soft(?:er|ly)?|quiet(?:er|ly)?|gent(?:le|ly)|under \w+ breath|(?:whisper|murmur|mutter|mumbl)\w*"
        r"|faint(?:ly)?|subdued|muffled|hushed|(?:barely|hardly) (?:audible|above)|inaudible"
        r"|level falls",
    ),
    _pole(
        r"high(?:er)?(?:-pitched)?|climbs?|rises?|rising|go(?:es)? up|pulled up|pull(?:s|ing)? up|turn(?:s|ed)? up",
        r"low(?:er)?(?:-pitched)?|sinks?|falls?|falling|go(?:es)? down|drops?|pulled down|pull(?:s|ing)? down"
        r"|turn(?:s|ed)? down",
    ),
    _pole(r"fast(?:er)?|quick(?:er|ly)?|hurried(?:ly)?|rush(?:es|ed)|hast(?:y|ily)|rapid(?:ly)?|brisk(?:ly)?"
          r"|accelerates"
          r"|speeds up",
          r"slow(?:er|ly|s)?|drags?|dragging|drawn out|drawls?|prolonged|unhurried|leisurely"),
    _pole(r"brows? (?:up|raised)|(?:raises?|raised|lifts?|lifted)(?: the)? (?:eye)?brows?|eyebrows raised"
          r"|brows? go up",
          r"brows? (?:down|lowered)|(?:lowers?|lowered|draws? down)(?: the)? (?:eye)?brows?|eyebrows lowered"),
    _pole(r"head (?:raised|up)|(?:raises?|lifts?) the (?:head|chin)|chin raised",
          r"head (?:lowered|down|bowed)|lower(?:s|ed) the (?:head|chin)|chin lowered|lowered head"),
    _pole(r"smile\w* (?:\w+ ){0,2}(?:widen|grow|broaden|spread)\w*|smiles? again",
          r"smile\w* (?:\w+ )?(?:fad|vanish|disappear|drop|die)\w*"),
    _pole(r"monotone|flat", r"swings?|varied|lively|wide(?:r|ly)? (?:in )?pitch|wide(?:r)? pitch range"),
    _pole(r"fluent(?:ly)?|without a pause|smooth(?:ly)?", r"hesitant(?:ly)?|halting|many pauses|stumbl\w+"),
    _pole(r"breath out|breathes? out|exhal\w+", r"breath in|breathes? in|inhal\w+|gasps?"),
    _pole(r"bright(?:ly)?(?: lit)?", r"dark|dim(?:ly)?"),
    _pole(r"trembl\w+|shak(?:y|ing)|unsteady", r"steady(?! (?:her|him|them)sel)|firm"),
    _pole(r"stay(?:s|ed|ing)? longer|longer than", r"leaves?|left sooner|sooner than"),
    _pole(r"today|tonight", r"next (?:week|month|year)|tomorrow|yesterday|last (?:week|month|year)"),
    _pole(r"more than|later than", r"less than|earlier than"),
    _pole(r"switch(?:es|ed|ing)? (?:\w+ ){0,2}on|turn(?:s|ed|ing)? (?:the \w+ )?on\b(?! p\d)",
          r"switch(?:es|ed|ing)? (?:\w+ ){0,2}off|turn(?:s|ed|ing)? (?:the \w+ )?off"),
    _pole(r"sits? (?:very )?upright|straightens? up", r"slump\w*|hunch\w*"),
    _pole(r"puts? on|slips? on", r"takes? off|strips? off"),
    _pole(r"refus\w+|declin\w+|turns? down", r"accept\w*|agrees?|consents?"),
    _pole(r"pull(?:s|ed|ing)?(?! (?:up|down|back|together|in|a face))", r"push(?:es|ed|ing)?"),
    _pole(r"wide[- ]eye[ds]|widen(?:s|ed)?|eyes (?:go )?(?:wide|open)",
          r"eyes closed|closes? (?:the|their) eyes|squint\w*"),
)  # fmt: skip
_N_DIRECTED = 7
"""The first poles are directions, which `moves` reads of each matter apart."""
_NEAR = 3
_OF_VOICE = {"pitch", "level", "rate", "span"}
_SMILES = re.compile(r"\b(?:smil|grin)\w*", re.IGNORECASE)
_ENDED = re.compile(
    r"(?:goes|gone|went|vanish\w*|disappear\w*|fad(?:es?|ed|ing)|slips?|slid\w*|di(?:es?|ed)|drop(?:s|ped)?|lost"
    r"|leaves?|left)",
    re.IGNORECASE,
)
_SOON = re.compile(
    r"(?:[^,;.]*?\b)?(?:at once|again|by|after|within|before|straight ?away|immediately|instantly|quickly|soon"
    r"|in a flash|then"
    r"|as (?:quickly|fast|soon)|when|once|later|almost|the (?:next )?(?:moment|instant|second))\b",
    re.IGNORECASE,
)
"""What tells when a smile ends, which had to be there before: a cue that shows it says nothing against this."""
_BEGINS = {"starts", "begins", "starting", "beginning", "started", "began"}
"""What stands before a pole that is left again: "starts softer than it ends"."""


def turned_round(claim: Claim) -> str | None:
    """A direction where the cited cues that tell of the same matter go the other way, or a word of the other pole."""
    for segment in segments(claim):
        told = moves(segment.bare)
        for move in told:
            if not _is_both(move, told) and not _is_end(move, segment) and _is_against(move, segment, claim):
                return f"says “{move.text.lower()}” where the cited cues say the opposite"
    return _other_pole(claim)


def _is_both(move: Move, told: tuple[Move, ...]) -> bool:
    """Whether the same part of a claim tells the other direction of the same matter too."""
    return any(set(other.dimensions) & set(move.dimensions) and other.sign != move.sign for other in told)


def _is_end(move: Move, segment: Segment) -> bool:
    """Whether a smile is told to end at some time: "a smile that is gone at once"."""
    is_ended = "smile" in move.dimensions and _ENDED.fullmatch(move.text) is not None
    return is_ended and _SOON.match(segment.bare[move.start + len(move.text) :]) is not None


def _is_against(move: Move, segment: Segment, claim: Claim) -> bool:
    """Whether all cues that a direction may be meant of go the other way."""
    for cues in (segment.cues, claim.cited):
        ways = {cue.id: _ways(cue, move) for cue in cues}
        named = [cue for cue in cues if ways[cue.id]]
        if not named:
            continue
        quotes = _quotes_beside(move, segment)
        found = {sign for cue in meant(claim, quotes, named) for sign in ways[cue.id]}
        return move.sign not in found
    return False


def _quotes_beside(move: Move, segment: Segment) -> list[str]:
    """What is quoted in the phrase that tells a direction; of a voice also what is quoted elsewhere in the part."""
    places = [found.start() for found in re.finditer("“”", segment.bare)]
    quoted = list(zip(places, segment.quotes, strict=True))
    within = [(start, end) for start, end in phrases(segment.bare) if start <= move.start < end]
    beside = [quote for at, quote in quoted if within and within[0][0] <= at < within[0][1]]
    return beside or (list(segment.quotes) if _OF_VOICE & set(move.dimensions) else [])


def _ways(cue: Cue, move: Move) -> set[int]:
    """The signs that a cue's text has in the dimensions of a direction; 0 where it says that it goes neither way."""
    text = shown(cue.text)
    told = moves(text)
    signs = {one.sign for one in told if set(one.dimensions) & set(move.dimensions)}
    if not signs and "smile" in move.dimensions:
        signs = {one.sign for one in told if "corners" in one.dimensions} | ({1} if _SMILES.search(text) else set())
    return signs or ({0} if levels(text) & set(move.dimensions) else set())


def _other_pole(claim: Claim) -> str | None:
    if claim.step.type == "rival":  # a rival weighs both sides
        return None
    for pole in POLES[_N_DIRECTED:]:
        for here, there in ((pole.one, pole.other), (pole.other, pole.one)):
            found = here.search(claim.bare)
            if found is None or there.search(claim.bare) or here.search(claim.said) or _is_denied(claim.bare, found):
                continue
            if there.search(claim.shown if QUOTE.search(claim.step.claim) else claim.said):
                return f"says “{found.group().lower()}” where the cited cues say the opposite"
    return None


def is_of_one_pole(text: str, other: str) -> bool:
    """Whether two texts say the same of a matter by words of one pole: "under their breath" and "whispers"."""
    return any(side.search(text) and side.search(other) for pole in POLES for side in pole)


def is_of_other_pole(text: str, other: str) -> bool:
    """Whether a text has a word of one pole and another text only one of the opposite: "steady" and "trembles"."""
    return any(
        here.search(text) and there.search(other) and not here.search(other)
        for pole in POLES
        for here, there in ((pole.one, pole.other), (pole.other, pole.one))
    )


def is_said_otherwise(word: str, text: str) -> bool:
    """Whether a text has another word of the same pole: "quickly" for "faster"."""
    return any(side.fullmatch(word) and side.search(text) for pole in POLES for side in pole)


def _is_denied(text: str, found: re.Match[str]) -> bool:
    before = words(text[: found.start()])[-_NEAR:]
    return bool(DENIALS & set(before)) or bool(_BEGINS & set(before))
