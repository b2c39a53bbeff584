from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from emer.agents import context
from emer.agents.state import Observation, Services
from emer.config import load_settings
from emer.installation import command
from emer.schemas import Clip, Utterance


class FakeFrame(NamedTuple):
    t_s: float
    image: NDArray[np.uint8]


class FakeWindow(NamedTuple):
    fresh_from_s: float
    frames: tuple[FakeFrame, ...]


class FakeMedia:
    """Frames in two windows that overlap, as the real media gives them."""

    def __init__(self, images: list[NDArray[np.uint8]]) -> None:
        self.info = SimpleNamespace(has_video=True)
        self.frames = [FakeFrame(n / 4, image) for n, image in enumerate(images)]

    def windows(self) -> Iterator[FakeWindow]:
        half = len(self.frames) // 2
        yield FakeWindow(0.0, tuple(self.frames[:half]))
        if self.frames[half:]:
            yield FakeWindow(self.frames[half].t_s, tuple(self.frames[max(0, half - 2) :]))


def plain(value: int, n: int) -> list[NDArray[np.uint8]]:
    return [np.full((36, 64, 3), value, dtype=np.uint8)] * n


def observe(
    *turns: tuple[str | None, str, float | None, float | None], told: str | None = None, media: FakeMedia | None = None
) -> Observation:
    clip = Clip(id="sha256:0", source="-", kind="text", context=told)
    said = [
        Utterance(id=f"u{n}", person=person, text=text, start_s=start, end_s=end)
        for n, (person, text, start, end) in enumerate(turns, start=1)
    ]
    return context.observe(clip, said, Services(settings=load_settings(), media=media))  # type: ignore[arg-type]


def texts(seen: Observation) -> list[str]:
    return [cue.text for cue in seen.cues]


def test_what_the_user_tells_comes_sentence_by_sentence() -> None:
    seen = observe(told="They broke up last week. He has come to fetch his things!\nIt is late")
    assert texts(seen) == ["They broke up last week.", "He has come to fetch his things!", "It is late"]
    assert {(cue.level, cue.kind) for cue in seen.cues} == {("reported", "given")}
    assert [cue.id for cue in seen.cues] == ["context-1", "context-2", "context-3"]


def test_only_a_sentence_with_a_tone_is_given_one() -> None:
    fired, table = observe(told="She was fired and her dog died. There is a table.").cues
    assert fired.valence is not None and fired.valence < 0
    assert (table.valence, table.arousal) == (None, None)


def test_context_in_another_language_is_quoted_without_a_tone() -> None:
    seen = observe(told="Sie ist sehr traurig, weil ihr Hund gestern gestorben ist.")
    assert [(cue.strength, cue.valence) for cue in seen.cues] == [(0.0, None)]
    assert [(one.modality, "de" in one.why) for one in seen.missing] == [("context", True)]


def test_who_speaks_and_how_much() -> None:
    seen = observe(
        ("p1", "one two three four five six seven eight nine", None, None),
        ("p2", "ten", None, None),
        ("p1", "eleven twelve", None, None),
    )
    assert texts(seen) == ["2 people speak; the speaker changes twice", "p1 says 92% of the words"]  # 11 of 12 words
    assert seen.cues[1].source.values["words_share"] == pytest.approx(11 / 12, abs=1e-4)


def test_falling_in_and_silence_are_told_with_their_times() -> None:
    seen = observe(("p1", "I was", 0.0, 2.0), ("p2", "No!", 1.5, 2.5), ("p1", "Well.", 6.0, 7.0))
    assert "p2 begins 0.5 s before p1 has ended" in texts(seen)
    gap = next(cue for cue in seen.cues if cue.kind == "turns_gap")
    assert (gap.text, gap.anchor.start_s, gap.anchor.end_s) == ("nobody is quoted for 3.5 s", 2.5, 6.0)


def test_two_turns_of_one_subtitle_are_no_overlap() -> None:
    seen = observe(("p1", "Hi.", 1.0, 3.0), ("p2", "Hi.", 1.0, 3.0))
    assert [cue.kind for cue in seen.cues] == ["turns_people"]


def test_many_silences_are_bounded_and_stay_in_order() -> None:
    seen = observe(*[("p1", "a", 10.0 * n, 10.0 * n + 1) for n in range(100)])
    gaps = [cue.anchor.start_s for cue in seen.cues if cue.kind == "turns_gap"]
    assert len(gaps) == context.MAX_TURNS
    assert gaps == sorted(gaps, key=lambda at: at or 0)


def test_a_dark_still_picture_is_told_neutrally() -> None:
    seen = observe(media=FakeMedia(plain(20, 8)))
    assert texts(seen) == [
        "the picture is dark (mean luma 0.08 of 1)",
        "the picture is nearly without colour (colourfulness 0.00)",
        "the picture hardly moves (mean change 0.000 a frame)",
    ]
    assert {(cue.anchor.start_s, cue.anchor.end_s) for cue in seen.cues} == {(0.0, 1.75)}
    assert {cue.level for cue in seen.cues} == {"measured"}


def test_a_cut_in_an_overlap_of_windows_is_told_once() -> None:
    red, green = np.zeros((36, 64, 3), dtype=np.uint8), np.zeros((36, 64, 3), dtype=np.uint8)
    red[..., 0], green[..., 1] = 200, 200
    seen = observe(media=FakeMedia([red] * 3 + [green] * 5))
    assert [cue.text for cue in seen.cues if cue.kind == "scene_cut"] == ["cut at 0.8 s"]


def test_many_cuts_are_one_cue() -> None:
    colours = [
        np.full((36, 64, 3), (200 * (n % 3 == 0), 200 * (n % 3 == 1), 200 * (n % 3 == 2)), np.uint8) for n in range(20)
    ]
    images = [image for image in colours for _ in range(4)]
    cuts = [cue.text for cue in observe(media=FakeMedia(images)).cues if cue.kind.startswith("scene_cut")]
    assert cuts == ["19 cuts between 1.0 s and 19.0 s"]


def test_one_picture_has_no_motion_and_no_time() -> None:
    seen = observe(media=FakeMedia(plain(20, 1)))
    assert [cue.kind for cue in seen.cues] == ["scene_light", "scene_colour"]
    assert seen.cues[0].anchor.start_s is None


def test_nothing_known_is_missing_with_the_way_to_bring_it() -> None:
    seen = observe((None, "Hi.", None, None))
    assert seen.cues == ()
    assert [(one.modality, one.remedy) for one in seen.missing] == [
        ("context", f"{command()} analyze CLIP --context TEXT")
    ]


def test_a_long_context_is_bounded() -> None:
    told = " ".join(f"Sentence number {n} is here." for n in range(200))
    assert len(observe(told=told).cues) == context.MAX_GIVEN
    assert observe(told=told).cues[-1].text.endswith("number 199 is here.")
