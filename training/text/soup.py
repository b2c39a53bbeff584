"""Average the weights of runs that began at the same point (model soup, Wortsman et al. 2022, ICML).

python -m training.text.soup --of first second --name soup
"""

from __future__ import annotations

import argparse

import torch
from training.text.train import CHECKPOINTS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--of", nargs="+", required=True)
    parser.add_argument("--weights", nargs="+", type=float, help="share of each, equal by default")
    parser.add_argument("--name", required=True)
    args = parser.parse_args()
    shares = args.weights or [1 / len(args.of)] * len(args.of)
    parts = [torch.load(CHECKPOINTS / f"{name}.pt")["ema"] for name in args.of]
    made = {}
    for key, value in parts[0].items():
        mixed = sum(share * part[key] for share, part in zip(shares, parts, strict=True))
        made[key] = mixed if value.is_floating_point() else value
    torch.save({"ema": made}, CHECKPOINTS / f"{args.name}.pt")


if __name__ == "__main__":
    main()
