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
    "max_tokens": r"\bmax_(?:completion_)?tokens\b",
    "image": r"\b(?:images?|image_url|vision|visual|multi-?modal)\b",
    "sound": r"\b(?:audio|sound|input_audio)\b",
}
FORMAT = r"response_format|json_?schema|json_?object|\bschema\b|grammar|structured output|guided"
TOO_LONG = r"context[_ ](?:length|size|window)|maximum context|too (?:long|large)|exceeds? the (?:available )?context"


def next_form(form: Traits, said: Rejected, media: Collection[Trait]) -> Traits | None:
    """The form to try after `form` was refused; none when there is nothing to leave out.

    What the endpoint names is left out. Where it names nothing, media go first (most models neither see nor hear),
    then the ladder is climbed down.

    Args:
        form: what was sent.
        said: the refusal.
        media: kinds of media in the question ("image", "sound").
    """
    text = f"{said.about} {said}".lower()
    if is_too_long(said):
        return None
    carried = [
        trait for trait in NAMED if trait not in form.omitted and (trait not in ("image", "sound") or trait in media)
    ]
    named = [trait for trait in carried if re.search(NAMED[trait], text)]
    if named and not re.search(FORMAT, said.about):
        return replace(form, omitted=form.omitted | {named[0]})
    unseen = frozenset(media) - form.omitted
    if unseen and not re.search(FORMAT, text):
        return replace(form, omitted=form.omitted | unseen)
    lower = below(form.rung)
    return None if lower is None else replace(form, rung=lower)


def is_too_long(said: Rejected) -> bool:
    """Whether the endpoint refused because the question is longer than the model takes."""
    return said.status == 413 or re.search(TOO_LONG, str(said).lower()) is not None
