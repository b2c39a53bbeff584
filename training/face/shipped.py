"""The shipped weights as the beginning of a run: `python -m training.face.train --start shipped`.

The file holds folded convolutions. Each gets a normalisation again that changes nothing at first: its scale and shift
are the standard deviation and the mean of what the convolution gives on training faces (data-dependent initialisation).
"""

from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn
from training.face.augment import standardise
from training.face.data import ROOT
from training.face.network import Affine, FaceNetwork, see_through

SHIPPED = ROOT / "src" / "emer" / "tools" / "weights" / "face_expression.onnx"
N_FACES = 2000


def unfold(network: FaceNetwork, faces: Tensor, path: Path = SHIPPED) -> FaceNetwork:
    """`network` with the function of the file at `path`, in evaluation mode; `faces` (n, 1, 48, 48) in 0..1."""
    stored = _stored(path)
    wanted: dict[nn.BatchNorm2d, Affine] = {}
    for name, module in network.named_modules():
        if not isinstance(module, nn.Sequential):
            continue
        for index in range(len(module) - 1):
            convolution, normalisation = module[index], module[index + 1]
            if isinstance(convolution, nn.Conv2d) and isinstance(normalisation, nn.BatchNorm2d):
                convolution.weight.data.copy_(_wide(stored, f"{name}.{index}.weight"))
                wanted[normalisation] = (1.0, stored[f"{name}.{index}.bias"])
    head = network.head[1]
    head.weight.data.copy_(_wide(stored, "head.1.weight"))
    head.bias.data.copy_(stored["head.1.bias"])
    see_through(network, standardise(faces[:N_FACES]), wanted)
    return network


def _stored(path: Path) -> dict[str, Tensor]:
    tensors = onnx.load(str(path)).graph.initializer
    return {tensor.name: torch.tensor(numpy_helper.to_array(tensor)).float() for tensor in tensors}


def _wide(stored: dict[str, Tensor], name: str) -> Tensor:
    """A weight in fp32; `export.py` stores the large ones as whole numbers with a scale."""
    return stored[name] if name in stored else stored[f"{name}_int8"] * stored[f"{name}_scale"]
