"""Ties faces, voices and named speakers to the people p1, p2 … of the Report.

Speakers that the transcript names are numbered first, in order of their first words, before anything is measured,
so that a person can be left out before a specialist sees a word of hers. Faces and unnamed voices follow. One face
and one voice are taken for the same person; with more, nobody is guessed (who speaks is told by `tools` when it can).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, TypeVar

from emer.schemas import Cue, Person, Series, Utterance

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


def cast(speakers: Sequence[Person], seen: Sequence[Person], utterances: Sequence[Utterance]) -> Cast:
    """The people of the clip: `speakers` already have ids, `seen` holds what face and voice call theirs."""
    faces = [person for person in seen if person.id.startswith("face:")]
    voices = [person for person in seen if person.id.startswith("voice:")]
    has_unnamed_words = any(utterance.person is None for utterance in utterances)
    people, warnings = list(speakers), list[str]()
    ids: dict[str, str] = {}
    if len(faces) == 1 and len(speakers) <= 1:
        _merge_or_add(people, ids, faces[0])
        if voices or has_unnamed_words or speakers:
            warnings.append("The one face in view is taken for the one who speaks; nothing measured confirms it.")
    else:
        for face in faces:
            _add(people, ids, face)
    talkers = [people[0]] if len(faces) <= 1 and len(people) == 1 else []
    for voice in voices:
        if talkers and len(voices) == 1:
            ids[voice.id] = talkers[0].id
        else:
            _add(people, ids, voice)
    words_of = ids[voices[0].id] if len(voices) == 1 else None
    if words_of is None and not speakers and len(people) == 1:
        words_of = people[0].id
    return Cast(people, ids, words_of if has_unnamed_words and not speakers else None, warnings)


def _add(people: list[Person], ids: dict[str, str], person: Person) -> None:
    ids[person.id] = f"p{len(people) + 1}"
    people.append(person.model_copy(update={"id": ids[person.id]}))


def _merge_or_add(people: list[Person], ids: dict[str, str], face: Person) -> None:
    if not people:
        _add(people, ids, face)
        return
    ids[face.id] = people[0].id
    people[0] = people[0].model_copy(update={"description": f"{face.description}, {people[0].description}"})


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
