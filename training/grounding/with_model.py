"""The checker followed by the critic: writes the critic's requests for a half of the set, and scores what was answered.

`python -m training.grounding.with_model --write requests.jsonl` writes what the agents send to the critic, without what
is wrong with which claim: the claims of a scene, shuffled, at most `BATCH` in a request, as in a Report. A model, or
whoever plays it, answers each with the JSON that its `schema` asks for, into lines `{"id": …, "answer": {…}}`;
`--read answers.jsonl` then prints the table of `evaluate.py`, for the critic alone and as a Report has it: the critic's
word beats what word lists, encoder and claim reader object to, not what ids, quotations, persons, times, senses and
numbers tell.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from training.grounding.evaluate import HALVES, chosen, held, listed, reason, table
from training.grounding.planted import Claim, Scene

from emer.agents.asking import criticism
from emer.agents.asking.verdicts import CriticAnswer
from emer.agents.grounding.check import Checked
from emer.agents.state import Evidence, Verdict
from emer.models import Question, Text
from emer.schemas import Clip

BATCH = 12
"""Claims in a request at most: about as many as a Report of `--effort thorough` has."""


class Batch(NamedTuple):
    """Claims of one scene that the critic is asked about together."""

    id: str
    claims: Sequence[Claim]
    evidence: Evidence
    verdict: Verdict

    @property
    def question(self) -> Question[CriticAnswer]:
        """What the agents ask the critic."""
        return criticism.question(self.evidence, self.verdict)

    def said(self, answer: CriticAnswer) -> dict[str, str | None]:
        """Why the critic does not hold claims borne, or None where it does, by the id of the claim."""
        against = criticism.criticism(answer, self.evidence, self.verdict).objections
        told = {one.id for one in answer.claims}
        asked = zip(self.claims, self.verdict.reasoning, strict=True)
        return {claim.id: against.get(step.id) for claim, step in asked if step.id in told}


def batches(claims: Sequence[Claim], scenes: Mapping[str, Scene]) -> list[Batch]:
    """The claims by scene, in an order that tells nothing, in parts of nearly the same size."""
    by_scene = defaultdict(list)
    for claim in sorted(claims, key=lambda one: hashlib.sha256(one.id.encode()).hexdigest()):
        by_scene[claim.scene].append(claim)
    made = []
    for name, found in sorted(by_scene.items()):
        parts = -(-len(found) // BATCH)
        made += [_batch(f"{name}/{k + 1}", found[k::parts], scenes[name]) for k in range(parts)]
    return made


def _batch(name: str, claims: Sequence[Claim], scene: Scene) -> Batch:
    told = " ".join(cue.text for cue in scene.cues if cue.kind == "given")
    clip = Clip(id="sha256:0", source=scene.id, kind="cues", context=told or None)
    evidence = Evidence(clip, scene.people, scene.utterances, scene.cues)
    steps = [one.step.model_copy(update={"id": f"r{n}"}) for n, one in enumerate(claims, start=1)]
    return Batch(name, claims, evidence, Verdict(reasoning=steps))


def request(batch: Batch) -> dict[str, object]:
    """One request as it is written: nothing in it tells which claims were planted."""
    asked = batch.question
    text = "\n".join(part.text for part in asked.parts if isinstance(part, Text))
    schema = asked.schema.model_json_schema()
    return {"id": batch.id, "prompt": asked.prompt, "system": asked.system, "text": text, "schema": schema}


def said(made: Sequence[Batch], path: Path) -> dict[str, str | None]:
    """Why the critic does not hold each claim borne, or None where it does, by the id of the claim.

    Raises:
        SystemExit: a request has no answer.
    """
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    answers = {row["id"]: CriticAnswer.model_validate(row["answer"]) for row in rows}
    missing = [batch.id for batch in made if batch.id not in answers]
    if missing:
        sys.exit(f"{path}: no answer to {', '.join(missing)}; write requests with --write and answer each")
    return {name: why for batch in made for name, why in batch.said(answers[batch.id]).items()}


def together(claims: Sequence[Claim], found: Sequence[Checked], critic: Mapping[str, str | None]) -> list[str | None]:
    """Why each claim is not in the Report, or None: of a critic who found the decoys among its claims."""
    left = []
    for one, check in zip(claims, found, strict=True):
        why = reason(one.kind, one.step, check)
        is_overruled = check.is_soft and one.id in critic and critic[one.id] is None
        left.append(critic.get(one.id) or (None if is_overruled else why))
    return left


def main() -> None:
    """Writes the requests or prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=HALVES, default="held-out")
    parser.add_argument("--list", action="store_true", help="print what was missed or lost (not of the held-out half)")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--write", type=Path, metavar="FILE", help="write the requests here, one a line")
    what.add_argument("--read", type=Path, metavar="ANSWERS", help="score these answers")
    options = parser.parse_args()
    scenes, claims = chosen(options.half)
    made = batches(claims, scenes)
    if options.write:
        lines = [json.dumps(request(batch), ensure_ascii=False) + "\n" for batch in made]
        options.write.write_text("".join(lines), encoding="utf-8")
        print(f"{len(made)} requests with {len(claims)} claims: {options.write}")
        return
    critic = said(made, options.read)
    both = together(claims, held(claims, scenes), critic)
    print(f"half: {options.half}; the critic alone\n\n{table(claims, [critic.get(one.id) for one in claims])}\n")
    print(f"half: {options.half}; checker and critic as in a Report\n\n{table(claims, both)}")
    if options.list and options.half != "held-out":
        print(listed(claims, both))


if __name__ == "__main__":
    main()
