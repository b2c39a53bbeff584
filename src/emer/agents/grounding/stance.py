"""How a claim puts a feeling: as a guess, as a verdict, as something seen, or as a premise from which it goes on.

A guess ("suggests shame") and a verdict ("p1 appears ashamed") are what claims are for. A premise ("since p1 is
ashamed, …", "her shame lowers the voice", "out of shame") and a sight ("a shamefaced nod", "with shame on her face") take
for evidence what no cue can show.
"""

from __future__ import annotations

import re
from typing import Literal

from emer.agents.grounding.lists import listed
from emer.memory.ontology import Mention

Stance = Literal["premise", "seen", "guess", "plain"]
_CUE = "|".join(sorted(listed("cue_nouns"), key=len, reverse=True))
_SEGMENT = re.compile(r"[.;:,–!?]\s|\s–\s|\b(?:but|although|though|whereas|yet)\s")
_SENTENCE = re.compile(r"[.;:!?]\s")
_HEDGE = re.compile(
    r"\b(?:as with|seem\w*|appear\w*|suggest\w*|hint\w*|may|might|could|would|should|can|perhaps|maybe|possibl[ey]|probabl[ey]"
    r"|likel\w+|presumabl\w+|apparent\w*|arguabl\w+|conceivabl\w+|plausibl\w+|supposed\w*|alleged\w*|ostensibl\w+"
    r"|as (?:if|though)|like|fits?|suits?|points? (?:to|towards?)|speaks? (?:for|of)|tells? of|indicat\w+|impl(?:y|ies)"
    r"|consistent|compatible|in (?:line|keeping|accord) with|reads? as|reading|readings|read|taken (?:as|for)|take (?:\w+ )?(?:as|for)"
    r"|pass(?:es)? (?:for|as)|comes? across|impression|signs? of|mark of|token of|evidence (?:for|of)|verdict|conclu\w+|if|whether|than"
    r"|rather|question\w*|hypothes\w+|alternative|rival|candidate|assum\w+|suppos\w+|interpret\w*|label\w*|class\w*|rated"
    r"|raters?|tool|call(?:s|ed)?|picture|impression|air of|sort of|kind of|tends?|often|usually|commonly|typical\w*|normally"
    r"|generally|sometimes|many|most|people|somebody|someone|anybody|anyone|nobody|one who|those|person|not|no|never|without|hardly"
    r"|nothing|isn't|doesn't|neither|nor|instead|far from|free of|room for|case for|argu\w+|account of|explanation|explain\w*"
    r"|count(?:s|ing)? (?:for|as)|weigh(?:s|ing)? (?:for|against)|tip(?:s|ping)?|decid\w+ for|support\w*|borne? out|bears?|favou?r\w*"
    r"|expect\w*|believ\w+|guess\w*|think|thinks|thought|as a|in spite of|despite|make \w+ (?:seem|appear|look))\b",
    re.IGNORECASE,
)
"""Words that leave a feeling open, deny it, or weigh it."""
_WHO = r"(?:p\d|s?he|they|(?:the|his|her|their|p\d's) (?:[a-z-]+ ){0,2}?[a-z]+)"
_IS = r"(?:is|are|was|were|feels?|felt|(?:has|have|had) (?:become|been|grown|got)|gets?|grows?|grew|becomes?|became|remains?|stays?)"
_CAUSE = r"(?:since|because|as|given(?: how| that)?|seeing(?: how| that)?|now that|considering(?: how| that)?|knowing(?: how| that)?|for)"
_FEW = r"(?:[a-z'’-]+ ){0,5}?"
_HEAD = r"(?:(?:p\d's|his|her|their|its|the|this|that|a|an|such|so much|all that|some|sheer|pure) )"
_MORE = r"(?:[a-z'’-]+(?:,| and)? ){0,2}?"
_OWN = r"(?:p\d's|his|her|their|sheer|pure|utter|blind|plain|open|great|deep|real|sudden) "

_PREMISE_BEFORE = tuple(
    re.compile(rf"{pattern}$", re.IGNORECASE)
    for pattern in (
        rf"\b{_CAUSE} {_WHO} (?:already |still |now |also |by then )?{_IS} {_FEW}",  # since p1 is so ashamed
        rf"\b(?:even though|although|though) {_WHO} {_IS} {_FEW}",
        rf"\b(?:since|because|now that|given that|seeing that|how much|how) {_WHO} (?:(?:[a-z]+ly|so|already|still|now|also|even"
        rf"|has|had|have|must|much) )*",  # because p1 fears
        rf"\b(?:since|because|given|given that|now that|with) {_OWN}{_MORE}",  # because her shame is
        r"\b(?:proves?|proof (?:of|that)|leaves? no doubt|establish(?:es)?|makes? it (?:certain|plain|clear)) [^,;.]*",
        rf"^(?:and |so )?(?:being|feeling|growing|full of|filled with|(?:over(?:come|whelmed|powered)|consumed|gripped|seized"
        rf"|driven|moved|torn|carried away|beset|racked|choked|blinded|flooded|burning|bursting|brimming|seething|trembling"
        rf"|shaking|shivering|speechless|stiff|numb|weak|beside \w+self) (?:by|with|from)) (?:{_OWN})?{_MORE}",
        rf"\b(?:out of|because of|due to|owing to|on account of|thanks to|in a fit of|in an? (?:access|surge|moment|burst|wave)"
        rf" of|for sheer|for pure|for very|from sheer|from pure|through sheer|by reason of|under the weight of|in the grip of"
        rf"|in the throes of|by virtue of|as a result of|in response to|carried by|borne by|fuelled by|fed by|driven by"
        rf"|caused by|choked (?:with|by)|thick with|heavy with|laden with|hoarse with|weak with|shaking with|trembles? with|trembling with|shakes? with"
        rf"|(?:overcome|gripped|seized|consumed) (?:by|with)) (?:{_OWN})?{_MORE}",
        rf"\bin (?:p\d's|his|her|their|sheer|pure|utter|open|blind) {_MORE}",  # in her anger
        rf"\b{_WHO} (?:is|are|was|were|feels?) (?:so|too|such) ",
    )
)
_LETS_GO_ON = re.compile(
    r"[^.;:]*?(?:,|\band\b) (?:and )?(?:so|hence|thus|therefore|consequently|accordingly|which is why|that is why"
    r"|which (?:explains|makes|lets|leads|causes)|as a result|for that reason|that)\b (?!far\b|much\b|as\b)",
    re.IGNORECASE,
)
_SO_THAT = re.compile(r"(?: (?:with|about|at|by|for|of) [^,;.]{1,40})?,? (?:that|to [a-z]+)\b", re.IGNORECASE)
_IS_SAID = re.compile(rf"(?:^|[,;:.] |\b(?:and|that) ){_WHO} {_IS} {_FEW}$", re.IGNORECASE)
_SUBJECT = re.compile(
    r"(?:^|[,;:.] |\b(?:and|but|since|because|that|while|as|so|for|when|where|it is|it was|is it|not only) )"
    r"(?:(?!(?:of|to|for|in|with|from|by|as|than|at|on|about|is|are|was|appears?|seems?)\b)[\w'’-]+ ){0,3}$",
    re.IGNORECASE,
)
_WHAT = (
    r"(?:make|draw|drive|pull|lower|lift|drag|flatten|tighten|keep|let|cause|lead|prompt|send|force|choke|thicken|break|strangle"
    r"|shake|slow|speed|quicken|dampen|soften|harden|stiffen|freeze|close|open|widen|narrow|twist|bend|bow|furrow|crease|knit"
    r"|curl|fill|colou?r|redden|produce|trigger|move|stop|hold|rob|sharpen|bring|raise|overcome|overtake|seize|grip|silence"
    r"|accelerate|muffle|darken|cloud|brighten|deepen|loosen|clench|shut|rule|guide|dictate|ring|swing|creep|flicker|shine|gleam"
    r"|glint|resonate|burst)s"
    r"|speaks (?:out of|from|through)|wells up|lights up|explains (?:the|his|her|their|p\d's|why|how)|accounts for|stands behind"
    r"|lies (?:behind|at)|gets the better|turns (?:the|p\d|his|her|their)|takes (?:the|away|hold|over|p\d|his|her|their)"
    r"|gives (?:the|p\d's|his|her|their)|puts (?:an?|the|p\d|his|her|their)"
    r"|(?:push|press|flush|hush|stretch|cross|flash|clutch|twitch|scorch)es|hurries|dries|paralyses"
    r"|is (?:behind|at work|at the root|to blame|responsible|why|the (?:reason|cause|force))"
    r"|is what(?! (?:the|p\d|his|her|their|a|an|these|those|this|that|all|we|one|raters|[a-z]+ (?:and|together))\b)"
    r"|is what [^,;.]*\b(?:express(?:es)?|betrays?|radiates?|give away)\b"
)
_BASE = re.compile(
    r" (?:make|draw|drive|pull|lower|lift|drag|keep|let|cause|choke|tighten|break|raise|bring|push|press|send|turn (?:the|his|her)|explain the|give the)\b"
)
_DOES = re.compile(
    rf"(?: (?:alone|itself|too|also|of p\d|now|already|and [a-z]+)| (?:for|at|about|over|of|towards?|with) [^,;.]{{1,40}}?|,[^,;.]{{1,70}},)?"
    rf" (?:really |only |simply |already |now |also |then |clearly )?(?:{_WHAT})(?! (?:into|to (?:p\d|an?)|way)\b)\b",
    re.IGNORECASE,
)
_IDENTITY = re.compile(rf"(?:^|[,;:.] |\band )(?:[\w'’-]+ ){{0,4}}(?:{_CUE}) (?:of p\d |[a-z]+ ){{0,2}}(?:is|are|was|were) (?:one of |all |pure |sheer |nothing but |just |simply |{_HEAD})?{_MORE}$",
                       re.IGNORECASE)  # fmt: skip
_OF_CUE = re.compile(
    rf"\b(?:{_CUE}|wave|surge|pang|stab|flood|rush|spark|trace|hint) (?:full |born |made )?of (?:{_OWN})?{_MORE}$",
    re.IGNORECASE,
)
_WITH = re.compile(
    rf"\bwith (?!being|having|the\b)(?:p\d's |his |her |their |open |obvious |visible |audible |evident |clear |great |a )?{_MORE}$",
    re.IGNORECASE,
)
_MIXED = re.compile(
    r"\b(?:mix\w*|mingle\w*|ting\w+|blend\w*|combin\w+|togeth\w+|along|coupled|go(?:es)?|agrees?|accords?|squares?|in line"
    r"|keeping|together|do|deal\w*|compar\w+|contrast\w*|associated|connected|compatible|consistent|overwhelmed|pair\w*|begins?|ends?|starts?)"
    r" with (?:a |the )?[a-z ]*$",
    re.IGNORECASE,
)
_NOUN_AFTER = re.compile(
    rf"(?:(?:,| and|, and)? (?!(?:and|or|in|on|at|of|to|by|for|with|when|while|once|as|that|because|since|about|but|from|after|before"
    rf"|over|is|was|are|if|than|though|although|his|her|the|their|a|an)\b)[a-z-]+){{0,2}}? (?:{_CUE})\b",
    re.IGNORECASE,
)
_NO_NOUN = re.compile(r"(?:ed|ing|ful|ous|en|some|less|ant|ent)$")
_ADVERB_OF_SENTENCE = re.compile(r"\s*,")
_LY = re.compile(r"[a-z]+ly$", re.IGNORECASE)
_VERDICT_ADVERB = re.compile(r" (?:[a-z]+ed|[a-z]+ing|pleased|aware|similar|close)\b")


def stance(text: str, word: Mention, *, is_feeling: bool) -> Stance:
    """How a claim puts a feeling; its text with single blanks, without ids and quotations."""
    before, after = text[: word.start], text[word.end :]
    sentence = _SENTENCE.split(before)[-1]
    here = _SEGMENT.split(before)[-1]
    if _HEDGE.search(here):
        return "guess"
    if _is_premise(sentence, here, after):
        return "premise"
    return "seen" if is_feeling and _is_seen(sentence, here, word, after) else "plain"


def _is_premise(sentence: str, here: str, after: str) -> bool:
    """Whether something is drawn from a feeling, or it is given as the cause of what is seen or heard."""
    if any(pattern.search(here) for pattern in _PREMISE_BEFORE[:-1]):
        return True
    if _PREMISE_BEFORE[-1].search(here) and _SO_THAT.match(after):
        return True
    if _IS_SAID.search(sentence) and _LETS_GO_ON.match(after) and not _is_open(after):
        return True
    does = _DOES.match(after) or (sentence.endswith("and ") and _BASE.match(after))
    return bool(_SUBJECT.search(sentence) and does)


def _is_open(after: str) -> bool:
    return bool(_HEDGE.search(_SENTENCE.split(after)[0].split(",")[0]))


def _is_seen(sentence: str, here: str, word: Mention, after: str) -> bool:
    """Whether a feeling stands as what a face, a voice or an act is: "an angry nod", "with relief", "happily waves"."""
    if _IDENTITY.search(sentence) or _OF_CUE.search(here):
        return True
    if _WITH.search(here):
        return not _MIXED.search(here)
    if _LY.match(word.surface):
        return not _ADVERB_OF_SENTENCE.match(after) and not _VERDICT_ADVERB.match(after)
    return _is_adjective(word) and bool(_NOUN_AFTER.match(after))


def _is_adjective(word: Mention) -> bool:
    surface = word.surface.lower()
    return surface == word.word.label or surface in word.word.synonyms or bool(_NO_NOUN.search(surface))
