"""Writes `claims.jsonl` from `by_hand.txt` and from real Reports: `python -m training.grounding.freeze`.

It ran once, before the checker was tuned; the set is not made anew when the judge's wording changes.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from training.grounding.by_rule import SWAPS, reports, template
from training.grounding.planted import FROZEN

from emer.agents.described import described_cues
from emer.schemas import Cue

BY_HAND = Path(__file__).with_name("by_hand.txt")
TYPES = {"o": "observation", "i": "inference", "r": "rival", "c": "conclusion"}
PER_KIND = 28
"""Planted claims of each kind that the rules give at most, so that no kind and no Report swamps the others."""
Row = dict[str, Any]


def main() -> None:
    """Writes the set."""
    rows = [*_hand_rows(), *_rule_rows()]
    FROZEN.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")


def _hand_rows() -> Iterator[Row]:
    blocks = BY_HAND.read_text(encoding="utf-8").split("\nscene ")[1:]
    for number, block in enumerate(blocks):
        name, *lines = block.splitlines()
        half = "tuning" if number % 2 == 0 else "held-out"
        lines = [line.strip() for line in lines if line.strip()]
        cues = described_cues([*map(_cue, _of(lines, "cue ")), *map(_told, _of(lines, "told "))])
        utterances = [_utterance(line) for line in _of(lines, "said ")]
        yield {
            "id": f"hand:{name}",
            "people": [_person(line) for line in _of(lines, "person ")],
            "utterances": utterances,
            "cues": [_placed(cue, utterances).model_dump(mode="json") for cue in cues],
        }
        claims = [line for line in lines if line[0] in "+-"]
        yield from (_hand_claim(name, half, n, line) for n, line in enumerate(claims, start=1))


def _of(lines: Sequence[str], head: str) -> list[str]:
    return [line.removeprefix(head) for line in lines if line.startswith(head)]


def _person(line: str) -> Row:
    name, _, description = line.partition(" ")
    return {"id": name, "description": description}


def _utterance(line: str) -> Row:
    name, person, start, end, text = line.split(" ", 4)
    return {"id": name, "person": _known(person), "text": text, "start_s": _number(start), "end_s": _number(end)}


def _cue(line: str) -> Row:
    modality, person, start, end, text = line.split(" ", 4)
    anchor = {"start_s": _number(start), "end_s": _number(end)}
    return {"modality": modality, "person": _known(person), "anchor": anchor, "text": text}


def _told(line: str) -> Row:
    return {"modality": "context", "kind": "given", "level": "reported", "text": line}


def _placed(cue: Cue, utterances: Sequence[Row]) -> Cue:
    """A cue of the words tied to the utterance that it quotes."""
    said = [u["id"] for u in utterances if u["text"] in cue.text]
    if cue.modality != "transcript" or not said:
        return cue
    return cue.model_copy(update={"anchor": cue.anchor.model_copy(update={"utterance": said[0]})})


def _known(text: str) -> str | None:
    return None if text == "-" else text


def _number(text: str) -> float | None:
    return None if text == "-" else float(text)


def _hand_claim(scene: str, half: str, number: int, line: str) -> Row:
    head, claim = (part.strip() for part in line.split("|", 1))
    sign, *rest = head.split()
    kind = rest.pop(0) if sign == "-" else None
    evidence = rest[1].split(",")
    counter = [one.lstrip("~") for word in rest[2:] for one in word.split(",")]
    step = {"id": f"r{number}", "type": TYPES[rest[0]], "claim": claim, "evidence": evidence, "counter": counter}
    named = f"hand:{scene}:{number}"
    return {"id": named, "scene": f"hand:{scene}", "by": "hand", "template": scene, "half": half, "kind": kind,
            "step": step, "about": None}  # fmt: skip


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
