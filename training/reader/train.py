"""Fine-tune all-MiniLM-L6-v2 to read claims against what they cite; a stopped run resumes from its own checkpoint.

python -m training.reader.train --name first
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from training.reader.data import Pair, held_back, learnt_from, renamed
from training.reader.model import Batch, ClaimReader, Reader, borne_odds
from training.text.train import put

from emer.evals import metrics

CHECKPOINTS = Path(__file__).parent / "checkpoints"
BATCH, SAVE_EVERY, TELL_EVERY, WARM_UP, LEAST = 48, 50, 100, 0.06, 0.02
KIND_WEIGHT = 0.3


def parameter_groups(model: ClaimReader, args: argparse.Namespace) -> list[dict[str, object]]:
    """Parameter groups whose rate falls by `--decay` per layer downwards; the table of words stays as it is."""
    model.embeddings.word_embeddings.requires_grad_(False)
    parts: list[tuple[float, nn.Module]] = [(5.0, model.hidden), (5.0, model.outcome)]
    parts += [(args.decay**depth, layer) for depth, layer in enumerate(reversed(model.layers))]
    parts.append((args.decay ** len(model.layers), model.embeddings))
    return [
        {"params": [p for p in part.parameters() if p.requires_grad], "lr": args.rate, "base": args.rate * factor}
        for factor, part in parts
    ]


def loss_of(logits: Tensor, outcomes: Tensor) -> Tensor:
    """Cross entropy of borne or not, and of what is wrong in those that are not."""
    loss = nn.functional.binary_cross_entropy_with_logits(borne_odds(logits), (outcomes == 0).float())
    planted = outcomes > 0
    if planted.any():
        wrong = nn.functional.cross_entropy(logits[planted][:, 1:], outcomes[planted] - 1, reduction="sum")
        loss = loss + KIND_WEIGHT * wrong / len(outcomes)
    return loss


def batches(scenes: Sequence[Sequence[Pair]], seed: int) -> list[list[int]]:
    """The scenes in random order, so many together that they have about `BATCH` claims."""
    order = list(range(len(scenes)))
    random.Random(seed).shuffle(order)
    made: list[list[int]] = [[]]
    for i in order:
        if sum(len(scenes[k]) for k in made[-1]) >= BATCH:
            made.append([])
        made[-1].append(i)
    return made


@torch.inference_mode()
def odds(model: ClaimReader, scenes: Sequence[Sequence[Pair]]) -> np.ndarray:
    """The log odds (n,) that each pair is borne out, in their order."""
    was_training = model.training
    model.eval()
    reader = Reader(str(model.outcome.weight.device))
    found = [borne_odds(model(reader.batch(scene))).cpu().numpy() for scene in scenes]
    model.train(was_training)
    return np.concatenate(found)


def told(found: np.ndarray, scenes: Sequence[Sequence[Pair]]) -> str:
    """AUC, and planted claims caught where 2, 5 and 10 % of the true ones are lost."""
    is_true = np.array([one.outcome == 0 for scene in scenes for one in scene])
    caught = [np.mean(found[~is_true] < np.quantile(found[is_true], lost)) for lost in (0.02, 0.05, 0.1)]
    return f"auc {metrics.auc(is_true, found):.4f} caught at 2, 5, 10 % lost: {' '.join(f'{c:.3f}' for c in caught)}"


class State(NamedTuple):
    """What a checkpoint holds, besides the number of steps done."""

    model: ClaimReader
    optimizer: torch.optim.Optimizer


def resumed(path: Path, args: argparse.Namespace) -> tuple[State, int]:
    """The state to go on from, and the steps done."""
    model = ClaimReader()
    if args.start:
        model.load_state_dict(torch.load(CHECKPOINTS / f"{args.start}.pt", map_location="cpu")["model"])
    model.to(args.device)
    state = State(model, torch.optim.AdamW(parameter_groups(model, args), weight_decay=0.01, fused=True))
    if not path.exists():
        return state, 0
    kept = torch.load(path, map_location=args.device)
    for name, part in state._asdict().items():
        part.load_state_dict(kept[name])
    return state, kept["step"]


def take_step(state: State, batch: Batch, outcomes: Tensor, rate: float) -> float:
    """Change the weights by one batch, at a share of each group's rate, and return its loss."""
    for group in state.optimizer.param_groups:
        group["lr"] = group["base"] * rate
    loss = loss_of(state.model(batch), outcomes)
    loss.backward()
    nn.utils.clip_grad_norm_(state.model.parameters(), 1.0)
    state.optimizer.step()
    state.optimizer.zero_grad()
    return loss.item()


def run(args: argparse.Namespace) -> None:
    """Train with a linear rise and fall of the rate, and print what the scenes held back show after each epoch."""
    CHECKPOINTS.mkdir(exist_ok=True)
    path, scenes, held, reader = CHECKPOINTS / f"{args.name}.pt", learnt_from(), held_back(), Reader(args.device)
    n_epochs = math.ceil(args.epochs)
    steps = [(epoch, many) for epoch in range(n_epochs) for many in batches(scenes, args.seed + epoch)]
    steps = steps[: int(len(steps) * args.epochs / n_epochs)]
    torch.manual_seed(args.seed)
    (state, step), n_steps = resumed(path, args), len(steps)
    print(f"{sum(map(len, scenes))} pairs, {sum(map(len, held))} held back, step {step} of {n_steps}", flush=True)
    started, mean = time.time(), 0.0
    state.model.train()
    while step < n_steps:
        epoch, chosen = steps[step]
        dice = random.Random(f"{args.seed} {step}")
        many = [one for i in chosen for one in renamed(scenes[i], dice)]
        rate = min(1.0, (step + 1) / (WARM_UP * n_steps)) * max(LEAST, (n_steps - step) / n_steps)
        outcomes = torch.tensor([one.outcome for one in many], device=args.device)
        loss = take_step(state, reader.batch(many), outcomes, rate)
        step, mean = step + 1, 0.98 * mean + 0.02 * loss
        is_last = step == n_steps or steps[step][0] != epoch
        if is_last or step % SAVE_EVERY == 0:
            put(path, {name: part.state_dict() for name, part in state._asdict().items()} | {"step": step})
        if is_last or step % TELL_EVERY == 0:
            found, took = told(odds(state.model, held), held), time.time() - started
            print(f"{args.name} step {step}/{n_steps} loss {mean:.3f} {found} {took:.0f} s", flush=True)


def main() -> None:
    """Reads the options."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--name", required=True)
    parser.add_argument("--start", metavar="NAME", help="begin from the weights of another run")
    parser.add_argument("--epochs", type=float, default=4)
    parser.add_argument("--rate", type=float, default=1e-4, help="of the top layer; the head's is five times that")
    parser.add_argument("--decay", type=float, default=0.85)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--device", default="cpu")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    run(args)


if __name__ == "__main__":
    main()
