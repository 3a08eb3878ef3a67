"""`pbxsim db`: what is in a server's file, whether it is sound, and a copy of it, while the server runs or not.

Exit status: 0 all is well; 1 something is wrong with what is in the file; 2 it cannot be examined at all.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from pbxsim.core.refusals import PbxsimError

T = TypeVar("T")

db = typer.Typer(help="Back up, check and describe a server's file.", no_args_is_help=True)

File = Annotated[Path, typer.Argument(help="The file of a server, which may be running.", dir_okay=False)]
Json = Annotated[bool, typer.Option("--json", help="For programs.")]


@db.command()
def backup(
    file: File,
    to: Annotated[Path, typer.Argument(help="The copy: a new file, or a folder for one named by the time.")],
) -> None:
    """Copy a world's file. Its server goes on meanwhile."""
    from pbxsim.store.copying import back_up

    if to.is_dir():
        from datetime import UTC, datetime

        to = to / f"{file.stem}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}{file.suffix}"
    _or_2(back_up, file, to)
    typer.echo(f"{to} is a whole copy of {file} ({to.stat().st_size:,} bytes). Serve it with `pbxsim serve --db {to}`.")


@db.command()
def check(file: File, json: Json = False) -> None:
    """Look for everything that can be wrong with a world's file, and say what to do. The file is not touched."""
    from pbxsim.cli.resting import collector_at_rest
    from pbxsim.store import examine

    with collector_at_rest():
        found = _or_2(examine.check, file)
    if json:
        typer.echo(examine.as_json({"file": str(file), "sound": not found, "findings": found}))
    elif not found:
        typer.echo(f"{file} is sound: it is whole, every row can be read, and every law holds.")
    for finding in found if not json else ():
        typer.echo(f"{finding.law}: {finding.what}\n  {finding.do}")
    if found:
        raise typer.Exit(1)


@db.command()
def info(file: File, json: Json = False) -> None:
    """Say what is in a world's file: version, clock, how many of what. No secret is shown."""
    from pbxsim.store import examine

    told = _or_2(examine.tell, file)
    if json:
        typer.echo(examine.as_json(told))
        return
    version = "" if told.current else "; the next server will migrate it"
    typer.echo(f"{told.file}: {told.bytes:,} bytes, version {told.version}{version}")
    typer.echo(f"  {'a server has it open' if told.held else 'no server has it open'}")
    if told.now:
        typer.echo(f"  its clock stands at {told.now} ({told.clock})")
    events = told.events
    typer.echo(f"  {events['count']:,} events, {events['first']} to {events['last']}")
    for name, count in told.counts.items():
        typer.echo(f"  {count:>9,} {name}")


def _or_2(work: Callable[..., T], *arguments: Path) -> T:
    """What it gives; a file that cannot be examined is told in words, and ends with 2."""
    try:
        return work(*arguments)
    except PbxsimError as error:
        typer.echo(f"pbxsim: {error}", err=True)
        raise typer.Exit(2) from None
