"""A prompt by its name: its text with variables filled in, and the name under which a Report records it.

```
face.v1.md … critic.v1.md    what one agent is asked; the highest version is used
rules.v1.md                  how to answer and how data are delimited, after every prompt
```
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template

from emer.errors import SetupError

NAMES = ("face", "voice", "transcript", "context", "cause", "judge", "critic", "chat")
RULES = "rules"
_FILE = re.compile(r"(?P<name>[a-z]+)\.v(?P<version>\d+)\.md")


@dataclass(frozen=True)
class Prompt:
    """The instructions for one agent, `$variables` not yet filled in."""

    name: str
    version: int
    text: str

    @property
    def id(self) -> str:
        """Name, version and the first 12 digits of the text's SHA-256: any change of a word is another prompt."""
        return f"{self.name}@{self.version}:{hashlib.sha256(self.text.encode()).hexdigest()[:12]}"

    @property
    def variables(self) -> frozenset[str]:
        """The names after `$` in the text."""
        return frozenset(Template(self.text).get_identifiers())

    def fill(self, **values: str) -> str:
        """The instructions with every variable filled in.

        Raises:
            ValueError: a variable has no value, or a value no variable.
        """
        missing, surplus = sorted(self.variables - set(values)), sorted(set(values) - self.variables)
        if missing or surplus:
            wrong = f"has no value for ${missing[0]}" if missing else f"knows no ${surplus[0]}"
            raise ValueError(f"prompt {self.name!r} {wrong}; its variables are {', '.join(sorted(self.variables))}")
        return Template(self.text).substitute(values)


@cache
def load(name: str) -> Prompt:
    """The newest version of a prompt, the shared rules after it: what changes with the clip, the mark, comes last.

    Raises:
        ValueError: there is no such prompt.
        SetupError: its file is missing from this installation.
    """
    if name not in NAMES:
        raise ValueError(f"no prompt {name!r}; there are {', '.join(NAMES)}")
    (_, rules), (version, own) = _newest(RULES), _newest(name)
    return Prompt(name, version, f"{own}\n{rules}")


def _newest(name: str) -> tuple[int, str]:
    """The highest version of a file and its text."""
    found = {
        int(match["version"]): file
        for file in files("emer.prompts").iterdir()
        if (match := _FILE.fullmatch(file.name)) and match["name"] == name
    }
    if not found:
        raise SetupError(f"the prompt {name!r} is missing from this installation: pip install --force-reinstall emer")
    return max(found), found[max(found)].read_text(encoding="utf-8")
