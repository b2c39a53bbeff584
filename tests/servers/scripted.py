"""A chat-completions server over real sockets whose latency, faults and answers are set by the test.

`python -m tests.servers.scripted --latency 1 --faults 0.3` runs it by itself; `GET /stats` tells what it was asked,
`GET /reset` tells it and begins anew.
Written on asyncio streams, because a framework would not let a test cut a body in half or drop a connection.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from emer.models.least_answer import least

JSON = dict[str, Any]

FAULTS = (
    "429", "500", "dropped", "slow", "half body", "half JSON", "wrong schema", "empty", "HTML",
)  # fmt: skip
"""What a faulty answer can be; "slow" drips its body for `slow_s` and is whole."""


@dataclass
class Script:
    """How the server behaves.

    Attributes:
        latency_s: until the answer begins.
        fault_share: of the calls, drawn by `seed` and the number of the call.
        formats: the `response_format` types that are taken; another is answered with 400. "none" is no format.
        ignores_format: takes every format and answers as if there were none.
        refuses: parameters that are answered with 400, and "image" and "sound".
        plan: what is answered first, before the shares count: a fault, "ok", "refusal", "length", "no choices" …
        answer: the text for a request, instead of the least one that fits its schema.
    """

    latency_s: float = 0.0
    fault_share: float = 0.0
    faults: Sequence[str] = FAULTS
    seed: int = 0
    slow_s: float = 0.3
    retry_after_s: float | str = 0.05
    formats: Sequence[str] = ("json_schema", "json_object_schema", "json_object", "none")
    format_status: int = 400
    ignores_format: bool = False
    refuses: Sequence[str] = ()
    plan: Sequence[str] = ()
    answer: Callable[[JSON], str] | None = None
    error: str = "out of order"
    error_body: JSON | None = None
    counts_tokens: bool = True


@dataclass
class Seen:
    """What the server was asked."""

    calls: int = 0
    in_flight: int = 0
    most_in_flight: int = 0
    served: Counter[str] = field(default_factory=Counter)
    bodies: list[JSON] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    spans_s: list[tuple[float, float]] = field(default_factory=list)
    input_tokens: int = 0
    output_tokens: int = 0

    def in_a_row(self) -> int:
        """The most calls of which each began after the one before had ended."""
        count, free_s = 0, 0.0
        for begin_s, end_s in sorted(self.spans_s, key=lambda span: span[1]):
            if begin_s >= free_s:
                count, free_s = count + 1, end_s
        return count


class ScriptedServer:
    """The server as a context manager, in a thread with its own loop."""

    def __init__(self, script: Script | None = None, *, port: int = 0) -> None:
        self.script = script or Script()
        self.seen = Seen()
        self._port = port
        self._loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._port}/v1"

    def __enter__(self) -> ScriptedServer:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _start(self) -> None:
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", self._port, backlog=512)
        self._port = self._server.sockets[0].getsockname()[1]

    async def _stop(self) -> None:
        assert self._server is not None
        self._server.close()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0.01)  # the aborted transports close their sockets on the loop's next rounds

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while await self._one(reader, writer):
                pass
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.transport.abort()

    async def _one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        if first.startswith("GET"):
            stats = json.dumps(self._stats()).encode()
            self.seen = Seen() if "/reset" in first else self.seen
            return await self._send(writer, 200, stats)
        if not first.split(" ")[1].endswith("/chat/completions"):
            return await self._send(writer, 404, b'{"error": {"message": "no such page"}}')
        self.seen.calls += 1
        self.seen.in_flight += 1
        self.seen.most_in_flight = max(self.seen.most_in_flight, self.seen.in_flight)
        number, begun_s = self.seen.calls, time.monotonic()
        try:
            asked = json.loads(body)
            self.seen.bodies.append(asked)
            self.seen.headers.append(headers)
            await asyncio.sleep(self.script.latency_s)
        finally:
            self.seen.in_flight -= 1
            self.seen.spans_s.append((begun_s, time.monotonic()))
        return await self._reply(writer, asked, number)

    def _stats(self) -> JSON:
        return {
            "calls": self.seen.calls,
            "most_in_flight": self.seen.most_in_flight,
            "served": dict(self.seen.served),
            "in_a_row": self.seen.in_a_row(),
            "input_tokens": self.seen.input_tokens,
            "output_tokens": self.seen.output_tokens,
        }

    async def _reply(self, writer: asyncio.StreamWriter, asked: JSON, number: int) -> bool:
        refused = refusal(self.script, asked)
        if refused is not None:
            self.seen.served[f"refused {refused[1]}"] += 1
            return await self._send(writer, refused[0], json.dumps(refused[2]).encode())
        kind = chosen(self.script, number)
        self.seen.served[kind] += 1
        if kind == "429":
            extra = {"retry-after": str(self.script.retry_after_s)}
            return await self._send(writer, 429, b'{"error": {"message": "too many requests"}}', extra=extra)
        if kind.isdigit():
            told = self.script.error_body or {"error": {"message": self.script.error}}
            return await self._send(writer, int(kind), json.dumps(told).encode())
        if kind == "dropped":
            return False
        if kind == "HTML":
            return await self._send(writer, 200, b"<html><body>It works!</body></html>", kind="text/html")
        given = completion(self.script, asked, kind)
        spent = given.get("usage", {})
        self.seen.input_tokens += spent.get("prompt_tokens", 0)
        self.seen.output_tokens += spent.get("completion_tokens", 0)
        whole = json.dumps(given).encode()
        if kind == "half body":
            return await self._send(writer, 200, whole, cut=len(whole) // 2)
        return await self._send(writer, 200, whole, drip_s=self.script.slow_s if kind == "slow" else 0)

    async def _send(
        self,
        writer: asyncio.StreamWriter,
        status: int,
        body: bytes,
        *,
        kind: str = "application/json",
        extra: dict[str, str] | None = None,
        cut: int | None = None,
        drip_s: float = 0.0,
    ) -> bool:
        headers = {"content-type": kind, "content-length": str(len(body)), **(extra or {})}
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        writer.write(f"HTTP/1.1 {status} X\r\n{lines}\r\n".encode())
        pieces = _quarters(body) if drip_s else [body]
        for piece in pieces:
            writer.write(piece if cut is None else piece[:cut])
            await writer.drain()
            if drip_s:
                await asyncio.sleep(drip_s / 4)
        return cut is None


def _quarters(body: bytes) -> list[bytes]:
    size = len(body) // 4 + 1
    return [body[at : at + size] for at in range(0, len(body), size)]


def chosen(script: Script, number: int) -> str:
    """What call `number` (from 1) gets: the plan first, then a fault by its share, else "ok"."""
    if number <= len(script.plan):
        return script.plan[number - 1]
    draw = random.Random(f"{script.seed}:{number}")
    return draw.choice(list(script.faults)) if draw.random() < script.fault_share else "ok"


def refusal(script: Script, asked: JSON) -> tuple[int, str, JSON] | None:
    """Status, name and body of the answer to a request that this server does not take; none if it takes it."""
    carried = [name for name in script.refuses if name in asked or _has_media(asked, name)]
    for name in carried:
        told = {"image": "this model does not support image input", "sound": "audio input is not supported"}
        message = told.get(name, f"Unsupported parameter: '{name}' is not supported with this model.")
        return 400, name, {"error": {"message": message, "param": None if name in told else name}}
    if script.ignores_format or form(asked) in script.formats:
        return None
    body = {"error": {"message": f"response_format {form(asked)} is not available", "param": "response_format"}}
    return script.format_status, form(asked), body


def form(asked: JSON) -> str:
    """The response format of a request by the name of its rung, "none" without one."""
    wanted = asked.get("response_format") or {"type": "none"}
    return "json_object_schema" if wanted["type"] == "json_object" and "schema" in wanted else str(wanted["type"])


def _has_media(asked: JSON, name: str) -> bool:
    kinds = {"image": "image_url", "sound": "input_audio"}
    contents = [message["content"] for message in asked["messages"] if isinstance(message["content"], list)]
    return any(part["type"] == kinds.get(name) for content in contents for part in content)


def completion(script: Script, asked: JSON, kind: str) -> JSON:
    """The body of an answer of this kind."""
    text: str | None = script.answer(asked) if script.answer else json.dumps(least(schema_of(asked) or {}))
    assert text is not None
    finish, refused = "stop", None
    if kind == "half JSON":
        text = text[: len(text) // 2]
    elif kind == "wrong schema":
        text = '{"unasked": true}'
    elif kind == "empty":
        text = ""
    elif kind == "refusal":
        text, refused = None, "I cannot help with that."
    elif kind == "filtered":
        finish = "content_filter"
    elif kind == "length":
        text, finish = text[: len(text) // 2], "length"
    elif kind == "prose":
        text = "I would say that this is quite a glad person."
    message = {"role": "assistant", "content": text, "refusal": refused}
    choices = [] if kind == "no choices" else [{"index": 0, "message": message, "finish_reason": finish}]
    given: JSON = {"id": "c", "object": "chat.completion", "created": 0, "model": asked["model"], "choices": choices}
    spent = {"prompt_tokens": len(json.dumps(asked["messages"])) // 4, "completion_tokens": len(text or "") // 4}
    return given | ({"usage": {**spent, "total_tokens": sum(spent.values())}} if script.counts_tokens else {})


def schema_of(asked: JSON) -> JSON | None:
    """The JSON Schema that a request carries: in its format, else in its words after "JSON Schema:"."""
    wanted = asked.get("response_format") or {}
    if "json_schema" in wanted:
        return dict(wanted["json_schema"]["schema"])
    if "schema" in wanted:
        return dict(wanted["schema"])
    words = json.dumps(asked["messages"][0]["content"])
    _, found, rest = json.loads(words).partition("JSON Schema:\n")
    return dict(json.JSONDecoder().raw_decode(rest)[0]) if found else None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8999)
    parser.add_argument("--latency", type=float, default=0.0)
    parser.add_argument("--faults", type=float, default=0.0)
    given = parser.parse_args()
    server = ScriptedServer(Script(latency_s=given.latency, fault_share=given.faults), port=given.port)
    with server:
        print(server.base_url, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
