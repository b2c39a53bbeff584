"""How a claim puts a feeling: as a guess, as something seen, as a premise from which it goes on, or plainly.

A guess ("suggests shame", "p1 appears ashamed") is what claims are for. A premise ("since p1 is ashamed, …", "her
shame lowers the voice") and a sight ("a shamefaced nod", "with shame on her face") take for evidence what no cue shows.
"""

from __future__ import annotations

import re
from typing import Literal

from emer.agents.grounding.felt.causes import is_premise
from emer.agents.grounding.words.lists import listed
from emer.memory.ontology import Mention

Stance = Literal["premise", "seen", "guess", "plain"]
_CUE = "|".join(sorted(listed("cue_nouns"), key=len, reverse=True))
_SEGMENT = re.compile(r"[.;:,–!?]\s|\s–\s|\b(?:but|although|though|whereas|yet)\s")
_SENTENCE = re.compile(r"[.;:!?]\s")
_HEDGE = re.compile(
    r"\b(?:as with|seem\w*|appear\w*|suggest\w*|hint\w*|may|might|could|would|should|can|perhaps|maybe|possibl[ey]"
    r"|probabl[ey]|likel\w+|presumabl\w+|apparent\w*|arguabl\w+|conceivabl\w+|plausibl\w+|supposed\w*|alleged\w*"
    r"|ostensibl\w+|as (?:if|though)|like|fits?|suits?|points? (?:to|towards?)|speaks? (?:for|of)|tells? of"
    r"|indicat\w+"
    r"|impl(?:y|ies)|consistent|compatible|in (?:line|keeping|accord) with|readings?|read(?:s? as)?|tak(?:en|e|ing)"
    r"(?: \w+)? (?:as|for)|pass(?:es)? (?:for|as)|comes? across|impression|signs? of|mark of|token of"
    r"|evidence (?:for|of)"
    r"|verdict|conclu\w+|if|whether|than|rather|questionable|question (?:is|whether)|hypothes\w+|alternative"
    r"|rival|candidate|assum\w+|suppos\w+"
    r"|interpret\w*|label\w*|classed|classif\w+|class of|rated|raters?|tool|calls? (?:it|this|that|p\d|him|her)"
    r"|called|picture|air of|(?:sort|kind) of|tends?|often|usually"
    r"|commonly|typical\w*|normally|generally|sometimes|many|most|people|somebody|someone|anybody|anyone|nobody"
    r"|one who"
    r"|those|instead|far from|free of|room for"
    r"|case for|argu\w+|account of|explanation|count(?:s|ing)? (?:for|as)|weigh(?:s|ing)? (?:for|against)"
    r"|tip(?:s|ping)?"
    r"|decid\w+ for|borne? out|favou?r\w*|expect\w*|believ\w+|guess\w*|thinks?|thought|as a|what one \w+|happens?"
    r"|in spite of|despite|make \w+ (?:seem|appear|look))\b",
    re.IGNORECASE,
)
"""Words that leave a feeling open, or weigh it."""
_DENIED = re.compile(
    r"\b(?:not|no|never|without|hardly|nothing(?! but)|nobody|neither|nor|[a-z]+n't) (?:(?:because|since|out of"
    r"|from|for|in|with|an?|any|of"
    r"|sign|trace|the|so|such|too|very|really|that|s?he|p\d|is|was|feels?|as|by|due to|but|real|genuine|true"
    r"|his|her|their) )*$",
    re.IGNORECASE,
)
_OWN = r"(?:p\d's|his|her|their|sheer|pure|utter|open|great|deep|real|sudden|obvious|visible|audible|evident|clear)"
_MORE = r"(?:[a-z'’-]+(?:,| and)? ){0,2}?"
_IDENTITY = re.compile(
    rf"(?:^|[,;:.] |\band )(?:[\w'’-]+ ){{0,4}}(?:{_CUE}) (?:of p\d |[a-z]+ ){{0,2}}(?:is|are|was|were) "
    rf"(?:one of |all |pure |sheer |nothing but |just |simply |(?:the|a|an|his|her) )?{_MORE}$",
    re.IGNORECASE,
)
_OF_CUE = re.compile(
    rf"(?<!\binto )\b(?:{_CUE}|wave|surge|pang|stab|flood|rush|sound|sounds) (?:full |born "
    rf"|made )?of (?:{_OWN} )?{_MORE}$",
    re.IGNORECASE,
)
_WITH = re.compile(rf"\bwith (?!being|having|the\b)(?:{_OWN} )?{_MORE}$", re.IGNORECASE)
_WITH_THE = re.compile(r"\bwith (?:all )?the $", re.IGNORECASE)
_OF_ONE = re.compile(r" (?:of (?:someone|somebody|an?|one)|that|which)\b")
_MIXED = re.compile(
    r"\b(?:mix\w*|mingle\w*|ting\w+|blend\w*|combin\w+|togeth\w+|along|coupled|go(?:es)?|agrees?|accords?"
    r"|squares?|in line"
    r"|keeping|do|deal\w*|compar\w+|contrast\w*|associated|connected|compatible|consistent|overwhelmed|pair\w*"
    r"|begins?|ends?"
    r"|starts?|filled|left|odds|clash\w*|conflict\w*|incompatible|disagree\w*|bear|live|cope|familiar|struggl\w*"
    r"|fight\w*|wrestl\w*|identical|equat\w+|identif\w+|confus\w+|link\w*|share[sd]?|begun) with (?:a "
    r"|the )?[a-z ]*$",
    re.IGNORECASE,
)
_NO_ADJECTIVE = (
    r"(?!(?:and|or|in|on|at|of|to|by|for|with|when|while|once|as|that|because|since|about|but|from|after|before"
    r"|over|is|was"
    r"|are|if|than|though|although|his|her|the|their|a|an)\b)"
)
_CUE_AFTER = re.compile(rf"(?:(?:,| and|, and)? {_NO_ADJECTIVE}[a-z-]+){{0,2}}? (?:{_CUE})\b", re.IGNORECASE)
_PERSON_AFTER = re.compile(r" p\d (?!is\b|seems|appears|fits|suits)[a-z]+s\b")
_ADJECTIVE = re.compile(r"(?:(?<!hatr)ed|ing|ful|ous|en|some|less|(?<!m)ent|ant)$")
_LY = re.compile(r"[a-z]+ly$", re.IGNORECASE)
_NO_MANNER = re.compile(r"\s*,| (?:[a-z]+ed|[a-z]+ing|aware|similar|close)\b")
_IN_SIGHT = re.compile(
    r"(?: (?:of p\d|for [^,;.]{1,30}|at [^,;.]{1,30}))? (?:is|are|was) (?:[a-z]+ly )?(?:audible|visible"
    r"|palpable|unmistakable"
    r"|written|to be (?:seen|heard)|plain to (?:see|hear))\b"
)


_IN_GENERAL = re.compile(
    r" (?:can |may |often )?[a-z]+s? (?:an?|any) (?:voice|face|person|speaker|body|smile|hand|heart)\b"
)
"""What says what a feeling does to anybody: "anger makes a voice tremble"."""


def stance(text: str, word: Mention, *, is_feeling: bool) -> Stance:
    """How a claim puts a feeling.

    Args:
        text: the claim with single blanks, without ids and quotations.
        word: the feeling, which stands in the text.
        is_feeling: whether the word names a feeling and never a manner; only such a one can be told as seen.
    """
    before, after = text[: word.start], text[word.end :]
    if " " in word.surface and word.surface.lower().startswith("love "):
        after = text[word.start + len("love") :]
    sentence = _SENTENCE.split(before)[-1]
    here = _SEGMENT.split(before)[-1]
    if _HEDGE.search(here) or _DENIED.search(here) or _IN_GENERAL.match(after):
        return "guess"
    if is_premise(sentence, here, after, is_adjective=is_adjective(word)):
        return "premise"
    return "seen" if is_feeling and _is_seen(sentence, here, word, after) else "plain"


def _is_seen(sentence: str, here: str, word: Mention, after: str) -> bool:
    """Whether a feeling stands as what a face, a voice or an act is: "an angry nod", "with relief", "happily waves"."""
    if _IDENTITY.search(sentence) or _OF_CUE.search(here) or _IN_SIGHT.match(after):
        return True
    if _WITH.search(here) or (_WITH_THE.search(here) and _OF_ONE.match(after)):
        return not _MIXED.search(here)
    if _LY.match(word.surface):
        return not _NO_MANNER.match(after)
    return is_adjective(word) and bool(_CUE_AFTER.match(after) or _PERSON_AFTER.match(after))


def is_adjective(word: Mention) -> bool:
    """Whether a word for a feeling says how somebody is ("ashamed") and does not name the feeling ("shame")."""
    surface = word.surface.lower()
    return surface == word.word.label or surface in word.word.synonyms or bool(_ADJECTIVE.search(surface))
