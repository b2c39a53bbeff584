"""Weights of optional back ends: a table of what there is, and how they are fetched, checked, listed and removed.

Nothing here reads media, and no analysis fetches anything: only `emer models pull` does. The weights of a back end NAME
lie in the folder NAME of the setting `weights_dir`.
"""
