"""Chat models: one question, one validated answer, whatever endpoint stands behind it.

Here belong providers, the ladder of structured answers, retries, limits, the budget and the cache of answers. What is
asked (prompts) and what becomes of the answers (agents) do not.
"""

from emer.models.chat import Answer, ChatModel, Image, Question, Sound, Text

__all__ = ["Answer", "ChatModel", "Image", "Question", "Sound", "Text"]
