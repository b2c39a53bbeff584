"""Opens the chat models that the settings name; nothing is connected before the first question."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from emer.config import Settings, has_openai_key, load_settings
from emer.errors import InputError, SetupError
from emer.models.asking import Asking, Manner
from emer.models.backend import Backend
from emer.models.budget import Budget, Price, price_of, read_prices
from emer.models.calling import Caller
from emer.models.fake import FakeBackend, Script
from emer.models.limiter import Limits
from emer.models.process import PROCESS
from emer.models.retries import Deadline
from emer.models.run import ModelRun, OnRecord
from emer.models.spec import USUAL_URLS, ModelSpec, parse_spec


def configured_model(settings: Settings, *, on_record: OnRecord | None = None) -> ModelRun | None:
    """The models that the settings name for a run; none when they name none or say `offline`.

    A key in the environment names no model.

    Raises:
        InputError, SetupError: as for `open_model`.
    """
    if settings.model is None or settings.offline:
        return None
    return open_model(settings.model, settings, on_record=on_record)


def open_model(spec: str, settings: Settings | None = None, *, on_record: OnRecord | None = None) -> ModelRun:
    """The model `provider:model` for one run, with the settings' own models for single agents.

    Args:
        spec: for instance `openai:gpt-4.1-mini`, `ollama:qwen2.5vl`, `openai:NAME@http://127.0.0.1:9000/v1`.
        settings: keys, limits, budget, cache; loaded from the environment and `emer.toml` where not given.
        on_record: is called with what each question took.

    Raises:
        InputError: the provider is unknown, the price table cannot be used, or a budget in money meets no price.
        SetupError: OpenAI's key, or for `hf:` a package or the weights, are not here.
    """
    settings = settings or load_settings()
    by_agent = {agent: parse_spec(named) for agent, named in settings.models.items()}
    return _run(parse_spec(spec, settings.base_url), by_agent, settings=settings, on_record=on_record)


def fake_model(script: Script, settings: Settings | None = None, *, on_record: OnRecord | None = None) -> ModelRun:
    """A model for tests that answers from a script; all else (validation, budget, records) is as with a real one.

    Args:
        script: agent -> its answer, or its answers in turn (the last one stays); or a function of the call.
        settings: as for `open_model`.
        on_record: as for `open_model`.
    """
    settings = settings or load_settings()
    return _run(ModelSpec("fake", "", None), {}, settings=settings, on_record=on_record, script=script)


def _run(
    general: ModelSpec,
    by_agent: Mapping[str, ModelSpec],
    *,
    settings: Settings,
    on_record: OnRecord | None = None,
    script: Script | None = None,
) -> ModelRun:
    PROCESS.limiter.adopt(Limits(settings.max_concurrency, settings.requests_per_minute, settings.tokens_per_minute))
    deadline = Deadline(settings.clip_deadline_s)
    prices = read_prices(settings.prices) if settings.prices is not None else {}
    made = {
        spec: _asking(spec, settings, deadline=deadline, price=_price(spec, settings, prices=prices), script=script)
        for spec in {general, *by_agent.values()}
    }
    agents = {agent: made[spec] for agent, spec in by_agent.items()}
    cache = PROCESS.cache(settings)
    return ModelRun(made[general], agents, process=PROCESS, cache=cache, on_record=on_record)


def _asking(spec: ModelSpec, settings: Settings, *, deadline: Deadline, price: Price, script: Script | None) -> Asking:
    budget = Budget(settings.budget_calls, settings.budget_tokens, settings.budget_money)
    caller = Caller(spec, _backend(spec, settings, script=script), price, budget, deadline, PROCESS)
    manner = Manner(settings.temperature, settings.seed, settings.max_output_tokens, settings.call_timeout_s)
    return Asking(caller, manner, book=PROCESS.book(settings))


def _backend(spec: ModelSpec, settings: Settings, *, script: Script | None) -> Backend:
    if spec.provider == "fake":
        return FakeBackend(_script(spec.name) if script is None else script)
    if spec.provider == "hf":
        from emer.models.hf_backend import HfBackend

        return HfBackend(spec.name)
    from emer.models.clients import warm_sdk
    from emer.models.http_backend import HttpBackend

    warm_sdk()
    key = settings.api_key.get_secret_value() if settings.api_key is not None else None
    if key is None and spec.base_url == USUAL_URLS["openai"] and not has_openai_key():
        raise SetupError(f"the model {spec} needs a key: set OPENAI_API_KEY or EMER_API_KEY in the environment")
    return HttpBackend(spec, api_key=key, connections=settings.max_concurrency)


def _script(path: str) -> Script:
    """The script of `fake:PATH`, a JSON object by agent; without a path the least answer that fits."""
    if not path:
        return {}
    try:
        script = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"the answers of fake:{path} cannot be read: {error}") from error
    if not isinstance(script, dict):
        raise InputError(f"the answers of fake:{path} must be a JSON object: agent -> answer, or a list of answers")
    return script


def _price(spec: ModelSpec, settings: Settings, *, prices: Mapping[str, Price]) -> Price:
    price = price_of(spec.provider, spec.name, prices=prices)
    if price is None and settings.budget_money is not None:
        where = f"in {settings.prices}" if settings.prices is not None else "(setting prices, a TOML or JSON table)"
        raise InputError(
            f"budget_money is set but {spec} has no price {where}: add an entry '{spec}' with input and output"
        )
    return price or Price(input=0, output=0)
