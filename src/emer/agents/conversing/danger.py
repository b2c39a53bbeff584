"""Signs that somebody may hurt herself or be hurt, by rule; and what is said then, instead of anything else.

The signs are few and plain, and rather found once too often than once too seldom: what follows a sign is an address, no
judgement. They say nothing about health.
"""

from __future__ import annotations

import re

from emer.agents.conversing.request import Reply

_SIGNS = re.compile(
    r"\b(?:"
    r"kill(?:ing)? (?:my|him|her|your|them)sel(?:f|ves)|end(?:ing)? (?:my|his|her|their) (?:own )?life|suicid\w*|"
    r"tak(?:e|ing) my (?:own )?life|(?:want|wanted|wish|rather) (?:to )?(?:be dead|die)\b(?! of)|"
    r"wish i (?:was|were) dead|self[- ]?harm\w*|"
    r"(?:hurt|hurting|harm|harming|cut|cutting) myself\b(?! (?:shaving|cooking|chopping|on a|while|when|with a))|"
    r"no (?:reason|point) (?:to|in) (?:live|living|going on)|better off (?:without me|dead)|overdos\w+|"
    r"(?:don't|do not) want to (?:live|be alive|be here any ?more|wake up)|can(?:'t|not) go on (?:living|like this)|"
    r"(?:he|she|they|my \w+) (?:hits|beats|beat|chokes|choked|threatens to kill|will kill|is going to kill) me|"
    r"(?:i|i'll|i will|i'm going to|i am going to|gonna) (?:kill|stab|shoot|strangle) (?:him|her|them|you|my \w+)|"
    r"afraid (?:he|she|they)(?:'ll| will) (?:hurt|kill|beat) (?:me|us|the kids|the children)"
    r")(?:\b|$)",
    re.IGNORECASE,
)  # fmt: skip
_QUOTES = str.maketrans({"’": "'", "‘": "'"})

RESOURCES = (
    "If anyone may be in danger now, call the local emergency number: 112 in Europe, 911 in the US and Canada, 999 in "
    "the UK.",
    "To talk to somebody at any hour: 988 in the US and Canada, 116 123 in the UK, in Ireland and in many countries "
    "of the EU; for other countries see findahelpline.com. Talking to a person you trust helps too.",
)
_NO_ROLE = "I am a program that explains recordings: I do not stand in for help, and I play no role here."


def sign_of_danger(text: str) -> str | None:
    """The words in a text that may mean that somebody hurts herself or is hurt; None if there are none."""
    found = _SIGNS.search(text.translate(_QUOTES))
    return found[0] if found else None


def safety_reply(sign: str, *, said_by_user: bool) -> Reply:
    """Where help is, and nothing else: no reading, no role-play."""
    first = (
        f"You wrote “{sign}”. I take that seriously, whoever it is about."
        if said_by_user
        else f"Words in this clip (“{sign}”) may mean that somebody is in danger, so I write no reply."
    )
    return Reply(kind="danger", notes=[first, *RESOURCES, _NO_ROLE])
