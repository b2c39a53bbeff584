"""Word lists that keep the reading of emotion words honest; each list stands in `data/word_lists.tsv`.

"Content" of a file, a "blue" shirt, a "cold" wind: such a form counts after "be", "feel", "seem" … when no noun
follows. "Like", "well", "interest" are too often something else to count in running text at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from emer.memory.words import read_table


def word_list(name: str) -> frozenset[str]:
    """Return one of the lists.

    `not_in_text`: forms that resolve as labels and do not count in running text. `in_state_only`: forms that count
    only in a frame of state, which opens with one of `state_verbs` and ends before one of `after_state`. `negators`,
    `clause_ends`, `possessives`: what their names say. `label_filler`: words of a label that carry no meaning of it.
    `recall_common`: words that two cases share without being alike.

    Raises:
        KeyError: there is no such list.
    """
    return _lists()[name]


@cache
def _lists() -> Mapping[str, frozenset[str]]:
    return {row["list"]: frozenset(row["words"].split()) for row in read_table("word_lists.tsv")}
