"""How English words are put, told by their surface: questions, shouting, hedges, laughter, speech acts, signs of irony.

Each sign is a place in the text, told in neutral words. The rules (`data/wording.tsv`) are small and ours; a sign says
what is written, never why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from emer.tools.word_lists import rows, words

WORDING_VERSION = "1"
MAX_QUOTE = 80


class Sign(NamedTuple):
    """One sign at characters [start, end) of a text.

    Attributes:
        kind: what it is, one word ("question", "irony" …).
        text: the same in words that may stand in a Report.
        strength: how marked it is, 0..1.
        quality: how far the rule can be trusted, 0..1.
        valence, arousal: -1..1 where the sign itself has a tone (laughter, shouting), else None.
    """

    kind: str
    start: int
    end: int
    text: str
    strength: float = 0.3
    quality: float = 0.8
    valence: float | None = None
    arousal: float | None = None


class _Rule(NamedTuple):
    """A sign's pattern, of which group `q` (or all of it) is the place, and the sign that it makes."""

    pattern: re.Pattern[str]
    sign: Sign


_GOOD = (
    "(?:great|wonderful|fantastic|perfect|brilliant|lovely|nice|terrific|marvell?ous|super|awesome|amazing|charming)"
)
_PARTS = {
    "{GOOD}": _GOOD,
    # the start of the text or of a sentence, after any number of particles ("oh, well, no way")
    "{START}": r"(?:^|(?<=[.!?…;,\-–—]\s))\s*(?:(?:oh|ah|well|so|and|but|hey|no|yes|yeah|look|okay|god)[,!.]*\s+){0,4}",
}
_NOTED = re.compile(r"^\{NOTED:(.*)\}$")
_PRAISE = re.compile(
    rf"\b(?:what an? {_GOOD}|{_GOOD}|i (?:just |really )?love|i'm so (?:glad|happy|lucky)|my favou?rite|lucky me|"
    r"just what i needed|can't wait)\b",
    re.IGNORECASE,
)
_PLIGHT = re.compile(
    r"\b(?:again|late|broken|broke|lost|fail(?:ed|s)?|ruined|delayed|cancel(?:led|ed)|stuck|sick|fired|bills?|taxes|traffic|"
    r"rain(?:ing)?|crash(?:ed|es)|stolen|forgot|ignored?|ignoring|no one|nobody|another (?:meeting|delay|bill)|monday|"
    r"at (?:3|4|5) am|wrong|dead|worse|parking ticket|flat tire)\b",
    re.IGNORECASE,
)
_TURNED = re.compile(r"\b(?:but|although|though|even|despite|until|before|not|without)\b|n't\b", re.IGNORECASE)
_SCARE = re.compile(r"(?<=\s)[\"“‘']([a-z][a-z \-]{2,24})[\"”’'](?=[\s.,!?]|$)")
_SAYING = re.compile(
    r"\b(?:said|says?|saying|called|calls?|named|titled|word|asked|replied|told|like|goes|went)\W*$", re.IGNORECASE
)
_CAPITALS = re.compile(r"\b[A-Z]{2,}(?:'[A-Z]+)?\b(?:[\s,!]+[A-Z]{2,}(?:'[A-Z]+)?\b)*")
_SHORT_SHOUTS = frozenset(("NOT", "YOU", "WHY", "HOW", "NOW", "WHO", "NO", "SO"))
_TELLING = (
    "irony", "laughter", "crying", "sigh", "outcry", "insult", "blame", "shouting", "exclamation", "question",
    "apology", "thanks", "praise", "refusal", "disagreement", "request", "agreement", "expletive", "hedging",
    "politeness", "hesitation", "repetition", "trailing_off", "silence", "music",
)  # fmt: skip


def signs(text: str, *, limit: int = 8) -> list[Sign]:
    """How an English text is put: one sign of a kind, at most `limit`, in the order in which they stand.

    When there are too many, those that tell more stay (irony before a hesitation).

    >>> [sign.kind for sign in signs("WHERE were you?! I guess I was worried...")]
    ['shouting', 'question', 'exclamation', 'hedging', 'trailing_off']
    """
    found = [*punctuation(text), *sounds(text), *_matches(text, _rules()[1]), *_shouting(text), *_contrasts(text)]
    first: dict[str, Sign] = {}
    for sign in sorted(found, key=lambda one: (-one.quality if one.kind == "irony" else 0.0, one.start, -one.end)):
        first.setdefault(sign.kind, sign)
    chosen = sorted(first.values(), key=lambda one: _TELLING.index(one.kind))[:limit]
    return sorted(chosen, key=lambda one: (one.start, one.end, one.kind))


def punctuation(text: str) -> list[Sign]:
    """The signs that hold in any language: question and exclamation marks."""
    found = []
    if (asked := re.search(r"[?？؟]+[!！?？]*", text)) is not None:
        found.append(Sign("question", asked.start(), asked.end(), "asks a question", 0.3, 0.9))
    if (called := re.search(r"[!！]+", text)) is not None:
        n = text.count("!") + text.count("！")
        wording = f"exclaims ({n} exclamation mark{'s' * (n > 1)})"
        tone = min(0.2 + 0.1 * n, 0.6)
        found.append(Sign("exclamation", *called.span(), wording, min(0.3 + 0.1 * n, 0.7), 0.6, None, tone))
    return found


def sounds(text: str) -> list[Sign]:
    """Sounds that the transcript notes in brackets ("[laughs]", "(sighs)", "♪"), written in English."""
    return _matches(text, _rules()[0])


def quote(text: str) -> str:
    """The words between quotation marks, cut at 80 characters."""
    short = " ".join(text.split())
    return f"“{short if len(short) <= MAX_QUOTE else short[: MAX_QUOTE - 1].rstrip() + '…'}”"


@cache
def _rules() -> tuple[tuple[_Rule, ...], tuple[_Rule, ...]]:
    """The rules for noted sounds and for everything else."""
    noted: list[_Rule] = []
    others: list[_Rule] = []
    for row in rows("wording.tsv"):
        pattern, is_noted = row["pattern"], _NOTED.match(row["pattern"])
        if is_noted:
            pattern = rf"[\[(*]\s*(?:[\w' ]{{0,24}}\b)?(?:{is_noted[1]})\b[^\[\]()*\n]{{0,24}}[\])*]"
        for name, part in _PARTS.items():
            pattern = pattern.replace(name, part)
        tone = [float(row[name]) if row[name] else None for name in ("valence", "arousal")]
        sign = Sign(row["kind"], 0, 0, row["wording"], float(row["strength"]), float(row["quality"]), *tone)
        rule = _Rule(re.compile(pattern, re.IGNORECASE), sign)
        (noted if is_noted or row["kind"] == "music" else others).append(rule)
    return tuple(noted), tuple(others)


def _matches(text: str, rules: Sequence[_Rule]) -> list[Sign]:
    """The first place of each rule."""
    plain = text.replace("’", "'")
    found = []
    for pattern, sign in rules:
        if (match := pattern.search(plain)) is not None:
            start, end = match.span("q" if "q" in pattern.groupindex else 0)
            wording = sign.text.replace("{quote}", quote(text[start:end]))
            found.append(sign._replace(start=start, end=end, text=wording))
    return found


def _shouting(text: str) -> Iterator[Sign]:
    """Words in capitals that are no acronyms; worth less where all is in capitals, as some subtitles are."""
    is_all = text.upper() == text and len(text) > 16 and "!" not in text
    for match in _CAPITALS.finditer(text):
        found = [word for word in re.findall(r"[A-Z']+", match.group()) if word not in words("acronyms")]
        if any(len(word) > 3 or word in _SHORT_SHOUTS for word in found):
            wording = f"words in capitals, {quote(match.group())}"
            yield Sign("shouting", *match.span(), wording, 0.5, 0.3 if is_all else 0.6, None, 0.5)


def _contrasts(text: str) -> Iterator[Sign]:
    """Praise beside a plight, and words in scare quotes: both could be meant ironically."""
    plain = text.replace("’", "'")
    praise = _PRAISE.search(plain)
    plight = _PLIGHT.search(plain, praise.end()) if praise is not None else None
    if praise is not None and plight is not None and _TURNED.search(plain[praise.end() : plight.start()]) is None:
        wording = f"pleasant words beside {quote(plight.group())}; it could be meant ironically"
        yield Sign("irony", praise.start(), plight.end(), wording, 0.35, 0.3)
    for match in _SCARE.finditer(text):
        if _SAYING.search(text[max(0, match.start() - 40) : match.start()]) is None and len(match[1].split()) <= 3:
            wording = f"words in quotation marks, {quote(match[1])}, which could be meant ironically"
            yield Sign("irony", *match.span(), wording, 0.3, 0.25)
