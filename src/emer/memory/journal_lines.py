"""How a case, and the forgetting of one, is written as one line of the journal.

    {"sum":"<16 hex>","op":"add","case":{"id":"…",…}}
    {"sum":"<16 hex>","op":"forget","line":"<16 hex>"}

The sum is taken over the bytes that follow it, so that a line can be checked without being parsed, and a new field of
a case leaves old lines good. A case is written without the fields that it leaves at their defaults: the same case is
the same line, and its sum is the key under which the index knows it. A forgotten case is named by its sum alone, so
that nothing of it remains in the line that removes it.
"""

from __future__ import annotations

import hashlib
import json
from typing import NamedTuple

from pydantic import ValidationError

from emer.schemas import Case

_SUM = b'{"sum":"'
_ADD = b',"op":"add","case":'
_ID = _ADD + b'{"id":"'
_FORGET = b',"op":"forget","line":"'
_BODY = len(_SUM) + 17  # where the bytes begin that the sum is taken over


class Entry(NamedTuple):
    """What a line says: a case with this key and id was added, or (no id) the line with this key was forgotten."""

    key: int
    id: str | None


def add_line(case: Case) -> bytes:
    """Return the line that adds a case, with its newline."""
    return _line(_ADD + case.model_dump_json(exclude_defaults=True).encode() + b"}")


def forget_line(key: int) -> bytes:
    """Return the line that forgets the case with this key, with its newline."""
    return _line(_FORGET + b'%016x"}' % key)


def key_of(line: bytes) -> int:
    """Return the number that the sum of a line is, 0..2^64."""
    return int(line[len(_SUM) : len(_SUM) + 16], 16)


def parse(line: bytes) -> Entry | None:
    """Return what a line says, its newline left out; None if it is damaged."""
    body = line[_BODY:]
    if not line.startswith(_SUM) or line[len(_SUM) : _BODY] != _sum(body) + b'"':
        return None
    try:
        if body.startswith(_ID):
            return Entry(key_of(line), _id(body))
        if body.startswith(_FORGET):
            return Entry(int(body[len(_FORGET) : len(_FORGET) + 16], 16), None)
    except (ValueError, KeyError, TypeError):
        return None
    return None


def case_of(line: bytes) -> Case | None:
    """Return the case of a line that `parse` found to add one; None if a version of emer that knows more wrote it."""
    try:
        return Case.model_validate_json(line[_BODY + len(_ADD) : -1])
    except ValidationError:
        return None


def _line(body: bytes) -> bytes:
    return _SUM + _sum(body) + b'"' + body + b"\n"


def _sum(body: bytes) -> bytes:
    return hashlib.sha256(body).hexdigest()[:16].encode()


def _id(body: bytes) -> str:
    end = body.index(b'"', len(_ID))
    id_ = body[len(_ID) : end]
    if b"\\" in id_:  # escaped: the end may be another quotation mark
        parsed: str = json.loads(body[len(_ADD) : -1])["id"]
        return parsed
    return id_.decode()
