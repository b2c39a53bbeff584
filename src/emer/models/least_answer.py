"""The least JSON value that fits a JSON Schema: empty lists, the first of a choice, the low end of a range."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

JSONSchema = Mapping[str, Any]


def least(schema: JSONSchema) -> Any:
    """The least value that fits `schema`, the same each time; patterns and formats are not looked at.

    >>> least({"type": "object", "properties": {"a": {"type": "integer"}, "b": {"enum": ["x", "y"]}},
    ...        "required": ["a", "b"]})
    {'a': 0, 'b': 'x'}
    """
    return _least(schema, schema.get("$defs", {}))


def _least(schema: JSONSchema, known: JSONSchema) -> Any:
    if "$ref" in schema:
        return _least(known[str(schema["$ref"]).rpartition("/")[2]], known)
    for key in ("const", "default"):
        if key in schema:
            return schema[key]
    if "enum" in schema:
        return schema["enum"][0]
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return _least(_plainest(schema[key]), known)
    return _of_type(schema, known)


def _plainest(choices: list[JSONSchema]) -> JSONSchema:
    """`null` where it is allowed, else the first choice."""
    return next((choice for choice in choices if choice.get("type") == "null"), choices[0])


def _of_type(schema: JSONSchema, known: JSONSchema) -> Any:
    kind = schema.get("type")
    if kind == "object":
        needed = schema.get("required", [])
        return {name: _least(one, known) for name, one in schema.get("properties", {}).items() if name in needed}
    if kind == "array":
        given = [_least(one, known) for one in schema.get("prefixItems", [])]
        return given + [_least(schema.get("items", {}), known)] * (schema.get("minItems", 0) - len(given))
    if kind == "string":
        return "-" * max(1, schema.get("minLength", 1))
    if kind in ("integer", "number"):
        return _least_number(schema, whole=kind == "integer")
    return False if kind == "boolean" else None


def _least_number(schema: JSONSchema, *, whole: bool) -> float:
    low, high = schema.get("minimum"), schema.get("maximum")
    if "exclusiveMinimum" in schema:
        low = schema["exclusiveMinimum"] + (1 if whole else 1e-3)
    value = 0 if low is None else max(0, low)
    return value if high is None else min(value, high)
