"""What a chat model is asked of a sample, and how its reply is read: one question for each kind of prediction.

A reply that has not the asked form counts as one that says nothing, which is wrong; no sample is left out.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from emer.agents.speech.causal_turns import Turn
from emer.errors import InputError

EKMAN = ("anger", "disgust", "fear", "joy", "sadness", "surprise")
_SENTIMENTS = ("positive", "negative", "neutral")


class Question(NamedTuple):
    """What is asked of every sample, the labels to choose from, and the prediction (in JSON) that says nothing."""

    text: str
    labels: tuple[str, ...] = ()
    nothing: Any = []  # noqa: RUF012


class Reply(NamedTuple):
    """A prediction in its JSON form, and whether the reply had the asked form."""

    prediction: Any
    has_form: bool


_OF_A_SET = "Which of these emotions does the text show: {}? Answer with a JSON list of them, the likeliest first."
_SEVERAL = "Which of these emotions, one or several, does the text show: {}? Answer with a JSON list of them."
_OPEN = "Which emotions does the person show? Answer with a JSON list of words."
_SENTIMENT = "Is the sentiment of the speaker positive, negative or neutral? Answer with that one word."
_DIMENSIONS = """How pleasant (valence), stirred (arousal) and in control (dominance) does the writer appear, each from
-1 to 1? Answer with a JSON list of the three numbers."""
_CAUSES = """Each turn has its number, its speaker and the speaker's emotion. Which turns cause each emotion that is not
neutral? A turn can cause its own. Answer with a JSON list that holds, for each such cause, a list of the number of the
turn with the emotion, the emotion, and the number of the turn that causes it."""


def question(name: str) -> Question:
    """What a chat model is asked in the evaluation or preset called `name`.

    Raises:
        InputError: words alone cannot put it; the message says what to do.
    """
    kind, labels = _kind(name)
    listed = ", ".join(labels)
    asked = {
        "closed": Question(_OF_A_SET.format(listed), labels),
        "multilabel": Question(_SEVERAL.format(listed), labels),
        "open": Question(_OPEN),
        "sentiment": Question(_SENTIMENT, _SENTIMENTS, "neutral"),
        "dimensions": Question(_DIMENSIONS, nothing=[0.0, 0.0, 0.0]),
        "causes": Question(_CAUSES, EKMAN),
    }
    if kind not in asked:
        raise InputError(f"{name} cannot be put to a chat model in words; name a system's answers: system=FILE.jsonl")
    return asked[kind]


def _kind(name: str) -> tuple[str, tuple[str, ...]]:
    from emer.evals import labelled_text
    from emer.evals.presets import PRESETS
    from emer.tools.text_encoder import LABELS

    if name in PRESETS:
        table = PRESETS[name][1]
        return table.kind, tuple(table.labels)
    known: dict[str, tuple[str, tuple[str, ...]]] = {
        "goemotions": ("multilabel", tuple(LABELS)), "emobank": ("dimensions", ()),
        "meld": ("closed", tuple(labelled_text.MELD)), "emorynlp": ("closed", tuple(labelled_text.EMORYNLP)),
        "isear": ("closed", tuple(labelled_text.ISEAR)), "enisear": ("closed", tuple(labelled_text.ISEAR)),
        "ecf": ("causes", ()), "reccon": ("causes", ()),
    }  # fmt: skip
    return known.get(name, ("", ()))


def told(given: Any) -> str:
    """What a sample gives, in words: a text, the turns of a conversation, or the words and cues of a clip."""
    if isinstance(given, str):
        return given
    if isinstance(given, dict):
        cues = [f"{cue['modality']}: {cue['text']}" for cue in given.get("cues", []) if cue.get("text")]
        lines = [given.get("context"), *cues, given.get("transcript"), given.get("question")]
        return "\n".join(line for line in lines if line)
    return "\n".join(f"{n}. {_turn(turn)}" for n, turn in enumerate(given))


def _turn(turn: Turn) -> str:
    return f"{turn.person} ({turn.emotion or 'neutral'}): {turn.text}"


def read_reply(text: str, asked: Question, parse: Callable[[Any], Any]) -> Reply:
    """The prediction in a reply: its last JSON list, or the label that is all of it.

    Args:
        text: the reply.
        asked: what was asked; its labels are found in any case of letters.
        parse: the evaluation's reader of one prediction; what it refuses has not the asked form.
    """
    labels = {label.lower(): label for label in asked.labels}
    alone = text.strip(" \t\n.!\"'*`").lower()
    values = _lists(text) or ([[labels[alone]]] if alone in labels else [])
    for value in reversed(values):
        named = _named(value, labels)
        for one in (named, named[0] if isinstance(named, list) and len(named) == 1 else named):
            try:
                parse(one)
            except (ValueError, KeyError, TypeError):
                continue
            return Reply(one, has_form=True)
    return Reply(asked.nothing, has_form=False)


def _lists(text: str) -> list[Any]:
    """The JSON lists in a text that are in no other, in their order; NaN and infinities are no JSON."""
    decoder = json.JSONDecoder(parse_constant=_refused)
    found, at = [], text.find("[")
    while at >= 0:
        try:
            value, end = decoder.raw_decode(text, at)
            found.append(value)
        except ValueError:
            end = at + 1
        at = text.find("[", end)
    return found


def _refused(name: str) -> float:
    raise ValueError(f"{name} is no JSON")


def _named(value: Any, labels: dict[str, str]) -> Any:
    if isinstance(value, list):
        return [_named(one, labels) for one in value]
    return labels.get(value.strip().lower(), value) if isinstance(value, str) else value
