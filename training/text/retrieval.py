"""Is the embedding a better memory than plain MiniLM's, and still a semantic one?

ISEAR is evaluation only: nothing is fitted, chosen or stopped on it.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
from training.text import data
from training.text.batching import predict
from training.text.model import TextEncoder, tokenizer
from training.text.predict import cached
from training.text.train import CHECKPOINTS


def frozen(name: str, texts: list[str]) -> np.ndarray:
    """Return plain MiniLM's embeddings (n, 384), computed once."""
    path = CHECKPOINTS / f"frozen_{name}_{len(texts)}.npy"
    if not path.exists():
        import torch

        torch.set_num_threads(1)
        cut = tokenizer(256)
        np.save(path, predict(TextEncoder(), [e.ids for e in cut.encode_batch(texts)])["embedding"])
    return np.load(path)


def neighbours(embedding: np.ndarray, k: int) -> np.ndarray:
    """Return the indices (n, k) of each item's nearest other items by cosine."""
    cosine = embedding @ embedding.T
    np.fill_diagonal(cosine, -np.inf)
    return np.argsort(-cosine, axis=1, kind="stable")[:, :k]


def agreement(embedding: np.ndarray, same: np.ndarray, k: int) -> float:
    """Return the share of the k nearest neighbours with the same label, mean over items; `same` is bool (n, n)."""
    near = neighbours(embedding, k)
    return round(float(np.take_along_axis(same, near, axis=1).mean()), 4)


def document_pairs(keep: np.ndarray) -> np.ndarray:
    """Return bool (n, n): do two EmoBank dev sentences come from one document? Topic must not be lost for feeling."""
    with (data.data_folder() / "emobank" / "meta.tsv").open(encoding="utf-8") as file:
        document = {row["id"]: row["document"] for row in csv.DictReader(file, delimiter="\t")}
    with (data.data_folder() / "emobank" / "emobank.csv").open(encoding="utf-8", newline="") as file:
        names = np.array([document[row["id"]] for row in csv.DictReader(file) if row["split"] == "dev"])[keep]
    return names[:, None] == names[None, :]


def retrieval_figures(graph: Path) -> dict[str, object]:
    """Return neighbour agreement of this graph's embedding beside plain MiniLM's, with n."""
    go, emo, isear = data.goemotions("dev"), data.emobank("dev"), data.isear()
    felt = np.flatnonzero(go.targets[:, :27].any(1))
    shares_label = (go.targets[felt, :27] @ go.targets[felt, :27].T) > 0
    feeling = isear.targets[:, None] == isear.targets[None, :]
    everything = np.arange(len(emo.texts))
    sets = {
        "goemotions_dev_emotional": (go.texts, felt, shares_label),
        "isear": (isear.texts, np.arange(len(isear.texts)), feeling),
        "emobank_dev_same_document": (emo.texts, everything, document_pairs(everything)),
    }
    made: dict[str, object] = {}
    for name, (texts, keep, same) in sets.items():
        ours, plain = cached(graph, name, texts)["embedding"][keep], frozen(name, texts)[keep]
        chance = round(float((same.sum() - len(same)) / (len(same) * (len(same) - 1))), 4)
        made[name] = {"n": len(keep), "chance": chance} | {
            f"agreement_at_{k}": {"emer": agreement(ours, same, k), "plain MiniLM": agreement(plain, same, k)}
            for k in (1, 10)
        }
    return made


if __name__ == "__main__":
    import json
    import sys

    print(json.dumps(retrieval_figures(Path(sys.argv[1])), indent=1))
