"""A case index on a Chroma server, over HTTP: keys and vectors go there, no word of a case.

Chroma's own client waits for ever for a server that does not answer. Every request here has a time limit.
"""

from __future__ import annotations

import base64
import weakref
from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from emer.errors import ToolError

if TYPE_CHECKING:
    import httpx
    import numpy as np
    from numpy.typing import NDArray

CONNECT_S = 1.0
ANSWER_S = 5.0  # a question waits no longer for a server than this
_WRITE_S = 60.0  # a busy server takes seconds for a batch of vectors
_ROOT = "/api/v2/tenants/default_tenant/databases/default_database/collections"
_PAGE = 5_000
_HNSW = {"space": "cosine", "ef_search": 512, "ef_construction": 100}  # as in the shards


class GoneError(ToolError):
    """The collection is not the one that was opened: somebody made it anew, or it holds less than it did."""


class BrokenError(ToolError):
    """The server answers, and cannot use the collection."""


class ServerIndex:
    """The collections of one server; `open` chooses the one that all other methods are about.

    Args:
        url: `http://HOST:PORT`, without a user or a password.
        key: sent as a bearer token.
    """

    def __init__(self, url: str, key: str | None = None) -> None:
        self.url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._id: str | None = None
        self._name = ""
        self._client: httpx.Client | None = None

    def open(self, name: str) -> None:
        """Choose a collection; it is made when it is not there.

        Raises:
            ToolError: no Chroma server answers.
        """
        body = {"name": name, "get_or_create": True, "configuration": {"hnsw": _HNSW}}
        told = self._asked("POST", _ROOT, body)
        if not isinstance(told, dict) or "id" not in told:
            raise self._no_chroma()
        self._id, self._name = str(told["id"]), name

    def keys(self) -> set[int]:
        """Return the keys of all cases that it has a vector of."""
        found: set[int] = set()
        offset = 0
        while page := self._of("get", {"limit": _PAGE, "offset": offset, "include": []})["ids"]:
            found.update(_keys(page))
            offset += len(page)
        return found

    def count(self) -> int:
        """Return how many vectors it has."""
        return int(self._of("count", None))

    def present(self, keys: Sequence[int]) -> set[int]:
        """Return which of some keys it has."""
        return set(_keys(self._of("get", {"ids": _ids(keys), "include": []})["ids"]))

    def vectors(self, keys: Sequence[int]) -> dict[int, NDArray[np.float32]]:
        """Return the vectors that it has of some keys."""
        import numpy as np

        told = self._of("get", {"ids": _ids(keys), "include": ["embeddings"]})
        pairs = zip(_keys(told["ids"]), told["embeddings"] or (), strict=False)
        return {key: np.asarray(row, dtype=np.float32) for key, row in pairs}

    def put(self, keys: Sequence[int], vectors: NDArray[np.float32]) -> None:
        """Give it the vectors of some keys, in place of those that it has."""
        rows = [base64.b64encode(row.astype("<f4").tobytes()).decode() for row in vectors]
        self._of("upsert", {"ids": _ids(keys), "embeddings": rows}, timeout_s=_WRITE_S)

    def remove(self, keys: Collection[int]) -> None:
        """Delete the vectors of some keys."""
        ids = _ids(keys)
        for start in range(0, len(ids), _PAGE):
            self._of("delete", {"ids": ids[start : start + _PAGE]}, timeout_s=_WRITE_S)

    def nearest(self, vectors: NDArray[np.float32], n: int) -> list[list[int]]:
        """Return the keys of the nearest cases of each vector, float32 (m, width)."""
        told = self._of("query", {"query_embeddings": vectors.tolist(), "n_results": n, "include": []})
        return [_keys(ids) for ids in told["ids"]]

    def drop(self) -> None:
        """Delete the collection; `open` makes it anew."""
        self._asked("DELETE", f"{_ROOT}/{self._name}", None)
        self._id = None

    def drop_others(self, prefix: str) -> None:
        """Delete the other collections whose names begin so."""
        for name in [name for name in self._names() if name.startswith(prefix) and name != self._name]:
            self._asked("DELETE", f"{_ROOT}/{name}", None)

    def close(self) -> None:
        """Let the connections go; the next request makes new ones."""
        if self._client is not None:
            self._closing()
            self._client = None

    def _names(self) -> Iterator[str]:
        offset = 0
        while page := self._asked("GET", f"{_ROOT}?limit=100&offset={offset}", None):
            yield from (str(one["name"]) for one in page)
            offset += len(page)

    def _of(self, what: str, body: dict[str, Any] | None, *, timeout_s: float | None = None) -> Any:
        if self._id is None:
            raise GoneError(f"no collection of {self.url} is open")
        method = "GET" if body is None else "POST"
        return self._asked(method, f"{_ROOT}/{self._id}/{what}", body, timeout_s=timeout_s)

    def _asked(self, method: str, path: str, body: dict[str, Any] | None, *, timeout_s: float | None = None) -> Any:
        import httpx

        if self._client is None:
            is_here = urlsplit(self.url).hostname in ("127.0.0.1", "::1", "localhost")
            # a proxy would carry a local call off the machine
            self._client = httpx.Client(headers=self._headers, trust_env=not is_here)
            self._closing = weakref.finalize(self, self._client.close)
        times = httpx.Timeout(timeout_s or ANSWER_S, connect=CONNECT_S)
        try:
            answer = self._client.request(method, self.url + path, json=body, timeout=times)
            answer.read()
        except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
            raise ToolError(f"it does not answer: {error or type(error).__name__}") from error
        if answer.status_code == 404 and self._id is not None and self._id in path:
            raise GoneError("its collection was made anew")
        if answer.status_code in (400, 422, 500):
            raise BrokenError(f"it answers with HTTP {answer.status_code}")
        if not answer.is_success:
            hint = "; set EMER_MEMORY_KEY" if answer.status_code in (401, 403) else ""
            raise ToolError(f"it answers with HTTP {answer.status_code}{hint}")
        try:
            return answer.json()
        except ValueError as error:
            raise self._no_chroma() from error

    def _no_chroma(self) -> ToolError:
        return ToolError("what answers there is no Chroma server of version 1")


def _ids(keys: Collection[int]) -> list[str]:
    return [f"{key:016x}" for key in keys]


def _keys(ids: Sequence[str]) -> list[int]:
    try:
        return [int(id_, 16) for id_ in ids]
    except ValueError as error:
        raise BrokenError("its collection holds what emer did not put there") from error
