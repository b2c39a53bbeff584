"""One clip of a batch as a plain value that travels to worker processes, and what is picked of many."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from emer.errors import InputError


@dataclass(frozen=True)
class Row:
    """What is known of one clip before it is looked at; exactly one of `source`, `text` and `cues` is set.

    Attributes:
        id: names the clip in this batch: the manifest's id, else the path below the given folder.
        source: path of a file.
        text: the words themselves.
        cues: observations that somebody else made.
        transcript: what is said, as a text or the path of one.
        context: what is known about the situation.
        label: what somebody else says of it; carried through, never read.
        columns: any further columns of the manifest, carried through.
    """

    id: str
    source: str | None = None
    text: str | None = None
    cues: list[Any] | None = None
    transcript: str | None = None
    context: str | None = None
    label: str | None = None
    columns: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The row for another process; `Row(**it)` is the row again."""
        return asdict(self)


def with_own_ids(rows: Iterable[Row]) -> list[Row]:
    """The rows, each file once; where two files of different folders have one name, their whole paths tell them apart.

    Raises:
        InputError: two rows of manifests have one id.
    """
    once: dict[tuple[str, str | None], Row] = {}
    told: list[Row] = []
    for row in rows:
        mark = (row.id, row.source)
        if mark not in once:
            once[mark] = row
            told.append(row)
        elif row != once[mark]:
            raise InputError(f"two rows have the id {row.id!r}; ids tell clips apart, so give each row its own")
    n_with = Counter(row.id for row in told)
    whole = [replace(row, id=row.source) if n_with[row.id] > 1 and row.source else row for row in told]
    twice = [id_ for id_, n in Counter(row.id for row in whole).items() if n > 1]
    if twice:
        raise InputError(f"two rows have the id {twice[0]!r}; ids tell clips apart, so give each row its own")
    return whole


def pick(
    rows: Sequence[Row], *, shard: tuple[int, int] | None = None, sample: int | None = None, limit: int | None = None
) -> list[Row]:
    """The rows of one shard, of them a sample, of it the first so many.

    Shard and sample go by the digest of the id, so that they stay the same when rows are added or moved.

    Args:
        rows: all of them.
        shard: (i, n), the i-th (from 1) of n.
        sample: how many, spread evenly over ids.
        limit: only the first so many.
    """
    chosen = list(rows)
    if shard is not None:
        number, n = shard
        chosen = [row for row in chosen if _spread(row.id) % n == number - 1]
    if sample is not None:
        kept = set(sorted((row.id for row in chosen), key=lambda id_: (_spread(id_ + "\0sample"), id_))[:sample])
        chosen = [row for row in chosen if row.id in kept]
    return chosen[:limit]


def _spread(id_: str) -> int:
    return int.from_bytes(hashlib.sha256(id_.encode("utf-8", "surrogatepass")).digest()[:8])
