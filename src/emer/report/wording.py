"""Numbers as words, for every view of a Report: one vocabulary, written down once."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emer.schemas import Emotion

# What a terminal may obey: control characters of both sets, half characters, and those that turn the line round.
_OBEYED = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")

PERSPECTIVES = {
    "expressed": "as it appears",
    "reported": "as they say",
    "evoked": "as it would strike a viewer",
    "depicted": "as the text depicts it",
}
MODALITIES = {"transcript": "words"}
"""The modalities that a reader knows by another word."""
HYPOTHESES = {
    "irony": "irony",
    "masking": "masking",
    "suppression": "holding back",
    "politeness": "politeness",
    "display_rule": "a display rule",
    "measurement_error": "an error of measurement",
}


def printable(text: str) -> str:
    r"""The text in one line that no terminal obeys: an escape is shown as `\x1b`, a line end or a tab as a space."""
    return _OBEYED.sub(lambda found: " " if found[0] in "\n\r\t" else ascii(found[0])[1:-1], text)


def holder(name: str) -> str:
    """Who is meant, as the sentences of a Report say it."""
    return "the writer" if name == "author" else name


def confidence(value: float) -> str:
    """How many independent annotators would accept the label, in words: "unlikely" would deny what is concluded."""
    steps = ((0.2, "few"), (0.4, "some"), (0.6, "about half"), (0.8, "most"))
    share = next((word for bound, word in steps if value < bound), "nearly all")
    return f"{share} would agree"


def intensity(value: float) -> str:
    """The strength, if present: .33 slight, .66 clear, 1 extreme."""
    steps = ((0.2, "barely there"), (0.5, "slight"), (0.83, "clear"))
    return next((word for bound, word in steps if value < bound), "extreme")


def strength(emotion: Emotion) -> str:
    """How strong an emotion appears, or nothing of a neutral reading: nobody is extremely neutral."""
    return "" if emotion.label == "neutral" else intensity(emotion.intensity)


def tone(valence: float, arousal: float) -> str:
    """Valence and arousal in two words."""
    pleasant = "pleasant" if valence > 0.15 else "unpleasant" if valence < -0.15 else "neither pleasant nor unpleasant"
    active = "activated" if arousal > 0.15 else "calm" if arousal < -0.15 else "moderate"
    return f"{pleasant}, {active}"


def span(start_s: float | None, end_s: float | None) -> str:
    """A time span such as `1.2–2.0 s`, as the cues write it, or nothing."""
    if start_s is None:
        return ""
    return f"{start_s:.1f} s" if end_s is None or end_s <= start_s else f"{start_s:.1f}–{end_s:.1f} s"


def provenance(value: str) -> str:
    """Where a case comes from, as a person would say it."""
    words = {"authored": "example written for emer", "user": "your case", "corrected": "your correction"}
    return words.get(value, value.replace("imported:", "imported from "))


def number(value: float) -> str:
    """Two places without the leading zero, as the field prints probabilities."""
    text = f"{value:.2f}"
    return text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text
