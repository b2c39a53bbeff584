"""What a person sees while a clip is analysed: who is at work, and the cues as they come."""

from __future__ import annotations

from html import escape

from emer.api import Event
from emer.report import wording

N_SHOWN = 200
"""Cues that are listed while they arrive; the Report has them all."""


class Arriving:
    """The events of one analysis so far, as a piece of HTML."""

    def __init__(self) -> None:
        """Nothing has happened yet."""
        self._at_work: dict[str, str] = {}
        self._cues: list[str] = []

    def told(self, event: Event) -> str:
        """The piece of HTML after one more event."""
        if event.agent and event.kind in ("started", "finished", "failed", "missing"):
            self._at_work[event.agent] = event.kind
        if event.cue is not None and len(self._cues) < N_SHOWN:
            cue = event.cue
            when = wording.span(cue.anchor.start_s, cue.anchor.end_s)
            self._cues.append(
                f'<li class="emer-cue"><b class="emer-{escape(cue.modality, quote=True)}">{escape(cue.id)}</b> '
                f"{escape(cue.text)}{f' <small>{when}</small>' if when and when not in cue.text else ''}</li>"
            )
        return self._html(f"{self._counted()} so far")

    def done(self) -> str:
        """The piece of HTML when the Report is there: one line."""
        return f'<p class="emer-status" role="status">Done: {self._counted()}. The Report is below.</p>'

    def failed(self, why: str) -> str:
        """The piece of HTML when there will be no Report."""
        return f'<p class="emer-status emer-failed" role="alert">{escape(why)}</p>'

    def _counted(self) -> str:
        return f"{len(self._cues)} {'observation' if len(self._cues) == 1 else 'observations'}"

    def _html(self, status: str) -> str:
        agents = "".join(
            f'<span class="emer-agent emer-{kind}">{escape(agent)}</span>' for agent, kind in self._at_work.items()
        )
        cues = "".join(reversed(self._cues))
        return (
            f'<p class="emer-status" role="status">{status}</p><p class="emer-agents">{agents}</p>'
            f'<ol class="emer-cues">{cues}</ol>'
        )
