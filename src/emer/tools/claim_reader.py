"""How likely a claim is borne out by the texts that it cites, read by a small network from both, offline.

The network is all-MiniLM-L6-v2 fine-tuned on scenes with true and planted claims; `training/reader/README.md` is its
card: how it was made, what it scores and what it misreads. Cited texts are read each for itself, once; the tokens of
a claim then attend to them layer by layer. It has no table of words: it was trained on the text encoder's, and its file
points into that one's.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

from emer.tools.shipped import WEIGHTS, TextNetwork, shipped_network, text_facts, text_tokenizer
from emer.tools.text_encoder import plain

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

READER_VERSION = "1"
OUTCOMES = (
    "borne", "person", "time", "polarity", "modality", "negation", "cue", "object", "number", "quote", "emotion",
)  # fmt: skip
"""Borne out, or what seems wrong, in the order of the network's outputs."""
MAX_TOKENS = 96
N_KEPT = 128  # cited texts: at most about 100 MB
_WEIGHTS = WEIGHTS
_LOCK = threading.Lock()
_CITED, _CLAIM = 0, 1


class ClaimReading(NamedTuple):
    """What the network reads in a claim.

    Attributes:
        borne: the probability that a careful reader would sign the claim, calibrated on claims about half of which are
            planted.
        wrong: which of `OUTCOMES` fits best if it is not.
    """

    borne: float
    wrong: str


def read(cited: Sequence[str], claim: str, objection: str | None = None) -> ClaimReading:
    """Return the reading of a claim against the texts that it cites, each cut at 96 tokens.

    Texts are read one at a time, so that no number depends on what else was asked; cited ones are kept.

    Args:
        cited: the texts.
        claim: its words.
        objection: the name of a check by code that objects to the claim; it lowers the odds by how much oftener it
            objects to planted claims than to true ones.

    Raises:
        SetupError: the model files are missing or are not those of this version.
    """
    weights = _loaded().facts["weights"]
    found = logits(cited, claim)
    odds = _loaded().facts["slope"] * borne_odds(found) + weights.get(objection or "none", weights["other"])
    return ClaimReading(1.0 / (1.0 + math.exp(-odds)), OUTCOMES[1 + int(found[1:].argmax())])


def logits(cited: Sequence[str], claim: str) -> NDArray[np.float64]:
    """Return what the network says of a claim (11,), in the order of `OUTCOMES`, not calibrated."""
    import numpy as np

    past = _side_by_side([_kept_states(text) for text in cited])
    found: NDArray[np.float64] = _pass(claim, _CLAIM, past)[2][0].astype(np.float64)
    return found


def threshold() -> float:
    """Return the probability from which a claim counts as borne out."""
    return float(_loaded().facts["threshold"])


def borne_odds(found: NDArray[np.float64]) -> float:
    """Return the log odds that a claim is borne out, not yet calibrated, from its logits (11,)."""
    import numpy as np

    return float(found[0] - np.logaddexp.reduce(found[1:]))


class _States(NamedTuple):
    """Keys and values (layers, heads, tokens, width of a head) of what has been read."""

    keys: NDArray[np.float32]
    values: NDArray[np.float32]


def _side_by_side(states: Sequence[_States]) -> _States:
    import numpy as np

    nothing = np.zeros((*_loaded().facts["states"][:2], 0, _loaded().facts["states"][2]), dtype=np.float32)
    return _States(
        np.concatenate([nothing, *(one.keys for one in states)], axis=2),
        np.concatenate([nothing, *(one.values for one in states)], axis=2),
    )


def _pass(text: str, kind: int, past: _States) -> tuple[NDArray[np.float32], ...]:
    """Keys, values and outcome logits (1, 11) of a text that may look at what was read before it."""
    import numpy as np

    model = _loaded()
    ids = np.array([model.tokenizer.encode(plain(text)).ids], dtype=np.int64)
    given = {"ids": ids, "kinds": np.full_like(ids, kind), "past_keys": past.keys, "past_values": past.values}
    found: list[NDArray[np.float32]] = model.session.run(None, given)
    return tuple(found)


@lru_cache(maxsize=N_KEPT)
def _kept_states(text: str) -> _States:
    return _States(*_pass(text, _CITED, _side_by_side([]))[:2])


def _loaded() -> TextNetwork:
    with _LOCK:
        return _load()


@cache
def _load() -> TextNetwork:
    facts = text_facts("claim_reader", READER_VERSION, _WEIGHTS, outcomes=OUTCOMES)
    network = shipped_network("claim_reader.onnx", _WEIGHTS, keeps_memory=False, is_float=True)
    return TextNetwork(network, text_tokenizer(MAX_TOKENS, _WEIGHTS), facts)
