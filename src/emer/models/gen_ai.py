"""A call of a model in the words of OpenTelemetry's conventions for generative AI: counts and names, no content.

https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from emer.models.backend import Call, Completion, Passing
from emer.models.spec import ModelSpec

OPERATION = "chat"


def request_attributes(spec: ModelSpec, call: Call) -> dict[str, Any]:
    """What is asked of whom; what is left out of the call is None."""
    place = urlsplit(spec.place or "")
    return {
        "gen_ai.operation.name": OPERATION,
        "gen_ai.provider.name": spec.provider,
        "gen_ai.request.model": spec.name,
        "gen_ai.request.max_tokens": call.max_tokens,
        "gen_ai.request.temperature": None if "temperature" in call.omitted else call.temperature,
        "gen_ai.request.seed": None if "seed" in call.omitted else call.seed,
        "gen_ai.output.type": "json",
        "gen_ai.agent.name": call.agent,
        "server.address": place.hostname,
        "server.port": place.port,
        "emer.rung": call.rung,
    }


def response_attributes(given: Completion) -> dict[str, Any]:
    """Why the answer ended and the tokens that the endpoint counted."""
    return {
        "gen_ai.response.finish_reasons": [given.finish],
        "gen_ai.usage.input_tokens": given.input_tokens,
        "gen_ai.usage.output_tokens": given.output_tokens,
    }


def error_kind(error: BaseException) -> str:
    """What went wrong, by name: "429", "no connection", else the class of the error."""
    return error.kind if isinstance(error, Passing) else type(error).__name__
