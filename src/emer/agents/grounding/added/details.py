"""Details: what an observation adds beside things: parts of the body, acts told as nouns, further persons."""

from __future__ import annotations

import re

from emer.agents.grounding.added.things import is_thing
from emer.agents.grounding.record import Claim
from emer.agents.grounding.words.figurative import AS_IF, FIGURES
from emer.agents.grounding.words.kin import is_there
from emer.agents.grounding.words.nouns import is_same, mark
from emer.agents.grounding.words.wording import DENIALS, ID, QUOTE, words

_LIMBS = frozenset(
    (
        *("leg", "legs", "foot", "feet", "knee", "knees", "toes", "heels", "ankle", "ankles", "hips", "waist", "belly"),
        *("fingers", "thumb", "thumbs", "wrist", "wrists", "elbow", "elbows", "fingertips", "knuckles", "stomach"),
        *("hair", "neck", "nape", "beard", "tongue", "ear", "ears", "temple", "temples", "nails", "sleeves", "fringe"),
    )
)
"""Parts of the body that no other word of a cue stands for."""
_ALIKE = {
    "foot": "feet heel heels shoe shoes floor stamps", "feet": "foot heel heels shoe shoes stamps",
    "fingers": "finger hand hands fist fists thumb thumbs taps drums", "thumb": "thumbs hand hands finger",
    "thumbs": "thumb hand hands fingers", "hair": "head strand curls fringe", "neck": "nape throat head",
    "nape": "neck", "knuckles": "fist fists hands fingers", "ear": "phone head receiver", "ears": "hands head",
    "fingertips": "finger fingers hand hands taps", "elbow": "arm arms", "elbows": "arm arms", "wrist": "hand watch",
    "knees": "knee kneels lap", "knee": "knees kneels lap", "legs": "leg", "leg": "legs", "heels": "feet",
    "toes": "foot feet", "tongue": "lick",
}  # fmt: skip
_HANDLES = re.compile(
    r"\b(?:rubs?|rubbing|scratch|touch|hold|grip|stroke|tap|drum|point|clutch|squeez|wipe|wring)", re.I
)
"""What hands do, though a cue does not name them."""
_NOMINAL = re.compile(
    r"\b(?:an?|two|three|another)(?: [a-z-]+){0,2}? (?P<act>handshakes?|hugs?|kiss(?:es)?|curtsy|salute|high[- ]five"
    r"|embrace|wave|bow|shrugs?|pat|slap|stamp|kick|clap|wink|yawn|sneeze|hiccup|cough|whistle|thumbs[- ]up|sob"
    r"|fist[- ]bump|pirouette|somersault|curtsey|handstand|snort|burp|sip|gulp)\b",
    re.IGNORECASE,
)
_OF_ACT = {
    "handshake": "hand hands shakes shake", "hug": "embraces arms hugs", "embrace": "hugs arms", "wave": "waves hand",
    "high-five": "palm palms hands", "thumbs-up": "thumb thumbs", "fist-bump": "fist fists", "bow": "bows bends",
    "curtsy": "knees curtsies bows", "shrug": "shrugs shoulders", "pat": "pats taps claps hand", "kick": "kicks foot",
    "slap": "slaps strikes hits", "clap": "claps applauds hands", "wink": "winks eye", "sip": "drinks sips cup glass",
    "gulp": "swallows drinks gulps", "kiss": "kisses lips", "cough": "coughs clears throat", "stamp": "stamps foot",
    "sob": "sobs weeps cries tearful", "snort": "snorts laughs", "salute": "salutes hand", "yawn": "yawns mouth",
}  # fmt: skip
"""By which words a cue tells an act that a claim tells by a noun."""
_OTHERS = re.compile(
    r"\b(?:another|(?:two|three|four|five|six|several|some|many|a few|a couple of|a number of)(?: other)?|other)"
    r" (?P<who>[a-z]+)\b(?! of\b)(?: (?P<next>[a-z]+)\b(?! of\b))?",
    re.IGNORECASE,
)
_ANYBODY = {"people", "persons", "men", "women", "boys", "girls", "children", "passengers", "onlookers", "bystanders"}


def strange_detail(claim: Claim) -> str | None:
    """A part of the body, an act or a person of whom no cue which an observation cites tells."""
    if claim.step.type != "observation":
        return None
    given = (claim.record.said(cue).lower() for cue in claim.record.cues.values() if cue.kind == "given")
    around = " ".join([claim.said, *claim.record.people.values(), *given]).lower()
    text = QUOTE.sub("“", ID.sub(" ", claim.step.claim))
    for form in (FIGURES, AS_IF):
        text = form.sub("·", text)
    if DENIALS & set(words(text)):
        return None
    strange = _limb(text, around) or _nominal(text, around) or _other(text, around)
    return f"tells of “{strange}”, which no cited cue shows" if strange else None


def _limb(text: str, around: str) -> str | None:
    there = set(words(around))
    if _HANDLES.search(around):
        there |= {"hand", "hands"}
    for word in words(text):
        if word in _LIMBS and word not in there and not there & set(_ALIKE.get(word, "").split()):
            return word
    return None


def _nominal(text: str, around: str) -> str | None:
    for found in _NOMINAL.finditer(text):
        act = found["act"].lower().replace(" ", "-")
        act = act.removesuffix("es") if act.startswith("kiss") else act if act == "thumbs-up" else act.removesuffix("s")
        if not is_there(act, around) and not set(words(around)) & set(_OF_ACT.get(act, "").split()):
            return found["act"]
    return None


def _other(text: str, around: str) -> str | None:
    """Persons besides those of the clip: "another shopper", "two other travellers"."""
    for found in _OTHERS.finditer(text):
        is_another = found.group().lower().startswith("another")
        for who in (found["who"].lower(), (found["next"] or "").lower()):
            is_person = who in _ANYBODY or mark(who) == "p" or (is_another and is_thing(who))
            if is_person and not is_there(who, around) and not any(is_same(who, one) for one in words(around)):
                return who
    return None
