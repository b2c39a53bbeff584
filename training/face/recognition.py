"""dlib's network for recognising people, as the beginning of a teacher of expressions.

Who has learnt three million faces knows what varies in a face besides the light. The weights are in the public domain
(King, dlib-models, CC0 1.0) and come with the package `face_recognition_models`; they are a teacher's and never ship.
"""

import math
import re
import tarfile
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional
from training.face.data import CHECKPOINTS
from training.face.network import Affine, see_through

ARCHIVE = CHECKPOINTS / "face_recognition_models-0.3.0.tar.gz"
WEIGHTS = CHECKPOINTS / "dlib_face_recognition_resnet_model_v1.dat"
LAYER = re.compile(rb"\x01[\x01-\x20](con_4|affine_)")
TENSOR_VERSION = 2
MEAN, SCALE = 117.0, 256.0
"""What dlib takes off each channel (122.8, 117.0, 104.0 of RGB; the green one for grey) and divides by."""
STAGES = ((32, 3, False), (64, 4, True), (128, 3, True), (256, 3, True))
"""Width, blocks, and whether the first block halves the resolution. dlib's last block, which halves once more, is left
out: what identifies a person is summed up there, and where in the face it was is gone."""


def read(path: Path = WEIGHTS) -> list[NDArray[np.float32]]:
    """The arrays of parameters in dlib's file of convolutions and scales, flat, from the input on.

    A layer begins with its name; then come a version, four sizes and the numbers (little-endian float32).
    """
    if not path.exists():
        _unpack(path)
    data, at, found = path.read_bytes(), 0, []
    while layer := LAYER.search(data, at):
        version, at = _integer(data, layer.end())
        if version != TENSOR_VERSION:
            raise ValueError(f"{path}: a tensor of version {version}, not {TENSOR_VERSION}")
        n = 1
        for _ in range(4):
            size, at = _integer(data, at)
            n *= size
        found.append(np.frombuffer(data, "<f4", n, at).copy())
        at += 4 * n
    return found


def _unpack(path: Path) -> None:
    if not ARCHIVE.exists():
        raise SystemExit(
            f"{ARCHIVE} is missing: pip download --no-deps --no-binary :all: face_recognition_models==0.3.0 "
            f"-d {CHECKPOINTS}"
        )
    with tarfile.open(ARCHIVE) as archive:
        name = next(name for name in archive.getnames() if name.endswith(path.name))
        file = archive.extractfile(name)
        assert file is not None
        path.write_bytes(file.read())


def _integer(data: bytes, at: int) -> tuple[int, int]:
    """dlib's integers: a byte with the sign and the length, then so many bytes; and where the next thing begins."""
    size = data[at] & 0x0F
    value = int.from_bytes(data[at + 1 : at + 1 + size], "little")
    return (-value if data[at] & 0x80 else value), at + 1 + size


class _Block(nn.Module):
    """Two convolutions around a shortcut without parameters; what the shortcut lacks in size counts as zero."""

    def __init__(self, n_in: int, n_out: int, stride: int) -> None:
        super().__init__()
        self.n_new, self.stride = n_out - n_in, stride
        self.first = nn.Conv2d(n_in, n_out, 3, stride, 1 if stride == 1 else 0, bias=False)
        self.first_norm = nn.BatchNorm2d(n_out)
        self.second, self.second_norm = nn.Conv2d(n_out, n_out, 3, 1, 1, bias=False), nn.BatchNorm2d(n_out)

    def forward(self, x: Tensor) -> Tensor:
        changed = self.second_norm(self.second(torch.relu(self.first_norm(self.first(x)))))
        if self.stride > 1:
            x = functional.avg_pool2d(x, 2)
        tall, wide = x.shape[2] - changed.shape[2], x.shape[3] - changed.shape[3]
        changed = functional.pad(changed, (0, max(0, wide), 0, max(0, tall)))
        return torch.relu(changed + functional.pad(x, (0, max(0, -wide), 0, max(0, -tall), 0, self.n_new)))


class RecognitionNetwork(nn.Module):
    """(n, 1, 48, 48) standardised grey faces in, (n, 7) logits out; looks at them `side` pixels wide."""

    def __init__(self, n_classes: int, *, side: int = 112, dropout: float = 0.2) -> None:
        super().__init__()
        self.side = side
        self.stem, self.stem_norm = nn.Conv2d(1, 32, 7, 2, bias=False), nn.BatchNorm2d(32)
        blocks, n_in = [], 32
        for width, depth, halves in STAGES:
            for index in range(depth):
                blocks.append(_Block(n_in, width, 2 if halves and index == 0 else 1))
                n_in = width
        self.blocks = nn.Sequential(*blocks)
        self.head = nn.Sequential(nn.Dropout(dropout), nn.Linear(n_in, n_classes))

    def forward(self, x: Tensor) -> Tensor:
        x = functional.interpolate(x, (self.side, self.side), mode="bilinear", align_corners=False)
        x = functional.max_pool2d(torch.relu(self.stem_norm(self.stem(x))), 3, 2)
        return self.head(self.blocks(x).mean((2, 3)))

    def layers(self) -> list[tuple[nn.Conv2d, nn.BatchNorm2d]]:
        pairs = [(self.stem, self.stem_norm)]
        for block in self.blocks:
            pairs += [(block.first, block.first_norm), (block.second, block.second_norm)]
        return pairs


@torch.no_grad()
def recall(network: RecognitionNetwork, faces: Tensor) -> None:
    """Give the network dlib's weights; it then computes what dlib's does of `faces`, (n, 1, 48, 48) standardised.

    dlib's file holds a scale and a shift where the training had a normalisation. Normalising is put back: by mean
    and variance of `faces` there, with a scale and a shift that undo them.
    """
    arrays = [torch.from_numpy(array).to(faces.device) for array in read()]
    wanted: dict[nn.BatchNorm2d, Affine] = {}
    for (conv, norm), filters, affine in zip(network.layers(), arrays[::2], arrays[1::2], strict=False):
        n_out = conv.out_channels
        weight, bias = filters[:-n_out].view(n_out, -1, *conv.kernel_size), filters[-n_out:]
        if conv is network.stem:
            # it saw RGB and sees one grey, standardised, which is taken as 55 levels around 128
            bias = bias + weight.sum((1, 2, 3)) * (128 - MEAN) / SCALE
            weight = weight.sum(1, keepdim=True) * 55 / SCALE
        gamma, beta = affine[:n_out], affine[n_out:]
        # filters as long as those of a network begun by chance, or no one rate of learning would fit them all
        length = weight.flatten(1).norm(dim=1).clamp_min(1e-12) / math.sqrt(2)
        conv.weight.copy_(weight / length.view(-1, 1, 1, 1))
        wanted[norm] = (gamma * length, beta + gamma * bias)
    see_through(network, faces, wanted)
