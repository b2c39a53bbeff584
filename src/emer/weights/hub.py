"""What the model hub says of a repository: the commit that is current, its licence, its files and their hashes."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from emer.errors import SetupError
from emer.weights.fetch import get, through_mirror
from emer.weights.table import HUB, File

_KEPT = (".json", ".txt", ".model", ".safetensors", ".bin", ".jinja", ".md")
_OTHER_FORMS = ("flax_model", "tf_model", "rust_model", "training_args", "optimizer", "onnx/", "openvino/", "coreml/")
"""Beginnings of files for other frameworks or for training on."""


class Snapshot(NamedTuple):
    """One state of a repository; every address holds the commit, so that no file of another state comes in."""

    commit: str
    licence: str
    files: tuple[File, ...]


def ask(repo: str, mirror: str | None) -> Snapshot:
    """What the hub says of `repo` now; weights as safetensors where it has them, and no code.

    Raises:
        SetupError: the hub cannot be reached, refuses, or says something else than expected.
    """
    url = f"{HUB}/api/models/{repo}"
    facts = _json(url, mirror)
    try:
        commit = str(facts["sha"])
        tags = [str(tag) for tag in facts.get("tags", [])]
        listed = _json(f"{url}/tree/{commit}?recursive=true", mirror)
        entries = [one for one in listed if one["type"] == "file" and _is_wanted(one["path"])]
        if any(one["path"].endswith(".safetensors") for one in entries):
            entries = [one for one in entries if not one["path"].startswith("pytorch_model")]
        files = tuple(
            File(f"{HUB}/{repo}/resolve/{commit}/{one['path']}", one["path"], one.get("lfs", {}).get("oid"))
            for one in sorted(entries, key=lambda one: (one["size"], one["path"]))
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise SetupError(f"{url} gave an answer of another form than expected ({error!r})") from error
    if not files:
        raise SetupError(f"{HUB}/{repo} holds no files that emer would use")
    licence = next((tag.removeprefix("license:") for tag in tags if tag.startswith("license:")), "not stated")
    return Snapshot(commit, licence, files)


def _is_wanted(path: str) -> bool:
    parts = path.split("/")
    return path.endswith(_KEPT) and not path.startswith(_OTHER_FORMS) and ".." not in parts and not path.startswith("/")


def _json(url: str, mirror: str | None) -> Any:
    at = through_mirror(url, mirror)
    try:
        return json.loads(get(at))
    except ValueError as error:
        raise SetupError(f"{at} gave no JSON; is it a mirror of the hub?") from error
