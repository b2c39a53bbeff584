"""Fit calibration and thresholds on dev alone and write the three shipped files.

python -m training.text.calibrate --name final            # checkpoints/final.weights.onnx -> src/emer/tools/weights/
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
from training.text import data
from training.text.model import base_folder
from training.text.predict import cached
from training.text.train import CHECKPOINTS

from emer.evals.metrics import macro_f1
from emer.tools import text_encoder

WEIGHTS = Path(text_encoder.__file__).parent / "weights"
SOURCES = [
    {"name": "GoEmotions", "use": "train: weights; dev: calibration, thresholds", "rows": {"train": 43410, "dev": 5426},
     "terms": "Apache-2.0 (repository), CC BY 4.0 (data)", "cite": "Demszky et al. 2020, ACL"},
    {"name": "EmoBank", "use": "train: weights; dev: calibration", "rows": {"train": 8062, "dev": 1000},
     "terms": "CC BY-SA 4.0", "cite": "Buechel and Hahn 2017, EACL"},
    {"name": "all-MiniLM-L6-v2", "use": "initial weights and tokenizer", "terms": "Apache-2.0",
     "cite": "Reimers and Gurevych 2019, EMNLP; Wang et al. 2020, NeurIPS"},
]  # fmt: skip


def sigmoid(x: np.ndarray) -> np.ndarray:
    """Return the logistic function of x, 0..1."""
    return 1.0 / (1.0 + np.exp(-np.clip(x, -40, 40)))


def platt(logits: np.ndarray, gold: np.ndarray, *, prior: tuple[float, float] = (1.0, 0.0)) -> tuple[float, float]:
    """Return slope and offset of a logistic fit, the slope drawn to `prior[0]` with weight `prior[1]` (Platt 1999)."""
    slope, offset = prior[0], 0.0
    for _ in range(100):
        p = sigmoid(slope * logits + offset)
        w = p * (1 - p)
        gradient = np.array([((p - gold) * logits).sum() + prior[1] * (slope - prior[0]), (p - gold).sum()])
        hessian = np.array([[(w * logits**2).sum() + prior[1], (w * logits).sum()], [(w * logits).sum(), w.sum()]])
        change = np.linalg.solve(hessian + 1e-6 * np.eye(2), gradient)
        slope, offset = slope - change[0], offset - change[1]
        if np.abs(change).max() < 1e-8:
            break
    return float(slope), float(offset)


def platt_all(logits: np.ndarray, gold: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return slopes and offsets (28,): each label its own, the slope held to the median where positives are few."""
    free = [platt(logits[:, k], gold[:, k], prior=(1.0, 5.0)) for k in range(gold.shape[1])]
    middle = float(np.median([slope for slope, _ in free]))
    fits = [platt(logits[:, k], gold[:, k], prior=(middle, 50.0)) for k in range(gold.shape[1])]
    return np.array([f[0] for f in fits]), np.array([f[1] for f in fits])


def f1_curve(p: np.ndarray, gold: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return descending candidate thresholds and the F1 that each would reach; `gold` may be probabilities."""
    order = np.argsort(-p, kind="stable")
    hits, n = np.cumsum(gold[order]), np.arange(1, len(p) + 1)
    return p[order], 2 * hits / (n + gold.sum())


def expected_threshold(p: np.ndarray) -> float:
    """Return the threshold of the largest F1 if the probabilities are true: half that F1 (Lipton et al. 2014)."""
    return float(f1_curve(p, p)[1].max() / 2)


def bagged_threshold(p: np.ndarray, gold: np.ndarray, *, n_draws: int = 50) -> float:
    """Return the mean, as log odds, of the best thresholds of bootstrap resamples: less fitted than the best."""
    rng, found = np.random.default_rng(0), []
    for _ in range(n_draws):
        drawn = rng.integers(len(p), size=len(p))
        if gold[drawn].sum():
            cut, score = f1_curve(p[drawn], gold[drawn])
            best = int(score.argmax())
            found.append(np.log(cut[best] / (1 - cut[best])))
    return float(sigmoid(np.mean(found))) if found else 0.5


def choose_thresholds(p: np.ndarray, gold: np.ndarray, *, trust: float) -> np.ndarray:
    """Return thresholds (28,) between the expected and the bagged one; `trust` positives make the two count alike."""
    made = []
    for k in range(gold.shape[1]):
        n = gold[:, k].sum()
        share = n / (n + trust) if np.isfinite(trust) else 0.0
        made.append(share * bagged_threshold(p[:, k], gold[:, k]) + (1 - share) * expected_threshold(p[:, k]))
    return np.array(made)


def cross_validated(logits: np.ndarray, gold: np.ndarray, *, trust: float, n_splits: int = 5) -> float:
    """Return macro-F1 on one half of dev, calibration and thresholds fitted on the other, mean of 2 x splits."""
    scores = []
    for seed in range(n_splits):
        half = np.random.default_rng(seed).permutation(len(gold)) % 2 == 0
        for fit in (half, ~half):
            slope, offset = platt_all(logits[fit], gold[fit])
            cut = choose_thresholds(sigmoid(slope * logits[fit] + offset), gold[fit], trust=trust)
            scores.append(macro_f1(gold[~fit], sigmoid(slope * logits[~fit] + offset) >= cut))
    return float(np.mean(scores))


def vad_line(raw: np.ndarray, gold: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return slope and offset (3,) that match mean and spread of dev: the line on which CCC reaches the correlation."""
    slope = gold.std(0) / raw.std(0)
    return slope, gold.mean(0) - slope * raw.mean(0)


def facts(name: str) -> dict[str, object]:
    """Return the metadata of a checkpoint's int8 graph: what the run time needs, and where it comes from."""
    graph = CHECKPOINTS / f"{name}.weights.onnx"
    go, emo = data.goemotions("dev"), data.emobank("dev")
    logits = cached(graph, "goemotions_dev", go.texts)["logits"].astype(float)
    scores = {trust: cross_validated(logits, go.targets, trust=trust) for trust in (0.0, 50.0, 200.0, np.inf)}
    trust = max(scores, key=lambda t: scores[t])
    print("macro-F1, halves of dev, by trust in the fitted threshold:", {k: round(v, 4) for k, v in scores.items()})
    slope, offset = platt_all(logits, go.targets)
    p = sigmoid(slope * logits + offset)
    cut = choose_thresholds(p, go.targets, trust=trust)
    print("macro-F1 on all of dev (fitted on it):", round(macro_f1(go.targets, p >= cut), 4))
    line = vad_line(cached(graph, "emobank_dev", emo.texts)["vad"].astype(float), emo.targets)
    rates = data.goemotions("train").targets.mean(0)
    labels = data.goemotions_labels()
    return {
        "name": text_encoder.ENCODER_NAME, "version": text_encoder.ENCODER_VERSION, "labels": labels,
        "width": text_encoder.WIDTH, "max_tokens": text_encoder.MAX_TOKENS,
        "outputs": ["embedding (n, 384) of length 1", "logits (n, 28)", "vad (n, 3)"],
        "calibration": {"fitted_on": "GoEmotions dev (5426), EmoBank dev (1000)",
                        "emotion_slope": rounded(slope), "emotion_offset": rounded(offset),
                        "vad_slope": rounded(line[0]), "vad_offset": rounded(line[1])},
        "thresholds": dict(zip(labels, rounded(cut), strict=True)),
        "base_rates": dict(zip(labels, rounded(rates), strict=True)),
        "dev": {"macro_f1_halves": round(scores[trust], 4), "trust": str(trust)},
        "sources": SOURCES, "card": "training/text/README.md",
    }  # fmt: skip


def rounded(values: np.ndarray) -> list[float]:
    """Return the numbers at six decimals, as the metadata keeps them."""
    return [round(float(v), 6) for v in values]


def write_tokenizer(target: Path) -> None:
    """Write the tokenizer without its fixed padding and compactly."""
    made = json.loads((base_folder() / "tokenizer.json").read_text(encoding="utf-8"))
    made["padding"], made["truncation"] = None, None
    target.write_text(json.dumps(made, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", required=True)
    name = parser.parse_args().name
    made = facts(name)
    WEIGHTS.mkdir(exist_ok=True)
    shutil.copyfile(CHECKPOINTS / f"{name}.weights.onnx", WEIGHTS / "text_encoder.onnx")
    write_tokenizer(WEIGHTS / "text_encoder.tokenizer.json")
    shipped = [WEIGHTS / "text_encoder.onnx", WEIGHTS / "text_encoder.tokenizer.json"]
    made["sha256"] = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in shipped}
    (WEIGHTS / "text_encoder.json").write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")
    print("written:", *(f"{path.name} {path.stat().st_size / 1e6:.2f} MB" for path in shipped))


if __name__ == "__main__":
    main()
