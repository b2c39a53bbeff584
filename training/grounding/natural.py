"""How much is caught in a model's own prose: claims of the recorded answers with one thing swapped by rule.

`python -m training.grounding.natural` replays `tests/recorded`, takes what each Report tells as true, swaps person,
time, sense, cue, polarity, a "not" or an object in each claim, and prints how many of these the checker catches. Swaps
are blind: some leave a sentence that still holds, or that nobody would say, so no bar is set on these figures.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter
from unittest.mock import patch

from tests.recorded.replay import Replay, clip, recording, runs
from training.grounding.by_rule import SWAPS, Swap
from training.grounding.evaluate import reason, record_of, share
from training.grounding.planted import Scene

import emer
from emer.agents.grounding.check import checked
from emer.agents.grounding.record import whom
from emer.models.fake import FakeBackend
from emer.schemas import Report, Step

DENIALS = (
    (r" (is|are|was|has|have) ", r" \1 not "),
    (r"\b(p\d|writer|speaker|voice|gaze|chin|face) (\w+s) ", r"\1 does not \2 "),
)
OBJECTS = (
    "and holds a teapot",
    "next to a ladder",
    "while a dog barks",
    "in the museum",
    "because of the lottery ticket",
)
FIELDS = dict.fromkeys(("person", "start_s", "end_s", "modality", "polarity"))


def deny(step: Step, report: Report) -> Step | None:
    """The claim with a "not" in its first clause that takes one."""
    for plain, denied in DENIALS:
        claim = re.sub(plain, denied, step.claim, count=1)
        if claim != step.claim:
            return step.model_copy(update={"claim": claim})
    return None


def add_object(step: Step, report: Report) -> Step | None:
    """The claim with a thing or a place that is nowhere in the clip."""
    added = OBJECTS[int(step.id[1:]) % len(OBJECTS)]
    return step.model_copy(update={"claim": re.sub(r"(?=\s\[)", f" {added}", step.claim, count=1)})


def report_of(name: str, effort: str) -> Report:
    """The Report of one recorded run."""
    replay = Replay(recording(name, effort))
    with patch("emer.models.opening.FakeBackend", lambda script: FakeBackend(replay)):
        return emer.reason(clip(name), effort=effort, model="fake:")


def main() -> None:
    """Prints the shares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--code", action="store_true", help="code and encoder alone, without the claim reader")
    is_prose = not parser.parse_args().code
    swaps: dict[str, Swap] = {**SWAPS, "negation": deny, "object": add_object}
    caught, made = Counter[str](), Counter[str]()
    for name, effort in runs():
        report = report_of(name, effort)
        record = record_of(Scene(name, tuple(report.people), tuple(report.utterances), tuple(report.cues)))
        for step in report.reasoning:
            about = whom(step, report.emotions)
            for kind, swap in swaps.items():
                swapped = swap(step.model_copy(update=FIELDS), report)
                if swapped is not None:
                    made[kind] += 1
                    caught[kind] += (
                        reason(kind, swapped, checked(swapped, record, about=about, is_prose=is_prose)) is not None
                    )
    for kind in swaps:
        print(f"| {kind} | {share(caught[kind], made[kind])} |")
    print(f"| all | {share(caught.total(), made.total())} |")


if __name__ == "__main__":
    main()
