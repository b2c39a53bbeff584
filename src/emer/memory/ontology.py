"""The door to the emotion ontology: words, mentions in text, open labels, closed sets.

Nothing is defined here; each idea has its own module.
"""

from emer.memory.closed_sets import CLOSED_SETS, back, loss, project
from emer.memory.phrases import Mention, mentions
from emer.memory.resolution import Resolution, resolve
from emer.memory.states import FACE_STATES, STATES, VAD, state_vad
from emer.memory.words import EmotionWord, words

__all__ = [
    "CLOSED_SETS", "FACE_STATES", "STATES", "VAD", "EmotionWord", "Mention", "Resolution",
    "back", "loss", "mentions", "project", "resolve", "state_vad", "words",
]  # fmt: skip
