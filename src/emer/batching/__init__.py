"""Many clips: found, explained by several processes at once, written as they end, resumed after any crash.

Here belong sources of clips, keys, the files of a run, worker processes and engines. What one clip means does not.
The package is not named `batch`, so that `from emer import batch` is always the function.
"""
