"""Where a description puts a voice, a body or a scene in VAD space: "a raised voice", "slumped shoulders".

Each line is a pattern and a valence, an arousal and a dominance in -1..1 (None: it says nothing of that axis). What a
loud, high, fast or slow voice goes with is after Juslin and Laukka (2003), Psychological Bulletin 129, table 7;
postures and gestures after Wallbott (1998), European Journal of Social Psychology 28; who approaches and who withdraws
as the action tendencies of Frijda, Kuipers and ter Schure (1989), JPSP 57; plain value words and the numbers are ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple


class Manner(NamedTuple):
    """Where a description puts somebody, -1..1 each; None where it does not say."""

    valence: float | None
    arousal: float | None
    dominance: float | None


_Line = tuple[str, float | None, float | None, float | None]

_TONE: Final = "(?:tone|voice|mood|expression|manner|atmosphere|attitude)"
_WHOSE: Final = "(?:(?:his|her|their|the|a|an|both|one) )?"
_LINES: Final[Sequence[_Line]] = (
    (rf"{_TONE}\b[^.]{{0,25}}\bpositive|positive {_TONE}", .5, None, None),
    (rf"{_TONE}\b[^.]{{0,25}}\bnegative|negative {_TONE}", -.5, None, None),
    (rf"{_TONE}\b[^.]{{0,25}}\b(?:neutral|flat|even)|monotone|matter-of-fact|business-?like|(?:neutral|flat) {_TONE}",
     .0, -.2, .1),
    (r"laugh(?:s|ing|ed|ter)?|giggl\w+|chuckl\w+", .6, .5, None),
    (r"\b(?:sobs?|sobbing|crying|cries|weep\w*|tearful|in tears)\b", -.7, .2, -.5),
    (r"\bsigh(?:s|ing|ed)?\b", -.3, -.3, -.2),
    (r"\b(?:shout\w*|yell\w*|raised voice|rais(?:es|ing) (?:his|her|their) voice)\b", -.3, .8, .4),
    (r"\bscream\w*|\bshriek\w*", -.3, .9, None),
    (r"\bwhisper\w*|\bhushed\b", None, -.5, -.3),
    (r"\b(?:loud(?:er|ly)?|louder than)\b", None, .5, .2),
    (r"\b(?:soft|quiet)(?:er|ly)?\b(?=[^.]{0,25}(?:voice|tone|speak|spoken))|speak\w* (?:soft|quiet)ly",
     None, -.4, -.2),
    (r"\b(?:high(?:er)?|raised|rising)[- ]?(?:in )?pitch(?:ed)?\b|pitch (?:is |was )?(?:high|rises|raised)",
     None, .4, None),
    (r"\blow(?:er)?[- ]?pitch(?:ed)?\b|pitch (?:is |was )?(?:low|falls|lowered)", None, -.3, None),
    (r"\b(?:fast|quick|rapid)(?:er|ly)?\b[^.]{0,20}(?:pace|speech|rate|speak)"
     r"|(?:pace|speech|rate|speak|talk|word)\w*[^.]{0,15} (?:fast|quick|rapid)(?:ly)?\b", None, .4, None),
    (r"\bslow(?:er|ly)?\b[^.]{0,20}(?:pace|speech|rate|speak)"
     r"|(?:pace|speech|rate|speak|talk|word)\w*[^.]{0,15} slow(?:ly)?\b", None, -.4, None),
    (r"\b(?:trembl\w+|shak(?:y|ing) voice|quaver\w*)\b", -.4, .4, -.5),
    (r"\bvoice (?:breaks|cracks)|\bchoked\b", -.6, .1, -.5),
    (r"\b(?:hesita\w+|unsure|stammer\w*|stutter\w*|falter\w*)\b", -.2, None, -.5),
    (r"\b(?:energetic|animated|lively|enthusias\w+)\b", .4, .6, .3),
    (r"\b(?:calm|relaxed|composed|at ease)\b", .2, -.5, .2),
    (r"\b(?:tense|stiff|rigid|agitated|restless|pacing|fidget\w*)\b", -.4, .5, None),
    (r"\b(?:slump\w*|slouch\w*|heads? (?:is )?(?:down|lowered|bowed)|looks? down|looking down|downcast)\b",
     -.4, -.4, -.4),
    (r"\b(?:warm|friendly|playful|light-?hearted|cheerful|jovial|welcoming)\b", .5, .2, .2),
    (r"\b(?:serious|stern|grave|sombre|somber|solemn)\b", -.3, -.1, .1),
    (r"\b(?:harsh|sharp|cold|hostile|aggressive|confrontational|accusing)\b(?=[^.]{0,15}(?:tone|voice|manner|look|stare"
     r"|word))", -.6, .6, .4),
    (r"\b(?:sarcas\w+|mock\w+|sneering)\b", -.4, .2, .3),
    (r"\b(?:hug(?:s|ging)?|embrac\w+|applaud\w*|clapping|danc(?:es|ing)|celebrat\w+)\b", .6, .4, .3),
    (r"\bjump\w* up and down|\bbounc\w+|\b(?:high[- ]fives?|cheer(?:s|ing)?)\b", .6, .8, .3),
    (r"\b(?:smil(?:es?|ing)|grin(?:s|ning)?|beam(?:s|ing))\b", .5, .3, .2),
    (r"\b(?:frown(?:s|ing)?|scowl\w*|glar(?:es?|ing))\b", -.5, .4, .3),
    (rf"\b(?:clench\w+ {_WHOSE}(?:fists?|teeth|jaw)|(?:fists?|jaw) (?:are |is )?clenched)", -.5, .6, .4),
    (r"\b(?:slam(?:s|ming)?|throw(?:s|ing)|smash\w*|storm(?:s|ing) (?:out|off|in))\b", -.5, .7, .4),
    (rf"\bpoint(?:s|ing)? {_WHOSE}?finger|\bfinger (?:pointed|raised)|\bhands? on (?:his|her|their) hips", -.4, .4, .5),
    (r"\barms (?:are )?(?:crossed|folded)|(?:cross|fold)(?:es|ing|s) (?:his|her|their) arms", -.3, .1, .2),
    (r"\b(?:back(?:s|ing) away|recoil\w*|flinch\w*|shrink\w* back|cower\w*|cring\w+|jumps? back)\b", -.4, .5, -.4),
    (r"\b(?:clutch\w*|grip(?:s|ping)|huddl\w+|pressed against)\b", -.3, .4, -.4),
    (r"\b(?:grimac\w+|gag(?:s|ging)|(?:leans?|turns?|pulls?) (?:\w+ ){0,2}away|hold\w* (?:his|her|their) nose)\b",
     -.5, .3, None),
    (r"\b(?:eyes (?:are )?(?:wide|widened)|wide(?:ned)? eyes|wide-eyed|startle[ds]?|stares?|staring|mouth (?:is )?open"
     r"|hands? (?:on|over) (?:his|her|their) mouth)\b", None, .6, -.2),
    (r"\bgasp(?:s|ing|ed)?\b", None, .7, -.2),
)  # fmt: skip
_VOICE_LINES: Final[Sequence[_Line]] = (
    # in a note on a voice a bare adjective is about the voice
    (r"\b(?:soft|quiet|subdued|faint|weak|muted)(?:ly)?\b", None, -.4, -.2),
    (r"\b(?:fast|quick|rapid|hurried)(?:ly)?\b", None, .4, None),
    (r"\b(?:slow|drawn[- ]out|drags?)(?:ly)?\b", None, -.4, None),
    (r"\b(?:high|shrill|squeaky|squeezed)\b", None, .4, None),
    (r"\b(?:low|falling|deep)\b", None, -.2, None),
    (r"\b(?:rising|rises?|rose|jumps?|sudden(?:ly)?|abrupt(?:ly)?)\b", None, .4, None),
    (r"\b(?:bright|upbeat|light)(?:ly)?\b", .5, .4, .3),
    (r"\b(?:flat|even|steady|steadily|moderate|unhurried)\b", .0, -.2, .1),
    (r"\b(?:hard|sharp|harsh|clipped|cutting|hiss\w*)\b", -.55, .6, .4),
    (r"\b(?:strained|tight|pressed|thin|breathless|shallow|panick\w*)\b", -.4, .4, -.2),
    (r"\b(?:shaky|shaking|shakes|unsteady)\b", -.4, .4, -.5),
    (r"\b(?:breaks|cracks|broken)\b", -.6, .1, -.5),
    (r"\b(?:groan\w*|moan\w*|nasal|creaky)\b", -.4, .1, None),
)  # fmt: skip
_DENIED = re.compile(r"\b(?:no|not|never|without|any|hardly|n't)\b[^,;.]{0,30}$", re.IGNORECASE)


def manner(text: str, *, of_voice: bool = False) -> Manner | None:
    """The mean of what the table finds in a description, by axis; None where it finds nothing.

    Args:
        of_voice: whether the description is of a voice, so that "low" or "quick" alone is about it.
    """
    lines = [*_COMPILED, *(_COMPILED_VOICE if of_voice else ())]
    found = [
        place for pattern, place in lines if (hit := pattern.search(text)) and not _DENIED.search(text[: hit.start()])
    ]
    if not found:
        return None
    return Manner(*(_mean(axis) for axis in zip(*found, strict=True)))


def _mean(values: Sequence[float | None]) -> float | None:
    there = [value for value in values if value is not None]
    return sum(there) / len(there) if there else None


def _compiled(lines: Sequence[_Line]) -> Iterator[tuple[re.Pattern[str], Manner]]:
    for pattern, *place in lines:
        yield re.compile(pattern, re.IGNORECASE), Manner(*place)


_COMPILED, _COMPILED_VOICE = tuple(_compiled(_LINES)), tuple(_compiled(_VOICE_LINES))
