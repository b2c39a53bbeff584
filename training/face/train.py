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
from training.face.network import DEPTHS, N_CLASSES, WIDTHS, FaceNetwork
from training.face.recognition import RecognitionNetwork, recall
from training.face.shipped import unfold

SHIPPED = "shipped"
"""The name under which the weights in the package stand in the place of a finished run."""


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", required=True)
    parser.add_argument(
        "--start", help=f"name of a finished run whose averaged weights are the beginning, or {SHIPPED}"
    )
    parser.add_argument("--teachers", nargs="*", default=[], help=f"finished runs to distil from, or {SHIPPED}")
    parser.add_argument("--teaching", type=float, default=0.9, help="share of the teachers in the target")
    parser.add_argument("--epochs", type=int, default=40)
    parser.add_argument("--calm", type=int, default=0, help="last epochs without mixup and erasing")
    parser.add_argument("--batch", type=int, default=128)
    parser.add_argument("--rate", type=float, default=0.1)
    parser.add_argument("--decay", type=float, default=5e-4)
    parser.add_argument("--smoothing", type=float, default=0.1)
    parser.add_argument("--mixup", type=float, default=0.2, help="Beta parameter; applied to half of the batches")
    parser.add_argument("--erasing", type=float, default=0.5, help="share of the faces that get a hole")
    parser.add_argument("--averaging", type=float, default=0.998, help="decay of the averaged weights")
    parser.add_argument("--widths", type=int, nargs=4, default=WIDTHS)
    parser.add_argument("--depths", type=int, nargs=4, default=DEPTHS)
    parser.add_argument("--dropout", type=float, default=0.2)
    parser.add_argument("--stem-stride", type=int, default=2, help="1: finer and four times as slow, for a teacher")
    parser.add_argument("--tell-every", type=int, default=1, help="epochs between figures and checkpoints")
    parser.add_argument(
        "--side", type=int, help="a teacher that begins as dlib's network, looking this many pixels wide"
    )
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--precision", choices=("bf16", "fp32"), default="bf16", help="fp32 is faster on a CPU without bf16 arithmetic"
    )
    return parser.parse_args()


@dataclass
class Run:
    """What a run changes as it goes; all of it is in its checkpoint."""

    options: argparse.Namespace
    network: nn.Module
    averaged: nn.Module
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


def build(options: argparse.Namespace) -> nn.Module:
    network: nn.Module
    if options.side:
        network = RecognitionNetwork(N_CLASSES, side=options.side, dropout=options.dropout)
    else:
        network = FaceNetwork(
            tuple(options.widths), tuple(options.depths), dropout=options.dropout, stem_stride=options.stem_stride
        )
    return network.to(memory_format=torch.channels_last)


def restore(name: str) -> nn.Module:
    """The averaged network of a run, in evaluation mode."""
    if name == SHIPPED:
        return unfold(FaceNetwork(), as_tensor(split().train)).to(memory_format=torch.channels_last).eval()
    state = torch.load(CHECKPOINTS / f"{name}.pt", weights_only=False, map_location="cpu")
    usual = {"dropout": 0.2, "stem_stride": 2, "side": None}
    network = build(argparse.Namespace(**usual | vars(state["options"])))
    network.load_state_dict(state["averaged"])
    return network.eval()


def begin(options: argparse.Namespace, faces: Tensor) -> Run:
    """A run's beginning, or where it stopped; `faces`, in 0..1, show a recognising network what it will see."""
    network, averaged = build(options).to(options.device), build(options).to(options.device).eval()
    checkpoint = CHECKPOINTS / f"{options.name}.pt"
    if options.start:
        network.load_state_dict(restore(options.start).state_dict())
    elif options.side and not checkpoint.exists():
        recall(network, standardise(faces[:256]))
    averaged.load_state_dict(network.state_dict())
    on_gpu = torch.device(options.device).type == "cuda"
    groups = parameter_groups(network, options.decay)
    optimiser = torch.optim.SGD(groups, lr=0.0, momentum=0.9, nesterov=True, fused=on_gpu)
    run = Run(options, network, averaged, optimiser)
    if checkpoint.exists():
        run.load(checkpoint)
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
    """Log-probabilities of faces (n, 1, 48, 48) in 0..1, (n, 7)."""
    views = standardise(faces).contiguous(memory_format=torch.channels_last).split(batch)
    with torch.inference_mode(), arithmetic(options):
        return torch.cat([network(view).float().log_softmax(1) for view in views])


def match(target: Tensor, view: Tensor, teachers: list[nn.Module], options: argparse.Namespace) -> Tensor:
    """The target of altered faces, mixed with what the teachers say of these, as they are (Beyer et al. 2022).

    FER2013's labels are one noisy answer each; teachers that have seen others like it say what raters might have.
    """
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


def one_epoch(run: Run, faces: Tensor, target: Tensor, teachers: list[nn.Module]) -> float:
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
        view, mixed = mix(view, target[rows], 0.0 if calm else options.mixup)
        view = view.contiguous(memory_format=torch.channels_last)
        if teachers:
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
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    parts, device = split(), options.device
    faces, soft, held, gold = (
        each.to(device)
        for each in (
            as_tensor(parts.train), torch.from_numpy(parts.train.soft),
            as_tensor(parts.held), torch.from_numpy(parts.held.labels),
        )
    )  # fmt: skip
    run = begin(options, faces)
    n_parameters = sum(p.numel() for p in run.network.parameters())
    print(f"{len(faces)} train, {len(held)} held back, {n_parameters} parameters, {options}", flush=True)
    teachers = [restore(name).to(device) for name in options.teachers]
    started = time.perf_counter()
    target = soft if teachers else soft * (1 - options.smoothing) + options.smoothing / N_CLASSES
    while run.epoch < options.epochs:
        loss = one_epoch(run, faces, target, teachers)
        if run.epoch % options.tell_every and run.epoch < options.epochs:
            continue
        found = logits(run.averaged, held, options)
        accuracy, nll = (found.argmax(1) == gold).float().mean(), functional.nll_loss(found, gold)
        spent = time.perf_counter() - started
        figures = f"loss {loss:.4f} held accuracy {float(accuracy):.4f} nll {float(nll):.4f} {spent:.1f} s"
        print(f"{options.name} epoch {run.epoch}/{options.epochs} {figures}", flush=True)
        run.save(CHECKPOINTS / f"{options.name}.pt")


if __name__ == "__main__":
    main()
