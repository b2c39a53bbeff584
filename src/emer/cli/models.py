"""`emer models`: the weights of optional back ends. This is the only command that downloads anything."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from emer.cli.options import Json

if TYPE_CHECKING:
    from emer.weights.fetch import Tell
    from emer.weights.table import File

models = typer.Typer(no_args_is_help=True, help="List, pull and remove the weights of optional back ends.")
Names = Annotated[list[str], typer.Argument(help="Names from `emer models list`, or hf:ORGANISATION/NAME.")]


def register(app: typer.Typer) -> None:
    """Adds the commands of this module to the program."""
    app.add_typer(models, name="models")


@models.command("list")
def list_models(as_json: Json = False) -> None:
    """List what can be pulled: what for, from where, size, licence, hash, and whether it is here."""
    import json

    from emer.config import load_settings
    from emer.weights.store import is_here
    from emer.weights.table import WEIGHTS

    weights_dir = load_settings().weights_dir
    rows = [
        {
            "name": one.name, "purpose": one.purpose, "size_mb": one.size_mb, "licence": one.licence,
            "from": one.source, "sha256": one.files[0].sha256 if one.files else "stated by the hub",
            "is_here": is_here(one, weights_dir), "folder": str(weights_dir / one.folder),
        }
        for one in WEIGHTS.values()
    ]  # fmt: skip
    if as_json:
        typer.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        here = "here" if row["is_here"] else ""
        pinned = row["sha256"] or "unpinned"
        size = f"{row['size_mb']:g} MB" if row["size_mb"] else "?"
        typer.echo(f"{row['name']:<24} {size:>8}  {here:<5} {row['purpose']}")
        typer.echo(f"{'':<24} {row['from']}\n{'':<24} licence {row['licence']}; SHA-256 {pinned}")
    typer.echo(f"\nand any hf:ORGANISATION/NAME. They lie in {weights_dir} (setting weights_dir).")


@models.command("pull")
def pull_models(names: Names) -> None:
    """Fetch weights, check them and put them where the back ends look."""
    from emer.config import load_settings
    from emer.weights.store import pull
    from emer.weights.table import find

    settings = load_settings()
    for weights in [find(name) for name in names]:
        size = f"about {weights.size_mb:g} MB" if weights.size_mb else "size as the hub states it"
        typer.echo(f"{weights.name}: {size} from {weights.source}", err=True)
        pulled = pull(weights, settings.weights_dir, mirror=settings.mirror, tell=_progress)
        typer.echo(
            f"{weights.name}: {pulled.n_bytes / 1e6:.1f} MB in {pulled.folder} "
            f"(licence: {pulled.licence}; hash: {pulled.pinned_by})"
        )


@models.command("remove")
def remove_models(names: Names) -> None:
    """Delete weights from this machine."""
    from emer.config import load_settings
    from emer.weights.store import remove
    from emer.weights.table import find

    weights_dir = load_settings().weights_dir
    for weights in [find(name) for name in names]:
        n_bytes = remove(weights, weights_dir)
        typer.echo(f"{weights.name}: " + (f"{n_bytes / 1e6:.1f} MB freed" if n_bytes else "was not here"))


def _progress(file: File) -> Tell:
    """Tells how far a file is: on a terminal in one line that is rewritten, else at every tenth."""
    told = -1

    def tell(n_here: int, n_all: int | None) -> None:
        nonlocal told
        tenth = 10 * n_here // n_all if n_all else n_here // 100_000_000
        share = f"{n_here / 1e6:.1f} of {n_all / 1e6:.1f} MB" if n_all else f"{n_here / 1e6:.1f} MB"
        if sys.stderr.isatty():
            end = "\n" if n_here == n_all else ""
            print(f"\r  {file.name}: {share}", end=end, file=sys.stderr, flush=True)  # noqa: T201  (progress)
        elif tenth != told:
            told = tenth
            print(f"  {file.name}: {share}", file=sys.stderr, flush=True)  # noqa: T201  (progress)

    return tell
