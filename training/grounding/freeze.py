"""Writes `claims.jsonl` from `by_hand.txt` and from real Reports: `python -m training.grounding.freeze`.

It ran once, before the checker was tuned; the set is not made anew when the judge's wording changes.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from training.grounding.by_rule import SWAPS, reports, template
from training.grounding.planted import FROZEN
from training.grounding.written import BY_HAND, hand_rows

PER_KIND = 28
"""Planted claims of each kind that the rules give at most, so that no kind and no Report swamps the others."""
Row = dict[str, Any]


def main() -> None:
    """Writes the set."""
    rows = [*hand_rows(BY_HAND), *_rule_rows()]
    FROZEN.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def _rule_rows() -> Iterator[Row]:
    true, planted = [], defaultdict(list)
    for scene, report in reports():
        yield {"id": scene, **{name: _dump(getattr(report, name)) for name in ("people", "utterances", "cues")}}
        whose = {emotion.id: emotion.person for emotion in report.emotions}
        for step in report.reasoning:
            about = next((whose[name] for name in step.supports if name in whose), None)
            row = {"scene": scene, "by": "rule", "template": template(step), "about": about}
            true.append({**row, "kind": None, "step": step.model_dump(mode="json")})
            for kind, swap in SWAPS.items():
                if (swapped := swap(step, report)) is not None:
                    planted[kind].append({**row, "kind": kind, "step": swapped.model_dump(mode="json")})
    rows = [*true, *(row for kind in SWAPS for row in _spread(planted[kind]))]
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


def _spread(rows: Sequence[Row]) -> list[Row]:
    """At most `PER_KIND` of the rows, evenly spaced."""
    step = max(1.0, len(rows) / PER_KIND)
    return [rows[int(n * step)] for n in range(min(PER_KIND, len(rows)))]


def _dump(models: Sequence[Any]) -> list[Row]:
    return [model.model_dump(mode="json") for model in models]


if __name__ == "__main__":
    main()
