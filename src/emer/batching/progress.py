"""How a batch stands, in one line that tells only what is known."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from typing import TextIO

from emer.batching.outcome import Counts

_PLAIN_EVERY_S = 10.0
_REDRAW_EVERY_S = 0.2
_RECENT = 64


class Progress:
    """Keeps one line of a terminal up to date; elsewhere it prints a line now and then."""

    def __init__(self, out: TextIO, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._out = out
        self._clock = clock
        self._is_terminal = out.isatty()
        self._begun = clock()
        self._ended_at: deque[float] = deque([self._begun], maxlen=_RECENT)
        self._shown_at = float("-inf")
        self._width = 0

    def step(self, counts: Counts) -> None:
        """One more clip has ended."""
        now = self._clock()
        self._ended_at.append(now)
        if now - self._shown_at >= (_REDRAW_EVERY_S if self._is_terminal else _PLAIN_EVERY_S):
            self._show(counts)
            self._shown_at = now

    def end(self, counts: Counts) -> None:
        """The last state, and the line is free again."""
        self._show(counts)
        if self._is_terminal:
            self._out.write("\n")
            self._out.flush()

    def line(self, counts: Counts) -> str:
        """The line itself; the rate is that of the last clips, and there is no estimate before two have ended."""
        per_s = self._rate()
        told = [f"{counts.n_done + counts.n_before:,} of {counts.n_clips:,} done"]
        told += [f"{counts.n_before:,} of them before"] if counts.n_before else []
        told += [f"{counts.n_failed:,} failed"]
        if per_s is not None:
            told += [_pace(per_s)]
            told += [f"{_duration(counts.n_left / per_s)} left"] if counts.n_left else []
        if counts.usage.calls:
            spent = counts.usage
            told += [f"{spent.calls:,} calls, {spent.input_tokens:,} + {spent.output_tokens:,} tokens"]
        if counts.cost is not None:
            told += [f"cost {counts.cost:.2f}"]
        return ", ".join(told)

    def _rate(self) -> float | None:
        took_s = self._ended_at[-1] - self._ended_at[0]
        return (len(self._ended_at) - 1) / took_s if len(self._ended_at) > 2 and took_s > 0 else None

    def _show(self, counts: Counts) -> None:
        text = self.line(counts)
        if self._is_terminal:
            self._out.write(f"\r{text:<{self._width}}")
            self._width = len(text)
        else:
            self._out.write(f"{text}\n")
        self._out.flush()


def _pace(per_s: float) -> str:
    if per_s >= 1:
        return f"{per_s:.1f} a second"
    return f"{per_s * 60:.1f} a minute" if per_s * 60 >= 1 else f"{per_s * 3600:.1f} an hour"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"
