"""What ships with emer beside its code: small networks, and the tokenizer that those of text share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

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


def text_tokenizer(max_tokens: int, within: Path = WEIGHTS) -> Tokenizer:
    """Return the tokenizer of the text networks, which cuts at `max_tokens`."""
    from tokenizers import Tokenizer

    made = Tokenizer.from_file(str(shipped_file("text_encoder.tokenizer.json", within)))
    made.no_padding()
    made.enable_truncation(max_tokens)
    return made
