"""Let valence, arousal and dominance be read from the lower layers too: a ridge on EmoBank train, added to the head.

python -m training.text.read_layers --name first --to final

On dev it adds about .01 to each correlation: the last layer has learnt to serve the emotions, the lower ones still
hold the words. The share of the two readings is even; ridge and share are the only things chosen here, on dev.
"""

from __future__ import annotations

import argparse

import numpy as np
import torch
from training.text import data
from training.text.batching import padded
from training.text.model import N_LAYERS_READ, WIDTH, TextEncoder, loaded, tokenizer
from training.text.train import CHECKPOINTS

from emer.evals.metrics import pcc

RIDGE, SHARE = 5000.0, 0.5


@torch.inference_mode()
def features(model: TextEncoder, texts: list[str], *, size: int = 64) -> tuple[np.ndarray, np.ndarray]:
    """Return layer means (n, 6 x 384) and the head's VAD (n, 3), float32."""
    ids = [encoding.ids for encoding in tokenizer().encode_batch(texts)]
    order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
    seen: list[np.ndarray] = []
    hook = model.vad_layers.register_forward_pre_hook(lambda _, inputs: seen.append(inputs[0].numpy()))
    head = [model(*padded([ids[i] for i in order[k : k + size]])).vad.numpy() for k in range(0, len(order), size)]
    hook.remove()
    back = np.argsort(order)
    return np.concatenate(seen)[back], np.concatenate(head)[back]


def ridge(x: np.ndarray, y: np.ndarray, *, weight: float) -> tuple[np.ndarray, np.ndarray]:
    """Return coefficients (n_features, 3) and intercept (3,) of a ridge on standardised features."""
    mean, spread = x.mean(0), x.std(0) + 1e-6
    z = ((x - mean) / spread).astype(np.float64)
    w = np.linalg.solve(z.T @ z + weight * np.eye(z.shape[1]), z.T @ (y - y.mean(0))) / spread[:, None]
    return w, y.mean(0) - mean @ w


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--name", required=True)
    parser.add_argument("--to", required=True)
    args = parser.parse_args()
    torch.set_num_threads(1)
    model, train, dev = loaded(CHECKPOINTS / f"{args.name}.pt"), data.emobank("train"), data.emobank("dev")
    torch.nn.init.zeros_(model.vad_layers.weight), torch.nn.init.zeros_(model.vad_layers.bias)
    w, b = ridge(features(model, train.texts)[0], train.targets, weight=RIDGE)
    x, head = features(model, dev.texts)
    low = x @ w + b
    assert w.shape == (N_LAYERS_READ * WIDTH, 3)
    scale = SHARE * head.std(0) / low.std(0)
    mixed = (1 - SHARE) * head + scale * low
    for name, said in (("head", head), ("lower layers", low), ("both", mixed)):
        print(name, [round(pcc(dev.targets[:, k], said[:, k]), 4) for k in range(3)])
    with torch.no_grad():
        model.vad.weight.mul_(1 - SHARE), model.vad.bias.mul_(1 - SHARE)
        model.vad_layers.weight.copy_(torch.from_numpy((w * scale).T))
        model.vad_layers.bias.copy_(torch.from_numpy(b * scale))
    torch.save({"ema": model.state_dict()}, CHECKPOINTS / f"{args.to}.pt")


if __name__ == "__main__":
    main()
