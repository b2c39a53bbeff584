"""Whether a claim is borne out by the cues that it cites: by code first, then with the embedded encoder's word list.

"Borne out" means that the cited cues say it, not that it is true. Each module holds one kind of check, which returns
why a claim cannot stand, or None. Here belong no thresholds of the judge and no chat model.
"""
