"""Declared presets of the table task for sets whose files are not at hand: labels, scorer, source, terms.

Each says what a table of that set must hold; none guesses the layout of files that we have not seen. `--map` tells
which column is which.
"""

from __future__ import annotations

from collections.abc import Mapping

from emer.evals.table_task import About, Table

_SIX = {
    "anger": "angry", "disgust": "disgusted", "fear": "afraid", "joy": "joyful", "sadness": "sad",
    "surprise": "surprised",
}  # fmt: skip
_SEMEVAL_2018 = {
    "anger": "angry, annoyed, in rage", "anticipation": "anticipating, interested, vigilant", "disgust": "disgusted",
    "fear": "afraid, anxious", "joy": "joyful, serene", "love": "loving, affectionate",
    "optimism": "optimistic, hopeful",
    "pessimism": "pessimistic, without hope", "sadness": "sad", "surprise": "surprised, amazed",
    "trust": "trusting, accepting",
}  # fmt: skip
_IEMOCAP = {"angry": "angry", "happy": "joyful, excited", "sad": "sad", "neutral": "neutral, no emotion"}
_BY_REQUEST = "research only, by a signed agreement with the authors"

PRESETS: Mapping[str, tuple[About, Table]] = {
    name: (About(name, title, where, terms), table)
    for name, title, where, terms, table in (
        (
            "ov-mer", "open-vocabulary emotions of clips, OV-MERD+ (Lian et al. 2024)",
            "a table with id, clip or text, label (a list); from its authors", _BY_REQUEST, Table("open", {}),
        ),
        (
            "mer-unibench", "a set of MER-UniBench with discrete labels, HIT (AffectGPT, Lian et al. 2025)",
            "a table with id, clip or text, label; per set from its authors", _BY_REQUEST, Table("open", {}),
        ),
        (
            "mer-fg", "fine-grained emotions, MER2025 and MER2026 track FG (Lian et al. 2025)",
            "a table with id, clip or text, label (a list); from the challenge", _BY_REQUEST, Table("open", {}),
        ),
        (
            "emoprefer", "which of two descriptions people prefer, EmoPrefer (Lian et al. 2025)",
            "a table with id, first, second, label (first, second or same); from the authors", _BY_REQUEST,
            Table("preference", {}),
        ),
        (
            "mme-emotion", "graded steps of reasoning, MME-Emotion (Zhang et al. 2025)",
            "a table with id; the graded answers come as --system FILE.jsonl", "see its repository", Table("steps", {}),
        ),
        (
            "mtmeur", "emotions over several turns, MTMEUR (2025)",
            "a table with id, group (the dialogue), clip or text, label (Ekman's six or neutral)",
            "see its repository", Table("closed", {**_SIX, "neutral": "neutral, no emotion"}, neutral="neutral"),
        ),
        (
            "semeval2018", "11 emotions in tweets, SemEval-2018 Task 1 E-c (Mohammad et al. 2018)",
            "a table with id, text, label (a list of the eleven); from the task's page", "research, no redistribution",
            Table("multilabel", _SEMEVAL_2018),
        ),
        (
            "semeval2025-t11", "6 emotions in many languages, SemEval-2025 Task 11 track A (Muhammad et al. 2025)",
            "a table with id, text, label (a list of the six); from the task's page", "CC BY 4.0 for most languages",
            Table("multilabel", _SIX),
        ),
        (
            "mosi", "sentiment of opinion clips, CMU-MOSI (Zadeh et al. 2016)",
            "a table with id, group (the video), clip or text, label (-3 to 3)", "see the CMU Multimodal SDK",
            Table("sentiment", {}),
        ),
        (
            "mosei", "sentiment of opinion clips, CMU-MOSEI (Zadeh et al. 2018)",
            "a table with id, group (the video), clip or text, label (-3 to 3)", "see the CMU Multimodal SDK",
            Table("sentiment", {}),
        ),
        (
            "sims", "sentiment of Chinese clips, CH-SIMS and CH-SIMS v2 (Yu et al. 2020; Liu et al. 2022)",
            "a table with id, group (the video), clip or text, label (-1 to 1)", "research", Table("sentiment", {}),
        ),
        (
            "iemocap", "4 emotions of acted dialogues, IEMOCAP (Busso et al. 2008)",
            "a table with id, group (the session), clip or text, label: angry, happy (with excited), sad, neutral",
            "research, by a release form of USC", Table("closed", _IEMOCAP, neutral="neutral"),
        ),
    )
}  # fmt: skip
