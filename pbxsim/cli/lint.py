"""`pbxsim lint FILE…`: what is wrong with configuration files. The emulator's own program does it all."""

from __future__ import annotations

import typer


def lint(context: typer.Context) -> None:
    """Say what is wrong with configuration files of desk phones, as compilers do."""
    from device_emulator.trial.linting import main

    raise typer.Exit(main(context.args or ["--help"]))
