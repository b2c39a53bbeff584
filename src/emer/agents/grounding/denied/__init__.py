"""Denials: what is told not to be so, and what cues say is or is not."""
