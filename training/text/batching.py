"""Batches of sentences of like length, and what a network says of a list of sentences."""

from __future__ import annotations

import math
import random
from functools import cache

import numpy as np
import torch
from torch import Tensor
from training.text.model import TextEncoder


def batches(lengths: tuple[int, ...], size: int, seed: int) -> list[list[int]]:
    """Return index batches of like length in random order: sorted within windows of 40 batches."""
    rng = random.Random(seed)
    order = list(range(len(lengths)))
    rng.shuffle(order)
    window = 40 * size
    made: list[list[int]] = []
    for start in range(0, len(order), window):
        part = sorted(order[start : start + window], key=lambda i: lengths[i])
        made += [part[i : i + size] for i in range(0, len(part), size)]
    rng.shuffle(made)
    return made


_epoch = cache(batches)


def batch_at(step: int, lengths: tuple[int, ...], size: int, seed: int) -> list[int]:
    """Return the indices of one step: a function of step and seed alone, so that a resumed run is the same run."""
    per_epoch = math.ceil(len(lengths) / size)
    epoch, place = divmod(step, per_epoch)
    return _epoch(lengths, size, seed + epoch)[place]


def padded(ids: list[list[int]]) -> tuple[Tensor, Tensor]:
    """Return token ids and mask, int64 (n, longest)."""
    width = max(map(len, ids))
    tokens, mask = torch.zeros(len(ids), width, dtype=torch.long), torch.zeros(len(ids), width, dtype=torch.long)
    for i, row in enumerate(ids):
        tokens[i, : len(row)] = torch.tensor(row)
        mask[i, : len(row)] = 1
    return tokens, mask


@torch.inference_mode()
def predict(model: TextEncoder, ids: list[list[int]], *, size: int = 64) -> dict[str, np.ndarray]:
    """Return embedding, logits and vad of every text in the given order, float32."""
    model.eval()
    order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
    parts: dict[str, list[np.ndarray]] = {"embedding": [], "logits": [], "vad": []}
    for start in range(0, len(order), size):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            output = model(*padded([ids[i] for i in order[start : start + size]]))
        for name, values in zip(parts, output, strict=True):
            parts[name].append(values.float().numpy())
    back = np.argsort(order)
    return {name: np.concatenate(rows)[back] for name, rows in parts.items()}
