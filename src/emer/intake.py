"""Turns what a person gives (a path, a text, a transcript, a context) into a `Clip` that the graph can read.

What a file is, is told by its content, not by its name.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, ValidationError

from emer.agents.described import described_cues
from emer.agents.people import number_speakers
from emer.agents.state import JSON
from emer.config import Settings
from emer.consent import check_roles
from emer.errors import InputError
from emer.installation import command
from emer.schemas import Clip, Cue, Person, Report, Series, Utterance
from emer.tools.content import content_hash, sniff
from emer.tools.media import Media, open_media
from emer.tools.subtitles import Line, read_transcript, read_transcript_file

MAX_TEXT_CHARS = 2_000_000
MAX_CONTEXT_CHARS = 20_000
_HALVES = re.compile("[\ud800-\udfff]")  # lone surrogates: no encoding can write them
_UNREADABLE = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\ufffd]")
Transcript = str | PathLike[str] | None
Observations = Mapping[str, Any] | Iterable[Cue | Mapping[str, Any]] | Report


class Intake(NamedTuple):
    """A clip, ready for the graph; `media` is open and belongs to the caller (None for text and cues)."""

    clip: Clip
    people: list[Person]
    utterances: list[Utterance]
    media: Media | None = None
    given: Sequence[Cue] = ()
    series: Sequence[Series] = ()
    content: str | None = None  # the media file's SHA-256

    def state(self) -> JSON:
        """The graph's input."""
        lists: dict[str, Sequence[BaseModel]] = {
            "people": self.people,
            "utterances": self.utterances,
            "given": self.given,
            "series": self.series,
        }
        dumped: JSON = {name: [one.model_dump(mode="json") for one in items] for name, items in lists.items()}
        return {"clip": self.clip.model_dump(mode="json"), **dumped}


def take_file(path: Path, transcript: Transcript, context: str | None, settings: Settings) -> Intake:
    """The clip in the file at `path`.

    Raises:
        InputError: the file cannot be read as a video, a sound, a picture or a text, or must not be read (roles).
    """
    context = _known(context)
    kind = sniff(path)
    if kind == "json":
        raise InputError(f"{str(path)!r} is JSON: to reason about the cues in it, use `{command()} reason`")
    if kind == "text":
        if transcript is not None:
            raise InputError(f"{str(path)!r} is a text; a transcript goes with a video, a sound or a picture")
        return _from_lines(read_transcript_file(path), str(path), context, settings)
    media = open_media(path, frames_per_s=settings.frames_per_s)
    try:
        check_roles(settings, has_face_or_voice=True)
        lines = _lines(transcript)
        people, utterances = _spoken(lines, settings)
        info, content = media.info, content_hash(path)
        modalities = [m for m, has in (("face", info.has_video), ("voice", info.has_audio)) if has]
        clip = Clip(
            id=_digest(content, lines, context),
            source=_whole(str(path)),
            kind=info.kind,
            duration_s=info.duration_s,
            modalities=modalities,
            context=context,
        )
    except BaseException:
        media.close()
        raise
    return Intake(clip, people, utterances, media, content=content)


def take_text(text: str, context: str | None, settings: Settings, *, source: str = "-") -> Intake:
    """The clip that a plain text (or a subtitle file's text) is.

    Raises:
        InputError: the text is empty, enormous or no text.
    """
    context = _known(context)
    if len(text) > MAX_TEXT_CHARS:
        raise InputError(f"the text has {len(text):,} characters; at most {MAX_TEXT_CHARS:,} are read, so split it")
    if len(_UNREADABLE.findall(text)) > 0.2 * len(text):
        raise InputError(
            "this is no text (over a fifth of it are unreadable characters); give a video or a sound as a file"
        )
    return _from_lines(read_transcript(text), source, context, settings)


def _from_lines(lines: Sequence[Line], source: str, context: str | None, settings: Settings) -> Intake:
    if not lines:
        raise InputError(f"{'standard input' if source == '-' else repr(source)} holds no words")
    people, utterances = _spoken(lines, settings)
    ends = [line.end_s for line in lines if line.end_s is not None]
    clip = Clip(
        id=_digest("", lines, context),
        source=_whole(source),
        kind="text",
        duration_s=max(ends) if ends else None,
        context=context,
    )
    return Intake(clip, people, utterances)


def take_cues(given: Observations, transcript: Transcript, context: str | None, settings: Settings) -> Intake:
    """The clip that observations made elsewhere describe.

    Raises:
        InputError: it is neither a list of cues, an object with `cues`, nor a Report, or a cue in it is broken.
    """
    if isinstance(given, Report) or (isinstance(given, Mapping) and "schema_version" in given):
        return _from_report(given if isinstance(given, Report) else _report(given), settings)
    row: Mapping[str, Any] = _whole(dict(given) if isinstance(given, Mapping) else {"cues": list(given)})
    unknown = sorted(set(row) - {"id", "cues", "transcript", "context", "language", "label"})
    if unknown or not isinstance(row.get("cues"), list):
        raise InputError(f"expected an object with a list 'cues' (and id, transcript, context), got {sorted(row)!r}")
    cues = described_cues(row["cues"])
    lines = _lines(transcript if transcript is not None else row.get("transcript"))
    context = _known(context if context is not None else row.get("context"))
    if not cues and not lines:
        raise InputError("there is no cue and no transcript to reason about")
    people, utterances = _spoken(lines, settings)
    people += [Person(id=id_, description="given") for id_ in _strangers(cues, people)]
    digest = _digest(json.dumps([cue.model_dump(mode="json") for cue in cues], sort_keys=True), lines, context)
    check_roles(settings, has_face_or_voice=any(cue.modality in ("face", "voice") for cue in cues))
    source = str(row.get("id") or "cues")
    clip = Clip(id=digest, source=source, kind="cues", context=context, language=row.get("language"))
    return Intake(clip, people, utterances, given=cues)


def _whole(given: Any) -> Any:
    """What was given, with U+FFFD for every half of a character, so that any Report can be written."""
    if isinstance(given, str):
        return _HALVES.sub("\ufffd", given)
    if isinstance(given, Cue):
        return _whole(given.model_dump())
    if isinstance(given, Mapping):
        return {_whole(key): _whole(value) for key, value in given.items()}
    return [_whole(one) for one in given] if isinstance(given, list | tuple) else given


def _known(context: str | None) -> str | None:
    """What the user knows about the situation, if it is short enough to be read."""
    if isinstance(context, str) and len(context) > MAX_CONTEXT_CHARS:
        raise InputError(
            f"the context has {len(context):,} characters; at most {MAX_CONTEXT_CHARS:,} are read, so sum it up"
        )
    known: str | None = _whole(context)
    return known


def _from_report(report: Report, settings: Settings) -> Intake:
    check_roles(settings, has_face_or_voice=any(cue.modality in ("face", "voice") for cue in report.cues))
    people = [*report.people, *(Person(id=id_, description="given") for id_ in _strangers(report.cues, report.people))]
    return Intake(report.clip, people, list(report.utterances), given=report.cues, series=report.series)


def _report(given: Mapping[str, Any]) -> Report:
    try:
        return Report.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        raise InputError(f"not a Report: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error


def _strangers(cues: Sequence[Cue], people: Sequence[Person]) -> list[str]:
    known = {person.id for person in people}
    return list(dict.fromkeys(cue.person for cue in cues if cue.person and cue.person not in known))


def _lines(transcript: Transcript) -> list[Line]:
    if transcript is None:
        return []
    if isinstance(transcript, str) and not _names_a_file(transcript):
        return read_transcript(transcript)
    return read_transcript_file(Path(transcript))


def _names_a_file(text: str) -> bool:
    is_short = len(text) < 4096 and "\n" not in text
    return is_short and Path(text).suffix.lower() in {".srt", ".vtt", ".txt"}


def _spoken(lines: Sequence[Line], settings: Settings) -> tuple[list[Person], list[Utterance]]:
    """People and utterances; who is left out by id is left out here, before a specialist sees a word."""
    people, ids = number_speakers(line.speaker for line in lines)
    utterances = [
        Utterance(
            id=f"u{number}",
            person=ids[line.speaker] if line.speaker else None,
            text=line.text,
            start_s=line.start_s,
            end_s=line.end_s,
        )
        for number, line in enumerate(lines, start=1)
    ]
    return people, [u for u in utterances if u.person not in settings.exclude_persons]


def _digest(content: str, lines: Sequence[Line], context: str | None) -> str:
    """The clip's id: content, words and context make it, the path does not."""
    digest = hashlib.sha256(content.encode())
    for line in lines:
        digest.update(repr(tuple(line)).encode("utf-8", "surrogatepass"))
    digest.update(repr(context).encode("utf-8", "surrogatepass"))
    return f"sha256:{digest.hexdigest()}"


def read_rows(text: str, *, source: str) -> list[Mapping[str, Any]]:
    """The clips in a JSON or JSONL text of cues: one object or line per clip, or one bare list of cues.

    Raises:
        InputError: it is not JSON, with the line, or it holds no clip.
    """
    try:
        whole = json.loads(text)
    except ValueError:
        rows = [_row(line, source, number) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    else:
        is_clips = isinstance(whole, list) and all(isinstance(one, dict) and "cues" in one for one in whole)
        rows = whole if is_clips else [{"cues": whole} if isinstance(whole, list) else whole]
    if not rows or not all(isinstance(row, dict) for row in rows):
        raise InputError(
            f"{source} holds no clip; expected objects like {{'cues': [{{'modality': 'face', 'text': '…'}}]}}"
        )
    return rows


def _row(line: str, source: str, number: int) -> Mapping[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise InputError(f"{source}, line {number}: not JSON ({error}); expected one object per line") from error
    if not isinstance(row, dict):
        raise InputError(f"{source}, line {number}: expected an object with 'cues', got {type(row).__name__}")
    return row
