"""Spans of OpenTelemetry: one for an analysis, one for each node of the graph, one for each call of a model.

They are made only where this process has a tracer provider, which is the user's to set (`emer` itself sets one from
the environment, see `exporter`). Nothing of OpenTelemetry is imported before somebody else has done so.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from emer.installation import version

if TYPE_CHECKING:
    from opentelemetry.trace import Span

Attributes = Mapping[str, Any]
Note = Callable[[Attributes], None]
"""Adds attributes to a span; does nothing where there is none."""


@contextmanager
def analysis_span(name: str, attributes: Attributes) -> Iterator[tuple[Span | None, Note]]:
    """A span for a whole run, for `node_span`, and its note.

    It is not made the current one: a run is a generator, which may end in another context than it began in.
    """
    made = _start(name, attributes)
    with _ended(made) as note:
        yield made, note


@contextmanager
def node_span(name: str, attributes: Attributes, *, within: Span | None) -> Iterator[Note]:
    """A span that is the current one in its block; a child of `within`, else of the current one."""
    made = _start(name, attributes, within=within)
    if made is None:
        yield _nothing
        return
    from opentelemetry.trace import use_span

    current = use_span(made, record_exception=False, set_status_on_exception=False)
    with _ended(made) as note, current:
        yield note


@contextmanager
def call_span(name: str, attributes: Attributes, *, kind_of: Callable[[BaseException], str]) -> Iterator[Note]:
    """A span for a call that leaves for somebody else; an error is told as `kind_of` names it."""
    with _ended(_start(name, attributes, is_call=True), kind_of=kind_of) as note:
        yield note


def _start(name: str, attributes: Attributes, *, within: Span | None = None, is_call: bool = False) -> Span | None:
    """A span, or none where nobody set a tracer provider."""
    if "opentelemetry.trace" not in sys.modules:
        return None
    from opentelemetry import trace  # waits for Chroma, where its thread is just importing it

    if isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider):
        return None
    return trace.get_tracer("emer", version()).start_span(
        name,
        context=trace.set_span_in_context(within) if within is not None else None,
        kind=trace.SpanKind.CLIENT if is_call else trace.SpanKind.INTERNAL,
        attributes=_told(attributes),
    )


def _name_of(error: BaseException) -> str:
    return type(error).__name__


@contextmanager
def _ended(made: Span | None, *, kind_of: Callable[[BaseException], str] = _name_of) -> Iterator[Note]:
    """Ends the span with the block. Of an error only the kind is told: its message may quote the clip."""
    if made is None:
        yield _nothing
        return
    try:
        yield lambda attributes: made.set_attributes(_told(attributes))
    except GeneratorExit:
        raise  # whoever listened has heard enough
    except BaseException as error:
        from opentelemetry.trace import Status, StatusCode

        made.set_attribute("error.type", kind_of(error))
        made.set_status(Status(StatusCode.ERROR))
        raise
    finally:
        made.end()


def _told(attributes: Attributes) -> dict[str, Any]:
    return {name: value for name, value in attributes.items() if value is not None}


def _nothing(attributes: Attributes) -> None:
    """Notes nothing."""
