"""Which model is meant: `provider:model`, with `@URL` where it is served elsewhere than is usual for the provider."""

from __future__ import annotations

from typing import NamedTuple

from emer.errors import InputError

USUAL_URLS = {
    "openai": "https://api.openai.com/v1",
    "vllm": "http://127.0.0.1:8000/v1",
    "ollama": "http://127.0.0.1:11434/v1",
    "llamacpp": "http://127.0.0.1:8080/v1",
}
"""Where each provider's endpoint is unless a URL is given; all speak OpenAI's chat completions."""

LOCAL = ("hf", "fake")
PROVIDERS = (*USUAL_URLS, *LOCAL)


class ModelSpec(NamedTuple):
    """A model by provider and name, and its base URL; none for a model in this process."""

    provider: str
    name: str
    base_url: str | None

    def __str__(self) -> str:
        """`provider:model`, without the URL, which may hold a password."""
        return f"{self.provider}:{self.name}"

    @property
    def place(self) -> str | None:
        """The base URL without user and password, for messages and Reports; none for a model in this process."""
        if self.base_url is None:
            return None
        scheme, _, rest = self.base_url.partition("://")
        host, slash, path = rest.partition("/")
        return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"


def parse_spec(spec: str, base_url: str | None = None) -> ModelSpec:
    """The model that `spec` names; a URL in the spec beats `base_url`, which beats the provider's usual one.

    >>> parse_spec("ollama:qwen2.5:7b").base_url
    'http://127.0.0.1:11434/v1'
    >>> parse_spec("openai:some/model@http://10.0.0.5:9000/v1")
    ModelSpec(provider='openai', name='some/model', base_url='http://10.0.0.5:9000/v1')

    Raises:
        InputError: the provider is unknown, the name is missing, or the URL is no HTTP URL.
    """
    provider, colon, rest = spec.partition(":")
    if not colon or provider not in PROVIDERS:
        raise InputError(
            f"unknown model {spec!r}: expected PROVIDER:MODEL, where PROVIDER is one of {', '.join(PROVIDERS)}; "
            "any other endpoint that speaks OpenAI's chat completions is openai:MODEL@http://HOST:PORT/v1"
        )
    if provider in LOCAL:
        return ModelSpec(provider, rest, None)
    name, url = _apart(rest, base_url or USUAL_URLS[provider])
    if not name:
        raise InputError(f"the model {spec!r} has no name; expected {provider}:MODEL")
    if not url.startswith(("http://", "https://")):
        raise InputError(f"the address {url!r} of the model {provider}:{name} is no http:// or https:// URL")
    return ModelSpec(provider, name, url.rstrip("/"))


def _apart(rest: str, usual: str) -> tuple[str, str]:
    """Name and URL; only an @ before a URL parts them, because some names begin with one."""
    for mark in ("@http://", "@https://"):
        name, found, address = rest.rpartition(mark)
        if found:
            return name, mark[1:] + address
    return rest, usual
