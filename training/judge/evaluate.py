"""The judge, its fusion and its confidence on the textualised clips, fed through `emer reason`.

    python -m training.judge.evaluate --data ../shared/data --test      # the 191 clips; once, at the end
    python -m training.judge.evaluate --file MINE.json                  # the same figures on a file of the same shape

Nothing is fitted, retrieved or imported here: the memory is an empty folder's (the cases that ship with emer).
Intervals are bootstraps by dialogue. A clip on which the judge abstains counts as neutral, the floor's answer.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from emer.errors import InputError
from emer.evals import metrics
from emer.evals.readers import CLIPS, textualised
from emer.evals.textualised import CLASSES, MODALITIES, Answers, Record, answers, hits, records

SEED = 20261124
SHORT = 3
Asked = tuple[Sequence[Record], tuple[str, ...]]
"""Clips, and the modalities that the judge is given of them."""
Ask = Callable[[Sequence[Asked]], list[Answers]]
QUOTED = """quoted, not run here: always-neutral 35.1 / .07; frozen encoder on words 35.6;
published gpt-4o runs: words 52.4 / .49; words+voice 39.8 / .32; all four 31.4 / .24"""


def accuracy_lines(name: str, clips: Sequence[Record], found: Answers) -> str:
    """Accuracy with its interval, macro-F1, top-two hit, neutral recall and mean labels."""
    right = hits(clips, found)
    gold = [clip.label for clip in clips]
    f1 = metrics.macro_f1(metrics.indicator(gold, CLASSES), metrics.indicator(list(found.top), CLASSES))
    either = np.mean([clip.label in pair for clip, *pair in zip(clips, found.top, found.second, strict=True)])
    neutral = [top == "neutral" for clip, top in zip(clips, found.top, strict=True) if clip.label == "neutral"]
    interval = metrics.bootstrap(lambda i: float(right[i].mean()), [clip.dialogue for clip in clips])
    recall = f"{np.mean(neutral):.3f}" if neutral else "-"
    told = f"{name:26s} {100 * right.mean():5.1f} % [{100 * interval.low:.1f}, {100 * interval.high:.1f}]"
    rest = f"top two {either:.3f}  neutral recall {recall}  labels {found.n_labels.mean():.2f}"
    return f"{told}  macro-F1 {f1:.3f}  {rest}"


def fusion_lines(clips: Sequence[Record], by_set: Mapping[tuple[str, ...], Answers]) -> list[str]:
    """For each combination the paired difference to its best member."""
    dialogues = [clip.dialogue for clip in clips]
    lines, found = [], {}
    for chosen in [key for key in by_set if len(key) > 1]:
        members = {one: hits(clips, by_set[(one,)]) for one in chosen}
        best = max(members, key=lambda one: (members[one].mean(), one))
        found[chosen] = _difference(hits(clips, by_set[chosen]), members[best], dialogues)
        lines.append(f"{'+'.join(chosen):26s} {_points(found[chosen])} against {best}")
    mean = np.mean([interval.estimate for interval in found.values()])
    worded = [interval for chosen, interval in found.items() if "words" in chosen]
    lines.append(
        f"mean {100 * mean:+.2f} points; wholly below 0: {sum(i.high < 0 for i in found.values())} of {len(found)}"
    )
    above = sum(i.estimate > 0 for i in worded)
    lines.append(f"with words: above 0 {above} of {len(worded)}, wholly above 0 {sum(i.low > 0 for i in worded)}")
    return lines


def control_lines(clips: Sequence[Record], whole: Answers, ask: Ask) -> list[str]:
    """What another clip's voice, face or scene costs, and the short clips without their words."""
    lines = []
    dialogues = [clip.dialogue for clip in clips]
    strangers = ask([(_swapped(clips, modality), MODALITIES) for modality in MODALITIES[1:]])
    for modality, swapped in zip(MODALITIES[1:], strangers, strict=True):
        cost = _difference(hits(clips, swapped), hits(clips, whole), dialogues)
        lines.append(f"another clip's {modality:6s} {_points(cost)}")
    short = [clip for clip in clips if len((clip.words or "").split()) <= SHORT]
    if not short:
        return [*lines, f"no clip of at most {SHORT} words"]
    rest = hits(short, ask([(short, MODALITIES[1:])])[0])
    floor = np.array([float(clip.label == "neutral") for clip in short])
    gain = _difference(rest, floor, [clip.dialogue for clip in short])
    what = f"{len(short)} clips of at most {SHORT} words, words blanked: {100 * rest.mean():.1f} %"
    return [*lines, f"{what} against always-neutral {100 * floor.mean():.1f} %: {_points(gain)}"]


def _difference(one: NDArray[np.float64], other: NDArray[np.float64], dialogues: Sequence[str]) -> metrics.Interval:
    difference = one - other
    return metrics.bootstrap(lambda i: float(difference[i].mean()), dialogues)


def _points(interval: metrics.Interval) -> str:
    return f"{100 * interval.estimate:+5.1f} [{100 * interval.low:+.1f}, {100 * interval.high:+.1f}] points"


def confidence_lines(
    name: str, right: NDArray[np.float64], p: NDArray[np.float64], dialogues: Sequence[str]
) -> list[str]:
    """Brier against the base rate, calibration slope, risk at half coverage, ECE beside a perfect judge's."""
    base = float(right.mean())
    gain = metrics.bootstrap(
        lambda i: float(((right[i].mean() - right[i]) ** 2).mean() - ((p[i] - right[i]) ** 2).mean()), dialogues
    )
    lines = [f"{name}: n {len(p)}, right {base:.3f}, mean confidence {p.mean():.3f}",
             f"  Brier {metrics.brier(right, p):.4f}, base rate {base * (1 - base):.4f}, gain {gain.estimate:+.4f} "
             f"[{gain.low:+.4f}, {gain.high:+.4f}]"]  # fmt: skip
    lines.append(
        "  slope " + _told(lambda: metrics.bootstrap(lambda i: metrics.calibration_slope(right[i], p[i]), dialogues))
    )
    lines.append(
        f"  risk at 50 % coverage {metrics.risk_at(p, right, 0.5):.3f}, at 100 % {metrics.risk_at(p, right, 1):.3f}"
    )
    perfect = metrics.ece_if_calibrated(p)
    lines.append(f"  ECE (5 bins of equal mass) {metrics.ece(right, p):.3f}, of a perfect judge {perfect:.3f}")
    return lines


def show(clips: Sequence[Record], ask: Ask, say: Callable[[str], None] = print) -> None:
    """Print every figure."""
    say(f"{len(clips)} clips, {len({clip.dialogue for clip in clips})} dialogues")
    gold = np.array([clip.label for clip in clips])
    floor = metrics.macro_f1(
        metrics.indicator(gold.tolist(), CLASSES), metrics.indicator(["neutral"] * len(clips), CLASSES)
    )
    say(f"always neutral             {100 * (gold == 'neutral').mean():5.1f} %  macro-F1 {floor:.3f}\n{QUOTED}")
    sets = [chosen for n in range(1, 5) for chosen in combinations(MODALITIES, n)]
    by_set = dict(zip(sets, ask([(clips, chosen) for chosen in sets]), strict=True))
    for chosen in sets:
        say(accuracy_lines("+".join(chosen), clips, by_set[chosen]))
    say("\nfusion: difference to the best member, paired, bootstrap by dialogue")
    for line in fusion_lines(clips, by_set):
        say(line)
    say("\ncontrols")
    for line in control_lines(clips, by_set[MODALITIES], ask):
        say(line)
    say("\nconfidence")
    for chosen in (MODALITIES, ("words",)):
        found = by_set[chosen]
        there = ~np.isnan(found.confidence)
        dialogues = [clip.dialogue for clip, is_there in zip(clips, there, strict=True) if is_there]
        right = hits(clips, found)
        say(f"{'+'.join(chosen)}: {int((~there).sum())} abstained; basis {', '.join(sorted(found.basis)) or 'none'}")
        if there.any():
            accepted = np.array([float(clip.label == name) for clip, name in zip(clips, found.named, strict=True)])
            for line in confidence_lines("  emotion.confidence", accepted[there], found.confidence[there], dialogues):
                say(line)
        for line in confidence_lines("  projection's p", right, found.p, [clip.dialogue for clip in clips]):
            say(line)


def _answered(asked: Asked) -> Answers:
    """The judge's answers to clips, with a memory of their own that is empty."""
    with tempfile.TemporaryDirectory() as memory:
        return answers(*asked, Path(memory))


def _swapped(clips: Sequence[Record], modality: str) -> list[Record]:
    """The clips, each with one modality of a clip of another dialogue, drawn with a fixed seed."""
    chance = random.Random(SEED)
    swapped = []
    for clip in clips:
        strangers = [other for other in clips if other.dialogue != clip.dialogue]
        donor = chance.choice(strangers or list(clips))
        swapped.append(Record(**{**clip.__dict__, modality: getattr(donor, modality)}))
    return swapped


def _told(compute: Callable[[], metrics.Interval]) -> str:
    try:
        found = compute()
    except InputError as error:
        return f"undefined: {error}"
    return f"{found.estimate:.2f} [{found.low:.2f}, {found.high:.2f}]"


def main() -> None:
    """Read the file that was named and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--file", type=Path, help="a file of the same shape, instead of the test")
    parser.add_argument("--test", action="store_true", help="yes, touch the test set")
    parser.add_argument("--workers", type=int, default=2, help="processes; they change no figure (default 2)")
    arguments = parser.parse_args()
    if arguments.file is None and not arguments.test:
        parser.error("the 191 clips are a test: say --test to touch it, or name another file with --file")
    path = arguments.file or arguments.data / CLIPS
    with ProcessPoolExecutor(arguments.workers) as pool:
        show(records(textualised(path)), lambda asked: list(pool.map(_answered, asked)), partial(print, flush=True))


if __name__ == "__main__":
    main()
