"""Turns of speech: things that are named and not claimed to be in the picture."""

from __future__ import annotations

import re

from emer.agents.grounding.words.lists import lines_of

AS_IF = re.compile(
    r"\b(?:as if|as though|like|unlike|as (?:a|an|one)|such as|a kind of|a sort of|what a|the way (?:a|an|the)|would"
    r"|could|might have|than (?:a|an)|not (?:just|only|merely|simply)? ?(?:a|an)|any|hardly a|worthy of"
    r"|whoever|somebody who|someone who|people who|anyone)\b[^,;:.]*",
    re.IGNORECASE,
)
"""A comparison, or what might be."""
_FIGURES = (
    r"(?:weak|poor|bad|good|strong|safe|sure|(?:un)?reliable) (?:witness|guide|judge|mirror|key|signpost)",
    r"(?:by|to) the letter",
    r"on (?:the )?paper",
    r"(?:shut|clos|open|slam|leav)\w* (?:the |a )?doors? (?:on|to|open|for)",
    r"(?:at|by) (?:this|that|some|any|an early|a late|the same|one) stage",
    r"stage fright",
    r"in the same boat",
    r"on the (?:table|cards|line|spot|ball|rocks|fence|edge|hook)",
    r"(?:off|over) the (?:hook|mark|carpet|moon)",
    r"(?:beside|under) the (?:point|carpet|mark)",
    r"the (?:ball|key|door|window|bridge) (?:is|was|to|into|between|of|that)",
    r"the (?:road|path|weight|mask|wall|curtain) (?:is|was|to|into|between|of|that)",
    r"(?:a|the|an?other) (?:cloak|mask|veil|wall|blanket|wave|flood|shower|storm|cloud|shadow|spark|note|touch) of",
    r"(?:a|the|an?other) (?:shade|ring|string|chain|sea|stream|mountain|bridge|mirror|burden|load|flash|ray) of",
    r"(?:a|the|an?other) (?:breath|bit|piece|slice|layer|thread|scrap|grain|ounce|pinch|dose|drop|hail|rain) of",
    r"in (?:the|a|this|that) (?:light|frame|picture|scene|mirror|nutshell|box|window) of",
    r"speaks? volumes",
    r"takes? the (?:floor|stage|cake|biscuit|edge|wind)",
    r"play(?:s|ing)? (?:a|the|his|her|their) (?:cards?|part|role|game)",
    r"grave (?:and|manner|tone|voice|face|look|expression)",
    r"in (?:the|this|that) picture",
    r"matter of",
    r"of a piece",
    r"cold (?:water|shower)",
    r"at the (?:wheel|helm)",
    r"down the line",
    r"(?:olive branch|white flag|red flag|last straw)",
    r"(?:drop|carry|pass|hold)\w* the (?:ball|can|baton|fort|bag)",
    r"rubs? salt",
    r"(?:pull|tug)\w* the (?:plug|rug|strings?)",
    r"(?:school|office|stage|street|house|home|work|field|kitchen) (?:years?|time|days?|work|life|fright|hours)",
    r"(?:a |the )?(?:bridge|olive|peace) (?:offering|building)",
    r"tip of the iceberg",
    r"(?:break|broke)\w* the ice",
    r"(?:lets?|letting) the cat out",
    r"(?:hit|hits|hitting) the (?:nail|roof|ceiling|wall|ground)",
    r"back to the wall",
    r"(?:turn|turned|turns) the (?:tables?|page|corner)",
    r"(?:draw|drew|draws) the (?:line|curtain)",
    r"heart of stone",
)
_IDIOMS = lines_of("idioms")
FIGURES = re.compile(rf"\b(?:{'|'.join([*_FIGURES, *_IDIOMS])})\b", re.IGNORECASE)
"""Set phrases."""
