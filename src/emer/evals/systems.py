"""Who predicts in emer's place: a file of predictions, or a user's function.

A file is JSONL, one `{"id": …, "prediction": …}` a sample; a function is `module:name` and gets what the samples give
(a list of texts, paths or rows) and returns one prediction each. What a prediction looks like is the evaluation's.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from emer.errors import InputError
from emer.evals.evaluation import Eval, Predict, Sample


def system_of(evaluation: Eval, spec: str) -> Predict:
    """The predictions of the system that `spec` names, as a `Predict`.

    Raises:
        InputError: the evaluation takes no other system, or the file or function cannot be found.
    """
    parse = evaluation.parse
    if parse is None:
        raise InputError(f"{evaluation.name} runs emer alone: its predictions have no form of their own")
    if Path(spec).suffix == ".jsonl":
        return lambda samples: _read(Path(spec), samples, parse)
    module, _, name = spec.partition(":")
    if not module or not name:
        raise InputError(f"system {spec!r} is neither a .jsonl file of predictions nor MODULE:FUNCTION")
    return lambda samples: _called(_function(module, name), samples, parse)


def _read(path: Path, samples: Sequence[Sample], parse: Callable[[Any], Any]) -> list[Any]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the predictions {str(path)!r} cannot be read: {error}") from error
    found: dict[str, Any] = {}
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            found[str(row["id"])] = parse(row["prediction"])
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(
                f'{path}, line {number}: {error!r}; expected {{"id": …, "prediction": …}} in this evaluation\'s form'
            ) from error
    absent = [sample.id for sample in samples if sample.id not in found]
    if absent:
        raise InputError(f"{path} lacks {len(absent)} of {len(samples)} samples, for instance {absent[0]!r}")
    return [found[sample.id] for sample in samples]


def _function(module: str, name: str) -> Callable[[list[Any]], Sequence[Any]]:
    sys.path.insert(0, "")  # a script's own folder, as `python -m` has it
    try:
        found: Callable[[list[Any]], Sequence[Any]] = getattr(import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise InputError(f"no function {name!r} in module {module!r}: {error}") from error
    finally:
        sys.path.remove("")
    return found


def _called(
    function: Callable[[list[Any]], Sequence[Any]], samples: Sequence[Sample], parse: Callable[[Any], Any]
) -> list[Any]:
    said = list(function([sample.given for sample in samples]))
    try:
        return [parse(one) for one in said]
    except (ValueError, KeyError, TypeError) as error:
        raise InputError(f"a prediction has another form than this evaluation's: {error!r}") from error
