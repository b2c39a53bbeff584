"""How this copy of emer was installed, and so which command adds to it."""

from __future__ import annotations

import json
import sys
from importlib import metadata, util
from pathlib import Path


def version() -> str:
    """The version of emer, from the installed package or the checkout."""
    try:
        return metadata.version("emer")
    except metadata.PackageNotFoundError:
        return "0+unknown"


def checkout() -> Path | None:
    """The checkout that this copy runs from, if it runs from one."""
    root = Path(__file__).resolve().parents[2]
    return root if (root / "Makefile").is_file() and (root / "pyproject.toml").is_file() else None


def command() -> str:
    """How a person calls emer here: by its name if that is on the path, else by where it lies."""
    beside = Path(sys.executable).with_name("emer")
    root = checkout()
    if root is not None and beside.is_file() and beside.is_relative_to(root):
        return str(beside.relative_to(root))
    return "emer"


def extra_command(extra: str) -> str:
    """The command that adds `extra` to this installation."""
    if checkout() is not None:
        return f"make extra NAME={extra}"
    prefix = Path(sys.prefix).as_posix()
    target = f"emer[{extra}] @ {_origin()}" if _origin() else f"emer[{extra}]"
    if "/uv/tools/" in prefix:
        return f"uv tool install --force '{target}'"
    if "/pipx/" in prefix:
        return f"pipx install --force '{target}'"
    return f"{sys.executable} -m pip install '{target}'"


def _origin() -> str | None:
    """The URL that pip installed this copy from, when it was not a registry (PEP 610)."""
    try:
        text = metadata.distribution("emer").read_text("direct_url.json")
    except metadata.PackageNotFoundError:
        return None
    url: str | None = json.loads(text).get("url") if text else None
    return url


def is_installed(module: str) -> bool:
    """Whether `module` can be imported, without importing it."""
    try:
        return util.find_spec(module) is not None
    except (ImportError, ValueError):
        return False
