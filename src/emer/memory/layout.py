"""Vectors as points on a plane: near ones stay near (t-SNE, van der Maaten and Hinton 2008, JMLR 9)."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_STEPS = 400
_EARLY = 100  # steps in which groups are pulled together before they are laid out (their section 3.4)
_EXAGGERATION = 12.0
_PERPLEXITY = 20.0


def plane(vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return float64 (n, 2), the same for the same vectors; a few thousand are the most, time grows as n squared."""
    import numpy as np

    n = len(vectors)
    if n < 3:
        return np.arange(2.0 * n).reshape(n, 2)
    centred = vectors.astype(np.float64) - vectors.mean(axis=0)
    left, strengths, _ = np.linalg.svd(centred, full_matrices=False)
    points = left[:, :2] * strengths[:2]
    points *= np.sign(points[np.abs(points).argmax(axis=0), [0, 1]])  # an axis has no direction of its own
    points = points / max(float(points.std()), 1e-12) * 1e-2
    likeness, moved = _likeness(vectors.astype(np.float64)), np.zeros_like(points)
    rate = max(n / _EXAGGERATION, 50.0)  # Belkina et al. 2019, Nature Communications 10
    for step in range(_STEPS):
        is_early = step < _EARLY
        slope = _slope(points, likeness * (_EXAGGERATION if is_early else 1.0))
        moved = (0.5 if is_early else 0.8) * moved - rate * slope
        points = points + moved
    return np.asarray(points - points.mean(axis=0))


def _likeness(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the joint probabilities of their equation 1, symmetric, that sum to 1."""
    import numpy as np

    lengths = (vectors**2).sum(axis=1)
    apart = np.maximum(lengths[:, None] + lengths[None] - 2.0 * vectors @ vectors.T, 0.0)
    np.fill_diagonal(apart, np.inf)  # nothing is its own neighbour
    apart -= apart.min(axis=1, keepdims=True)
    wanted = np.log(min(_PERPLEXITY, (len(vectors) - 1) / 3.0))
    low, high, sharpness = np.zeros(len(vectors)), np.full(len(vectors), np.inf), np.ones(len(vectors))
    for _ in range(50):
        shares = np.exp(-apart * sharpness[:, None])
        shares /= np.maximum(shares.sum(axis=1, keepdims=True), 1e-300)
        entropy = -(shares * np.log(np.maximum(shares, 1e-300))).sum(axis=1)
        is_wide = entropy > wanted
        low, high = np.where(is_wide, sharpness, low), np.where(is_wide, high, sharpness)
        sharpness = np.where(np.isinf(high), sharpness * 2.0, (low + np.where(np.isinf(high), 0.0, high)) / 2.0)
    return np.asarray((shares + shares.T) / (2.0 * len(vectors)))


def _slope(points: NDArray[np.float64], likeness: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the gradient of their equation 5."""
    import numpy as np

    lengths = (points**2).sum(axis=1)
    near = 1.0 / (1.0 + np.maximum(lengths[:, None] + lengths[None] - 2.0 * points @ points.T, 0.0))
    np.fill_diagonal(near, 0.0)
    pull = (likeness - near / near.sum()) * near
    return np.asarray(4.0 * (pull.sum(axis=1)[:, None] * points - pull @ points))
