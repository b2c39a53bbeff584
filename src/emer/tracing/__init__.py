"""Traces for OpenTelemetry and LangSmith, where the user configured them; else nothing, at no cost.

Here belong spans, where they go, and what LangGraph may tell LangSmith. A trace holds names, times, counts and kinds of
errors. What a person said or did, prompts, answers and media never belong here.
"""
