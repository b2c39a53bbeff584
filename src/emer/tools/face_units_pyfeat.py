"""Action units from py-feat 0.7 or newer: its multi-task network, which was trained on FACS codings.

Source: Cheong, Jolly, Xie, Byrne, Kenney and Chang 2023, Py-Feat: Python Facial Expression Analysis Toolbox.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from importlib import import_module, metadata
from typing import Any

import numpy as np
from numpy.typing import NDArray

from emer.errors import SetupError, ToolError
from emer.tools.face_reading import Picture
from emer.tools.face_units import UnitCard
from emer.tools.hub import offline_hub

BACKEND = "py-feat"
UNITS = (1, 2, 4, 5, 6, 7, 9, 10, 11, 12, 14, 15, 17, 20, 23, 24, 25, 26, 28, 43)
FULL = 5.0
"""Intensity of a unit that py-feat is sure of: it gives the chance that a unit is there, 0-1, not how strong it is."""


class PyFeatUnits:
    """Reads action units with py-feat's detector, without its embedding of who somebody is."""

    def __init__(self) -> None:
        """Opens the detector from the weights that py-feat has fetched before.

        Raises:
            SetupError: py-feat is absent, too old, or has not fetched its weights.
        """
        try:
            feat = import_module("feat")
        except ImportError as error:
            raise SetupError(
                f"py-feat cannot be imported ({error}); emer brings it in no extra: install it yourself beside emer"
            ) from error
        if not hasattr(feat, "Detectorv2"):
            raise SetupError("this py-feat has no Detectorv2; expected py-feat 0.7 or newer")
        try:
            with offline_hub():
                self._detector: Any = feat.Detectorv2(device="cpu", identity_model=None)
        except Exception as error:  # whatever a package that we do not install raises, it is not usable here
            raise SetupError(
                f"py-feat cannot be opened without a download ({type(error).__name__}: {error}); "
                'run python -c "import feat; feat.Detectorv2()" once'
            ) from error
        self.card = UnitCard(BACKEND, _version(), UNITS, "chance of presence 0-1, times 5")

    def read(self, faces: Sequence[Picture]) -> NDArray[np.float32]:
        """(n, units) intensities 0-5 of RGB face crops."""
        return np.array([self._row(face) for face in faces], np.float32).reshape(-1, len(UNITS))

    def _row(self, face: Picture) -> list[float]:
        """The units of the surest face in one crop."""
        import torch

        picture = torch.from_numpy(np.ascontiguousarray(face.transpose(2, 0, 1))[None])
        try:
            with offline_hub():
                table = self._detector.detect(picture, data_type="tensor", batch_size=1, progress_bar=False)
        except Exception as error:
            raise ToolError(f"py-feat failed on a face: {type(error).__name__}: {error}") from error
        columns = {int(found[1]): name for name in table.columns if (found := re.fullmatch(r"AU0*(\d+)", str(name)))}
        scores = np.nan_to_num(np.asarray(table["FaceScore"], float), nan=-1.0)
        if len(scores) == 0 or scores.max() < 0:
            return [float("nan")] * len(UNITS)
        best = int(scores.argmax())
        levels = [float(table[columns[unit]].iloc[best]) if unit in columns else float("nan") for unit in UNITS]
        return [FULL * min(max(level, 0.0), 1.0) if level == level else level for level in levels]


def _version() -> str:
    try:
        return metadata.version(BACKEND)
    except metadata.PackageNotFoundError:
        return "unknown"
