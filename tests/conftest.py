"""Every test runs offline, with settings and folders of its own."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(autouse=True)
def _own_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting, no emer.toml and no tracing of the developer's reaches a test; its folders are its own."""
    theirs = ("EMER_", "OTEL_", "LANGSMITH_", "LANGCHAIN_")
    for name in [
        name for name in os.environ if name.startswith(theirs) and name not in ("EMER_TEST_DATA", "EMER_STRESS")
    ]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("EMER_MEMORY_DIR", str(tmp_path / "memory"))
    monkeypatch.setenv("EMER_CHATS_DIR", str(tmp_path / "chats"))
    monkeypatch.setenv("EMER_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("EMER_WEIGHTS_DIR", str(tmp_path / "weights"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Connections to any host but this one are errors."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        is_local = not isinstance(address, tuple) or str(address[0]) in ("127.0.0.1", "::1", "localhost")
        if not is_local:
            raise AssertionError(f"a test reached for the network: {address!r}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)
    yield


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The labelled data beside the checkout, or a skip that says where it is looked for."""
    folder = Path(os.environ.get("EMER_TEST_DATA", REPOSITORY.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no labelled data in {folder}; set EMER_TEST_DATA")
    return folder


@pytest.fixture(scope="session")
def demo_dir() -> Path:
    """The clip, the sound and the text that ship with emer."""
    return REPOSITORY / "src" / "emer" / "data" / "demo"


@pytest.fixture(scope="session")
def tiny_whispers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of weights that holds one tiny model for each speech back end; do not write into it."""
    parrot = pytest.importorskip("parrot_whisper", reason="torch, whisper and transformers are not installed")
    pytest.importorskip("faster_whisper")
    folder = tmp_path_factory.mktemp("weights")
    parrot.whisper_file(folder / "whisper" / "tiny.pt")
    parrot.ct2_folder(folder / "faster-whisper" / "tiny")
    return folder


@pytest.fixture(scope="session")
def transformers_server() -> Iterator[str]:
    """The base URL of `transformers serve`, one process for all tests: it takes ten seconds to start."""
    for module in ("torch", "transformers", "accelerate", "uvicorn"):
        pytest.importorskip(module, reason="transformers serve needs the extra hf: make extra NAME=hf")
    from servers.transformers_serve import transformers_serve

    with transformers_serve() as base_url:
        yield base_url
