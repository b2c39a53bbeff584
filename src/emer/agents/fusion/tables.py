"""Every constant of the offline judge, with where it comes from.

`numbers()` gives them all as plain data, so that a Report can carry them (`provenance.settings`).
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

JUDGE_VERSION: Final = "4"

Channel = Literal[
    "words", "labels", "mention", "face_classes", "action_units", "voice", "scene", "described", "named", "cases"
]


class Validity(NamedTuple):
    """How far evidence of one kind goes with what observers attribute, 0..1, and why we think so.

    It is the share in the mixture of `likelihood.contaminated`: with chance rho the cue belongs to the state that an
    observer of the whole clip attributes, else it is anybody's. Observers of one channel who hit a class with share p
    where chance hits c leave rho = (p - c) / (1 - c). What a person *feels* goes with her face far less (about .2,
    Duran and Fernandez-Dols 2021); but a confidence here is the chance that an annotator accepts the label.
    """

    rho: float
    source: str


_CREMA = "Cao et al. 2014, IEEE Trans. Affective Computing 5(4), abstract, CREMA-D: six classes, 2,443 raters"
VALIDITY: Final[dict[Channel, Validity]] = {
    "words": Validity(.65, "two groups of raters agree on valence at CCC .645, EmoBank (Buechel and Hahn 2017)"),
    "mention": Validity(.5, "below the words model: a lexicon sees a word, not its use; our judgement"),
    "labels": Validity(.5, "as mention: the labels of a text model that the user named, of which we measured nothing"),
    "face_classes": Validity(.5, f"58.2 % are recognised from the picture alone, (.582 - 1/6) / (5/6); {_CREMA}"),
    "action_units": Validity(.5, "as face_classes: the same face, measured by parts"),
    "voice": Validity(.29, f"40.9 % are recognised from the sound alone, (.409 - 1/6) / (5/6); {_CREMA}"),
    "scene": Validity(.29, "viewers infer the affect of masked people from the scene in high agreement (Chen and "
                           "Whitney 2019, PNAS 116); we found no figure by class and take the voice's"),
    "described": Validity(.2, "somebody else's observation of something that is neither face, voice nor scene; ours"),
    "named": Validity(.15, "a description that names an emotion is a conclusion, not an observation: half of the "
                           "voice's and the scene's; ours"),
    "cases": Validity(.2, "a past clip is an analogy; .05 for cases that we wrote ourselves; our judgement"),
}  # fmt: skip
_CONTEXT = "beside words people judge by the situation, not by the face (Carroll and Russell 1996, JPSP 70(2))"
BESIDE_WORDS: Final[dict[Channel, Validity]] = {
    "face_classes": Validity(.2, "faces go with the emotion in about a fifth of cases (Duran and Fernandez-Dols "
                                 f"2021); {_CONTEXT}"),
    "action_units": Validity(.2, "as face_classes: the same face, measured by parts"),
    "voice": Validity(.25, "acted voices are decoded halfway between chance and perfect (about 60 % against 12 %, "
                           "Scherer 2003, Speech Communication 40); halved, since few clips are acted"),
    "scene": Validity(.15, "below the face: context moves a reading (Barrett et al. 2011) but seldom names it; ours"),
    "named": Validity(.1, "half of described; ours"),
}  # fmt: skip
"""Validities where the person's words are read too: onlookers who know what is said lean on it, and less on the rest.
The numbers of version 1; version 2 took those of `VALIDITY` everywhere and lost 2.6 points by it (docs/judge.md)."""
AUTHORED_CASE_RHO: Final = 0.05

VOTE_CAP: Final = 3.0
"""Nats: the most that one modality may move a state, up or down (a factor of 20)."""
DETAIL_WEIGHT: Final = 0.2
"""What a detail of a sentence (an affect word, an exclamation mark) weighs beside the words model's reading."""
TOLD_EXACTLY: Final = 0.5
"""Share in which a describer's emotion word is taken for that very state, not for where it lies among the others. That
she may be wrong is in the validity of what is named; ours."""
VAD_WIDTH: Final = 0.35
"""Standard deviation of the Gaussian around a state's point, -1..1: what the ontology's words scatter around their
state (.22 an axis, `training/ontology/agreement.py`), and a step of the nine of SAM (.25; Lang 1980), in quadrature."""
LEAD_MASS: Final = 0.7
LEAD_STATES: Final = 4
MIN_VOTE: Final = 0.08
"""Nats: below this total vote for the leading state nothing is concluded."""
MIN_MARGIN: Final = 0.08
"""Nats that the leading state's vote must stand above the median state's."""
MIN_CONFIDENCE: Final = 0.1
"""Below this chance that an annotator accepts the best label nothing is concluded: one in ten is no reading."""
SECOND_DISTANCE: Final = 0.5
"""In VAD space: a second label nearer to the first is a shade of it and is not told."""
SECOND_SHARE: Final = 0.5
"""A second label needs this share of the first one's probability, a mixed one (opposite valence) `MIXED_SHARE`."""
MIXED_SHARE: Final = 0.2
MIN_SECOND_VOTE: Final = 0.69
"""Nats (a factor of 2): a second label must be at least twice as likely as before the evidence."""
MIN_DELTA: Final = 0.02
"""Nats: a cue that moves a state by less is no evidence for or against it."""
USED_WORD_BONUS: Final = 1.5
"""Nats for a word that the person used: her own word is the one that she would accept."""
NEAR: Final = (
    ("anger", "annoyance"), ("annoyance", "disapproval"), ("joy", "excitement"), ("joy", "amusement"),
    ("fear", "nervousness"), ("sadness", "grief"), ("sadness", "disappointment"), ("admiration", "approval"),
    ("love", "caring"), ("curiosity", "confusion"),
)  # fmt: skip
"""Pairs of states of which who gave one would accept a word for the other: they differ in strength or cluster together
in raters' choices (Demszky et al. 2020, fig. 2); which of them count is our judgement."""
PLAIN_WORD_BONUS: Final = 0.4
"""Nats for the plain word of a state (joyful, annoyed) at a clear intensity (.66), none at .33 and 1."""
IRONY: Final = {"annoyance": 0.5, "disapproval": 0.3, "amusement": 0.2}
"""What pleasant words stand for if meant ironically: criticism, or play (Dews and Winner 1995); weights ours."""
CONFLICT_DISTANCE: Final = 0.25
"""Of 0..1 in the valence-arousal square (1 = its diagonal): modalities further apart than this disagree."""
CONFLICT_AROUSAL: Final = 0.7
"""Difference in arousal from which an animated voice beside flat words (or the reverse) is told as a conflict."""
CONFLICT_VALENCE: Final = 0.15
"""Each side of a conflict must lie at least this far from neutral valence, on opposite sides."""
CHANGE_DISTANCE: Final = 0.25
"""Total variation, 0..1, between the readings before and after a moment: above it the emotion has changed."""
SHOWN_TRUST: Final = 0.8
"""Trust in every cue when it is asked *when* something changed: a change of face is one, whatever faces are worth."""
MAX_MOMENTS: Final = 12
LEAST_MOMENT_S: Final = 1.0
"""Seconds: an emotion that is told apart from what came before lasts at least this long."""

LEAST_MOMENT_SHARE: Final = 0.3
"""Of a clip of less than 3.3 seconds: there, so much of it is enough. An expression lasts half a second to four
(Ekman 2003, Emotions Revealed)."""

FACE_CLASSES: Final = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")

OTHER_FACE_READERS: Final = ("hsemotion", "deepface")
"""Tools whose classes are read against people's agreement (`FER_AGREEMENT`): their confusions are not known here."""
CONTEMPT_SHARES: Final = {"angry": 0.5, "disgust": 0.5}
"""Where a face that a reader with eight classes calls contemptuous goes among seven, which have no such class: ours."""

FACE_SHOWS: Final[dict[str, tuple[float, ...]]] = {
    # P(class that raters give | state) of a face that goes with the state at all (that many do not is what the validity
    # is for), columns as FACE_CLASSES. Our judgement, from the Ekman groups of Demszky et al. (2020), appendix.
    "admiration": (.00, .00, .00, .70, .00, .14, .16),
    "amusement": (.00, .00, .00, .87, .00, .07, .06),
    "anger": (.69, .11, .03, .02, .06, .03, .06),
    "annoyance": (.52, .17, .02, .02, .12, .02, .13),
    "approval": (.00, .00, .00, .73, .00, .05, .22),
    "caring": (.03, .00, .04, .49, .28, .00, .16),
    "confusion": (.20, .07, .11, .04, .14, .28, .16),
    "curiosity": (.08, .00, .03, .24, .05, .40, .20),
    "desire": (.03, .00, .03, .58, .13, .03, .20),
    "disappointment": (.15, .10, .04, .02, .56, .02, .11),
    "disapproval": (.38, .30, .03, .03, .13, .03, .10),
    "disgust": (.22, .60, .03, .02, .05, .02, .06),
    "embarrassment": (.06, .06, .15, .28, .25, .08, .12),
    "excitement": (.01, .00, .02, .69, .00, .23, .05),
    "fear": (.04, .03, .55, .02, .13, .18, .05),
    "gratitude": (.00, .00, .00, .75, .06, .06, .13),
    "grief": (.07, .04, .13, .00, .66, .03, .07),
    "joy": (.00, .00, .00, .91, .00, .04, .05),
    "love": (.00, .00, .00, .80, .04, .04, .12),
    "nervousness": (.05, .03, .41, .10, .18, .10, .13),
    "optimism": (.00, .00, .00, .75, .03, .04, .18),
    "pride": (.04, .00, .00, .77, .00, .03, .16),
    "realization": (.03, .03, .06, .12, .09, .51, .16),
    "relief": (.00, .00, .03, .60, .11, .13, .13),
    "remorse": (.05, .05, .10, .01, .65, .02, .12),
    "sadness": (.05, .02, .06, .01, .77, .01, .08),
    "surprise": (.02, .01, .11, .13, .02, .68, .03),
    "neutral": (.03, .01, .01, .04, .04, .01, .86),
}  # fmt: skip


EKMAN_SHARES: Final[dict[str, tuple[tuple[str, float], ...]]] = {
    # Which of Ekman's six a state goes to when only six (and neutral) are on offer: the groups of the GoEmotions paper
    # (Demszky et al. 2020, appendix), except that mild and thinking states leave a share to neutral: our judgement.
    "admiration": (("joy", .9),), "amusement": (("joy", 1.0),), "anger": (("anger", 1.0),),
    "annoyance": (("anger", .9),), "approval": (("joy", .4),), "caring": (("joy", .4), ("sadness", .1)),
    "confusion": (("surprise", .4),), "curiosity": (("surprise", .3),), "desire": (("joy", .5),),
    "disappointment": (("sadness", .8), ("anger", .1)), "disapproval": (("anger", .5), ("disgust", .1)),
    "disgust": (("disgust", 1.0),), "embarrassment": (("sadness", .5), ("fear", .2)), "excitement": (("joy", 1.0),),
    "fear": (("fear", 1.0),), "gratitude": (("joy", .9),), "grief": (("sadness", 1.0),), "joy": (("joy", 1.0),),
    "love": (("joy", 1.0),), "nervousness": (("fear", .9),), "optimism": (("joy", .7),), "pride": (("joy", .9),),
    "realization": (("surprise", .5),), "relief": (("joy", .9),), "remorse": (("sadness", .9),),
    "sadness": (("sadness", 1.0),), "surprise": (("surprise", 1.0),), "neutral": (),
}  # fmt: skip


class Combination(NamedTuple):
    """Action units that raters read as one class when they come together; `extra` ones make it clearer."""

    face_class: str
    needed: tuple[int, ...]
    extra: tuple[int, ...]
    weight: float
    source: str


_GUIDE = "FACS Investigator's Guide (Ekman, Friesen and Hager 2002), table 10-1"
_DU = "Du, Tao and Martinez 2014, PNAS 111, table 1"
_EMFACS = "EMFACS (Friesen and Ekman 1983)"
COMBINATIONS: Final = (
    Combination("happy", (6, 12), (25,), 1.0, _EMFACS),
    Combination("happy", (12, 25), (6,), 1.0, _DU),
    Combination("happy", (12,), (6, 25), 0.7, _EMFACS),
    Combination("sad", (1, 4, 15), (6, 11, 17), 1.0, _EMFACS),
    Combination("sad", (4, 15), (1, 6, 11, 17), 0.9, _DU),
    Combination("sad", (1, 15), (4, 17), 0.8, _EMFACS),
    Combination("sad", (1, 4), (15, 17), 0.6, _EMFACS),
    Combination("sad", (6, 15), (1, 4, 17), 0.8, _GUIDE),
    Combination("sad", (11, 17), (1, 15), 0.6, _GUIDE),
    Combination("fear", (1, 2, 4, 5, 20), (25, 26), 1.0, _EMFACS),
    Combination("fear", (1, 4, 20, 25), (2, 5, 26), 1.0, _DU),
    Combination("fear", (5, 20), (1, 4, 25), 0.7, _EMFACS),
    Combination("fear", (1, 2, 4, 5), (20, 25, 26), 0.9, _GUIDE),
    Combination("angry", (4, 5, 7, 23), (10, 17, 24), 1.0, _EMFACS),
    Combination("angry", (4, 7, 24), (10, 17, 23), 1.0, _DU),
    Combination("angry", (4, 7, 23), (10, 17, 24), 0.9, _EMFACS),
    Combination("angry", (4, 24), (7, 17, 23), 0.7, _DU),
    Combination("angry", (4, 7), (5, 17, 23, 24), 0.5, _EMFACS),
    Combination("angry", (4, 5, 23), (7, 10, 25), 0.8, _GUIDE),
    Combination("angry", (4, 5, 7), (10, 17, 23, 24), 0.7, _GUIDE),
    Combination("angry", (4, 23), (5, 7, 17), 0.6, _GUIDE),
    Combination("disgust", (9, 10, 17), (4, 24), 1.0, _DU),
    Combination("disgust", (9,), (4, 10, 17, 25), 0.8, _EMFACS),
    Combination("disgust", (10,), (9, 17), 0.4, _EMFACS),
    Combination("disgust", (10, 17), (4, 9), 0.7, _GUIDE),
    Combination("surprise", (1, 2, 5, 26), (25,), 1.0, _EMFACS),
    Combination("surprise", (1, 2, 25, 26), (5,), 1.0, _DU),
    Combination("surprise", (1, 2, 5), (25, 26), 0.8, _EMFACS),
    Combination("surprise", (1, 2), (5, 26), 0.5, _EMFACS),
    Combination("surprise", (1, 2, 26), (5, 25), 0.8, _GUIDE),
)
AU_FULL: Final = 2.0
"""Intensity (FACS A-E as 1-5) from which a unit counts as fully there: B, since coders and detectors of moving faces
seldom go above C (Ekman, Friesen and Hager 2002; our judgement)."""
AU_EXTRA: Final = 0.15
"""What each further unit of the combination adds to its activation, at most to 1."""
AU_FLOOR: Final = 0.04
"""What every class keeps beside a clear combination: that coders err. How little a face may mean is in its validity."""
AU_OPEN: Final = 0.3
"""What every class keeps where nothing marked is seen: an absent movement is weaker evidence than a present one."""
AU_MINIMUM: Final = 1.0
"""Intensity below which a unit is a trace (below FACS A) and says nothing; speech alone moves 25 and 26 that far."""

GO_COUNTS: Final = {
    # rows of the GoEmotions train split (43,410) that carry each label: base rates until the encoder brings its own
    "admiration": 4130, "amusement": 2328, "anger": 1567, "annoyance": 2470, "approval": 2939, "caring": 1087,
    "confusion": 1368, "curiosity": 2191, "desire": 641, "disappointment": 1269, "disapproval": 2022, "disgust": 793,
    "embarrassment": 303, "excitement": 853, "fear": 596, "gratitude": 2662, "grief": 77, "joy": 1452, "love": 2086,
    "nervousness": 164, "optimism": 1581, "pride": 111, "realization": 1110, "relief": 153, "remorse": 545,
    "sadness": 1326, "surprise": 1060, "neutral": 14219,
}  # fmt: skip
GO_ROWS: Final = 43410
FER_COUNTS: Final = {
    "angry": 3995, "disgust": 436, "fear": 4097, "happy": 7215, "sad": 4830, "surprise": 3171, "neutral": 4965,
}  # fmt: skip
"""Faces of each class in FER2013 train (28,709), Goodfellow et al. 2013."""
FER_AGREEMENT: Final = 0.65
"""Share of FER2013 faces on which a person agrees with the label, 65 +- 5 % (Goodfellow et al. 2013)."""


def validity(channel: Channel, *, beside_words: bool) -> float:
    """Rho of a kind of cue, 0..1, alone or where the person's words are read too."""
    table = BESIDE_WORDS if beside_words and channel in BESIDE_WORDS else VALIDITY
    return table[channel].rho


def numbers() -> dict[str, object]:
    """Every setting of the judge as plain data, for `provenance.settings`."""
    return {
        "version": JUDGE_VERSION,
        "validity": {name: value.rho for name, value in VALIDITY.items()} | {"authored_cases": AUTHORED_CASE_RHO},
        "validity_beside_words": {name: value.rho for name, value in BESIDE_WORDS.items()},
        "vote_cap": VOTE_CAP,
        "detail_weight": DETAIL_WEIGHT,
        "vad_width": VAD_WIDTH,
        "told_exactly": TOLD_EXACTLY,
        "lead": {"mass": LEAD_MASS, "states": LEAD_STATES},
        "abstain_below": {"vote": MIN_VOTE, "margin": MIN_MARGIN, "confidence": MIN_CONFIDENCE},
        "second_label": {
            "distance": SECOND_DISTANCE,
            "share": SECOND_SHARE,
            "mixed": MIXED_SHARE,
            "vote": MIN_SECOND_VOTE,
        },
        "min_delta": MIN_DELTA,
        "near": [list(pair) for pair in NEAR],
        "used_word_bonus": USED_WORD_BONUS,
        "plain_word_bonus": PLAIN_WORD_BONUS,
        "conflict": {"distance": CONFLICT_DISTANCE, "valence": CONFLICT_VALENCE, "arousal": CONFLICT_AROUSAL},
        "change": {"distance": CHANGE_DISTANCE, "least_s": LEAST_MOMENT_S, "least_share": LEAST_MOMENT_SHARE},
        "action_units": {"full": AU_FULL, "extra": AU_EXTRA, "floor": AU_FLOOR, "open": AU_OPEN, "minimum": AU_MINIMUM},
    }
