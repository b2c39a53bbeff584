"""The picture of the timeline: what stands where, in both formats."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import cv2
import numpy as np
import pytest
from tests.report.made_reports import hostile, report

from emer.errors import InputError
from emer.report.plot import COLOURS, write_plot
from emer.report.shapes import Rect, Words, as_png, as_svg, fitted

SVG = "{http://www.w3.org/2000/svg}"


def test_an_svg_is_xml_whose_bars_stand_at_their_times(tmp_path: Path) -> None:
    write_plot(report(), tmp_path / "plot.svg")
    root = ElementTree.parse(tmp_path / "plot.svg").getroot()
    words = {one.text: float(one.get("x", "0")) for one in root.iter(f"{SVG}text")}
    second = (1000 - 92 - 12) / 10
    assert words["smiles"] == pytest.approx(92 + 2 * second + 7, abs=0.1)
    assert words["sad"] == pytest.approx(92 + 3 * second + 7, abs=0.1)
    assert {"valence", "face", "words", "causes", "the letter"} <= set(words)


def test_what_a_clip_says_never_becomes_markup(tmp_path: Path) -> None:
    write_plot(hostile(), tmp_path / "plot.svg")
    root = ElementTree.parse(tmp_path / "plot.svg").getroot()
    assert {one.tag.removeprefix(SVG) for one in root.iter()} <= {"svg", "title", "rect", "text", "polyline"}
    assert ElementTree.fromstring(as_svg([Words(0, 9, "\x00\ud800 <b>&")], 9, 9, "\x0c")).tag == f"{SVG}svg"


def test_a_png_holds_the_colours_of_the_modalities(tmp_path: Path) -> None:
    write_plot(report(), tmp_path / "plot.PNG")
    picture = cv2.imread(str(tmp_path / "plot.PNG"))
    assert picture is not None
    assert picture.shape[1] == 2000
    for modality in ("face", "transcript"):
        red, green, blue = (int(COLOURS[modality][at : at + 2], 16) for at in (1, 3, 5))
        assert (picture == (blue, green, red)).all(axis=2).sum() > 100


def test_a_rectangle_of_a_png_is_where_it_was_put() -> None:
    data = np.frombuffer(as_png([Rect(2, 3, 4, 5, "#ff0000")], 10, 10), np.uint8)
    rows, columns = np.nonzero((cv2.imdecode(data, cv2.IMREAD_COLOR) == (0, 0, 255)).all(axis=2))
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == pytest.approx((6, 15, 4, 11), abs=1)


def test_words_are_cut_to_their_room() -> None:
    assert fitted("sad", 100, 10) == "sad"
    assert fitted("disappointed", 56.1, 10) == "disappoin…"  # room for 10 letters
    assert fitted("disappointed", 9, 10) == ""


def test_a_report_without_times_is_not_drawn(tmp_path: Path) -> None:
    clip = report().clip.model_dump() | {"duration_s": None}
    bare = report(clip=clip, cues=[], emotions=[], causes=[], reasoning=[], summary="", series=[])
    with pytest.raises(InputError, match="leave out --plot"):
        write_plot(bare, tmp_path / "plot.svg")
