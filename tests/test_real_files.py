"""Real recordings, pictures and words: each gives a sound Report, and the same one again."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import emer
from emer.schemas import Report

SOURCES = (
    "video/pyfeat_single_face.mp4",
    "video/pyfeat_WolfgangLanger_Pexels.mp4",
    "audio_ravdess/03-01-01-01-01-01-24.wav",
    "audio_ravdess/03-01-02-01-01-02-04.wav",
    "audio_ravdess/03-01-03-01-01-02-17.wav",
    "audio_emodb/angry_03a07Wc.wav",
    "face_other/fer_justin.jpg",
    "face_other/fer_no-faces.jpg",
    "face_other/pyfeat_0-f1-su-ph.jpg",
    "face_other/pyfeat_0-f15-hao-ph.jpg",
    "face_other/pyfeat_15-f13-anc-ph.jpg",
    "face_other/pyfeat_45-m7-di-ph.jpg",
    "face_other/pyfeat_BWPictureHuman.jpg",
    "face_other/pyfeat_free-mountain-vector-01.jpg",
    "face_other/pyfeat_multi_face.jpg",
    "face_other/pyfeat_single_face.jpg",
)
TEXTS = {
    "dialogue": "ANNA: Oh, great. Just great.\nBEN: I am so sorry, I forgot!\n",
    "english": "I can't believe we won. I was sure we had lost it!",
    "german": "Ich bin so enttäuscht, weil niemand gekommen ist.",
    "chinese": "我今天非常高兴，因为妹妹回家了。",
    "hindi": "मैं आज बहुत दुखी हूँ।",
}


@lru_cache(maxsize=1)
def validator() -> Any:
    schema = Report.model_json_schema(by_alias=True)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def checked(report: Report) -> str:
    """The Report's JSON without its times, after a look whether it is sound."""
    written = json.loads(report.to_json())
    validator().validate(written)
    assert report.cited() <= {cue.id for cue in report.cues}
    people = {person.id for person in report.people}
    assert {cue.person for cue in report.cues} - {None} <= people
    assert {emotion.person for emotion in report.emotions} - {None} <= people
    spoken = {utterance.id for utterance in report.utterances}
    assert {cue.anchor.utterance for cue in report.cues} - {None} <= spoken
    assert {case for emotion in report.emotions for case in emotion.cases} <= {case.id for case in report.cases}
    steps = report.reasoning
    assert all(step.evidence for step in steps), "every sentence cites a cue"
    assert bool(report.emotions) or bool(report.abstained) or bool(report.missing), "silence is explained"
    written["provenance"].pop("timings_s")
    return json.dumps(written, ensure_ascii=False)


@pytest.mark.parametrize("source", SOURCES)
def test_a_real_file_gives_the_same_sound_report_in_a_new_and_in_an_old_memory(
    data_dir: Path, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, source: str
) -> None:
    old = tmp_path_factory.getbasetemp() / "old memory"  # new for the first file, known to all others
    path = data_dir / "media" / source
    first = checked(emer.analyze(path, memory_dir=tmp_path / "new"))
    assert first == checked(emer.analyze(path, memory_dir=old))


@pytest.mark.parametrize("name", TEXTS)
def test_words_give_the_same_sound_report_in_a_new_and_in_an_old_memory(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path, name: str
) -> None:
    old = tmp_path_factory.getbasetemp() / "old memory"
    first = checked(emer.analyze(text=TEXTS[name], memory_dir=tmp_path / "new"))
    assert first == checked(emer.analyze(text=TEXTS[name], memory_dir=old))


def test_every_picture_of_the_folder_is_in_the_table(data_dir: Path) -> None:
    here = {f"face_other/{path.name}" for path in (data_dir / "media" / "face_other").iterdir()}
    assert here == {source for source in SOURCES if source.startswith("face_other")}
