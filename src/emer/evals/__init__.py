"""Evals doubt: declared evaluations (samples, predict, scorers) and the metrics with their sources."""
