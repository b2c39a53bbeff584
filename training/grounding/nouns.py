"""Makes the list of nouns that name things: `python -m training.grounding.nouns FOLDER`, of WordNet 3.0's files.

Each line of the shipped list is a noun, whether its word is mostly something else (`~`) or not (`=`), the numbers of
its meanings that can be seen or touched and, behind `<`, of what these are kinds of. It ran once; WordNet's licence
stands beside the list.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import emer

SHIPPED = Path(emer.__file__).parent / "agents" / "grounding" / "data" / "nouns.txt"
ANIMAL, ARTIFACT, FOOD, OBJECT, PERSON, PLANT, SUBSTANCE = 5, 6, 13, 17, 18, 20, 27
"""WordNet's files of nouns of which the list is made."""
THINGS = {ANIMAL, ARTIFACT, FOOD, OBJECT, PLANT, SUBSTANCE}
LEAST, MOSTLY = 0.5, 0.6
"""Share of a noun's uses that are of things for it to be listed, and to be listed as a thing above all."""
CLEARLY, SHARE = 4, 0.35
"""How many times more often a word is a noun for that to be plain, and of a noun's uses that a meaning must have."""
UP, DEEP = 2, 6
"""How many steps a thing is a kind of another, and how far below "entity" the other must lie."""


class Meaning(NamedTuple):
    """A synset: its file, its words as they are written, and what it is a kind of."""

    file: int
    words: tuple[str, ...]
    above: tuple[str, ...]


def main() -> None:
    """Writes the list."""
    folder = Path(sys.argv[1])
    meanings, used, counts = _meanings(folder), _used(folder), _counts(folder)
    others = {line.split()[0] for kind in ("verb", "adj", "adv") for line in _lines(folder / f"index.{kind}")}
    adjectives = {line.split()[0] for line in _lines(folder / "index.adj")}
    numbers: dict[str, str] = {}
    lines = []
    for noun, its in sorted(used.items()):
        uses = {one: counts[noun, 1].get(n, 0) + 1 / n for n, one in enumerate(its, start=1)}
        for kinds, mark in ((THINGS, "="), ({PERSON}, "p")):
            things = [one for one in its if meanings[one].file in kinds and noun in meanings[one].words]
            share = sum(uses[one] for one in things) / sum(uses.values())
            n_noun = sum(counts[noun, 1].values())
            if not things or share < LEAST or _is_doing(noun, others) or (n_noun == 0 and mark == "p"):
                continue
            n_other = sum(sum(counts[noun, kind].values()) for kind in (2, 3, 4, 5)) + (0.5 if noun in others else 0)
            is_verbal = noun in others and n_noun < CLEARLY * max(n_other, 1)
            if is_verbal and mark == "=" and (n_noun == 0 or noun in adjectives):
                continue
            sure = share >= MOSTLY and not is_verbal
            things = [one for one in things if uses[one] >= SHARE * sum(uses.values())]
            above = sorted({up for one in things for up in _above(one, meanings)} - set(things))
            own, ups = (" ".join(numbers.setdefault(x, _short(len(numbers))) for x in some) for some in (things, above))
            lines.append(f"{noun} {mark if sure or mark == 'p' else '~'} {own} < {ups}".strip())
    SHIPPED.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} nouns listed in {SHIPPED}")


def _is_doing(noun: str, others: set[str]) -> bool:
    """Whether a noun is a form of a verb: "packing" and "stays", not "earring"."""
    root = noun.removesuffix("ing")
    if noun.endswith("s") and noun[:-1] in others:
        return True
    return root != noun and bool({root, f"{root}e", root[:-1]} & others) and noun not in _MADE


_MADE = {
    "building",
    "painting",
    "drawing",
    "carving",
    "stocking",
    "railing",
    "clothing",
    "lining",
    "ceiling",
    "dressing",
}


def _above(one: str, meanings: Mapping[str, Meaning]) -> set[str]:
    found, last = set[str](), {one}
    for _ in range(UP):
        last = {up for low in last for up in meanings[low].above if _depth(up, meanings) >= DEEP}
        found |= last
    return found


def _depth(one: str, meanings: Mapping[str, Meaning]) -> int:
    n, above = 0, meanings[one].above
    while above:
        n, above = n + 1, meanings[above[0]].above
    return n


def _short(n: int) -> str:
    letters = "0123456789abcdefghijklmnopqrstuvwxyz"
    return (_short(n // 36) if n >= 36 else "") + letters[n % 36]


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("  ")]


def _meanings(folder: Path) -> dict[str, Meaning]:
    found = {}
    for line in _lines(folder / "data.noun"):
        parts = line.split()
        n_words = int(parts[3], 16)
        names = tuple(parts[4 : 4 + 2 * n_words : 2])
        links = parts[5 + 2 * n_words :]
        above = tuple(links[k + 1] for k in range(0, 4 * int(parts[4 + 2 * n_words]), 4) if links[k] == "@")
        found[parts[0]] = Meaning(int(parts[1]), names, above)
    return found


def _used(folder: Path) -> dict[str, list[str]]:
    """The meanings of each noun of one word, the commonest first."""
    rows = [line.split() for line in _lines(folder / "index.noun")]
    return {row[0]: row[-int(row[2]) :] for row in rows if re.fullmatch(r"[a-z]{3,}", row[0])}


def _counts(folder: Path) -> dict[tuple[str, int], dict[int, int]]:
    """How often each sense of a word of a class stands in the texts that WordNet's authors marked."""
    found: dict[tuple[str, int], dict[int, int]] = defaultdict(dict)
    for line in _lines(folder / "cntlist.rev"):
        key, number, count = line.split()
        word, _, rest = key.partition("%")
        found[word, int(rest[0])][int(number)] = int(count)
    return found


if __name__ == "__main__":
    main()
