"""How stirred a voice sounds, -1 (subdued) .. 1 (stirred), by a fixed formula.

Arousal goes with higher and more varied pitch, more energy in the high frequencies, a louder, livelier and faster
voice: Scherer (2003), Speech Communication 40, table 1; Juslin and Laukka (2003), Psychological Bulletin 129, table 7;
Laukka, Juslin and Bresin (2005), Cognition and Emotion 19; Bänziger and Scherer (2005), Speech Communication 46;
Weninger et al. (2013), Frontiers in Psychology 4; Eyben et al. (2016), IEEE Transactions on Affective Computing 7.
Directions come from there; the four families (pitch, level, spectral balance, movement and pace) weigh the same, as is
best where nothing may be fitted: Dawes (1979), American Psychologist 34.

Version 4. Versions, hashes, times and what each scored are in `training/voice/README.md`; nothing was fitted.

The pitch is read against the register that goes with the vocal tract, or every high voice would count as stirred and
every low one as subdued: listeners use both (Smith and Patterson 2005, JASA 118). The level is read against the nominal
level of recorded speech with a step as wide as gains usually differ: an unknown gain makes it a weaker witness, not
none. No cue's words say "loud".
"""

from __future__ import annotations

from math import isnan, tanh
from typing import NamedTuple

from emer.tools.voice import Measures


class Term(NamedTuple):
    """One measure of the formula.

    Attributes:
        measure: a field of `Measures`.
        within: the field that is compared inside of one recording.
        weight: its share; negative where the measure falls with arousal.
        norm: what is ordinary in adult speech.
        spread: how far from the norm counts as one step between speakers and recordings.
        spread_within: the same for one speaker in one recording.
        why: where the norm comes from.
    """

    measure: str
    within: str
    weight: float
    norm: float
    spread: float
    spread_within: float
    why: str


TERMS = (
    Term("f0_over_register_st", "f0_st", 0.25, 0.0, 5.0, 3.0,
         "typical means of 120 Hz and 210 Hz (Traunmüller and Eriksson 1995), by the length of the vocal tract"),
    Term("f0_range_st", "f0_range_st", 1 / 12, 4.5, 2.5, 2.5,
         "ours; a standard deviation of 2-4 semitones between reading and lively talk (Traunmüller and Eriksson 1995)"),
    Term("level_range_db", "level_range_db", 1 / 12, 12.0, 4.0, 3.0,
         "ours; intensity varies more with activation: Juslin and Laukka (2003), table 7"),
    Term("alpha_db", "alpha_db", 0.125, -12.0, 5.0, 3.0, "ours, from read speech and a public address"),
    Term("hammarberg_db", "hammarberg_db", -0.125, 24.0, 6.0, 4.0, "ours, as before"),
    Term("level_db", "level_db", 0.25, -26.0, 10.0, 5.0,
         "nominal active speech level, -26 dB below full scale (ITU-T P.56); the step is wide for the unknown gain"),
    Term("rate_syl_s", "rate_syl_s", 1 / 12, 4.3, 1.2, 1.0,
         "conversation, 260 syllables a minute (Tauroza and Allison 1990)"),
)  # fmt: skip
LIMIT = 3.0
"""No single measure counts for more than three steps, so that one error of measurement cannot decide."""
ENOUGH = 0.6
"""Share of the weights that must have been measured."""
OWN_SHARE, NORM_SHARE = 0.7, 0.4
"""How the change against the speaker's own baseline and the whole against the norms are added (ours)."""


def activation(measures: Measures) -> float | None:
    """Weighted mean of the steps by which a voice lies over the norms, about -2..2; None if too little was measured."""
    return _mean([(term.weight, (getattr(measures, term.measure) - term.norm) / term.spread) for term in TERMS])


def change(measures: Measures, baseline: Measures) -> float | None:
    """The same against a baseline of the same speaker in the same recording."""
    return _mean(
        [
            (term.weight, (getattr(measures, term.within) - getattr(baseline, term.within)) / term.spread_within)
            for term in TERMS
        ]
    )


def arousal(measures: Measures, baseline: Measures | None = None) -> float | None:
    """Arousal -1..1 of a stretch of speech, against the norms and, if there is one, the speaker's own baseline."""
    over_norms = activation(measures)
    if over_norms is None or baseline is None:
        return None if over_norms is None else tanh(over_norms)
    over_own = change(measures, baseline)
    return tanh(over_norms if over_own is None else OWN_SHARE * over_own + NORM_SHARE * over_norms)


def _mean(weighted: list[tuple[float, float]]) -> float | None:
    known = [(weight, min(max(steps, -LIMIT), LIMIT)) for weight, steps in weighted if not isnan(steps)]
    total = sum(abs(weight) for weight, _ in known)
    if total < ENOUGH * sum(abs(term.weight) for term in TERMS):
        return None
    return sum(weight * steps for weight, steps in known) / total
