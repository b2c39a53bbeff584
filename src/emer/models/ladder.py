"""Which form of a call to try next when an endpoint refuses one: the ladder of structured answers."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace

from emer.models.backend import Rejected, Trait
from emer.models.endpoint_traits import Traits, below

NAMED: dict[Trait, str] = {
    "temperature": r"\btemperature\b",
    "seed": r"\bseed\b",
    "max_tokens": r"\bmax_tokens\b",
    "max_completion_tokens": r"\bmax_completion_tokens\b",
    "image": r"\b(?:images?|image_url|vision|visual|multi-?modal)\b",
    "sound": r"\b(?:audio|sound|input_audio)\b",
}
MEDIA: tuple[Trait, ...] = ("image", "sound")
FORMAT = r"response_format|json_?schema|json_?object|\bschema\b|grammar|structured output|guided"
TOO_LONG = (
    r"context[_ ](?:length|size|window)|maximum context|(?:prompt|request) is too (?:long|large)"
    r"|exceeds? the (?:available )?context"
)


def next_form(form: Traits, said: Rejected, *, media: Collection[Trait]) -> Traits | None:
    """The form to try after `form` was refused; none when there is nothing to leave out.

    What the endpoint names is left out. Where it names nothing, media go first (most models neither see nor hear),
    then the ladder is climbed down.

    Args:
        form: what was sent.
        said: the refusal.
        media: kinds of media in the question ("image", "sound").
    """
    named = _named(form, said, media=media)
    if named is not None:
        return replace(form, omitted=form.omitted | {named})
    if is_too_long(said):
        return None
    unseen = frozenset(media) - form.omitted
    if unseen and not re.search(FORMAT, _text(said)):
        return replace(form, omitted=form.omitted | unseen)
    lower = below(form.rung)
    return None if lower is None else replace(form, rung=lower)


def _named(form: Traits, said: Rejected, *, media: Collection[Trait]) -> Trait | None:
    """What the refusal names first, of what was sent: "Unsupported parameter: 'max_tokens'. Use …"."""
    if re.search(FORMAT, said.about):
        return None
    sent = [trait for trait in NAMED if trait not in form.omitted and (trait not in MEDIA or trait in media)]
    places = [(found.start(), trait) for trait in sent if (found := re.search(NAMED[trait], _text(said)))]
    return min(places)[1] if places else None


def _text(said: Rejected) -> str:
    return f"{said.about} {said}".lower()


def names_a_form(told: str) -> bool:
    """Whether an error is about a form that the endpoint does not know: llama.cpp's server answers 500 to some."""
    text = told.lower()
    return any(re.search(pattern, text) for pattern in (FORMAT, NAMED["image"], NAMED["sound"]))


def is_too_long(said: Rejected) -> bool:
    """Whether the endpoint refused because the question is longer than the model takes."""
    return said.status == 413 or re.search(TOO_LONG, str(said).lower()) is not None
