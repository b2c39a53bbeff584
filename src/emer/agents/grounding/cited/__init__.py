"""Which cue bears it: relevance, and whether another should have been cited."""
