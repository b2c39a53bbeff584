"""Turns as people type them, by kind: what the encoder compares with where no rule fits (all written by us)."""

from __future__ import annotations

from collections.abc import Mapping

from emer.agents.conversing.request import Kind

EXAMPLES: Mapping[Kind, tuple[str, ...]] = {
    "what": (
        "give me the gist", "tell me what is going on with her", "sum it up for me", "what is the mood here",
        "what do you make of this", "your reading please",
    ),
    "why": (
        "on what grounds", "what is that based on", "what led you to this conclusion", "back that up",
        "I do not follow, justify it", "where does that come from",
    ),
    "when": ("at what point in the clip", "give me the time stamp", "how far into the video is that"),
    "who": ("tell me about the people in it", "which of them is it"),
    "cause": ("what is behind it", "what is it all about", "what provoked this reaction"),
    "how_sure": ("would others agree with you", "is that a safe bet", "how much do you trust this"),
    "conflict": ("does everything point the same way", "something does not add up", "do the signals match"),
    "missing": ("what did you not take into account", "what else would you need", "what was left out of the analysis"),
    "cases": ("does this remind you of anything", "have there been others of this kind"),
    "respond": ("I want to be kind to her, give me words", "help me find the right words for him"),
    "export": ("give me a copy", "I want to keep the result"),
    "help": ("I do not know what to type", "give me some hints", "what are my options"),
}  # fmt: skip
