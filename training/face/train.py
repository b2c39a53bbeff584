"""Train the face network: `python -m training.face.train --name first --epochs 40`; a stopped run resumes.

Only nine tenths of FER2013 `train` are learnt from; the held-back tenth gives the figures printed per epoch.
"""

import argparse
import math
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from training.face.augment import augment, standardise
from training.face.data import CHECKPOINTS, Faces, split
from training.face.network import FaceNetwork, grow
from training.face.shipped import unfold

SHIPPED = "shipped"
"""The name under which the weights in the package stand in the place of a finished run."""
SHIPPED_DEPTHS = (1, 1, 2, 1)
SMALL_SIDE = 32


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", required=True)
    parser.add_argument(
        "--start", help=f"name of a finished run whose averaged weights are the beginning, or {SHIPPED}"
    )
    parser.add_argument("--teachers", nargs="*", default=[], help=f"finished runs to distil from, or {SHIPPED}")
    parser.add_argument("--teaching", type=float, default=0.5, help="share of the teachers in the target")
    parser.add_argument(
        "--matching", action="store_true", help="teachers look at the altered face, mixed as it is (Beyer et al. 2022)"
    )
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--calm", type=int, default=0, help="last epochs without mixup and erasing")
    parser.add_argument("--small", type=int, default=0, help="first epochs, with faces of 32 px at 0.44 of the cost")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--rate", type=float, default=0.1)
    parser.add_argument("--decay", type=float, default=5e-4)
    parser.add_argument("--smoothing", type=float, default=0.1)
    parser.add_argument("--mixup", type=float, default=0.2, help="Beta parameter; applied to half of the batches")
    parser.add_argument("--erasing", type=float, default=0.5, help="share of the faces that get a hole")
    parser.add_argument("--averaging", type=float, default=0.998, help="decay of the averaged weights")
    parser.add_argument("--widths", type=int, nargs=4, default=(32, 64, 128, 256))
    parser.add_argument("--depths", type=int, nargs=4, default=(1, 1, 1, 1))
    parser.add_argument("--dropout", type=float, default=0.2)
    parser.add_argument("--stem-stride", type=int, default=2, help="1: finer and four times as slow, for a teacher")
    parser.add_argument("--tell-every", type=int, default=1, help="epochs between figures and checkpoints")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--precision", choices=("bf16", "fp32"), default="bf16", help="fp32 is faster on a CPU without bf16 arithmetic"
    )
    return parser.parse_args()


@dataclass
class Run:
    """What a run changes as it goes; all of it is in its checkpoint."""

    options: argparse.Namespace
    network: FaceNetwork
    averaged: FaceNetwork
    optimiser: torch.optim.Optimizer
    epoch: int = 0

    def save(self, path: Path) -> None:
        state = {"network": self.network.state_dict(), "averaged": self.averaged.state_dict(), "epoch": self.epoch}
        torch.save(
            state | {"optimiser": self.optimiser.state_dict(), "options": self.options}, path.with_suffix(".tmp")
        )
        path.with_suffix(".tmp").replace(path)

    def load(self, path: Path) -> None:
        state = torch.load(path, weights_only=False, map_location=self.options.device)
        self.network.load_state_dict(state["network"])
        self.averaged.load_state_dict(state["averaged"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.epoch = state["epoch"]


def build(options: argparse.Namespace) -> FaceNetwork:
    network = FaceNetwork(
        tuple(options.widths), tuple(options.depths), dropout=options.dropout, stem_stride=options.stem_stride
    )
    return network.to(memory_format=torch.channels_last)


def restore(name: str) -> FaceNetwork:
    """The averaged network of a run, in evaluation mode."""
    if name == SHIPPED:
        network = FaceNetwork(depths=SHIPPED_DEPTHS)
        return unfold(network, as_tensor(split().train)).to(memory_format=torch.channels_last).eval()
    state = torch.load(CHECKPOINTS / f"{name}.pt", weights_only=False, map_location="cpu")
    network = build(argparse.Namespace(**{"dropout": 0.2, "stem_stride": 2, **vars(state["options"])}))
    network.load_state_dict(state["averaged"])
    return network.eval()


def begin(options: argparse.Namespace) -> Run:
    network, averaged = build(options), build(options).eval()
    if options.start:
        grow(restore(options.start), network)
    averaged.load_state_dict(network.state_dict())
    network.to(options.device)
    averaged.to(options.device)
    optimiser = torch.optim.SGD(parameter_groups(network, options.decay), lr=0.0, momentum=0.9, nesterov=True)
    run = Run(options, network, averaged, optimiser)
    if (path := CHECKPOINTS / f"{options.name}.pt").exists():
        run.load(path)
    return run


def parameter_groups(network: nn.Module, decay: float) -> list[dict[str, object]]:
    """Weight decay for convolutions and the head only (He et al. 2019, bag of tricks)."""
    weights = [p for p in network.parameters() if p.ndim > 1]
    others = [p for p in network.parameters() if p.ndim <= 1]
    return [{"params": weights, "weight_decay": decay}, {"params": others, "weight_decay": 0.0}]


def arithmetic(options: argparse.Namespace) -> torch.autocast:
    """The context in which the network computes."""
    return torch.autocast(torch.device(options.device).type, torch.bfloat16, enabled=options.precision == "bf16")


def as_tensor(faces: Faces) -> Tensor:
    return torch.from_numpy(faces.images.astype(np.float32) / 255).unsqueeze(1)


def logits(network: nn.Module, faces: Tensor, options: argparse.Namespace, batch: int = 256) -> Tensor:
    """Mean of the log-probabilities of the face and its mirror image, (n, 7)."""
    found = []
    with torch.inference_mode(), arithmetic(options):
        for part in standardise(faces).split(batch):
            both = network(torch.cat([part, part.flip(3)]).contiguous(memory_format=torch.channels_last))
            found.append(both.float().log_softmax(1).view(2, len(part), -1).mean(0))
    return torch.cat(found)


def targets(faces: Tensor, soft: Tensor, teachers: list[FaceNetwork], options: argparse.Namespace) -> Tensor:
    """(n, 7): smoothed labels, or labels mixed with what the teachers say of the unaltered face.

    FER2013's labels are one noisy answer each; a teacher that has seen others like it says what raters might have.
    """
    if not teachers:
        return soft * (1 - options.smoothing) + options.smoothing / soft.shape[1]
    if options.matching:
        return soft
    taught = torch.stack([logits(teacher, faces, options).softmax(1) for teacher in teachers]).mean(0)
    print(
        f"teachers agree with {float((taught.argmax(1) == soft.argmax(1)).float().mean()):.4f} of the training labels"
    )
    return (1 - options.teaching) * soft + options.teaching * taught


def match(target: Tensor, view: Tensor, teachers: list[FaceNetwork], options: argparse.Namespace) -> Tensor:
    """The target of altered faces, mixed with what the teachers say of these."""
    with torch.no_grad(), arithmetic(options):
        taught = torch.stack([teacher(view).float().softmax(1) for teacher in teachers]).mean(0)
    return (1 - options.teaching) * target + options.teaching * taught


def rate_at(step: int, total: int, peak: float) -> float:
    """A tenth of the steps rising, then a cosine to zero."""
    rise = max(1, total // 10)
    return peak * step / rise if step < rise else peak * 0.5 * (1 + math.cos(math.pi * (step - rise) / (total - rise)))


def mix(view: Tensor, target: Tensor, alpha: float) -> tuple[Tensor, Tensor]:
    if alpha <= 0 or torch.rand(()) < 0.5:
        return view, target
    share, order = float(torch.distributions.Beta(alpha, alpha).sample()), torch.randperm(len(view), device=view.device)
    return share * view + (1 - share) * view[order], share * target + (1 - share) * target[order]


def average(averaged: nn.Module, network: nn.Module, decay: float) -> None:
    pairs = list(zip(averaged.state_dict().values(), network.state_dict().values(), strict=True))
    with torch.no_grad():
        kept, new = zip(*(pair for pair in pairs if pair[0].is_floating_point()), strict=True)
        torch._foreach_lerp_(kept, new, 1 - decay)
        for whole, number in pairs:
            if not whole.is_floating_point():
                whole.copy_(number)


def one_epoch(run: Run, faces: Tensor, target: Tensor, teachers: list[FaceNetwork]) -> float:
    """The mean loss of an epoch; its randomness depends on seed and epoch alone, so that a resumed run repeats it."""
    options, losses = run.options, []
    torch.manual_seed(1000 * options.seed + run.epoch)
    run.network.train()
    per_epoch = len(faces) // options.batch
    calm = run.epoch >= options.epochs - options.calm
    for index, rows in enumerate(torch.randperm(len(faces), device=faces.device).split(options.batch)[:per_epoch]):
        step = run.epoch * per_epoch + index
        for group in run.optimiser.param_groups:
            group["lr"] = rate_at(step, options.epochs * per_epoch, options.rate)
        view = augment(faces[rows], 0.0 if calm else options.erasing)
        if run.epoch < options.small:
            view = functional.interpolate(view, (SMALL_SIDE, SMALL_SIDE), mode="area")
        view, mixed = mix(view, target[rows], 0.0 if calm else options.mixup)
        view = view.contiguous(memory_format=torch.channels_last)
        if options.matching:
            mixed = match(mixed, view, teachers, options)
        with arithmetic(options):
            scores = run.network(view)
        loss = functional.cross_entropy(scores.float(), mixed)
        run.optimiser.zero_grad()
        loss.backward()
        run.optimiser.step()
        average(run.averaged, run.network, min(options.averaging, (1 + step) / (10 + step)))
        losses.append(loss.detach())
    run.epoch += 1
    return float(torch.stack(losses).mean())


def main() -> None:
    options = arguments()
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    parts, run, device = split(), begin(options), options.device
    faces, soft, held, gold = (
        each.to(device)
        for each in (
            as_tensor(parts.train), torch.from_numpy(parts.train.soft),
            as_tensor(parts.held), torch.from_numpy(parts.held.labels),
        )
    )  # fmt: skip
    n_parameters = sum(p.numel() for p in run.network.parameters())
    print(f"{len(faces)} train, {len(held)} held back, {n_parameters} parameters, {options}", flush=True)
    teachers = [restore(name).to(device) for name in options.teachers]
    target, started = targets(faces, soft, teachers, options), time.perf_counter()
    while run.epoch < options.epochs:
        loss = one_epoch(run, faces, target, teachers)
        if run.epoch % options.tell_every and run.epoch < options.epochs:
            continue
        found = logits(run.averaged, held, options)
        accuracy = float((found.argmax(1) == gold).float().mean())
        nll, spent = float(functional.nll_loss(found, gold)), time.perf_counter() - started
        figures = f"loss {loss:.4f} held accuracy {accuracy:.4f} nll {nll:.4f} {spent:.0f} s"
        print(f"{options.name} epoch {run.epoch}/{options.epochs} {figures}", flush=True)
        run.save(CHECKPOINTS / f"{options.name}.pt")


if __name__ == "__main__":
    main()
