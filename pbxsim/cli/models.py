"""`pbxsim models`: every phone there is an emulator for, and how true each row is."""

from __future__ import annotations

from typing import Annotated

import typer


def models(
    series: Annotated[str, typer.Argument(help="Only those whose name begins so, such as yealink-t4.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
    evidence: Annotated[bool, typer.Option("--evidence", help="Also where each part of a row comes from.")] = False,
) -> None:
    """Every phone model: its common file, lines, keys, display and firmware, and what of it nobody has verified."""
    import msgspec

    from device_emulator.firmware import of
    from device_emulator.models import ROWS

    shown = [row for row in ROWS if row.model.name.startswith(series.lower())]
    if not shown:
        typer.echo(f"pbxsim: no model's name begins with {series!r}; try yealink-t4 or aastra-68.", err=True)
        raise typer.Exit(2)
    agents = {row.model.name: of(row.model).user_agent(row.model, "805ec0112233") for row in shown}
    if as_json:
        told = [
            {**msgspec.to_builtins(row.model), "keys": dict(row.model.keys), "agent": agents[row.model.name],
             "notes": msgspec.to_builtins(row.notes)}
            for row in shown
        ]  # fmt: skip
        typer.echo(msgspec.json.format(msgspec.json.encode(told), indent=2))
        return
    for row in shown:
        model = row.model
        keys = ", ".join(f"{count} {name}" for name, count in model.keys if count) or "none"
        typer.echo(f"{model.name}  {model.lines} lines, keys {keys}, display {model.columns}x{model.rows}")
        typer.echo(f"  {agents[model.name]}")
        if evidence:
            for note in row.notes:
                typer.echo(f"  {note.what}: {note.evidence}: {note.source}")
        else:
            guessed = [note.what for note in row.notes if note.evidence == "unverified"]
            typer.echo(f"  unverified: {', '.join(guessed)}")
    typer.echo(f"\n{len(shown)} models. --evidence tells where each part comes from.")
