"""Writes `claims.jsonl` from `by_hand.txt` and from Reports about its scenes: `python -m training.grounding.freeze`.

It ran once, before the checker was changed for it; the set is not made anew when the judge's wording changes. Before
it, a reader who did not know what was planted said of each claim whether its cues bear it: `--write FILE` writes what
the readers get, and `--read ANSWERS` leaves out each claim on which they did not agree with its author.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from training.grounding.by_rule import SWAPS, reports, template
from training.grounding.planted import FROZEN
from training.grounding.written import BY_HAND, hand_rows

from emer.agents.grounding.record import whom

PER_KIND, TRUE = 49, 378
"""Planted claims of each kind, and true ones, that the rules give at most: together as many as were written by hand,
and no kind and no Report swamps the others."""
TOLD_FROM = 0.02
"""Size from which a reader is told a value of a cue."""
Row = dict[str, Any]


def drafted() -> list[Row]:
    """The rows of scenes and claims, before anybody else has read them."""
    written = [*hand_rows(BY_HAND)]
    return [*written, *_rule_rows([row for row in written if "cues" in row])]


def _rule_rows(scenes: Sequence[Row]) -> Iterator[Row]:
    true, planted = [], defaultdict(list)
    for scene, report in reports(scenes):
        yield {"id": scene, **{name: _dump(getattr(report, name)) for name in ("people", "utterances", "cues")}}
        for step in report.reasoning:
            row = {"scene": scene, "by": "rule", "template": template(step), "about": whom(step, report.emotions)}
            true.append({**row, "kind": None, "step": step.model_dump(mode="json")})
            for kind, swap in SWAPS.items():
                if (swapped := swap(step, report)) is not None:
                    planted[kind].append({**row, "kind": kind, "step": swapped.model_dump(mode="json")})
    rows = [*_spread(true, TRUE), *(row for kind in SWAPS for row in _spread(planted[kind], PER_KIND))]
    halves = _halved(Counter(row["template"] for row in rows))
    for number, row in enumerate(rows, start=1):
        yield {"id": f"rule:{number}", **row, "half": halves[row["template"]]}


def _halved(sizes: Counter[str]) -> dict[str, str]:
    """Each template's half: the largest first, each into the half that has less."""
    halves, filled = {}, Counter(dict.fromkeys(("tuning", "held-out"), 0))
    for name, size in sorted(sizes.items(), key=lambda one: (-one[1], one[0])):
        halves[name] = min(filled, key=lambda half: filled[half])
        filled[halves[name]] += size
    return halves


def _spread(rows: Sequence[Row], most: int) -> list[Row]:
    """At most so many of the rows, evenly spaced."""
    step = max(1.0, len(rows) / most)
    return [rows[int(n * step)] for n in range(min(most, len(rows)))]


def _dump(models: Sequence[Any]) -> list[Row]:
    return [model.model_dump(mode="json") for model in models]


def asked(rows: Sequence[Row]) -> Iterator[Row]:
    """What a reader gets of each scene: its cues, and its claims in an order that tells nothing, numbered in it."""
    scenes = {row["id"]: row for row in rows if "cues" in row}
    for name, claims in _shuffled(rows).items():
        scene = scenes[name]
        yield {
            "scene": name,
            "people": {one["id"]: one["description"] for one in scene["people"]},
            "said": {one["id"]: f"{one['person']}: {one['text']}" for one in scene["utterances"]},
            "cues": {one["id"]: _shown(one) for one in scene["cues"]},
            "claims": {
                number: {"type": row["step"]["type"], "claim": row["step"]["claim"], "cites": row["step"]["evidence"],
                         "against": row["step"]["counter"]}
                for number, row in enumerate(claims, start=1)
            },
        }  # fmt: skip


def _shuffled(rows: Sequence[Row]) -> dict[str, list[Row]]:
    by_scene = defaultdict(list)
    for row in sorted(rows, key=lambda row: hashlib.sha256(row["id"].encode()).hexdigest()):
        if "cues" not in row:
            by_scene[row["scene"]].append(row)
    return dict(sorted(by_scene.items()))


def _shown(cue: Row) -> str:
    start, end = cue["anchor"]["start_s"], cue["anchor"]["end_s"]
    when = "" if start is None else f" ({start:.1f}–{end:.1f} s)"
    numbers = {name: v for name, v in cue["source"]["values"].items() if isinstance(v, int | float)}
    values = " ".join(f"{name}={value:.2f}" for name, value in numbers.items() if abs(value) >= TOLD_FROM)
    return f"{cue['person'] or '-'}{when}: {cue['text']}{f' ({values})' if values else ''}"


def agreed(rows: Sequence[Row], answers: Path) -> list[Row]:
    """The rows without the claims of which the reader did not say what their author meant.

    Raises:
        SystemExit: a claim has no answer.
    """
    lines = [json.loads(line) for line in answers.read_text(encoding="utf-8").splitlines() if line.strip()]
    borne = {line["scene"]: set(line["borne"]) for line in lines}
    not_borne = {line["scene"]: set(line["not_borne"]) for line in lines}
    odd, missing = set(), []
    for scene, claims in _shuffled(rows).items():
        for number, row in enumerate(claims, start=1):
            is_borne = number in borne.get(scene, ())
            if is_borne == (number in not_borne.get(scene, ())):
                missing.append(f"{scene} {number}")
            elif is_borne != (row["kind"] is None):
                odd.add(row["id"])
    if missing:
        sys.exit(f"{answers}: no answer, or two, to {', '.join(missing)}")
    left_out = Counter((row["by"], row["kind"] or "true") for row in rows if row["id"] in odd)
    print(f"left out of {sum('cues' not in row for row in rows)} claims: {len(odd)}", dict(left_out))
    return [row for row in rows if row["id"] not in odd]


def main() -> None:
    """Writes what the readers get, or the set."""
    parser = argparse.ArgumentParser(description=__doc__)
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--write", type=Path, metavar="FILE", help="write what the readers get here, a scene a line")
    what.add_argument("--read", type=Path, metavar="ANSWERS", help="leave out what they disagreed with, and freeze")
    options = parser.parse_args()
    rows = drafted()
    if options.write:
        options.write.write_text("".join(_line(row) for row in asked(rows)), encoding="utf-8")
    else:
        FROZEN.write_text("".join(_line(row) for row in agreed(rows, options.read)), encoding="utf-8")


def _line(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    main()
