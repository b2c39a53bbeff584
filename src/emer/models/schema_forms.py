"""JSON Schemas as endpoints want them: strict for constrained decoding, as words for those that only read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from pydantic import BaseModel

JSONSchema = dict[str, Any]
UNSAID = ("default", "title", "examples")
"""Keywords that say nothing about what fits and that strict endpoints reject or charge for."""


@lru_cache(maxsize=64)
def strict_schema(model: type[BaseModel]) -> JSONSchema:
    """The JSON Schema of `model` with every object closed and every property required.

    Source: the rules of OpenAI's structured outputs; endpoints that are less strict take it as well. A reference that
    carries other keywords is replaced by what it refers to, because strict endpoints refuse the two together.
    """
    schema = model.model_json_schema()
    strict: JSONSchema = _strict(schema, schema.get("$defs", {}))
    return strict


def _strict(schema: Any, known: Mapping[str, Any]) -> Any:
    if isinstance(schema, list):
        return [_strict(one, known) for one in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema and len(schema) > 1:
        whole = known[str(schema["$ref"]).rpartition("/")[2]]
        return _strict({**whole, **{key: value for key, value in schema.items() if key != "$ref"}}, known)
    kept = {key: _inside(key, value, known=known) for key, value in schema.items() if key not in UNSAID}
    if "properties" in kept:
        kept |= {"additionalProperties": False, "required": list(kept["properties"])}
    return kept


def _inside(key: str, value: Any, *, known: Mapping[str, Any]) -> Any:
    """Below `properties` and `$defs` the keys are names, so that a property may be called "title"."""
    if key in ("properties", "$defs"):
        return {name: _strict(one, known) for name, one in value.items()}
    return value if key in ("enum", "const", "required") else _strict(value, known)


@lru_cache(maxsize=64)
def is_closed(model: type[BaseModel]) -> bool:
    """Whether each object in the schema names all its properties, which strict decoding demands."""
    return all("properties" in one for one in _objects(strict_schema(model)))


def _objects(schema: Any) -> list[JSONSchema]:
    if isinstance(schema, list):
        return [one for item in schema for one in _objects(item)]
    if not isinstance(schema, dict):
        return []
    own = [schema] if schema.get("type") == "object" else []
    return own + [one for value in schema.values() for one in _objects(value)]


@lru_cache(maxsize=64)
def in_words(model: type[BaseModel]) -> str:
    """The instruction that asks for one JSON object of this schema, for endpoints that do not decode under it."""
    text = json.dumps(strict_schema(model), ensure_ascii=False, separators=(",", ":"))
    return f"Answer with one JSON object and nothing else. It must fit this JSON Schema:\n{text}"
