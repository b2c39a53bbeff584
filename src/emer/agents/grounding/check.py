"""Whether a claim is borne out by the cues that it cites: what is plain first, then code and claim reader together."""

from __future__ import annotations

import re
from typing import NamedTuple

from emer.agents.grounding import own_words, reading, senses
from emer.agents.grounding.added import acts, details, things
from emer.agents.grounding.cited import elsewhere, relevance
from emer.agents.grounding.denied import denial
from emer.agents.grounding.direction import poles
from emer.agents.grounding.felt import feeling
from emer.agents.grounding.quantity import numbers
from emer.agents.grounding.record import Claim, Record
from emer.agents.grounding.when import delays, order, times
from emer.agents.grounding.who import agents, owners, persons
from emer.agents.grounding.words.wording import ID, LEFT_OUT, QUOTE, folded
from emer.schemas import Step

_PLAIN = (
    persons.wrong_person,
    persons.nobody_there,
    persons.wrong_side,
    persons.wrong_bearer,
    times.wrong_time,
    senses.wrong_sense,
    numbers.wrong_number,
    own_words.misworded,
)
"""What ids, quotations, persons, times, senses and numbers tell plainly."""
_SOFT = (
    agents.wrong_agent,
    owners.of_another,
    order.wrong_order,
    delays.wrong_delay,
    poles.turned_round,
    denial.contradicts,
    feeling.unborne_feeling,
    things.strange_thing,
    details.strange_detail,
    acts.strange_act,
    relevance.uncovered,
    relevance.unrelated_cues,
    relevance.better_elsewhere,
    elsewhere.told_elsewhere,
)
"""What is made of a claim's parts, words and meaning; a reader of language may know better."""

MOST_CHARS, MOST_QUOTING = 1500, 20_000
"""Characters of a claim besides what it quotes, and with it: the checks take time with the square of them."""


class Checked(NamedTuple):
    """A claim that is borne out, without the citations that say nothing of it; or as it was, and why it is not."""

    step: Step
    why: str | None
    is_soft: bool = False
    """Whether a reader of language may overrule the objection."""


def checked(step: Step, record: Record, *, about: str | None, is_prose: bool = False) -> Checked:
    """A step held against the cues that it cites; the citations that bear it stay.

    Args:
        step: the claim, what it cites, and what it is about where its author told.
        record: what it is held against.
        about: the person of the emotions that the step supports; cues of nobody in particular may speak of her.
        is_prose: whether somebody wrote it freely, as a chat model does: then the claim reader has the last word on
            what is not plain. The offline judge's sentences are made from the cues in fixed forms; code reads them.
    """
    claim = Claim(step, record, about)
    plain = plain_objection(claim)
    if plain is not None:
        return Checked(step, plain)
    check, why = soft_objection(claim)
    if is_prose:
        unread = reading.unread(claim, check)
        why = unread and (why or unread)
    return Checked(_without_idle(claim) if why is None else step, why, is_soft=why is not None)


def unborne(step: Step, record: Record, *, about: str | None, is_prose: bool = False) -> str | None:
    """Why a step's claim is not borne out by the cues that it cites, or None; see `checked`."""
    return checked(step, record, about=about, is_prose=is_prose).why


def soft_objection(claim: Claim) -> tuple[str | None, str | None]:
    """The name of the first check that objects and what it says; the checks after it are not asked."""
    return next(((check.__name__, why) for check in _SOFT if (why := check(claim)) is not None), (None, None))


def plain_objection(claim: Claim) -> str | None:
    """What ids, quotations, persons, times, senses and numbers tell against a claim plainly, or None."""
    if not claim.evidence:
        return "cites no cue that exists"
    if len(claim.step.claim) > MOST_QUOTING or len(claim.bare) > MOST_CHARS:
        return f"has {len(claim.step.claim):,} characters: it is no single claim"
    checks = (_strange_id, _unsaid, *_PLAIN, _repeated)
    return next((why for check in checks if (why := check(claim)) is not None), None)


def _without_idle(claim: Claim) -> Step:
    """The step without the citations that say nothing of its claim."""
    step, idle = claim.step, {cue.id for cue in relevance.idle_cues(claim)}
    if not idle:
        return step
    marks = re.compile(rf"\s*\[(?:{'|'.join(map(re.escape, sorted(idle)))})\]")
    kept = [name for name in step.evidence if name not in idle]
    return step.model_copy(update={"claim": marks.sub("", step.claim), "evidence": kept})


def _strange_id(claim: Claim) -> str | None:
    strange = sorted(set(ID.findall(claim.step.claim)) - {*claim.step.evidence, *claim.step.counter})
    return f"names {strange[0]}, which it does not cite" if strange else None


def _unsaid(claim: Claim) -> str | None:
    said = folded(f"{claim.said} {' '.join(claim.spoken)}")
    for groups in QUOTE.findall(claim.step.claim):
        quote = "".join(groups)
        if not all(folded(part) in said for part in LEFT_OUT.split(quote)):
            return f"quotes “{quote}”, which no cited cue contains"
    return None


def _repeated(claim: Claim) -> str | None:
    """A conclusion that only repeats a cue concludes nothing."""
    if claim.step.type != "conclusion":
        return None
    told = folded(claim.bare)
    return "repeats a cue as a conclusion" if told and any(told in folded(cue.text) for cue in claim.cited) else None
