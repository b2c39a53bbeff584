"""Whose face speaks: hands the mouths of the faces and the times of the speakers to the tool that compares them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from emer.agents.hearing import Hearing
from emer.schemas import Utterance
from emer.tools.mouth import Mouth

if TYPE_CHECKING:
    from emer.tools.talking_face import Tie

UNNAMED = "voice:1"


def find_ties(hearing: Hearing, mouths: Mapping[str, Mouth], utterances: Sequence[Utterance]) -> list[Tie]:
    """Each face that clearly speaks with its speaker, as the local key of the face and the speaker's id or key."""
    if not mouths or hearing.listened is None:
        return []
    from emer.tools.talking_face import tie

    timed = [u for u in utterances if u.start_s is not None and u.end_s is not None]
    spans: dict[str, list[tuple[float, float]]] = {}
    for one in timed:
        spans.setdefault(one.person or UNNAMED, []).append((one.start_s or 0.0, one.end_s or 0.0))
    if not timed:
        owners = {u.person for u in utterances if u.person}
        only = owners.pop() if len(owners) == 1 else UNNAMED
        spans = {only: [(one.start_s, one.end_s) for one in hearing.listened.activity.stretches]}
    return tie(mouths, spans, hearing.listened)
