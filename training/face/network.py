"""The face-expression network: a small residual network over 48x48 grey faces.

Dense 3x3 convolutions throughout: on a CPU they run near the arithmetic peak, while depthwise ones wait for memory.
The second convolution strides, so that a face takes two and a half milliseconds of one core.
"""

from collections.abc import Callable

import torch
from torch import Tensor, nn

WIDTHS = (48, 96, 192, 256)
DEPTHS = (1, 1, 2, 1)
N_CLASSES = 7


def _conv(n_in: int, n_out: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(nn.Conv2d(n_in, n_out, 3, stride, 1, bias=False), nn.BatchNorm2d(n_out))


Affine = tuple[Tensor | float, Tensor]


@torch.no_grad()
def see_through(network: nn.Module, faces: Tensor, wanted: dict[nn.BatchNorm2d, Affine]) -> None:
    """Let each normalisation compute scale * x + shift of an x like what it sees of `faces`, and normalise from there.

    One pass does for all, since each is set before what it gives goes on (data-dependent initialisation).
    """
    hooks = [norm.register_forward_pre_hook(_set_up(*affine)) for norm, affine in wanted.items()]
    network.eval()(faces)
    for hook in hooks:
        hook.remove()


def _set_up(scale: Tensor | float, shift: Tensor) -> Callable[[nn.BatchNorm2d, tuple[Tensor]], None]:
    def set_up(norm: nn.BatchNorm2d, inputs: tuple[Tensor]) -> None:
        mean, variance = inputs[0].mean((0, 2, 3)), inputs[0].var((0, 2, 3), unbiased=False)
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)
        norm.weight.copy_(scale * (variance + norm.eps).sqrt())
        norm.bias.copy_(shift + scale * mean)

    return set_up


class Block(nn.Module):
    """Two convolutions around a shortcut (He et al. 2016, with the pooled shortcut of ResNet-D)."""

    def __init__(self, n_in: int, n_out: int, stride: int) -> None:
        super().__init__()
        self.first, self.second = _conv(n_in, n_out, stride), _conv(n_out, n_out)
        shortcut: list[nn.Module] = [nn.AvgPool2d(2)] if stride == 2 else []
        if n_in != n_out:
            shortcut += [nn.Conv2d(n_in, n_out, 1, bias=False), nn.BatchNorm2d(n_out)]
        self.shortcut = nn.Sequential(*shortcut)

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(self.second(torch.relu(self.first(x))) + self.shortcut(x))


class FaceNetwork(nn.Module):
    """(n, 1, 48, 48) standardised grey faces in, (n, 7) logits out."""

    def __init__(
        self,
        widths: tuple[int, ...] = WIDTHS,
        depths: tuple[int, ...] = DEPTHS,
        *,
        dropout: float = 0.2,
        stem_stride: int = 2,
    ) -> None:
        super().__init__()
        blocks: list[nn.Module] = []
        n_in = widths[0]
        for stage, (width, depth) in enumerate(zip(widths, depths, strict=True)):
            for index in range(depth):
                blocks.append(Block(n_in, width, 2 if stage > 0 and index == 0 else 1))
                n_in = width
        n_stem = widths[0] // 2
        self.stem = nn.Sequential(_conv(1, n_stem), nn.ReLU(), _conv(n_stem, widths[0], stem_stride), nn.ReLU())
        self.blocks = nn.Sequential(*blocks)
        self.head = nn.Sequential(nn.Dropout(dropout), nn.Linear(n_in, N_CLASSES))

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.blocks(self.stem(x)).mean((2, 3)))
