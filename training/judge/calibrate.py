"""Fit the map from a label's probability to the chance that an annotator accepts it, and write it into the package.

    python -m training.judge.calibrate

Words alone: GoEmotions dev (basis `calibrated:goemotions-dev`). Words with a face or voice, and those without words:
synthetic clips (basis `synthetic`) whose kinds come as often as the judge's prior over Ekman's six and neutral says,
since nothing says that a clip is like a comment. In a clip, words go with the state only as often as their validity
says, so that a confidence there is lower than for the same words as a comment. An annotator accepts a label of words
if she gave its state or one near it (`fusion.words.near`), and one of a clip without words if she gave one of its kind
(`fusion.classes.home`), for which alone validities are published. The map is isotonic regression
on equal-mass bins, apart for the leading label and for the others. Printed: figures of five-fold cross-fitting, so
that nothing is judged by the map that it made.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from training.judge.material import SEED, Comment, comments, held_back_faces, pools, shown, spoken

import emer.agents.fusion as fusion
from emer.agents.fusion.classes import home, prior_by_class
from emer.agents.fusion.reading import Reading, read
from emer.agents.fusion.words import near
from emer.agents.judge import instruments_for
from emer.config import Settings
from emer.evals import metrics
from emer.memory.ontology import STATES
from emer.schemas import Cue

BINS = 20
Points = NDArray[np.float64]


class Rows(NamedTuple):
    """(n, 2) each: the label's probability and whether the raters gave it, of leading labels and of the others."""

    first: Points
    rest: Points


def rows(readings: Sequence[Reading], gold: Sequence[frozenset[str]]) -> Rows:
    """The points of all readings that came to a label."""
    first, rest = [], []
    for reading, states in zip(readings, gold, strict=True):
        if not reading.labels:
            continue
        for label in (*reading.labels, *reading.rivals()):
            point = (reading.acceptance(label.state), float(_accepts(states, label.state, by_kind=bool(reading.kinds))))
            (first if label is reading.labels[0] else rest).append(point)
    return Rows(np.array(first), np.array(rest))


def _accepts(given: frozenset[str], state: int, *, by_kind: bool) -> bool:
    """Whether an annotator who gave some states accepts a word for `state`."""
    if by_kind:
        return any(home(STATES.index(one)) == home(state) for one in given)
    return any(STATES[one] in given for one in near(state))


def isotonic(points: Points, n_bins: int = BINS) -> list[tuple[float, float]]:
    """Knots of a rising map: bins of equal mass, then pool-adjacent-violators (Ayer et al. 1955)."""
    ordered = points[np.argsort(points[:, 0], kind="stable")]
    blocks = [[b[:, 0].mean(), b[:, 1].mean(), float(len(b))] for b in np.array_split(ordered, n_bins) if len(b)]
    pooled: list[list[float]] = []
    for block in blocks:
        pooled.append(block)
        while len(pooled) > 1 and pooled[-2][1] >= pooled[-1][1]:
            (x1, y1, n1), (x2, y2, n2) = pooled[-2:]
            pooled[-2:] = [[(x1 * n1 + x2 * n2) / (n1 + n2), (y1 * n1 + y2 * n2) / (n1 + n2), n1 + n2]]
    return [(round(float(x), 4), round(float(min(max(y, 0.01), 0.99)), 4)) for x, y, _ in pooled]


def mapped(points: Points, knots: Sequence[tuple[float, float]]) -> Points:
    """The map's value at each point."""
    x, y = np.array(knots).T
    return np.asarray(np.interp(points[:, 0], x, y))


def cross_fitted(points: Points, folds: int = 5) -> Points:
    """Each point's value by the map that was fitted without its fold."""
    values = np.zeros(len(points))
    fold = np.random.default_rng(SEED).permutation(len(points)) % folds
    for k in range(folds):
        values[fold == k] = mapped(points[fold == k], isotonic(points[fold != k]))
    return values


def report(name: str, points: Points, say: Callable[[str], None] = print) -> None:
    """Print Brier against the base rate, slope and ECE of the cross-fitted map."""
    p, y = cross_fitted(points), points[:, 1]
    base = float(y.mean())
    say(f"{name}: n {len(y)}, accepted {base:.3f}, Brier {metrics.brier(y, p):.4f} (base rate {base * (1 - base):.4f})")
    slope, perfect = metrics.calibration_slope(y, p), metrics.ece_if_calibrated(p)
    say(f"  slope {slope:.2f}, ECE {metrics.ece(y, p):.3f} (of a perfect judge {perfect:.3f})")
    say(f"  risk at 50 % coverage {metrics.risk_at(p, y, 0.5):.3f}, at 100 % {metrics.risk_at(p, y, 1):.3f}")


def main() -> None:
    """Fit, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--n", type=int, help="only the first n comments (to try it out); writes nothing")
    arguments = parser.parse_args()
    made = comments(arguments.n)
    instruments = instruments_for(Settings().neutral_prior, has_faces=True)

    def fitted(name: str, basis: str, cues: Sequence[Sequence[Cue]], told: Sequence[Comment] = made) -> dict[str, Any]:
        found = rows([read("p1", one, [], instruments) for one in cues], [comment.states for comment in told])
        report(f"{name}, leading label", found.first)
        report(f"{name}, other labels", found.rest)
        return {"basis": basis, "n": len(made), "first": isotonic(found.first), "rest": isotonic(found.rest)}

    rng, found, prior = np.random.default_rng(SEED), pools(made, held_back_faces()), prior_by_class(instruments)
    clips = [spoken(prior, found, rng) for _ in made]
    silent = [shown(prior, found, rng) for _ in made]
    maps = {
        "words": fitted("words", "calibrated:goemotions-dev", [comment.cues for comment in made]),
        "words+others": fitted("words with face or voice", "synthetic", [clip.cues for clip in clips], clips),
        "others": fitted("face or voice alone", "synthetic", [clip.cues for clip in silent], silent),
    }
    if arguments.n is None:
        path = Path(fusion.__file__).parent / "calibration.json"
        path.write_text(json.dumps({"made_by": "training/judge/calibrate.py", "maps": maps}, indent=1) + "\n")
        print(f"wrote {path}")


if __name__ == "__main__":
    main()
