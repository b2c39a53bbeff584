"""Whose face speaks: hands the mouths of the faces and the times of the speakers to the tool that compares them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from emer.schemas import Utterance
from emer.tools.mouth import Mouth
from emer.tools.talking_mouth import Loudness, Tie, tie

UNNAMED = "voice:1"


def find_ties(sound: Loudness, mouths: Mapping[str, Mouth], utterances: Sequence[Utterance]) -> list[Tie]:
    """Each face that clearly speaks with its speaker, as the local key of the face and the speaker's id or key."""
    spans: dict[str, list[tuple[float, float]]] = {}
    for one in utterances:
        if one.start_s is not None and one.end_s is not None:
            spans.setdefault(one.person or UNNAMED, []).append((one.start_s, one.end_s))
    if not spans:  # words without times, or none: whoever is the only one speaks whenever somebody does
        owners = {one.person for one in utterances if one.person}
        only = owners.pop() if len(owners) == 1 else UNNAMED
        spans = {only: [(0.0, sound.step_s * len(sound.level_db))]}
    return tie(mouths, spans, sound)
