"""Makes the list of words that name things, places, animals and roles: `python -m training.grounding.concrete`.

A logistic probe on the text encoder's vectors of single words, taught with seeds (written for this, from no data set),
sorts the whole words of the encoder's own vocabulary. The list is what the checker of claims looks at when a claim
names something that no cue names. It ran once; the list is shipped, the probe is not.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import emer
from emer.tools.text_encoder import encode

SHIPPED = Path(emer.__file__).parent / "agents" / "grounding" / "data" / "things.txt"
TOKENIZER = Path(emer.__file__).parent / "tools" / "weights" / "text_encoder.tokenizer.json"
SEEDS = Path(__file__).with_name("seeds")
LEAST = 0.75
"""Probability from which a word is listed: a word too many costs true claims, one too few only misses an object."""
THINGS = (SEEDS / "things.txt").read_text(encoding="utf-8").split()
OTHERS = (SEEDS / "others.txt").read_text(encoding="utf-8").split()


def main() -> None:
    """Writes the list and prints how the probe does on seeds left out."""
    words = [*THINGS, *OTHERS]
    vectors = encode(words).embedding.astype(np.float64)
    target = np.array([1.0] * len(THINGS) + [0.0] * len(OTHERS))
    right = [
        float(np.mean((_p(vectors[fold], *_fit(vectors[~fold], target[~fold])) >= 0.5) == (target[fold] == 1)))
        for fold in (np.arange(len(words)) % 5 == k for k in range(5))
    ]
    print(f"{len(words)} seeds, five-fold accuracy {np.mean(right):.3f}")
    weights, bias = _fit(vectors, target)
    vocabulary = sorted(
        word
        for word in json.loads(TOKENIZER.read_text(encoding="utf-8"))["model"]["vocab"]
        if word.isascii() and word.isalpha() and len(word) >= 3
    )
    p = _p(encode(vocabulary).embedding.astype(np.float64), weights, bias)
    listed = {word for word, share in zip(vocabulary, p, strict=True) if share >= LEAST} | set(THINGS)
    SHIPPED.parent.mkdir(exist_ok=True)
    SHIPPED.write_text("\n".join(sorted(listed - set(OTHERS))) + "\n", encoding="utf-8")
    print(f"{len(listed)} of {len(vocabulary)} words listed in {SHIPPED}")


def _fit(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """Weights and bias of a logistic regression with an L2 penalty, by Newton's method."""
    design = np.column_stack([x, np.ones(len(x))])
    weights = np.zeros(design.shape[1])
    penalty = np.eye(len(weights)) * 0.5
    penalty[-1, -1] = 1e-6
    for _ in range(12):
        p = 1 / (1 + np.exp(-design @ weights))
        hessian = design.T @ (design * (p * (1 - p))[:, None]) + penalty
        weights = weights - np.linalg.solve(hessian, design.T @ (p - y) + penalty @ weights)
    return weights[:-1], float(weights[-1])


def _p(x: NDArray[np.float64], weights: NDArray[np.float64], bias: float) -> NDArray[np.float64]:
    return np.asarray(1 / (1 + np.exp(-(x @ weights + bias))))


if __name__ == "__main__":
    main()
