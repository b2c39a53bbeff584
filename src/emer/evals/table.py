"""The table of declared evaluations, loaded one by one, and how their outcomes are printed."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from emer.errors import InputError
from emer.evals.evaluation import Eval, Outcome, Score

EVALS = {
    "goemotions": ("emer.evals.words", "GOEMOTIONS"),
    "emobank": ("emer.evals.words", "EMOBANK"),
    "fer2013": ("emer.evals.faces", "FER2013"),
    "ravdess": ("emer.evals.voices", "RAVDESS"),
    "emodb": ("emer.evals.voices", "EMODB"),
    "merr-cues": ("emer.evals.judging", "MERR_CUES"),
}


def find(name: str) -> Eval:
    """The evaluation called `name`.

    Raises:
        InputError: there is none; the message lists them.
    """
    if name not in EVALS:
        raise InputError(f"unknown evaluation {name!r}; there are {', '.join(EVALS)}")
    module, attribute = EVALS[name]
    found: Eval = getattr(import_module(module), attribute)
    return found


def markdown(outcomes: Sequence[Outcome]) -> str:
    """The outcomes as one Markdown table, a figure a row."""
    rows = ["| eval | n | figure | system | value | 95 % interval |", "|---|---|---|---|---|---|"]
    rows += [_row(outcome, score) for outcome in outcomes for score in outcome.scores]
    return "\n".join(rows)


def _row(outcome: Outcome, score: Score) -> str:
    interval = "" if score.low is None or score.high is None else f"{score.low:.3f} to {score.high:.3f}"
    return f"| {outcome.eval} | {score.n} | {score.name} | {score.system} | {score.value:.3f} | {interval} |"
