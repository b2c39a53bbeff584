"""`emer models` against a real server that resumes, breaks off, lies, fails and lists repositories as the hub does."""

from __future__ import annotations

import fcntl
import hashlib
import json
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from emer.cli import main
from emer.errors import InputError
from emer.weights import fetch
from emer.weights.table import WEIGHTS, find

BODY = bytes(range(256)) * 8000  # 2 MB


class Server(ThreadingHTTPServer):
    """Serves `files` by path and notes what it was asked; `faults` are answers that go wrong, used up in order."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, bytes] = {}
        self.asked: list[tuple[str, str | None]] = []
        self.faults: list[int | str] = []
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        path, wanted = urlsplit(self.path).path, self.headers.get("Range")
        self.server.asked.append((path, wanted))
        fault = self.server.faults.pop(0) if self.server.faults else None
        if isinstance(fault, int) or path not in self.server.files:
            self.send_error(fault if isinstance(fault, int) else 404)
            return
        body = self.server.files[path]
        etag = f'"{hashlib.md5(body).hexdigest()}"'
        start = int(wanted[6:-1]) if wanted and self.headers.get("If-Range") == etag else 0
        self.send_response(206 if start else 200)
        self.send_header("ETag", etag)
        self.send_header("Content-Length", str(len(body) - start))
        self.end_headers()
        self.wfile.write(body[start : start + 1_200_000] if fault == "break" else body[start:])

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    made = Server()
    monkeypatch.setenv("EMER_MIRROR", f"http://127.0.0.1:{made.server_port}")
    monkeypatch.setattr(fetch, "PAUSE_S", 0.01)
    yield made
    made.shutdown()
    made.server_close()


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[int, str, str]]:
    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["emer", "models", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return int(ended.value.code or 0), said.out, said.err

    return run


def path_of(name: str) -> str:
    return urlsplit(find(name).files[0].url).path


def test_pull_puts_the_file_where_the_back_end_looks_and_remove_frees_it(server, call, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    server.files[path_of("hsemotion")] = BODY
    status, out, err = call("pull", "hsemotion")
    place = tmp_path / "weights" / "hsemotion" / "enet_b0_8_va_mtl.onnx"
    assert status == 0
    assert place.read_bytes() == BODY
    assert "Apache-2.0" in out and "unpinned" in out
    assert "2.0 of 2.0 MB" in err
    listed = {row["name"]: row for row in json.loads(call("list", "--json")[1])}
    assert listed["hsemotion"]["is_here"] and not listed["yunet"]["is_here"]
    assert set(listed) == set(WEIGHTS)
    assert "2.0 MB freed" in call("remove", "hsemotion")[1]
    assert not place.parent.exists()
    assert "was not here" in call("remove", "hsemotion")[1]


def test_a_connection_that_breaks_is_taken_up_where_it_ended(server, call, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    server.files[path_of("hsemotion")] = BODY
    server.faults = ["break", 503]
    assert call("pull", "hsemotion")[0] == 0
    assert (tmp_path / "weights" / "hsemotion" / "enet_b0_8_va_mtl.onnx").read_bytes() == BODY
    assert [wanted for _, wanted in server.asked] == [None, "bytes=1200000-", "bytes=1200000-"]


def test_a_pull_that_failed_goes_on_in_the_next_one_unless_the_file_has_changed(server, call, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    server.files[path_of("hsemotion")] = BODY
    server.faults = ["break", 500, 500, 500]
    status, _, err = call("pull", "hsemotion")
    assert status == 1
    assert "goes on from there" in err or "500" in err
    assert not (tmp_path / "weights" / "hsemotion").exists()
    other = BODY[::-1]
    server.files[path_of("hsemotion")] = other
    assert call("pull", "hsemotion")[0] == 0
    assert (tmp_path / "weights" / "hsemotion" / "enet_b0_8_va_mtl.onnx").read_bytes() == other


def test_another_file_than_the_published_one_is_thrown_away(server, call, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    server.files[path_of("yunet")] = b"not the network"
    status, _, err = call("pull", "yunet")
    assert status == 1
    assert "8f2383e4dd3cfbb4" in err
    assert not list((tmp_path / "weights").rglob("*.onnx*"))


def test_unpinned_weights_must_stay_what_the_first_pull_recorded(server, call, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    server.files[path_of("deepface")] = BODY
    assert call("pull", "deepface")[0] == 0
    call("remove", "deepface")
    server.files[path_of("deepface")] = BODY + b"more"
    status, _, err = call("pull", "deepface")
    record = tmp_path / "weights" / "lock" / "deepface.json"
    assert status == 1
    assert str(record) in err
    record.unlink()
    assert call("pull", "deepface")[0] == 0
    recorded = json.loads(record.read_text())["facial_expression_model_weights.onnx"]
    assert recorded == hashlib.sha256(BODY + b"more").hexdigest()


def test_two_pulls_of_the_same_weights_do_not_write_into_one_another(server, call, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    server.files[path_of("hsemotion")] = BODY
    held = tmp_path / "weights" / ".pulling" / "hsemotion.lock"
    held.parent.mkdir(parents=True)
    with held.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        status, _, err = call("pull", "hsemotion")
        assert status == 1
        assert "another process" in err
    assert call("pull", "hsemotion")[0] == 0


@pytest.fixture
def repository(server: Server) -> dict[str, bytes]:
    """A repository as the hub lists it: an LFS file with its hash, files of other frameworks, code."""
    files = {
        "config.json": b"{}", "model.safetensors": BODY, "pytorch_model.bin": b"x", "tf_model.h5": b"x",
        "onnx/model.json": b"x", "modeling_own.py": b"x", "vocab/tokens.txt": b"a b",
    }  # fmt: skip
    listed = [{"type": "directory", "path": "vocab", "size": 0}]
    for path, body in files.items():
        entry = {"type": "file", "path": path, "size": len(body)}
        lfs = {"lfs": {"oid": hashlib.sha256(body).hexdigest(), "size": len(body)}}
        listed.append(entry | lfs if path.endswith("safetensors") else entry)  # type: ignore[arg-type]
        server.files[f"/org/net/resolve/c0ffee/{path}"] = body
    facts = {"sha": "c0ffee", "tags": ["license:cc-by-4.0", "audio"]}
    server.files["/api/models/org/net"] = json.dumps(facts).encode()
    server.files["/api/models/org/net/tree/c0ffee"] = json.dumps(listed).encode()
    return files


def test_a_repository_of_the_hub_comes_as_one_folder_of_one_commit(server, call, repository, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    status, out, _ = call("pull", "hf:org/net")
    folder = tmp_path / "weights" / "hf" / "org" / "net"
    assert status == 0
    assert "cc-by-4.0" in out
    there = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert there == {name: repository[name] for name in ("config.json", "model.safetensors", "vocab/tokens.txt")}
    assert call("pull", "hf:org/net")[0] == 0, "a second pull replaces the folder"
    assert "freed" in call("remove", "hf:org/net")[1]
    assert not (tmp_path / "weights" / "hf").exists()


def test_a_repository_whose_large_file_is_not_the_stated_one_leaves_no_folder(
    server, call, repository, tmp_path
) -> None:  # type: ignore[no-untyped-def]
    server.files["/org/net/resolve/c0ffee/model.safetensors"] = BODY[::-1]
    assert call("pull", "hf:org/net")[0] == 1
    assert not (tmp_path / "weights" / "hf").exists()


def test_faster_whisper_is_a_folder_named_by_its_size(server, call, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    base = "Systran/faster-whisper-base"
    listed = [{"type": "file", "path": name, "size": 2} for name in ("config.json", "model.bin", "tokenizer.json")]
    server.files[f"/api/models/{base}"] = b'{"sha": "abc"}'
    server.files[f"/api/models/{base}/tree/abc"] = json.dumps(listed).encode()
    server.files |= {f"/{base}/resolve/abc/{one['path']}": b"ok" for one in listed}
    status, out, _ = call("pull", "faster-whisper")
    assert status == 0
    assert "MIT" in out
    assert (tmp_path / "weights" / "faster-whisper" / "base" / "model.bin").read_bytes() == b"ok"


@pytest.mark.parametrize(
    ("answer", "says"), [(None, "404"), (403, "needs an account"), (b"<html>", "no JSON"), (b"[]", "another form")]
)
def test_a_hub_that_answers_otherwise_is_one_clear_line(server, call, answer, says: str) -> None:  # type: ignore[no-untyped-def]
    if isinstance(answer, int):
        server.faults = [answer]
    elif answer is not None:
        server.files["/api/models/org/net"] = answer
    status, _, err = call("pull", "hf:org/net")
    assert status == 1
    assert says in err.splitlines()[-1]


@pytest.mark.parametrize("name", ["whisperer", "hf:", "hf:../../etc", "hf:a/b/c", "whisper:huge"])
def test_an_unknown_name_is_refused_before_anything_is_fetched(server, call, name: str) -> None:  # type: ignore[no-untyped-def]
    assert call("pull", name)[0] == 2
    assert not server.asked


def test_nobody_at_the_address_is_one_clear_line(call, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setattr(fetch, "PAUSE_S", 0.01)
    for mirror, status in (("http://127.0.0.1:9", 1), ("ftp://somewhere", 1)):
        monkeypatch.setenv("EMER_MIRROR", mirror)
        code, _, err = call("pull", "yunet")
        assert code == status
        assert "could not be fetched" in err or "no web address" in err


def test_every_line_of_the_table_is_sound() -> None:
    for name, weights in WEIGHTS.items():
        assert find(name) is weights
        assert weights.licence and weights.purpose
        assert weights.source.startswith("https://")
        assert weights.folder.split("/")[0] == weights.back_end
        assert all(file.sha256 is None or len(file.sha256) == 64 for file in weights.files)
    assert all(one.files[0].sha256 in one.files[0].url for name, one in WEIGHTS.items() if name.startswith("whisper:"))
    with pytest.raises(InputError, match="there are no weights called 'no'"):
        find("no")
