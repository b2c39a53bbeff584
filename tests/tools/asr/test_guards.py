"""What is not believed: each guard at its threshold."""

from __future__ import annotations

import pytest

from emer.tools.asr.guards import doubt, repeats
from emer.tools.asr.recogniser import Segment


def segment(
    text: str = "It rained all day.", *, mean: float = -0.3, silent: float = 0.0, compression: float = 1.2
) -> Segment:
    return Segment(text, 0.0, 1.0, (), mean, silent, compression)


@pytest.mark.parametrize(
    ("one", "why"),
    [
        (segment(), None),
        (segment(silent=0.61, mean=-1.01), "no speech"),
        (segment(silent=0.99, mean=-0.99), None),  # sure words beat a doubt about speech, as in Whisper
        (segment(mean=-1.01), "low probability"),
        (segment(mean=-1.0), None),
        (segment(compression=2.41), "repetition"),
        (segment(compression=2.4), None),
        (segment("no no no no"), None),
        (segment("Thank you. Thank you. Thank you. Thank you. Thank you."), "repetition"),
    ],
)
def test_a_segment_is_believed_up_to_the_thresholds(one: Segment, why: str | None) -> None:
    assert doubt(one) == why


@pytest.mark.parametrize(("text", "n"), [("", 0), ("a b c", 1), ("x so so so y", 3), ("we go we go we go home", 3)])
def test_repeats_are_counted_in_a_row(text: str, n: int) -> None:
    assert repeats(text) == n
