"""What the page does: analyses what is given, shows what is chosen, answers what is asked.

Annotations are not postponed here: gradio looks for its `Request` among them when a handler is handed over.
"""

import re
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from emer.api import stream
from emer.errors import EmerError
from emer.web import results
from emer.web.arriving import Arriving
from emer.web.layout import EMPTY, Parts, lay_out
from emer.web.shelf import Item, Shelf
from emer.web.talk import as_html

if TYPE_CHECKING:
    import gradio

    from emer.web.server import Serving

STOPPED = "<p class='emer-status'>Stopped.</p>"
N_AT_ONCE = 2
"""Analyses that run at the same time, over all sessions; others wait."""


def blocks(shelf: Shelf, serving: "Serving") -> "gradio.Blocks":
    """The page, with its files on `shelf`."""
    import gradio as gr

    with gr.Blocks(analytics_enabled=False, title="emer", delete_cache=(600, 6 * 3600), fill_width=True) as page:
        parts = lay_out(serving)
        _wire(parts, shelf, serving)
        page.unload(_leaving(shelf))
    return page


def _wire(parts: Parts, shelf: Shelf, serving: "Serving") -> None:
    """What happens when something is given, chosen or asked."""
    quiet = {"show_progress": "hidden", "api_visibility": "private"}
    running = parts.start.click(
        _analysis(shelf, serving, parts.given), set(parts.given.values()), [parts.arriving, parts.shown, parts.history],
        concurrency_limit=N_AT_ONCE, **quiet,
    )  # fmt: skip
    parts.stop.click(lambda: STOPPED, None, parts.arriving, cancels=[running], **quiet)
    parts.history.input(_chosen(shelf), parts.history, parts.shown, **quiet)
    parts.history.change(_talk_of(shelf, serving), parts.history, [parts.column, parts.talk], **quiet)
    parts.question.submit(
        _answer(shelf, serving), [parts.question, parts.history], [parts.talk, parts.question], **quiet
    )
    if parts.batch is not None and serving.results is not None:
        parts.batch.select(_from_batch(shelf, serving.results), parts.batch, [parts.shown, parts.history], **quiet)


def _analysis(shelf: Shelf, serving: "Serving", given: dict[str, Any]) -> Any:
    import gradio as gr

    async def analyse(values: dict[Any, Any], request: gr.Request) -> AsyncGenerator[tuple[Any, Any, Any], None]:
        """What arrives, then the Report and its place in the history; gradio gives None for an untouched box."""
        told = {name: values[one] or "" for name, one in given.items()}
        arriving, session = Arriving(), str(request.session_hash)
        upload = next((Path(told[one]) for one in ("file", "film", "sound") if told[one]), None)
        if upload is None and not told["words"].strip():
            yield arriving.failed("Give a file, a recording or some words first."), gr.skip(), gr.skip()
            return
        try:
            clip = shelf.take(session, upload) if upload else None
            source = {"source": clip, "transcript": told["transcript"] or None} if clip else {"text": told["words"]}
            options = {**serving.settings, "effort": told["effort"]}
            async with aclosing(stream(**source, context=told["context"] or None, **options)) as events:
                async for event in events:
                    yield arriving.told(event), gr.skip(), gr.skip()
                    if event.report is not None:
                        title = upload.name if told["file"] and upload else "recording" if upload else "words"
                        item = shelf.add(session, title, event.report, clip)
                        yield arriving.done(), _frame(item), _listed(shelf, session)
        except (EmerError, PermissionError) as error:
            why = str(error).replace(str(clip), upload.name) if upload and clip else str(error)
            yield arriving.failed(why), gr.skip(), gr.skip()

    return analyse


def _listed(shelf: Shelf, session: str) -> Any:
    """The history, with the newest Report chosen."""
    import gradio as gr

    items = shelf.items(session)
    choices = [(f"{one.title}: {_labels(one)}", one.name) for one in items]
    return gr.Radio(choices, value=items[0].name, visible=True)


def _labels(item: Item) -> str:
    return ", ".join(one.label for one in item.report.emotions) or "nothing concluded"


def _frame(item: Item) -> str:
    """The Report in a frame of no origin: it cannot reach this page, nor this page's cookies."""
    address = f"report/{item.name}"
    return (
        f'<iframe class="emer-report" title="Report" src="{address}" sandbox="allow-scripts"></iframe>'
        f'<p class="emer-open"><a href="{address}" target="_blank" rel="noopener">Open the report alone</a></p>'
    )


def _own(shelf: Shelf, session: str, name: str | None) -> Item | None:
    """The Report of that name, if it is one of the session's."""
    return next((one for one in shelf.items(session) if one.name == name), None)


def _chosen(shelf: Shelf) -> Any:
    import gradio as gr

    def choose(name: str, request: gr.Request) -> str:
        item = _own(shelf, str(request.session_hash), name)
        return _frame(item) if item else EMPTY

    return choose


def _from_batch(shelf: Shelf, path: Path) -> Any:
    import gradio as gr

    listed = results.rows(path)

    def choose(number: int, request: gr.Request) -> tuple[str, Any]:
        row, session = listed[number], str(request.session_hash)
        title = re.split(r"[/\\]", row.clip)[-1]
        seen = [one for one in shelf.items(session) if one.title == title and one.clip is None]
        item = seen[0] if seen else shelf.add(session, title, results.report_at(path, row))
        return _frame(item), _listed(shelf, session)

    return choose


def _talk_of(shelf: Shelf, serving: "Serving") -> Any:
    import gradio as gr

    def show(name: str | None, request: gr.Request) -> tuple[Any, str]:
        item = _own(shelf, str(request.session_hash), name)
        if item is None:
            return gr.Column(visible=False), ""
        talk = shelf.talk(str(request.session_hash), item, serving.settings)
        return gr.Column(visible=True), as_html(talk.turns, {cue.id for cue in talk.report.cues})

    return show


def _answer(shelf: Shelf, serving: "Serving") -> Any:
    import gradio as gr

    def answer(asked: str, name: str | None, request: gr.Request) -> Iterator[tuple[Any, Any]]:
        """The conversation with the question in it, with what is being done, and with the answer."""
        item = _own(shelf, str(request.session_hash), name)
        if item is None or not asked.strip():
            yield gr.skip(), gr.skip()
            return
        talk = shelf.talk(str(request.session_hash), item, serving.settings)
        known = {cue.id for cue in talk.report.cues}
        yield as_html(talk.turns, known, asked), ""
        with closing(talk.stream(asked)) as events:
            for event in events:
                if event.kind == "progress":
                    yield as_html(talk.turns, known, asked, event.text), gr.skip()
        yield as_html(talk.turns, {cue.id for cue in talk.report.cues}), gr.skip()

    return answer


def _leaving(shelf: Shelf) -> Any:
    import gradio as gr

    def leave(request: gr.Request) -> None:
        shelf.forget(str(request.session_hash))

    return leave
