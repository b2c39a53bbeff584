"""Keep a checkpoint's logits on GoEmotions train: soft targets for the next run (born-again networks, Furlanello 2018).

python -m training.text.soften --name first        # writes checkpoints/first.soft.npz
"""

from __future__ import annotations

import argparse

import numpy as np
import torch
from training.text import data
from training.text.batching import predict
from training.text.model import TextEncoder, tokenizer
from training.text.train import CHECKPOINTS


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--name", required=True)
    name = parser.parse_args().name
    torch.set_num_threads(1)
    model = TextEncoder()
    model.load_state_dict(torch.load(CHECKPOINTS / f"{name}.pt")["ema"])
    ids = [encoding.ids for encoding in tokenizer().encode_batch(data.goemotions("train").texts)]
    np.savez(CHECKPOINTS / f"{name}.soft.npz", logits=predict(model, ids)["logits"].astype(np.float16))


if __name__ == "__main__":
    main()
