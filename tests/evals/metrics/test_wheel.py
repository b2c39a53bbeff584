"""Wheel metrics against an independent slow implementation of the formulas, on random tables."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emer.errors import InputError
from emer.evals.metrics.wheel import f_s, f_s_interval, hit, mer2025_fg, mer2026_fg, official_wheels, overlap, set_level
from emer.evals.metrics.wheel_files import WheelTables, read_tables

LETTERS = [f"w{n}" for n in range(9)]
word = st.sampled_from(LETTERS)
words = st.lists(word, max_size=3, unique=True)
mapping = st.dictionaries(word, st.lists(word, min_size=1, max_size=3, unique=True))
rings = st.dictionaries(word, st.sampled_from(["A", "B", "C"]))
RINGS = [(wheel, level) for wheel in range(1, 6) for level in (1, 2)]


def _slow(label: str, tables: WheelTables, ring: tuple[int, int]) -> str:
    """M3 written down from its sentence: of the union of G(b) for b in F(y), alphabetically, the first on the wheel."""
    reached: list[str] = []
    for base in tables.bases.get(label, []):
        reached += tables.words.get(base, [base])
    for one in sorted(reached):
        if one in tables.classes[ring]:
            return tables.classes[ring][one]
    return ""


def _slow_f_s(
    gold: list[list[str]], said: list[list[str]], tables: WheelTables, level: int
) -> tuple[float, ...] | None:
    each = []
    for wheel in range(1, 6):
        ps, rs = [], []
        for g_labels, p_labels in zip(gold, said, strict=True):
            g = {c for c in (_slow(y, tables, (wheel, level)) for y in g_labels) if c}
            p = {c for c in (_slow(y, tables, (wheel, level)) for y in p_labels) if c}
            if g:
                ps.append(len(g & p) / len(p) if p else 0)
                rs.append(len(g & p) / len(g))
        if not ps:
            return None
        p, r = sum(ps) / len(ps), sum(rs) / len(rs)
        each.append((p, r, 2 * p * r / (p + r) if p + r else 0.0))
    return tuple(sum(column) / 5 for column in zip(*each, strict=True))


@settings(max_examples=150, deadline=None)
@given(mapping, mapping, st.lists(rings, min_size=10, max_size=10), st.lists(st.tuples(words, words), min_size=1))
def test_f_s_equals_the_slow_one(
    bases: dict[str, list[str]], synonyms: dict[str, list[str]], classes: list[dict[str, str]],
    samples: list[tuple[list[str], list[str]]],
) -> None:  # fmt: skip
    tables = WheelTables(bases, synonyms, dict(zip(RINGS, classes, strict=True)))
    gold, said = [g for g, _ in samples], [p for _, p in samples]
    for level in (1, 2):
        slow = _slow_f_s(gold, said, tables, level)
        if slow is None:
            with pytest.raises(InputError, match="empty set"):
                f_s(gold, said, official_wheels(tables), level=level)
        else:
            assert tuple(f_s(gold, said, official_wheels(tables), level=level))[:3] == pytest.approx(slow)


def _tables() -> WheelTables:
    """Two classes on every wheel: glad and joyful are happy, sad is sad; joyfully is an inflection."""
    bases = {"glad": ["glad"], "joyfully": ["joyful"], "joyful": ["joyful"], "sad": ["sad"], "odd": ["odd"]}
    ring = {"glad": "happy", "joyful": "happy", "sad": "sad"}
    return WheelTables(bases, {}, dict.fromkeys(RINGS, ring))


def test_by_hand() -> None:
    wheels = official_wheels(_tables())
    gold, said = [["Glad "], ["sad"], ["odd"], ["joyful", "sad"]], [["joyfully"], ["glad", "sad"], ["sad"], []]
    # Sample 3 has no class and is left out. Precision 1, 1/2, 0; recall 1, 1, 0.
    found = overlap(gold, said, wheels.m3[1, 1])
    assert tuple(found) == pytest.approx((0.5, 2 / 3, 2 * 0.5 * (2 / 3) / (0.5 + 2 / 3), 3))
    assert hit(gold, said, wheels) == pytest.approx(2 / 3)
    assert mer2025_fg(gold, said, wheels) == mer2026_fg(gold, said, wheels) == pytest.approx(found.f)
    assert set_level(gold, said, wheels.m3[1, 1]) == pytest.approx((0.5, 2 / 3, (0.5 + 2 / 3) / 2))
    interval = f_s_interval(gold, said, wheels, n_draws=200)
    assert interval.estimate == pytest.approx(found.f)
    assert interval.low <= interval.estimate <= interval.high
    assert wheels.m1("joyfully") == "joyful"
    assert wheels.m2("unheard of") == ""


def test_a_folder_without_tables_is_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"wheel_mapping\.npz"):
        read_tables(tmp_path)


class _Harmful:
    def __reduce__(self) -> tuple[object, tuple[str]]:
        return (print, ("run",))


def test_a_pickle_that_would_run_code_is_refused(tmp_path: Path) -> None:
    holder = np.empty((), dtype=object)
    holder[()] = _Harmful()
    raw = BytesIO()
    np.lib.format.write_array(raw, holder, allow_pickle=True)
    with zipfile.ZipFile(tmp_path / "wheel_mapping.npz", "w") as archive:
        for name in ("format_mapping", "raw_mapping", "wheel_map_whole"):
            archive.writestr(f"{name}.npy", raw.getvalue())
    with pytest.raises(InputError, match="plain tables"):
        read_tables(tmp_path)
