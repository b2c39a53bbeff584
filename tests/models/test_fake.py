"""The fake, as somebody would use it in tests of their own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from model_questions import Short, Verdict, question

from emer.errors import AnswerError, InputError, RefusedError
from emer.models import AskRecord, fake_model, open_model
from emer.models.backend import Call

GLAD = {"label": "glad", "evidence": ["face-1"]}


async def test_answers_by_agent_in_turn_and_the_least_that_fits_for_others() -> None:
    async with fake_model({"judge": [GLAD, {**GLAD, "label": "sad"}]}) as model:
        labels = [(await model.ask(question(words, Short))).value.label for words in "abc"]
        other = await model.ask(question(agent="face"))
    assert labels == ["glad", "sad", "sad"]
    assert other.value == Verdict(evidence=[], label="-", intensity=0)
    assert model.sent == []


async def test_a_function_of_the_call_may_answer_nonsense_or_fail() -> None:
    def answers(call: Call) -> object:
        if "refuse" in call.parts[0].text:  # type: ignore[union-attr]
            raise RefusedError("no")
        return "no JSON" if not call.turns else GLAD

    records: list[AskRecord] = []
    async with fake_model(answers, on_record=records.append) as model:
        assert (await model.ask(question("x", Short))).usage.calls == 2
        with pytest.raises(RefusedError):
            await model.ask(question("refuse", Short))
    assert [record.error for record in records] == [None, "RefusedError"]
    assert model.usage.calls == 3


async def test_answers_from_a_file(tmp_path: Path) -> None:
    script = tmp_path / "answers.json"
    script.write_text(json.dumps({"judge": GLAD, "face": "nonsense"}))
    async with open_model(f"fake:{script}") as model:
        assert (await model.ask(question(schema=Short))).value == Short(**GLAD)
        with pytest.raises(AnswerError):
            await model.ask(question(agent="face"))
    for text in ("[]", "{"):
        script.write_text(text)
        with pytest.raises(InputError, match="answers"):
            open_model(f"fake:{script}")
    with pytest.raises(InputError, match="cannot be read"):
        open_model("fake:nowhere.json")
