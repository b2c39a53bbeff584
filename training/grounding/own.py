"""What the check takes out of the offline judge's own Reports: `python -m training.grounding.own [--list]`.

The Reports are unverified and about the practice scenes of fresh hands (`practice/fourth-*.txt`). Nearly all that the
judge says in its fixed sentences is so; what the check takes out is lost.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import NamedTuple

from training.grounding.by_rule import reports
from training.grounding.evaluate import share
from training.grounding.written import PRACTICE, hand_rows

from emer.agents.grounding.check import checked
from emer.agents.grounding.record import record_of, whom


class Said(NamedTuple):
    """One claim of a Report, and why the check takes it out, or None."""

    scene: str
    claim: str
    why: str | None


def said(every: int = 1) -> Iterator[Said]:
    """Every claim of the Reports about every so manyth scene."""
    rows = [row for path in PRACTICE if path.name.startswith("fourth") for row in hand_rows(path) if "cues" in row]
    for scene, report in reports(rows[::every]):
        record = record_of(report.cues, report.utterances, report.people)
        for step in report.reasoning:
            yield Said(scene, step.claim, checked(step, record, about=whom(step, report.emotions)).why)


def main() -> None:
    """Prints the share taken out, and each claim of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", action="store_true", help="print what was taken out")
    options = parser.parse_args()
    found = [*said()]
    lost = [one for one in found if one.why is not None]
    print(f"taken out of the offline judge's own claims: {share(len(lost), len(found))}")
    if options.list:
        print("\n".join(f"{one.scene:<28} {one.claim} :: {one.why}" for one in lost))


if __name__ == "__main__":
    main()
