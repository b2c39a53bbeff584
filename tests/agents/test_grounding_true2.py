"""True claims in free words: idioms, particles and forms with another sense must not be taken for what they are not."""

from __future__ import annotations

import pytest

from emer.agents.grounding.direction.moves import moves
from emer.agents.grounding.felt.causes import is_premise
from emer.agents.grounding.felt.feelings import frames_of_mind, is_of_a_thing
from emer.agents.grounding.record import felt
from emer.agents.grounding.words.figurative import FIGURES
from emer.agents.grounding.words.wording import denials


@pytest.mark.parametrize(
    "text",
    [
        "only then do its corners rise, with the eye region left out",
        "the letter is folded and drawn to the chest",
        "he does so with his voice turned down",
        "a question left hanging, cut off by a nod",
    ],
)
def test_a_form_with_another_sense_is_no_feeling_of_a_thing(text: str) -> None:
    assert all(is_of_a_thing(text, word) for word in felt(text))
    assert not frames_of_mind(text)


@pytest.mark.parametrize("text", ["p1 appears let down", "she feels left out", "p2 seems hurt and rejected"])
def test_it_is_a_feeling_where_somebody_is_so(text: str) -> None:
    assert any(not is_of_a_thing(text, word) for word in felt(text))


@pytest.mark.parametrize("text", ["he gets tangled up in the brow", "her voice is mixed up with his"])
def test_a_particle_behind_a_verb_that_goes_nowhere_is_no_direction(text: str) -> None:
    assert not moves(text)


@pytest.mark.parametrize("text", ["the brow goes up", "corners of the mouth turned up", "p1's pitch is pushed up"])
def test_behind_a_verb_of_going_it_is_one(text: str) -> None:
    assert [move.sign for move in moves(text)] == [1]


def test_a_verb_that_a_clause_is_about_is_not_done() -> None:
    assert not moves("shouting gets him nowhere")
    assert moves("shouting at the warden")


@pytest.mark.parametrize(
    "text",
    [
        "the penny drops with a long sound",
        "to sugar the pill",
        "the cat is let out of the bag",
        "leading him up the garden path",
        "the straw that breaks the camel's back",
    ],
)
def test_a_set_phrase_names_no_thing(text: str) -> None:
    assert FIGURES.search(text)


def test_what_is_held_off_or_set_against_is_no_denial() -> None:
    assert denials("barely holding a smile in") == 0
    assert denials("could be amusement, were it not for the teeth") == 0
    assert denials("he does not nod") == 1


def test_a_feeling_in_a_thought_is_no_premise() -> None:
    assert not is_premise("Being ", "Being ", " would also lower the gaze", is_adjective=True)
    assert is_premise("Being ", "Being ", ", p1 lowers the gaze", is_adjective=True)
