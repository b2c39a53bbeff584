"""Changes of a batch of faces that leave the expression as it is, computed for the whole batch at once.

Each stands for something that clips do to faces: loose or tilted boxes (affine), far faces scaled up (low
resolution), defocus and motion (blur), light (gamma, gradient), compression (noise), hands and hair (erasing).
"""

import math

import torch
from torch import Tensor
from torch.nn import functional

MIN_CONTRAST = 0.04
"""Floor of the standard deviation (of 0..1 grey), so that a nearly flat crop does not become pure noise."""


def standardise(faces: Tensor) -> Tensor:
    """Zero mean and unit variance per face: removes brightness and contrast, as at run time."""
    mean = faces.mean((1, 2, 3), keepdim=True)
    return (faces - mean) / faces.std((1, 2, 3), keepdim=True, unbiased=False).clamp_min(MIN_CONTRAST)


def augment(faces: Tensor, erasing: float = 0.5) -> Tensor:
    """(n, 1, 48, 48) grey faces in 0..1 -> altered and standardised faces, a share `erasing` of them with a hole."""
    faces = _light(_soften(_warp(faces)))
    return _erase(standardise(faces), erasing)


def _uniform(n: int, low: float, high: float, *, like: Tensor) -> Tensor:
    return torch.empty(n, device=like.device).uniform_(low, high)


def _normal(*shape: int, like: Tensor) -> Tensor:
    return torch.randn(*shape, device=like.device)


def _warp(faces: Tensor) -> Tensor:
    n = len(faces)
    angle = _normal(n, like=faces) * math.radians(8)
    size = torch.exp(_uniform(n, math.log(0.78), math.log(1.12), like=faces))
    aspect, shear = torch.exp(_normal(n, like=faces) * 0.05), _normal(n, like=faces) * 0.05
    flip = torch.where(_uniform(n, 0, 1, like=faces) < 0.5, 1.0, -1.0)
    theta = torch.zeros(n, 2, 3, device=faces.device)
    theta[:, 0, 0], theta[:, 0, 1] = flip * size * aspect * torch.cos(angle), shear - size * torch.sin(angle)
    theta[:, 1, 0], theta[:, 1, 1] = flip * size * torch.sin(angle), size / aspect * torch.cos(angle)
    theta[:, :, 2] = _uniform(2 * n, -0.14, 0.14, like=faces).view(n, 2)
    grid = functional.affine_grid(theta, list(faces.shape), align_corners=False)
    return functional.grid_sample(faces, grid, padding_mode="border", align_corners=False)


def _soften(faces: Tensor) -> Tensor:
    n = len(faces)
    kind, out = _uniform(n, 0, 1, like=faces).view(n, 1, 1, 1), faces
    for low, high, side in ((0.0, 0.04, 16), (0.04, 0.10, 24), (0.10, 0.15, 32)):
        small = functional.interpolate(faces, (side, side), mode="area")
        large = functional.interpolate(small, faces.shape[-2:], mode="bilinear", align_corners=False)
        out = torch.where((kind >= low) & (kind < high), large, out)
    blurred = _blur(faces, float(torch.empty(1).uniform_(0.5, 1.6)))
    return torch.where((kind >= 0.15) & (kind < 0.25), blurred, out)


def _blur(faces: Tensor, sigma: float) -> Tensor:
    offsets = torch.arange(-4, 5, dtype=torch.float32, device=faces.device)
    kernel = torch.exp(-0.5 * (offsets / sigma) ** 2)
    kernel = (kernel / kernel.sum()).view(1, 1, 1, -1)
    padded = functional.pad(faces, (4, 4, 4, 4), mode="replicate")
    return functional.conv2d(functional.conv2d(padded, kernel), kernel.transpose(2, 3))


def _light(faces: Tensor) -> Tensor:
    n = len(faces)
    gamma = torch.exp(_normal(n, 1, 1, 1, like=faces) * 0.25)
    faces = faces.clamp(1e-3, 1) ** gamma
    ramp = torch.linspace(-1, 1, faces.shape[-1], device=faces.device)
    slope = _normal(n, 1, 1, 2, like=faces) * 0.08
    faces = faces + slope[..., :1] * ramp.view(1, 1, 1, -1) + slope[..., 1:] * ramp.view(1, 1, -1, 1)
    gain, shift = torch.exp(_normal(n, 1, 1, 1, like=faces) * 0.3), _normal(n, 1, 1, 1, like=faces) * 0.1
    faces = ((faces - 0.5) * gain + 0.5 + shift).clamp(0, 1)
    noisy = (_uniform(n, 0, 1, like=faces).view(n, 1, 1, 1) < 0.15).float() * 0.03
    return faces + noisy * torch.randn_like(faces)


def _erase(faces: Tensor, share: float) -> Tensor:
    n, side = len(faces), faces.shape[-1]
    chosen = _uniform(n, 0, 1, like=faces) < share
    size = (_uniform(n, 6, 20, like=faces) * chosen).view(n, 1, 1)
    centre = _uniform(2 * n, 0, side, like=faces).view(n, 2)
    axis = torch.arange(side, dtype=torch.float32, device=faces.device)
    rows = (axis.view(1, side, 1) - centre[:, 0].view(n, 1, 1)).abs() < size / 2
    columns = (axis.view(1, 1, side) - centre[:, 1].view(n, 1, 1)).abs() < size / 2
    return faces.masked_fill((rows & columns).unsqueeze(1), 0.0)
