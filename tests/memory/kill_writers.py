"""Forks writers that add, import, forget and catch up at random until they are killed; each says what it did in a file.

One line of standard input starts one writer: the memory's folder, the writer's name, the file that it tells. Its
process id is the answer.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
from pathlib import Path

import chromadb  # noqa: F401  # imported once, before the writers are forked
import numpy as np  # noqa: F401
from memory_support import LetterEmbedder, make_case

from emer.memory import journal
from emer.memory.importing import import_file
from emer.memory.store import open_memory
from emer.schemas import Case

LEAST = 20  # cases from which a shard is built here


def case_named(name: str) -> Case:
    """The case that a name stands for, so that what is read back can be compared."""
    return make_case(name, f"{name} said {name[::-1]}", why="w" * random.Random(name).randrange(200))


def write(folder: Path, name: str, told: Path) -> None:
    """Writes until somebody ends it."""
    journal.SEGMENT_BYTES = 20_000
    memory = open_memory(folder, LetterEmbedder(), seed=())
    chance = random.Random(name)
    own: list[str] = []
    with told.open("ab", buffering=0) as file:

        def tell(what: str, names: list[str]) -> None:
            file.write(f"{what} {' '.join(names)}\n".encode())

        for turn in range(1_000_000):
            names = [f"{name}-{turn}-{k}" for k in range(chance.randrange(1, 30))]
            act = chance.choices(["add", "import", "forget", "catch up", "ask"], [4, 2, 3, 2, 2])[0]
            if act == "add":
                tell("adding", names)
                memory.add([case_named(one) for one in names + own[-2:]])  # some are there already
                tell("added", names)
                own += names
            elif act == "import":
                source = told.with_suffix(".jsonl")
                lines = [json.dumps(case_named(one).model_dump()) for one in names]
                source.write_text("\n".join([lines[0], "{broken", *lines]))
                tell("adding", names)
                import_file(memory, source, form="emer")
                tell("added", names)
                own += names
            elif act == "forget" and own:
                gone = [own.pop(chance.randrange(len(own))) for _ in range(min(len(own), 3))]
                tell("forgetting", gone)
                memory.forget(gone)
                tell("forgot", gone)
            elif act == "catch up":
                memory.catch_up(least=LEAST)
            else:
                memory.query([{"transcript": names[0]}], 5)


def main() -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead need no burial
    for line in sys.stdin:
        folder, name, told = line.split()
        pid = os.fork()
        if pid == 0:
            write(Path(folder), name, Path(told))
        print(pid, flush=True)


if __name__ == "__main__":
    main()
