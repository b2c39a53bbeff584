"""A chat model from Hugging Face's transformers in this process, decoded under the schema where llguidance is there.

Only weights that lie on this machine are used: a folder, or a snapshot in Hugging Face's own cache. One network is
loaded once for all runs, and one question at a time is put to it, in a thread of its own.
"""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from emer.errors import SetupError
from emer.installation import extra_command, is_installed
from emer.models.backend import Call, Completion, Passing, Rejected
from emer.models.chat import Text

EXPECTED = (
    "a folder with config.json, tokenizer.json and weights, or a name that Hugging Face's own tools have downloaded"
)

_one_at_a_time = ThreadPoolExecutor(max_workers=1, thread_name_prefix="emer-hf")
_loading = threading.Lock()


class Network(NamedTuple):
    """A causal language model and its tokenizer; `guide` is the tokenizer for llguidance, none where it is absent."""

    model: Any
    tokenizer: Any
    guide: Any


class HfBackend:
    """One local network by the path of its folder, or by its name in Hugging Face's cache."""

    def __init__(self, name: str) -> None:
        """Looks whether the network is here, without loading it.

        Raises:
            SetupError: transformers or torch is not installed, or the weights do not lie on this machine.
        """
        _check(name)
        self._name = name

    async def complete(self, call: Call) -> Completion:
        """The completion of `call`; see `Backend`. A network that neither sees nor hears rejects pictures and sound."""
        media = [part for part in call.parts if not isinstance(part, Text)]
        if media:
            raise Rejected(400, "images and audio are not supported: this back end takes words only")
        if call.rung == "json_schema" and not is_installed("llguidance"):
            raise Rejected(400, "response_format json_schema needs llguidance", about="response_format")
        if call.rung in ("json_object_schema", "json_object"):
            raise Rejected(400, "response_format json_object is not supported", about="response_format")
        stop = threading.Event()
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(_one_at_a_time, self._generate, call, stop)
        except asyncio.CancelledError:
            stop.set()
            raise

    async def aclose(self) -> None:
        """Nothing to give back: the network stays loaded for the next run."""

    def _generate(self, call: Call, stop: threading.Event) -> Completion:
        import torch
        from transformers import StoppingCriteriaList

        with _loading:
            network = load_network(self._name)
        prompt = _prompt(network, call)
        ends = time.monotonic() + call.timeout_s
        sampling = {"do_sample": True, "temperature": call.temperature} if call.temperature else {"do_sample": False}
        torch.manual_seed(call.seed)
        with torch.inference_mode():
            made = network.model.generate(
                **prompt,
                **sampling,
                max_new_tokens=call.max_tokens,
                logits_processor=_guides(network, call),
                stopping_criteria=StoppingCriteriaList([lambda *_, **__: stop.is_set() or time.monotonic() > ends]),
                pad_token_id=network.tokenizer.pad_token_id or network.tokenizer.eos_token_id,
            )
        if time.monotonic() > ends:
            raise Passing("time-out", f"no answer within {call.timeout_s:g} s", tries=2)
        n_prompt = prompt["input_ids"].shape[1]
        tokens = made[0][n_prompt:]
        is_whole = len(tokens) < call.max_tokens or int(tokens[-1]) in _ends(network)
        text = network.tokenizer.decode(tokens, skip_special_tokens=True)
        return Completion(text, "stop" if is_whole else "length", None, int(n_prompt), len(tokens))


def _check(name: str) -> None:
    if not (is_installed("transformers") and is_installed("torch")):
        raise SetupError(f"the model hf:{name} needs transformers and torch: {extra_command('hf')}")
    if not (Path(name).expanduser() / "config.json").is_file() and not _is_cached(name):
        raise SetupError(f"the model hf:{name} is not on this machine; expected {EXPECTED}")


def _is_cached(name: str) -> bool:
    """Whether Hugging Face's own cache holds a snapshot of this name."""
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    try:
        return isinstance(try_to_load_from_cache(name, "config.json"), str)
    except HFValidationError:  # a path, which is no name
        return False


@lru_cache(maxsize=2)
def load_network(name: str) -> Network:
    """The network of a folder or of a snapshot in Hugging Face's cache; never a download.

    Raises:
        SetupError: the weights are not whole.
    """
    from transformers import AutoModelForCausalLM, AutoTokenizer

    place = str(Path(name).expanduser())
    try:
        tokenizer = AutoTokenizer.from_pretrained(place, local_files_only=True)
        model = AutoModelForCausalLM.from_pretrained(place, local_files_only=True, dtype="auto").eval()
    except (OSError, ValueError) as error:
        raise SetupError(f"the model hf:{name} cannot be loaded ({error}); expected {EXPECTED}") from error
    return Network(model, tokenizer, _guide(tokenizer, model))


def _guide(tokenizer: Any, model: Any) -> Any:
    if not is_installed("llguidance"):
        return None
    import llguidance.hf

    return llguidance.hf.from_tokenizer(tokenizer, n_vocab=model.get_output_embeddings().weight.shape[0])


def _prompt(network: Network, call: Call) -> dict[str, Any]:
    """The conversation as the network's own template wants it; plain lines where it brings none."""
    words = "\n\n".join(part.text for part in call.parts if isinstance(part, Text))
    turns = [("system", call.system), ("user", words), *call.turns]
    messages = [{"role": role, "content": text} for role, text in turns]
    if network.tokenizer.chat_template:
        text = network.tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    else:
        text = "\n".join(f"{role}: {said}" for role, said in turns) + "\nassistant:"
    encoded = network.tokenizer(text, return_tensors="pt", add_special_tokens=not network.tokenizer.chat_template)
    longest = getattr(network.model.config, "max_position_embeddings", None)
    n_tokens = encoded["input_ids"].shape[1]
    if longest is not None and n_tokens >= longest:
        raise Rejected(413, f"the question has {n_tokens} tokens, the context length is {longest}")
    return {name: value.to(network.model.device) for name, value in encoded.items() if name != "token_type_ids"}


def _guides(network: Network, call: Call) -> list[Any]:
    """The grammar of the schema as a logits processor; none on the rung that only asks."""
    if call.rung != "json_schema" or network.guide is None:
        return []
    return [Grammar(network.guide, call.schema)]


def _ends(network: Network) -> set[int]:
    ends = network.model.generation_config.eos_token_id
    given = ends if isinstance(ends, list) else [ends]
    return {int(one) for one in [*given, network.tokenizer.eos_token_id] if one is not None}


def new_matcher(guide: Any, schema: Mapping[str, Any]) -> Any:
    """Llguidance's matcher for JSON of this schema without white space between tokens, in which small ones ramble."""
    from llguidance import LLMatcher

    compact = {**schema, "x-guidance": {"whitespace_flexible": False, "item_separator": ",", "key_separator": ":"}}
    return LLMatcher(guide, LLMatcher.grammar_from_json_schema(json.dumps(compact)))


class Grammar:
    """A logits processor that lets only such tokens pass as keep the text within the schema."""

    def __init__(self, guide: Any, schema: Mapping[str, Any]) -> None:
        from llguidance.torch import allocate_token_bitmask

        self._matcher = new_matcher(guide, schema)
        self._mask = allocate_token_bitmask(1, guide.vocab_size)
        self._n_seen: int | None = None

    def __call__(self, input_ids: Any, scores: Any) -> Any:
        """The scores with minus infinity for each token that the schema forbids."""
        from llguidance.torch import apply_token_bitmask_inplace, fill_next_token_bitmask

        if self._n_seen is not None:
            self._matcher.consume_tokens(input_ids[0, self._n_seen :].tolist())
        self._n_seen = input_ids.shape[1]
        if self._matcher.is_error():
            raise Rejected(400, f"json_schema: {self._matcher.get_error()}", about="response_format")
        fill_next_token_bitmask(self._matcher, self._mask, 0)
        apply_token_bitmask_inplace(scores, self._mask.to(scores.device))
        return scores
