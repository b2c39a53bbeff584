"""Ties faces, voices and named speakers to the people p1, p2 … of the Report.

Speakers that the transcript names are numbered first, in order of their first words, before anything is measured,
so that a person can be left out before a specialist sees a word of hers. Faces and unnamed voices follow. One face
and one voice are taken for the same person; with more, a face is somebody who speaks only if its mouth moves with her
voice (`who_speaks`), and nobody is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from emer.schemas import Cue, Person, Series, Utterance
from emer.tools.talking_mouth import Tie

Owned = TypeVar("Owned", Cue, Series, Utterance)


class Cast(NamedTuple):
    """The people of a clip and which local key (`face:1`, `voice:1`) is whom."""

    people: list[Person]
    ids: Mapping[str, str]
    words_of: str | None  # whose the unattributed utterances are, if that can be told
    warnings: list[str]


def number_speakers(speakers: Iterable[str | None]) -> tuple[list[Person], dict[str, str]]:
    """People and ids of the speakers that the transcript names, in order of their first words."""
    names = list(dict.fromkeys(name for name in speakers if name))
    ids = {name: f"p{number}" for number, name in enumerate(names, start=1)}
    return [Person(id=ids[name], description=f"labelled “{name}” in the transcript") for name in names], ids


def cast(
    speakers: Sequence[Person], seen: Sequence[Person], utterances: Sequence[Utterance], *, ties: Sequence[Tie] = ()
) -> Cast:
    """The people of the clip: `speakers` already have ids, `seen` holds what face and voice call theirs.

    A face that is tied to a speaker or a voice by its mouth is that person; `ties` come surest first.
    """
    faces = [person for person in seen if person.id.startswith("face:")]
    voices = [person for person in seen if person.id.startswith("voice:")]
    has_unnamed_words = any(utterance.person is None for utterance in utterances)
    people, ids = list(speakers), dict[str, str]()
    tied = {one.face: one for one in ties}
    is_lone = len(faces) == 1 and len(speakers) <= 1
    for face in faces:
        one = tied.get(face.id)
        face = face if one is None else face.model_copy(update={"description": _talking(face, one)})
        owner = one.speaker if one is not None else None
        at = next((k for k, person in enumerate(people) if person.id == owner), 0 if is_lone and people else None)
        if at is None:
            _add(people, ids, face)
        else:
            ids[face.id] = people[at].id
            people[at] = people[at].model_copy(update={"description": f"{face.description}, {people[at].description}"})
    for voice in voices:
        owners = [ids[one.face] for one in ties if one.speaker == voice.id]
        if len(faces) <= 1 and len(people) == 1 and len(voices) == 1:
            owners = [people[0].id]
        if owners:
            ids[voice.id] = owners[0]
        else:
            _add(people, ids, voice)
    words_of = ids[voices[0].id] if len(voices) == 1 else None
    if words_of is None and not speakers and len(people) == 1:
        words_of = people[0].id
    has_speech = bool(voices or has_unnamed_words or speakers)
    warnings = _guesses(len(faces), len(tied), is_lone=is_lone) if has_speech else []
    return Cast(people, ids, words_of if has_unnamed_words and not speakers else None, warnings)


def _talking(face: Person, one: Tie) -> str:
    how = f"in {one.busy:.0%} of the frames with it; r {one.r:.2f} over {one.n} frames"
    return f"{face.description}, whose mouth moves with the voice ({how})"


def _guesses(n_faces: int, n_tied: int, *, is_lone: bool) -> list[str]:
    """What of the cast nothing measured confirms."""
    if n_tied:
        return []
    if is_lone:
        return ["The one face in view is taken for the one who speaks; nothing measured confirms it."]
    if n_faces > 1:
        return ["No mouth in view clearly moves with the voice, so no face is taken for the one who speaks."]
    return []


def _add(people: list[Person], ids: dict[str, str], person: Person) -> None:
    ids[person.id] = f"p{len(people) + 1}"
    people.append(person.model_copy(update={"id": ids[person.id]}))


def rename(items: Sequence[Owned], cast: Cast) -> list[Owned]:
    """The items with local keys replaced by the ids of the cast."""
    return [
        item if item.person is None else item.model_copy(update={"person": cast.ids.get(item.person, item.person)})
        for item in items
    ]


def claim_words(utterances: Sequence[Utterance], cast: Cast) -> list[Utterance]:
    """The utterances, those of nobody given to the only one who can have said them."""
    if cast.words_of is None:
        return list(utterances)
    return [u if u.person else u.model_copy(update={"person": cast.words_of}) for u in utterances]


def claim_cues(cues: Sequence[Cue], utterances: Sequence[Utterance]) -> list[Cue]:
    """The cues, those anchored in somebody's utterance given to that person."""
    owner = {utterance.id: utterance.person for utterance in utterances}
    return [
        cue
        if cue.person or cue.anchor.utterance is None
        else cue.model_copy(update={"person": owner.get(cue.anchor.utterance)})
        for cue in cues
    ]


def without(items: Sequence[Owned], excluded: Iterable[str]) -> list[Owned]:
    """The items that belong to nobody in `excluded`."""
    gone = set(excluded)
    return [item for item in items if item.person not in gone]
