"""Who gets through to the page, asked as a browser would ask."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from emer.web.guard import Guard

HOST = "127.0.0.1:7860"
LOCAL = {"hosts": frozenset({HOST}), "token": None}
FAR = {"hosts": frozenset[str](), "token": "s3cret"}


def ask(guard: dict[str, Any], method: str = "GET", path: str = "/", **headers: str) -> tuple[int, dict[str, str]]:
    """Status and headers of the answer to one request."""
    sent: list[dict[str, Any]] = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    where, _, query = path.partition("?")
    given = {"host": HOST, **{name.replace("_", "-"): value for name, value in headers.items()}}
    scope = {
        "type": "http", "method": method, "path": where, "query_string": query.encode(),
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
    }  # fmt: skip
    asyncio.run(Guard(inner, max_bytes=1000, **guard)(scope, None, send))
    return sent[0]["status"], {name.decode(): value.decode() for name, value in sent[0]["headers"]}


def test_the_page_itself_may_read_and_act() -> None:
    assert ask(LOCAL)[0] == 200
    status, headers = ask(LOCAL, "POST", origin=f"http://{HOST}", sec_fetch_site="same-origin")
    assert status == 200
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "SAMEORIGIN"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:9999"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
    ],
)
def test_another_page_must_not_act(headers: dict[str, str]) -> None:
    assert ask(LOCAL, "POST", **headers)[0] == 403


def test_a_name_bound_to_this_address_by_somebody_else_is_not_ours() -> None:
    assert ask(LOCAL, host="evil.example:7860")[0] == 421


def test_too_much_at_once_is_refused_before_it_is_read() -> None:
    assert ask(LOCAL, "POST", content_length="1001")[0] == 413
    assert ask(LOCAL, "POST", content_length="1000")[0] == 200
    assert ask(LOCAL, "POST", content_length="-1")[0] == 413
    assert ask(LOCAL, "POST", transfer_encoding="chunked")[0] == 411


def test_beyond_this_machine_a_token_is_asked_for_once() -> None:
    assert ask(FAR)[0] == 401
    assert ask(FAR, path="/?token=wrong")[0] == 401
    status, headers = ask(FAR, path="/?token=s3cret")
    assert status == 200
    assert "HttpOnly" in headers["set-cookie"]
    assert "SameSite=Strict" in headers["set-cookie"]
    assert ask(FAR, "POST", cookie="emer_token=s3cret")[0] == 200
    assert ask(FAR, "POST", cookie="emer_token=s3cre")[0] == 401
    assert ask(FAR, path="/gradio_api/info", cookie="other=s3cret")[0] == 401


def test_a_random_name_is_a_key_of_its_own() -> None:
    assert ask(FAR, path="/clip/abc")[0] == 200
    assert ask(FAR, path="/clipboard")[0] == 401
