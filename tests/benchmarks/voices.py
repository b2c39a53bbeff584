"""How well voices are told apart and speaking faces found: prints two tables.

    OMP_NUM_THREADS=1 python tests/benchmarks/voices.py [folder of the labelled data]

1. Voices: recordings of one speaker, or of two, laid one after the other. How often one is counted as one and two as
   two, and the share of recordings that lie with the right speaker (0.5 where two were taken for one). The penalty was
   set on every other speaker of RAVDESS (acted speech in eight moods); the other lines were only looked at.
2. Faces: two portraits in one picture, of which one moves its mouth with read speech; who is found to speak.
"""

from __future__ import annotations

import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # tests/

from two_people import conversation

from emer.agents.face import _frames, _mouth
from emer.tools.face import CascadeDetector
from emer.tools.face_watch import watch_faces
from emer.tools.media import open_media
from emer.tools.talking_mouth import loudness, tie
from emer.tools.voice import listen, listen_to
from emer.tools.voices_apart import tell_voices_apart

REPOSITORY = Path(__file__).resolve().parents[2]
Sound = NDArray[np.float32]
Speakers = Mapping[str, Sequence[Sound]]


def read(path: Path) -> Sound:
    """The sound, mono at 16 kHz."""
    with open_media(path) as media:
        return np.array(media.sound_file())


def speakers(media: Path) -> dict[str, Speakers]:
    """The sets by name: recordings by speaker, of speakers with at least two."""
    ravdess, emodb = defaultdict(list), defaultdict(list)
    for path in sorted((media / "audio_ravdess").glob("*.wav")):
        ravdess[path.stem[-2:]].append(read(path))
    for path in sorted((media / "audio_emodb").glob("*.wav")):
        emodb[path.stem.split("_")[1][:2]].append(read(path))
    readers = sorted((media / "speech_transcripts").glob("sense*.wav"))
    jfk = read(media / "speech_transcripts" / "jfk.flac")
    spoken = {"austen": [read(path) for path in readers], "jfk": np.array_split(jfk, 3)}
    order = sorted(ravdess)
    return {
        "RAVDESS, set on": {name: ravdess[name] for name in order[::2] if len(ravdess[name]) > 1},
        "RAVDESS, others": {name: ravdess[name] for name in order[1::2] if len(ravdess[name]) > 1},
        "EmoDB": {name: heard for name, heard in sorted(emodb.items()) if len(heard) > 1},
        "read and public speech": spoken,
    }


def voices_of(recordings: Sequence[Sound]) -> list[int | None]:
    """The voice that each recording is given, when they are laid one after the other."""
    ends = np.cumsum([len(one) for one in recordings]) / 16_000
    spans = list(zip([0.0, *ends[:-1].tolist()], ends.tolist(), strict=True))
    sound = np.concatenate(recordings)
    return list(tell_voices_apart(listen_to(sound), sound, spans).of_span)


def purity(found: Sequence[int | None], true: Sequence[str]) -> float:
    """Share of recordings whose voice is mostly their speaker's; 0.5 at most if all are one voice."""
    by_voice = defaultdict(Counter)
    for voice, speaker in zip(found, true, strict=True):
        by_voice[voice][speaker] += 1
    return sum(max(counts.values()) for counts in by_voice.values()) / len(true) if len(by_voice) > 1 else 0.5


def print_voices(media: Path) -> None:
    """The first table."""
    print(f"{'recordings of':26}{'one as one':>16}{'two as two':>16}{'purity of two':>16}")
    for name, people in speakers(media).items():
        one = [len(set(voices_of(heard)) - {None}) == 1 for heard in people.values()]
        two, pure = [], []
        for a, b in combinations(people, 2):
            found = voices_of([*people[a], *people[b]])
            two.append(len(set(found) - {None}) == 2)
            pure.append(purity(found, [a] * len(people[a]) + [b] * len(people[b])))
        print(f"{name:26}{share(one):>16}{share(two):>16}{np.mean(pure):16.2f}")


def share(hits: Sequence[bool]) -> str:
    """The share and what it is a share of."""
    return f"{np.mean(hits):.2f} of {len(hits)}"


def who_speaks(sound: Sound, speaker: Literal["left", "right"], folder: Path) -> str:
    """Whether the face on that side is found to speak: right, wrong or nobody."""
    clip = conversation(folder / "two.mp4", REPOSITORY / "src/emer/data/demo", speaker=speaker, sound=sound)
    with open_media(clip) as media:
        voice = listen(media.sound_windows())
        watched = watch_faces(_frames(media), CascadeDetector())
    mouths = {str(track.number): _mouth(track) for track in watched.tracks}
    spans = [(one.start_s, one.end_s) for one in voice.activity.stretches]
    ties = tie(mouths, {"voice:1": spans}, loudness(voice))
    side = {"left": "1", "right": "2"}[speaker]
    return "nobody" if not ties else "right" if ties[0].face == side else "wrong"


def print_faces(media: Path) -> None:
    """The second table."""
    paths = [*sorted((media / "speech_transcripts").glob("sense*.wav")), media / "speech_transcripts" / "jfk.flac"]
    counts = Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        for path in paths:
            for speaker in ("left", "right"):
                counts[who_speaks(read(path)[: 16_000 * 10], speaker, Path(folder))] += 1
    print(f"\nspeaking face: right {counts['right']}, nobody {counts['nobody']}, wrong {counts['wrong']}")


if __name__ == "__main__":
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else REPOSITORY.parent / "shared" / "data"
    print_voices(data / "media")
    print_faces(data / "media")
