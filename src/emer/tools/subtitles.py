"""Turns of speech from SRT, WebVTT, `SPEAKER: text` dialogue or plain text, salvaged as far as they can be read.

Sound tags ("[laughs]", "(sighs)", "♪") stay in the text: they are evidence.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from emer.errors import InputError
from emer.tools.content import check_file
from emer.tools.speakers import LABEL, known_speakers, split_label

MAX_BYTES = 16 * 1024 * 1024
MAX_LINES = 50_000
"""More turns than that is no clip: three days of talk without a pause."""
PASSAGE_CHARS = 280
"""A longer paragraph of plain text is cut at sentence ends, so that each utterance has one point."""
_LONGEST_SENTENCE = 1000

_CLOCK = r"(?:(\d{1,3})\s*:\s*)?(\d{1,3})\s*:\s*(\d{1,2})(?:\s*[.,:;]\s*(\d{1,6}))?"
_TIMING = re.compile(rf"^\s*{_CLOCK}\s*-{{1,2}}\s*>\s*{_CLOCK}(?=\s|$)")
_TAG = re.compile(
    r"</?(?:i|b|u|s|c|v|em|strong|font|ruby|rt|lang|span|p|div|br|a|q|small|big|sub|sup)(?:[.\s][^<>\n]*)?/?>|<\d[\d:.]*>",
    re.IGNORECASE,
)
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?\s+([^<>\n]+)>", re.IGNORECASE)
_OVERRIDE = re.compile(r"\{\\[^{}\n]*\}")  # SubStation styles that converters leave in SRT: {\an8}
_TURN = re.compile(r"^\s*(?:[-–—‐]\s+|[-–—‐](?=[^\W\d_][^\s]*[\s,.!?])|>>+\s*)")
_NOISE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"”’')\]]*\s+|(?<=[。！？।])")


class Line(NamedTuple):
    """One turn: who speaks (as the transcript writes it), what, and when; None where the transcript does not say."""

    speaker: str | None
    text: str
    start_s: float | None
    end_s: float | None


class _Block(NamedTuple):
    """The raw lines of one subtitle, their first line number (from 1) and its times."""

    lines: list[str]
    start_s: float | None
    end_s: float | None


def read_transcript_file(path: Path) -> list[Line]:
    """The turns in a transcript file, whatever its encoding: UTF-8, UTF-16 or Windows-1252.

    Raises:
        InputError: the file cannot be read, is larger than 16 MiB, is no text, or is a subtitle file without one
            usable subtitle (with the line at fault).
    """
    check_file(path)  # a pipe or a device would be waited for
    try:
        if path.stat().st_size > MAX_BYTES:
            raise InputError(f"{path} is larger than {MAX_BYTES // 2**20} MiB; a transcript of that size must be split")
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}") from error
    text = _decoded(raw)
    _refuse_binary(text, path)
    if path.suffix.lower() in (".srt", ".vtt") and text.strip() and not _is_timed(text):
        raise InputError(f"{path}: {_why_untimed(text)}")
    try:
        return read_transcript(text)
    except InputError as error:
        raise InputError(f"{path}: {error}") from error


def read_transcript(text: str) -> list[Line]:
    """The turns in a transcript text, in order of time; no words give no turns.

    Subtitles that cannot be read are left out. One that ends before it starts keeps its start only.

    Raises:
        InputError: it is a subtitle text without one usable time (with the line at fault), or has over 50,000 turns.
    """
    clean = _SURROGATE.sub("\ufffd", text.lstrip("\ufeff"))
    rows = re.split(r"\r\n|[\r\n\x85\u2028\u2029]", clean)
    if _is_timed(clean):
        blocks = list(_vtt_blocks(rows) if clean.lstrip().startswith("WEBVTT") else _srt_blocks(rows))
        blocks.sort(key=lambda block: block.start_s or 0.0)  # stable: equal starts keep their order
    elif clean.lstrip().startswith("WEBVTT") or any("-->" in row for row in rows):
        raise InputError(_why_untimed(clean))
    else:
        blocks = list(_plain_blocks(rows))
    lines = _turns(blocks)
    if len(lines) > MAX_LINES:
        raise InputError(f"the transcript has {len(lines):,} turns; at most {MAX_LINES:,} are read, so split it")
    return lines


def _decoded(raw: bytes) -> str:
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", "replace")
    sample = raw[:4096]
    if sample.count(0) > len(sample) * 0.3:  # UTF-16 without a mark: every other byte of Latin text is 0
        big = sample[0::2].count(0) > sample[1::2].count(0)
        return raw.decode("utf-16-be" if big else "utf-16-le", "replace")
    text = raw.decode("utf-8-sig", "replace")
    wide = sum(char > "\x7f" and char != "\ufffd" for char in text)
    if text.count("\ufffd") <= wide * 0.1:  # a few broken characters in what is UTF-8 otherwise
        return text
    try:
        return raw.decode("cp1252")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _refuse_binary(text: str, path: Path) -> None:
    odd = [i for i, char in enumerate(text) if char == "\ufffd" or (char < " " and char not in "\t\n\r\f\v\x1b")]
    if len(odd) > 0.05 * len(text):
        line = text.count("\n", 0, odd[0]) + 1
        raise InputError(f"{path}, line {line}: not a text ({len(odd):,} of {len(text):,} characters are unreadable); "
                         "expected UTF-8, UTF-16 or Windows-1252")  # fmt: skip


def _is_timed(text: str) -> bool:
    return any(_TIMING.match(row) for row in text.splitlines() if ">" in row)


def _why_untimed(text: str) -> str:
    rows = text.splitlines()
    at, row = next(
        ((n, row) for n, row in enumerate(rows, start=1) if "-->" in row),
        next(((n, row) for n, row in enumerate(rows, start=1) if row.strip() and row.strip() != "WEBVTT"), (1, "")),
    )
    return f"line {at}: {row[:60]!r} is no subtitle time; expected one like 00:00:01,000 --> 00:00:02,500"


def _srt_blocks(rows: Sequence[str]) -> Iterator[_Block]:
    """Subtitles between timing lines; tolerates missing blank lines, missing numbers and blank lines in the text."""
    current: _Block | None = None
    for row in rows:
        if (timing := _TIMING.match(row)) is not None:
            if current is not None:
                yield _without_number(current)
            current = _Block([], *_times(timing))
        elif current is not None:
            current.lines.append(row)
    if current is not None:
        yield current


def _without_number(block: _Block) -> _Block:
    """The block without the number that belongs to the next one."""
    lines = list(block.lines)
    while lines and not lines[-1].strip():
        lines.pop()
    if lines and re.fullmatch(r"\s*\d+\s*", lines[-1]):
        lines.pop()
    return block._replace(lines=lines)


def _vtt_blocks(rows: Sequence[str]) -> Iterator[_Block]:
    """WebVTT cues: what stands above a timing line is a name, a block without one is a note or a style."""
    current: _Block | None = None
    for row in [*rows, ""]:
        if (timing := _TIMING.match(row)) is not None:
            if current is not None:
                yield current
            current = _Block([], *_times(timing))
        elif not row.strip():
            if current is not None:
                yield current
            current = None
        elif current is not None:
            current.lines.append(row)


def _times(timing: re.Match[str]) -> tuple[float, float | None]:
    start_s, end_s = _seconds(timing.groups()[:4]), _seconds(timing.groups()[4:])
    return start_s, end_s if end_s >= start_s else None


def _seconds(parts: Sequence[str | None]) -> float:
    hours, minutes, seconds, fraction = parts
    return round(int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds or 0) + float(f"0.{fraction or 0}"), 6)


def _plain_blocks(rows: Sequence[str]) -> Iterator[_Block]:
    """Paragraphs where the text is hard-wrapped, else single lines."""
    is_wrapped = _is_wrapped(rows)
    block: list[str] = []
    for row in rows:
        if block and (not row.strip() or not is_wrapped or LABEL.match(row) or _TURN.match(row)):
            yield _Block(block, None, None)
            block = []
        if row.strip():
            block.append(row)
    if block:
        yield _Block(block, None, None)


def _is_wrapped(rows: Sequence[str]) -> bool:
    """Whether lines were broken to fit a page: most lines within a paragraph are long and stop in mid sentence."""
    inner = [row.rstrip() for row, after in pairwise(rows) if row.strip() and after.strip()]
    cut = [row for row in inner if 45 <= len(row) <= 100 and not row.endswith((".", "!", "?", "…", "”", '"', ":"))]
    return len(inner) >= 2 and len(cut) > 0.5 * len(inner)


def _turns(blocks: Sequence[_Block]) -> list[Line]:
    """Every block's turns, told apart by voice tags, dashes and speaker labels."""
    rough = [turn for block in blocks for turn in _split_block(block)]
    known = known_speakers(
        [turn.text for turn in rough if turn.speaker is None], is_timed=bool(blocks) and blocks[0].start_s is not None
    )
    return [passage for turn in rough for passage in _passages(_labelled(turn, known))]


def _split_block(block: _Block) -> Iterator[Line]:
    """Turns of one block: a line that begins with a dash, a label or a voice tag begins one, others go on."""
    speaker: str | None = None
    held: list[str] = []
    for row in block.lines:
        voice = _VOICE.search(row)
        if held and (voice or _TURN.match(_cleaned(row)) or LABEL.match(_TURN.sub("", _cleaned(row)))):
            yield Line(speaker, " ".join(held), block.start_s, block.end_s)
            held, speaker = [], None
        if voice:
            speaker = _cleaned(voice.group(1)) or None
        if text := _TURN.sub("", _cleaned(row)):
            held.append(text)
    if held:
        yield Line(speaker, " ".join(held), block.start_s, block.end_s)


def _cleaned(row: str) -> str:
    """The row without tags, styles and unprintable characters; entities are decoded last, so that `&lt;3` stays."""
    bare = html.unescape(_TAG.sub("", _OVERRIDE.sub("", row)))
    return unicodedata.normalize("NFC", " ".join(_NOISE.sub("", bare).split()))


def _labelled(turn: Line, known: dict[str, str]) -> Line:
    if turn.speaker is not None:
        return turn
    label = split_label(turn.text)
    if label is None or label.key not in known:
        return turn
    return turn._replace(speaker=known[label.key], text=label.rest)


def _passages(turn: Line) -> Iterator[Line]:
    """The turn, cut at sentence ends where it is plain text and long; a turn without a word is left out."""
    if turn.start_s is not None or len(turn.text) <= PASSAGE_CHARS:
        if any(char.isalnum() or unicodedata.category(char) in ("So", "Po") for char in turn.text):
            yield turn
        return
    held = ""
    for sentence in (piece for whole in _sentences(turn.text) for piece in _pieces(whole)):
        if held and len(held) + 1 + len(sentence) > PASSAGE_CHARS:
            yield turn._replace(text=held)
            held = ""
        held = f"{held} {sentence}" if held else sentence
    if held:
        yield turn._replace(text=held)


def _sentences(text: str) -> Iterator[str]:
    start = 0
    for end in _SENTENCE_END.finditer(text):
        if sentence := text[start : end.end()].strip():
            yield sentence
        start = end.end()
    if sentence := text[start:].strip():
        yield sentence


def _pieces(sentence: str) -> Iterator[str]:
    """The sentence, cut between words where it runs on for long (a text without a full stop)."""
    start = 0
    while len(sentence) - start > _LONGEST_SENTENCE:
        cut = sentence.rfind(" ", start, start + _LONGEST_SENTENCE)
        end = cut if cut > start else start + _LONGEST_SENTENCE
        yield sentence[start:end].strip()
        start = end
    yield sentence[start:].strip()
