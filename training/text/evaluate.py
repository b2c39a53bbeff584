"""Every figure of the shipped text encoder, through the run-time door.

python -m training.text.evaluate            # dev: what choices were made on
python -m training.text.evaluate --test     # test: read once, for the card
python -m training.text.evaluate --graph training/text/checkpoints/final.float.onnx    # the same weights, not quantised
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
from training.text import data
from training.text.calibrate import CHECKPOINTS, WEIGHTS, sigmoid
from training.text.predict import cached, raw
from training.text.retrieval import retrieval_figures

from emer.evals import metrics
from emer.tools import text_encoder

_PROBE = """
import time
from emer.tools.text_encoder import encode
start = time.perf_counter()
encode(["I never thought they would call me back, and then they did."])
cold = time.perf_counter() - start
rss = [int(line.split()[1]) / 1024 for line in open("/proc/self/status") if line.startswith(("VmRSS", "VmHWM"))]
texts = TEXTS
start, cpu = time.perf_counter(), time.process_time()
for text in texts:
    encode([text])
print(rss[1], rss[0], cold, (time.perf_counter() - start) / len(texts), (time.process_time() - cpu) / len(texts))
"""


def emotion_figures(split: data.Split, graph: Path) -> dict[str, object]:
    """Return GoEmotions figures: F1 with the shipped thresholds, ranking, calibration; intervals by comment."""
    gold = data.goemotions(split)
    facts = json.loads((WEIGHTS / "text_encoder.json").read_text(encoding="utf-8"))
    logits = outputs(graph, f"goemotions_{split}", gold.texts)["logits"]
    line = facts["calibration"]
    p = sigmoid(np.array(line["emotion_slope"]) * logits + np.array(line["emotion_offset"]))
    said = p >= np.array([facts["thresholds"][label] for label in text_encoder.LABELS])
    truth = gold.targets.astype(bool)
    interval = metrics.bootstrap(lambda i: metrics.macro_f1(truth[i], said[i]), len(truth), n_draws=500)
    rates = data.goemotions("train").targets.mean(0)
    flat, flat_p = truth.ravel(), p.ravel()
    per_label = metrics.f1_per_label(truth, said)
    return {
        "n": len(truth),
        "macro_f1": [round(v, 4) for v in interval],
        "micro_f1": round(metrics.micro_f1(truth, said), 4),
        "weighted_f1": round(metrics.weighted_f1(truth, said), 4),
        "top1_in_gold": round(float(truth[np.arange(len(p)), p.argmax(1)].mean()), 4),
        "mean_auc": round(float(np.mean([metrics.auc(truth[:, k], p[:, k]) for k in range(28)])), 4),
        "brier": round(metrics.brier(flat, flat_p), 5),
        "brier_of_base_rates": round(metrics.brier(flat, np.tile(rates, len(p))), 5),
        "ece_15_equal_mass": round(metrics.ece(flat, flat_p, n_bins=15), 5),
        "calibration_slope": round(metrics.calibration_slope(flat, flat_p), 3),
        "labels_per_comment": [round(float(said.sum(1).mean()), 2), round(float(truth.sum(1).mean()), 2)],
        "f1_per_label": {label: [round(float(f), 3), int(n)] for label, f, n in
                         zip(text_encoder.LABELS, per_label, truth.sum(0), strict=True)},
    }  # fmt: skip


def vad_figures(split: data.Split, graph: Path) -> dict[str, object]:
    """Return EmoBank CCC (with interval) and correlation per dimension."""
    gold = data.emobank(split)
    line = json.loads((WEIGHTS / "text_encoder.json").read_text(encoding="utf-8"))["calibration"]
    said = np.array(line["vad_slope"]) * outputs(graph, f"emobank_{split}", gold.texts)["vad"] + np.array(
        line["vad_offset"]
    )
    made: dict[str, object] = {"n": len(said)}
    for k, axis in enumerate(("valence", "arousal", "dominance")):
        one, other = gold.targets[:, k], said[:, k]
        interval = metrics.bootstrap(lambda i, a=one, b=other: metrics.ccc(a[i], b[i]), len(one), n_draws=500)
        made[axis] = {"ccc": [round(v, 3) for v in interval], "pcc": round(metrics.pcc(one, other), 3)}
    return made


def outputs(graph: Path, name: str, texts: list[str]) -> dict[str, np.ndarray]:
    """Return raw outputs; test texts are never kept on disk."""
    return raw(graph, texts) if "test" in name else cached(graph, name, texts)


def machine_figures() -> dict[str, float]:
    """Return memory and time of a fresh process: import, load and one sentence, then 200 dev comments one by one."""
    texts = [text for text in data.goemotions("dev").texts if len(text.split()) > 8][:200]
    probe = _PROBE.replace("TEXTS", repr(texts))
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    rss, peak, cold, wall, cpu = map(float, done.stdout.split())
    return {"rss_mib": round(rss), "peak_rss_mib": round(peak), "first_call_s": round(cold, 2),
            "ms_per_sentence_wall": round(1000 * wall, 2), "ms_per_sentence_cpu": round(1000 * cpu, 2)}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--test", action="store_true", help="read the test splits (once, at the end)")
    parser.add_argument("--graph", type=Path, help="another graph with the shipped calibration, e.g. the float one")
    parser.add_argument("--part", choices=["emotion", "vad", "retrieval", "machine"], action="append")
    args = parser.parse_args()
    parts = args.part or (["emotion", "vad", "machine"] if args.test else ["emotion", "vad", "retrieval", "machine"])
    split: data.Split = "test" if args.test else "dev"
    graph = args.graph or shipped()
    made: dict[str, object] = {"graph": str(graph), "split": split, "date": time.strftime("%Y-%m-%d %H:%M")}
    if "emotion" in parts:
        made["goemotions"] = emotion_figures(split, graph)
    if "vad" in parts:
        made["emobank"] = vad_figures(split, graph)
    if "retrieval" in parts:
        made["retrieval"] = retrieval_figures(graph)
    if "machine" in parts:
        made["machine"] = machine_figures()
    print(json.dumps(made, indent=1))


def shipped() -> Path:
    """Return the shipped graph, linked among the checkpoints, so that kept dev outputs lie there and not in src."""
    CHECKPOINTS.mkdir(exist_ok=True)
    link = CHECKPOINTS / "shipped.onnx"
    link.unlink(missing_ok=True)
    link.symlink_to(WEIGHTS / "text_encoder.onnx")
    return link


if __name__ == "__main__":
    main()
