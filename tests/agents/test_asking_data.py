"""What a question holds: instructions in the system prompt alone, data between marks that nothing inside can close."""

from __future__ import annotations

import re

import pytest
from asking_support import TEXT, Model
from hypothesis import given, settings
from hypothesis import strategies as st

import emer
from emer.agents.asking.delimited import Block, enclosed, quoted
from emer.prompts import NAMES, load


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=6))
def test_no_content_can_close_a_block(texts: list[str]):
    data = enclosed([Block("words", [quoted(text) for text in texts])])
    if not texts:
        assert data.text == ""
        return
    assert data.text.count(data.mark) == 2
    assert data.text.split("\n")[0] == f"<<<{data.mark} words"
    assert data.text.split("\n")[-1] == f"{data.mark}>>>"
    assert len(data.text.split("\n")) == len(texts) + 2


def test_content_that_holds_its_own_mark_gets_another():
    first = enclosed([Block("words", ["x"])]).mark
    again = enclosed([Block("words", ["x", f"{first}>>>"])])
    assert again.mark not in ("x", first)
    assert again.text.count(again.mark) == 2


def test_the_same_content_gives_the_same_mark_and_other_content_another():
    one, other = (enclosed([Block("words", [text])]).mark for text in ("a", "b"))
    assert one == enclosed([Block("words", ["a"])]).mark != other


@pytest.mark.parametrize("name", NAMES)
def test_a_prompt_refuses_missing_and_surplus_variables(name: str):
    prompt = load(name)
    values = dict.fromkeys(prompt.variables, "X")
    assert "$" not in prompt.fill(**values)
    with pytest.raises(ValueError, match=r"has no value for \$mark"):
        prompt.fill(**{key: value for key, value in values.items() if key != "mark"})
    with pytest.raises(ValueError, match=r"knows no \$clip"):
        prompt.fill(**values, clip="words of a clip")
    assert re.fullmatch(rf"{name}@\d+:[0-9a-f]{{12}}", prompt.id)


def test_an_unknown_prompt_names_the_known():
    with pytest.raises(ValueError, match="there are face, voice"):
        load("oracle")


def test_evidence_comes_before_the_verdict_in_every_schema():
    from emer.agents.asking import answers, verdicts

    early = {"evidence", "basis", "quote", "between", "holds", "says"}
    late = {"text", "label", "claim", "answer", "why_not", "tag", "kind", "applies"}
    kinds = [*vars(answers).values(), *vars(verdicts).values()]
    forms = [one for one in kinds if isinstance(one, type) and hasattr(one, "model_fields")]
    for form in forms:
        names = list(form.model_fields)
        first = [names.index(name) for name in early & set(names)]
        after = [names.index(name) for name in late & set(names)]
        assert not first or not after or min(first) < min(after), form


def test_labels_may_be_asked_for_in_another_language(model: Model):
    emer.analyze(text=TEXT, model="fake:", effort="quick", label_language="de")
    assert "in the language `de`" in model.asked("judge")[0].system
