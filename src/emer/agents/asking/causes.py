"""The cause agent's question to a model, and the causes that come of its answer."""

from __future__ import annotations

from collections.abc import Iterable

from emer.agents.asking import answers, lines
from emer.agents.asking.answers import CauseAnswer, Caused
from emer.agents.asking.delimited import enclosed
from emer.agents.state import Evidence
from emer.models import Question, Text
from emer.prompts import load
from emer.schemas import Cause


def question(evidence: Evidence) -> Question[CauseAnswer]:
    """What the cause agent asks: from measurements and words alone, so that it need not wait for anybody."""
    prompt, data = load("cause"), enclosed(lines.whole(evidence))
    return Question(
        agent="cause",
        system=prompt.fill(mark=data.mark, n_most=str(answers.MOST_CAUSES)),
        parts=(Text(data.text),),
        schema=CauseAnswer,
        prompt=prompt.id,
    )


def found(given: Iterable[Caused], evidence: Evidence) -> list[Cause]:
    """The causes that cite cues which exist and quote nothing that was not said, numbered; the judge links emotions."""
    ids = {cue.id for cue in evidence.cues}
    spoken = {utterance.id: utterance for utterance in evidence.utterances}
    kept: list[Cause] = []
    for one in given:
        cited = list(dict.fromkeys(name for name in one.evidence if name in ids))
        said = spoken.get(one.utterance or "")
        if not cited or not one.text.strip() or not _is_said(one.quote, said.text if said else None):
            continue
        kept.append(
            Cause(
                id=f"c{len(kept) + 1}",
                text=" ".join(one.text.split()),
                kind=one.kind,
                utterance=said.id if said else None,
                start_s=said.start_s if said else None,
                end_s=said.end_s if said else None,
                evidence=cited,
            )
        )
    return kept


def _is_said(quote: str | None, words: str | None) -> bool:
    if not quote:
        return True
    return words is not None and " ".join(quote.split()).strip("“”\"'") in " ".join(words.split())
