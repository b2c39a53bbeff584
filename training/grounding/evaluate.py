"""How many planted claims the checker catches and how many true ones it loses, per kind of error, with intervals.

`python -m training.grounding.evaluate` prints the held-out half; `--half tuning --list` shows what went wrong in the
half that the checker was tuned on. No chat model takes part. Intervals are Wilson's at 95 %.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Mapping, Sequence

from training.grounding.planted import KINDS, Claim, Half, Scene, read_frozen, read_practice

from emer.agents.grounding import record
from emer.agents.grounding.check import Checked, checked
from emer.schemas import Step

HALVES = ("tuning", "held-out", "practice")
CAUGHT, LOST = 0.95, 0.05
"""The bars: at least so many planted claims caught, at most so many true ones lost."""


def chosen(half: Half) -> tuple[dict[str, Scene], list[Claim]]:
    """All scenes by id, and the claims of one half of the frozen set or of the practice scenes."""
    scenes, claims = read_practice() if half == "practice" else read_frozen()
    return scenes, [one for one in claims if one.half == half]


def record_of(scene: Scene) -> record.Record:
    """What the claims of a scene are held against."""
    return record.record_of(scene.cues, scene.utterances, scene.people)


def reasons(claims: Sequence[Claim], scenes: Mapping[str, Scene], *, reader: bool = True) -> list[str | None]:
    """Why each claim is not borne out, or None, in the order of the claims; see `reason` and `held`."""
    found = held(claims, scenes, reader=reader)
    return [reason(one.kind, one.step, left) for one, left in zip(claims, found, strict=True)]


def reason(kind: str | None, step: Step, found: Checked) -> str | None:
    """Why a claim is not borne out, or None.

    Of a planted citation it is also a reason that it was taken off a claim which other cues bear: so it is in a Report.
    """
    return found.why or ("a citation was taken off" if kind == "cue" and found.step != step else None)


def held(claims: Sequence[Claim], scenes: Mapping[str, Scene], *, reader: bool = True) -> list[Checked]:
    """Each claim as a Report's checker leaves it, in the order of the claims; the reader is asked about prose alone."""
    records = {name: record_of(scene) for name, scene in scenes.items()}
    return [
        checked(one.step, records[one.scene], about=one.about, is_prose=reader and one.by == "hand") for one in claims
    ]


def wilson(k: int, n: int) -> tuple[float, float]:
    """The 95 % interval of a share (Wilson 1927, JASA 22, p. 209)."""
    z, p = 1.96, k / n
    middle, half = p + z * z / (2 * n), z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, (middle - half) / (1 + z * z / n)), min(1.0, (middle + half) / (1 + z * z / n))


def share(k: int, n: int) -> str:
    """A share with its interval and n as a cell of a table."""
    low, high = wilson(k, n)
    return f"{k}/{n} = {k / n:.1%} ({low:.1%}–{high:.1%})"


def table(claims: Sequence[Claim], found: Sequence[str | None]) -> str:
    """The shares caught and lost per kind of error, as a table in Markdown, and the bars."""
    rows = ["| claims | by rule | by hand | all |", "|---|---|---|---|"]
    for name, kinds in [*((kind, (kind,)) for kind in KINDS), ("all planted: caught", KINDS), ("true: lost", (None,))]:
        cells = []
        for by in (("rule",), ("hand",), ("rule", "hand")):
            hits = [
                why is not None for one, why in zip(claims, found, strict=True) if one.kind in kinds and one.by in by
            ]
            cells.append(share(sum(hits), len(hits)) if hits else "–")
        rows.append(f"| {name} | {' | '.join(cells)} |")
    bars = f"bars: at least {CAUGHT:.0%} of the planted caught, at most {LOST:.0%} of the true lost"
    return "\n".join([*rows, "", bars])


def listed(claims: Sequence[Claim], found: Sequence[str | None]) -> str:
    """Each planted claim that was missed and each true one that was lost, with the reason."""
    wrong = [(one, why) for one, why in zip(claims, found, strict=True) if (one.kind is None) != (why is None)]
    return "\n".join(f"{c.id:<18} {c.kind or 'true':<9} {c.step.type:<12} {c.step.claim} :: {why}" for c, why in wrong)


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=HALVES, default="held-out")
    parser.add_argument("--practice", dest="half", action="store_const", const="practice", help="the practice scenes")
    parser.add_argument("--list", action="store_true", help="print what was missed or lost (not of the held-out half)")
    parser.add_argument("--code", action="store_true", help="code and encoder alone, without the claim reader")
    parser.add_argument("--only", nargs="+", metavar="START", help="only scenes whose names begin so: v- w-")
    options = parser.parse_args()
    scenes, claims = chosen(options.half)
    if options.only:
        claims = [one for one in claims if one.scene.removeprefix("hand:").startswith(tuple(options.only))]
    found = reasons(claims, scenes, reader=not options.code)
    who = "code and encoder" if options.code else "code, encoder and claim reader"
    print(f"half: {options.half}; {who}, no chat model\n\n{table(claims, found)}")
    true = [one for one in claims if one.kind is None]
    left = zip(true, held(true, scenes, reader=not options.code), strict=True)
    n_trimmed = sum(found.why is None and found.step != one.step for one, found in left)
    print(f"true claims that stay and lose a citation: {share(n_trimmed, len(true))}")
    if options.list and options.half != "held-out":
        print(listed(claims, found))


if __name__ == "__main__":
    main()
