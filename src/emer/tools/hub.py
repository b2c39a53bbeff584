"""Models in the format of Hugging Face's transformers, from a folder or from what was fetched before.

A model is named by a folder, or by its id on the hub (`ORGANISATION/NAME`), which is looked for in the weights folder
and then in transformers' own cache. Nothing is ever fetched here.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

from emer.errors import SetupError, ToolError
from emer.installation import extra_command, is_installed
from emer.tools.pulled import pull_command

_OFFLINE = "HF_HUB_OFFLINE"
_LOCK = threading.RLock()


class Named(NamedTuple):
    """A model as the user names it, and where it lies: a folder, or its id in transformers' cache."""

    name: str
    place: str

    @property
    def tool(self) -> str:
        """The name in cues: the id, or only the last part of a folder, which may say whose machine it is."""
        return "hf:" + (Path(self.name).name if Path(self.place).is_dir() and Path(self.name).is_dir() else self.name)


def find_model(name: str, weights_dir: Path) -> Named:
    """Where the model `name` lies.

    Raises:
        SetupError: transformers is not installed.
    """
    if not (is_installed("transformers") and is_installed("torch")):
        raise SetupError(f"{name!r} needs transformers and torch; run {extra_command('hf')}")
    for folder in (Path(name).expanduser(), weights_dir / "hf" / name):
        if (folder / "config.json").is_file():
            return Named(name, str(folder))
    return Named(name, name)


def files_of(model: Named) -> tuple[tuple[str, int, int], ...]:
    """Name, size and time of each file of a model that lies in a folder: what a model that is kept open rests on."""
    folder = Path(model.place)
    found = [(path.name, path.stat()) for path in sorted(folder.iterdir())] if folder.is_dir() else []
    return tuple((name, facts.st_size, facts.st_mtime_ns) for name, facts in found)


def version() -> str:
    """The version of transformers."""
    return metadata.version("transformers")


def load(model: Named, opening: Callable[[str], Any]) -> Any:
    """What `opening` makes of the model's place, without a download and without progress bars.

    Raises:
        SetupError: it is not on this machine, with the command that brings it.
        ToolError: its files are broken or of another kind of model.
    """
    from huggingface_hub.errors import LocalEntryNotFoundError, OfflineModeIsEnabled

    try:
        with offline_hub(), _quiet():
            return opening(model.place)
    except Exception as error:  # broken weights raise whatever their format's parser raises
        causes = _causes(error)
        is_absent = not Path(model.place).is_dir() and any(
            isinstance(one, LocalEntryNotFoundError | OfflineModeIsEnabled) for one in causes
        )
        if is_absent:
            raise SetupError(
                f"the model {model.name!r} is not on this machine; run {pull_command('hf:' + model.name)}, or give the "
                "folder that holds its config.json"
            ) from error
        why = str(error).strip().partition("\n")[0]
        raise ToolError(
            f"the model {model.name!r} cannot be loaded from {model.place!r} ({type(error).__name__}: {why}); "
            "its files are broken, incomplete or of another kind of model"
        ) from error


def opened(kind: Any, place: str) -> Any:
    """The network at `place` as one of transformers' Auto classes reads it, ready to be asked; for use in `load`.

    Raises:
        ValueError: the files hold no weights for a part of it, which transformers would make up at random.
    """
    network, notes = kind.from_pretrained(place, local_files_only=True, output_loading_info=True)
    if notes["missing_keys"]:
        parts = ", ".join(sorted(notes["missing_keys"])[:3])
        raise ValueError(f"it has no weights for {parts}: it was not trained for this task")
    return network.eval()


@contextmanager
def offline_hub() -> Iterator[None]:
    """Hugging Face's hub cannot be reached inside, however deep a package asks for it."""
    constants = sys.modules.get("huggingface_hub.constants")
    with _LOCK:
        before, known = os.environ.get(_OFFLINE), getattr(constants, _OFFLINE, None)
        os.environ[_OFFLINE] = "1"  # read when the hub's package is imported, which may be inside
        if constants is not None:
            constants.HF_HUB_OFFLINE = True  # type: ignore[attr-defined]
        try:
            yield
        finally:
            constants = sys.modules.get("huggingface_hub.constants")
            if before is None:
                del os.environ[_OFFLINE]
            else:
                os.environ[_OFFLINE] = before
            if constants is not None:
                constants.HF_HUB_OFFLINE = bool(known)  # type: ignore[attr-defined]


@contextmanager
def _quiet() -> Iterator[None]:
    """No progress bars and no notices of transformers inside."""
    from transformers.utils import logging

    level, has_bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if has_bars:
            logging.enable_progress_bar()


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
