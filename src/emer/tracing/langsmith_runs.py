"""What LangSmith gets of a run where the user turned it on: names, times and kinds of errors, no word of the clip.

LangGraph by itself would send the whole state, which holds transcripts, cues and Reports, to whoever LANGSMITH_TRACING
was once set for. A tracer of ours in its place keeps it from that.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from emer.config import Settings, tracing_environment
from emer.tracing.exporter import without_password

if TYPE_CHECKING:
    from langsmith import Client

USUAL_URL = "https://api.smith.langchain.com"
SWITCHES = ("LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING_V2", "LANGSMITH_TRACING", "LANGCHAIN_TRACING")


def is_wanted() -> bool:
    """Whether LangGraph would trace now: by the environment, or by what the caller opened in this process."""
    from langchain_core.tracers.context import tracing_v2_callback_var
    from langsmith.utils import tracing_is_enabled

    return bool(tracing_is_enabled()) or tracing_v2_callback_var.get() is not None


def run_config(settings: Settings, name: str) -> dict[str, Any]:
    """What a graph is run with, so that LangSmith sees a run of this name without its content; {} where it is off."""
    if not is_wanted():
        return {}
    from langchain_core.tracers import LangChainTracer

    client = _silent_client() if settings.no_network else _client()
    return {"callbacks": [LangChainTracer(client=client)], "run_name": name}


def langsmith_place() -> str | None:
    """Where the environment sends runs; None where it does not."""
    told = tracing_environment()
    if next((told[name] for name in SWITCHES if name in told), "") != "true":
        return None
    return without_password(told.get("LANGSMITH_ENDPOINT") or told.get("LANGCHAIN_ENDPOINT") or USUAL_URL)


@cache
def _client() -> Client:
    """A client that hides what runs hold; it sends what is left when the process ends."""
    from langsmith import Client
    from urllib3.util import Retry

    return Client(
        hide_inputs=True,
        hide_outputs=True,
        hide_metadata=True,
        anonymizer=_only_the_kind,
        retry_config=Retry(total=0),  # it tries three times itself; both together hold up the exit for 17 s
    )


@cache
def _silent_client() -> Client:
    """A client that keeps no run: with one, LangGraph makes none of its own that would try to connect."""
    from langsmith import Client

    return Client(api_key="none", tracing_sampling_rate=0.0, auto_batch_tracing=False)


def _only_the_kind(hidden: Any) -> Any:
    """An error without its message and places, both of which may quote the clip: `ModelError('…')` becomes its name."""
    kind = re.match(r"[\w.]+", str(hidden.get("error", "")))
    return {"error": kind[0] if kind else "error"}
