"""A manifest of mixed clips made from what ships with emer: words, cues, sounds, pictures, and one in twenty broken."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from tests.media_files import tone, video

DEMO = Path(__file__).resolve().parents[1] / "src" / "emer" / "data" / "demo"
MOODS = ("sad", "angry", "relieved", "proud", "happy")


def mixed_clips(folder: Path, n: int) -> Path:
    """The manifest `clips.jsonl` of `n` clips, no two alike; every twentieth is a broken video."""
    media = folder / "media"
    media.mkdir()
    shutil.copy(DEMO / "demo.flac", media / "demo.flac")
    video(media / "grey.mp4", times=[k / 5 for k in range(6)], sound=tone(1.2))
    (media / "broken.mp4").write_bytes(b"\0\0\0\x18ftypmp42" + bytes(200))
    manifest = folder / "clips.jsonl"
    manifest.write_text("".join(json.dumps(_entry(number)) + "\n" for number in range(n)))
    return manifest


def _entry(number: int) -> dict[str, Any]:
    mood, about = MOODS[number % 5], {"id": f"clip {number}", "label": "x", "turn": number}
    words = f"ANNA: They gave desk {number} to somebody else and I am {mood}."
    if number % 20 == 0:
        return {**about, "path": "media/broken.mp4"}
    if number % 20 in (1, 2):
        return {**about, "path": f"media/{('demo.flac', 'grey.mp4')[number % 20 - 1]}", "transcript": words}
    if number % 20 < 8:
        cues = [{"modality": "face", "text": "brows lowered, lips pressed"}, {"modality": "voice", "text": "low pitch"}]
        return {**about, "cues": cues, "transcript": words}
    return {**about, "text": words, "context": f"In office {number}."}
