"""The table task: columns, kinds, other systems, runs that are compared, all on tables of the test's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from emer.errors import InputError
from emer.evals.evaluation import run
from emer.evals.presets import PRESETS
from emer.evals.run_files import compare, read_run, told, write_run
from emer.evals.systems import system_of
from emer.evals.table import find


def _write(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def _predictions(path: Path, said: dict[str, object]) -> str:
    _write(path, "".join(json.dumps({"id": name, "prediction": one}) + "\n" for name, one in said.items()))
    return str(path)


def test_emer_answers_a_closed_table_whose_columns_are_mapped(tmp_path: Path) -> None:
    table = _write(
        tmp_path / "mine.csv",
        "uid,session,words,emotion\n1,a,I am so happy today!,happy\n2,a,I am furious with you!,angry\n"
        "3,b,I miss her so much. I am so sad.,sad\n",
    )
    evaluation = find("iemocap", columns={"id": "uid", "group": "session", "text": "words", "label": "emotion"})
    outcome = run(evaluation, table)
    assert [labels[0] for labels in outcome.predictions] == ["happy", "angry", "sad"]
    assert next(score.value for score in outcome.scores if score.name == "accuracy") == 1.0


def test_open_labels_are_scored_on_our_own_ontology_where_there_is_no_official_table(tmp_path: Path) -> None:
    table = _write(tmp_path / "open.jsonl", '{"id": "a", "text": "I am so glad", "label": ["joyful", "relieved"]}\n'
                   '{"id": "b", "text": "I am so scared", "label": "[afraid]"}\n')  # fmt: skip
    evaluation = find("ov-mer", columns={})
    assert "own ontology" in evaluation.title
    outcome = run(evaluation, table)
    figures = {(score.name, score.system): score.value for score in outcome.scores}
    assert figures["F_S", "emer"] == 1.0  # glad and joyful share a class, so do scared and afraid
    assert figures["P_S", "four constant words"] == pytest.approx(0.125)  # 1 of 4, and none for fear
    assert figures["labels per clip", "four constant words"] == 4


def test_a_file_of_predictions_and_a_function_stand_in_for_emer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = _write(tmp_path / "s.csv", "id,text,label\na,x,1.5\nb,x,-2\nc,x,0\n")
    evaluation = find("mosi", columns={})
    said = _predictions(tmp_path / "p.jsonl", {"a": "positive", "b": "Negative", "c": "neutral"})
    assert run(evaluation, table, predict=system_of(evaluation, said)).scores[0].value == 1.0
    _write(tmp_path / "mine_own.py", "def judge(given):\n    return ['positive' for _ in given]\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    found = run(evaluation, table, predict=system_of(evaluation, "mine_own:judge"))
    assert found.predictions == ["positive"] * 3
    with pytest.raises(InputError, match="no function 'other'"):
        run(evaluation, table, predict=system_of(evaluation, "mine_own:other"))
    with pytest.raises(InputError, match="lacks 2 of 3"):
        run(evaluation, table, predict=system_of(evaluation, _predictions(tmp_path / "q.jsonl", {"a": "positive"})))
    with pytest.raises(InputError, match="line 1"):
        run(evaluation, table, predict=system_of(evaluation, _predictions(tmp_path / "q.jsonl", {"a": "glad"})))


def test_two_runs_are_compared_by_what_changed(tmp_path: Path) -> None:
    rows = "".join(f"{n},x,{'joy' if n % 2 else 'fear'}\n" for n in range(40))
    table = _write(tmp_path / "t.csv", f"id,text,label\n{rows}")
    evaluation = find("mtmeur", columns={})
    right = {str(n): "joy" if n % 2 else "fear" for n in range(40)}
    wrong = right | {str(n): "anger" for n in range(20)}
    for name, said in (("one", wrong), ("two", right)):
        system = system_of(evaluation, _predictions(tmp_path / f"{name}.jsonl", dict(said)))
        write_run(tmp_path / f"{name}.json", run(evaluation, table, predict=system), system=name)
    one, two = read_run(tmp_path / "one.json"), read_run(tmp_path / "two.json")
    found = compare(evaluation, one, two)
    assert (found.first, found.second, len(found.changed)) == (0.5, 1.0, 20)
    assert found.difference.low > 0
    assert "better" in told(found)
    assert "and 0 more" not in told(found)
    assert "no difference" in told(compare(evaluation, one, one))
    with pytest.raises(InputError, match="different samples"):
        compare(evaluation, one, two.model_copy(update={"items": two.items[:-1]}))


@pytest.mark.parametrize("name", sorted(PRESETS))
def test_every_preset_reads_a_table_of_its_kind(name: str, tmp_path: Path) -> None:
    kind = PRESETS[name][1].kind
    label = {"sentiment": "-1", "preference": "first"}.get(kind, "joy")
    head = "id,text,label,first,second\n"
    table = _write(tmp_path / "t.csv", f"{head}a,hello,{label},long text,short\nb,hello,{label},a,bcd\n")
    evaluation = find(name, columns={})
    samples = list(evaluation.read(table))
    assert len(samples) == 2
    if kind in ("preference", "steps"):
        with pytest.raises(InputError, match="--system"):
            run(evaluation, table)


def test_bad_tables_are_told_with_their_row(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"row 1: .*no label"):
        run(find("iemocap", columns={}), _write(tmp_path / "t.csv", "id,text\na,hello\n"))
    with pytest.raises(InputError, match="unknown field 'uid'"):
        find("iemocap", columns={"uid": "id"})
    with pytest.raises(InputError, match="cannot be read"):
        (tmp_path / "b.csv").write_bytes(b"id,label\n\xff\xfe,joy\n")
        run(find("iemocap", columns={}), tmp_path / "b.csv")
    with pytest.raises(InputError, match="unknown evaluation 'nothing'"):
        find("nothing")
