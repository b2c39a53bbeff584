"""What was said and by which voice, found once in a run and shared by the specialists that need words.

Words that were given win; else a recogniser writes them down, if its weights lie on this machine. Whoever asks first
does the work, in its own thread, while the others wait for it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from emer.config import Settings
from emer.errors import ToolError
from emer.installation import command
from emer.schemas import Missing, Person, Utterance

if TYPE_CHECKING:
    from emer.tools.asr.transcribe import Transcription
    from emer.tools.media import Media
    from emer.tools.voice import Voice

ASR_SHARE = 0.6
"""Share of a specialist's time limit that transcribing may take; reading the words and the voice has the rest."""


@dataclass(frozen=True)
class Heard:
    """The utterances that every specialist gets, the speakers that only their voices tell apart, what is lacking."""

    utterances: Sequence[Utterance] = ()
    people: Sequence[Person] = ()
    missing: Sequence[Missing] = ()
    warnings: Sequence[str] = ()
    tools: Sequence[str] = ()
    failed: bool = False  # something that should have worked did not: never kept for a second look


class Hearing:
    """The sound of one clip, listened to at most once; `media` None means that there is no sound."""

    def __init__(self, media: Media | None, settings: Settings):
        self._clip = media
        self._settings = settings
        self._voice_lock, self._words_lock = threading.Lock(), threading.Lock()
        self._voice: Voice | None = None
        self.known: Heard | None = None  # what `heard()` gave, for whoever must not wait

    @property
    def _media(self) -> Media | None:
        return self._clip if self._clip is not None and self._clip.info.has_audio else None

    def voice(self) -> Voice:
        """The frames of the whole sound.

        Raises:
            ToolError: there is no sound, or it could not be read to its end.
        """
        if self._media is None:
            raise ToolError("the clip has no audio stream")
        from emer.tools.voice import listen

        with self._voice_lock:
            if self._voice is None:
                self._voice = listen(self._media.sound_windows())
            return self._voice

    def heard(self, given: Sequence[Utterance]) -> Heard:
        """What was said, given the words that came with the clip; never raises for want of a tool."""
        with self._words_lock:
            if self.known is None:
                try:
                    self.known = self._hear(given)
                except ToolError as error:  # with words given only the voices are not told apart: voice says why
                    why = Missing(modality="transcript", why=f"the words could not be heard: {error}")
                    self.known = Heard(given, missing=[] if given else [why], failed=True)
            return self.known

    def _hear(self, given: Sequence[Utterance]) -> Heard:
        if self._media is None or self._settings.asr == "none" or given:
            return self._apart(Heard(given))
        from emer.tools.asr.door import choose, open_recogniser
        from emer.tools.asr.transcribe import transcribe

        ready = choose(self._settings.asr, self._settings.weights_dir)
        if ready.weights is None:
            why = f"no words were given (--transcript FILE), and none can be heard: {ready.lacks}"
            return Heard(missing=[Missing(modality="transcript", why=why, remedy=ready.remedy)])
        until = time.monotonic() + ASR_SHARE * self._settings.specialist_timeout_s
        stretches = self.voice().activity.stretches
        if not stretches:
            return Heard(missing=[Missing(modality="transcript", why="no speech was found in the sound")])
        recogniser = open_recogniser(ready.back_end, ready.weights)
        found = transcribe(
            self._media.sound_file(), stretches, recogniser, language=self._settings.language, until=until
        )
        heard = Heard(_utterances(found), warnings=_doubts(found), missing=_lacking(found), failed=not found.is_whole)
        return self._apart(replace(heard, tools=[f"{recogniser.tool} {recogniser.version}"]))

    def _apart(self, heard: Heard) -> Heard:
        """The same with the voices told apart, where nobody is named and several may speak."""
        timed = [u for u in heard.utterances if u.start_s is not None and u.end_s is not None]
        if self._media is None or self._settings.no_biometrics or len(timed) < 2:
            return heard
        if any(u.person is not None for u in heard.utterances):
            return heard
        from emer.tools.voices_apart import tell_voices_apart

        spans = [(u.start_s or 0.0, u.end_s or 0.0) for u in timed]
        voices = tell_voices_apart(self.voice(), self._media.sound_file(), spans)
        n_voices = len({one for one in voices.of_span if one is not None})
        if n_voices < 2:
            return heard
        owner = {u.id: f"p{k + 1}" for u, k in zip(timed, voices.of_span, strict=True) if k is not None}
        utterances = [u.model_copy(update={"person": owner.get(u.id)}) for u in heard.utterances]
        people = [
            Person(id=f"p{k}", description=f"voice {k} of {n_voices} that sound different")
            for k in range(1, n_voices + 1)
        ]
        said = (
            f"Who says what was told from the sound of {n_voices} voices alone; similar voices may be mixed up. A "
            "transcript with speakers (NAME: words) is surer."
        )
        gone = set(self._settings.exclude_persons)
        utterances = [u for u in utterances if u.person not in gone]
        return replace(heard, utterances=utterances, people=people, warnings=[*heard.warnings, said])


def _utterances(found: Transcription) -> list[Utterance]:
    return [
        Utterance(
            id=f"u{number}", text=turn.text, language=turn.language, start_s=turn.start_s, end_s=turn.end_s,
            source="asr", confidence=turn.confidence,
        )
        for number, turn in enumerate(found.turns, start=1)
    ]  # fmt: skip


def _doubts(found: Transcription) -> list[str]:
    """What was left out because it was not believed."""
    n = sum(found.doubts.values())
    if not n:
        return []
    kinds = ", ".join(f"{count} for {why}" for why, count in sorted(found.doubts.items()))
    return [f"{n} stretch{'es' * (n > 1)} of recognised words were not believed and left out ({kinds})."]


def _lacking(found: Transcription) -> list[Missing]:
    if not found.is_whole:
        why = f"the words were heard up to {found.heard_until_s:.0f} s only: the time limit (specialist_timeout_s) came"
        return [Missing(modality="transcript", why=why, remedy="EMER_SPECIALIST_TIMEOUT_S=3600")]
    if not found.turns:
        remedy = f"{command()} analyze CLIP --transcript FILE"
        why = "there is speech in the sound, but no words were recognised that can be believed"
        return [Missing(modality="transcript", why=why, remedy=remedy)]
    return []
