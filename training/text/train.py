"""Fine-tune the encoder on GoEmotions and EmoBank together; a stopped run resumes from its own checkpoint.

python -m training.text.train --name first --epochs 3
"""

from __future__ import annotations

import argparse
import copy
import json
import math
import time
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from training.text import data
from training.text.batching import batch_at, padded, predict
from training.text.model import TextEncoder, tokenizer

from emer.evals import metrics

CHECKPOINTS = Path(__file__).parent / "checkpoints"
GO_BATCH, EMO_BATCH = 32, 24
WARM_UP, SAVE_EVERY = 200, 200
EMA_RATE, EMA_EVERY = 0.998, 4


class Material(NamedTuple):
    """Token ids of one training set, how many each has, targets (n, k), the frozen encoder's embeddings (n, 384)."""

    ids: list[list[int]]
    lengths: tuple[int, ...]
    targets: Tensor
    keep: Tensor


class State(NamedTuple):
    """What a checkpoint holds, besides the number of steps done."""

    model: TextEncoder
    ema: TextEncoder
    optimizer: torch.optim.Optimizer


def teacher_embeddings(name: str, ids: list[list[int]]) -> Tensor:
    """Return the frozen encoder's embeddings (n, 384), computed once and kept as float16."""
    path = CHECKPOINTS / f"teacher_{name}.npy"
    if not path.exists():
        np.save(path, predict(TextEncoder(), ids)["embedding"].astype(np.float16))
    return torch.from_numpy(np.load(path)).float()


def parameter_groups(model: TextEncoder, args: argparse.Namespace) -> list[dict[str, object]]:
    """Return parameter groups whose rate falls by `--decay` per layer downwards; the word table stays frozen."""
    layers = model.encoder.encoder.layer
    groups: list[dict[str, object]] = []

    def add(module: nn.Module, rate: float) -> None:
        for weight_decay, matrix in ((0.01, True), (0.0, False)):
            params = [p for p in module.parameters() if p.requires_grad and (p.ndim > 1) is matrix]
            groups.append({"params": params, "lr": rate, "base": rate, "weight_decay": weight_decay})

    model.encoder.embeddings.requires_grad_(False)
    for depth, layer in enumerate(layers):
        add(layer, args.lr * args.decay ** (len(layers) - 1 - depth))
    for head in (model.emotion_hidden, model.emotion, model.vad_hidden, model.vad):
        add(head, args.head_lr)
    return groups


def emotion_loss(logits: Tensor, targets: Tensor, weight: Tensor) -> Tensor:
    """Return binary cross entropy summed over labels, mean over comments, positives weighted by `weight` (28,)."""
    loss = nn.functional.binary_cross_entropy_with_logits(logits, targets, pos_weight=weight, reduction="sum")
    return loss / len(logits)


def vad_loss(predicted: Tensor, targets: Tensor, scale: Tensor) -> Tensor:
    """Return squared error in units of each dimension's variance plus 1 - CCC over the batch (Lin 1989), summed."""
    error = (((predicted - targets) / scale) ** 2).mean(0)
    mean_p, mean_t = predicted.mean(0), targets.mean(0)
    covariance = ((predicted - mean_p) * (targets - mean_t)).mean(0)
    spread = predicted.var(0, unbiased=False) + targets.var(0, unbiased=False) + (mean_p - mean_t) ** 2
    return (0.5 * error + (1.0 - 2.0 * covariance / (spread + 1e-8))).sum()


@torch.no_grad()
def average(slow: nn.Module, fast: nn.Module, rate: float) -> None:
    """Move the averaged weights towards the current ones: slow = rate * slow + (1 - rate) * fast."""
    for old, new in zip(slow.parameters(), fast.parameters(), strict=True):
        if new.requires_grad:
            old.lerp_(new, 1 - rate)


def materials() -> tuple[Material, Material, Tensor]:
    """Return GoEmotions, EmoBank and the weight of each label's positives: (n/n_label)^0.25."""
    cut, made = tokenizer(), []
    for name, labelled in (("go", data.goemotions("train")), ("emo", data.emobank("train"))):
        ids = [encoding.ids for encoding in cut.encode_batch(labelled.texts)]
        keep = teacher_embeddings(name, ids)
        made.append(Material(ids, tuple(map(len, ids)), torch.from_numpy(labelled.targets), keep))
    go, emo = made
    return go, emo, (len(go.ids) / go.targets.sum(0)) ** 0.25


def step_losses(state: State, step: int, sets: tuple[Material, Material, Tensor], args: argparse.Namespace) -> float:
    """Add up the gradients of one step and return the GoEmotions loss; EmoBank joins every `--vad-every` steps."""
    go, emo, weight = sets
    index = batch_at(step, go.lengths, GO_BATCH, args.seed)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        output = state.model(*padded([go.ids[i] for i in index]))
    loss = emotion_loss(output.logits.float(), go.targets[index], weight)
    (loss + args.keep * (1 - (output.embedding.float() * go.keep[index]).sum(1)).mean()).backward()
    if step % args.vad_every == 0:
        index = batch_at(step // args.vad_every, emo.lengths, EMO_BATCH, 1000 + args.seed)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            output = state.model(*padded([emo.ids[i] for i in index]))
        miss = vad_loss(output.vad.float(), emo.targets[index], emo.targets.std(0))
        (miss + args.keep * (1 - (output.embedding.float() * emo.keep[index]).sum(1)).mean()).backward()
    return loss.item()


def resumed(path: Path, args: argparse.Namespace) -> tuple[State, int]:
    """Return the state to go on from and the steps done."""
    model = TextEncoder()
    state = State(model, copy.deepcopy(model), torch.optim.AdamW(parameter_groups(model, args), fused=True))
    state.ema.encoder.embeddings.requires_grad_(False)
    if not path.exists():
        return state, 0
    kept = torch.load(path)
    for part in ("model", "ema", "optimizer"):
        getattr(state, part).load_state_dict(kept[part])
    return state, kept["step"]


def put(path: Path, parts: dict[str, object]) -> None:
    """Write a checkpoint beside the old one and then over it, so that a kill leaves one of the two."""
    torch.save(parts, f"{path}.new")
    Path(f"{path}.new").replace(path)


def save(path: Path, state: State, step: int) -> None:
    """Write the checkpoint."""
    parts = {part: getattr(state, part).state_dict() for part in ("model", "ema", "optimizer")}
    put(path, parts | {"step": step})


def run(args: argparse.Namespace) -> None:
    """Train with a linear rise and fall of the rate, and print dev figures at the end."""
    path, sets = CHECKPOINTS / f"{args.name}.pt", materials()
    n_steps = int(args.epochs * math.ceil(len(sets[0].ids) / GO_BATCH))
    (state, step), started = resumed(path, args), time.time()
    while step < n_steps:
        rate = min(1.0, (step + 1) / WARM_UP) * max(0.02, 1 - step / n_steps)
        for group in state.optimizer.param_groups:
            group["lr"] = group["base"] * rate
        state.model.train()
        state.optimizer.zero_grad()
        loss = step_losses(state, step, sets, args)
        nn.utils.clip_grad_norm_([p for p in state.model.parameters() if p.requires_grad], 5.0)
        state.optimizer.step()
        step += 1
        if step % EMA_EVERY == 0 or step == n_steps:
            average(state.ema, state.model, min(EMA_RATE**EMA_EVERY, step / (step + 80)))
        if step % 50 == 0:
            print(f"{step}/{n_steps} loss {loss:.3f} {time.time() - started:.0f} s", flush=True)
        if step % SAVE_EVERY == 0 or step == n_steps:
            save(path, state, step)
    print(json.dumps(quick_figures(state.ema)), flush=True)


def quick_figures(model: TextEncoder) -> dict[str, object]:
    """Return dev macro-F1 at the best common threshold of the raw outputs and dev correlation of VAD, to watch it."""
    cut, go, emo = tokenizer(), data.goemotions("dev"), data.emobank("dev")
    logits = predict(model, [e.ids for e in cut.encode_batch(go.texts)])["logits"]
    vad = predict(model, [e.ids for e in cut.encode_batch(emo.texts)])["vad"]
    scores = [metrics.macro_f1(go.targets, logits > t) for t in np.arange(-2.5, 1.0, 0.1)]
    r = [round(metrics.pcc(emo.targets[:, k], vad[:, k]), 3) for k in range(3)]
    return {"macro_f1_one_threshold": round(max(scores), 4), "vad_pcc": r}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--name", required=True)
    parser.add_argument("--epochs", type=float, default=3)
    parser.add_argument("--lr", type=float, default=1.2e-4)
    parser.add_argument("--head-lr", type=float, default=5e-4)
    parser.add_argument("--decay", type=float, default=0.85)
    parser.add_argument("--keep", type=float, default=1.0, help="weight of staying close to the frozen embedding")
    parser.add_argument("--vad-every", type=int, default=4, help="steps of GoEmotions per step of EmoBank")
    parser.add_argument("--seed", type=int, default=13)
    args = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(args.seed)
    CHECKPOINTS.mkdir(exist_ok=True)
    run(args)


if __name__ == "__main__":
    main()
