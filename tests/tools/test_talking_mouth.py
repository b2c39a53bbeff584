"""Which mouth goes with which voice, on made motions, and how much a drawn mouth moves."""

from __future__ import annotations

import numpy as np
import pytest
from drawn_faces import ANNA, Placed, scene
from hypothesis import given, settings
from hypothesis import strategies as st

from emer.tools.head_motion import Box
from emer.tools.mouth import Mouth, mouth_motion
from emer.tools.talking_mouth import Loudness, Tie, loudness, tie
from emer.tools.voice import listen_to

RATE = 16_000
BOX = Box(200, 90, 90, 90)


def buzz(seconds: float) -> np.ndarray:
    t = np.arange(round(seconds * RATE)) / RATE
    return (0.1 * sum(np.cos(2 * np.pi * 130 * k * t) / k for k in range(1, 20))).astype(np.float32)


@pytest.fixture(scope="module")
def alternating() -> Loudness:
    """One second of voice, one of silence, eight times."""
    rest = np.zeros(RATE, np.float32)
    sound = np.concatenate([part for _ in range(8) for part in (buzz(1.0), rest)])
    return loudness(listen_to(sound + 1e-4 * np.random.default_rng(0).standard_normal(len(sound)).astype(np.float32)))


def mouth(moving: object, *, seed: int = 0, n: int = 64) -> Mouth:
    """A mouth at four frames a second that moves where `moving(t)` says so, with some noise."""
    rng = np.random.default_rng(seed)
    t_s = np.arange(1, n + 1) / 4
    motion = [0.2 * bool(moving(t - 0.125)) + 0.02 * rng.random() for t in t_s]  # type: ignore[operator]
    return Mouth(tuple(t_s.tolist()), tuple(motion))


def spoken(t: float) -> bool:
    return t % 2 < 1


EVEN = [(2.0 * k, 2.0 * k + 1) for k in range(8)]


def test_the_mouth_that_moves_with_the_voice_speaks(alternating: Loudness) -> None:
    mouths = {"face:1": mouth(lambda t: False), "face:2": mouth(spoken, seed=1)}
    (found,) = tie(mouths, {"p1": EVEN}, alternating)
    assert (found.face, found.speaker, found.n) == ("face:2", "p1", 64)
    assert found.r > 0.8


def test_two_speakers_who_take_turns_get_their_own_faces(alternating: Loudness) -> None:
    first, second = EVEN[::2], EVEN[1::2]
    says = lambda spans: lambda t: any(a <= t < b for a, b in spans)  # noqa: E731
    mouths = {"face:1": mouth(says(second)), "face:2": mouth(says(first), seed=1)}
    found = tie(mouths, {"p1": first, "p2": second}, alternating)
    assert {(one.face, one.speaker) for one in found} == {("face:2", "p1"), ("face:1", "p2")}


def test_a_mouth_that_moves_in_the_silences_does_not_speak(alternating: Loudness) -> None:
    mouths = {"face:1": mouth(lambda t: not spoken(t)), "face:2": mouth(lambda t: False, seed=1)}
    assert tie(mouths, {"p1": EVEN}, alternating) == []


def test_two_mouths_that_both_go_with_the_voice_are_not_guessed(alternating: Loudness) -> None:
    assert tie({"face:1": mouth(spoken), "face:2": mouth(spoken, seed=1)}, {"p1": EVEN}, alternating) == []


def test_a_voice_without_pause_goes_to_the_only_mouth_that_moves() -> None:
    t = np.arange(8 * RATE) / RATE
    sound = (buzz(8.0) * (0.6 + 0.4 * np.sin(2 * np.pi * 0.9 * t))).astype(np.float32)
    voice = loudness(listen_to(np.concatenate([np.zeros(RATE // 4, np.float32), sound])))
    loud = lambda at: np.sin(2 * np.pi * 0.9 * (at - 0.25)) > -0.3  # noqa: E731
    mouths = {"face:1": mouth(loud, n=32), "face:2": mouth(lambda t: False, seed=1, n=32)}
    found = tie(mouths, {"voice:1": [(0.0, 8.25)]}, voice)
    assert [(one.face, one.speaker) for one in found] == [("face:1", "voice:1")]


def test_a_mouth_that_chews_all_the_time_does_not_speak(alternating: Loudness) -> None:
    mouths = {"face:1": mouth(lambda t: True), "face:2": mouth(lambda t: False, seed=1)}
    assert tie(mouths, {"p1": EVEN}, alternating) == []


def test_a_mouth_that_talks_on_is_found_though_loudness_tells_nothing() -> None:
    rest = np.zeros(RATE // 4, np.float32)
    voice = loudness(listen_to(np.concatenate([rest, buzz(6.0), rest])))
    mouths = {"face:1": mouth(lambda t: t % 1 < 0.8, n=24), "face:2": mouth(lambda t: t > 5, seed=1, n=24)}
    found = tie(mouths, {"voice:1": [(0.0, 6.5)]}, voice)
    assert [one.face for one in found] == ["face:1"]


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10_000))
def test_noise_seldom_speaks_and_never_twice(seed: int, alternating: Loudness) -> None:
    rng = np.random.default_rng(seed)
    mouths = {f"face:{k}": mouth(lambda t: rng.random() < 0.5, seed=seed + k) for k in range(3)}
    found = tie(mouths, {"p1": EVEN, "p2": [(0.0, 0.5)]}, alternating)
    assert len({one.face for one in found}) == len({one.speaker for one in found}) == len(found)


def test_the_order_of_the_faces_changes_nothing(alternating: Loudness) -> None:
    mouths = {"face:1": mouth(lambda t: False), "face:2": mouth(spoken, seed=1), "face:3": mouth(lambda t: t % 3 < 1)}
    forwards = tie(mouths, {"p1": EVEN}, alternating)
    assert forwards == tie(dict(reversed(mouths.items())), {"p1": EVEN}, alternating)
    assert isinstance(forwards[0], Tie)


# --- the mouth itself ------------------------------------------------------------------------------------------------


def with_mouth_open(picture: np.ndarray) -> np.ndarray:
    opened = picture.copy()
    opened[155:168, 232:258] = (60, 20, 20)
    return opened


def test_a_mouth_that_opens_moves_and_a_head_that_only_shifts_does_not() -> None:
    here = scene([Placed(ANNA, 245, 135, side=90)])
    there = scene([Placed(ANNA, 251, 138, side=90)])
    opened = mouth_motion(here, with_mouth_open(here), BOX)
    shifted = mouth_motion(here, there, BOX)
    assert mouth_motion(here, here, BOX) == 0.0
    assert opened is not None
    assert shifted is not None
    assert opened > 0.1
    assert shifted < opened / 4


def test_a_flash_of_light_is_no_movement() -> None:
    here = scene([Placed(ANNA, 245, 135, side=90)])
    brighter = np.clip(here.astype(int) + 30, 0, 255).astype(np.uint8)
    moved = mouth_motion(here, brighter, BOX)
    assert moved is not None
    assert moved < 0.05


def test_at_the_edge_of_the_picture_nothing_is_measured() -> None:
    here = scene([Placed(ANNA, 245, 135, side=90)])
    assert mouth_motion(here, here, Box(2, 2, 90, 90)) is None
