"""What stands where on the page, and how it looks; nothing here does anything."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from emer.config import Effort
from emer.web import results

if TYPE_CHECKING:
    from emer.web.server import Serving

HEAD = "<h1>emer</h1><p>Who appears to feel what, when and why: every sentence cites evidence.</p>"
EMPTY = "<p class='emer-empty'>Nothing yet. Give a clip or some words, and the Report appears here.</p>"
_FONTS = ("system-ui", "-apple-system", "Segoe UI", "Roboto", "Liberation Sans", "Arial", "sans-serif")
_MONO = ("ui-monospace", "Menlo", "Consolas", "Liberation Mono", "monospace")


@dataclass(frozen=True)
class Parts:
    """The components of the page by what they are for; `given` are those that an analysis reads, by name."""

    given: dict[str, Any]
    start: Any
    stop: Any
    history: Any
    batch: Any | None
    arriving: Any
    shown: Any
    column: Any
    talk: Any
    question: Any


def looks() -> dict[str, Any]:
    """Theme and style sheet: the page's own, and no font that would have to be fetched."""
    import gradio as gr

    theme = gr.themes.Base(primary_hue="blue", neutral_hue="stone", font=list(_FONTS), font_mono=list(_MONO))
    # gradio lightens a button under the pointer, below the contrast that WCAG 2.2 asks for (1.4.3)
    theme = theme.set(
        button_primary_background_fill_hover="*primary_700", button_primary_background_fill="*primary_600"
    )
    return {"theme": theme, "css_paths": [Path(__file__).parent / "templates" / "serve.css"]}


def lay_out(serving: Serving) -> Parts:
    """The components, in the page that is being built."""
    import gradio as gr

    gr.HTML(
        "<h1>emer</h1><p>Who appears to feel what, when and why: every sentence cites evidence.</p>",
        elem_id="emer-head",
    )
    with gr.Row(elem_id="emer-body"):
        with gr.Column(scale=2, min_width=300, elem_id="emer-given"):
            given = _given()
            with gr.Row():
                start = gr.Button("Explain", variant="primary", elem_id="emer-start")
                stop = gr.Button("Stop", elem_id="emer-stop")
        with gr.Column(scale=3, min_width=300):
            history = gr.Radio([], label="In this session", visible=False, elem_id="emer-history")
            batch = _batch(serving)
            arriving = gr.HTML("", elem_id="emer-arriving")
    with gr.Row(elem_id="emer-found"):
        with gr.Column(scale=3, min_width=320):
            shown = gr.HTML(EMPTY, elem_id="emer-shown")
        with gr.Column(scale=1, min_width=280, visible=False, elem_id="emer-talk") as column:
            talk = gr.HTML("")
            question = gr.Textbox(
                label="Ask about it", submit_btn="Ask", max_length=2000, lines=1, elem_id="emer-question"
            )
    return Parts(given, start, stop, history, batch, arriving, shown, column, talk, question)


def _given() -> dict[str, Any]:
    """What a person can give: a file, a recording or words, and what she knows about them."""
    import gradio as gr

    with gr.Tab("Upload"):
        file = gr.File(label="Video, sound, picture or text", type="filepath", height=150)
    with gr.Tab("Record"):
        options = gr.WebcamOptions(mirror=False)
        film = gr.Video(label="Camera", sources=["webcam"], include_audio=True, webcam_options=options, height=220)
        sound = gr.Audio(label="Microphone", sources=["microphone"], type="filepath")
    with gr.Tab("Words"):
        words = gr.Textbox(
            label="What is said", lines=4, max_length=100_000, placeholder="ANNA: They gave it to somebody else."
        )
    with gr.Accordion("What you know about it", open=False):
        transcript = gr.Textbox(label="Transcript (SRT, VTT or SPEAKER: words)", lines=4, max_length=200_000)
        context = gr.Textbox(label="Situation", lines=2, max_length=5_000)
        effort = gr.Radio(get_args(Effort), value="standard", label="Effort")
    told = {"words": words, "transcript": transcript, "context": context, "effort": effort}
    return {"file": file, "film": film, "sound": sound, **told}


def _batch(serving: Serving) -> Any:
    import gradio as gr

    if serving.results is None:
        return None
    choices = [(f"{row.clip}: {row.emotions}", number) for number, row in enumerate(results.rows(serving.results))]
    return gr.Dropdown(choices, value=None, label=f"Batch results ({len(choices)})", elem_id="emer-batch")
