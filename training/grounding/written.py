"""Scenes and claims written by hand, read from a text file; `by_hand.txt` tells the grammar."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from emer.agents.described import described_cues
from emer.schemas import Cue

BY_HAND = Path(__file__).with_name("by_hand.txt")
PRACTICE = tuple(sorted(Path(__file__).with_name("practice").glob("*.txt")))
TYPES = {"o": "observation", "i": "inference", "r": "rival", "c": "conclusion"}
Row = dict[str, Any]


def hand_rows(path: Path, halves: Sequence[str] = ("tuning", "held-out")) -> Iterator[Row]:
    """A row for each scene and each claim of a file; the scenes go into the halves in turn."""
    blocks = f"\n{path.read_text(encoding='utf-8')}".split("\nscene ")[1:]
    for number, block in enumerate(blocks):
        name, *lines = block.splitlines()
        half = halves[number % len(halves)]
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
