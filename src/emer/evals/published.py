"""Published results to stand beside ours, each with who, where and why it compares or does not; and what would help.

A system that was trained on the set's own training half has an advantage that emer does not take: its row says so.
Every figure was looked up again in November 2026: in its paper's abstract, its authors' repository or a public table of
the paper's results. A row whose source could not be read says so.
"""

from __future__ import annotations

from typing import NamedTuple


class Published(NamedTuple):
    """One published figure: the evaluation and figure that it stands beside, whose, its source, and what differs."""

    eval: str
    figure: str
    value: float
    system: str
    source: str
    differs: str = ""


_TRAINED = "trained on this set"
_QUOTED = "read where others quote it, not in the report"
_PERSPECTIVES = "EmoBank's two perspectives, as the notes of our data have it"
_NO_CEILING = "not checked against the source, an agreement of two perspectives, no ceiling"
_CLIPS = "published runs on these clips, EmotionConflict/merr-reasoning"
_CHAT_MODEL = "a chat model, the notes of our data call it gpt-4o-mini, the script of the run gpt-4o"

PUBLISHED = (
    Published("goemotions", "macro F1", 0.46, "BERT-base", "Demszky et al. 2020", _TRAINED),
    Published("emobank", "CCC valence", 0.645, "readers against writers", _PERSPECTIVES, _NO_CEILING),
    Published("emobank", "CCC arousal", 0.295, "readers against writers", _PERSPECTIVES, _NO_CEILING),
    Published("emobank", "CCC dominance", 0.221, "readers against writers", _PERSPECTIVES, _NO_CEILING),
    Published("fer2013", "accuracy", 0.712, "winner of the challenge", "Goodfellow et al. 2013",
              f"private test, the other half, {_QUOTED}"),
    Published("fer2013", "accuracy", 0.65, "people, ±.05", "Goodfellow et al. 2013",
              f"on which part is not told, {_QUOTED}"),
    Published("merr-cues", "accuracy, words", 0.524, "gpt-4o on words", _CLIPS, _CHAT_MODEL),
    Published("merr-cues", "accuracy, all four", 0.314, "gpt-4o on all four", _CLIPS, _CHAT_MODEL),
    Published("meld", "weighted F1", 0.656, "EmoBERTa", "Kim and Vossen 2021", _TRAINED),
    Published("emorynlp", "weighted F1", 0.381, "COSMIC", "Ghosal et al. 2020", _TRAINED),
    Published("isear", "accuracy", 0.743, "RoBERTa", "Adoma et al. 2020", f"{_TRAINED}, another split"),
    Published("reccon", "cause F1", 0.643, "RoBERTa-base", "Poria et al. 2021", _TRAINED),
    Published("reccon", "cause F1", 0.662, "RoBERTa-large", "Poria et al. 2021", _TRAINED),
    Published("ecf", "w-avg F1", 0.377, "best of SemEval-2024 Task 3, subtask 2", "Wang et al. 2024",
              "must also find the emotions, which ours is given"),
)  # fmt: skip

WHAT_HELPS = {
    "merr-cues": "A chat model reads what an encoder of 22 million parameters cannot: set `EMER_MODEL`. Not measured.",
    "meld": "A chat model (`EMER_MODEL`; not measured), or labelled dialogues of your own domain in the memory "
    "(`emer memory import`). emer offline has seen no sitcom.",
    "emorynlp": "As for MELD; and its classes peaceful and powerful have no counterpart in what emer learnt from.",
    "isear": "Situations with their labels in the memory (`emer memory import`; see recall.md), or a chat model.",
    "reccon": "A chat model (not measured): the offline rule knows who spoke when, hardly what was meant.",
    "ravdess": "The best single measure was chosen after the fact, on these very files, which flatters it.",
    "fer2013": "Another reader (`--face hsemotion` or `deepface`, see back-ends.md): emer's own network is small.",
    "open-cues": "More labels per clip would raise F_S, and say less; a chat model may find better ones.",
}
"""What to do where a published figure, or a floor, is above ours."""
