"""Does a rebuilt model score as the shipped one does, within noise? Exit status 1 if not.

python -m training.text.train --name again && python -m training.text.export --name again
python -m training.text.check_rebuild --graph training/text/checkpoints/again.weights.onnx

Both are scored on dev with calibration and thresholds fitted per graph on the other half of dev, so that neither has
an advantage. Noise is the 95 % interval of the paired difference over resampled comments, widened by what two seeds
of one recipe differ by (`SEED_NOISE`, an allowance, not a measurement of ours).
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
from training.text import data
from training.text.calibrate import choose_thresholds, platt_all, sigmoid, vad_line
from training.text.evaluate import shipped
from training.text.predict import cached

from emer.evals import metrics

SEED_NOISE = {"macro_f1": 0.015, "valence_ccc": 0.02, "arousal_ccc": 0.03, "dominance_ccc": 0.04}


def labels_said(graph: Path, gold: data.Labelled) -> np.ndarray:
    """Return bool (n, 28), each half of dev judged with what was fitted on the other."""
    logits = cached(graph, "goemotions_dev", gold.texts)["logits"].astype(float)
    half = np.random.default_rng(0).permutation(len(logits)) % 2 == 0
    said = np.zeros(logits.shape, dtype=bool)
    for fit in (half, ~half):
        slope, offset = platt_all(logits[fit], gold.targets[fit])
        cut = choose_thresholds(sigmoid(slope * logits[fit] + offset), gold.targets[fit], trust=50.0)
        said[~fit] = sigmoid(slope * logits[~fit] + offset) >= cut
    return said


def differences(ours: Path, rebuilt: Path) -> dict[str, metrics.Interval]:
    """Return rebuilt minus shipped, with its interval, for macro-F1 and the three CCCs."""
    go, emo = data.goemotions("dev"), data.emobank("dev")
    one, other = labels_said(ours, go), labels_said(rebuilt, go)
    made = {
        "macro_f1": metrics.bootstrap(
            lambda i: metrics.macro_f1(go.targets[i], other[i]) - metrics.macro_f1(go.targets[i], one[i]),
            len(one), n_draws=300)
    }  # fmt: skip
    vad = []
    for graph in (ours, rebuilt):
        raw = cached(graph, "emobank_dev", emo.texts)["vad"].astype(float)
        slope, offset = vad_line(raw, emo.targets)
        vad.append(slope * raw + offset)
    for k, axis in enumerate(("valence", "arousal", "dominance")):
        truth, before, after = emo.targets[:, k], vad[0][:, k], vad[1][:, k]
        made[f"{axis}_ccc"] = metrics.bootstrap(
            lambda i, t=truth, b=before, a=after: metrics.ccc(t[i], a[i]) - metrics.ccc(t[i], b[i]),
            len(truth),
            n_draws=300,
        )
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--graph", type=Path, required=True)
    worse = False
    for name, (estimate, low, high) in differences(shipped(), parser.parse_args().graph).items():
        allowed = SEED_NOISE[name]
        same = low - allowed <= 0 <= high + allowed
        worse |= not same
        verdict = "same" if same else "NOT the same"
        print(f"{name}: {estimate:+.4f} [{low:+.4f}, {high:+.4f}] allowed +-{allowed}: {verdict}")
    sys.exit(worse)


if __name__ == "__main__":
    main()
