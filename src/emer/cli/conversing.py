"""`emer chat`: questions about one clip, answered from its cues."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from emer.cli.options import Context, Settings, TranscriptFile, takes_settings
from emer.cli.results import read_stdin, read_text_file
from emer.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from emer.chat import ChatSession
    from emer.schemas import Report

PROMPT = "you> "


def register(app: typer.Typer) -> None:
    """Adds the commands of this module to the program."""
    app.command()(chat)


@takes_settings
def chat(
    source: Annotated[str | None, typer.Argument(help="A clip, a text, or a Report as JSON (emer analyze -o).")] = None,
    transcript: TranscriptFile = None,
    context: Context = None,
    resume: Annotated[str | None, typer.Option("--resume", metavar="ID", help="Go on with a conversation.")] = None,
    listing: Annotated[bool, typer.Option("--list", help="List the conversations that are kept.")] = False,
    forget: Annotated[str | None, typer.Option("--forget", metavar="ID", help="Delete a conversation.")] = None,
    *,
    settings: Settings,
) -> None:
    """Talk about one clip: why, why not, when, what if, look again, correct (type help)."""
    if sum((source is not None, resume is not None, listing, forget is not None)) != 1:
        raise InputError("give one of: a clip or a Report, --resume ID, --list, --forget ID")
    if listing or forget is not None:
        _keep_house(forget)
        return
    with _opened(source, resume, transcript=transcript, context=context, settings=settings) as session:
        typer.echo(f"Conversation {session.id}; type help to see what can be asked, Ctrl-D to end.", err=True)
        _talk(session)
        typer.echo(f"To go on: {_command()} chat --resume {session.id}", err=True)


def _keep_house(forget: str | None) -> None:
    from emer.chat import forget_session, list_sessions
    from emer.config import load_settings
    from emer.report.wording import printable

    folder = load_settings().chats_dir
    if forget is not None:
        gone = forget_session(folder, forget)
        typer.echo(f"Deleted conversation {gone.id} about {printable(gone.source)}", err=True)
        return
    for one in list_sessions(folder):
        turns = f"{one.n_turns} turn{'s' * (one.n_turns != 1)}"
        typer.echo(f"{one.id}  {one.touched[:16].replace('T', ' ')}  {turns:<9}  {printable(one.source)}")


def _opened(
    source: str | None, resume: str | None, *, transcript: Path | None, context: str | None, settings: Settings
) -> ChatSession:
    from emer.chat import ChatSession

    if resume is not None:
        return ChatSession.resume(resume, folder=Path.cwd(), **settings)
    report, media = _reported(str(source), transcript=transcript, context=context, settings=settings)
    return ChatSession.begin(report, media=media, folder=Path.cwd(), **settings)


def _reported(
    source: str, *, transcript: Path | None, context: str | None, settings: Settings
) -> tuple[Report, Path | None]:
    """The Report that is spoken of, and the clip where it may be opened again."""
    from emer.schemas import Report
    from emer.tools.content import sniff

    if source != "-" and sniff(Path(source)) == "json":
        if transcript is not None or context is not None:
            raise InputError("--transcript and --context go with a clip; this is a Report already")
        try:
            report = Report.model_validate_json(read_text_file(Path(source)))
        except ValueError as error:
            raise InputError(f"{source!r} is JSON, but no Report; make one with: {_command()} analyze -o") from error
        return report, _clip_of(report)
    report = _analyzed(source, transcript=transcript, context=context, settings=settings)
    return report, _clip_of(report)


def _clip_of(report: Report) -> Path | None:
    path = Path(report.clip.source)
    return path.resolve() if report.clip.kind in ("video", "audio", "image") and path.is_file() else None


def _analyzed(source: str, *, transcript: Path | None, context: str | None, settings: Settings) -> Report:
    """The Report of a clip; each cue is told on stderr as it arrives."""
    import asyncio
    from contextlib import aclosing

    from emer.api import stream
    from emer.report.wording import printable

    given = {"text": read_stdin()} if source == "-" else {"source": source}

    async def run() -> Report | None:
        report = None
        events = stream(transcript=transcript, context=context, **given, **settings)
        async with aclosing(events):
            async for event in events:
                if event.cue is not None:
                    typer.echo(printable(f"  {event.cue.text} [{event.agent}]"), err=True)
                report = event.report or report
        return report

    report = asyncio.run(run())
    if report is None:
        raise InputError(f"{source!r} gave no Report")
    return report


def _talk(session: ChatSession) -> None:
    """Turn by turn until the input ends; Ctrl-C breaks off the turn, at an empty prompt the conversation."""
    from emer.chat.session import BrokenOffError

    for question in _questions():
        if question.lower() in ("quit", "exit", "bye", "q"):
            return
        try:
            _answer(session, question)
        except (KeyboardInterrupt, BrokenOffError):
            typer.echo("\n(broken off; nothing of it is kept)", err=True)


def _answer(session: ChatSession, question: str) -> None:
    from contextlib import closing

    from emer.report.wording import printable

    with closing(session.stream(question)) as events:
        for event in events:
            if event.kind == "progress":
                typer.echo(printable(f"  … {event.text}"), err=True)
            elif event.kind == "text":
                typer.echo(printable(event.text))
    typer.echo()


def _questions() -> Iterator[str]:
    """What is typed, or each line of a script; empty lines are passed over."""
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    read = _typed if sys.stdin.isatty() else _scripted
    while (line := read()) is not None:
        if line.strip():
            yield line.strip()


def _typed() -> str | None:
    """A line from the terminal, with the keys that one edits with; None at its end or at Ctrl-C."""
    import readline  # noqa: F401  # makes input() editable

    try:
        return input(PROMPT)
    except (EOFError, KeyboardInterrupt):
        typer.echo(err=True)
        return None


def _scripted() -> str | None:
    """The next line of standard input, told as if it had been typed; bytes that are not UTF-8 become U+FFFD."""
    from emer.report.wording import printable

    line = sys.stdin.readline()
    if line.strip():
        typer.echo(f"{PROMPT}{printable(line.strip())}")
    return line or None


def _command() -> str:
    from emer.installation import command

    return command()
