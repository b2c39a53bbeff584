"""How often words bear no mark of an emotion that readers find in them: the source of `tables.WORDS_OPEN`.

    python -m training.judge.unmarked --data ../shared/data

The encoder's first label, on EmoBank dev: how often it is neutral where readers put a sentence far from the middle of
valence, over how often where they put it in the middle. Readers had nothing but the words, so this is a lower bound for
people who are also seen and heard.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from emer.evals.readers import emobank
from emer.memory.ontology import STATES
from emer.tools.text_encoder import encode

FAR, NEAR_VALENCE, NEAR_AROUSAL = 0.4, 0.1, 0.25


def main() -> None:
    """Print both shares with their n, and their quotient."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    samples = emobank(parser.parse_args().data, "dev")
    first = np.concatenate([encode([sample.given]).probabilities.argmax(axis=1) for sample in samples])
    is_neutral = first == STATES.index("neutral")
    valence, arousal, _ = np.abs(np.array([sample.target for sample in samples])).T
    far, middle = valence >= FAR, (valence <= NEAR_VALENCE) & (arousal <= NEAR_AROUSAL)
    shares = is_neutral[far].mean(), is_neutral[middle].mean()
    print(f"|valence| >= {FAR}: neutral first in {shares[0]:.3f} of {far.sum()}")
    print(f"|valence| <= {NEAR_VALENCE}, |arousal| <= {NEAR_AROUSAL}: {shares[1]:.3f} of {middle.sum()}")
    print(f"quotient {shares[0] / shares[1]:.2f}")


if __name__ == "__main__":
    main()
