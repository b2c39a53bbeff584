"""Prompts: one Markdown file per prompt and version, and the loader that refuses missing or surplus variables.

A prompt is instructions alone. Nothing of a clip goes into one: what a clip says travels as delimited data beside it.
"""

from emer.prompts.loader import NAMES, Prompt, load

__all__ = ["NAMES", "Prompt", "load"]
