"""When: times, spans, and which comes first."""
