"""Speech to words: one file per back end behind one door, fed with arrays, never with a path, and never downloading.

Here belong loading, transcribing and the guards against words that nobody said. Who speaks does not.
"""
