"""Where a claim draws something from a feeling, or gives it as the cause of what is seen or heard."""

from __future__ import annotations

import re

from emer.agents.grounding.words.lists import listed

_WHO = r"(?:p\d(?: and p\d)?|s?he|they|(?:the|his|her|their|p\d's) (?:[a-z-]+ ){0,2}?[a-z]+)"
_IS = (
    r"(?:is|are|was|were|feels?|felt|(?:has|have|had) (?:become|been|grown|got)|gets?|grows?|grew|becomes?"
    r"|became|remains?"
    r"|stays?)"
)
_THAT = r"(?:since|because|now that|(?:given|seeing|considering|knowing|granted)(?: how| that)?)"
_FEW = r"(?:[a-z'’-]+ ){0,5}?"
_MORE = r"(?:[a-z'’-]+(?:,| and)? ){0,2}?"
_ADVERBS = r"(?:(?:[a-z]+ly|so|too|already|still|now|also|even|both|quite|very|has|had|have|must|much|at heart) )*"
_OWN = r"(?:p\d's|his|her|their|sheer|pure|utter|blind|plain|open|great|deep|real|sudden)"
_FILLED = (
    r"(?:over(?:come|whelmed|powered)|consumed|gripped|seized|driven|moved|torn|carried away|beset|racked"
    r"|choked|blinded|flooded"
    r"|burning|bursting|brimming|seething|boiling|trembl(?:ing|es?)|shak(?:ing|es?)|shiver(?:ing|s)?|speechless"
    r"|stiff|numb|weak"
    r"|beside \w+sel\w+|thick|heavy|laden|hoarse|fuelled|fed|caused|prompted|produced|spurred|marked) (?:by"
    r"|with|from)"
)
_OUT_OF = (
    r"(?:out of|because of|due to|owing to|on account of|thanks to|by reason of|by virtue of|as a result of"
    r"|under the weight of"
    r"|in the grip of|under the (?:influence|pressure) of|in the heat of|at the height of|in the throes of"
    r"|in an? (?:fit|access|surge|moment|burst|wave) of|for (?:sheer|pure|very)|from (?:sheer|pure)"
    r"|through sheer|(?:comes?|came|stems?|springs?|arises?|results?|derives?|flows?|born|issues?) (?:from"
    r"|out of|of))"
)
_CLAUSE = tuple(
    re.compile(rf"{pattern}$", re.IGNORECASE)
    for pattern in (
        rf"(?:\b{_THAT}|(?:^|, )(?:as|for)) {_WHO} (?:already |still |now |also "
        rf"|by then )?{_IS} {_FEW}",  # since p1 is
        rf"\b(?:even though|although|though|when|whenever|as long as) {_WHO} {_IS} {_FEW}",
        rf"\b(?:{_THAT}|how much|how) {_WHO} {_ADVERBS}",  # because p1 fears
        rf"\b(?:{_THAT}|with) {_OWN} {_MORE}",  # because her shame is
    )
)
_PHRASE = tuple(
    re.compile(rf"{pattern}$", re.IGNORECASE)
    for pattern in (
        r"\b(?<!no )(?<!not )(?:proves?|proof (?:of|that)|leaves? no doubt|establish(?:es)?"
        r"|makes? it (?:certain|plain"
        r"|clear)) [^,;.]*",
        rf"^(?:and |so )?(?:being|feeling|growing|getting|having (?:been|become|grown)|full of|filled with"
        rf"|{_FILLED}) (?:{_OWN} )?{_MORE}",
        rf"\b(?:{_OUT_OF}|{_FILLED}) (?:{_OWN} )?{_MORE}",
        rf"\b(?:heart|voice|eyes|face|look|smile|chest) (?:so )?(?:full of|filled with) (?:{_OWN} )?{_MORE}",
        rf"\b(?:laugh|cry|cries|crying|jump|leap|shout|scream|weep|sing|dance|beam)\w* (?:out )?for (?:{_OWN} )?",
        rf"^(?:and )?(?:so [a-z]+|such) (?:is|was) (?:{_OWN} )?{_MORE}",  # so great is her shame
        rf"\bin (?:p\d's|his|her|their|sheer|pure|utter|open|blind) {_MORE}",  # in her anger
    )
)
_IS_FILLED = re.compile(rf"\b{_IS} {_ADVERBS}{_FILLED} (?:{_OWN} )?{_MORE}$", re.IGNORECASE)
"""A verdict in other words: "p1 is overwhelmed with joy"."""
_NOUN_BEFORE = re.compile(
    rf"\b(?:{_THAT}|where there is) (?:there (?:is|was) )?(?:so much |such |deep |some |the |all the |this )?$",
    re.IGNORECASE,
)
_KNOWING = re.compile(r"\b(?:knowing|given|considering|seeing) (?:just )?how $", re.IGNORECASE)
_IS_SO = re.compile(rf"(?:^|[, ]){_WHO} {_IS} (?:so|too) $|^(?:so|too) $", re.IGNORECASE)
_SO_THAT = re.compile(
    r"(?: (?:with|about|at|by|for|of) [^,;.]{1,40})?(?:,? (?:that|to [a-z]+|for (?:that|it|this))|, (?:the|his"
    r"|her|their|p\d\S*))\b",
    re.IGNORECASE,
)
_IS_SAID = re.compile(rf"(?:^|[,;:.] |\b(?:and|that) ){_WHO} {_IS} {_FEW}$", re.IGNORECASE)
_GOES_ON = re.compile(
    r"[^.;:]*?(?:,|\band\b) (?:and )?(?:so|hence|thus|therefore|consequently|accordingly|which is why|that is why"
    r"|which (?:explains|makes|lets|leads|causes)|as a result|for that reason)\b (?!far\b|much\b|as\b)"
    r"|[^.;:]{0,40}[;:.] (?:that is why|this is why|hence|therefore|so)\b"
    r"|[^.]*\b(?:being|feeling) (?:so|[a-z]+) is (?:what|why)\b"
    r"|[^.]*\b(?:follows?|comes?|stems?|springs?|results?) (?:from|out of|of) (?:it|this|that)\b",
    re.IGNORECASE,
)
_DOES_FEEL = re.compile(rf"(?:^|[,;:.] |\b(?:and|that) )(?:p\d|s?he|they) {_ADVERBS}$", re.IGNORECASE)
_THAT_IT_IS = re.compile(rf"^that {_WHO} {_IS} {_FEW}$", re.IGNORECASE)
_EXPLAINS = re.compile(
    r"[^,;.]* (?:explains|accounts for|makes|lets|lies behind|is (?:why|what|the reason|behind))\b", re.IGNORECASE
)
_FIRST = re.compile(rf"(?:^|[.;:] )(?:as )?{_ADVERBS}(?:[a-z]+ (?:and|yet|but) )?$", re.IGNORECASE)
_THEN_WHO = re.compile(
    r"(?:,? (?:and|yet|by|at|with|about|of|over|that|to|for|as|because|in|from) [^,;.]{1,60})?, (?:p\d|s?he"
    r"|they|the|his|her|their)\b"
    r"(?! (?:might|may|could|would|seems?|appears?|looks?|sounds?)\b)",
    re.IGNORECASE,
)
_BESIDE = re.compile(rf"(?:^|[.;:] ){_WHO}, {_ADVERBS}$", re.IGNORECASE)
_BESIDE_END = re.compile(r"[^,;.]{0,50}, (?:[a-z]+ly )?[a-z]+s\b")
_AS_WHO = re.compile(rf" (?:and [a-z]+ )?as {_WHO} {_IS}\b", re.IGNORECASE)
_VERBS = "|".join(sorted(listed("causing"), key=len, reverse=True))
_IN_NOUN = re.compile(
    r"(?<!\bend)(?<!\bends)(?<!\bresults)(?<!\blies)(?<!\blie)(?<!\bconsists)(?<!\brooted)(?<!\bdissolves)"
    r"(?<!\bagree)"
    r"(?<!\bbelieve)(?<!\binterest)(?<!\bdifference)(?<!\bincrease)(?<!\brise)"
    r"(?<!\bdiffer) in (?:[a-z]+ and )?$",
    re.IGNORECASE,
)
_REASON_IS = re.compile(
    rf"\b(?:reason|cause|source|root|motive|origin|driving force|what (?:{_VERBS}|turn|lie|stand|give|take"
    rf"|explain)s|what is behind)\b"
    rf"[^,;.]* (?:is|was|are) (?:that {_WHO} {_IS} )?(?:{_OWN} )?{_MORE}$",
    re.IGNORECASE,
)
_WHAT = (
    rf"(?:{_VERBS})(?:s|es)|hurries|dries|carries"
    r"|speaks (?:out of|from|through)|wells up|lights up|explains (?:the|his|her|their|p\d's|why|how|both|all)"
    r"|accounts for|stands behind"
    r"|lies (?:behind|at)|gets the better|turns (?:the|p\d|his|her|their)|takes (?:the|away|hold|over|p\d|his"
    r"|her|their)"
    r"|gives (?:the|p\d's|his|her|their)|puts (?:an?|the|p\d|his|her|their)|shows (?:him|her|them|that)"
    r"|has (?:p\d|him|her|them)"
    r"|(?:has|have|had) (?:already |now |long )?(?:crept|made|drawn|driven|pulled|lowered|dragged|taken|got"
    r"|tightened|choked|seized"
    r"|gripped|overcome|broken|softened|hardened|put|kept|brought|raised|sent|turned (?:the|p\d|his|her|their)|let)"
    r"|is (?:speaking|making|driving|pulling|working|drawing|shaking|choking|behind|at work|at the root"
    r"|to blame|responsible|why|stronger|greater|deeper|too|so|the (?:reason|cause|force))"
    r"|is what(?! (?:the|p\d|his|her|their|a|an|these|those|this|that|all|we|one|raters|[a-z]+ (?:and|together))\b)"
    r"|is what [^,;.]*\b(?:express(?:es)?|shows|betrays?|radiates?|give away)"
)
_SUBJECT = re.compile(
    r"(?:^|[,;:.] |\b(?:and|but|since|because|that|while|as|so|for|when|where|it is|it was|is it|not only) )"
    r"(?:(?!(?:of|to|for|in|with|from|by|as|than|at|on|about|is|are|was|appears?|seems?)\b)[\w'’-]+ ){0,3}$",
    re.IGNORECASE,
)
_DOES = re.compile(
    r"(?: (?:conscience|heart|mood|mind|temper|feelings?|pride|spirit))?"
    r"(?: (?:that )?(?:p\d|s?he|they) (?:feels?|felt|has|carries|bears)[^,;.]{0,30}?)?"
    r"(?: (?:alone|itself|too|also|of p\d|now|already|that|which|and [a-z]+)"
    r"| (?:for|at|about|over|of|towards?|with|in|within|inside|behind|to|that) [^,;.]{1,40}?|,[^,;.]{1,70},)?"
    rf" (?:really |only |simply |already |now |also |then |clearly )?(?:{_WHAT})\b",
    re.IGNORECASE,
)
_BASE = re.compile(rf" (?:(?:{_VERBS}) (?!of\b)|turn (?:the|his|her)|explain the|give the)", re.IGNORECASE)
_FROM = re.compile(
    r"(?<!differs )(?<!differ )(?<!different )(?<!apart )(?<!away )(?<!free )(?<!far )(?<!suffers )"
    r"\bfrom $",
    re.IGNORECASE,
)
_IT_IS = re.compile(rf"\bit (?:is|was) {_ADVERBS}(?:{_OWN} )?$", re.IGNORECASE)
_CLEFT = re.compile(
    r"(?:,[^,;.]{1,40},| [^,;.]{1,40}?)? (?:that|which)\b(?! (?:the|these|those|all|both|raters|fits|suits|seems))"
)
_MAYBE = re.compile(
    r"(?: [\w'’-]+){0,2} (?:would|could|might|may|can|should|seems?|appears?|fits?|suits?|is likel\w+)\b"
)

_THOUGHT = re.compile(r"[^,;.]*\b(?:would|could|might|may)\b")
"""What makes a feeling the subject of a thought: "being ashamed would also lower the gaze"."""


def is_premise(sentence: str, here: str, after: str, *, is_adjective: bool) -> bool:
    """Whether a claim goes on from a feeling as if it were given.

    Args:
        sentence: what stands before the word in its sentence.
        here: the same since the last comma.
        after: what stands behind the word.
        is_adjective: whether the word says how somebody is ("ashamed") and does not name the feeling ("shame").
    """
    if any(pattern.search(here) for pattern in _PHRASE) and not _IS_FILLED.search(here):
        return not _THOUGHT.match(after)
    if _MAYBE.match(after):
        return False
    is_given = any(pattern.search(here) for pattern in _CLAUSE) or _is_cause(sentence, here, after)
    is_from = _FROM.search(here) and not re.search(r"\b(?:to|into|by)\b", after)
    if not is_adjective and (_IN_NOUN.search(here) or is_from):
        return True
    return is_given or (is_adjective and _is_ground(sentence, here, after))


def _is_ground(sentence: str, here: str, after: str) -> bool:
    """Whether something follows from somebody's being so: "so ashamed that", "ashamed, p1 …", "p1 is sad, hence"."""
    return bool(
        (_IS_SO.search(here) and _SO_THAT.match(after))
        or (_KNOWING.search(here) and re.match(rf" {_WHO} {_IS}\b", after))
        or (_IS_SAID.search(sentence) and _GOES_ON.match(after))
        or (_THAT_IT_IS.search(here) and _EXPLAINS.match(after))
        or (_FIRST.search(sentence) and (_THEN_WHO.match(after) or _AS_WHO.match(after)))
        or (_BESIDE.search(sentence) and _BESIDE_END.match(after))
        or (re.search(r"\b(?:being|feeling) (?:[a-z]+ ){0,2}$", here) and _DOES.match(after))
    )


def _is_cause(sentence: str, here: str, after: str) -> bool:
    """Whether a feeling does something to face, voice or words: "her shame lowers the voice"."""
    if _DOES_FEEL.search(sentence) and _GOES_ON.match(after):
        return True
    if _NOUN_BEFORE.search(here) or _REASON_IS.search(here) or (_IT_IS.search(here) and _CLEFT.match(after)):
        return True
    does = _DOES.match(after) or (sentence.endswith("and ") and _BASE.match(after))
    return bool(_SUBJECT.search(sentence) and does)
