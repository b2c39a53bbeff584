"""A call as the body of OpenAI's chat completions, which every provider over HTTP takes."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

from emer.models.backend import Call, Trait
from emer.models.chat import Image, Part, Sound, Text

JSON = dict[str, Any]


def chat_body(call: Call, model: str, *, limit_names: Sequence[Trait]) -> JSON:
    """The body of the request; the first of `limit_names` that was not refused is the limit of output tokens."""
    body: JSON = {"model": model, "messages": _messages(call), "stream": False}
    body |= {} if call.rung == "prompt" else {"response_format": _format(call)}
    body |= dict.fromkeys([name for name in limit_names if name not in call.omitted][:1], call.max_tokens)
    body |= {} if "temperature" in call.omitted else {"temperature": call.temperature}
    body |= {} if "seed" in call.omitted else {"seed": call.seed}
    return body


def _format(call: Call) -> JSON:
    if call.rung == "json_schema":
        named = {"name": call.schema_name, "strict": call.is_closed, "schema": call.schema}
        return {"type": "json_schema", "json_schema": named}
    return {"type": "json_object"} | ({"schema": call.schema} if call.rung == "json_object_schema" else {})


def _messages(call: Call) -> list[JSON]:
    asked: list[JSON] = [{"role": "system", "content": call.system}, {"role": "user", "content": _content(call)}]
    return asked + [{"role": role, "content": text} for role, text in call.turns]


def _content(call: Call) -> str | list[JSON]:
    """The parts; plain text where there is nothing but text, because some servers take no list."""
    if all(isinstance(part, Text) for part in call.parts):
        return "\n\n".join(part.text for part in call.parts if isinstance(part, Text))
    return [_part(part) for part in call.parts]


def _part(part: Part) -> JSON:
    if isinstance(part, Image):
        return {"type": "image_url", "image_url": {"url": f"data:image/jpeg;base64,{_base64(part.jpeg)}"}}
    if isinstance(part, Sound):
        return {"type": "input_audio", "input_audio": {"data": _base64(part.wav), "format": "wav"}}
    return {"type": "text", "text": part.text}


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")
