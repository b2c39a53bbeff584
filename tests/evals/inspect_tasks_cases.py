"""The evaluations as tasks of Inspect, by its real `eval`: the figures of `emer eval run`, to the last digit.

`test_inspect_tasks.py` runs these tests in a process of their own.
"""

from __future__ import annotations

import gc
import json
import logging
import sys
import warnings
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest

from emer.errors import InputError
from emer.evals.evaluation import run
from emer.evals.presets import PRESETS
from emer.evals.table import EVALS, find

inspect_ai = pytest.importorskip("inspect_ai", reason="the extra inspect is not installed")

from inspect_ai.model import ModelOutput, ModelUsage, get_model  # noqa: E402

from emer.evals.inspect_tasks import NAMES, evaluation_task  # noqa: E402

pytestmark = [
    pytest.mark.filterwarnings("ignore:Unclosed <MemoryObject:ResourceWarning"),  # Inspect leaves some open,
    pytest.mark.filterwarnings("ignore:The 'initial' parameter:DeprecationWarning"),  # and names tenacity's old way
]
COMMENTS = [
    ("Thank you so much, you saved my day!", "1"),
    ("This makes me so angry.", "0"),
    ("I am sorry for your loss.", "2"),
    ("The meeting is on Tuesday.", "3"),
    ("Thanks, I love it!", "1"),
]
FOUR = "id,text,label\na,What a day!,happy\nb,She left.,sad\nc,Get out!,angry\nd,It is noon.,neutral\n"


@pytest.fixture(autouse=True)
def _nothing_left() -> Iterator[None]:
    """What Inspect leaves behind is swept up here, not in whichever test runs next."""
    hook = sys.excepthook
    yield
    sys.excepthook = hook
    root = logging.getLogger()
    for handler in [one for one in root.handlers if type(one).__module__.startswith("inspect_ai")]:
        root.removeHandler(handler)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture
def comments(tmp_path: Path) -> Path:
    """A data folder with five comments of ours in the form of GoEmotions."""
    folder = tmp_path / "text" / "goemotions"
    folder.mkdir(parents=True)
    (folder / "labels.txt").write_text("anger\ngratitude\nsadness\nneutral\n")
    (folder / "test.tsv").write_text("".join(f"{text}\t{label}\tk{n}\n" for n, (text, label) in enumerate(COMMENTS)))
    return tmp_path


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "four.csv"
    path.write_text(FOUR)
    return path


def evaluated(task: Any, tmp_path: Path, *, model: Any = None, limit: int | None = None) -> Any:
    """Inspect's log of one task."""
    (log,) = inspect_ai.eval(
        task, model=model, limit=limit, display="none", log_dir=str(tmp_path / "logs"), log_format="json"
    )
    assert log.status == "success", log.error
    return log


def figures(log: Any) -> dict[str, float]:
    (score,) = log.results.scores
    return {name: one.value for name, one in score.metrics.items()}


def same(log: Any, outcome: Any) -> None:
    """Every figure, floor and end of an interval of the run is in the log, digit for digit."""
    found = figures(log)
    assert found["in the asked form"] == 1.0
    for score in outcome.scores:
        name = score.name if score.system == "emer" else f"{score.name}, {score.system}"
        ends = {"": score.value, " (low)": score.low, " (high)": score.high}
        assert {end: found.get(f"{name}{end}") for end in ends} == ends


def replies(texts: dict[str, str]) -> Any:
    """Inspect's own mock of a model, which answers by what its prompt holds."""

    def reply(messages: list[Any], *_: Any) -> ModelOutput:
        text = next(said for asked, said in texts.items() if asked in messages[-1].text)
        output = ModelOutput.from_content("mockllm", text)
        output.usage = ModelUsage()  # else it would fetch a tokenizer to count with
        return output

    return get_model("mockllm/model", custom_outputs=reply, memoize=False)


def test_there_is_a_task_for_each_evaluation_that_others_can_take() -> None:
    assert set(NAMES) == {name for name in (*EVALS, *PRESETS) if find(name).parse is not None}
    with pytest.raises(InputError, match="fer2013 runs emer alone: `emer eval run fer2013`"):
        evaluation_task("fer2013", data=".")
    with pytest.raises(InputError, match="meld needs data: -T data=DIR"):
        evaluation_task("meld", data="")


def test_emer_answers_where_no_model_is_named(comments: Path) -> None:
    log = evaluated(evaluation_task("goemotions", data=comments), comments)
    same(log, run(find("goemotions"), comments))
    assert [sample.output.model for sample in log.samples] == ["emer"] * 5
    assert json.loads(log.samples[0].output.completion) == ["gratitude"]


def test_a_limit_is_inspects(comments: Path) -> None:
    log = evaluated(evaluation_task("goemotions", data=comments), comments, limit=3)
    same(log, run(find("goemotions"), comments, limit=3))


def test_the_real_sets_give_the_same_digits(data_dir: Path, tmp_path: Path) -> None:
    for name in ("emobank", "ecf"):
        log = evaluated(evaluation_task(name, data=data_dir), tmp_path, limit=30)
        same(log, run(find(name), data_dir, limit=30))


def test_a_model_answers_in_words(table: Path, tmp_path: Path) -> None:
    said = {
        "What a day!": 'Surely ["happy", "sad"]',
        "She left.": "Sad.",
        "Get out!": "no idea",
        "It is noon.": '["sad", "neutral"]',
    }
    log = evaluated(evaluation_task("iemocap", data=table), tmp_path, model=replies(said))
    found = figures(log)
    assert found["accuracy"] == 2 / 4
    assert found["top-two hit"] == 3 / 4
    assert found["answered"] == found["in the asked form"] == 3 / 4
    assert found["accuracy, always happy"] == 1 / 4
    assert found["macro F1"] == pytest.approx((1 + 2 / 3) / 4)  # happy 1; sad: 1 of 2 said, 1 of 1 found; others 0
    prompt = log.samples[1].messages[0].text
    assert "angry, happy, sad, neutral? Answer with a JSON list" in prompt
    assert prompt.endswith("She left.")


def test_another_system_and_emer_beside_a_model(table: Path, tmp_path: Path) -> None:
    answers = tmp_path / "said.jsonl"
    rows = [{"id": key, "prediction": label} for key, label in zip("abcd", ["happy", "sad", "sad", "sad"], strict=True)]
    answers.write_text("".join(json.dumps(row) + "\n" for row in rows))
    log = evaluated(evaluation_task("iemocap", data=table, system=str(answers)), tmp_path)
    assert figures(log)["accuracy"] == 2 / 4
    never = replies({})
    log = evaluated(evaluation_task("iemocap", data=table, system="emer"), tmp_path, model=never)
    assert {sample.output.model for sample in log.samples} == {"emer"}


def test_columns_are_mapped_as_the_command_line_gives_them(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text(FOUR.replace("text", "said").replace("label", "gold"))
    task = evaluation_task("iemocap", data=path, columns=["text=said", "label=gold"])
    assert [sample.target for sample in task.dataset] == ["happy", "sad", "angry", "neutral"]
    assert [sample.input for sample in task.dataset][1] == "She left."


def test_two_samples_of_one_id_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "twice.csv"
    path.write_text(FOUR.replace("b,She", "a,She"))
    with pytest.raises(InputError, match=r"4 samples in .* have 3 ids"):
        evaluation_task("iemocap", data=path)


def test_a_sample_that_fails_ends_the_run_with_its_reason(table: Path, tmp_path: Path) -> None:
    answers = tmp_path / "said.jsonl"
    answers.write_text('{"id": "a", "prediction": "happy"}\n')
    task = evaluation_task("iemocap", data=table, system=str(answers))
    (log,) = inspect_ai.eval(task, model=None, display="none", log_dir=str(tmp_path / "logs"))
    assert log.status == "error"
    assert "said.jsonl lacks 3 of 4 samples" in log.error.message


def test_the_tasks_are_found_by_name(table: Path, tmp_path: Path) -> None:
    declared = {one.name: one.value for one in entry_points(group="inspect_ai")}
    if "emer" not in declared:
        pytest.skip("emer was installed here before it had tasks of Inspect; pip install --editable . again")
    assert declared["emer"] == "emer.evals.inspect_tasks"
    (log,) = inspect_ai.eval(
        "emer/iemocap", task_args={"data": str(table)}, model=None, display="none", log_dir=str(tmp_path / "logs")
    )
    assert log.status == "success"
    assert log.eval.task_registry_name == "emer/iemocap"
    (again,) = inspect_ai.eval_retry(log, display="none", log_dir=str(tmp_path / "logs"))
    assert figures(again) == figures(log)
