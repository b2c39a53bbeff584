"""What a batch would do and take, before anything is done."""

from __future__ import annotations

from typing import NamedTuple

from emer.batching.keys import batch_row, settings_digest
from emer.batching.run import Run
from emer.config import Effort, Settings
from emer.models.budget import price_of, read_prices
from emer.models.spec import parse_spec

CALLS_AT_MOST: dict[Effort, int] = {"quick": 1, "standard": 6, "thorough": 10}
"""Calls for one clip when every agent has something to ask; retries and repairs come on top."""


class Estimate(NamedTuple):
    """Clips by what would become of them, and what the rest would take of a chat model.

    Attributes:
        n_clips: all.
        n_finished: have a Report with these settings.
        n_given_up: failed for good with these settings.
        calls_at_most: for the clips that are left.
        tokens: input and output for the clips that are left, at the mean of the Reports in the output that were made
            with these settings; None while there is none.
        n_measured: how many Reports that mean is over.
        cost: of these tokens by the price table; None where tokens or the price are not known.
    """

    n_clips: int
    n_finished: int
    n_given_up: int
    calls_at_most: int
    tokens: tuple[int, int] | None
    n_measured: int
    cost: float | None

    @property
    def n_left(self) -> int:
        """Clips that would be explained."""
        return self.n_clips - self.n_finished - self.n_given_up


def estimate(run: Run) -> Estimate:
    """What the run would do, from its sources and from what its output holds; nothing is analysed or written."""
    run.output.read()
    digest = settings_digest(run.settings)
    keys = [batch_row(row, digest).key for row in run.rows]
    n_finished = sum(key in run.output.finished for key in keys)
    n_given_up = sum(key in run.output.given_up for key in keys)
    n_left = len(keys) - n_finished - n_given_up
    asks = run.settings.model is not None and not run.settings.offline
    calls = n_left * CALLS_AT_MOST[run.settings.effort] if asks else 0
    spent, n_measured = run.output.spent()
    tokens: tuple[int, int] | None = None if asks else (0, 0)
    if asks and n_measured:
        tokens = (round(spent[0] / n_measured * n_left), round(spent[1] / n_measured * n_left))
    return Estimate(len(keys), n_finished, n_given_up, calls, tokens, n_measured, _cost(run.settings, tokens))


def _cost(settings: Settings, tokens: tuple[int, int] | None) -> float | None:
    """What the tokens cost at the price of the one model; with models of their own for single agents nobody knows."""
    if tokens is None or settings.model is None or settings.prices is None or settings.models:
        return None
    spec = parse_spec(settings.model, settings.base_url)
    price = price_of(spec.provider, spec.name, prices=read_prices(settings.prices))
    return None if price is None else price.of(*tokens)
