"""Raw outputs of an exported graph, sentence by sentence as at run time, and the figures that judge them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from training.text.model import tokenizer

NAMES = ("embedding", "logits", "vad")


def raw(graph: Path, texts: list[str]) -> dict[str, np.ndarray]:
    """Return embedding (n, 384), logits (n, 28) and vad (n, 3), uncalibrated; texts as `data` returns them."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
    cut = tokenizer(256)
    rows: dict[str, list[np.ndarray]] = {name: [] for name in NAMES}
    for text in texts:
        ids = np.array([cut.encode(text).ids], dtype=np.int64)
        outputs = session.run(None, {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        for name, value in zip(NAMES, outputs, strict=True):
            rows[name].append(value[0])
    return {name: np.stack(values) for name, values in rows.items()}


def cached(graph: Path, name: str, texts: list[str]) -> dict[str, np.ndarray]:
    """Return `raw`, kept beside the graph as `<graph>.<name>.npz` and read again while the graph is not newer."""
    path = graph.with_name(f"{graph.name}.{name}.npz")
    if not path.exists() or path.stat().st_mtime < graph.stat().st_mtime:
        np.savez(path, **raw(graph, texts))
    with np.load(path) as kept:
        return {key: kept[key] for key in NAMES}
