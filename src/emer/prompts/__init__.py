"""Prompts: one Markdown file per prompt and version, and the loader that refuses missing or surplus variables."""
