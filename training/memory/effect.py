"""Does recall help the judge? The same clips with memory off and on, paired; and which roles do it.

    python -m training.memory.effect --data ../shared/data [--sets EmoryNLP ISEAR 191]

Memories: the seed cases alone; a set's own cases alone. EmoryNLP: its train split is imported, its test split judged.
ISEAR: seven people in ten are imported, the others judged. The 191 textualised clips: those of all other dialogues are
imported. Intervals are bootstraps by scene, person or dialogue. Nothing is fitted here.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from training.memory.classes import EMORYNLP, ISEAR, class_shares
from training.memory.judged import log_p, recalled, seen
from training.memory.material import (
    ExactMemory,
    Item,
    as_case,
    emorynlp,
    isear_halves,
    of_samples,
    textualised,
    vectors_of,
)

from emer.agents.judge import instruments_for, judge
from emer.agents.recall import recall
from emer.agents.state import Evidence, Services
from emer.api import reason
from emer.config import Settings
from emer.evals import metrics, readers
from emer.evals.textualised import CLASSES, MODALITIES, observations, records
from emer.memory.embedder import EncoderEmbedder
from emer.memory.seed import seed_cases, shipped_vectors
from emer.schemas import RecalledCase, Report

ROLES = (("support",), ("support", "confusion"), ("support", "confusion", "counter"))
Judge = Callable[[Sequence[RecalledCase], Sequence[str]], NDArray[np.float64]]


@dataclass(frozen=True)
class Clip:
    """One clip to be judged: its class, its group, what cases make of it, and its cases by memory."""

    gold: int
    group: Hashable
    judge: Judge
    cases: dict[str, list[RecalledCase]]


def seed_memory() -> ExactMemory:
    """The cases that come with emer."""
    cases = seed_cases()
    known = shipped_vectors(cases, EncoderEmbedder())
    return ExactMemory(cases, np.stack([known[case.id] for case in cases]))


def own_memory(name: str, items: Sequence[Item]) -> ExactMemory:
    """A set's items as an import makes them."""
    vectors = vectors_of(name, [item.cues for item in items], EncoderEmbedder())
    return ExactMemory([as_case(item, name) for item in items], vectors, [item.group for item in items])


def texts(name: str, imported: Sequence[Item], judged: Sequence[Item]) -> Iterator[Clip]:
    """Clips of words alone."""
    classes = {"emorynlp": EMORYNLP, "isear": ISEAR}[name]
    instruments = instruments_for(Settings().neutral_prior, has_faces=False)
    memories = {"seed": seed_memory(), "own": own_memory(name, imported)}
    for item, one in zip(judged, seen([item.cues["transcript"] for item in judged]), strict=True):

        def decide(cases: Sequence[RecalledCase], roles: Sequence[str], one=one) -> NDArray[np.float64]:  # type: ignore[no-untyped-def]
            return class_shares(log_p(one, cases, instruments, roles), instruments.prior, classes)

        cases = {memory: recalled(one, held) for memory, held in memories.items()}
        yield Clip(list(classes).index(item.labels[0]), item.group, decide, cases)


def clips(data: Path) -> Iterator[Clip]:
    """The 191 textualised clips with all their modalities, as `emer reason` reads them."""
    items = textualised(data)
    seed, own = seed_memory(), own_memory("191", items)
    with tempfile.TemporaryDirectory() as empty:
        for item, record in zip(items, records(readers.textualised(data / readers.CLIPS)), strict=True):
            report = reason(observations(record, MODALITIES), memory_dir=Path(empty))

            def decide(cases: Sequence[RecalledCase], roles: Sequence[str], report=report) -> NDArray[np.float64]:  # type: ignore[no-untyped-def]
                return _meld_shares(report, [case for case in cases if case.role in roles])

            memories = {"seed": seed, "own": own.without(item.group)}
            cases = {
                name: recall(report.cues, report.utterances, Services(settings=Settings(), memory=held))  # type: ignore[arg-type]
                for name, held in memories.items()
            }
            yield Clip(CLASSES.index(item.labels[0]), item.group, decide, cases)


def _meld_shares(report: Report, cases: list[RecalledCase]) -> NDArray[np.float64]:
    evidence = Evidence(
        clip=report.clip, people=report.people, utterances=report.utterances, cues=report.cues, cases=cases, causes=[]
    )
    rows = {row.label: row.p for row in judge(evidence, Services(settings=Settings())).projections.get("meld7", [])}
    shares = np.array([rows.get(name, 0.0) for name in CLASSES])
    shares[CLASSES.index("neutral")] += rows.get("none", 0.0 if rows else 1.0)
    return shares


def lines(name: str, found: Sequence[Clip]) -> Iterator[str]:
    """A set's lines of the table: accuracy and log loss with each memory and choice of roles, beside memory off."""
    gold, groups = np.array([clip.gold for clip in found]), [clip.group for clip in found]
    off = np.stack([clip.judge([], ()) for clip in found])
    yield f"| {name} | {len(found)} | off | | {_right(off, gold).mean():.4f} | | {_loss(off, gold).mean():.4f} | |"
    for memory in ("seed", "own"):
        for roles in ROLES:
            on = np.stack([clip.judge(clip.cases[memory], roles) for clip in found])
            hit = _difference(_right(on, gold) - _right(off, gold), groups)
            loss = _difference(_loss(on, gold) - _loss(off, gold), groups)
            figures = f"{_right(on, gold).mean():.4f} | {hit} | {_loss(on, gold).mean():.4f} | {loss}"
            yield f"| {name} | {len(found)} | {memory} | {' + '.join(roles)} | {figures} |"
    used = {
        memory: np.mean([sum(case.applies for case in clip.cases[memory]) for clip in found])
        for memory in ("seed", "own")
    }
    yield f"<!-- {name}: cases that apply per clip: seed {used['seed']:.2f}, own {used['own']:.2f} -->"


def _right(shares: NDArray[np.float64], gold: NDArray[np.intp]) -> NDArray[np.float64]:
    return (shares.argmax(axis=1) == gold).astype(float)


def _loss(shares: NDArray[np.float64], gold: NDArray[np.intp]) -> NDArray[np.float64]:
    return -np.log(np.maximum(shares[np.arange(len(gold)), gold], 1e-6))


def _difference(difference: NDArray[np.float64], groups: Sequence[Hashable]) -> str:
    interval = metrics.bootstrap(lambda drawn: float(difference[drawn].mean()), groups)
    return f"{interval.estimate:+.4f} [{interval.low:+.4f}, {interval.high:+.4f}]"


def sets(data: Path, limit: int | None) -> dict[str, Callable[[], list[Clip]]]:
    """How each set's clips are made; `limit` cuts what is imported, and what is judged to a quarter of it."""
    n_judged = limit and limit // 4

    def emory() -> list[Clip]:
        return list(texts("emorynlp", emorynlp(data, "train")[:limit], emorynlp(data, "test")[:n_judged]))

    def situations() -> list[Clip]:
        imported, judged = isear_halves(of_samples(readers.isear(data))[:limit])
        return list(texts("isear", imported, judged[:n_judged]))

    return {"EmoryNLP": emory, "ISEAR": situations, "191": lambda: list(clips(data))}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--sets", nargs="+", default=["EmoryNLP", "ISEAR", "191"])
    parser.add_argument("--limit", type=int, help="import only so many, judge a quarter as many, for a quick look")
    given = parser.parse_args()
    print("| set | n | memory | roles | accuracy | against off | log loss | against off |")
    print("|---|---|---|---|---|---|---|---|", flush=True)
    for name in given.sets:
        for line in lines(name, sets(given.data, given.limit)[name]()):
            print(line, flush=True)


if __name__ == "__main__":
    main()
