"""Objects and captions of a model that the user named, as cues of the scene."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from emer.agents.seen.numbers import short
from emer.memory.ontology import mentions
from emer.schemas import Anchor, Cue, Source
from emer.tools.scene_models import Caption, SceneModel, Still, Thing

MAX_THINGS = 12


def told(model: SceneModel, stills: Sequence[Still]) -> Iterator[Cue]:
    """What the model sees in the pictures: a cue for each kind of object, or for each caption."""
    if model.kind == "objects":
        for thing in model.things(stills)[:MAX_THINGS]:
            yield _thing(model, thing, len(stills))
        return
    for caption in model.captions(stills):
        yield _caption(model, caption, is_still=len(stills) == 1)


def _thing(model: SceneModel, thing: Thing, n_stills: int) -> Cue:
    many = f"up to {thing.n_at_once} at once, " if thing.n_at_once > 1 else ""
    how_often = f"in {thing.n_frames} of {n_stills} pictures looked at, " if n_stills > 1 else ""
    return Cue(
        id="context-0", modality="context", kind="scene_object", strength=0.3, quality=thing.score,
        text=f"seen: {thing.label} ({many}{how_often}{short(thing.score)}, {model.tool})",
        anchor=Anchor(start_s=thing.first_s, end_s=thing.last_s) if n_stills > 1 else Anchor(),
        source=Source(
            tool=model.tool, version=model.version,
            values={"score": thing.score, "n_frames": thing.n_frames, "n_at_once": thing.n_at_once},
        ),
    )  # fmt: skip


def _caption(model: SceneModel, caption: Caption, *, is_still: bool) -> Cue:
    """A caption; one that names an emotion is a conclusion of the model's, not an observation."""
    return Cue(
        id="context-0", modality="context", kind="scene_caption", strength=0.3, quality=0.5,
        level="inferred" if mentions(caption.text) else "described",
        text=f"caption by {model.tool}: “{caption.text}”",
        anchor=Anchor() if is_still else Anchor(t_s=caption.t_s),
        source=Source(tool=model.tool, version=model.version),
    )  # fmt: skip
