"""The parts of a sentence that tell of one event each, and what each hangs on.

>>> [(part.link, part.text) for part in parts("p1 nods before she says “Yes, after all.”")]
[('', 'p1 nods'), ('before', 'she says “Yes, after all.”')]
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from emer.agents.grounding.words.wording import ID, QUOTE

WHO = r"p\d|s?he|they|the|her|his|their|its|an?|any\w+|every\w+|“|each|both"
"""How what an event is about begins."""
_LINKS = (
    ("then", r"(?:and |but |,)? ?(?:only |just |not until )?(?<!would )(?<!could )(?<!must )(?<!should )(?<!will )"
             r"(?<!may )(?<!might )then(?! again)(?=,? [\w“])|whereupon"
             r"|(?:after|upon|on|at|to) which(?: point)?|with (?:that|this)(?=,? (?:p\d|s?he|they|the|there|“))"
             r"|following (?:that|this|which)(?=,? \w)"
             r"|only (?:in there|now|at that|at this)(?= (?:does|do|is|are|has))"
             r"|and (?:\w+ )?(?:goes|go|went|moves|passes) on (?:to(?= [a-z]+ (?!\d))|with|by)"
             r"|(?:only )?after (?:an?|some|several)(?: (?:little|short|few|further))? "
             r"(?:while|moment|time|seconds?|beat|bit|instant)(?= (?!of\b)\w)"
             r"|(?:\w+ly )?followed (?:\w+ )?by"),
    ("preceded", r"(?:\w+ly )?preceded (?:\w+ )?by"),
    ("bytime", r"by the (?:time|moment|point)(?: (?:that|at which|when|of))?|by the end of|by(?= “)"),
    ("while", rf"while|whilst|during(?= (?:{WHO}|all|this|that))"
              rf"|(?:in|at) the (?:very )?(?:middle|midst) of(?= (?:{WHO}))"
              r"|in the course of|amidst?(?= (?:the|her|his|p\d's))"
              r"|at the (?:very |same |exact |precise )*(?:moment|instant|time) (?:of|that|when|in which|at which)"
              r"|(?:half|mid)way through"),
    ("throughout", rf"for as long as|(?:all (?:the way )?through|throughout)(?= (?:{WHO}|all|this|that))"
                   r"|for the whole of"),
    ("asif", r"as (?:if|though)|so that|as (?:well|much|long|far|good|little|many) as|such as|so as|as for"),
    ("once", rf"as soon as|the (?:moment|instant|second|minute)(?= (?:{WHO})\b)"
             r"|(?<!at )(?<!all )(?<!than )once(?! (?:more|again|or|in a|every|per)\b)|no sooner(?= (?:has"
             r"|have|had|is|are|does|did)\b)"
             r"|(?:up)?on (?:hearing|seeing|learning|noticing|finding|realising|realizing|discovering|reading"
             r"|recognising|recognizing|being (?:told|asked|offered|given|shown|called|handed|informed"
             r"|greeted|refused))"
             rf"(?: that(?= (?:{WHO})))?"
             r"|(?<=^)(?:hearing|seeing)(?= \S)"),
    ("having", r"(?<!of )(?<!from )(?<!for )(?<!by )(?<!at )(?<!as )having"
               r"(?= (?:just |already |first |only just )?\w+)"),
    ("before", r"before(?= [\w“])(?! (?:and|but|or|now|long)\b)(?! (?:him|her|them|p\d)\b(?= *(?:[,;.]|$)))"
               r"|prior to|(?:in )?advance of|ahead of|earlier than"
               rf"|in the run-up to|leading up to(?= (?:{WHO}))"),
    ("after", rf"after(?! all\b)|later than|(?:hard |close |right )?on the heels of|following(?= (?:{WHO}))"
              r"|in the wake of|in (?:response|reply|answer|reaction|return) (?:to|for)"
              r"|(?<=[a-z] )upon(?= (?:the|her|his|p\d|their) \w+ (?:of|that)\b)"),
    ("until", rf"(?:up )?(?:un)?till?|(?<!add )(?<!adds )up to(?= (?:{WHO}))"),
    ("from", r"from(?= [^,;]{3,60} on(?:wards?)?[,;])|ever since"
             r"|from the (?:time|moment|instant)(?: (?:that|when))?|since the (?=(?:moment|time|instant))"),
    ("when", r"when(?:ever)?"),
    ("as", rf"(?:just|even|exactly|right|precisely) as(?= (?:{WHO}|it)\b)"
           r"|as(?= (?:p\d|s?he|they|it|the|“)\b)(?! \S+ \w+ing\b)"
           r"|(?<=^)as(?= (?:his|her|their|an?)\b)|(?:(?<=^)|(?<=[,;:.] ))(?:with|at|on)(?= “)"
              r"|(?<=[a-z] )(?<!\bgoes )(?<!\bgo )(?<!\binsists )(?<!\bcloses )(?<!\bends )(?<!\bopens )(?<!\bbegins )"
              r"(?<!\bstarts )(?<!\bdwells )(?:at|on|over)(?= “)"
           r"|at(?= (?:the|p\d's|her|his) (?:question|news|mention|words?|remark|sentence|reproach|announcement|answer"
           r"|reply|line|request|greeting|offer|sound|sight|order|call|cry|shout)\b)"),
    ("so", r"so(?= (?:the|that|p\d|her|his|she|he|it|this|they|their|a)\b)|which|hence|thus|because|(?:now|given) that"
           r"|since|although|though|whereas|suggesting|but|(?<=[,;–] )yet(?! to)"),
    ("turned", r"(?<=.)(?:does|did|do|is|are|was|were|has|have|can|will|comes?)"
               rf"(?= (?:{WHO})\b)"),
    ("and", r"and"),
)  # fmt: skip
_BREAK = re.compile(
    r"(?P<stop>[;:.?!–])|(?P<comma>,)|" + "|".join(rf"(?P<{name}>(?<!\w)(?:{form})(?!\w))" for name, form in _LINKS),
    re.IGNORECASE,
)
_TURNS = re.compile(r"\b(?:only|not|no|hardly|never|scarcely|barely|that|then|so|first)\b[^,;:.]*$", re.IGNORECASE)
"""What turns a verb and its subject round: "only then does she"."""
_CLEFT = re.compile(r"\bit (?:is|was)\b", re.IGNORECASE)
_SHORT = 2
"""Words of the longest part that may be a bare subject: "the man", "p1"."""
_SOONER = re.compile(
    r"(?P<who>(?:^|(?<=[;:.,] ))[^,;:.]*?)\b(?:no sooner\b(?P<did>[^,;:.]*?)\bthan"
    r"|(?:hardly|scarcely|barely)(?P<had> (?:has|have|had|is|are)\b[^,;:.]*?)\b(?:when|before|than))\b",
    re.IGNORECASE,
)
"""Two events of which the second follows hard upon the first."""
_NEXT = re.compile(
    rf"(?<=” )(?=(?:{WHO}|there|that)\b)|(?<!\bof )(?<!\bby )(?<!\bto )(?<!\bwith )(?<!\bat )(?<!\bfrom )(?<!\bthan )"
    r"(?<!\bfor )(?<!\band )(?<!\babout )(?<!\bon )(?<!\bin )(?<!\bthat )(?<!\btowards )(?<=\w )"
    r"(?=(?:that (?:p\d|s?he|they|the|her|his)|p\d|s?he|they|there"
    r"|(?:the|his|her|their) \w+ (?:is|was|has|had|\w+s))\b)"
)
"""Where what a sentence tells begins, behind a "before …" without a comma."""
_WEAK = ("", "comma", "and", "stop", "so", "turned")
_MOOD = re.compile(
    r"(?:(?:and|but|it (?:is|was)|even|only|not|just|well|long|shortly|right|directly|immediately|straight|soon|already"
    r"|an? half|(?:in|within|for|during) (?:the|an?) (?:[\w.]+ ){0,3}?(?:seconds?|moments?|instants?|while)"
    r"|right up|up|a (?:second|moment|while|bit)|half a second|[\w.]+ seconds?|seconds|moments|never|nor)\b ?)+",
    re.IGNORECASE,
)
"""What belongs to the link that follows it: "only" of "only after"."""


class Part(NamedTuple):
    """A part of a sentence and what it hangs on: a name of `_LINKS`, "comma", "stop", or "" at the beginning."""

    link: str
    text: str
    mood: str = ""
    """What the link has before it: "only", "not", "a second"."""
    is_apart: bool = True
    """Whether a comma or the like stands before the link."""
    said: str = ""
    """The link in the words of the sentence."""


@lru_cache(maxsize=512)
def parts(text: str) -> tuple[Part, ...]:
    """The parts of a text, what it quotes left whole and ids in brackets taken out."""
    plain = _SOONER.sub(_once, ID.sub("", text)).strip()
    spans = [found.span() for found in QUOTE.finditer(plain)]
    found: list[Part] = []
    link, said, at = "", "", 0
    for one in _BREAK.finditer(plain):
        if one.start() < at or any(begin <= one.start() < end for begin, end in spans) or _is_point(plain, one):
            continue
        if one.lastgroup == "turned" and not _TURNS.search(QUOTE.sub(" ", plain[: one.start()])):
            continue
        found.append(Part(link, plain[at : one.start()].strip(), said=said))
        link, at, said = str(one.lastgroup), one.end(), one.group().strip(" ,").lower()
    found.append(Part(link, plain[at:].strip(), said=said))
    return tuple(_with_main(_joined(found)))


def _once(found: re.Match[str]) -> str:
    return f"As soon as {found['who']}{found['did'] or found['had']},"


def _with_subject(subject: Part, text: str, before: Sequence[Part]) -> Part:
    """One part of the two that a "then" cuts apart: "p1 then nods"."""
    is_led = subject.link == "comma" and bool(before) and before[-1].link not in _WEAK
    link = subject.link if is_led or not before else "then"
    return subject._replace(link=link, text=f"{subject.text} {text}", said="then")


def _with_main(found: Sequence[Part]) -> Iterator[Part]:
    """The parts, a "before …" in front cut where what it hangs on begins, if no comma does so."""
    for place, part in enumerate(found):
        is_front = part.is_apart and part.link not in _WEAK and part.link != "then"
        is_cut = place + 1 < len(found) and found[place + 1].link in ("comma", "turned")
        quotes = [one.span() for one in QUOTE.finditer(part.text)]
        cuts = [
            one.start()
            for one in _NEXT.finditer(part.text)
            if not any(begin < one.start() < end for begin, end in quotes)
            and (not part.text[one.start() :].startswith("that ") or _CLEFT.search(part.mood))
        ]
        if not is_front or is_cut or not cuts or len(part.text[: cuts[-1]].split()) < 2:
            yield part
            continue
        yield part._replace(text=part.text[: cuts[-1]].strip())
        yield Part("turned", part.text[cuts[-1] :].strip(), is_apart=False)


def _is_point(text: str, found: re.Match[str]) -> bool:
    """A point within a number or a word: "0.5", "7.2 s"."""
    return found.group() in ".:" and text[found.end() : found.end() + 1].isalnum()


def _joined(found: Sequence[Part]) -> list[Part]:
    """The parts without empty ones and those that only tell how the next link is meant."""
    kept: list[Part] = []
    links: list[str] = []
    mood = said = ""
    for part in found:
        links.append(part.link)
        said = part.said if part.link not in _WEAK else said
        if _MOOD.fullmatch(part.text):
            mood = f"{mood} {part.text}".strip()
        elif part.text:
            strong = [link for link in links if link not in _WEAK]
            link = (
                strong[-1] if strong else next((link for link in ("stop", "so", "turned") if link in links), links[-1])
            )
            is_apart = not kept or (bool(strong) and links[0] in _WEAK)
            if (
                links == ["then"]
                and said == "then"
                and kept
                and len(kept[-1].text.split()) <= _SHORT
                and kept[-1].link in _WEAK
            ):
                kept.append(_with_subject(kept.pop(), part.text, kept))
            else:
                kept.append(Part(link, part.text, mood, is_apart, said))
            links, mood, said = [], "", ""
    return kept
