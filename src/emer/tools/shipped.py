"""What ships with emer beside its code: small networks, and the tokenizer that those of text share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from emer.errors import SetupError

if TYPE_CHECKING:
    import onnxruntime as ort
    from tokenizers import Tokenizer

WEIGHTS = Path(__file__).parent / "weights"
AGAIN = "pip install --force-reinstall --no-deps emer"


def shipped_file(name: str, within: Path = WEIGHTS) -> Path:
    """Return the path of a file that ships with emer.

    Raises:
        SetupError: it is missing, with the command that brings it.
    """
    path = within / name
    if not path.is_file():
        raise SetupError(f"{path} is missing; it ships with emer: run {AGAIN}")
    return path


def one_thread() -> ort.SessionOptions:
    """Return options for a network on one thread: more threads would add in another order."""
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    return options


def shipped_network(
    name: str, within: Path = WEIGHTS, *, keeps_memory: bool = True, is_float: bool = False
) -> ort.InferenceSession:
    """Return a shipped network on one thread; it keeps the memory of its runs for the next one, or gives it back.

    With `is_float` its int8 weights become float32 when it is opened. Else onnxruntime rounds what is multiplied with
    them to int8 as well, which takes 1.7 times as long (AVX2) and makes numbers of a millionth's difference jump.
    """
    import onnxruntime as ort

    options = one_thread()
    options.enable_cpu_mem_arena = keeps_memory
    if is_float:
        options.add_session_config_entry("session.disable_quant_qdq", "1")
    return ort.InferenceSession(str(shipped_file(name, within)), options, providers=["CPUExecutionProvider"])


class TextNetwork(NamedTuple):
    """A network of text as it was opened, its tokenizer, and what is told of it in the file beside it."""

    session: Any
    tokenizer: Any
    facts: dict[str, Any]


def text_facts(name: str, version: str, within: Path = WEIGHTS, **outputs: tuple[str, ...]) -> dict[str, Any]:
    """Return what is told of a text network in the file beside it.

    Args:
        name: of the network's files, `text_encoder`.
        version: what they must be.
        within: their folder.
        outputs: what its outputs are called there and in the code, which must be the same.

    Raises:
        SetupError: the file is missing or is of another version, with the command that brings it.
    """
    facts: dict[str, Any] = json.loads(shipped_file(f"{name}.json", within).read_text(encoding="utf-8"))
    if facts.get("version") != version or any(tuple(facts[key]) != names for key, names in outputs.items()):
        raise SetupError(
            f"the {name.replace('_', ' ')}'s files are version {facts.get('version')!r}, expected {version!r}: "
            f"reinstall emer ({AGAIN})"
        )
    return facts


def text_tokenizer(max_tokens: int, within: Path = WEIGHTS) -> Tokenizer:
    """Return the tokenizer of the text networks, which cuts at `max_tokens`."""
    from tokenizers import Tokenizer

    made = Tokenizer.from_file(str(shipped_file("text_encoder.tokenizer.json", within)))
    made.no_padding()
    made.enable_truncation(max_tokens)
    return made
