"""The files of a batch beside its output: what failed, what the run was, and what of it is finished."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from emer.batching.explaining import Done
from emer.batching.journal import Journal, replace_text
from emer.batching.outcome import Outcome
from emer.errors import InputError
from emer.schemas import BatchRow

_BEGIN = b'{"schema_version":'


class Output:
    """`OUT.jsonl` with the Reports, `OUT.failures.jsonl` with what failed, `OUT.run.json` with what the run was.

    Attributes:
        finished: keys of the clips that have a Report.
        given_up: keys of the clips that failed for good.
        other_settings: how many Reports were made with other settings than these.
    """

    def __init__(self, path: Path, settings: str) -> None:
        self.path = path
        self.reports = Journal(path)
        self.failures = Journal(path.with_name(f"{path.stem}.failures.jsonl"))
        self.run_path = path.with_name(f"{path.stem}.run.json")
        self.media_dir = path.with_name(f"{path.stem}.media")
        self._settings = settings
        self.finished: set[str] = set()
        self.given_up: set[str] = set()
        self._attempts: dict[str, int] = {}
        self.other_settings = 0
        self.n_mended = 0

    def begin(self, *, resume: bool) -> None:
        """Reads what is finished; without `resume` the output begins anew and the old one stays beside it.

        Raises:
            InputError: the output cannot be written there, or is no output of a batch.
        """
        if not self.path.parent.is_dir():
            raise InputError(f"the Reports cannot be written to {str(self.path)!r}: there is no such folder")
        if self.path.is_dir():
            raise InputError(f"the Reports cannot be written to {str(self.path)!r}: it is a folder; name a .jsonl file")
        if not resume:
            for journal in (self.reports, self.failures):
                with suppress(FileNotFoundError):
                    journal.path.replace(journal.path.with_name(f"{journal.path.name}.before"))
        self.read()  # before anything is cut off: what no batch wrote is refused as it is
        self.n_mended = self.reports.mend() + self.failures.mend()

    def add(self, row: BatchRow, done: Done) -> Outcome:
        """Writes what became of a clip; when this returns it outlives the process."""
        if done.line is not None:
            self.reports.append(done.line)
            self.finished.add(row.key)
        if done.failure is not None:
            attempt = self._attempts.get(row.key, 0) + 1
            told = {"key": row.key, "id": row.id, **asdict(done.failure), "attempt": attempt}
            at = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "settings": row.settings}
            self.failures.append(json.dumps({**told, **at}, ensure_ascii=False))
        return Outcome(row, done.line, done.failure)

    def end(self, keys: Mapping[str, str], record: Mapping[str, Any]) -> None:
        """Flushes the files, takes out failures that no longer hold, and writes what the run was.

        Args:
            keys: the key that each row id has now; a failure under another key is of a clip that was changed.
            record: as `run_record` makes it.
        """
        last = {entry.get("key"): entry.get("attempt") for entry in self.failures.lines()}

        def holds(entry: dict[str, Any]) -> bool:
            key = entry.get("key")
            is_last = last.get(key) == entry.get("attempt")
            return is_last and key not in self.finished and keys.get(str(entry.get("id")), key) == key

        self.failures.keep(holds)
        self.reports.close()
        self.failures.close()
        self.write_record(record)

    def write_record(self, record: Mapping[str, Any]) -> None:
        """Says what the run is, beside the Reports."""
        replace_text(self.run_path, json.dumps(record, indent=2, ensure_ascii=False, default=str) + "\n")

    def spent(self) -> tuple[tuple[int, int], int]:
        """Input and output tokens of the Reports that were made with these settings, and how many Reports that is."""
        used = [
            entry["provenance"]["usage"]
            for entry in self.reports.lines()
            if entry["row"]["settings"] == self._settings and entry["provenance"]["mode"] == "model"
        ]
        return (sum(one["input_tokens"] for one in used), sum(one["output_tokens"] for one in used)), len(used)

    def read(self) -> None:
        """Learns from the files what is finished and what was given up.

        Raises:
            InputError: the output holds what no batch wrote.
        """
        if not self.reports.begins_with(_BEGIN):
            raise self._not_ours()
        for entry in self.reports.lines():
            row = entry.get("row")
            if not isinstance(row, dict):
                raise self._not_ours()
            self.finished.add(row["key"])
            self.other_settings += row["settings"] != self._settings
        for entry in self.failures.lines():
            with suppress(KeyError):
                key = entry["key"]
                self._attempts[key] = entry["attempt"]
                if not entry["retryable"]:
                    self.given_up.add(key)

    def _not_ours(self) -> InputError:
        where = f"{str(self.path)!r} holds what no batch wrote"
        return InputError(f"{where}; name another output, or begin anew with --no-resume (it stays as .before)")
