"""Chat models: one question, one validated answer, whatever endpoint stands behind it.

Here belong providers, the ladder of structured answers, retries, limits, the budget and the cache of answers. What is
asked (prompts) and what becomes of the answers (agents) do not.
"""

from emer.models.chat import Answer, ChatModel, Image, Question, Sound, Text
from emer.models.opening import configured_model, fake_model, open_model
from emer.models.record import AskRecord
from emer.models.run import ModelRun

__all__ = [
    "Answer", "AskRecord", "ChatModel", "Image", "ModelRun", "Question", "Sound", "Text", "configured_model",
    "fake_model", "open_model",
]  # fmt: skip
