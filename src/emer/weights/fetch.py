"""One file over HTTP: resumed where it broke off, checked, and moved to its place in one step."""

from __future__ import annotations

import hashlib
import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from emer.errors import NetworkRefusedError, SetupError

TRIES, PAUSE_S, TIMEOUT_S = 4, 0.5, 60.0
_PIECE_BYTES = 1 << 20
Tell = Callable[[int, int | None], None]
"""Called with the bytes that are here and the bytes in all (None where the server does not say)."""


def through_mirror(url: str, mirror: str | None) -> str:
    """The address with the mirror in place of scheme and host, the path unchanged."""
    if mirror is None:
        return url
    parts = urlsplit(url)
    return mirror.rstrip("/") + parts.path + (f"?{parts.query}" if parts.query else "")


def get(url: str) -> bytes:
    """What the server answers, for short answers.

    Raises:
        SetupError: it cannot be reached or refuses.
    """
    try:
        with urllib.request.urlopen(_request(url), timeout=TIMEOUT_S) as answer:
            body: bytes = answer.read()
            return body
    except (OSError, http.client.HTTPException) as error:
        raise _failure(url, error) from error


def fetch(url: str, target: Path, *, sha256: str | None, tell: Tell) -> str:
    """The SHA-256 of the file, which now lies at `target`.

    A connection that breaks is taken up again where it ended, in this call or in the next one; the server's ETag makes
    sure that it is still the same file.

    Raises:
        SetupError: it cannot be reached, breaks off again and again, or is not the file that was announced.
    """
    part = target.with_name(target.name + ".part")
    target.parent.mkdir(parents=True, exist_ok=True)
    for left in reversed(range(TRIES)):
        try:
            _continue(url, part, tell)
            break
        except (OSError, http.client.HTTPException) as error:
            if not left or not _may_pass(error):
                raise _failure(url, error) from error
            time.sleep(PAUSE_S * (TRIES - left))
    found = file_hash(part)
    if sha256 is not None and found != sha256:
        _forget(part)
        raise SetupError(
            f"{url} gave a file with SHA-256 {found}, expected {sha256}; it was thrown away. "
            "Try again; if it stays so, the file was changed at its source"
        )
    part.replace(target)
    _forget(part)
    return found


def file_hash(path: Path) -> str:
    """The SHA-256 of a file in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _continue(url: str, part: Path, tell: Tell) -> None:
    """Fetches what is missing of `part`."""
    mark = _mark(part)
    n_here = part.stat().st_size if part.exists() and mark.exists() else 0
    headers = {"Range": f"bytes={n_here}-", "If-Range": mark.read_text()} if n_here else {}
    with urllib.request.urlopen(_request(url, headers), timeout=TIMEOUT_S) as answer:
        n_here = n_here if answer.status == 206 else 0
        length = answer.headers.get("Content-Length")
        n_all = n_here + int(length) if length is not None else None
        if etag := answer.headers.get("ETag"):
            mark.write_text(etag)
        else:
            mark.unlink(missing_ok=True)
        with part.open("ab" if n_here else "wb") as file:
            while piece := answer.read(_PIECE_BYTES):
                file.write(piece)
                n_here += len(piece)
                tell(n_here, n_all)
    if n_all is not None and n_here < n_all:
        raise http.client.IncompleteRead(b"", n_all - n_here)


def _mark(part: Path) -> Path:
    return part.with_name(part.name + ".etag")


def _forget(part: Path) -> None:
    part.unlink(missing_ok=True)
    _mark(part).unlink(missing_ok=True)


def _request(url: str, headers: dict[str, str] | None = None) -> urllib.request.Request:
    if urlsplit(url).scheme not in ("http", "https"):
        raise SetupError(f"{url!r} is no web address; expected http:// or https:// (setting mirror)")
    return urllib.request.Request(url, headers={"User-Agent": "emer", **(headers or {})})


def _may_pass(error: Exception) -> bool:
    """Whether another try may help: not where the server said no."""
    if isinstance(error, urllib.error.HTTPError):
        error.close()
        return error.code in (408, 429) or error.code >= 500
    return not isinstance(_reason(error), NetworkRefusedError)


def _failure(url: str, error: Any) -> SetupError:
    if isinstance(error, urllib.error.HTTPError):
        error.close()
        why = {401: "it needs an account", 403: "it needs an account", 404: "there is no such file"}
        told = why.get(error.code, error.reason)
        return SetupError(
            f"{url} answered {error.code} ({told}); fetch it by hand into the folder, or set EMER_MIRROR to a mirror"
        )
    if isinstance(error, OSError) and error.errno in (28, 122):
        return SetupError(f"the disk is full; free some space or set EMER_WEIGHTS_DIR to another folder ({error})")
    reason = _reason(error)
    if isinstance(reason, NetworkRefusedError):
        return reason
    said = str(reason) or type(reason).__name__
    return SetupError(f"{url} could not be fetched ({said}); what came is kept, so the same command goes on from there")


def _reason(error: Exception) -> Any:
    """What lies behind an error; urllib wraps errors of the socket."""
    return getattr(error, "reason", None) or error
