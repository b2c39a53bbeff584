"""What a turn is recognised by: for each kind the patterns of English questions, the first kind that fits wins."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from emer.agents.conversing.request import Kind

_PATTERNS: Mapping[Kind, tuple[str, ...]] = {
    "hostile": (
        r"\b(?:ignore|forget|disregard) (?:(?:all|your|the|my|previous|prior|above) )*(?:instructions?|rules|prompt)",
        r"system prompt",
        r"\breveal your\b",
        r"\byou (?:are|'re) now\b",
        r"\byou(?:'re| are)? (?:\w+ )?(?:stupid|idiot\w*|useless|dumb|moron\w*|piece of (?:shit|junk))\b",
        r"\b(?:stupid|useless|dumb) (?:bot|machine|program|tool|thing|ai)\b",
        r"\bshut up\b|\bfuck (?:you|off)\b|\bi hate you\b",
    ),
    "outside": (
        r"\b(?:lying|lies(?! (?:behind|in|at|within))|liar|honest|truth\w*|decei\w+|guilty|innocent)\b",
        r"\b(?:depress(?:ed|ion)|diagnos\w+|bipolar|autis\w+|adhd|mental\w* ill\w*)\b",
        r"\b(?:hire|fire|promote|employ) (?:her|him|them|this|p\d+)\b|\bgood candidate\b",
        r"\bwhat(?:'s| is) (?:her|his|their) (?:name|age|race|religion)\b|\bhow old\b|\bpersonality\b",
    ),
    "undo": (r"^(?:please )?(?:undo|revert|take (?:that|it) back|forget (?:that|it|(?:the|my) correction))\b",),
    "help": (
        r"^/?(?:help|h|\?|hello|hi|hey|thanks?|thank you)\W*$",
        r"what can (?:you|i) (?:do|ask)",
        r"how does this work",
        r"what do you know how",
    ),
    "export": (
        r"\b(?:export|save|write|download)\b.*(?:\b(?:report|chat|talk|conversation|this|it|file)\b|\.(?:json|md)\b)",
        r"^export\b",
    ),
    "what_if": (
        r"\bwhat if\b",
        r"\bwithout\b",
        r"\bleav(?:e|ing) out\b",
        r"^(?:please )?(?:disregard|ignore|mute)\b|\bif (?:you|we|i) (?:disregard|ignore|mute)d?\b",
        r"\bhad (?:she |he |they )?not\b|\bhadn't\b",
        r"\bonly the (?:face|voice|words)\b",
    ),
    "listen": (r"\b(?:listen|hear)\b.*\b(?:again|to|at|closer|from|once more|between)\b", r"^listen\b"),
    "look": (
        r"\b(?:look|watch|see|view|check|inspect)\b.*\b(?:again|closer|closely|carefully|once more|denser|frames)\b",
        r"^(?:look|zoom|watch)\b.*\d",
    ),
    "respond": (
        r"\b(?:respond|reply|comfort|console|cheer|empath\w+|support (?:her|him|them))\b",
        r"\bwhat (?:should|could|can|would|do) (?:i|you|we|one) (?:say|answer|tell)\b",
        r"\banswer (?:her|him|them)\b",
    ),
    "compare": (r"\bcompare\b", r"\bvs\.?\b|\bversus\b", r"\bdifference between\b", r"\brather than\b|\binstead of\b"),
    "why_not": (
        r"\bwhy (?:not|isn't|is it not|is (?:she|he) not|aren't|didn't you say|don't you say)\b",
        r"\bcould(?:n't)? \w+(?: not)?(?: also)? be\b",
        r"\bisn't (?:it|she|he|that|this)\b",
        r"\bmight (?:she|he|it) be\b",
    ),
    "cases": (r"\bcases?\b", r"\b(?:similar|past) (?:clips?|examples?)\b", r"\bprecedents?\b", r"\bseen .*\bbefore\b"),
    "cause": (
        r"\bwhat (?:caused|made|triggered|set off|led to|happened|upset)\b",
        r"\bwhat is (?:she|he|it|that) (?:about|reacting)",
        r"\bbecause of what\b|\bcauses?\b|\btrigger|\babout what\b",
    ),
    "conflict": (
        r"\b(?:conflict\w*|disagree\w*|contradict\w*|fit together|incongru\w+|mismatch\w*|mask(?:ing|ed)?|at odds)\b",
        r"\b(?:is|are|was) (?:she|he|they|it) (?:being )?(?:ironic|sarcastic|joking|polite)\b",
    ),
    "perspective": (
        r"\b(?:viewer|onlooker|observer|audience|bystander)\b",
        r"\b(?:perspective|point of view|viewpoint)\b",
        r"\bcultur\w+|\banother country\b",
        r"\b(?:japan|chin[ae]|indian?|german|brazil|america|arab|korea|africa|europe)\w*",
        r"\b(?:of|about) (?:her|him|them)sel(?:f|ves)\b",
    ),
    "missing": (
        r"\bmissing\b|\blimit\w*",
        r"\bcould(?: you)?(?:n't| not) (?:you )?(?:see|hear|measure)\b",
        r"\bwhat (?:don't you|do you not) know\b",
        r"\bnot (?:measured|seen|heard)\b|\bwhich modalit",
    ),
    "how_sure": (
        r"\bhow (?:sure|certain|confident|likely|reliable|strong|intense)\b",
        r"\bconfidence\b|\bare you (?:sure|certain)\b",
    ),
    "why": (
        r"\bwhy\b",
        r"\bhow (?:do|can|could|did) you (?:know|tell|see|come)\b|\bhow (?:so|come)\b",
        r"\bwhat makes you\b|\bwhat speaks\b",
        r"\bevidence\b|\breasons?\b|\bexplain\b|\bproof\b|\bprove\b",
    ),
    "when": (
        r"\bwhen\b|\bhow long\b|\bpeak\b|\bapex\b",
        r"\b(?:at )?(?:what|which) (?:time|moment|point|second)\b",
        r"\bdoes (?:it|that|she|he) change\b",
    ),
    "who": (r"\bwho(?:se|m)?\b|\bwhich person\b|\bpeople\b", r"\bhow many (?:persons|faces|speakers)\b"),
    "person": (
        r"\b(?:what|how) about (?:her|him|the other|p\d+|[A-Z]\w+)",
        r"\bthe other (?:person|one|speaker)\b",
    ),
}


@cache
def rules() -> Mapping[Kind, re.Pattern[str]]:
    """The pattern of each kind, in the order in which they are tried."""
    return {kind: re.compile("|".join(patterns), re.IGNORECASE) for kind, patterns in _PATTERNS.items()}
