"""The shipped weights as the beginning of a run: `python -m training.face.train --start shipped`.

The file holds folded convolutions. Each gets a normalisation again that changes nothing at first: its scale and shift
are the standard deviation and the mean of what the convolution gives on training faces (data-dependent initialisation).
"""

from collections.abc import Callable
from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn
from training.face.augment import standardise
from training.face.data import ROOT
from training.face.network import FaceNetwork

SHIPPED = ROOT / "src" / "emer" / "tools" / "weights" / "face_expression.onnx"
N_FACES = 2000


def unfold(network: FaceNetwork, faces: Tensor, path: Path = SHIPPED) -> FaceNetwork:
    """`network` with the function of the file at `path`, in evaluation mode; `faces` (n, 1, 48, 48) in 0..1."""
    stored = _stored(path)
    network.eval()
    hooks = []
    for name, module in network.named_modules():
        if not isinstance(module, nn.Sequential):
            continue
        for index in range(len(module) - 1):
            convolution, normalisation = module[index], module[index + 1]
            if isinstance(convolution, nn.Conv2d) and isinstance(normalisation, nn.BatchNorm2d):
                convolution.weight.data.copy_(_wide(stored, f"{name}.{index}.weight"))
                bias = stored[f"{name}.{index}.bias"]
                hooks.append(normalisation.register_forward_pre_hook(_transparent(bias)))
    head = network.head[1]
    head.weight.data.copy_(_wide(stored, "head.1.weight"))
    head.bias.data.copy_(stored["head.1.bias"])
    with torch.no_grad():
        network(standardise(faces[:N_FACES]))
    for hook in hooks:
        hook.remove()
    return network


def _stored(path: Path) -> dict[str, Tensor]:
    tensors = onnx.load(str(path)).graph.initializer
    return {tensor.name: torch.tensor(numpy_helper.to_array(tensor)).float() for tensor in tensors}


def _wide(stored: dict[str, Tensor], name: str) -> Tensor:
    """A weight in fp32; `export.py` stores the large ones as whole numbers with a scale."""
    return stored[name] if name in stored else stored[f"{name}_int8"] * stored[f"{name}_scale"]


def _transparent(bias: Tensor) -> Callable[[nn.BatchNorm2d, tuple[Tensor]], None]:
    def set_up(module: nn.BatchNorm2d, inputs: tuple[Tensor]) -> None:
        mean, variance = inputs[0].mean((0, 2, 3)), inputs[0].var((0, 2, 3), unbiased=False)
        module.running_mean.copy_(mean)
        module.running_var.copy_(variance)
        module.weight.data.copy_((variance + module.eps).sqrt())
        module.bias.data.copy_(mean + bias)

    return set_up
