"""Who may ask the server for anything: the right host, the right origin and, beyond this machine, the right token."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qs, urlsplit

Scope = dict[str, Any]
App = Callable[[Scope, Any, Any], Awaitable[None]]

COOKIE = "emer_token"
_OPEN = ("/report/", "/clip/")
"""Addresses whose random names are keys themselves; a page in a frame of no origin sends no cookie."""
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"SAMEORIGIN"),
    (b"cross-origin-opener-policy", b"same-origin"),
)


@dataclass(frozen=True)
class Guard:
    """An ASGI application that lets through what may pass to `app`.

    Attributes:
        hosts: values of the header Host that are ours, so that no other name can be bound to this address (DNS
            rebinding); empty where any may be, because a token is asked for.
        token: what must be given once, as `?token=`, and is then kept in a cookie; None on this machine only.
        max_bytes: the longest body of one request.
    """

    app: App
    hosts: frozenset[str]
    token: str | None
    max_bytes: int

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Refuses the request, or passes it on and adds headers to the answer."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        why = self._refusal(scope, headers)
        if why is not None:
            await _refuse(scope, send, *why)
            return
        is_new = self.token is not None and self._given(scope) is not None
        await self.app(scope, receive, self._answering(send, is_new=is_new))

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> tuple[int, str] | None:
        host = headers.get("host", "")
        if self.hosts and host not in self.hosts:
            return 421, f"this server answers to {' and '.join(sorted(self.hosts))}"
        origin = headers.get("origin")
        is_reading = scope["type"] == "http" and scope["method"] in ("GET", "HEAD", "OPTIONS")
        is_foreign = origin is not None and urlsplit(origin).netloc != host
        if not is_reading and (
            is_foreign or headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")
        ):
            return 403, "another page must not act here"
        if "transfer-encoding" in headers:
            return 411, "say how long it is (Content-Length)"
        length = headers.get("content-length") or "0"
        if not length.isdecimal() or int(length) > self.max_bytes:
            return 413, f"at most {self.max_bytes // 1_000_000} MB are taken at once"
        if not self._is_known(scope, headers):
            return 401, "open the address with ?token= that `emer serve` printed"
        return None

    def _is_known(self, scope: Scope, headers: dict[str, str]) -> bool:
        if self.token is None or scope["path"].startswith(_OPEN):
            return True
        cookies = SimpleCookie(headers.get("cookie", ""))
        given = self._given(scope) or (cookies[COOKIE].value if COOKIE in cookies else "")
        return hmac.compare_digest(given.encode(), self.token.encode())

    def _given(self, scope: Scope) -> str | None:
        return next(iter(parse_qs(scope.get("query_string", b"").decode("latin-1")).get("token", [])), None)

    def _answering(self, send: Any, *, is_new: bool) -> Any:
        async def answer(message: Scope) -> None:
            if message["type"] == "http.response.start":
                extra = list(_HEADERS)
                if is_new:
                    cookie = f"{COOKIE}={self.token}; HttpOnly; SameSite=Strict; Path=/"
                    extra.append((b"set-cookie", cookie.encode()))
                message = {**message, "headers": [*message.get("headers", []), *extra]}
            await send(message)

        return answer


async def _refuse(scope: Scope, send: Any, status: int, why: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": why})
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8"), *_HEADERS]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": f"emer: {why}\n".encode()})
