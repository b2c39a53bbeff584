"""Tracing as the environment asks for it: begun for the command line, and told to `emer doctor`."""

from __future__ import annotations

import logging
import sys

from emer.config import Settings
from emer.tracing.exporter import destination, open_exporter
from emer.tracing.langsmith_runs import langsmith_place


class _OneLine(logging.Handler):
    """Says once that traces did not arrive, in place of a library's own words, which hold parts of keys."""

    def __init__(self, what: str) -> None:
        super().__init__(logging.WARNING)
        self._what = what
        self._is_told = False

    def emit(self, record: logging.LogRecord) -> None:
        """Tells of the first record that speaks of a failure."""
        if record.getMessage().startswith("Failed") and not self._is_told:
            self._is_told = True
            sys.stderr.write(f"emer: not all {self._what} arrived\n")


def begin_tracing(settings: Settings) -> list[str]:
    """What hinders the traces that the environment asks for, a sentence each; where nothing does they go out."""
    to, place = destination(settings), langsmith_place()
    hindered = open_exporter(settings)
    if to is not None and hindered is None:
        _tell_once("opentelemetry", f"spans for {to.where}")
    if place is not None and not settings.no_network:
        _tell_once("langsmith", f"runs for LangSmith at {place}")
    told = [hindered, _langsmith(settings) if settings.no_network else None]
    return [one for one in told if one is not None]


def told_tracing(settings: Settings) -> str:
    """Whether a run would be traced now, and where that goes."""
    to, told = destination(settings), []
    if to is not None:
        told.append(f"no spans to {to.where}: {to.obstacle}" if to.obstacle else f"spans to {to.where}")
    return "; ".join([*told, *filter(None, [_langsmith(settings)])]) or "off"


def _langsmith(settings: Settings) -> str | None:
    place = langsmith_place()
    if place is None:
        return None
    if settings.no_network:
        return f"no runs are sent to LangSmith at {place}: connections are off (EMER_NO_NETWORK)"
    return f"names and times of runs to LangSmith at {place}"


def _tell_once(library: str, what: str) -> None:
    logger = logging.getLogger(library)
    logger.addHandler(_OneLine(what))
    logger.propagate = False
