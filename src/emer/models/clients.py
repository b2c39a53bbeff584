"""The openai SDK's clients: one per endpoint and event loop, shared by all runs that use it at the same time."""

from __future__ import annotations

import asyncio
import logging
import ssl
import threading
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from emer.models.spec import USUAL_URLS

if TYPE_CHECKING:
    from openai import AsyncOpenAI


class ClientKey(NamedTuple):
    """What a client is made from."""

    base_url: str
    api_key: str | None
    connections: int


class _Shared:
    """A client and how many runs use it."""

    def __init__(self, client: AsyncOpenAI) -> None:
        self.client = client
        self.users = 0


_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, dict[ClientKey, _Shared]] = WeakKeyDictionary()
_lock = threading.Lock()


@lru_cache(maxsize=1)
def warm_sdk() -> None:
    """Begins to load the SDK, which takes about half a second, while perception is still at work."""
    threading.Thread(target=import_module, args=("openai",), name="emer-openai", daemon=True).start()


def take_client(key: ClientKey) -> AsyncOpenAI:
    """The client for `key` in the running loop; each call needs one `give_back_client`."""
    with _lock:
        here = _clients.setdefault(asyncio.get_running_loop(), {})
        shared = here.get(key)
        if shared is None:
            shared = here[key] = _Shared(_new_client(key))
        shared.users += 1
        return shared.client


async def give_back_client(key: ClientKey) -> None:
    """Ends one use; the last one closes the connections, which cannot outlive the loop."""
    with _lock:
        here = _clients.get(asyncio.get_running_loop(), {})
        shared = here.get(key)
        if shared is None:
            return
        shared.users -= 1
        if shared.users:
            return
        del here[key]
    await shared.client.close()


def _new_client(key: ClientKey) -> AsyncOpenAI:
    import httpx2
    from openai import AsyncOpenAI, DefaultAsyncHttpx2Client, omit

    _keep_prompts_out_of_logs()
    is_openai = key.base_url == USUAL_URLS["openai"]
    http = DefaultAsyncHttpx2Client(
        limits=httpx2.Limits(max_connections=key.connections, max_keepalive_connections=key.connections),
        follow_redirects=False,  # a redirect would carry the clip to a host that nobody named
        verify=_certificates() if key.base_url.startswith("https") else False,
        trust_env=not _is_loopback(key.base_url),  # a proxy would carry a local call off the machine
    )
    return AsyncOpenAI(
        api_key=key.api_key if key.api_key or is_openai else "none",  # the SDK finds OpenAI's own key by itself
        base_url=key.base_url,
        default_headers={} if is_openai else dict.fromkeys(("OpenAI-Organization", "OpenAI-Project"), omit),  # type: ignore[arg-type]  # the SDK takes it
        max_retries=0,
        http_client=http,
    )


@lru_cache(maxsize=1)
def _certificates() -> ssl.SSLContext:
    """One context for all clients: to load the certificates takes longer than the rest of a client."""
    import httpx2

    return httpx2.create_ssl_context()


def _is_loopback(base_url: str) -> bool:
    return urlsplit(base_url).hostname in ("127.0.0.1", "::1", "localhost")


def _keep_prompts_out_of_logs() -> None:
    """At DEBUG the SDK logs each request's body; only OPENAI_LOG, which sets its logger's level, may ask for that."""
    logger = logging.getLogger("openai")
    if logger.level == logging.NOTSET:
        logger.setLevel(logging.INFO)
