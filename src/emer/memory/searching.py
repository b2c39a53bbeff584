"""Cases by a text, whether it was said in them or observed."""

from __future__ import annotations

from emer.memory.store import CaseMemory, Found


def search(memory: CaseMemory, text: str, n: int) -> list[Found]:
    """Return the n cases that are most like a text, by what was said in them or by what was observed, best first."""
    answers = memory.query([{"transcript": text}, {"context": text}], n)
    best: dict[str, Found] = {}
    for found in (one for answer in answers for one in answer):
        if found.case.id not in best or found.similarity > best[found.case.id].similarity:
            best[found.case.id] = found
    return sorted(best.values(), key=lambda found: (-found.similarity, found.case.id))[:n]
