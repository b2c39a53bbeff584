"""How likely an independent annotator would accept a label: a monotone map from its probability, where one was fitted.

An annotator accepts a word if she gives the state that it was chosen for or one near it (`words.near`).

`training/judge/calibrate.py` fits the maps and writes `calibration.json`. Words alone are fitted on people's labels of
GoEmotions dev (`calibrated`); words with a face or a voice on synthetic pairs (`synthetic`), which are a model of how
modalities go together and no measurement of it. Anything else is `uncalibrated` and says so.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np

_BESIDE_WORDS = frozenset({"face_classes", "voice", "action_units", "scene", "described", "named"})


class Confidence(NamedTuple):
    """A probability and what it rests on."""

    value: float
    basis: str


def confidence(p: float, *, channels: Collection[str], first: bool) -> Confidence:
    """The probability that an annotator accepts a label whose state and those near it have posterior probability `p`.

    Args:
        p: 0..1.
        channels: the kinds of evidence (`tables.Channel`) that voted.
        first: whether it is the leading label; second ones are accepted less often at the same p.
    """
    fitted = _maps().get(_kind(frozenset(channels) - {"cases"}))
    if fitted is None:
        return Confidence(p, "uncalibrated")
    x, y = np.array(fitted["first" if first else "rest"], dtype=float).T
    return Confidence(float(np.interp(p, x, y)), f"{fitted['basis']},{fitted['n']}" if ":" in fitted["basis"]
                      else f"{fitted['basis']}:{fitted['n']}")  # fmt: skip


def _kind(channels: frozenset[str]) -> str:
    """Which map fits the channels; details of words (`mention`) were there when the words map was fitted."""
    beside = channels - {"words", "mention"} if "words" in channels else channels
    if not beside:
        return "words" if channels else "none"
    if not beside <= _BESIDE_WORDS:
        return "none"
    return "words+others" if "words" in channels else "others"


@cache
def _maps() -> dict[str, Any]:
    path = files("emer.agents.fusion") / "calibration.json"
    if not path.is_file():
        return {}
    fitted: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["maps"]
    return fitted
