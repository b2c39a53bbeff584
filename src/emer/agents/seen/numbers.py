"""Numbers as cues quote them."""

from __future__ import annotations


def short(share: float) -> str:
    """A share with two places and without its zero.

    >>> short(0.714)
    '.71'
    """
    return f"{share:.2f}".removeprefix("0")
