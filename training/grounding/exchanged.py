"""How often a true observation is caught when its only cue is exchanged for another of the same sense.

`python -m training.grounding.exchanged` takes the hand-written observations of the practice scenes and the tuning half
that stand, and cites each to every other cue of its sense and person in its scene, then to one cue of that sense in
each other scene. Some still hold by chance, so no bar is set.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from training.grounding.evaluate import chosen, record_of, share
from training.grounding.planted import Claim, Scene

from emer.agents.grounding.check import unborne
from emer.schemas import Cue, Step


def main() -> None:
    """Prints the shares."""
    caught, made = Counter[str](), Counter[str]()
    for half in ("practice", "tuning"):
        scenes, claims = chosen(half)
        there = {claim.scene for claim in claims if claim.by == "hand"}
        records = {name: record_of(scenes[name]) for name in there}
        for claim in claims:
            step = claim.step
            is_taken = claim.kind is None and claim.by == "hand" and step.type == "observation"
            if not is_taken or len(step.evidence) != 1 or unborne(step, records[claim.scene], about=None):
                continue
            for where, name, cue in _others(claim, {name: scenes[name] for name in sorted(there)}):
                made[where] += 1
                caught[where] += unborne(_cited_to(step, cue), records[name], about=None) is not None
    for where in sorted(made):
        print(f"| {where} | {share(caught[where], made[where])} |")


def _others(claim: Claim, scenes: dict[str, Scene]) -> Iterator[tuple[str, str, Cue]]:
    """Where it lies, the scene's id, and the cue: all in the same scene, the first of each other one."""
    own = next(cue for cue in scenes[claim.scene].cues if cue.id == claim.step.evidence[0])
    for name, scene in scenes.items():
        found = [one for one in scene.cues if one.modality == own.modality and one.kind != "given" and one.person]
        if name != claim.scene:
            yield from (("another scene", name, one) for one in found[:1])
        else:
            same = [one for one in found if one.id != own.id and one.person == own.person]
            yield from (("the same scene", name, one) for one in same)


def _cited_to(step: Step, cue: Cue) -> Step:
    """The claim with another cue, said of that cue's person."""
    said = re.sub(r"\bp\d\b", cue.person or "p1", step.claim.replace(f"[{step.evidence[0]}]", f"[{cue.id}]"))
    return step.model_copy(update={"evidence": [cue.id], "claim": said})


if __name__ == "__main__":
    main()
