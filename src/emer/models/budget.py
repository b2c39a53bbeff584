"""What may be spent on calls: a ledger that is looked at before each call, and the user's price table."""

from __future__ import annotations

import json
import threading
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from emer.errors import BudgetError, InputError


class Price(BaseModel):
    """What a million tokens cost, in any currency; the same one as `budget_money`."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    input: float = Field(ge=0)
    output: float = Field(ge=0)

    def of(self, input_tokens: int, output_tokens: int) -> float:
        """The price of one call."""
        return (input_tokens * self.input + output_tokens * self.output) / 1e6


@dataclass(frozen=True)
class Budget:
    """What may be spent; `None` is no limit."""

    calls: int | None = None
    tokens: int | None = None
    money: float | None = None


class Ledger:
    """What was spent in `where`. Calls count when they begin, tokens and money when they are known."""

    def __init__(self, where: str = "this process") -> None:
        self._where = where
        self._lock = threading.Lock()
        self.calls = 0
        self.tokens = 0
        self.money = 0.0

    def begin(self, budget: Budget) -> None:
        """Counts a call that begins.

        Raises:
            BudgetError: the budget is spent; the call must not be made.
        """
        with self._lock:
            for name, spent in (("calls", self.calls), ("tokens", self.tokens), ("money", self.money)):
                allowed = getattr(budget, name)
                if allowed is not None and spent >= allowed:
                    raise BudgetError(
                        f"the budget is spent: {spent:g} of budget_{name} = {allowed:g} in {self._where}; "
                        f"nothing more was sent. Raise budget_{name} (EMER_BUDGET_{name.upper()}) to go on"
                    )
            self.calls += 1

    def spend(self, tokens: int, money: float) -> None:
        """Adds what a call took."""
        with self._lock:
            self.tokens += tokens
            self.money += money


def read_prices(path: Path) -> dict[str, Price]:
    """The price of each model in a TOML or JSON table, by `provider:model` or by the model's name alone.

    Raises:
        InputError: the file cannot be read, or a price is no number of at least 0.
    """
    try:
        text = path.read_text(encoding="utf-8")
        table: dict[str, Any] = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
        return {name: Price.model_validate(entry) for name, entry in table.items()}
    except OSError as error:
        raise InputError(f"the price table {str(path)!r} cannot be read: {error.strerror}") from error
    except (ValidationError, ValueError, AttributeError) as error:
        raise InputError(
            f"the price table {str(path)!r} cannot be used: {error}; expected for each model its price per million "
            'tokens, e.g. in TOML\n["openai:gpt-4.1-mini"]\ninput = 0.40\noutput = 1.60'
        ) from error


def price_of(provider: str, name: str, *, prices: Mapping[str, Price]) -> Price | None:
    """The price of a model; a model in this process costs nothing, one without an entry is unknown."""
    if provider in ("hf", "fake"):
        return Price(input=0, output=0)
    return prices.get(f"{provider}:{name}") or prices.get(name)
