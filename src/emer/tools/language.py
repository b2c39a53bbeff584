"""Which language words are in: by script first, then by the clip's or the speaker's small words.

English is what Latin script is taken for unless the words speak against it, so that short English ("Yeah.", "Ugh") is
never silenced. One utterance overrides its clip only when it is long and clear, or in another script.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from emer.tools.word_lists import rows, words

DETECTOR_VERSION = "1"
_LETTERS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SCRIPTS: Mapping[str, str] = {
    "HIRAGANA": "ja", "KATAKANA": "ja", "HANGUL": "ko", "CJK": "zh", "DEVANAGARI": "hi", "ARABIC": "ar",
    "CYRILLIC": "ru", "GREEK": "el", "THAI": "th", "HEBREW": "he", "BENGALI": "bn", "TAMIL": "ta", "TELUGU": "te",
    "GUJARATI": "gu", "GURMUKHI": "pa", "KANNADA": "kn", "MALAYALAM": "ml", "SINHALA": "si", "GEORGIAN": "ka",
    "ARMENIAN": "hy", "KHMER": "km", "LAO": "lo", "MYANMAR": "my", "ETHIOPIC": "am", "LATIN": "latin",
}  # fmt: skip
"""By the first word of a letter's Unicode name, the language that the script most often stands for."""
_BY_LETTER: Mapping[str, tuple[tuple[str, frozenset[str]], ...]] = {
    "ru": (("uk", frozenset("іїєґ")), ("sr", frozenset("ђјљњћџ")), ("be", frozenset("ў"))),
    "ar": (("ur", frozenset("ٹڈڑےں")), ("fa", frozenset("پچژگ"))),
    "hi": (("mr", frozenset("ळ")),),
}
_NAMES: Mapping[str, str] = {
    "english": "en", "german": "de", "french": "fr", "spanish": "es", "portuguese": "pt", "italian": "it",
    "dutch": "nl", "polish": "pl", "turkish": "tr", "swedish": "sv", "indonesian": "id", "chinese": "zh",
    "japanese": "ja", "hindi": "hi", "korean": "ko", "arabic": "ar", "russian": "ru",
}  # fmt: skip
_LEAST = 2.0
"""Score (about: distinctive words) from which Latin script may be another language than English."""
_LEAD = 1.5
"""How many times the English score another language's must be."""
_HARDLY, _WITHOUT_ENGLISH = 0.5, 0.65
"""Where hardly a word is English, that share of the score is enough."""
_LETTER, _CLUSTER = 0.6, 0.35
"""What a letter that English lacks counts, shared among the languages that have it, and a run of letters."""
_LEAST_SHARE = 0.12
"""Score per word from which a language may be told: a quoted title does not make a speech French."""
_SHARED = 0.35
"""What a word counts for English and for another language when both have it."""
_PLAIN_WORDS = 4
_OWN_WORDS, _OWN_LEAST, _OWN_LEAD = 7, 3.0, 2.5
"""The same for one utterance against its clip: this many words, this score, this lead."""
_SPEAKER_WORDS = 12
_POOL = 4000
"""Words that are looked at for a clip or a speaker; more change nothing."""


class LanguageReading(NamedTuple):
    """The language of a clip and of each of its utterances, as ISO 639-1 codes.

    Attributes:
        language: the clip's, that of most of its letters; None when no letter was said.
        utterances: each utterance's; one without letters ("?!", an emoji) takes the clip's.
    """

    language: str | None
    utterances: tuple[str | None, ...]


def detect(
    texts: Sequence[str], *, given: str | None = None, speakers: Sequence[str | None] | None = None
) -> LanguageReading:
    """The language of a clip's utterances; what is `given` ("en", "de-AT", "German") wins over everything.

    Args:
        texts: the utterances in order.
        given: the user's word.
        speakers: who says each utterance, so that each speaker may have a language of her own.
    """
    if given is not None and given.strip():
        code = _code(given)
        return LanguageReading(code, (code,) * len(texts))
    owners = list(speakers) if speakers is not None else [None] * len(texts)
    scripts = [_script(text) for text in texts]
    latin = _latin_languages(texts, scripts, owners)
    own = [
        _own_language(text, script, latin[owner]) for text, script, owner in zip(texts, scripts, owners, strict=True)
    ]
    letters = Counter[str]()
    for language, text in zip(own, texts, strict=True):
        if language is not None:
            letters[language] += sum(char.isalpha() for char in text)
    clip = min(letters, key=lambda code: (-letters[code], code)) if letters else None
    return LanguageReading(clip, tuple(language or clip for language in own))


def _code(given: str) -> str:
    name = given.strip().lower().replace("_", "-")
    return _NAMES.get(name, name.partition("-")[0])


def _script(text: str) -> str | None:
    """The language that the script of most letters stands for, "latin" for Latin script, None without letters.

    Ideographs with any kana among them are Japanese. A letter of a dense script stands for a syllable, so it counts
    twice against Latin ones: one foreign name does not make a sentence English.
    """
    found = Counter(_script_of(char) for char in text if char.isalpha() or char in "ー")
    found.pop("", None)
    if not found:
        return None
    if found["ja"] and found["ja"] >= 0.1 * found["zh"]:
        found["ja"] += found.pop("zh", 0)
    weights = {code: n * (1 if code == "latin" else 2) for code, n in found.items()}
    best = min(weights, key=lambda code: (-weights[code], code))
    return _variant(best, text)


@cache
def _script_of(char: str) -> str:
    name = unicodedata.name(char, "")
    for prefix in ("FULLWIDTH ", "HALFWIDTH ", "MATHEMATICAL "):
        name = name.removeprefix(prefix)
    if name.startswith(("BOLD", "ITALIC", "SANS", "SCRIPT", "FRAKTUR", "MONOSPACE", "DOUBLE-STRUCK")):
        return "latin"
    return _SCRIPTS.get(name.split(" ", 1)[0].split("-", 1)[0], "") if name else ""


def _variant(code: str, text: str) -> str:
    lowered = text.lower()
    for variant, letters in _BY_LETTER.get(code, ()):
        if any(char in letters for char in lowered):
            return variant
    return code


def _latin_languages(
    texts: Sequence[str], scripts: Sequence[str | None], owners: Sequence[str | None]
) -> Mapping[str | None, str]:
    """The language of what each speaker says in Latin script; one who says little is taken for the whole clip's."""
    said: defaultdict[str | None, list[str]] = defaultdict(list)
    everything: list[str] = []
    for text, script, owner in zip(texts, scripts, owners, strict=True):
        if script == "latin" and len(said[owner]) < _POOL:
            found = _words(text)
            said[owner] += found
            everything += found if len(everything) < _POOL else []
    whole = _tell(everything, least=_LEAST, lead=_LEAD) or "en"
    return {owner: _of_speaker(said[owner], whole) for owner in dict.fromkeys(owners)}


def _of_speaker(said: Sequence[str], whole: str) -> str:
    if len(said) < _SPEAKER_WORDS:
        return whole
    return _tell(said, least=_OWN_LEAST, lead=_LEAD) or _english_or(said, whole)


def _english_or(said: Sequence[str], whole: str) -> str:
    """English where the speaker's own words say so, else the language of the clip."""
    english, foreign = _scores(said)
    return "en" if english >= _OWN_LEAST and english > _LEAD * foreign.get(whole, 0.0) else whole


def _own_language(text: str, script: str | None, around: str) -> str | None:
    """The utterance's own language where it is long and clear, else that of its speaker or clip."""
    if script != "latin":
        return script
    said = _words(text)
    if len(said) < _OWN_WORDS and not _is_plain(said):
        return around
    if around == "en":
        return _tell(said, least=_OWN_LEAST, lead=_OWN_LEAD) or "en"
    english, foreign = _scores(said)
    is_english = english >= _OWN_LEAST and english >= _OWN_LEAD * max(foreign.values(), default=0.0)
    return "en" if is_english else around


def _is_plain(said: Sequence[str]) -> bool:
    """Whether a short utterance is clear all the same: nearly every word is distinctive, hardly one is English."""
    english, foreign = _scores(said)
    return len(said) >= _PLAIN_WORDS and english < 0.2 * len(said) and max(foreign.values(), default=0.0) >= _OWN_LEAST


def _tell(said: Sequence[str], *, least: float, lead: float) -> str | None:
    """The language other than English that the words are clearly in, or None."""
    english, foreign = _scores(said)
    if not foreign:
        return None
    best = min(foreign, key=lambda code: (-round(foreign[code], 6), code))
    is_all = len(said) <= 3 and english == 0 and all(best in _profiles().of_word.get(word, ()) for word in said)
    if english < _HARDLY and len(said) > 1:
        least *= _WITHOUT_ENGLISH
    is_enough = foreign[best] >= least or (is_all and foreign[best] >= 1.0)
    share = foreign[best] / max(len(said), 1)
    return best if is_enough and foreign[best] > lead * english and share >= _LEAST_SHARE else None


def _scores(said: Iterable[str]) -> tuple[float, dict[str, float]]:
    """How many of the words are English, and how distinctively the words are of each other language.

    A word that languages share counts less for each; one that English shares ("die", "so") counts little for all.
    """
    english, foreign = 0.0, defaultdict[str, float](float)
    known = words("english")
    for word in said:
        languages = _profiles().of_word.get(word, ())
        is_english = word in known
        english += is_english * (_SHARED if languages else 1.0)
        for code in languages:
            foreign[code] += _weight(word, is_english=is_english, n_languages=len(languages))
        if not is_english:
            for code, weight in _spelling(word):
                foreign[code] += weight
    return english, dict(foreign)


def _weight(word: str, *, is_english: bool, n_languages: int) -> float:
    if len(word) == 1:  # single letters are spelt-out words in English: "S P O I L E R"
        return 0.2
    return _SHARED if is_english else 1.0 if n_languages == 1 else 0.75


@lru_cache(maxsize=20_000)
def _spelling(word: str) -> tuple[tuple[str, float], ...]:
    """What a word's spelling says for each language: letters that English lacks, runs that it seldom has."""
    profiles, ends = _profiles(), f"{word}$"
    letters = [
        (code, _LETTER / len(codes) ** 0.5) for mark, codes in profiles.of_letter if mark in word for code in codes
    ]
    return (*letters, *((code, _CLUSTER) for code, cluster in profiles.clusters if cluster in ends))


def _words(text: str) -> list[str]:
    plain = re.sub("[¡¿]", " ¿que ", text.replace("’", "'").lower())  # only Spanish opens a question or a cry
    return [part for match in _LETTERS.finditer(plain) for part in _parts(match.group())]


def _parts(word: str) -> list[str]:
    """The word; its elision apart ("j'ai", "dell'anno"), an English contraction whole ("don't", "i'm")."""
    head, mark, tail = word.partition("'")
    if not mark or word in words("english") or tail in ("s", "t", "m", "re", "ve", "ll", "d") or len(head) > 5:
        return [word]
    return [f"{head}'", tail]


class _Profiles(NamedTuple):
    """The tables by what is looked up: the languages of a word and of a letter, and each language's runs of letters."""

    of_word: Mapping[str, tuple[str, ...]]
    of_letter: tuple[tuple[str, tuple[str, ...]], ...]
    clusters: tuple[tuple[str, str], ...]


@cache
def _profiles() -> _Profiles:
    by_word: defaultdict[str, list[str]] = defaultdict(list)
    by_letter: defaultdict[str, list[str]] = defaultdict(list)
    clusters = []
    for row in rows("languages.tsv"):
        for word in row["words"].split():
            by_word[word].append(row["code"])
        for letter in row["letters"].split():
            by_letter[letter].append(row["code"])
        clusters += [(row["code"], cluster) for cluster in row["clusters"].split()]
    letters = tuple((letter, tuple(codes)) for letter, codes in by_letter.items())
    return _Profiles({word: tuple(codes) for word, codes in by_word.items()}, letters, tuple(clusters))
