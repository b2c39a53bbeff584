"""Step-wise judging by graders over real sockets: order, another clip's steps, agreement, failures."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.servers.scripted import Script, ScriptedServer
from typer.testing import CliRunner

import emer
from emer.cli import app
from emer.config import load_settings
from emer.errors import InputError
from emer.evals.grading import Asked, Graded, grade, score
from emer.evals.trigger_recall import human_agreement
from emer.schemas import Report

LINE = re.compile(r"^(r\d+) \| .*$", re.MULTILINE)


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> list[Report]:
    memory = tmp_path_factory.mktemp("memory")
    texts = ("I am so happy, thank you!", "I am furious, get out!")
    return [emer.analyze(text=text, memory_dir=memory) for text in texts]


def _claims(asked: dict[str, Any]) -> list[tuple[str, str]]:
    content = asked["messages"][-1]["content"]
    text = content if isinstance(content, str) else "\n".join(part["text"] for part in content)
    return [(match[1], match[0]) for match in LINE.finditer(text)]


def _answer(borne: dict[str, bool]) -> str:
    rows = [{"id": name, "says": "s", "borne": "yes" if yes else "no", "why": ""} for name, yes in borne.items()]
    return json.dumps({"claims": rows, "missed": []})


def _careful(asked: dict[str, Any]) -> str:
    """Holds a step borne if what the person says is about what is claimed."""
    happy = "so happy" in json.dumps(asked["messages"]).split("claims", 1)[0]
    return _answer({name: ("happy" in line or "joy" in line) == happy for name, line in _claims(asked)})


def _by_place(asked: dict[str, Any]) -> str:
    """Holds the first step borne, whatever it says."""
    return _answer({name: place == 0 for place, (name, _) in enumerate(_claims(asked))})


def test_graders_are_asked_in_both_orders_and_of_another_clip(reports: list[Report]) -> None:
    with ScriptedServer(Script(answer=_by_place)) as server:
        (found,) = grade(reports, [f"openai:m@{server.base_url}"], load_settings())
        assert server.seen.calls == 6
    assert found.failures == ()
    for report, asked in zip(reports, found.answers, strict=True):
        n = len(report.reasoning)
        assert asked is not None
        assert n > 1
        assert asked.plain == (True, *[False] * (n - 1))
        assert asked.reversed == (*[False] * (n - 1), True)
    figures = {one.name: one.value for one in score(reports, [found])}
    steps = [len(report.reasoning) for report in reports]
    assert figures["steps borne"] == pytest.approx(2 / sum(steps))
    assert figures["same grade in reverse order"] == pytest.approx(1 - 4 / sum(steps))


def test_the_figures_by_hand(reports: list[Report]) -> None:
    rows = [len(report.reasoning) for report in reports]
    yes = tuple(Asked((True,) * n, (True,) * n, (False,) * n) for n in rows)
    half = (Asked((True,) * rows[0], (True,) * rows[0], (True,) * rows[0]), None)
    scores = score(reports, [Graded("one", yes, ()), Graded("two", half, ("b: no answer",))])
    found = {(one.name, one.system): one.value for one in scores}
    assert found["steps borne", "one"] == 1.0
    assert found["steps borne, another clip's", "one"] == 0.0
    assert found["graded", "two"] == 0.5
    assert found["Krippendorff's alpha", "2 graders"] != found["Krippendorff's alpha", "2 graders"]  # NaN: one value
    silent = tuple(Asked((None,) * n, (None,) * n, (None,) * n) for n in rows)
    unsaid = {one.name: one.value for one in score(reports, [Graded("silent", silent, ())])}
    assert unsaid["steps borne"] == unsaid["same grade in reverse order"] == 0.0
    with pytest.raises(InputError, match="graded nothing: no answer"):
        score(reports, [Graded("none", (None, None), ("no answer",))])


def test_the_command_with_two_graders(reports: list[Report], tmp_path: Path) -> None:
    path = tmp_path / "reports.jsonl"
    path.write_text("\n".join(report.to_json(indent=None) for report in reports))
    with ScriptedServer(Script(answer=_careful)) as one, ScriptedServer(Script(answer=_by_place)) as other:
        models = [f"openai:careful@{one.base_url}", f"openai:place@{other.base_url}"]
        done = CliRunner().invoke(app, ["eval", "grade", str(path), "--model", models[0], "--model", models[1]])
    assert done.exit_code == 0, done.output
    assert "| steps borne | openai:careful@" in done.output
    assert "| Krippendorff's alpha | 2 graders |" in done.output


def test_a_grader_that_fails_is_told(reports: list[Report]) -> None:
    with ScriptedServer(Script(plan=["refusal"] * 60)) as server:
        (found,) = grade(reports, [f"openai:m@{server.base_url}"], load_settings())
    assert found.answers == (None, None)
    assert len(found.failures) == 2
    with pytest.raises(InputError, match="two Reports"):
        grade(reports[:1], ["openai:m@http://127.0.0.1:9/v1"], load_settings())


def test_people_who_rated_eibench_agree_somewhat(data_dir: Path, tmp_path: Path) -> None:
    assert 0 < human_agreement(data_dir) < 1
    with pytest.raises(InputError, match="no score_"):
        human_agreement(tmp_path)
