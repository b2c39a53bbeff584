from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emer.errors import InputError
from emer.tools.subtitles import PASSAGE_CHARS, Line, read_transcript, read_transcript_file

SRT = """1
00:00:01,000 --> 00:00:02,500
<i>Hello</i> there,
how are you?

2
00:00:03,250 --> 00:00:04,000
ANNA: I'm fine. [laughs]
"""


def texts(source: str) -> list[str]:
    return [line.text for line in read_transcript(source)]


def speakers(source: str) -> list[str | None]:
    return [line.speaker for line in read_transcript(source)]


def test_srt_gives_words_times_and_speakers() -> None:
    assert read_transcript(SRT) == [
        Line(None, "Hello there, how are you?", 1.0, 2.5),
        Line("ANNA", "I'm fine. [laughs]", 3.25, 4.0),
    ]


def test_line_endings_and_byte_order_marks_change_nothing() -> None:
    assert read_transcript("\ufeff" + SRT.replace("\n", "\r\n")) == read_transcript(SRT)
    assert read_transcript(SRT.replace("\n", "\r")) == read_transcript(SRT)


def test_vtt_voices_settings_notes_and_styles() -> None:
    source = (
        "WEBVTT - title\n\nSTYLE\n::cue { color: red }\n\nNOTE not\nsaid\n\n"
        "intro\n00:01.000 --> 00:02.000 align:start\n"
        "<v Anna>Hello <b>you</b></v>\n\n01:00:00.500 --> 01:00:01.000\n<v.loud Bob Lee>Stop!\n"
    )
    assert read_transcript(source) == [
        Line("Anna", "Hello you", 1.0, 2.0),
        Line("Bob Lee", "Stop!", 3600.5, 3601.0),
    ]


def test_two_turns_in_one_subtitle() -> None:
    source = "1\n00:00:01,000 --> 00:00:02,000\n- Where were you?\n- TOM: At home.\n"
    assert read_transcript(source) == [Line(None, "Where were you?", 1.0, 2.0), Line("TOM", "At home.", 1.0, 2.0)]


def test_entities_are_decoded_after_tags_are_gone() -> None:
    assert texts("1\n00:00:01,000 --> 00:00:02,000\n{\\an8}I &lt;3 you &amp; <font color='red'>me</font>\n") == [
        "I <3 you & me"
    ]


def test_a_subtitle_that_ends_before_it_starts_keeps_its_start() -> None:
    assert read_transcript("1\n00:00:05,000 --> 00:00:02,000\nOh.\n") == [Line(None, "Oh.", 5.0, None)]


def test_subtitles_come_in_order_of_time_and_overlaps_stay() -> None:
    source = "1\n00:00:05,000 --> 00:00:07,000\nlater\n\n2\n00:00:01,000 --> 00:00:06,000\nearlier\n"
    assert read_transcript(source) == [Line(None, "earlier", 1.0, 6.0), Line(None, "later", 5.0, 7.0)]


def test_missing_blank_lines_and_broken_times_lose_only_what_is_broken() -> None:
    source = (
        "1\n00:00:01,000 --> 00:00:02,000\none\n2\n00:00:03,000 --> 00:00:04,000\ntwo\n\n"
        "3\n00:00:05.5 --> 00:00:06.5\nthree\n"
    )
    assert [(line.text, line.start_s) for line in read_transcript(source)] == [
        ("one", 1.0),
        ("two", 3.0),
        ("three", 5.5),
    ]


@pytest.mark.parametrize(
    "prose",
    [
        "One thing: I hate it.",
        "Note: nobody came.",
        "See https://example.org for more.",
        "We met at 10:30 sharp.",
        "I said it before: never again.",
        "PS: call me.",
        "Question: why me?",
        "He was gone; the fact is: I cried.",
    ],
)
def test_prose_with_a_colon_has_no_speaker(prose: str) -> None:
    assert read_transcript(prose) == [Line(None, prose, None, None)]


def test_labels_are_told_consistently_over_a_dialogue() -> None:
    assert speakers("Anna: I lost it.\nBob: Oh no.\nAnna: Yes.\nDr. Smith: Sit down.") == [
        "Anna",
        "Bob",
        "Anna",
        "Dr. Smith",
    ]
    assert speakers("SPEAKER 1: Hi.\nSPEAKER 2: Hi.") == ["SPEAKER 1", "SPEAKER 2"]
    assert speakers("小明：你好\n小红：再见") == ["小明", "小红"]
    assert speakers("ANNA: Hi.\nAnna: Again.") == ["ANNA", "ANNA"]


def test_a_capitalised_word_before_a_colon_in_the_midst_of_prose_is_nobody() -> None:
    assert set(speakers("I came home.\nNobody was there.\nEverybody: gone.\nSo I left.")) == {None}


def test_directions_in_a_label_stay_with_the_words() -> None:
    assert read_transcript("ANNA (angrily): Go!\nBOB (V.O.): No.") == [
        Line("ANNA", "(angrily) Go!", None, None),
        Line("BOB", "No.", None, None),
    ]


def test_dashes_are_turns_but_a_hyphen_is_none() -> None:
    assert texts("- Well-known?\n- Yes - of course.") == ["Well-known?", "Yes - of course."]


def test_hard_wrapped_paragraphs_are_joined_and_lines_of_a_chat_are_not() -> None:
    wrapped = (
        "When I came home last night the whole house was dark and\n"
        "nobody answered when I called out for them, which had\nnever happened before."
    )
    assert len(texts(wrapped)) == 1
    assert texts("hi\nare you there\nok") == ["hi", "are you there", "ok"]


def test_a_long_paragraph_is_cut_at_sentence_ends_and_loses_no_word() -> None:
    source = " ".join(f"This is sentence number {n}." for n in range(60))
    parts = texts(source)
    assert " ".join(parts) == source
    assert all(len(part) <= PASSAGE_CHARS and part.endswith(".") for part in parts)


def test_an_endless_word_does_not_stop_it() -> None:
    parts = texts("a" * 5000)
    assert "".join(parts) == "a" * 5000
    assert max(map(len, parts)) <= 1000


def test_sound_tags_and_music_stay() -> None:
    assert texts("[laughs]\n♪ la la ♪\n(sighs) Fine.") == ["[laughs]", "♪ la la ♪", "(sighs) Fine."]


def test_nothing_said_gives_nothing() -> None:
    assert read_transcript("") == []
    assert read_transcript(" \n\t\n") == []
    assert read_transcript("1\n00:00:01,000 --> 00:00:02,000\n\n") == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_any_usual_encoding_gives_the_same_words(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "clip.SRT"
    path.write_bytes(SRT.replace("fine", "très bien, déjà").encode(encoding))
    assert read_transcript_file(path)[1] == Line("ANNA", "I'm très bien, déjà. [laughs]", 3.25, 4.0)


def test_a_broken_subtitle_file_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "broken.srt"
    path.write_text("1\n00:00:0x,000 --> 00:00:02,000\nHello\n")
    with pytest.raises(InputError, match=r"broken\.srt: line 2: '00:00:0x,000"):
        read_transcript_file(path)


def test_a_subtitle_name_without_any_time_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "words.vtt"
    path.write_text("WEBVTT\n\nHello\n")
    with pytest.raises(InputError, match="line 3: 'Hello' is no subtitle time"):
        read_transcript_file(path)


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "photo.txt"
    path.write_bytes(bytes(range(256)) * 40)
    with pytest.raises(InputError, match="line 1: not a text"):
        read_transcript_file(path)


def test_a_file_that_cannot_be_opened_is_an_input_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_transcript_file(tmp_path / "none.srt")


def test_a_huge_transcript_is_refused_with_the_limit() -> None:
    with pytest.raises(InputError, match="at most 50,000"):
        read_transcript("ha\n" * 50_001)


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=st.characters(), max_size=300))
def test_any_text_gives_turns_that_can_be_stored_or_an_input_error(source: str) -> None:
    try:
        lines = read_transcript(source)
    except InputError:
        return
    for line in lines:
        assert line.text.strip() == line.text != ""
        line.text.encode("utf-8")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3599), st.integers(0, 60)), min_size=1, max_size=8))
def test_what_is_written_as_srt_comes_back(spans: list[tuple[int, int]]) -> None:
    def clock(at: int) -> str:
        return f"{at // 3600:02}:{at // 60 % 60:02}:{at % 60:02},000"

    source = "\n".join(f"{n}\n{clock(a)} --> {clock(a + d)}\nword {n}\n" for n, (a, d) in enumerate(spans))
    expected = sorted(((a, a + d, f"word {n}") for n, (a, d) in enumerate(spans)), key=lambda one: one[0])
    assert [(line.start_s, line.end_s, line.text) for line in read_transcript(source)] == expected
