"""The context specialist: what the user told us, who speaks when, and what the picture as a whole is like.

It names no emotion. Scene cues come from the whole picture only, so they stay when faces and voices must not be read.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from emer.agents.seen.things import told
from emer.agents.state import Observation, Services
from emer.errors import EmerError, SetupError
from emer.installation import command
from emer.schemas import Anchor, Clip, Cue, Missing, Source, Utterance
from emer.tools.language import detect
from emer.tools.text_encoder import encode

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from emer.config import Settings
    from emer.tools.media import Media
    from emer.tools.scene import Scene
    from emer.tools.scene_models import Still

CONTEXT_VERSION = "1"
MAX_GIVEN = 40
MAX_CUTS = 12
MAX_TURNS = 12
_DARK, _BRIGHT = 0.2, 0.8
_GREY, _VIVID = 0.03, 0.33  # Hasler and Suesstrunk 2003, table 2: under 8/255 not colourful, over 84/255 extremely so
_STILL, _LIVELY = 0.004, 0.06
_AUDIBLE = 0.15
"""Valence or arousal from which a sentence of the context is given a tone; below lies furniture ("a kitchen")."""
_GAP_S = 2.0
_OVERLAP_S = 0.2
_SENTENCE = re.compile(r"(?<=[.!?。！？])[\"”’')\]]*\s+|\n+|(?<=[。！？])")


def observe(clip: Clip, utterances: Sequence[Utterance], services: Services) -> Observation:
    """The given context sentence by sentence, the turns of the speakers, and the scene, in this order."""
    told, failed = _given(clip.context or "")
    rough, unseen = [*told, *_turns(utterances)], list[Missing]()
    if services.media is not None and services.media.info.has_video:
        seen, unseen = _scene(services.media, services.settings)
        rough += seen
    cues = [cue.model_copy(update={"id": f"context-{n}"}) for n, cue in enumerate(rough, start=1)]
    if cues or unseen:
        return Observation(cues=cues, missing=[*_unread(cues), *unseen], failed=failed or bool(unseen))
    why = "no context was given, and nothing about the turns of speakers or the picture is notable"
    return Observation(
        missing=[Missing(modality="context", why=why, remedy=f"{command()} analyze CLIP --context TEXT")]
    )


def _cue(
    kind: str,
    text: str,
    *,
    anchor: Anchor | None = None,
    strength: float = 0.3,
    quality: float = 0.8,
    **values: float | str | None,
) -> Cue:
    tool = {"given": "emer-context", "turns": "emer-turns"}.get(kind.partition("_")[0], "emer-scene")
    return Cue(
        id="context-0", modality="context", kind=kind, text=text, level="reported" if kind == "given" else "measured",
        anchor=anchor or Anchor(), strength=strength, quality=quality,
        source=Source(tool=tool, version=CONTEXT_VERSION, values=dict(values)),
    )  # fmt: skip


def _given(context: str) -> tuple[list[Cue], bool]:
    """What the user told us, sentence by sentence, in her words, and whether the encoder failed on their tone.

    In another language than English there is no tone.
    """
    sentences = [part.strip() for part in _SENTENCE.split(context) if part.strip()]
    if len(sentences) > MAX_GIVEN:
        sentences = [*sentences[: MAX_GIVEN - 1], " ".join(sentences[MAX_GIVEN - 1 :])]
    languages = detect(sentences).utterances
    english = [sentence for sentence, code in zip(sentences, languages, strict=True) if code in ("en", None)]
    tones = dict(zip(english, _tones(english), strict=True))
    return list(_told(sentences, languages, tones)), None in tones.values()


def _told(
    sentences: Sequence[str], languages: Sequence[str | None], tones: Mapping[str, _Tone | None]
) -> Iterator[Cue]:
    for sentence, code in zip(sentences, languages, strict=True):
        if sentence not in tones:
            yield _cue("given", sentence, strength=0.0, quality=0.9, language=code)
            continue
        tone = tones[sentence]
        heard = tone is not None and max(abs(tone.valence), abs(tone.arousal)) >= _AUDIBLE
        cue = _cue("given", sentence, strength=0.5, quality=0.9, language=code)
        update = {"valence": tone.valence, "arousal": tone.arousal} if tone is not None and heard else {}
        yield cue.model_copy(update=update)


class _Tone(NamedTuple):
    """Valence and arousal of a sentence, -1..1, as readers would rate it (EmoBank)."""

    valence: float
    arousal: float


def _tones(sentences: Sequence[str]) -> Sequence[_Tone | None]:
    """The text encoder's valence and arousal of each sentence; None where the encoder is not installed."""
    if not sentences:
        return []
    try:
        return [_Tone(*row[:2]) for row in encode(sentences).vad.tolist()]
    except SetupError:
        return [None] * len(sentences)


def _unread(cues: Sequence[Cue]) -> list[Missing]:
    """One entry where the given context is in a language that is not read."""
    codes = sorted({str(cue.source.values["language"]) for cue in cues if cue.kind == "given" and not cue.strength})
    if not codes:
        return []
    why = f"the embedded models read English only; the context ({', '.join(codes)}) is quoted without affect"
    return [Missing(modality="context", why=why, remedy=None)]


def _turns(utterances: Sequence[Utterance]) -> Iterator[Cue]:
    """How many speak, who speaks how much, who falls in, and where nobody speaks."""
    owners = [u.person for u in utterances if u.person]
    people = list(dict.fromkeys(owners))
    if len(people) > 1:
        changes = sum(a != b for a, b in pairwise(owners))
        yield _cue(
            "turns_people",
            f"{len(people)} people speak; the speaker changes {_times(changes)}",
            n_speakers=len(people),
            n_changes=changes,
        )
        yield from _shares(utterances, people)
    yield from _overlaps(utterances)
    yield from _gaps(utterances)


def _shares(utterances: Sequence[Utterance], people: Sequence[str]) -> Iterator[Cue]:
    """Each speaker's share of the words, where they are shared unevenly."""
    words: defaultdict[str, int] = defaultdict(int)
    for utterance in utterances:
        if utterance.person:
            words[utterance.person] += max(1, len(utterance.text.split()))
    total = sum(words.values())
    most = max(people, key=lambda person: (words[person], -people.index(person)))
    share = words[most] / total
    if share >= 1.5 / len(people) and total >= 10:
        yield _cue("turns_share", f"{most} says {share:.0%} of the words", words_share=round(share, 4), person=most)


def _overlaps(utterances: Sequence[Utterance]) -> Iterator[Cue]:
    """Where one begins before another has ended; turns that share one subtitle are no overlap."""
    found = [(before, after) for before, after in pairwise(utterances) if _falls_in(before, after)]
    for before, after in found[:MAX_TURNS]:
        ends = [u.end_s for u in (before, after) if u.end_s is not None]
        begin = after.start_s or 0.0
        overlap_s = (before.end_s or begin) - begin
        text = f"{after.person} begins {overlap_s:.1f} s before {before.person} has ended"
        anchor = Anchor(start_s=begin, end_s=max(begin, min(ends)), utterance=after.id)
        yield _cue("turns_overlap", text, anchor=anchor, quality=0.5, overlap_s=round(overlap_s, 3))


def _falls_in(before: Utterance, after: Utterance) -> bool:
    if before.start_s is None or before.end_s is None or after.start_s is None:
        return False
    is_other = before.person is not None and after.person is not None and before.person != after.person
    return is_other and after.start_s > before.start_s and before.end_s - after.start_s >= _OVERLAP_S


def _gaps(utterances: Sequence[Utterance]) -> Iterator[Cue]:
    """The longest silences between utterances, in order of time."""
    gaps = [
        (after.start_s - before.end_s, before.end_s, after.start_s)
        for before, after in pairwise(utterances)
        if before.end_s is not None and after.start_s is not None and after.start_s - before.end_s >= _GAP_S
    ]
    longest = sorted(sorted(gaps, key=lambda gap: (-gap[0], gap[1]))[:MAX_TURNS], key=lambda gap: gap[1])
    for length, start_s, end_s in longest:
        yield _cue(
            "turns_gap",
            f"nobody is quoted for {length:.1f} s",
            anchor=Anchor(start_s=start_s, end_s=end_s),
            strength=min(0.2 + length / 20, 0.6),
            quality=0.6,
            gap_s=round(length, 3),
        )


def _scene(media: Media, settings: Settings) -> tuple[list[Cue], list[Missing]]:
    """What the picture as a whole is like, then what a model sees in a few of its frames where one is named."""
    from emer.tools.scene import read_scene
    from emer.tools.scene_models import Sample

    sample, windows = Sample(), media.windows()

    def fresh() -> Iterator[tuple[float, NDArray[np.uint8]]]:
        for window in windows:
            for frame in window.frames:
                if frame.t_s >= window.fresh_from_s:
                    if settings.scene != "embedded":
                        sample.offer(frame.t_s, frame.image)
                    yield frame.t_s, frame.image

    cues = list(_scene_cues(read_scene(fresh())))
    if settings.scene == "embedded":
        return cues, []
    seen, missing = _modelled(sample.stills, settings)
    return [*cues, *seen], missing


def _modelled(stills: Sequence[Still], settings: Settings) -> tuple[list[Cue], list[Missing]]:
    """What the model sees, or why nothing."""
    from emer.tools.scene_models import open_scene

    try:
        model = open_scene(settings.scene, settings.weights_dir)
        if model.kind == "caption" and settings.exclude_persons:
            why = "no captions were written: they would describe the person who is left out as well"
            return [], [Missing(modality="context", why=why)]
        return list(told(model, stills)), []
    except EmerError as error:
        return [], [Missing(modality="context", why=f"the scene was read without a model: {error}")]


def _scene_cues(scene: Scene) -> Iterator[Cue]:
    """Cues about the picture, only where it is notable."""
    if not scene.n_frames:
        return
    is_still = scene.n_frames == 1
    whole = Anchor() if is_still else Anchor(start_s=scene.looks[0].t_s, end_s=scene.looks[-1].t_s)
    if scene.luma <= _DARK or scene.luma >= _BRIGHT:
        word = "dark" if scene.luma <= _DARK else "bright"
        yield _cue(
            "scene_light",
            f"the picture is {word} (mean luma {scene.luma:.2f} of 1)",
            anchor=whole,
            luma=round(scene.luma, 4),
        )
    if scene.colour <= _GREY or scene.colour >= _VIVID:
        word = "nearly without colour" if scene.colour <= _GREY else "vividly coloured"
        yield _cue(
            "scene_colour",
            f"the picture is {word} (colourfulness {scene.colour:.2f})",
            anchor=whole,
            colourfulness=round(scene.colour, 4),
        )
    if scene.motion >= _LIVELY or scene.motion <= _STILL:
        text = "the camera or people move a lot" if scene.motion >= _LIVELY else "the picture hardly moves"
        yield _cue(
            "scene_motion",
            f"{text} (mean change {scene.motion:.3f} a frame)",
            anchor=whole,
            luma_change=round(scene.motion, 4),
        )
    yield from _cut_cues(scene)


def _cut_cues(scene: Scene) -> Iterator[Cue]:
    if len(scene.cuts_s) > MAX_CUTS:
        first, last = scene.cuts_s[0], scene.cuts_s[-1]
        yield _cue(
            "scene_cuts",
            f"{len(scene.cuts_s)} cuts between {first:.1f} s and {last:.1f} s",
            anchor=Anchor(start_s=first, end_s=last),
            n_cuts=len(scene.cuts_s),
        )
        return
    for t_s in scene.cuts_s:
        yield _cue("scene_cut", f"cut at {t_s:.1f} s", anchor=Anchor(t_s=t_s), quality=0.7)


def _times(n: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(n, f"{n} times")
