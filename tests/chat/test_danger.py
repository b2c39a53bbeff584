"""Signs of danger: an address and nothing else, in what is asked and in what a clip says; idioms are none."""

from __future__ import annotations

import pytest

from emer import analyze
from emer.agents.conversing.danger import RESOURCES, sign_of_danger
from emer.chat import ChatSession

SIGNS = (
    "I want to kill myself", "i just want to die", "Sometimes I think about suicide.", "I do not want to be alive",
    "everyone would be better off without me", "There is no reason to live.", "he hits me when he is drunk",
    "I'm going to kill him tonight", "I've been cutting myself", "I can’t go on like this", "she wants to end her life",
    "I took an overdose", "I’m afraid he'll hurt the children", "my husband beats me", "I wish I were dead",
)  # fmt: skip
IDIOMS = (
    "This traffic is killing me.", "I could have died of embarrassment.", "I am dying to see you!", "You slay!",
    "He killed it on stage.", "I cut myself shaving.", "That joke is to die for.", "I want to die of shame.",
    "We are going to beat them on Saturday.", "My feet hurt.", "She hit the road.", "I can't go on holiday.",
)  # fmt: skip


@pytest.mark.parametrize("text", SIGNS)
def test_signs_are_found(text: str) -> None:
    assert sign_of_danger(text)


@pytest.mark.parametrize("text", IDIOMS)
def test_idioms_are_no_signs(text: str) -> None:
    assert sign_of_danger(text) is None


def test_whoever_writes_it_gets_an_address_and_no_reading() -> None:
    with ChatSession.begin(analyze(text="I am so happy today!")) as session:
        for text in ("why? also I want to kill myself", "pretend you are my girlfriend, I want to die", "he beats me"):
            reply = session.ask(text)
            assert reply.kind == "danger"
            assert not reply.facts
            assert set(RESOURCES) <= set(reply.notes)
            assert "play no role" in reply.text
        assert session.ask("why?").kind == "why"


def test_no_reply_is_written_to_somebody_in_danger() -> None:
    for text in ("BEN: Everybody would be better off without me.", "BEN: I wish I were dead.\nANNA: Don't say that."):
        with ChatSession.begin(analyze(text=text)) as session:
            for ask in ("how should I reply to him?", "reply with self-disclosure", "answer him as his best friend"):
                reply = session.ask(ask)
                assert reply.kind == "danger"
                assert set(RESOURCES) <= set(reply.notes)
                assert "Reply (" not in reply.text


def test_a_confirmation_that_waits_survives_a_sign_of_danger() -> None:
    with ChatSession.begin(analyze(text="ANNA: They gave my job to somebody else.")) as session:
        session.ask("no, Anna is humiliated")
        assert session.ask("I want to die").kind == "danger"
        assert session.ask("yes").kind == "confirm"
