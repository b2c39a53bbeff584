from __future__ import annotations

from pathlib import Path

import pytest

from emer.agents.recall import recall
from emer.agents.state import Services
from emer.config import Settings
from emer.errors import ToolError
from emer.memory.contrast import PER_ROLE
from emer.memory.seed import seed_cases
from emer.memory.store import open_memory
from emer.schemas import Case, Cue, RecalledCase, Source, Utterance


def _cue(number: int, modality: str, text: str, valence: float | None = None, **values: float) -> Cue:
    named = {name.replace("_", ".", 1): value for name, value in values.items()}
    source = Source(tool="test", version="1", values=named)
    return Cue(id=f"{modality}-{number}", modality=modality, kind="test", text=text, valence=valence, source=source)


def _said(text: str, language: str | None = "en") -> list[Utterance]:
    return [Utterance(id="u1", text=text, language=language)]


def _services(folder: Path, seed: list[Case] | None = None) -> Services:
    return Services(settings=Settings(), memory=open_memory(folder, seed=seed))


RELIEF = [
    _cue(1, "face", "raters would call this face happy (.83, FER2013), 1.2–2.0 s", 0.7, fer_happy=0.83),
    _cue(1, "voice", "long breath out, pitch falls 3.0 st", 0.1),
]


@pytest.fixture(scope="module")
def relieved(tmp_path_factory: pytest.TempPathFactory) -> list[RecalledCase]:
    services = _services(tmp_path_factory.mktemp("memory"))
    return recall(RELIEF, _said("They found nothing, the scan is clean."), services)


def test_a_case_of_the_same_kind_supports_the_leading_reading(tmp_path):
    services = _services(tmp_path)
    cues = [_cue(1, "face", "lips pressed, then broad smile, shoulders drop"), _cue(1, "voice", "long breath out")]
    best = recall(cues, _said("The results came back and I'm fine."), services)[0]
    assert (best.role, best.labels, best.applies) == ("support", ["relieved"], True)
    assert set(best.alike) == {"said", "described"}
    assert best.provenance == "authored"
    assert best.text.startswith("face: ")
    assert "; transcript: “" in best.text


def test_there_are_a_few_of_each_role_and_each_has_a_reason(relieved):
    roles = [case.role for case in relieved]
    assert roles == sorted(roles, key=["support", "confusion", "counter"].index)
    assert all(roles.count(role) <= most for role, most in PER_ROLE.items())
    assert len({case.id for case in relieved}) == len(relieved)
    assert all(("(applies: " if case.applies else "(does not apply: ") in case.why for case in relieved)
    assert {"support", "counter"} <= set(roles)


def test_a_freshly_built_and_a_loaded_index_recall_the_same(tmp_path):
    first = recall(RELIEF, _said("I passed!"), _services(tmp_path))
    assert recall(RELIEF, _said("I passed!"), _services(tmp_path)) == first


def test_the_order_of_the_cues_changes_nothing(tmp_path):
    services = _services(tmp_path)
    assert recall(RELIEF[::-1], _said("I passed!"), services) == recall(RELIEF, _said("I passed!"), services)


def test_the_clip_itself_and_its_words_are_left_out(tmp_path):
    services = _services(tmp_path)
    own = seed_cases()[1]
    cues = [_cue(1, modality, text) for modality, text in own.cues.items() if modality != "transcript"]
    found = recall(cues, _said(own.cues["transcript"].upper() + "!!"), services)
    assert found
    assert own.id not in {case.id for case in found}


def _case(id_: str, label: str, **cues: str) -> Case:
    return Case(id=id_, labels=[label], why="so it was", provenance="user", cues=cues)


def test_a_case_on_the_other_side_of_the_clips_valence_does_not_apply(tmp_path):
    seed = [_case("glad", "joyful", face="broad smile"), _case("sad", "sad", face="broad smile, tears")]
    found = recall([_cue(1, "face", "broad smile", 0.8)], [], _services(tmp_path, seed))
    assert {case.id: case.applies for case in found} == {"sad": False}  # "glad" has the very cues of the clip
    assert "the clip's cues" in found[0].why
    # without a valence nothing speaks against it
    assert recall([_cue(1, "face", "broad smile")], [], _services(tmp_path, seed))[0].applies


def test_a_case_that_shares_no_modality_does_not_apply(tmp_path):
    seed = [_case("seen", "joyful", face="laughs loudly for long")]
    found = recall([_cue(1, "voice", "laughs loudly")], [], _services(tmp_path, seed))
    assert [(case.id, case.applies) for case in found] == [("seen", False)]
    assert "no modality" in found[0].why


def test_a_case_of_unknown_labels_is_not_recalled(tmp_path):
    seed = [_case("odd", "xyzzyish", face="laughs loudly for long")]
    assert recall([_cue(1, "face", "laughs loudly")], [], _services(tmp_path, seed)) == []


def test_words_of_a_language_that_the_encoder_cannot_read_are_not_asked_with(tmp_path):
    assert recall([], _said("Das ist ja wunderbar, ich freue mich!", "de"), _services(tmp_path)) == []


def test_a_clip_without_words_recalls_nothing(tmp_path):
    assert recall([], [], _services(tmp_path)) == []


def test_without_a_memory_recall_is_a_tool_error():
    with pytest.raises(ToolError, match="no case memory"):
        recall(RELIEF, [], Services(settings=Settings()))
