"""The options that show a Report as a page or a picture, once for every command that makes one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from emer.cli.options import Settings, gathered
from emer.cli.results import check_folder
from emer.errors import InputError

if TYPE_CHECKING:
    from emer.schemas import Report

VIEWS: dict[str, Any] = {
    "html": Annotated[Path | None, typer.Option("--html", help="Write the Report as one HTML page to this file.")],
    "plot": Annotated[Path | None, typer.Option("--plot", help="Draw the timeline into this .svg or .png file.")],
    "embed_media": Annotated[bool, typer.Option("--embed-media", help="Put the clip into the page, not beside it.")],
    "blur_faces": Annotated[bool, typer.Option("--blur-faces", help="Hide the faces in the page's clip.")],
}


@dataclass(frozen=True)
class Views:
    """Where a page and a picture go, and how the page shows the clip."""

    html: Path | None = None
    plot: Path | None = None
    embed_media: bool = False
    blur_faces: bool = False

    @property
    def are_wanted(self) -> bool:
        """Whether there is anything to write."""
        return self.html is not None or self.plot is not None

    def check(self, source: Path | None, n_reports: int = 1) -> None:
        """Nothing, if the views can be written: told before the analysis, not after it.

        Raises:
            InputError: they cannot, with why.
        """
        for target in (self.html, self.plot):
            check_folder(target)
            if target is not None and source is not None and target.exists() and target.samefile(source):
                raise InputError(f"{str(target)!r} is the clip itself; name another file")
        if self.plot is not None and self.plot.suffix.lower() not in (".svg", ".png"):
            raise InputError(f"--plot draws .svg or .png, got {str(self.plot)!r}")
        if self.html is None and (self.embed_media or self.blur_faces):
            raise InputError("--embed-media and --blur-faces are about the clip in the page; add --html FILE")
        if n_reports > 1 and self.are_wanted:
            raise InputError(f"--html and --plot show one Report, and here are {n_reports}; give them one at a time")

    def write(self, report: Report, source: Path | None, settings: Settings) -> None:
        """Writes what is wanted and names it on standard error."""
        from emer.report.html_media import Showing, write_page
        from emer.report.plot import write_plot

        if self.html is not None:
            detector = _detector(settings) if self.blur_faces else None
            write_page(report, self.html, source, showing=Showing(embed=self.embed_media, detector=detector))
            typer.echo(f"Written to {self.html}", err=True)
        if self.plot is not None:
            write_plot(report, self.plot)
            typer.echo(f"Written to {self.plot}", err=True)


def takes_views(command: Callable[..., None]) -> Callable[..., None]:
    """`command` with the options of `VIEWS` after its own; it gets them together as the argument `views`."""
    return gathered(command, "views", VIEWS, lambda given: Views(**given))


def _detector(settings: Settings) -> Any:
    from emer.config import load_settings
    from emer.tools.face_detectors import open_detector

    chosen = load_settings(**settings)
    return open_detector(chosen.face_detector, chosen.weights_dir)
