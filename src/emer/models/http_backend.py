"""A model behind an endpoint that speaks OpenAI's chat completions, through the openai SDK."""

from __future__ import annotations

import asyncio
import json
import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from emer.errors import EndpointError, SetupError
from emer.models.backend import Call, Completion, Passing, Rejected, Trait
from emer.models.chat_body import chat_body
from emer.models.clients import ClientKey, give_back_client, take_client
from emer.models.ladder import names_a_form
from emer.models.spec import ModelSpec

if TYPE_CHECKING:
    from openai import APIConnectionError, APIStatusError, AsyncOpenAI

JSON = dict[str, Any]

TRIES_UNSEEN = 2  # where nothing has answered yet, the address is more likely wrong than the server busy
TRIES_NONSENSE = 4  # an HTML page or no choice at all is seldom mended by waiting
LIMIT_NAMES: tuple[Trait, ...] = ("max_completion_tokens", "max_tokens")  # OpenAI's new name, everybody's old one


class HttpBackend:
    """One model of one endpoint. It keeps a client for its loop until `aclose`."""

    def __init__(self, spec: ModelSpec, *, api_key: str | None, connections: int) -> None:
        assert spec.base_url is not None
        self._spec = spec
        self._key = ClientKey(spec.base_url, api_key, connections)
        self._client: AsyncOpenAI | None = None
        self._has_answered = False

    async def complete(self, call: Call) -> Completion:
        """The completion of `call`; see `Backend`."""
        from openai import APIConnectionError, APIStatusError

        names = LIMIT_NAMES if self._spec.provider == "openai" else LIMIT_NAMES[::-1]
        body = chat_body(call, self._spec.name, limit_names=names)
        try:
            async with asyncio.timeout(call.timeout_s):  # httpx counts per read, so a dripping body never ends
                content = await self._post(body, call.timeout_s)
        except TimeoutError as error:
            raise Passing("time-out", f"no answer within {call.timeout_s:g} s", tries=3) from error
        except APIStatusError as error:
            self._has_answered = True
            raise self._status_fault(error) from error
        except APIConnectionError as error:
            raise self._connection_fault(error, call.timeout_s) from error
        self._has_answered = True
        return _completion(content)

    async def aclose(self) -> None:
        """Closes the connections, if no other run uses them."""
        if self._client is not None:
            self._client = None
            await give_back_client(self._key)

    async def _post(self, body: JSON, timeout_s: float) -> bytes:
        """The body of the answer. `post` and not `create`: to build the SDK's models takes 1 ms of CPU a call."""
        import httpx2

        if self._client is None:
            self._client = take_client(self._key)
        response = await self._client.post(
            "/chat/completions", cast_to=httpx2.Response, body=body, options={"timeout": timeout_s}
        )
        return response.content

    def _status_fault(self, error: APIStatusError) -> Exception:
        status, told = error.status_code, _clean(_told(error), self._key.api_key)
        if status in (400, 413, 422) or (status in (500, 501) and names_a_form(told)):
            return Rejected(status, told, about=_about(error))
        if status in (408, 409, 425, 429) or status >= 500:
            if status == 429 and "insufficient_quota" in told:
                return EndpointError(f"{self._where()} says that the quota is used up: {told}")
            return Passing(str(status), told, retry_after_s=_retry_after_s(error))
        if status in (401, 403):
            return EndpointError(
                f"{self._where()} refuses the key (HTTP {status}: {told}); set the right one in EMER_API_KEY"
                + (" or OPENAI_API_KEY" if self._spec.provider == "openai" else "")
            )
        if status == 404:
            return EndpointError(
                f"{self._where()} knows no model {self._spec.name!r}, or its address is wrong (HTTP 404: {told}); "
                "a base URL commonly ends in /v1"
            )
        return EndpointError(f"{self._where()} answers with HTTP {status}: {told}")

    def _connection_fault(self, error: APIConnectionError, timeout_s: float) -> Exception:
        import httpx2

        cause = error.__cause__
        if (ours := _own_error(error)) is not None:
            return ours
        if isinstance(cause, httpx2.ConnectError | httpx2.ConnectTimeout | httpx2.UnsupportedProtocol):
            told = f"nothing answers at {self._spec.place} ({cause})"
            return Passing("no connection", told, tries=10 if self._has_answered else TRIES_UNSEEN)
        if isinstance(cause, httpx2.TimeoutException):
            return Passing("time-out", f"no answer within {timeout_s:g} s", tries=3)
        return Passing("dropped connection", f"the connection broke ({type(cause).__name__})")

    def _where(self) -> str:
        return f"the endpoint {self._spec.place}"


def _own_error(error: BaseException | None) -> SetupError | None:
    """An error of ours below the SDK's (connections are switched off, say), which no other try mends."""
    while error is not None and not isinstance(error, SetupError):
        error = error.__cause__ or error.__context__
    return error


def _completion(content: bytes) -> Completion:
    """The completion that a body holds.

    Raises:
        Passing: the body is no JSON object, or it holds no choice.
    """
    try:
        body = json.loads(content)
    except ValueError as error:
        is_html = content.lstrip()[:1] == b"<"
        kind = "HTML" if is_html else "broken JSON"
        told = "it answered with a web page; a base URL commonly ends in /v1" if is_html else "its answer is no JSON"
        raise Passing(kind, told, tries=TRIES_NONSENSE if is_html else 10) from error
    try:
        choice = body["choices"][0]
        message = choice["message"]
        spent = body.get("usage") or {}
        return Completion(
            text=message.get("content") or "",
            finish=choice.get("finish_reason") or "stop",
            refusal=message.get("refusal"),
            input_tokens=spent.get("prompt_tokens"),
            output_tokens=spent.get("completion_tokens"),
        )
    except (KeyError, IndexError, TypeError, AttributeError) as error:
        raise Passing("no choices", "its answer holds no choice", tries=TRIES_NONSENSE) from error


def _error_body(error: APIStatusError) -> JSON:
    """The endpoint's own account of the error; the SDK has taken it out of `{"error": …}`."""
    return error.body if isinstance(error.body, dict) else {}


def _told(error: APIStatusError) -> str:
    """What the endpoint says of the error, without the request's words, which FastAPI's servers repeat."""
    body = _error_body(error)
    said = body.get("message") or body.get("detail") or body.get("error") or error.response.text
    if isinstance(said, list):
        said = "; ".join(str(one.get("msg")) for one in said if isinstance(one, dict))
    return f"{said} {body.get('code') or ''}".strip()


def _about(error: APIStatusError) -> str:
    return str(_error_body(error).get("param") or "")


def _clean(text: str, key: str | None) -> str:
    """One line of at most 300 characters, without the key that some endpoints repeat."""
    shown = text.replace(key, "***") if key else text
    return " ".join(shown.split())[:300]


def _retry_after_s(error: APIStatusError) -> float | None:
    """Seconds to wait, as the endpoint says in milliseconds, seconds or as a date; none where it does not."""
    headers = error.response.headers
    for name, unit_s in (("retry-after-ms", 1e-3), ("retry-after", 1.0)):
        try:
            return max(0.0, float(headers[name]) * unit_s)
        except (KeyError, ValueError):
            continue
    try:
        return max(0.0, parsedate_to_datetime(headers["retry-after"]).timestamp() - time.time())
    except (KeyError, ValueError):
        return None
