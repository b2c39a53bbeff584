"""An answer's text as a validated model: also where the JSON stands in prose, in a fence or after thinking aloud."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import TypeVar

from pydantic import BaseModel, ValidationError

T = TypeVar("T", bound=BaseModel)

THINKING = re.compile(r"^.*</think(?:ing)?>", re.DOTALL)
MOST_OBJECTS = 20  # a text with more opening braces that parse is no answer
MOST_TOLD = 8  # validation errors that are shown to the model


def read_answer(text: str, schema: type[T]) -> T:
    """The value of `schema` in `text`: the whole text, else the first JSON object in it that fits.

    Raises:
        ValueError: there is none; the message says why in words for the model, and repeats none of its own.
    """
    try:
        return schema.model_validate_json(text)
    except ValidationError as error:
        first = error
    told = None
    for candidate in _objects(THINKING.sub("", text)):
        try:
            return schema.model_validate_json(candidate)
        except ValidationError as error:
            told = told or error
    raise ValueError(_problems(told) if told else _no_object(text, first)) from None


def _objects(text: str) -> Iterator[str]:
    """The JSON objects in `text`, outermost first, in the order in which they stand there."""
    decoder = json.JSONDecoder()
    at, found = text.find("{"), 0
    while at >= 0 and found < MOST_OBJECTS:
        try:
            _, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            at = text.find("{", at + 1)
            found += 1
            continue
        yield text[at:end]
        at = text.find("{", end)
        found += 1


def _no_object(text: str, error: ValidationError) -> str:
    if not text.strip():
        return "the answer is empty; expected one JSON object"
    if "{" not in text:
        return "the answer holds no JSON object"
    return f"the answer is not valid JSON: {error.errors(include_input=False, include_url=False)[0]['msg']}"


def _problems(error: ValidationError) -> str:
    """What does not fit, by place; values are left out, since they may be the clip's words."""
    problems = error.errors(include_input=False, include_url=False, include_context=False)
    lines = [f"{'.'.join(str(part) for part in one['loc']) or 'the object'}: {one['msg']}" for one in problems]
    more = [f"and {len(lines) - MOST_TOLD} more"] if len(lines) > MOST_TOLD else []
    return "; ".join(lines[:MOST_TOLD] + more)
