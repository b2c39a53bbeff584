"""Agents interpret: measurements become cues, cues a verdict.

Here belong the specialists, the steps after them and the graph that wires them, the only place that knows LangGraph.
Measuring (tools), remembering (memory) and drawing (report) do not. Agents do not import one another; what they share
is in `state.py` and `people.py`.
"""
