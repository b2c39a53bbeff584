"""Where things are on the timeline, by hand."""

from __future__ import annotations

from tests.report.made_reports import cue, report

from emer.report.agreement import agreement
from emer.report.claims import sentences
from emer.report.timeline import lay_out, short, ticks


def test_lanes_hold_what_the_report_says_with_its_times() -> None:
    timeline = lay_out(report())
    assert timeline is not None
    (strip,) = timeline.strips
    lanes = {lane.title: lane for lane in strip.lanes}
    assert list(lanes) == ["emotions", "valence", "face", "words", "causes"]
    assert [(bar.label, bar.start_s, bar.end_s) for bar in lanes["face"].bars] == [("smiles", 2.0, 4.0)]
    assert [(bar.label, bar.cues) for bar in lanes["emotions"].bars] == [("sad", ("transcript-1",))]
    assert [(bar.start_s, bar.end_s) for bar in lanes["causes"].bars] == [(1.0, 2.0)]


def test_a_series_breaks_where_nothing_was_measured_and_words_are_drawn_from_their_cues() -> None:
    timeline = lay_out(report())
    assert timeline is not None
    (valence,) = [lane for lane in timeline.strips[0].lanes if lane.kind == "chart"]
    face, words = valence.lines
    assert face.runs == (((0.0, 0.0),), ((2.0, 0.5), (3.0, 1.0)))
    assert (words.modality, words.runs) == ("transcript", (((3.0, -0.5), (6.0, -0.5)),))


def test_bars_that_overlap_get_rows_of_their_own_and_those_that_touch_do_not() -> None:
    spans = [(0.0, 4.0), (2.0, 3.0), (4.0, 6.0), (5.0, 5.0)]
    cues = [cue(number, "face", "x", span) for number, span in enumerate(spans, start=1)]
    timeline = lay_out(report(cues=cues, emotions=[], causes=[], reasoning=[], summary="", series=[]))
    assert timeline is not None
    (lane,) = timeline.strips[0].lanes
    assert [(bar.start_s, bar.row) for bar in lane.bars] == [(0.0, 0), (2.0, 1), (4.0, 0), (5.0, 1)]
    assert lane.n_rows == 2


def test_a_report_without_times_has_no_timeline() -> None:
    clip = report().clip.model_dump() | {"kind": "text", "duration_s": None}
    bare = [cue(1, "transcript", "says so", None)]
    assert lay_out(report(clip=clip, cues=bare, emotions=[], causes=[], reasoning=[], summary="", series=[])) is None


def test_an_axis_has_at_most_nine_round_marks() -> None:
    assert ticks(8.5) == (0.0, 2.0, 4.0, 6.0, 8.0)
    assert ticks(0.4) == (0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4)
    assert ticks(3600.0)[:3] == (0.0, 600.0, 1200.0)
    assert all(len(ticks(seconds)) <= 9 for seconds in (0.01, 1.0, 9.9, 61.0, 599.0, 86_400.0))


def test_a_bar_leaves_out_what_the_axis_shows() -> None:
    assert short("raters would call this face happy (.91, FER2013), 0.0–2.5 s") == "happy (.91, FER2013)"
    assert short("says “no”") == "“no”"


def test_sentences_end_outside_quotations_and_know_their_cues() -> None:
    text = "p1 says “No! Never. I mean it.” [face-1], at .5 s. Then she smiles [voice-2] [face-1]. Odd [x-9] stays"
    first, second, third = sentences(text, {"face-1", "voice-2"})
    assert first.cues == ("face-1",)
    assert second.cues == ("voice-2", "face-1")
    assert "".join(piece.text for piece in second.pieces if not piece.cue) == "Then she smiles."
    assert third.pieces == (("Odd [x-9] stays", None),)


def test_the_matrix_counts_cues_for_and_against_by_modality() -> None:
    (row,) = agreement(report())
    assert [(cell.modality, cell.stand, cell.evidence, cell.counter) for cell in row.cells] == [
        ("face", "against", (), ("face-1",)),
        ("transcript", "for", ("transcript-1",), ()),
    ]
