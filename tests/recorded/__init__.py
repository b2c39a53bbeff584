"""Recorded answers: what a capable model answered to real requests of ours, replayed in the tests.

`clips/` holds what was measured of each clip, frozen; `answers/` one file a run, keyed by agent, seed and prompt. After
a change a prompt must be answered anew: `python -m tests.recorded.record CLIP EFFORT` writes the open requests.
"""
