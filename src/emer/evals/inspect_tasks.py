"""The evaluations as tasks of Inspect (the extra `inspect`): `inspect eval emer/goemotions -T data=DIR --limit 20`.

With no model emer answers, offline unless a model is set for it; with `--model` that model does, from the words alone.
The figures are those of `emer eval run`, over all samples that were run. A task is there for each evaluation whose
predictions have a form of their own; the others measure emer's parts and know no other system.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from os import PathLike
from pathlib import Path
from typing import Any, NamedTuple

import anyio
from inspect_ai import Task, task
from inspect_ai import dataset as inspected
from inspect_ai import scorer as scoring
from inspect_ai.model import ModelOutput
from inspect_ai.solver import Generate, Solver, TaskState, solver

from emer.config import load_settings
from emer.errors import InputError
from emer.evals.evaluation import Eval, Predict, Sample, Score, samples_of
from emer.evals.questions import question, read_reply, told
from emer.evals.run_files import as_json
from emer.evals.systems import system_of
from emer.evals.table import columns_of, find

_LOGGER = logging.getLogger(__name__)
NAMES = (
    "goemotions", "emobank", "open-cues", "meld", "emorynlp", "ecf", "reccon", "eibench", "isear", "enisear", "ov-mer",
    "mer-unibench", "mer-fg", "emoprefer", "mme-emotion", "mtmeur", "semeval2018", "semeval2025-t11", "mosi", "mosei",
    "sims", "iemocap",
)  # fmt: skip
SAID = "prediction"
"""Where a sample's metadata hold what emer or another system said, in JSON."""
FORM = "has_form"
"""Where a score's metadata hold whether the answer had the asked form."""
NO_MODEL = "none/none"


class Loaded(NamedTuple):
    """An evaluation, the reader of one prediction, and its samples by id."""

    evaluation: Eval
    parse: Callable[[Any], Any]
    samples: Mapping[str, Sample]


@lru_cache(maxsize=4)
def _loaded(name: str, data: str, columns: str, wheels: str) -> Loaded:
    evaluation = find(name, columns=columns_of(columns), wheels=Path(wheels or data))
    if evaluation.parse is None:
        raise InputError(f"{name} runs emer alone: `emer eval run {name}`; tasks of Inspect are {', '.join(NAMES)}")
    samples = samples_of(evaluation, Path(data))
    by_id = {sample.id: sample for sample in samples}
    if len(by_id) < len(samples):
        raise InputError(
            f"{len(samples)} samples in {data!r} have {len(by_id)} ids between them; Inspect needs one each"
        )
    return Loaded(evaluation, evaluation.parse, by_id)


def evaluation_task(
    name: str, *, data: str | PathLike[str], columns: str | Sequence[str] = "", wheels: str = "", system: str = ""
) -> Task:
    """The evaluation called `name` as a task.

    Args:
        name: one of `NAMES`.
        data: the folder that holds `text/` and `media/`; for a preset the table itself.
        columns: for a preset, `field=column,…`.
        wheels: a folder with the official wheel tables under `parity/`, if not in `data`.
        system: who answers in place of emer or the model: a file of predictions (.jsonl) or MODULE:FUNCTION; `emer`
            where a model is set that shall not answer.

    Raises:
        InputError: there is no such evaluation, its data are not there, or a setting of emer is wrong.
    """
    load_settings()  # so that no_network holds for all that Inspect does
    if not data:
        raise InputError(f"{name} needs data: -T data=DIR, the folder that holds text/ and media/; a preset its table")
    listed = columns if isinstance(columns, str) else ",".join(columns)
    source = (name, str(Path(data).resolve()), listed, str(Path(wheels).resolve()) if wheels else "")
    samples = [_shown(sample) for sample in _loaded(*source).samples.values()]
    return Task(
        dataset=inspected.MemoryDataset(samples, name=name, location=source[1]),
        solver=answer(*source, system),
        scorer=read(*source),
        metrics=[figures(*source)],
        name=name,
    )


def _shown(sample: Sample) -> inspected.Sample:
    return inspected.Sample(id=sample.id, input=told(sample.given), target=_text(as_json(sample.target)))


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


class _Together:
    """One prediction for each sample, all that wait at a time: some systems are slow to start."""

    def __init__(self, predict: Predict) -> None:
        self._predict = predict
        self._one_batch = anyio.Lock()
        self._waiting: dict[object, Sample] = {}
        self._said: dict[object, Any] = {}

    async def __call__(self, sample: Sample) -> Any:
        ticket = object()
        self._waiting[ticket] = sample
        async with self._one_batch:
            if ticket in self._waiting:
                batch, self._waiting = self._waiting, {}
                try:
                    said = await anyio.to_thread.run_sync(self._predict, list(batch.values()))
                except Exception:
                    self._waiting |= {other: one for other, one in batch.items() if other is not ticket}
                    raise
                self._said |= dict(zip(batch, said, strict=True))
        return self._said.pop(ticket)


def _answer(name: str, data: str, columns: str, wheels: str, system: str) -> Solver:
    """Whoever is to answer answers: the model, emer or another system."""
    loaded = _loaded(name, data, columns, wheels)
    predict = loaded.evaluation.predict if system in ("", "emer") else system_of(loaded.evaluation, system)
    together = _Together(predict) if predict is not None else None

    async def solve(state: TaskState, generate: Generate) -> TaskState:
        if not system and str(state.model) != NO_MODEL:
            state.user_prompt.text = f"{question(name).text}\n\n{state.user_prompt.text}"
            return await generate(state)
        if together is None:
            raise InputError(f"{name} scores another system: name its answers with -T system=FILE.jsonl")
        said = as_json(await together(loaded.samples[str(state.sample_id)]))
        state.metadata[SAID] = said
        state.output = ModelOutput.from_content(system or "emer", _text(said))
        return state

    return solve


def _read(name: str, data: str, columns: str, wheels: str) -> scoring.Scorer:
    """The prediction of one sample, as it is scored with all others."""
    parse = _loaded(name, data, columns, wheels).parse

    async def score(state: TaskState, target: scoring.Target) -> scoring.Score:
        if SAID in state.metadata:
            said, has_form = state.metadata[SAID], True
        else:
            said, has_form = read_reply(state.output.completion, question(name), parse)
        return scoring.Score(value=_text(said), answer=_text(said), metadata={SAID: said, FORM: has_form})

    return score


def _figures(name: str, data: str, columns: str, wheels: str) -> scoring.Metric:
    """The figures of `emer eval run` over all samples that were scored, in the order of the set."""
    loaded = _loaded(name, data, columns, wheels)
    order = {key: n for n, key in enumerate(loaded.samples)}

    def compute(scores: list[scoring.SampleScore]) -> dict[str, float]:
        if not scores:
            return {}
        scored = sorted(scores, key=lambda one: order[str(one.sample_id)])
        rows = [loaded.samples[str(one.sample_id)] for one in scored]
        about = [one.score.metadata or {} for one in scored]
        share = {"in the asked form": sum(one[FORM] for one in about) / len(about)}
        try:
            found = loaded.evaluation.score(rows, [loaded.parse(one[SAID]) for one in about])
        except InputError as error:  # Inspect asks as it runs, too: the first samples may hold nothing to score
            _LOGGER.info("%s, %d samples: %s", name, len(rows), error)
            return share
        return dict(pair for score in found for pair in _named(score)) | share

    return compute


def _named(score: Score) -> list[tuple[str, float]]:
    """A figure and the ends of its 95 % interval by name; that of a floor names it."""
    name = score.name if score.system == "emer" else f"{score.name}, {score.system}"
    ends = (("", score.value), (" (low)", score.low), (" (high)", score.high))
    return [(f"{name}{end}", value) for end, value in ends if value is not None]


answer = solver(name="emer")(_answer)
read = scoring.scorer(metrics=[], name="emer")(_read)
figures = scoring.metric("figures", scores="unreduced")(_figures)


def _declare(name: str) -> None:
    def declared(data: str = "", columns: str | list[str] = "", wheels: str = "", system: str = "") -> Task:
        return evaluation_task(name, data=data, columns=columns, wheels=wheels, system=system)

    task(name=name)(declared)


for _name in NAMES:
    _declare(_name)
