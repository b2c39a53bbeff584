"""The table of declared evaluations, loaded one by one, and how their outcomes are printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from emer.errors import InputError
from emer.evals.evaluation import Eval, Outcome, Score

if TYPE_CHECKING:
    from emer.evals.metrics import Interval
    from emer.evals.rating_sheet import Ratings

EVALS = {
    "goemotions": ("emer.evals.words", "GOEMOTIONS"),
    "emobank": ("emer.evals.words", "EMOBANK"),
    "fer2013": ("emer.evals.faces", "FER2013"),
    "ravdess": ("emer.evals.voices", "RAVDESS"),
    "emodb": ("emer.evals.voices", "EMODB"),
    "merr-cues": ("emer.evals.judging", "MERR_CUES"),
    "faithfulness": ("emer.evals.faithfulness", "FAITHFULNESS"),
    "consistency": ("emer.evals.consistency", "CONSISTENCY"),
    "open-cues": ("emer.evals.open_cues", "declare"),
    "meld": ("emer.evals.labelled_text", "MELD_EVAL"),
    "emorynlp": ("emer.evals.labelled_text", "EMORYNLP_EVAL"),
    "ecf": ("emer.evals.conversations", "ECF"),
    "reccon": ("emer.evals.conversations", "RECCON"),
    "eibench": ("emer.evals.trigger_recall", "EIBENCH"),
    "isear": ("emer.evals.labelled_text", "ISEAR_EVAL"),
    "enisear": ("emer.evals.labelled_text", "ENISEAR_EVAL"),
    "robustness-faces": ("emer.evals.robustness", "FACES"),
    "robustness-voices": ("emer.evals.robustness", "VOICES"),
    "robustness-words": ("emer.evals.robustness", "WORDS"),
    "fairness-voices": ("emer.evals.fairness", "FAIRNESS"),
}


def find(name: str, *, columns: Mapping[str, str] | None = None, wheels: Path | None = None) -> Eval:
    """The evaluation called `name`, or the preset of a table with its columns mapped.

    Args:
        name: of an evaluation or a preset.
        columns: for a preset, a field to the column that holds it.
        wheels: a folder with the official wheel tables under `parity/`, for open labels; else our ontology serves.

    Raises:
        InputError: there is none; the message lists them.
    """
    if name not in EVALS:
        return _preset(name, columns or {}, wheels)
    module, attribute = EVALS[name]
    found: Eval | Callable[[Path | None], Eval] = getattr(import_module(module), attribute)
    return found if isinstance(found, Eval) else found(wheels)


def columns_of(text: str | None) -> dict[str, str]:
    """The columns of `field=column,…`, field to column.

    Raises:
        InputError: it has another form.
    """
    pairs = [pair.partition("=") for pair in (text or "").split(",") if pair.strip()]
    if any(not sep for _, sep, _ in pairs):
        raise InputError(f"--map {text!r}: expected field=column,field=column")
    return {field.strip(): column.strip() for field, _, column in pairs}


def _preset(name: str, columns: Mapping[str, str], wheels: Path | None) -> Eval:
    from emer.evals.presets import PRESETS
    from emer.evals.table_task import table_eval

    if name not in PRESETS:
        raise InputError(f"unknown evaluation {name!r}; there are {', '.join([*EVALS, *PRESETS])}")
    about, table = PRESETS[name]
    return table_eval(about, table, columns, wheel_folder=wheels)


def markdown(outcomes: Sequence[Outcome], *, system: str = "emer") -> str:
    """The outcomes as one Markdown table, a figure a row; `system` is who predicted."""
    rows = ["| eval | n | figure | system | value | 95 % interval |", "|---|---|---|---|---|---|"]
    for outcome in outcomes:
        scores = (score._replace(system=system) if score.system == "emer" else score for score in outcome.scores)
        rows += [_row(outcome, score) for score in scores]
    return "\n".join(rows)


def grades_table(scores: Sequence[Score]) -> str:
    """The figures of graders as a Markdown table, a figure a row."""
    rows = ["| figure | grader | n | value | 95 % interval |", "|---|---|---|---|---|"]
    rows += [f"| {one.name} | {one.system} | {one.n} | {one.value:.3f} | {bounds(one)} |" for one in scores]
    return "\n".join(rows)


def ratings_table(ratings: Ratings) -> str:
    """Ratings as a Markdown table, and the raters' agreement."""
    rows = ["| explanation | n | plausible, 1 to 5 | every sentence seen |", "|---|---|---|---|"]
    rows += [
        f"| {one.system} | {one.n} | {_interval(one.plausible)} | {_interval(one.seen)} |" for one in ratings.systems
    ]
    alphas = [
        f"{alpha:.2f}" if alpha is not None else "undefined" for alpha in (ratings.alpha_plausible, ratings.alpha_seen)
    ]
    rows.append(
        f"\n{ratings.n_raters} raters; Krippendorff's alpha {alphas[0]} (plausible, ordinal), {alphas[1]} (seen)"
    )
    return "\n".join(rows)


def _interval(found: Interval) -> str:
    return f"{found.estimate:.2f} [{found.low:.2f}, {found.high:.2f}]"


def _row(outcome: Outcome, score: Score) -> str:
    return f"| {outcome.eval} | {score.n} | {score.name} | {score.system} | {score.value:.3f} | {bounds(score)} |"


def bounds(score: Score) -> str:
    """The interval of a figure, empty where it has none."""
    return "" if score.low is None or score.high is None else f"{score.low:.3f} to {score.high:.3f}"
