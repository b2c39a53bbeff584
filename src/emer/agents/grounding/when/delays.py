"""How long somebody waits: a pause of the cues must not be told as none, as shorter, or as longer."""

from __future__ import annotations

import re
from collections.abc import Iterator

from emer.agents.grounding.quantity.amounts import NUMBERS, number
from emer.agents.grounding.record import Claim
from emer.agents.grounding.when.alignment import SAYING
from emer.agents.grounding.words.wording import ID, clauses

LONG_S = 0.9
"""A pause from which on an answer does not come "at once"."""
SHORT_S = 0.8
"""A pause up to which nobody waits for long."""
_PAUSE = re.compile(
    r"\b(?:pauses?|silen(?:ce|t)|gap|break|delay)\b[^,;]{0,20}?\b(?:of|for|lasting) (?:about )?(?P<s>\d*\.?\d+) s\b"
    r"|\b(?P<t>\d*\.?\d+) s (?:of )?(?:pause|silence)|\bsilen(?:ce|t)\b|\bpause\b",
    re.IGNORECASE,
)
_AT_ONCE = re.compile(
    r"\b(?:at once|immediate(?:ly)?|instant(?:ly|aneous(?:ly)?)|straight ?away|right away|promptly"
    r"|prompt (?:answer|reply|response)|like a shot"
    r"|in no time|in the same breath|on the (?:spot|instant)|seamless(?:ly)?|on the heels of|without further ado"
    r"|(?:follows?|comes?|answers?|repl(?:y|ies)|responds?|says?) (?:directly|straight|right) (?:on|after|upon|behind)"
    r"|no sooner (?:has|have|had|is|are|does|did)|no time (?:is lost|passes|goes by|at all)|loses no time"
    r"|wastes no time"
    r"|(?:without|with no|not|(?<!-)no|nor)(?: \w+){0,4}? (?:delay|hesitat\w+|paus(?:e|es|ing)|wait\w*|gap"
    r"|silence|thinking"
    r"|moment'?s? \w+|stopping|beat))\b",
    re.IGNORECASE,
)
_ANSWERS = re.compile(
    r"[“\"]|\b(?:answer|repl|respon|react|retort|comes?\b|came\b|says?\b|said\b|asks?\b|speak|spoke|words?\b|voice"
    r"|continues?|goes (?:straight )?(?:on|into)|sentence|question|pause|silence|wait|delay|hesitat)\w*",
    re.IGNORECASE,
)
_NO_FACT = re.compile(
    r"\b(?:could|would|might|may|should|must|if|unless|instead of|rather than|had .* (?:been|come|left))\b",
    re.IGNORECASE,
)
_DENIED = re.compile(
    r"(?:\b(?:not|never|hardly|far from|anything but|neither|nor|rather than|instead of)\b|n't\b)[^,;]{0,25}$", re.I
)
_WAITED = re.compile(r"\b(?:delay|pause|silence|wait|gap)\b", re.IGNORECASE)
_LEAST = r"more than|over|at least|well over|a good|fully|no less than|upwards of"
_MOST = (
    r"(?:barely|hardly|scarcely|not even|less than|under|within|no more than|at most|not quite|a mere|only|just"
    r"|never more than)"
)
_BOUND = re.compile(
    rf"\b(?P<bound>{_MOST}|{_LEAST}) (?:(?P<half>half an?)|(?P<n>an?|one|\d+(?:\.\d+)?|{'|'.join(NUMBERS)}))"
    r"(?: (?:full|whole|good))? (?:s\b|seconds?\b)(?! (?:above|below|faster|slower|lower|higher))",
    re.IGNORECASE,
)
_IS_MOST = re.compile(rf"^{_MOST}$", re.IGNORECASE)
_WAITS = re.compile(
    r"\b(?:pass\w*|go(?:es)? by|elaps\w+|before|until|paus\w+|silen\w+|wait\w*|gap|delay\w*|answer\w*|repl\w+|respon\w+"
    r"|lets|takes|nothing is said|says nothing|hesitat\w+)\b",
    re.IGNORECASE,
)
_LONG = re.compile(
    r"\b(?:long|lengthy|prolonged|endless|drawn-out|considerable|extended) (?:\w+ )?(?:pause|silence|wait|delay|gap"
    r"|hesitation)\b"
    r"|\btakes (?:a long time|for ever|ages|(?:his|her|their) time) (?:to|before|until)\b",
    re.IGNORECASE,
)


def wrong_delay(claim: Claim) -> str | None:
    """A pause of the cited cues that a claim tells to be none, or of another length."""
    waits = list(_pauses(claim))
    if not waits:
        return None
    shortest, longest = min(waits), max(waits)
    plain = ID.sub(" ", claim.step.claim)
    for clause in clauses(plain):
        if _NO_FACT.search(clause):
            continue
        found = _AT_ONCE.search(clause)
        before = clause[: found.start()] if found else ""
        is_waited = _DENIED.search(before) or _WAITED.search(before)
        if found and shortest >= LONG_S and _is_answer(clause) and not is_waited:
            return f"tells “{found.group()}” of a pause of {shortest:g} s"
        found = _LONG.search(clause)
        if found and longest <= SHORT_S and not _DENIED.search(clause[: found.start()]):
            return f"tells “{found.group()}” of a pause of {longest:g} s"
        for bound in _BOUND.finditer(clause):
            if _WAITS.search(clause) and _is_off(bound, shortest, longest):
                return f"tells “{bound.group()}” of a pause of {shortest:g} s"
    return None


def _is_answer(clause: str) -> bool:
    return bool(_ANSWERS.search(clause) or SAYING.search(clause))


def _pauses(claim: Claim) -> Iterator[float]:
    """The lengths of the pauses that the cited cues tell of."""
    for cue in claim.cited:
        found = _PAUSE.search(cue.text)
        if cue.modality == "voice" and found:
            told = found["s"] or found["t"]
            span = claim.record.spans.get(cue.id)
            if told:
                yield float(told)
            elif span is not None and cue.text.lower().startswith(found.group().lower()):
                yield span.end - span.start


def _is_off(bound: re.Match[str], shortest: float, longest: float) -> bool:
    n = 0.5 if bound["half"] else 1.0 if bound["n"].lower() in ("a", "an", "one") else number(bound["n"])
    if _IS_MOST.match(bound["bound"]):
        return shortest > n + 0.4
    return longest < n - 0.2
