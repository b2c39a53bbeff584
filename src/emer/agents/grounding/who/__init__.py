"""Who: persons named or meant, and whose cue is whose."""
