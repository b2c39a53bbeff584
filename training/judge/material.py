"""Cues with known answers for the judge: comments of GoEmotions dev, and synthetic pairs with a face and a voice.

A synthetic clip is a model of how modalities go together, not a measurement of it: as often as the validity in
`fusion.tables` says, the words, the face and the voice each belong to the clip's state; else they are anybody's.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from training.text.data import goemotions

from emer.agents.fusion import tables
from emer.agents.state import Services
from emer.agents.transcript import observe as read_words
from emer.config import Settings
from emer.memory.ontology import STATES, state_vad
from emer.schemas import Anchor, Clip, Cue, Source, Utterance

CHECKPOINTS = Path(__file__).parent / "checkpoints"
SEED = 20261124
CLIP = Clip(id="sha256:0", source="comment", kind="text", language="en")


class Comment(NamedTuple):
    """The cues of one comment's words, and the states that its raters gave it."""

    cues: tuple[Cue, ...]
    states: frozenset[str]


class Faces(NamedTuple):
    """Probabilities (n, 7) that the network gives held-back faces, and their labels (n,) as indices of FACE_CLASSES."""

    probabilities: NDArray[np.float64]
    labels: NDArray[np.int64]


def comments(n: int | None = None) -> list[Comment]:
    """The first n comments of GoEmotions dev (all by default) as the transcript agent reads them."""
    found = goemotions("dev")
    services = Services(settings=Settings(language="en"))
    made = []
    for text, row in list(zip(found.texts, found.targets, strict=True))[:n]:
        seen = read_words(CLIP, [Utterance(id="u1", person="p1", text=text)], services)
        states = frozenset(state for state, is_given in zip(STATES, row, strict=True) if is_given)
        made.append(Comment(tuple(seen.cues), states))
    return made


def held_back_faces() -> Faces:
    """The held-back tenth of FER2013 train, as the shipped network reads it; kept, since the split takes a minute."""
    from emer.tools.face_expression import read_expressions

    kept = CHECKPOINTS / "held_back.npz"
    if not kept.is_file():
        from training.face.data import split

        held = split().held
        CHECKPOINTS.mkdir(exist_ok=True)
        np.savez(kept, images=held.images, labels=held.labels)
    with np.load(kept) as archive:
        images, labels = archive["images"], archive["labels"]
    return Faces(read_expressions(list(images)).probabilities.astype(np.float64), labels.astype(np.int64))


class Pools(NamedTuple):
    """Comments by state, 28 lists, and held-back faces: what synthetic clips are put together from."""

    comments: Sequence[Sequence[Comment]]
    faces: Faces


def pools(made: Sequence[Comment], faces: Faces) -> Pools:
    """The comments by the states that their raters gave."""
    return Pools([[comment for comment in made if state in comment.states] for state in STATES], faces)


def shown(prior: NDArray[np.float64], found: Pools, rng: np.random.Generator) -> Comment:
    """A clip without words: its state is drawn from a prior (28,), its face or voice from the state."""
    return _drawn(prior, found, rng, beside_words=False)


def _drawn(prior: NDArray[np.float64], found: Pools, rng: np.random.Generator, *, beside_words: bool) -> Comment:
    state = STATES[int(rng.choice(len(STATES), p=prior))]
    return Comment(tuple(pair(state, found.faces, rng, beside_words=beside_words)), frozenset({state}))


def spoken(prior: NDArray[np.float64], found: Pools, rng: np.random.Generator) -> Comment:
    """A clip with words too: as often as their validity says they are of its state, else of any."""
    clip = _drawn(prior, found, rng, beside_words=True)
    said = next(iter(clip.states))
    if rng.random() >= tables.VALIDITY["words"].rho:
        said = STATES[int(rng.choice(len(STATES), p=prior))]
    pool = found.comments[STATES.index(said)]
    return Comment((*pool[int(rng.integers(len(pool)))].cues, *clip.cues), clip.states)


def pair(state: str, faces: Faces, rng: np.random.Generator, *, beside_words: bool) -> list[Cue]:
    """A face, a voice or both, to go with a state as often as their validity says."""
    which = int(rng.integers(3))
    face, voice = (tables.validity(kind, beside_words=beside_words) for kind in ("face_classes", "voice"))
    cues = [_face(state, faces, rng, rho=face)] if which != 1 else []
    return cues + ([_voice(state, rng, rho=voice)] if which != 0 else [])


def _face(state: str, faces: Faces, rng: np.random.Generator, *, rho: float) -> Cue:
    counts = np.array([tables.FER_COUNTS[name] for name in tables.FACE_CLASSES], dtype=float)
    shares: Sequence[float] = tables.FACE_SHOWS[state] if rng.random() < rho else tuple(counts / counts.sum())
    label = int(rng.choice(len(shares), p=np.array(shares) / sum(shares)))
    row = faces.probabilities[rng.choice(np.flatnonzero(faces.labels == label))]
    values = {f"fer.{name}": float(p) for name, p in zip(tables.FACE_CLASSES, row, strict=True)}
    return _cue("face", values, strength=float(np.sort(row)[-1] - np.sort(row)[-2]))


def _voice(state: str, rng: np.random.Generator, *, rho: float) -> Cue:
    own = state if rng.random() < rho else STATES[int(rng.integers(len(STATES)))]
    arousal = float(np.clip(rng.normal(state_vad(own).arousal, tables.VAD_WIDTH), -1, 1))
    return _cue("voice", {}, strength=min(1.0, abs(arousal)), arousal=arousal)


def _cue(modality: str, values: dict[str, float], *, strength: float, arousal: float | None = None) -> Cue:
    source = Source(tool="synthetic", version="1", values=dict(values))
    return Cue(
        id=f"{modality}-1", modality=modality, kind="synthetic", person="p1", text="synthetic", anchor=Anchor(),
        strength=max(.05, strength), arousal=arousal, source=source,
    )  # fmt: skip
