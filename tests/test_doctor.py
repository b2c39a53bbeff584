"""`emer doctor`: each part is ready, or it says what is lacking and the exact command that brings it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from emer import doctor
from emer.doctor import BACK_ENDS, Check, examine
from emer.installation import command, extra_command


def checks() -> dict[str, Check]:
    return {check.name: check for check in examine()}


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The modules that this machine is said to have."""
    modules: set[str] = set()
    monkeypatch.setattr(doctor, "is_installed", lambda module: module in modules)
    return modules


def test_the_embedded_parts_are_ready_and_nothing_is_broken() -> None:
    found = checks()
    assert {found[name].status for name in ("emer", "video and sound", "face detection", "words", "memory")} == {
        "ready"
    }
    assert not [check for check in found.values() if check.status == "broken"]
    assert set(BACK_ENDS) <= set(found)


def test_a_back_end_goes_from_package_to_weights_to_ready(installed: set[str], tmp_path: Path) -> None:
    pull = f"{command()} models pull whisper"
    assert checks()["whisper"][1::2] == ("needs package", f"{extra_command('whisper')} && {pull}")
    installed.add("whisper")
    assert checks()["whisper"][1::2] == ("needs weights", pull)
    (tmp_path / "weights" / "whisper").mkdir(parents=True)
    (tmp_path / "weights" / "whisper" / "tiny.pt").write_bytes(b"weights")
    assert checks()["whisper"][1::2] == ("ready", None)


def test_one_without_a_package_needs_weights_alone_and_one_without_weights_a_package(installed: set[str]) -> None:
    found = checks()
    assert found["hsemotion"][1::2] == ("needs weights", f"{command()} models pull hsemotion")
    assert found["py-feat"][1::2] == ("needs package", f"{sys.executable} -m pip install py-feat")
    installed.add("feat")
    assert checks()["py-feat"].status == "ready"


def test_every_pull_that_it_names_is_known() -> None:
    from emer.weights.table import find

    for part in BACK_ENDS.values():
        if part.pull is not None:
            find(part.pull)


def test_what_is_kept_is_counted(tmp_path: Path) -> None:
    import emer

    assert checks()["measurements"].detail.startswith("0 kept")
    emer.analyze(text="I am so glad!")
    assert int(checks()["measurements"].detail.split()[0]) >= 4
